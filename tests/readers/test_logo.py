from __future__ import annotations

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


@pytest.mark.parametrize(
    "content", [b"", b"GIF89a", b"\xff\xfe<svg>", svg(""), svg('width="10"'), svg('viewBox="0 0 0 5"'), png(0, 5)]
)
def test_what_has_no_size_is_a_problem_and_no_logo(content: bytes) -> None:
    problems: list[Problem] = []

    assert logo(content, "templates/layouts/thisted/logo.svg", problems) == ""
    assert [found.code for found in problems] == ["logo-unreadable"]
