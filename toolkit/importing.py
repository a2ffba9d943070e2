"""Imports an ERP's export into a project: what is new and the project's own, with every krone accounted for."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from fnmatch import fnmatchcase
from hashlib import sha256
from itertools import compress, islice
from pathlib import Path

from msgspec import Struct

from toolkit import journal
from toolkit.core.checks.books import posting_files_are_as_imported
from toolkit.core.dossier import Dossier
from toolkit.core.money import NOTHING, Money, kr, kroner
from toolkit.core.plan import BudgetLine, Erp
from toolkit.core.postings import Coding, Placing, Posting, Rule
from toolkit.core.problems import Problem, Span, has_errors, problem
from toolkit.core.proposals import Proposal, Unplaced, is_grant, propose
from toolkit.documents.guard import personal_numbers
from toolkit.files import Unfinished, unfinished
from toolkit.project import LOG, Project, digest_of, open_without_postings
from toolkit.readers import shelf
from toolkit.readers.export import Export, Lines, open_export
from toolkit.readers.postings import COLUMNS, import_system, read_postings
from toolkit.readers.rows import Advance
from toolkit.readers.values import slug

POSTINGS = "postings"
MASK = "[personnummer fjernet]"

_KEPT_TEXTS = 50_000  # texts repeat from month to month; where they do not, remembering them all would cost more
_NAMED = 5  # so many vouchers are named where many have vanished


class Count(Struct):
    """So many lines, and what they sum to."""

    lines: int = 0
    amount: Money = NOTHING


class Import(Struct, kw_only=True):
    """What became of an export. Read is always new, known and others' together, to the øre.

    `new` are this project's lines that no earlier import had, `known` those that one had, `others` the lines of other
    projects. `file` is what was written, or would be; None where nothing is new.
    """

    export: Export | None = None
    new: Count
    known: Count
    others: Count
    problems: list[Problem]
    proposals: list[Proposal]
    file: str | None = None
    logged: int = 0  # the line of the log that says so

    @property
    def read(self) -> Count:
        """The control total."""
        parts = (self.new, self.known, self.others)
        return Count(sum(part.lines for part in parts), Money(sum(int(part.amount) for part in parts)))

    @property
    def failed(self) -> bool:
        """Whether nothing may come of it."""
        return has_errors(self.problems)


def import_export(
    folder: Path,
    path: Path,
    imported: date,
    *,
    dialect: str | None = None,
    posted: date | None = None,
    dry_run: bool = False,
    advance: Advance = id,
) -> Import:
    """Read the export at `path` into the project in `folder`: a file of new postings and a line in the log, or nothing.

    For lines that are alike, the project has as many as the one export that has most of them: so exports that overlap
    give the same postings in whatever order they come, and the same export twice changes nothing.

    `posted` is the posting date of lines that have none. Raises LogBusy when somebody else is writing in the project.
    """
    with _nothing() if dry_run else journal.locked(folder):
        project = open_without_postings(folder)
        problems = list(_unusable(project))
        result = Import(new=Count(), known=Count(), others=Count(), problems=problems, proposals=[])
        if project.dossier is None or has_errors(problems):
            return result
        result.export = _recognised(folder, path, dialect, problems)
        if result.export is None:
            return result
        importing = _Importing(folder, project.dossier, result.export, result)
        with _nothing() if dry_run else unfinished(folder / POSTINGS) as file:
            importing.read(posted, file, advance)
            if not result.failed and result.new.lines:
                result.file = f"{POSTINGS}/{imported}-{importing.system}-{importing.digest[:8]}.csv"
                if file is not None:
                    file.finish(folder / result.file)
        if result.file and not dry_run:
            _log(folder, result, importing, path, imported)
        return result


@contextmanager
def _nothing() -> Iterator[None]:
    """What a trial run writes to, and locks."""
    yield


# ── before ───────────────────────────────────────────────────────────────────────────────────


def _unusable(project: Project) -> Iterator[Problem]:
    """What keeps postings from being added: a plan or a log that cannot be read, postings that are not as imported."""
    if project.dossier is None:
        yield from project.problems
        return
    yield from (found for found in project.problems if found.at.file == LOG and found.severity == "error")
    for found in posting_files_are_as_imported(project.dossier, project.dossier.state(date.max)):
        if found.severity == "error":
            yield found
        else:  # nobody has logged what it should be: is it at least postings?
            unlogged: list[Problem] = []
            read_postings(project.folder / found.at.file, found.at.file, unlogged)
            yield from unlogged


def _recognised(folder: Path, path: Path, name: str | None, problems: list[Problem]) -> Export | None:
    """The export in the dialect that was asked for, or that fits; the project's own templates/ go before ours."""
    places = (folder / "templates", shelf.TEMPLATES)
    if name is None:
        dialects = shelf.dialects(problems, places)
    else:
        asked = shelf.dialect(name, problems, places=places)
        dialects = (asked,) if asked else ()
    if not dialects or has_errors(problems):
        return None
    return open_export(path, dialects, problems)


# ── the lines ────────────────────────────────────────────────────────────────────────────────


class _Coded(Struct):
    """All that is to know of the lines with one coding, and where their texts matter with one text."""

    ours: bool
    written: str  # as three cells
    rule: Rule | None
    account: str
    title: str
    text: str
    lines: int = 0
    amount: Money = NOTHING


class _Importing:
    """One export on its way into the project, some hundred lines at a time."""

    def __init__(self, folder: Path, dossier: Dossier, export: Export, result: Import) -> None:
        self.system = slug(export.dialect.name)
        self.digest = ""
        self._folder = folder
        self._dossier = dossier
        self._export = export
        self._result = result
        self._known, self._elsewhere = _known_lines(folder, dossier, self.system)
        self._placing = Placing(dossier.postings.rules)
        self._codings: dict[Coding, _Coded | None] = {}
        self._worded: dict[tuple[Coding, str, str], _Coded] = {}
        self._texts = _Texts()
        self._unplaced: dict[str, Unplaced] = {}
        self._grant, self._wages = NOTHING, NOTHING
        self._first_day, self._last_day = "9999", ""

    def read(self, posted: date | None, file: Unfinished | None, advance: Advance) -> None:
        """All the lines: the new ones are written, and what is to be said about any of them is said."""
        digest = sha256()
        problems: list[Problem] = []
        for written in self._written(problems, posted, advance):
            digest.update(written)
            if file is not None:
                file.write(written)
        self.digest = digest.hexdigest()
        self._result.problems += problems
        self._settle(coded for coded in self._codings.values() if coded)
        self._settle(self._worded.values())
        self._result.new.lines -= self._result.known.lines
        self._result.new.amount -= self._result.known.amount
        if not self._result.failed:
            self._result.problems += self._remarks()
            self._result.proposals += propose(self._unplaced.values(), self._lines())

    def _written(self, problems: list[Problem], posted: date | None, advance: Advance) -> Iterator[bytes]:
        yield f"{';'.join(COLUMNS)}\n".encode()
        for lines in self._export.lines(problems, posted, advance):
            yield "".join(self._new(lines)).encode()

    def _new(self, lines: Lines) -> list[str]:
        """Those of the lines that no earlier import had, as they are written; all of them are counted."""
        self._first_day = min(self._first_day, *lines.posted)
        self._last_day = max(self._last_day, *lines.posted)
        codings = self._coded(lines)
        for coded, amount in zip(codings, lines.amount, strict=True):
            coded.lines += 1
            coded.amount += amount
        written = self._as_written(lines, codings)
        ours = [coded.ours for coded in codings]
        if not self._known and not self._elsewhere:
            return list(compress(written, ours))
        return list(self._unknown(compress(written, ours), compress(lines.amount, ours)))

    def _unknown(self, lines: Iterable[str], amounts: Iterable[Money]) -> Iterator[str]:
        """Each line that the project has not as often as this export, up to here, has it."""
        own, elsewhere, known = self._known, self._elsewhere, self._result.known
        for line, amount in zip(lines, amounts, strict=True):
            if own.get(line):
                own[line] -= 1
            elif elsewhere.get(line):
                elsewhere[line] -= 1
            else:
                yield line
                continue
            known.lines += 1
            known.amount += amount

    def _coded(self, lines: Lines) -> list[_Coded]:
        """What is known of each line's coding; of its text too, where a rule looks at that."""
        known = self._codings
        codings = list(zip(lines.account, lines.cost_centre, lines.wbs_element, strict=True))
        for coding in set(codings).difference(known):
            surely, rule = self._placing.surely(coding)
            index = codings.index(coding)
            known[coding] = self._new_coded(coding, rule, lines, index) if surely else None
        found = [known[coding] for coding in codings]
        named = not self._placing.vouchers.isdisjoint(lines.voucher)
        if not named and all(found):
            return [coded for coded in found if coded]
        return [
            coded if coded and lines.voucher[index] not in self._placing.vouchers else self._by_words(lines, index)
            for index, coded in enumerate(found)
        ]

    def _by_words(self, lines: Lines, index: int) -> _Coded:
        coding = (lines.account[index], lines.cost_centre[index], lines.wbs_element[index])
        voucher, text = lines.voucher[index], lines.text[index]
        key = (coding, text, voucher if self._placing.looks_at_vouchers or voucher in self._placing.vouchers else "")
        coded = self._worded.get(key)
        if coded is None:
            if len(self._worded) >= _KEPT_TEXTS:
                self._settle(self._worded.values())
                self._worded.clear()
            posting = Posting(date.min, voucher, *coding, text, NOTHING, date.min)
            coded = self._worded[key] = self._new_coded(coding, self._placing.rule_of(posting), lines, index)
        return coded

    def _new_coded(self, coding: Coding, rule: Rule | None, lines: Lines, index: int) -> _Coded:
        written = ";".join(map(_cell, coding))
        return _Coded(self._is_ours(coding), written, rule, coding[0], lines.account_text[index], lines.text[index])

    def _as_written(self, lines: Lines, codings: Iterable[_Coded]) -> list[str]:
        """The lines as a file of postings has them: what makes two of them the same."""
        texts = list(map(self._texts.__getitem__, lines.text))
        if self._texts.masked:
            self._texts.count += sum(map(self._texts.masked.__contains__, texts))
        vouchers = lines.voucher
        if not all(map(str.isalnum, vouchers)):
            vouchers = [_cell(_masked(voucher)) for voucher in vouchers]
        return [
            f"{posted};{voucher};{number};{coded.written};{text};{amount}\n"
            for posted, voucher, number, coded, text, amount in zip(
                lines.posted, vouchers, lines.line, codings, texts, _amounts(lines.amount), strict=True
            )
        ]

    def _is_ours(self, coding: Coding) -> bool:
        """Whether the project's erp names the WBS element, the cost centre or the account: any of them will do."""
        erp = self._dossier.plan.erp
        if erp is None or not self._is_filtered(erp):
            return True
        account, cost_centre, wbs_element = coding
        named = ((account, erp.accounts), (cost_centre, erp.cost_centres), (wbs_element, erp.wbs_elements))
        return any(fnmatchcase(value, pattern) for value, patterns in named for pattern in patterns)

    def _is_filtered(self, erp: Erp) -> bool:
        """Whether the export says what it takes to tell the project's lines from those of others."""
        fields = {"account": erp.accounts, "cost_centre": erp.cost_centres, "wbs_element": erp.wbs_elements}
        return any(patterns and self._export.has(field) for field, patterns in fields.items())

    # ── where they go ────────────────────────────────────────────────────────────────────────

    def _settle(self, codings: Iterable[_Coded]) -> None:
        """Add up whose the lines are, and what an account has of the grant, of wages, and of what no rule places."""
        for coded in codings:
            whose = self._result.new if coded.ours else self._result.others
            whose.lines += coded.lines
            whose.amount += coded.amount
            if coded.ours and coded.lines:
                self._count(coded)

    def _count(self, coded: _Coded) -> None:
        rule, account = coded.rule, coded.account
        unplaced = Unplaced(account, self._shown(coded.title), self._shown(coded.text), 0, NOTHING)
        if rule.grant_income if rule else is_grant(unplaced):
            self._grant += coded.amount
        elif self._dossier.payroll.books_on(account) and not (rule and rule.other_income):
            self._wages += coded.amount
        if rule is None:
            unplaced = self._unplaced.setdefault(account, unplaced)
            unplaced.count += coded.lines
            unplaced.amount += coded.amount

    def _lines(self) -> tuple[BudgetLine, ...]:
        budget = self._dossier.state(date.max).budget
        return budget.budget.lines if budget else ()

    def _shown(self, text: str) -> str:
        return _masked(" ".join(text.split()))

    # ── what is to be said ───────────────────────────────────────────────────────────────────

    def _remarks(self) -> Iterator[Problem]:
        whole = Span(self._export.file, 0, 0)
        if self._texts.count:
            yield problem("import-masked", whole, count=self._texts.count)
        erp = self._dossier.plan.erp
        if erp is not None and not self._is_filtered(erp) and (erp.accounts or erp.cost_centres or erp.wbs_elements):
            yield problem("import-unfiltered", whole)
        if (self._grant > NOTHING) is (self._wages > NOTHING) and NOTHING not in (self._grant, self._wages):
            amounts = {"grant": kroner(self._grant), "wages": kroner(self._wages)}
            yield problem("import-signs", whole, dialect=self._export.dialect.name, **amounts)
        yield from self._vanished()

    def _vanished(self) -> Iterator[Problem]:
        """The lines of earlier imports, in this one's days, that the system does not have any more."""
        first, last = self._first_day, self._last_day
        gone = Counter({line: count for line, count in self._known.items() if count and first <= line[:10] <= last})
        for file in reversed([each.file for each in self._dossier.posting_files]) if gone else ():
            if import_system(file) != self.system:
                continue
            found: list[tuple[int, str]] = []
            with (self._folder / file).open(encoding="utf-8-sig", newline="") as lines:
                for number, line in enumerate(map(_plain, lines), start=1):
                    if gone[line] > 0:
                        gone[line] -= 1
                        found.append((number, line))
            if found:
                yield _gone(file, found)


def _gone(file: str, found: Sequence[tuple[int, str]]) -> Problem:
    rows = [row for _number, line in found for row in csv.reader([line], delimiter=";")]
    vouchers = list(dict.fromkeys(row[1] for row in rows if row[1]))
    named = ", ".join(vouchers[:_NAMED]) + (" …" if len(vouchers) > _NAMED else "")
    amount = Money(sum(int(row[7].replace(",", "")) for row in rows))
    number, line = found[0]
    at = Span(file, number, 1, len(line.rstrip()), line.rstrip())
    return problem("import-vanished", at, count=len(found), amount=kroner(amount), vouchers=named or "–")


def _known_lines(folder: Path, dossier: Dossier, system: str) -> tuple[Counter[str], Counter[str]]:
    """How often the project has each line: from earlier imports of the same system, and from those of others."""
    own, others = Counter[str](), Counter[str]()
    for each in dossier.posting_files:
        with (folder / each.file).open(encoding="utf-8-sig", newline="") as lines:
            (own if import_system(each.file) == system else others).update(map(_plain, islice(lines, 1, None)))
    return own, others


def _plain(line: str) -> str:
    """A line of a file of postings with the line break that an import writes."""
    return f"{line.rstrip()}\n" if line.endswith("\r\n") else line


# ── cells ────────────────────────────────────────────────────────────────────────────────────


class _Texts(dict[str, str]):
    """Each text as it is kept: on one line, without what can be a personal number, in quotes where csv wants them."""

    def __init__(self) -> None:
        super().__init__()
        self.masked: set[str] = set()
        self.count = 0

    def __missing__(self, text: str) -> str:
        if len(self) >= _KEPT_TEXTS:
            self.clear()
        plain = "".join(filter(str.isprintable, " ".join(text.split())))
        kept = _masked(plain)
        written = self[text] = _cell(kept)
        if kept != plain:
            self.masked.add(written)
        return written


def _masked(text: str) -> str:
    """The text without what can be a personal number, however it is written."""
    for found in reversed(personal_numbers(text)) if _FOUR_DIGITS.search(text) else ():
        text = text[: found.start] + MASK + text[found.end :]
    return text


_FOUR_DIGITS = re.compile("[0-9]{4}")  # what every personal number ends with, and few texts hold: asked first


def _cell(text: str) -> str:
    """A cell as csv writes it."""
    return f'"{text.replace(chr(34), chr(34) * 2)}"' if ";" in text or '"' in text else text


def _amounts(amounts: Sequence[Money]) -> list[str]:
    """Amounts as a file of postings has them: 1250,00."""
    digits = list(map(str, amounts))
    if min(map(abs, amounts)) < kr(1):
        digits = [f"{'-' if amount < NOTHING else ''}{abs(int(amount)):03}" for amount in amounts]
    return [f"{each[:-2]},{each[-2:]}" for each in digits]


# ── after ────────────────────────────────────────────────────────────────────────────────────


def _log(folder: Path, result: Import, importing: _Importing, path: Path, imported: date) -> None:
    """The import as the log's last line; where that cannot be written, the file goes again."""
    assert result.file is not None
    keys = {
        "happened": imported.isoformat(),
        "recorded": imported.isoformat(),
        "file": result.file,
        "digest": f"sha256:{importing.digest}",
        "original": digest_of(path),
    }
    event = journal.append_locked(folder, "imported", keys, open_without_postings)
    result.problems += event.problems
    if event.written:
        result.logged = event.number
    else:
        (folder / result.file).unlink()
        result.file = None
