"""What earlier imports have and an export lacks, or has otherwise: found, told, and kept in the log until answered."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from toolkit.core.dossier import Dossier
from toolkit.core.doubles import plain, rule_for, vouchers
from toolkit.core.events import Imported
from toolkit.core.money import kroner, total
from toolkit.core.problems import N_, Problem, Span, declare, problem
from toolkit.core.rows import PostingRow
from toolkit.intake.answered import Answered
from toolkit.intake.known_lines import KnownLine, KnownLines
from toolkit.intake.new_lines import NewLines
from toolkit.intake.other_systems import OtherSystems
from toolkit.intake.result import Import
from toolkit.intake.system_lists import SystemLists, of_another_list
from toolkit.readers.postings import cells, import_day

declare(
    "import-changed",
    "warning",
    N_("Voucher {vouchers} reads otherwise in the export: {amount} kr. here (lines: {count}) may be counted twice."),
    N_(
        "ask whoever keeps the books; if the new lines are instead of those, write at the top of rules: in "
        "allocation.yaml: - {rule}; if both are right, or the new ones void, pulje check says what to write"
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


class GoneLines:
    """The known lines of an export's days that it has not, of its own system and of others: what is said of them."""

    def __init__(
        self,
        dossier: Dossier,
        result: Import,
        before: KnownLines,
        new: NewLines,
        days: tuple[str, str],
        answered: Answered,
        lists: SystemLists,
        others: OtherSystems,
    ) -> None:
        self._order = dossier.files_in_order().index
        self._result = result
        self._before = before
        self._new = new
        self._days = days
        self._answered = answered
        self._lists = lists
        self._others = others
        log = answered.absences
        self._logged = {True: log.changed, False: log.open.keys() - log.changed}  # by whether it has changed, or gone
        self._told_now: set[PostingRow] = set()
        self._again: set[tuple[str, ...]] = set()  # what names the lines that had gone and are there again
        self._keys_of: dict[str, set[tuple[str, ...]]] = {}  # of a file, those that the export still has

    @property
    def rows(self) -> set[PostingRow]:
        """All that is known to have gone, or told as if it had, and is not there again."""
        its = self._told_now | {*self._result.vanished} | self._answered.absences.open.keys()
        return its.difference(self._result.reappeared)

    def remarks(self) -> Iterator[Problem]:
        """What has gone, file by file, and apart the lines that the export says nothing of."""
        by_code: defaultdict[tuple[str, bool, bool], list[KnownLine]] = defaultdict(list)
        of_others: list[tuple[str, KnownLine]] = []
        self._still_gone(is_own=False)
        found = list(self._gone())
        found += [(is_changed or self._is_changed(each), each) for is_changed, each in self._others.gone()]
        others = [(self._lists.other(each, is_changed), is_changed, each) for is_changed, each in found]
        moved = self._moved([(name, each) for name, _is_changed, each in others if name is not None])
        for name, is_changed, each in others:
            if name is not None and each.place in moved:
                is_changed = True
            elif name is not None:
                of_others += [(name, each)] if self._is_to_tell(False, each) else []
                continue
            if self._is_to_tell(is_changed, each):
                by_code[each.file, is_changed, self._answered.is_open(each)].append(each)
            elif self._answered.is_taken_back(each.posting):
                self._keep(is_changed, [each])  # should it come again, it is to be told that it counts nowhere
        if of_others:
            yield of_another_list(of_others)
        for (_file, is_changed, is_open), its in by_code.items():
            self._keep(is_changed, its)
            self._told_now |= {each.place for each in its}
            yield self._told(is_changed, is_open, its)

    def _moved(self, others: Sequence[tuple[str, KnownLine]]) -> set[PostingRow]:
        """Lines of elements of which the export has none, that were posted anew on another: there they are new.

        All of an element's lines together; or each that an earlier list of the other element, made when the line was
        known, had not: what is divided evenly among two elements is posted on both of them at once.
        """
        there: defaultdict[tuple[str, ...], list[KnownLine]] = defaultdict(list)
        for row, line in self._new.doubtful:
            there[_but_for_the_element(line)].append(KnownLine("", row, line))
        by_name: defaultdict[str, list[KnownLine]] = defaultdict(list)
        for name, each in others:
            by_name[name].append(each)
        moved: set[PostingRow] = set()
        for its in by_name.values():
            counts = Counter(_but_for_the_element(each.line) for each in its)
            is_all = all(voucher and n <= len(there[key]) for key, n in counts.items() for voucher in key[1:2])
            moved |= {each.place for each in its if is_all or self._is_posted_anew(each, there)}
        return moved

    def _is_posted_anew(self, each: KnownLine, there: Mapping[tuple[str, ...], list[KnownLine]]) -> bool:
        """Whether one of the new lines is what a line was posted anew as; it is used up."""
        day, voucher, *_rest = key = _but_for_the_element(each.line)
        if not voucher or not self._before.is_own(each.file):
            return False
        for new in there[key]:
            if self._lists.had_listed(self._lists.element_of(new), day, each.file):
                there[key].remove(new)
                return True
        return False

    def guessed(self, whole: Span, posted: date | None) -> Iterator[Problem]:
        """Where nobody said which period the export covers: what lies outside the one it was taken for."""
        if self._result.period_said and self._result.start_said:
            return
        if not self._result.read.lines and not self._result.period_said:
            yield problem("import-empty", whole)
            return
        first, last = self._days
        if first == last == str(posted) and self._before.own and not self._result.period_said:
            yield problem("import-period-posted", whole, day=posted)
            return
        lines = self._of_the_same_lists(first, "9999" if self._result.period_said else last)
        outside = [each for each in lines if not self._answered.is_taken_back(each.posting)]
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

    def _gone(self) -> Iterator[tuple[bool, KnownLine]]:
        """The lines of earlier imports, in this one's period, that the system has no more, or has otherwise.

        Of lines that are alike those go first that have gone before, then those that a rule takes back: what has been
        told of, or answered, is not to be told of another. What a rule takes back is kept, and not told.
        """
        first, last = self._days
        left = Counter({line: n for line, n in self._before.own.items() if n and first <= line[:10] <= last})
        if not left and not self._before.watched:
            return
        before = {each.place for each in self._before.watched}
        found = self._still_gone(is_own=True)
        for line, its in found.items():
            if line in left:
                left[line] -= len(its)
            else:
                its.clear()
        for file in reversed(self._before.of_days(first, last)) if left else ():
            for each in self._before.lines(file):
                if left[each.line] > 0 and each.place not in before:
                    found[each.line].append(each)
        told = []
        for line, its in found.items():
            known = sum(each.place in before for each in its)
            rest = sorted(its[known:], key=lambda each: not self._answered.is_taken_back(each.posting))
            told += [*its[:known], *rest[: left[line]]]
        for each in sorted(told, key=lambda each: (self._order(each.file), each.row)):
            yield self._is_changed(each), each

    def _still_gone(self, is_own: bool) -> defaultdict[str, list[KnownLine]]:
        """What has gone before, line by line, as far as the export has it not: the rest it has again."""
        left = self._before.own if is_own else self._before.elsewhere
        found: defaultdict[str, list[KnownLine]] = defaultdict(list)
        for each in self._before.watched:
            if self._before.is_own(each.file) is is_own:
                found[each.line].append(each)
        for line, its in found.items():
            its.sort(key=lambda each: not self._answered.is_taken_back(each.posting))
            still = min(len(its), left[line])
            again = [each for each in its[still:] if not self._others.is_chosen_otherwise(each)]
            self._result.reappeared += [each.place for each in again]
            self._again |= {key for each in again if (key := self._new.key(each.line))}
            del its[still:]
        return found

    def _is_to_tell(self, is_changed: bool, each: KnownLine) -> bool:
        """Whether nobody has answered for it: neither the log nor a rule.

        The log answers for what was told: a new line of the same voucher and day was not there then, and that a list
        had nothing of its sort says nothing of one that has.
        """
        posting = each.posting
        if self._answered.is_taken_back(posting):
            return False
        told_by = self._answered.absences.answered.get(each.place)
        if told_by is None or self._lists.is_of_another(told_by, each):
            return True
        return is_changed and (plain(posting.voucher), each.line[:10]) in self._new.days

    def _keep(self, is_changed: bool, found: Iterable[KnownLine]) -> None:
        """What has gone is kept in the log, until somebody answers; of a guess it is not known that it has gone."""
        if is_changed or self._result.period_said:
            rows = [each.place for each in found if each.place not in self._logged[is_changed]]
            self._result.vanished += rows
            self._result.changed += rows if is_changed else []

    def _is_changed(self, gone: KnownLine) -> bool:
        """Whether something came instead: with this export, or with the one that first lacked it.

        What the voucher had all along, beside what has gone, came instead of nothing.
        """
        key, event = self._new.key(gone.line), self._answered.absences.open.get(gone.place)
        if key is None:
            return False
        return key in self._new.keys | self._again or (event is not None and key in self._still_there(event))

    def _still_there(self, event: Imported) -> set[tuple[str, ...]]:
        """What an import brought, and this export has too."""
        if event.file not in self._keys_of:
            lines = self._before.lines(event.file) if event.file in self._before.files else ()
            keys = (self._new.key(each.line) for each in lines if not self._before.own[each.line])
            self._keys_of[event.file] = {key for key in keys if key}
        return self._keys_of[event.file]

    def _told(self, is_changed: bool, is_open: bool, found: Sequence[KnownLine]) -> Problem:
        shown, postings = found[0].line.rstrip(), tuple(each.posting for each in found)
        at = Span(found[0].file, found[0].row, 1, len(shown), shown)
        amount = kroner(total(each.amount for each in postings))
        words = {"count": len(postings), "amount": amount, "vouchers": vouchers(postings)}
        day = import_day(found[0].file) or "–"
        if not is_changed and not self._result.period_said and not is_open:
            first, last = self._days
            return problem("import-perhaps-vanished", at, day=day, starts=first, ends=last, **words)
        rule = rule_for(postings, self._before.sizes)
        if is_changed:
            return problem("import-changed", at, rule=rule, **words)
        return problem("import-vanished", at, day=day, rule=rule, **words)


def _but_for_the_element(line: str) -> tuple[str, ...]:
    posted, voucher, _number, account, _cost_centre, _element, text, amount = cells(line)
    return posted, plain(voucher), plain(account), plain(text), amount
