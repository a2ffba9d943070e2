"""The way out: a document's tree to the bytes of a file. A writer has never heard of a grant."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from msgspec import Struct

from toolkit.documents.kind import Layout
from toolkit.documents.tree import Document

Writer = Callable[[Document, Layout], bytes]


def N_(english: str) -> str:  # noqa: N802 (gettext's own name for it)
    """Mark a text for translation: it is translated where it is shown."""
    return english


class Reason(Struct, frozen=True):
    """Why a writer refuses, in English, to be translated where it is shown, and what fills its {places}."""

    text: str
    places: Mapping[str, str] = {}

    def __str__(self) -> str:
        return self.text.format(**self.places)


class Unsupported(Exception):
    """A format cannot show something that the document holds; `what` names it."""

    def __init__(self, what: str, **places: object) -> None:
        self.what = Reason(what, {name: str(place) for name, place in places.items()})
        super().__init__(str(self.what))


class UnusableReference(Exception):
    """A layout's reference.docx lacks styles that a document needs, or is no Word file at all.

    `missing` names all the styles, as they stand in styles.xml; it is empty when the file could not be read.
    """

    def __init__(self, missing: tuple[str, ...] = ()) -> None:
        super().__init__(", ".join(missing) or "not a Word file (.docx)")
        self.missing = missing


class Unsound(Exception):
    """A file that was made does not hold together, so it replaces nothing; `faults` say what is wrong."""

    def __init__(self, faults: tuple[Reason, ...]) -> None:
        super().__init__("; ".join(map(str, faults)))
        self.faults = faults


def _docx(document: Document, layout: Layout) -> bytes:
    from toolkit.writers import word  # python-docx takes 90 ms to import: only who asks for Word pays

    return word.write(document, layout)


def _html(document: Document, layout: Layout) -> bytes:
    from toolkit.writers import html

    return html.write(document, layout)


def _pdf(document: Document, layout: Layout) -> bytes:
    from toolkit.writers import pdf  # Typst and its fonts take 20 ms

    return pdf.write(document, layout)


def _md(document: Document, layout: Layout) -> bytes:
    from toolkit.writers import markdown

    return markdown.write(document, layout)


def _copy(document: Document, layout: Layout) -> bytes:
    from toolkit.writers import copy_page

    return copy_page.write(document, layout)


WRITERS: dict[str, Writer] = {"docx": _docx, "html": _html, "pdf": _pdf, "md": _md, "copy": _copy}
USUAL = ("docx", "html", "pdf")  # what is written when nobody says otherwise

_ENDINGS = {"copy": "kopi.html"}  # of a format whose file does not end in its own name


def file_of(name: str, format: str) -> str:
    """What a document's file is called in a format: statusrapport-2022-06-30.docx."""
    return f"{name}.{_ENDINGS.get(format, format)}"


def format_of(name: str, file: str) -> str:
    """The format of one of a document's files, by what it is called."""
    return next((format for format in WRITERS if file_of(name, format) == file), "")
