"""README.md: its console blocks are run on a copy of the example, and their answers compared."""

from __future__ import annotations

import re
import shutil

import pytest

from tests.consoles import ROOT, Command, Save, answer, matches, save, steps

README = ROOT / "README.md"
STEPS = list(steps(README))
COMMANDS = [step for step in STEPS if isinstance(step, Command)]


@pytest.fixture
def folder(tmp_path):
    """Where the reader stands: the example, and the files that the page says to write."""
    shutil.copytree(ROOT / "projects", tmp_path / "projects")
    for step in STEPS:
        if isinstance(step, Save):
            save(step, tmp_path)
    return tmp_path


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: " ".join(command.words))
def test_the_tour_shows_what_a_reader_will_see(folder, command):
    said = answer(command.words, folder)

    assert matches(said, command.answer), said


def test_the_tour_walks_through_every_command():
    assert {command.words[1] for command in COMMANDS if command.words[0] == "pulje"} >= {
        "check",
        "status",
        "log",
        "render",
    }
    assert ("python3", "run.py", "demo") in {command.words for command in COMMANDS}


def test_what_is_compared_is_not_only_what_is_left_out():
    assert not matches("en\nto\ntre\n", "en\ntre\n")
    assert not matches("en\nto\n", "en\nto\ntre\n")
    assert matches("en\nto\ntre\n", "en\n…\n")
    assert matches("en\nto\ntre\n", "…\ntre\n")
    assert all(command.answer.replace("…", "").strip() for command in COMMANDS)


def test_the_command_for_the_tests_is_the_one_that_ci_runs():
    command = re.search(r"^python3 (run\.py test)\b", README.read_text(encoding="utf-8"), re.MULTILINE)

    assert command
    assert f'"$python" {command[1]}\n' in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
