from __future__ import annotations

from tests.writers.conftest import STANDARD
from toolkit.writers.package import unpack
from toolkit.writers.word_reference import parts, reference


def test_the_committed_reference_is_what_the_code_makes() -> None:
    """Part by part, for one zlib packs the same text in other bytes than the next."""
    committed = unpack((STANDARD / "reference.docx").read_bytes())

    assert {name: part.decode() for name, part in committed.items()} == parts()


def test_it_is_the_same_bytes_every_time() -> None:
    assert reference() == reference()


def test_it_holds_no_text() -> None:
    assert "<w:p>" not in parts()["word/document.xml"]
