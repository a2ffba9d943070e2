"""Whether two names of one ERP are the same name written otherwise: an account, a cost centre, a WBS element."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import zip_longest

_PARTS = re.compile(r"[^\W_]+")


def written_otherwise(text: str, known: Sequence[str]) -> str | None:
    """The one of `known` that the text is, but for capitals, separators, blanks and leading zeros."""
    ways = _ways(text)
    return next((each for each in known if not ways.isdisjoint(_ways(each))), None)


def mistyped(text: str, known: Sequence[str]) -> str | None:
    """The one of `known` that the text is, but for one character: typed wrongly, swapped with the next, or missing."""
    joined = _joined(text)
    return next((each for each in known if _is_one_off(joined, _joined(each))), None)


def _joined(text: str) -> str:
    return "".join(_PARTS.findall(text.casefold()))


def _ways(text: str) -> set[str]:
    """The text without its separators, and part by part without leading zeros; nothing for one that is all signs."""
    parts = _PARTS.findall(text.casefold())
    return {"".join(parts), "-".join(part.lstrip("0") for part in parts)} if parts else set()


def _is_one_off(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    if len(long) - len(short) > 1:
        return False
    first = next((place for place, pair in enumerate(zip_longest(short, long)) if pair[0] != pair[1]), None)
    if first is None:
        return False
    rest, its = short[first:], long[first:]
    if len(short) < len(long):
        return rest == its[1:]
    return rest[1:] == its[1:] or (rest[:2] == its[1::-1] and rest[2:] == its[2:])
