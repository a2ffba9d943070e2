"""An ERP's export, read by its dialect: the lines of the books that it holds, whatever it looks like."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from itertools import chain, product
from pathlib import Path

from msgspec import Struct, field, structs

from toolkit.core.money import NOTHING, Money, kroner, total
from toolkit.core.problems import N_, FileName, Problem, Span, declare, problem
from toolkit.readers import encodings, spool, tables
from toolkit.readers.dialect import FIELDS, Dialect, Fit
from toolkit.readers.encodings import Encoded
from toolkit.readers.notations import all_money, day_reader, money, written_day
from toolkit.readers.postings import amount_cells
from toolkit.readers.rows import Advance, Block, Source, Wrong
from toolkit.readers.sheets import Kind, Sheet, Unreadable, kind_of, sheets

_WHOSE = ("voucher", "account", "cost_centre", "wbs_element")  # a row with any of them is a posting
_AMOUNTS = ("amount", "debit", "credit")
_CODING = ("account", "cost_centre", "wbs_element")
_KEPT = ("voucher", "line", "account", "account_text", "cost_centre", "wbs_element", "text")
_FIRST_YEAR = 2000  # no ledger that is kept today begins before
_PARTS = re.compile(r"[\s:.,]+")
_SKIPPED_PARTS = re.compile(r"[*?\[\]]+")

# What Excel and LibreOffice write for a value that could not be computed or shown; "#? =…" is ours, for none at all.
_ERROR = re.compile(
    r"#(?:N/A|I/T|REF!|REFERENCE!|VALUE!|VÆRDI!|DIV/0!|DIVISION/0!|NAME\?|NAVN\?|NULL!|NUL!|NUM!|SPILL!|OVERLØB!|CALC!"
    r"|BEREGN!|FIELD!|FELT!|GETTING_DATA|BLOCKED!|BLOKERET!|#+|\? .*)|Err:[0-9]{3}"
)
_UNCALCULATED = "#? "
_ROUNDED = re.compile(r"-?[0-9](?:[.,][0-9]+)?E\+[0-9]+")  # a number of more digits than Excel keeps
_MORE_THAN_EXCEL = 16  # digits
_LONG = re.compile(rf"[0-9]{{{_MORE_THAN_EXCEL},}}")
_EXACT = re.compile(r".*[,.][0-9]{2}[-)]?")
# A sum's amount may have its currency beside it, and "11.000,-" is 11.000.
_CURRENCY = re.compile(r"(?:(?:kr\.?|dkk)\s*)?(?P<amount>.*?[0-9)-])(?:\s*(?:kr\.?|dkk))?", re.IGNORECASE)
_LAST = re.compile(r"(?:.*[\s:=])?(?P<last>[-(]?[0-9][0-9.,]*[-)]?)")
# What a sum's words say that it is of: costs or income, or a side of the books, where storno is below zero.
_OF_COSTS = re.compile(r"\b(?:(?:udgift|omkostning)(?:er)?|expenses?|costs?)\b", re.IGNORECASE)
_OF_INCOME = re.compile(r"\b(?:indtægt(?:er)?|income)\b", re.IGNORECASE)
_OF_DEBIT = re.compile(r"\b(?:debet|debit)\b", re.IGNORECASE)
_OF_CREDIT = re.compile(r"\b(?:kredit|credit)\b", re.IGNORECASE)
_WORDS_BESIDE = frozenset(("af", "for", "i", "konto", "på", "account", "of"))  # between a sum's word and what it is of
_UNREAD = re.compile(r"[0-9][.,][0-9]{2}(?![0-9.])")  # an amount in what is none: "8.250,00 K"

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
    "export-separator",
    "error",
    N_("The columns are separated by {found}, and in the dialect {dialect} by {wanted}."),
    N_("save the list with {wanted} between the columns, or write in the dialect: delimiters: [{every}]"),
)
declare(
    "export-shifted",
    "error",
    N_("{title} was saved with tabs: a short cell has moved the columns after it, so no amount can be trusted."),
    N_("save the list from the ERP again and choose: {export}"),
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
    N_("save the export as UTF-8, or name its encoding in the dialect: encodings: [{probably}]"),
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
declare(
    "export-no-posting",
    "error",
    N_("The row has no posting date, no voucher and no account, but only: {text}"),
    N_('let the dialect {dialect} pass over such rows, skip: ["{pattern}"], or delete the row from the file'),
)
declare(
    "export-heading-twice",
    "error",
    N_("{heading} is the heading of columns {columns}: only one of them can be meant."),
    N_("rename the other, or leave it out; where the first is always meant: repeated: [{heading}] in the dialect"),
)
declare(
    "export-amount-twice",
    "error",
    N_("{first} and {second} can both be the amount, and both are in the file."),
    N_("write in the dialect {dialect}, in the place of amount: debit: [{first}], credit: [{second}]; or only the one"),
)
declare(
    "export-sheet-hidden",
    "error",
    N_("The postings stand in {sheet}, a hidden sheet of the workbook: nobody sees them."),
    N_("show the sheet in Excel, look at it, save and import it again; or save the right one as a file of its own"),
)
declare(
    "export-sheet-left",
    "warning",
    N_("{sheet} is a hidden sheet with postings, and was not read."),
    N_("look at it in Excel: if it is what should be read, save it as a file of its own"),
)
declare(
    "export-rows-hidden",
    "warning",
    N_("{count} of the rows, {amount} kr. in all, are hidden in the sheet, and were read all the same."),
    N_("show all rows in Excel and look: a filter leaves out nothing but what one sees"),
)
declare(
    "export-old-format",
    "warning",
    N_("This is the old xls format: it does not say which cells are errors and which rows are hidden."),
    N_("look through the sheet in Excel, or save it as xlsx and import that"),
)
declare(
    "export-error-cell",
    "error",
    N_("{text} in the column {column} is what a spreadsheet writes for an error."),
    N_("correct the cell in the sheet, save, and import again"),
)
declare(
    "export-uncalculated",
    "error",
    N_("{text} in the column {column} is a formula that was never calculated: the file has no value for it."),
    N_("open the workbook in Excel, let it calculate, save, and import again"),
)
declare(
    "export-rounded",
    "error",
    N_("{text} in the column {column} is a number that Excel has shortened: some of its digits are gone."),
    N_("let the column be text before it is filled in, or import the file as the ERP wrote it"),
)
declare(
    "export-perhaps-rounded",
    "warning",
    N_("The long numbers in the column {column} all end in zeros, like {text}: Excel may have rounded them."),
    N_("compare one with the ERP; if it differs, import the file as the ERP wrote it"),
)
declare(
    "export-year",
    "error",
    N_("{text} cannot be right: the posting date lies before {first} or after {last}."),
    N_("correct the day where the export was made, and make it again"),
)
declare(
    "export-sides",
    "error",
    N_("The row has both {debit} in debit and {credit} in credit."),
    N_("export the list again: each row is one of them"),
)
declare(
    "export-alone",
    "error",
    N_("The row has an amount and nothing else: {amount} kr. The rows above it sum to {sum} kr."),
    N_("delete the row if it is a sum; a posting has its voucher and its account"),
)
declare(
    "export-undated-sum",
    "error",
    N_("The row has no posting date and no voucher, and {amount} kr. is what rows above it sum to."),
    N_("delete the row if it is a sum; if it is a posting, give it its day where the export was made"),
)
declare(
    "export-named-sum",
    "error",
    N_("{text} is called a sum, the row has no voucher, and {amount} kr. is what rows above it sum to."),
    N_("delete the row if it is a sum; if it is a posting, give it its voucher or another text before you import it"),
)
declare(
    "export-sum-taken",
    "warning",
    N_("{text} names a sum, and the row has no voucher: it is read as a posting of {amount} kr."),
    N_("if it is a sum, delete the row from the list and import that; if it has been read in, take it back by a rule"),
)
declare(
    "export-sum-unread",
    "warning",
    N_("{text} in a sum row cannot be read as an amount, so no rows were held against it: they sum to {sum} kr. here."),
    N_("compare the two; what is written like {example} is compared by itself"),
)
declare(
    "export-sum-unclear",
    "error",
    N_("{text} looks like a sum, but has a posting date and is not what the rows above it sum to, {sum} kr."),
    N_("delete the row if it is a sum; if it is a posting, give it its voucher or its account"),
)
declare(
    "export-total-differs",
    "warning",
    N_("The export says {total} kr. in all here; the rows sum to {sum} kr. ({difference} kr. apart)."),
    N_("look whether rows are missing or read twice, before the figures are used"),
)
declare(
    "export-cut-off",
    "error",
    N_("The file ends in the middle of an amount: {text}."),
    N_("export the file again; if this is all of it, put a line break after the last line"),
)
declare(
    "export-period",
    "error",
    N_("The export should say here which period it covers, and {text} is no day."),
    N_("correct period: in the dialect, or how its dates are written, like {example}"),
)
declare(
    "export-period-backwards",
    "error",
    N_("The export says that it covers {starts} to {ends}, which ends before it begins."),
    N_("make the export again with the right period, or correct period: in the dialect, if the two days are swapped"),
)
declare(
    "export-period-missing",
    "warning",
    N_("No line above the headings says which period the export covers, as the dialect does: {pattern}"),
    N_("say the period that was chosen in the ERP: --starts … --ends …, or correct period: in the dialect"),
)


class Request(Struct, frozen=True):
    """How an export is to be read: the day of the import, and the posting date of lines that have none.

    `said` is what whoever imports says of the period that it covers: `starts`, `ends` or both.
    """

    imported: date
    posted: date | None = None
    said: frozenset[str] = frozenset()

    @property
    def years(self) -> range:
        """The years that a posting date may lie in."""
        return range(_FIRST_YEAR, self.imported.year + 2)


class Count(Struct):
    """So many lines, and what they sum to."""

    lines: int = 0
    amount: Money = NOTHING

    def add(self, amount: Money, lines: int = 1) -> None:
        self.lines += lines
        self.amount += amount


class Beside(Struct):
    """What an export holds beside its postings, and what is to be told of them: known when all has been read."""

    sums: Count = field(default_factory=Count)
    hidden: Count = field(default_factory=Count)


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
    performed: list[str]  # a day or nothing; empty where the export has no such column


class Export(Struct, frozen=True):
    """An export that has been recognised, but not read yet. `text` is None where it is a workbook or JSON."""

    file: str
    dialect: Dialect
    text: Encoded | None
    source: Source

    def lines(
        self, problems: list[Problem], request: Request, beside: Beside | None = None, advance: Advance = id
    ) -> Iterator[Lines]:
        """The lines in order; all that is wrong is in `problems` when the last has been given."""
        wrong: list[Wrong] = []
        reading = _Reading(self, request, wrong, beside or Beside())
        try:
            for block in self.source.blocks(wrong, advance):
                lines = reading.lines(block)
                if lines.numbers:
                    yield lines
        except UnicodeDecodeError:
            if self.text:
                problems.append(_undecodable(self.text))
            return
        reading.end()
        problems += self.source.explained(wrong) if wrong else reading.remarks()

    def period(self, problems: list[Problem], request: Request) -> tuple[date | None, date | None]:
        """The first and the last day that the export says it covers; None for what it does not say."""
        read = day_reader(self.dialect.dates)
        for pattern in self.dialect.period:
            expression = _period(pattern)
            for number, line in enumerate(self.source.above, start=1):
                if match := expression.search(line):
                    days = []
                    for name in ("starts", "ends"):
                        text = match.groupdict().get(name)
                        try:
                            day = read(text) if text else None
                            if day and day.year not in request.years and day.year != _OPEN:
                                raise ValueError(text)
                        except ValueError:
                            at = Span(self.file, number, match.start(name) + 1, len(text or ""), line)
                            example = written_day(date(2022, 3, 31), self.dialect.dates[0])
                            problems.append(problem("export-period", at, text=text, example=example))
                            return None, None
                        days.append(None if day and day.year == _OPEN else day)
                    starts, ends = days
                    if starts and ends and ends < starts:
                        at = Span(self.file, number, match.start() + 1, len(match[0]), line)
                        problems.append(problem("export-period-backwards", at, starts=starts, ends=ends))
                        return None, None
                    return starts, ends
        wanted = [set(_period(pattern).groupindex) for pattern in self.dialect.period]
        if wanted and not any(names <= request.said for names in wanted):
            at, pattern = Span(self.file, 0, 0), self.dialect.period[0]
            problems.append(problem("export-period-missing", at, pattern=pattern))
        return None, None

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
    fitting = [each for each in fitting if each.fit.known] or fitting  # headings say more than rows that are alike
    fitting = _shown(fitting, file, problems)
    if len(fitting) > 1:
        names = list(dict.fromkeys(each.export.dialect.name for each in fitting))
        several = problem("dialect-ambiguous", file.whole, names=", ".join(names), first=names[0])
        problems.append(several if len(names) > 1 else problem("export-sheets", file.whole, count=len(fitting)))
    if len(fitting) != 1:
        return None
    export, fit = fitting[0].export, fitting[0].fit
    if export.text and export.text.misread:
        problems.append(_misread(export.text))
    for heading in fit.unknown:
        problems.append(problem("export-heading-unknown", file.whole, heading=heading, dialect=export.dialect.name))
    twice = list(_twice(export))
    problems += twice
    if file.kind == "xls":
        problems.append(problem("export-old-format", file.whole))
    return None if fit.unknown or twice else export


def _shown(fitting: list[_Opening], file: _File, problems: list[Problem]) -> list[_Opening]:
    """Those in sheets that one sees; what stands in hidden ones is told."""
    hidden = [each for each in fitting if (sheet := each.export.source.sheet) and sheet.hidden]
    shown = [each for each in fitting if each not in hidden]
    code = "export-sheet-left" if shown else "export-sheet-hidden"
    for name in dict.fromkeys(sheet.name for each in hidden if (sheet := each.export.source.sheet)):
        problems.append(problem(code, file.whole, sheet=name))
    return shown


def _twice(export: Export) -> Iterator[Problem]:
    """Headings that are kept and stand twice, and amounts of which only one can be the amount."""
    dialect, source = export.dialect, export.source
    headings = list(source.headings)
    kept = {heading for name in FIELDS for heading in dialect.columns.headings(name)} | set(dialect.only)
    for heading in dict.fromkeys(headings):
        places = [place for place, each in enumerate(headings) if each == heading]
        if len(places) > 1 and heading in kept and heading not in dialect.repeated:
            columns = ", ".join(map(source.column_name, places))
            yield problem("export-heading-twice", source.heading_at(places[1]), heading=heading, columns=columns)
    for name in _AMOUNTS:
        there = [heading for heading in dialect.columns.headings(name) if heading in headings]
        if len(there) > 1:
            at = source.heading_at(headings.index(there[1]))
            yield problem("export-amount-twice", at, first=there[0], second=there[1], dialect=dialect.name)


_OPEN = 9999  # the year of "31.12.9999": without an end


def _period(pattern: str) -> re.Pattern[str]:
    """How a line says the export's period, as an expression: * stands for anything, a blank for any number of them."""
    found = ".*?".join(map(re.escape, " ".join(pattern.split()).split("*"))).replace(r"\ ", r"\s+")
    for name in ("starts", "ends"):
        found = found.replace(re.escape(f"{{{name}}}"), rf"(?P<{name}>[^\s;,|]+)", 1)
    return re.compile(found, re.IGNORECASE)


# ── which dialect ────────────────────────────────────────────────────────────────────────────


class _Opening(Struct, frozen=True):
    """One way to read a file, and how well its headings agree with it."""

    export: Export
    fit: Fit


_SIGNS = (";", ",", "tab", "|")  # what stands between the columns of exports


class _File:
    """The file, looked at once for all the dialects."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.whole = Span(FileName(str(path), "here"), 0, 0)
        self.unreadable: Unreadable | None = None
        self.kind: Kind | None = None
        try:
            self.kind = kind_of(path)
        except Unreadable as error:
            self.unreadable = error
        self._texts: dict[tuple[str, ...], Encoded] = {}

    def text(self, dialect: Dialect) -> Encoded:
        """The file as text, in one of the dialect's encodings."""
        if dialect.encodings not in self._texts:
            self._texts[dialect.encodings] = encodings.encoded(self.path, dialect.encodings)
        return self._texts[dialect.encodings]

    @property
    def is_text(self) -> bool:
        return self.kind == "text"

    @cached_property
    def sheets(self) -> list[Sheet]:
        """The file as rows of cells; none where it cannot be read as such, and then `unreadable` says why."""
        try:
            return sheets(self.path, self.kind) if self.kind else []
        except Unreadable as error:
            self.unreadable = error
            return []

    def openings(self, dialect: Dialect) -> Iterator[_Opening]:
        """The ways to read the file in this dialect: mostly one or none; one for each sheet that has its headings."""
        name = self.whole.file
        if not self.is_text:
            if dialect.layout == "table":
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
        elif self.unreadable:
            yield problem(self.unreadable.code, self.whole, file=self.path.name, **self.unreadable.words)
        else:
            yield from dict.fromkeys(_misread(text) for text in texts if text.misread)
            yield self._unlike(dialects, opened)

    def _unlike(self, dialects: Sequence[Dialect], opened: Sequence[_Opening]) -> Problem:
        """The list was saved in a way that shifts its columns, or its headings are not quite those of any dialect."""
        for dialect in dialects if self.is_text else ():
            if dialect.layout == "spool" and spool.is_shifted(self.text(dialect), dialect):
                choose = dialect.export or dialect.title
                return problem("export-shifted", self.whole, title=dialect.title, export=choose)
        separated = self._otherwise_separated(dialects) if self.is_text and not opened else None
        if separated:
            return separated
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

    def _otherwise_separated(self, dialects: Sequence[Dialect]) -> Problem | None:
        """Whether the headings are a dialect's, with another sign between them than it says."""
        for dialect in dialects:
            for sign in _SIGNS:
                if dialect.layout == "table" and sign not in dialect.delimiters:
                    other = structs.replace(dialect, delimiters=(sign,), headings=())
                    found = tables.csv_table(self.text(dialect), self.whole.file, other)
                    if found and not found[1].missing:
                        every = ", ".join(map(_as_written, (*dialect.delimiters, sign)))
                        words = {"found": _as_written(sign), "wanted": _as_written(dialect.delimiters[0])}
                        return problem("export-separator", self.whole, dialect=dialect.name, every=every, **words)
        return None


def _as_written(delimiter: str) -> str:
    """A delimiter as it stands in a dialect."""
    return delimiter if delimiter == "tab" else f'"{delimiter}"'


def _misread(text: Encoded) -> Problem:
    return problem(
        "export-misread",
        Span(FileName(str(text.path), "here"), 0, 0),
        text=text.misread,
        encoding=text.encoding,
        probably=text.probably,
    )


def _undecodable(text: Encoded) -> Problem:
    line, column, shown = encodings.undecodable(text)
    return problem("export-undecodable", Span(FileName(str(text.path), "here"), line, column, 1, shown))


# ── rows to lines ────────────────────────────────────────────────────────────────────────────


class _Days(dict[str, str]):
    """Each day that is written, read once; ValueError for what is none, and for one that no ledger has."""

    def __init__(self, read: Callable[[str], date], years: range) -> None:
        super().__init__()
        self._read = read
        self._years = years

    def __missing__(self, text: str) -> str:
        day = self._read(text)
        if day.year not in self._years:
            raise ValueError(text)
        self[text] = day.isoformat()
        return self[text]


class _Above(Struct, frozen=True):
    """What rows sum to: all of them, those that are costs, and those on the debit side, where there are sides."""

    net: Money = NOTHING
    costs: Money = NOTHING
    debit: Money = NOTHING

    def since(self, start: _Above) -> _Above:
        return _Above(self.net - start.net, self.costs - start.costs, self.debit - start.debit)


class _SumRow(Struct, frozen=True):
    """A row that says what others sum to: where, how much, what the rows above it sum to, and in which words."""

    number: int
    place: int | None
    amount: Money
    above: _Above
    cells: Sequence[str] = ()
    words: Sequence[int] = ()  # which of the cells call it a sum

    @property
    def text(self) -> str:
        return " ".join(self.cells)

    def is_all(self, rows: _Above) -> bool:
        """Whether it says what the rows sum to, or those of them that its words are about; income may lack its sign."""
        parts = self._parts(rows)
        return self.amount in (rows.net, *parts) or (_side_of(self.text) < 0 and -self.amount in parts)

    def meant(self, rows: _Above) -> Money:
        """What the row should say: the sum of the costs or of the income, where its words are about one of them."""
        return self._parts(rows)[0]

    def _parts(self, rows: _Above) -> tuple[Money, ...]:
        """What its words may be about, the likeliest first."""
        side = _side_of(self.text)
        costs, debit = (rows.costs, rows.debit) if side > 0 else (rows.net - rows.costs, rows.net - rows.debit)
        if not side:
            return (rows.net,)
        return (debit, costs) if _OF_DEBIT.search(self.text) or _OF_CREDIT.search(self.text) else (costs, debit)


def _side_of(text: str) -> int:
    """1 where a sum's words are about costs alone, -1 where they are about income alone, else 0."""
    costs = _OF_COSTS.search(text) or _OF_DEBIT.search(text)
    income = _OF_INCOME.search(text) or _OF_CREDIT.search(text)
    return bool(costs) - bool(income)


class _Reading:
    """One export's rows as lines: a block at once where all is well, else row by row, to say what is not."""

    def __init__(self, export: Export, request: Request, wrong: list[Wrong], beside: Beside) -> None:
        self.export = export
        self.dialect = dialect = export.dialect
        self.headings = list(export.source.headings)
        self.request = request
        self.wrong = wrong
        self.beside = beside
        self._read_day = day_reader(dialect.dates)
        self._days = _Days(self._read_day, request.years)
        self._performed = _Days(self._read_day, request.years)
        self._performed[""] = ""
        if request.posted:
            self._days[""] = request.posted.isoformat()
        self._cells = {name: self._places(name) for name in FIELDS}
        self._only = {
            self.headings.index(heading): set(allowed)
            for heading, allowed in dialect.only.items()
            if heading in self.headings
        }
        self._signs = {**dict.fromkeys(dialect.debit, 1), **dict.fromkeys(dialect.credit, -1)}
        self._whose = [place for name in _WHOSE for place in self._cells[name]]
        self._amount_places = [place for name in _AMOUNTS for place in self._cells[name]]
        self._sum_words = [part for each in dialect.skip for part in _SKIPPED_PARTS.split(each.casefold()) if part]
        self._above = _Above()  # what all rows until here sum to
        self._no_lines: set[int] = set()  # the rows that were looked at and are none
        self._asked: list[_SumRow] = []  # postings that may be the sum of their own account's
        self._taken: list[_SumRow] = []  # those of them that are not, and are called one all the same
        self._sums: list[_SumRow] = []
        self._unread: list[_SumRow] = []  # of which nobody can tell how much they say
        self._dated = False  # whether any row has a posting date of its own
        self._long: dict[str, list[str]] = {}
        self._last: tuple[int, str] = (0, "")  # the last row's number and amount, as it is written
        self._others, self._exact = False, True  # whether there are amounts before that, and all with two decimals
        sheet = export.source.sheet
        self._hidden = sheet.hidden_rows if sheet else frozenset()

    def lines(self, block: Block) -> Lines:
        """The block's lines: without rows that are none, and without those that are wrong."""
        before = (self._last, self._others, self._exact)
        try:
            lines = self._lines(block)
        except (ValueError, KeyError):
            self._last, self._others, self._exact = before
            lines = self._lines(self._good(block), looked_at=True)
        if lines.numbers:
            is_last = lines.numbers[-1] == block.numbers[-1]  # and no sum, nor a row that is wrong
            self._last = (lines.numbers[-1] if is_last else 0, self._last[1])
        if self._hidden:
            for number, amount in zip(lines.numbers, lines.amount, strict=True):
                if number in self._hidden:
                    self.beside.hidden.add(amount)
        return lines

    def end(self) -> None:
        """What can be said when the last row has been read: whether it is whole, and which rows were sums."""
        own = self._sums_of_their_own(self._asked)
        told = {row.number: self._told(row) for row in self._asked if row.amount in own[row.number]}
        self._taken = [
            row
            for row in self._asked
            if row.number not in told and any(self._only_names_a_sum(row.cells, place) for place in row.words)
        ]
        self.wrong[:] = [each for each in self.wrong if each.number not in told] + list(told.values())  # it says it all
        number, text = self._last
        if not number or self.export.text is None or max(self._amount_places) != len(self.headings) - 1:
            return
        all_others = self._others and self._exact
        if all_others and not _EXACT.fullmatch(text) and not encodings.ends_with_line_break(self.export.text):
            self.wrong.append(Wrong(number, self._amount_places[0], "export-cut-off", {"text": text}))

    def remarks(self) -> Iterator[Problem]:
        """What is to be told of the whole file."""
        whole = Span(self.export.file, 0, 0)
        ends = [*(each.above for each in self._sums), self._above]
        odd = [each for index, each in enumerate(self._sums) if not self._adds_up(each, ends[:index], ends[index:])]
        own = self._sums_of_their_own(odd)
        for each in odd:
            if each.amount not in own[each.number]:
                meant = each.meant(each.above)
                words = {
                    "total": kroner(each.amount),
                    "sum": kroner(meant),
                    "difference": kroner(abs(each.amount - meant)),
                }
                found = Wrong(each.number, each.place, "export-total-differs", words)
                yield from self.export.source.explained([found])
        for each in self._taken:
            said = {"text": each.cells[each.words[0]], "amount": kroner(each.amount)}
            yield from self.export.source.explained([Wrong(each.number, each.words[0], "export-sum-taken", said)])
        yield from self.export.source.explained(list(map(self._not_read, self._unread)))
        if self.beside.hidden.lines:
            count, amount = self.beside.hidden.lines, kroner(self.beside.hidden.amount)
            yield problem("export-rows-hidden", whole, count=count, amount=amount)
        for column, texts in self._long.items():
            if all(not text[_MORE_THAN_EXCEL - 1 :].strip("0") for text in texts):
                yield problem("export-perhaps-rounded", whole, column=column, text=texts[0])

    def _not_read(self, each: _SumRow) -> Wrong:
        words = {"text": each.cells[each.place or 0], "sum": kroner(each.meant(each.above)), "example": self._example}
        return Wrong(each.number, each.place, "export-sum-unread", words)

    def _only_names_a_sum(self, cells: Sequence[str], place: int) -> bool:
        """Whether a cell says that it is a sum, at most of what its row is of, and no more.

        So do "I alt" and, beside that account, "Sum konto 46000000"; a supplier's "Total Energi" does not.
        """
        left = cells[place].casefold()
        for word in self._sum_words:
            left = re.sub(rf"(?<!\w){re.escape(word.strip())}(?!\w)", " ", left)
        if left == cells[place].casefold():
            return False
        its = [each for name in _CODING for each in self._cells[name] if each != place]
        beside = " ".join([*(cells[each] for each in its), *(self.headings[each] for each in its)]).casefold()
        return set(_PARTS.split(left)) <= {*_PARTS.split(beside), *_WORDS_BESIDE, ""}

    @staticmethod
    def _adds_up(each: _SumRow, before: Sequence[_Above], after: Sequence[_Above]) -> bool:
        """Whether it is the sum of the rows above it since the beginning or an earlier sum, or of those below it."""
        above = (each.above.since(start) for start in (_Above(), *before))
        below = (end.since(each.above) for end in after)
        return any(map(each.is_all, chain(above, below, after[-1:])))

    def _places(self, name: str) -> list[int]:
        headings = self.dialect.columns.headings(name)
        return [self.headings.index(heading) for heading in headings if heading in self.headings]

    # ── a block at once ──────────────────────────────────────────────────────────────────────

    def _lines(self, block: Block, *, looked_at: bool = False) -> Lines:
        """All at once. Raises ValueError or KeyError where anything is not as it should be, or must be looked at."""
        columns = list(zip(*block.rows, strict=True))
        count = len(block.rows)
        if block.rows and len(columns) != len(self.headings):
            raise ValueError
        for place, allowed in self._only.items():
            if not set(columns[place] if columns else ()) <= allowed:
                raise ValueError
        kept = {name: self._column(columns, name, count) for name in _KEPT}
        if not looked_at and any(self._is_odd(name, kept[name]) for name in _KEPT):
            raise ValueError
        if not looked_at and (self._has_sums(kept) or self._names_sums(block, kept["voucher"])):
            raise ValueError
        if not all(not text or text.isdecimal() for text in set(kept["line"])):
            raise ValueError
        amount, amount_cell, debit = self._amounts(columns, count)
        posted = self._column(columns, "posted", count)
        if not looked_at and "" in posted and any(posted):
            raise ValueError
        self._dated = self._dated or any(posted)
        lines = Lines(
            numbers=block.numbers,
            posted=[self._days[text] for text in posted],
            performed=[self._performed[text] for text in self._column(columns, "performed", count)]
            if self._cells["performed"]
            else [],
            amount=amount,
            amount_cell=amount_cell,
            **kept,
        )
        if not looked_at:
            self._add(amount, debit)
        return lines

    def _add(self, amounts: Sequence[Money], debit: Money | None) -> None:
        """The rows' amounts to what all until here sum to; of a list without sides the costs are its debit."""
        costs = total([amount for amount in amounts if amount > NOTHING])
        above = self._above
        self._above = _Above(
            above.net + total(amounts), above.costs + costs, above.debit + (costs if debit is None else debit)
        )

    def _column(self, columns: Sequence[Sequence[str]], name: str, count: int) -> list[str]:
        """The field's cells; where several headings are for it, in each row the first that is filled in."""
        places = self._cells[name]
        if not places or not columns:
            return [""] * count
        found = list(map(str.strip, columns[places[0]]))
        for place in places[1:]:
            found = [cell or other.strip() for cell, other in zip(found, columns[place], strict=True)]
        return found

    def _is_odd(self, name: str, cells: Sequence[str]) -> bool:
        """Whether any of the cells may be an error, a rounded number or a sum's word, and must be looked at."""
        if not self._cells[name]:
            return False
        different = set(cells)
        joined = "\n".join(different)
        if "#" in joined or "E+" in joined or "Err:" in joined:
            return True
        if name not in _WHOSE:
            return False
        if max(map(len, different)) >= _MORE_THAN_EXCEL and (found := _LONG.findall(joined)):
            self._long.setdefault(self.headings[self._cells[name][0]], []).extend(found)
        folded = joined.casefold()
        return any(word in folded for word in self._sum_words) or (self.dialect.layout == "spool" and "*" in joined)

    def _has_sums(self, kept: dict[str, list[str]]) -> bool:
        """Whether there is a row that is nobody's: it may be a sum, whatever else stands in it."""
        whose = [kept[name] for name in _WHOSE if self._cells[name]]
        if not whose:
            return bool(self.dialect.skip)
        return "" in whose[0] and not all(map(any, zip(*whose, strict=True)))

    def _names_sums(self, block: Block, vouchers: Sequence[str]) -> bool:
        """Whether a row without a voucher has a sum's word in any of its cells."""
        if not self._sum_words or "" not in vouchers:
            return False
        rows = (row for row, voucher in zip(block.rows, vouchers, strict=True) if not voucher)
        folded = "\n".join(chain.from_iterable(rows)).casefold()
        return any(word in folded for word in self._sum_words)

    def _amounts(self, columns: Sequence[Sequence[str]], count: int) -> tuple[list[Money], list[str], Money | None]:
        """What the rows cost, the same as cells of a file of postings, and what of it is on the debit side."""
        if self._cells["debit"]:
            debit, credit = self._column(columns, "debit", count), self._column(columns, "credit", count)
            self._remember([one or other for one, other in zip(debit, credit, strict=True)], exact=False)
            both = [self._sides(one, other) for one, other in zip(debit, credit, strict=True)]
            found = [one - other for one, other in both]
            return found, amount_cells(found), total([one for one, _other in both])
        texts = self._column(columns, "amount", count)
        found, written = all_money(texts, self.dialect.decimal)
        self._remember(texts, exact=written is not None)
        match self.dialect.signs:
            case "cost-positive":
                return found, written or amount_cells(found), None
            case "cost-negative":
                found = [-amount for amount in found]
            case "debit-credit":  # below zero it takes back what was on its side: storno
                signs = [self._signs[side] for side in self._column(columns, "debit_credit", count)]
                on_debit = total([amount for sign, amount in zip(signs, found, strict=True) if sign > 0])
                found = [amount if sign > 0 else -amount for sign, amount in zip(signs, found, strict=True)]
                return found, amount_cells(found), on_debit
        return found, amount_cells(found), None

    def _sides(self, debit: str, credit: str) -> tuple[Money, Money]:
        """Both sides of a row that has its amount on one of them; ValueError where it is on none, or on both."""
        one, other = (money(text, self.dialect.decimal) if text else NOTHING for text in (debit, credit))
        if not debit and not credit:
            raise ValueError(debit)
        if NOTHING not in (one, other):
            raise ValueError(debit, credit)
        return one, other

    def _debit(self, cells: Sequence[str], cost: Money) -> Money | None:
        """What of a row's cost is on the debit side; None where the list has no sides."""
        if self._cells["debit"]:
            return self._money(self._first(cells, "debit") or "0")
        if self.dialect.signs == "debit-credit":
            return cost if self._signs[self._first(cells, "debit_credit")] > 0 else NOTHING
        return None

    def _remember(self, texts: Sequence[str], *, exact: bool) -> None:
        """How the amounts are written, to see whether the last is whole: all others may have two decimals."""
        if texts:
            before = [*self._last[1:], *([] if exact else texts[:-1])]
            self._exact = self._exact and all(map(_EXACT.fullmatch, filter(None, before)))
            self._others = self._others or len(texts) > 1 or bool(self._last[1])
            self._last = (0, texts[-1])

    # ── a row by itself ──────────────────────────────────────────────────────────────────────

    def _good(self, block: Block) -> Block:
        """The rows that are lines of the books; what is wrong with one that should be is reported."""
        good = [
            (number, row) for number, row in zip(block.numbers, block.rows, strict=True) if self._is_good(number, row)
        ]
        self._no_lines |= set(block.numbers).difference(number for number, _row in good)
        return Block([number for number, _row in good], [row for _number, row in good])

    def _is_good(self, number: int, row: list[str]) -> bool:
        cells = [cell.strip() for cell in row]
        if not any(cells) or cells == self.headings or self._is_sum(number, cells):
            return False
        if len(row) > len(self.headings) and not any(cells[len(self.headings) :]):
            del row[len(self.headings) :], cells[len(self.headings) :]  # empty columns that Excel has saved too
        if len(row) != len(self.headings):
            self.wrong.append(self._of_another_width(number, cells))
            return False
        asked = (self._perhaps_sum, self._no_posting, self._wrong)  # the first that finds anything says it all
        found = next(filter(None, (list(ask(number, cells)) for ask in asked)), [])
        self.wrong += found
        if not found:
            cost = self._cost(cells)
            self._add([cost], self._debit(cells, cost))
        return not found

    def _of_another_width(self, number: int, cells: Sequence[str]) -> Wrong:
        """A row with too few cells or too many: a footer where it is a line of words, else a row that is damaged."""
        filled = [cell for cell in cells if cell]
        is_words = len(filled) == 1 and not _reads(self._read_day, filled[0]) and not _reads(self._money, filled[0])
        if is_words and len(cells) < len(self.headings):
            return self._footer(number, cells)
        words = {"count": str(len(cells)), "wanted": str(len(self.headings))}
        return Wrong(number, None, "export-columns", words)

    def _footer(self, number: int, cells: Sequence[str]) -> Wrong:
        place = next(place for place, cell in enumerate(cells) if cell)
        text = " ".join(filter(None, cells))
        words = {"text": text, "dialect": self.dialect.name, "pattern": f"{text.split()[0]}*"}
        return Wrong(number, place, "export-no-posting", words)

    def _is_sum(self, number: int, cells: Sequence[str]) -> bool:
        """Whether the row is a sum, or the like: nobody's, and by a word that the dialect knows or by what it says.

        It is counted then. One that may be either is wrong, and told.
        """
        words = [place for place, cell in enumerate(cells) if cell and self.dialect.is_sum(cell)]
        whose = any(cells[place] for place in self._whose if place < len(cells) and place not in words)
        if whose and not self._is_words_and_amount(cells, words):
            return False
        dated = any(place < len(cells) and _reads(self._read_day, cells[place]) for place in self._cells["posted"])
        place, amount = self._sum_in(cells, words)
        filled = {place for place, cell in enumerate(cells) if cell}
        alone = place is not None and filled <= {place, *self._amount_places, *self._cells["debit_credit"]}
        if not words and not alone:
            return False
        ends = [each.above for each in self._sums]
        row = _SumRow(number, place, amount or NOTHING, self._above, cells, words)
        adds_up = place is not None and self._adds_up(row, ends, [self._above])
        if (dated or not words) and not adds_up:
            code = "export-sum-unclear" if words else "export-alone"
            said = {"text": cells[words[0]]} if words else {"amount": kroner(row.amount)}
            said["sum"] = kroner(row.meant(self._above))
            self.wrong.append(Wrong(number, words[0] if words else place, code, said))
            return True
        self.beside.sums.add(row.amount)
        if place is not None:
            self._sums.append(row)
        elif len(cells) == len(self.headings):
            unread = (place for place in self._amount_places if _UNREAD.search(cells[place]))
            self._unread += [structs.replace(row, place=place) for place in unread]
        return True

    def _no_posting(self, number: int, cells: Sequence[str]) -> Iterator[Wrong]:
        """A row that nothing calls a posting, such as a footer: words, perhaps with an amount among rows with days."""
        if any(cells[place] for place in (*self._whose, *self._cells["voucher"])):
            return
        if any(_reads(self._read_day, cells[place]) for place in self._cells["posted"] if cells[place]):
            return
        has_amount = any(cells[place] for name in _AMOUNTS for place in self._cells[name])
        if has_amount and (self.request.posted or not self._dated or not self._whose):
            return
        yield self._footer(number, cells)

    def _is_words_and_amount(self, cells: Sequence[str], words: Sequence[int]) -> bool:
        """Whether a row that is too short to have columns is a sum's words and its amount: "I alt;11000"."""
        others = [cell for place, cell in enumerate(cells) if cell and place not in words]
        is_short = len(cells) < len(self.headings)
        return is_short and bool(words) and len(others) == 1 and _reads(self._money, _bare(others[0]))

    def _perhaps_sum(self, number: int, cells: Sequence[str]) -> Iterator[Wrong]:
        """A row without a voucher that a sum's word names, or that --posted alone would give a day among days.

        A sum's word is no voucher. Its account or WBS element makes it a posting, unless its amount is what rows above
        it sum to: that is told.
        """
        is_dated = any(cells[place] for place in self._cells["posted"])
        self._dated = self._dated or is_dated
        words = [place for place, cell in enumerate(cells) if cell and self.dialect.is_sum(cell)]
        vouchers = [place for place in self._cells["voucher"] if cells[place]]
        if any(place not in words or not self._only_names_a_sum(cells, place) for place in vouchers):
            return
        if (not words and (is_dated or not self._dated)) or not _reads(lambda _: self._cost(cells), ""):
            return
        place = words[0] if words else self._amount_places[0]
        row = _SumRow(number, place, self._cost(cells), self._above, cells, words)
        if row.amount == NOTHING:
            return
        if self._adds_up(row, [each.above for each in self._sums], [self._above]):
            self._sums.append(row)
            yield self._told(row)
        else:
            self._asked.append(row)

    @staticmethod
    def _told(row: _SumRow) -> Wrong:
        """A posting to all appearance that is the sum of others."""
        words = {"amount": kroner(row.amount)}
        if row.words:
            return Wrong(row.number, row.place, "export-named-sum", {"text": row.cells[row.words[0]], **words})
        return Wrong(row.number, row.place, "export-undated-sum", words)

    def _sums_of_their_own(self, asked: Sequence[_SumRow]) -> dict[int, set[Money]]:
        """What the lines above each row sum to that have its account, cost centre or WBS element, or all that it has.

        The file is read again for it: keeping the sums of all accounts costs a long export more than a row is worth.
        """
        left = {row.number: row for row in asked}
        found: dict[int, set[Money]] = {}
        by_coding: defaultdict[tuple[str, ...], Money] = defaultdict(lambda: NOTHING)
        for block in self.export.source.blocks([], id) if left else ():
            for number, line in zip(block.numbers, block.rows, strict=True):
                if number in left:
                    found[number] = self._sums_of_its_own(left[number], by_coding)
                    if left[number].amount in found[number]:
                        continue
                if number not in self._no_lines:
                    cells = [cell.strip() for cell in line]
                    cost = self._cost(cells)
                    for coding in _parts_of(self._coding(cells)):
                        by_coding[coding] += cost
        return found

    def _sums_of_its_own(self, row: _SumRow, by_coding: Mapping[tuple[str, ...], Money]) -> set[Money]:
        if len(row.cells) != len(self.headings):
            return set()
        account, cost_centre, wbs_element = (
            "" if self.dialect.is_sum(cell) else cell for cell in self._coding(row.cells)
        )
        own: list[tuple[str, ...]] = [(account, cost_centre, wbs_element)]
        own += [(account, "", ""), ("", cost_centre, ""), ("", "", wbs_element)]
        if row.words:
            named = " ".join(row.cells[place] for place in row.words)
            own += [coding for coding in by_coding if coding[0] and not any(coding[1:]) and coding[0] in named]
        return {by_coding[coding] for coding in own if coding in by_coding}

    def _coding(self, cells: Sequence[str]) -> tuple[str, ...]:
        return tuple(self._first(cells, name) for name in _CODING)

    def _sum_in(self, cells: Sequence[str], words: Sequence[int]) -> tuple[int | None, Money | None]:
        """Where in a sum's row its amount stands, and how much: in its column, else the only one there is."""
        if len(cells) == len(self.headings) and any(cells[place] for place in self._amount_places):
            place = next(place for place in self._amount_places if cells[place])
            try:
                bare = [_bare(cell) if at in self._amount_places else cell for at, cell in enumerate(cells)]
                return place, self._cost(bare, is_sum=True)
            except (ValueError, KeyError):
                return None, None
        found = [(place, text) for place, cell in enumerate(cells) if cell and (text := _last_amount(cell))]
        read = [(place, money(text, self.dialect.decimal)) for place, text in found if _reads(self._money, text)]
        return read[0] if words and len(read) == 1 else (None, None)

    def _cost(self, cells: Sequence[str], *, is_sum: bool = False) -> Money:
        """What one row costs. Raises ValueError or KeyError."""
        if self._cells["debit"]:
            debit, credit = (self._first(cells, name) for name in ("debit", "credit"))
            if is_sum:  # it may have a sum of each
                return self._money(debit or "0") - self._money(credit or "0")
            one, other = self._sides(debit, credit)
            return one - other
        text = self._first(cells, "amount")
        amount = self._money(text)
        match self.dialect.signs:
            case "cost-negative":
                return -amount
            case "debit-credit":
                side = self._first(cells, "debit_credit")
                if is_sum and not side:  # its words say which, or its own sign, or what the rows sum to
                    said = _side_of(" ".join(cells))
                    is_credit = amount > NOTHING and (said < 0 or (not said and self._above.net < NOTHING))
                    return -amount if is_credit else amount
                return amount if self._signs[side] > 0 else -amount
        return amount

    def _first(self, cells: Sequence[str], name: str) -> str:
        """The first of the field's cells that is filled in."""
        return next((cells[place] for place in self._cells[name] if cells[place]), "")

    def _wrong(self, number: int, cells: Sequence[str]) -> Iterator[Wrong]:
        errors = {place for name in FIELDS for place in self._cells[name] if _ERROR.fullmatch(cells[place])}
        for place in sorted(errors):
            if cells[place].startswith(_UNCALCULATED):
                words = {"text": cells[place].removeprefix(_UNCALCULATED), "column": self.headings[place]}
                yield Wrong(number, place, "export-uncalculated", words)
            else:
                yield self._refused(number, place, cells, code="export-error-cell")
        for name in _KEPT:
            for place in self._cells[name]:
                if _ROUNDED.fullmatch(cells[place]):
                    yield self._refused(number, place, cells, code="export-rounded")
        yield from (found for found in self._misread(number, cells) if found.cell not in errors)

    def _misread(self, number: int, cells: Sequence[str]) -> Iterator[Wrong]:
        example = written_day(date(2022, 3, 15), self.dialect.dates[0])
        day = next((place for place in self._cells["posted"] if cells[place]), self._cells["posted"][0])
        if not cells[day] and not self.request.posted:
            yield Wrong(number, day, "export-undated", {})
        for days, place in ((self._days, day), *((self._performed, place) for place in self._cells["performed"])):
            if (days is self._performed or cells[place] or self.request.posted) and not _reads(
                days.__getitem__, cells[place]
            ):
                years = self.request.years
                if _reads(self._read_day, cells[place]):
                    words = {"first": str(years.start), "last": str(years.stop - 1)}
                    yield self._refused(number, place, cells, code="export-year", **words)
                else:
                    yield self._refused(number, place, cells, example=example)
        yield from self._misread_amount(number, cells)
        for place in self._cells["line"]:
            if cells[place] and not cells[place].isdecimal():
                yield self._refused(number, place, cells, example="1")
        for place, allowed in self._only.items():
            if cells[place] not in allowed:
                yield self._refused(number, place, cells, example=" / ".join(filter(None, sorted(allowed))))

    def _misread_amount(self, number: int, cells: Sequence[str]) -> Iterator[Wrong]:
        example = self._example
        places = [next((p for p in self._cells[n] if cells[p]), self._cells[n][0]) for n in _AMOUNTS if self._cells[n]]
        filled = [place for place in places if cells[place]] or places[:1]
        unread = [place for place in filled if not _reads(self._money, cells[place])]
        for place in unread:
            yield self._refused(number, place, cells, example=example)
        if not unread and self._cells["debit"] and not _reads(lambda _: self._cost(cells), ""):
            yield Wrong(number, places[0], "export-sides", {"debit": cells[places[0]], "credit": cells[places[1]]})
        for side in self._cells["debit_credit"] if self.dialect.signs == "debit-credit" else ():
            if cells[side] not in self._signs:
                sides = " / ".join((*self.dialect.debit, *self.dialect.credit))
                yield self._refused(number, side, cells, example=sides)

    @property
    def _example(self) -> str:
        """An amount as the dialect writes it."""
        return "1234.56" if self.dialect.decimal == "." else "1.234,56"

    def _money(self, text: str) -> Money:
        return money(text, self.dialect.decimal)

    def _refused(
        self, number: int, place: int, cells: Sequence[str], code: str = "export-value", **words: str
    ) -> Wrong:
        return Wrong(number, place, code, {"text": cells[place] or '""', "column": self.headings[place], **words})


def _parts_of(coding: Sequence[str]) -> set[tuple[str, ...]]:
    """A line's account, cost centre and WBS element, each of them with and without the others; nothing left is all."""
    return set(product(*(("", cell) for cell in coding)))


def _last_amount(cell: str) -> str:
    """What a sum's cell says at its end: an amount alone, or after words one with decimals or its currency.

    "side 1 af 1" says none.
    """
    text = _bare(cell)
    found = _LAST.fullmatch(text)
    if found is None:
        return ""
    last = found["last"]
    return last if last == text or text != cell or "," in last or "." in last else ""


def _bare(cell: str) -> str:
    """An amount without the currency beside it."""
    found = _CURRENCY.fullmatch(cell)
    return found["amount"].removesuffix(",-") if found else cell


def _reads(read: Callable[[str], object], text: str) -> bool:
    try:
        read(text)
    except (ValueError, KeyError):
        return False
    return True
