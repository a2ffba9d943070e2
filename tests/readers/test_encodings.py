from __future__ import annotations

from pathlib import Path

import pytest

from toolkit.readers.encodings import encoded, opened_text, undecodable

TEXT = "Bogføringsdato;Beløb\r\n15-03-2022;1,00\r\n"
TRIED = ("utf-8", "cp1252")


def saved(folder: Path, data: bytes) -> Path:
    path = folder / "eksport.csv"
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    ("written", "found"),
    [
        *(("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("cp1252", "cp1252")),
        *(("utf-16", "utf-16"), ("utf-16-le", "utf-16-le"), ("utf-16-be", "utf-16-be")),
    ],
)
def test_the_encoding_is_found_and_the_text_comes_out_with_its_line_breaks(tmp_path, written, found):
    source = encoded(saved(tmp_path, TEXT.encode(written)), TRIED)

    with opened_text(source) as text:
        assert (source.encoding, text.read()) == (found, TEXT)
    assert (source.misread, source.broken) == (None, False)


def test_a_letter_far_into_the_file_decides_too(tmp_path):
    long = "x" * 200_000
    source = encoded(saved(tmp_path, f"{long}\nø".encode("cp1252")), TRIED)

    assert source.encoding == "cp1252"


def test_a_dialect_may_know_better(tmp_path):
    source = encoded(saved(tmp_path, TEXT.encode("cp850")), ("utf-8", "cp850"))

    assert (source.encoding, source.head) == ("cp850", TEXT)


@pytest.mark.parametrize("data", [TEXT.encode("cp850"), TEXT.encode().decode("cp1252").encode()])
def test_danish_letters_in_the_wrong_encoding_are_seen(tmp_path, data):
    assert "ringsdato" in (encoded(saved(tmp_path, data), TRIED).misread or "")


@pytest.mark.parametrize("text", ["Peter’s Café", "5 \u203a 3", "\u20201999", "naïve"])
def test_other_peoples_signs_are_left_alone(tmp_path, text):
    assert encoded(saved(tmp_path, text.encode("cp1252")), TRIED).misread is None


def test_a_byte_that_means_nothing_is_found_in_its_line(tmp_path):
    source = encoded(saved(tmp_path, b"a\r\nbc\x9dd\r\n"), TRIED)

    assert source.broken
    assert undecodable(source) == (2, 3, "bc\N{REPLACEMENT CHARACTER}d")
    with pytest.raises(UnicodeDecodeError), opened_text(source) as text:
        text.read()


def test_every_byte_that_is_read_is_told_of(tmp_path):
    told: list[int] = []
    path = saved(tmp_path, TEXT.encode() * 100_000)
    with opened_text(encoded(path, TRIED), told.append) as text:
        text.read()

    assert sum(told) == path.stat().st_size
    assert len(told) > 2
