from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.documents.forms import word
from tests.folders import BUDGET, CASE, NO_BOOKS, POSTINGS, PROJECT, write_project
from toolkit.cli import main
from toolkit.cli.documents import build, render

NB = "\N{NO-BREAK SPACE}"
DECIDED = (
    "- {kind: decided, happened: 2022-01-11, recorded: 2022-01-13, case: orientering, step: ssu, outcome: noted,\n"
    "   text: Udvalget tog sagen til efterretning., absent: [Et medlem]}\n"
)
AGENDA = "dagsordenspunkt-2022-01-11-udvalget.html"
COPY = "dagsordenspunkt-2022-01-11-udvalget.kopi.html"
MINUTES = "protokoludskrift-2022-01-11-udvalget.html"


def run_render(folder: Path, *words: str, out: Path | None = None) -> Result:
    format = [] if "--form" in words else ["--format", "html"]
    where = ["--out", str(out or folder / "ud"), *format]
    return CliRunner().invoke(render, [str(folder), *where, *words], catch_exceptions=False)


def run_build(folder: Path, *words: str) -> Result:
    return CliRunner().invoke(build, [str(folder), "--out", str(folder / "ud"), *words], catch_exceptions=False)


def made(folder: Path) -> list[str]:
    return sorted(file.name for file in (folder / "ud").glob("*"))


def page(folder: Path, name: str) -> str:
    return (folder / "ud" / name).read_text(encoding="utf-8")


# ── one document ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("kind", ["status-report", "statusrapport", "Statusrapport"])
def test_a_kind_may_be_named_in_english_or_danish(kind: str, tmp_path: Path) -> None:
    answer = run_render(write_project(tmp_path), kind)

    assert (answer.exit_code, answer.stderr) == (0, "")
    assert made(tmp_path) == ["statusrapport-2022-06-30.html"]
    assert "statusrapport-2022-06-30  html" in answer.stdout
    assert f"1 dokument i {tmp_path / 'ud'}" in answer.stdout


@pytest.mark.parametrize(
    ("language", "named"), [("da", "ændringsanmodning / slutrapport"), ("en", "change-request / final-report")]
)
def test_an_unknown_kind_is_answered_with_the_names_of_the_users_language(
    language: str, named: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("toolkit.cli.sentences.spoken", lambda: language)

    assert named in run_render(write_project(tmp_path), "xyz").stderr


def test_a_status_report_says_which_coming_milestones_are_on_a_day_off(tmp_path: Path) -> None:
    more = "  - {id: drift, title: Drift, due: 2022-12-26}\n  - {id: nat, title: Nat, due: 2022-12-27}\nreports:"
    said = PROJECT.replace("reports:", more).replace(
        "reports:\n", "reports:\n  - {kind: status-report, period_ends: 2022-12-31}\n"
    )
    run_render(write_project(tmp_path, {"project.yaml": said}), "status-report", "--as-of", "2022-06-30")
    ahead = page(tmp_path, "statusrapport-2022-06-30.html").split("Milepæle i den næste periode")[1]

    assert "26-12-2022 (mandag, 2. juledag)" in ahead
    assert ">27-12-2022<" in ahead


def test_a_first_application_is_told_on_its_own_days_with_its_own_budget(tmp_path: Path) -> None:
    application = "stage: application\nlines:\n  - {{id: loen, title: Løn, amount: {amount}}}\n"
    sent = "- {{kind: applied, happened: {day}, recorded: {day}, amount: {amount}}}\n"
    folder = write_project(
        tmp_path,
        {
            **NO_BOOKS,
            "budgets/2021-10-01-application.yaml": application.format(amount="600.000 kr."),
            "budgets/2021-11-20-application.yaml": application.format(amount="500.000 kr."),
            "events.yaml": sent.format(day="2021-11-01", amount="600.000 kr.")
            + sent.format(day="2021-11-25", amount="500.000 kr."),
        },
    )
    days = ("2021-11-01", "2021-11-24", "2021-11-25")
    answers = [run_render(folder, "application", "--draft", "--as-of", day, out=folder / day) for day in days]
    told = [(folder / day / f"ansoegning-{day}.html").read_text(encoding="utf-8") for day in days]
    screens = [CliRunner().invoke(main, ["status", str(folder), "--as-of", day]).stdout for day in days]

    assert [answer.exit_code for answer in answers] == [0, 0, 0]
    assert [("600.000" in each, "500.000" in each) for each in told] == [(True, False), (True, False), (False, True)]
    assert [re.findall(r"(?:søgt|Løn) +([\d.]+)", each) for each in screens] == [["600.000"] * 2] * 2 + [
        ["500.000"] * 2
    ]


def test_without_a_folder_to_write_to_it_is_build_and_the_projects_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_project(tmp_path / "et-projekt")
    monkeypatch.chdir(tmp_path)
    CliRunner().invoke(render, [str(folder), "agenda-item"], catch_exceptions=False)

    assert sorted(file.name for file in (tmp_path / "build" / "et-projekt").iterdir()) == [
        "dagsordenspunkt-2022-01-11-udvalget.docx",
        "dagsordenspunkt-2022-01-11-udvalget.html",
        "dagsordenspunkt-2022-01-11-udvalget.pdf",
    ]


def test_a_day_may_be_given_and_the_period_ends_then(tmp_path: Path) -> None:
    folder = write_project(tmp_path, {"texts/status-report/2022-10-04.md": "# Resumé\nVi er i gang.\n"})
    run_render(folder, "status-report", "--as-of", "04-10-2022")

    assert made(folder) == ["statusrapport-2022-10-04.html"]
    assert f"1.{NB}juli – 4.{NB}oktober 2022" in page(folder, "statusrapport-2022-10-04.html")


def test_an_agenda_item_is_of_its_meetings_day_and_of_no_other(tmp_path: Path) -> None:
    folder = write_project(tmp_path)
    refused, made_then = (run_render(folder, "agenda-item", "--as-of", day) for day in ("2022-01-05", "2022-01-11"))

    assert (refused.exit_code, made_then.exit_code) == (2, 0)
    assert "2022-01-11" in refused.stderr
    assert f"den 11.{NB}januar 2022" in page(folder, AGENDA)


def test_a_final_report_may_be_tried_before_the_project_has_ended(tmp_path: Path) -> None:
    text = "".join(f"# {heading}\nTekst.\n" for heading in ("Resumé", "Resultater", "Forankring"))
    folder = write_project(
        tmp_path, {"project.yaml": PROJECT + "purpose: Mere stabilitet\n", "texts/final-report.md": text}
    )
    answer = run_render(folder, "final-report", "--as-of", "2023-06-30")

    assert answer.exit_code == 0
    assert "spending-known-until" in answer.stderr  # the books of this project end in July 2022
    assert "uforbrugte tilskud" not in page(folder, "slutrapport-2023-06-30.html")


def test_a_final_report_says_what_is_unspent_under_reserve_while_anything_waits_whatever_it_comes_to(
    tmp_path: Path,
) -> None:
    rows = ["2022-03-01;1;2;46000000;;;Kursus;700,00", "2021-12-01;2;3;46000000;;;Kursus;90,00"]
    rows.append("2024-01-10;3;4;46000000;;;Kursus;-90,00")
    files = {
        **NO_BOOKS,
        "project.yaml": PROJECT + "purpose: Mere stabilitet\n",
        "texts/final-report.md": "".join(f"# {each}\nTekst.\n" for each in ("Resumé", "Resultater", "Forankring")),
        "allocation.yaml": 'rules:\n  - {account: "46*", line: kurser}\n',
        "postings/2024-02-01-opus-26a741c7.csv": POSTINGS + "\n".join([*rows, ""]),
    }
    folder = write_project(tmp_path, files)

    answer = run_render(folder, "final-report")
    assert answer.exit_code == 0, answer.stderr
    said = f"ikke er regnet med, er det uforbrugte tilskud 499.300{NB}kr."
    assert said in page(folder, "slutrapport-2023-12-31.html")


# ── what is missing ──────────────────────────────────────────────────────────────────────────


def test_a_document_whose_text_is_missing_is_not_made_and_says_what_to_write(tmp_path: Path) -> None:
    folder = write_project(tmp_path, {"texts/status-report/2022-06-30.md": "# Resumé\n\n# Målgruppe\nUændret.\n"})
    answer = run_render(folder, "status-report")

    assert answer.exit_code == 1
    assert "prose-missing (fejl)" in answer.stderr
    assert "--draft" in answer.stderr
    assert "1 dokument kunne ikke laves." in answer.stderr
    assert made(folder) == []


def test_a_draft_shows_what_is_missing_and_says_that_it_is_one(tmp_path: Path) -> None:
    folder = write_project(tmp_path, {"cases/orientering.md": CASE.replace("{{ grant.awarded }}", "{{ area }}")})
    finished, draft = run_render(folder, "agenda-item"), run_render(folder, "agenda-item", "--draft")

    assert (finished.exit_code, draft.exit_code) == (1, 0)
    assert f"{folder}/cases/orientering.md:9:1: fact-missing" in finished.stderr
    assert "[MANGLER: area]" in page(folder, AGENDA)
    assert "Kladde." in page(folder, AGENDA)


def test_a_document_is_never_made_from_files_with_errors(tmp_path: Path) -> None:
    folder = write_project(tmp_path, {"budgets/2021-12-16-award.yaml": BUDGET.replace("100.000", "90.000")})

    for answer in (run_render(folder, "agenda-item"), run_build(folder)):
        assert answer.exit_code == 1
        assert "budget-not-funded" in answer.stderr
        assert made(folder) == []


# ── the decision ─────────────────────────────────────────────────────────────────────────────


def test_before_its_meeting_an_item_has_no_decision_and_its_minutes_have_the_one_that_was_logged(
    tmp_path: Path,
) -> None:
    folder = write_project(tmp_path, {"events.yaml": DECIDED})
    run_render(folder, "agenda-item")
    run_render(folder, "agenda-item", "--decided")

    assert made(folder) == [AGENDA, MINUTES]
    assert "Udvalget tog sagen til efterretning." not in page(folder, AGENDA)
    assert "Beslutning" in page(folder, AGENDA)
    assert "Udvalget tog sagen til efterretning." in page(folder, MINUTES)
    assert "Fraværende: Et medlem." in page(folder, MINUTES)


@pytest.mark.parametrize("words", [("--decided",), ("--decided", "--known-by", "2022-01-12")])
def test_there_are_no_minutes_of_a_decision_that_is_not_logged(words: tuple[str, ...], tmp_path: Path) -> None:
    log = DECIDED if "--known-by" in words else ""
    answer = run_render(write_project(tmp_path, {"events.yaml": log}), "agenda-item", *words)

    assert answer.exit_code == 2
    assert "Loggen rummer ingen beslutning for dette trin" in answer.stderr
    assert made(tmp_path) == []


POSTPONED = (
    "- {kind: decided, happened: 2022-01-11, recorded: 2022-01-13, case: orientering, step: ssu, outcome: postponed,\n"
    "   text: Udsat.}\n"
    "- {kind: meeting-set, happened: 2022-01-20, recorded: 2022-01-20, case: orientering, step: ssu,\n"
    "   date: 2022-02-08}\n"
)


def test_minutes_of_a_postponed_item_are_of_the_meeting_that_postponed_it(tmp_path: Path) -> None:
    folder = write_project(tmp_path, {"events.yaml": POSTPONED})
    answer = run_render(folder, "agenda-item", "--decided")

    assert (answer.exit_code, made(folder)) == (0, [MINUTES])
    assert f"den 11.{NB}januar 2022" in page(folder, MINUTES)
    assert "Udsat." in page(folder, MINUTES)
    assert "februar" not in page(folder, MINUTES)


def test_where_two_meetings_decided_the_day_says_whose_minutes_are_meant(tmp_path: Path) -> None:
    second = POSTPONED.splitlines(keepends=True)[0].replace("01-11", "02-08").replace("01-13", "02-09")
    folder = write_project(tmp_path, {"events.yaml": f"{POSTPONED}{second}   text: Taget til efterretning.}}\n"})
    refused = run_render(folder, "agenda-item", "--decided")
    for day in ("2022-01-11", "2022-02-08"):
        run_render(folder, "agenda-item", "--decided", "--as-of", day)

    assert refused.exit_code == 2
    assert "skriv --as-of 2022-01-11 / --as-of 2022-02-08" in refused.stderr
    assert "Taget til efterretning" not in page(folder, MINUTES)
    assert "Udsat." in page(folder, MINUTES)
    later = page(folder, MINUTES.replace("01-11", "02-08"))
    assert f"den 8.{NB}februar 2022" in later
    assert "Taget til efterretning." in later


def test_there_are_no_minutes_of_a_day_that_decided_nothing(tmp_path: Path) -> None:
    folder = write_project(tmp_path, {"events.yaml": POSTPONED})
    answer = run_render(folder, "agenda-item", "--decided", "--as-of", "2022-02-08")

    assert (answer.exit_code, made(folder)) == (2, [])
    assert "skriv --as-of 2022-01-11" in answer.stderr


def test_a_body_that_meets_several_times_is_named_once_in_the_course_of_the_case(tmp_path: Path) -> None:
    front = CASE.replace("layout: standard", "layout: herning")
    folder = write_project(tmp_path, {"events.yaml": POSTPONED, "cases/orientering.md": front})
    run_render(folder, "agenda-item")

    item = page(folder, "dagsordenspunkt-2022-02-08-udvalget.html")
    assert "Sagsgang" in item
    assert "Udvalget og Udvalget" not in item


# ── wrong use ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("status-raport",), "brug statusrapport"),
        (("status-report", "--format", "odt"), "docx, html"),
        (("status-report", "--as-of", "i morgen"), "er ikke en dato"),
        (("agenda-item", "--case", "findes-ikke"), "--case orientering --step ssu"),
        (("agenda-item", "--step", "findes-ikke"), "--case orientering --step ssu"),
        (("status-report", "--decided"), "hører til et dagsordenspunkt"),
        (("final-report", "--case", "orientering"), "hører til et dagsordenspunkt"),
        (("final-report", "--change", "2022-01-05-change-requested"), "hører til en ændringsanmodning"),
        (("change-request", "--step", "ssu"), "hører til et dagsordenspunkt"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_wrong_use_is_exit_code_2_and_says_what_would_be_right(
    words: tuple[str, ...], said: str, tmp_path: Path
) -> None:
    answer = run_render(write_project(tmp_path), *words)

    assert answer.exit_code == 2
    assert said in answer.stderr
    assert made(tmp_path) == []


def test_a_layout_that_is_not_there_is_an_error_in_the_input(tmp_path: Path) -> None:
    answer = run_render(write_project(tmp_path), "agenda-item", "--layout", "tisted")

    assert answer.exit_code == 1
    assert "thisted" in answer.stderr


def test_a_project_without_a_grant_has_nothing_to_apply_for(tmp_path: Path) -> None:
    text = PROJECT.replace("grant: {applied: 500.000 kr., awarded: 500.000 kr.}\n", "")
    folder = write_project(tmp_path, {"project.yaml": text, "budgets/2021-12-16-award.yaml": None})

    assert run_render(folder, "application").exit_code == 2
    assert run_render(folder, "status-report").exit_code == 0


# ── all of them ──────────────────────────────────────────────────────────────────────────────


def test_build_makes_the_documents_that_somebody_has_begun_to_write(tmp_path: Path) -> None:
    folder = write_project(tmp_path)
    answer = run_build(folder)

    assert (answer.exit_code, answer.stderr) == (0, "")
    assert made(folder) == [
        "budget-2022-06-30.svg",
        "dagsordenspunkt-2022-01-11-udvalget.docx",
        AGENDA,
        "dagsordenspunkt-2022-01-11-udvalget.pdf",
        "statusrapport-2022-06-30.docx",
        "statusrapport-2022-06-30.html",
        "statusrapport-2022-06-30.pdf",
        "tidslinje-2022-06-30.svg",
    ]
    assert f"2 dokumenter i {folder / 'ud'}" in answer.stdout
    assert "Billeder: budget-2022-06-30.svg, tidslinje-2022-06-30.svg" in answer.stdout


def test_a_draft_of_everything_has_the_documents_that_nobody_has_begun_too(tmp_path: Path) -> None:
    folder = write_project(tmp_path)
    answer = run_build(folder, "--draft", "--format", "html")

    assert answer.exit_code == 0
    assert {"ansoegning-2022-01-01.html", "slutrapport-2023-12-31.html"} <= set(made(folder))


def test_one_document_that_cannot_be_made_stops_no_other(tmp_path: Path) -> None:
    folder = write_project(tmp_path, {"texts/status-report/2022-06-30.md": "# Resumé\n{{ area }}\n"})
    answer = run_build(folder, "--format", "html")

    assert answer.exit_code == 1
    assert made(folder) == [AGENDA]
    assert "1 dokument kunne ikke laves." in answer.stderr
    assert "fact-missing" in answer.stderr


def test_a_folder_with_nothing_written_says_how_to_begin(tmp_path: Path) -> None:
    folder = write_project(tmp_path, {"cases/orientering.md": None, "texts/status-report/2022-06-30.md": None})
    answer = run_build(folder)

    assert answer.exit_code == 0
    assert "begynd med texts/ eller cases/" in answer.stdout


@pytest.mark.skipif(os.name == "nt", reason="a folder's own mode holds no file back on Windows")
@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written_to_is_named(tmp_path: Path) -> None:
    folder = write_project(tmp_path)
    (folder / "ud").mkdir(mode=0o500)
    answer = run_render(folder, "agenda-item")

    assert answer.exit_code == 1
    assert "dagsordenspunkt" in answer.stderr


def test_a_document_that_word_holds_open_is_named_and_left_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_project(tmp_path)
    run_render(folder, "agenda-item")
    before = page(folder, AGENDA)

    def held(_self: Path, _target: Path) -> Path:
        raise PermissionError(13, "held")

    monkeypatch.setattr(Path, "replace", held)
    monkeypatch.setattr("toolkit.files.time.sleep", lambda _seconds: None)
    answer = run_render(folder, "agenda-item")

    assert answer.exit_code == 1
    assert "file-held (fejl)" in answer.stderr
    assert page(folder, AGENDA) == before


# ── a page to copy from, and an agency's form ────────────────────────────────────────────────


def test_an_agenda_item_may_be_a_page_to_copy_from_beside_the_page_to_read(tmp_path: Path) -> None:
    folder = write_project(tmp_path)
    answer = CliRunner().invoke(
        render,
        [str(folder), "agenda-item", "--out", str(folder / "ud"), "--format", "copy,html"],
        catch_exceptions=False,
    )

    assert (answer.exit_code, answer.stderr) == (0, "")
    assert "dagsordenspunkt-2022-01-11-udvalget  kopi.html html" in answer.stdout
    assert made(folder) == [AGENDA, COPY]
    assert page(folder, COPY).count("<button") == 5


def test_a_page_to_copy_from_is_not_made_unasked(tmp_path: Path) -> None:
    folder = write_project(tmp_path)
    run_build(folder)

    assert [name for name in made(folder) if "kopi" in name] == []


def test_a_form_is_filled_instead_of_our_own_document(tmp_path: Path) -> None:
    folder = write_project(tmp_path)
    form = tmp_path / "skema.docx"
    word("{{ title }}").save(str(form))
    answer = run_render(folder, "status-report", "--form", str(form))

    assert (answer.exit_code, answer.stderr) == (0, "")
    assert made(folder) == ["skema-statusrapport-2022-06-30.docx"]


def test_a_format_beside_a_form_is_wrong_use_since_a_form_is_word(tmp_path: Path) -> None:
    folder = write_project(tmp_path)
    form = tmp_path / "skema.docx"
    word("{{ title }}").save(str(form))
    answer = run_render(folder, "status-report", "--form", str(form), "--format", "pdf")

    assert (answer.exit_code, "option-idle" in answer.stderr) == (2, True)
    assert made(folder) == []


def test_what_is_wrong_in_a_form_is_shown_in_the_form_and_in_the_project_what_is_wrong_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_project(tmp_path / "projekt", {"texts/status-report/2022-06-30.md": "# Resumé\n"})
    word("{{ cvr }}", '{{ written("summary") }}').save(str(tmp_path / "skema.docx"))
    monkeypatch.chdir(tmp_path)
    answer = CliRunner().invoke(render, [folder.name, "status-report", "--form", "skema.docx"], catch_exceptions=False)

    assert answer.exit_code == 1
    assert "skema.docx, afsnit 1: fact-missing (fejl)" in answer.stderr.splitlines()
    assert "projekt/texts/status-report/2022-06-30.md:1:1: prose-missing (fejl)" in answer.stderr.splitlines()
    assert "1 dokument kunne ikke laves." in answer.stderr


def test_build_and_check_take_all_projects_below_a_folder_and_what_stops_one_stops_no_other(tmp_path: Path) -> None:
    for name in ("øst/teams", "vest/teams", "nord"):
        write_project(tmp_path / name)
    (tmp_path / "nord" / "project.yaml").write_text("title: [\n", encoding="utf-8")
    built = CliRunner().invoke(main, ["build", str(tmp_path), "--format", "md", "--out", str(tmp_path / "ud")])
    checked = CliRunner().invoke(main, ["check", str(tmp_path)])

    assert (built.exit_code, checked.exit_code) == (1, 1)
    made = {path.parent.name for path in (tmp_path / "ud").rglob("statusrapport-2022-06-30.md")}
    assert made == {"øst-teams", "vest-teams"}
    assert [line.partition(":")[0] for line in checked.stdout.splitlines()] == [
        str(tmp_path / name) for name in ("nord", "vest/teams", "øst/teams")
    ]
