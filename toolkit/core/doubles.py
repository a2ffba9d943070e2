"""The same voucher in two files: postings that the municipality's books may hold only once.

A line that is the same to the letter is known when it comes again. What another system writes otherwise, what was moved
to another day or got another text is not: both lines stay, and are told of until a rule says what they are.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from datetime import date, timedelta
from itertools import product, starmap
from typing import Any

from msgspec import Struct

from toolkit.core.money import Money, kroner, total
from toolkit.core.personal import REMOVED, personal_numbers, without_personal_numbers
from toolkit.core.postings import Coding, Posting, Rule
from toolkit.core.problems import N_, Phrase, Problem, Span, declare, phrase, problem
from toolkit.core.rows import PostingRow, ranges

declare(
    "posting-twice",
    "warning",
    N_(
        "Voucher {vouchers} stands here and in {there} too, with the same account, WBS element and amount: "
        "{amount} kr. may be counted twice (lines: {count})."
    ),
    N_(
        "if it is one cost, write at the top of rules: in allocation.yaml: - {rule}; if both are right, place them "
        "by a rule for each file: - {mine} and - {its}"
    ),
)
declare(
    "posting-twice-unnamed",
    "warning",
    N_(
        "The same day, text, account, WBS element and amount stand here and in {there} too, and one of the two has "
        "no voucher: {amount} kr. may be counted twice (lines: {count})."
    ),
    N_(
        "if it is one cost, write at the top of rules: in allocation.yaml: - {rule}; if both are right, place them "
        "by a rule for each file: - {mine} and - {its}"
    ),
)
declare(
    "posting-nowhere",
    "warning",
    N_(
        "Voucher {vouchers} is in {file} and in {there}, and this rule takes back both of them: {amount} kr. count "
        "nowhere (lines: {count})."
    ),
    N_(
        "if it is one cost, write instead of this rule: - {rule}; if both are void, take each of them back by a rule "
        "that names its file"
    ),
)

_DELETE = N_("delete the rule")
_ABOVE = N_("write above the rule, which takes back others too: - {rule}")
_TAKEN_BACK = "taken_back: true, reason: …"
_PLACED = "line: …"
Exports = Mapping[PostingRow, Set[str]]  # of a row, the files of imports whose export had it too, to the letter
_NOTHING_KNOWN: Exports = {}
_NAMED = 5  # so many vouchers and lines are named where there are many
_NUMBERED = re.compile(r"(?:([^\W\d_]+)[-./]?)?0*([1-9]\d*)(?:[-./]0*([1-9]\d*))?")  # of a plain voucher
_YEAR = re.compile(r"20\d\d")
_NEAR = timedelta(days=60)  # so far apart two systems may have the day of a posting: an invoice's, and the books'
_NAMEABLE = re.compile(r"\w[\w./-]*")  # a voucher that a rule can name as it stands


class Double(Struct, frozen=True):
    """Postings of one file that an earlier one seems to hold too: as many of each, in the order of the rows.

    The same voucher, account, WBS element and amount, whatever the day and the text; capital letters, blanks and
    leading zeros make no difference, and a system that does not say the account or the element fits any. A voucher with
    letters or its year beside the number is also one that is the number alone, on a day near it; within one system on
    the same day. What is left
    of a voucher that was masked names no posting: then the day and the text are the same too. So they are where a list
    of another system has no voucher at all, which then fits any.
    """

    later: tuple[Posting, ...]
    earlier: tuple[Posting, ...]

    @property
    def amount(self) -> Money:
        return total(each.amount for each in self.later)

    @property
    def is_named(self) -> bool:
        """Whether their vouchers are the same: else one of the lists has none."""
        return bool(self.later[0].voucher and self.earlier[0].voucher)

    @property
    def void(self) -> tuple[Posting, ...]:
        """Those that likely count no more: the older ones of one system, whose books were changed, else the later.

        Of two systems it is the earlier where only the later say when they were performed, and say no less otherwise.
        """
        one_system = system_of(self.later[0].file) == system_of(self.earlier[0].file)
        return self.earlier if one_system or self._is_said_later else self.later

    @property
    def _is_said_later(self) -> bool:
        if any(each.performed for each in self.earlier) or not any(each.performed for each in self.later):
            return False
        names = ("voucher", "account", "wbs_element")
        pairs = zip(self.earlier, self.later, strict=True)
        return all(getattr(new, name) or not getattr(old, name) for old, new in pairs for name in names)


def doubles(
    rows: Sequence[Posting],
    rule_of: Callable[[Posting], Rule | None],
    order: Callable[[str], Any] = str,
    exports: Exports = _NOTHING_KNOWN,
) -> list[Double]:
    """Every pair of files with such postings, until rules have answered; `order` says which file came before which.

    What one export has both of, by `exports` or since its file has them, is no double. Rules have answered when all but
    those of one file are taken back, or when a rule that names its file, or rows of it, places each of them: somebody
    has looked, and says that both are right.
    """
    pairs: Pairs = defaultdict(list)
    for found in _alike_in_files(rows):
        _pair([(each, rule_of(each)) for each in found], order, exports, pairs)
    return _doubles(pairs)


def nowhere(
    rows: Sequence[Posting],
    rule_of: Callable[[Posting], Rule | None],
    order: Callable[[str], Any] = str,
    exports: Exports = _NOTHING_KNOWN,
) -> list[tuple[Rule, Double]]:
    """The same where one rule takes back both, and names the file of neither: then perhaps nobody wanted that."""
    by_rule: dict[int, tuple[Rule, Pairs]] = {}
    for found in _alike_in_files(rows):
        placed = [(each, rule_of(each)) for each in found]
        if any(rule is None or not rule.taken_back for _each, rule in placed):
            continue
        for rule in {id(rule): rule for _each, rule in placed}.values():
            if rule is not None and not rule.names_file:
                _rule, pairs = by_rule.setdefault(id(rule), (rule, defaultdict(list)))
                _pair([(each, None) for each, its in placed if its is rule], order, exports, pairs)
    return [(rule, double) for rule, pairs in by_rule.values() for double in _doubles(pairs)]


def may_be_nowhere(rules: Iterable[Rule]) -> bool:
    """Whether any rule takes back what stands in more than one file: mostly none does."""
    return any(rule.taken_back and not rule.names_file for rule in rules)


def _doubles(pairs: Pairs) -> list[Double]:
    by_row = {files: sorted(pairs[files], key=lambda pair: pair[0].row) for files in sorted(pairs)}
    return [Double(*map(tuple, zip(*found, strict=True))) for found in by_row.values()]


def told(double: Double, sizes: Mapping[str, int]) -> Problem:
    """What is to be said of it, and the rule that ends it; `sizes` is how many postings each file has."""
    first = double.later[0]
    at = Span(first.file, first.row, 1)
    words = {
        "there": places(double.earlier),
        "amount": kroner(double.amount),
        "count": len(double.later),
        "rule": rule_for(double.void, sizes),
        "mine": rule_for(double.later, {}, _PLACED),
        "its": rule_for(double.earlier, {}, _PLACED),
    }
    if double.is_named:
        return problem("posting-twice", at, vouchers=_as_both_have_them(double), **words)
    return problem("posting-twice-unnamed", at, **words)


def told_nowhere(rule: Rule, double: Double, sizes: Mapping[str, int]) -> Problem:
    """What is to be said of a rule that takes back all there is, and the rule that leaves one of them."""
    return problem(
        "posting-nowhere",
        rule.at.span,
        vouchers=_as_both_have_them(double),
        file=places(double.later),
        there=places(double.earlier),
        amount=kroner(double.amount),
        count=len(double.later),
        rule=rule_for(double.void, sizes),
    )


def identity(voucher: str, day: str, text: str) -> str:
    """What names a posting in other files; empty for one without a voucher.

    What is left of a voucher that was masked is the same for all of them: its day and text name it too.
    """
    if is_masked(voucher):
        return f"{plain(voucher)} {day} {plain(text)}"
    beside, number = parted(voucher, day)
    return f"{beside} {number}" if beside else number


def parted(voucher: str, posted: date | str) -> tuple[str, str]:
    """What a voucher has beside its number, and the number: of KR1001 the letters, of 2023/1001 or 1001-2023 the year.

    Of two numbers that may be the year it is that of the posting's day. What reads otherwise is all of it the number.
    """
    whole = plain(voucher)
    if whole.isdecimal() or not (found := _NUMBERED.fullmatch(whole)):
        return "", whole
    letters, *numbers = found.groups()
    if not numbers[1]:
        return letters or "", numbers[0]
    years = sorted(filter(_YEAR.fullmatch, numbers), key=lambda year: not f"{posted}".startswith(year))
    if not years:
        return "", whole
    numbers.remove(years[0])
    return f"{letters or ''}{years[0]}", numbers[0]


def number_of(posting: Posting) -> str:
    """The number of its voucher, which another system may have alone."""
    return parted(posting.voucher, posting.posted)[1]


def named_alike(one: Posting, other: Posting) -> bool:
    """Whether postings whose vouchers have one number may be the same: one of them is the number alone, or neither is.

    Two that have different things beside it are different series.
    """
    (mine, _), (its, _) = (parted(each.voucher, each.posted) for each in (one, other))
    if mine == its:
        return True
    is_one_system = system_of(one.file) == system_of(other.file)
    return not (mine and its) and abs(one.posted - other.posted) <= (timedelta() if is_one_system else _NEAR)


def is_masked(voucher: str) -> bool:
    """Whether a personal number was taken out of it: then it is no identity."""
    return REMOVED in voucher


def plain(text: str) -> str:
    """A voucher, account or WBS element as it is compared: without capital letters, blanks and leading zeros."""
    return "".join(text.split()).casefold().lstrip("0")


def vouchers(postings: Iterable[Posting]) -> str:
    """The vouchers' numbers, the first few of them."""
    return _some(without_personal_numbers(each.voucher) for each in postings)


def places(postings: Iterable[Posting]) -> str:
    """Where they stand, the first few of them: postings/2022-04-01-opus-0a1b2c3d.csv:2, 5."""
    rows = [*postings]
    return f"{rows[0].file}:{_some(str(each.row) for each in rows)}"


def rule_for(postings: tuple[Posting, ...], sizes: Mapping[str, int], says: str = _TAKEN_BACK) -> str:
    """A rule that takes them all back, or says something else of them, and of nothing else.

    It is their file's where they are all of it, else their rows'.
    """
    first = postings[0]
    file = first.file.rpartition("/")[2]
    if sizes.get(first.file) == len(postings):
        return f"{{file: {file}, {says}}}"
    rows = ", ".join(ranges(each.row for each in postings))
    one = {each.voucher for each in postings} == {first.voucher} and _NAMEABLE.fullmatch(first.voucher)
    voucher = f'voucher: "{first.voucher}", ' if one and not personal_numbers(first.voucher) else ""
    return f"{{{voucher}file: {file}, rows: [{rows}], {says}}}"


def counts_again(postings: tuple[Posting, ...], is_all: bool) -> Phrase:
    """What to do about a rule where the books have what it takes back of a file; others that it takes back stay so."""
    return phrase(_DELETE) if is_all else phrase(_ABOVE, rule=rule_for(postings, {}, "line: …"))


# ── helpers ──────────────────────────────────────────────────────────────────────────────────


Pairs = defaultdict[tuple[str, str, bool], list[tuple[Posting, Posting]]]
Placed = tuple[Posting, Rule | None]


def _identity(each: Posting) -> str:
    """What it has in common with those that may be the same: the voucher's number."""
    masked = "[" in each.voucher and is_masked(each.voucher)
    return identity(each.voucher, f"{each.posted}", each.text) if masked else number_of(each)


def _as_both_have_them(double: Double) -> str:
    """The vouchers' numbers, and behind them what the earlier file calls them where that is another series: KR1 (1)."""
    pairs = zip(double.later, double.earlier, strict=True)
    names = vouchers(double.later)
    return names if all(starmap(_of_one_series, pairs)) else f"{names} ({vouchers(double.earlier)})"


def _alike_in_files(rows: Sequence[Posting]) -> Iterator[list[Posting]]:
    by_identity: defaultdict[tuple[str, Money], list[Posting]] = defaultdict(list)
    for each in _in_more_files(rows):
        by_identity[_identity(each), each.amount].append(each)
    yield from by_identity.values()
    unnamed = {_day_and_text(each) for each in rows if not each.voucher and each.amount}
    if unnamed:  # a list without vouchers fits any: what has its day, its text and its amount
        by_text: defaultdict[tuple[date, str, Money], list[Posting]] = defaultdict(list)
        for each in rows:
            if (key := _day_and_text(each)) in unnamed:
                by_text[key].append(each)
        yield from by_text.values()


def _day_and_text(each: Posting) -> tuple[date, str, Money]:
    return each.posted, plain(each.text), each.amount


def _in_more_files(rows: Sequence[Posting]) -> Iterable[Posting]:
    """Those whose voucher and amount stand in more than one file, and perhaps a few more: there may be a million."""
    if not rows or rows[0].file == rows[-1].file:  # a file's rows stand together
        return ()
    files: dict[int, str] = {}
    shared: set[int] = set()
    keys = [hash((_identity(each), each.amount)) if each.voucher and each.amount else 0 for each in rows]
    for key, each in zip(keys, rows, strict=True):
        if key and files.setdefault(key, each.file) != each.file:
            shared.add(key)
    return (each for key, each in zip(keys, rows, strict=True) if key in shared)


def _pair(found: Iterable[Placed], order: Callable[[str], Any], exports: Exports, pairs: Pairs) -> None:
    """What one voucher has of one amount, one by one, each with one of an earlier file.

    Of another system each is one line's alone, whichever files that system's lines came in: what it has more of is new.
    """
    by_file: defaultdict[str, defaultdict[Coding, list[Placed]]] = defaultdict(lambda: defaultdict(list))
    found = [*found]
    by_text = any(not posting.voucher for posting, _rule in found)
    for posting, rule in found:
        voucher = plain(posting.voucher) if by_text else ""
        by_file[posting.file][plain(posting.account), voucher, plain(posting.wbs_element)].append((posting, rule))
    files = sorted(by_file, key=order)
    left: dict[tuple[str, str], dict[Coding, list[Placed]]] = {}  # of a file, and for which file or system
    for number, file in enumerate(files):
        ours = {coding: [*its] for coding, its in by_file[file].items()}
        for earlier in files[:number]:
            is_one_system = system_of(file) == system_of(earlier)
            if by_text and is_one_system:
                continue
            whose = file if is_one_system else system_of(file)
            theirs = left.setdefault((earlier, whose), {coding: [*its] for coding, its in by_file[earlier].items()})
            for coding, other in product(ours, theirs):
                if alike(coding, other) and (bool(coding[1]) != bool(other[1])) == by_text:
                    mine, its = _not_answered_for(ours[coding], theirs[other], exports)
                    found_here = []
                    for one, double in _one_by_one(mine, its, exports):
                        ours[coding].remove(one)
                        theirs[other].remove(double)
                        if not _answered(one[1], double[1]) and not _are_two(one[0], double[0]):
                            found_here.append((one[0], double[0]))
                    if found_here:
                        pairs[file, earlier, by_text] += found_here


def _not_answered_for(ours: list[Placed], theirs: list[Placed], exports: Exports) -> tuple[list[Placed], list[Placed]]:
    """Those that count, without each that one was taken back for: so many of them are no doubles any more."""
    mine, its = ([each for each in placed if not _is_taken_back(each)] for placed in (ours, theirs))
    if (len(mine) == len(ours) and len(its) == len(theirs)) or not (ours and theirs):
        return mine, its
    if system_of(ours[0][0].file) == system_of(theirs[0][0].file):  # the older ones are void
        void = [each for each in theirs if _is_taken_back(each)]
        for _void, one in _one_by_one(void, mine, exports):
            mine.remove(one)
    else:
        void = [each for each in ours if _is_taken_back(each)]
        for used, other in _one_by_one(void, its, exports):
            ours.remove(used)
            its.remove(other)
            theirs.remove(other)
    return mine, its


def _is_taken_back(placed: Placed) -> bool:
    return placed[1] is not None and placed[1].taken_back


def _one_by_one(ours: Iterable[Placed], theirs: Iterable[Placed], exports: Exports) -> Iterator[tuple[Placed, Placed]]:
    """Each of ours with the first of theirs that may be the same: with one of the same voucher before any other."""
    left = [*theirs]
    for fits in (_of_one_series, named_alike):
        unmatched = []
        for one in ours:
            each = (n for n, its in enumerate(left) if fits(one[0], its[0]))
            number = next((n for n in each if not _in_one_export(one[0], left[n][0], exports)), None)
            if number is None:
                unmatched.append(one)
            else:
                yield one, left.pop(number)
        ours = unmatched


def _of_one_series(one: Posting, other: Posting) -> bool:
    """Whether they have the same beside the voucher's number; what has no voucher fits any."""
    if not (one.voucher and other.voucher):
        return True
    return parted(one.voucher, one.posted)[0] == parted(other.voucher, other.posted)[0]


def _in_one_export(one: Posting, other: Posting, exports: Exports) -> bool:
    """Whether one export had both of them."""
    if not exports:
        return False
    mine, its = ({each.file, *exports.get((each.file, each.row), ())} for each in (one, other))
    return not mine.isdisjoint(its)


def alike(one: Coding, other: Coding) -> bool:
    """Whether two codings, each plain, may be the same: what one of them does not say fits any."""
    return all(not mine or not its or mine == its for mine, its in zip(one, other, strict=True))


def _answered(one: Rule | None, other: Rule | None) -> bool:
    """Whether rules place both by their files: any other may be older than the second of them, and fit a third."""
    return all(rule is not None and (rule.names_file or rule.rows) for rule in (one, other))


def _are_two(one: Posting, other: Posting) -> bool:
    """Whether they are two lines of a voucher: one system would have known the same line again."""
    if system_of(one.file) != system_of(other.file):
        return False
    return all(
        getattr(one, name) == getattr(other, name) for name in ("posted", "voucher", "account", "wbs_element", "text")
    )


def _some(texts: Iterable[str]) -> str:
    found = list(dict.fromkeys(filter(None, texts)))
    return ", ".join(found[:_NAMED]) + (" …" if len(found) > _NAMED else "") or "–"


def system_of(file: str) -> str:
    """The system that a file of postings came from, as its name says."""
    return file.rpartition("/")[2][11:].rpartition("-")[0]
