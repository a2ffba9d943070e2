from __future__ import annotations

from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from tests.limits import within
from toolkit.documents.tree import Align
from toolkit.writers.word_layout import Box, Measure, column_widths, is_wide, pages, paragraph_box, row_box, text_width

WIDTH = 9072  # 16 cm
TEXT = Measure(size=11, after=7, line=1.1)


def test_a_long_text_is_wider_than_a_short_one_and_bold_is_wider_still() -> None:
    assert text_width("i", 11) < text_width("m", 11) < text_width("mm", 11)
    assert text_width("Budgetpost", 11) < text_width("Budgetpost", 11, strong=True)


def test_amounts_get_what_they_need_and_the_widest_words_the_rest() -> None:
    widths = column_widths(
        ["Dato", "Beløb", "Note"],
        [["30-06-2022", "1.500.000", "Første rate af tilskuddet"]],
        ["left", "right", "left"],
        WIDTH,
        10,
    )

    assert sum(widths) == WIDTH
    assert widths[1] > text_width("1.500.000", 10, strong=True)
    assert widths[2] > widths[0] + widths[1]


def test_when_room_is_short_the_long_column_gives_way_and_the_date_stays_on_one_line() -> None:
    long = "Kompetenceforløb for medarbejderne i de første to teams er gennemført og evalueret af styregruppen"
    widths = column_widths(
        ["Milepæl", "Frist", "Budget"], [[long, "28. februar 2022", "1.500.000"]], ["left", "left", "right"], WIDTH, 10
    )

    assert widths[1] > text_width("28. februar 2022", 10)
    assert widths[2] > text_width("1.500.000", 10)
    assert widths[0] < text_width(long, 10)


def test_a_long_header_above_amounts_may_break_in_two() -> None:
    header = "Forbrug i perioden indtil nu"
    widths = column_widths(["Post", header], [["Løn", "12"]], ["left", "right"], WIDTH, 10)

    assert text_width(header, 10) / 2 < widths[1] < text_width(header, 10, strong=True)


CELLS = st.text("Aå 1.", max_size=60)


@given(
    columns=st.lists(
        st.tuples(st.sampled_from(["left", "right"]), CELLS, st.lists(CELLS, min_size=2, max_size=2)),
        min_size=1,
        max_size=9,
    )
)
def test_the_columns_always_fill_the_width_exactly(columns: list[tuple[Align, str, list[str]]]) -> None:
    align = [side for side, _, _ in columns]
    rows = [[cells[row] for _, _, cells in columns] for row in (0, 1)]
    widths = column_widths([head for _, head, _ in columns], rows, align, WIDTH, 10)

    assert sum(widths) == WIDTH
    assert min(widths) > 0


def test_a_paragraph_is_as_high_as_its_lines() -> None:
    one = paragraph_box("Kort.", TEXT, WIDTH)
    three = paragraph_box("Kort.", TEXT, WIDTH, breaks=2)

    assert three.height == pytest.approx(3 * one.height)
    assert paragraph_box("ord " * 100, TEXT, WIDTH).height > 4 * one.height


def test_a_row_is_as_high_as_its_highest_cell() -> None:
    low = row_box(["a", "b"], [2000, 2000], TEXT)
    high = row_box(["a", "mange ord " * 9], [2000, 2000], TEXT)

    assert high.height > 3 * low.height


def test_what_does_not_fit_goes_to_the_next_page() -> None:
    boxes = [Box(60, entry=0), Box(30, entry=1), Box(20, entry=2)]

    assert pages(boxes, 100) == ({0: 1, 1: 1, 2: 2}, 2)


def test_a_heading_goes_along_with_the_text_that_follows_it() -> None:
    boxes = [Box(80), Box(10, keep=True, entry=0), Box(30)]

    assert pages(boxes, 100) == ({0: 2}, 2)


def test_a_long_paragraph_goes_on_over_the_page() -> None:
    boxes = [Box(80), Box(60, line=10), Box(10, entry=0)]

    assert pages(boxes, 100) == ({0: 2}, 2)


def test_a_new_page_is_a_new_page() -> None:
    boxes = [Box(10, entry=0), Box(10, new_page=True, entry=1)]

    assert pages(boxes, 100) == ({0: 1, 1: 2}, 2)


def test_between_two_paragraphs_the_larger_room_counts() -> None:
    boxes = [Box(50, after=20), Box(30, before=15, entry=0)]

    assert pages(boxes, 100) == ({0: 1}, 1)
    assert pages(boxes, 99) == ({0: 2}, 2)


def test_two_items_of_one_list_may_stand_without_room_between_them() -> None:
    items = [Box(50, after=20, close="List Bullet"), Box(40, before=20, close="List Bullet", entry=0)]

    assert pages(items, 90) == ({0: 1}, 1)
    assert pages([items[0], Box(40, entry=0)], 90) == ({0: 2}, 2)


def test_nothing_is_one_page() -> None:
    assert pages([], 100) == ({}, 1)


HEIGHTS = st.floats(0, 1e6)
BOXES = st.builds(
    Box,
    HEIGHTS,
    st.floats(0, 500),
    st.floats(0, 500),
    st.sampled_from([0.0, 0.0, 12.0, 900.0]),
    keep=st.booleans(),
    new_page=st.booleans(),
    wide=st.booleans(),
)


@given(boxes=st.lists(BOXES, max_size=40), upright=st.floats(1, 1000), wide=st.floats(1, 1000))
def test_whatever_stands_on_them_there_are_as_many_pages_as_it_takes_and_no_more(
    boxes: list[Box], upright: float, wide: float
) -> None:
    numbered = [structs.replace(box, entry=number) for number, box in enumerate(boxes)]
    with within(5):
        found, count = pages(numbered, upright, wide)

    assert list(found.values()) == sorted(found.values())
    assert all(1 <= page <= count for page in found.values())
    least = min(upright, wide)
    assert count <= 1 + sum(2 + ceil((box.before + box.after + box.height) / least) for box in boxes)


def test_what_is_taller_than_a_page_and_does_not_break_takes_one() -> None:
    boxes = [Box(10, entry=0), Box(1_000, entry=1), Box(10, entry=2)]

    assert pages(boxes, 100) == ({0: 1, 1: 2, 2: 3}, 3)


def test_what_breaks_goes_on_over_as_many_pages_as_it_is_high() -> None:
    boxes = [Box(10, entry=0), Box(1_000, line=10, entry=1), Box(10, entry=2)]

    assert pages(boxes, 100) == ({0: 1, 1: 11, 2: 11}, 11)


def test_only_a_row_that_takes_much_of_a_page_breaks() -> None:
    low, tall = row_box(["a"], [2000], TEXT, page=700), row_box(["mange ord " * 99], [2000], TEXT, page=700)

    assert not low.line
    assert tall.line
    assert row_box(["a"], [2000], TEXT, breaks=40, page=700).line


@given(widths=st.lists(st.integers(0, 300), min_size=1, max_size=9), text=st.text(max_size=40))
def test_a_column_however_narrow_gives_its_row_a_height(widths: list[int], text: str) -> None:
    box = row_box([text] * len(widths), widths, TEXT, page=700)

    assert 0 < box.height < 60 * 20


def test_many_amounts_make_a_table_wide_and_long_words_that_can_break_do_not() -> None:
    def wide(*cells: str) -> bool:
        align: list[Align] = ["right" if cell[0].isdigit() else "left" for cell in cells]
        return is_wide([""] * len(cells), [cells], align, WIDTH, 10)

    assert wide("Løn", *["1.000.000,00"] * 9)
    assert not wide("Løn", *["1.000.000,00"] * 5)
    assert not wide(*["Styregruppen holder møde hver anden måned i hele perioden"] * 6)
