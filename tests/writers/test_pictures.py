from __future__ import annotations

import struct

import pytest

from tests.writers.trees import BARS
from toolkit.writers import Unsupported
from toolkit.writers.pictures import fitted, png


def test_a_picture_is_as_large_as_it_says_and_never_larger_than_its_room() -> None:
    assert fitted(BARS.svg, 160) == (80, 20)
    assert fitted(BARS.svg, 40) == (40, 10)
    assert fitted(BARS.svg, 160, 5) == (20, 5)


@pytest.mark.parametrize(
    "svg", ["<svg/>", '<svg width="80" height="20"/>', '<svg width="0mm" height="9mm"/>', "ikke et billede"]
)
def test_a_picture_without_a_size_in_mm_is_refused(svg: str) -> None:
    with pytest.raises(Unsupported, match="width and height in mm"):
        fitted(svg, 160)


def test_a_png_has_150_pixels_to_the_inch() -> None:
    made = png(BARS.svg, 80)

    assert made.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">II", made[16:24]) == (round(80 / 25.4 * 150), round(20 / 25.4 * 150))


def test_a_picture_has_no_more_pixels_than_it_is_shown_with_whatever_its_own_size() -> None:
    made = png(BARS.svg.replace('width="80mm" height="20mm"', 'width="80000mm" height="20000mm"'), 80)

    assert struct.unpack(">II", made[16:24]) == (round(80 / 25.4 * 150), round(20 / 25.4 * 150))


@pytest.mark.parametrize("look", ['font-weight="bold"', 'font-style="italic"', 'font-family="Libertinus Serif"'])
def test_the_words_are_there_in_the_font_and_weight_that_was_asked_for(look: str) -> None:
    other = BARS.svg.replace("<text", f"<text {look}")

    assert png(BARS.svg, 80) != png(BARS.svg.replace("Forbruget stiger", ""), 80)
    assert png(BARS.svg, 80) != png(other, 80)


def test_a_picture_that_is_broken_is_refused() -> None:
    with pytest.raises(Unsupported, match="in a PNG file"):
        png('<svg width="80mm" height="20mm">', 80)
