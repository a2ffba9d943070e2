"""A Word file is looked through before it replaces anything."""

from __future__ import annotations

import pytest

from toolkit.documents.kind import Layout
from toolkit.documents.tree import Document
from toolkit.writers import Reason, Unsound, word, word_check
from toolkit.writers.package import unpack

BODY = "word/document.xml"


@pytest.fixture
def parts(report: Document, layout: Layout) -> dict[str, bytes]:
    return unpack(word.write(report, layout))


def faults(parts: dict[str, bytes]) -> tuple[str, ...]:
    return tuple(map(str, word_check.faults(parts)))


def test_nothing_is_found_in_a_whole_report(parts: dict[str, bytes]) -> None:
    assert faults(parts) == ()


@pytest.mark.parametrize(
    ("was", "now", "fault"),
    [
        (b"</w:body>", b"", f"{BODY} is not well-formed"),
        (b'<w:pStyle w:val="Title"/>', b'<w:pStyle w:val="Findes-ikke"/>', f"{BODY} uses the style Findes-ikke"),
        (b"<w:body>", b'<w:body><w:hyperlink r:id="rId999"/>', f"{BODY} uses the relation rId999"),
        (b"<w:body>", b'<w:body><w:bookmarkStart w:id="9999" w:name="x"/>', f"{BODY} has bookmarks that do not end"),
    ],
)
def test_what_word_would_stumble_over_is_found(parts: dict[str, bytes], was: bytes, now: bytes, fault: str) -> None:
    assert was in parts[BODY]
    found = faults({**parts, BODY: parts[BODY].replace(was, now, 1)})

    assert any(each.startswith(fault) for each in found)


def test_a_relation_that_leads_nowhere_is_found(parts: dict[str, bytes]) -> None:
    without = {name: content for name, content in parts.items() if name != "word/styles.xml"}

    assert "word/_rels/document.xml.rels leads to word/styles.xml" in faults(without)


def test_a_picture_that_stands_twice_under_one_id_is_found(parts: dict[str, bytes]) -> None:
    twice = b'<wp:docPr id="7"/><wp:docPr id="7"/>'

    assert f"{BODY} has the picture 7 twice" in faults(
        {**parts, BODY: parts[BODY].replace(b"</w:body>", twice + b"</w:body>")}
    )


def test_a_file_that_does_not_hold_together_is_never_given(
    report: Document, layout: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        word, "faults", lambda parts: (Reason("{part} is not well-formed", {"part": "word/document.xml"}),)
    )

    with pytest.raises(Unsound, match="not well-formed"):
        word.write(report, layout)
