from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from toolkit.core.money import Money, kr
from toolkit.core.postings import Posting, Rule
from toolkit.core.problems import Problem
from toolkit.readers.postings import COLUMNS, read_allocation, read_postings

FILE = "postings/2022-04-01-opus-0a1b2c3d.csv"
HEADER = ";".join(COLUMNS) + "\n"


def read(rows: str, file: str = FILE, header: str = HEADER) -> tuple[tuple[Posting, ...], list[str]]:
    problems: list[Problem] = []
    with TemporaryDirectory() as folder:
        path = Path(folder, "postings.csv")
        path.write_text(header + rows, encoding="utf-8", newline="")
        found = read_postings(path, file, problems)
    return found, [f"{problem.at.line}:{problem.at.column} {problem.code}" for problem in problems]


def test_a_posting_is_one_line_and_its_import_day_stands_in_the_files_name() -> None:
    rows, problems = read('2022-03-15;1001;1;4000;5100;XA-1;"Kursus; to dage";12500,00\n')

    assert problems == []
    assert rows == (
        Posting(
            posted=date(2022, 3, 15),
            voucher="1001",
            account="4000",
            cost_centre="5100",
            wbs_element="XA-1",
            text="Kursus; to dage",
            amount=kr(12_500),
            imported=date(2022, 4, 1),
            file=FILE,
            row=2,
        ),
    )


@pytest.mark.parametrize(
    ("typed", "amount"), [("0,05", Money(5)), ("-1250,50", kr(-1250, 50)), ("-0,01", Money(-1)), ("0,00", Money(0))]
)
def test_an_amount_has_exactly_two_decimals_and_no_dots(typed: str, amount: Money) -> None:
    rows, problems = read(f"2022-03-15;1;;4;;;T;{typed}\n")

    assert (rows[0].amount, problems) == (amount, [])


def test_a_ninth_column_says_when_a_cost_was_performed() -> None:
    nine = f"{HEADER.strip()};performed\n"
    rows, problems = read("2022-03-15;1;;4;;;T;1,00;2021-12-30\n2022-03-16;2;;4;;;T;2,00;\n", header=nine)

    assert problems == []
    assert [each.performed for each in rows] == [date(2021, 12, 30), None]
    assert read("2022-03-15;1;;4;;;T;1,00\n2022-03-15;1;;4;;;T;1,00;30-12-2021\n", header=nine) == (
        (),
        ["2:1 posting-columns", "3:26 posting-value"],
    )
    assert read("2022-03-15;1;;4;;;T;1,00;2021-12-30\n")[1] == ["2:1 posting-columns"]


def test_all_bad_lines_are_shown_and_the_good_ones_read() -> None:
    rows, problems = read(
        '15-03-2022;1;x;4;;;"a;b";12.50\n'
        "2022-03-15;2;;4;;;T;1,00\n"
        "2022-03-15;3;;4;;;T\n"
        "20220315;4;;4;;;T;1250\n"
        "2022-02-30;5;;4;;;T;1.250,00\n"
    )

    assert [row.voucher for row in rows] == ["2"]
    assert problems == [
        "2:1 posting-value",
        "2:14 posting-value",
        "2:26 posting-value",
        "4:1 posting-columns",
        "5:1 posting-value",
        "5:19 posting-value",
        "6:1 posting-value",
        "6:21 posting-value",
    ]


@pytest.mark.parametrize("day", ["0001-01-01", "1899-12-31", "2200-01-01", "9999-12-31"])
def test_a_day_at_the_ends_of_the_calendar_is_none_of_the_books(day: str) -> None:
    assert read(f"{day};1;;4;;;T;1,00\n") == ((), ["2:1 posting-value"])
    assert read("2022-03-15;1;;4;;;T;1,00\n", f"postings/{day}-opus-0a1b2c3d.csv") == ((), ["1:1 posting-file-name"])


def test_a_quote_that_never_ends_swallows_nothing() -> None:
    rows, problems = read('2022-03-15;1;;4;;;T;1,00\n2022-03-15;2;;4;;;"T;1,00\n2022-03-15;3;;4;;;T;1,00\n')

    assert [row.voucher for row in rows] == ["1"]
    assert problems == ["3:1 posting-quotes"]


def test_other_columns_are_refused() -> None:
    assert read("", header="dato;bilag;beløb\n") == ((), ["1:1 posting-header"])
    assert read("", header="") == ((), ["1:1 posting-header"])


@pytest.mark.parametrize("name", ["postings/marts.csv", "postings/2022-02-30-opus-0a1b2c3d.csv", "2022-04-01-opus.csv"])
def test_a_file_without_an_import_day_is_not_read(name: str) -> None:
    assert read("2022-03-15;1;;4;;;T;1,00\n", name) == ((), ["1:1 posting-file-name"])


def test_windows_line_ends_change_nothing() -> None:
    rows, problems = read("2022-03-15;1;;4;;;T;1,00\r\n", header=HEADER.replace("\n", "\r\n"))

    assert ([row.amount for row in rows], problems) == ([kr(1)], [])


def test_a_text_that_runs_over_two_lines_is_refused_like_an_open_quote() -> None:
    rows, problems = read('2022-03-15;1;;4;;;T;1,00\n2022-03-15;2;;4;;;"T\nU";1,00\n2022-03-15;3;;4;;;T;1,00\n')

    assert [row.voucher for row in rows] == ["1"]
    assert problems == ["3:1 posting-quotes"]


def test_a_file_in_another_encoding_is_reported_where_it_departs(tmp_path: Path) -> None:
    problems: list[Problem] = []
    path = tmp_path / "postings.csv"
    path.write_bytes((HEADER + "2022-03-15;1;;4;;;Møde;1,00\n").encode("cp1252"))

    assert read_postings(path, FILE, problems) == ()
    assert [f"{found.at.line}:{found.at.column} {found.code}" for found in problems] == ["2:20 not-utf8"]


# ── allocation.yaml ──────────────────────────────────────────────────────────────────────────


def rules(*lines: str) -> tuple[tuple[Rule, ...], list[str]]:
    problems: list[Problem] = []
    found = read_allocation("rules:\n" + "".join(f"  - {line}\n" for line in lines), "allocation.yaml", problems)
    return found, [f"{problem.at.line}:{problem.at.column} {problem.code}" for problem in problems]


def test_rules_keep_their_order() -> None:
    found, problems = rules(
        '{account: "86*", grant_income: true}',
        '{text: "*kursus*", split: {kurser: 60, vikarer: 40}}',
        "{voucher: 1001, line: kurser, eligible: 50 pct., reason: Den ene dag}",
        '{account: "4*", line: kurser}',
    )

    assert problems == []
    assert [rule.account for rule in found] == ["86*", None, None, "4*"]
    assert found[1].split == {"kurser": 60, "vikarer": 40}
    assert found[2].eligible == Fraction(1, 2)


def test_a_rule_may_choose_one_posting_and_say_whose_money_it_was() -> None:
    found, problems = rules(
        '{posted: 15-03-2022, amount: 1.250 kr., file: "*-opus-*", taken_back: true, reason: Rettet}',
        "{posted: 2022-03-*, line: kurser, performed: 31-12-2021, allowed: Styrelsen}",
        "{account: 71*, other_income: regionen}",
        "{account: 72*, other_income: true}",
        "{account: 73*, other_income: false, line: kurser}",
    )

    assert problems == []
    assert [rule.posted for rule in found[:2]] == ["2022-03-15", "2022-03-*"]
    assert (found[0].amount, found[0].file, found[0].taken_back) == (kr(1_250), "*-opus-*", True)
    assert (found[1].performed, found[1].allowed) == (date(2021, 12, 31), "Styrelsen")
    assert [rule.other_income for rule in found[2:]] == ["regionen", True, False]


@pytest.mark.parametrize(
    ("rule", "problem"),
    [
        ("{account: 4}", "2:5 rule-target"),
        ("{account: 4, line: kurser, grant_income: true}", "2:5 rule-target"),
        ("{account: 4, split: {kurser: 0}}", "2:25 rule-split"),
        ("{account: 4, split: {kurser: -1, vikarer: 2}}", "2:25 rule-split"),
        ("{account: 4, line: kurser, eligible: 50 pct., eligible_amount: 9 kr., reason: R}", "2:68 rule-eligible"),
        ("{account: 4, line: kurser, eligible_amount: -9.900 kr., reason: R}", "2:49 rule-eligible"),
        ("{account: 4, not_eligible: true, eligible: 50 pct., reason: R}", "2:48 rule-eligible"),
        ("{account: 4, grant_income: true, eligible: 50 pct., reason: R}", "2:48 rule-eligible"),
        ("{account: 4, not_eligible: true}", "2:5 rule-reason"),
        ("{account: 4, taken_back: true}", "2:5 rule-reason"),
        ("{account: 4, taken_back: true, line: kurser, reason: R}", "2:5 rule-target"),
        ("{account: 4, taken_back: true, performed: 2022-12-31, reason: R}", "2:47 rule-cost"),
        ("{account: 4, other_income: regionen, allowed: Styrelsen}", "2:51 rule-cost"),
        ("{account: 4, posted: 3-*, line: kurser}", "2:26 days-unreadable"),
        ("{account: 4, rows: [3], line: kurser}", "2:24 rule-rows"),
        ("{file: a.csv, rows: [9-3], line: kurser}", "2:26 rows-unreadable"),
        ("{account: 4, taken_back: ja, reason: Rettet}", "2:30 yes-no-unreadable"),
        ("{account: 4, other_income: Ja}", "2:32 yes-no-unreadable"),
        ("{account: 4, line: Kurser}", "2:24 id-unreadable"),
        ("{account: 4, split: {a: seks}}", "2:29 number-unreadable"),
        ("{account: 4, posted: 2022-02-30, line: kurser}", "2:26 day-impossible"),
        ("{account: 4, amount: 50.5, line: kurser}", "2:26 amount-unreadable"),
        ("{account: 4, line: kurser, eligible_amount: 100 kr.}", "2:5 rule-reason"),
    ],
)
def test_a_rule_says_one_place_and_why(rule: str, problem: str) -> None:
    assert rules(rule)[1] == [problem]


@pytest.mark.parametrize(
    ("written", "likely"),
    [("330000", "330000,00"), ("-12,5", "-12,50"), ("12.50", "12,50"), ("1.250,00", "1250,00"), ("ti", "-1250,00")],
)
def test_an_amount_that_is_nearly_one_is_hinted_as_itself(written: str, likely: str) -> None:
    problems: list[Problem] = []
    with TemporaryDirectory() as folder:
        path = Path(folder, "postings.csv")
        path.write_text(f"{HEADER}2022-03-15;1;;4;;;T;{written}\n", encoding="utf-8")
        read_postings(path, FILE, problems)

    assert [each.words["example"] for each in problems if each.code == "posting-value"] == [likely]
