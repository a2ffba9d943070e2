"""A municipality's logo, svg or png, as an svg that gives its size in millimetres."""

from __future__ import annotations

import re
from base64 import b64encode
from decimal import Decimal
from struct import unpack

from toolkit.core.problems import N_, Problem, Span, declare, problem

_PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
_ROOT = re.compile(r"<svg\b[^>]*>")
_BOX = re.compile(r"""\sviewBox=["'][-\d.]+[ ,]+[-\d.]+[ ,]+([\d.]+)[ ,]+([\d.]+)["']""")
_SIDE = re.compile(r"""\s(width|height)=["']([\d.]+)?[^"']*["']""")
_HEIGHT, _WIDTH = 16, 80  # millimetres: as high as this, but where it would then be wider than that

declare(
    "logo-unreadable",
    "error",
    N_("The logo cannot be read: it must be an SVG that gives its size, or a PNG."),
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
    width, height = unpack(">II", content[16:24].ljust(8, b"\0"))
    return (
        f'<svg {_size(Decimal(width), Decimal(height))} viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg"'
        f' xmlns:xlink="http://www.w3.org/1999/xlink"><image width="{width}" height="{height}"'
        f' xlink:href="data:image/png;base64,{b64encode(content).decode()}"/></svg>'
    )


def _resized(svg: str) -> str:
    """The picture with our size in the place of its own, which the drawing then fills."""
    root = _ROOT.search(svg)
    if root is None:
        raise ValueError(svg)
    sides = dict(_SIDE.findall(root[0]))
    box = _BOX.search(root[0])
    width, height = (box[1], box[2]) if box else (sides["width"], sides["height"])
    frame = "" if box else f' viewBox="0 0 {width} {height}"'
    rest = _SIDE.sub("", root[0]).removeprefix("<svg")
    return f"<svg {_size(Decimal(width), Decimal(height))}{frame}{rest}{svg[root.end() :]}"


def _size(width: Decimal, height: Decimal) -> str:
    scale = min(_HEIGHT / height, _WIDTH / width)
    return f'width="{width * scale:.2f}mm" height="{height * scale:.2f}mm"'
