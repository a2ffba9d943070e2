"""templates/erp/<name>.yaml: how one system writes its exports, so that a new one needs no code."""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import ClassVar, Literal

from msgspec import Struct, structs

from toolkit.core.problems import N_, Problem, declare, problem
from toolkit.core.records import Record
from toolkit.readers import model
from toolkit.readers.notations import Decimal, is_day_notation

_TAB = "tab"

Layout = Literal["table", "spool"]
Signs = Literal["cost-positive", "cost-negative", "debit-credit"]

declare(
    "dialect-value",
    "error",
    N_("{text} cannot stand here in a dialect."),
    N_("write for example {example}"),
)
declare(
    "dialect-signs",
    "error",
    N_("The signs stand in a column of their own, and the dialect does not say all of it."),
    N_("write columns: {{debit_credit: …}}, debit: […] and credit: […]"),
)
declare(
    "dialect-two-signs",
    "error",
    N_("With one column for debit and one for credit, the columns say the sign: signs: {signs} is not for them."),
    N_("take signs: {signs} out"),
)
declare(
    "dialect-amount",
    "error",
    N_("The amount stands in one column, or in two: one for debit and one for credit."),
    N_("write columns: {{amount: […]}}, or columns: {{debit: […], credit: […]}}"),
)


class Columns(Record, frozen=True, kw_only=True):
    """Which of the export's headings holds what we keep; of several, the first that is filled in. No other is kept."""

    posted: tuple[str, ...]
    amount: tuple[str, ...] = ()
    debit: tuple[str, ...] = ()  # where each side of the books has a column of its own, in the place of `amount`
    credit: tuple[str, ...] = ()
    performed: tuple[str, ...] = ()
    voucher: tuple[str, ...] = ()
    line: tuple[str, ...] = ()
    account: tuple[str, ...] = ()
    account_text: tuple[str, ...] = ()  # read for the rules that an import proposes, and not kept
    cost_centre: tuple[str, ...] = ()
    wbs_element: tuple[str, ...] = ()
    text: tuple[str, ...] = ()
    debit_credit: tuple[str, ...] = ()

    def headings(self, field: str) -> tuple[str, ...]:
        found: tuple[str, ...] = getattr(self, field)
        return found


FIELDS = tuple(field.name for field in structs.fields(Columns) if field.name != "at")


class Dialect(Record, frozen=True, kw_only=True):
    """One system's way of writing postings (eksportdialekt).

    A `table` has its headings in one row, whether it is csv, a workbook or JSON; a `spool` is a printed list turned
    into text. `known` headings are expected and dropped, `*` standing for anything; any other is an error, since a
    changed export must not be read as the one it was. `skip` says what stands in a row that is a sum; a row with a
    voucher, an account, a cost centre or a WBS element is a posting, whatever its text says.
    """

    name: str
    title: str
    columns: Columns
    dates: tuple[str, ...]  # dd-mm-yyyy
    decimal: Decimal
    layout: Layout = "table"
    signs: Signs = "cost-positive"
    debit: tuple[str, ...] = ()
    credit: tuple[str, ...] = ()
    delimiters: tuple[str, ...] = (";",)  # a tab is written tab
    encodings: tuple[str, ...] = ("utf-8", "cp1252")  # tried in this order; a byte order mark goes before them
    headings: tuple[str, ...] = ()  # of an export that has none: what its columns are, from the first to the last
    repeated: tuple[str, ...] = ()  # headings that occur twice; the first counts
    period: tuple[str, ...] = ()  # how a line above the headings says what the export covers: "Periode {starts}-{ends}"
    optional: tuple[str, ...] = ()  # fields whose headings an export may lack
    known: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()  # the fields that name a posting
    skip: tuple[str, ...] = ()
    without_text: tuple[str, ...] = ()  # accounts of wages: their texts name people, and are not kept
    only: Mapping[str, tuple[str, ...]] = {}  # a heading and what must stand below it: CurrencyCode, DKK
    export: str = ""  # what the system calls this export, in its own menu
    caution: str = ""  # what whoever imports should know

    elsewhere: ClassVar[tuple[str, ...]] = ("name",)

    @property
    def separators(self) -> tuple[str, ...]:
        """The delimiters as they stand in a file."""
        return tuple("\t" if each == _TAB else each for each in self.delimiters)

    @property
    def required(self) -> tuple[tuple[str, ...], ...]:
        """The headings that every export of this dialect has: of each group one."""
        groups = [self.columns.headings(field) for field in FIELDS if field not in self.optional]
        return tuple(group for group in groups if group)

    def is_sum(self, cell: str) -> bool:
        """Whether a cell says that its row is a sum: by `skip`, or by the stars that SAP prints before one."""
        if self.layout == "spool" and cell and not cell.strip("* "):
            return True
        return any(fnmatchcase(cell.casefold(), pattern.casefold()) for pattern in self.skip)

    def keeps_text(self, account: str) -> bool:
        """Whether the texts of an account are kept: those of wages name people."""
        return not any(fnmatchcase(account, pattern) for pattern in self.without_text)

    def knows(self, heading: str) -> bool:
        """Whether the heading is one of those to keep or to drop."""
        kept = any(heading in self.columns.headings(field) for field in FIELDS)
        return kept or heading in self.only or any(fnmatchcase(heading, pattern) for pattern in self.known)


class Fit(Struct, frozen=True):
    """How an export's headings and a dialect agree: what the one lacks, what the other has never heard of.

    `known` is how many of the required headings are there.
    """

    missing: tuple[str, ...]
    unknown: tuple[str, ...]
    known: int


HEADLESS = Fit((), (), 0)  # of an export without headings, whose rows are like the dialect's


def fit(dialect: Dialect, headings: Sequence[str]) -> Fit:
    """How well the headings are the dialect's. An empty heading is no heading."""
    unknown = tuple(dict.fromkeys(heading for heading in headings if heading and not dialect.knows(heading)))
    missing = tuple(group[0] for group in dialect.required if not any(heading in headings for heading in group))
    return Fit(missing, unknown, len(dialect.required) - len(missing))


def read_dialect(text: str, file: str, name: str, problems: list[Problem]) -> Dialect | None:
    """A dialect file; None where it cannot be used, and then a problem says why."""
    dialect = model.read(Dialect, text, file, problems, name=name)
    if dialect is None:
        return None
    wrong = list(_wrong(dialect))
    problems += wrong
    return None if wrong else dialect


def _wrong(dialect: Dialect) -> Iterator[Problem]:
    for notation in dialect.dates:
        if not is_day_notation(notation):
            yield problem("dialect-value", dialect.at.of("dates"), text=notation, example="dd-mm-yyyy")
    for encoding in dialect.encodings:
        try:
            codecs.lookup(encoding)
        except LookupError:
            yield problem("dialect-value", dialect.at.of("encodings"), text=encoding, example="cp1252")
    for key in ("optional", "keys"):
        for field in getattr(dialect, key):
            if field not in FIELDS or not dialect.columns.headings(field):
                yield problem("dialect-value", dialect.at.of(key), text=field, example=_given(dialect))
    for delimiter in dialect.delimiters:
        if delimiter != _TAB and (len(delimiter) != 1 or delimiter in '"\r\n'):
            yield problem("dialect-value", dialect.at.of("delimiters"), text=delimiter, example='";"')
    columns = dialect.columns
    told_apart = columns.debit_credit and dialect.debit and dialect.credit
    if dialect.signs != "cost-positive" and (columns.debit or columns.credit):
        yield problem("dialect-two-signs", dialect.at.of("signs"), signs=dialect.signs)
    elif dialect.signs == "debit-credit" and not told_apart:
        yield problem("dialect-signs", dialect.at.of("signs"))
    if bool(columns.debit) is not bool(columns.credit) or bool(columns.amount) is bool(columns.debit):
        yield problem("dialect-amount", columns.at.span)
    lacking = [group[0] for group in dialect.required if not set(group) & set(dialect.headings)]
    if dialect.headings and lacking:
        words = {"text": ", ".join(dialect.headings), "example": f"[…, {', '.join(lacking)}, …]"}
        yield problem("dialect-value", dialect.at.of("headings"), **words)
    for pattern in dialect.period:
        if "{ends}" not in pattern:
            yield problem("dialect-value", dialect.at.of("period"), text=pattern, example='"Periode {starts} - {ends}"')


def _given(dialect: Dialect) -> str:
    return " / ".join(field for field in FIELDS if dialect.columns.headings(field))
