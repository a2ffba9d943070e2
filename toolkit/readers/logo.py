"""A municipality's logo, svg or png, as an svg that gives its size in millimetres."""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from decimal import Decimal
from struct import unpack

from toolkit.core.problems import N_, Problem, Span, declare, problem

_PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
_ROOT = re.compile(r"<svg\b[^>]*>")
_BOX = re.compile(r"""\sviewBox=["'][-\d.]+[ ,]+[-\d.]+[ ,]+([\d.]+)[ ,]+([\d.]+)["']""")
_SIDE = re.compile(r"""\s(width|height)=["']([\d.]+)?[^"']*["']""")
_COSTLY = re.compile(r"<(?:\w+:)?(?:filter|pattern)\b")  # which draws as much as it likes, whatever its own size
_INSIDE = re.compile(r"data:image/([\w+.-]+)(?:;[\w=-]+)*,\s*([A-Za-z0-9+/]{0,40})")
_PIXELS = 40_000_000  # as many as a good camera's; each takes four bytes when it is drawn
_HEIGHT, _WIDTH = 16, 80  # millimetres: as high as this, but where it would then be wider than that

declare(
    "logo-unreadable",
    "error",
    N_("The logo cannot be read: it must be a PNG, or an SVG that gives its size and has no filters or patterns."),
    N_("save it again from the program that it was drawn in, as SVG or PNG"),
)


def logo(content: bytes, file: str, problems: list[Problem]) -> str:
    """The logo as large as it is shown; a png inside an svg, so that writers need know only one form."""
    try:
        return _from_png(content) if content.startswith(_PNG) else _resized(content.decode())
    except (ValueError, ArithmeticError, LookupError):  # no text, no size, or none that a picture can have
        problems.append(problem("logo-unreadable", Span(file, 0, 0)))
        return ""


def _from_png(content: bytes) -> str:
    width, height = _sides(content)
    return (
        f'<svg {_size(Decimal(width), Decimal(height))} viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg"'
        f' xmlns:xlink="http://www.w3.org/1999/xlink"><image width="{width}" height="{height}"'
        f' xlink:href="data:image/png;base64,{b64encode(content).decode()}"/></svg>'
    )


def _sides(png: bytes) -> tuple[int, int]:
    """How many pixels a PNG has, across and down, in the words of its own head."""
    width, height = unpack(">II", png[16:24].ljust(8, b"\0"))
    if not png.startswith(_PNG) or width * height > _PIXELS:
        raise ValueError("no PNG, or one that would fill the memory")
    return width, height


def _resized(svg: str) -> str:
    """The picture with our size in the place of its own, which the drawing then fills."""
    root = _ROOT.search(svg)
    if root is None or _COSTLY.search(svg):
        raise ValueError(svg)
    for kind, begins in _INSIDE.findall(svg):
        if kind != "svg+xml":
            _sides(b64decode(begins))
    sides = dict(_SIDE.findall(root[0]))
    box = _BOX.search(root[0])
    width, height = (box[1], box[2]) if box else (sides["width"], sides["height"])
    frame = "" if box else f' viewBox="0 0 {width} {height}"'
    rest = _SIDE.sub("", root[0]).removeprefix("<svg")
    return f"<svg {_size(Decimal(width), Decimal(height))}{frame}{rest}{svg[root.end() :]}"


def _size(width: Decimal, height: Decimal) -> str:
    scale = min(_HEIGHT / height, _WIDTH / width)
    return f'width="{width * scale:.2f}mm" height="{height * scale:.2f}mm"'
