"""Every case of the example in every municipality's form: the headings change, and nothing that was written is lost."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.consoles import ROOT
from toolkit.project import open_project
from toolkit.readers import shelf
from toolkit.render import make_document, occasions_of

PROJECT = ROOT / "projects" / "thisted-nordthy"
LAYOUTS = sorted(path.name for path in (shelf.TEMPLATES / "layouts").iterdir() if path.is_dir())


@pytest.fixture(scope="module")
def dossier():
    found = open_project(PROJECT).dossier
    assert found is not None
    return found


def sentences(case: Path) -> list[str]:
    """What somebody wrote under the headings of a case, between the facts that stand in it."""
    _before, _front, body = case.read_text(encoding="utf-8").split("---\n", 2)
    text = re.sub(r"^(#.*|\s*- )", "\n\n", body, flags=re.MULTILINE)
    return [words for part in re.split(r"\{[{%].*?[}%]\}|\n\n|(?<=\.)\s", text) if len(words := plain(part)) > 1]


def plain(text: str) -> str:
    return " ".join(text.replace("\\", "").split())


@pytest.mark.parametrize("layout", LAYOUTS)
def test_no_sentence_of_a_case_is_lost_in_a_form(dossier, layout):
    lost = []
    for occasion in occasions_of(dossier, "agenda-item"):
        made = make_document(dossier, occasion, ("md",), layout=layout)
        text = plain(made.contents["md"].decode())
        written = sentences(PROJECT / "cases" / f"{occasion.case.id}.md")
        assert len(written) > 5
        lost += [(occasion.case.id, words) for words in written if words not in text]

    assert lost == []


def test_the_forms_are_those_of_eight_municipalities_and_our_own():
    assert len(LAYOUTS) == 9
    assert "standard" in LAYOUTS
