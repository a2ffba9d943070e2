"""The log, appended to: one whole line or nothing, and nothing lost."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from toolkit import journal
from toolkit.core.events import Awarded, Noted
from toolkit.core.promise import promised
from toolkit.journal import LogBusy, append, as_written, rehearse
from toolkit.project import open_project
from toolkit.writers.package import pack

ROOT = Path(__file__).resolve().parents[1]

PLAN = """\
title: Faste teams
municipality: Thisted
project_period: {starts: 2022-01-01, ends: 2023-12-31}
grant: {applied: 500.000 kr., awarded: 500.000 kr.}
milestones: [{id: teams-klar, due: 2022-06-15, title: Teams er sat}]
"""
DAYS = {"happened": "2022-06-10", "recorded": "2022-06-10"}
HEAD = b"# Loggen: hvad der er sket, nyeste nederst."
EARLIER = "- {kind: noted, happened: 2022-03-31, recorded: 2022-03-31, text: Første}"
HEJ = "- {kind: noted, happened: 2022-06-10, recorded: 2022-06-10, text: Hej, id: 2022-06-10-noted}"

# A process of its own that appends, as fast as it can.
SEVERAL = """
import sys
from pathlib import Path
from toolkit.journal import append
for number in range(5):
    text = f"{sys.argv[2]}-{number} " + "x" * 2000
    keys = {"happened": "2022-06-10", "recorded": "2022-06-10", "text": text}
    assert append(Path(sys.argv[1]), "noted", keys).written
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "project.yaml").write_text(PLAN, encoding="utf-8")
    return tmp_path


def note(text):
    return {**DAYS, "text": text}


def codes(event):
    return [found.code for found in event.problems]


# ── what is written ──────────────────────────────────────────────────────────────────────────


def test_the_first_event_begins_the_log_with_a_line_that_says_what_it_is(folder):
    event = append(folder, "noted", note("Hej"))

    assert (event.line, event.number, event.written) == (HEJ, 2, True)
    first, second = (folder / "events.yaml").read_bytes().splitlines()
    assert first.startswith(HEAD)
    assert second.decode() == HEJ


@pytest.mark.parametrize(
    ("before", "added", "number"),
    [
        (f"# Loggen\n{EARLIER}\n", f"{HEJ}\n", 3),
        (f"# Loggen\r\n{EARLIER}\r\n", f"{HEJ}\r\n", 3),
        (f"{EARLIER}", f"\n{HEJ}\n", 2),
        (f"# Loggen\r\n{EARLIER}", f"\r\n{HEJ}\r\n", 3),
        (f"\ufeff{EARLIER}\n\n", f"{HEJ}\n", 3),
        (f"  {EARLIER}\n  # slut", f"\n  {HEJ}\n", 3),
        ("- kind: noted\n  happened: 2022-01-01\n  recorded: 2022-01-01\n  text: |\n    Langt\n\n", f"{HEJ}\n", 7),
    ],
    ids=["unix", "windows", "no line break", "windows, no line break", "byte order mark", "indented", "block text"],
)
def test_what_the_log_already_holds_is_kept_byte_for_byte(folder, before, added, number):
    (folder / "events.yaml").write_bytes(before.encode())
    event = append(folder, "noted", note("Hej"))

    assert (folder / "events.yaml").read_bytes() == (before + added).encode()
    assert event.number == number
    assert [each.text for each in open_project(folder).dossier.events][1:] == ["Hej"]


@settings(max_examples=60, deadline=None)
@given(text=st.text(max_size=60) | st.text(alphabet=" \t\n\r'\"\\:#{}[],&*!|>%@`-?~æøå0189.", max_size=60))
def test_any_text_comes_back_as_it_was_logged_or_nothing_is_written(tmp_path_factory, text):
    folder = tmp_path_factory.mktemp("text")
    (folder / "project.yaml").write_text(PLAN, encoding="utf-8")
    event = append(folder, "noted", {**note("Hej"), "note": text})

    if event.written:
        assert [(each.text, each.note) for each in open_project(folder).dossier.events] == [("Hej", text.strip())]
    else:
        assert set(codes(event)) == {"invisible-character"}
        assert not (folder / "events.yaml").exists()


def test_each_event_gets_an_id_of_its_own_unless_it_has_one(folder):
    (folder / "events.yaml").write_text(EARLIER.replace("2022-03-31", "2022-06-10") + "\n", encoding="utf-8")
    for text in ("A", "B"):
        append(folder, "noted", note(text))
    append(folder, "noted", {**note("C"), "id": "vigtig"})
    append(folder, "milestone-reached", {**DAYS, "milestone": "teams-klar"})

    assert [event.id for event in open_project(folder).dossier.events] == [
        *(None, "2022-06-10-noted-2", "2022-06-10-noted-3", "vigtig", "2022-06-10-milestone-reached"),
    ]


def test_several_who_append_at_once_lose_no_line_and_break_none(folder):
    writers = [
        subprocess.Popen([sys.executable, "-c", SEVERAL, str(folder), str(writer)], env={"PYTHONPATH": str(ROOT)})
        for writer in range(4)
    ]
    ended = [writer.wait(timeout=60) for writer in writers]
    project = open_project(folder)

    assert ended == [0, 0, 0, 0]
    assert project.problems == ()
    named = sorted(event.text.split()[0] for event in project.dossier.events)
    assert named == [f"{writer}-{number}" for writer in range(4) for number in range(5)]


def test_whoever_holds_the_lock_too_long_is_said_to(folder, monkeypatch):
    monkeypatch.setattr(journal, "_PATIENCE", 0.05)

    with FileLock(folder / ".pulje.lock"), pytest.raises(LogBusy):
        append(folder, "noted", note("Hej"))
    assert not (folder / "events.yaml").exists()


def test_a_rehearsal_says_what_would_happen_and_leaves_no_trace(folder):
    event = rehearse(folder, "noted", note("Hej"))

    assert (event.line, event.number, event.fits, event.written) == (HEJ, 2, True, False)
    assert [path.name for path in folder.iterdir()] == ["project.yaml"]


# ── what is not ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("kind", "keys", "code"),
    [
        ("noted", {**DAYS, "tekst": "Hej"}, "misspelt-key"),
        ("noted", DAYS, "key-missing"),
        ("milestone-reached", {**DAYS, "milestone": "team-klar"}, "unknown-id"),
        ("ordered", {**DAYS, "line": "loen", "amount": "6.9"}, "amount-unreadable"),
        ("noted", {"happened": "2022-06-11", "recorded": "2022-06-10", "text": "Hej"}, "recorded-before-happened"),
        ("measured", {**DAYS, "indicator": "trivsel", "value": "MANGLER"}, "value-missing"),
        ("noted", note("\udcff"), "invisible-character"),
    ],
)
def test_an_event_that_is_wrong_is_not_written_and_its_line_is_shown(folder, kind, keys, code):
    event = append(folder, kind, keys)

    assert (event.written, codes(event)) == (False, [code])
    assert (event.problems[0].at.line, event.problems[0].at.text) == (2, event.line)
    assert not (folder / "events.yaml").exists()


@pytest.mark.parametrize(
    ("kind", "keys", "typed"),
    [
        ("milestone-reached", DAYS, "milestone=teams-klar"),
        ("measured", {**DAYS, "value": "3"}, "indicator=…"),
        ("awarded", DAYS, "amount=250.000 kr."),
    ],
)
def test_a_key_that_was_not_typed_is_told_as_it_is_typed_with_the_names_that_there_are(folder, kind, keys, typed):
    event = append(folder, kind, keys)
    (found,) = event.problems

    assert typed in found.says.hint.format(**found.words)


@pytest.mark.parametrize("told", ["issued/2022-06-30-status-report-v1/receipt.yaml", ".pulje/pristine.zip"])
def test_a_log_that_was_lost_is_not_begun_again(folder, told):
    keys = {**DAYS, "text": "Hej"}
    (folder / told).parent.mkdir(parents=True)
    (folder / told).write_bytes(pack({"events.yaml": HEAD}) if told.endswith("zip") else b"issued: x\n")
    refused = append(folder, "noted", keys)

    assert [found.code for found in refused.problems] == ["log-lost"]
    assert "log-lost" in {found.code for found in open_project(folder).problems}
    assert not (folder / "events.yaml").exists()
    (folder / "events.yaml").touch()
    assert [found.code for found in append(folder, "noted", keys).problems] == ["log-lost"]
    (folder / "events.yaml").write_text("[]\n", encoding="utf-8")
    assert append(folder, "noted", keys).written


def test_an_event_that_brings_an_error_to_another_file_is_not_written(folder):
    award = {**DAYS, "amount": "400.000 kr."}
    first = append(folder, "awarded", award)
    # Somebody writes it by hand: the error is there already, and keeps nothing else out of the log.
    (folder / "events.yaml").write_text(f"{first.line}\n", encoding="utf-8")
    second = append(folder, "noted", {**DAYS, "text": "Et møde"})

    assert (first.written, codes(first)) == (False, ["grant-differs-from-log"])
    assert (second.written, codes(second)) == (True, [])
    assert [found.at.file for found in first.problems] == ["project.yaml"]


@pytest.mark.parametrize(
    ("kind", "amount"),
    [
        ("instalment-received", "-5.000 kr."),
        ("instalment-received", "0 kr."),
        ("repaid", "0 kr."),
        ("repaid", "-1 kr."),
    ],
)
def test_no_instalment_or_repayment_is_nothing_or_below(folder, kind, amount):
    assert codes(append(folder, kind, {**DAYS, "amount": amount})) == ["amount-not-above-zero"]


def test_an_order_below_zero_is_told_as_that_and_not_as_cancelled(folder):
    (folder / "budgets").mkdir()
    lines = "stage: award\nlines: [{id: loen, title: Løn, amount: 500.000 kr.}]\n"
    (folder / "budgets" / "2021-12-16-award.yaml").write_text(lines, encoding="utf-8")

    assert codes(append(folder, "ordered", {**DAYS, "line": "loen", "amount": "-5 kr."})) == ["amount-not-above-zero"]


@pytest.mark.parametrize(
    ("kind", "keys", "values", "code"),
    [
        ("repaid", {"amount": "5 kr."}, {"amount": "-5 kr."}, "amount-not-above-zero"),
        ("instalment-withheld", {"amount": "5 kr.", "reason": "Sent"}, {"amount": "0"}, "amount-not-above-zero"),
        ("noted", {"text": "Hej"}, {"happened": "2022-06-11"}, "recorded-before-happened"),
        (
            "submitted",
            {"issued": "x", "to": "S", "synthetic": "true"},
            {"known_by": "2030-01-01"},
            "known-after-recorded",
        ),
    ],
)
def test_a_correction_brings_no_value_that_could_not_have_been_logged(folder, kind, keys, values, code):
    append(folder, kind, {**DAYS, **keys})
    called = f"2022-06-10-{kind}"
    refused = append(folder, "corrected", {**DAYS, "event": called, "values": values})
    (problem,) = refused.problems

    assert (refused.written, problem.code, problem.at.line) == (False, code, 3)
    assert problem.words["event"] == called  # which is there to correct, other than this line
    assert problem.at.text[problem.at.column - 1 :].lstrip('"').startswith(next(iter(values.values())))


def test_an_instalment_below_zero_that_a_log_has_can_be_taken_back(folder):
    line = "- {kind: instalment-received, happened: 2022-06-10, recorded: 2022-06-10, amount: -5.000 kr.}\n"
    (folder / "events.yaml").write_text(line, encoding="utf-8")
    append(folder, "corrected", {**DAYS, "event": "2022-06-10-instalment-received", "withdrawn": "true"})

    assert open_project(folder).problems == ()


def test_a_hint_about_a_line_that_is_not_written_corrects_no_event(folder):
    carried = {**DAYS, "change": "carry-over", "by": "Kommunen", "year": "2021"}
    tried = [rehearse(folder, "change-approved", carried), append(folder, "change-approved", carried)]
    # Somebody writes it by hand: then it is there to correct.
    (folder / "events.yaml").write_text(f"{tried[0].line}\n", encoding="utf-8")
    written = [found for found in open_project(folder).problems if found.code == "carry-over-year-outside"]

    assert [event.problems[0].says.hint for event in tried] == ["write year={near}, or another of {years}"] * 2
    assert "corrected event={event} values.year={near}" in written[0].says.hint


def test_a_hint_about_an_event_that_was_written_corrects_it(folder):
    event = append(folder, "balance", {**DAYS, "amount": "5.000 kr."})

    assert event.written
    assert "corrected event={event} values.amount" in event.problems[0].says.hint


def test_no_line_that_is_not_written_is_proposed_as_what_to_correct(folder):
    typo = {**DAYS, "event": "2022-06-10-correctet", "withdrawn": "true"}
    append(folder, "noted", note("Hej"))

    assert append(folder, "corrected", typo).problems[0].words["near"] == "2022-06-10-noted"


def test_errors_that_were_there_before_do_not_stop_an_event(folder):
    (folder / "project.yaml").write_text(PLAN.replace("due: 2022-06-15", "due: 2025-06-15"), encoding="utf-8")
    (folder / "events.yaml").write_text(EARLIER.replace("text", "tekst") + "\n", encoding="utf-8")
    event = append(folder, "noted", note("Hej"))

    assert {found.code for found in open_project(folder).problems} == {"milestone-outside-period", "misspelt-key"}
    assert (event.written, event.problems) == (True, ())


def test_an_error_that_stood_twice_in_one_place_stops_an_event_no_more_than_one_does(folder):
    def twice(folder, instead):
        project = open_project(folder, instead)
        return structs.replace(project, problems=(*project.problems, *project.problems))

    (folder / "project.yaml").write_text(PLAN.replace("due: 2022-06-15", "due: 2025-06-15"), encoding="utf-8")

    assert journal.append_locked(folder, "noted", note("Hej"), twice).written


def test_a_warning_is_told_and_stops_nothing(folder):
    append(folder, "noted", note("Hej"))
    event = append(folder, "noted", {"happened": "2022-01-01", "recorded": "2022-01-02", "text": "Glemt"})

    assert (event.written, codes(event)) == (True, ["log-out-of-order"])


@pytest.mark.parametrize("log", ["[]\n", "# Loggen\n[]\n", "[ ]", "[\n]\n", "null\n", "~\r\n", "[]  # endnu intet\n"])
def test_a_log_that_says_it_is_empty_gets_its_first_event(folder, log):
    """As allocation.yaml begins with rules: []."""
    (folder / "events.yaml").write_text(log, encoding="utf-8", newline="")
    event = append(folder, "noted", note("Hej"))

    assert (event.written, codes(event)) == (True, [])
    assert open_project(folder).dossier.events[0].text == "Hej"


@pytest.mark.parametrize(
    ("log", "code"),
    [
        (b'- {kind: noted, text: "Hej}\n', "yaml-unclosed"),
        (b"kind: noted\n", "yaml-indentation"),
        (b"# \xe6\xf8\xe5\n", "not-utf8"),
        (b"# Loggen\n[{kind: noted, happened: 2022-01-01, recorded: 2022-01-01, text: Hej}]\n", "log-in-brackets"),
    ],
)
def test_a_log_that_cannot_be_read_is_not_appended_to(folder, log, code):
    (folder / "events.yaml").write_bytes(log)
    event = append(folder, "noted", note("Hej"))

    assert (event.written, codes(event)) == (False, [code])
    assert (folder / "events.yaml").read_bytes() == log


@pytest.mark.parametrize(("plan", "code"), [(None, "project-missing"), ("title: Faste teams\n", "key-missing")])
def test_where_there_is_no_readable_plan_nothing_is_logged(tmp_path, plan, code):
    if plan:
        (tmp_path / "project.yaml").write_text(plan, encoding="utf-8")
    event = append(tmp_path, "noted", note("Hej"))

    assert not event.written
    assert code in codes(event)
    assert not (tmp_path / "events.yaml").exists()


# ── the award ────────────────────────────────────────────────────────────────────────────────


def test_an_award_keeps_what_was_promised_that_day(folder):
    event = append(folder, "awarded", {**DAYS, "amount": "500.000 kr."})
    project = open_project(folder)
    (award,) = project.dossier.events

    assert event.written
    assert isinstance(award, Awarded)
    assert award.promise == promised(project.dossier.plan)
    assert set(award.promise) == {"project_period", "grant_period", "grant", "milestones.teams-klar"}
    assert project.problems == ()


def test_a_promise_that_is_given_is_not_made_again(folder):
    event = rehearse(folder, "awarded", {**DAYS, "amount": "500.000 kr.", "promise": {"grant": "0badcafe"}})

    assert "promise: {grant: 0badcafe}, id: " in event.line
    assert "promise-changed" in codes(event)


# ── what was typed ───────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("kind", "typed", "written"),
    [
        ("milestone-moved", {"due": "15-08-2022"}, {"due": "2022-08-15"}),
        ("milestone-moved", {"due": "15/8"}, {"due": "15/8"}),
        ("ordered", {"amount": "250000,50"}, {"amount": "250.000,50 kr."}),
        ("ordered", {"amount": "6.9"}, {"amount": "6.9"}),
        ("noted", {"text": " 15-08-2022; 250000"}, {"text": " 15-08-2022; 250000"}),
        ("decided", {"absent": "A. Hansen; B. Jensen;"}, {"absent": ["A. Hansen", "B. Jensen"]}),
        (
            "change-approved",
            {"values.project_period.ends": "31-03-2024", "values.milestones.x": "null"},
            {"values": {"project_period.ends": "2024-03-31", "milestones.x": None}},
        ),
        (
            "change-approved",
            {"values.grant_period": "{starts: 01-01-2022, ends: 2024-06-30}", "values.summary": "{Kort"},
            {"values": {"grant_period": {"starts": "2022-01-01", "ends": "2024-06-30"}, "summary": "{Kort"}},
        ),
        (
            "corrected",
            {"values.values": "{grant_period: {starts: 2022-01-01, ends: null}}", "values.text": "{hej}"},
            {"values": {"values": {"grant_period": {"starts": "2022-01-01", "ends": None}}, "text": "{hej}"}},
        ),
        ("awarded", {"promise": "{grant: 0badcafe}"}, {"promise": {"grant": "0badcafe"}}),
        ("change-approved", {"values": "alt", "values.grant": "1"}, {"values": "alt", "values.grant": "1"}),
        ("noted", {"text.da": "Hej", "tekst": "Hej"}, {"text.da": "Hej", "tekst": "Hej"}),
    ],
)
def test_what_is_typed_is_written_in_the_logs_own_notation(kind, typed, written):
    assert as_written(kind, typed) == written


def test_an_approved_change_drops_a_promise_and_moves_another(folder):
    typed = {"change": "project", "values.milestones.teams-klar": "null", "values.project_period.ends": "31-03-2024"}
    event = append(folder, "change-approved", {**DAYS, **as_written("change-approved", typed)})
    plan = open_project(folder).dossier.state(open_project(folder).dossier.last_known).plan

    assert event.written
    assert (plan.milestones, plan.project_period.ends.isoformat()) == ((), "2024-03-31")


def test_a_grant_period_that_nobody_promised_is_approved_as_a_whole(folder):
    part = {"change": "extension", "values.grant_period.ends": "30-06-2024"}
    refused = append(folder, "change-approved", {**DAYS, **as_written("change-approved", part)})
    whole = {"change": "extension", "values.grant_period": "{starts: 2022-01-01, ends: 2024-06-30}"}
    event = append(folder, "change-approved", {**DAYS, **as_written("change-approved", whole)})
    plan = open_project(folder).dossier.state(open_project(folder).dossier.last_known).plan

    assert (codes(refused), refused.problems[0].words["all"]) == (
        ["change-of-nothing"],
        "{starts: …, ends: 2024-06-30}",
    )
    assert event.written
    assert (str(plan.grant_period.starts), str(plan.grant_period.ends)) == ("2022-01-01", "2024-06-30")


def test_a_promise_that_was_not_kept_with_its_award_is_kept_by_a_correction(folder):
    line = "- {kind: awarded, happened: 2022-06-10, recorded: 2022-06-10, amount: 500.000 kr.}\n"
    (folder / "events.yaml").write_text(line, encoding="utf-8")
    (found,) = open_project(folder).problems
    typed = {"event": found.words["event"], "values.promise": found.words["promise"]}
    append(folder, "corrected", {**DAYS, **as_written("corrected", typed)})

    assert found.code == "promise-not-recorded"
    assert open_project(folder).problems == ()


def test_an_event_that_was_logged_can_be_put_right(folder):
    append(folder, "noted", note("Hej"))
    typed = {"event": "2022-06-10-noted", "values.text": "Farvel: nu"}
    event = append(folder, "corrected", {**DAYS, **as_written("corrected", typed)})
    history = open_project(folder).dossier.state(open_project(folder).dossier.last_known).history

    assert event.written
    assert [each.text for each in history if isinstance(each, Noted)] == ["Farvel: nu"]
