"""One document of a project: from facts to text to tree to bytes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

from msgspec import Struct, structs

from toolkit.core.dossier import Dossier
from toolkit.core.occasion import FINDERS, Occasion, occasions
from toolkit.core.open_questions import (
    figures_are_doubted,
    may_not_be_sent,
    months_told,
    open_questions,
    spending_is_short,
)
from toolkit.core.problems import N_, FileName, Phrase, Problem, Span, declare, has_errors, phrase, problem
from toolkit.core.report import Report, report_of
from toolkit.core.spending import OF_SPENDING
from toolkit.core.words import CHANGES
from toolkit.documents import guard
from toolkit.documents.compose import DRAFT, OPEN, compose
from toolkit.documents.from_state import facts_from
from toolkit.documents.kind import DocumentKind, Layout
from toolkit.documents.tree import Document, Figure, walk
from toolkit.files import held, write_whole
from toolkit.readers import shelf
from toolkit.writers import WRITERS, Reason, Unsound, Unsupported, UnusableReference, file_of

declare(
    "document-unsound",
    "error",
    N_("The Word file would not hold together, so nothing was replaced: {fault}"),
    N_("use the standard layout's reference.docx; if that helps, the fault is in your own"),
)
declare(
    "format-unsupported",
    "error",
    N_("This file cannot hold {what}."),
    N_("write another format, --format html, or take it out of the text"),
)
declare(
    "reference-styles-missing",
    "error",
    N_("The Word file that rules the looks lacks these styles: {styles}"),
    N_("add them in Word, or take the standard layout's reference.docx as a beginning"),
)
declare(
    "reference-unreadable",
    "error",
    N_("The Word file that rules the looks cannot be read as a .docx."),
    N_("save it in Word as a document (.docx)"),
)

declare(
    "spending-not-imported",
    "error",
    N_("Nothing has been imported, so what was spent is not known, and the document says it."),
    N_("pulje import PROJECT FILE; or make a draft: --draft"),
)
declare(
    "spending-year-unknown",
    "error",
    N_("What was spent in {year} is not known, and the document says it: the books are known until {until}."),
    N_("pulje import PROJECT FILE, until the end of {year}; or make a draft: --draft"),
)
declare(
    "spending-months-unknown",
    "error",
    N_("No import covers {months}, so what was spent then is not known, and the document says it."),
    N_(
        "import them; if nothing was booked then: pulje log … corrected event={event} values.starts={starts}; or make "
        "a draft: --draft"
    ),
)
declare(
    "request-without-budget",
    "error",
    N_("The request is for another budget, and does not say which: the document compares the two."),
    N_(
        "write the new budget in budgets/, and name it: pulje log … corrected event={event} values.budget=…; "
        "or make a draft: --draft"
    ),
)


class Made(Struct, frozen=True):
    """A document as the bytes of its files, or what stood in the way of making it.

    `facts` are the facts that it used, by path, as it wrote them: what a receipt keeps of it.
    """

    occasion: Occasion
    name: str  # statusrapport-2022-06-30, without what the format adds
    contents: Mapping[str, bytes] = {}  # by format
    problems: tuple[Problem, ...] = ()
    notices: tuple[str, ...] = ()
    title: str = ""
    layout: str = ""
    facts: Mapping[str, str] = {}
    unfinished: tuple[Problem, ...] = ()  # what keeps it from being sent, though it can be made
    pictures: Mapping[str, bytes] = {}  # tidslinje-2022-06-30.svg: as the document shows it


class Rendered(Struct, frozen=True):
    """A document that was written, or what stood in its way."""

    occasion: Occasion
    name: str
    files: tuple[Path, ...]
    problems: tuple[Problem, ...]
    notices: tuple[str, ...] = ()
    title: str = ""
    pictures: tuple[Path, ...] = ()


def every_occasion(
    dossier: Dossier, places: shelf.Places = (shelf.TEMPLATES,), known_by: date | None = None
) -> list[Occasion]:
    """Every document that the project's files allow, kind by kind, as the log was known."""
    return [occasion for kind in kinds(places) for occasion in occasions_of(dossier, kind, places, known_by)]


def kinds(places: shelf.Places = (shelf.TEMPLATES,)) -> tuple[str, ...]:
    """Our own kinds in the order of a project's life, then those that stand beside them in templates/documents/."""
    known = shelf.kinds(places)
    return (*(name for name in FINDERS if name in known), *(name for name in known if name not in FINDERS))


def occasions_of(
    dossier: Dossier, kind: str, places: shelf.Places = (shelf.TEMPLATES,), known_by: date | None = None
) -> list[Occasion]:
    """The documents of one kind, whose manifest may say that it is like another, as the log was known."""
    if kind in FINDERS:
        return occasions(dossier, kind, known_by=known_by)
    manifest = shelf.kind(kind, [], places=places)
    return occasions(dossier, kind, manifest.like, known_by) if manifest else []


def allowed(
    dossier: Dossier, places: shelf.Places = (shelf.TEMPLATES,), known_by: date | None = None
) -> list[Occasion]:
    """The documents that can be made now: those that need the user's own words have some."""
    manifests = {name: kind for name in kinds(places) if (kind := shelf.kind(name, [], places=places))}
    return [
        occasion
        for occasion in every_occasion(dossier, places, known_by)
        if occasion.kind not in manifests
        or manifests[occasion.kind].may_be_made(dossier.text(occasion.prose), dossier.plan)
    ]


def make_document(
    dossier: Dossier,
    occasion: Occasion,
    formats: Sequence[str],
    *,
    layout: str | None = None,
    draft: bool = False,
    own: Path | None = None,
    places: shelf.Places = (shelf.TEMPLATES,),
    again: bool = False,
) -> Made:
    """Make one document in each format; not while a fact or an answer is missing, unless it is a draft.

    `own` is the project's folder: its layouts/ and its templates/ are looked through before those of `places`. What was
    sent is made `again` as it was, whatever would be asked today before it is sent.
    """
    problems: list[Problem] = []
    own_layout = occasion.case.layout if occasion.case else "standard"
    kind = shelf.kind(occasion.kind, problems, places=(own / "templates", *places) if own else places)
    forms = (own, *places) if own else places
    form = shelf.layout(layout or own_layout, problems, places=forms)
    if kind is None or form is None:
        return Made(occasion, occasion.kind, problems=tuple(problems))
    name = file_name(kind, occasion)
    written_for = shelf.layout(own_layout, problems, places=forms) if layout else form
    report, prose, like = report_of(dossier, occasion), dossier.text(occasion.prose), kind.like or occasion.kind
    facts = facts_from(report)
    composed = compose(kind, form, facts, prose, written_for=written_for, draft=draft, version=occasion.version)
    problems += [*_causes_first(composed.problems, report), *guard.in_document(composed.document, name)]
    tells_spending = any(map(_is_spending, composed.facts))
    if not again:
        open = tuple(open_questions(report, like))
        asked = () if draft else open
        if draft and open and DRAFT not in composed.document.notices:
            notices = (*composed.document.notices, OPEN)
            composed = structs.replace(composed, document=structs.replace(composed.document, notices=notices))
        problems += spending_is_short(report, like) if tells_spending else ()
        if tells_spending and not any(each.code == "accounts-posting-open" for each in asked):
            problems += figures_are_doubted(report)
        problems += asked
    contents: dict[str, bytes] = {}
    for format in () if has_errors(problems) else formats:
        content = _content(format, composed.document, form)
        if isinstance(content, Problem):
            problems.append(content)
        else:
            contents[format] = content
    return Made(
        occasion,
        name,
        contents if not has_errors(problems) else {},
        tuple(problems),
        composed.document.notices,
        composed.document.title,
        form.name,
        composed.facts,
        tuple(may_not_be_sent(report, like)) if tells_spending else (),
        dict(_pictures(composed.document)) if not has_errors(problems) else {},
    )


def _causes_first(problems: Iterable[Problem], report: Report) -> list[Problem]:
    """A document's problems, where one cause is told once, and not for each fact that rests on it."""
    problems, request = list(problems), report.request
    missing = [each for each in problems if each.code == "fact-missing"]
    is_unknown = report.spending is not None and report.spending.is_unknown
    if request and request.lacks_budget:
        follows = [each for each in missing if each.words["fact"].startswith("request.total_")]
    elif is_unknown or (request and request.is_unknown):
        follows = [each for each in missing if _is_spending(each.words["fact"])]
    else:
        follows = []
    if not follows:
        return problems
    if request and request.is_before_year:  # an open question, told by that
        return [each for each in problems if each not in follows]
    if request and request.lacks_budget:
        cause = problem("request-without-budget", request.event.at.of("change"), event=request.event.called)
    else:
        cause = _unknown(report, follows[0].at)
    return [cause, *(each for each in problems if each not in follows)]


def _unknown(report: Report, at: Span) -> Problem:
    """Why what was spent is not known: nothing is imported, or not so far, or not of those months."""
    request, reach = report.request, report.state.reach
    if reach.until is None:
        return problem("spending-not-imported", at)
    if request and request.year and reach.lacks_costs_until(date(request.year, 1, 1)):
        return problem("spending-year-unknown", at, year=request.year, until=request.known_until)
    tells_until = request.tells_until if request and request.tells_until else report.occasion.ends
    told = months_told(reach.gaps_until(tells_until)[-1])
    return problem("spending-months-unknown", at, months=told["months"], event=told["event"], starts=told["starts"])


def _is_spending(fact: str) -> bool:
    if fact in ("budget", "request.unspent_total.budget"):  # only spending is missing there
        return True
    group, *names = fact.split(".")
    return group in ("budget", "request", "accounts") and bool(names) and names[-1] in OF_SPENDING


def render_document(
    dossier: Dossier,
    occasion: Occasion,
    formats: Sequence[str],
    out: Path,
    *,
    layout: str | None = None,
    draft: bool = False,
    own: Path | None = None,
    pictures: bool = False,
) -> Rendered:
    """Write one document to `out` in each format, with `pictures` its pictures too: each file whole or not at all."""
    made = make_document(dossier, occasion, formats, layout=layout, draft=draft, own=own)
    problems = list(made.problems)
    documents = {file_of(made.name, format): content for format, content in made.contents.items()}
    shown = made.pictures if pictures else {}
    written: list[Path] = []
    for name, content in {**documents, **shown}.items():
        path = out / name
        try:
            write_whole(path, content)
            written.append(path)
        except PermissionError:
            problems.append(held(path))
    return Rendered(
        occasion,
        made.name,
        tuple(path for path in written if path.name in documents),
        tuple(problems),
        made.notices,
        made.title,
        tuple(path for path in written if path.name in shown),
    )


def _pictures(document: Document) -> Iterator[tuple[str, bytes]]:
    """The document's pictures as files of their own, named by what they show and the document's day."""
    for block in walk(document.blocks):
        if isinstance(block, Figure) and block.name:
            yield f"{block.name}-{document.day}.svg", block.svg.encode()


def _content(format: str, document: Document, form: Layout) -> bytes | Problem:
    """The bytes of one file, or what stood in its way."""
    reference = Span(form.reference_file, 0, 0)
    try:
        return WRITERS[format](document, form)
    except Unsupported as refusal:
        return unsupported(FileName(document.title, "document"), refusal)
    except Unsound as refusal:
        return problem("document-unsound", reference, fault=_said(refusal.faults[0]))
    except UnusableReference as refusal:
        if refusal.missing:
            return problem("reference-styles-missing", reference, styles=", ".join(refusal.missing))
        return problem("reference-unreadable", reference)


def _said(reason: Reason) -> Phrase:
    return phrase(reason.text, **reason.places)


def unsupported(place: str, refusal: Unsupported) -> Problem:
    """That a file's kind cannot hold something that was to stand in it."""
    return problem("format-unsupported", Span(place, 0, 0), what=_said(refusal.what))


def file_name(kind: DocumentKind, occasion: Occasion) -> str:
    """statusrapport-2022-06-30, dagsordenspunkt-2022-01-11-social-og-seniorudvalget, aendring-…-forlaengelse."""
    words = ["protokoludskrift" if occasion.decided else kind.file_name, str(occasion.as_of)]
    if occasion.step:
        words.append(in_file_name(occasion.step.body))
    if occasion.change:
        words.append(in_file_name(CHANGES[occasion.change.change][0]))
    if occasion.number > 1:
        words.append(str(occasion.number))
    return "-".join(words)


def in_file_name(words: str) -> str:
    """Words as a file name may hold them on every system: small letters without accents, æ as ae, hyphens between."""
    danish = words.casefold().replace("æ", "ae").replace("ø", "oe").replace("å", "aa")
    plain = unicodedata.normalize("NFKD", danish).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
