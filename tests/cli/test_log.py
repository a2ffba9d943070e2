"""pulje log: an event by words or by a conversation, and what is answered when it is wrong."""

from __future__ import annotations

import contextlib
import os
import re
import select
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Literal, get_args, get_origin

import pytest
from click.testing import CliRunner
from filelock import FileLock

from toolkit import journal
from toolkit.cli import main
from toolkit.cli.ask import NEVER_ASKED
from toolkit.cli.log import EventKind
from toolkit.cli.questions import EXAMPLES, KIND_GROUPS, QUESTIONS
from toolkit.cli.screen import wording
from toolkit.core.events import KINDS, Event
from toolkit.core.words import EVENTS, table_of
from toolkit.project import open_project
from toolkit.readers import model
from toolkit.readers.values import Value

ROOT = Path(__file__).resolve().parents[2]

PLAN = """\
title: Faste teams
municipality: Thisted
project_period: {starts: 2022-01-01, ends: 2023-12-31}
grant: {applied: 250.000 kr., awarded: 250.000 kr.}
phases: [{id: fase-1, title: Etablering, starts: 2022-01-01, ends: 2022-06-30}]
milestones:
  - {id: teams-klar, due: 2022-06-15, title: Teams er sat}
  - {id: slut, due: 2023-12-15, title: Planen for forankring er godkendt}
activities: [{id: intro, title: Introforløb}]
indicators: [{id: trivsel, title: Trivsel}]
risks: [{id: vikarer, title: For få vikarer, likelihood: low, impact: high}]
conditions: [{id: svar, text: Tilskuddet accepteres}]
sources: [{id: brev, title: Tilskudsbrevet}]
"""
BUDGET = "stage: award\nlines: [{id: loen, title: Løn, amount: 250.000 kr.}]\n"
CASE = """\
---
title: Orientering
layout: thisted
steps:
  - {id: ssu, body: Social- og Seniorudvalget, date: 2022-01-11, case_type: for-information}
---
"""
LOG = "- {kind: noted, happened: 2022-01-03, recorded: 2022-01-03, text: Begyndt}\n"
POSTINGS = "posted;voucher;line;account;cost_centre;wbs_element;text;amount\n"

# An event's own keys that a conversation asks for.
ASKED = [
    (kind, key, field)
    for kind, cls in KINDS.items()
    for key, field in model.fields_of(cls).items()
    if key not in model.fields_of(Event) and key not in NEVER_ASKED | {"values"}
]
CHOSEN = {"milestone", "indicator", "risk", "activity", "phase", "line", "budget", "case", "step", "event"} | {
    "file",
    "digest",
}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A small project, in June 2022."""
    monkeypatch.setattr("toolkit.cli.log.today", lambda: date(2022, 6, 10))
    files = {
        "project.yaml": PLAN,
        "budgets/2022-01-03-award.yaml": BUDGET,
        "cases/orientering.md": CASE,
        "events.yaml": LOG,
        "postings/2022-04-04-opus-0badcafe.csv": POSTINGS,
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


@pytest.fixture
def at_a_terminal(monkeypatch):
    monkeypatch.setattr("toolkit.cli.prompts.on_terminal", lambda: True)


def log(folder, *words, answers=None):
    typed = None if answers is None else "".join(f"{answer}\n" for answer in answers)
    return CliRunner().invoke(main, ["log", str(folder), *words], input=typed)


def logged(folder):
    """What the log has got beside its first line, without the ids that the command gives."""
    return without_ids((folder / "events.yaml").read_text(encoding="utf-8").removeprefix(LOG))


def without_ids(text):
    return re.sub(r", id: [0-9]{4}-[-a-z0-9]+}", "}", text)


# ── by words ─────────────────────────────────────────────────────────────────────────────────


def test_an_event_is_written_and_shown_with_its_place(folder):
    written = log(folder, "milestone-reached", "milestone=teams-klar", "evidence=Teamaftale, underskrevet")

    line = (
        "- {kind: milestone-reached, happened: 2022-06-10, recorded: 2022-06-10, milestone: teams-klar, "
        'evidence: "Teamaftale, underskrevet"}\n'
    )
    assert (written.exit_code, written.stderr) == (0, "")
    assert without_ids(written.stdout) == f"Denne linje er skrevet: {folder / 'events.yaml'}:2\n{line}"
    assert "id: 2022-06-10-milestone-reached}" in written.stdout
    assert logged(folder) == line


@pytest.mark.parametrize("words", [("--on", "08-06-2022"), ("happened=08-06-2022",), ("happened=2022-06-08",)])
def test_what_happened_before_today_is_recorded_today(folder, words):
    log(folder, "noted", "text=Hej", *words)

    assert logged(folder) == "- {kind: noted, happened: 2022-06-08, recorded: 2022-06-10, text: Hej}\n"


def test_what_is_recorded_on_a_day_that_has_not_come_is_told_and_written(folder):
    ahead = log(folder, "noted", "text=Hej", "recorded=2199-01-01")

    assert ahead.exit_code == 0
    assert "recorded-ahead" in ahead.stderr
    assert "recorded-ahead" not in log(folder, "noted", "text=Hej").stderr


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("Milepæl nået", "milestone-reached"),
        ("milepæl-nået", "milestone-reached"),
        ("tilsagn", "awarded"),
        ("godkendt", "change-approved"),
        ("milestone-reached", "milestone-reached"),
    ],
)
def test_a_kind_is_known_by_its_danish_name_too(typed, kind):
    assert EventKind().convert(typed, None, None) == kind


@pytest.mark.parametrize("kind", KINDS)
def test_the_name_that_the_conversation_shows_is_understood_as_a_word(kind):
    assert EventKind().convert(wording(EVENTS, kind), None, None) == kind


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        ("milepæl nåede", "mente du milestone-reached?"),
        ("milestone-reach", "mente du milestone-reached?"),
        ("afvist", "mente du rejected / change-refused?"),
        ("text=Hej", "brug en af disse: applied, rejected, "),
    ],
)
def test_an_unknown_kind_is_wrong_use(folder, typed, hint):
    refused = log(folder, typed)

    assert refused.exit_code == 2
    assert f"{typed} er ikke en slags hændelse.\nprøv: {hint}" in refused.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["noted", "Hej"], "Hej har ingen nøgle.\nprøv: skriv nøgle=værdi"),
        (["noted", "=Hej"], "=Hej har ingen nøgle"),
        (["noted", "text=a", "text=b"], "text er skrevet to gange."),
        (["noted", "kind=noted"], "kind er skrevet to gange."),
        (["noted", "text=a", "happened=2022-01-01", "--on", "2022-01-01"], "happened er skrevet to gange."),
        (["noted", "text=a", "--on", "i går"], "i går er ikke en dato"),
        ([], "Der kan kun spørges på en terminal"),
    ],
)
def test_what_is_said_wrongly_is_wrong_use_and_nothing_is_written(folder, words, said):
    refused = log(folder, *words)

    assert refused.exit_code == 2
    assert said in refused.stderr
    assert logged(folder) == ""


def test_an_event_with_an_error_is_shown_as_it_would_have_stood(folder):
    refused = log(folder, "milepæl nået", "milepæl=teams-klar")

    assert (refused.exit_code, refused.stdout) == (1, "")
    place, excerpt, mark, *said = refused.stderr.splitlines()
    assert place == f"{folder / 'events.yaml'}:2:73: misspelt-key (fejl)"
    assert " milepæl: teams-klar" in excerpt
    assert excerpt[mark.index("^") : len(mark)] == "milepæl"
    assert said == [
        "milepæl er ikke en nøgle, der kan stå her.",
        "prøv: mente du milestone?",
        "",
        "Denne linje blev ikke skrevet:",
        "- {kind: milestone-reached, happened: 2022-06-10, recorded: 2022-06-10, milepæl: teams-klar, "
        "id: 2022-06-10-milestone-reached}",
    ]
    assert logged(folder) == ""


def test_a_personal_number_is_neither_written_nor_repeated(folder):
    refused = log(folder, "noted", "text=Samtale med 010165-1234")

    assert refused.exit_code == 1
    assert "personal-number" in refused.stderr
    assert "010165" not in refused.output
    assert "5-1234" not in refused.output  # a folder for tests may be called 1234 too
    assert logged(folder) == ""


@pytest.mark.parametrize(("milestone", "code"), [("teams-klar", 0), ("teams-kla", 1)])
def test_a_dry_run_says_what_would_come_of_it_and_writes_nothing(folder, milestone, code):
    tried = log(folder, "milestone-reached", f"milestone={milestone}", "--dry-run")

    assert tried.exit_code == code
    assert ("Denne linje ville blive skrevet: " in tried.stdout) is (code == 0)
    assert ("brug teams-klar" in tried.stderr) is (code == 1)
    assert logged(folder) == ""


def test_a_list_a_day_and_an_amount_are_written_as_the_log_writes_them(folder):
    log(folder, "decided", "case=orientering", "step=ssu", "outcome=noted", "text=Ja.", "absent=A. Hansen; B. Jensen")
    log(folder, "ordered", "line=loen", "amount=12500")
    log(folder, "change-approved", "change=extension", "values.project_period.ends=31-03-2024")

    assert [line.partition("2022-06-10, recorded: 2022-06-10, ")[2] for line in logged(folder).splitlines()] == [
        "case: orientering, step: ssu, outcome: noted, text: Ja., absent: [A. Hansen, B. Jensen]}",
        "line: loen, amount: 12.500 kr.}",
        "change: extension, values: {project_period.ends: 2024-03-31}}",
    ]


def test_whoever_waits_for_the_lock_in_vain_is_told_and_nothing_is_written(folder, monkeypatch):
    monkeypatch.setattr(journal, "_PATIENCE", 0.05)
    with FileLock(folder / ".pulje.lock"):
        refused = log(folder, "noted", "text=Hej")

    assert refused.exit_code == 1
    assert f"En anden er ved at skrive i {folder} lige nu." in refused.stderr
    assert logged(folder) == ""


# ── by a conversation ────────────────────────────────────────────────────────────────────────


def test_every_kind_is_asked_about_in_one_of_the_groups():
    assert [kind for names in KIND_GROUPS.values() for kind in names] == list(KINDS)


@pytest.mark.parametrize(("kind", "key", "field"), ASKED, ids=lambda value: value if isinstance(value, str) else "")
def test_every_key_has_its_question_and_what_can_be_answered(kind, key, field):
    hint = model.present(field.kind)
    assert f"{kind}.{key}" in QUESTIONS or key in QUESTIONS

    if get_origin(hint) is Literal:
        assert table_of(get_args(hint))
    elif hint is not bool and key not in CHOSEN:
        example = EXAMPLES.get(f"{kind}.{key}") or EXAMPLES.get(key) or model.example_of(hint)
        problems = []
        if get_origin(hint) is not tuple:
            model.convert(hint, Value.typed(example), key, problems)
        assert problems == []
        assert example != "…"


def test_a_question_that_nobody_is_asked_has_gone():
    keys = {key for _kind, key, _field in ASKED} | set(model.fields_of(Event)) - {"synthetic", "id"}

    assert {question.rpartition(".")[2] for question in QUESTIONS} == keys
    assert {example.rpartition(".")[2] for example in EXAMPLES} <= keys


@pytest.mark.usefixtures("at_a_terminal")
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_can_be_logged_by_answering(folder, kind):
    """The required questions get the example or the first of the choices, the others Enter."""
    answers = []
    for asked, key, field in ASKED:
        if asked == kind and field.required:
            hint = model.present(field.kind)
            numbered = key in CHOSEN or get_origin(hint) is Literal
            example = EXAMPLES.get(f"{kind}.{key}") or EXAMPLES.get(key) or model.example_of(hint)
            answers.append("1" if numbered else example)
    talked = log(folder, answers=[kind, "", *answers, *[""] * 9])

    assert talked.exit_code == 0, talked.output
    assert talked.stdout.endswith("Skal den skrives? [J/n] \nSkrevet.\n")
    assert logged(folder).startswith(f"- {{kind: {kind}, happened: 2022-06-10, recorded: 2022-06-10")
    assert open_project(folder).dossier.events[-1].kind == kind


@pytest.mark.usefixtures("at_a_terminal")
def test_an_answer_that_cannot_be_read_is_asked_for_again(folder):
    answers = [
        "flyt",
        "flyttet",
        "11-06-2022",
        "10/6-2022",
        "09-06-2022",
        "3",
        "",
        "slut",
        "2023",
        "31-12-2023",
    ]
    talked = log(folder, answers=[*answers, "", "Færre vikarer", "", "", "", "ja"])

    for said in (
        "skriv et tal fra 1 til 35.",
        "Det er noteret 2022-06-10, før det skete 2022-06-11.",
        "10/6-2022 er ikke en dato.\nprøv: skriv 2022-06-10",
        "skriv et tal fra 1 til 2.",
        "2023 er ikke en dato.",
        "det kan ikke udelades.",
    ):
        assert f"Fejl: {said}" in talked.stdout
    assert logged(folder) == (
        "- {kind: milestone-moved, happened: 2022-06-09, recorded: 2022-06-10, milestone: slut, due: 2023-12-31, "
        "cause: Færre vikarer}\n"
    )


@pytest.mark.usefixtures("at_a_terminal")
def test_a_change_asks_for_the_promised_values_until_there_are_no_more(folder):
    extension = ["ændring godkendt", "", "forlængelse", "Styrelsen"]
    values = ["project_period.end", "2024-03-31", "project_period.ends", "31-03-2024", ""]
    talked = log(folder, answers=[*extension, *values, "Vikarmangel", "", "", ""])

    assert "project_period.end er ikke navnet på noget, der er lovet.\nprøv: mente du ends?" in talked.stdout
    assert logged(folder) == (
        "- {kind: change-approved, happened: 2022-06-10, recorded: 2022-06-10, change: extension, by: Styrelsen, "
        "values: {project_period.ends: 2024-03-31}, reason: Vikarmangel}\n"
    )


@pytest.mark.usefixtures("at_a_terminal")
def test_a_carry_over_is_proposed_for_the_last_ended_year_without_a_final_answer(folder):
    talked = log(folder, answers=["ændring søgt", "", "carry-over", "", "", "1", "", "", "", "", "ja"])

    assert re.search(r"\n +1  endnu ikke besvaret +2022\n", talked.stdout), talked.stdout
    assert logged(folder) == (
        "- {kind: change-requested, happened: 2022-06-10, recorded: 2022-06-10, change: carry-over, year: 2022}\n"
    )


@pytest.mark.usefixtures("at_a_terminal")
@pytest.mark.parametrize(
    ("kind", "of", "asked"),
    [("godkendt", "carry-over", True), ("afvist", "carry-over", False), ("søgt", "project", False)],
)
def test_how_much_is_carried_over_is_asked_for_but_not_of_a_refusal_which_is_of_all(folder, kind, of, asked):
    year = ["", "1"] if of == "carry-over" else []
    talked = log(folder, answers=[f"ændring {kind}", "", of, "", *year, *["15.000 kr."] * asked, *[""] * 9])

    assert ("Hvor meget af dem" in talked.stdout) == asked


@pytest.mark.usefixtures("at_a_terminal")
def test_a_correction_shows_what_stands_and_asks_for_what_is_right(folder):
    log(folder, "decided", "case=orientering", "step=ssu", "outcome=approved", "text=Godkendt.", "--on", "2022-01-11")
    answers = ["rettet", "", "1", "outcome", "taget til efterretning", "text", "Til efterretning.", "", "", "", ""]
    talked = log(folder, answers=answers)

    assert "besluttet: orientering" in talked.stdout
    assert re.search(r"\n +[0-9]+  approved +outcome\n", talked.stdout)
    assert logged(folder).splitlines()[1] == (
        "- {kind: corrected, happened: 2022-06-10, recorded: 2022-06-10, event: 2022-01-11-decided, "
        "values: {outcome: noted, text: Til efterretning.}}"
    )


@pytest.mark.usefixtures("at_a_terminal")
def test_an_event_that_never_happened_is_withdrawn(folder):
    log(folder, answers=["rettet", "", "", "", "j", "", "", ""])

    assert logged(folder).endswith("event: 2022-01-03-noted, withdrawn: true}\n")


@pytest.mark.usefixtures("at_a_terminal")
@pytest.mark.parametrize(
    ("last", "code", "said"), [(["n"], 0, "Der blev ikke skrevet noget."), (["måske"], 1, "Fejl: svar ja eller nej.")]
)
def test_without_a_yes_nothing_is_written(folder, last, code, said):
    talked = log(folder, answers=["bemærkning", "", "Hej", "", "", *last])

    assert talked.exit_code == code
    assert said in talked.stdout
    assert logged(folder) == ""


@pytest.mark.usefixtures("at_a_terminal")
def test_a_kind_that_the_project_has_nothing_for_is_said_to(folder):
    (folder / "project.yaml").write_text(PLAN.replace("risks:", "# risks:"), encoding="utf-8")
    talked = log(folder, answers=["risiko ændret", ""])

    assert talked.exit_code == 1
    assert "Projektet har ikke noget, som dette kan handle om: risici." in talked.stderr


@pytest.mark.usefixtures("at_a_terminal")
def test_a_project_that_cannot_be_read_is_not_asked_about(folder):
    (folder / "project.yaml").write_text("title: Faste teams\n", encoding="utf-8")
    talked = log(folder, answers=["1"])

    assert (talked.exit_code, talked.stdout) == (1, "")
    assert "municipality mangler" in talked.stderr


@pytest.mark.skipif(os.name == "nt", reason="Windows has no pseudo-terminal")
def test_ctrl_c_in_the_middle_leaves_nothing(folder):
    import pty

    ours, theirs = pty.openpty()
    talk = subprocess.Popen(
        [sys.executable, "-m", "toolkit", "log", str(folder)],
        env={**os.environ, "PYTHONPATH": str(ROOT), "LANG": "da_DK.UTF-8", "LANGUAGE": "da", "TERM": "dumb"},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
        preexec_fn=_own_terminal,
    )
    os.close(theirs)
    _hear(ours, "> ")
    os.write(ours, "bemærkning\n".encode())
    heard = _hear(ours, "> ")
    for _attempt in range(60):  # one that comes between the prompt and the reading of the answer is not heard
        os.write(ours, b"\x03")
        with contextlib.suppress(subprocess.TimeoutExpired):
            talk.wait(timeout=0.5)
            break
    talk.kill()
    with contextlib.suppress(subprocess.TimeoutExpired):
        talk.wait(timeout=10)
    os.close(ours)

    assert "Hvornår skete det?" in heard
    assert talk.returncode == 130
    assert logged(folder) == ""


def _own_terminal() -> None:
    import fcntl
    import signal
    import termios

    signal.signal(signal.SIGINT, signal.SIG_DFL)  # whoever runs the tests in the background has it ignored
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def _hear(terminal: int, until: str) -> str:
    heard = ""
    while not heard.endswith(until) and select.select([terminal], [], [], 20)[0]:
        heard += os.read(terminal, 4096).decode(errors="replace")
    return heard


# ── several projects ─────────────────────────────────────────────────────────────────────────


@pytest.fixture
def several(folder, tmp_path_factory):
    """Three projects below a folder."""
    above = tmp_path_factory.mktemp("flere")
    places = [above / name for name in ("a", "b", "c")]
    for place in places:
        shutil.copytree(folder, place)
    return places


def test_one_event_is_written_to_each_project_of_several_or_of_a_folder(several):
    first, *rest = several
    all_of_them = log(first.parent, "noted", "text=Konferencen er flyttet")
    two_of_them = log(first, str(rest[0]), "bemærket", "text=Til to")

    assert all_of_them.exit_code == two_of_them.exit_code == 0
    assert all_of_them.stdout.count("Konferencen er flyttet") == 3
    said = [(place / "events.yaml").read_text(encoding="utf-8") for place in several]
    assert ["Konferencen" in text for text in said] == [True, True, True]
    assert ["Til to" in text for text in said] == [True, True, False]


def test_what_does_not_fit_one_project_is_written_to_none(several):
    plan = several[1] / "project.yaml"
    plan.write_text(PLAN.replace("teams-klar", "teams-sat"), encoding="utf-8")
    before = [(place / "events.yaml").read_bytes() for place in several]
    answer = log(several[0].parent, "milestone-reached", "milestone=teams-klar")

    assert answer.exit_code == 1
    assert "b/events.yaml" in answer.stderr
    assert "1 af 3 projekter: intet blev skrevet" in answer.stderr
    assert [(place / "events.yaml").read_bytes() for place in several] == before


def test_a_project_that_is_busy_keeps_the_event_from_no_other(several, monkeypatch):
    monkeypatch.setattr(journal, "_PATIENCE", 0.05)
    with FileLock(several[1] / ".pulje.lock"):
        answer = log(several[0].parent, "noted", "text=Hej")

    assert answer.exit_code == 1
    assert "project-busy" in answer.stderr
    said = [(place / "events.yaml").read_text(encoding="utf-8") for place in several]
    assert ["Hej" in text for text in said] == [True, False, True]


def test_nobody_is_asked_what_happened_in_several_projects(several):
    answer = log(several[0].parent)

    assert answer.exit_code == 2
    assert "terminal-needed" in answer.stderr
