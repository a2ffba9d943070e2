"""One export on its way into a project: its lines read, counted, and written where they are new and the project's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import cached_property
from hashlib import sha256
from itertools import compress, repeat
from pathlib import Path

from msgspec import Struct

from toolkit.core.dossier import Dossier
from toolkit.core.events import Imported
from toolkit.core.money import NOTHING, Money, kroner
from toolkit.core.personal import without_numbers
from toolkit.core.plan import BudgetLine
from toolkit.core.postings import Coding, Placing, Posting, Rule
from toolkit.core.problems import N_, Problem, Span, declare, problem
from toolkit.core.proposals import Unplaced, is_grant, propose
from toolkit.files import Unfinished
from toolkit.intake.answered import Answered
from toolkit.intake.covered_days import CoveredDays
from toolkit.intake.double_lines import DoubleLines
from toolkit.intake.gone_lines import GoneLines
from toolkit.intake.known_lines import KnownLines, Masks
from toolkit.intake.new_lines import NewLines
from toolkit.intake.other_systems import OtherSystems
from toolkit.intake.own_elements import OwnElements
from toolkit.intake.performed_days import otherwise_performed
from toolkit.intake.result import Import, Said
from toolkit.intake.system_lists import SystemLists, imports_of
from toolkit.readers.export import Count, Export, Lines, Request
from toolkit.readers.postings import COLUMNS, PERFORMED, cell, import_system, posting_file
from toolkit.readers.rows import Advance
from toolkit.readers.values import slug

_KEPT_TEXTS = 50_000  # texts repeat from month to month; where they do not, remembering them all would cost more

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
    "import-signs",
    "warning",
    N_("Grant income ({grant} kr.) and costs ({wages} kr.) have the same sign: one of them is turned round."),
    N_("look at signs: in the dialect {dialect}"),
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
    "import-period-other",
    "warning",
    N_("The export itself says that it covers {starts} to {ends}: that goes before --starts and --ends."),
    N_("leave --starts and --ends out, or look whether it is the right export"),
)
declare(
    "import-text-rule",
    "warning",
    N_("This rule looks at texts of account {account}, and the dialect {dialect} leaves those out: they name people."),
    N_("choose by voucher or cost_centre, or see what docs/recipes/new-erp.md says of without_text"),
)


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
        self._folder = folder
        self._dossier = dossier
        self._result = result
        self._imported = imported
        days = {"starts": said.starts, "ends": said.ends}
        self._request = Request(imported, said.posted, frozenset(name for name, day in days.items() if day))
        self.file = posting_file(imported, self.system, "0" * 64)  # as near as its name is known before it is read
        self._masks = Masks(dialect)
        files = [each.file for each in dossier.posting_files if each.file not in leaving_out]
        self._imports = imports_of(dossier.events, self.system)
        self._original = original
        self._answered = Answered(dossier)
        self._before = KnownLines(folder, files, self.system, self._masks, self._answered.watched)
        self._added = NewLines(dialect.keys, self._before)
        self._elements = OwnElements(dossier.plan.erp, result.export)
        self._placing_new = Placing(rule for rule in dossier.postings.rules if not _is_for_another(rule, files))
        self._codings: dict[Coding, _Coded | None] = {}
        self._worded: dict[tuple[Coding, str, tuple[str, str, Money] | None], _Coded] = {}
        self._balances, self._balance_text = Count(), ""
        self._textless = 0  # lines on accounts of wages that have no text to leave out
        self._unplaced: dict[str, Unplaced] = {}
        self._grant, self._wages = NOTHING, NOTHING
        self._days = CoveredDays(*self._period(said), today=imported.isoformat())
        self._performs = bool(dialect.columns.performed) and result.export.has("performed")
        self._performed: defaultdict[str, list[str]] = defaultdict(list)  # of known lines, where the days may differ

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

    @cached_property
    def _older(self) -> Imported | None:
        """The import of these very bytes that was not the system's last; None for the same books a while later."""
        its, same = self._imports, self._original
        older = next((event for event in reversed(its[:-1]) if event.original == same != its[-1].original), None)
        until = older.ends if older and self._result.period_said else None
        return None if until and self._days.whole[1] > until.isoformat() else older

    @property
    def is_news(self) -> bool:
        """Whether the log must tell of the export, though it may have nothing new: of its days, or what they lack.

        That is of days that it is known to cover, and that no import before it did.
        """
        result, ends = self._result, [event.ends.isoformat() for event in self._imports if event.ends]
        until = result.ends.isoformat() if result.period_said and result.ends else ""
        return until > max([*ends, self._before.last]) or bool(result.vanished or result.reappeared or result.performed)

    def _period(self, said: Said) -> tuple[date | None, date | None]:
        """What the export says that it covers, else what whoever imports says."""
        starts, ends = self._export.period(self._result.problems, self._request)
        self._result.period_said = bool(ends or said.ends)
        self._result.start_said = bool(starts or said.starts)
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
                self._added.take(written[index], performed[index] if performed else "")
        if not performed:
            return [written[index] for index in new]
        return [f"{written[index][:-1]};{performed[index]}\n" for index in new]

    def _unknown(self, lines: Sequence[str], amounts: Sequence[Money], performed: Sequence[str]) -> list[int]:
        """Which lines the project has not as often as this export, up to here, has them."""
        own, elsewhere, known, new = self._before.own, self._before.elsewhere, self._result.known, []
        for index, (line, amount, day) in enumerate(zip(lines, amounts, performed or repeat(""), strict=False)):
            is_own = own.get(line)
            if is_own:
                own[line] -= 1
            elif elsewhere.get(line):
                elsewhere[line] -= 1
            else:
                new.append(index)
                continue
            known.add(amount)
            says = day or (is_own and self._performs)  # another system may have a day where this one has none
            if says and (self._answered.days.open or self._before.performed.get(line, {""}) - {day}):
                self._performed[line].append(day)
        return new

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
        return _Coded(self._elements.has(coding), written, rule, coding[0], lines.account_text[index], text, silent)

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
        whole, result = Span(self._export.file, 0, 0), self._result
        if self._masks.counted:
            yield problem("import-masked", whole, count=self._masks.counted)
        if self._masks.vouchers_counted:
            yield problem("import-voucher-masked", whole, count=self._masks.vouchers_counted)
        if self._balances.lines:
            words = {"count": self._balances.lines, "amount": kroner(self._balances.amount)}
            yield problem("import-balance", whole, text=self._balance_text, **words)
        yield from self._elements.remarks(whole, self._result, self._codings)
        if (self._grant > NOTHING) is (self._wages > NOTHING) and NOTHING not in (self._grant, self._wages):
            amounts = {"grant": kroner(self._grant), "wages": kroner(self._wages)}
            yield problem("import-signs", whole, dialect=self._dialect.name, **amounts)
        yield from self._days.remarks(whole)
        if self._performed:
            plan = self._dossier.state(date.max).plan
            yield from otherwise_performed(self._performed, self._before, self._answered, plan, result, whole)
        yield from self._rules_for_texts()
        if self._older:
            result.performed.clear()
            yield problem("import-again", whole, day=self._older.happened)
        yield from self._held_against_earlier(whole)

    def _rules_for_texts(self) -> Iterator[Problem]:
        """Rules that look at texts which the dialect leaves out, each told once."""
        told_of = set()
        for coding, coded in self._codings.items():
            if not self._masks.keeps_text(coding[0]) and (coded.ours if coded else self._elements.has(coding)):
                for rule in self._answered.placing.possible(coding):
                    if rule.text is not None and id(rule) not in told_of:
                        told_of.add(id(rule))
                        words = {"account": coding[0], "dialect": self._dialect.name}
                        yield problem("import-text-rule", rule.at.of("text"), **words)

    def _held_against_earlier(self, whole: Span) -> Iterator[Problem]:
        """What of earlier imports the export has not, or has twice; an old one knows nothing of what has gone since."""
        dossier, result, before, new, answered = self._dossier, self._result, self._before, self._added, self._answered
        answered.prefer_what_counts(before)
        days, own = self._days.whole, [coding for coding in self._codings if self._elements.has(coding)]
        void = list(answered.void(before))
        lists = SystemLists(self._elements, own, before, dossier.events, self._export.source.above)
        others = OtherSystems(self._folder, dossier, self._dialect, self.file, before, new, days, answered, void)
        gone = GoneLines(dossier, result, before, new, days, answered, lists, others)
        result.elements = lists.unsaid(new.codings)
        if not self._older:
            yield from gone.remarks()
        yield from gone.guessed(whole, self._request.posted)
        yield from DoubleLines(dossier, result, before, new, answered, others, void, self.file).remarks(gone.rows)
        if not self._older:
            said = {import_system(file) for file, _row in result.unchanged}  # of one line it has one row, and no other
            result.unchanged += (place for place in others.shared() if import_system(place[0]) not in said)


def _is_for_another(rule: Rule, files: Sequence[str]) -> bool:
    """Whether a rule names a file that is there already: of what is new it says nothing."""
    return rule.names_file and any(map(rule.fits_file, files))
