from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from tests.writers.trees import words
from toolkit.documents.tree import Block, Document, Heading, Missing, Section
from toolkit.writers.outline import outline, plain

DEPTHS = st.lists(st.integers(1, 6), max_size=8).map(
    lambda levels: tuple(Heading(n, words(f"Nr. {n}")) for n in levels)
)
BLOCKS = st.recursive(
    DEPTHS,
    lambda inner: st.lists(st.tuples(st.sampled_from(["Resumé", ""]), inner), max_size=3).map(
        lambda sections: tuple(Section("part", heading, blocks) for heading, blocks in sections)
    ),
    max_leaves=6,
)


def of(empty: Document, *blocks: Block, numbered: bool = True) -> list[tuple[int, str, str]]:
    document = structs.replace(empty, blocks=blocks, numbered=numbered)
    return [(entry.level, entry.number, plain(entry.content)) for entry in outline(document)]


def test_sections_and_headings_are_numbered_together(empty: Document) -> None:
    found = of(
        empty,
        Section("summary", "Resumé", ()),
        Section(
            "economy", "Økonomi", (Heading(2, words("Forbrug")), Heading(3, words("Løn")), Heading(2, words("Rest")))
        ),
        Section("next", "Næste periode", ()),
    )

    assert found == [
        (1, "1", "Resumé"),
        (1, "2", "Økonomi"),
        (2, "2.1", "Forbrug"),
        (3, "2.1.1", "Løn"),
        (2, "2.2", "Rest"),
        (1, "3", "Næste periode"),
    ]


def test_an_unnumbered_document_has_no_numbers(empty: Document) -> None:
    assert of(empty, Section("summary", "Resumé", ()), numbered=False) == [(1, "", "Resumé")]


def test_a_section_without_a_heading_is_not_in_the_outline(empty: Document) -> None:
    assert of(empty, Section("", "", (Heading(1, words("Bilag")),))) == [(1, "1", "Bilag")]


def test_headings_that_begin_too_deep_keep_their_order_without_a_jump(empty: Document) -> None:
    found = of(
        empty, Section("text", "Tekst", (Heading(4, words("a")), Heading(5, words("b")), Heading(4, words("c"))))
    )

    assert [level for level, _, _ in found] == [1, 2, 3, 2]


@given(blocks=BLOCKS)
def test_no_level_is_ever_jumped_over_and_every_anchor_is_unique(empty: Document, blocks: tuple[Block, ...]) -> None:
    entries = outline(structs.replace(empty, blocks=blocks))

    assert all(after.level <= before.level + 1 for before, after in pairwise(entries))
    assert not entries or entries[0].level == 1
    assert len({entry.anchor for entry in entries}) == len(entries)


def test_an_anchor_is_the_sections_name_or_the_headings_words(empty: Document) -> None:
    blocks = (
        Section("economy", "Økonomi", (Heading(2, words("Økonomi på langt sigt")),)),
        Heading(1, words("Economy")),
        Heading(1, words("§ !")),
    )
    anchors = [entry.anchor for entry in outline(structs.replace(empty, blocks=blocks))]

    assert anchors == ["economy", "oekonomi-paa-langt-sigt", "economy-2", "afsnit"]


def test_plain_text_shows_what_is_missing() -> None:
    assert plain((*words("Leder: "), Missing("people.leader"))) == "Leder: [MANGLER: people.leader]"
