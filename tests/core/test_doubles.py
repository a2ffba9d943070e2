"""The same voucher in two files: what is told, and what ends it."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.worlds import MARCH, posting
from toolkit.core.doubles import Double, doubles, nowhere, places, plain, rule_for, told, vouchers
from toolkit.core.money import kr
from toolkit.core.postings import Placing, Posting, Rule
from toolkit.core.records import DayPattern, Id, Rows
from toolkit.readers.postings import read_allocation

HAND, OPUS, LATER = (
    "postings/2022-04-01-standard-0a1b2c3d.csv",
    "postings/2022-07-01-opus-0a1b2c3d.csv",
    "postings/2022-08-01-standard-0a1b2c3e.csv",
)
LINE = Id("kurser")


def one(file: str, row: int = 2, **changed: Any) -> Posting:
    keys = {"voucher": "A100", "account": "46000000", "wbs_element": "XA-1", "text": "Kursus", "amount": kr(80)}
    return posting(**{**keys, "file": file, "row": row, **changed})


def found(*rows: Posting, rules: tuple[Rule, ...] = (Rule(account="46*", line=LINE),)) -> list[Double]:
    return doubles(rows, Placing(rules).rule_of, [HAND, OPUS, LATER].index)


@pytest.mark.parametrize(
    "other",
    [
        {},
        {"posted": MARCH.replace(day=2)},
        {"voucher": " a100"},
        {"voucher": "00A100"},
        {"wbs_element": "xa-1"},
        {"account": "046000000"},
        {"account": "", "wbs_element": ""},
        {"text": "Noget andet"},
        {"cost_centre": "5328"},
    ],
)
def test_a_voucher_of_another_system_is_the_same_however_it_is_written(other):
    (double,) = found(one(HAND), one(OPUS, **other))

    assert (double.earlier[0].file, double.later[0].file) == (HAND, OPUS)
    assert double.void == double.later


@pytest.mark.parametrize(
    "other",
    [{"voucher": "A101"}, {"amount": kr(81)}, {"amount": kr(-80)}, {"account": "47000000"}, {"wbs_element": "XA-2"}],
)
def test_another_voucher_amount_account_or_element_is_another_posting(other):
    assert found(one(HAND), one(OPUS, **other)) == []


ALIKE = [
    ("1001", "KR1001"),
    ("1001", "kr-001001"),
    ("KR1001", "KR.1001"),
    ("1001", "1001-2022"),
    ("1001", "2022/1001"),
    ("1001", "KR2022-1001"),
    ("2001", "2001/2022"),
    ("2001", "2022/2001"),
]
APART = [
    ("DB1001", "KR1001"),
    ("1001", "1001-1"),
    ("1001", "51-1001"),
    ("1001-1", "1001-2"),
    ("1001-2021", "1001-2022"),
    ("KR1001", "2022/1001"),
    ("1001", "KR1001A"),
    ("1001", "KR11001"),
]


@pytest.mark.parametrize(("first", "then"), [*ALIKE, *((then, first) for first, then in ALIKE)])
def test_letters_or_the_year_beside_a_number_are_not_in_the_list_of_another_system(first, then):
    (double,) = found(one(HAND, voucher=first), one(OPUS, voucher=then, posted=MARCH + timedelta(days=30)))

    assert (double.void, double.is_named) == (double.later, True)
    assert found(one(HAND, voucher=first), one(OPUS, voucher=then), rules=(Rule(file=OPUS, taken_back=True),)) == []


@pytest.mark.parametrize(
    ("first", "then", "is_later_void"),
    [
        ({}, {"performed": MARCH}, False),
        ({"performed": MARCH}, {"performed": MARCH}, True),
        ({}, {"performed": MARCH, "account": ""}, True),
    ],
)
def test_the_line_that_alone_says_when_it_was_performed_is_the_one_that_counts(first, then, is_later_void):
    (double,) = found(one(HAND, **first), one(OPUS, **then))

    assert double.void == (double.later if is_later_void else double.earlier)
    typed = read_allocation(f"rules:\n  - {told(double, {}).words['rule']}\n", "allocation.yaml", [])
    assert found(one(HAND, **first), one(OPUS, **then), rules=typed) == []


@pytest.mark.parametrize(("first", "then"), [*APART, *((then, first) for first, then in APART)])
def test_vouchers_with_different_things_beside_the_number_are_others(first, then):
    assert found(one(HAND, voucher=first), one(OPUS, voucher=then)) == []


@pytest.mark.parametrize(
    "other",
    [
        {"amount": kr(81)},
        {"account": "47000000"},
        {"wbs_element": "XA-2"},
        {"posted": MARCH + timedelta(days=61)},
        {"file": LATER, "posted": MARCH.replace(day=2)},
    ],
)
def test_the_number_alone_is_another_voucher_where_anything_else_differs_or_the_day_is_far(other):
    assert found(one(HAND, voucher="1001"), one(**{"file": OPUS, "voucher": "KR1001", **other})) == []


def test_within_one_system_a_voucher_is_the_number_alone_on_the_same_day_only():
    (double,) = found(one(HAND, voucher="1001"), one(LATER, voucher="KR1001"))

    assert double.void == double.earlier


def test_the_voucher_itself_is_the_double_before_one_that_has_its_number():
    rows = (one(HAND, voucher="1001"), one(OPUS, 2, voucher="KR1001"), one(OPUS, 3, voucher="1001"))

    assert [(each.later[0].row, each.earlier[0].row) for each in found(*rows)] == [(3, 2)]


def test_what_the_other_list_calls_the_voucher_is_said_where_it_is_another_name():
    (double,) = found(one(HAND, voucher="1001"), one(OPUS, voucher="KR1001"))

    assert told(double, {}).words["vouchers"] == "KR1001 (1001)"


@pytest.mark.parametrize(("first", "then"), [("A100", ""), ("", "A100")])
def test_a_voucher_that_a_list_of_another_system_lacks_fits_any_of_the_same_day_text_and_amount(first, then):
    (double,) = found(one(HAND, voucher=first), one(OPUS, voucher=then, account="", text="KURSUS"))

    assert (double.is_named, told(double, {}).code) == (False, "posting-twice-unnamed")
    assert double.void == double.later
    assert found(one(HAND, voucher=first), one(OPUS, voucher=then), rules=(Rule(file=OPUS, taken_back=True),)) == []


@pytest.mark.parametrize(
    "other",
    [{"posted": MARCH.replace(day=2)}, {"text": "Andet"}, {"amount": kr(81)}, {"account": "47"}, {"file": LATER}],
)
def test_without_a_voucher_day_text_amount_and_coding_must_be_the_same_and_the_system_another(other):
    assert found(one(HAND), one(**{"file": OPUS, "voucher": "", **other})) == []


def test_two_vouchers_are_no_doubles_since_a_third_list_has_none():
    rows = (one(HAND), one(HAND, 3, voucher="A101"), one(OPUS, voucher="A102"), one(OPUS, 3, voucher=""))

    assert [(each.later[0].row, each.earlier[0].row) for each in found(*rows)] == [(3, 2)]


@pytest.mark.parametrize("rows", [(one(OPUS), one(HAND)), (one(HAND), one(OPUS))])
def test_which_file_came_first_is_neither_its_name_nor_where_its_rows_stand(rows):
    (double,) = doubles(rows, Placing(()).rule_of, [OPUS, HAND].index)

    assert (double.earlier[0].file, double.later[0].file) == (OPUS, HAND)


def test_what_is_doubled_stands_in_the_order_of_the_later_files_rows():
    rows = (one(HAND, 2), one(HAND, 3, voucher="B"), one(OPUS, 2, voucher="B"), one(OPUS, 3))
    (double,) = found(*rows)

    assert [(each.voucher, each.row) for each in double.later] == [("B", 2), ("A100", 3)]
    assert [(each.voucher, each.row) for each in double.earlier] == [("B", 3), ("A100", 2)]


def test_one_file_may_say_the_same_twice_and_so_may_one_system():
    assert found(one(HAND, 2), one(HAND, 3)) == []
    assert found(one(HAND), one(LATER)) == []
    assert found(one(HAND, voucher=""), one(OPUS, voucher="")) == []


def test_what_one_export_had_both_of_is_no_double():
    """The second of two equal lines has another text now: the first stands as it did."""
    rows = (one(HAND, 2, text="A"), one(HAND, 3, text="B"), one(LATER, 2, text="C"))

    def paired(exports: dict[tuple[str, int], set[str]]) -> list[tuple[int, int]]:
        rule_of = Placing((Rule(account="46*", line=LINE),)).rule_of
        both = doubles(rows, rule_of, [HAND, OPUS, LATER].index, exports)
        return [(each.later[0].row, each.earlier[0].row) for each in both]

    assert paired({}) == [(2, 2)]
    assert paired({(HAND, 2): {LATER}}) == [(2, 3)]
    assert paired({(HAND, 2): {LATER}, (HAND, 3): {OPUS}, (LATER, 2): {OPUS}}) == []


@pytest.mark.parametrize(("later", "void"), [(OPUS, OPUS), (LATER, HAND)])
def test_what_was_taken_back_in_favour_of_a_line_is_not_asked_for_once_more(later, void):
    rows = {HAND: [one(HAND, 2)], later: [one(later, 2, text="B")]}
    rows[void].append(one(void, 3, text="C"))
    rule = Rule(file=void, rows=(Rows("2"),), taken_back=True)

    assert found(*rows[HAND], *rows[later], rules=(rule, Rule(account="46*", line=LINE))) == []


def test_of_one_system_it_is_the_older_line_that_the_books_have_no_more():
    (double,) = found(one(HAND), one(LATER, posted=MARCH.replace(day=2)))

    assert double.void == double.earlier == (one(HAND),)


def test_there_are_as_many_as_both_files_have():
    (double,) = found(one(HAND, 2), one(HAND, 3), one(OPUS, 2), one(OPUS, 3), one(OPUS, 4))

    assert [each.row for each in double.later] == [2, 3]
    assert [each.row for each in double.earlier] == [2, 3]


def test_a_third_file_is_held_against_the_first_that_has_it():
    pairs = [(each.earlier[0].file, each.later[0].file) for each in found(one(HAND), one(OPUS), one(LATER, text="Nyt"))]

    assert pairs == [(HAND, OPUS), (HAND, LATER)]


ANSWERS = [
    (Rule(file=OPUS, taken_back=True),),
    (Rule(file="*-standard-*", taken_back=True),),
    (Rule(voucher="A100", posted=DayPattern(MARCH.isoformat()), amount=kr(80), file=HAND, taken_back=True),),
    (Rule(file=HAND, line=LINE), Rule(file=OPUS, rows=(Rows("2"),), line=LINE)),
    (Rule(file=HAND, voucher="A100", line=LINE), Rule(file=OPUS, voucher="A100", not_eligible=True)),
]


@pytest.mark.parametrize("answers", ANSWERS)
def test_a_rule_that_takes_one_back_or_places_both_by_their_files_ends_it(answers):
    assert found(one(HAND), one(OPUS), rules=(*answers, Rule(account="46*", line=LINE))) == []


@pytest.mark.parametrize(
    "answers",
    [
        (Rule(text="Kursus", not_eligible=True),),
        (Rule(file=OPUS, line=LINE),),
        (Rule(voucher="A101", taken_back=True),),
        (Rule(text="*", line=LINE),),
        (Rule(voucher="*", line=LINE),),
        (Rule(file="*", line=LINE),),
        (Rule(file="**", voucher="* ", text="Kursus", line=LINE),),
        (Rule(posted=DayPattern("2022-*"), line=LINE),),
        (Rule(voucher="A100", line=LINE),),
        (Rule(voucher="A100", posted=DayPattern(MARCH.isoformat()), amount=kr(80), line=LINE),),
        (Rule(file="*-opus-*", line=LINE), Rule(file=HAND, line=LINE)),
    ],
)
def test_a_rule_for_one_of_them_alone_or_that_may_be_older_does_not(answers):
    assert len(found(one(HAND), one(OPUS), rules=(*answers, Rule(account="46*", line=LINE)))) == 1


def test_that_two_are_right_is_no_answer_to_a_third():
    rules = (Rule(file=HAND, rows=(Rows("2"),), line=LINE), Rule(file=OPUS, rows=(Rows("2"),), line=LINE))
    others = [each.earlier[0].file for each in found(one(HAND), one(OPUS), one(LATER, text="Nyt"), rules=rules)]

    assert others == [HAND]


def none_left(*rows: Posting, rules: tuple[Rule, ...]) -> list[tuple[Rule, Double]]:
    return nowhere(rows, Placing(rules).rule_of, [HAND, OPUS, LATER].index)


@pytest.mark.parametrize(
    "rule",
    [
        Rule(voucher="A100", taken_back=True),
        Rule(amount=kr(80), taken_back=True),
        Rule(account="46*", taken_back=True),
        Rule(file="*", voucher="A100", taken_back=True),
    ],
)
def test_a_rule_that_takes_back_all_lines_of_a_double_is_told_with_one_that_takes_back_one(rule):
    ((its, double),) = none_left(one(HAND), one(OPUS), rules=(rule,))

    assert its is rule
    assert (double.earlier[0].file, double.later[0].file) == (HAND, OPUS)


@pytest.mark.parametrize(
    "rules",
    [
        (Rule(file=OPUS, taken_back=True), Rule(voucher="A100", taken_back=True)),
        (Rule(file=OPUS, taken_back=True), Rule(file=HAND, taken_back=True)),
        (Rule(file="*-opus-*", taken_back=True), Rule(account="46*", line=LINE)),
        (Rule(voucher="A101", taken_back=True),),
    ],
)
def test_what_a_rule_takes_back_of_a_file_that_it_names_is_void_as_somebody_said(rules):
    assert none_left(one(HAND), one(OPUS), rules=rules) == []


def test_where_a_third_file_counts_it_once_a_rule_may_take_back_the_others():
    rules = (Rule(file=LATER, line=LINE), Rule(voucher="A100", taken_back=True))

    assert none_left(one(HAND), one(OPUS), one(LATER, text="Nyt"), rules=rules) == []


MASKED = "[personnummer fjernet]"


def test_what_is_left_of_a_masked_voucher_is_no_identity_unless_day_and_text_are_the_same_too():
    second = MARCH.replace(day=2)

    assert found(one(HAND, voucher=MASKED), one(OPUS, voucher=MASKED, posted=second)) == []
    assert found(one(HAND, voucher=MASKED), one(OPUS, voucher=MASKED, text="Andet")) == []
    assert len(found(one(HAND, voucher=MASKED), one(OPUS, voucher=MASKED, text="KURSUS"))) == 1


def test_where_both_are_right_the_hint_has_a_rule_for_each_file():
    rows = (
        *(one(HAND, 2, voucher="1003"), one(HAND, 3, voucher="1004"), one(HAND, 4, voucher=MASKED)),
        *(one(OPUS, 5, voucher="0001003"), one(OPUS, 6, voucher="1004"), one(OPUS, 8, voucher=MASKED)),
    )
    (double,) = found(*rows)
    words = told(double, {HAND: 3, OPUS: 3}).words

    assert (words["mine"], words["its"]) == (
        "{file: 2022-07-01-opus-0a1b2c3d.csv, rows: [5-6, 8], line: …}",
        "{file: 2022-04-01-standard-0a1b2c3d.csv, rows: [2-4], line: …}",
    )
    typed = f"rules:\n  - {words['mine']}\n  - {words['its']}\n".replace("…", "kurser")
    assert found(*rows, rules=read_allocation(typed, "allocation.yaml", [])) == []


@given(st.lists(st.tuples(st.sampled_from([HAND, OPUS, LATER]), st.integers(0, 2), st.integers(0, 1)), max_size=8))
def test_the_proposed_rule_ends_all_that_it_was_proposed_for(drawn):
    """Typed again and again, the hints end all of it, and leave each voucher counted at least once."""
    rows = [one(f, n, posted=MARCH.replace(day=day + 1), text=f"{text}") for n, (f, day, text) in enumerate(drawn, 2)]
    rows.sort(key=lambda each: (each.file, each.row))
    sizes = Counter(each.file for each in rows)
    rules: tuple[Rule, ...] = (Rule(account="46*", line=LINE),)
    for _ in range(len(rows) + 1):
        left = found(*rows, rules=rules)
        if not left:
            break
        typed = read_allocation(f"rules:\n  - {told(left[0], sizes).words['rule']}\n", "allocation.yaml", [])
        assert all(typed[0].matches(each) for each in left[0].void)
        rules = (*typed, *rules)

    assert found(*rows, rules=rules) == []
    placing = Placing(rules)
    assert not rows or any(rule is None or not rule.taken_back for rule in map(placing.rule_of, rows))


def test_a_rule_for_a_whole_file_is_proposed_where_all_of_it_is_doubled():
    assert rule_for((one(OPUS),), {OPUS: 1}) == "{file: 2022-07-01-opus-0a1b2c3d.csv, taken_back: true, reason: …}"


@pytest.mark.parametrize(
    ("rows", "rule"),
    [
        ((one(OPUS, 7),), 'voucher: "A100", file: 2022-07-01-opus-0a1b2c3d.csv, rows: [7]'),
        ((one(OPUS, 3), one(OPUS, 2)), 'voucher: "A100", file: 2022-07-01-opus-0a1b2c3d.csv, rows: [2-3]'),
        ((one(OPUS, 2), one(OPUS, 4, voucher="A101")), "file: 2022-07-01-opus-0a1b2c3d.csv, rows: [2, 4]"),
        ((one(OPUS, voucher="[personnummer fjernet]"),), "file: 2022-07-01-opus-0a1b2c3d.csv, rows: [2]"),
    ],
)
def test_a_rule_is_proposed_for_all_that_is_told_and_for_nothing_else(rows, rule):
    assert rule_for(rows, {OPUS: 9}) == f"{{{rule}, taken_back: true, reason: …}}"


def test_both_files_both_lines_and_the_vouchers_are_named():
    (double,) = found(one(HAND, 7), one(OPUS, 9))
    problem = told(double, {})

    assert (problem.at.file, problem.at.line) == (OPUS, 9)
    assert (problem.words["there"], problem.words["vouchers"], problem.words["amount"]) == (f"{HAND}:7", "A100", "80")


def test_blanks_capitals_and_leading_zeros_make_no_difference():
    assert plain(" 00 a1 ") == plain("A1")
    assert plain("100") != plain("10")


def test_the_first_five_of_many_are_named_each_once_and_none_is_a_dash():
    rows = [one(HAND, row, voucher=f"A{row}") for row in (2, 3, 4, 5, 6, 7)]

    assert vouchers([*rows[:5], rows[0]]) == "A2, A3, A4, A5, A6"
    assert vouchers(rows) == "A2, A3, A4, A5, A6 …"
    assert vouchers([one(HAND, voucher="")]) == "–"
    assert places(rows[:3]) == f"{HAND}:2, 3, 4"
