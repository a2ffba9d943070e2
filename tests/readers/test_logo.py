from __future__ import annotations

from base64 import b64encode
from struct import pack

import pytest

from toolkit.core.problems import Problem
from toolkit.readers.logo import logo
from toolkit.writers.pictures import fitted


def png(width: int, height: int) -> bytes:
    return b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + pack(">II", width, height)


def svg(attributes: str) -> bytes:
    return f'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg" {attributes}><g/></svg>'.encode()


def made(content: bytes) -> str:
    problems: list[Problem] = []
    found = logo(content, "logo.svg", problems)
    assert problems == []
    return found


@pytest.mark.parametrize(
    "content",
    [
        png(300, 100),
        svg('viewBox="0 0 300 100"'),
        svg('width="300" height="100"'),
        svg('width="100%" height="100%" viewBox="0,0,300,100"'),
        svg("height='100px' width='300px'"),
    ],
)
def test_a_logo_is_sixteen_millimetres_high_and_keeps_its_shape(content: bytes) -> None:
    assert fitted(made(content), 160) == (48, 16)


def test_a_very_wide_logo_is_lower_instead() -> None:
    assert fitted(made(png(1000, 100)), 160) == (80, 8)


def test_the_drawing_fills_the_size_that_it_is_given() -> None:
    found = made(svg('width="300" height="100"'))

    assert 'viewBox="0 0 300 100"' in found
    assert found.count("width=") == 1


def inside(drawing: str) -> bytes:
    return svg('width="300" height="100"').replace(b"<g/>", drawing.encode())


def image(content: bytes, kind: str = "png") -> bytes:
    return inside(f'<image href="data:image/{kind};base64,{b64encode(content).decode()}"/>')


def test_a_picture_inside_the_drawing_may_be_a_png() -> None:
    assert "<image" in made(image(png(300, 100) + bytes(99)))


@pytest.mark.parametrize(
    "content",
    [
        *(b"", b"GIF89a", b"\xff\xfe<svg>", svg(""), svg('width="10"'), svg('viewBox="0 0 0 5"'), png(0, 5)),
        *(png(30_000, 30_000), image(png(30_000, 30_000)), image(b"\xff\xd8\xff\xe0" + bytes(60), "jpeg")),
        *(inside('<filter id="a"><feTurbulence/></filter>'), inside('<svg:pattern width="0.001"/>')),
    ],
)
def test_what_has_no_size_or_none_that_can_be_drawn_is_a_problem_and_no_logo(content: bytes) -> None:
    problems: list[Problem] = []

    assert logo(content, "templates/layouts/thisted/logo.svg", problems) == ""
    assert [found.code for found in problems] == ["logo-unreadable"]
