"""The laws of an import: nothing twice, nothing lost, every krone of the file accounted for, all of it or nothing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from filelock import FileLock
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import exports
from tests.exports import OTHERS, OURS, Entry
from tests.folders import NO_BOOKS, PROJECT, write_project
from toolkit import journal
from toolkit.core.money import Money
from toolkit.intake import known_lines, reading
from toolkit.intake.importing import import_export
from toolkit.intake.result import Import, Said
from toolkit.journal import LogBusy
from toolkit.project import open_project

TODAY = date(2022, 12, 31)
FILTERED = f"{PROJECT}erp: {{wbs_elements: [{OURS}]}}\n"
RULES = """\
rules:
  - {account: "86*", grant_income: true}
  - {account: "40000000", line: loen}
"""
ENTRIES = exports.entries(120)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_project(tmp_path / "projekt", {**NO_BOOKS, "project.yaml": FILTERED, "allocation.yaml": RULES})


def run(folder: Path, data: bytes, day: date = TODAY, name: str = "eksport.csv", **options: object) -> Import:
    path = folder.parent / name
    path.write_bytes(data)
    return import_export(folder, path, day, **options)  # type: ignore[arg-type]


def kept(folder: Path) -> Counter[str]:
    """The project's postings, every line of every file."""
    lines = (file.read_text(encoding="utf-8").splitlines()[1:] for file in (folder / "postings").glob("*.csv"))
    return Counter(line for file in lines for line in file)


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def codes(result: Import) -> list[str]:
    return [found.code for found in result.problems]


# ── the laws ─────────────────────────────────────────────────────────────────────────────────

LINES = st.lists(st.sampled_from(exports.entries(12, seed=4)), max_size=12)


def imported(*files: Sequence[Entry]) -> tuple[Counter[str], list[Import]]:
    """What a project holds when the files have been imported, one a day."""
    with TemporaryDirectory() as place:
        folder = write_project(Path(place, "projekt"), {**NO_BOOKS, "project.yaml": FILTERED})
        results = [
            run(folder, exports.standard(lines, seed=number), TODAY + timedelta(days=number))
            for number, lines in enumerate(files)
        ]
        assert not any(result.failed for result in results)
        return kept(folder), results


@settings(max_examples=25)
@given(st.lists(LINES, min_size=1, max_size=3), st.randoms(use_true_random=False))
def test_overlapping_exports_give_the_same_postings_in_any_order(exported, random):
    """For lines that are alike, as many as the one export has that has most of them."""
    shuffled = random.sample(exported, len(exported))
    most: Counter[Entry] = Counter()
    for lines in exported:
        most |= Counter(_in_standard(each) for each in lines if each.wbs_element == OURS)

    assert imported(*exported)[0] == imported(*shuffled)[0]
    assert sorted(imported(*exported)[0].values()) == sorted(most.values())


@settings(max_examples=15)
@given(LINES)
def test_a_cumulative_export_gives_the_same_as_its_parts_and_it(lines):
    middle = len(lines) // 2

    assert imported(lines[:middle], lines)[0] == imported(lines)[0] == imported(lines, lines[middle:])[0]


@settings(max_examples=15)
@given(LINES, LINES)
def test_what_was_read_is_new_and_known_and_others_to_the_oere(first, second):
    for lines, result in zip((first, second), imported(first, second)[1], strict=True):
        parts = (result.new, result.known, result.others)
        others = [each for each in lines if each.wbs_element == OTHERS]

        assert (result.read.lines, result.read.amount) == (len(lines), sum(each.amount for each in lines))
        assert sum(part.lines for part in parts) == len(lines)
        assert (result.others.lines, result.others.amount) == (len(others), sum(each.amount for each in others))


def test_the_same_export_twice_changes_nothing(folder):
    run(folder, exports.cji3(ENTRIES), name="liste.txt")
    before = files(folder)
    again = run(folder, exports.cji3(ENTRIES), TODAY + timedelta(days=9), name="liste.txt")

    assert files(folder) == before
    assert (again.file, again.new.lines, again.known.lines + again.others.lines) == (None, 0, len(ENTRIES))


def test_the_same_lines_from_another_system_are_still_the_same(folder):
    run(folder, exports.standard(ENTRIES))
    result = run(folder, exports.workbook(ENTRIES), name="bog.xlsx")

    assert (result.new.lines, result.known.lines) == (0, sum(each.wbs_element == OURS for each in ENTRIES))


def _in_standard(each: Entry) -> Entry:
    """What the plain CSV says of a line: neither its number, nor the blanks in its text."""
    return each._replace(line="", text=" ".join(each.text.split()))


# ── what is written ──────────────────────────────────────────────────────────────────────────


def test_an_import_is_a_file_of_postings_and_a_line_in_the_log(folder):
    result = run(folder, exports.cji3(ENTRIES), name="liste.txt")
    project = open_project(folder)

    assert project.dossier is not None
    assert re.fullmatch(r"postings/2022-12-31-opus-cji3-[0-9a-f]{8}\.csv", result.file or "")
    assert [posting.file for posting in project.dossier.postings.rows] == [result.file] * result.new.lines
    assert sum(posting.amount for posting in project.dossier.postings.rows) == result.new.amount
    assert result.logged == 2
    assert not [found for found in project.problems if found.code.startswith(("import-n", "posting-v", "postings"))]


def test_a_trial_run_says_the_same_and_writes_nothing(folder):
    before = files(folder)
    trial = run(folder, exports.standard(ENTRIES), dry_run=True)

    assert files(folder) == before
    assert trial.file == run(folder, exports.standard(ENTRIES)).file


def test_no_name_no_number_and_no_user_reaches_the_projects_files(folder):
    spoken = [each._replace(text=f"Løn {exports.PERSONAL_NUMBER}") for each in ENTRIES]
    results = [
        run(folder, exports.cji3(spoken), name="liste.txt"),
        run(folder, exports.opus_csv(spoken)),
        run(folder, exports.prisme_json(spoken), name="prisme.json"),
    ]
    everything = b"".join(files(folder).values()).decode()

    assert all("import-masked" in codes(result) and result.file for result in results)
    for secret in (exports.MANAGER, exports.EMPLOYEE, exports.USER, exports.PERSONAL_NUMBER, "0101651234"):
        assert secret not in everything
    assert "Løn [personnummer fjernet]" in everything


@pytest.mark.parametrize(
    "text",
    [
        *("010165-1234", "0101651234", "010165 1234", "010165–1234", "010165\u00a01234", "610165-1234"),
        "bilag 010165-1234.",
    ],
)
def test_a_personal_number_is_taken_out_however_it_is_written(folder, text):
    run(folder, exports.standard([ENTRIES[0]._replace(wbs_element=OURS, text=text)], "utf-8"))

    assert "[personnummer fjernet]" in "".join(kept(folder))
    assert "1234" not in "".join(kept(folder))


@pytest.mark.parametrize("text", ["EAN 5798001234567", "tlf. 97121234", "XA-1391100000-00020", "320165-1234"])
def test_what_only_looks_a_little_like_one_is_kept(folder, text):
    run(folder, exports.standard([ENTRIES[0]._replace(wbs_element=OURS, text=text)]))

    assert any(text in line for line in kept(folder))


# ── all of it, or nothing ────────────────────────────────────────────────────────────────────


def test_one_bad_line_stops_the_whole_import(folder):
    before = files(folder)
    result = run(folder, exports.standard(ENTRIES).replace(b"-2022;", b"-22;", 1))

    assert codes(result) == ["export-value"]
    assert {name: data for name, data in files(folder).items() if name != ".pulje.lock"} == before


def test_where_the_log_cannot_be_added_to_no_file_is_left(folder):
    (folder / "events.yaml").write_text("- {kind: noted, happened: 2022-01-01, recorded:", encoding="utf-8")
    result = run(folder, exports.standard(ENTRIES))

    assert result.failed
    assert not list((folder / "postings").glob("*"))


def test_an_error_in_the_log_stops_an_import_before_it_is_read_and_one_elsewhere_stops_none(folder):
    plan, log = folder / "project.yaml", folder / "events.yaml"
    plan.write_text(plan.read_text(encoding="utf-8").replace("phase: fase-1", "phase: fase-9"), encoding="utf-8")
    log.write_text("- {kind: noted, happened: 2022-01-01, recorded: 2022-01-01}\n", encoding="utf-8")
    stopped = run(folder, exports.standard(ENTRIES))
    log.unlink()
    elsewhere = run(folder, exports.standard(ENTRIES))

    assert ([found.at.file for found in stopped.problems], stopped.read.lines) == (["events.yaml"], 0)
    assert elsewhere.file
    assert [found.code for found in open_project(folder).problems if found.severity == "error"] == ["unknown-id"]


def test_a_file_of_postings_that_was_edited_stops_the_next_import(folder):
    first = run(folder, exports.standard(ENTRIES[:20]))
    edited = folder / str(first.file)
    edited.write_text(edited.read_text(encoding="utf-8").replace("2022-", "2021-"), encoding="utf-8")

    assert codes(run(folder, exports.standard(ENTRIES))) == ["postings-edited"]


def test_whoever_holds_the_project_is_waited_for_and_not_for_ever(folder, monkeypatch):
    monkeypatch.setattr(journal, "_PATIENCE", 0.05)

    with FileLock(folder / ".pulje.lock"), pytest.raises(LogBusy):
        run(folder, exports.standard(ENTRIES))


# ── whose it is ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("erp", "new"),
    [
        ("{wbs_elements: [XA-1391100000-00020]}", 2),
        ("{accounts: ['46*']}", 2),
        ("{accounts: ['46*'], wbs_elements: [XA-1391100000-00020]}", 3),
        ("{cost_centres: ['5328']}", 4),
    ],
)
def test_a_line_is_the_projects_by_its_wbs_element_its_cost_centre_or_its_account(tmp_path, erp, new):
    lines = [
        ENTRIES[0]._replace(account=account, wbs_element=wbs_element, amount=100)
        for account in ("40000000", "46000000")
        for wbs_element in (OURS, OTHERS)
    ]
    folder = write_project(tmp_path / "projekt", {**NO_BOOKS, "project.yaml": f"{PROJECT}erp: {erp}\n"})
    result = run(folder, exports.standard(lines))

    assert (result.new.lines, result.others.lines) == (new, 4 - new)
    assert codes(result) == (["import-unfiltered"] if new == 4 else [])


# ── what is warned of ────────────────────────────────────────────────────────────────────────


def test_lines_that_the_system_has_no_more_are_named_and_stay(folder):
    lines = [each._replace(wbs_element=OURS, voucher=str(n)) for n, each in enumerate(ENTRIES[:9])]
    run(folder, exports.standard(lines))
    days = sorted(each.posted for each in lines)
    gone = next(each for each in lines if days[0] < each.posted < days[-1])
    period = Said(starts=days[0], ends=days[-1])
    result = run(folder, exports.standard([each for each in lines if each != gone]), said=period)

    assert [(found.code, found.words["vouchers"], found.words["count"]) for found in result.problems] == [
        ("import-vanished", gone.voucher, "1")
    ]
    assert not result.failed
    assert kept(folder).total() == len(lines)


def test_a_voucher_that_reads_otherwise_now_is_named_since_both_are_counted(folder):
    first, *rest = [each._replace(wbs_element=OURS, voucher=str(n)) for n, each in enumerate(ENTRIES[:9])]
    days = sorted(each.posted for each in rest)
    old = first._replace(posted=days[4], amount=25_000)
    run(folder, exports.standard([old, *rest]))
    result = run(folder, exports.standard([old._replace(text="Rettet tekst"), *rest]))

    assert [(found.code, found.words["vouchers"], found.words["amount"]) for found in result.problems] == [
        ("import-changed", old.voucher, "250")
    ]
    assert result.new.lines == 1


def test_lines_after_the_exports_last_day_are_not_said_to_have_vanished(folder):
    lines = sorted(each._replace(wbs_element=OURS) for each in ENTRIES[:30])
    run(folder, exports.standard(lines))
    shorter = run(folder, exports.standard([each for each in lines if each.posted < lines[15].posted]))

    assert [(found.code, found.words["count"]) for found in shorter.problems] == [("import-period-guessed", "15")]


@pytest.mark.parametrize("rules", [RULES, None])
def test_grant_income_with_the_sign_of_wages_is_warned_of(tmp_path, rules):
    folder = write_project(tmp_path / "projekt", {**NO_BOOKS, "project.yaml": FILTERED, "allocation.yaml": rules})
    turned = [
        ENTRIES[0]._replace(wbs_element=OURS, account="40000000", title="Løn", text="Løn", amount=100),
        ENTRIES[0]._replace(wbs_element=OURS, account="86000000", title="Statstilskud", text="Rate 1", amount=900),
    ]

    assert codes(run(folder, exports.standard(turned), dry_run=True)) == ["import-signs"]
    assert codes(run(folder, exports.standard([turned[0], turned[1]._replace(amount=-900)]))) == []


# ── what is proposed ─────────────────────────────────────────────────────────────────────────


def test_accounts_that_no_rule_places_are_proposed_a_line(folder):
    result = run(folder, exports.standard(ENTRIES))
    proposed = {each.unplaced.account: each for each in result.proposals}
    courses = [each for each in ENTRIES if each.account == "46000000" and each.wbs_element == OURS]

    assert list(proposed) == ["46000000", "46100000"]
    assert proposed["46000000"].line == "kurser"
    assert proposed["46000000"].unplaced.count == len(courses)
    assert proposed["46000000"].unplaced.amount == Money(sum(each.amount for each in courses))


def test_a_rule_for_a_text_or_a_voucher_leaves_the_rest_of_the_account_to_be_proposed(tmp_path):
    rules = (
        "rules:\n  - {account: '46*', text: '*vikar*', line: loen}\n"
        f"  - {{voucher: '{ENTRIES[0].voucher}', line: loen}}\n"
    )
    folder = write_project(tmp_path / "projekt", {**NO_BOOKS, "project.yaml": FILTERED, "allocation.yaml": rules})
    result = run(folder, exports.standard(ENTRIES))
    placed = Counter(
        each.account
        for each in ENTRIES
        if each.wbs_element == OURS
        and not (each.account.startswith("46") and "vikar" in each.text.casefold())
        and each.voucher != ENTRIES[0].voucher
    )

    assert {each.unplaced.account: each.unplaced.count for each in result.proposals} == placed


def test_what_is_proposed_is_what_the_state_has_unallocated(folder):
    result = run(folder, exports.standard(ENTRIES))
    dossier = open_project(folder).dossier
    assert dossier is not None
    budget = dossier.state(date(2023, 12, 31)).budget
    assert budget is not None

    assert budget.unallocated == sum(each.unplaced.amount for each in result.proposals)


# ── a system that nobody has heard of ────────────────────────────────────────────────────────


def test_a_dialect_that_cannot_be_used_keeps_no_other_from_reading(folder):
    broken = folder / "templates" / "erp" / "navision.yaml"
    broken.parent.mkdir(parents=True)
    broken.write_text("title: Navision\ndates: [dd]\n")

    result = run(folder, exports.standard(ENTRIES))

    assert result.export is not None
    assert [each.code for each in result.problems if each.code.startswith("dialect")] == ["dialect-left"]


def test_a_project_can_bring_a_dialect_of_its_own(folder):
    dialect = folder / "templates" / "erp" / "navision.yaml"
    dialect.parent.mkdir(parents=True)
    dialect.write_text(
        "title: Vores eget\ndates: [yyyy-mm-dd]\ndecimal: '.'\nsigns: cost-negative\ndelimiters: [tab]\n"
        "columns: {posted: [Dag], amount: [Kroner], wbs_element: [Projekt], text: [Hvad, Ellers]}\n"
        "known: [Fork*]\n",
        encoding="utf-8",
    )
    rows = ["Dag\tProjekt\tHvad\tEllers\tForklaring\tKroner", f"2022-03-01\t{OURS}\t\tKursus\tintet\t-12.5"]
    result = run(folder, "\n".join(rows).encode())

    assert result.export is not None
    assert result.export.dialect.name == "navision"
    assert list(kept(folder)) == [f"2022-03-01;;;;;{OURS};Kursus;12,50"]


def many(lines: Iterable[Entry]) -> list[Entry]:
    return [each for each in lines for _ in range(3)]


def test_three_equal_lines_in_one_export_are_three_postings(folder):
    one = [ENTRIES[0]._replace(wbs_element=OURS)]
    run(folder, exports.standard(one))
    result = run(folder, exports.standard(many(one)))

    assert (result.new.lines, result.known.lines, kept(folder).total()) == (2, 1, 3)


def test_texts_are_remembered_only_so_far(folder, monkeypatch):
    """A million different texts must not fill the memory, and forgetting some must not change a sum."""
    monkeypatch.setattr(reading, "_KEPT_TEXTS", 3)
    monkeypatch.setattr(known_lines, "_KEPT_TEXTS", 3)
    result = run(folder, exports.standard(ENTRIES))

    assert result.read.amount == sum(each.amount for each in ENTRIES)
    assert sum(each.unplaced.count for each in result.proposals) == sum(
        each.account.startswith("46") and each.wbs_element == OURS for each in ENTRIES
    )
