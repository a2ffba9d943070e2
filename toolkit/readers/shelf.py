"""What stands in templates/: funds, kinds of document, and municipalities' forms."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path

from toolkit.core.fund import Fund
from toolkit.core.problems import N_, Problem, Span, declare, problem
from toolkit.core.records import Record
from toolkit.documents.kind import DocumentKind, Layout, LayoutField, LayoutSection
from toolkit.readers import model, words
from toolkit.readers.dialect import Dialect, read_dialect
from toolkit.readers.logo import logo
from toolkit.readers.plan import read_fund
from toolkit.readers.source import decoded

_PACKAGE = Path(__file__).resolve().parents[1]
# A wheel brings a copy; in a checkout the folder stands beside the package.
TEMPLATES = next(
    (place for place in (_PACKAGE / "_data" / "templates", _PACKAGE.parent / "templates") if place.is_dir()),
    _PACKAGE.parent / "templates",
)
MUNICIPALITIES = "municipalities.csv"
REFERENCES = ("reference.docx", "reference.dotx")  # of a layout: the first that is there rules its looks in Word
LOGOS = ("logo.svg", "logo.png")
Places = tuple[Path, ...]  # looked through in this order: the first that has a thing gives it

declare(
    "unknown-template",
    "error",
    N_("{folder} has nothing named {name} that can be used here."),
    N_("did you mean {near}?"),
)
declare(
    "template-missing",
    "error",
    N_("{file} is not there."),
    N_("put the file back, or write it as docs/ shows"),
)


def fund(id: str, at: Span, problems: list[Problem], places: Places = (TEMPLATES,)) -> Fund | None:
    """The fund that a project names at `at`, with the rules of those that it extends."""
    return _fund(id, at, problems, places, ())


def _fund(id: str, at: Span, problems: list[Problem], places: Places, extending: tuple[str, ...]) -> Fund | None:
    path = _find("funds", f"{id}.yaml", places)
    if path is None or id in extending:
        problems.append(_unknown("funds", id, at, places, without=extending))
        return None
    text = _text(path, f"templates/funds/{id}.yaml", problems)
    own, found = (None, ()) if text is None else _fund_of(text, f"templates/funds/{id}.yaml", id)
    problems += found
    if own is None or own.extends is None:
        return own
    below = _fund(own.extends, own.at.of("extends"), problems, places, (*extending, id))
    return own.upon(below) if below else own


@lru_cache
def _fund_of(text: str, file: str, id: str) -> tuple[Fund | None, tuple[Problem, ...]]:
    """A fund's own rules, and what is wrong with them: read once for all the projects that it pays for."""
    problems: list[Problem] = []
    return read_fund(text, file, id, problems), tuple(problems)


def funds(places: Places = (TEMPLATES,)) -> tuple[str, ...]:
    """The names of all funds."""
    return _names("funds", places)


def kinds(places: Places = (TEMPLATES,)) -> tuple[str, ...]:
    """The names of all kinds of document."""
    return _names("documents", places)


def kind(
    name: str, problems: list[Problem], at: Span | None = None, places: Places = (TEMPLATES,)
) -> DocumentKind | None:
    """A kind of document: its manifest and its text."""
    folder = _find("documents", name, places)
    if folder is None:
        problems.append(_unknown("documents", name, at, places))
        return None
    label = f"templates/documents/{name}"
    manifest = _text(folder / "manifest.yaml", f"{label}/manifest.yaml", problems)
    text = _text(folder / "text.md", f"{label}/text.md", problems)
    if manifest is None or text is None:
        return None
    return model.read(
        DocumentKind, manifest, f"{label}/manifest.yaml", problems, name=name, text=text, file=f"{label}/text.md"
    )


def layouts(places: Places = (TEMPLATES,)) -> tuple[str, ...]:
    """The names of all layouts."""
    return _names("layouts", places)


def layout(name: str, problems: list[Problem], at: Span | None = None, places: Places = (TEMPLATES,)) -> Layout | None:
    """A municipality's form, with all that it takes from the one that it extends."""
    return _layout(name, problems, at, places, ())


class _LayoutFile(Record, frozen=True, kw_only=True):
    """layout.yaml: what differs from the layout that it extends."""

    extends: str | None = None
    sections: Mapping[str, tuple[LayoutSection, ...]] = {}
    front: tuple[LayoutField, ...] | None = None
    phrases: Mapping[str, str] = {}
    numbered: tuple[str, ...] | None = None
    logo_alt: str | None = None


def _layout(
    name: str, problems: list[Problem], at: Span | None, places: Places, extending: tuple[Path, ...]
) -> Layout | None:
    folder = _layout_folder(name, places, extending)
    if folder is None:
        problems.append(_unknown("layouts", name, at, places, without=tuple(each.name for each in extending)))
        return None
    own = (folder.parents[1] / "project.yaml").is_file()  # it stands in a project, from where its files are named
    label = f"layouts/{name}" if own else f"templates/layouts/{name}"
    text = _text(folder / "layout.yaml", f"{label}/layout.yaml", problems)
    written = None if text is None else model.read(_LayoutFile, text, f"{label}/layout.yaml", problems)
    if written is None:
        return None
    below: Layout | None = Layout(name=name)
    if written.extends:
        below = _layout(written.extends, problems, written.at.of("extends"), places, (*extending, folder))
    if below is None:
        return None
    style = folder / "style.css"
    own_style = _text(style, f"{label}/style.css", problems) if style.is_file() else None
    reference = next((folder / file for file in REFERENCES if (folder / file).is_file()), None)
    own_logo = next((folder / file for file in LOGOS if (folder / file).is_file()), None)
    return Layout(
        name=name,
        sections={**below.sections, **written.sections},
        front=below.front if written.front is None else written.front,
        phrases={**below.phrases, **written.phrases},
        numbered=below.numbered if written.numbered is None else written.numbered,
        style="\n".join(part for part in (below.style, own_style) if part),  # later rules go before earlier ones
        reference=reference.read_bytes() if reference else below.reference,
        reference_file=f"{label}/{reference.name}" if reference else below.reference_file,
        logo=logo(own_logo.read_bytes(), f"{label}/{own_logo.name}", problems) if own_logo else below.logo,
        logo_alt=below.logo_alt if written.logo_alt is None else written.logo_alt,
    )


def _layout_folder(name: str, places: Places, extending: Iterable[Path]) -> Path | None:
    """The first folder of that name that does not itself ask for it: a project's own `standard` extends ours."""
    found = (_find("layouts", name, (place,)) for place in places)
    return next((folder for folder in found if folder and folder not in extending), None)


def files_of(kind: str, layouts: Iterable[str], fund: str | None, places: Places = (TEMPLATES,)) -> list[str]:
    """The files of templates/ that a document is made from: its kind, layouts and fund, and the municipalities.

    `places` is where its layouts are looked for; what stands elsewhere than in templates/ is not listed.
    """
    folders = [TEMPLATES / "documents" / kind]
    for name in layouts:
        extending: list[Path] = []
        while name and (folder := _layout_folder(name, places, extending)):
            extending.append(folder)
            written = model.read(_LayoutFile, (folder / "layout.yaml").read_text("utf-8"), name, [])
            name = written.extends or "" if written else ""
        folders += [folder for folder in extending if folder not in folders and folder.is_relative_to(TEMPLATES)]
    found = [path for folder in folders for path in folder.iterdir() if path.is_file()]
    found.append(TEMPLATES / MUNICIPALITIES)
    while fund and (path := TEMPLATES / "funds" / f"{fund}.yaml") not in found:
        found.append(path)
        read = read_fund(path.read_text("utf-8"), path.name, fund, [])
        fund = read.extends if read else None
    return sorted(path.relative_to(TEMPLATES).as_posix() for path in found)


def dialects(problems: list[Problem], places: Places = (TEMPLATES,)) -> tuple[Dialect, ...]:
    """Every dialect of an ERP's exports, by name."""
    found = (dialect(name, problems, places=places) for name in _names("erp", places))
    return tuple(each for each in found if each is not None)


def dialect(
    name: str, problems: list[Problem], at: Span | None = None, places: Places = (TEMPLATES,)
) -> Dialect | None:
    """One dialect of an ERP's exports."""
    path = _find("erp", f"{name}.yaml", places)
    if path is None:
        problems.append(_unknown("erp", name, at, places))
        return None
    label = f"templates/erp/{name}.yaml"
    text = _text(path, label, problems)
    return None if text is None else read_dialect(text, label, name, problems)


def dialect_file(name: str, places: Places = (TEMPLATES,)) -> Path | None:
    """Where a dialect stands, if there is one of that name."""
    return _find("erp", f"{name}.yaml", places)


# ── helpers ──────────────────────────────────────────────────────────────────────────────────


def _find(shelf: str, name: str, places: Places) -> Path | None:
    if Path(name).name != name or name == "..":  # a name, never a way to somewhere else
        return None
    return next((place / shelf / name for place in places if (place / shelf / name).exists()), None)


def _names(shelf: str, places: Places) -> tuple[str, ...]:
    found = {path.stem for place in places for path in (place / shelf).glob("*") if not path.name.startswith(".")}
    return tuple(sorted(found))


def _text(path: Path, label: str, problems: list[Problem]) -> str | None:
    """A file's text with plain line breaks, whatever the checkout made of them."""
    if not path.is_file():
        problems.append(problem("template-missing", Span(label, 0, 0), file=label))
        return None
    text = decoded(path.read_bytes(), label, problems)
    return None if text is None else text.replace("\r\n", "\n")


def _unknown(shelf: str, name: str, at: Span | None, places: Places, without: tuple[str, ...] = ()) -> Problem:
    known = [other for other in _names(shelf, places) if other not in without]
    return problem(
        "unknown-template",
        at or Span(f"templates/{shelf}", 0, 0),
        name=name,
        folder=f"templates/{shelf}",
        near=words.near_or_all(name, known),
    )
