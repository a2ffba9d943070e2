from __future__ import annotations

from collections.abc import Callable
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from toolkit.core.money import Money, kr
from toolkit.core.problems import CODES, Problem, Span
from toolkit.readers.source import load
from toolkit.readers.values import (
    YEARS,
    Value,
    dated_rows,
    day,
    days,
    hour,
    identifier,
    integer,
    money,
    month,
    number,
    posting_rows,
    rows,
    share,
    slug,
    year,
    yes_no,
)

NOTATIONS = (day, days, identifier, integer, money, month, number, share, year, yes_no)


def hint(read: Callable[[Value], object], typed: str) -> str:
    found = read(Value.typed(typed))
    assert isinstance(found, Problem)
    return CODES[found.code].hint.format(**found.words)


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("250000", kr(250_000)),
        ("250.000", kr(250_000)),
        ("250.000,50", kr(250_000, 50)),
        ("250000,50", kr(250_000, 50)),
        ("-1.234 kr.", kr(-1_234)),
        ("6.994.528 kr", kr(6_994_528)),
        ("6.994.528\u00a0kr.", kr(6_994_528)),
        ("0", kr(0)),
        ("0,05", Money(5)),
        ("-0,50", Money(-50)),
    ],
)
def test_an_amount_is_read_as_danes_write_it(typed: str, amount: Money) -> None:
    assert money(Value.typed(typed)) == amount


@pytest.mark.parametrize(
    ("typed", "readings"),
    [
        ("6.9", "write 6,90 or 6.900"),
        ("250.5", "write 250,50 or 250.500"),
        ("6994528.50", "write 6.994.528,50 or 6.994.528"),
        ("0.500", "write 0,50 or 500"),
        ("250,5", "write 250,50 or 250"),
        ("1,234.56", "write 1.234,56 or 1.234"),
        ("6 994 528", "write 6.994.528 or 6.994.528,50"),
        ("25.00.000", "write 2.500.000 or 2.500.000,50"),
        ("250.000,-", "write 250.000 or 250.000,50"),
        ("007", "write 7 or 7,50"),
        ("mange penge", "write 250.000 or 250.000,50"),
        ("٣", "write 250.000 or 250.000,50"),
    ],
)
def test_an_amount_with_any_other_dot_is_never_guessed(typed: str, readings: str) -> None:
    assert hint(money, typed) == readings


@given(st.integers(-(10**14), 10**14))
def test_an_amount_written_with_dots_and_oere_reads_back(oere: int) -> None:
    kroner, rest = divmod(abs(oere), 100)
    typed = f"{'-' if oere < 0 else ''}{kroner:,}".replace(",", ".") + f",{rest:02}"

    assert money(Value.typed(typed)) == Money(oere)


@given(st.text(alphabet="0123456789.,-% kr", max_size=12))
def test_both_readings_of_a_refused_amount_are_amounts(typed: str) -> None:
    found = money(Value.typed(typed))

    if isinstance(found, Problem):
        assert not isinstance(money(Value.typed(found.words["one"])), Problem)
        assert not isinstance(money(Value.typed(found.words["other"])), Problem)


@given(st.text(alphabet="0123456789.,- ", max_size=12))
@example("01.")
def test_both_readings_of_a_refused_number_are_numbers(typed: str) -> None:
    found = number(Value.typed(typed))

    if isinstance(found, Problem):
        assert not isinstance(number(Value.typed(found.words["one"])), Problem)
        assert not isinstance(number(Value.typed(found.words["other"])), Problem)


@given(st.text() | st.text(alphabet="0123456789-./ januarfebk", max_size=14))
def test_any_text_gives_a_value_or_a_problem(typed: str) -> None:
    for read in NOTATIONS:
        found = read(Value.typed(typed))
        if isinstance(found, Problem):
            assert CODES[found.code].hint.format(**found.words)


def test_a_number_keeps_its_fraction_exactly() -> None:
    assert number(Value.typed("3.848")) == 3848
    assert number(Value.typed("12,5")) == Fraction(25, 2)
    assert number(Value.typed("-0,125")) == Fraction(-1, 8)
    assert hint(number, "12.5") == "write 12,5 or 12.500"


def test_a_whole_number_has_no_fraction() -> None:
    assert integer(Value.typed("1.250")) == 1250
    assert hint(integer, "12,5") == "write 12"
    assert hint(integer, "cirka 120") == "write 120"


@pytest.mark.parametrize("typed", ["12,5 pct.", "12,5 %", "12,5%", "12,5 pct", "12,5 procent"])
def test_a_share_is_of_one(typed: str) -> None:
    assert share(Value.typed(typed)) == Fraction(1, 8)


def test_a_share_says_that_it_is_one() -> None:
    assert share(Value.typed("100 pct.")) == 1
    assert hint(share, "60") == "write 60 pct."
    assert hint(share, "12.5 pct.") == "write 12,5 pct."
    assert isinstance(share(Value.typed("100,5 pct.")), Problem)
    assert isinstance(share(Value.typed("150 pct.")), Problem)


@pytest.mark.parametrize("typed", ["2022-06-30", "30-06-2022"])
def test_a_day_may_be_written_in_two_ways(typed: str) -> None:
    assert day(Value.typed(typed)) == date(2022, 6, 30)


@pytest.mark.parametrize(
    "typed",
    [
        "30/6-2022",
        "30.06.2022",
        "30. juni 2022",
        "den 30. juni 2022",
        "2022/6/30",
        "20220630",
        "30-06-22",
        "2022-06-30 12:00",
    ],
)
def test_any_other_way_to_write_a_day_is_shown_the_right_one(typed: str) -> None:
    assert hint(day, typed) == "write 2022-06-30"


@pytest.mark.parametrize(
    ("typed", "likely"),
    [
        ("2022-06-31", "2022-06-30"),
        ("29-02-2023", "2023-02-28"),
        ("2022-13-06", "2022-06-13"),
        ("2022-06-00", "2022-06-01"),
        ("99-99-2022", "2022-12-31"),
    ],
)
def test_a_day_that_does_not_exist_is_named(typed: str, likely: str) -> None:
    found = day(Value.typed(typed))

    assert isinstance(found, Problem)
    assert (found.code, found.words["text"], found.words["likely"]) == ("day-impossible", typed, likely)


@pytest.mark.parametrize(
    ("typed", "pattern"),
    [
        ("2022-03-15", "2022-03-15"),
        ("15-03-2022", "2022-03-15"),
        ("2022-*", "2022-*"),
        ("2022-03-*", "2022-03-*"),
        ("2022-03-1*", "2022-03-1*"),
        ("*-12-31", "*-12-31"),
    ],
)
def test_days_are_one_or_those_of_a_pattern(typed: str, pattern: str) -> None:
    assert days(Value.typed(typed)) == pattern


@pytest.mark.parametrize(
    ("typed", "likely"),
    [
        ("*-03-2022", "2022-03-*"),
        ("2022/3/*", "2022-03-*"),
        ("*2022", "2022-*"),
        ("*", "2022-03-*"),
        ("15/3-2022", "2022-03-15"),
    ],
)
def test_a_pattern_that_no_day_fits_is_shown_one_that_does(typed: str, likely: str) -> None:
    assert hint(days, typed) == f"write {likely}"
    assert days(Value.typed(likely)) == likely


def test_a_month_is_year_first() -> None:
    assert month(Value.typed("2022-01")) == "2022-01"
    for typed in ("01-2022", "januar 2022", "2022-1", "jan. 2022"):
        assert hint(month, typed) == "write 2022-01"


@pytest.mark.parametrize("typed", ["12:00", "12.00", "09:30", "24:00"])
def test_an_hour_has_two_digits_and_its_minutes(typed: str) -> None:
    assert hour(Value.typed(typed)) == typed.replace(".", ":")


@pytest.mark.parametrize(
    ("typed", "likely"), [("kl. 12", "12:00"), ("9.30", "09:30"), ("kl. 12.00", "12:00"), ("25:00", "12:00")]
)
def test_another_text_is_no_hour_and_is_shown_one(typed: str, likely: str) -> None:
    assert hint(hour, typed) == f"write {likely}"


@pytest.mark.parametrize("typed", ["20222", "0", "1899", "2200", "9999", "22", "-2022", "to", "9" * 5000, "2022,0"])
def test_a_year_is_one_that_a_calendar_can_go_on_from(typed: str) -> None:
    assert hint(year, typed) == "write 2022"


def test_a_years_hint_is_the_year_that_stands_in_the_text() -> None:
    assert year(Value.typed("2022")) == 2022
    assert hint(year, "år 2023") == "write 2023"
    assert hint(year, "20233") == "write 2023"


def test_every_year_that_may_be_written_has_days_before_and_after_it() -> None:
    assert [each for each in range(1, 9999) if not isinstance(year(Value.typed(str(each))), Problem)] == list(YEARS)


def test_an_id_is_spelled_with_plain_letters() -> None:
    assert identifier(Value.typed("fase-1")) == "fase-1"
    assert hint(identifier, "Løn, projektleder") == "write loen-projektleder"
    assert slug("Ældre- og  Træning") == "aeldre-og-traening"


def test_yes_and_no_are_true_and_false() -> None:
    assert yes_no(Value.typed("true")) is True
    assert yes_no(Value.typed("false")) is False
    assert hint(yes_no, "ja") == "write true"
    assert hint(yes_no, "Nej") == "write false"


def test_a_word_of_the_command_line_is_marked_whole() -> None:
    found = money(Value.typed("250.5"))

    assert isinstance(found, Problem)
    assert (str(found.at), found.at.length, found.at.text) == (":1:1", 5, "250.5")


def test_an_amount_in_millions_is_shown_in_kroner() -> None:
    assert hint(money, "0,3 mio. kr.") == "write 300.000 or 300.000 kr."
    assert hint(money, "150 t.kr.") == "write 150.000 or 150.000 kr."


@pytest.mark.parametrize(
    ("read", "typed"),
    [
        *((number, each) for each in ("12.5", '"12.5"')),
        *((share, each) for each in ("120 pct.", "12.5 pct.", '"120,5 pct."')),
        *((money, each) for each in ("250.5", '"800.000,5 kr."', "800.000,5 kr.", "1,250,000 kr.")),
    ],
)
def test_what_is_to_be_written_instead_inside_braces_can_be_written_there(read, typed) -> None:
    for _each in range(2):  # a comma that cuts a text in two is told first, and what the text is to mean then
        problems: list[Problem] = []
        node = load(f"- {{x: {typed}}}\n", "p.yaml", problems)
        if not problems and isinstance(found := read(node.items[0].get("x")), Problem):
            problems = [found]
        hint = CODES[problems[0].code].hint.format(**problems[0].words) if problems else ""
        typed = hint.removeprefix("write ").partition(" or ")[0] or typed

    assert problems == []


# ── rows ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("typed", "likely"),
    [
        ("4-5; 7", ["4-5", "7"]),
        ("3, 5 og 7-9", ["3", "5", "7-9"]),
        ("9-3", ["3-9"]),
        ("3:9", ["3-9"]),
        ("1.234", ["1234"]),
        ("2026-11-26", ["3-9"]),
        ("alle", ["3-9"]),
    ],
)
def test_no_row_is_lost_in_what_may_be_written_instead_and_no_day_is_taken_for_rows(typed, likely):
    line = f"  - {{file: a.csv, rows: [{typed}]}}"
    found = rows(Value(typed, Span("allocation.yaml", 2, line.index(typed) + 1, len(typed), line)))

    assert found.words["likely"] == ", ".join(likely)
    assert [rows(Value.typed(each)) for each in likely] == likely


@pytest.mark.parametrize(
    ("typed", "likely"),
    [
        ("2026-11-26-standard-1a6354aa.csv:5", "postings/2026-11-26-standard-1a6354aa.csv:5"),
        (
            "C:\\projekt\\postings\\2026-11-26-standard-1a6354aa.csv:9-3",
            "postings/2026-11-26-standard-1a6354aa.csv:3-9",
        ),
        ("postings/2026-11-26-standard-1a6354aa:5", "postings/2026-11-26-standard-1a6354aa.csv:5"),
    ],
)
def test_rows_of_a_file_are_written_with_its_folder(typed, likely):
    assert posting_rows(Value.typed(typed)).words["likely"] == likely
    assert posting_rows(Value.typed(likely)) == likely


@pytest.mark.parametrize("typed", ["2022-03-31 a.csv:5", "2022-03-31  postings/a:5"])
def test_rows_that_have_a_day_are_written_with_it(typed):
    assert dated_rows(Value.typed(typed)).words["likely"] == "2022-03-31 postings/a.csv:5"
    assert dated_rows(Value.typed("2022-03-31 postings/a.csv:5")) == "2022-03-31 postings/a.csv:5"
    assert dated_rows(Value.typed("postings/a.csv:5")).code == "day-unreadable"


def test_a_files_name_is_not_taken_for_its_rows():
    found = posting_rows(Value.typed("postings/2026-11-26-standard-1a6354aa.csv"))

    assert found.words["likely"] == "postings/2026-11-26-standard-1a6354aa.csv:…"


def test_several_rows_in_one_text_are_each_named_on_their_own():
    found = posting_rows(Value.typed("postings/a.csv:4-5, 7"))

    assert found.phrases["likely"].words == {"items": "postings/a.csv:4-5, postings/a.csv:7"}
