"""Three versions of a text to one."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from toolkit.core.merge import Both, Conflict, merge

LINES = st.lists(st.sampled_from(["a", "b", "c", "d", "e"]), max_size=12)


def text(parts: Sequence[Both | Conflict]) -> list[str]:
    assert all(isinstance(part, Both) for part in parts)
    return [line for part in parts if isinstance(part, Both) for line in part.lines]


def test_what_only_the_template_changed_is_the_templates():
    assert text(merge(["titel", "dag: 1", "slut"], ["titel", "dag: 1", "slut"], ["titel", "dag: 2", "slut"])) == [
        "titel",
        "dag: 2",
        "slut",
    ]


def test_what_the_user_wrote_stays_beside_what_the_template_added():
    base = ["faser:", "- en", "slut"]
    ours = ["faser:", "- en", "- vores egen", "slut"]
    theirs = ["# ny forklaring", "faser:", "- en", "slut"]

    assert text(merge(base, ours, theirs)) == ["# ny forklaring", "faser:", "- en", "- vores egen", "slut"]


def test_what_both_changed_otherwise_is_a_conflict_that_keeps_both():
    parts = merge(["a", "dag: 1", "b"], ["a", "dag: 3", "b"], ["a", "dag: 2", "b"])

    assert parts == (Both(("a",)), Conflict(("dag: 3",), ("dag: 2",)), Both(("b",)))


def test_what_both_changed_alike_is_no_conflict():
    assert text(merge(["dag: 1"], ["dag: 2"], ["dag: 2"])) == ["dag: 2"]


@given(LINES, LINES)
def test_a_side_that_changed_nothing_gives_the_other(base: list[str], changed: list[str]):
    assert text(merge(base, base, changed)) == changed
    assert text(merge(base, changed, base)) == changed


@given(LINES, LINES)
def test_the_same_change_on_both_sides_is_that_change(base: list[str], changed: list[str]):
    assert text(merge(base, changed, changed)) == changed


@given(LINES, LINES, LINES)
def test_no_line_that_the_user_added_is_lost(base: list[str], ours: list[str], theirs: list[str]):
    parts = merge(base, ours, theirs)
    mine = [line for part in parts for line in (part.lines if isinstance(part, Both) else part.ours)]

    assert set(ours) - set(base) <= set(mine)
