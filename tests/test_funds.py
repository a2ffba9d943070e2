"""templates/funds/ and templates/rollouts/: each can be read, says how well it is known, and names real things."""

from __future__ import annotations

import re
import shutil
from datetime import date
from pathlib import Path

import pytest

from docs import funds as funds_page
from tests.consoles import ROOT, Command, answer, matches, save, steps
from tests.core.worlds import plan
from toolkit.core.checks.grounds import GROUNDS
from toolkit.core.problems import Problem, Span
from toolkit.readers import shelf, source
from toolkit.readers.municipalities import municipalities
from toolkit.readers.seed import Lists, seeds

FUNDS = sorted(path.stem for path in (ROOT / "templates" / "funds").glob("*.yaml"))
AT = Span("project.yaml", 1, 1)


def read(name, places=(shelf.TEMPLATES,)):
    problems: list[Problem] = []
    return shelf.fund(name, AT, problems, places), [found.code for found in problems]


def term(fund, id):
    return next(term for term in fund.terms if term.id == id)


@pytest.fixture
def shelves(tmp_path):
    """Two places to look: one of the test's own before the real one."""
    (tmp_path / "funds").mkdir()
    return (tmp_path, shelf.TEMPLATES)


def write(shelves, name, text):
    (shelves[0] / "funds" / f"{name}.yaml").write_text(
        f"title: En pulje\nagency: Styrelsen\npurpose: At prøve\n{text}", encoding="utf-8"
    )


@pytest.mark.parametrize("name", FUNDS)
def test_a_fund_is_well_written(name):
    assert read(name)[1] == []


@pytest.mark.parametrize("name", FUNDS)
def test_a_question_is_answered_under_a_heading_that_the_application_has(name):
    fund, _ = read(name)
    application = shelf.kind("application", [])
    headings = {section.heading for section in application.sections if section.prose}

    assert {question.heading for question in fund.questions} <= headings


@pytest.mark.parametrize("name", FUNDS)
def test_no_fund_sets_the_deadline_of_a_report(name):
    """It stands in the award letter alone."""
    fund, _ = read(name)

    assert not any("frist" in duty.text.casefold() for duty in fund.reporting)


def test_the_general_fund_claims_nothing_in_the_name_of_a_fund_of_its_own():
    fund, _ = read("social-og-boligstyrelsen")
    provisions = (*fund.criteria, *fund.questions, *fund.lines, *fund.reporting, *fund.terms)

    assert len(provisions) > 30
    assert {each.standing for each in provisions} == {"sibling", "background"}


def test_a_fund_has_the_rules_of_the_one_that_it_extends_and_its_own_go_before():
    general, _ = read("social-og-boligstyrelsen")
    fund, _ = read("faste-teams-2021")
    ids = [term.id for term in fund.terms]

    assert term(fund, "payment").standing == "verified"
    assert term(fund, "forbidden-lines") == term(general, "forbidden-lines")
    assert next(line for line in fund.lines if line.id == "loen").standing == "verified"
    assert len(ids) == len(set(ids))


def forbidding(fund):
    return [(each.standing, each.words) for each in plan(terms=fund).every_term_of("forbidden-lines", date(2022, 1, 1))]


def test_what_a_fund_forbids_comes_beside_what_it_inherits_and_it_may_allow_a_word_of_that(shelves):
    own = "extends: social-og-boligstyrelsen\nterms:\n  - {{id: forbidden-lines, text: Nej, {}, {}}}\n"
    known = "standing: verified, reference: Opslaget"
    write(shelves, "flere", own.format("words: [konsulent]", known))
    write(shelves, "faerre", own.format("allows: [Diverse]", known))

    assert forbidding(read("flere", shelves)[0]) == [
        ("verified", ("konsulent",)),
        ("sibling", ("uforudset", "overhead", "administrationsbidrag", "diverse")),
    ]
    assert forbidding(read("faerre", shelves)[0]) == [
        ("verified", ()),
        ("sibling", ("uforudset", "overhead", "administrationsbidrag")),
    ]


def test_until_a_funds_own_rule_holds_that_of_the_fund_that_it_extends_does(shelves):
    rule = "  - {{id: vat, text: {}, standing: verified, reference: Opslaget{}}}\n"
    write(shelves, "den-ene", "terms:\n" + rule.format("Ene", ""))
    write(shelves, "den-anden", "extends: den-ene\nterms:\n" + rule.format("Anden", ", since: 2022-04-01"))
    of = plan(terms=read("den-anden", shelves)[0])

    assert [of.term("vat", day).text for day in (date(2022, 3, 31), date(2022, 4, 1))] == ["Ene", "Anden"]


def test_what_another_funds_own_text_says_is_known_from_a_sibling_only(shelves):
    rule = "  - {id: applicants, text: Kommuner kan søge., standing: verified, reference: Opslaget}\n"
    write(shelves, "den-ene", f"terms:\n{rule}")
    write(shelves, "den-anden", "extends: den-ene\n")

    assert term(read("den-ene", shelves)[0], "applicants").standing == "verified"
    assert term(read("den-anden", shelves)[0], "applicants").standing == "sibling"


def test_funds_that_extend_each_other_are_told_and_end(shelves):
    write(shelves, "den-ene", "extends: den-anden\n")
    write(shelves, "den-anden", "extends: den-ene\n")

    assert read("den-ene", shelves)[1] == ["unknown-template"]


def test_a_fund_of_its_own_questions_does_not_get_another_funds(shelves):
    question = "  - {heading: Baggrund, text: Hvorfor?, standing: verified, reference: Opslaget}\n"
    write(shelves, "egen", f"extends: social-og-boligstyrelsen\nquestions:\n{question}")
    fund, problems = read("egen", shelves)

    assert problems == []
    assert [question.text for question in fund.questions] == ["Hvorfor?"]
    assert fund.criteria != ()


def test_a_document_is_made_from_its_fund_and_the_one_that_it_extends():
    files = shelf.files_of("application", ["standard"], "faste-teams-2021")

    assert {"funds/faste-teams-2021.yaml", "funds/social-og-boligstyrelsen.yaml"} <= set(files)


def test_the_page_of_funds_is_up_to_date():
    """`python -m docs.funds` makes it."""
    assert funds_page.PAGE.read_text(encoding="utf-8") == funds_page.page()
    assert [name for name in FUNDS if f"`{name}`" not in funds_page.page()] == []


def test_the_page_says_of_each_rule_whether_check_holds_it_and_by_which_code():
    page = funds_page.page()
    rows = {line.split(" | ")[0]: line.split(" | ")[2] for line in page.splitlines() if line.count(" | ") == 2}

    assert "[`vat-mentioned`](errors.md#vat-mentioned), [`vat-on-line`](errors.md#vat-on-line)" in page
    assert rows["| Budgettet fordeles på projektårets måneder."] == "– |"


def test_the_recipe_explains_every_term_that_the_program_knows():
    recipe = (ROOT / "docs" / "recipes" / "new-fund.md").read_text(encoding="utf-8")
    explained = set(re.findall(r"^\| `([a-z0-9-]+)` \|", recipe, flags=re.MULTILINE))
    figured_by = {"repayment-floor", "payer-order", "payment-in-advance", "payment-in-arrears", "first-instalment"}

    assert explained - {"id"} == {*GROUNDS.values(), *figured_by}


def test_every_term_that_check_holds_stands_in_a_fund():
    known = {term.id for name in FUNDS for term in read(name)[0].terms}

    assert set(GROUNDS.values()) <= known


# ── the recipe ───────────────────────────────────────────────────────────────────────────────


def test_the_recipe_for_a_new_fund_does_what_it_says(tmp_path):
    for name in ("toolkit", "templates", "projects"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    page = list(steps(ROOT / "docs" / "recipes" / "new-fund.md"))
    for step in page:
        if isinstance(step, Command):
            said = answer(step.words, tmp_path, code=tmp_path)

            assert matches(said, step.answer)
        else:
            save(step, tmp_path)

    assert [type(step).__name__ for step in page] == ["Save", "Save", "Save", "Command"]


# ── the rollout ──────────────────────────────────────────────────────────────────────────────


def test_the_learning_groups_are_the_twenty_two_municipalities_in_their_three_groups():
    problems: list[Problem] = []
    path = Path(ROOT / "templates" / "rollouts" / "udviklingsrum-2022.yaml")
    found = source.load(path.read_text(encoding="utf-8"), path.name, problems)
    lists = Lists(municipalities(), lambda id, at, problems: shelf.fund(id, at, problems))
    plans = [seed.plan for seed in seeds(found, lists, problems)]
    groups = {cohort: [plan.municipality for plan in plans if plan.cohort == cohort] for cohort in GROUPS}

    assert problems == []
    assert groups == GROUPS
    assert {plan.municipality for plan in plans if "velfærdsaftale" in plan.summary.text} == {"Langeland"}
    assert {tuple(str(milestone.due) for milestone in plan.milestones) for plan in plans} == {
        ("2022-06-30", "2022-08-23", "2023-05-31")
    }


GROUPS = {
    "Hold vest": ["Vejle", "Billund", "Lemvig", "Assens", "Frederikshavn", "Aalborg", "Skanderborg", "Fredericia"],
    "Hold øst": ["Rødovre", "Furesø", "Albertslund", "Tårnby", "Køge", "Allerød", "Langeland", "Odense"],
    "Erfarne": ["Faxe", "Ringsted", "Hedensted", "Ikast-Brande", "København", "Haderslev"],
}
