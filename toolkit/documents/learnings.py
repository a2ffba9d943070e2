"""The catalogue of what projects learned: a document that no single project could write."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction

from toolkit.core.learnings import Learned, Lessons, Measurement, by_theme
from toolkit.core.portfolio import alphabetical
from toolkit.documents import danish
from toolkit.documents.compose import CONSTRUCTED
from toolkit.documents.tree import (
    Block,
    BulletList,
    Document,
    Heading,
    Inlines,
    PageBreak,
    Paragraph,
    Section,
    Table,
    TableOfContents,
    Text,
)

TITLE = "Læringskatalog"
MADE_UP = "konstrueret eksempel"

_KINDS = {"advice": "Råd: ", "experience": "Erfaring: "}
_REACHED = {True: "Nået", False: "Ikke nået", None: danish.EN_DASH}


def catalogue(lessons: Iterable[Lessons], as_of: date, *, without: int = 0, about: Sequence[str] = ()) -> Document:
    """The experiences and advice by theme, and every measurement, each with whose it is.

    `without` is how many projects handed over a status alone, and `about` which projects were picked.
    """
    told = sorted(lessons, key=lambda each: (alphabetical(each.municipality), alphabetical(each.title), each.project))
    speaking = [each for each in told if each.learned or each.measurements]
    places = list(dict.fromkeys(each.municipality for each in speaking))
    synthetic = any(each.synthetic for each in told)
    projects = danish.plural(len(speaking), "ét projekt", "projekter")
    picked = (("Udvalg", danish.listed(about)),) if about else ()
    return Document(
        title=TITLE,
        subtitle=f"Erfaringer, råd og målinger fra {projects}",
        author=danish.listed(places) if 0 < len(places) <= 3 else "Projekterne",
        subject=TITLE,
        keywords=(TITLE.lower(), *(theme.name for theme in by_theme(told))),
        day=as_of,
        front=(("Pr.", danish.long_date(as_of)), *picked, ("Hvem", danish.listed(places) or danish.EN_DASH)),
        notices=(CONSTRUCTED,) if synthetic else (),
        running=f"{TITLE} pr. {danish.long_date(as_of)}",
        blocks=(
            TableOfContents(),
            PageBreak(),
            Section("themes", "Erfaringer og råd efter tema", tuple(_themes(told, without))),
            Section("measurements", "Målinger: udgangspunkt, mål og målt", tuple(_measurements(told))),
        ),
    )


# ── by theme ─────────────────────────────────────────────────────────────────────────────────


def _themes(lessons: Sequence[Lessons], without: int) -> Iterable[Block]:
    if without:
        projects = danish.plural(without, "ét projekt", "projekter")
        yield _paragraph(f"Fra {projects} er kun en status afleveret. Hvad de har lært, er ikke med her.")
    themes = by_theme(lessons)
    for theme in themes:
        yield Heading(1, _words(theme.name))
        yield BulletList(tuple(_entry(told, learned) for told, learned in theme.learned))
    if not themes:
        yield _paragraph("Ingen af projekterne har skrevet erfaringer eller råd endnu.")


def _entry(told: Lessons, learned: Learned) -> tuple[Block, ...]:
    whose = [
        told.municipality,
        told.title,
        *([learned.phase] if learned.phase else []),
        danish.long_date(learned.day),
        *([f"kilde: {learned.source}"] if learned.source else []),
        *([MADE_UP] if learned.synthetic else []),
    ]
    said = Paragraph((Text(_KINDS[learned.kind], strong=True), Text(" ".join(learned.text.split()))))
    return said, Paragraph((Text(" · ".join(whose), emphasis=True),))


# ── what was measured ────────────────────────────────────────────────────────────────────────


def _measurements(lessons: Sequence[Lessons]) -> Iterable[Block]:
    rows = [_row(told, measured) for told in lessons for measured in told.measurements]
    if not rows:
        yield _paragraph("Ingen af projekterne har indikatorer.")
        return
    header = ("Hvem", "Indikator", "Udgangspunkt", "Mål", "Målt", "Dag", "Mål nået")
    yield Table(
        header=tuple(map(_words, header)),
        align=("left", "left", "right", "right", "right", "left", "left"),
        rows=tuple(rows),
        caption="Projekternes indikatorer og succeskriterier med den seneste måling",
    )


def _row(told: Lessons, measured: Measurement) -> tuple[Inlines, ...]:
    cells = (
        told.municipality,
        f"{measured.title} ({MADE_UP})" if measured.synthetic else measured.title,
        _value(measured.baseline, measured.unit),
        _value(measured.target, measured.unit),
        _value(measured.measured, measured.unit),
        danish.short_date(measured.day) if measured.day else danish.EN_DASH,
        _REACHED[measured.reached],
    )
    return tuple(map(_words, cells))


def _value(value: Fraction | None, unit: str) -> str:
    if value is None:
        return danish.EN_DASH
    return f"{danish.number(value)}{danish.NBSP}{unit}" if unit else danish.number(value)


def _paragraph(words: str) -> Paragraph:
    return Paragraph(_words(words))


def _words(words: str) -> Inlines:
    return (Text(words),)
