"""An ERP's export, read by its dialect: the lines of the books that it holds, whatever it looks like."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from fnmatch import fnmatchcase
from functools import cached_property
from pathlib import Path

from msgspec import Struct

from toolkit.core.money import NOTHING, Money
from toolkit.core.problems import N_, FileName, Problem, Span, declare, problem
from toolkit.readers import encodings, spool, tables
from toolkit.readers.dialect import Dialect, Fit
from toolkit.readers.encodings import Encoded
from toolkit.readers.notations import all_money, day_reader, money, written_day
from toolkit.readers.postings import amount_cells
from toolkit.readers.rows import Advance, Block, Source, Wrong

_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # how one begins: xlsx, xls
_KEPT = ("voucher", "line", "account", "account_text", "cost_centre", "wbs_element", "text")

declare(
    "dialect-unknown",
    "error",
    N_("The file's headings are those of no dialect. There is: {names}"),
    N_("describe the export in templates/erp/, as docs/recipes/new-erp.md shows"),
)
declare(
    "dialect-ambiguous",
    "error",
    N_("The file can be read in more than one dialect: {names}."),
    N_("say which: --dialect {first}"),
)
declare(
    "export-shifted",
    "error",
    N_("{title} was saved with tabs: a short cell has moved the columns after it, so no amount can be trusted."),
    N_("save the list from the ERP again and choose: {export}"),
)
declare(
    "export-unreadable",
    "error",
    N_("{file} cannot be read: it is damaged, or not the kind of file that it says."),
    N_("open it in the program that wrote it, and save it again as xlsx or csv"),
)
declare(
    "export-undecodable",
    "error",
    N_("A character here means nothing in the encodings that are tried (UTF-8, Windows-1252)."),
    N_("save the export as UTF-8, or name its encoding in the dialect: encodings: [cp850]"),
)
declare(
    "export-misread",
    "warning",
    N_("Read as {encoding}, the file says {text}: its Danish letters are probably in another encoding."),
    N_("save the export as UTF-8, or name its encoding in the dialect: encodings: [cp850]"),
)
declare(
    "export-heading-missing",
    "error",
    N_("The nearest dialect is {dialect}, but the file lacks: {missing}. Unknown to it: {unknown}"),
    N_("export it again with these columns, or describe the export as it is now in templates/erp/"),
)
declare(
    "export-heading-unknown",
    "error",
    N_("The column {heading} is unknown to the dialect {dialect}: the export has changed."),
    N_("look at what the column is; then write it under known: (dropped) or columns: (kept) in templates/erp/"),
)
declare(
    "export-sheets",
    "error",
    N_("{count} sheets of the workbook hold postings, and one may repeat another."),
    N_("save the sheet that is to be read as a file of its own"),
)
declare(
    "export-columns",
    "error",
    N_("The row has {count} cells, not {wanted}."),
    N_("export the file again, rather than mend it by hand"),
)
declare(
    "export-value",
    "error",
    N_("{text} cannot stand in the column {column}."),
    N_("it is written like {example}: export the file again, or correct the dialect"),
)
declare(
    "export-undated",
    "error",
    N_("The row has no posting date."),
    N_("say on which day it was posted: --posted 2022-03-31"),
)


class Lines(Struct, gc=False):
    """Some hundred lines of an export, column by column: what Python does to a column at once takes half the time.

    Days as 2022-03-15; a cost is above zero. Texts are as the export has them: nobody has looked for names in them.
    """

    numbers: Sequence[int]
    posted: list[str]
    voucher: list[str]
    line: list[str]
    account: list[str]
    account_text: list[str]
    cost_centre: list[str]
    wbs_element: list[str]
    text: list[str]
    amount: list[Money]
    amount_cell: list[str]  # as a file of postings has it


class Export(Struct, frozen=True):
    """An export that has been recognised, but not read yet. `text` is None where it is a workbook or JSON."""

    file: str
    dialect: Dialect
    text: Encoded | None
    source: Source

    def lines(self, problems: list[Problem], posted: date | None, advance: Advance = id) -> Iterator[Lines]:
        """The lines in order; all that is wrong is in `problems` when the last has been given.

        `posted` is the day for a line that has none of its own.
        """
        wrong: list[Wrong] = []
        reading = _Reading(self.dialect, self.source.headings, posted, wrong)
        try:
            for block in self.source.blocks(wrong, advance):
                lines = reading.lines(block)
                if lines.numbers:
                    yield lines
        except UnicodeDecodeError:
            if self.text:
                problems.append(_undecodable(self.text))
            return
        if wrong:
            problems += self.source.explained(wrong)

    def has(self, field: str) -> bool:
        """Whether the export has a heading for one of a posting's fields."""
        return any(heading in self.source.headings for heading in self.dialect.columns.headings(field))


def open_export(path: Path, dialects: Sequence[Dialect], problems: list[Problem]) -> Export | None:
    """The export in the one dialect that fits its headings; None where none does, or several do.

    With a single dialect, that is the one it is read in, and what does not fit is named.
    """
    file = _File(path)
    opened = [each for dialect in dialects for each in file.openings(dialect)]
    usable = [each for each in opened if not each.fit.missing]
    fitting = [each for each in usable if not each.fit.unknown] or usable
    if not fitting:
        problems += file.strange(dialects, opened)
        return None
    if len(fitting) > 1:
        names = list(dict.fromkeys(each.export.dialect.name for each in fitting))
        several = problem("dialect-ambiguous", file.whole, names=", ".join(names), first=names[0])
        problems.append(several if len(names) > 1 else problem("export-sheets", file.whole, count=len(fitting)))
        return None
    export, fit = fitting[0].export, fitting[0].fit
    if export.text and export.text.misread:
        problems.append(_misread(export.text))
    for heading in fit.unknown:
        problems.append(problem("export-heading-unknown", file.whole, heading=heading, dialect=export.dialect.name))
    return None if fit.unknown else export


# ── which dialect ────────────────────────────────────────────────────────────────────────────


class _Opening(Struct, frozen=True):
    """One way to read a file, and how well its headings agree with it."""

    export: Export
    fit: Fit


class _File:
    """The file, looked at once for all the dialects."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.whole = Span(FileName(str(path), "here"), 0, 0)
        with path.open("rb") as file:
            head = file.read(64)
        self.is_text = head[:4] not in _WORKBOOKS and head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] not in (b"{", b"[")
        self._texts: dict[tuple[str, ...], Encoded] = {}

    def text(self, dialect: Dialect) -> Encoded:
        """The file as text, in one of the dialect's encodings."""
        if dialect.encodings not in self._texts:
            self._texts[dialect.encodings] = encodings.encoded(self.path, dialect.encodings)
        return self._texts[dialect.encodings]

    @cached_property
    def sheets(self) -> list[tables.Sheet] | None:
        """The file as rows of cells; None where it cannot be read as such."""
        try:
            return tables.sheets(self.path)
        except tables.Unreadable:
            return None

    def openings(self, dialect: Dialect) -> Iterator[_Opening]:
        """The ways to read the file in this dialect: mostly one or none; one for each sheet that has its headings."""
        name = self.whole.file
        if not self.is_text:
            if dialect.layout == "table" and self.sheets:
                for table, fit in tables.cell_tables(self.sheets, name, dialect):
                    yield _Opening(Export(name, dialect, None, table), fit)
        else:
            text = self.text(dialect)
            opened: tuple[Source, Fit] | None
            opened = (
                tables.csv_table(text, name, dialect) if dialect.layout == "table" else spool.spool(text, name, dialect)
            )
            if opened:
                yield _Opening(Export(name, dialect, text, opened[0]), opened[1])

    def strange(self, dialects: Sequence[Dialect], opened: Sequence[_Opening]) -> Iterator[Problem]:
        """Why no dialect fits."""
        texts = [self.text(dialect) for dialect in dialects] if self.is_text else []
        if texts and all(text.broken for text in texts):
            yield _undecodable(texts[0])
        elif not self.is_text and self.sheets is None:
            yield problem("export-unreadable", self.whole, file=self.path.name)
        else:
            yield from dict.fromkeys(_misread(text) for text in texts if text.misread)
            yield self._unlike(dialects, opened)

    def _unlike(self, dialects: Sequence[Dialect], opened: Sequence[_Opening]) -> Problem:
        """The list was saved in a way that shifts its columns, or its headings are not quite those of any dialect."""
        for dialect in dialects if self.is_text else ():
            if dialect.layout == "spool" and spool.is_shifted(self.text(dialect), dialect):
                choose = dialect.export or dialect.title
                return problem("export-shifted", self.whole, title=dialect.title, export=choose)
        if not opened:
            return problem("dialect-unknown", self.whole, names=", ".join(dialect.name for dialect in dialects))
        nearest = max(opened, key=lambda each: (each.fit.known, -len(each.fit.missing), -len(each.fit.unknown)))
        return problem(
            "export-heading-missing",
            self.whole,
            dialect=nearest.export.dialect.name,
            missing=", ".join(nearest.fit.missing),
            unknown=", ".join(nearest.fit.unknown) or "–",
        )


def _misread(text: Encoded) -> Problem:
    return problem(
        "export-misread", Span(FileName(str(text.path), "here"), 0, 0), text=text.misread, encoding=text.encoding
    )


def _undecodable(text: Encoded) -> Problem:
    line, column, shown = encodings.undecodable(text)
    return problem("export-undecodable", Span(FileName(str(text.path), "here"), line, column, 1, shown))


# ── rows to lines ────────────────────────────────────────────────────────────────────────────


class _Days(dict[str, str]):
    """Each day that is written, read once."""

    def __init__(self, read: Callable[[str], date]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, text: str) -> str:
        day = self[text] = self._read(text).isoformat()
        return day


class _Reading:
    """One export's rows as lines: a block at once where all is well, else row by row, to say what is not."""

    def __init__(self, dialect: Dialect, headings: Sequence[str], posted: date | None, wrong: list[Wrong]) -> None:
        self.dialect = dialect
        self.headings = list(headings)
        self.wrong = wrong
        self._days = _Days(day_reader(dialect.dates))
        self._posted = posted.isoformat() if posted else ""
        if posted:
            self._days[""] = posted.isoformat()
        self._cells = {field: self._places(field) for field in ("posted", "amount", "debit_credit", *_KEPT)}
        self._only = {
            self.headings.index(heading): set(allowed)
            for heading, allowed in dialect.only.items()
            if heading in self.headings
        }
        self._signs = {**dict.fromkeys(dialect.debit, 1), **dict.fromkeys(dialect.credit, -1)}

    def lines(self, block: Block) -> Lines:
        """The block's lines: without rows that are none, and without those that are wrong."""
        try:
            return self._lines(block)
        except (ValueError, KeyError):
            good = [
                (number, row)
                for number, row in zip(block.numbers, block.rows, strict=True)
                if self._is_good(number, row)
            ]
            return self._lines(Block([number for number, _row in good], [row for _number, row in good]))

    def _places(self, field: str) -> list[int]:
        headings = self.dialect.columns.headings(field)
        return [self.headings.index(heading) for heading in headings if heading in self.headings]

    def _lines(self, block: Block) -> Lines:
        """All at once. Raises ValueError or KeyError where anything is not as it should be."""
        columns = list(zip(*block.rows, strict=True))
        if block.rows and len(columns) != len(self.headings):
            raise ValueError
        for place, allowed in self._only.items():
            if not set(columns[place] if columns else ()) <= allowed:
                raise ValueError
        kept = {field: self._column(columns, field, len(block.rows)) for field in _KEPT}
        if not all(not text or text.isdecimal() for text in set(kept["line"])):
            raise ValueError
        amount, amount_cell = self._amounts(columns, len(block.rows))
        return Lines(
            numbers=block.numbers,
            posted=[self._days[text] for text in self._column(columns, "posted", len(block.rows))],
            amount=amount,
            amount_cell=amount_cell,
            **kept,
        )

    def _column(self, columns: Sequence[Sequence[str]], field: str, count: int) -> list[str]:
        """The field's cells; where several headings are for it, in each row the first that is filled in."""
        places = self._cells[field]
        if not places or not columns:
            return [""] * count
        found = list(map(str.strip, columns[places[0]]))
        for place in places[1:]:
            found = [cell or other.strip() for cell, other in zip(found, columns[place], strict=True)]
        return found

    def _amounts(self, columns: Sequence[Sequence[str]], count: int) -> tuple[list[Money], list[str]]:
        """What the rows cost, and the same as cells of a file of postings."""
        found, written = all_money(self._column(columns, "amount", count), self.dialect.decimal)
        match self.dialect.signs:
            case "cost-positive":
                return found, written or amount_cells(found)
            case "cost-negative":
                found = [-amount for amount in found]
            case "debit-credit":
                if any(amount < NOTHING for amount in found):
                    raise ValueError
                sides = self._column(columns, "debit_credit", count)
                found = [
                    amount if self._signs[side] > 0 else -amount for side, amount in zip(sides, found, strict=True)
                ]
        return found, amount_cells(found)

    # ── a row by itself ──────────────────────────────────────────────────────────────────────

    def _is_good(self, number: int, row: list[str]) -> bool:
        """Whether the row is a line of the books; what is wrong with one that should be is reported."""
        cells = [cell.strip() for cell in row]
        if not any(cells) or cells == self.headings or self._is_skipped(cells):
            return False
        if len(row) != len(self.headings):
            words = {"count": str(len(row)), "wanted": str(len(self.headings))}
            self.wrong.append(Wrong(number, None, "export-columns", words))
            return False
        found = list(self._wrong(number, cells))
        self.wrong += found
        return not found

    def _is_skipped(self, cells: Sequence[str]) -> bool:
        """Whether it is a sum or the like: no day, and a word that the dialect knows."""
        if any(cells[place] for place in self._cells["posted"] if place < len(cells)):
            return False
        return any(
            fnmatchcase(cell.casefold(), pattern.casefold()) for pattern in self.dialect.skip for cell in cells if cell
        )

    def _wrong(self, number: int, cells: Sequence[str]) -> Iterator[Wrong]:
        first = self.dialect.dates[0]
        day = next((place for place in self._cells["posted"] if cells[place]), self._cells["posted"][0])
        if not cells[day] and not self._posted:
            yield Wrong(number, day, "export-undated", {})
        elif not _reads(self._days.__getitem__, cells[day]):
            yield self._refused(number, day, cells, written_day(date(2022, 3, 15), first))
        unsigned = self.dialect.signs == "debit-credit"
        amount = self._cells["amount"][0]
        if not _reads(lambda text: self._amount(text, unsigned=unsigned), cells[amount]):
            example = "1234.56" if self.dialect.decimal == "." else "1.234,56"
            yield self._refused(number, amount, cells, example)
        for side in self._cells["debit_credit"] if unsigned else ():
            if cells[side] not in self._signs:
                yield self._refused(number, side, cells, " / ".join((*self.dialect.debit, *self.dialect.credit)))
        for place in self._cells["line"]:
            if cells[place] and not cells[place].isdecimal():
                yield self._refused(number, place, cells, "1")
        for place, allowed in self._only.items():
            if cells[place] not in allowed:
                yield self._refused(number, place, cells, " / ".join(filter(None, sorted(allowed))))

    def _amount(self, text: str, *, unsigned: bool) -> Money:
        amount = money(text, self.dialect.decimal)
        if unsigned and amount < NOTHING:
            raise ValueError(text)
        return amount

    def _refused(self, number: int, place: int, cells: Sequence[str], example: str) -> Wrong:
        words = {"text": cells[place] or '""', "column": self.headings[place], "example": example}
        return Wrong(number, place, "export-value", words)


def _reads(read: Callable[[str], object], text: str) -> bool:
    try:
        read(text)
    except (ValueError, KeyError):
        return False
    return True
