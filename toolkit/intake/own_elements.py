"""What tells a project's lines from those of others: the elements that its erp names, as far as an export has them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from toolkit.core.doubles import plain
from toolkit.core.plan import Erp
from toolkit.core.postings import Coding, fits
from toolkit.core.problems import N_, Problem, Span, declare, problem
from toolkit.core.spellings import mistyped, written_otherwise
from toolkit.intake.result import Import
from toolkit.readers.export import Export

_NAMED = 5  # so many elements are named where there are many
_CODING = ("account", "cost_centre", "wbs_element")

declare(
    "import-unfiltered",
    "warning",
    N_("The export has no column that tells this project's postings from others': all of them are taken."),
    N_("look at the lines before you go on; an export for one project alone needs no such column"),
)
declare(
    "import-none-own",
    "warning",
    N_("Not one line is this project's: erp in project.yaml names {ours}, and the file has {theirs}."),
    N_("look whether it is the right export, or correct {key} under erp: in project.yaml"),
)
declare(
    "import-near-own",
    "warning",
    N_("Not one line is this project's: erp in project.yaml names {ours}, and the file has {theirs}."),
    N_("look which it is; only if {near} is this project's, write in project.yaml: erp: {{{key}: [{meant}]}}"),
)


class OwnElements:
    """What erp in project.yaml says of a coding: whether it is the project's, and by which WBS element or the like."""

    def __init__(self, erp: Erp | None, export: Export) -> None:
        named = (
            {"wbs_element": erp.wbs_elements, "cost_centre": erp.cost_centres, "account": erp.accounts} if erp else {}
        )
        self._named = {key: its for key, its in named.items() if its}
        self._told = {key: its for key, its in self._named.items() if export.has(key)}  # that the export says too

    def has(self, coding: Coding) -> bool:
        """Whether erp names the WBS element, the cost centre or the account: any of them will do.

        Capital letters make no difference: an ERP has its own, and a list made by hand has others.
        """
        return not self._told or next(_fitting(coding, self._named), None) is not None

    def of(self, coding: Coding) -> str:
        """What tells the project's lines from those of others, as erp names it; empty where nothing does."""
        return next(_fitting(coding, self._told), "")

    @cached_property
    def are_one(self) -> bool:
        """Whether erp names one element and no more: then every list is whole."""
        named = {plain(each) for its in self._told.values() for each in its}
        return len(named) == 1 and "*" not in "".join(named)

    def remarks(self, whole: Span, result: Import, codings: Iterable[Coding]) -> Iterator[Problem]:
        """A filter that the export cannot be held against, or that none of its lines passes."""
        if not self._told:
            if self._named:
                yield problem("import-unfiltered", whole)
            return
        if result.new.lines or result.known.lines or not result.others.lines:
            return
        key, ours = next(iter(self._told.items()))
        theirs = sorted({coding[_CODING.index(key)] for coding in codings} - {""})
        near = _near(theirs, ours)
        words = {"ours": some(ours), "theirs": some(theirs), "key": f"{key}s"}
        if near:
            meant = ", ".join(near.get(each, each) for each in ours)
            yield problem("import-near-own", whole, near=next(iter(near.values())), meant=meant, **words)
        else:
            yield problem("import-none-own", whole, **words)


def some(texts: Sequence[str]) -> str:
    """The first of some elements, as a problem names them."""
    return ", ".join(texts[:_NAMED]) + (" …" if len(texts) > _NAMED else "") or "–"


def _fitting(coding: Coding, named: Mapping[str, Sequence[str]]) -> Iterator[str]:
    for key, patterns in named.items():
        value = coding[_CODING.index(key)]
        if any(fits(pattern.casefold(), value.casefold()) for pattern in patterns):
            yield value


def _near(theirs: Sequence[str], ours: Sequence[str]) -> dict[str, str]:
    """Which of theirs may stand for one of ours: one written otherwise, else the only one with a slip of the finger.

    Elements are numbered: where several are one character from ours, they are its neighbours and no slips.
    """
    same = {found: each for each in reversed(theirs) if (found := written_otherwise(each, ours))}
    slips = {found: each for each in theirs if (found := mistyped(each, ours))}
    return same or (slips if sum(mistyped(each, ours) is not None for each in theirs) == 1 else {})
