"""Makes issued documents again from their kept inputs, and tells whether each is still what was sent."""

from __future__ import annotations

import re
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path, PureWindowsPath
from typing import Literal
from zipfile import BadZipFile

from msgspec import Struct, structs

from toolkit import __version__
from toolkit.core import events as log
from toolkit.core.dossier import Dossier
from toolkit.core.occasion import Occasion, on_day
from toolkit.core.problems import N_, Problem, Span, declare, has_errors, problem
from toolkit.core.receipts import Receipt
from toolkit.core.state import corrected
from toolkit.core.versions import Change, changes_since, order_of
from toolkit.files import write_whole
from toolkit.issuing import ATTACHMENTS, INPUTS, digest, project_files
from toolkit.project import ISSUED, LOG, RECEIPT, Project, open_project
from toolkit.readers import shelf
from toolkit.readers.receipts import read_receipt
from toolkit.readers.source import decoded
from toolkit.render import make_document, occasions_of
from toolkit.writers import format_of
from toolkit.writers.package import unpack

Verdict = Literal[
    "identical",
    "looks-otherwise",  # since its version, and its facts are the same
    "figured-otherwise",  # since its version
    "not-made-again",  # since its version: this program refuses to, or cannot read what it was made from
    "newer",  # and otherwise: this program cannot tell
    "not-the-same",
    "unreadable",
]

declare(
    "issued-damaged",
    "error",
    N_("{file} of {issued} is no longer what was kept: it is gone, or somebody has changed it."),
    N_("put the folder back from a backup: nothing in issued/ may be changed"),
)
declare(
    "issued-otherwise",
    "error",
    N_("{issued} comes out otherwise from what was kept, and no later version of pulje explains it."),
    N_("put the folder back from a backup, and install pulje anew, if somebody has changed something in it"),
)
declare(
    "receipt-missing",
    "error",
    N_("{issued} has no receipt, so nothing tells what it was."),
    N_("put the folder back from a backup: nothing in issued/ may be changed"),
)
declare(
    "receipt-misplaced",
    "error",
    N_("The folder {folder} holds the receipt of {issued}."),
    N_("give the folder its own name back, or put it back from a backup: nothing in issued/ may be changed"),
)
declare(
    "receipt-empty",
    "error",
    N_("The receipt of {issued} names no document."),
    N_("put the folder back from a backup: nothing in issued/ may be changed"),
)
declare(
    "receipt-without-version",
    "warning",
    N_("The receipt of {issued} does not say which version of pulje made it, and every receipt was made with one."),
    N_("put the folder back from a backup: nothing in issued/ may be changed"),
)
declare(
    "receipt-without-occasion",
    "error",
    N_("The kept files of {issued} have no such document any more."),
    N_("put the folder back from a backup: nothing in issued/ may be changed"),
)


class FactChange(Struct, frozen=True):
    """A fact of a document as its receipt keeps it and as it reads today; None where it is not used.

    Where every fact is the same and the text still has other figures, the file stands for its path.
    """

    path: str
    then: str | None
    now: str | None


class Verified(Struct, frozen=True, kw_only=True):
    """What became of making one issued document again.

    `damaged` are kept files whose bytes are no longer what the receipt says; `differing` are documents that come out
    otherwise; `refusals` say why it cannot be made again; `changes` are what later versions figure or write otherwise;
    `beside` are files that the receipt does not name; `changed` are files of the project that have changed since, which
    is nothing wrong.
    """

    issued: str
    verdict: Verdict
    version: str | None = None
    problems: tuple[Problem, ...] = ()
    damaged: tuple[str, ...] = ()
    differing: tuple[str, ...] = ()
    facts: tuple[FactChange, ...] = ()
    refusals: tuple[Problem, ...] = ()
    changes: tuple[Change, ...] = ()
    beside: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()

    @property
    def sound(self) -> bool:
        """Whether nothing speaks against what is kept: identical, or otherwise for the program's own sake alone."""
        return self.verdict not in ("not-the-same", "unreadable") and not has_errors(self.problems)


def verify(project: Project) -> list[Verified]:
    """Make each issued document again from its kept inputs and compare, in the order of their folders' names."""
    return [_verified(project, folder) for folder in kept_folders(project.folder)]


def kept_folders(folder: Path) -> list[Path]:
    """The folders of all that a project has issued, those whose receipt is gone too."""
    found = (folder / ISSUED).glob("*")
    return sorted(path for path in found if path.is_dir() and not path.name.startswith("."))


def _verified(project: Project, folder: Path) -> Verified:
    problems: list[Problem] = []
    receipt, version = _receipt(folder, problems)
    if receipt is None:
        verdict: Verdict = "newer" if _is_newer(version) else "unreadable"
        return Verified(issued=folder.name, verdict=verdict, version=version, problems=tuple(problems))
    damaged = tuple(_damaged(project, folder, receipt))
    inputs = _kept_inputs(folder) if INPUTS not in damaged else None
    if inputs is None:
        damaged = tuple(dict.fromkeys((*damaged, INPUTS)))
    again = _Again() if inputs is None else _made_again(receipt, inputs)
    differing = tuple(_differing(folder, receipt, again))
    facts = tuple(_fact_changes(receipt.facts, again)) or tuple(
        _figure_changes(folder, (*differing, *damaged), receipt, again)
    )
    refusals = tuple(_in_inputs(found, folder.name, inputs or {}) for found in again.problems) if differing else ()
    verdict = _verdict(version, damaged, differing, facts, made=bool(again.contents))
    problems += _against(folder.name, version, verdict, damaged, refusals)
    found = Verified(
        issued=folder.name,
        verdict=verdict,
        version=version,
        problems=tuple(problems),
        damaged=damaged,
        beside=tuple(_beside(folder, receipt)),
        changed=tuple(_changed(project, inputs)) if inputs is not None else (),
    )
    if verdict == "newer":  # what an older program makes of it says nothing
        return found
    return structs.replace(
        found,
        differing=differing if again.contents else (),
        facts=facts,
        refusals=refusals,
        changes=changes_since(version) if differing and not damaged else (),
    )


def _verdict(
    version: str | None,
    damaged: Sequence[str],
    differing: Sequence[str],
    facts: Sequence[FactChange],
    *,
    made: bool,
) -> Verdict:
    """What follows from the evidence.

    What is damaged was changed by hand, whatever the version. What else comes out otherwise may be the program's own
    doing, but only where a later version says that it figures or writes otherwise: the same version gives the same
    bytes.
    """
    explained = bool(changes_since(version))
    if damaged:
        return "not-the-same"
    if not differing and (explained or not facts):
        return "identical"
    if _is_newer(version):
        return "newer"
    if not explained:
        return "not-the-same"
    return "figured-otherwise" if facts else "looks-otherwise" if made else "not-made-again"


def _against(
    issued: str, version: str | None, verdict: Verdict, damaged: Sequence[str], refusals: Sequence[Problem]
) -> Iterator[Problem]:
    """What speaks against what is kept."""
    for name in damaged:
        yield problem("issued-damaged", Span(f"{ISSUED}/{issued}/{name}", 0, 0), file=name, issued=issued)
    if verdict == "not-the-same" and not damaged:
        if "receipt-without-occasion" not in {found.code for found in refusals}:  # which says it all
            yield problem("issued-otherwise", Span(f"{ISSUED}/{issued}", 0, 0), issued=issued)
        yield from refusals
    elif not order_of(version):
        yield problem("receipt-without-version", Span(f"{ISSUED}/{issued}/{RECEIPT}", 0, 0), issued=issued)


def _is_newer(version: str | None) -> bool:
    return order_of(version) > order_of(__version__)


# ── the receipt ──────────────────────────────────────────────────────────────────────────────


def _receipt(folder: Path, problems: list[Problem]) -> tuple[Receipt | None, str | None]:
    """The receipt, and the version that it says made it.

    A newer version may write keys that this one does not know; that is none of the receipt's fault.
    """
    file = f"{ISSUED}/{folder.name}/{RECEIPT}"
    if not (folder / RECEIPT).is_file():
        problems.append(problem("receipt-missing", Span(f"{ISSUED}/{folder.name}", 0, 0), issued=folder.name))
        return None, None
    text = decoded((folder / RECEIPT).read_bytes(), file, problems)
    if text is None:
        return None, None
    found: list[Problem] = []
    receipt = read_receipt(text, file, found)
    version = receipt.version if receipt else _version_in(text)
    if not _is_newer(version):
        problems += found
    if receipt and receipt.issued != folder.name:
        at = receipt.at.of("issued")
        problems.append(problem("receipt-misplaced", at, issued=receipt.issued, folder=folder.name))
    if receipt and not receipt.files:
        problems.append(problem("receipt-empty", receipt.at.of("files"), issued=folder.name))
    return (None if has_errors(problems) else receipt), version


def _version_in(text: str) -> str | None:
    """The version of a receipt that cannot be read otherwise."""
    found = re.search(r'^version: *"?([0-9.]+)"?\s*$', text, re.MULTILINE)
    return found[1] if found else None


def _damaged(project: Project, folder: Path, receipt: Receipt) -> Iterator[str]:
    """The kept files that are gone, or whose bytes are no longer what the receipt says; and a receipt that was edited.

    Since version 0.2.0 the log says what the receipt was when it was submitted.
    """
    logged = _logged_receipt(project, folder.name)
    if logged is not None and not _is_as_kept(folder / RECEIPT, logged):
        yield RECEIPT
    kept = {**receipt.files, INPUTS: receipt.inputs}
    kept |= {f"{ATTACHMENTS}/{name}": value for name, value in receipt.attachments.items()}
    for name, value in kept.items():
        if not _inside(name) or not _is_as_kept(folder / name, value):
            yield name


def _logged_receipt(project: Project, issued: str) -> str | None:
    """The receipt's digest in the log, where that has one."""
    events = corrected(project.dossier.events) if project.dossier else ()
    sent = [event.receipt for event in events if isinstance(event, log.Submitted) and event.issued == issued]
    return next((receipt for receipt in reversed(sent) if receipt), None)


def _beside(folder: Path, receipt: Receipt) -> Iterator[str]:
    """The files in the folder that the receipt does not name."""
    named = {RECEIPT, INPUTS, *receipt.files, *(f"{ATTACHMENTS}/{name}" for name in receipt.attachments)}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and name not in named and not path.name.startswith((".", "~")):
            yield name


# ── making again ─────────────────────────────────────────────────────────────────────────────


class _Again(Struct, frozen=True):
    """A document that was made again: its files by format, its facts, and what stood in the way."""

    contents: Mapping[str, bytes] = {}
    facts: Mapping[str, str] = {}
    problems: tuple[Problem, ...] = ()


def _made_again(receipt: Receipt, inputs: Mapping[str, bytes]) -> _Again:
    with tempfile.TemporaryDirectory() as place:
        for name, content in inputs.items():
            write_whole(Path(place) / name, content)
        folder = Path(place) / "project"
        places = shelf.places_of(folder, Path(place) / "templates")
        project = open_project(folder, places=places)
        unread = tuple(found for found in _errors(project.problems) if found.code not in _NOT_KEPT)
        occasion = _occasion(receipt, project.dossier, places) if project.dossier else None
        if project.dossier is None or occasion is None:
            gone = problem("receipt-without-occasion", Span(RECEIPT, 0, 0), issued=receipt.issued)
            return _Again(problems=unread or (gone,))
        formats = [format for file in receipt.files if (format := format_of(receipt.name, file))]
        made = make_document(
            project.dossier, occasion, formats, layout=receipt.layout, own=folder, places=places[-1:], again=True
        )
        return _Again(made.contents, made.facts, (*unread, *_errors(made.problems)))


_NOT_KEPT = {"attachment-not-issued", "unknown-kind"}  # the inputs hold neither what else was issued nor other kinds


def _errors(problems: tuple[Problem, ...]) -> tuple[Problem, ...]:
    return tuple(found for found in problems if found.severity == "error")


def _occasion(receipt: Receipt, dossier: Dossier, places: shelf.Places) -> Occasion | None:
    """The document that the receipt means; of another day where it was asked for another than its own."""
    found = [
        occasion
        for occasion in occasions_of(dossier, receipt.kind, places, receipt.known_by)
        if (occasion.case.id if occasion.case else None) == receipt.case
        and (occasion.step.id if occasion.step else None) == receipt.step
        and (occasion.change.is_called(receipt.change) if occasion.change else receipt.change is None)
    ]
    if not found:
        return None
    exact = [occasion for occasion in found if occasion.as_of == receipt.as_of]
    return structs.replace(
        exact[0] if exact else on_day(found[-1], dossier, receipt.as_of),
        known_by=receipt.known_by,
        decided=receipt.decided,
        version=_number(receipt.issued),
    )


def _number(issued: str) -> int:
    """The version of the document that its folder's name ends in."""
    number = issued.rpartition("-v")[2]
    return int(number) if number.isdecimal() else 1


def _in_inputs(found: Problem, issued: str, inputs: Mapping[str, bytes]) -> Problem:
    """The problem at its place among the kept inputs: the project's own file may read otherwise by now."""
    file = found.at.file
    kept = next((name for name in (file, f"project/{file}") if name in inputs), "")
    place = f"{ISSUED}/{issued}/{INPUTS}/{kept}" if kept else f"{ISSUED}/{issued}/{RECEIPT}"
    return structs.replace(found, at=structs.replace(found.at, file=place))


# ── comparing ────────────────────────────────────────────────────────────────────────────────


def _differing(folder: Path, receipt: Receipt, again: _Again) -> Iterator[str]:
    """The documents that come out otherwise; a Word file is compared part by part.

    The same parts are packed to other bytes where Python has another zlib: on Windows it has, from 3.14 on.
    """
    for name, value in receipt.files.items():
        made = again.contents.get(format_of(receipt.name, name), b"")
        if digest(made) != value:
            kept = _parts((folder / name).read_bytes()) if _inside(name) and (folder / name).is_file() else None
            if kept is None or kept != _parts(made):
                yield name


def _parts(packed: bytes) -> Mapping[str, bytes] | None:
    try:
        return unpack(packed)
    except BadZipFile:
        return None


def _fact_changes(then: Mapping[str, str], again: _Again) -> Iterator[FactChange]:
    """The facts that read otherwise, or that only one of the two uses; of a text that stops half-way, what it used."""
    paths = {*then, *again.facts} if again.contents else then.keys() & again.facts.keys()
    for path in sorted(paths):
        if then.get(path) != again.facts.get(path):
            yield FactChange(path, then.get(path), again.facts.get(path))


def _figure_changes(folder: Path, names: Iterable[str], receipt: Receipt, again: _Again) -> Iterator[FactChange]:
    """The figures of a text that only one of the two has: a filter that rounds otherwise, or a hand, is in no fact."""
    for name in names:
        format = format_of(receipt.name, name)
        if format in _TEXTS and format in again.contents and _inside(name) and (folder / name).is_file():
            then, now = _figures((folder / name).read_bytes()), _figures(again.contents[format])
            if then != now:
                gone, new = ("; ".join(one - other) or None for one, other in ((then, now), (now, then)))
                yield FactChange(name, gone, new)


def _figures(text: bytes) -> Counter[str]:
    """Each figure as often as it stands in the words of a page or of Markdown."""
    words = _UNREAD.sub(" ", text.decode("utf-8", "replace"))
    return Counter(_FIGURE.findall(words))


_TEXTS = ("html", "md", "copy")
_UNREAD = re.compile(r"<(style|script|svg)\b.*?</\1>|<[^<>]*>|&#?\w+;", re.DOTALL)
_FIGURE = re.compile(r"\d(?:[\d.,]*\d)?")


def _kept_inputs(folder: Path) -> Mapping[str, bytes] | None:
    """The kept inputs by name; None where they are no zip of files that stay where they are unpacked.

    The zip may come from somebody else, with a receipt that was made to fit it.
    """
    inputs = _parts((folder / INPUTS).read_bytes()) or {}
    parents = {parent for name in inputs for parent in PureWindowsPath(name).parents}
    sound = all(_inside(name) and PureWindowsPath(name) not in parents for name in inputs)
    return inputs if inputs and sound else None


def _inside(name: str) -> bool:
    """Whether a name can lead to something, and to something below the folder that it is put in, on every system."""
    path = PureWindowsPath(name)  # it knows drives, and both slashes
    fits = all(len(part.encode(errors="replace")) <= _LONGEST for part in path.parts)
    return fits and bool(path.name) and not path.drive and not path.root and ".." not in path.parts


_LONGEST = 255  # bytes: of a file's name, on Linux


def _changed(project: Project, inputs: Mapping[str, bytes]) -> Iterator[str]:
    """The project's files that are no longer what they were; of the log only what was kept is compared."""
    now = set(project_files(project.folder))
    before = {name.removeprefix("project/"): content for name, content in inputs.items() if name.startswith("project/")}
    for file, content in sorted(before.items()):
        if file not in now:
            yield file
        elif file == LOG:
            if not _holds(project.folder / file, content):
                yield file
        elif (project.folder / file).read_bytes() != content:
            yield file
    yield from sorted(now - set(before) - {LOG})  # issuing itself begins a log where there was none


def _holds(log: Path, kept: bytes) -> bool:
    """Whether every line of the kept log still stands in the log: what was added since is no change."""
    lines = iter(log.read_bytes().splitlines())
    return all(line in lines for line in kept.splitlines())


def _is_as_kept(path: Path, value: str) -> bool:
    """Whether a file has the digest that it was kept with; the line ends of a text may be those that git gave it."""
    content = path.read_bytes() if path.is_file() else b""
    return value in (digest(content), digest(content.replace(b"\r\n", b"\n")))
