"""Numbers that are a person's: a citizen's personal number (CPR-nummer), an employee's number (medarbejdernummer).

A plausible date and four digits are a personal number, not the old control digit: numbers without it have been given
since 2007. What stands before or after makes no difference, except that it is no part of a longer number, of a WBS
element or of an amount. An employee's number is one that says so.

Source: CPR-kontoret (personnumre uden kontrolciffer; erstatningspersonnumre have 60 added to the day).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from msgspec import Struct

_DASH = "-\u2010\u2011\u2012\u2013\u2014\u2212"
_GAP = " \t\u00a0\u2007\u2009\u202f"
_NUMBER = re.compile(
    rf"""
    (?<![0-9])
    (?P<day>[0-26-8][0-9] | [39][01])
    (?: (?P<written>[{_DASH}./]) | (?P<apart>[{_GAP}]) )?      # 01.01.65, 01 01 65, 0101 65, 010165
    (?P<month>0[1-9] | 1[0-2])
    (?(written) [{_DASH}./] | (?(apart) [{_GAP}] | [{_GAP}]?) )
    (?P<century>1[89] | 20)? (?P<year>[0-9]{{2}})
    (?(century) [{_DASH}/]                                     # 01.01.1965-1234: 30-06-2022 1400 is a day and an hour
      | (?(written) (?: [{_GAP}]?[{_DASH}/][{_GAP}]? | [{_GAP}._] )
                  | (?: [{_GAP}]?[{_DASH}/]?[{_GAP}]? | [._,] ) ))
    [0-9]{{4}}
    (?![0-9])
    """,
    re.VERBOSE,
)
# Ten digits in a row, none of them an idle zero, may be an amount; not where kr. belongs to the number that follows.
_AMOUNT = re.compile(rf"[1-9][0-9]{{9}}(?:[.,][0-9]{{2}}(?![0-9])|[{_GAP}]?(?:kr|øre|mio|DKK)\b(?!\.?[{_GAP}]*[0-9]))")
# A file's digest, and a WBS element (XA-0101650000-00020) or a pattern of some (XA-0101650000*).
_HARMLESS = re.compile(
    r"sha256:[0-9a-f]{64} | (?<![^\W_])[A-Z]{2}-[0-9]{10} (?: -[0-9]{5}(?![0-9]) | (?:-[0-9]{0,4})?\* )",
    re.VERBOSE,
)
_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_SUBSTITUTE_DAY = 60

_DAYS_AND_MONTHS = {
    f"{day + added:02}{month:02}"
    for month, last in enumerate(_DAYS, start=1)
    for day in range(1, last + 1)
    for added in (0, _SUBSTITUTE_DAY)
}
REMOVED, EMPLOYEE_REMOVED = "[personnummer fjernet]", "[medarbejdernummer fjernet]"

_FOUR = rf"[0-9]{{4}}|{re.escape(EMPLOYEE_REMOVED)}"
# medarb.nr. 123456, MA-4471, MA 4471, MA-nr. 4471 og 4472, tjenestenummer 12345, medarbejder 123456: the digits alone
# are covered. What an earlier version has covered is read as the number that it was: lists go on behind it.
_EMPLOYEE = re.compile(
    rf"""
    (?: \b(?:medarb(?:ejder)?|personale|ansættelses?|tjeneste|løn|ma)[\s.\-]*(?:nr|nre|nummer|numre|no|id)\b[\s.:\-\#]*
      | \bmedarb(?:ejder)?[\s.:\-\#]+(?={_FOUR})
      | \bMA[\-.]?(?={_FOUR})
      | \b(?-i:MA)[{_GAP}](?={_FOUR})(?!(?:19|20)[0-9]{{2}}(?![0-9]))   # MA 2024 is a year
    )
    (?P<numbers>
        (?: [0-9]{{2,12}}(?![0-9]) | {re.escape(EMPLOYEE_REMOVED)} )
        (?: \s*(?: [,;/&+\-] | \b(?:og|samt|eller)\b )\s*(?:nr\b[\s.]*)?
            (?: (?!(?:19|20)[0-9]{{2}}(?![0-9])) [0-9]{{3,12}}
                (?![0-9]|[.,/\-][0-9]{{1,2}}(?![0-9])|\s?(?:kr|øre|DKK|timer)\b)
              | {re.escape(EMPLOYEE_REMOVED)} )
        )*
    )
    """,
    re.VERBOSE | re.IGNORECASE,
)
_FOUR_DIGITS = re.compile("[0-9]{4}")  # what every personal number ends with, and few texts hold: asked first
_TWO_DIGITS = re.compile("[0-9]{2}")


class Found(Struct, frozen=True, order=True):
    """Where in a text something stands that can be a personal number."""

    start: int
    end: int


def personal_numbers(text: str) -> list[Found]:
    """Every place that can be a personal number, in order: where all of them are covered, no other comes to light."""
    if text.isdecimal() and (len(text) != 10 or text[:4] not in _DAYS_AND_MONTHS):
        return []  # a voucher's number, of which there may be a million
    text = _HARMLESS.sub(lambda harmless: "." * len(harmless[0]), text)
    found: list[Found] = []
    while more := [*_search(text)]:
        found += more
        text = covered(text, more, lambda length: f"[{'.' * (length - 2)}]")
    return sorted(found)


def without_personal_numbers(text: str) -> str:
    """The text with a word in the place of each."""
    return covered(text, personal_numbers(text), lambda _length: REMOVED) if _FOUR_DIGITS.search(text) else text


def without_numbers(text: str) -> str:
    """A posting's text without personal numbers and employees' numbers; doing it twice changes nothing more."""
    if not _TWO_DIGITS.search(text):
        return text
    while (less := _EMPLOYEE.sub(_without_digits, without_personal_numbers(text))) != text:
        text = less
    return text


def covered(text: str, found: Iterable[Found], word: Callable[[int], str]) -> str:
    """The text with a word, by the length of what it covers, in the place of each of those, which are in order."""
    parts, at = [], 0
    for each in found:
        parts += [text[at : each.start], word(each.end - each.start)]
        at = each.end
    return "".join([*parts, text[at:]])


def _search(text: str) -> Iterator[Found]:
    """Those that are seen while the others stand beside them: 1212651234,02 is an amount until ,02 is another's."""
    at = 0
    while match := _NUMBER.search(text, at):
        is_found = _is_date(match) and not _AMOUNT.match(text, match.start())
        if is_found:
            yield Found(*match.span())
        at = match.end() if is_found else match.start() + 1


def _without_digits(match: re.Match[str]) -> str:
    start = match.start("numbers") - match.start()
    return match[0][:start] + re.sub("[0-9]+", EMPLOYEE_REMOVED, match["numbers"])


def _is_date(match: re.Match[str]) -> bool:
    day, month = int(match["day"]), int(match["month"])
    if day > _SUBSTITUTE_DAY:
        day -= _SUBSTITUTE_DAY
    return 1 <= day <= _DAYS[month - 1] and not (month == 2 and day == 29 and int(match["year"]) % 4)
