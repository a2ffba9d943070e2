"""What is said of an export: how many lines, how much, which days, and where it stands."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.folders import NO_BOOKS, PROJECT, write_project
from tests.test_import_identity import HEAD, OURS, RULES, row, run, typed
from toolkit import journal
from toolkit.core.money import Money, kr
from toolkit.core.postings import Allocated, day_of
from toolkit.core.problems import Problem
from toolkit.intake.result import Import
from toolkit.project import open_project

OWN_DIALECT = """\
title: Vores eget
dates: [dd-mm-yyyy]
decimal: ","
columns: {posted: [Dato], voucher: [Bilag], account: [Konto], wbs_element: [PSP], performed: [Udført], amount: [Kr]}
"""


def project(place: Path, erp: str = f"{{wbs_elements: [{OURS}]}}", rules: str = RULES) -> Path:
    files = {**NO_BOOKS, "project.yaml": f"{PROJECT}erp: {erp}\n", "allocation.yaml": rules}
    return write_project(place / "projekt", files)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return project(tmp_path)


def run_own(folder: Path, lines: str, name: str = "andet", period: str = "", above: str = "", **said: date) -> Import:
    """An import from a system of the project's own, which says of each line when it was performed."""
    dialect = folder / "templates" / "erp" / f"{name}.yaml"
    dialect.parent.mkdir(parents=True, exist_ok=True)
    dialect.write_text(f'{OWN_DIALECT}period: ["{period}"]\n' if period else OWN_DIALECT, encoding="utf-8")
    return run(folder, f"{above}Dato;Bilag;Konto;PSP;Udført;Kr\n{lines}", **said)


def own(voucher: str = "1", performed: str = "") -> str:
    return f"15-03-2022;{voucher};46000000;{OURS};{performed};80,00\n"


def unallocated(folder: Path) -> Money:
    opened = open_project(folder).dossier
    assert opened is not None
    budget = opened.state(date(2023, 12, 31)).budget
    assert budget is not None
    return budget.unallocated


def words(result: Import, code: str) -> dict[str, str]:
    """What the one problem of that kind says."""
    (found,) = (each for each in result.problems if each.code == code)
    return dict(found.words)


def days(folder: Path) -> list[date]:
    """The days that the project's postings count on."""
    return [day_of(part.posting, part.rule) for part in allocated(folder)]


def allocated(folder: Path) -> tuple[Allocated, ...]:
    """The project's postings, each part in its place."""
    opened = open_project(folder).dossier
    assert opened is not None
    return opened.postings.allocated


def place(result: Import, code: str) -> tuple[str, int]:
    (found,) = (each for each in result.problems if each.code == code)
    return found.at.file.rpartition("/")[2], found.at.line


# ── what is taken out ────────────────────────────────────────────────────────────────────────


def test_texts_and_vouchers_that_had_a_number_are_told_apart_and_of_the_projects_lines_alone(folder):
    number = "0101651234"
    lines = (
        *(row(number), row("2", text=f"Samtale {number}"), row(number, text=f"Samtale {number}")),
        *(row("4"), row(number, wbs="XA-9"), row("6", wbs="XA-9", text=f"Samtale {number}")),
    )

    result = run(folder, HEAD + "".join(lines))

    assert words(result, "import-masked") == words(result, "import-voucher-masked") == {"count": "2"}


# ── whose the lines are ──────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("erp", "expected"),
    [
        ("{wbs_elements: [XB-7]}", ("XB-7", "XA-1391100000-00020, XA-9", "wbs_elements")),
        ("{accounts: ['77*']}", ("77*", "40000000, 46000000", "accounts")),
        ("{cost_centres: ['5328'], accounts: ['77*', '78*']}", ("77*, 78*", "40000000, 46000000", "accounts")),
    ],
)
def test_where_no_line_is_the_projects_what_it_looks_for_is_held_against_what_the_export_has(tmp_path, erp, expected):
    lines = row("1") + row("2", wbs="XA-9", account="40000000") + row("3", wbs="")
    said = words(run(project(tmp_path, erp), HEAD + lines), "import-none-own")

    assert (said["ours"], said["theirs"], said["key"]) == expected


@pytest.mark.parametrize(("count", "told"), [(5, "E-1, E-2, E-3, E-4, E-5"), (6, "E-1, E-2, E-3, E-4, E-5 …")])
def test_of_many_elements_the_first_five_are_named(folder, count, told):
    lines = "".join(row(wbs=f"E-{number}") for number in range(1, count + 1))

    assert words(run(folder, HEAD + lines), "import-none-own")["theirs"] == told


def test_an_element_that_is_nearly_the_projects_takes_the_place_of_that_one_alone(tmp_path):
    near, nearer = OURS.replace("0002", "002"), OURS.replace("0002", "02")
    folder = project(tmp_path, f"{{wbs_elements: [PG-1, {OURS}]}}")
    said = words(
        run(folder, HEAD + row("1", wbs="ZZ-9") + row("2", wbs=nearer) + row("3", wbs=near)), "import-near-own"
    )

    assert said["near"] == near
    assert said["meant"] == f"PG-1, {near}"
    assert said["theirs"] == f"{near}, {nearer}, ZZ-9"


@pytest.mark.parametrize(
    "written",
    ["xa 1391100000 00020", "XA139110000000020", "XA-1391100000-20", "XA-1391100000-00002", "AX-1391100000-00020"],
)
def test_an_element_with_other_separators_zeros_or_one_slip_may_be_the_projects_and_somebody_must_look(folder, written):
    assert words(run(folder, HEAD + row(wbs=written)), "import-near-own")["near"] == written


@pytest.mark.parametrize(
    "theirs",
    [
        ["XA-9999900000-00001"],
        ["XA-7777700000-00300", "XA-2212300000-00001"],
        ["XG-5500000123-00001"],
        ["XA-1391100000-00021", "XA-1391100000-00022"],  # neighbours, and no slips
        ["XA-1391100000-00201"],
        ["XA-1391100000"],
        ["---"],
    ],
)
def test_another_project_of_the_municipality_is_never_proposed(folder, theirs):
    found = run(folder, HEAD + "".join(row(wbs=each) for each in theirs))

    assert words(found, "import-none-own")["theirs"] == ", ".join(sorted(theirs))


def test_a_rule_for_a_text_that_is_not_kept_places_nothing_and_the_account_is_proposed(tmp_path):
    folder = project(tmp_path, rules='rules:\n  - {account: "40*", text: "*projektleder*", line: loen}\n')
    result = run(folder, HEAD + row(account="40010000", text="Løn projektleder"))

    assert [(each.unplaced.account, each.unplaced.amount, each.unplaced.text) for each in result.proposals] == [
        ("40010000", kr(80), "")
    ]
    assert unallocated(folder) == kr(80)


# ── what the system has otherwise, or no more ────────────────────────────────────────────────


def test_another_day_of_performance_is_told_for_each_line_that_says_one(folder):
    def lines(*performed: str) -> str:
        return "".join(own(str(number), day) for number, day in enumerate(performed))

    run_own(folder, lines("01-02-2022", "02-02-2022", "", "04-02-2022", "05-02-2022"))
    said = words(
        run_own(folder, lines("29-12-2021", "02-02-2022", "30-12-2021", "", "06-02-2022")), "import-performed-differs"
    )

    assert [said[key] for key in ("vouchers", "day", "count", "total")] == ["0, 2", "2021-12-29", "2", "4"]


@pytest.mark.parametrize(("before", "day"), [("01-02-2022", "2022-02-01"), ("", "2022-03-15")])
def test_the_rule_that_is_proposed_for_it_moves_the_cost_and_is_not_asked_for_again(tmp_path, before, day):
    folder = project(tmp_path, rules='rules:\n  - {account: "46*", line: drift}\n')
    run_own(folder, own(performed=before) + own("2", "10-02-2022"))
    result = run_own(folder, own(performed="30-12-2021") + own("2", "10-02-2022"))

    assert days(folder) == [date.fromisoformat(day), date(2022, 2, 10)]
    typed(folder, words(result, "import-performed-differs")["rules"])
    assert days(folder) == [date(2021, 12, 30), date(2022, 2, 10)]
    again = run_own(folder, own(performed="30-12-2021") + own("2", "10-02-2022"))
    assert [each.code for each in again.problems] == []


def told_of_days(folder: Path) -> list[Problem]:
    """What check goes on telling of them."""
    return [each for each in open_project(folder).problems if each.code.startswith("posting-performed-")]


def test_another_day_of_performance_is_told_by_check_until_a_rule_says_when(tmp_path):
    folder = project(tmp_path, rules='rules:\n  - {account: "46*", line: drift}\n')
    run_own(folder, own("1", "01-02-2022") + own("2", "01-02-2022"))
    run_own(folder, own("1", "29-12-2021") + own("2", "30-12-2021"))
    run_own(folder, own("1", "29-12-2021") + own("2", "30-12-2021") + own("3"))

    (told,) = told_of_days(folder)
    assert [told.words[key] for key in ("vouchers", "performed", "counted")] == ["1, 2", "2021-12-29", "2022-02-01"]
    first, second = told.words["rules"].split(", - ")
    typed(folder, first)
    assert [(each.words["vouchers"], each.words["rules"]) for each in told_of_days(folder)] == [("2", second)]
    typed(folder, second)
    assert (told_of_days(folder), days(folder)[:2]) == ([], [date(2021, 12, 29), date(2021, 12, 30)])


@pytest.mark.parametrize(
    ("report_ends", "told"),
    [("2022-06-30", [("otherwise", "1, 2")]), ("2022-02-05", [("differs", "1"), ("otherwise", "2")])],
)
def test_another_day_within_the_same_year_and_periods_is_a_note_and_nothing_to_answer(folder, report_ends, told):
    file = folder / "project.yaml"
    text = file.read_text(encoding="utf-8").replace("period_ends: 2022-06-30", f"period_ends: {report_ends}")
    file.write_text(text, encoding="utf-8")
    run_own(folder, own("1", "01-02-2022") + own("2", "06-02-2022"))
    run_own(folder, own("1", "09-02-2022") + own("2", "07-02-2022"))

    assert [(each.code, each.words["vouchers"]) for each in told_of_days(folder)] == [
        (f"posting-performed-{code}", vouchers) for code, vouchers in told
    ]


def test_a_rule_that_is_proposed_for_a_day_places_each_line_as_its_own_rule_does(tmp_path):
    rules = """rules:
  - {voucher: "1", split: {drift: 60, loen: "40,5"}, reason: 'Delt, "aftalt"'}
  - {voucher: "2", line: drift, eligible: "12,5 pct.", reason: Deles}
  - {voucher: "3", line: drift, eligible_amount: "10,50 kr.", reason: Deles}
"""
    folder = project(tmp_path, rules=rules)
    run_own(folder, "".join(map(own, "1234")))
    before = [(part.line, part.place, part.amount) for part in allocated(folder)]
    run_own(folder, "".join(own(voucher, "30-12-2021") for voucher in "1234"))
    for rule in told_of_days(folder)[0].words["rules"].split(", - "):
        typed(folder, rule.replace("line: …, ", "line: drift, "))

    assert told_of_days(folder) == []
    assert [(part.line, part.place, part.amount) for part in allocated(folder)] == [
        *before[:-1],
        ("drift", "line", kr(80)),
    ]


def test_that_the_day_which_was_known_is_right_is_answered_in_the_log_until_an_export_has_a_third(folder):
    run_own(folder, own("1", "01-02-2022") + own("2", "01-02-2022"))
    other = own("1", "29-12-2021") + own("2", "10-02-2022")
    run_own(folder, other)

    said = {"event": told_of_days(folder)[0].words["event"], "happened": "2022-12-31", "recorded": "2022-12-31"}
    assert journal.append(
        folder, "corrected", journal.as_written("corrected", {**said, "values.performed": ""})
    ).written
    assert told_of_days(folder) == []
    assert [each.code for each in run_own(folder, other + own("3")).problems] == []
    assert told_of_days(folder) == []
    run_own(folder, own("1", "30-12-2021") + own("2", "10-02-2022") + own("3"))
    assert [each.words["vouchers"] for each in told_of_days(folder)] == ["1"]


SAID = ["", "01-02-2022", "30-12-2021", "15-03-2022"]


@settings(max_examples=18, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(SAID), st.sampled_from(SAID)), min_size=2, max_size=5))
def test_check_tells_of_each_cost_that_counts_on_another_day_than_was_said_last(tmp_path_factory, exported):
    folder = project(tmp_path_factory.mktemp("p"))
    for number, performed in enumerate(exported):
        run_own(folder, "".join(own(str(row), day) for row, day in enumerate(performed, 1)) + own(f"9{number}"))

    last = [day or "15-03-2022" for day in exported[-1]]
    counted = [day or "15-03-2022" for day in exported[0]]
    told = {voucher for each in told_of_days(folder) for voucher in each.words["vouchers"].split(", ")}
    assert told == {str(row) for row, (one, other) in enumerate(zip(last, counted, strict=True), 1) if one != other}


@pytest.mark.parametrize(("system", "told"), [("andet", ["1"]), ("tredje", [])])
def test_that_a_system_has_a_day_of_performance_no_more_is_told(folder, system, told):
    run_own(folder, own(performed="30-12-2021"))
    run_own(folder, own() + own("2"), system)

    assert [each.words["vouchers"] for each in told_of_days(folder)] == told


TWO = st.tuples(st.sampled_from(SAID), st.sampled_from(SAID))


@settings(max_examples=18, deadline=None)
@given(TWO, TWO)
def test_like_lines_have_the_days_of_the_last_export_once_the_rule_is_typed(tmp_path_factory, first, then):
    folder = project(tmp_path_factory.mktemp("p"), rules='rules:\n  - {account: "46*", line: drift}\n')
    for number, performed in enumerate((first, then)):
        run_own(folder, "".join(own(performed=day) for day in performed) + own(f"9{number}"))
    while its := [each for each in told_of_days(folder) if each.code == "posting-performed-differs"]:
        typed(folder, its[0].words["rules"].split(", - ")[0])

    years = sorted(2021 if day == "30-12-2021" else 2022 for day in then)
    assert sorted(part.day.year for part in allocated(folder) if part.posting.voucher == "1") == years
    for again in (then, then[::-1]):
        result = run_own(folder, "".join(own(performed=day) for day in again))
        assert [each.code for each in result.problems if each.code.startswith("import-performed")] == []


def test_of_a_voucher_in_two_lists_the_one_that_says_no_day_of_performance_is_proposed_to_be_taken_back(folder):
    first = run(folder, HEAD + row("1"))
    result = run_own(folder, own("1", "30-12-2021"))

    assert first.file is not None
    assert first.file.removeprefix("postings/") in words(result, "posting-twice")["rule"]


def test_two_like_lines_of_two_days_are_no_difference_when_they_come_again(folder):
    lines = own(performed="01-02-2022") + own(performed="02-02-2022")
    run_own(folder, lines)

    assert "import-performed-differs" not in [each.code for each in run_own(folder, lines).problems]


@pytest.mark.parametrize("rule", ["grant_income: true", "taken_back: true, reason: Dobbelt"])
def test_the_day_of_what_is_no_cost_is_not_asked_for(tmp_path, rule):
    folder = project(tmp_path, rules=f'rules:\n  - {{account: "46*", {rule}}}\n')
    run_own(folder, own())

    assert "import-performed-differs" not in [
        each.code for each in run_own(folder, own(performed="09-02-2022")).problems
    ]


def test_what_has_gone_is_told_file_by_file_with_what_it_was(folder):
    run(folder, HEAD + row("1") + row("2", "50,00") + row("3", "7,00", text="Rest"))
    first = run(folder, HEAD + row("4", "60,00", "16-03-2022") + row("5", "1,00", "18-03-2022"))
    period = {"starts": date(2022, 3, 1), "ends": date(2022, 3, 31)}
    result = run(folder, HEAD + row("1") + row("3", "7,50", text="Rest") + row("5", "1,00", "18-03-2022"), **period)
    told = [
        (each.code, each.at.line, each.words["vouchers"], each.words["amount"], each.words["count"])
        for each in result.problems
    ]

    assert told == [
        ("import-vanished", 3, "2", "50", "1"),
        ("import-changed", 4, "3", "7", "1"),
        ("import-vanished", 2, "4", "60", "1"),
    ]
    assert result.problems[-1].at.file == first.file


def test_what_a_rule_takes_back_and_the_system_has_is_told_rule_by_rule_with_its_money(folder):
    run(folder, HEAD + row("1", "5,00") + row("2", "6,00") + row("3", "7,00"))
    typed(folder, '{voucher: "2", taken_back: true, reason: Fejl}')
    typed(folder, '{voucher: "3", taken_back: true, reason: Fejl}')
    result = run(folder, HEAD + row("1", "5,00") + row("2", "6,00") + row("3", "7,00"))

    assert [
        (each.words["vouchers"], each.words["amount"], each.words["count"], each.words["place"], each.at.line)
        for each in result.problems
        if each.code == "import-taken-back"
    ] == [("2", "6", "1", "allocation.yaml:3:5", 3), ("3", "7", "1", "allocation.yaml:2:5", 4)]
    assert [each.code for each in run(folder, HEAD + row("1", "5,00")).problems] == []


@pytest.mark.parametrize("name", ["andet", "vores"])
def test_what_a_rule_takes_back_in_another_systems_list_is_told_where_this_one_has_it_and_else_not(folder, name):
    run_own(folder, own("1") + own("2"), name)
    typed(folder, '{voucher: "1", taken_back: true, reason: Fejl}')

    assert run(folder, HEAD + row("2", text="")).problems == []
    assert words(run(folder, HEAD + row("1", text="")), "import-taken-back")["vouchers"] == "1"


# ── how many of them are known ───────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("had", "has"), [(1, 1), (1, 3), (2, 1), (2, 2), (3, 2), (3, 4)])
def test_of_lines_that_are_alike_as_many_are_known_as_there_are_in_any_system(folder, had, has):
    run_own(folder, had * own())
    first = run(folder, HEAD + has * row(text=""))
    second = run(folder, HEAD + (has + 1) * row(text=""))

    assert (first.known.lines, first.new.lines) == (min(had, has), max(has - had, 0))
    assert (second.known.lines, second.new.lines) == (min(max(had, has), has + 1), max(has + 1 - max(had, has), 0))


# ── which days ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("has", "taken_for", "amount"),
    [
        ((1, 2), ("2022-03-10", "2022-03-20"), "6"),
        ((0, 1), ("2022-03-02", "2022-03-10"), "8"),
        ((2, 3), ("2022-03-20", "2022-03-30"), "3"),
    ],
)
def test_where_nobody_says_which_days_an_export_covers_all_that_lies_outside_its_own_is_told(
    folder, has, taken_for, amount
):
    days = (("02", "1,00"), ("10", "2,00"), ("20", "3,00"), ("30", "5,00"))
    rows = [row(day, kroner, f"{day}-03-2022") for day, kroner in days]
    run(folder, HEAD + "".join(rows))
    said = words(run(folder, HEAD + "".join(rows[number] for number in has)), "import-period-guessed")

    assert ((said["starts"], said["ends"]), said["count"], said["amount"]) == (taken_for, "2", amount)
    assert (said["first"], said["last"]) == ("2022-03-02", "2022-03-30")


def test_what_has_gone_within_the_days_is_told_apart_from_what_lies_outside_them(folder):
    days = (("01", "1,00"), ("02", "2,00"), ("02", "4,00"), ("10", "8,00"), ("20", "16,00"), ("20", "32,00"))
    rows = [row(kroner, kroner, f"{day}-03-2022") for day, kroner in (*days, ("30", "64,00"))]
    run(folder, HEAD + "".join(rows))
    result = run(folder, HEAD + rows[1] + rows[5])

    assert [(each.code, each.words["amount"], each.at.line, each.at.column) for each in result.problems] == [
        ("import-perhaps-vanished", "28", 4, 1),
        ("import-period-guessed", "65", 0, 0),
    ]


def test_a_list_of_other_days_that_has_none_of_an_earlier_ones_lines_is_another_list(folder):
    run(folder, HEAD + row("1", day="02-03-2022"))
    run(folder, HEAD + row("2", day="10-03-2022") + row("3", day="20-03-2022"))

    assert words(run(folder, HEAD + row("2", day="10-03-2022")), "import-period-guessed")["count"] == "1"


def test_a_list_that_ended_before_the_first_day_that_was_said_is_not_asked_of(folder):
    run(folder, HEAD + row("1", day="01-03-2022") + row("2", day="02-03-2022"))
    run(folder, HEAD + row("3", day="20-03-2022"))
    again = HEAD + row("1", day="01-03-2022") + row("3", day="20-03-2022")

    assert [each.code for each in run(folder, again, starts=date(2022, 3, 10)).problems] == ["import-outside-period"]


@pytest.mark.parametrize(
    "days", [{}, {"starts": -1}, {"starts": 0}, {"starts": 1}, {"ends": -1}, {"ends": 0}, {"ends": 1}]
)
def test_the_days_that_an_export_says_go_before_those_that_are_typed_and_it_is_told_where_they_differ(folder, days):
    own_days = {"starts": date(2022, 1, 1), "ends": date(2022, 3, 31)}
    typed_days = {key: own_days[key] + timedelta(days=further) for key, further in days.items()}
    above = "Periode 01-01-2022 - 31-03-2022\n"
    result = run_own(folder, own(), period="Periode {starts} - {ends}", above=above, **typed_days)

    assert [each.code for each in result.problems] == ["import-period-other"] * any(days.values())
    assert (result.starts, result.ends, result.period_said) == (*own_days.values(), True)


def test_a_day_that_an_export_does_not_say_may_be_typed(folder):
    first = date(2022, 2, 1)
    result = run_own(folder, own(), period="Til {ends}", above="Til 31-03-2022\n", starts=first)

    assert (result.problems, result.starts, result.ends) == ([], first, date(2022, 3, 31))


def test_an_export_of_no_lines_covers_the_days_that_are_said_and_a_first_day_alone_is_none(folder):
    first, last = date(2022, 3, 1), date(2022, 3, 31)
    both, ends = run(folder, HEAD, starts=first, ends=last), run(folder, HEAD, ends=last)
    starts = run(folder, HEAD, starts=first)

    assert [(each.starts, each.ends, each.period_said) for each in (both, ends, starts)] == [
        (first, last, True),
        (None, None, True),
        (None, None, False),
    ]
    assert [[each.code for each in result.problems] for result in (both, ends, starts)] == [[], [], ["import-empty"]]
