from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.documents.markup import Unsupported, Values, parse, plain, without_tokens
from toolkit.documents.tree import (
    Block,
    BulletList,
    Figure,
    Heading,
    Inlines,
    KeyFigures,
    LineBreak,
    Link,
    Missing,
    NumberedList,
    Paragraph,
    Quote,
    Section,
    Table,
    Text,
)


def read(markup: str, *values: str | Missing | Figure) -> tuple[tuple[Block, ...], list[Unsupported]]:
    """The blocks of one section, with {0} and so on where a value stands."""
    behind = Values()
    tokens = [behind.token(value) for value in values]
    for number, token in enumerate(tokens):
        markup = markup.replace(f"{{{number}}}", token)
    (section,), unsupported = parse(f"# s\n\n{markup}", behind)
    return section.blocks, unsupported


def blocks(markup: str, *values: str | Missing | Figure) -> tuple[Block, ...]:
    found, unsupported = read(markup, *values)
    assert unsupported == []
    return found


def words(text: str) -> Inlines:
    return (Text(text),)


def paragraph(text: str) -> Paragraph:
    return Paragraph(words(text))


# ── blocks ───────────────────────────────────────────────────────────────────────────────────


def test_a_heading_of_the_first_level_opens_a_section() -> None:
    sections, unsupported = parse("# title\n\nFaste teams\n\n# summary\n\n# case\n\nSagen", Values())

    assert unsupported == []
    assert sections == (
        Section("title", "", (paragraph("Faste teams"),)),
        Section("summary", "", ()),
        Section("case", "", (paragraph("Sagen"),)),
    )


def test_text_before_the_first_section_belongs_nowhere() -> None:
    assert parse("hej\n\n# summary\n", Values()) == (
        (Section("summary", "", ()),),
        [Unsupported("text-before-section", 1)],
    )


def test_every_block_of_the_subset() -> None:
    markup = "## Møder\n\nafsnit\nsamme afsnit\n\n> citat\n\n- a\n- b\n\n  mere b\n\n3. tre\n4. fire\n"

    assert blocks(markup) == (
        Heading(2, words("Møder")),
        paragraph("afsnit samme afsnit"),
        Quote((paragraph("citat"),)),
        BulletList(((paragraph("a"),), (paragraph("b"), paragraph("mere b")))),
        NumberedList(((paragraph("tre"),), (paragraph("fire"),)), start=3),
    )


def test_a_list_inside_a_list() -> None:
    assert blocks("1. a\n   - b\n") == (NumberedList(((paragraph("a"), BulletList(((paragraph("b"),),))),)),)


def test_a_table_has_a_header_alignments_and_rows() -> None:
    assert blocks("| Post | Beløb |\n|:--|--:|\n| Løn | 1 |\n| Drift | |\n") == (
        Table(
            header=(words("Post"), words("Beløb")),
            align=("left", "right"),
            rows=((words("Løn"), words("1")), (words("Drift"), ())),
        ),
    )


def test_the_paragraph_before_a_table_may_be_its_caption() -> None:
    (table,) = blocks("Tabel: Budget, {0}\n\n| a |\n|---|\n| b |\n", "kr.")

    assert isinstance(table, Table)
    assert table.caption == "Budget, kr."


def test_a_caption_without_a_table_is_a_paragraph() -> None:
    assert blocks("Tabel: Budget\n\nIkke en tabel\n") == (paragraph("Tabel: Budget"), paragraph("Ikke en tabel"))


def test_a_row_that_begins_all_strong_is_the_sum_row() -> None:
    (table,) = blocks("| a | b |\n|---|--:|\n| x | 1 |\n| **I alt** | **1** |\n")

    assert isinstance(table, Table)
    assert (table.rows, table.total) == (((words("x"), words("1")),), (words("I alt"), words("1")))


def test_a_row_that_is_strong_only_in_part_is_like_any_other() -> None:
    (table,) = blocks("| a |\n|---|\n| **I alt** for 2022 |\n")

    assert isinstance(table, Table)
    assert table.total is None


def test_key_figures_are_a_box_of_labels_and_values() -> None:
    assert blocks("Nøgletal:\n\n| Nøgletal | Værdi |\n|---|--:|\n| Forbrugt | {0} |\n", "23,6 pct.") == (
        KeyFigures(((words("Forbrugt"), words("23,6 pct.")),)),
    )


@pytest.mark.parametrize("header", ["| a |", "| a | b | c |"])
def test_key_figures_that_are_not_two_columns_are_left_a_table_and_told(header: str) -> None:
    rule = header.replace("a", "--").replace("b", "--").replace("c", "--")
    (table,), unsupported = read(f"Nøgletal:\n\n{header}\n{rule}\n{header}\n")

    assert isinstance(table, Table)
    assert unsupported == [Unsupported("key-figures", 5)]


PICTURE = Figure("<svg/>", alt="Tre faser", name="tidslinje")


def test_a_picture_alone_is_a_figure_and_the_paragraph_before_it_may_be_its_caption() -> None:
    assert blocks("{0}", PICTURE) == (PICTURE,)
    assert blocks("Figur: Faser, {1}\n\n{0}\n\nDerefter", PICTURE, "1*2*3") == (
        Figure("<svg/>", alt="Tre faser", caption="Faser, 1*2*3", name="tidslinje"),
        paragraph("Derefter"),
    )


def test_a_caption_belongs_to_its_own_kind() -> None:
    table = "| a |\n|---|\n| b |\n"
    found = blocks(f"Tabel: Faser\n\n{{0}}\n\nFigur: Faser\n\n{table}", PICTURE)

    assert found[:3] == (paragraph("Tabel: Faser"), PICTURE, paragraph("Figur: Faser"))
    assert isinstance(found[3], Table)
    assert found[3].caption == ""


def test_pictures_that_are_one_go_on_below_the_same_caption() -> None:
    found = blocks("Figur: Faser\n\n{0}{1}{0}", PICTURE, PICTURE)

    assert [block.caption for block in found if isinstance(block, Figure)] == [
        "Faser",
        "Faser (fortsat)",
        "Faser (fortsat)",
    ]


@pytest.mark.parametrize("markup", ["Se {0}.", "- Se {0}.", "**Se {0}.**"])
def test_a_picture_within_a_text_is_the_words_that_stand_in_for_it(markup: str) -> None:
    (block,) = blocks(markup, PICTURE)
    while not isinstance(block, Paragraph):
        assert isinstance(block, BulletList)
        ((block,),) = block.items

    assert plain(block.content) == "Se Tre faser."


# ── inlines ──────────────────────────────────────────────────────────────────────────────────


def test_strong_emphasis_links_and_line_breaks() -> None:
    assert blocks("en **to *tre*** *fire*  \nfem [puljen](https://www.sbst.dk/a?b=1&c=2)") == (
        Paragraph(
            (
                Text("en "),
                Text("to ", strong=True),
                Text("tre", strong=True, emphasis=True),
                Text(" "),
                Text("fire", emphasis=True),
                LineBreak(),
                Text("fem "),
                Link("puljen", "https://www.sbst.dk/a?b=1&c=2"),
            )
        ),
    )


def test_a_missing_fact_stands_where_it_would_have_been() -> None:
    assert blocks("Bevilget {0}.", Missing("grant.awarded")) == (
        Paragraph((Text("Bevilget "), Missing("grant.awarded"), Text("."))),
    )


@pytest.mark.parametrize("address", ["#afsnit", "fil.docx", "ftp://a.dk"])
def test_a_link_that_leads_nowhere_from_a_letter_is_told(address: str) -> None:
    assert read(f"[her]({address})")[1] == [Unsupported("link-address", 3)]


def test_a_link_that_would_run_a_program_is_no_link() -> None:
    assert blocks("[her](javascript:alert)") == (paragraph("[her](javascript:alert)"),)


@pytest.mark.parametrize("address", ["https://a.dk/b", "mailto:post@thisted.dk", "tel:99171717"])
def test_a_value_may_be_where_a_link_leads(address: str) -> None:
    assert blocks("[{1}]({0})", address, "skriv *nu*") == (Paragraph((Link("skriv *nu*", address),)),)


def test_html_is_text_like_any_other() -> None:
    assert blocks("<div>A & B &amp; <b>x</b></div>") == (paragraph("<div>A & B & <b>x</b></div>"),)


@pytest.mark.parametrize(
    ("markup", "unsupported"), [("a\n\n---\n\nb", Unsupported("hr", 5)), ("![alt](x.png)", Unsupported("image", 3))]
)
def test_what_no_document_can_hold_is_told_with_its_line(markup: str, unsupported: Unsupported) -> None:
    assert read(markup)[1] == [unsupported]


def test_a_text_indented_by_accident_is_a_paragraph() -> None:
    assert blocks("    Bevilget {0}", "1*2*3") == (Paragraph((Text("Bevilget "), Text("1*2*3"))),)


# ── values ───────────────────────────────────────────────────────────────────────────────────

NASTY = [
    "1*2*3",
    "a | b",
    "2022. blev",
    "- ikke en liste",
    "# ikke en overskrift",
    "A & B <x> &amp;",
    "{{ grant.awarded }} {% if %}",
    "[x](y)",
    "c:\\temp\\*",
    "to\nlinjer\n\nog et afsnit",
    "`kode`",
    "***",
    "> citat",
    "\U000f0000\U0010ffff",
]


@pytest.mark.parametrize("value", NASTY)
@pytest.mark.parametrize("markup", ["{0}", "før {0} efter", "**{0}**", "- {0}", "1. {0}", "> {0}"])
def test_nothing_in_a_value_is_taken_for_markup(markup: str, value: str) -> None:
    (block,) = blocks(markup, value)
    while not isinstance(block, Paragraph):
        assert isinstance(block, BulletList | NumberedList | Quote)
        (block,) = block.blocks if isinstance(block, Quote) else block.items[0]

    assert plain(block.content) == markup.strip("*->1. ").format(value)


@pytest.mark.parametrize("value", NASTY)
def test_a_value_is_never_more_than_one_cell(value: str) -> None:
    (table,) = blocks("| a | b |\n|---|---|\n| {0} | {0} |\n", value)

    assert isinstance(table, Table)
    assert table.rows == ((words(value), words(value)),)


@given(st.lists(st.text(min_size=1), min_size=1, max_size=5))
def test_every_value_comes_out_as_it_went_in(values: list[str]) -> None:
    (block,) = blocks(" og ".join(f"{{{number}}}" for number in range(len(values))), *values)

    assert isinstance(block, Paragraph)
    assert "".join(inline.text for inline in block.content if isinstance(inline, Text)) == " og ".join(values)


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("Der er {0}.", "Der er 10 kr."),
        ("Der er **{0}**.", "Der er 10 kr."),
        ("*Der er {0}.* Mere", "Der er 10 kr. Mere"),
        ("Der er {0}. Mere.", "Der er 10 kr. Mere."),
        ("Der er {0}, {0}.", "Der er 10 kr., 10 kr."),
        ("Der er {0}...", "Der er 10 kr...."),
        ("({0}).", "(10 kr.)."),
        ("Der er {1}.", "Der er 10."),
        ("{0}{1}.", "10 kr.10."),
    ],
)
def test_a_value_with_a_full_stop_of_its_own_swallows_the_sentences(markup: str, text: str) -> None:
    (block,) = blocks(markup, "10 kr.", "10")

    assert isinstance(block, Paragraph)
    assert plain(block.content) == text


def test_what_a_token_is_made_of_is_taken_out_of_the_users_text() -> None:
    token = Values().token("hemmelig")

    assert without_tokens(f"a{token}b\U0010ffff") == "ab"


def test_a_token_that_stands_for_nothing_shows_nothing() -> None:
    assert blocks("a\U000f0005b") == (paragraph("ab"),)


def test_plain_words_say_what_is_missing() -> None:
    content = (Text("Om "), Link("puljen", "https://a.dk"), LineBreak(), Missing("grant.awarded"), Text(" "))

    assert plain(content) == "Om puljen [MANGLER: grant.awarded]"


# ── footnotes ────────────────────────────────────────────────────────────────────────────────


def test_footnotes_are_numbered_by_their_marks_and_stand_last_in_their_section() -> None:
    markup = (
        "Først[^kilde] og så[^1], igen[^kilde].\n\n[^1]: Anden note\nfortsat.\n[^kilde]: Kilden er **god**.\n\nSlut."
    )

    assert blocks(markup) == (
        paragraph("Først[1] og så[2], igen[1]."),
        paragraph("Slut."),
        NumberedList(
            (
                (Paragraph((Text("Kilden er "), Text("god", strong=True), Text("."))),),
                (paragraph("Anden note fortsat."),),
            )
        ),
    )


def test_a_footnote_of_one_word_is_no_address_of_a_link() -> None:
    assert blocks("Ord[^1]\n\n[^1]: Kilde\n") == (paragraph("Ord[1]"), NumberedList(((paragraph("Kilde"),),)))


def test_each_section_has_its_own_footnotes() -> None:
    sections, unsupported = parse("# a\n\nx[^1]\n\n[^1]: fra a\n\n# b\n\ny[^1]\n\n[^1]: fra b\n", Values())

    assert unsupported == []
    assert [section.blocks for section in sections] == [
        (paragraph("x[1]"), NumberedList(((paragraph("fra a"),),))),
        (paragraph("y[1]"), NumberedList(((paragraph("fra b"),),))),
    ]


def test_a_footnote_may_be_marked_in_a_table_a_quote_and_another_footnote() -> None:
    found = blocks(
        "> Citat[^a]\n\n| Post[^b] |\n|---|\n| x |\n\n[^a]: Om citatet\n\n[^b]: Se[^a] og[^c]\n\n[^c]: Sidst\n"
    )

    assert found[0] == Quote((paragraph("Citat[1]"),))
    assert isinstance(found[1], Table)
    assert found[1].header == (words("Post[2]"),)
    assert found[2] == NumberedList(((paragraph("Om citatet"),), (paragraph("Se[1] og[3]"),), (paragraph("Sidst"),)))


def test_a_footnote_of_several_blocks_keeps_them() -> None:
    assert blocks("Ord[^1]\n\n[^1]: Et\n\n    To\n\n    - punkt\n\nEfter\n") == (
        paragraph("Ord[1]"),
        paragraph("Efter"),
        NumberedList(((paragraph("Et"), paragraph("To"), BulletList(((paragraph("punkt"),),))),)),
    )


def test_a_footnote_that_nothing_points_at_is_not_lost() -> None:
    assert blocks("Ord\n\n[^1]: Note\n") == (paragraph("Ord"), NumberedList(((paragraph("Note"),),)))


def test_a_mark_without_a_footnote_is_told() -> None:
    assert read("Ord[^1]\n") == ((paragraph("Ord[^1]"),), [Unsupported("[^1]", 3)])


def test_a_value_that_looks_like_a_footnote_is_only_text() -> None:
    assert blocks("Kode: {0}", "[^1]: x") == (paragraph("Kode: [^1]: x"),)


# ── what survives ────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "text", ["A & B <x>", "1*2*3", "2022. blev et godt år", "a | b", "[^1]", "# ikke en overskrift"]
)
def test_any_value_survives_in_a_paragraph_an_item_a_cell_a_quote_and_a_footnote(text: str) -> None:
    found = blocks("{0}\n\n- {0}\n\n| a |\n|---|\n| {0} |\n\n> > {0}\n\nx[^n]\n\n[^n]: {0}\n", text)

    assert found == (
        paragraph(text),
        BulletList(((paragraph(text),),)),
        Table(header=(words("a"),), align=("left",), rows=((words(text),),)),
        Quote((Quote((paragraph(text),)),)),
        paragraph("x[1]"),
        NumberedList(((paragraph(text),),)),
    )


def test_nested_quotes_and_lists_survive() -> None:
    assert blocks("> ydre\n>\n> > indre\n>\n> - a\n>   1. b\n>      - c\n") == (
        Quote(
            (
                paragraph("ydre"),
                Quote((paragraph("indre"),)),
                BulletList(((paragraph("a"), NumberedList(((paragraph("b"), BulletList(((paragraph("c"),),))),))),)),
            )
        ),
    )
