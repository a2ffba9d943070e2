"""How figures, days and lists are written in Danish documents; Babel is imported when the first is."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from fractions import Fraction

from toolkit.core.money import Money, percent
from toolkit.core.plan import Precision
from toolkit.core.reach import Months
from toolkit.core.words import day_off_said

LOCALE = "da_DK"
NBSP = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"
EN_DASH = "\N{EN DASH}"

_MILLION = 1_000_000_00  # øre


def kr(amount: Money) -> str:
    """The exact amount: 6.994.528 kr., with øre only where there are any: 250.000,50 kr."""
    return amount_alone(amount) + f"{NBSP}kr."


def amount_alone(amount: Money) -> str:
    """The exact amount without its unit, for a table whose caption says kr."""
    oere = int(amount)
    return _decimal(Decimal(oere) / 100, "#,##0.00" if oere % 100 else "#,##0")


def amount_with_oere(amount: Money) -> str:
    """The exact amount with two decimals, for accounts: 12.500,00."""
    return _decimal(Decimal(int(amount)) / 100, "#,##0.00")


def mio(amount: Money) -> str:
    """In millions with at most one decimal, half away from zero: 169,5 mio. kr."""
    return _decimal(Decimal(_tenths_of_a_million(amount)) / 10, "#,##0.#") + f"{NBSP}mio.{NBSP}kr."


def about(amount: Money) -> str:
    """Rounded as prose wants it, and said which way: knap 7 mio. kr., godt 250.000 kr.

    From a million up to one decimal of a million, below it to whole thousands; an amount that needs no rounding stands
    as it is.
    """
    thousands = _rounded(Fraction(int(amount), 1000_00)) * 1000_00
    if abs(thousands) >= _MILLION:
        rounded, words = _tenths_of_a_million(amount) * (_MILLION // 10), mio(amount)
    else:
        rounded, words = thousands, kr(Money(thousands))
    if rounded in (0, int(amount)):
        return kr(amount) if not rounded else words
    return ("knap " if abs(int(amount)) < abs(rounded) else "godt ") + words


def number(value: Fraction | int) -> str:
    """A number with at most two decimals, half away from zero: 3.848 or 12,5."""
    return _decimal(Decimal(_rounded(Fraction(value) * 100)) / 100, "#,##0.##")


def pct(share: Fraction) -> str:
    """A share in per cent, rounded as everywhere: 12,5 pct."""
    value = percent(Fraction(share))
    return _decimal(Decimal(value.numerator) / value.denominator, "#,##0.#########") + f"{NBSP}pct."


def long_date(day: date) -> str:
    """1. januar 2022, with no break after the day's number."""
    from babel.dates import format_date

    return format_date(day, f"d.'{NBSP}'MMMM y", locale=LOCALE)


def day_and_hour(day: date, hour: str | None) -> str:
    """1. november 2021 kl. 12:00; the day alone where its source has no hour."""
    return long_date(day) + (f" kl.{NBSP}{hour}" if hour else "")


def short_date(day: date) -> str:
    """01-01-2022, for headers and tables."""
    return day.strftime("%d-%m-%Y")


def deadline(day: date) -> str:
    """05-06-2022 (søndag, pinsedag): a day in a table that something is to be done by, and why nobody works then."""
    off = day_off_said(day)
    return f"{short_date(day)} ({off})" if off else short_date(day)


def period(starts: date, ends: date, precision: Precision = "day") -> str:
    """1. januar – 30. juni 2022, marts 2021 – maj 2022 or 2019 – 2022; the year is said twice only when it differs."""
    first, last = (day_month_or_year(day, precision) for day in (starts, ends))
    if first == last:
        return last
    if starts.year == ends.year:
        first = first.rsplit(" ", 1)[0]
    return f"{first} {EN_DASH} {last}"


def day_month_or_year(day: date, precision: Precision) -> str:
    """A month or a year stands without its day: januar 2022, 2022."""
    said = long_date(day)
    return {"day": said, "month": said.split(NBSP, 1)[1], "year": str(day.year)}[precision]


def months(spans: Iterable[Months]) -> str | None:
    """januar – marts 2022 og juni 2022: whole months; None where there are none."""
    return listed(period(each.starts, each.ends, "month") for each in spans) or None


def listed(words: Iterable[str]) -> str:
    """a, b og c."""
    from babel.lists import format_list

    return format_list(list(words), locale=LOCALE)


_COUNTS = ("nul", "", "to", "tre", "fire", "fem", "seks", "syv", "otte", "ni", "ti")


def plural(count: int, one: str, many: str) -> str:
    """én aktivitet, to aktiviteter, 12 aktiviteter: words up to ten, and `one` as a whole for its gender's sake."""
    if count == 1:
        return one
    return f"{_COUNTS[count] if count < len(_COUNTS) else number(count)}{NBSP}{many}"


_DEFINITE = (
    ("udvalget", ""),
    ("udvalg", "et"),
    ("bestyrelsen", ""),
    ("bestyrelse", "n"),
    ("rådet", ""),
    ("råd", "et"),
    ("magistraten", ""),
    ("magistrat", "en"),
)


def definite(body: str) -> str:
    """A body's name with its article, Ældrerådet, Byrådet; a name that it does not know stands as it is."""
    for ending, article in _DEFINITE:
        if body.casefold().endswith(ending):
            return body + article
    return body


def capitalised(text: str) -> str:
    """The first letter as a capital, the rest as it is."""
    return text[:1].upper() + text[1:]


def uncapitalised(text: str) -> str:
    """The first letter as a small one, the rest as it is: a sentence that goes on inside another."""
    return text[:1].lower() + text[1:]


def _decimal(value: Decimal, pattern: str) -> str:
    from babel.numbers import format_decimal

    return format_decimal(value, pattern, locale=LOCALE).replace("-", MINUS)


def _tenths_of_a_million(amount: Money) -> int:
    return _rounded(Fraction(int(amount) * 10, _MILLION))


def _rounded(value: Fraction) -> int:
    """The nearest whole number; a half goes away from zero."""
    whole = int(abs(value) + Fraction(1, 2))
    return whole if value >= 0 else -whole
