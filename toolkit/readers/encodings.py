"""Which encoding a file of text is in: the mark it begins with, else the first that its bytes can be."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from io import BufferedReader, RawIOBase, TextIOWrapper
from pathlib import Path
from typing import TextIO

from msgspec import Struct

_CHUNK = 1 << 20
_HEAD = 1 << 16  # enough for the headings, and to see what the letters look like
_NOTHING = "\ufffd"  # what a byte that means nothing is decoded as
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# How Danish letters look in the wrong encoding: cp850, UTF-8 or an old Mac's read as cp1252.
_MAC = "æøå".encode("mac_roman").decode("cp1252")
_MAC_WORD = re.compile(rf"\w*[^\W\d_][{_MAC}][^\W\d_]\w*")
_CP850 = "æøå".encode("cp850").decode("cp1252")
_UTF8 = "|".join(letter.encode().decode("cp1252") for letter in "æøåÆØÅ")
_MISREAD = re.compile(rf"\w*(?:[^\W\d_][{_CP850}][^\W\d_]|\b[{_CP850[1:]}][^\W\d_]|{_UTF8})\w*")


class Encoded(Struct, frozen=True):
    """A file of text: its encoding, and how its first lines read in it."""

    path: Path
    encoding: str
    head: str

    @property
    def broken(self) -> bool:
        """Whether the first lines hold a byte that means nothing in the encoding."""
        return _NOTHING in self.head

    @property
    def misread(self) -> str | None:
        """A word in the first lines that shows Danish letters in the wrong encoding."""
        odd = any(sign in self.head for sign in (*_CP850, *_MAC, "Ã"))
        match = (_MISREAD.search(self.head) or _MAC_WORD.search(self.head)) if odd else None
        return match[0] if match else None

    @property
    def probably(self) -> str:
        """The encoding in which that word would be Danish."""
        word = self.misread or ""
        if not word or _MISREAD.fullmatch(word) is None:
            return "mac_roman"
        return "utf-8" if re.search(_UTF8, word) else "cp850"


def encoded(path: Path, encodings: Sequence[str]) -> Encoded:
    """The file in the first of the encodings that can be its own, or in the last.

    The last one's bytes are looked at when they are read: opened_text then raises UnicodeDecodeError.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD)
    marked = next((encoding for mark, encoding in _MARKS if head.startswith(mark)), None) or _unmarked_utf16(head)
    *tried, last = [marked] if marked else encodings
    encoding = next((each for each in tried if _is_all(path, each)), last)
    return Encoded(path, encoding, codecs.getincrementaldecoder(encoding)(errors="replace").decode(head))


def _unmarked_utf16(head: bytes) -> str | None:
    """A file of Western letters in UTF-16 has a zero in every other place."""
    if len(head) < 4 or b"\0" not in head[:4]:
        return None
    return "utf-16-le" if head[1:4:2] == b"\0\0" else "utf-16-be" if head[0:4:2] == b"\0\0" else None


def _is_all(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    with path.open("rb") as file:
        try:
            while chunk := file.read(_CHUNK):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


@contextmanager
def opened_text(source: Encoded, advance: Callable[[int], object] = id) -> Iterator[TextIO]:
    """The file's text with its line breaks as they are; `advance` is told of the bytes as they are read."""
    with (
        source.path.open("rb", buffering=0) as raw,
        BufferedReader(_Counted(raw, advance), _CHUNK) as buffered,  # type: ignore[type-var]
        TextIOWrapper(buffered, encoding=source.encoding, newline="") as text,
    ):
        yield text


def ends_with_line_break(source: Encoded) -> bool:
    """Whether the file ends as a line does; one that is empty does."""
    with source.path.open("rb") as file:
        file.seek(0, 2)
        size = file.tell()
        file.seek(max(0, size - 8))
        return not size or file.read().rstrip(b"\0")[-1:] in (b"\n", b"\r")


def undecodable(source: Encoded) -> tuple[int, int, str]:
    """Line, column and text where the first byte stands that means nothing in the encoding."""
    with source.path.open(encoding=source.encoding, errors="replace", newline="") as text:
        for number, line in enumerate(text, start=1):
            if _NOTHING in line:
                return number, line.index(_NOTHING) + 1, line.rstrip("\r\n")
    return 1, 1, ""


class _Counted(RawIOBase):
    """A file that tells how much has been read of it."""

    def __init__(self, raw: RawIOBase, advance: Callable[[int], object]) -> None:
        self._raw = raw
        self._advance = advance

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        count = self._raw.readinto(buffer) or 0
        self._advance(count)
        return count
