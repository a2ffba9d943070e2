"""Keeps what leaves the municipality: the document, the inputs it was made from, and a receipt."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from hashlib import sha256
from itertools import chain, count
from pathlib import Path, PurePosixPath

from msgspec import Struct, structs

from toolkit import __version__
from toolkit.core.dossier import Dossier
from toolkit.core.events import AnyEvent, Corrected
from toolkit.core.money import kroner
from toolkit.core.occasion import Occasion
from toolkit.core.personal import personal_numbers
from toolkit.core.problems import N_, Problem, Span, declare, has_errors, problem
from toolkit.core.receipts import Receipt
from toolkit.core.spending import spent_until
from toolkit.core.state import corrected, is_logged
from toolkit.documents import guard
from toolkit.files import write_folder
from toolkit.journal import append_locked, locked
from toolkit.project import BUILT, ISSUED, LOG, RECEIPT, Project
from toolkit.readers import shelf
from toolkit.readers.receipts import read_receipt, receipt_text
from toolkit.render import Made, make_document
from toolkit.writers import file_of
from toolkit.writers.package import pack

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


def issue(
    project: Project,
    occasion: Occasion,
    formats: Sequence[str],
    layout: str | None,
    sending: Sending,
    *,
    incomplete: bool = False,
) -> Issued:
    """Make the document, keep it with its inputs and receipt in a folder of its own, and log that it was submitted.

    What tells of days that the books do not reach or lack, and a last word on the money that is doubted, is sent only
    where it is said to be `incomplete`. The folder appears whole or not at all; an earlier version is never touched.
    Raises LogBusy, as append does.
    """
    dossier = project.dossier
    assert dossier is not None
    with locked(project.folder):
        name, version = _next_name(project.folder, occasion)
        occasion = structs.replace(occasion, version=version)
        made = make_document(dossier, occasion, formats, layout=layout, own=project.folder)
        unfinished = () if incomplete else made.unfinished
        problems = [*_told_once(made.problems, unfinished), *_unfit(project, sending), *unfinished]
        if has_errors(problems):
            return Issued(None, tuple(problems))
        receipt, contents = _kept(project, made, name, sending)
        folder, text = project.folder / ISSUED / name, receipt_text(receipt).encode()
        write_folder(folder, {**contents, RECEIPT: text})
        logged = None
        try:
            keys = {**_submitted(receipt, digest(text), sending), **_told(dossier, made, sending)}
            logged = append_locked(project.folder, "submitted", keys)
        finally:
            if logged is None or not logged.written:  # what the log does not know of was never issued
                shutil.rmtree(folder)
    return Issued(folder, tuple(problems)) if logged.written else Issued(None, logged.problems)


# What is only told where a document can be made, and what the same is called where it keeps it from being sent.
_REFUSED = {
    "spending-known-until": ("spending-incomplete",),
    "figures-doubtful": ("figures-unanswered",),
    "months-not-imported": ("final-without-months", "request-without-months"),
}


def _told_once(problems: Sequence[Problem], unfinished: Sequence[Problem]) -> list[Problem]:
    """Where something keeps the document from being sent, the warning about the same is left out."""
    refused = {(each.code, each.at) for each in unfinished}
    return [each for each in problems if not any((code, each.at) in refused for code in _REFUSED.get(each.code, ()))]


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
    """What the document is called among those that were issued, and which version of it this is.

    What tells of a whole period is called after the period, whatever day it describes: so its duty knows it.
    """
    words = [str(occasion.ends if occasion.days in ("final-report", "accounts") else occasion.as_of), occasion.kind]
    if occasion.case and occasion.step:
        words += [occasion.case.id, occasion.step.id]
    if occasion.change:
        words.append(occasion.change.change)
    if occasion.decided:
        words.append("decided")
    stem = "-".join(words)
    if occasion.change:
        stem = _stem_of(folder / ISSUED, stem, occasion.change)
    number = 1
    while (folder / ISSUED / f"{stem}-v{number}").exists():
        number += 1
    return f"{stem}-v{number}", number


def _stem_of(issued: Path, stem: str, change: AnyEvent) -> str:
    """What a request's folders are called: two of one sort on one day are two documents, not versions of one."""
    stems = chain([stem], (f"{stem}-{number}" for number in count(2)))
    return next(each for each in stems if not (kept := _requests(issued, each)) or kept & {*change.names, None})


def _requests(issued: Path, stem: str) -> set[str | None]:
    """The requests whose documents have a name, by their receipts; None of one whose receipt does not say."""
    receipts = (path / RECEIPT for path in issued.glob(f"{stem}-v*") if path.name[len(stem) + 2 :].isdecimal())
    texts = (path.read_text(encoding="utf-8", errors="replace") if path.is_file() else "" for path in receipts)
    return {receipt.change if (receipt := read_receipt(text, RECEIPT, [])) else None for text in texts}


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
    places = (project.folder, *project.places)  # its own layouts and templates are among its files
    for file in shelf.files_of(made.occasion.kind, layouts, fund, places):
        yield f"templates/{file}", (shelf.TEMPLATES / file).read_bytes()


def _known_log(project: Project, occasion: Occasion) -> bytes:
    """The log's text without the entries that were not known yet.

    All of it where a hyphen stands above its entry, and where the first application or answer came later: that the log
    tells of one says something of every day.
    """
    assert project.dossier is not None
    events = project.dossier.events
    text = (project.folder / LOG).read_text(encoding="utf-8")
    lines = text.splitlines(keepends=True)
    starts = sorted(event.at.span.line - 1 for event in events)
    kept = _known(events, occasion.known_by)
    all_say, kept_say = (is_logged(each, corrected(each, occasion.known_by)) for each in (events, kept))
    is_on_lines = bool(starts) and all(lines[start].lstrip().startswith("- ") for start in starts)
    if all_say != kept_say or not is_on_lines:
        return text.encode()
    ends = dict(zip(starts, [*starts[1:], len(lines)], strict=True))
    known = {id(event) for event in kept}
    for event in sorted(events, key=lambda event: -event.at.span.line):
        if id(event) not in known:
            first = event.at.span.line - 1
            del lines[first : ends[first]]
    return "".join(lines).encode()


def _known(events: Sequence[AnyEvent], known_by: date) -> list[AnyEvent]:
    """The entries that were recorded by a day, and those that a correction says were, or is about."""
    names = {event.called for event in corrected(events, known_by)}
    names |= {event.event for event in events if isinstance(event, Corrected) and event.recorded <= known_by}
    return [event for event in events if event.recorded <= known_by or event.called in names]


def _told(dossier: Dossier, made: Made, sending: Sending) -> dict[str, str]:
    """What a status report knew and said was spent: the next one begins from it, whatever is put right in between."""
    occasion = made.occasion
    if occasion.days != "status-report":
        return {}
    spent = spent_until(dossier.state(occasion.as_of, occasion.known_by))
    known_by = min(occasion.known_by, sending.day)  # whatever days the log has recorded, it is sent on that one
    return {} if spent is None else {"known_by": str(known_by), "spent": f"{kroner(spent)} kr."}


def _submitted(receipt: Receipt, its_digest: str, sending: Sending) -> dict[str, str | Sequence[str]]:
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
    keys["receipt"] = its_digest
    return keys


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
