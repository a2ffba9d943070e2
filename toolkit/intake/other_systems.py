"""What an export has, or lacks, of files that came through other dialects, as far as their books are the same."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from functools import cached_property
from pathlib import Path

from toolkit.core.dossier import Dossier
from toolkit.core.doubles import number_of, plain
from toolkit.core.postings import Posting
from toolkit.core.rows import PostingRow, rows_of
from toolkit.core.same_books import chosen_otherwise, missing
from toolkit.intake.answered import Answered
from toolkit.intake.known_lines import KnownLine, KnownLines, number_in
from toolkit.intake.new_lines import NewLines
from toolkit.intake.system_lists import imports_of
from toolkit.readers import shelf
from toolkit.readers.dialect import Dialect
from toolkit.readers.postings import import_system


class OtherSystems:
    """The files of each other system, held against an export that was read by `dialect` and becomes `file`.

    `void` are the lines that it has, and that rules take back.
    """

    def __init__(
        self,
        folder: Path,
        dossier: Dossier,
        dialect: Dialect,
        file: str,
        before: KnownLines,
        new: NewLines,
        days: tuple[str, str],
        answered: Answered,
        void: Sequence[KnownLine],
    ) -> None:
        self._places = (folder / "templates", shelf.TEMPLATES)
        self._events = dossier.events
        self._order = dossier.files_in_order().index
        self._dialect = dialect
        self._file = file
        self._before = before
        self._new = new
        self._days = days
        self._answered = answered
        self._void = void

    def gone(self) -> Iterator[tuple[bool, KnownLine]]:
        """What the export lacks of their lines, or has otherwise: of those, what is surely of the same books."""
        before, (first, last) = self._before, self._days
        left = {line: n for line, n in before.elsewhere.items() if n and first <= line[:10] <= last}
        others = dict.fromkeys(each for each in before.systems.values() if each != before.system) if left else ()
        for system in others:
            lines, accounts = self._left_of(before.of_days(first, last, system), left)
            lines = [each for each in lines if not self._is_settled(each, system)]
            if not lines:
                continue
            its = {each.place: each.posting for each in lines}
            has = self._export_has(system, its.values(), left.keys())
            whole, is_told = self._reads_as(system), system in self._told_of
            found = missing([*its.values()], has, accounts, whole, self._file, is_told, self._answered.is_taken_back)
            kinds = {each.place: True for each in lines if self._answered.is_open(each)}  # it is there otherwise
            kinds |= {(each.file, each.row): False for each in found.lacked}
            kinds |= {(each.file, each.row): True for each in found.changed}
            for each in sorted(lines, key=lambda each: (self._order(each.file), each.row)):
                is_changed = kinds.get(each.place)
                if is_changed is not None:
                    yield is_changed, each

    def is_chosen_otherwise(self, each: KnownLine) -> bool:
        """Whether a rule takes it back for other lines of its voucher, which count and come to the same."""
        return self._answered.is_taken_back(each.posting) and any(
            plain(each.posting.voucher) in vouchers for vouchers in self._chosen.values()
        )

    @cached_property
    def _chosen(self) -> Mapping[str, Set[str]]:
        """By system, the vouchers that the export has in lines that are taken back, and it in others that count.

        What reads the same of a posting has the same lines.
        """
        before, is_taken_back = self._before, self._answered.is_taken_back
        names = {number_of(each.posting) for each in self._void} - {""}
        others = {*before.systems.values()} - {before.system} if names else set()
        chosen = {}
        for system in sorted(others):
            if self._reads_as(system):
                continue
            its = [
                each
                for file in before.files_of(system)
                for each in before.lines(file)
                if before.elsewhere[each.line] and number_in(each.line) in names
                if not self._answered.is_open(each)
            ]
            mine = [each.posting for each in its]
            has = self._export_has(system, mine, {each.line for each in its})
            chosen[system] = chosen_otherwise(has, mine, is_taken_back)
        return chosen

    def _is_settled(self, each: KnownLine, system: str) -> bool:
        """Whether it is known what counts instead of it, or that it counts instead of what the export has."""
        if self._answered.is_taken_back(each.posting):
            return self._answered.is_open(each)
        return plain(each.posting.voucher) in self._chosen.get(system, ())

    def shared(self) -> Iterator[PostingRow]:
        """A row of each other system that the export has too, where the log does not tell yet that their books are one.

        Only a dialect that reads as this one's is of the same books: others are told apart by what they say.
        """
        others = {*self._before.systems.values()} - {self._before.system} - self._told_of
        for system in sorted(filter(self._reads_as, others)):
            left = Counter(self._before.elsewhere)
            lines = (each for file in self._before.files_of(system) for each in self._before.lines(file))
            for each in lines:
                left[each.line] -= 1
                if left[each.line] < 0:
                    yield each.place
                    break

    @cached_property
    def _told_of(self) -> set[str]:
        """The systems of which this one's imports have told that it has their lines, or no more; or they of its."""
        found = set()
        for event in imports_of(self._events):
            rows = (*rows_of(event.vanished), *rows_of(event.reappeared), *rows_of(event.unchanged))
            systems = {import_system(event.file), *(import_system(file) for file, _row in rows)}
            found |= systems if self._before.system in systems else set()
        return {system for system in found if system} - {self._before.system}

    def _left_of(self, files: Sequence[str], left: Mapping[str, int]) -> tuple[list[KnownLine], set[str]]:
        """Lines of these files and days that the export has not to the letter, and the accounts of those that it has.

        Those that count come first: what a rule has taken back is not to be found in their place.
        """
        is_open, is_taken_back = self._answered.is_open, self._answered.is_taken_back
        first, last = self._days
        by_line: defaultdict[str, list[KnownLine]] = defaultdict(list)
        accounts: set[str] = set()
        for file in reversed(files):
            for each in self._before.lines(file):
                if each.line in left:
                    by_line[each.line].append(each)
                elif first <= each.line[:10] <= last:
                    accounts.add(each.coding[0])
        gone: list[KnownLine] = []
        for line, its in by_line.items():
            its.sort(key=lambda each: (not is_open(each), not is_taken_back(each.posting)))
            gone += its[: left[line]]
            if its[left[line] :]:
                accounts.add(its[0].coding[0])
        gone.sort(key=lambda each: (is_taken_back(each.posting), is_open(each)))
        return gone, set(map(plain, accounts))

    def _export_has(self, system: str, wanted: Iterable[Posting], gone: Set[str]) -> Iterator[Posting]:
        """What the export has of the vouchers that are wanted, new or known, and not from that system's own files.

        What counts and is to the letter one of the `gone` is another line than that: the export has not both.
        """
        named = set(map(number_of, wanted)) - {""}
        for row, line in self._new.beside:
            if number_in(line) in named:
                yield KnownLine(self._file, row, line).posting
        lines = (
            each
            for file in self._before.files
            for each in (self._before.lines(file) if self._before.systems[file] != system else ())
            if number_in(each.line) in named
        )
        for each in self._answered.had(self._before, lines, self._answered.absences.open.keys()):
            if each.line not in gone or self._answered.is_taken_back(each.posting):
                yield each.posting

    def _reads_as(self, system: str) -> bool:
        """Whether its dialect and this one read the same of a posting, and name it by the same."""
        other = shelf.dialect(system, [], places=self._places)
        return other is not None and _reads(other) == _reads(self._dialect)


# Systems and lists differ in these; how they write amounts, and what some add of an account, is no difference of books.
_SAID = ("posted", "voucher", "line", "account", "wbs_element", "text")


def _reads(dialect: Dialect) -> tuple[object, ...]:
    """What a dialect reads of what every list of postings says, what names one (else its voucher), and which rows."""
    fields = (field for field in _SAID if dialect.columns.headings(field))
    return frozenset(fields), frozenset(dialect.keys or ("voucher",)), bool(dialect.only)
