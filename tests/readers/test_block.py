"""Values as YAML that people go on writing in: what is read is what was written, and a key is explained once."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from toolkit.core.plan import Plan
from toolkit.core.problems import Problem
from toolkit.readers import source
from toolkit.readers.block import Block
from toolkit.readers.meanings import Meanings
from toolkit.readers.seed import plain

SILENT = Meanings({})
SAYING = Meanings({"Plan.title": "titlen", "Plan.milestones": "milepælene", "id": "et navn", "Milestone.due": "dagen"})

VISIBLE = st.text(st.characters(exclude_categories=("Cc", "Cs", "Cn", "Zl", "Zp", "Cf", "Co")), min_size=1)
WORDS = st.lists(st.sampled_from(["en", "to:", "#tre", "-", "{{", "'", "~", "null", "12,5"]), min_size=1).map(" ".join)
TEXT = VISIBLE | WORDS | st.just("~") | st.just("null")
TYPED = st.recursive(
    TEXT,
    lambda inner: st.lists(inner, min_size=1).map(tuple) | st.dictionaries(TEXT.filter(lambda key: key != "<<"), inner),
    max_leaves=12,
)


def read(text: str) -> object:
    problems: list[Problem] = []
    node = source.load(text, "file.yaml", problems)

    assert problems == []
    assert node is not None
    return plain(node)


@given(key=st.sampled_from(["title", "phases", "by_year"]), value=TYPED.filter(lambda value: value != {}))
def test_what_is_written_is_what_is_read(key, value):
    assert read(Block(SILENT).key(None, key, value)) == {key: value}


def test_the_keys_of_items_are_explained_above_the_list_and_not_again():
    block = Block(SAYING)
    milestones = ({"id": "a", "due": "2022-01-01"}, {"id": "b", "due": "2022-02-01"})

    assert block.key(Plan, "milestones", milestones).splitlines() == [
        "milestones:                                      # milepælene",
        "  # id: et navn",
        "  # due: dagen",
        "  - id: a",
        "    due: 2022-01-01",
        "  - id: b",
        "    due: 2022-02-01",
    ]


def test_a_long_text_is_folded_and_a_short_one_stands_on_its_line():
    long = " ".join(["kommunen"] * 20)

    assert Block(SAYING).key(Plan, "title", "A: b").split("#") == ['title: "A: b"'.ljust(49), " titlen"]
    assert Block(SAYING).key(Plan, "title", long).splitlines()[0].split() == ["title:", ">-", "#", "titlen"]
    assert max(map(len, Block(SAYING).key(Plan, "title", long).splitlines())) <= 100
    assert read(Block(SAYING).key(Plan, "title", long)) == {"title": long}


def test_an_explanation_that_has_no_room_says_its_first_words():
    meanings = Meanings({"Plan.title": "titlen; " + "og mere " * 10})

    assert Block(meanings).key(Plan, "title", "A").endswith("# titlen")
