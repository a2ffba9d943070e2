from __future__ import annotations

import pytest

from toolkit.core.same_file import Match, matched, shared

BUDGET = """\
# Et budget rettes aldrig, når det er sendt.
stage: application
lines:
  - id: loen
    title: Løn
    amount: 80.000 kr.
  - id: kurser
    title: Kurser
    amount: MANGLER
"""
WRITTEN = BUDGET.replace("80.000", "75.000").replace("MANGLER", "20.000 kr.      # to hold")


def become(missed: dict[str, str], found: dict[str, str]) -> dict[str, Match]:
    return matched(missed, found)


def test_a_file_is_known_by_what_is_left_of_it():
    assert become({"a.yaml": BUDGET}, {"b/c.yaml": WRITTEN}) == {"a.yaml": Match("b/c.yaml")}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("b.md", BUDGET),
        ("b.yaml", BUDGET.replace("application", "award")),
        ("b.yaml", "# Et budget rettes aldrig, når det er sendt.\nstage: application\nlines: []\n"),
    ],
)
def test_another_ending_another_stage_and_what_only_looks_alike_are_others(name: str, text: str):
    assert become({"a.yaml": BUDGET}, {name: text}) == {"a.yaml": Match()}


def test_of_two_that_are_alike_none_is_taken_though_one_is_the_same_word_for_word():
    found = {"kopi.yaml": BUDGET, "rettet.yaml": WRITTEN}

    assert become({"a.yaml": BUDGET}, found) == {"a.yaml": Match(alike=("kopi.yaml", "rettet.yaml"))}


def test_two_that_are_missed_and_may_be_one_are_neither():
    assert become({"a.yaml": BUDGET, "b.yaml": WRITTEN}, {"c.yaml": f"{BUDGET}note: her\n"}) == {
        "a.yaml": Match(alike=("c.yaml",)),
        "b.yaml": Match(alike=("c.yaml",)),
    }


def test_what_is_one_file_word_for_word_leaves_the_other_for_the_other():
    missed = {"a.yaml": BUDGET, "b.yaml": f"{BUDGET}note: b\n"}
    found = {"c.yaml": BUDGET, "d.yaml": f"{WRITTEN}note: b\n"}

    assert become(missed, found) == {"a.yaml": Match("c.yaml"), "b.yaml": Match("d.yaml")}


def test_a_text_is_known_by_its_headings_where_the_remarks_are_deleted():
    template = "# Resumé\n<!-- Hvad går det ud på?\nOg for hvem? -->\n# Baggrund\n<!-- Hvorfor? -->\n# Drift\n"
    own = "# Resumé\nVi gør noget.\n# Baggrund\nDerfor.\n# Drift\nSådan.\n"

    assert become({"a.md": template}, {"b.md": own}) == {"a.md": Match("b.md")}


def test_lines_that_stand_in_several_files_of_a_template_tell_none_of_them_apart():
    common = "".join(f"Fælles {number}.\n" for number in range(8))
    first, second = (f"{common}{name} 1.\n{name} 2.\n{name} 3.\n" for name in ("En", "To"))
    found = {"c.md": f"{common}Noget andet.\n"}

    assert become({"a.md": first}, found)["a.md"].file == "c.md"
    assert matched({"a.md": first}, found, shared([first, second])) == {"a.md": Match()}


@pytest.mark.parametrize("text", ["", "\n", "\0binær"])
def test_an_empty_file_is_none_and_a_picture_only_the_same_picture(text: str):
    assert become({"a.md": text}, {"b.md": f"{text} "}) == {"a.md": Match()}
