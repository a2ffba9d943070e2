"""Danish notations: what people type for an amount, a date, a share, and what it means.

Each function gives the value, or the Problem with the very text that was typed; nothing is ever guessed. The command
line asks the same functions, with `Value.typed`.
"""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from collections.abc import Mapping
from datetime import date
from fractions import Fraction

from toolkit.core.money import Money
from toolkit.core.problems import N_, FileName, Phrase, Problem, Span, declare, phrase, problem
from toolkit.core.records import ID, DatedRows, DayPattern, Hour, Id, Month, PostingRows, Rows, Share, Year

COMMAND_LINE = FileName("", "here")  # what was typed there needs no place

declare(
    "amount-unreadable",
    "error",
    N_("{text} is not an amount in Danish kroner."),
    N_("write {one} or {other}"),
)
declare(
    "number-unreadable",
    "error",
    N_("{text} is not a number as it is written in Danish."),
    N_("write {one} or {other}"),
)
declare(
    "whole-number-unreadable",
    "error",
    N_("{text} is not a whole number."),
    N_("write {one}"),
)
declare(
    "share-unreadable",
    "error",
    N_("{text} is not a share between 0 and 100 per cent."),
    N_("write {one}"),
)
declare(
    "day-unreadable",
    "error",
    N_("{text} is not a date."),
    N_("write {likely}"),
)
declare(
    "rows-unreadable",
    "error",
    N_("{text} does not name rows of a file."),
    N_("write {likely}"),
)
declare(
    "days-unreadable",
    "error",
    N_("{text} fits no day: days are written year, month, day, and * stands for the rest."),
    N_("write {likely}"),
)
declare(
    "day-impossible",
    "error",
    N_("There is no such day as {text}."),
    N_("write {likely}"),
)
declare(
    "year-unreadable",
    "error",
    N_("{text} is not a calendar year."),
    N_("write {likely}"),
)
declare(
    "month-unreadable",
    "error",
    N_("{text} is not a month."),
    N_("write {likely}"),
)
declare(
    "hour-unreadable",
    "error",
    N_("{text} is not an hour of the day."),
    N_("write {likely}"),
)
declare(
    "id-unreadable",
    "error",
    N_("{text} cannot be an id: only a-z, digits and hyphens can."),
    N_("write {likely}"),
)
declare(
    "yes-no-unreadable",
    "error",
    N_("Here belongs true for yes or false for no, and not {text}."),
    N_("write {likely}"),
)


class Value(str):
    """A text as it was typed, and where: `250.000` stays the seven characters that it is."""

    __slots__ = ("at", "quoted")

    at: Span
    quoted: bool  # in quotes or a block: text, whatever it looks like

    def __new__(cls, text: str, at: Span, *, quoted: bool = False) -> Value:
        value = super().__new__(cls, text)
        value.at = at
        value.quoted = quoted
        return value

    def __getnewargs_ex__(self) -> tuple[tuple[str, Span], dict[str, bool]]:
        """What another process makes the same value from."""
        return (str(self), self.at), {"quoted": self.quoted}

    @classmethod
    def typed(cls, text: str) -> Value:
        """A word of the command line."""
        return cls(text, Span(COMMAND_LINE, 1, 1, max(1, len(text)), text))

    @property
    def empty(self) -> bool:
        """Whether nothing was written: `key:` alone, `~` or `null`."""
        return not self.quoted and self in ("", "~", "null")


# ── amounts and numbers ──────────────────────────────────────────────────────────────────────

# Dots in groups of exactly three are thousands; fifteen digits are more than any state has.
_WHOLE = r"(?:0|[1-9][0-9]{0,2}(?:\.[0-9]{3}){1,4}|[1-9][0-9]{0,14})"
_AMOUNT = re.compile(rf"(-?)({_WHOLE})(?:,([0-9]{{2}}))?(?:\s?kr\.?)?")
_NUMBER = re.compile(rf"(-?{_WHOLE})(?:,([0-9]{{1,12}}))?")
_INTEGER = re.compile(rf"-?{_WHOLE}")
_SHARE = re.compile(r"(0|[1-9][0-9]?|100)(?:,([0-9]{1,12}))?\s?(?:%|pct\.?|procent)")


def money(value: Value) -> Money | Problem:
    """Kroner as people write them: 250000, 250.000, 250.000,50 or -1.234 kr."""
    if match := _AMOUNT.fullmatch(value):
        sign, kroner, oere = match.groups()
        return Money(int(f"{sign}{kroner.replace('.', '')}{oere or '00'}"))
    meant = meant_amount(value)
    likely = (meant, f"{meant} kr.") if meant else ("250.000", "250.000,50")
    one, other = _readings(value.removesuffix(".").removesuffix("kr"), places=2) or likely
    return problem("amount-unreadable", value.at, text=value, one=_typed(one, value), other=_typed(other, value))


# Words for many kroner, as people write them after a number.
_MANY = re.compile(
    r"(-?)([0-9]{1,6})(?:[.,]([0-9]{1,9}))?\s?(mio|mill?|million(?:er)?|mia|milliard(?:er)?|tusind|t)\.?(?:\s?kr\.?)?"
)
_ONE_DECIMAL = re.compile(rf"(-?{_WHOLE}),([0-9])\s?kr\.?")
_ENGLISH = re.compile(r"(-?)([0-9]{1,3}(?:,[0-9]{3})+)(?:\.([0-9]{2}))?(?:\s?kr\.?)?")


def meant_amount(text: str) -> str | None:
    """The amount that a text means, as it should be written: 0,25 mio. kr. is 250.000; None for any other text."""
    if match := _MANY.fullmatch(text.strip().casefold()):
        sign, whole, part, word = match.groups()
        oere = (
            Fraction(f"{whole}.{part or 0}") * next(times for begins, times in _TIMES if word.startswith(begins)) * 100
        )
        return f"{sign}{_written_amount(int(oere))}" if oere.denominator == 1 else None
    if match := _ENGLISH.fullmatch(text.strip().casefold()):
        sign, whole, part = match.groups()
        return f"{sign}{_written_amount(int(whole.replace(',', '') + (part or '00')))}"
    if match := _ONE_DECIMAL.fullmatch(text.strip().casefold()):
        return f"{match[1]},{match[2]}0"
    return None


_TIMES = (("mia", 10**9), ("milliard", 10**9), ("m", 10**6), ("t", 10**3))


def _written_amount(oere: int) -> str:
    kroner, rest = divmod(oere, 100)
    return _grouped(str(kroner)) + (f",{rest:02}" if rest else "")


def number(value: Value) -> Fraction | Problem:
    """A number with or without a fraction: 3.848 is three thousand, 12,5 is twelve and a half."""
    if match := _NUMBER.fullmatch(value):
        return _fraction(match[1], match[2])
    one, other = _readings(value) or ("1.234", "12,5")
    return problem("number-unreadable", value.at, text=value, one=_typed(one, value), other=_typed(other, value))


def integer(value: Value) -> int | Problem:
    """A count: 69 or 1.250."""
    if _INTEGER.fullmatch(value):
        return int(value.replace(".", ""))
    digits = re.sub(r"[^0-9]", "", re.split(r"[,.][0-9]{1,2}\b", value)[0])[:15]
    return problem("whole-number-unreadable", value.at, text=value, one=_grouped(digits) if digits else "25")


def share(value: Value) -> Share | Problem:
    """A part of a whole, from 0 to 100: 12,5 pct., 60 pct. or 60 %. The result is of one: 1/8."""
    if (match := _SHARE.fullmatch(value)) and (part := _fraction(match[1], match[2]) / 100) <= 1:
        return Share(part)
    given = re.search(r"(?<![0-9.,])0*([0-9]{1,2}(?:[.,][0-9]{1,2})?)(?![0-9.,])", value)
    likely = f"{given[1].replace('.', ',') if given else '12,5'} pct."
    return problem("share-unreadable", value.at, text=value, one=_typed(likely, value))


def _fraction(whole: str, decimals: str | None) -> Fraction:
    return Fraction(f"{whole.replace('.', '')}.{decimals or 0}")


def _readings(text: str, places: int | None = None) -> tuple[str, str] | None:
    """Two ways to write what may have been meant, or None: 6.9 is 6,90 or 6.900, and only the writer knows."""
    compact = re.sub(r"[\s']", "", text).replace("−", "-").removesuffix(",-")  # noqa: RUF001 (typed by word processors)
    if not (match := re.fullmatch(r"(-?)([0-9][0-9.,]{0,20})", compact)):
        return None
    sign, digits = match.groups()
    *heads, tail = re.split(r"[.,]", digits)
    head = "".join(heads)
    if head == "0" and "." in digits:
        return f"{sign}0,{tail.ljust(2, '0')[:2]}", f"{sign}{_grouped(tail)}"
    if not head or (len(tail) >= 3 and "," not in digits):  # no decimals in sight: dots or spaces at odd places
        whole = _grouped(head + tail)
        return f"{sign}{whole}", f"{sign}{whole},50" if whole != "0" else "0,50"
    decimals = tail.ljust(places, "0")[:places] if places else tail
    exact = f"{sign}{_grouped(head)},{decimals or '0'}"
    if len(heads) == 1 and "." in digits and len(head) <= 3 and len(tail) < 3 and int(head):
        return exact, f"{sign}{int(head)}.{tail.ljust(3, '0')}"
    return exact, f"{sign}{_grouped(head)}"


def _typed(text: str, instead: Value) -> str:
    """What may be typed in the place of a value, with its quotes: inside braces a comma wants them."""
    before = instead.at.text[: instead.at.column - 1]
    is_inside = any(before.count(begin) > before.count(end) for begin, end in ("{}", "[]"))
    return f'"{text}"' if "," in text and is_inside else text


def _grouped(digits: str) -> str:
    return f"{int(digits or 0):,}".replace(",", ".")


# ── days and months ──────────────────────────────────────────────────────────────────────────

_MONTHS = ("jan", "feb", "mar", "apr", "maj", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
YEARS = range(1900, 2200)  # no calendar ends near these
_YEAR = "(?:19|20|21)[0-9]{2}"  # the same as a pattern
_DAY = re.compile(rf"({_YEAR})-([0-9]{{2}})-([0-9]{{2}})|([0-9]{{2}})-([0-9]{{2}})-({_YEAR})")
_MONTH = re.compile(rf"({_YEAR})-(0[1-9]|1[0-2])")
_HOUR = re.compile(r"([01][0-9]|2[0-3])[:.]([0-5][0-9])|(24)[:.](00)")
_HOUR_ALONE = re.compile(r"(?:kl\.? ?)?([01]?[0-9]|2[0-4])(?:[:.]([0-5][0-9]))?")

# What people also write: 30/6-2022, 30.06.2022, 30. juni 2022, 2022/6/30, 20220630, 30-06-22.
_DAY_FIRST = re.compile(rf"(?:den )?([0-9]{{1,2}})[-./ ]+([0-9]{{1,2}}|[a-zæøå]{{3,9}})[-./ ]+({_YEAR}|[0-9]{{2}})\b.*")
_YEAR_FIRST = re.compile(rf"({_YEAR})[-./ ]?([0-9]{{1,2}})[-./ ]?([0-9]{{1,2}})\b.*")
_YEAR_AND_MONTH = re.compile(rf"({_YEAR})[-./ ]?([0-9]{{1,2}})|([0-9]{{1,2}}|[a-zæøå]{{3,9}})[-./ ]+({_YEAR})")


def day(value: Value) -> date | Problem:
    """A day: 2022-06-30 or 30-06-2022."""
    if match := _DAY.fullmatch(value):
        year, month, in_month = (int(part) for part in (match.group(1, 2, 3) if match[1] else match.group(6, 5, 4)))
        if not 1 <= month <= 12:
            swapped = 1 <= in_month <= 12 and 1 <= month <= 28
            likely = f"{year}-{in_month:02}-{month:02}" if swapped else f"{year}-12-31"
            return problem("day-impossible", value.at, text=value, likely=likely)
        last = monthrange(year, month)[1]
        if not 1 <= in_month <= last:
            near = 1 if in_month < 1 else last
            return problem("day-impossible", value.at, text=value, likely=f"{year}-{month:02}-{near:02}")
        return date(year, month, in_month)
    return problem("day-unreadable", value.at, text=value, likely=_likely_day(value) or "2022-06-30")


# A year, a month or ten days, whatever the rest; or the same day of every year.
_DAYS = re.compile(
    rf"{_YEAR}-?\*|{_YEAR}-(?:0[1-9]|1[0-2])-?\*|{_YEAR}-(?:0[1-9]|1[0-2])-[0-3]\*|\*-(?:0[1-9]|1[0-2])-[0-3][0-9]"
)
_DAYS_TYPED = re.compile(
    rf"\*?[-./ ]*(?:(0?[1-9]|1[0-2])[-./ ]+)?({_YEAR})[-./ ]*\*?|({_YEAR})[-./ ]+(0?[1-9]|1[0-2])?.*"
)


def days(value: Value) -> DayPattern | Problem:
    """A day, or the days that a pattern fits: 2022-03-15, 15-03-2022 or 2022-03-*."""
    if "*" not in value:
        found = day(value)
        return found if isinstance(found, Problem) else DayPattern(found.isoformat())
    if _DAYS.fullmatch(value):
        return DayPattern(value)
    near = _DAYS_TYPED.fullmatch(value)  # *-03-2022, 2022/03/*
    year, in_year = (near[2] or near[3], near[1] or near[4]) if near else ("2022", "03")
    likely = f"{year}-{int(in_year):02}-*" if in_year else f"{year}-*"
    return problem("days-unreadable", value.at, text=value, likely=likely)


def year(value: Value) -> Year | Problem:
    """A calendar year: 2022."""
    if re.fullmatch(_YEAR, value):
        return Year(int(value))
    found = re.search(rf"(?<![0-9]){_YEAR}(?![0-9])", value) or re.match(_YEAR, value)
    return problem("year-unreadable", value.at, text=value, likely=found[0] if found else "2022")


def month(value: Value) -> Month | Problem:
    """A calendar month: 2022-01."""
    if _MONTH.fullmatch(value):
        return Month(value)
    likely = "2022-01"
    if match := _YEAR_AND_MONTH.fullmatch(value.casefold()):
        year, named = (match[1], match[2]) if match[1] else (match[4], match[3])
        if number_of := _month_number(named):
            likely = f"{year}-{number_of:02}"
    return problem("month-unreadable", value.at, text=value, likely=likely)


def hour(value: Value) -> Hour | Problem:
    """An hour of the day, as a deadline has it: 12:00 or 12.00; the day's end is 24:00."""
    if _HOUR.fullmatch(value):
        return Hour(value.replace(".", ":"))
    match = _HOUR_ALONE.fullmatch(value.casefold().strip())
    likely = f"{int(match[1]):02}:{match[2] or '00'}" if match else "12:00"
    return problem("hour-unreadable", value.at, text=value, likely=likely)


def _likely_day(text: str) -> str | None:
    folded = text.casefold().strip()
    if match := _DAY_FIRST.fullmatch(folded):
        in_month, month_name, year = match.groups()
    elif match := _YEAR_FIRST.fullmatch(folded):
        year, month_name, in_month = match.groups()
    else:
        return None
    number_of, whole_year = _month_number(month_name), int(year) + (2000 if len(year) == 2 else 0)
    if not number_of or not 1 <= int(in_month) <= monthrange(whole_year, number_of)[1]:
        return None
    return f"{whole_year}-{number_of:02}-{int(in_month):02}"


def _month_number(text: str) -> int | None:
    if text.isdecimal():
        return int(text) if 1 <= int(text) <= 12 else None
    return _MONTHS.index(text[:3]) + 1 if text[:3] in _MONTHS else None


# ── rows ─────────────────────────────────────────────────────────────────────────────────────

_ROWS = re.compile(r"[1-9][0-9]{0,8}(?:-[1-9][0-9]{0,8})?")
_POSTING_ROWS = re.compile(rf"postings/[^:/\\]+\.csv:{_ROWS.pattern}")


def rows(value: Value) -> Rows | Problem:
    """A row of a file, or rows from one to another: 3 or 3-9."""
    if _ROWS.fullmatch(value) and _ascends(value):
        return Rows(value)
    likely = _likely_rows(value) or ("3-9",)
    before = value.at.text[: value.at.column - 1]
    is_in_brackets = before.count("[") > before.count("]")
    instead = ", ".join(likely) if is_in_brackets else _each_alone(likely)
    return problem("rows-unreadable", value.at, text=value, likely=instead)


def posting_rows(value: Value) -> PostingRows | Problem:
    """The same of a file of postings: postings/2022-04-01-opus-0a1b2c3d.csv:3-9."""
    if _POSTING_ROWS.fullmatch(value) and _ascends(value.rpartition(":")[2]):
        return PostingRows(value)
    return problem("rows-unreadable", value.at, text=value, likely=_each_alone(_likely_posting_rows(value)))


def dated_rows(value: Value) -> DatedRows | Problem:
    """The same with a day first: 2022-03-31 postings/2022-04-01-opus-0a1b2c3d.csv:3-9."""
    written, _, rest = value.partition(" ")
    its_day, rows = day(Value(written, value.at)), Value(rest.strip(), value.at)
    if isinstance(its_day, Problem):
        return its_day
    if isinstance(posting_rows(rows), Problem):
        likely = tuple(f"{its_day} {each}" for each in _likely_posting_rows(rows))
        return problem("rows-unreadable", value.at, text=value, likely=_each_alone(likely))
    return DatedRows(f"{its_day} {rows}")


def _ascends(rows: str) -> bool:
    first, _, last = rows.partition("-")
    return not last or int(first) <= int(last)


# What people write between rows, or ranges of them, that belong in a list; and the file that they are of.
_BETWEEN_ROWS = re.compile(r"[;,&+]|\bog\b|\band\b")
_FILE_OF_ROWS = re.compile(r"(?:.*[/\\])?([^:/\\]+\.csv)(.*)")


def _likely_rows(text: str) -> tuple[str, ...]:
    """The rows that were most likely meant, none of them left out; none where it may be a day."""
    if re.search(_YEAR, text) and (_DAY.search(text) or _likely_day(text)):
        return ()
    digits = re.sub(r"(?<=[0-9])\.(?=[0-9]{3}(?![0-9]))", "", text)
    return tuple(dict.fromkeys(each for part in _BETWEEN_ROWS.split(digits) for each in _rows_in(part)))


def _rows_in(part: str) -> list[str]:
    """Of two numbers the rows from one to the other; each of more, or of one, is a row."""
    numbers = sorted(map(int, re.findall(r"(?<![0-9])0*([1-9][0-9]{0,8})(?![0-9])", part)))
    return ["-".join(map(str, dict.fromkeys(numbers)))] if len(numbers) == 2 else list(map(str, numbers))


def _likely_posting_rows(text: str) -> tuple[str, ...]:
    if match := _FILE_OF_ROWS.fullmatch(text):
        name, rest = match.groups()
        return tuple(f"postings/{name}:{each}" for each in _likely_rows(rest) or ("…",))
    file, _, rest = text.rpartition(":")
    name = file.replace("\\", "/").rpartition("/")[2].strip()
    return tuple(f"postings/{name or '…'}.csv:{each}" for each in _likely_rows(rest) or ("3-9",))


def _each_alone(items: tuple[str, ...]) -> str | Phrase:
    """What to write for one value that was meant as several of a list."""
    return items[0] if len(items) == 1 else phrase(N_("each on its own: {items}"), items=", ".join(items))


# ── names, yes and no ────────────────────────────────────────────────────────────────────────

# How each kind of value may be written, for those who check before a file is read.
PATTERNS: Mapping[object, str] = {
    kind: pattern.pattern
    for kind, pattern in (
        (Money, _AMOUNT),
        (Fraction, _NUMBER),
        (int, _INTEGER),
        (Share, _SHARE),
        (date, _DAY),
        (DayPattern, re.compile(f"{_DAY.pattern}|{_DAYS.pattern}")),
        (Rows, _ROWS),
        (PostingRows, _POSTING_ROWS),
        (DatedRows, re.compile(f"{_DAY.pattern} {_POSTING_ROWS.pattern}")),
        (Year, re.compile(_YEAR)),
        (Month, _MONTH),
        (Hour, _HOUR),
        (Id, ID),
    )
}

_SPELLED = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "ß": "ss"})
_YES = ("ja", "j", "yes", "y", "on", "sand", "sandt", "x", "1")
_NO = ("nej", "n", "no", "off", "falsk", "0")


def identifier(value: Value) -> Id | Problem:
    """A name that other places can point at: lower-case letters a-z, digits and hyphens."""
    if ID.fullmatch(value):
        return Id(value)
    return problem("id-unreadable", value.at, text=value, likely=slug(value) or "fase-1")


def yes_no(value: Value) -> bool | Problem:
    """Yes or no: true or false, and nothing else."""
    if value in ("true", "false"):
        return value == "true"
    folded = value.casefold()
    likely = "true" if folded in ("true", *_YES) else "false" if folded in ("false", *_NO) else "true / false"
    return problem("yes-no-unreadable", value.at, text=value, likely=likely)


def yes_or_id(value: Value) -> bool | Id | Problem:
    """true, false, or the name of something that says more than yes."""
    is_answer = value in ("true", "false") or (value.casefold() in (*_YES, *_NO) and not ID.fullmatch(value))
    return yes_no(value) if is_answer else identifier(value)


def as_items(text: str) -> str:
    """A text with semicolons, which a list has on the command line, as items between the brackets of a file's."""
    items = [item.strip() for item in text.split(";") if item.strip()]
    return ", ".join(f'"{item}"' if "," in item else item for item in items) if len(items) > 1 else text


def slug(text: str) -> str:
    """The id that is nearest to a text: "Løn, projektleder" gives loen-projektleder."""
    spelled = unicodedata.normalize("NFC", text).casefold().translate(_SPELLED)
    plain = unicodedata.normalize("NFKD", spelled).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
