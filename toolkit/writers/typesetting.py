"""Typst, set up once: it finds no font but those that came with this tool, no file and no package."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Literal

import fontpkg_lato  # type: ignore[import-untyped]
import typst

from toolkit.writers import N_, Unsupported

# Lato is what Carlito was made from, the stand-in for Calibri: the looks of the Word file. A variable font will not do:
# in a picture typst sets its normal weight as its thinnest.
FONT: str = fontpkg_lato.FAMILY

_NO_GLYPH = re.compile(r'the text `"(.*?)"` could not be displayed')


def typeset(source: str, format: Literal["pdf", "png"], *, timestamp: int = 0, ppi: float = 144) -> bytes:
    """The file of a Typst text. A PDF is tagged: PDF/UA-1 and PDF/A-2a both. Raises Unsupported when it cannot be."""
    standards: list[typst.PDFStandard] = ["ua-1", "a-2a"] if format == "pdf" else []
    try:
        made = _compiler().compile(
            source.encode(), format=format, ppi=ppi, pdf_standards=standards, timestamp=timestamp
        )
    except typst.TypstError as error:
        glyph = _NO_GLYPH.search(error.message)
        kind = format.upper()
        if glyph:
            raise Unsupported(
                N_("the character {character}, in a {kind} file"), character=glyph[1], kind=kind
            ) from None
        refused = N_("what Typst refuses with the words “{words}”, in a {kind} file")
        raise Unsupported(refused, words=error.message, kind=kind) from None
    assert isinstance(made, bytes)  # one page of png, and a pdf, is one file
    return made


def string(text: str) -> str:
    """A text as a string of Typst code, in which nothing is markup."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


@cache
def _compiler() -> typst.Compiler:
    """Finding the fonts and starting takes 10 ms: once for all documents, as nothing of one is kept for the next."""
    fonts = typst.Fonts(include_system_fonts=False, font_paths=[fontpkg_lato.ROOT / "files"])
    here = Path(__file__).parent
    return typst.Compiler(root=here, font_paths=fonts, ignore_system_fonts=True)
