"""What our documents say of a project in words: no more than its files show."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from tests.folders import BUDGET, FILE_OF_POSTINGS, IMPORTED, POSTINGS, PROJECT, write_project
from toolkit.project import open_project
from toolkit.render import allowed, every_occasion, make_document

AWARDED = (
    "- {kind: awarded, happened: 2021-12-16, recorded: 2021-12-16, amount: 500.000 kr., budget: 2021-12-16-award}\n"
)
CHANGED = BUDGET.replace("stage: award", "stage: change").replace("400.000", "390.000").replace("100.000", "110.000")
REPORTS = PROJECT + "  - {kind: accounts, period_ends: 2023-12-31}\n"
BOOKS = IMPORTED.replace("ends: 2022-07-08", "ends: 2023-12-31")
KINDS = ("status-report", "final-report", "accounts")


def said(folder: Path, kind: str, changed: Mapping[str, str | None] = {}, *, as_of: date | None = None) -> str:
    """The document of a kind as one text, where the small project has some of its files otherwise."""
    dossier = open_project(
        write_project(folder, {"project.yaml": REPORTS, "events.yaml": BOOKS + AWARDED, **changed})
    ).dossier
    assert dossier is not None
    occasion = next(each for each in every_occasion(dossier) if each.kind == kind and as_of in (None, each.as_of))
    made = make_document(dossier, occasion, ("md",), draft=True, own=folder)
    assert made.contents, made.problems
    return re.sub(r"\\(.)", r"\1", made.contents["md"].decode().replace("\xa0", " "))


# ── whose period ─────────────────────────────────────────────────────────────────────────────

OWN_PERIOD = "grant_period: {starts: 2022-04-01, ends: 2023-12-31}\n"
RULES = "rules:\n  - {account: '4001', line: loen}\n"
EARLY = """\
posted;voucher;line;account;cost_centre;wbs_element;text;amount
2022-03-01;1;1;4001;;;Vikar;1000,00
"""


@pytest.mark.parametrize("kind", KINDS)
def test_a_cost_before_the_grants_own_period_is_told_by_that_period(kind: str, tmp_path: Path) -> None:
    files = {"project.yaml": REPORTS + OWN_PERIOD, FILE_OF_POSTINGS: EARLY, "allocation.yaml": RULES}
    text = said(tmp_path, kind, files)

    assert "| Før tilskudsperioden, afklares |" in text
    assert "projektperioden, afklares" not in text
    assert "| Projektperiode | 1. januar 2022 – 31. december 2023 |" in text
    assert "| Tilskudsperiode | 1. april 2022 – 31. december 2023 |" in text


def test_the_grants_period_is_not_told_twice_where_it_is_the_projects(tmp_path: Path) -> None:
    same = "grant_period: {starts: 2022-01-01, ends: 2023-12-31}\n"

    assert "Tilskudsperiode" not in said(tmp_path, "status-report", {"project.yaml": REPORTS + same})


# ── a line that is no more ───────────────────────────────────────────────────────────────────

DROPPED = """\
stage: change
lines:
  - {id: loen, title: Løn, amount: 500.000 kr.}
"""
AROUND = """\
posted;voucher;line;account;cost_centre;wbs_element;text;amount
2022-02-01;1;1;4600;;;Kursus;1000,00
2022-04-01;2;1;4600;;;Kursus;2000,00
"""


@pytest.mark.parametrize("kind", KINDS)
def test_costs_on_a_dropped_line_are_told_as_that_whenever_they_fell(kind: str, tmp_path: Path) -> None:
    books = {FILE_OF_POSTINGS: AROUND, "allocation.yaml": "rules:\n  - {account: '4600', line: kurser}\n"}
    text = said(tmp_path, kind, approved("tilskudsyder") | books | {"budgets/2022-03-01-change.yaml": DROPPED})

    assert re.search(r"På poster, som budgettet ikke har, afklares \|[^\n]* 3\.000,00 \|", text)


# ── what the plan says already ───────────────────────────────────────────────────────────────


@pytest.mark.parametrize("kind", ["project-description", "application"])
def test_what_the_plan_says_stands_where_nobody_has_written_another(kind: str, tmp_path: Path) -> None:
    text = f"texts/{kind}.md"
    own = {"project.yaml": REPORTS + "summary: Faste teams i hele kommunen.\ncohort: Hold øst\n"}

    assert "\nFaste teams i hele kommunen.\n" in said(tmp_path / "sagt", kind, own)
    assert "MANGLER: " + text in said(tmp_path / "intet", kind)
    heading = "Resumé" if kind == "project-description" else "Projektresumé"
    written = said(tmp_path / "skrevet", kind, {**own, text: f"# {heading}\n\nTo teams.\n"})
    assert "\nTo teams.\n" in written
    assert "hele kommunen" not in written
    assert ("Hold øst" in written) == (kind == "project-description")


def test_a_description_that_the_plan_says_is_made_once_it_has_been_begun(tmp_path: Path) -> None:
    def made(name: str, changed: Mapping[str, str]) -> bool:
        dossier = open_project(write_project(tmp_path / name, changed)).dossier
        assert dossier is not None
        return "project-description" in {each.kind for each in allowed(dossier)}

    plan = {"project.yaml": PROJECT + "summary: Faste teams.\n"}
    begun = {"texts/project-description.md": "# Resumé\n\n<!-- Hvad vil I gøre? -->\n"}
    assert made("begge", {**plan, **begun})
    assert not made("uden tekst", plan)
    assert not made("uden resumé", begun)


def test_what_says_missing_is_missing_in_the_documents_and_in_no_sum(tmp_path: Path) -> None:
    plan = REPORTS.replace("phases:\n", "goals: MANGLER\nphases: MANGLER\nold:\n")
    lines = [
        line for line in plan.splitlines() if not line.startswith(("old:", "  - {id: fase", "milestones", "  - {id: t"))
    ]
    budget = BUDGET.replace("stage: award", "stage: application").replace("100.000 kr.", "MANGLER")
    files: dict[str, str | None] = {
        "project.yaml": "\n".join(lines).replace(", awarded: 500.000 kr.", "") + "\n",
        "budgets/2021-12-16-award.yaml": None,
        "budgets/2021-11-01-application.yaml": budget,
        "events.yaml": "[]\n",
    }
    text = said(tmp_path, "application", files)

    assert all(f"MANGLER: {what}]" in text for what in ("goals", "phases", "budget"))
    assert "nul mål" not in text
    assert "Budgettet indgår ikke" not in text
    assert "400.000" not in text


# ── what the log does not say ────────────────────────────────────────────────────────────────


def test_what_goes_back_is_dropped_by_the_terms_own_words_whether_claim_or_rest(tmp_path: Path) -> None:
    floor = "terms:\n  - {id: repayment-floor, amount: 500 kr., text: Krav bortfalder., reference: Brevet}\n"
    paid = "- {kind: instalment-received, happened: 2022-02-01, recorded: 2022-02-01, amount: 100 kr.}\n"
    text = said(tmp_path, "accounts", {"project.yaml": REPORTS + floor, "events.yaml": BOOKS + AWARDED + paid})

    assert "Tilbagebetalingen bortfalder efter bagatelgrænsen. Krav bortfalder.\n" in text
    assert "uforbrugte beløb er under" not in text


def test_an_empty_log_shows_no_more_than_that_nothing_is_registered(tmp_path: Path) -> None:
    text = said(tmp_path, "status-report")

    assert "Der er ikke registreret afvigelser fra det godkendte forløb i perioden." in text
    assert "Der er ikke registreret udbetalinger af det." in text
    assert "Der er ikke registreret udbetalinger af tilskuddet." in said(tmp_path, "accounts")


# ── a grant that was changed ─────────────────────────────────────────────────────────────────

REDUCED = """\
- {kind: instalment-received, happened: 2022-02-01, recorded: 2022-02-01, amount: 500.000 kr.}
- {kind: change-approved, happened: 2022-04-01, recorded: 2022-04-01, change: project, by: tilskudsyder,
   values: {grant.awarded: 400.000 kr.}}
"""


@pytest.mark.parametrize("kind", KINDS)
def test_a_grant_that_was_reduced_is_told_with_what_it_was_at_first(kind: str, tmp_path: Path) -> None:
    text = said(tmp_path, kind, {"events.yaml": BOOKS + AWARDED + REDUCED})

    assert "400.000 kr. (først 500.000 kr., ændret den 1. april 2022)" in text
    if kind == "status-report":
        assert "Tilskuddet var først på 500.000 kr. og blev den 1. april 2022 ændret til 400.000 kr." in text
        assert "Tilskudsyder har udbetalt 500.000 kr." in text
    if kind == "final-report":
        assert "fik først et tilskud på 500.000 kr., som den 1. april 2022 blev ændret til 400.000 kr." in text


# ── what others pay, and what a year left ────────────────────────────────────────────────────

BY_YEAR = """\
stage: award
lines:
  - {id: loen, title: Løn, amount: 500.000 kr., by_year: {2022: 200.000 kr., 2023: 300.000 kr.}}
"""


def test_what_an_ended_year_left_is_told_with_whether_it_was_asked_for(tmp_path: Path) -> None:
    ends = {"project.yaml": REPORTS.replace("period_ends: 2022-06-30", "period_ends: 2022-12-31")}
    files = ends | {"budgets/2021-12-16-award.yaml": BY_YEAR}
    asked = "- {kind: change-requested, happened: 2022-12-20, recorded: 2022-12-20, change: carry-over, year: 2022}\n"

    left = "Af de midler, der var til rådighed i 2022, er 200.000 kr. ikke brugt."
    assert f"{left} Skal de bruges året efter, skal overførslen søges" in said(tmp_path, "status-report", files)
    files |= {"events.yaml": BOOKS + AWARDED + asked}
    assert f"{left} De er søgt overført til året efter" in said(tmp_path, "status-report", files)


@pytest.mark.parametrize(
    ("told", "answer"),
    [
        ("- {kind: closed, happened: 2023-12-31, recorded: 2023-12-31}\n", "De er ikke søgt overført"),
        (
            "- {kind: change-refused, happened: 2023-02-01, recorded: 2023-02-01, change: carry-over, year: 2022}\n",
            "Det er afslået at overføre dem",
        ),
    ],
)
def test_a_final_report_says_why_a_year_has_left_what_was_never_carried_over(
    told: str, answer: str, tmp_path: Path
) -> None:
    files = {"budgets/2021-12-16-award.yaml": BY_YEAR, "events.yaml": BOOKS + AWARDED + told}

    assert f"i 2022, er 200.000 kr. ikke brugt. {answer} til året efter." in said(tmp_path, "final-report", files)


PART = """\
- {{kind: change-{}, happened: 2022-12-31, recorded: 2022-12-31, change: carry-over, year: 2022, amount: 150.000 kr.}}
"""


@pytest.mark.parametrize(
    ("kind", "answer", "told"),
    [
        (
            "status-report",
            "approved",
            "ikke brugt. 150.000 kr. af dem er godkendt overført til året efter.",
        ),
        (
            "status-report",
            "requested",
            "ikke brugt. 150.000 kr. af dem er søgt overført til året efter, og",
        ),
        (
            "final-report",
            "approved",
            "ikke brugt. 150.000 kr. af dem er godkendt overført til året efter.",
        ),
        ("final-report", "approved", "| Overførsel mellem år: 150.000 kr. fra 2022 | Godkendt |"),
        ("accounts", "approved", "Fra 2022 er 150.000 kr. af 200.000 kr. godkendt overført."),
        (
            "accounts",
            "requested",
            "Fra 2022 er 150.000 kr. af 200.000 kr. søgt overført, og tilskudsyder har endnu ikke",
        ),
        ("change-request", "requested", "Søges overført: 150.000 kr. af 200.000 kr."),
    ],
)
def test_a_year_of_which_a_part_is_carried_over_says_how_much(
    kind: str, answer: str, told: str, tmp_path: Path
) -> None:
    files = {
        "project.yaml": REPORTS.replace("period_ends: 2022-06-30", "period_ends: 2022-12-31"),
        "budgets/2021-12-16-award.yaml": BY_YEAR,
        "events.yaml": BOOKS + AWARDED + PART.format(answer),
    }

    assert told in said(tmp_path, kind, files)


# ── a request to carry over ──────────────────────────────────────────────────────────────────

ASKED = "- {kind: change-requested, happened: 2022-12-15, recorded: 2022-12-15, change: carry-over, year: 2022}\n"
BESIDE = """\
posted;voucher;line;account;cost_centre;wbs_element;text;amount
2022-03-01;1;1;4001;;;Vikar;1000,00
2022-04-01;2;1;9999;;;Ingen regel;500,00
2022-05-01;3;1;4600;;;Kursus;250,00
2022-12-20;4;1;4001;;;Vikar;7000,00
"""


def test_a_request_to_carry_over_tells_what_of_the_year_is_not_counted(tmp_path: Path) -> None:
    files = {
        "budgets/2021-12-16-award.yaml": BY_YEAR,
        "events.yaml": BOOKS + AWARDED + ASKED,
        FILE_OF_POSTINGS: BESIDE,
        "allocation.yaml": RULES + "  - {account: '4600', line: kurser}\n",
        "budgets/2021-11-01-application.yaml": BUDGET.replace("stage: award", "stage: application"),
    }
    text = said(tmp_path, "change-request", files)

    assert "| **I alt** | **200.000,00** | **1.000,00** | **199.000,00** |" in text
    assert "| Ikke fordelt på budgetposter | – | 500,00 | – |" in text
    assert "| På poster, som budgettet ikke har, afklares | – | 250,00 | – |" in text
    assert "er ikke regnet med i det uforbrugte" in text
    assert "Året var ikke omme. Forbruget er gjort op til og med den 15. december 2022." in text


def test_a_request_to_carry_over_says_whose_the_budget_is_that_it_is_held_against(tmp_path: Path) -> None:
    files = approved("Byrådet")
    changed = BY_YEAR.replace("stage: award", "stage: change")
    files |= {"budgets/2022-03-01-change.yaml": changed, "events.yaml": f"{files['events.yaml']}{ASKED}"}

    assert "godkendt af Byrådet den 15. marts 2022. Det fremgår ikke" in said(tmp_path, "change-request", files)


# ── what the books do not have ───────────────────────────────────────────────────────────────


def test_only_a_grant_that_the_books_have_is_said_to_be_in_them(tmp_path: Path) -> None:
    paid = "- {kind: instalment-received, happened: 2022-02-01, recorded: 2022-02-01, amount: 100 kr.}\n"
    logged = {"events.yaml": BOOKS + AWARDED + paid}
    booked = {
        FILE_OF_POSTINGS: EARLY.replace("4001", "8600").replace("1000,00", "-100,00"),
        "allocation.yaml": "rules:\n  - {account: '8600', grant_income: true}\n",
    }

    assert "indtægtsført" not in said(tmp_path, "accounts", logged)
    assert "Tilskuddet er indtægtsført for sig." in said(tmp_path / "bogført", "accounts", booked)


# ── after the period ─────────────────────────────────────────────────────────────────────────


def test_what_is_allowed_after_the_period_is_not_told_as_spent_in_it(tmp_path: Path) -> None:
    files = {
        "project.yaml": REPORTS.replace("period_ends: 2022-06-30", "period_ends: 2023-12-31"),
        FILE_OF_POSTINGS: EARLY + "2024-02-01;2;1;4001;;;Revision;200,00\n",
        "allocation.yaml": "rules:\n  - {account: '4001', line: loen, allowed: Brevet}\n",
    }
    text = said(tmp_path, "status-report", files)

    assert "I perioden er der brugt 1.000 kr. 200 kr. af forbruget ligger efter perioden og er tilladt." in text
    assert "| **I alt** | **500.000,00** | **0,00** | **1.000,00** | **200,00** | **1.200,00** |" in text


def test_what_was_booked_after_the_period_and_performed_in_it_is_named_in_the_accounts(tmp_path: Path) -> None:
    files = {
        FILE_OF_POSTINGS: EARLY.replace("2022-03-01", "2024-01-10"),
        "allocation.yaml": "rules:\n  - {account: '4001', line: loen, performed: 2023-12-20}\n",
    }

    assert "| Bogført efter tilskudsperioden | 1.000,00 |" in said(tmp_path, "accounts", files)


@pytest.mark.parametrize("kind", ["status-report", "final-report"])
def test_what_others_pay_is_told_in_the_reports_too(kind: str, tmp_path: Path) -> None:
    files = {
        "project.yaml": REPORTS + "funding: [{id: region, kind: co, title: Regionen, amount: 50.000 kr.}]\n",
        FILE_OF_POSTINGS: EARLY.replace("4001", "7200").replace("1000,00", "-20000,00"),
        "allocation.yaml": "rules:\n  - {account: '7200', other_income: region}\n",
    }

    assert "| Medfinansiering: Regionen | 50.000,00 | 20.000,00 |" in said(tmp_path, kind, files)
    assert "Medfinansiering og andre indtægter" not in said(tmp_path / "uden", kind)


def test_of_a_period_that_no_import_reaches_no_figure_is_told(tmp_path: Path) -> None:
    later = "  - {kind: status-report, period_starts: 2023-01-01, period_ends: 2023-06-30}\n"
    files = {
        "project.yaml": REPORTS + later,
        "events.yaml": IMPORTED + AWARDED,
        "budgets/2021-12-16-award.yaml": BY_YEAR,
        FILE_OF_POSTINGS: EARLY,
        "allocation.yaml": RULES,
    }
    text = said(tmp_path, "status-report", files, as_of=date(2023, 6, 30))

    assert "Forbruget i perioden kendes ikke." in text
    assert "| **I alt** | **500.000,00** | **1.000,00** | **–** | **1.000,00** |" in text
    assert "| – | 1.000,00 |" in said(tmp_path / "regnskab", "accounts", files)


# ── what was changed ─────────────────────────────────────────────────────────────────────────

LONGER = """\
- {kind: change-approved, happened: 2022-04-01, recorded: 2022-04-01, change: extension, by: tilskudsyder,
   values: {project_period.ends: 2024-06-30}}
- {kind: change-requested, happened: 2022-05-01, recorded: 2022-05-01, change: project,
   values: {milestones.teams-klar.due: 2022-07-15}}
- {kind: change-requested, happened: 2022-05-02, recorded: 2022-05-02, change: carry-over, year: 2022}
"""


def test_a_table_of_changes_says_what_is_changed_to_what(tmp_path: Path) -> None:
    text = said(tmp_path, "status-report", {"events.yaml": BOOKS + AWARDED + LONGER})

    assert "| Forlængelse: projektperioden slutter 30. juni 2024 | Godkendt af tilskudsyder |" in text
    assert "| Projektændring: milepæl “Teams er klar”, frist: 15. juli 2022 | Søgt |" in text
    assert "| Overførsel mellem år: fra 2022 | Søgt |" in text


def test_a_request_names_what_ends_and_a_whole_period_in_words(tmp_path: Path) -> None:
    asked = """\
- {kind: change-requested, happened: 2022-05-01, recorded: 2022-05-01, change: extension,
   values: {project_period.ends: 2024-06-30, grant_period: {starts: 2022-01-01, ends: 2024-06-30}}}
"""
    text = said(tmp_path, "change-request", {"events.yaml": BOOKS + AWARDED + asked})

    assert "| Projektperioden slutter | 31. december 2023 | 30. juni 2024 |" in text
    assert "| Tilskudsperioden | – | 1. januar 2022 – 30. juni 2024 |" in text


def test_a_request_for_more_time_names_the_condition_by_its_text(tmp_path: Path) -> None:
    letter = REPORTS + "conditions: [{id: logo, text: Puljen nævnes, due: 2022-04-01}]\n"
    asked = """\
- {kind: change-requested, happened: 2022-03-01, recorded: 2022-03-01, change: project,
   values: {conditions.logo.due: 2022-06-01}}
"""
    text = said(tmp_path, "change-request", {"project.yaml": letter, "events.yaml": BOOKS + AWARDED + asked})

    assert "| Vilkår “Puljen nævnes”, frist | 1. april 2022 | 1. juni 2022 |" in text


@pytest.mark.parametrize("kind", ["status-report", "final-report"])
def test_an_application_that_was_withdrawn_is_a_grant_that_was_not_awarded(kind: str, tmp_path: Path) -> None:
    log = """\
- {kind: applied, happened: 2021-11-01, recorded: 2021-11-01, amount: 500.000 kr.}
- {kind: closed, happened: 2021-12-01, recorded: 2021-12-01, by: Thisted Kommune}
"""
    text = said(tmp_path, kind, {"events.yaml": BOOKS + log})

    assert "| Tilskud | Ikke bevilget |" in text
    assert "| Tilskuddet afsluttet | Den 1. december 2021 |" in text
    assert "grant.awarded" not in text
    assert "Tilskuddet blev afsluttet den" not in text  # there was none to close: an application was taken back


ANEW = "- {kind: applied, happened: 2022-03-01, recorded: 2022-03-01, amount: 600.000 kr.}\n"


@pytest.mark.parametrize("kind", ["status-report", "final-report"])
@pytest.mark.parametrize(
    ("answer", "row"),
    [
        (
            "kind: rejected, reason: Puljen er brugt",
            "Ny ansøgning om tilskud: 600.000 kr. | Afslået | Puljen er brugt |",
        ),
        ("kind: closed, by: Thisted Kommune", "600.000 kr. | Trukket tilbage af Thisted Kommune | – |"),
        ("kind: awarded, amount: 550.000 kr.", "Nyt tilsagn: 550.000 kr. | Bevilget | – |"),
    ],
)
def test_what_was_applied_for_anew_and_answered_stands_among_the_changes(
    kind: str, answer: str, row: str, tmp_path: Path
) -> None:
    told = f"- {{{answer}, happened: 2022-05-01, recorded: 2022-05-01}}\n"
    files = {"events.yaml": BOOKS + AWARDED + ANEW + told, "project.yaml": "fund: faste-teams-2021\n" + REPORTS}
    text = said(tmp_path, kind, files)

    assert "| 01-03-2022 | Ny ansøgning om tilskud: 600.000 kr. | Søgt | – |" in text
    assert f"{row}\n" in text
    assert ("| Tilskud | 550.000 kr. (først 500.000 kr., ændret den 1. maj 2022) |" in text) == ("awarded" in answer)


def test_a_final_report_that_ends_with_the_grants_closing_says_so_in_its_title(tmp_path: Path) -> None:
    closed = "- {kind: closed, happened: 2023-03-31, recorded: 2023-03-31}\n"

    assert "Slutrapport for 1. januar 2022 – 31. marts 2023\n" in said(
        tmp_path / "lukket", "final-report", {"events.yaml": BOOKS + AWARDED + closed}
    )
    assert "Slutrapport for 1. januar 2022 – 31. december 2023\n" in said(tmp_path / "hel", "final-report")


def test_what_was_paid_after_the_day_of_the_accounts_is_told_as_not_in_them(tmp_path: Path) -> None:
    paid = "- {{kind: {}, happened: 2024-02-{}, recorded: 2024-02-{}, amount: {} kr.}}\n"
    came, back = paid.format("instalment-received", "01", "01", "20.000"), paid.format("repaid", "03", "03", "5.000")
    told = "Efter den 31. december 2023 er der {}. Det er ikke med i opgørelsen.\n"

    def accounts(name: str, log: str) -> str:
        return said(tmp_path / name, "accounts", {"events.yaml": BOOKS + AWARDED + log})

    assert "Efter den" not in accounts("intet", "")
    assert told.format("modtaget 20.000 kr. af tilskuddet") in accounts("modtaget", came)
    assert told.format("modtaget 20.000 kr. af tilskuddet og betalt 5.000 kr. tilbage") in accounts(
        "begge", came + back
    )
    assert told.format("betalt 5.000 kr. tilbage") in accounts("tilbage", back)


@pytest.mark.parametrize(
    ("posted", "logged", "words"),
    [
        ("2024-01-20", "", "ført 1.000 kr. af tilskuddet tilbage i bogføringen"),
        ("2023-12-29", "- {kind: repaid, happened: 2024-01-05, recorded: 2024-01-05, amount: 1.000 kr.}\n", ""),
    ],
)
def test_what_the_books_took_back_is_not_told_as_received(posted: str, logged: str, words: str, tmp_path: Path) -> None:
    noted = "- {kind: noted, happened: 2024-03-01, recorded: 2024-03-01, text: Hej}\n"
    rows = f"2022-01-03;1;1;8611;;;Rate;-9000,00\n{posted};2;1;8611;;;Tilbage;1000,00\n"
    text = said(
        tmp_path,
        "accounts",
        {
            "events.yaml": BOOKS + AWARDED + logged + noted,
            FILE_OF_POSTINGS: POSTINGS.splitlines(keepends=True)[0] + rows,
            "allocation.yaml": "rules:\n  - {account: '8611', grant_income: true}\n",
        },
    )

    assert ("Efter den 31. december 2023" in text) == bool(words)
    assert words in text
    assert "er der modtaget" not in text


# ── who approved the budget ──────────────────────────────────────────────────────────────────


def approved(by: str) -> dict[str, str | None]:
    """The small project with a budget that somebody has approved a change of."""
    return {
        "budgets/2022-03-01-change.yaml": CHANGED,
        "events.yaml": BOOKS
        + AWARDED
        + "- {kind: change-approved, happened: 2022-03-15, recorded: 2022-03-15, change: budget, "
        f"budget: 2022-03-01-change{by and f', by: {by}'}}}\n",
    }


@pytest.mark.parametrize("kind", KINDS)
def test_a_budget_that_only_the_council_approved_is_not_called_the_agencys(kind: str, tmp_path: Path) -> None:
    text = said(tmp_path, kind, approved("Byrådet"))

    assert "Budgettet i kraft er godkendt af Byrådet den 15. marts 2022. Det fremgår ikke, at tilskudsyder har" in text
    assert not re.search("godkendte? budget(?!ter)", text, re.IGNORECASE)
    assert ("| Godkendt af Byrådet |" in text) == (kind != "accounts")


@pytest.mark.parametrize("kind", KINDS)
def test_an_approval_that_does_not_say_by_whom_is_not_taken_for_the_agencys(kind: str, tmp_path: Path) -> None:
    text = said(tmp_path, kind, approved(""))

    assert "Budgettet i kraft er godkendt den 15. marts 2022. Det fremgår ikke, at tilskudsyder har" in text


@pytest.mark.parametrize("kind", KINDS)
def test_a_budget_that_the_agency_approved_is_told_as_the_approved_one(kind: str, tmp_path: Path) -> None:
    text = said(tmp_path, kind, approved("tilskudsyder"))

    assert "Det fremgår ikke" not in text
    assert re.search("godkendte? budget", text, re.IGNORECASE)
    assert ("| Godkendt af tilskudsyder |" in text) == (kind != "accounts")


# ── a grant that was refused ─────────────────────────────────────────────────────────────────

REFUSED = "- {kind: rejected, happened: 2022-06-01, recorded: 2022-06-01}\n"
RATE = "- {kind: instalment-received, happened: 2022-02-01, recorded: 2022-02-01, amount: 125.000 kr.}\n"
BACK = "- {kind: repaid, happened: 2022-06-15, recorded: 2022-06-15, amount: 25.000 kr.}\n"


@pytest.mark.parametrize("kind", KINDS)
def test_after_a_refusal_a_report_says_so_and_asks_for_no_award(kind: str, tmp_path: Path) -> None:
    text = said(tmp_path, kind, {"events.yaml": BOOKS + AWARDED + RATE + REFUSED + BACK})

    assert "grant.awarded" not in text
    assert "Der blev givet afslag på tilskuddet den 1. juni 2022" in text
    assert "100.000 kr. af det modtagne skal betales tilbage til tilskudsyder." in text or kind == "status-report"
    assert "100.000 kr. skal betales tilbage til tilskudsyder." in text or kind != "status-report"
    assert "udløbet" not in text


@pytest.mark.parametrize(
    ("log", "words"),
    [
        (REFUSED, "Der blev givet afslag på tilskuddet den 1. juni 2022, og der er intet tilskud at gøre op."),
        (
            RATE + BACK + BACK.replace("25.", "100.").replace("06-15", "06-16") + REFUSED,
            "Det modtagne er betalt tilbage",
        ),
        (RATE.replace("125.", "5.") + BACK + REFUSED, "Der er betalt 20.000 kr. mere tilbage, end der er modtaget."),
        ("", "Tilskuddet er ikke bevilget, og der er intet at gøre op."),
        (RATE, "Tilskuddet er ikke bevilget, og det dækker ingen udgifter. 125.000 kr. af det modtagne skal betales"),
    ],
)
def test_accounts_of_a_grant_without_an_award_say_why_there_is_none_and_what_is_owed(
    log: str, words: str, tmp_path: Path
) -> None:
    applied = "- {kind: applied, happened: 2021-11-01, recorded: 2021-11-01, amount: 500.000 kr.}\n"
    own = {
        "project.yaml": REPORTS.replace(", awarded: 500.000 kr.", ""),
        "budgets/2021-12-16-award.yaml": None,
        "budgets/2021-11-01-application.yaml": BUDGET.replace("stage: award", "stage: application"),
    }

    assert words in said(tmp_path, "accounts", {**own, "events.yaml": BOOKS + applied + log})
