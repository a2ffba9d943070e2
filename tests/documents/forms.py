"""Small Word forms with tags in them, to try what filling one does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO

import docx
from docx.document import Document
from docx.opc.oxml import parse_xml
from docx.oxml.ns import qn

from toolkit.documents.forms import Form, Where, form
from toolkit.writers.package import unpack


def word(*texts: str | Sequence[Sequence[str]]) -> Document:
    """A Word file of paragraphs and tables."""
    document = docx.Document()
    for text in texts:
        if isinstance(text, str):
            document.add_paragraph(text)
        else:
            table = document.add_table(len(text), len(text[0]))
            for row, cells in zip(table.rows, text, strict=True):
                for cell, words in zip(row.cells, cells, strict=True):
                    cell.text = words
    return document


def parts(document: Document) -> dict[str, bytes]:
    saved = BytesIO()
    document.save(saved)
    return unpack(saved.getvalue())


def opened(document: Document) -> Form:
    found = form(parts(document))
    assert found is not None
    return found


def named(where: Where) -> str:
    """body 2 is the second paragraph, body 1:3:2 the first table's third row and second column."""
    cell = f"{where.table}:{where.row}:{where.column}" if where.table else str(where.paragraph)
    return f"{where.room} {cell}"


def said(filled: Mapping[str, bytes], room: str = "word/document.xml") -> list[str]:
    """The words of each paragraph of a part, those of tables too."""
    root = parse_xml(filled[room])  # type: ignore[arg-type]
    texts = []
    for paragraph in root.iter(qn("w:p")):
        pieces = {qn("w:t"): lambda piece: piece.text or "", qn("w:br"): lambda _: "\n", qn("w:tab"): lambda _: "\t"}
        texts.append("".join(pieces[piece.tag](piece) for piece in paragraph.iter(*pieces)))
    return texts
