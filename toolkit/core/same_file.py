"""Which file is which when names have changed: a file is known again by what is in it.

What many files say tells nothing: comments, values that somebody has yet to give, and lines that several files of a
template have. It is the other lines that are counted. Where two may be meant, none is: whoever knows is asked.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from toolkit.core.records import MISSING

_SURE = 66  # so much in a hundred of what was there is there still: it is the same file, if no other is like it
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


def shared(texts: Iterable[str]) -> frozenset[str]:
    """The lines that stand in several of some files: they tell none of these apart."""
    times = Counter(line for text in texts for line in {*_lines(text), *_values(text)})
    return frozenset(line for line, count in times.items() if count > 1)


def matched(
    missed: Mapping[str, str], found: Mapping[str, str], common: Collection[str] = frozenset()
) -> dict[str, Match]:
    """What each of the files that are missed has become, by their names and texts; `common` lines tell nothing.

    A file that is another's, word for word, is nobody else's. All others have to be the only one that is alike, and
    not to be surely another that is missed.
    """
    texts = {name: _plain(text) for name, text in found.items()}
    likeness = {name: dict(_alike(name, _plain(text), texts, common)) for name, text in missed.items()}
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
        rivals = [each for each in left if each != name and other in left[each] and exact.get(each, other) == other]
        if likeness[name][other] >= _SURE and all(likeness[each][other] < _SURE for each in rivals):
            yield name, other


def _exact(likeness: Mapping[str, Mapping[str, int]]) -> dict[str, str]:
    """The pairs that are word for word the same, and the same as no other."""
    equal = {name: [other for other, score in alike.items() if score == _SAME] for name, alike in likeness.items()}
    times = Counter(other for others in equal.values() for other in others)
    return {name: others[0] for name, others in equal.items() if len(others) == 1 and times[others[0]] == 1}


def _alike(name: str, text: str, found: Mapping[str, str], common: Collection[str]) -> Iterator[tuple[str, int]]:
    """The files that may be this one, each with how much of it is in them: more than 100 where they are the same."""
    if not text.strip():
        return
    told = list(_ways(name, text, common)) if "\0" not in text else []
    for other, its in found.items():
        if _ending(other) != _ending(name):
            continue
        if its == text:
            yield other, _SAME
        elif told and "\0" not in its and _STAGE.findall(its) == _STAGE.findall(text):
            score = max(min(_share(lines, Counter(way(its))), surest) for way, lines, surest in told)
            if score >= _ALIKE:
                yield other, score


def _ways(
    name: str, text: str, common: Collection[str]
) -> Iterator[tuple[Callable[[str], Sequence[str]], Counter[str], int]]:
    """How the lines of a file are compared, those that tell anything, and how sure one can be of it.

    In Markdown they are compared also without the remarks, which whoever writes there deletes. Where too few tell
    anything, all are compared, and nothing is sure.
    """
    found = [
        (way, Counter(line for line in way(text) if line not in common), 100)
        for way in ((_values,) if name.endswith(".yaml") else (_lines, _outside_remarks))
    ]
    enough = [each for each in found if each[1].total() >= _FEWEST]
    yield from enough or [(_lines, Counter(_lines(text)), _SURE - 1)]


def _share(told: Counter[str], there: Counter[str]) -> int:
    """How much in a hundred of some lines is among others."""
    return (told & there).total() * 100 // told.total()


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
