from __future__ import annotations

import struct

import pytest

from tests.writers.trees import BARS
from toolkit.writers import Unsupported
from toolkit.writers.pictures import fitted, png


def test_a_picture_is_as_large_as_it_says_and_never_wider_than_its_room() -> None:
    assert fitted(BARS.svg, 160) == (80, 20)
    assert fitted(BARS.svg, 40) == (40, 10)


@pytest.mark.parametrize("svg", ["<svg/>", '<svg width="80" height="20"/>', "ikke et billede"])
def test_a_picture_without_a_size_in_mm_is_refused(svg: str) -> None:
    with pytest.raises(Unsupported, match="width and height in mm"):
        fitted(svg, 160)


def test_a_png_has_150_pixels_to_the_inch() -> None:
    made = png(BARS.svg)

    assert made.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">II", made[16:24]) == (round(80 / 25.4 * 150), round(20 / 25.4 * 150))


@pytest.mark.parametrize("look", ['font-weight="bold"', 'font-style="italic"', 'font-family="Libertinus Serif"'])
def test_the_words_are_there_in_the_font_and_weight_that_was_asked_for(look: str) -> None:
    other = BARS.svg.replace("<text", f"<text {look}")

    assert png(BARS.svg) != png(BARS.svg.replace("Forbruget stiger", ""))
    assert png(BARS.svg) != png(other)


def test_a_picture_that_is_broken_is_refused() -> None:
    with pytest.raises(Unsupported, match="in a PNG file"):
        png('<svg width="80mm" height="20mm">')
