"""An earlier file held against an export through another dialect: changed, lacked, or not told of."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec import structs

from tests.core.worlds import MARCH, posting
from toolkit.core.money import kr
from toolkit.core.postings import Posting
from toolkit.core.same_books import Listed, chosen_otherwise, is_listed_apart, missing, spoken_of

SECOND = MARCH.replace(day=2)
MASKED = "[personnummer fjernet]"


def one(voucher: str = "1001", row: int = 2, **changed: Any) -> Posting:
    keys = {"voucher": voucher, "account": "46000000", "wbs_element": "XA-1", "amount": kr(80), "row": row}
    return posting(**{**keys, **changed})


def told(*earlier: Posting, has: tuple[Posting, ...] = (), accounts: tuple[str, ...] = (), whole: bool = False) -> Any:
    found = missing(earlier, has, set(accounts), whole)
    return [each.row for each in found.changed], [each.row for each in found.lacked]


@pytest.mark.parametrize(
    "other",
    [{"amount": kr(81)}, {"amount": kr(-80)}, {"account": "46100000"}, {"wbs_element": "XA-2"}, {"voucher": "01001"}],
)
def test_another_amount_or_another_account_of_the_same_voucher_and_day_is_a_change(other):
    other = {"amount": kr(81), **other} if "voucher" in other else other

    assert told(one(), has=(one(**other),)) == ([2], [])


@pytest.mark.parametrize("voucher", ["KR1001", "2022/1001", "1001-2022"])
@pytest.mark.parametrize("other", [{"amount": kr(81)}, {"account": "", "amount": kr(81)}])
def test_so_it_is_where_one_list_has_letters_or_the_year_beside_the_number_and_no_other_series(voucher, other):
    changed = one(voucher, **other)

    assert told(one(), has=(changed,)) == ([2], [])
    assert told(changed, has=(one(),)) == ([2], [])
    for another in ("DB1001", "1001"):
        assert told(one(), has=(changed, one(another, account="47000000", amount=kr(5)))) == ([], [])
    assert told(one(), has=(structs.replace(changed, posted=SECOND, amount=kr(5)),)) == ([], [])


@pytest.mark.parametrize(
    "other",
    [
        {"voucher": "1002", "amount": kr(81)},
        {"posted": SECOND, "amount": kr(81)},
        {"account": "46100000", "amount": kr(81)},
        {"voucher": MASKED, "amount": kr(81)},
        {"voucher": "", "amount": kr(81)},
    ],
)
def test_another_voucher_or_day_or_all_of_it_otherwise_is_no_change(other):
    assert told(one(other.get("voucher", "1001") and "1001"), has=(one(**other),)) == ([], [])
    if not other.get("voucher", "1").isdecimal():
        assert told(one(other["voucher"]), has=(one(**other),)) == ([], [])


@pytest.mark.parametrize(
    ("keys", "lacked"),
    [
        ({}, [3]),
        ({"new": "kopi"}, [2]),
        ({"void": ()}, [2]),
        ({"void": (2, 4)}, [2]),
    ],
)
def test_a_line_that_counts_is_first_what_one_was_taken_back_for(keys, lacked):
    earlier = [one(row=row, file="standard") for row in (3, 2)]  # those that count come first
    void = keys.pop("void", (2,))
    found = missing(
        earlier,
        [one(row=4, file="kopi")],
        set(),
        True,
        told_before=True,
        is_taken_back=lambda each: each.row in void,
        **keys,
    )

    assert [each.row for each in found.lacked] == lacked


@pytest.mark.parametrize(("amounts", "changed"), [([30, 50], [2]), ([30, 51], []), ([80, -80, 80], [2])])
@pytest.mark.parametrize("day", [MARCH, SECOND])
def test_a_voucher_that_comes_to_the_same_in_other_lines_is_changed_whole(amounts, changed, day):
    parts = tuple(one(amount=kr(each), account="46100000", posted=day) for each in amounts)

    assert told(one(), has=parts) == (changed, [])
    assert told(*(structs.replace(each, row=row) for row, each in enumerate(parts, 2)), has=(one(),)) == (
        [2 + number for number, _part in enumerate(parts)] if changed else [],
        [],
    )


def test_one_line_may_be_instead_of_several_and_one_without_an_account_speaks_of_all_its_voucher():
    both = one(), one(row=3, account="46100000", amount=kr(20))

    assert told(*both, has=(one(account="", amount=kr(120)),)) == ([2, 3], [])
    assert told(*both, has=(one(account=""),)) == ([], [3])
    assert told(*both, has=(one(),)) == ([], [])


@pytest.mark.parametrize(
    ("void", "chosen"), [((), set()), ((3, 4), {"1001"}), ((4,), set()), ((2, 3, 4), set()), ((2,), set())]
)
def test_what_counts_is_chosen_where_all_that_the_export_has_of_the_voucher_is_taken_back(void, chosen):
    has = one(row=3, amount=kr(60)), one(row=4, amount=kr(20))

    assert chosen_otherwise(has, [one()], lambda each: each.row in void) == chosen


@pytest.mark.parametrize("other", [{}, {"posted": SECOND}, {"account": ""}, {"wbs_element": ""}, {"text": "ANDET"}])
def test_what_the_export_has_by_its_identity_is_neither_changed_nor_lacked(other):
    assert told(one(), has=(one(**other),)) == ([], [])


def test_each_line_of_the_export_answers_for_one_and_the_same_day_goes_first():
    assert told(one(row=2, posted=SECOND), one(row=3), has=(one(),)) == ([], [2])


def test_what_the_export_lacks_is_told_only_where_it_has_something_of_the_same_books():
    assert told(one()) == ([], [])
    assert told(one(), has=(one("77"),)) == ([], [])
    assert told(one(), one("1003", 3), has=(one("1003", posted=SECOND),)) == ([], [2])
    assert told(one(), accounts=("46000000",)) == ([], [2])


def test_of_an_account_that_the_export_has_nothing_of_nothing_is_told_unless_both_dialects_read_the_same():
    """A list of invoices has no wages, and does not say that they are gone."""
    wages = one("5001", 4, account="40000000")

    assert told(wages, accounts=("46000000",)) == ([], [])
    assert told(wages, accounts=("46000000",), whole=True) == ([], [4])
    assert told(wages, whole=True) == ([], [])


def test_what_a_new_line_of_the_same_books_has_on_another_day_was_moved():
    moved = one(posted=SECOND, file="ny")

    def whole(*has: Posting, accounts: tuple[str, ...] = ("46000000",), whole: bool = True) -> list[int]:
        return [each.row for each in missing([one()], has, set(accounts), whole, "ny").changed]

    assert whole(moved) == [2]
    assert whole(moved, one()) == []
    assert whole(one(posted=SECOND)) == []
    assert whole(moved, accounts=()) == []
    assert whole(moved, whole=False) == []


@pytest.mark.parametrize("voucher", ["", MASKED])
def test_a_line_that_no_voucher_names_is_lacked_only_where_both_dialects_read_the_same(voucher):
    assert told(one(voucher), accounts=("46000000",)) == ([], [])
    assert told(one(voucher), accounts=("46000000",), whole=True) == ([], [2])


@pytest.mark.parametrize(
    ("has", "lists", "spoken"),
    [
        ("1", [], "1"),
        ("1", ["1", "2"], "1"),
        ("1", ["12"], "12"),
        ("1", ["12", "1", "1"], "12"),
        ("1", ["12", "1", "2-1"], "1"),
        ("2", ["12", "1-2"], "2"),
        ("1", ["12", "2"], "12"),
        ("1", ["2-1", "12"], "12"),
        ("1", ["12", "3", "23"], "123"),
        ("1", ["12", "3", "23-1"], "1"),
        ("13", ["12", "34", "56"], "1234"),
        ("", ["12", "23", ""], "123"),
        ("", ["12", "3"], ""),
        ("", ["12", "1-2"], "12"),
        ("", ["12", "1-2", "2-1"], ""),
        ("", ["12", "", "1-2"], ""),
        ("", ["12", "", "12"], "12"),
        ("", ["1"], ""),
        ("", [], ""),
    ],
)
def test_an_export_speaks_of_what_has_stood_in_one_list_with_what_it_has_and_in_none_without_it_since(
    has, lists, spoken
):
    """Each list is what it has, and what it lacks."""
    listed = [Listed(set(its), set(lacks)) for its, _, lacks in (each.partition("-") for each in lists)]
    assert spoken_of(set(has), listed) == set(spoken)


@pytest.mark.parametrize(
    ("lists", "apart"),
    [
        ([], False),
        (["4", "6"], False),
        (["4", "6-4"], False),
        (["4", "6-4", "4-6"], True),
        (["46", "6-4", "4-6", "6"], True),
        (["4", "6-4", "4-6", "46"], False),
        (["4", "6-4", "46", "4-6"], False),
    ],
)
def test_an_account_has_lists_of_its_own_once_it_and_the_other_were_gone_in_turn(lists, apart):
    listed = [Listed(set(its), set(lacks)) for its, _, lacks in (each.partition("-") for each in lists)]
    assert is_listed_apart("4", {"6"}, listed) is apart
    assert not is_listed_apart("4", {"6", "7"}, listed)
    assert not is_listed_apart("4", set(), listed)
