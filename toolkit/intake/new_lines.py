"""What a project has new of an export, as far as it is held against what the project has already."""

from __future__ import annotations

from collections.abc import Sequence

from toolkit.core.doubles import is_masked, plain
from toolkit.core.postings import Coding
from toolkit.intake.known_lines import KnownLines, number_in
from toolkit.readers.postings import COLUMNS, cells

_VOUCHER, _ACCOUNT = COLUMNS.index("voucher"), COLUMNS.index("account")


class NewLines:
    """What is remembered of the new lines of a project that has others: what names them, and what is like them."""

    def __init__(self, keys: Sequence[str], before: KnownLines) -> None:
        self._columns = [COLUMNS.index(name) for name in keys or ("voucher",) if name in COLUMNS]
        self._before = before
        self.count = 0
        self.keys: set[tuple[str, ...]] = set()
        self.days: set[tuple[str, str]] = set()  # the vouchers and days
        self.codings: set[Coding] = set()
        self.doubtful: list[tuple[int, str]] = []  # rows of the new file whose voucher and amount another has too
        self.performed: dict[int, str] = {}  # of those, the day that some were performed
        self.beside: list[tuple[int, str]] = []  # and those whose voucher's number another system's file has

    def take(self, line: str, performed: str = "") -> None:
        """One more of them, and the day that it was performed, where the export says so."""
        self.count += 1
        if key := self.key(line):
            self.keys.add(key)
        row = cells(line)
        account, cost_centre, wbs_element = row[_ACCOUNT : _ACCOUNT + 3]
        self.codings.add((account, cost_centre, wbs_element))
        if self._before.watched:
            self.days.add((plain(row[_VOUCHER]), row[0]))
        if self._before.alike.has(row):
            self.doubtful.append((self.count + 1, line))
            if performed:
                self.performed[self.count + 1] = performed
        if self._before.elsewhere and number_in(line) in self._before.vouchers_elsewhere:
            self.beside.append((self.count + 1, line))

    def key(self, line: str) -> tuple[str, ...] | None:
        """What names a posting, as the dialect says, else its voucher; None where nothing does."""
        row = cells(line)
        has_voucher = _VOUCHER not in self._columns or (row[_VOUCHER] and not is_masked(row[_VOUCHER]))
        is_named = has_voucher and any(row[column] for column in self._columns)
        return tuple(plain(row[column]) for column in self._columns) if is_named else None
