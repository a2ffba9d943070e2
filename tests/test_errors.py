"""Every problem that pulje can find: the smallest input that provokes it, and what is then shown."""

from __future__ import annotations

import pytest

from docs.errors import ERRORS, PAGE, page, shown
from toolkit.core.problems import CODES

FOLDERS = sorted(folder.name for folder in ERRORS.iterdir())


@pytest.mark.parametrize("code", FOLDERS)
def test_the_problem_is_found_and_shown(code: str) -> None:
    """`python -m docs.errors` writes expected.txt anew; read the difference before you commit it."""
    expected = ERRORS / code / "expected.txt"

    assert shown(code) == expected.read_text(encoding="utf-8")


@pytest.mark.parametrize("code", FOLDERS)
def test_the_smallest_input_provokes_nothing_else(code: str) -> None:
    first_lines = [text.splitlines()[0] for text in shown(code).split("\n\n")]

    assert first_lines
    assert all(code in line for line in first_lines)


def test_every_code_has_its_folder_and_every_folder_its_code() -> None:
    assert sorted(CODES) == FOLDERS


def test_the_page_of_errors_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == page()
