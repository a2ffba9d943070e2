from __future__ import annotations

from pathlib import Path

from toolkit.core.money import kr
from toolkit.core.problems import Problem
from toolkit.readers.plan import read_budget, read_fund, read_plan

ROOT = Path(__file__).resolve().parents[2]
BARE = "title: T\nmunicipality: Thisted\nproject_period: {starts: 2022-01-01, ends: 2023-12-31}\n"


def test_the_example_project_is_read_without_a_problem() -> None:
    folder = ROOT / "projects/thisted-nordthy"
    problems: list[Problem] = []
    plan = read_plan((folder / "project.yaml").read_text(encoding="utf-8"), "project.yaml", problems)

    assert problems == []
    assert plan is not None
    assert plan.grant is not None
    assert plan.grant.awarded == kr(6_994_528)


def test_a_budget_and_a_fund_are_called_as_their_files() -> None:
    problems: list[Problem] = []
    budget = read_budget("stage: award\nlines: []\n", "budgets/2021-12-16-award.yaml", "2021-12-16-award", problems)
    fund = read_fund("title: T\nagency: A\npurpose: P\n", "templates/funds/t.yaml", "t", problems)

    assert problems == []
    assert (budget and budget.id, fund and fund.id) == ("2021-12-16-award", "t")


def test_the_id_of_a_budget_is_not_written_in_it() -> None:
    problems: list[Problem] = []
    read_budget("id: b\nstage: award\nlines: []\n", "budgets/b.yaml", "b", problems)

    assert [(found.code, str(found.at)) for found in problems] == [("unknown-key", "budgets/b.yaml:1:1")]


def test_an_empty_file_says_how_to_begin() -> None:
    problems: list[Problem] = []

    assert read_plan("# kun en note\n", "project.yaml", problems) is None
    assert [(found.code, found.words["example"]) for found in problems] == [("file-empty", "title: …")]


def test_a_term_of_the_letter_is_the_letters_own_unless_it_says_otherwise() -> None:
    problems: list[Problem] = []
    text = (
        BARE
        + "terms:\n  - {id: extension, text: Søges skriftligt.}\n  - {id: vat, text: Uden moms., standing: sibling}\n"
    )
    plan = read_plan(text, "project.yaml", problems)

    assert problems == []
    assert plan is not None
    assert [(term.id, term.standing, term.reference) for term in plan.letter_terms] == [
        ("extension", "letter", "tilskudsbrevet"),
        ("vat", "sibling", "tilskudsbrevet"),
    ]


def test_a_fund_has_no_letter_and_a_letter_not_two_terms_of_one_name() -> None:
    problems: list[Problem] = []
    term = "  - {id: vat, text: Uden moms., standing: letter, reference: Brevet}\n"
    read_fund(f"title: P\nagency: S\npurpose: F\nterms:\n{term}", "fund.yaml", "p", problems)
    read_plan(f"{BARE}terms:\n{term}{term}", "project.yaml", problems)

    assert [found.code for found in problems] == ["unknown-choice", "duplicate-id"]
