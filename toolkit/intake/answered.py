"""What the log and the rules say of lines that an earlier import brought: told of as gone, answered for, taken back."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Set

from toolkit.core.absences import absences_of
from toolkit.core.dossier import Dossier
from toolkit.core.performed import said_of_days
from toolkit.core.postings import Placing, Posting
from toolkit.core.rows import PostingRow
from toolkit.intake.known_lines import KnownLine, KnownLines


class Answered:
    """What somebody has said of a single line since it was imported, in the log or by a rule."""

    def __init__(self, dossier: Dossier) -> None:
        self.absences = absences_of(dossier.events)
        self.days = said_of_days(dossier.events)
        self.placing = Placing(dossier.postings.rules)
        self._takes_back = any(rule.taken_back for rule in dossier.postings.rules)
        self.watched = {*self.absences.open, *self.absences.answered}

    def is_open(self, each: KnownLine) -> bool:
        """Whether the log tells of it already, and nobody has answered."""
        return each.place in self.absences.open

    def prefer_what_counts(self, before: KnownLines) -> None:
        """Of lines that are the same to the letter the export has those that count, whichever system they came from.

        Its own system's were taken first; those that had gone, and are taken back, leave their place to another's.
        """
        watched = (each for each in before.watched if before.is_own(each.file) and self.is_open(each))
        void = Counter(each.line for each in watched if self.is_taken_back(each.posting))
        back = {line: n - before.own[line] for line, n in void.items() if before.elsewhere[line]}
        there, counted = Counter[str](), Counter[str]()
        for file in before.files if back else ():
            for each in before.lines(file):
                if each.line in back and not before.is_own(file):
                    there[each.line] += 1
                    counted[each.line] += not self.is_open(each) and not self.is_taken_back(each.posting)
        for line, n in back.items():
            had = there[line] - before.elsewhere[line]
            moved = max(0, min(n, counted[line] - had))
            before.own[line] += moved
            before.elsewhere[line] -= moved

    def had(self, before: KnownLines, lines: Iterable[KnownLine], gone: Set[PostingRow]) -> Iterator[KnownLine]:
        """Those of the lines that the export has to the letter: of some that are alike, those that are not gone first.

        Then those that count: what a rule has taken back is mostly not in the books.
        """
        by_line: defaultdict[tuple[bool, str], list[KnownLine]] = defaultdict(list)
        for each in lines:
            by_line[before.is_own(each.file), each.line].append(each)
        for its in by_line.values():
            its.sort(key=lambda each: (each.place in gone, self.is_taken_back(each.posting)))
            yield from its[: max(0, len(its) - before.left(its[0].file)[its[0].line])]

    def void(self, before: KnownLines) -> Iterator[KnownLine]:
        """The lines that the export has, and that a rule takes back: mostly there is none."""
        for file in before.files if self._takes_back else ():
            for each in before.lines(file):
                if not before.left(file)[each.line] and self.is_taken_back(each.posting):
                    yield each

    def is_taken_back(self, posting: Posting) -> bool:
        """Whether a rule takes it back."""
        rule = self.placing.rule_of(posting)
        return rule is not None and rule.taken_back

    def day_in_the_log(self, each: KnownLine) -> str | None:
        """The day of performance that the last export had for it, as far as the log has that."""
        open, answered = self.days.open.get(each.place), self.days.answered.get(each.place)
        day = open[0] if open else answered
        return f"{day}" if day else None

    def day_by_rule(self, each: KnownLine) -> str | None:
        """The day of performance that its rule says."""
        rule = self.placing.rule_of(each.posting)
        return f"{rule.performed}" if rule and rule.performed else None
