"""What stands in templates/: funds, kinds of document, and municipalities' forms."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path

from msgspec import structs

from toolkit.core.fund import Fund
from toolkit.core.problems import N_, FileName, Problem, Root, Span, declare, problem
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
    "unknown-kind",
    "error",
    N_("There is no kind of document named {name}."),
    N_("use {near}"),
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
    file = _named(path)
    text = _text(path, file, problems)
    own, found = (None, ()) if text is None else _fund_of(text, file, file.root, id)
    problems += found
    for duty in own.reporting if own else ():
        if duty.report not in kinds(places):
            kind(duty.report, problems, duty.at.of("report"), places)
    if own is None or own.extends is None:
        return own
    below = _fund(own.extends, own.at.of("extends"), problems, places, (*extending, id))
    return own.upon(below) if below else own


@lru_cache
def _fund_of(text: str, file: FileName, root: Root, id: str) -> tuple[Fund | None, tuple[Problem, ...]]:
    """A fund's own rules, and what is wrong with them: read once for all the projects that it pays for."""
    problems: list[Problem] = []
    return read_fund(text, file, id, problems), tuple(problems)


def funds(places: Places = (TEMPLATES,)) -> tuple[str, ...]:
    """The names of all funds."""
    return _names("funds", places)


def places_of(project: Path, ours: Path = TEMPLATES) -> Places:
    """Where a project's templates stand: its own templates/ before those that came with us."""
    own = project / "templates"
    return (own, ours) if own.is_dir() else (ours,)


def kinds(places: Places = (TEMPLATES,)) -> tuple[str, ...]:
    """The names of all kinds of document."""
    return _names("documents", places)


def kind_meant(typed: str, places: Places = (TEMPLATES,)) -> str | None:
    """The kind of document that a word names: its folder's name, its title, or what else its manifest says."""
    return typed if typed in kinds(places) else _kind_words(places).get(typed.casefold().strip())


def kinds_near(typed: str, places: Places = (TEMPLATES,)) -> tuple[str, ...]:
    """The kind that was most likely meant, else all there are."""
    meant = kind_meant(typed, places) or words.meant(typed, kinds(places), {})
    near = words.meant(typed, _kind_words(places), {}) if meant is None else None
    return (meant,) if meant else (_kind_words(places)[near],) if near else kinds(places)


def danish_name(kind: str, places: Places = (TEMPLATES,)) -> str:
    """The Danish word for a kind that can be typed as it is: its title, unless that is several words."""
    read = _kind(kind, [], None, places)
    said = (read.title.casefold(), *read.also, read.file_name) if read else ()
    return next((word for word in said if " " not in word), kind)


def _kind_words(places: Places) -> Mapping[str, str]:
    found = [each for name in kinds(places) if (each := _kind(name, [], None, places))]
    return {word.casefold(): each.name for each in found for word in (each.title, each.file_name, *each.also)}


def kinds_named(
    named: Iterable[tuple[str, Span]], problems: list[Problem], places: Places = (TEMPLATES,)
) -> dict[str, DocumentKind]:
    """The kinds of document that are named, each at a place; one that there is not is a problem there."""
    found: dict[str, DocumentKind] = {}
    for name, at in named:
        if name not in found and (read := kind(name, problems, at, places)):
            found[name] = read
    return found


def check_own_kinds(project: Path, problems: list[Problem]) -> None:
    """What is wrong with the kinds of document that a project has of its own."""
    places = places_of(project)
    for name in kinds((project / "templates",)):
        read = _kind(name, problems, None, places)
        if read and read.like and read.like not in kinds(places):
            _kind(read.like, problems, read.at.of("like"), places)


def kind(
    name: str, problems: list[Problem], at: Span | None = None, places: Places = (TEMPLATES,)
) -> DocumentKind | None:
    """A kind of document: its manifest and its text. One like a kind that is like a third has the third's days."""
    own = _kind(name, problems, at, places)
    return structs.replace(own, like=_chain(name, places)[-1]) if own and own.like else own


def _chain(name: str, places: Places) -> list[str]:
    """A kind, the one that it is like, and so on; the last one is like none, or is not there."""
    chain = [name]
    while name in kinds(places) and (read := _kind(name, [], None, places)) and read.like and read.like not in chain:
        name = read.like
        chain.append(name)
    return chain


def _kind(name: str, problems: list[Problem], at: Span | None, places: Places) -> DocumentKind | None:
    folder = _find("documents", name, places)
    if folder is None:
        where = at or Span(FileName("templates/documents", "templates"), 0, 0)
        problems.append(problem("unknown-kind", where, name=name, near=" / ".join(kinds_near(name, places))))
        return None
    label = _named(folder)
    manifest = _text(folder / "manifest.yaml", label / "manifest.yaml", problems)
    text = _text(folder / "text.md", label / "text.md", problems)
    if manifest is None or text is None:
        return None
    own, found = _kind_of(manifest, text, label, label.root, name)
    problems += found
    return own


@lru_cache
def _kind_of(
    manifest: str, text: str, label: FileName, root: Root, name: str
) -> tuple[DocumentKind | None, tuple[Problem, ...]]:
    """A kind as its manifest says: read once for all the projects that have it."""
    problems: list[Problem] = []
    given = {"name": name, "text": text, "file": label / "text.md"}
    read = model.read(DocumentKind, manifest, label / "manifest.yaml", problems, **given)
    return read, tuple(problems)


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
    label = _named(folder)
    text = _text(folder / "layout.yaml", label / "layout.yaml", problems)
    written = None if text is None else model.read(_LayoutFile, text, label / "layout.yaml", problems)
    if written is None:
        return None
    below: Layout | None = Layout(name=name)
    if written.extends:
        below = _layout(written.extends, problems, written.at.of("extends"), places, (*extending, folder))
    if below is None:
        return None
    style = folder / "style.css"
    own_style = _text(style, label / "style.css", problems) if style.is_file() else None
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
        reference_file=label / reference.name if reference else below.reference_file,
        logo=logo(own_logo.read_bytes(), label / own_logo.name, problems) if own_logo else below.logo,
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
    folders = [
        folder
        for folder in (_find("documents", name, places) for name in _chain(kind, places))
        if folder and _ours(folder)
    ]
    for name in layouts:
        extending: list[Path] = []
        while name and (folder := _layout_folder(name, places, extending)):
            extending.append(folder)
            written = model.read(_LayoutFile, (folder / "layout.yaml").read_text("utf-8"), name, [])
            name = written.extends or "" if written else ""
        folders += [folder for folder in extending if folder not in folders and _ours(folder)]
    found = [path for folder in folders for path in folder.iterdir() if path.is_file()]
    found.append(TEMPLATES / MUNICIPALITIES)
    funds: list[Path] = []
    while fund and (path := _find("funds", f"{fund}.yaml", (*places, TEMPLATES))) and path not in funds:
        funds.append(path)
        read = read_fund(path.read_text("utf-8"), path.name, fund, [])
        fund = read.extends if read else None
    found += filter(_ours, funds)
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
    label = _named(path)
    text = _text(path, label, problems)
    return None if text is None else read_dialect(text, label, name, problems)


def dialect_file(name: str, places: Places = (TEMPLATES,)) -> Path | None:
    """Where a dialect stands, if there is one of that name."""
    return _find("erp", f"{name}.yaml", places)


# ── helpers ──────────────────────────────────────────────────────────────────────────────────


def _named(path: Path) -> FileName:
    """What a thing on the shelf is called: from the project's folder where it is a project's own, else templates/…"""
    place, name = path.parents[1], f"{path.parent.name}/{path.name}"
    for project, below in ((place, ""), (place.parent, "templates/")):
        if (project / "project.yaml").is_file():
            return FileName(f"{below}{name}", "project")
    return FileName(f"templates/{name}", "templates")


def _ours(path: Path) -> bool:
    """Whether it came with us: what is a project's own is kept among its files."""
    return path.is_relative_to(TEMPLATES)


def _find(shelf: str, name: str, places: Places) -> Path | None:
    if Path(name).name != name or name == "..":  # a name, never a way to somewhere else
        return None
    return next((place / shelf / name for place in places if (place / shelf / name).exists()), None)


def _names(shelf: str, places: Places) -> tuple[str, ...]:
    found = {path.stem for place in places for path in (place / shelf).glob("*") if not path.name.startswith(".")}
    return tuple(sorted(found))


def _text(path: Path, label: FileName, problems: list[Problem]) -> str | None:
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
        at or Span(FileName(f"templates/{shelf}", "templates"), 0, 0),
        name=name,
        folder=f"templates/{shelf}",
        near=words.near_or_all(name, known),
    )
