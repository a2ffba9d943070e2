"""Amounts and days as ERPs write them: one notation a dialect, and nothing is ever guessed."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from typing import Literal, cast

from toolkit.core.money import Money

Decimal = Literal[",", "."]

_oere = cast("Callable[[str], Money]", int)  # when the program runs, Money is an int: no call of ours for each

# Dots in groups of exactly three are thousands, as people type them; fifteen digits are more than any state has. Excel
# drops a last zero when it saves a sheet as csv: 110,7.
_DANISH = r"(?:0|[1-9][0-9]{0,2}(?:\.[0-9]{3}){1,4}|[1-9][0-9]{0,14})(?:,[0-9]{1,2})?"
_POINT = r"(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{1,2}0*)?"
_FORMS = {
    decimal: re.compile(rf"(?P<plain>-?{number})|(?P<after>{number})-|\((?P<brackets>{number})\)")
    for decimal, number in ((",", _DANISH), (".", _POINT))
}
# What nearly every amount is: this much is read without asking which form it has.
_USUAL = re.compile(r"-?(?:0|[1-9][0-9]{0,2}(?:\.[0-9]{3}){0,4}|[1-9][0-9]{0,14}),[0-9]{2}")


def money(text: str, decimal: Decimal) -> Money:
    """An amount in øre: 1.234,56, 1234,5, 1.234,56-, -1.234,56 or (1.234,56); with a decimal point -1234.56.

    Raises ValueError for anything else.
    """
    match = _FORMS[decimal].fullmatch(text.strip())
    if match is None:
        raise ValueError(text)
    sign = 1 if match["plain"] else -1
    number = match["plain"] or match["after"] or match["brackets"]
    if decimal == ",":
        number = number.replace(".", "").replace(",", ".")
    whole, _point, decimals = number.partition(".")
    if whole.startswith("-"):
        sign, whole = -1, whole[1:]
    return Money(sign * int(whole + decimals[:2].ljust(2, "0")))


def all_money(texts: Sequence[str], decimal: Decimal) -> tuple[list[Money], list[str] | None]:
    """As many amounts as there are texts, and where they nearly are that already, as a file of postings has them.

    Raises ValueError where one of them is no amount.
    """
    if decimal == "," and all(map(_USUAL.fullmatch, texts)) and "-0,00" not in texts:
        plain = [text.replace(".", "") for text in texts]
        return list(map(_oere, [text.replace(",", "") for text in plain])), plain
    return [money(text, decimal) for text in texts], None


# ── days ─────────────────────────────────────────────────────────────────────────────────────

_PARTS = {
    "dd": "(?P<day>[0-9]{2})",
    "d": "(?P<day>[0-9]{1,2})",
    "mm": "(?P<month>[0-9]{2})",
    "m": "(?P<month>[0-9]{1,2})",
    "yyyy": "(?P<year>[0-9]{4})",
    "yy": "(?P<year>[0-9]{2})",  # of this century
    "hh:mm:ss": r"(?:[01]?[0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:[.,][0-9]+)?",
    "hh:mm": "(?:[01]?[0-9]|2[0-3]):[0-5][0-9]",
}
# A time in UTC: midnight and noon are the same day in Denmark; another time may not be.
_UTC = {"hh:mm:ss": r"(?:00|12):00:00(?:\.0+)?", "hh:mm": "(?:00|12):00"}
_CENTURY = 2000
_WORDS = re.compile("|".join(sorted(_PARTS, key=len, reverse=True)))


def is_day_notation(notation: str) -> bool:
    """Whether a notation such as dd-mm-yyyy says day, month and year, each once."""
    parts = [part[0] for part in _WORDS.findall(notation)]
    return sorted(part for part in parts if part != "h") == ["d", "m", "y"] and parts.count("h") <= 1


def day_reader(notations: Sequence[str]) -> Callable[[str], date]:
    """What reads a day in any of the notations. It raises ValueError for anything else, and for a day that is none."""
    patterns = [re.compile(_expression(notation)) for notation in notations]

    def read(text: str) -> date:
        for pattern in patterns:
            if match := pattern.fullmatch(text.strip()):
                year = int(match["year"])
                return date(year if len(match["year"]) > 2 else _CENTURY + year, int(match["month"]), int(match["day"]))
        raise ValueError(text)

    return read


def written_day(day: date, notation: str) -> str:
    """The day as the notation has it: for a spreadsheet's cell that is a day and no text."""
    numbers = {
        "dd": f"{day.day:02}",
        "d": str(day.day),
        "mm": f"{day.month:02}",
        "m": str(day.month),
        "yyyy": f"{day.year:04}",
        "yy": f"{day.year % 100:02}",
        "hh:mm:ss": "00:00:00",
        "hh:mm": "00:00",
    }
    return _WORDS.sub(lambda part: numbers[part[0]], notation)


def _expression(notation: str) -> str:
    found, after = "", 0
    parts = {**_PARTS, **_UTC} if notation.endswith("Z") else _PARTS
    for part in _WORDS.finditer(notation):
        found += re.escape(notation[after : part.start()]) + parts[part[0]]
        after = part.end()
    return found + re.escape(notation[after:])
