"""Nothing that a document may hold is too large for a writer: it ends, and no word is lost on the way."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date
from io import BytesIO

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs
from pypdf import PdfReader

from tests.limits import within
from tests.writers.trees import paragraph, words
from toolkit.documents.kind import Layout
from toolkit.documents.tree import (
    Block,
    BulletList,
    Document,
    Figure,
    Heading,
    KeyFigures,
    NumberedList,
    Quote,
    Section,
    Table,
    TableOfContents,
)
from toolkit.writers import WRITERS, Unsupported, pdf, word

LIMIT = 20.0  # seconds: a slow machine needs one of them
MOST = 20_000  # characters in one text

# What takes room, in the ways that it can: many words, one that never ends, nothing at all, and what a line breaks at.
SENTENCE = "Opstarten er flyttet, fordi to stillinger ikke er besat. "
lengths = st.sampled_from([0, 1, 40, 500, 2_600, MOST])
texts = st.one_of(
    st.builds(lambda length: (SENTENCE * (length // len(SENTENCE) + 1))[:length], lengths),
    st.builds(lambda length: "x" * length, st.sampled_from([500, 3_000])),
    st.sampled_from(["", "Løn", "1.000.000,00", "a\u00a0b", "-", "e\u0301"]),
)
sizes = st.sampled_from([1, 5, 10, 160, 245, 1_000, 9_999])


@st.composite
def tables(draw: st.DrawFn) -> Table:
    columns = draw(st.integers(1, 9))
    rows = draw(st.sampled_from([0, 1, 5, 6, 7, 33, 200]))
    wide, narrow = draw(texts), draw(st.sampled_from(["Løn", "1.000.000,00"]))
    at = draw(st.integers(0, columns - 1))
    row = tuple(words(wide if column == at else narrow) for column in range(columns))
    few = rows if len(wide) <= 500 else min(rows, 7)
    return Table(
        header=tuple(words(draw(texts) if column == at else f"Kolonne {column}") for column in range(columns)),
        align=tuple(draw(st.sampled_from(["left", "right"])) for _ in range(columns)),
        rows=(row,) * few,
        total=row if draw(st.booleans()) else None,
        caption=draw(texts),
    )


def picture(width: int, height: int, caption: str = "") -> Figure:
    shown = f'<rect width="{width}" height="{height}" fill="#0b3d66"/>'
    size = f'width="{width}mm" height="{height}mm" viewBox="0 0 {width} {height}"'
    return Figure(f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{shown}</svg>', "En flade.", caption)


plain = st.one_of(
    st.builds(paragraph, texts),
    st.builds(lambda count: BulletList(((paragraph(SENTENCE),),) * count), st.sampled_from([1, 33, 200])),
    st.builds(lambda text: Heading(1, words(text)), texts),
    tables(),
    st.builds(picture, sizes, sizes, texts),
    st.builds(lambda text, count: KeyFigures(((words("Brugt"), words(text)),) * count), texts, st.integers(1, 9)),
    st.just(TableOfContents()),
)


def inside(blocks: st.SearchStrategy[Block]) -> st.SearchStrategy[Block]:
    few = st.lists(blocks, min_size=1, max_size=2).map(tuple)
    items = few.map(lambda item: (item, item))
    return st.one_of(st.builds(Quote, few), st.builds(BulletList, items), st.builds(NumberedList, items))


documents = st.lists(st.one_of(plain, inside(plain), inside(inside(plain))), max_size=4)


def document(*blocks: Block, cover: bool = False) -> Document:
    day = date(2022, 6, 30)
    return Document(title="Rapport", author="Thisted", subject="", day=day, cover=cover, blocks=blocks)


@pytest.mark.parametrize("format", sorted(WRITERS))
@settings(max_examples=15)
@given(blocks=documents, cover=st.booleans())
def test_a_document_of_any_size_is_written_or_refused(
    format: str, layout: Layout, blocks: list[Block], cover: bool
) -> None:
    with within(LIMIT), suppress(Unsupported):
        assert WRITERS[format](document(Section("x", "", tuple(blocks)), cover=cover), layout)


# ── no word is lost ──────────────────────────────────────────────────────────────────────────

LONG = " ".join(f"ord{number}" for number in range(2_000))
ROW = (words("Uge 1"), words(LONG), words("Anden"))
TALL = {
    "a row": Table(header=ROW[:1] * 3, align=("left",) * 3, rows=(ROW, ROW)),
    "a header": Table(header=ROW, align=("left",) * 3, rows=(ROW[:1] * 3,)),
    "a sum row": Table(header=ROW[:1] * 3, align=("left",) * 3, rows=(ROW[:1] * 3,), total=ROW),
    "rows that are a page together": Table(
        header=ROW[:1] * 2,
        align=("left",) * 2,
        rows=tuple((words("a"), words(LONG[at : at + 2_500])) for at in range(0, len(LONG), 2_500)),
    ),
    "key figures": KeyFigures((ROW[:2],)),
    "a caption": picture(10, 10, LONG),
    "a caption of a table": Table(header=ROW[:1], align=("left",), rows=(ROW[:1],), caption=LONG),
    "a quote": Quote((paragraph(LONG),)),
    "an item": BulletList(((paragraph(LONG),),)),
}


@pytest.mark.parametrize("block", TALL.values(), ids=TALL)
def test_what_is_taller_than_a_page_goes_on_over_the_next(block: Block) -> None:
    with within(LIMIT):
        pages = PdfReader(BytesIO(pdf.write(document(block), Layout(name="plain")))).pages
    shown = "".join(page.extract_text() for page in pages)
    compact = re.sub(r"[\s\u00ad-]", "", shown)

    assert len(pages) > 1
    assert [number for number in (0, 1_000, 1_999) if f"ord{number}" not in compact] == []


def test_a_notice_that_fills_pages_is_shown_to_its_end() -> None:
    made = pdf.write(structs.replace(document(), notices=(LONG,)), Layout(name="plain"))
    shown = "".join(page.extract_text() for page in PdfReader(BytesIO(made)).pages)

    assert "ord1999" in shown


def test_a_word_that_no_line_holds_is_broken_not_cut_off() -> None:
    made = pdf.write(document(paragraph("x" * 500)), Layout(name="plain"))
    shown = "".join(page.extract_text() for page in PdfReader(BytesIO(made)).pages)

    assert shown.count("x") == 500
    assert len([line for line in shown.splitlines() if "xx" in line]) > 2


def test_in_word_a_row_stays_on_one_page_and_one_as_tall_as_half_a_page_may_break(layout: Layout) -> None:
    low = Table(header=ROW[:1] * 3, align=("left",) * 3, rows=(ROW[:1] * 3,))
    whole = document(low, TALL["a row"], TALL["a header"])
    opened = docx.Document(BytesIO(word.write(whole, layout)))

    unbroken = [[bool(row._tr.xpath("./w:trPr/w:cantSplit")) for row in table.rows] for table in opened.tables]
    assert unbroken == [[True, True], [True, False, False], [False, True]]
    assert [len(table._tbl.xpath(".//w:tblHeader")) for table in opened.tables] == [1, 1, 0]


@pytest.mark.parametrize(("width", "height"), [(160, 1_000), (9_999, 9_999), (1, 9_999), (160, 245)])
def test_a_picture_taller_than_a_page_is_made_smaller_and_keeps_its_shape(
    width: int, height: int, layout: Layout
) -> None:
    opened = docx.Document(BytesIO(word.write(document(picture(width, height, "Et billede")), layout)))
    (shown,) = opened.inline_shapes

    assert shown.height.mm < 230
    assert shown.width.mm <= 160.1
    assert shown.width / shown.height == pytest.approx(width / height, rel=0.01)


def test_word_opens_no_table_of_more_than_63_columns(layout: Layout) -> None:
    many = Table(header=(words("a"),) * 64, align=("left",) * 64, rows=())

    with pytest.raises(Unsupported, match="63 columns"):
        word.write(document(many), layout)
