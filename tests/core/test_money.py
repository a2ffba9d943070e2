from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.core.money import Money, kr, kroner, percentage, share, split, times, total, whole_kroner
from toolkit.readers.values import Value, money

AMOUNTS = st.integers(-(10**12), 10**12).map(Money)
WEIGHTS = st.lists(st.fractions(0, 100, max_denominator=1000), min_size=1, max_size=8).filter(any)


def test_an_amount_is_whole_oere() -> None:
    assert int(kr(250_000)) == 25_000_000
    assert int(kr(1, 50)) == 150
    assert int(kr(-1, 50)) == -150


def test_nothing_at_all_sums_to_zero() -> None:
    assert total([]) == kr(0)
    assert total([kr(1), kr(2, 50)]) == kr(3, 50)


@given(AMOUNTS, WEIGHTS)
def test_the_parts_of_an_amount_always_sum_to_it(amount: Money, weights: list[Fraction]) -> None:
    assert total(split(amount, weights)) == amount


@given(AMOUNTS, WEIGHTS)
def test_no_part_is_a_whole_oere_from_its_exact_share(amount: Money, weights: list[Fraction]) -> None:
    for part, weight in zip(split(amount, weights), weights, strict=True):
        assert abs(int(part) - int(amount) * weight / sum(weights)) < 1


@given(AMOUNTS, WEIGHTS)
def test_a_credit_note_is_split_as_the_bill_was(amount: Money, weights: list[Fraction]) -> None:
    assert split(-amount, weights) == [-part for part in split(amount, weights)]


def test_the_oere_left_over_goes_to_who_lost_most_and_the_first_of_equals() -> None:
    assert split(Money(100), [1, 1, 1]) == [Money(34), Money(33), Money(33)]
    assert split(Money(10), [Fraction(1, 3), Fraction(2, 3)]) == [Money(3), Money(7)]


def test_who_has_no_part_gets_nothing() -> None:
    assert split(Money(1), [0, 1, 0]) == [Money(0), Money(1), Money(0)]


@pytest.mark.parametrize(
    ("quantity", "unit_price", "amount"),
    [
        (Fraction(3848), kr(385), kr(1_481_480)),
        (Fraction(1, 2), Money(1), Money(1)),
        (Fraction(-1, 2), Money(1), Money(-1)),
        (Fraction(3, 2), Money(1), Money(2)),
        (Fraction(1, 3), Money(100), Money(33)),
        (Fraction(25, 2), kr(0, 75), kr(9, 38)),
        (Fraction(0), kr(385), kr(0)),
    ],
)
def test_quantity_times_price_rounds_half_an_oere_away_from_zero(
    quantity: Fraction, unit_price: Money, amount: Money
) -> None:
    assert times(quantity, unit_price) == amount


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (kr(6_994_528), "6.994.528"),
        (kr(250_000, 50), "250.000,50"),
        (Money(-5), "-0,05"),
        (kr(-1_234), "-1.234"),
        (kr(0), "0"),
        (kr(999), "999"),
    ],
)
def test_an_amount_is_written_as_it_may_be_typed(amount: Money, text: str) -> None:
    assert kroner(amount) == text


@given(AMOUNTS)
def test_what_is_written_is_read_back_as_the_same_amount(amount: Money) -> None:
    assert money(Value.typed(kroner(amount))) == amount


@pytest.mark.parametrize(
    ("amount", "whole"),
    [
        (kr(1, 49), kr(1)),
        (kr(1, 50), kr(2)),
        (kr(-1, 49), kr(-1)),
        (kr(-1, 50), kr(-2)),
        (kr(0, 50), kr(1)),
        (kr(7), kr(7)),
    ],
)
def test_half_a_krone_rounds_away_from_zero_where_there_is_no_room_for_oere(amount: Money, whole: Money) -> None:
    assert whole_kroner(amount) == whole


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (Fraction(0), "0"),
        (Fraction(1), "100"),
        (Fraction(1, 8), "12,5"),
        (Fraction(1, 16), "6,3"),
        (Fraction(-1, 16), "-6,3"),
        (Fraction(6_244, 100_000), "6,2"),
        (Fraction(12), "1.200"),
        (Fraction(1, 2_500), "0,04"),
        (Fraction(2_499, 2_500), "99,96"),
        (Fraction(2_501, 2_500), "100,04"),
        (Fraction(-1, 30_000), "-0,003"),
        (Fraction(1, 2_000), "0,1"),
    ],
)
def test_a_share_has_one_decimal_and_more_where_it_would_look_like_nothing_or_all(share: Fraction, text: str) -> None:
    assert percentage(share) == text


def test_a_share_that_is_not_the_limit_never_looks_like_it() -> None:
    assert percentage(Fraction(20_001, 100_000), Fraction(1, 5)) == "20,001"
    assert percentage(Fraction(20_001, 100_000), Fraction(1, 4)) == "20"
    assert percentage(Fraction(1, 5), Fraction(1, 5)) == "20"


def test_a_share_is_exact_and_of_nothing_there_is_none() -> None:
    assert share(kr(1), kr(3)) == Fraction(1, 3)
    assert share(kr(1), kr(0)) is None


@given(AMOUNTS, WEIGHTS, st.fractions(-1000, 1000, max_denominator=100))
def test_no_amount_ever_becomes_a_float(amount: Money, weights: list[Fraction], quantity: Fraction) -> None:
    made = [*split(amount, weights), times(quantity, amount), total([amount, -amount])]

    assert {type(each) for each in made} == {int}
