"""A posting has one identity: through another system, on another day, by an earlier version, and after a crash."""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.folders import NO_BOOKS, PROJECT, write_project
from toolkit import journal
from toolkit.bundle import bundle
from toolkit.cli import main
from toolkit.cli.importing import rule_as_told
from toolkit.core.dossier import Dossier
from toolkit.core.events import Imported
from toolkit.core.money import kr
from toolkit.core.problems import Problem
from toolkit.intake import importing
from toolkit.intake.importing import import_export
from toolkit.intake.result import Import, Said
from toolkit.project import open_project
from toolkit.readers import shelf

DAY = date(2022, 12, 31)
YEAR = {"starts": date(2022, 1, 1), "ends": date(2022, 12, 31)}
DOUBTS = ("posting-vanished", "posting-changed", "posting-reappeared", "posting-twice")
OURS = "XA-1391100000-00020"
HEAD = "Bogføringsdato;Bilagsnr;Artskonto;PSP-element;Tekst;Beløb\n"
RULES = 'rules:\n  - {account: "46*", line: kurser}\n  - {account: "40*", line: loen}\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_project(
        tmp_path / "projekt",
        {**NO_BOOKS, "project.yaml": f"{PROJECT}erp: {{wbs_elements: [{OURS}]}}\n", "allocation.yaml": RULES},
    )


def row(voucher: str = "1", amount: str = "80,00", day: str = "15-03-2022", **changed: str) -> str:
    keys = {"account": "46000000", "wbs": OURS, "text": "Kursus", **changed}
    return f"{day};{voucher};{keys['account']};{keys['wbs']};{keys['text']};{amount}\n"


def others(voucher: int = 1) -> str:
    """A line of another project, so that no two exports are the same."""
    return row(f"{voucher}", wbs="XA-1391100000-00099")


def run(folder: Path, text: str, day: date = DAY, name: str = "eksport.csv", **said: date) -> Import:
    path = folder.parent / name
    path.write_text(text, encoding="utf-8")
    return import_export(folder, path, day, said=Said(**said))


def codes(result: Import) -> list[str]:
    return [found.code for found in result.problems]


def dossier(folder: Path) -> Dossier:
    project = open_project(folder)
    assert project.dossier is not None
    return project.dossier


def found(folder: Path, *wanted: str) -> list[str]:
    """What check says of the postings."""
    return [each.code for each in open_project(folder).problems if each.code in wanted]


def spent(folder: Path) -> int:
    budget = dossier(folder).state(date(2023, 12, 31)).budget
    assert budget is not None
    return int(budget.spent + budget.unallocated)


def typed(folder: Path, problem_hint: str) -> None:
    """The rule of a hint, at the top of allocation.yaml."""
    path = folder / "allocation.yaml"
    rules = path.read_text(encoding="utf-8")
    path.write_text(rules.replace("rules:\n", f"rules:\n  - {problem_hint}\n", 1), encoding="utf-8")


def doubts(folder: Path) -> list[Problem]:
    """The same, whole."""
    return [each for each in open_project(folder).problems if each.code in DOUBTS]


def obeyed(folder: Path, told: Problem) -> None:
    """What a hint says is done, by somebody who knows that a line which no export lacks is right."""
    path = folder / "allocation.yaml"
    rules = path.read_text(encoding="utf-8").splitlines(keepends=True)
    match told.code:
        case "posting-vanished" | "posting-changed":
            rules.insert(1, f"  - {told.words['rule']}\n")
        case "posting-reappeared" if "rule" in told.phrases["answer"].words:
            rules.insert(told.at.line - 1, f"  - {told.phrases['answer'].words['rule']}\n".replace("…", "kurser"))
        case "posting-reappeared":
            del rules[told.at.line - 1]
        case "posting-twice":
            rules[1:1] = [f"  - {told.words[which]}\n".replace("…", "kurser") for which in ("mine", "its")]
    path.write_text("".join(rules), encoding="utf-8")


def answer(folder: Path, event: str, left: str) -> None:
    """The log's own answer, as a hint has it."""
    said = {"event": event, "values.vanished": left, "happened": "2022-12-31", "recorded": "2022-12-31"}
    assert journal.append(folder, "corrected", journal.as_written("corrected", said)).written


LIST = "Dato;Bilag;Konto;PSP;Kr\n"


def listed(voucher: str, amount: str, day: str = "15-03-2022") -> str:
    """A line of a list through the project's own dialect."""
    return f"{day};{voucher};46000000;{OURS};{amount}\n"


def write_dialect(folder: Path, name: str, keys: str = "") -> None:
    """A dialect of the project's own, for lists that say no text."""
    dialect = folder / "templates" / "erp" / f"{name}.yaml"
    dialect.parent.mkdir(parents=True)
    dialect.write_text(
        'title: Vores\ndates: [dd-mm-yyyy]\ndecimal: ","\n'
        "columns: {posted: [Dato], voucher: [Bilag], account: [Konto], wbs_element: [PSP], amount: [Kr]}\n" + keys,
        encoding="utf-8",
    )


def events(folder: Path) -> list[Imported]:
    return [event for event in dossier(folder).events if isinstance(event, Imported)]


# ── told until a rule says what both lines are ───────────────────────────────────────────────


@pytest.mark.parametrize(
    "again",
    [
        row(day="16-04-2022"),
        row("01"),
        row(wbs=OURS.lower()),
        row(text="Kursus, modul 2"),
    ],
)
def test_the_same_voucher_written_otherwise_is_told_by_import_and_check_and_the_hint_ends_it(folder, again):
    run(folder, HEAD + row() + row("2", "1,00"))
    result = run(folder, HEAD + again + row("2", "1,00"))

    told = [each for each in result.problems if each.code in ("posting-twice", "import-changed")]
    assert [each.words["vouchers"].lstrip("0") for each in told] == ["1"]
    assert found(folder, *DOUBTS) == ["posting-changed"]
    assert spent(folder) == kr(161)

    typed(folder, told[0].words["rule"])

    assert found(folder, *DOUBTS, "rule-reason", "unknown-id") == []
    assert spent(folder) == kr(81)
    assert codes(run(folder, HEAD + again + row("2", "1,00"))) == []


def test_a_list_through_another_dialect_is_one_rule_for_all_of_its_file(folder):
    write_dialect(folder, "vores")
    run(folder, HEAD + row() + row("2", "12.500,50"))
    other = f"Dato;Bilag;Konto;PSP;Kr\n15-03-2022;1;46000000;{OURS};80,00\n15-03-2022;2;46000000;{OURS};12.500,50\n"
    (double,) = run(folder, other).problems

    assert (double.code, double.words["vouchers"], double.words["amount"]) == ("posting-twice", "1, 2", "12.580,50")
    typed(folder, double.words["rule"])
    assert (found(folder, "posting-twice"), spent(folder)) == ([], kr(12_580, 50))
    assert codes(run(folder, other)) == []


@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.parametrize("prefix", ["KR{}", "KR-0{}", "2022/{}", "{}-2022", "KR2022-{}"])
def test_a_list_that_writes_letters_or_the_year_beside_each_number_is_told_until_its_rule_is_typed(
    folder, prefix, order
):
    write_dialect(folder, "vores")
    whole = HEAD + row("1001") + row("1002", "12.500,50")
    invoices = LIST + listed(prefix.format("1001"), "80,00", "02-04-2022") + listed(prefix.format("1002"), "12.500,50")
    both = [whole, invoices][::order]
    results = [run(folder, each) for each in both]

    assert [codes(each) for each in results] == [[], ["posting-twice"]]
    assert (found(folder, *DOUBTS), spent(folder)) == (["posting-twice"], kr(25_161))
    assert results[1].problems[0].words["count"] == "2"
    typed(folder, results[1].problems[0].words["rule"])
    assert (found(folder, *DOUBTS), spent(folder)) == ([], kr(12_580, 50))
    assert [codes(run(folder, each)) for each in both] == [[], []]


def test_two_series_of_one_system_are_two_postings_in_one_list_and_in_two(folder):
    run(folder, HEAD + row("KR1001") + row("DB1001"))
    typed(folder, f'{{file: "{events(folder)[0].file}", voucher: "KR1001", taken_back: true, reason: …}}')

    assert codes(run(folder, HEAD + row("KR1001") + row("DB1001") + row("XX1001"))) == ["import-taken-back"]
    assert spent(folder) == kr(160)


def test_a_list_of_invoices_with_their_sums_that_writes_letters_first_is_told_as_changed(folder):
    write_dialect(folder, "vores")
    run(folder, HEAD + row("1001", "1.000,00") + row("1001", "250,00"), **YEAR)
    (changed,) = run(folder, LIST + listed("KR1001", "1.250,00"), **YEAR).problems

    assert (changed.code, changed.words["amount"]) == ("import-changed", "1.250")
    typed(folder, changed.words["rule"])
    assert (found(folder, *DOUBTS), spent(folder)) == ([], kr(1_250))
    assert codes(run(folder, HEAD + row("1001", "1.000,00") + row("1001", "250,00") + others(), **YEAR)) == []


@pytest.mark.parametrize("order", [1, -1])
def test_a_list_without_vouchers_beside_one_with_them_is_told_until_its_rule_is_typed(folder, order):
    path = folder / "templates" / "erp" / "uden.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(
        'title: Uden bilag\ndates: [dd-mm-yyyy]\ndecimal: ","\n'
        "columns: {posted: [Dag], account: [Konto], wbs_element: [PSP], text: [Tekst], amount: [Kr]}\n",
        encoding="utf-8",
    )
    unnamed = f"Dag;Konto;PSP;Tekst;Kr\n15-03-2022;46000000;{OURS};Kursus;80,00\n"
    both = [HEAD + row("1001"), unnamed][::order]
    results = [run(folder, each) for each in both]

    assert [codes(each) for each in results] == [[], ["posting-twice-unnamed"]]
    assert (found(folder, "posting-twice-unnamed"), spent(folder)) == (["posting-twice-unnamed"], kr(160))
    typed(folder, results[1].problems[0].words["rule"])
    assert (found(folder, "posting-twice-unnamed"), spent(folder)) == ([], kr(80))
    assert [codes(run(folder, each)) for each in both] == [[], []]


def test_an_amount_that_was_corrected_in_the_books_counts_once(folder):
    run(folder, HEAD + row("2", "50,00"))
    (changed,) = run(folder, HEAD + row("2", "55,00")).problems

    assert changed.code == "import-changed"
    typed(folder, changed.words["rule"])
    assert spent(folder) == kr(55)


def test_what_is_taken_back_is_not_in_the_balance_and_told_of_where_the_books_have_it_again(folder):
    run(folder, HEAD + row("2", "50,00", text="Kursus"))
    (changed,) = run(folder, HEAD + row("2", "50,00", text="Kursus rettet")).problems
    journal.append(folder, "balance", {"happened": "2022-12-31", "recorded": "2022-12-31", "amount": "50 kr."})

    assert found(folder, "balance-differs") == ["balance-differs"]
    typed(folder, changed.words["rule"])
    assert found(folder, "balance-differs", *DOUBTS) == []
    again = run(folder, HEAD + row("2", "50,00", text="Kursus") + others(), **YEAR)
    assert codes(again) == ["import-changed", "import-taken-back"]
    assert sorted(found(folder, *DOUBTS)) == ["posting-changed", "posting-reappeared"]


@pytest.mark.parametrize("other", ["andet", "vores"], ids=["named-before", "named-after"])
def test_what_is_taken_back_of_one_system_is_told_of_where_its_own_list_has_it_again_and_no_other(folder, other):
    write_dialect(folder, other)
    list_ = f"Dato;Bilag;Konto;PSP;Kr\n15-03-2022;1;46000000;{OURS};80,00\n"
    assert codes(run(folder, list_)) == []
    typed(folder, f'{{file: "{events(folder)[0].file}", voucher: "1", taken_back: true, source: controlleren}}')

    assert codes(run(folder, HEAD + row("2", "1,00"))) == []
    assert codes(run(folder, list_ + f"16-03-2022;3;46000000;{OURS};5,00\n")) == ["import-taken-back"]


# ── gone from the books, until somebody answers ──────────────────────────────────────────────


def test_that_the_new_lines_are_void_as_of_an_older_list_is_answered_as_check_says(folder):
    now = HEAD + row("77", "10.000,00") + row("78", "500,00")
    run(folder, now, **YEAR)
    run(folder, HEAD + row("77", "12.000,00") + row("78", "500,00"), **YEAR)

    (changed,) = doubts(folder)
    said = changed.phrases["answer"].words
    answer(folder, str(said["event"]), str(said["left"]))
    typed(folder, str(changed.phrases["void"].words["rule"]))
    assert (doubts(folder), spent(folder)) == ([], kr(10_500))
    assert codes(run(folder, now + others(), **YEAR)) == []
    assert (doubts(folder), spent(folder)) == ([], kr(10_500))


@pytest.mark.parametrize("is_whole", [True, False])
def test_import_and_check_say_the_same_of_a_rule_that_takes_back_what_is_in_the_books_again(folder, is_whole):
    first = HEAD + row("1") + ("" if is_whole else row("2", "2,00"))
    run(folder, first, **YEAR)
    run(folder, HEAD + row("9"), **YEAR)
    typed(folder, f'{{file: "{events(folder)[0].file}", taken_back: true, reason: …}}')
    (told,) = run(folder, HEAD + row("9") + row("1"), **YEAR).problems

    (again,) = doubts(folder)
    assert (told.code, again.code) == ("import-taken-back", "posting-reappeared")
    assert told.phrases["answer"] == again.phrases["answer"]
    obeyed(folder, again)
    assert (doubts(folder), spent(folder)) == ([], kr(160))


def test_that_both_kinds_of_lines_are_right_all_the_same_is_answered_one_after_the_other(folder):
    run(folder, HEAD + row("77", "12.000,00") + row("78", "500,00") + row("79", "700,00"), **YEAR)
    run(folder, HEAD + row("77", "10.000,00") + row("78", "500,00"), **YEAR)

    changed, vanished = doubts(folder)
    assert "event" not in changed.phrases["answer"].words
    answer(folder, vanished.words["event"], vanished.words["left"])
    (changed,) = doubts(folder)
    said = changed.phrases["answer"].words
    answer(folder, str(said["event"]), str(said["left"]))
    assert doubts(folder) == []


def test_what_an_export_lacks_is_kept_in_the_log_and_told_by_check_until_a_rule_takes_it_back(folder):
    """The amount of one voucher was corrected in the ERP, and another was removed there."""
    run(folder, HEAD + row("77", "12.000,00") + row("78", "500,00") + row("79", "700,00"), **YEAR)
    file = events(folder)[0].file
    result = run(folder, HEAD + row("77", "10.000,00") + row("78", "500,00"), **YEAR)

    assert codes(result) == ["import-changed", "import-vanished"]
    assert [event.vanished for event in events(folder)] == [(), (f"{file}:2", f"{file}:4")]
    assert [event.reappeared for event in events(folder)] == [(), ()]
    assert [(each.code, each.words["vouchers"], each.words["amount"]) for each in doubts(folder)] == [
        ("posting-changed", "77", "12.000"),
        ("posting-vanished", "79", "700"),
    ]
    assert spent(folder) == kr(23_200)

    for each in doubts(folder):
        typed(folder, each.words["rule"])

    assert found(folder, *DOUBTS, "unknown-id") == []
    assert spent(folder) == kr(10_500)
    assert codes(run(folder, HEAD + row("77", "10.000,00") + row("78", "500,00"), **YEAR)) == []
    assert len(events(folder)) == 2


@pytest.mark.parametrize("keys", ["", "keys: [voucher]\n"], ids=["no-keys", "keys"])
def test_what_has_gone_and_has_nothing_new_beside_it_has_vanished_whether_or_not_the_dialect_names_keys(folder, keys):
    write_dialect(folder, "vores", keys)
    first = listed("1", "80,00") + listed("2", "250,00") + listed("0", "3,00") + listed("0", "4,00")
    run(folder, LIST + first, **YEAR)
    without = listed("1", "80,00") + listed("0", "3,00")
    result = run(folder, LIST + without, **YEAR)

    assert [(each.code, each.words["vouchers"]) for each in result.problems] == [("import-vanished", "2, 0")]
    assert [(each.code, each.words["vouchers"]) for each in doubts(folder)] == [("posting-vanished", "2, 0")]
    assert codes(run(folder, LIST + without + listed("9", "1,00"), **YEAR)) == ["import-vanished"]


@pytest.mark.parametrize("keys", ["", "keys: [voucher]\n"], ids=["no-keys", "keys"])
@pytest.mark.parametrize("voucher", ["2", "0"])
def test_what_came_instead_is_told_as_a_change_as_long_as_it_is_there(folder, keys, voucher):
    write_dialect(folder, "vores", keys)
    run(folder, LIST + listed("1", "80,00") + listed(voucher, "250,00"), **YEAR)
    changed = LIST + listed("1", "80,00") + listed(voucher, "300,00")

    assert codes(run(folder, changed, **YEAR)) == ["import-changed"]
    assert [each.code for each in doubts(folder)] == ["posting-changed"]
    assert codes(run(folder, changed + listed("3", "5,00"), **YEAR)) == ["import-changed"]
    assert set(codes(run(folder, LIST + listed("1", "80,00"), **YEAR))) == {"import-vanished"}


@pytest.mark.parametrize("keys", ["", "keys: [voucher]\n", "keys: [voucher, account]\n"])
def test_a_line_without_a_voucher_is_no_other_ones_change(folder, keys):
    write_dialect(folder, "vores", keys)
    run(folder, LIST + listed("1", "80,00") + listed("", "250,00"), **YEAR)
    result = run(folder, LIST + listed("1", "80,00") + listed("", "7,00"), **YEAR)

    assert codes(result) == ["import-vanished"]
    assert [each.code for each in doubts(folder)] == ["posting-vanished"]


def test_an_export_that_only_lacks_something_is_logged_once_and_told_each_time(folder):
    run(folder, HEAD + row() + row("2", "1,00"), **YEAR)
    results = [run(folder, HEAD + row(), **YEAR) for _ in range(2)]

    assert [(codes(result), result.new.lines, bool(result.file)) for result in results] == [
        (["import-vanished"], 0, True),
        (["import-vanished"], 0, False),
    ]
    assert len(events(folder)) == 2
    assert found(folder, *DOUBTS, "import-not-logged", "postings-edited") == ["posting-vanished"]


def test_a_trial_run_tells_of_it_and_logs_nothing(folder):
    run(folder, HEAD + row() + row("2", "1,00"), **YEAR)
    before = (folder / "events.yaml").read_bytes()
    path = folder.parent / "eksport.csv"
    path.write_text(HEAD + row(), encoding="utf-8")

    assert codes(import_export(folder, path, DAY, said=Said(**YEAR), dry_run=True)) == ["import-vanished"]
    assert (folder / "events.yaml").read_bytes() == before


def test_what_a_later_export_has_again_is_told_of_no_more(folder):
    run(folder, HEAD + row() + row("2", "1,00"), **YEAR)
    run(folder, HEAD + row(), **YEAR)
    again = run(folder, HEAD + row() + row("2", "1,00") + others(), **YEAR)

    assert (codes(again), again.new.lines) == ([], 0)
    assert [event.reappeared for event in events(folder)] == [(), (), events(folder)[1].vanished]
    assert found(folder, *DOUBTS) == []

    run(folder, HEAD + row() + others(2), **YEAR)

    assert found(folder, *DOUBTS) == ["posting-vanished"]


def test_an_older_export_that_comes_again_knows_nothing_of_what_has_happened_since(folder):
    run(folder, HEAD + row() + row("2", "1,00"), **YEAR)
    run(folder, HEAD + row() + row("3", "2,00"), **YEAR)
    again = run(folder, HEAD + row() + row("2", "1,00"), **YEAR)

    assert (codes(again), again.file, len(events(folder))) == (["import-again"], None, 2)
    assert [each.words["vouchers"] for each in doubts(folder)] == ["2"]


def test_the_same_books_a_while_later_are_no_older_export_though_not_a_byte_is_another(folder):
    """What was corrected in the ERP was put back as it was."""
    march, april = ({"starts": date(2022, 1, 1), "ends": date(2022, month, 30)} for month in (3, 4))
    run(folder, HEAD + row() + row("2", "1,00"), **march)
    run(folder, HEAD + row() + row("3", "2,00"), **march)
    again = run(folder, HEAD + row() + row("2", "1,00"), **april)

    assert codes(again) == ["import-vanished"]
    assert [event.reappeared for event in events(folder)][-1] == events(folder)[1].vanished
    assert [each.words["vouchers"] for each in doubts(folder)] == ["3"]


def test_what_a_rule_takes_back_and_the_books_have_again_is_told_by_check_until_the_rule_is_gone(folder):
    run(folder, HEAD + row() + row("2", "1,00"), **YEAR)
    (vanished,) = run(folder, HEAD + row(), **YEAR).problems
    rules = (folder / "allocation.yaml").read_text(encoding="utf-8")
    typed(folder, vanished.words["rule"])
    assert codes(run(folder, HEAD + row() + row("2", "1,00") + others(), **YEAR)) == ["import-taken-back"]

    assert [(each.code, str(each.at.file), each.at.line, each.words["amount"]) for each in doubts(folder)] == [
        ("posting-reappeared", "allocation.yaml", 2, "1")
    ]
    (folder / "allocation.yaml").write_text(rules, encoding="utf-8")
    assert (found(folder, *DOUBTS), spent(folder)) == ([], kr(81))


def test_a_correction_of_the_import_answers_too_and_the_next_import_heeds_it(folder):
    """The bookkeeper says that both lines are right, though the list no longer has them."""
    run(folder, HEAD + row() + row("2", "1,00") + row("3", "2,00", day="16-03-2022"), **YEAR)
    run(folder, HEAD + row(), **YEAR)
    (told,) = doubts(folder)
    assert told.words["left"] == ""

    answer(folder, told.words["event"], f"{events(folder)[0].file}:3")
    assert [each.words["vouchers"] for each in doubts(folder)] == ["2"]
    answer(folder, told.words["event"], "")

    assert found(folder, *DOUBTS) == []
    assert codes(run(folder, HEAD + row(), **YEAR)) == []
    assert spent(folder) == kr(83)


def test_an_import_that_is_withdrawn_has_told_of_nothing(folder):
    run(folder, HEAD + row() + row("2", "1,00"), **YEAR)
    run(folder, HEAD + row(), **YEAR)
    keys = {"event": doubts(folder)[0].words["event"], "withdrawn": "true"}
    journal.append(folder, "corrected", {**keys, "happened": "2022-12-31", "recorded": "2022-12-31"})

    assert found(folder, *DOUBTS) == []
    run(folder, HEAD + row(), **YEAR)
    assert found(folder, *DOUBTS) == ["posting-vanished"]


def test_of_lines_that_are_the_same_to_the_letter_as_many_are_told_of_as_are_gone(folder):
    for number, left in enumerate((3, 2, 0, 1, 3)):
        run(folder, HEAD + row("9") + row() * left + others(number), **YEAR)
        assert sum(int(each.words["count"]) for each in doubts(folder)) == 3 - left
        assert spent(folder) == kr(4 * 80)


def test_where_nobody_says_the_period_it_is_a_note_and_nothing_is_kept(folder):
    run(folder, HEAD + row() + row("2", "1,00", day="16-03-2022") + row("3", day="17-03-2022"))
    (note,) = run(folder, HEAD + row() + row("3", day="17-03-2022")).problems

    assert (note.code, note.severity, note.words["vouchers"]) == ("import-perhaps-vanished", "note", "2")
    assert (note.words["starts"], note.words["ends"]) == ("2022-03-15", "2022-03-17")
    assert len(events(folder)) == 1
    assert found(folder, *DOUBTS) == []


def test_a_log_that_an_earlier_version_wrote_tells_of_nothing(folder):
    run(folder, HEAD + row() + row("2", "1,00"), **YEAR)
    run(folder, HEAD + row(), **YEAR)
    log = folder / "events.yaml"
    log.write_text(re.sub(r", vanished: \[[^]]*\]", "", log.read_text(encoding="utf-8")), encoding="utf-8")

    assert found(folder, *DOUBTS) == []


LINES = st.lists(
    st.builds(row, st.sampled_from("12"), st.sampled_from(["1,00", "2,00"]), text=st.sampled_from("AB")), max_size=5
)


@settings(max_examples=10, deadline=None)
@given(st.lists(LINES, min_size=2, max_size=4))
def test_hints_that_are_typed_until_none_is_left_leave_what_the_last_export_has(tmp_path_factory, exported):
    """What check says, and nothing else, leads from any exports of one system to the books as they are."""
    folder = write_project(
        tmp_path_factory.mktemp("p"),
        {**NO_BOOKS, "project.yaml": f"{PROJECT}erp: {{wbs_elements: [{OURS}]}}\n", "allocation.yaml": RULES},
    )
    for number, lines in enumerate(exported):
        run(folder, HEAD + row("9") + "".join(lines) + others(number), DAY + timedelta(days=number), **YEAR)
        for _ in range(20):
            if not doubts(folder):
                break
            obeyed(folder, doubts(folder)[0])

    assert doubts(folder) == []
    assert spent(folder) == kr(80) + sum(kr(int(line.rsplit(";", 1)[1][0])) for line in exported[-1])


def lines_told(problems: list[Problem], by: str) -> Counter[str]:
    """How many lines import, or check, says are changed or have vanished."""
    told: Counter[str] = Counter()
    for each in problems:
        if each.code in (f"{by}-changed", f"{by}-vanished"):
            told[each.code.removeprefix(by)] += int(each.words["count"])
    return told


EQUAL = st.lists(
    st.builds(
        row,
        st.sampled_from("12"),
        st.sampled_from(["1,00", "2,00"]),
        st.sampled_from(["15-03-2022", "16-04-2022"]),
        text=st.sampled_from("ABC"),
    ),
    max_size=5,
)


@settings(max_examples=24, deadline=None)
@given(
    st.lists(st.tuples(EQUAL, st.booleans()), min_size=2, max_size=4),
    st.sampled_from(["{}", "0{}", "KR{}", "KR-00{}", "2022/{}", "{}-2022"]),
    st.booleans(),
)
def test_what_hints_propose_first_leaves_what_the_last_export_has_also_of_equal_amounts_on_one_voucher(
    tmp_path_factory, exported, voucher, at_once
):
    """The system is one; it comes through two dialects by turns, one of which may write vouchers otherwise.

    The hints are typed after each import, or at last.
    """
    folder = write_project(
        tmp_path_factory.mktemp("p"),
        {**NO_BOOKS, "project.yaml": f"{PROJECT}erp: {{wbs_elements: [{OURS}]}}\n", "allocation.yaml": RULES},
    )
    write_renamed(folder)
    for number, (lines, is_renamed) in enumerate(exported):
        head = RENAMED if is_renamed else HEAD
        cells = [line.split(";") for line in lines]
        written = [";".join((day, voucher.format(its) if is_renamed else its, *rest)) for day, its, *rest in cells]
        text = head + row("9") + "".join(written) + others(number)
        result = run(folder, text, DAY + timedelta(days=number), **YEAR)
        assert lines_told(result.problems, "import") == lines_told(doubts(folder), "posting")
        for _ in range(20 if at_once or number == len(exported) - 1 else 0):
            if not (told := doubts(folder)):
                break
            if told[0].code == "posting-twice":
                typed(folder, told[0].words["rule"])
            else:
                obeyed(folder, told[0])

    assert doubts(folder) == []
    assert spent(folder) == kr(80) + sum(kr(int(line.rsplit(";", 1)[1][0])) for line in exported[-1][0])


# ── which days an import covers ──────────────────────────────────────────────────────────────


def test_an_import_covers_what_is_said_and_logs_it(folder):
    run(folder, HEAD + row(), starts=date(2022, 1, 1), ends=date(2022, 6, 30))
    run(folder, HEAD + row("2", day="05-07-2022") + row("3", day="09-08-2022"))

    assert [(event.starts, event.ends) for event in events(folder)] == [
        (date(2022, 1, 1), date(2022, 6, 30)),
        (date(2022, 7, 5), date(2022, 8, 9)),
    ]


def test_what_has_not_been_posted_yet_is_not_covered(folder):
    run(folder, HEAD + row(), date(2022, 4, 1), starts=date(2022, 1, 1), ends=date(2022, 12, 31))

    assert events(folder)[0].ends == date(2022, 4, 1)


def test_the_last_line_of_a_list_can_vanish_where_its_period_is_known(folder):
    run(folder, HEAD + row() + row("3", day="20-03-2022"))
    guessed = run(folder, HEAD + row())

    assert codes(guessed) == ["import-period-guessed"]
    words = guessed.problems[0].words
    said = {"starts": date.fromisoformat(words["first"]), "ends": date.fromisoformat(words["last"])}
    (vanished,) = run(folder, HEAD + row(), **said).problems

    assert (vanished.code, vanished.words["vouchers"]) == ("import-vanished", "3")
    typed(folder, vanished.words["rule"])
    assert (codes(run(folder, HEAD + row(), **said)), spent(folder)) == ([], kr(80))


def test_months_that_follow_each_other_are_not_told_to_overlap(folder):
    run(folder, HEAD + row())

    assert codes(run(folder, HEAD + row("2", day="15-04-2022"))) == []


def test_a_list_with_nothing_new_that_reaches_further_is_logged_once(folder):
    run(folder, HEAD + row())
    reaching = run(folder, HEAD, starts=date(2022, 3, 16), ends=date(2022, 6, 30))
    again = run(folder, HEAD, starts=date(2022, 3, 16), ends=date(2022, 6, 30))

    assert (reaching.new.lines, again.file) == (0, None)
    assert [event.ends for event in events(folder)] == [date(2022, 3, 15), date(2022, 6, 30)]
    assert found(folder, "import-not-logged", "postings-edited") == []
    assert run(folder, HEAD, starts=date(2022, 3, 16), ends=date(2022, 5, 31)).file is None
    assert run(folder, HEAD, starts=date(2022, 3, 16), ends=date(2022, 7, 31)).logged
    assert len(list((folder / "postings").glob("*.csv"))) == 3


# ── what is kept of a line hangs on that line alone ──────────────────────────────────────────

VOUCHERS = st.lists(
    st.sampled_from(["1", "0101651234", "A-1", '"A;1"', "5100001234", "010165-1234", "22 44"]), max_size=6
)


@settings(max_examples=15)
@given(VOUCHERS)
def test_a_voucher_is_masked_or_not_whatever_stands_beside_it(tmp_path_factory, vouchers):
    def kept(*several: str) -> Counter[str]:
        folder = write_project(tmp_path_factory.mktemp("p"), {**NO_BOOKS, "project.yaml": PROJECT})
        run(folder, HEAD + "".join(map(row, several)))
        return Counter(each.voucher for each in dossier(folder).postings.rows)

    assert kept(*vouchers) == sum((kept(each) for each in vouchers), Counter())


@pytest.mark.parametrize("voucher", ["A;1", 'A"1', "A 1", "Bilag; lang 0101", "A-1", "123456789", "Å1"])
def test_a_voucher_is_read_back_as_the_export_has_it(folder, voucher):
    quoted = '"' + voucher.replace('"', '""') + '"'
    result = run(folder, HEAD + row(quoted))

    assert [(each.voucher, each.amount) for each in dossier(folder).postings.rows] == [(voucher, kr(80))]
    assert run(folder, HEAD + row(quoted)).known.lines == result.new.lines == 1


OLD_EXPORT = HEAD + (
    f"15-03-2022;1;40010000;{OURS};Løn Eksempel Eksempelsen, medarb.nr. 123456;80,00\n"
    f"15-03-2022;0101651234;46000000;{OURS};Samtale 010165-1234;90,00\n"
    f"16-03-2022;2201121234;46000000;{OURS};Kursus  to   blanke;12.500,50\n"
    f"16-03-2022;3;46000000;{OURS};Kursus, MA-4471;1,00\n"
    f"16-03-2022;3;46000000;{OURS};Kursus, MA-4471;1,00\n"
)
# As version 0.1.0 wrote it before it looked at each voucher for itself and left out texts of wages.
OLD_FILE = "postings/2022-04-01-standard-394e6b25.csv"
OLD = f"""\
posted;voucher;line;account;cost_centre;wbs_element;text;amount
2022-03-15;1;;40010000;;{OURS};Løn Eksempel Eksempelsen, medarb.nr. 123456;80,00
2022-03-15;0101651234;;46000000;;{OURS};Samtale [personnummer fjernet];90,00
2022-03-16;2201121234;;46000000;;{OURS};Kursus to blanke;12500,50
2022-03-16;3;;46000000;;{OURS};Kursus, MA-4471;1,00
2022-03-16;3;;46000000;;{OURS};Kursus, MA-4471;1,00
"""
OLD_LINE = (
    f"- {{kind: imported, happened: 2022-04-01, recorded: 2022-04-01, file: {OLD_FILE}, "
    'digest: "sha256:394e6b2563ab09aaa0b91523a176150501c713915022d1652294a9200221b763"}\n'
)
SECRETS = ("Eksempelsen", "123456", "4471", "0101651234", "2201121234")


@pytest.fixture
def old(folder: Path) -> Path:
    (folder / "postings").mkdir()
    (folder / OLD_FILE).write_text(OLD, encoding="utf-8", newline="\n")
    (folder / "events.yaml").write_text(OLD_LINE, encoding="utf-8", newline="\n")
    return folder


def test_an_export_that_an_earlier_version_imported_is_known_when_it_comes_again(old):
    result = run(old, OLD_EXPORT)

    assert (result.new.lines, result.known.lines, result.file) == (0, 5, None)
    assert run(old, OLD_EXPORT + row("9")).new.lines == 1


def test_what_an_earlier_version_let_through_stays_and_is_told(old):
    assert found(old, "postings-edited", "postings-with-numbers", "postings-with-wage-texts") == [
        "postings-with-numbers",
        "postings-with-wage-texts",
    ]
    assert (old / OLD_FILE).read_text(encoding="utf-8") == OLD


@pytest.mark.parametrize(
    "text", ["Kørsel 010165-1234,020270-5678", "CPR-010165-1234", "MA-nr. 4471/4472", "MA4471MA12345"]
)
def test_what_an_import_has_just_covered_is_not_told_and_is_known_again(folder, text):
    run(folder, HEAD + row(text=text))

    assert found(folder, "postings-with-numbers") == []
    assert run(folder, HEAD + row(text=text)).known.lines == 1


def test_it_is_covered_on_every_way_out(old, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    answers = [
        CliRunner().invoke(main, command)
        for command in (
            ["--lang", "da", "check", str(old)],
            ["explain", str(old), "budget.spent", "--as-of", "2022-12-31"],
            ["explain", str(old), "budget.spent", "--as-of", "2022-12-31", "--json"],
            ["budget", str(old), "--as-of", "2022-12-31", "--xlsx", "budget.xlsx"],
            ["portfolio", str(old.parent), "--as-of", "2022-12-31", "--parquet", "tal"],
            ["bundle", str(old), "--out", "revision.zip"],
        )
    ]
    written = [path.read_bytes() for path in tmp_path.rglob("*.parquet")]
    for name in ("budget.xlsx", "revision.zip"):
        with zipfile.ZipFile(tmp_path / name) as package:
            written += [package.read(part) for part in package.namelist()]

    assert [answer.exit_code for answer in answers] == [0] * len(answers)
    assert len(written) > 5
    for secret in SECRETS:
        assert not [answer.output for answer in answers if secret in answer.output]
        assert not [part for part in written if secret.encode() in part]


def test_a_bundle_says_which_files_are_covered_and_what_they_are_kept_as(old):
    packed = bundle(old, dossier(old))
    contents = zipfile.ZipFile(BytesIO(packed.content)).read("indhold.txt").decode()

    assert packed.covered == (OLD_FILE,)
    assert "394e6b2563ab09aaa0b91523a176150501c713915022d1652294a9200221b763" in contents


def test_it_can_be_had_out_of_the_file_as_the_hint_says(old):
    (told,) = (each for each in open_project(old).problems if each.code == "postings-with-numbers")
    keys = {"event": told.words["event"], "withdrawn": "true", "happened": "2022-12-31", "recorded": "2022-12-31"}
    journal.append(old, "corrected", keys)
    (old / OLD_FILE).unlink()
    result = run(old, OLD_EXPORT)

    assert result.new.lines == 5
    assert [each for each in open_project(old).problems if each.code.startswith(("postings-", "import-"))] == []


def test_texts_of_wages_are_left_out_and_rules_that_look_at_them_are_told(folder):
    typed(folder, '{account: "40*", text: "*projektleder*", line: loen}')
    text = (
        HEAD + row("1", account="40010000", text="Løn projektleder Eksempelsen") + row("2", account="40010000", text="")
    )
    result = run(folder, text + row("3"))

    assert (result.texts_left_out, codes(result)) == (1, ["import-text-rule"])
    assert [each.text for each in dossier(folder).postings.rows] == ["", "", "Kursus"]
    assert not [each for each in result.proposals if "Eksempelsen" in each.unplaced.text]


def test_a_proposed_rule_is_not_written_with_the_name_of_a_wage_account(folder):
    (folder / "allocation.yaml").write_text('rules:\n  - {account: "86*", grant_income: true}\n', encoding="utf-8")
    heads = HEAD.replace("Tekst", "Kontotekst;Tekst", 1)
    lines = "".join(
        f"15-03-2022;{each};{account};{OURS};Navn Eksempelsen;;80,00\n"
        for each, account in (("1", "40010000"), ("2", "46000000"))
    )
    result = run(folder, heads + lines)

    assert [(each.unplaced.account, each.unplaced.names_people) for each in result.proposals] == [
        ("40010000", True),
        ("46000000", False),
    ]
    assert ["Eksempelsen" in line for each in result.proposals for line in rule_as_told(each)][1::2] == [False, True]


@pytest.mark.parametrize(("account", "said"), [("29000000", "Konto 29000000: 80"), ("", "Posteringer uden konto: 80")])
def test_what_no_rule_places_is_told_by_its_account_or_as_without_one(folder, account, said):
    run(folder, HEAD + row(account=account))
    answer = CliRunner().invoke(main, ["--lang", "da", "check", str(folder)])

    assert f"{said} kr. er ikke på nogen budgetpost" in answer.output


# ── the file and its line in the log are one ─────────────────────────────────────────────────


def test_two_imports_of_one_day_whose_new_lines_are_the_same_have_a_file_each(folder):
    results = [run(folder, HEAD + row() * count) for count in (1, 2, 2, 4, 6)]

    assert [(each.new.lines, each.known.lines) for each in results] == [(1, 0), (1, 1), (0, 2), (2, 2), (2, 4)]
    files = [event.file for event in events(folder)]
    assert [each.file for each in results if each.file] == files
    assert len(set(files)) == 4 == len(list((folder / "postings").glob("*.csv")))
    assert spent(folder) == kr(6 * 80)
    assert found(folder, *DOUBTS, "import-not-logged", "postings-edited", "postings-gone") == []


def test_two_imports_of_one_day_without_postings_have_a_file_each_and_the_first_can_be_withdrawn(folder):
    run(folder, HEAD + row() + row("2", "1,00") + row("3", "2,00"), **YEAR)
    files = [run(folder, HEAD + row() + left, **YEAR).file for left in (row("3", "2,00"), "")]
    said = {"event": events(folder)[1].called, "withdrawn": "true", "happened": "2022-12-31", "recorded": "2022-12-31"}
    assert journal.append(folder, "corrected", journal.as_written("corrected", said)).written
    (folder / str(files[0])).unlink()

    assert found(folder, "import-not-logged", "import-withdrawn", "postings-gone") == []
    assert [each.words["vouchers"] for each in doubts(folder)] == ["3"]


@pytest.mark.parametrize("error", [OSError("disken er fuld"), KeyboardInterrupt()])
def test_where_the_log_cannot_be_written_there_is_no_file(folder, monkeypatch, error):
    def full(*_args: object) -> None:
        raise error

    monkeypatch.setattr(journal, "write_whole", full)
    with pytest.raises(type(error)):
        run(folder, HEAD + row())

    assert not list((folder / "postings").iterdir())


def test_a_file_that_is_logged_stays_whatever_comes_after(folder, monkeypatch):
    appended = journal.append_locked

    def then_stopped(*args: object) -> None:
        appended(*args)  # type: ignore[arg-type]
        raise KeyboardInterrupt

    monkeypatch.setattr(importing.journal, "append_locked", then_stopped)
    with pytest.raises(KeyboardInterrupt):
        run(folder, HEAD + row())

    assert len(list((folder / "postings").glob("*.csv"))) == 1
    assert found(folder, "import-not-logged", "postings-gone") == []


def test_an_import_that_finds_its_file_unlogged_logs_it(folder):
    run(folder, HEAD + row())
    first = run(folder, HEAD + row() + row("2"), date(2023, 1, 2))
    log = folder / "events.yaml"
    log.write_text(re.sub(r"- .*recorded: 2023-01-02.*\n", "", log.read_text(encoding="utf-8")), encoding="utf-8")
    assert found(folder, "import-not-logged") == ["import-not-logged"]

    again = run(folder, HEAD + row() + row("2"), date(2023, 1, 9))

    assert (again.found, again.file, again.new.lines) == (True, first.file, 1)
    assert found(folder, "import-not-logged") == []
    assert [(event.happened, event.recorded) for event in events(folder)][1] == (date(2023, 1, 2), date(2023, 1, 9))
    assert spent(folder) == kr(160)


def test_another_export_leaves_an_unlogged_file_as_it_is(folder):
    first = run(folder, HEAD + row())
    (folder / "events.yaml").unlink()
    again = run(folder, HEAD + row() + row("2"))

    assert (again.found, again.new.lines, again.known.lines, again.problems) == (False, 1, 1, [])
    assert found(folder, "import-not-logged") == ["import-not-logged"]
    assert first.file != again.file


def test_a_file_that_nobody_logged_and_that_is_no_postings_stops_an_import(folder):
    first = run(folder, HEAD + row())
    (folder / "events.yaml").unlink()
    (folder / str(first.file)).write_text("posted;voucher\n2022-03-15;1\n", encoding="utf-8")
    again = run(folder, HEAD + row("2"))

    assert (again.failed, codes(again), again.file) == (True, ["posting-header"], None)


def test_of_two_files_that_nobody_logged_each_is_found_by_its_own_export(folder):
    """They hold the same, so either of them would hide that the other is missing in the log."""
    once, twice = HEAD + row(), HEAD + 2 * row()
    files = [run(folder, once).file, run(folder, twice, date(2023, 1, 2)).file]
    (folder / "events.yaml").unlink()
    again = [run(folder, export, date(2023, 1, 9)) for export in (once, twice)]

    assert [(each.found, each.file, each.new.lines) for each in again] == [(True, file, 1) for file in files]
    assert (found(folder, "import-not-logged"), spent(folder)) == ([], kr(160))


def test_an_export_with_a_line_that_cannot_be_read_logs_no_file_that_was_found(folder):
    first = run(folder, HEAD + row())
    (folder / "events.yaml").unlink()
    again = run(folder, HEAD + row() + row("2", "mange"))

    assert (again.failed, again.found, again.file, codes(again)) == (True, False, None, ["export-value"])
    assert not (folder / "events.yaml").exists()
    assert (folder / str(first.file)).exists()


@pytest.mark.parametrize("dry_run", [True, False])
def test_a_file_that_nobody_logged_and_somebody_edited_is_not_taken_for_what_the_import_would_write(folder, dry_run):
    first = run(folder, HEAD + row())
    (folder / "events.yaml").unlink()
    edited = folder / str(first.file)
    edited.write_text(edited.read_text(encoding="utf-8").replace("80,00", "81,00"), encoding="utf-8")
    before = edited.read_bytes()
    again = import_export(folder, folder.parent / "eksport.csv", DAY, dry_run=dry_run)

    assert (again.failed, again.file, codes(again)[-1]) == (True, None, "postings-edited")
    assert edited.read_bytes() == before
    assert not (folder / "events.yaml").exists()


# ── through another dialect ──────────────────────────────────────────────────────────────────

QUARTER = {"starts": date(2022, 1, 1), "ends": date(2022, 3, 31)}
RENAMED = "Bogføringsdato;Bilagsnr;Artskonto;PSP-element;Posteringstekst;Beløb\n"


def write_renamed(folder: Path) -> None:
    """The usual dialect with one heading otherwise, as another version of the ERP may have it."""
    usual = (shelf.TEMPLATES / "erp" / "standard.yaml").read_text(encoding="utf-8")
    path = folder / "templates" / "erp" / "ny-standard.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(usual.replace("[Tekst]", "[Posteringstekst]"), encoding="utf-8")


def test_an_amount_that_was_corrected_is_told_also_where_the_export_comes_through_another_dialect(folder):
    write_renamed(folder)
    run(folder, HEAD + row("1001", "12.500,00"), **QUARTER)
    (changed,) = run(folder, RENAMED + row("01001", "12.400,00"), **QUARTER).problems

    assert (changed.code, changed.words["vouchers"]) == ("import-changed", "1001")
    assert (found(folder, *DOUBTS), spent(folder)) == (["posting-changed"], kr(24_900))
    assert [each.amount for each in dossier(folder).doubts().postings] == [kr(12_500)]
    typed(folder, changed.words["rule"])
    assert (found(folder, *DOUBTS), spent(folder)) == ([], kr(12_400))


def test_of_a_posting_that_was_moved_the_last_export_stands_whichever_dialect_it_came_through(folder):
    write_renamed(folder)
    run(folder, HEAD + row("1001") + row("1003", "250,00"), **QUARTER)
    moved = row("1001", day="16-03-2022") + row("1003", "250,00")
    (changed,) = run(folder, RENAMED + moved, **QUARTER).problems

    assert (changed.code, found(folder, *DOUBTS)) == ("import-changed", ["posting-changed"])
    typed(folder, changed.words["rule"])
    assert (found(folder, *DOUBTS), spent(folder)) == ([], kr(330))
    assert codes(run(folder, RENAMED + moved + others(), **QUARTER)) == []
    assert codes(run(folder, HEAD + moved, **QUARTER)) == []
    counts = [each.posting for each in dossier(folder).postings.allocated if each.place == "line"]
    assert sorted((each.voucher, each.posted.day) for each in counts) == [("1001", 16), ("1003", 15)]


def test_a_posting_on_another_account_is_told_through_another_dialect(folder):
    write_renamed(folder)
    run(folder, HEAD + row(), **QUARTER)

    assert codes(run(folder, RENAMED + row(account="46100000"), **QUARTER)) == ["import-changed"]
    assert found(folder, *DOUBTS) == ["posting-changed"]


def test_what_a_later_export_of_the_same_books_lacks_is_told_whatever_its_dialect(folder):
    write_renamed(folder)
    run(folder, HEAD + row("1001") + row("1003", "250,00") + row("5001", "9,00", account="40000000"), **QUARTER)
    results = [run(folder, RENAMED + row("1003", "250,00"), **QUARTER) for _ in range(2)]

    assert [(codes(each), each.new.lines, bool(each.file)) for each in results] == [
        (["import-vanished"], 0, True),
        (["import-vanished"], 0, False),
    ]
    assert [(each.code, each.words["vouchers"]) for each in doubts(folder)] == [("posting-vanished", "1001, 5001")]
    answer(folder, doubts(folder)[0].words["event"], doubts(folder)[0].words["left"])
    assert codes(run(folder, RENAMED + row("1003", "250,00") + others(), **QUARTER)) == []
    assert found(folder, *DOUBTS) == []


def test_what_was_lacked_and_comes_again_is_told_of_no_more_through_whichever_dialect(folder):
    write_renamed(folder)
    both = row("1001") + row("1003", "250,00")
    run(folder, HEAD + both, **QUARTER)
    run(folder, RENAMED + row("1003", "250,00"), **QUARTER)

    assert codes(run(folder, RENAMED + both, **QUARTER)) == []
    assert found(folder, *DOUBTS) == []
    run(folder, RENAMED + row("1003", "250,00") + others(), **QUARTER)
    assert found(folder, *DOUBTS) == ["posting-vanished"]
    assert codes(run(folder, HEAD + both + others(2), **QUARTER)) == []
    assert found(folder, *DOUBTS) == []


def test_what_a_rule_takes_back_and_goes_and_comes_again_is_told_by_check_too(folder):
    write_renamed(folder)
    run(folder, HEAD + row("9") + row("1001"), **YEAR)
    moved = RENAMED + row("9") + row("1001", day="16-04-2022")
    (double,) = run(folder, moved, **YEAR).problems
    typed(folder, double.words["rule"])
    (gone,) = run(folder, RENAMED + row("9"), **YEAR).problems
    typed(folder, gone.words["rule"])
    assert (found(folder, *DOUBTS), spent(folder)) == ([], kr(80))

    assert codes(run(folder, moved + others(), **YEAR)) == ["import-taken-back"]
    (told,) = doubts(folder)
    assert told.code == "posting-reappeared"
    obeyed(folder, told)
    assert (found(folder, *DOUBTS), spent(folder)) == ([], kr(160))


def test_what_comes_otherwise_after_it_had_gone_is_told_as_changed_by_import_and_check(folder):
    write_renamed(folder)
    run(folder, HEAD + row("1001") + row("9"), **YEAR)
    results = [run(folder, RENAMED + row("9") + its, **YEAR) for its in ("", row("1001", text="Kursus, modul 2"))]

    assert [codes(each) for each in results] == [["import-vanished"], ["import-changed"]]
    assert [each.code for each in doubts(folder)] == ["posting-changed"]
    typed(folder, doubts(folder)[0].words["rule"])
    assert (found(folder, *DOUBTS), spent(folder)) == ([], kr(160))


def test_another_system_of_other_postings_says_nothing_of_the_first(folder):
    write_dialect(folder, "vores")
    run(folder, HEAD + row("1001") + row("1003", "250,00"), **QUARTER)

    assert codes(run(folder, LIST + listed("9001", "7,00") + listed("9002", "8,00"), **QUARTER)) == []
    assert codes(run(folder, HEAD + row("1001") + row("1003", "250,00") + others(), **QUARTER)) == []
    assert found(folder, *DOUBTS) == []


def test_a_list_of_some_accounts_does_not_say_that_others_are_gone(folder):
    write_dialect(folder, "vores")
    run(folder, HEAD + row("1001") + row("1003", "250,00") + row("5001", "9,00", account="40000000"), **QUARTER)
    result = run(folder, LIST + listed("1003", "250,00"), **QUARTER)

    assert [(each.code, each.words["vouchers"]) for each in result.problems] == [
        ("import-vanished", "1001"),
        ("posting-twice", "1003"),
    ]


def test_an_export_of_other_days_says_nothing_of_earlier_ones_whatever_its_dialect(folder):
    write_renamed(folder)
    run(folder, HEAD + row("1001") + row("1003", "250,00"), **QUARTER)

    april = run(folder, RENAMED + row("1001", "81,00", "15-04-2022"), starts=date(2022, 4, 1), ends=date(2022, 4, 30))
    assert codes(april) == []


# ── a list for each element ──────────────────────────────────────────────────────────────────

SECOND = "XA-1391100000-00030"


@pytest.fixture
def of_two(folder: Path) -> Path:
    """The project, with two elements."""
    (folder / "project.yaml").write_text(f"{PROJECT}erp: {{wbs_elements: [{OURS}, {SECOND}]}}\n", encoding="utf-8")
    return folder


def test_lists_of_one_element_each_say_nothing_of_each_other_and_of_their_own_what_is_gone(of_two):
    first, second = HEAD + row("1"), HEAD + row("2", "2,00", wbs=SECOND)
    results = [
        run(of_two, each, **QUARTER) for each in (first, second, first + row("3"), second + row("4", wbs=SECOND))
    ]

    assert [codes(each) for each in results] == [[], *[["import-other-list"]] * 3]
    assert (found(of_two, *DOUBTS), [event.vanished for event in events(of_two)]) == ([], [()] * 4)
    assert codes(run(of_two, first + others(), **QUARTER)) == ["import-other-list", "import-vanished"]
    assert [each.words["vouchers"] for each in doubts(of_two)] == ["3"]


def test_an_element_that_has_stood_in_one_list_with_another_is_gone_where_that_one_is_left(of_two):
    run(of_two, HEAD + row("1"), **QUARTER)
    run(of_two, HEAD + row("1") + row("2", "2,00", wbs=SECOND), **QUARTER)

    assert [event.elements for event in events(of_two)] == [(), (OURS, SECOND)]
    assert codes(run(of_two, HEAD + row("1") + row("3", "3,00"), **QUARTER)) == ["import-vanished"]
    assert [each.words["vouchers"] for each in doubts(of_two)] == ["2"]
    assert codes(run(of_two, HEAD, **QUARTER)) == ["import-vanished"] * 3


def test_a_list_whose_head_names_an_element_says_what_is_gone_of_it_though_it_has_no_line(of_two):
    run(of_two, HEAD + row("1"), **QUARTER)
    run(of_two, HEAD + row("2", "2,00", wbs=SECOND), **QUARTER)

    assert codes(run(of_two, HEAD, **QUARTER)) == ["import-other-list"]
    named = run(of_two, f"PSP-element: {SECOND}\n{HEAD}", **QUARTER)
    assert [(each.code, each.words.get("vouchers")) for each in named.problems] == [
        ("import-other-list", None),
        ("import-vanished", "2"),
    ]


def test_a_voucher_on_two_elements_is_changed_by_no_list_of_the_other_one(of_two):
    run(of_two, HEAD + row("31", "60,00"), **QUARTER)

    assert codes(run(of_two, HEAD + row("31", "40,00", wbs=SECOND), **QUARTER)) == ["import-other-list"]
    assert (found(of_two, *DOUBTS), spent(of_two)) == ([], kr(100))


def test_a_line_that_moved_to_the_other_element_is_changed_where_a_list_has_both(of_two):
    both = row("8") + row("9", wbs=SECOND)
    run(of_two, HEAD + both + row("1"), **QUARTER)
    assert codes(run(of_two, HEAD + both + row("1", wbs=SECOND), **QUARTER)) == ["import-changed"]


def test_a_line_that_moved_to_the_other_element_is_told_by_the_list_that_lacked_it_before(of_two):
    first, second, moved = row("8"), row("9", wbs=SECOND), row("1", wbs=SECOND)
    run(of_two, HEAD + first + row("1"), **QUARTER)
    run(of_two, HEAD + second, **QUARTER)

    assert codes(run(of_two, HEAD + second + moved, **QUARTER)) == ["import-other-list", "import-changed"]
    assert [(each.code, each.words["amount"]) for each in doubts(of_two)] == [("posting-changed", "80")]
    assert codes(run(of_two, HEAD + first, **QUARTER)) == ["import-other-list", "import-vanished"]
    typed(of_two, doubts(of_two)[0].words["rule"])
    assert (found(of_two, *DOUBTS), spent(of_two)) == ([], kr(240))
    assert codes(run(of_two, HEAD + first + second + moved, **QUARTER)) == []


@pytest.mark.parametrize("before", [[], [HEAD + row("9", wbs=SECOND)]], ids=["no-list", "an-older-list"])
def test_what_is_divided_evenly_among_two_elements_is_no_change_of_either(of_two, before):
    half, other = row("1"), row("1", wbs=SECOND)
    for each in before:
        run(of_two, each, **QUARTER)
    run(of_two, HEAD + row("8") + half, **QUARTER)

    assert codes(run(of_two, HEAD + row("9", wbs=SECOND) + other, **QUARTER)) == ["import-other-list"]
    assert found(of_two, *DOUBTS) == []


def test_a_line_that_moved_to_the_other_element_is_told_by_the_list_of_its_own(of_two):
    first, second, moved = row("8"), row("9", wbs=SECOND), row("1", wbs=SECOND)
    run(of_two, HEAD + second, **QUARTER)
    run(of_two, HEAD + first + row("1"), **QUARTER)

    assert codes(run(of_two, HEAD + second + moved, **QUARTER)) == ["import-other-list"]
    assert codes(run(of_two, HEAD + first, **QUARTER)) == ["import-other-list", "import-vanished"]
    assert codes(run(of_two, HEAD + first + second + moved, **QUARTER)) == ["import-vanished"]
    typed(of_two, doubts(of_two)[0].words["rule"])
    assert (found(of_two, *DOUBTS), spent(of_two)) == ([], kr(240))


@pytest.mark.parametrize("left", ["", "8"])
def test_what_is_all_posted_anew_on_the_other_element_is_changed_whatever_lists_stand_together(of_two, left):
    run(of_two, HEAD + row("1") + (row(left) if left else ""), **QUARTER)
    result = run(of_two, HEAD + row("1", wbs=SECOND), **QUARTER)

    assert codes(result) == ([] if left else ["import-changed"]) + (["import-other-list"] if left else [])
    if not left:
        typed(of_two, doubts(of_two)[0].words["rule"])
        assert (found(of_two, *DOUBTS), spent(of_two)) == ([], kr(80))


def test_what_is_taken_back_and_has_come_again_is_told_by_check_also_after_the_list_of_the_other_element(of_two):
    first, second = row("1") + row("2", "2,00"), row("9", "9,00", wbs=SECOND)
    run(of_two, HEAD + first, **YEAR)
    run(of_two, HEAD + second, **YEAR)
    (_note, gone) = run(of_two, HEAD + row("2", "2,00"), **YEAR).problems
    typed(of_two, gone.words["rule"])

    assert codes(run(of_two, HEAD + first + others(), **YEAR)) == ["import-other-list", "import-taken-back"]
    run(of_two, HEAD + second + row("10", wbs=SECOND), **YEAR)
    assert [each.code for each in doubts(of_two)] == ["posting-reappeared"]


def test_a_list_with_no_line_says_nothing_of_an_element_that_no_list_has_had_with_another(of_two, folder):
    run(of_two, HEAD + row("1"), **QUARTER)

    assert codes(run(of_two, HEAD, **QUARTER)) == ["import-other-list"]
    (of_two / "project.yaml").write_text(f"{PROJECT}erp: {{wbs_elements: [{OURS}]}}\n", encoding="utf-8")
    assert codes(run(of_two, HEAD, **QUARTER)) == ["import-vanished"]


def test_after_one_list_of_both_a_list_for_each_element_is_asked_about_once(of_two):
    first, second = row("1"), row("2", "2,00", wbs=SECOND)
    run(of_two, HEAD + first + second, **QUARTER)
    asked = [
        codes(run(of_two, HEAD + each + others(number), **QUARTER)) for number in (1, 2) for each in (first, second)
    ]

    assert asked == [["import-vanished"], *[["import-other-list"]] * 3]
    assert [event.elements for event in events(of_two)] == [(), (OURS,), (SECOND,)]
    assert found(of_two, *DOUBTS) == []


def test_what_one_list_has_both_of_again_is_gone_where_one_of_them_is_left(of_two):
    first, second = row("1"), row("2", "2,00", wbs=SECOND)
    for number, lines in enumerate((first, second, first + second + row("3"), first)):
        result = run(of_two, HEAD + lines + others(number), **QUARTER)

    assert [event.elements for event in events(of_two)] == [(), (), (OURS, SECOND), (OURS,)]
    assert codes(result) == ["import-vanished"] * 2


def test_wages_and_invoices_in_lists_of_their_own_are_asked_about_once_each_and_not_for_ever(folder):
    asked, wages, invoices = [], "", ""
    for number in range(1, 5):
        wages += row(f"4{number}", f"{number},00", account="40000000")
        invoices += row(f"6{number}", f"{number},00")
        for lines in (wages, invoices):
            asked.append({*codes(run(folder, HEAD + lines, DAY + timedelta(days=number), **YEAR))})
            while told := doubts(folder):
                obeyed(folder, told[0])

    assert asked[:4] == [
        set(),
        {"import-vanished"},
        {"import-vanished", "import-taken-back"},
        {"import-taken-back", "import-other-list"},
    ]
    assert asked[4:] == [{"import-other-list"}] * 4
    assert spent(folder) == kr(2 * (1 + 2 + 3 + 4))
    new = row("49", account="40000000") + row("69")
    assert codes(run(folder, HEAD + wages + invoices + new, **YEAR)) == []
    assert codes(run(folder, HEAD + invoices + row("69"), **YEAR)) == ["import-vanished"] * 5


def of_an_element(wbs: str) -> st.SearchStrategy[str]:
    """The lines of one element, with vouchers that the other may have too."""
    line = st.builds(row, st.sampled_from("12"), st.sampled_from(["1,00", "2,00"]), wbs=st.just(wbs))
    return st.lists(line, max_size=3).map(lambda lines: row("9", wbs=wbs) + "".join(lines))


@settings(max_examples=8, deadline=None)
@given(
    st.lists(st.tuples(of_an_element(OURS), of_an_element(SECOND)), min_size=2, max_size=4),
    st.integers(0, 2),
    st.integers(0, 4),
    st.booleans(),
)
def test_hints_of_lists_for_each_element_leave_what_the_last_ones_have_and_ask_for_nothing_for_ever(
    tmp_path_factory, books, second_from, joint, at_once
):
    """The second element is empty at first, one list has both, and hints are typed after each list or each round."""
    erp = f"{PROJECT}erp: {{wbs_elements: [{OURS}, {SECOND}]}}\n"
    folder = write_project(tmp_path_factory.mktemp("p"), {**NO_BOOKS, "project.yaml": erp, "allocation.yaml": RULES})
    rounds = [(first, second if number >= second_from else "") for number, (first, second) in enumerate(books)]
    for number, its in enumerate([*rounds, *[rounds[-1]] * 2]):
        lists = ["".join(its)] if number == joint and number < len(rounds) else its
        for place, lines in enumerate(lists):
            day = DAY + timedelta(days=number)
            result = run(folder, HEAD + lines + others(2 * number + place), day, **YEAR)
            for _ in range(20 if at_once or place == len(lists) - 1 else 0):
                if not (told := doubts(folder)):
                    break
                obeyed(folder, told[0])
            asked = {*codes(result)} - {"import-other-list", "import-none-own"}
            assert number < len(rounds) + 1 or not asked

    assert doubts(folder) == []
    assert spent(folder) == sum(kr(int(line.rsplit(";", 1)[1][:-4])) for line in "".join(rounds[-1]).splitlines(True))


def test_lists_that_are_right_all_the_same_are_asked_about_once_each_and_what_goes_from_them_later_is_told(folder):
    wages = row("41", account="40000000") + row("42", account="40000000")
    invoices = row("61") + row("62")
    for number, lines in enumerate((invoices, wages, invoices, wages, invoices)):
        run(folder, HEAD + lines + others(number), DAY + timedelta(days=number), **YEAR)
        for told in doubts(folder):
            answer(folder, told.words["event"], told.words["left"])

    result = run(folder, HEAD + row("41", account="40000000") + others(9), DAY + timedelta(days=9), **YEAR)
    assert [each.words["vouchers"] for each in result.problems if each.code == "import-vanished"] == ["42"]
    assert [each.words["vouchers"] for each in doubts(folder)] == ["42"]


@pytest.mark.parametrize("other", [{"account": "40000000"}, {"wbs": "XA-1391100000-00030"}])
def test_that_a_list_of_another_sort_had_nothing_of_it_is_no_answer_to_what_its_own_list_lacks(folder, of_two, other):
    run(of_two, HEAD + row("1") + row("2") + (row("8", **other) if "wbs" in other else ""), **YEAR)
    run(of_two, HEAD + row("8", **other) + row("9", **other), **YEAR)
    for told in doubts(of_two):
        answer(of_two, told.words["event"], told.words["left"])
    assert found(of_two, *DOUBTS) == []

    run(of_two, HEAD + row("1"), **YEAR)
    assert "2" in [each.words["vouchers"] for each in doubts(of_two)]


@pytest.mark.parametrize("heads", [(HEAD, HEAD, HEAD), (HEAD, HEAD, RENAMED), (HEAD, RENAMED, HEAD)])
@pytest.mark.parametrize(
    "other", [{"amount": "55,00"}, {"account": "46100000"}, {"amount": "55,00", "account": "46100000"}]
)
def test_what_is_corrected_and_corrected_back_counts_once_though_nobody_says_the_period(folder, other, heads):
    write_renamed(folder)
    right, wrong = (row(**{"voucher": "2", "amount": "50,00", **keys}) for keys in ({}, other))
    for number, (head, lines) in enumerate(zip(heads, (right, wrong, right), strict=True)):
        result = run(folder, head + row("9") + lines + others(number), DAY + timedelta(days=number))
        while told := doubts(folder):
            obeyed(folder, told[0])

    assert "import-changed" in codes(result)
    assert spent(folder) == kr(130)


def test_what_lies_before_an_exports_first_line_is_told_as_not_looked_at_where_only_its_end_is_said(folder):
    run(folder, HEAD + row("1", day="05-01-2022") + row("2"), ends=date(2022, 3, 31))
    result = run(folder, HEAD + row("2") + row("3", day="15-04-2022"), ends=date(2022, 4, 30))

    assert codes(result) == ["import-period-guessed"]
    assert codes(run(folder, HEAD + row("4", day="15-05-2022"), ends=date(2022, 5, 31))) == []


def test_a_list_of_invoices_and_one_of_postings_by_turns_are_asked_about_once(folder):
    write_dialect(folder, "fakturaer")
    postings = HEAD + row("1", "60,00") + row("1", "20,00", account="46100000")
    invoices = LIST + listed("1", "80,00")
    run(folder, postings, **YEAR)
    assert codes(run(folder, invoices, **YEAR)) == ["import-changed"]
    typed(folder, doubts(folder)[0].words["rule"])

    for number in range(2):
        assert codes(run(folder, postings + others(number), **YEAR)) == []
        assert (found(folder, *DOUBTS), spent(folder)) == ([], kr(80))
        run(folder, invoices + listed("7", "1,00").replace(OURS, "XA-1391100000-00099"), **YEAR)
        assert (found(folder, *DOUBTS), spent(folder)) == ([], kr(80))


def has_both(*amounts: int) -> str:
    """A voucher in lines of its own, as a list of postings has it."""
    return HEAD + "".join(row("1", f"{each},00", text=f"Linje {number}") for number, each in enumerate(amounts))


@pytest.mark.parametrize("is_last", [False, True])
@pytest.mark.parametrize(
    "lists",
    [
        ([80], [60, 20], [80], [90, 20], [110]),
        ([60, 20], [80], [60, 20], [110], [90, 20]),
        ([60, 20], [80], [50, 20], [70], [60, 20], [80]),
    ],
)
def test_a_voucher_of_two_lines_that_is_corrected_while_two_lists_take_turns_counts_once(folder, lists, is_last):
    write_dialect(folder, "fakturaer")
    for number, amounts in enumerate(lists):
        of_invoices = LIST + listed("1", f"{sum(amounts)},00") + listed("7", f"{number + 1},00").replace(OURS, "XA-1")
        result = run(folder, of_invoices if len(amounts) == 1 else has_both(*amounts) + others(number), **YEAR)
        assert bool(codes(result)) == bool(doubts(folder))
        while told := doubts(folder):
            obeyed(folder, told[-is_last])
        assert spent(folder) == kr(sum(amounts))


VOUCHER = st.dictionaries(st.sampled_from("12"), st.lists(st.integers(1, 4), min_size=1, max_size=3), min_size=1)


@settings(max_examples=18, deadline=None)
@given(st.lists(st.tuples(VOUCHER, st.booleans()), min_size=2, max_size=5), st.booleans())
def test_hints_of_a_list_of_invoices_and_one_of_postings_leave_what_the_last_one_has(tmp_path_factory, books, at_once):
    """One system; the vouchers come and are corrected, and hints are typed after each list, or at last."""
    folder = write_project(
        tmp_path_factory.mktemp("p"),
        {**NO_BOOKS, "project.yaml": f"{PROJECT}erp: {{wbs_elements: [{OURS}]}}\n", "allocation.yaml": RULES},
    )
    write_dialect(folder, "fakturaer")
    has: dict[str, list[int]] = {}
    for number, (vouchers, is_of_invoices) in enumerate(books):
        has |= vouchers
        if is_of_invoices:
            its = LIST + listed("9", "80,00") + "".join(listed(each, f"{sum(has[each])},00") for each in has)
            its += listed("7", f"{number},00").replace(OURS, "XA-1391100000-00099")
        else:
            lines = ((voucher, place, each) for voucher, of in has.items() for place, each in enumerate(of))
            its = HEAD + row("9") + others(number)
            its += "".join(row(voucher, f"{each},00", text=f"Linje {place}") for voucher, place, each in lines)
        run(folder, its, DAY + timedelta(days=number), **YEAR)
        for _ in range(20 if at_once or number == len(books) - 1 else 0):
            if not (told := doubts(folder)):
                break
            if told[0].code == "posting-twice":
                typed(folder, told[0].words["rule"])
            else:
                obeyed(folder, told[0])

    assert doubts(folder) == []
    assert spent(folder) == kr(80) + sum(kr(each) for its in has.values() for each in its)


def test_of_lines_that_are_equal_in_two_lists_the_one_that_counts_is_the_one_that_is_there(folder):
    """The first list has one of them, the second two, and then each has one again."""
    write_renamed(folder)
    one = row("9") + row("1", "2,00") + row("1", "1,00")
    for number, (head, lines) in enumerate(
        ((RENAMED, one), (HEAD, row("9") + row("1", "2,00") * 2), (RENAMED, one), (HEAD, one))
    ):
        result = run(folder, head + lines + others(number), DAY + timedelta(days=number), **YEAR)
        while told := doubts(folder):
            obeyed(folder, told[0])
        assert spent(folder) == kr(80 + (4 if number == 1 else 3))

    assert codes(result) == []


def test_what_was_answered_is_not_asked_again_until_it_has_been_seen_and_is_gone_anew(folder):
    run(folder, HEAD + row() + row("2", "1,00"), **YEAR)
    run(folder, HEAD + row(), **YEAR)
    answer(folder, doubts(folder)[0].words["event"], "")
    for number, lines in enumerate((row(), row() + row("2", "1,00"))):
        assert codes(run(folder, HEAD + lines + others(number), **YEAR)) == []
    assert found(folder, *DOUBTS) == []

    assert codes(run(folder, HEAD + row() + others(2), **YEAR)) == ["import-vanished"]
    assert found(folder, *DOUBTS) == ["posting-vanished"]


@pytest.mark.parametrize("through", ["standard", "vores"])
def test_that_a_line_is_right_is_no_answer_to_a_new_line_of_its_voucher_and_day(folder, through):
    write_dialect(folder, "vores")
    run(folder, HEAD + row() + row("2", "1,00"), **YEAR)
    run(folder, HEAD + row("2", "1,00"), **YEAR)
    answer(folder, doubts(folder)[0].words["event"], "")
    assert found(folder, *DOUBTS) == []

    changed = {"standard": HEAD + row("1", "603,00") + row("2", "1,00"), "vores": LIST + listed("1", "603,00")}[through]
    assert codes(run(folder, changed, **YEAR))[:1] == ["import-changed"]
    (told,) = doubts(folder)
    assert (told.code, told.words["vouchers"]) == ("posting-changed", "1")
    answer(folder, str(told.phrases["answer"].words["event"]), str(told.phrases["answer"].words["left"]))
    assert codes(run(folder, changed + (others() if through == "standard" else ""), **YEAR)) == []
    assert doubts(folder) == []


@pytest.mark.parametrize("older", ['voucher: "1"', "amount: 80", "posted: 2022-03-15", 'file: "*"'])
def test_a_rule_that_is_older_than_a_double_is_no_answer_to_it(folder, older):
    write_dialect(folder, "vores")
    typed(folder, f"{{{older}, line: kurser}}")
    run(folder, HEAD + row(), **YEAR)
    (told,) = run(folder, LIST + listed("1", "80,00"), **YEAR).problems

    assert (told.code, found(folder, *DOUBTS)) == ("posting-twice", ["posting-twice"])
    obeyed(folder, told)
    assert (found(folder, *DOUBTS), spent(folder)) == ([], kr(160))


# ── a rule, a mask and a file that is gone ───────────────────────────────────────────────────


def test_a_rule_that_takes_back_both_lines_of_a_double_is_told_by_import_and_check(folder):
    write_dialect(folder, "vores")
    typed(folder, '{voucher: "1001", taken_back: true, reason: Dobbelt}')
    run(folder, HEAD + row("1001") + row("2", "1,00"), **QUARTER)
    (told,) = run(folder, LIST + listed("1001", "80,00") + listed("2", "2,00"), **QUARTER).problems[-1:]

    assert told.code == "posting-nowhere"
    (told,) = [each for each in open_project(folder).problems if each.code == "posting-nowhere"]
    assert told.at.line == 2
    path = folder / "allocation.yaml"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    lines[1] = f"  - {told.words['rule']}\n"
    path.write_text("".join(lines), encoding="utf-8")
    assert found(folder, "posting-nowhere", "posting-twice") == []
    assert [each.amount for each in dossier(folder).doubts().nowhere] == []


@pytest.mark.parametrize("text", ["Saldo", "Primosaldo", "SALDO PRIMO", "Overført saldo"])
def test_a_balance_that_a_list_carries_forward_is_told_until_its_rule_is_typed(folder, text):
    (told,) = run(folder, HEAD + row("", "500,00", text=text) + row()).problems
    typed(folder, f'{{text: "{text}", taken_back: true, reason: …}}')

    assert (told.code, told.words["count"], spent(folder)) == ("import-balance", "1", kr(80))
    assert codes(run(folder, HEAD + row("", "500,00", text=text) + row() + others())) == []
    assert "import-balance" not in codes(run(folder, HEAD + row("", "500,00", text="Saldobalancekursus")))


def test_different_vouchers_that_are_masked_are_not_told_as_one(folder):
    run(folder, HEAD + row("2101000345", text="Abonnement"), **QUARTER)
    april = {"starts": date(2022, 4, 1), "ends": date(2022, 4, 30)}
    result = run(folder, HEAD + row("2101000399", day="15-04-2022", text="Abonnement"), **april)

    assert codes(result) == ["import-voucher-masked"]
    assert found(folder, *DOUBTS) == []


@pytest.mark.parametrize("withdrawn", [True, False])
def test_an_import_whose_file_is_gone_is_known_on_no_day(folder, withdrawn):
    run(folder, HEAD + row(), date(2022, 4, 1), **QUARTER)
    (event,) = events(folder)

    def known(day: date) -> tuple[bool, date | None]:
        reach = dossier(folder).state(date(2022, 3, 31), day).reach
        return reach.is_unknown(), reach.until

    assert known(date(2022, 4, 2)) == (False, date(2022, 3, 31))
    if withdrawn:
        said = {"event": event.called, "withdrawn": "true", "happened": "2022-12-30", "recorded": "2022-12-30"}
        assert journal.append(folder, "corrected", journal.as_written("corrected", said)).written
        assert known(date(2022, 4, 2)) == (False, date(2022, 3, 31))
    (folder / event.file).unlink()
    assert known(date(2022, 4, 2)) == (True, None)
    if withdrawn:
        run(folder, HEAD + row(), **QUARTER)
        assert (known(date(2022, 4, 2)), known(DAY)) == ((True, None), (False, date(2022, 3, 31)))


def test_a_file_that_is_lost_is_had_again_as_the_hint_says(folder):
    run(folder, HEAD + row(), **QUARTER)
    (event,) = events(folder)
    (folder / event.file).unlink()
    (gone,) = [each for each in open_project(folder).problems if each.code == "postings-gone"]
    said = {"event": gone.words["event"], "withdrawn": "true", "happened": "2022-12-31", "recorded": "2022-12-31"}
    assert journal.append(folder, "corrected", journal.as_written("corrected", said)).written

    assert codes(run(folder, HEAD + row(), **QUARTER)) == []
    assert (found(folder, "postings-gone"), spent(folder)) == ([], kr(80))


def test_a_file_that_was_found_is_told_as_withdrawn_or_as_stopped(folder):
    path = folder.parent / "eksport.csv"

    def said() -> str:
        return CliRunner().invoke(main, ["import", str(folder), str(path)]).output

    run(folder, HEAD + row(), **QUARTER)
    (event,) = events(folder)
    log = (folder / "events.yaml").read_text(encoding="utf-8")
    values = {"event": event.called, "withdrawn": "true", "happened": "2022-12-31", "recorded": "2022-12-31"}
    assert journal.append(folder, "corrected", journal.as_written("corrected", values)).written

    assert "Fundet, fra en import, der var trukket tilbage" in said()
    (folder / "events.yaml").write_text(log[: log.index("- {kind: imported")], encoding="utf-8")
    assert "Fundet, hvor en tidligere import var blevet afbrudt" in said()
