from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.core.money import Money, kr
from toolkit.documents import danish
from toolkit.readers.values import Value, money

AMOUNTS = st.integers(-(10**13), 10**13).map(Money)
NB = "\N{NO-BREAK SPACE}"


def written(text: str) -> str:
    """As a document has it: _ is a space that never breaks, - a real minus."""
    return text.replace("_", NB).replace("-", "\N{MINUS SIGN}")


@pytest.mark.parametrize(
    ("amount", "exact", "with_oere", "millions", "rounded"),
    [
        (kr(6_994_528), "6.994.528", "6.994.528,00", "7", "knap 7_mio._kr."),
        (kr(169_500_000), "169.500.000", "169.500.000,00", "169,5", "169,5_mio._kr."),
        (kr(1_049_999, 99), "1.049.999,99", "1.049.999,99", "1", "godt 1_mio._kr."),
        (kr(1_050_000), "1.050.000", "1.050.000,00", "1,1", "knap 1,1_mio._kr."),
        (kr(1_000_000), "1.000.000", "1.000.000,00", "1", "1_mio._kr."),
        (kr(999_500), "999.500", "999.500,00", "1", "knap 1_mio._kr."),
        (kr(999_499, 99), "999.499,99", "999.499,99", "1", "godt 999.000_kr."),
        (kr(250_400), "250.400", "250.400,00", "0,3", "godt 250.000_kr."),
        (kr(250_000), "250.000", "250.000,00", "0,3", "250.000_kr."),
        (kr(249_500), "249.500", "249.500,00", "0,2", "knap 250.000_kr."),
        (kr(499, 99), "499,99", "499,99", "0", "499,99_kr."),
        (kr(0), "0", "0,00", "0", "0_kr."),
        (Money(5), "0,05", "0,05", "0", "0,05_kr."),
        (kr(-6_994_528), "-6.994.528", "-6.994.528,00", "-7", "knap -7_mio._kr."),
        (kr(-20_000), "-20.000", "-20.000,00", "0", "-20.000_kr."),
    ],
)
def test_an_amount_in_every_way_a_document_writes_it(
    amount: Money, exact: str, with_oere: str, millions: str, rounded: str
) -> None:
    assert danish.kr(amount) == written(f"{exact}_kr.")
    assert danish.amount_alone(amount) == written(exact)
    assert danish.amount_with_oere(amount) == written(with_oere)
    assert danish.mio(amount) == written(f"{millions}_mio._kr.")
    assert danish.about(amount) == written(rounded)


@given(AMOUNTS)
def test_an_exact_amount_says_every_oere(amount: Money) -> None:
    assert money(Value.typed(danish.kr(amount).replace(danish.MINUS, "-"))) == amount


@given(AMOUNTS)
def test_a_rounded_amount_says_which_way_it_was_rounded(amount: Money) -> None:
    words = danish.about(amount)
    said, _space, rest = words.partition(" ")

    if said in ("knap", "godt"):
        assert danish.about(Money(abs(int(amount)))).startswith(said)
        assert rest != danish.kr(amount)
    else:
        assert words in (danish.kr(amount), danish.mio(amount))


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (3848, "3.848"),
        (Fraction(25, 2), "12,5"),
        (Fraction(1, 8), "0,13"),
        (Fraction(-1, 8), "-0,13"),
        (Fraction(1, 3), "0,33"),
        (Fraction(-1, 1000), "0"),
        (0, "0"),
    ],
)
def test_a_number_has_at_most_two_decimals_half_away_from_zero(value: Fraction | int, words: str) -> None:
    assert danish.number(value) == written(words)


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (Fraction(1, 8), "12,5"),
        (Fraction(1), "100"),
        (Fraction(3, 2), "150"),
        (Fraction(1, 2000), "0,1"),
        (Fraction(-1, 2000), "-0,1"),
        (Fraction(-1, 10_000), "-0,01"),  # what is something is not said to be nothing
        (Fraction(9_997, 10_000), "99,97"),  # nor what is not all of it to be all
    ],
)
def test_a_share_is_in_per_cent_with_one_decimal_unless_it_would_look_like_nothing_or_all(
    share: Fraction, words: str
) -> None:
    assert danish.pct(share) == written(f"{words}_pct.")


def test_a_day_in_words_never_breaks_after_its_number() -> None:
    assert danish.long_date(date(2022, 1, 1)) == f"1.{NB}januar 2022"
    assert danish.long_date(date(2024, 3, 31)) == f"31.{NB}marts 2024"
    assert danish.short_date(date(2022, 1, 1)) == "01-01-2022"


def test_a_period_says_the_year_twice_only_when_it_differs() -> None:
    assert danish.period(date(2022, 1, 1), date(2022, 6, 30)) == f"1.{NB}januar – 30.{NB}juni 2022"
    assert danish.period(date(2022, 7, 1), date(2023, 6, 30)) == f"1.{NB}juli 2022 – 30.{NB}juni 2023"


def test_a_list_in_words() -> None:
    assert [danish.listed("abc"[:count]) for count in range(4)] == ["", "a", "a og b", "a, b og c"]


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (0, f"nul{NB}aktiviteter"),
        (1, "én aktivitet"),
        (2, f"to{NB}aktiviteter"),
        (10, f"ti{NB}aktiviteter"),
        (11, f"11{NB}aktiviteter"),
        (1234, f"1.234{NB}aktiviteter"),
    ],
)
def test_a_count_is_in_words_up_to_ten(count: int, words: str) -> None:
    assert danish.plural(count, "én aktivitet", "aktiviteter") == words


def test_only_the_first_letter_changes() -> None:
    assert danish.capitalised("løbende i Thisted") == "Løbende i Thisted"
    assert danish.uncapitalised("At give borgere MED behov") == "at give borgere MED behov"
    assert danish.capitalised("") == ""


@pytest.mark.parametrize(
    ("precision", "starts", "ends", "said"),
    [
        ("day", date(2022, 1, 1), date(2022, 6, 30), f"1.{NB}januar – 30.{NB}juni 2022"),
        ("month", date(2021, 3, 1), date(2022, 5, 31), "marts 2021 – maj 2022"),
        ("month", date(2021, 3, 1), date(2021, 5, 31), "marts – maj 2021"),
        ("month", date(2022, 6, 1), date(2022, 6, 30), "juni 2022"),
        ("year", date(2019, 1, 1), date(2022, 12, 31), "2019 – 2022"),
        ("year", date(2022, 1, 1), date(2022, 12, 31), "2022"),
    ],
)
def test_a_period_is_said_as_precisely_as_it_is_known(precision, starts, ends, said):
    assert danish.period(starts, ends, precision) == said


def test_a_deadline_in_a_table_stays_on_its_day_and_tells_why_nobody_works_then():
    assert danish.deadline(date(2022, 6, 5)) == "05-06-2022 (søndag, pinsedag)"
    assert danish.deadline(date(2022, 6, 7)) == "07-06-2022"
