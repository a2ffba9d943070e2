from __future__ import annotations

import zipfile
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.limits import within
from toolkit.writers.package import pack, unpack


@given(st.dictionaries(st.text("abæ/.-", min_size=1).filter(lambda name: not name.endswith("/")), st.binary()))
def test_what_is_packed_is_unpacked(parts: dict[str, bytes]) -> None:
    assert unpack(pack(parts)) == parts


@given(at=st.integers(0, 10_000), value=st.integers(0, 255), cut=st.integers(0, 10_000))
def test_a_zip_that_somebody_damaged_is_none_or_is_still_one(at: int, value: int, cut: int) -> None:
    packed = bytearray(pack({"a": b"tekst" * 99, "b/c": bytes(range(256))}))
    packed[at % len(packed)] = value
    try:
        parts = unpack(bytes(packed[: len(packed) - cut % 40]))
    except zipfile.BadZipFile:
        return

    assert all(isinstance(content, bytes) for content in parts.values())


def test_a_small_zip_that_would_fill_the_memory_is_not_unpacked() -> None:
    bomb = BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as file, file.open("a", "w", force_zip64=True) as inner:
        for _ in range(200):
            inner.write(bytes(1_000_000))

    with within(20), pytest.raises(zipfile.BadZipFile):
        unpack(bomb.getvalue())


def test_a_million_lines_of_postings_are_unpacked() -> None:
    lines = b"".join(
        b"2022-03-15;%d;1;4600;1;XA-1;tekst;%d,00\n" % (number, number * 7919) for number in range(500_000)
    )

    assert unpack(pack({"postings.csv": lines})) == {"postings.csv": lines}
