"""What a project's files of postings hold already, line by line, as an import of today would write it.

So a line that an earlier version wrote, with what no import keeps now, is known when it comes again.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import date
from functools import cache, cached_property
from itertools import chain, islice
from pathlib import Path

from msgspec import Struct, structs

from toolkit.core.doubles import identity, parted, plain
from toolkit.core.personal import without_numbers, without_personal_numbers
from toolkit.core.postings import Coding, Posting
from toolkit.core.rows import PostingRow
from toolkit.readers.dialect import Dialect
from toolkit.readers.postings import COLUMNS, amount_of, cell, cells, import_system

_KEPT_TEXTS = 50_000  # texts repeat from month to month; where they do not, remembering them all would cost more
_VOUCHER = COLUMNS.index("voucher")
_BALANCE = re.compile(r"(primo|ultimo|åbnings|start|slut|overført)?\W*saldo\W*(primo|ultimo|overført)?", re.IGNORECASE)
_SHORT = 9  # characters: a voucher that has no more can hold no personal number


class KnownLines:
    """The project's lines, as an import of today would write them: so one by an older version is known again.

    `own` are those of earlier imports of the same system, `elsewhere` those of others, each with how often it is there.
    `watched` are the rows that were asked for, whichever system they are of.
    """

    def __init__(
        self, folder: Path, files: Sequence[str], system: str, masks: Masks, watch: Collection[PostingRow] = ()
    ) -> None:
        self.files = files
        self.system = system
        self.own, self.elsewhere = Counter[str](), Counter[str]()
        self.performed: dict[str, set[str]] = {}
        self.sizes: dict[str, int] = {}
        self.watched: list[KnownLine] = []
        self._days: dict[str, tuple[str, str]] = {}  # of the files: the first and the last
        self._folder = folder
        self._masks = masks
        for file in files:
            is_own = import_system(file) == system
            into, first, last = self.own if is_own else self.elsewhere, "9999", ""
            rows = {row for its, row in watch if its == file}
            for each in self.lines(file):
                into[each.line] += 1
                self.sizes[file] = each.row - 1
                first, last = min(first, each.line[:10]), max(last, each.line[:10])
                if rows and each.row in rows:
                    self.watched.append(each)
                if each.performed is not None:
                    self.performed.setdefault(each.line, set()).add(each.performed)
            self._days[file] = first, last
        self.systems = {file: import_system(file) or "" for file in files}
        self.last = max((last for file, (_first, last) in self._days.items() if self.is_own(file)), default="")

    @property
    def is_empty(self) -> bool:
        return not self.own and not self.elsewhere

    @cached_property
    def alike(self) -> Alike:
        """To find what may be there twice: looked at once anything is new."""
        return Alike(lambda: chain(self.own, self.elsewhere))

    @cached_property
    def vouchers_elsewhere(self) -> set[str]:
        """The number of each voucher that another system's files have."""
        return set(map(number_in, self.elsewhere)) - {""}

    def is_own(self, file: str) -> bool:
        """Whether an import of the same system wrote it."""
        return self.systems[file] == self.system

    def files_of(self, system: str) -> list[str]:
        """The files that imports of a system wrote."""
        return [file for file in self.files if self.systems[file] == system]

    def left(self, file: str) -> Counter[str]:
        """How often the export had not, of what the files of its sort hold."""
        return self.own if self.is_own(file) else self.elsewhere

    def of_days(self, first: str, last: str, system: str | None = None) -> list[str]:
        """The files of a system, else of the same one, that have any lines of those days."""
        wanted = self.system if system is None else system
        days = ((file, *self._days[file]) for file in self.files_of(wanted))
        return [file for file, begins, ends in days if begins <= last and first <= ends]

    def lines(self, file: str) -> Iterator[KnownLine]:
        """A file's lines below its headings."""
        with (self._folder / file).open(encoding="utf-8-sig", newline="") as text:
            for row, line in enumerate(islice(text, 1, None), start=2):
                yield KnownLine(file, row, *self._masks.line(line))


class KnownLine(Struct, frozen=True, gc=False):
    """A line of a file of postings, and where it stands."""

    file: str
    row: int
    line: str  # as an import of today writes it, without a day of performance
    performed: str | None = None

    @property
    def place(self) -> PostingRow:
        """As rules and the log name it."""
        return self.file, self.row

    @property
    def coding(self) -> Coding:
        """Its account, cost centre and WBS element."""
        _posted, _voucher, _number, account, cost_centre, wbs_element, *_rest = cells(self.line)
        return account, cost_centre, wbs_element

    @property
    def performed_posting(self) -> Posting:
        """The posting, with the day that the file says it was performed."""
        return structs.replace(self.posting, performed=date.fromisoformat(self.performed) if self.performed else None)

    @property
    def posting(self) -> Posting:
        posted, voucher, _number, account, cost_centre, wbs_element, text, amount = cells(self.line)
        day = date.fromisoformat(posted)
        return Posting(
            day, voucher, account, cost_centre, wbs_element, text, amount_of(amount), day, self.file, self.row
        )


class Alike:
    """Enough of some lines to see that another is none of them: a set of their likenesses.

    Lines are alike by the voucher and the amount, or by its number where one of them has nothing beside that; where one
    of them has no voucher, by the day, the text and the amount.
    """

    def __init__(self, lines: Callable[[], Iterable[str]]) -> None:
        self._lines = lines

    def has(self, row: Sequence[str]) -> bool:
        """Whether any of the lines may be this one."""
        if not row[_VOUCHER]:
            return _by_text(row) in self._texts
        named, numbered, unnamed = self._likenesses
        its, number = _by_voucher(row), _by_number(row)
        if its in named or (its in numbered if its == number else number in named):
            return True
        return bool(unnamed) and _by_text(row) in unnamed

    @cached_property
    def _likenesses(self) -> tuple[set[int], set[int], set[int]]:
        """Of lines with a voucher, of those that have more than its number, and of those without: in one go.

        There may be a million.
        """
        named, numbered, unnamed = set[int](), set[int](), set[int]()
        for row in map(cells, self._lines()):
            if row[_VOUCHER]:
                named.add(its := _by_voucher(row))
                if (number := _by_number(row)) != its:
                    numbered.add(number)
            else:
                unnamed.add(_by_text(row))
        return named, numbered, unnamed

    @cached_property
    def _texts(self) -> set[int]:
        return {_by_text(row) for row in map(cells, self._lines())}


def number_in(line: str) -> str:
    """The number of a line's voucher, without what may stand beside it."""
    row = cells(line)
    return parted(row[_VOUCHER], row[0])[1]


def _by_voucher(row: Sequence[str]) -> int:
    return hash((identity(row[_VOUCHER], row[0], row[6]), row[7]))


def _by_number(row: Sequence[str]) -> int:
    """The same as by the voucher, where that is a number and nothing else."""
    voucher = row[_VOUCHER]
    return _by_voucher(row) if voucher.isdecimal() else hash((parted(voucher, row[0])[1], row[7]))


def _by_text(row: Sequence[str]) -> int:
    return hash((row[0], plain(row[6]), row[7]))


# ── what is not kept ─────────────────────────────────────────────────────────────────────────


class Masks:
    """What a line keeps of its voucher and its text: it hangs on them and on the account, never on other lines."""

    def __init__(self, dialect: Dialect) -> None:
        self.texts = _Texts()
        self.masked: set[str] = set()  # vouchers, as they are written
        self.counted = 0
        self.vouchers_counted = 0
        self.keeps_text = cache(dialect.keeps_text)

    @staticmethod
    def concern(vouchers: Sequence[str]) -> bool:
        """Whether any of the vouchers may be written otherwise than it is: most have a few digits and nothing else."""
        return max(map(len, vouchers), default=0) > _SHORT or not all(map(str.isalnum, vouchers))

    def voucher(self, voucher: str) -> str:
        """A voucher as a cell."""
        if len(voucher) <= _SHORT and voucher.isalnum():
            return voucher
        kept = without_personal_numbers(voucher)
        written = cell(kept)
        if kept != voucher:
            self.masked.add(written)
        return written

    def count(self, texts: Iterable[str], vouchers: Iterable[str]) -> None:
        """Count the lines of which something was taken out."""
        self.counted += sum(map(self.texts.masked.__contains__, texts))
        self.vouchers_counted += sum(map(self.masked.__contains__, vouchers))

    def line(self, line: str) -> tuple[str, str | None]:
        """A line that an earlier import wrote, as one of today writes it, and apart the day that it was performed."""
        row = cells(line)
        performed = row.pop() if len(row) > len(COLUMNS) else None
        posted, voucher, number, account, cost_centre, wbs_element, text, amount = row
        kept = self.texts[text] if self.keeps_text(account) else ""
        kept_voucher = self.voucher(voucher)
        as_written = line.endswith("\n") and not line.endswith("\r\n") and '"' not in line
        if as_written and performed is None and (kept, kept_voucher) == (text, voucher):
            return line, None
        coding = ";".join(map(cell, (account, cost_centre, wbs_element)))
        return f"{posted};{kept_voucher};{number};{coding};{kept};{amount}\n", performed


class _Texts(dict[str, str]):
    """Each text as it is kept: on one line, without what can be a person's number, in quotes where csv wants them."""

    def __init__(self) -> None:
        super().__init__()
        self.masked: set[str] = set()
        self.balances: set[str] = set()  # those that are what a list carries forward, and no cost

    def __missing__(self, text: str) -> str:
        if len(self) >= _KEPT_TEXTS:
            self.clear()
        one_line = "".join(filter(str.isprintable, " ".join(text.split())))
        kept = without_numbers(one_line)
        written = self[text] = cell(kept)
        if kept != one_line:
            self.masked.add(written)
        if _BALANCE.fullmatch(kept):
            self.balances.add(written)
        return written
