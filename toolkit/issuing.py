"""Keeps what leaves the municipality: the document, the inputs it was made from, and a receipt; and makes it again."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from hashlib import sha256
from pathlib import Path, PurePosixPath, PureWindowsPath
from zipfile import BadZipFile

from msgspec import Struct, structs

from toolkit import __version__
from toolkit.core.dossier import Dossier
from toolkit.core.personal import personal_numbers
from toolkit.core.problems import N_, NOWHERE, Problem, Span, declare, has_errors, problem
from toolkit.core.receipts import Receipt
from toolkit.documents import guard
from toolkit.documents.occasion import Occasion
from toolkit.files import write_folder, write_whole
from toolkit.journal import append_locked, locked
from toolkit.project import BUILT, ISSUED, LOG, RECEIPT, Project, open_project
from toolkit.readers import shelf
from toolkit.readers.receipts import read_receipt, receipt_text
from toolkit.readers.source import decoded
from toolkit.render import Made, make_document, occasions_of
from toolkit.writers import file_of, format_of
from toolkit.writers.package import pack, unpack

INPUTS = "inputs.zip"
ATTACHMENTS = "attachments"

declare(
    "not-filled-in",
    "error",
    N_("{key} still says MANGLER, and what is sent must not wait for anything."),
    N_("fill it in, or make a draft with pulje render --draft"),
)
declare(
    "name-not-utf8",
    "error",
    N_("The file's name cannot be read as letters."),
    N_("give it a new name; most often a zip from another system was unpacked the wrong way"),
)
declare(
    "receipt-without-occasion",
    "error",
    N_("The kept files of {issued} have no such document any more."),
    N_("put the folder back from a backup: nothing in issued/ may be changed"),
)


class Sending(Struct, frozen=True):
    """How a document is sent: to whom, when, by which way, under which journal number, and with which papers."""

    to: str
    day: date
    via: str | None = None
    case_number: str | None = None
    attachments: tuple[Path, ...] = ()


class Issued(Struct, frozen=True):
    """A document that was issued, or what stood in the way."""

    folder: Path | None
    problems: tuple[Problem, ...]


# ── issuing ──────────────────────────────────────────────────────────────────────────────────


def issue(project: Project, occasion: Occasion, formats: Sequence[str], layout: str | None, sending: Sending) -> Issued:
    """Make the document, keep it with its inputs and receipt in a folder of its own, and log that it was submitted.

    The folder appears whole or not at all; an earlier version is never touched. Raises LogBusy, as append does.
    """
    dossier = project.dossier
    assert dossier is not None
    with locked(project.folder):
        name, version = _next_name(project.folder, occasion)
        occasion = structs.replace(occasion, version=version)
        made = make_document(dossier, occasion, formats, layout=layout, own=project.folder)
        problems = [*made.problems, *_unfit(project, sending)]
        if has_errors(problems):
            return Issued(None, tuple(problems))
        receipt, contents = _kept(project, made, name, sending)
        folder = project.folder / ISSUED / name
        write_folder(folder, {**contents, RECEIPT: receipt_text(receipt).encode()})
        logged = None
        try:
            logged = append_locked(project.folder, "submitted", _submitted(receipt, sending))
        finally:
            if logged is None or not logged.written:  # what the log does not know of was never issued
                shutil.rmtree(folder)
    return Issued(folder, tuple(problems)) if logged.written else Issued(None, logged.problems)


def _unfit(project: Project, sending: Sending) -> Iterator[Problem]:
    """What keeps a sound project's document from leaving: something that waits to be filled in, a paper's name."""
    for found in project.problems:
        if found.code == "value-missing":
            yield problem("not-filled-in", found.at, key=found.words.get("key", ""))
    yield from unfit_names([*project_files(project.folder), *(path.name for path in sending.attachments)])


def unfit_names(names: Iterable[str]) -> Iterator[Problem]:
    """Names of files that may not leave: with what can be a personal number, or in letters that are none."""
    for name in names:
        if personal_numbers(name):
            yield problem("personal-number-in-name", Span(guard.masked(name), 0, 0))
        if name != (readable := name.encode("utf-8", "replace").decode()):  # Linux lets a name be any bytes
            yield problem("name-not-utf8", Span(readable, 0, 0))


def _next_name(folder: Path, occasion: Occasion) -> tuple[str, int]:
    """What the document is called among those that were issued, and which version of it this is."""
    words = [str(occasion.as_of), occasion.kind]
    if occasion.case and occasion.step:
        words += [occasion.case.id, occasion.step.id]
    if occasion.change:
        words.append(occasion.change.change)
    if occasion.decided:
        words.append("decided")
    stem = "-".join(words)
    number = 1
    while (folder / ISSUED / f"{stem}-v{number}").exists():
        number += 1
    return f"{stem}-v{number}", number


def _version(issued: str) -> int:
    """The version that a name ends in."""
    number = issued.rpartition("-v")[2]
    return int(number) if number.isdecimal() else 1


def _kept(project: Project, made: Made, name: str, sending: Sending) -> tuple[Receipt, dict[str, bytes]]:
    documents = {file_of(made.name, format): content for format, content in made.contents.items()}
    papers = {path.name: path.read_bytes() for path in sending.attachments}
    inputs = pack(dict(_inputs(project, made)))
    occasion = made.occasion
    receipt = Receipt(
        issued=name,
        kind=occasion.kind,
        title=made.title,
        name=made.name,
        as_of=occasion.as_of,
        known_by=occasion.known_by,
        case=occasion.case.id if occasion.case else None,
        step=occasion.step.id if occasion.step else None,
        change=occasion.change.called if occasion.change else None,
        decided=occasion.decided,
        layout=made.layout,
        version=__version__,
        to=sending.to,
        via=sending.via,
        case_number=sending.case_number,
        files={file: digest(content) for file, content in documents.items()},
        inputs=digest(inputs),
        attachments={file: digest(content) for file, content in papers.items()},
        facts=made.facts,
    )
    kept_papers = {f"{ATTACHMENTS}/{file}": content for file, content in papers.items()}
    return receipt, {**documents, INPUTS: inputs, **kept_papers}


def _inputs(project: Project, made: Made) -> Iterator[tuple[str, bytes]]:
    """The project's files and the templates that the document was made from; of the log, what was known by then."""
    for file in project_files(project.folder):
        if file == LOG:
            yield f"project/{file}", _known_log(project, made.occasion)
        elif not file.startswith("postings/") or file[len("postings/") :][:10] <= str(made.occasion.known_by):
            yield f"project/{file}", (project.folder / file).read_bytes()
    case = made.occasion.case
    layouts = [made.layout, case.layout if case else "standard"]
    fund = project.dossier.plan.fund if project.dossier else None
    places = (project.folder, shelf.TEMPLATES)  # its own layouts are among its files
    for file in shelf.files_of(made.occasion.kind, layouts, fund, places):
        yield f"templates/{file}", (shelf.TEMPLATES / file).read_bytes()


def _known_log(project: Project, occasion: Occasion) -> bytes:
    """The log's text without the entries that were recorded later; all of it where a hyphen stands above its entry."""
    assert project.dossier is not None
    text = (project.folder / LOG).read_text(encoding="utf-8")
    lines = text.splitlines(keepends=True)
    starts = sorted(event.at.span.line - 1 for event in project.dossier.events)
    if not all(lines[start].lstrip().startswith("- ") for start in starts):
        return text.encode()
    ends = dict(zip(starts, [*starts[1:], len(lines)], strict=True))
    for event in sorted(project.dossier.events, key=lambda event: -event.at.span.line):
        if event.recorded > occasion.known_by:
            first = event.at.span.line - 1
            del lines[first : ends[first]]
    return "".join(lines).encode()


def _submitted(receipt: Receipt, sending: Sending) -> dict[str, str | Sequence[str]]:
    keys: dict[str, str | Sequence[str]] = {
        "happened": str(sending.day),
        "recorded": str(sending.day),
        "issued": receipt.issued,
        "to": receipt.to,
    }
    if receipt.via:
        keys["via"] = receipt.via
    if receipt.case_number:
        keys["case_number"] = receipt.case_number
    if receipt.attachments:
        keys["attachments"] = sorted(receipt.attachments)
    return keys


# ── making again ─────────────────────────────────────────────────────────────────────────────


class Verified(Struct, frozen=True, kw_only=True):
    """What became of making one issued document again.

    `damaged` are kept files whose bytes are no longer what the receipt says; `differing` are documents that come out
    otherwise; `figures` are the facts that then read otherwise; `changed` are files of the project that have changed
    since, which is nothing wrong.
    """

    issued: str
    version: str
    problems: tuple[Problem, ...] = ()
    damaged: tuple[str, ...] = ()
    differing: tuple[str, ...] = ()
    figures: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()

    @property
    def identical(self) -> bool:
        return not (self.problems or self.damaged or self.differing)

    @property
    def sound(self) -> bool:
        """Identical, or made by another version of the tool and with every figure the same."""
        return not (self.problems or self.damaged or self.figures) and (
            not self.differing or self.version != __version__
        )


def verify(project: Project) -> list[Verified]:
    """Make each issued document again from its kept inputs and compare, the oldest first."""
    return [_verified(project, receipt.parent) for receipt in receipts(project.folder)]


def receipts(folder: Path) -> list[Path]:
    """The receipts of all that a project has issued."""
    return sorted((folder / ISSUED).glob(f"*/{RECEIPT}"))


def _verified(project: Project, folder: Path) -> Verified:
    file = f"{ISSUED}/{folder.name}/{RECEIPT}"
    problems: list[Problem] = []
    text = decoded((folder / RECEIPT).read_bytes(), file, problems)
    receipt = read_receipt(text, file, problems) if text is not None else None
    if receipt is None:
        return Verified(issued=folder.name, version="", problems=tuple(problems))
    kept = {**receipt.files, INPUTS: receipt.inputs}
    kept |= {f"{ATTACHMENTS}/{name}": value for name, value in receipt.attachments.items()}
    damaged = tuple(name for name, value in kept.items() if not _inside(name) or _digest_of(folder / name) != value)
    inputs = _kept_inputs(folder) if INPUTS not in damaged else None
    if inputs is None:
        damaged = tuple(dict.fromkeys((*damaged, INPUTS)))
        return Verified(issued=receipt.issued, version=receipt.version, damaged=damaged)
    made = _made_again(receipt, inputs)
    differing = tuple(
        file
        for file, value in receipt.files.items()
        if digest(made.contents.get(format_of(receipt.name, file), b"")) != value
    )
    return Verified(
        issued=receipt.issued,
        version=receipt.version,
        problems=tuple(found for found in made.problems if found.severity == "error"),
        damaged=damaged,
        differing=differing,
        figures=tuple(path for path, said in receipt.facts.items() if made.facts and made.facts.get(path) != said),
        changed=tuple(_changed(project, inputs)),
    )


def _kept_inputs(folder: Path) -> Mapping[str, bytes] | None:
    """The kept inputs by name; None where they are no zip of files that stay where they are unpacked.

    The zip may come from somebody else, with a receipt that was made to fit it.
    """
    try:
        inputs = unpack((folder / INPUTS).read_bytes())
    except BadZipFile:
        return None
    return inputs if all(map(_inside, inputs)) else None


def _inside(name: str) -> bool:
    """Whether a name leads to something below the folder that it is put in, on every system."""
    path = PureWindowsPath(name)  # it knows drives, and both slashes
    return not path.drive and not path.root and ".." not in path.parts


class _Again(Struct, frozen=True):
    """A document that was made again: its files by format, its facts, and what stood in the way."""

    contents: Mapping[str, bytes] = {}
    facts: Mapping[str, str] = {}
    problems: tuple[Problem, ...] = ()


def _made_again(receipt: Receipt, inputs: Mapping[str, bytes]) -> _Again:
    with tempfile.TemporaryDirectory() as place:
        for name, content in inputs.items():
            write_whole(Path(place) / name, content)
        places = (Path(place) / "templates",)
        project = open_project(Path(place) / "project", places=places)
        if project.dossier is None:
            return _Again(problems=project.problems)
        occasion = _occasion(receipt, project.dossier, places)
        if occasion is None:
            return _Again(problems=(problem("receipt-without-occasion", NOWHERE.span, issued=receipt.issued),))
        formats = [format for file in receipt.files if (format := format_of(receipt.name, file))]
        made = make_document(
            project.dossier, occasion, formats, layout=receipt.layout, own=project.folder, places=places
        )
        return _Again(made.contents, made.facts, made.problems)


def _occasion(receipt: Receipt, dossier: Dossier, places: shelf.Places) -> Occasion | None:
    for occasion in occasions_of(dossier, receipt.kind, places):
        if (
            (occasion.case.id if occasion.case else None) == receipt.case
            and (occasion.step.id if occasion.step else None) == receipt.step
            and (occasion.change.called if occasion.change else None) == receipt.change
            and occasion.as_of == receipt.as_of
        ):
            return structs.replace(
                occasion, known_by=receipt.known_by, decided=receipt.decided, version=_version(receipt.issued)
            )
    return None


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


# ── helpers ──────────────────────────────────────────────────────────────────────────────────


def project_files(folder: Path) -> list[str]:
    """The files that a document is made from, named from the project: not what was made of them, nor what is hidden."""
    found = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return sorted(path.as_posix() for path in found if path.parts[0] not in (BUILT, ISSUED) and not _hidden(path))


def _hidden(path: Path) -> bool:
    return any(part.startswith((".", "~")) for part in PurePosixPath(path.as_posix()).parts)


def digest(content: bytes) -> str:
    """sha256:… of some bytes."""
    return f"sha256:{sha256(content).hexdigest()}"


def _digest_of(path: Path) -> str:
    return digest(path.read_bytes()) if path.is_file() else ""
