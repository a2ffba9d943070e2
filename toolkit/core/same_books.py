"""An earlier file held against a later export that came through another dialect: what the export has, or lacks, of it.

Two systems seldom write a line to the letter alike. So a posting is known again by its voucher, account, WBS element
and amount; and what is not there is missing only where the export is of the same books: another system has others.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from functools import lru_cache
from itertools import takewhile

from msgspec import Struct

from toolkit.core.doubles import alike, is_masked, named_alike, number_of, plain
from toolkit.core.money import total
from toolkit.core.postings import Coding, Posting


class Missing(Struct, frozen=True):
    """Postings of earlier files that a later export has otherwise, or not at all."""

    changed: tuple[Posting, ...] = ()
    lacked: tuple[Posting, ...] = ()


def missing(
    earlier: Sequence[Posting],
    later: Iterable[Posting],
    accounts: Set[str],
    whole: bool,
    new: str | None = None,
    told_before: bool = False,
    is_taken_back: Callable[[Posting], bool] = lambda each: False,
) -> Missing:
    """What the export has not of `earlier`, which are of its days, and stand not in it to the letter.

    `later` are the export's own postings, and `accounts` those of which it has something of these files to the letter.
    A posting of the same voucher and day is changed where account and element are the same and the amount is not, or
    the amount is and they are not, and one may be instead of several; and so are all of a voucher that comes to the
    same in other lines, as in a list of invoices. Any other is lacked where the export has something else of these
    files: of the same voucher in a list that says no account, on the same account, or on any where it is `whole`, that
    is where the two dialects read the same; or where both are `whole` and one has `told_before` of what the other had
    and it has no more. Then a posting that only a line of the `new` file has, on another day, was moved, if the export
    has any of these files' on its own day. A line that counts is first what one was taken back for, and then another.
    """
    there: defaultdict[str, list[Posting]] = defaultdict(list)
    for voucher, each in _as_named(later, earlier):
        there[voucher].append(each)
    of_all_accounts = {voucher for voucher, its in there.items() if any(not each.account for each in its)}

    def counts_instead(one: Posting, other: Posting) -> bool:
        return other.file != new and not is_taken_back(other) and _is_same_day(one, other)

    void = [each for each in earlier if is_taken_back(each)]
    is_there = {id(each) for each in void} - {id(each) for each in _without_matches(void, there, counts_instead)}
    left = _without_matches([each for each in earlier if id(each) not in is_there], there, _is_same_day)
    is_one = whole and told_before
    is_proved = is_one or (whole and bool(accounts or len(left) < len(earlier)))
    not_known = _without_matches(left, there, lambda one, other: other.file != new and _is_same(one, other))
    left = _without_matches(not_known, there, _is_same)
    found = {id(each) for each in left}
    proof = accounts | {plain(each.account) for each in earlier if id(each) not in found}
    sums = _sums((each for each in left if not is_taken_back(each)), there)
    unchanged = [
        each
        for each in left
        if plain(each.voucher) not in sums and not any(_is_changed(each, other) for other in _named(each, there))
    ]
    kept = {id(each) for each in unchanged}
    moved = (each for each in not_known if is_proved and id(each) not in found)

    def is_lacked(each: Posting) -> bool:
        if not _is_named(each):
            return whole and bool(is_one or proof)
        said = proof and (whole or plain(each.account) in proof)
        return bool(is_one or said or plain(each.voucher) in of_all_accounts)

    return Missing(
        (*moved, *(each for each in left if id(each) not in kept)),
        tuple(filter(is_lacked, unchanged)),
    )


def chosen_otherwise(
    has: Iterable[Posting], earlier: Sequence[Posting], is_taken_back: Callable[[Posting], bool]
) -> set[str]:
    """The vouchers that an export has in lines that are all taken back, and `earlier` in others, to the same amount.

    So it is where a list of invoices and one of postings take turns: somebody has chosen which of the two counts. Each
    is there as both have it.
    """
    there: defaultdict[str, list[Posting]] = defaultdict(list)
    for voucher, each in _as_named(has, earlier):
        there[voucher].append(each)
    void = {voucher: its for voucher, its in there.items() if all(map(is_taken_back, its))}
    found = _sums((each for each in earlier if not is_taken_back(each)), void)
    return found | {plain(each.voucher) for voucher in found for each in void[voucher]}


class Listed(Struct, frozen=True):
    """A list that a system has made: the elements, or accounts, that it has, and those that it lacks of its days."""

    has: Set[str]
    lacks: Set[str] = frozenset()


def spoken_of(has: Set[str], lists: Sequence[Listed]) -> frozenset[str]:
    """The elements that an export says something of, also where it has no line of them any more.

    Those that it has, and those that have stood in one list with them and in none without them since: `lists` are
    those before it, the last one last. An export with none of them says something of all, where they all stand
    together, and no list of one of them has come after another that had none.
    """
    if not has:
        return _all_together(lists)
    found, every = frozenset(has), _elements(lists)
    while more := {each for each in every - found if any(_goes_with(each, its, lists) for its in found)}:
        found |= more
    return found


def is_listed_apart(account: str, has: Set[str], lists: Sequence[Listed]) -> bool:
    """Whether an account has lists of its own: it and each that an export has were gone in turn where the other was.

    So it is with wages and invoices, until one list has both.
    """

    def is_apart(other: str) -> bool:
        both = next((number for number, each in enumerate(reversed(lists)) if {account, other} <= each.has), len(lists))
        since = lists[len(lists) - both :]
        return all(
            any(one in each.has and two in each.lacks for each in since)
            for one, two in ((account, other), (other, account))
        )

    return bool(has) and all(map(is_apart, has))


# ── helpers ──────────────────────────────────────────────────────────────────────────────────


def _as_named(later: Iterable[Posting], earlier: Sequence[Posting]) -> Iterator[tuple[str, Posting]]:
    """An export's postings, each by the voucher that earlier files have it under, where they have its number.

    That is its own; or, of one that has letters or a year beside the number, the number alone, and the reverse: where
    all else of a posting of it agrees, or the sums of the two; or where one has changed on its day, and the export has
    no other voucher of that number.
    """
    there: defaultdict[str, set[str]] = defaultdict(set)
    left: defaultdict[str, defaultdict[str, list[Posting]]] = defaultdict(lambda: defaultdict(list))
    for each in earlier:
        if each.voucher and not is_masked(each.voucher):
            left[number_of(each)][plain(each.voucher)].append(each)
    rest = []
    for each in later:
        voucher, number = plain(each.voucher), number_of(each)
        if number in left:
            there[number].add(voucher)
        if number in left and voucher not in left[number]:
            rest.append(each)
            continue
        its = left[number][voucher] if number in left else []
        if same := next((one for one in its if _is_same(one, each)), None):
            its.remove(same)
        yield voucher, each
    names: dict[str, str] = {}
    for fits in (_is_same_day, _is_same):
        unnamed: defaultdict[str, list[Posting]] = defaultdict(list)
        for each in rest:
            found = (one for its in left[number_of(each)].values() for one in its if fits(one, each))
            if one := next((one for one in found if named_alike(one, each)), None):
                names[plain(each.voucher)] = name = plain(one.voucher)
                left[number_of(each)][name].remove(one)
                yield name, each
            else:
                unnamed[plain(each.voucher)].append(each)
        rest = [each for its in unnamed.values() for each in its]
    for voucher, ours in unnamed.items():
        number = number_of(ours[0])
        name = names.get(voucher) or next(_of_sum(ours, left[number]), "")
        if not name and len(there[number]) == 1:
            name = next(_of_change(ours, left[number]), "")
        yield from ((name or voucher, each) for each in ours)


def _of_sum(ours: Sequence[Posting], left: Mapping[str, Sequence[Posting]]) -> Iterator[str]:
    """The vouchers that come to the same as one, and may be it."""
    amount = total(each.amount for each in ours)
    for name, its in left.items():
        if its and amount == total(each.amount for each in its) and named_alike(its[0], ours[0]):
            yield name


def _of_change(ours: Sequence[Posting], left: Mapping[str, Sequence[Posting]]) -> Iterator[str]:
    """The vouchers of which one may be it, with a line that reads otherwise on the same day."""
    for name, its in left.items():
        if any(named_alike(one, each) and _is_changed(one, each) for one in its for each in ours):
            yield name


def _without_matches(
    earlier: Iterable[Posting],
    there: dict[str, list[Posting]],
    fits: Callable[[Posting, Posting], bool],
) -> list[Posting]:
    """Those that nothing there fits; what fits one of them is used up."""
    left = list(earlier)
    for by_text in (True, False):  # of two lines of a voucher each is first itself
        unmatched = []
        for each in left:
            its = _named(each, there)
            found = next(
                (n for n, its_n in enumerate(its) if fits(each, its_n) and (not by_text or its_n.text == each.text)),
                None,
            )
            if found is None:
                unmatched.append(each)
            else:
                del its[found]
        left = unmatched
    return left


def _is_named(posting: Posting) -> bool:
    return bool(posting.voucher) and not is_masked(posting.voucher)


def _named(posting: Posting, there: Mapping[str, list[Posting]]) -> list[Posting]:
    """What is there of its voucher, if that names anything."""
    return there.get(plain(posting.voucher), []) if _is_named(posting) else []


def _sums(some: Iterable[Posting], others: Mapping[str, list[Posting]]) -> set[str]:
    """The vouchers of some lines that come to the same in others."""
    by_voucher: defaultdict[str, list[Posting]] = defaultdict(list)
    for each in some:
        if _named(each, others):
            by_voucher[plain(each.voucher)].append(each)
    return {
        voucher
        for voucher, its in by_voucher.items()
        if len(its) + len(others[voucher]) > 2
        if (amount := total(each.amount for each in its))
        if amount == total(each.amount for each in others[voucher])
    }


def _coding(posting: Posting) -> Coding:
    return _plain_coding(posting.account, posting.wbs_element)


@lru_cache(1024)
def _plain_coding(account: str, wbs_element: str) -> Coding:
    """There may be a million postings, and there are never many codings."""
    return plain(account), "", plain(wbs_element)


def _is_same(one: Posting, other: Posting) -> bool:
    return one.amount == other.amount and alike(_coding(one), _coding(other))


def _is_same_day(one: Posting, other: Posting) -> bool:
    return one.posted == other.posted and _is_same(one, other)


def _is_changed(one: Posting, other: Posting) -> bool:
    """Whether either the amount or the coding is the same, on the same day: both are not, or they would be one."""
    return one.posted == other.posted and (one.amount == other.amount or alike(_coding(one), _coding(other)))


def _elements(lists: Iterable[Listed]) -> frozenset[str]:
    return frozenset[str]().union(*(each.has for each in lists))


def _goes_with(element: str, other: str, lists: Sequence[Listed]) -> bool:
    """Whether one list has had both, and none since has had the element and lacked the other."""
    for each in reversed(lists):
        if element in each.has and other in each.has:
            return True
        if element in each.has and other in each.lacks:
            return False
    return False


def _all_together(lists: Sequence[Listed]) -> frozenset[str]:
    """All the elements, where lists have them together; none where some have one and others have nothing."""
    every = _elements(lists)
    since = list(takewhile(lambda each: each.has, reversed(lists)))
    is_parted = len(since) < len(lists) and since and all(len(each.has) == 1 for each in since)
    if len(every) < 2 or is_parted:
        return frozenset()
    found, more = frozenset[str](), frozenset({min(every)})
    while more:
        found |= more
        more = frozenset(
            each
            for each in every - found
            if any(_goes_with(each, its, lists) or _goes_with(its, each, lists) for its in found)
        )
    return every if found == every else frozenset()
