"""Opens a project's folder: every file through its reader, joined to one dossier."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from hashlib import file_digest
from pathlib import Path, PurePosixPath
from zipfile import BadZipFile

from msgspec import Struct, structs

from toolkit.core.cases import Case
from toolkit.core.checks import check
from toolkit.core.checks.conditions import overdue
from toolkit.core.checks.days import recorded_ahead
from toolkit.core.dossier import Dossier, PostingFile
from toolkit.core.events import AnyEvent, Imported
from toolkit.core.merge import left_in
from toolkit.core.payroll import Payroll
from toolkit.core.plan import Budget, Plan
from toolkit.core.postings import Posting, Postings, Rule
from toolkit.core.problems import N_, Problem, Span, declare, has_errors, problem
from toolkit.core.prose import Prose
from toolkit.core.records import Id
from toolkit.core.state import corrected
from toolkit.documents import guard
from toolkit.readers import shelf
from toolkit.readers.cases import read_case
from toolkit.readers.events import read_events
from toolkit.readers.municipalities import municipalities
from toolkit.readers.payroll import read_payroll
from toolkit.readers.plan import read_budget, read_plan, with_fund
from toolkit.readers.postings import import_system, read_allocation, read_postings
from toolkit.readers.prose import read_prose
from toolkit.readers.source import decoded
from toolkit.writers.package import unpack

PLAN = "project.yaml"
LOG = "events.yaml"
ALLOCATION = "allocation.yaml"
PAYROLL = "payroll.yaml"
ISSUED = "issued"
KEPT = ".pulje"  # what the project was made from: nobody writes there
ORIGIN = f"{KEPT}/scaffold.yaml"
PRISTINE = f"{KEPT}/pristine.zip"
BUILT = "build"  # where documents are written, in the folder that one stands in: it may be the project's own
RECEIPT = "receipt.yaml"

declare(
    "project-missing",
    "error",
    N_("There is no project in {folder}: it holds no project.yaml."),
    N_("name the folder that holds the project's project.yaml"),
)
declare(
    "file-unreadable",
    "error",
    N_("{file} cannot be read: you may not, another program holds it, or it is a file where a folder should be."),
    N_("get leave to read it, close the other program, or put it back as it was"),
)
declare(
    "log-lost",
    "error",
    N_("The project's events.yaml is not there, or is empty, and {file} tells of a log that was."),
    N_(
        "put it back from a backup, or wait until the folder is synchronised; if it is gone for good, begin another "
        "with the line [], and pulje check says what it lacks"
    ),
)


class Project(Struct, frozen=True, kw_only=True):
    """An opened project: its dossier, and all that is wrong in its files. No dossier where no plan can be read."""

    folder: Path
    dossier: Dossier | None
    problems: tuple[Problem, ...]

    @property
    def sound(self) -> bool:
        """Whether its files have no error, so that figures may be made from it."""
        return self.dossier is not None and not has_errors(self.problems)

    def on(self, day: date) -> Project:
        """The same project, with what the calendar says of it on a day among its problems."""
        late = (*overdue(self.dossier, day), *recorded_ahead(self.dossier, day)) if self.dossier else ()
        return structs.replace(self, problems=_in_order((*self.problems, *late)))

    @property
    def places(self) -> shelf.Places:
        """Where the templates of its documents stand."""
        return shelf.places_of(self.folder)


def open_project(folder: Path, instead: Mapping[str, str | None] = {}, places: shelf.Places | None = None) -> Project:
    """Read a project's folder. What is wrong is among its problems, never raised.

    `instead` holds texts by file name, each read in the place of the file: the project as it would be, without those
    that have none. `places` is
    where its fund's terms and kinds of document are looked for, if not in its own templates/ and then in ours.
    """
    problems: list[Problem] = []
    dossier = _Reading(folder, problems, instead, places or shelf.places_of(folder)).dossier()
    if dossier is not None:
        problems += check(dossier)
    return Project(folder=folder, dossier=dossier, problems=_in_order(problems))


def _in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Each once, by place."""
    return tuple(dict.fromkeys(sorted(problems, key=lambda found: (found.at.file, found.at.line, found.at.column))))


def open_without_postings(folder: Path, instead: Mapping[str, str] = {}) -> Project:
    """Read all but the postings, and hold it against no rules: for whoever brings postings of his own."""
    problems: list[Problem] = []
    dossier = _Reading(folder, problems, instead, shelf.places_of(folder), with_postings=False).dossier()
    return Project(folder=folder, dossier=dossier, problems=tuple(problems))


class _Reading:
    """One reading of a folder: each method reads one kind of file and leaves its problems behind."""

    def __init__(
        self,
        folder: Path,
        problems: list[Problem],
        instead: Mapping[str, str | None],
        places: shelf.Places,
        *,
        with_postings: bool = True,
    ) -> None:
        self.folder = folder
        self.problems = problems
        self.instead = instead
        self.places = places
        self.with_postings = with_postings
        self.unread: set[str] = set()
        self.unwritten: list[Id] = []  # budgets with amounts that nobody has written yet

    def dossier(self) -> Dossier | None:
        plan = self.plan()
        shelf.check_own_kinds(self.folder, self.problems)
        events = self.events(plan)
        postings, posting_files = self.postings()
        cases, case_texts = self.cases()
        prose = (*case_texts, *self.prose())
        if plan is None:
            return None
        return Dossier(
            plan=plan,
            events=events,
            postings=Postings(postings, self.rules(), self.without_text(posting_files), _lost(events, posting_files)),
            posting_files=posting_files,
            payroll=self.payroll(),
            cases=cases,
            prose=prose,
            issued=issued_in(self.folder),
            unread=frozenset(self.unread),
        )

    def plan(self) -> Plan | None:
        before = len(self.problems)
        text = self.text(PLAN)
        if text is None:
            if len(self.problems) == before:
                self.problems.append(problem("project-missing", Span(PLAN, 1, 1), folder=self.folder))
            return None
        budgets = tuple(self.budgets())
        before = len(self.problems)
        plan = read_plan(text, PLAN, self.problems)
        if plan is None:
            return None
        problems: list[Problem] = []
        terms = shelf.fund(plan.fund, plan.at.of("fund"), problems, self.places) if plan.fund else None
        plan = with_fund(plan, terms, self.problems)
        if has_errors(self.problems[before:]):
            self.unread.add(PLAN)
        self.problems += problems
        home = municipalities(self.places).named(plan.municipality)
        named = ((report.kind, report.at.of("kind")) for report in plan.reports)
        kinds = shelf.kinds_named(named, self.problems, self.places)
        return structs.replace(
            plan,
            budgets=budgets,
            unwritten=tuple(self.unwritten),
            home=home,
            kinds={name: kind.title for name, kind in kinds.items()},
            likes={name: kind.like for name, kind in kinds.items() if kind.like},
        )

    def budgets(self) -> Iterable[Budget]:
        for file in self.files("budgets", "*.yaml"):
            text, before = self.text(file), len(self.problems)
            budget = read_budget(text, file, PurePosixPath(file).stem, self.problems) if text is not None else None
            if budget is None or has_errors(self.problems[before:]):  # one line that is left out changes every sum
                self.unread.add("budgets")
            if budget is not None and "lines" in budget.at.unwritten:  # a sum of the others would be another budget's
                self.unwritten.append(budget.id)
            elif budget is not None:
                yield budget

    def events(self, plan: Plan | None) -> tuple[AnyEvent, ...]:
        text, before = self.text(LOG), len(self.problems)
        if not text and (lost := lost_log(self.folder)):
            self.problems.append(lost)
        events = read_events(text, LOG, plan, self.problems) if text is not None else ()
        if has_errors(self.problems[before:]):  # one event that is left out changes what the others come to
            self.unread.add(LOG)
        return events

    def rules(self) -> tuple[Rule, ...]:
        text, before = self.text(ALLOCATION), len(self.problems)
        rules = read_allocation(text, ALLOCATION, self.problems) if text is not None else ()
        if has_errors(self.problems[before:]):  # one rule that is left out changes where all that it placed goes
            self.unread.add(ALLOCATION)
        return rules

    def payroll(self) -> Payroll:
        text = self.text(PAYROLL)
        return read_payroll(text, PAYROLL, self.problems) if text is not None else Payroll()

    def postings(self) -> tuple[tuple[Posting, ...], tuple[PostingFile, ...]]:
        rows: list[Posting] = []
        files: list[PostingFile] = []
        for file in self.files("postings", "*.csv"):
            path = self.folder / file
            try:
                files.append(PostingFile(file, digest_of(path)))
                if self.with_postings:
                    rows += read_postings(path, file, self.problems)
            except OSError:
                self.unreadable(file)
        return tuple(rows), tuple(files)

    def without_text(self, files: Iterable[PostingFile]) -> dict[str, tuple[str, ...]]:
        """The accounts of wages, as the dialects of the files' systems have them today."""
        found: dict[str, tuple[str, ...]] = {}
        for each in files:
            path = shelf.dialect_file(import_system(each.file) or "", (self.folder / "templates", *self.places))
            if path and (accounts := _silent_accounts(path, path.stat().st_mtime_ns)):
                found[each.file] = accounts
        return found

    def cases(self) -> tuple[tuple[Case, ...], tuple[Prose, ...]]:
        cases: list[Case] = []
        texts: list[Prose] = []
        for file in self.files("cases", "*.md"):
            text = self.text(file)
            read = read_case(text, file, PurePosixPath(file).stem, self.problems) if text is not None else None
            if read is None:
                self.unread.add("cases")
            else:
                cases.append(read[0])
                texts.append(read[1])
        return tuple(cases), tuple(texts)

    def prose(self) -> Iterable[Prose]:
        for file in self.files("texts", "**/*.md"):
            text = self.text(file)
            if text is not None:
                yield read_prose(text, file, self.problems)

    def files(self, below: str, pattern: str) -> list[str]:
        """The files below a folder of the project, named from the project, in the same order everywhere."""
        try:
            with os.scandir(self.folder / below):  # glob passes over what it may not look into
                pass
        except FileNotFoundError:
            pass
        except OSError:
            self.unreadable(below)
        found = (path for path in (self.folder / below).glob(pattern) if path.is_file())
        names = {path.relative_to(self.folder).as_posix() for path in found}
        names |= {name for name in self.instead if _fits(name, below, pattern)}
        return sorted(name for name in names if self.instead.get(name, "") is not None)

    def unreadable(self, file: str) -> None:
        self.unread.add(PurePosixPath(file).parts[0])
        self.problems.append(problem("file-unreadable", Span(file, 0, 0), file=file))

    def text(self, file: str) -> str | None:
        """A file's text; None where there is no such file, or where it cannot be read as text."""
        path = self.folder / file
        text = self.instead.get(file)
        try:
            if file not in self.instead and path.is_file():
                text = decoded(path.read_bytes(), file, self.problems)
        except OSError:
            self.unreadable(file)
        self.problems += guard.in_file(text or "", file)
        self.problems += left_in(text or "", file)
        return text


def lost_log(folder: Path) -> Problem | None:
    """That there is no log, though there was one: of a project that has issued a document, or was made with a log.

    A file with nothing in it is what a broken synchronisation leaves.
    """
    log = folder / LOG
    if log.exists() and log.stat().st_size:
        return None
    told = next(iter(issued_in(folder)), None)
    file = f"{ISSUED}/{told}" if told else PRISTINE if _was_made_with_a_log(folder) else None
    return problem("log-lost", Span(LOG, 0, 0), file=file) if file else None


def provenance(folder: Path) -> str:
    """What a project's record says that it was scaffolded from, the same in each copy of it; "" without a record."""
    try:
        record = (folder / ORIGIN).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    return " ".join(found[1] for found in _PROVENANCE.finditer(record))


# Of the record: the entry, and of its seed what makes another period, fund or municipality another project.
_PROVENANCE = re.compile(r"^(?:entry|  folder|  municipality|  fund|    starts|    ends): (.+?)\s*$", re.MULTILINE)


def issued_in(folder: Path) -> tuple[str, ...]:
    """The documents whose receipts are kept."""
    found = (folder / ISSUED).glob(f"*/{RECEIPT}")
    return tuple(sorted(path.parent.name for path in found if path.is_file()))


def _was_made_with_a_log(folder: Path) -> bool:
    try:
        return LOG in unpack((folder / PRISTINE).read_bytes())
    except (OSError, BadZipFile):
        return False


def _fits(name: str, below: str, pattern: str) -> bool:
    """Whether a file is one of those below a folder: *.yaml is of the folder itself, **/*.md of those in it too."""
    path = PurePosixPath(name)
    is_deep = pattern.startswith("**/")
    return path.match(pattern.removeprefix("**/")) and (
        path.parts[0] == below and len(path.parts) > 1 if is_deep else str(path.parent) == below
    )


def _lost(events: Iterable[AnyEvent], files: Iterable[PostingFile]) -> frozenset[str]:
    """The imports, withdrawn or not, whose files are not there; a name that was corrected is the one that is right."""
    events, there = list(events), {each.file for each in files}
    right = {event.called: event for event in corrected(events)}
    imports = (event for event in events if isinstance(event, Imported))
    last = ((event.called, right.get(event.called, event)) for event in imports)
    return frozenset(called for called, event in last if isinstance(event, Imported) and event.file not in there)


@cache
def _silent_accounts(path: Path, _changed: int) -> tuple[str, ...]:
    """What a dialect says of them: read once for many projects, and again where the file has been changed."""
    dialect = shelf.dialect(path.stem, [], places=(path.parents[1],))
    return dialect.without_text if dialect else ()


def digest_of(path: Path) -> str:
    """What the log keeps of a file that was imported, to notice a later edit: "sha256:…"."""
    with path.open("rb") as file:
        return f"sha256:{file_digest(file, 'sha256').hexdigest()}"
