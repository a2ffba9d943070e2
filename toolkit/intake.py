"""One export on its way into a project: whose its lines are, which of them are new, and what is to be said of them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from hashlib import sha256
from itertools import compress, islice
from pathlib import Path

from msgspec import Struct

from toolkit.core.dossier import Dossier
from toolkit.core.money import NOTHING, Money, kroner
from toolkit.core.plan import BudgetLine, Erp
from toolkit.core.postings import Coding, Placing, Posting, Rule, fits
from toolkit.core.problems import N_, Problem, Span, declare, has_errors, problem
from toolkit.core.proposals import Proposal, Unplaced, is_grant, propose
from toolkit.documents.guard import personal_numbers
from toolkit.files import Unfinished
from toolkit.readers.export import Export, Lines
from toolkit.readers.postings import COLUMNS, cell, cells, import_system, posting_file
from toolkit.readers.rows import Advance
from toolkit.readers.values import slug

MASK = "[personnummer fjernet]"

_KEPT_TEXTS = 50_000  # texts repeat from month to month; where they do not, remembering them all would cost more
_NAMED = 5  # so many vouchers are named where many have vanished

declare(
    "import-masked",
    "warning",
    N_("What can be a personal number has been taken out of {count} of the texts."),
    N_("tell whoever writes the texts in the ERP: a personal number must not stand there"),
)
declare(
    "import-unfiltered",
    "warning",
    N_("The export has no column that tells this project's postings from others': all of them are taken."),
    N_("look at the lines before you go on; an export for one project alone needs no such column"),
)
declare(
    "import-signs",
    "warning",
    N_("Grant income ({grant} kr.) and costs ({wages} kr.) have the same sign: one of them is turned round."),
    N_("look at signs: in the dialect {dialect}"),
)
declare(
    "import-changed",
    "warning",
    N_("Voucher {vouchers} reads otherwise in the ERP now: {amount} kr. here (lines: {count}) are counted twice."),
    N_("place the old lines by a rule with not_eligible and a reason, or have the change undone in the ERP"),
)
declare(
    "import-vanished",
    "warning",
    N_("Voucher {vouchers}, {amount} kr. in all, is in this import and gone from the ERP (lines: {count})."),
    N_("ask whoever keeps the books; if they are void, place them by a rule with not_eligible and a reason"),
)


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


class Intake:
    """One export on its way into the project, some hundred lines at a time."""

    def __init__(self, folder: Path, dossier: Dossier, export: Export, imported: date, result: Import) -> None:
        self.system = slug(export.dialect.name)
        self._file = posting_file(imported, self.system, "0" * 64)  # as near as its name is known before it is read
        self.digest = ""
        self._folder = folder
        self._dossier = dossier
        self._export = export
        self._result = result
        self._known, self._elsewhere = _known_lines(folder, dossier, self.system)
        self._placing = Placing(dossier.postings.rules)
        self._codings: dict[Coding, _Coded | None] = {}
        self._worded: dict[tuple[Coding, str, tuple[str, str, Money] | None], _Coded] = {}
        self._texts = _Texts()
        self._unplaced: dict[str, Unplaced] = {}
        self._grant, self._wages = NOTHING, NOTHING
        self._first_day, self._last_day = "9999", ""
        self._key_columns = [COLUMNS.index(field) for field in export.dialect.keys if field in COLUMNS]
        self._new_keys: set[tuple[str, ...] | None] = set()

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
        ours = [coded.ours for coded in codings]
        written = self._as_written(lines, codings, ours)
        if not self._known and not self._elsewhere:
            return list(compress(written, ours))
        found = list(self._unknown(compress(written, ours), compress(lines.amount, ours)))
        self._new_keys.update(map(self._key, found) if self._known else ())
        return found

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
        """What is known of each line's coding; of its text and voucher too, where a rule looks at those."""
        known, vouchers = self._codings, self._placing.vouchers
        codings = list(zip(lines.account, lines.cost_centre, lines.wbs_element, strict=True))
        for coding in set(codings).difference(known):
            surely, rule = self._placing.surely(coding)
            known[coding] = self._new_coded(coding, rule, lines, codings.index(coding)) if surely else None
        found = [known[coding] for coding in codings]
        if not vouchers.isdisjoint(lines.voucher):
            found = [
                None if voucher in vouchers else coded for voucher, coded in zip(lines.voucher, found, strict=True)
            ]
        return [coded or self._by_words(lines, index, codings[index]) for index, coded in enumerate(found)]

    def _by_words(self, lines: Lines, index: int, coding: Coding) -> _Coded:
        voucher, text, placing = lines.voucher[index], lines.text[index], self._placing
        rest = (voucher, lines.posted[index], lines.amount[index])
        key = (coding, text, None if placing.by_text(coding) and voucher not in placing.vouchers else rest)
        coded = self._worded.get(key)
        if coded is None:
            if len(self._worded) >= _KEPT_TEXTS:
                self._settle(self._worded.values())
                self._worded.clear()
            day = date.fromisoformat(lines.posted[index])
            posting = Posting(day, voucher, *coding, text, lines.amount[index], day, self._file)
            coded = self._worded[key] = self._new_coded(coding, placing.rule_of(posting), lines, index)
        return coded

    def _new_coded(self, coding: Coding, rule: Rule | None, lines: Lines, index: int) -> _Coded:
        written = ";".join(map(cell, coding))
        return _Coded(self._is_ours(coding), written, rule, coding[0], lines.account_text[index], lines.text[index])

    def _as_written(self, lines: Lines, codings: Iterable[_Coded], ours: Iterable[bool]) -> list[str]:
        """The lines as a file of postings has them: what makes two of them the same."""
        texts = list(map(self._texts.__getitem__, lines.text))
        if self._texts.masked:
            self._texts.count += sum(map(self._texts.masked.__contains__, compress(texts, ours)))
        vouchers = lines.voucher
        if not all(map(str.isalnum, vouchers)):
            vouchers = [cell(_masked(voucher)) for voucher in vouchers]
        return [
            f"{posted};{voucher};{number};{coded.written};{text};{amount}\n"
            for posted, voucher, number, coded, text, amount in zip(
                lines.posted, vouchers, lines.line, codings, texts, lines.amount_cell, strict=True
            )
        ]

    def _is_ours(self, coding: Coding) -> bool:
        """Whether the project's erp names the WBS element, the cost centre or the account: any of them will do."""
        erp = self._dossier.plan.erp
        if erp is None or not self._is_filtered(erp):
            return True
        account, cost_centre, wbs_element = coding
        named = ((account, erp.accounts), (cost_centre, erp.cost_centres), (wbs_element, erp.wbs_elements))
        return any(fits(pattern, value) for value, patterns in named for pattern in patterns)

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
        """The lines of earlier imports, in this one's days, that the system has no more, or has otherwise."""
        first, last = self._first_day, self._last_day
        gone = Counter({line: count for line, count in self._known.items() if count and first <= line[:10] <= last})
        for file in reversed([each.file for each in self._dossier.posting_files]) if gone else ():
            if import_system(file) != self.system:
                continue
            changed: list[_Gone] = []
            vanished: list[_Gone] = []
            with (self._folder / file).open(encoding="utf-8-sig", newline="") as lines:
                for number, line in enumerate(map(_plain, lines), start=1):
                    if gone[line] > 0:
                        gone[line] -= 1
                        (changed if self._key(line) in self._new_keys else vanished).append((number, line))
            for code, found in (("import-changed", changed), ("import-vanished", vanished)):
                if found:
                    yield _gone(code, file, found)

    def _key(self, line: str) -> tuple[str, ...] | None:
        """What names a posting, as the dialect says; None where nothing does."""
        row = cells(line) if self._key_columns else []
        return tuple(row[column] for column in self._key_columns) or None


_Gone = tuple[int, str]  # a line of a file and its number


def _gone(code: str, file: str, found: Sequence[_Gone]) -> Problem:
    rows = [cells(line) for _number, line in found]
    vouchers = list(dict.fromkeys(row[1] for row in rows if row[1]))
    named = ", ".join(vouchers[:_NAMED]) + (" …" if len(vouchers) > _NAMED else "")
    amount = Money(sum(int(row[7].replace(",", "")) for row in rows))
    number, line = found[0]
    at = Span(file, number, 1, len(line.rstrip()), line.rstrip())
    return problem(code, at, count=len(found), amount=kroner(amount), vouchers=named or "–")


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


# ── texts ────────────────────────────────────────────────────────────────────────────────────


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
        written = self[text] = cell(kept)
        if kept != plain:
            self.masked.add(written)
        return written


def _masked(text: str) -> str:
    """The text without what can be a personal number, however it is written."""
    for found in reversed(personal_numbers(text)) if _FOUR_DIGITS.search(text) else ():
        text = text[: found.start] + MASK + text[found.end :]
    return text


_FOUR_DIGITS = re.compile("[0-9]{4}")  # what every personal number ends with, and few texts hold: asked first
