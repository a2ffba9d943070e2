"""What an export has that may count twice in the project, or nowhere: doubles, and what a rule takes back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from toolkit.core.dossier import Dossier
from toolkit.core.doubles import counts_again, doubles, may_be_nowhere, nowhere, told, told_nowhere, vouchers
from toolkit.core.money import kroner, total
from toolkit.core.postings import Posting
from toolkit.core.problems import N_, Problem, Span, declare, problem
from toolkit.core.rows import PostingRow
from toolkit.intake.answered import Answered
from toolkit.intake.known_lines import Alike, KnownLine, KnownLines
from toolkit.intake.new_lines import NewLines
from toolkit.intake.other_systems import OtherSystems
from toolkit.intake.result import Import
from toolkit.readers.postings import cells

declare(
    "import-taken-back",
    "warning",
    N_("Voucher {vouchers} is in the ERP, and a rule takes it back: {amount} kr. count nowhere (lines: {count})."),
    N_("if the books have it again: {answer} ({place} is its line)"),
)


class DoubleLines:
    """The lines of an export, which becomes `file`, beside those that are like them: how often each counts."""

    def __init__(
        self,
        dossier: Dossier,
        result: Import,
        before: KnownLines,
        new: NewLines,
        answered: Answered,
        others: OtherSystems,
        void: Sequence[KnownLine],
        file: str,
    ) -> None:
        self._dossier = dossier
        self._result = result
        self._before = before
        self._new = new
        self._answered = answered
        self._absences = answered.absences
        self._placing = answered.placing
        self._is_taken_back = answered.is_taken_back
        self._others = others
        self._void = void
        self._file = file

    def remarks(self, gone: set[PostingRow]) -> Iterator[Problem]:
        """What stands nowhere else in what is not `gone`, and what stands there twice."""
        yield from self._taken_back(gone)
        yield from self._doubles(gone)

    def _taken_back(self, gone: set[PostingRow]) -> Iterator[Problem]:
        """Lines that the export has, that a rule takes back, and that stand nowhere else in what is not gone.

        Where what they were taken back for is gone now, the log tells of them, and so does check.
        """
        if not self._void:
            return
        counted, before = Alike(lambda: self._counted(gone)), Alike(lambda: self._counted(set()))
        again = set(self._result.reappeared)
        void = [each for each in self._void if each.place in again or not counted.has(cells(each.line))]
        void = [each for each in void if (rule := self._placing.rule_of(each.posting)) and not rule.is_of_a_sort]
        void = [each for each in void if not self._others.is_chosen_otherwise(each)]
        alone_now = [each.place for each in void if before.has(cells(each.line))]
        self._result.reappeared += [row for row in alone_now if row not in again | self._absences.reappeared.keys()]
        by_rule: defaultdict[tuple[str, int], list[Posting]] = defaultdict(list)
        for each in void:
            by_rule[each.file, id(self._placing.rule_of(each.posting))].append(each.posting)
        for its in by_rule.values():
            yield self._told_taken_back(tuple(its))

    def _told_taken_back(self, found: tuple[Posting, ...]) -> Problem:
        """What one rule takes back of one file, all that there is of the rule or a part."""
        rule = self._placing.rule_of(found[0])
        assert rule is not None
        lines = (each for file in self._before.files for each in self._before.lines(file))
        others = sum(self._placing.rule_of(each.posting) is rule for each in lines) > len(found)
        return problem(
            "import-taken-back",
            Span(found[0].file, found[0].row, 1),
            vouchers=vouchers(found),
            amount=kroner(total(each.amount for each in found)),
            count=len(found),
            answer=counts_again(found, not others and (rule.names_file or not self._new.count)),
            place=rule.at.span,
        )

    def _counted(self, gone: set[PostingRow]) -> Iterator[str]:
        """All lines that no rule takes back and that are not gone, and the new ones that are like others."""
        yield from (line for _row, line in self._new.doubtful)
        for file in self._before.files:
            lines = (each for each in self._before.lines(file) if each.place not in gone)
            yield from (each.line for each in lines if not self._is_taken_back(each.posting))

    def _doubles(self, gone: set[PostingRow]) -> Iterator[Problem]:
        """New lines whose voucher another file has too; what has gone from the ERP has been told."""
        watched = [each.line for each in self._before.watched if each.place in self._result.reappeared]
        looked_at = [*watched, *(line for _row, line in self._new.doubtful)]
        if not looked_at:
            return
        alike = Alike(lambda: looked_at)
        lines = [
            each for file in self._before.files for each in self._before.lines(file) if alike.has(cells(each.line))
        ]
        still_gone = gone | self._absences.answered.keys() - {*self._result.reappeared}
        self._result.unchanged = [each.place for each in self._answered.had(self._before, lines, still_gone)]
        exports = {row: {*self._absences.exports.get(row, ())} for row in self._absences.exports}
        for row in self._result.unchanged:
            exports.setdefault(row, set()).add(self._file)
        new = (KnownLine(self._file, row, line, self._new.performed.get(row)) for row, line in self._new.doubtful)
        rows = [each.performed_posting for each in lines if each.place not in gone]
        rows += [each.performed_posting for each in new]
        order = [*self._dossier.files_in_order(), self._file]
        sizes = {**self._before.sizes, self._file: self._new.count}
        for double in doubles(rows, self._placing.rule_of, order.index, exports):
            yield told(double, sizes)
        if may_be_nowhere(self._dossier.postings.rules):
            for rule, double in nowhere(rows, self._placing.rule_of, order.index, exports):
                yield told_nowhere(rule, double, sizes)
