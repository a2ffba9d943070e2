"""The names that something may point at, and which of them was most likely meant."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterable
from difflib import get_close_matches
from functools import cached_property
from itertools import islice

_LOOKED_AT = 200  # names: of more, only those are compared that stand beside a word in the alphabet
_MOST = 20  # so many of them to each side, and as many are listed
_LONGEST = 100  # characters of a word: what is longer was meant as no name


class Names:
    """Names of one kind, as those of phases or lines: a list of thousands is as quick to ask as one of few."""

    def __init__(self, names: Iterable[str], *, whole: bool = True) -> None:
        """Where the list is not `whole`, as when a file could not be read, any name may be one of them."""
        self._names = dict.fromkeys(names)
        self._whole = whole

    def __contains__(self, name: object) -> bool:
        return not self._whole or name in self._names

    def __bool__(self) -> bool:
        """Whether there are any, as far as the list says."""
        return bool(self._names)

    def near(self, word: str) -> list[str]:
        """The other name that is nearest to a word, else all of them, or the first and a mark that there are more."""
        names = self._names
        if len(names) > _LOOKED_AT:
            at = bisect(self._sorted, word)
            beside = self._sorted[max(at - _MOST, 0) : at + _MOST]
        else:
            beside = [*names]
        others = [name for name in beside if name != word]
        listed = [*islice(names, _MOST), "…"] if len(names) > _MOST else others
        return get_close_matches(word[:_LONGEST], others, 1) or listed

    @cached_property
    def _sorted(self) -> list[str]:
        return sorted(self._names)
