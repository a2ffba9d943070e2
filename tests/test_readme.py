"""README.md and docs/tour.md: their console blocks are run on a copy of the projects, and their answers compared."""

from __future__ import annotations

import re
import shutil

import pytest

from tests.consoles import ROOT, Command, answer, matches, save, steps
from toolkit.cli import COMMANDS

README = ROOT / "README.md"
TOUR = ROOT / "docs" / "tour.md"
PAGES = (README, TOUR)

ASKED = [(page, place, step) for page in PAGES for place, step in enumerate(steps(page)) if isinstance(step, Command)]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_shows_what_its_reader_will_see(page, tmp_path):
    """A reader follows it from its top, in a folder with a copy of the projects."""
    shutil.copytree(ROOT / "projects", tmp_path / "projects")
    wrong = []
    for step in steps(page):
        if not isinstance(step, Command):
            save(step, tmp_path)
        elif not matches(said := answer(step.words, tmp_path), step.answer):
            wrong.append((step.words, said))

    assert wrong == []


def test_the_two_pages_walk_through_every_command():
    shown = {command.words[1] for _page, _place, command in ASKED if command.words[0] == "pulje"}
    told = {name for page in PAGES for name in re.findall(r"`(\w+)`", page.read_text(encoding="utf-8"))}

    assert [name for name in COMMANDS if name not in shown | told | {"schema"}] == []
    assert ("python3", "run.py", "demo") in {command.words for _page, _place, command in ASKED}


def test_the_table_of_commands_has_them_all_in_the_order_of_the_help():
    listed = re.findall(r"^\| `pulje ([\w-]+)` \|", README.read_text(encoding="utf-8"), re.MULTILINE)

    assert listed == list(COMMANDS)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_link_to_a_heading_finds_it(page):
    text = page.read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)#\s:]*)#([^)\s]+)\)", text)
    broken = [link for link in links if link[1] not in anchors((page.parent / link[0]) if link[0] else page)]

    assert broken == []


def anchors(page):
    """The names that a heading gets where Markdown is shown as a page: small letters, hyphens, no punctuation."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_no_block_drowns_its_reader(page):
    assert [step.words for step in steps(page) if isinstance(step, Command) and step.answer.count("\n") > 25] == []


def test_what_is_compared_is_not_only_what_is_left_out():
    assert not matches("en\nto\ntre\n", "en\ntre\n")
    assert not matches("en\nto\n", "en\nto\ntre\n")
    assert matches("en\nto\ntre\n", "en\n…\n")
    assert matches("en\nto\ntre\n", "…\ntre\n")
    assert all(command.answer.replace("…", "").strip() for _page, _place, command in ASKED)


def test_the_command_for_the_tests_is_the_one_that_ci_runs():
    command = re.search(r"^python3 (run\.py test)\b", README.read_text(encoding="utf-8"), re.MULTILINE)

    assert command
    assert f'"$python" {command[1]}\n' in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
