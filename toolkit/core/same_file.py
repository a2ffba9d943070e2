"""Which file is which when names have changed: a file is known again by what is in it.

What every file of its kind says (comments, explanations, values still to be given) tells nothing, so it is the other
lines that are counted. Where two may be meant, none is: whoever knows is asked.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence

from msgspec import Struct

from toolkit.core.records import MISSING

_SURE = 60  # so much in a hundred of what was there is there still: it is the same file, if no other is like it
_ALIKE = 45  # and so much, that it may be
_SAME = 101  # and this, that it is the same word for word
_FEWEST = 3  # lines that tell anything

_REMARK = re.compile(r"<!--.*?-->", re.DOTALL)
_COMMENT = re.compile(r"(?:^|[ \t])#.*", re.MULTILINE)
_STAGE = re.compile(r"^stage:\s*([^\s#]+)", re.MULTILINE)


class Match(Struct, frozen=True):
    """What a file that is missed has become: `file` without doubt, else one of those that are `alike`, if any."""

    file: str = ""
    alike: tuple[str, ...] = ()


def matched(missed: Mapping[str, str], found: Mapping[str, str]) -> dict[str, Match]:
    """What each of the files that are missed has become, by their names and texts.

    A file that is another's, word for word, is nobody else's. All others have to be the only one that is alike, and
    to be like no other that is missed.
    """
    texts = {name: _plain(text) for name, text in found.items()}
    likeness = {name: dict(_alike(name, _plain(text), texts)) for name, text in missed.items()}
    exact = _exact(likeness)
    left = {
        name: {other for other in alike if exact.get(name) == other or other not in exact.values()}
        for name, alike in likeness.items()
    }
    sure: dict[str, str] = {}
    while new := dict(_only(left, likeness, exact, sure)):
        sure |= new
        left = {name: alike - {*new.values()} for name, alike in left.items()}
    return {name: Match(sure.get(name, ""), () if name in sure else tuple(sorted(left[name]))) for name in missed}


def _only(
    left: Mapping[str, set[str]],
    likeness: Mapping[str, Mapping[str, int]],
    exact: Mapping[str, str],
    sure: Mapping[str, str],
) -> Iterator[tuple[str, str]]:
    """Each that is missed with the only file that it can be, where that can be no other's."""
    for name, alike in left.items():
        if name in sure or len(alike) != 1:
            continue
        (other,) = alike
        rivals = (each for each in left if each != name and other in left[each])
        if likeness[name][other] >= _SURE and all(exact.get(each, other) != other for each in rivals):
            yield name, other


def _exact(likeness: Mapping[str, Mapping[str, int]]) -> dict[str, str]:
    """The pairs that are word for word the same, and the same as no other."""
    equal = {name: [other for other, score in alike.items() if score == _SAME] for name, alike in likeness.items()}
    times = Counter(other for others in equal.values() for other in others)
    return {name: others[0] for name, others in equal.items() if len(others) == 1 and times[others[0]] == 1}


def _alike(name: str, text: str, found: Mapping[str, str]) -> Iterator[tuple[str, int]]:
    """The files that may be this one, each with how much of it is in them: more than 100 where they are the same."""
    if not text.strip():
        return
    ways = tuple(_ways(name, text)) if "\0" not in text else ()
    told = [Counter(way(text)) for way in ways]
    for other, its in found.items():
        if _ending(other) != _ending(name):
            continue
        if its == text:
            yield other, _SAME
        elif ways and "\0" not in its and _STAGE.findall(its) == _STAGE.findall(text):
            score = max(_share(lines, Counter(way(its))) for way, lines in zip(ways, told, strict=True))
            if score >= _ALIKE:
                yield other, score


def _ways(name: str, text: str) -> Iterator[Callable[[str], Sequence[str]]]:
    """How the lines of a file are compared: in Markdown also as they are when the remarks in it are deleted."""
    telling = _values if name.endswith(".yaml") else _outside_remarks
    if not name.endswith(".yaml") or len(_values(text)) < _FEWEST:
        yield _lines
    if len(telling(text)) >= _FEWEST:
        yield telling


def _share(told: Counter[str], there: Counter[str]) -> int:
    """How much in a hundred of some lines is among others."""
    return (told & there).total() * 100 // told.total() if told.total() >= _FEWEST else 0


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n")


def _ending(name: str) -> str:
    return name.rpartition("/")[2].rpartition(".")[2]


def _lines(text: str) -> Sequence[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _outside_remarks(text: str) -> Sequence[str]:
    return _lines(_REMARK.sub("", text))


def _values(text: str) -> Sequence[str]:
    """The lines of YAML without comments, and without those whose value somebody has yet to give."""
    return [line for line in _lines(_COMMENT.sub("", text)) if MISSING not in line]
