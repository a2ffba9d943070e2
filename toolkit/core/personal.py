"""Numbers that are a person's: a citizen's personal number (CPR-nummer), an employee's number (medarbejdernummer).

A plausible date decides what can be a personal number, not the old control digit: numbers without it have been given
since 2007. What is no date, or is part of something longer, is none: a CVR or EAN number, a WBS element, a telephone
number, an amount. An employee's number is one that says so.

Source: CPR-kontoret (personnumre uden kontrolciffer; erstatningspersonnumre have 60 added to the day).
"""

from __future__ import annotations

import re

from msgspec import Struct

_DASH = "-\u2010\u2011\u2012\u2013\u2014\u2212"
_GAP = " \t\u00a0\u2007\u2009\u202f"
_NUMBER = re.compile(
    rf"""
    (?<![0-9]) (?<![A-Z][{_DASH}])                      # not inside a longer number, nor in XA-1391100000-00020
    (?: (?P<run>[0-9]{{6}})                             # 010165
      | (?P<spaced>(?<![0-9][{_GAP}])[0-9]{{2}}[{_GAP}]?[0-9]{{2}}[{_GAP}][0-9]{{2}})   # 0101 65, 01 01 65
      | (?P<dated>[0-9]{{2}}[{_DASH}.][0-9]{{2}}[{_DASH}.][0-9]{{2}}(?=[{_GAP}]?[{_DASH}])) # 01.01.65-
    )
    [{_GAP}]? [{_DASH}]? [{_GAP}]?
    [0-9]{{4}}
    (?![0-9]) (?![.,][0-9]) (?![{_GAP}]?(?:kr\b|øre\b|mio\b|DKK\b))   # not longer, and no amount
    """,
    re.VERBOSE,
)
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_SUBSTITUTE_DAY = 60

_DAYS_AND_MONTHS = {
    f"{day + added:02}{month:02}"
    for month, last in enumerate(_DAYS, start=1)
    for day in range(1, last + 1)
    for added in (0, _SUBSTITUTE_DAY)
}
# medarb.nr. 123456, MA-4471, MA-nr. 4471, tjenestenummer 12345, medarbejder 123456: the digits alone are covered.
_EMPLOYEE = re.compile(
    r"""
    (?: \b(?:medarb(?:ejder)?|personale|ansættelses?|tjeneste|løn|ma)[\s.\-]*(?:nr|nummer|no|id)\b[\s.:\-\#]*
      | \bmedarb(?:ejder)?[\s.:\-\#]+(?=[0-9]{4})
      | \bMA[\-.]?(?=[0-9]{4})
    )
    (?P<number>[0-9]{2,12})(?![0-9])
    """,
    re.VERBOSE | re.IGNORECASE,
)
_FOUR_DIGITS = re.compile("[0-9]{4}")  # what every personal number ends with, and few texts hold: asked first
_TWO_DIGITS = re.compile("[0-9]{2}")

REMOVED, EMPLOYEE_REMOVED = "[personnummer fjernet]", "[medarbejdernummer fjernet]"


class Found(Struct, frozen=True):
    """Where in a text something stands that can be a personal number."""

    start: int
    end: int


def personal_numbers(text: str) -> list[Found]:
    """Every place that can be a personal number, in order."""
    if text.isdecimal() and (len(text) != 10 or text[:4] not in _DAYS_AND_MONTHS):
        return []  # a voucher's number, of which there may be a million
    text = _DIGEST.sub(lambda digest: "." * len(digest[0]), text)
    return [Found(*match.span()) for match in _NUMBER.finditer(text) if _is_date(match)]


def without_personal_numbers(text: str) -> str:
    """The text with a word in the place of each."""
    for found in reversed(personal_numbers(text)) if _FOUR_DIGITS.search(text) else ():
        text = text[: found.start] + REMOVED + text[found.end :]
    return text


def without_numbers(text: str) -> str:
    """A posting's text without personal numbers and employees' numbers; doing it twice changes nothing more."""
    if not _TWO_DIGITS.search(text):
        return text
    text = without_personal_numbers(text)
    for found in reversed(list(_EMPLOYEE.finditer(text))):
        text = text[: found.start("number")] + EMPLOYEE_REMOVED + text[found.end("number") :]
    return text


def _is_date(match: re.Match[str]) -> bool:
    digits = re.sub(r"[^0-9]", "", match[0])
    day, month = int(digits[:2]), int(digits[2:4])
    if day > _SUBSTITUTE_DAY:
        day -= _SUBSTITUTE_DAY
    if not (1 <= month <= 12 and 1 <= day <= _DAYS[month - 1]):
        return False
    return not (month == 2 and day == 29 and int(digits[4:6]) % 4)
