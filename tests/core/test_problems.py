from __future__ import annotations

import pickle

import pytest

from toolkit import scaffold_engine  # noqa: F401 (declares the code)
from toolkit.core.problems import FileName, Root, Span, phrase, problem


@pytest.mark.parametrize("root", ["templates", "here", "document"])
def test_a_place_says_what_its_file_is_named_from(root: Root) -> None:
    folder = FileName("documents/x", root)

    assert Span("project.yaml", 1, 1).root == "project"
    assert Span(folder / "text.md", 1, 1).root == root
    assert str(Span(folder / "text.md", 1, 1)) == "documents/x/text.md:1:1"


def test_what_one_process_finds_another_can_show() -> None:
    reason = phrase("{name} has no value", name="x")
    found = problem("template-unsafe", Span(FileName("templates/project", "templates"), 0, 0), reason=reason)
    again = pickle.loads(pickle.dumps(found))

    assert again == found
    assert (again.at.root, again.severity) == ("templates", "error")
    assert again.phrases["reason"].words == {"name": "x"}
