"""A seed's names, lists and overrides; and everything that is wrong in one, at once."""

from __future__ import annotations

import pytest

from toolkit.core.problems import Problem
from toolkit.core.seed import Seed
from toolkit.readers import source
from toolkit.readers.municipalities import municipalities
from toolkit.readers.seed import cut, seeds
from toolkit.readers.values import Value
from toolkit.scaffold import lists

PERIOD = "project_period: {starts: 2022-01-01, ends: 2023-12-31}"


def read(text: str) -> tuple[tuple[Seed, ...], list[str]]:
    """The projects, and the problems as code and line:column."""
    problems: list[Problem] = []
    node = source.load(text, "seed.yaml", problems)
    found = seeds(node, lists(), problems) if node is not None else ()
    return found, [f"{each.code} {each.at.line}:{each.at.column}" for each in problems]


def only(text: str) -> Seed:
    (seed,), problems = read(text)

    assert problems == []
    return seed


# ── one ──────────────────────────────────────────────────────────────────────────────────────


def test_a_name_and_a_fund_are_enough_and_the_fund_gives_the_days():
    seed = only("municipality: Thisted\nfund: faste-teams-2021\n")

    assert seed.values["project_period"] == {"starts": "2021-12-31", "ends": "2023-12-31"}
    assert seed.values["title"] == "MANGLER"
    assert seed.values["grant"] == {"applied": "MANGLER"}
    assert seed.budget == "2021-11-01-application"
    assert seed.folder == "thisted-faste-teams-2021"


def test_without_a_fund_that_gives_grants_there_is_neither_grant_nor_budget():
    seed = only(f"municipality: Thisted\nfund: ingen-pulje\n{PERIOD}\n")

    assert "grant" not in seed.values
    assert seed.budget is None


@pytest.mark.parametrize("name", ["Aarhus", "Århus", "aarhus", "Aarhus Kommune", "0751"])
def test_a_municipality_is_known_by_any_of_its_names(name):
    seed = only(f"municipality: {name}\n{PERIOD}\n")

    assert seed.values["municipality"] == "Aarhus"
    assert seed.plan.home is not None
    assert seed.plan.home.region == "Region Midtjylland"


@pytest.mark.parametrize(("place", "name"), [("København", "Københavns Kommune"), ("Varde", "Varde Kommune")])
def test_a_municipality_has_its_own_name(place, name):
    assert only(f"municipality: {place}\n{PERIOD}\n").plan.municipality_name == name


def test_there_are_ninety_eight_municipalities_in_five_regions():
    listed = municipalities().listed

    assert len(listed) == len({each.code for each in listed}) == len({each.place for each in listed}) == 98
    assert len({each.region for each in listed}) == 5


def test_the_folder_is_named_after_the_municipality_and_the_area_or_the_title():
    assert (
        only(f"municipality: Thisted\narea: Nordthy/Hannæs\ntitle: A\n{PERIOD}\n").folder == "thisted-nordthy-hannaes"
    )
    assert only(f"municipality: Køge\ntitle: Faste teams\n{PERIOD}\n").folder == "koege-faste-teams"
    assert only(f"municipality: Køge\nfolder: mit-eget\n{PERIOD}\n").folder == "mit-eget"
    assert only(f"municipality: Køge\n{PERIOD}\n").folder == "koege-projekt"


def test_a_long_name_is_cut_between_words():
    assert cut("thisted-faste-teams", 15) == "thisted-faste"
    assert cut("thisted", 4) == "this"


def test_everything_that_is_wrong_is_told_at_once_where_it_stands():
    _, problems = read("municipality: Tisted\nfund: faste-teams-2012\ntitel: A\nfolder: Æ Ø\ngoals: x\n")

    assert problems == [
        "misspelt-municipality 1:15",
        "unknown-template 2:7",
        "misspelt-key 3:1",
        "id-unreadable 4:9",
        "list-expected 5:8",
    ]


def test_a_seed_that_no_fund_gives_days_must_say_them():
    assert read("municipality: Thisted\n")[1] == ["key-missing 1:15"]
    assert read(f"fund: faste-teams-2021\n{PERIOD}\n")[1] == ["key-missing 1:1"]


# ── many ─────────────────────────────────────────────────────────────────────────────────────

LIST = f"""\
common:
  {PERIOD}
  title: Faste teams
  goals: [{{id: a, title: Fælles}}, {{id: b, title: Også fælles}}]
  grant: {{applied: 100.000 kr.}}
municipalities: [Thisted]
cohorts:
  - cohort: Øst
    common: {{area: Byen}}
    municipalities:
      - Varde
      - municipality: Køge
        area: Havnen
        goals: [{{id: b, title: Vores eget}}, {{id: c, title: Mere}}]
        grant: {{awarded: 90.000 kr.}}
"""


def test_each_municipality_has_what_is_common_then_its_cohorts_word_and_then_its_own():
    found, problems = read(LIST)
    thisted, varde, koege = (seed.plan for seed in found)

    assert problems == []
    assert [seed.folder for seed in found] == ["thisted-faste-teams", "varde-byen", "koege-havnen"]
    assert (thisted.cohort, varde.cohort, koege.cohort) == (None, "Øst", "Øst")
    assert (thisted.area, varde.area, koege.area) == (None, "Byen", "Havnen")
    assert [goal.title for goal in koege.goals] == ["Fælles", "Vores eget", "Mere"]
    assert [goal.title for goal in varde.goals] == ["Fælles", "Også fælles"]
    assert koege.grant is not None
    assert (koege.grant.applied, koege.grant.awarded) == (100_000_00, 90_000_00)


def test_what_is_wrong_in_the_common_part_is_told_once():
    _, problems = read(f"common:\n  {PERIOD}\n  goals: x\nmunicipalities: [Thisted, Varde, Køge]\n")

    assert problems == ["list-expected 3:10"]


def test_what_is_wrong_in_a_list_is_told_where_it_stands():
    _, problems = read(f"common:\n  {PERIOD}\nkommuner: []\nmunicipalities: [Tisted, [x], Varde, Varde, {{area: b}}]\n")

    assert problems == [
        "misspelt-key 3:1",
        "misspelt-municipality 4:18",
        "section-expected 4:26",
        "folder-twice 4:38",
        "key-missing 4:45",
    ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("common: x\nmunicipalities: [Thisted]\n", "section-expected 1:9"),
        ("municipalities: Thisted\n", "list-expected 1:17"),
        ("common: {}\n", "key-missing 1:1"),
        ("cohorts: Øst\n", "list-expected 1:10"),
        ("cohorts: [Øst]\n", "section-expected 1:11"),
        ("- Thisted\n", "section-expected 1:1"),
    ],
)
def test_a_list_of_another_shape_is_no_list(text, problem):
    assert read(text)[1][0] == problem


def test_a_name_that_resembles_none_is_no_municipality():
    found = municipalities().read(Value.typed("Nordkysten"))

    assert isinstance(found, Problem)
    assert found.code == "unknown-municipality"
