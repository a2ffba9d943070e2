"""One export on its way into a project: whose its lines are, which of them are new, and what is to be said of them."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from datetime import date
from functools import cached_property
from hashlib import sha256
from itertools import compress, repeat
from pathlib import Path

from msgspec import Struct, field, structs

from toolkit.core.absences import absences_of
from toolkit.core.dossier import Dossier
from toolkit.core.doubles import (
    doubles,
    is_masked,
    may_be_nowhere,
    nowhere,
    plain,
    rule_for,
    told,
    told_nowhere,
    vouchers,
)
from toolkit.core.events import Imported
from toolkit.core.money import NOTHING, Money, kroner, total
from toolkit.core.personal import without_numbers
from toolkit.core.plan import BudgetLine, Erp
from toolkit.core.postings import Coding, Placing, Posting, Rule, day_of, fits
from toolkit.core.problems import N_, Problem, Span, declare, has_errors, problem
from toolkit.core.proposals import Proposal, Unplaced, is_grant, propose
from toolkit.core.rows import PostingRow, rows_of
from toolkit.core.same_books import Listed, is_listed_apart, missing, spoken_of
from toolkit.core.spellings import mistyped, written_otherwise
from toolkit.core.state import corrected
from toolkit.covered_days import CoveredDays
from toolkit.files import Unfinished
from toolkit.known_lines import Alike, KnownLine, KnownLines, Masks
from toolkit.readers import shelf
from toolkit.readers.dialect import Dialect
from toolkit.readers.export import Beside, Count, Export, Lines, Request
from toolkit.readers.postings import COLUMNS, PERFORMED, cell, cells, import_day, import_system, posting_file
from toolkit.readers.rows import Advance
from toolkit.readers.values import slug

_KEPT_TEXTS = 50_000  # texts repeat from month to month; where they do not, remembering them all would cost more
_NAMED = 5  # so many elements are named where there are many
_VOUCHER, _ACCOUNT = COLUMNS.index("voucher"), COLUMNS.index("account")
_CODING = slice(_ACCOUNT, _ACCOUNT + 3)

declare(
    "import-masked",
    "warning",
    N_("What can be a personal number, or an employee's number, has been taken out of {count} of the lines."),
    N_("tell whoever writes the texts in the ERP: such a number must not stand there"),
)
declare(
    "import-voucher-masked",
    "warning",
    N_(
        "The vouchers of {count} lines can be personal numbers and have been taken out: nothing leads from these lines "
        "to their documents, and two of them are told apart by their days and texts alone."
    ),
    N_(
        "note elsewhere which documents they are (day, account and amount find them in the ERP); if it can be chosen, "
        "have vouchers numbered otherwise than with ten digits that begin like a date"
    ),
)
declare(
    "import-balance",
    "warning",
    N_(
        "What reads “{text}” and has no voucher may be a balance that the list carries forward, and no posting: it is "
        "taken for one (lines: {count}, {amount} kr. in all)."
    ),
    N_(
        'if it is none, write at the top of rules: in allocation.yaml: - {{text: "{text}", taken_back: true, reason: '
        "…}}"
    ),
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
    N_("Voucher {vouchers} reads otherwise in the export: {amount} kr. here (lines: {count}) may be counted twice."),
    N_(
        "ask whoever keeps the books; if the new lines are instead of those, write at the top of rules: in "
        "allocation.yaml: - {rule}; if both are right, pulje check says what to write in the log"
    ),
)
declare(
    "import-vanished",
    "warning",
    N_(
        "Voucher {vouchers}, {amount} kr. in all, is in the import of {day}, and this export covers its days and has "
        "it no more (lines: {count})."
    ),
    N_("ask whoever keeps the books; if it is void, write at the top of rules: in allocation.yaml: - {rule}"),
)
declare(
    "import-other-list",
    "note",
    N_(
        "The export has no line of {elements}, and in the latest lists of this system those do not stand together with "
        "what it has: whether their lines of its days (lines: {count}, {amount} kr. in all) still are in the ERP was "
        "not looked at."
    ),
    N_("import the list of {elements} too; if this one should have had them, ask whoever keeps the books"),
)
declare(
    "import-perhaps-vanished",
    "note",
    N_(
        "Voucher {vouchers}, {amount} kr. in all, is in the import of {day} and of this export's own days, {starts} to "
        "{ends}, and not in it (lines: {count}). The export does not say which period it covers, so nothing is kept of "
        "it."
    ),
    N_(
        "say the period that was chosen in the ERP: --starts {starts} --ends {ends}; what has gone is told of by check "
        "then, until somebody has answered"
    ),
)
declare(
    "import-again",
    "note",
    N_(
        "This is byte for byte the export of {day}, and there are later ones: what it lacks, or has again, was not "
        "looked for."
    ),
    N_("if it was made anew, say the last day that it covers, later than before: --ends …"),
)
declare(
    "import-period-guessed",
    "warning",
    N_(
        "The export does not say which period it covers, so it was taken for {starts} to {ends}. {count} lines of "
        "earlier imports, {amount} kr., lie outside: whether they still are in the ERP was not looked at."
    ),
    N_("say the period that was chosen in the ERP: --starts {first} --ends {last}"),
)
declare(
    "import-period-posted",
    "warning",
    N_(
        "The day of its lines is the one that was given with --posted, {day}, so nothing tells which period the export "
        "covers: what earlier imports have and it has no more was not looked for."
    ),
    N_("say the period that was chosen in the ERP: --starts … --ends …; and give the list the same --posted each time"),
)
declare(
    "import-empty",
    "warning",
    N_("The export has no lines, and does not say which period it covers."),
    N_("say the period that was chosen in the ERP, and what has gone within it is told: --starts … --ends …"),
)
declare(
    "import-period-other",
    "warning",
    N_("The export itself says that it covers {starts} to {ends}: that goes before --starts and --ends."),
    N_("leave --starts and --ends out, or look whether it is the right export"),
)
declare(
    "import-none-own",
    "warning",
    N_("Not one line is this project's: erp in project.yaml names {ours}, and the file has {theirs}."),
    N_("look whether it is the right export, or correct {key} under erp: in project.yaml"),
)
declare(
    "import-near-own",
    "warning",
    N_("Not one line is this project's: erp in project.yaml names {ours}, and the file has {theirs}."),
    N_("look which it is; only if {near} is this project's, write in project.yaml: erp: {{{key}: [{meant}]}}"),
)
declare(
    "import-performed-differs",
    "warning",
    N_(
        "By the export voucher {vouchers} was performed on {day}, and the lines that are here say otherwise or "
        "nothing: they stay as they are (lines: {count}, of {total} that differ)."
    ),
    N_("if the export is right, write at the top of rules: in allocation.yaml: - {rule}"),
)
declare(
    "import-taken-back",
    "warning",
    N_("Voucher {vouchers} is in the ERP, and a rule takes it back: {amount} kr. count nowhere (lines: {count})."),
    N_("delete the rule, if the books have it again; {place} is its line"),
)
declare(
    "import-text-rule",
    "warning",
    N_("This rule looks at texts of account {account}, and the dialect {dialect} leaves those out: they name people."),
    N_("choose by voucher or cost_centre, or see what docs/recipes/new-erp.md says of without_text"),
)


class Import(Struct, kw_only=True):
    """What became of an export. Read is always new, known and others' together, to the øre.

    `new` are this project's lines that no earlier import had, `known` those that one had, `others` the lines of other
    projects. `file` is what was written, or would be, or was found unlogged; None where nothing is new. `starts` and
    `ends` are the period that the export covers, and `period_said` whether anybody said so.
    """

    export: Export | None = None
    new: Count = field(default_factory=Count)
    known: Count = field(default_factory=Count)
    others: Count = field(default_factory=Count)
    beside: Beside = field(default_factory=Beside)
    problems: list[Problem]
    proposals: list[Proposal] = field(default_factory=list)
    texts_left_out: int = 0
    starts: date | None = None
    ends: date | None = None
    period_said: bool = False
    vanished: list[PostingRow] = field(default_factory=list)  # that it lacks, and that no import has told of
    changed: list[PostingRow] = field(default_factory=list)  # of those, what it has otherwise
    reappeared: list[PostingRow] = field(default_factory=list)  # that one has told of, and that it has
    unchanged: list[PostingRow] = field(default_factory=list)  # that it has to the letter beside others like them
    elements: tuple[str, ...] = ()  # the project's, that it has lines of, where the new ones do not say so
    file: str | None = None
    found: bool = False  # the file was there already, and only its line in the log was missing
    withdrawn: bool = False  # it was missing since the import had been withdrawn
    logged: int = 0  # the line of the log that says so

    @property
    def read(self) -> Count:
        """The control total."""
        parts = (self.new, self.known, self.others)
        return Count(sum(part.lines for part in parts), total(part.amount for part in parts))

    @property
    def failed(self) -> bool:
        """Whether nothing may come of it."""
        return has_errors(self.problems)


class Said(Struct, frozen=True):
    """What whoever imports says of the export: its lines' posting date where they have none, the period it covers."""

    posted: date | None = None
    starts: date | None = None
    ends: date | None = None


NOTHING_SAID = Said()


Gone = tuple[bool, KnownLine]  # whether something came instead of it, and the line


class _Coded(Struct):
    """All that is to know of the lines with one coding, and where their texts matter with one text."""

    ours: bool
    written: str  # as three cells
    rule: Rule | None
    account: str
    title: str
    text: str
    silent: bool  # its texts are not kept
    lines: int = 0
    amount: Money = NOTHING


class Intake:
    """One export on its way into the project, some hundred lines at a time.

    Lines of files in `leaving_out` count as if they were not there. `original` is the digest of the export's bytes.
    """

    def __init__(
        self,
        folder: Path,
        dossier: Dossier,
        result: Import,
        imported: date,
        said: Said,
        leaving_out: Iterable[str] = (),
        original: str = "",
    ) -> None:
        assert result.export is not None
        self._export = result.export
        self._dialect = dialect = result.export.dialect
        self.system = self.system_of(result.export)
        self.digest = ""
        self._dossier = dossier
        self._result = result
        self._imported = imported
        days = {"starts": said.starts, "ends": said.ends}
        self._request = Request(imported, said.posted, frozenset(name for name, day in days.items() if day))
        self.file = posting_file(imported, self.system, "0" * 64)  # as near as its name is known before it is read
        self._masks = Masks(dialect)
        files = [each.file for each in dossier.posting_files if each.file not in leaving_out]
        self._older = self._same_as_before(original)
        self._absences = absences_of(dossier.events)
        watch = {*self._absences.open, *self._absences.answered}
        self._before = KnownLines(folder, files, self.system, self._masks, watch)
        rules = dossier.postings.rules
        self._placing = Placing(rules)
        self._placing_new = Placing(rule for rule in rules if not _is_for_another(rule, files))
        self._codings: dict[Coding, _Coded | None] = {}
        self._worded: dict[tuple[Coding, str, tuple[str, str, Money] | None], _Coded] = {}
        self._balances, self._balance_text = Count(), ""
        self._textless = 0  # lines on accounts of wages that have no text to leave out
        self._unplaced: dict[str, Unplaced] = {}
        self._grant, self._wages = NOTHING, NOTHING
        self._days = CoveredDays(*self._period(said), today=imported.isoformat())
        self._performs = bool(dialect.columns.performed) and result.export.has("performed")
        self._performed: defaultdict[str, list[str]] = defaultdict(list)  # of known lines, where the days may differ
        self._key_columns = [COLUMNS.index(name) for name in dialect.keys or ("voucher",) if name in COLUMNS]
        self._new_keys: set[tuple[str, ...]] = set()
        self._new_days: set[tuple[str, str]] = set()  # the vouchers and days of new lines
        self._keys_of: dict[str, set[tuple[str, ...]]] = {}  # of a file, those that the export still has
        self._doubtful: list[tuple[int, str]] = []  # rows of the new file whose voucher and amount another has too
        self._beside: list[tuple[int, str]] = []  # and those whose voucher another system's file has
        self._new_codings: set[Coding] = set()  # of lines that are new in a project that has others
        self._spoken: dict[str, Set[str]] = {}  # by system, the elements that the export says something of
        self._apart: dict[str, bool] = {}  # the accounts, and whether they have lists of their own
        self._places = (folder / "templates", shelf.TEMPLATES)
        self._rows = 1

    def read(self, file: Unfinished | None, advance: Advance) -> None:
        """All the lines: the new ones are written, and what is to be said about any of them is said."""
        digest = sha256()
        problems: list[Problem] = []
        for written in self._written(problems, advance):
            digest.update(written)
            if file is not None:
                file.write(written)
        self.digest = digest.hexdigest()
        result = self._result
        result.problems += problems
        self._settle(coded for coded in self._codings.values() if coded)
        self._settle(self._worded.values())
        result.texts_left_out -= self._textless
        result.new.add(-result.known.amount, -result.known.lines)
        result.starts, result.ends = self._days.covered
        if not result.failed:
            alike = {each.file for each in self._dossier.posting_files if each.digest == f"sha256:{self.digest}"}
            self.file = posting_file(self._imported, self.system, self.digest, alike)
            result.problems += self._remarks()
            result.proposals += propose(self._unplaced.values(), self._lines())

    @staticmethod
    def system_of(export: Export) -> str:
        """What the files of an export's system have in their names."""
        return slug(export.dialect.name)

    def _imports(self, system: str | None = None) -> list[Imported]:
        """A system's imports that the log tells of, else the export's own system's, the last one last."""
        return [event for event in self._every_import if import_system(event.file) == (system or self.system)]

    @cached_property
    def _every_import(self) -> list[Imported]:
        return [event for event in corrected(self._dossier.events) if isinstance(event, Imported)]

    def _same_as_before(self, original: str) -> Imported | None:
        """The import of these very bytes that was not the system's last; None where there is none."""
        its = self._imports()
        return next((event for event in reversed(its[:-1]) if event.original == original != its[-1].original), None)

    @property
    def _is_old(self) -> bool:
        """Whether it is an older export that comes again, and not the same books a while later."""
        older, last = self._older, self._days.whole[1]
        is_later = self._result.period_said and older and older.ends and last > older.ends.isoformat()
        return older is not None and not is_later

    @property
    def is_news(self) -> bool:
        """Whether the log must tell of the export, though it may have nothing new: of its days, or what they lack."""
        return self.reaches_further or bool(self._result.vanished or self._result.reappeared)

    @property
    def reaches_further(self) -> bool:
        """Whether the export is known to cover days that no import before it did, though it has nothing new."""
        ends = [event.ends.isoformat() for event in self._imports() if event.ends]
        before = max([*ends, self._before.last])
        return self._result.period_said and self._result.ends is not None and self._result.ends.isoformat() > before

    def _period(self, said: Said) -> tuple[date | None, date | None]:
        """What the export says that it covers, else what whoever imports says."""
        starts, ends = self._export.period(self._result.problems, self._request)
        self._result.period_said = bool(ends or said.ends)
        if any(own and typed and own != typed for own, typed in ((starts, said.starts), (ends, said.ends))):
            words = {"starts": starts or "–", "ends": ends or "–"}
            self._result.problems.append(problem("import-period-other", Span(self._export.file, 0, 0), **words))
        return starts or said.starts, ends or said.ends

    def _written(self, problems: list[Problem], advance: Advance) -> Iterator[bytes]:
        yield f"{';'.join((*COLUMNS, PERFORMED) if self._performs else COLUMNS)}\n".encode()
        for lines in self._export.lines(problems, self._request, self._result.beside, advance):
            yield "".join(self._new(lines)).encode()

    def _new(self, lines: Lines) -> list[str]:
        """Those of the lines that no earlier import had, as they are written; all of them are counted."""
        self._days.take(lines)
        codings = self._coded(lines)
        for coded, amount in zip(codings, lines.amount, strict=True):
            coded.lines += 1
            coded.amount += amount
        ours = [coded.ours for coded in codings]
        written = list(compress(self._as_written(lines, codings, ours), ours))
        performed = list(compress(lines.performed, ours)) if self._performs else []
        if self._before.is_empty:
            new: Sequence[int] = range(len(written))
        else:
            new = self._unknown(written, list(compress(lines.amount, ours)), performed)
            for index in new:
                self._look_at(written[index])
        if not performed:
            return [written[index] for index in new]
        return [f"{written[index][:-1]};{performed[index]}\n" for index in new]

    def _unknown(self, lines: Sequence[str], amounts: Sequence[Money], performed: Sequence[str]) -> list[int]:
        """Which lines the project has not as often as this export, up to here, has them."""
        own, elsewhere, known, new = self._before.own, self._before.elsewhere, self._result.known, []
        for index, (line, amount, day) in enumerate(zip(lines, amounts, performed or repeat(""), strict=False)):
            if own.get(line):
                own[line] -= 1
            elif elsewhere.get(line):
                elsewhere[line] -= 1
            else:
                new.append(index)
                continue
            known.add(amount)
            if day and self._before.performed.get(line, {""}) - {day}:
                self._performed[line].append(day)
        return new

    def _look_at(self, line: str) -> None:
        """A new line's key, and whether another file has its voucher and amount."""
        self._rows += 1
        if key := self._key(line):
            self._new_keys.add(key)
        row = cells(line)
        account, cost_centre, wbs_element = row[_CODING]
        self._new_codings.add((account, cost_centre, wbs_element))
        if self._absences.answered:
            self._new_days.add((plain(row[_VOUCHER]), row[0]))
        if self._before.alike.has(row):
            self._doubtful.append((self._rows, line))
        if self._before.elsewhere and plain(row[_VOUCHER]) in self._before.vouchers_elsewhere:
            self._beside.append((self._rows, line))

    def _coded(self, lines: Lines) -> list[_Coded]:
        """What is known of each line's coding; of its text and voucher too, where a rule looks at those."""
        known, vouchers = self._codings, self._placing_new.vouchers
        codings = list(zip(lines.account, lines.cost_centre, lines.wbs_element, strict=True))
        for coding in set(codings).difference(known):
            surely, rule = self._placing_new.surely(coding)
            known[coding] = self._new_coded(coding, rule, lines, codings.index(coding)) if surely else None
        found = [known[coding] for coding in codings]
        if not vouchers.isdisjoint(lines.voucher):
            found = [
                None if voucher in vouchers else coded for voucher, coded in zip(lines.voucher, found, strict=True)
            ]
        return [coded or self._by_words(lines, index, codings[index]) for index, coded in enumerate(found)]

    def _by_words(self, lines: Lines, index: int, coding: Coding) -> _Coded:
        placing, voucher = self._placing_new, lines.voucher[index]
        text = lines.text[index] if self._masks.keeps_text(coding[0]) else ""
        by_text = voucher not in placing.vouchers and placing.by_text(coding)
        key = (coding, text, None if by_text else (voucher, lines.posted[index], lines.amount[index]))
        coded = self._worded.get(key)
        if coded is None:
            if len(self._worded) >= _KEPT_TEXTS:
                self._settle(self._worded.values())
                self._worded.clear()
            day = date.fromisoformat(lines.posted[index])
            posting = Posting(day, voucher, *coding, text, lines.amount[index], self._imported, self.file)
            coded = self._worded[key] = self._new_coded(coding, placing.rule_of(posting), lines, index)
        return coded

    def _new_coded(self, coding: Coding, rule: Rule | None, lines: Lines, index: int) -> _Coded:
        written, silent = ";".join(map(cell, coding)), not self._masks.keeps_text(coding[0])
        text = "" if silent else lines.text[index]
        return _Coded(self._is_ours(coding), written, rule, coding[0], lines.account_text[index], text, silent)

    def _as_written(self, lines: Lines, codings: Sequence[_Coded], ours: Sequence[bool]) -> list[str]:
        """The lines as a file of postings has them: what makes two of them the same."""
        masks = self._masks
        texts = list(map(masks.texts.__getitem__, lines.text))
        vouchers = list(map(masks.voucher, lines.voucher)) if masks.concern(lines.voucher) else lines.voucher
        if masks.texts.masked or masks.masked:
            masks.count(compress(texts, ours), compress(vouchers, ours))
        if masks.texts.balances:
            for text, voucher, amount, coded in zip(texts, vouchers, lines.amount, codings, strict=True):
                is_void = coded.rule is not None and coded.rule.taken_back
                if coded.ours and not voucher and not is_void and text in masks.texts.balances:
                    self._balances.add(amount)
                    self._balance_text = text
        if "" in texts:
            self._textless += sum(
                coded.silent and coded.ours and not text for coded, text in zip(codings, texts, strict=True)
            )
        return [
            f"{posted};{voucher};{number};{coded.written};{'' if coded.silent else text};{amount}\n"
            for posted, voucher, number, coded, text, amount in zip(
                lines.posted, vouchers, lines.line, codings, texts, lines.amount_cell, strict=True
            )
        ]

    def _is_ours(self, coding: Coding) -> bool:
        """Whether the project's erp names the WBS element, the cost centre or the account: any of them will do.

        Capital letters make no difference: an ERP has its own, and a list made by hand has others.
        """
        erp = self._dossier.plan.erp
        if erp is None or not self._is_filtered(erp):
            return True
        account, cost_centre, wbs_element = coding
        named = ((account, erp.accounts), (cost_centre, erp.cost_centres), (wbs_element, erp.wbs_elements))
        return any(fits(pattern.casefold(), value.casefold()) for value, patterns in named for pattern in patterns)

    def _is_filtered(self, erp: Erp) -> bool:
        """Whether the export says what it takes to tell the project's lines from those of others."""
        return any(patterns and self._export.has(name) for name, patterns in _filters(erp).items())

    # ── where they go ────────────────────────────────────────────────────────────────────────

    def _settle(self, codings: Iterable[_Coded]) -> None:
        """Add up whose the lines are, and what an account has of the grant, of wages, and of what no rule places."""
        for coded in codings:
            whose = self._result.new if coded.ours else self._result.others
            whose.add(coded.amount, coded.lines)
            if coded.silent and coded.ours:
                self._result.texts_left_out += coded.lines
            if coded.ours and coded.lines:
                self._count(coded)

    def _count(self, coded: _Coded) -> None:
        rule, account = coded.rule, coded.account
        texts = self._shown(coded.title), self._shown(coded.text)
        unplaced = Unplaced(account, *texts, 0, NOTHING, names_people=coded.silent)
        if rule.grant_income if rule else is_grant(unplaced):
            self._grant += coded.amount
        elif self._dossier.payroll.books_on(account) and not (rule and (rule.other_income or rule.taken_back)):
            self._wages += coded.amount
        if rule is None:
            unplaced = self._unplaced.setdefault(account, unplaced)
            unplaced.count += coded.lines
            unplaced.amount += coded.amount

    def _lines(self) -> tuple[BudgetLine, ...]:
        budget = self._dossier.state(date.max).budget
        return budget.budget.lines if budget else ()

    def _shown(self, text: str) -> str:
        return without_numbers(" ".join(text.split()))

    # ── what is to be said ───────────────────────────────────────────────────────────────────

    def _remarks(self) -> Iterator[Problem]:
        whole = Span(self._export.file, 0, 0)
        if self._masks.counted:
            yield problem("import-masked", whole, count=self._masks.counted)
        if self._masks.vouchers_counted:
            yield problem("import-voucher-masked", whole, count=self._masks.vouchers_counted)
        if self._balances.lines:
            words = {"count": self._balances.lines, "amount": kroner(self._balances.amount)}
            yield problem("import-balance", whole, text=self._balance_text, **words)
        erp = self._dossier.plan.erp
        if erp is not None and any(_filters(erp).values()):
            yield from self._whose(erp, whole)
        if (self._grant > NOTHING) is (self._wages > NOTHING) and NOTHING not in (self._grant, self._wages):
            amounts = {"grant": kroner(self._grant), "wages": kroner(self._wages)}
            yield problem("import-signs", whole, dialect=self._dialect.name, **amounts)
        yield from self._days.remarks(whole)
        yield from self._otherwise_performed(whole)
        yield from self._rules_for_texts()
        if self._older and self._is_old:
            yield problem("import-again", whole, day=self._older.happened)
        self._result.elements = self._elements_unsaid()
        gone = [] if self._is_old else [*self._gone(), *self._gone_elsewhere()]
        gone, of_others = self._parted(gone)
        for is_changed, each in gone:
            if not self._is_to_tell(is_changed, each):  # should it come again, it is to be told that it counts nowhere
                self._keep(is_changed, [each])
        gone = [(is_changed, each) for is_changed, each in gone if self._is_to_tell(is_changed, each)]
        of_others = [(name, each) for name, each in of_others if self._is_to_tell(False, each)]
        if of_others:
            yield self._of_another_list(of_others)
        for is_changed, found in self._by_code(gone):
            self._keep(is_changed, found)
            yield self._told(is_changed, found)
        yield from self._guessed(whole)
        its = (
            {(each.file, each.row) for _is_changed, each in gone}
            | {*self._result.vanished}
            | self._absences.open.keys()
        )
        is_gone = its.difference(self._result.reappeared)
        yield from self._taken_back(is_gone)
        yield from self._doubles(is_gone)
        if not self._is_old:
            self._result.unchanged += self._shared()

    def _whose(self, erp: Erp, whole: Span) -> Iterator[Problem]:
        """A filter that the export cannot be held against, or that none of its lines passes."""
        if not self._is_filtered(erp):
            yield problem("import-unfiltered", whole)
            return
        if self._result.new.lines or self._result.known.lines or not self._result.others.lines:
            return
        key, ours = next((key, its) for key, its in _filters(erp).items() if its and self._export.has(key))
        place = ("account", "cost_centre", "wbs_element").index(key)
        theirs = sorted({coding[place] for coding in self._codings} - {""})
        near = _near(theirs, ours)
        words = {"ours": _some(ours), "theirs": _some(theirs), "key": f"{key}s"}
        if near:
            meant = ", ".join(near.get(each, each) for each in ours)
            yield problem("import-near-own", whole, near=next(iter(near.values())), meant=meant, **words)
        else:
            yield problem("import-none-own", whole, **words)

    def _otherwise_performed(self, whole: Span) -> Iterator[Problem]:
        """Costs that the export has on another day than they count on, until a rule says when."""
        found: defaultdict[tuple[str, str, str], list[Posting]] = defaultdict(list)
        for each, day in self._performed_anew():
            rule, performed = self._placing.rule_of(each.posting), date.fromisoformat(day)
            before = date.fromisoformat(each.performed) if each.performed else None
            days = {day_of(structs.replace(each.posting, performed=its), rule) for its in (before, performed)}
            if len(days) > 1 and (rule is None or rule.line or rule.split):
                found[each.file, day, _place_of(rule)].append(each.posting)
        count = sum(map(len, found.values()))
        for (_file, day, place), its in found.items():
            words = {"vouchers": vouchers(its), "day": date.fromisoformat(day), "count": len(its), "total": count}
            words["rule"] = rule_for(tuple(its), {}, f"{place}, performed: {day}")
            yield problem("import-performed-differs", whole, **words)

    def _performed_anew(self) -> Iterator[tuple[KnownLine, str]]:
        """Known lines with the day that the export has for them, where that is another than theirs."""
        rows: defaultdict[str, list[KnownLine]] = defaultdict(list)
        for file in self._before.files if self._performed else ():
            for each in self._before.lines(file):
                if each.line in self._performed:
                    rows[each.line].append(each)
        for line, days in self._performed.items():
            left = Counter(days)
            rest = []
            for each in sorted(rows[line], key=lambda each: not each.performed):
                if each.performed and left[each.performed]:
                    left[each.performed] -= 1
                else:
                    rest.append(each)
            yield from zip(rest, left.elements(), strict=False)

    def _rules_for_texts(self) -> Iterator[Problem]:
        """Rules that look at texts which the dialect leaves out, each told once."""
        told_of = set()
        for coding, coded in self._codings.items():
            if not self._masks.keeps_text(coding[0]) and (coded.ours if coded else self._is_ours(coding)):
                for rule in self._placing.possible(coding):
                    if rule.text is not None and id(rule) not in told_of:
                        told_of.add(id(rule))
                        words = {"account": coding[0], "dialect": self._dialect.name}
                        yield problem("import-text-rule", rule.at.of("text"), **words)

    def _gone(self) -> Iterator[tuple[bool, KnownLine]]:
        """The lines of earlier imports, in this one's period, that the system has no more, or has otherwise.

        Of lines that are alike those go first that have gone before, then those that a rule takes back: what has been
        told of, or answered, is not to be told of another. What a rule takes back is kept, and not told.
        An export that came before another, byte for byte, knows nothing of what has happened since.
        """
        first, last = self._days.whole
        left = Counter({line: n for line, n in self._before.own.items() if n and first <= line[:10] <= last})
        if not left and not self._before.watched:
            return
        before = {(each.file, each.row) for each in self._before.watched}
        found = self._still_gone(self._before.own, [each for each in self._before.watched if self._is_own(each)])
        for line, its in found.items():
            if line in left:
                left[line] -= len(its)
            else:
                its.clear()
        for file in reversed(self._before.of_days(first, last)) if left else ():
            for each in self._before.lines(file):
                if left[each.line] > 0 and (file, each.row) not in before:
                    found[each.line].append(each)
        told = []
        for line, its in found.items():
            known = sum((each.file, each.row) in before for each in its)
            rest = sorted(its[known:], key=lambda each: not self._is_taken_back(each.posting))
            told += [*its[:known], *rest[: left[line]]]
        order = self._dossier.files_in_order().index
        for each in sorted(told, key=lambda each: (order(each.file), each.row)):
            is_changed = self._is_changed(each)
            if self._is_to_tell(is_changed, each) or self._is_taken_back(each.posting):
                yield is_changed, each

    def _is_own(self, each: KnownLine) -> bool:
        return self._before.is_own(each.file)

    def _is_to_tell(self, is_changed: bool, each: KnownLine) -> bool:
        """Whether nobody has answered for it: neither the log nor a rule.

        The log answers for what was told, and a new line of the same voucher and day was not there then.
        """
        if self._is_taken_back(each.posting):
            return False
        if (each.file, each.row) not in self._absences.answered:
            return True
        return is_changed and (plain(cells(each.line)[_VOUCHER]), each.line[:10]) in self._new_days

    def _still_gone(self, left: Counter[str], watched: Iterable[KnownLine]) -> defaultdict[str, list[KnownLine]]:
        """What has gone before, line by line, as far as the export has it not: the rest it has again."""
        found: defaultdict[str, list[KnownLine]] = defaultdict(list)
        for each in watched:
            found[each.line].append(each)
        for line, its in found.items():
            its.sort(key=lambda each: not self._is_taken_back(each.posting))
            still = min(len(its), left[line])
            self._result.reappeared += [(each.file, each.row) for each in its[still:] if self._is_open(each)]
            del its[still:]
        return found

    def _gone_elsewhere(self) -> Iterator[tuple[bool, KnownLine]]:
        """The same of files that came through other dialects: of those, what is surely of the same books."""
        before, (first, last) = self._before, self._days.whole
        self._still_gone(before.elsewhere, [each for each in before.watched if not self._is_own(each)])
        left = {line: n for line, n in before.elsewhere.items() if n and first <= line[:10] <= last}
        others = dict.fromkeys(each for each in before.systems.values() if each != self.system) if left else ()
        order = self._dossier.files_in_order().index
        for system in others:
            lines, accounts = self._left_of(before.of_days(first, last, system), left)
            if not lines:
                continue
            its = {(each.file, each.row): each.posting for each in lines}
            has = self._export_has(system, its.values(), left.keys())
            whole, is_told = self._reads_as(system), system in self._told_of
            found = missing([*its.values()], has, accounts, whole, self.file, is_told, self._is_void)
            kinds = {(each.file, each.row): True for each in lines if self._is_open(each)}  # it is there otherwise
            kinds |= {(each.file, each.row): False for each in found.lacked}
            kinds |= {(each.file, each.row): True for each in found.changed}
            for each in sorted(lines, key=lambda each: (order(each.file), each.row)):
                is_changed = kinds.get((each.file, each.row))
                if is_changed is not None and self._is_to_tell(is_changed, each):
                    yield is_changed, each

    @cached_property
    def _told_of(self) -> set[str]:
        """The systems of which this one's imports have told that it has their lines, or no more; or they of its."""
        found = set()
        for event in self._every_import:
            rows = (*rows_of(event.vanished), *rows_of(event.reappeared), *rows_of(event.unchanged))
            systems = {import_system(event.file), *(import_system(file) for file, _row in rows)}
            found |= systems if self.system in systems else set()
        return {system for system in found if system} - {self.system}

    def _is_void(self, posting: Posting) -> bool:
        """Whether a rule takes it back, and it is not told of as gone: it may stand for another, of another system."""
        return (posting.file, posting.row) not in self._absences.open and self._is_taken_back(posting)

    def _shared(self) -> Iterator[PostingRow]:
        """A row of each other system that the export has too, where the log does not tell yet that their books are one.

        Only a dialect that reads as this one's is of the same books: others are told apart by what they say.
        """
        others = {*self._before.systems.values()} - {self.system} - self._told_of
        for system in sorted(filter(self._reads_as, others)):
            left = Counter(self._before.elsewhere)
            lines = (each for file in self._before.files_of(system) for each in self._before.lines(file))
            for each in lines:
                left[each.line] -= 1
                if left[each.line] < 0:
                    yield each.file, each.row
                    break

    def _left_of(self, files: Sequence[str], left: Mapping[str, int]) -> tuple[list[KnownLine], set[str]]:
        """Lines of these files and days that the export has not to the letter, and the accounts of those that it has.

        Those that count come first: what a rule has taken back is not to be found in their place.
        """
        first, last = self._days.whole
        by_line: defaultdict[str, list[KnownLine]] = defaultdict(list)
        accounts: set[str] = set()
        for file in reversed(files):
            for each in self._before.lines(file):
                if each.line in left:
                    by_line[each.line].append(each)
                elif first <= each.line[:10] <= last:
                    accounts.add(cells(each.line)[_ACCOUNT])
        gone: list[KnownLine] = []
        for line, its in by_line.items():
            its.sort(key=lambda each: (not self._is_open(each), not self._is_taken_back(each.posting)))
            gone += its[: left[line]]
            if its[left[line] :]:
                accounts.add(cells(line)[_ACCOUNT])
        gone.sort(key=lambda each: (self._is_taken_back(each.posting), self._is_open(each)))
        return gone, set(map(plain, accounts))

    def _export_has(self, system: str, wanted: Iterable[Posting], gone: Set[str]) -> Iterator[Posting]:
        """What the export has of the vouchers that are wanted, new or known, and not from that system's own files.

        What counts and is to the letter one of the `gone` is another line than that: the export has not both.
        """
        named = {plain(each.voucher) for each in wanted} - {""}
        for row, line in self._beside:
            if plain(cells(line)[_VOUCHER]) in named:
                yield KnownLine(self.file, row, line).posting
        for file in self._before.files:
            by_line: defaultdict[str, list[KnownLine]] = defaultdict(list)
            for each in self._before.lines(file) if self._before.systems[file] != system else ():
                if plain(cells(each.line)[_VOUCHER]) in named:
                    by_line[each.line].append(each)
            for line, its in by_line.items():
                has = (each.posting for each in its[self._before.left(file)[line] :])
                yield from (each for each in has if line not in gone or self._is_taken_back(each))

    # ── one list for each element ────────────────────────────────────────────────────────────

    def _element(self, coding: Sequence[str]) -> str:
        """What tells the project's lines from those of others, as erp names it; empty where nothing does."""
        erp, place = self._dossier.plan.erp, ("account", "cost_centre", "wbs_element")
        for key, patterns in _filters(erp).items() if erp else ():
            value = coding[place.index(key)]
            if self._export.has(key) and any(fits(pattern.casefold(), value.casefold()) for pattern in patterns):
                return value
        return ""

    @cached_property
    def _elements(self) -> dict[str, str]:
        """The project's elements that the export has lines of, as they are compared and as they are written."""
        found = (self._element(coding) for coding in self._codings if self._is_ours(coding))
        return {plain(each): each for each in sorted(found) if each}

    def _elements_unsaid(self) -> tuple[str, ...]:
        """The same, where the new file has not lines of them all: the rest of the lines are known."""
        if self._before.is_empty or self._is_of_one_element:
            return ()
        new = {plain(self._element(coding)) for coding in self._new_codings} - {""}
        return () if self._elements.keys() == new else tuple(self._elements.values())

    @cached_property
    def _is_of_one_element(self) -> bool:
        """Whether erp names one element and no more: then every list is whole."""
        erp = self._dossier.plan.erp
        named = {
            plain(each) for key, its in (_filters(erp) if erp else {}).items() if self._export.has(key) for each in its
        }
        return len(named) == 1 and "*" not in "".join(named)

    def _parted(self, gone: Iterable[Gone]) -> tuple[list[Gone], list[tuple[str, KnownLine]]]:
        """What has gone, and apart the lines that the export says nothing of, each with its element or its account."""
        left: list[Gone] = []
        others: list[tuple[str, KnownLine]] = []
        for is_changed, each in gone:
            coding = cells(each.line)[_CODING]
            element = self._element(coding)
            if not self._speaks_of(element, each.file):
                others.append((element, each))
            elif not is_changed and self._is_own(each) and self._is_listed_apart(coding[0]):
                others.append((coding[0], each))
            else:
                left.append((is_changed, each))
        return left, others

    def _speaks_of(self, element: str, file: str) -> bool:
        """Whether the export says something of an element's lines in a file of earlier."""
        its = plain(element)
        return not its or self._is_of_one_element or its in self._elements or its in self._spoken_of(file)

    def _spoken_of(self, file: str) -> Set[str]:
        """The elements that the export says something of, by the lists that the file's system has made."""
        system = self._before.systems[file]
        if system not in self._spoken:
            days = {each: self._days_of(each) for each in self._before.files_of(system)}
            lists = list(self._lists(system, days))
            every = set[str]().union(*(each.has for each in lists))
            head = {plain(word) for line in self._export.source.above for word in re.split(r"[\s;,:]+", line)}
            has = self._elements.keys() | head & every
            self._spoken[system] = spoken_of(has, lists)
        return self._spoken[system]

    def _days_of(self, file: str) -> dict[str, set[str]]:
        """The elements that a file has lines of, each with its days."""
        elements: dict[tuple[str, ...], str] = {}
        days: defaultdict[str, set[str]] = defaultdict(set)
        for each in self._before.lines(file):
            coding = tuple(cells(each.line)[_CODING])
            if coding not in elements:
                elements[coding] = plain(self._element(coding))
            days[elements[coding]].add(each.line[:10])
        days.pop("", None)
        return days

    def _lists(self, system: str, days: Mapping[str, Mapping[str, set[str]]]) -> Iterator[Listed]:
        """The lists that a system has made, by its files and the log, the last one last."""
        imports = self._imports(system)
        before: defaultdict[str, set[str]] = defaultdict(set)
        for file in days.keys() - {event.file for event in imports}:
            yield Listed(days[file].keys())
            for element, its in days[file].items():
                before[element] |= its
        for event in imports:
            own = days.get(event.file, {})
            has = set(map(plain, event.elements)) or own.keys()
            first, last = str(event.starts or "9999"), str(event.ends or "")
            yield Listed(has, {each for each, its in before.items() if any(first <= day <= last for day in its)} - has)
            for element, its in own.items():
                before[element] |= its

    # ── one list for each account ────────────────────────────────────────────────────────────

    def _is_listed_apart(self, account: str) -> bool:
        """Whether the export has nothing on an account whose lines come in lists of their own."""
        its = plain(account)
        if its not in self._apart:
            has = {plain(coding[0]) for coding in self._codings if self._is_ours(coding)}
            self._apart[its] = its not in has and is_listed_apart(its, has, self._lists_by_account)
        return self._apart[its]

    @cached_property
    def _lists_by_account(self) -> list[Listed]:
        """The lists that the system has made: what one lacks is an account of which all was told of as gone."""
        lists: list[Listed] = []
        before: dict[str, list[tuple[PostingRow, str]]] = {}
        account_of: dict[PostingRow, str] = {}
        gone: set[PostingRow] = set()
        told = {event.called: event.vanished for event in self._dossier.events if isinstance(event, Imported)}
        for event in self._imports():
            again = set(rows_of(event.reappeared))
            gone = (gone | set(rows_of(told.get(event.called, ())))) - again
            own = list(self._before.lines(event.file)) if event.file in self._before.files else []
            has = {account_of[row] for row in again if row in account_of}
            has |= {plain(cells(each.line)[_ACCOUNT]) for each in own}
            first, last = str(event.starts or "9999"), str(event.ends or "")
            lacks = {
                account
                for account, rows in before.items()
                if (its := {row for row, day in rows if first <= day <= last}) and its <= gone
            }
            lists.append(Listed(has, lacks - has))
            for each in own:
                account = account_of[each.file, each.row] = plain(cells(each.line)[_ACCOUNT])
                before.setdefault(account, []).append(((each.file, each.row), each.line[:10]))
        return lists

    def _of_another_list(self, found: Sequence[tuple[str, KnownLine]]) -> Problem:
        return problem(
            "import-other-list",
            Span(found[0][1].file, found[0][1].row, 1),
            elements=_some(sorted({name for name, _line in found})),
            count=len(found),
            amount=kroner(total(each.posting.amount for _name, each in found)),
        )

    # ── what has gone, told ──────────────────────────────────────────────────────────────────

    def _reads_as(self, system: str) -> bool:
        """Whether its dialect and this one read the same of a posting, and name it by the same."""
        other = shelf.dialect(system, [], places=self._places)
        return other is not None and _reads(other) == _reads(self._dialect)

    def _keep(self, is_changed: bool, found: Iterable[KnownLine]) -> None:
        """What has gone is kept in the log, until somebody answers; of a guess it is not known that it has gone."""
        if is_changed or self._result.period_said:
            rows = [row for each in found if self._is_to_keep(row := (each.file, each.row), is_changed)]
            self._result.vanished += rows
            self._result.changed += rows if is_changed else []

    def _is_to_keep(self, row: PostingRow, is_changed: bool) -> bool:
        """Whether the log does not tell of it, or tells of the other: that it has changed, or that it has gone."""
        return row not in self._absences.open or (row in self._absences.changed) is not is_changed

    def _by_code(self, gone: Iterable[tuple[bool, KnownLine]]) -> Iterator[tuple[bool, list[KnownLine]]]:
        """What has gone, file by file: what the export has otherwise, what it has no more, and what has been told."""
        by_code: defaultdict[tuple[str, bool, bool], list[KnownLine]] = defaultdict(list)
        for is_changed, each in gone:
            by_code[each.file, is_changed, self._is_open(each)].append(each)
        for (_file, is_changed, _is_open), found in by_code.items():
            yield is_changed, found

    def _is_changed(self, gone: KnownLine) -> bool:
        """Whether something came instead: with this export, or with the one that first lacked it.

        What the voucher had all along, beside what has gone, came instead of nothing.
        """
        key, event = self._key(gone.line), self._absences.open.get((gone.file, gone.row))
        return key is not None and (key in self._new_keys or (event is not None and key in self._still_there(event)))

    def _still_there(self, event: Imported) -> set[tuple[str, ...]]:
        """What an import brought, and this export has too."""
        if event.file not in self._keys_of:
            lines = self._before.lines(event.file) if event.file in self._before.files else ()
            keys = (self._key(each.line) for each in lines if not self._before.own[each.line])
            self._keys_of[event.file] = {key for key in keys if key}
        return self._keys_of[event.file]

    def _told(self, is_changed: bool, found: Sequence[KnownLine]) -> Problem:
        shown, postings = found[0].line.rstrip(), tuple(each.posting for each in found)
        at = Span(found[0].file, found[0].row, 1, len(shown), shown)
        amount = kroner(total(each.amount for each in postings))
        words = {"count": len(postings), "amount": amount, "vouchers": vouchers(postings)}
        day = import_day(found[0].file) or "–"
        if not is_changed and not self._result.period_said and not any(map(self._is_open, found)):
            first, last = self._days.whole
            return problem("import-perhaps-vanished", at, day=day, starts=first, ends=last, **words)
        rule = rule_for(postings, self._before.sizes)
        if is_changed:
            return problem("import-changed", at, rule=rule, **words)
        return problem("import-vanished", at, day=day, rule=rule, **words)

    def _is_open(self, each: KnownLine) -> bool:
        """Whether the log tells of it already, and nobody has answered."""
        return (each.file, each.row) in self._absences.open

    def _guessed(self, whole: Span) -> Iterator[Problem]:
        """Where nobody said which period the export covers: what lies outside the one it was taken for."""
        if self._result.period_said:
            return
        if not self._result.read.lines:
            yield problem("import-empty", whole)
            return
        first, last = self._days.whole
        if first == last == str(self._request.posted) and self._before.own:
            yield problem("import-period-posted", whole, day=self._request.posted)
            return
        outside = [each for each in self._of_the_same_lists(first, last) if not self._is_taken_back(each.posting)]
        if outside:
            days = [each.line[:10] for each in outside]
            yield problem(
                "import-period-guessed",
                whole,
                starts=first,
                ends=last,
                count=len(outside),
                amount=kroner(total(each.posting.amount for each in outside)),
                first=min(first, *days),
                last=max(last, *days),
            )

    def _of_the_same_lists(self, first: str, last: str) -> Iterator[KnownLine]:
        """Lines outside the days, of earlier lists that this one seems to be again: it has lines of theirs."""
        own = self._before.own
        if not self._result.known.lines or not any(n and not first <= line[:10] <= last for line, n in own.items()):
            return
        for file in self._before.of_days(first, last):
            lines = list(self._before.lines(file))
            if any(not own[each.line] for each in lines):
                yield from (each for each in lines if own[each.line] and not first <= each.line[:10] <= last)

    def _taken_back(self, gone: set[PostingRow]) -> Iterator[Problem]:
        """Lines that the export has, that a rule takes back, and that stand nowhere else in what is not gone.

        Where what they were taken back for is gone now, the log tells of them, and so does check.
        """
        if not any(rule.taken_back for rule in self._dossier.postings.rules):
            return
        void = [
            each
            for file in self._before.files
            for each in self._before.lines(file)
            if self._is_taken_back(each.posting) and not self._before.left(file)[each.line]
        ]
        if not void:
            return
        counted, before = Alike(lambda: self._counted(gone)), Alike(lambda: self._counted(set()))
        again = set(self._result.reappeared)
        void = [each for each in void if (each.file, each.row) in again or not counted.has(cells(each.line))]
        void = [each for each in void if (rule := self._placing.rule_of(each.posting)) and not rule.is_of_a_sort]
        alone_now = [(each.file, each.row) for each in void if before.has(cells(each.line))]
        self._result.reappeared += [row for row in alone_now if row not in again | self._absences.reappeared.keys()]
        found = tuple(each.posting for each in void)
        if found:
            rule = self._placing.rule_of(found[0])
            yield problem(
                "import-taken-back",
                Span(found[0].file, found[0].row, 1),
                vouchers=vouchers(found),
                amount=kroner(total(each.amount for each in found)),
                count=len(found),
                place=rule.at.span if rule else "",
            )

    def _counted(self, gone: set[PostingRow]) -> Iterator[str]:
        """All lines that no rule takes back and that are not gone, and the new ones that are like others."""
        yield from (line for _row, line in self._doubtful)
        for file in self._before.files:
            lines = (each for each in self._before.lines(file) if (file, each.row) not in gone)
            yield from (each.line for each in lines if not self._is_taken_back(each.posting))

    def _doubles(self, gone: set[tuple[str, int]]) -> Iterator[Problem]:
        """New lines whose voucher another file has too; what has gone from the ERP has been told."""
        watched = [each.line for each in self._before.watched if (each.file, each.row) in self._result.reappeared]
        looked_at = [*watched, *(line for _row, line in self._doubtful)]
        if not looked_at:
            return
        alike = Alike(lambda: looked_at)
        lines = [
            each for file in self._before.files for each in self._before.lines(file) if alike.has(cells(each.line))
        ]
        self._result.unchanged = [(each.file, each.row) for each in self._had(lines, gone)]
        exports = {row: {*self._absences.exports.get(row, ())} for row in self._absences.exports}
        for row in self._result.unchanged:
            exports.setdefault(row, set()).add(self.file)
        rows = [each.posting for each in lines if (each.file, each.row) not in gone]
        rows += [KnownLine(self.file, row, line).posting for row, line in self._doubtful]
        order = [*self._dossier.files_in_order(), self.file]
        sizes = {**self._before.sizes, self.file: self._rows - 1}
        for double in doubles(rows, self._placing.rule_of, order.index, exports):
            yield told(double, sizes)
        if may_be_nowhere(self._dossier.postings.rules):
            for rule, double in nowhere(rows, self._placing.rule_of, order.index, exports):
                yield told_nowhere(rule, double, sizes)

    def _had(self, lines: Iterable[KnownLine], gone: set[PostingRow]) -> Iterator[KnownLine]:
        """Those of the lines that the export has to the letter: of some that are alike, those that are not gone first.

        Then those that count: what a rule has taken back is mostly not in the books.
        """
        still_gone = gone | self._absences.answered.difference(self._result.reappeared)
        by_line: defaultdict[tuple[bool, str], list[KnownLine]] = defaultdict(list)
        for each in lines:
            by_line[self._is_own(each), each.line].append(each)
        for its in by_line.values():
            its.sort(key=lambda each: ((each.file, each.row) in still_gone, self._is_taken_back(each.posting)))
            yield from its[: len(its) - self._before.left(its[0].file)[its[0].line]]

    def _is_taken_back(self, posting: Posting) -> bool:
        rule = self._placing.rule_of(posting)
        return rule is not None and rule.taken_back

    def _key(self, line: str) -> tuple[str, ...] | None:
        """What names a posting, as the dialect says, else its voucher; None where nothing does."""
        row = cells(line)
        has_voucher = _VOUCHER not in self._key_columns or (row[_VOUCHER] and not is_masked(row[_VOUCHER]))
        is_named = has_voucher and any(row[column] for column in self._key_columns)
        return tuple(plain(row[column]) for column in self._key_columns) if is_named else None


# Systems and lists differ in these; how they write amounts, and what some add of an account, is no difference of books.
_SAID = ("posted", "voucher", "line", "account", "wbs_element", "text")


def _reads(dialect: Dialect) -> tuple[object, ...]:
    """What a dialect reads of what every list of postings says, what names one (else its voucher), and which rows."""
    fields = (field for field in _SAID if dialect.columns.headings(field))
    return frozenset(fields), frozenset(dialect.keys or ("voucher",)), bool(dialect.only)


def _place_of(rule: Rule | None) -> str:
    """Where a rule puts its postings, as another would say it; what else it says of them stays to be written."""
    if rule is None:
        return "line: …"
    return f"line: {rule.line}" if rule.line and not rule.divides and rule.allowed is None else "…"


def _is_for_another(rule: Rule, files: Sequence[str]) -> bool:
    """Whether a rule names a file that is there already: of what is new it says nothing."""
    return rule.names_file and any(map(rule.fits_file, files))


def _filters(erp: Erp) -> dict[str, tuple[str, ...]]:
    """What the project's erp tells its lines by."""
    return {"wbs_element": erp.wbs_elements, "cost_centre": erp.cost_centres, "account": erp.accounts}


def _near(theirs: Sequence[str], ours: Sequence[str]) -> dict[str, str]:
    """Which of theirs may stand for one of ours: one written otherwise, else the only one with a slip of the finger.

    Elements are numbered: where several are one character from ours, they are its neighbours and no slips.
    """
    same = {found: each for each in reversed(theirs) if (found := written_otherwise(each, ours))}
    slips = {found: each for each in theirs if (found := mistyped(each, ours))}
    return same or (slips if sum(mistyped(each, ours) is not None for each in theirs) == 1 else {})


def _some(texts: Sequence[str]) -> str:
    return ", ".join(texts[:_NAMED]) + (" …" if len(texts) > _NAMED else "") or "–"
