"""A Word file as what it is, a zip of parts, packed so that the same parts always give the same bytes."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Mapping
from io import BytesIO
from stat import S_ISLNK

XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
CONTENT_TYPES = "[Content_Types].xml"

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the first day that a zip can name
_LEVEL = 6

_ROOM = 16_000_000  # bytes: so much a zip of any size may hold
_RATIO = 100  # and so many times its own size beside them; texts come to ten or twenty

# What zipfile raises on bytes that somebody changed: also for a password, or a way of packing that it does not know.
_UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError)


def pack(parts: Mapping[str, bytes]) -> bytes:
    """The zip, its list of content types first and the rest in the order of their names."""
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        for name in sorted(parts, key=lambda name: (name != CONTENT_TYPES, name != "_rels/.rels", name)):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 0  # else it tells Windows and Linux apart
            file.writestr(entry, parts[name], compresslevel=_LEVEL)
    return packed.getvalue()


def unpack(packed: bytes) -> dict[str, bytes]:
    """The parts by name; folders have none of their own. Raises BadZipFile whatever is wrong with the zip.

    One that says it holds much more than a zip of its size can is made to fill the memory: it is not unpacked. Nor is
    one with a link in it, which leads to what is not in the zip.
    """
    try:
        with zipfile.ZipFile(BytesIO(packed)) as file:
            if sum(entry.file_size for entry in file.infolist()) > _ROOM + _RATIO * len(packed):
                raise zipfile.BadZipFile("a zip bomb")
            if any(S_ISLNK(entry.external_attr >> 16) for entry in file.infolist()):
                raise zipfile.BadZipFile("a link")
            return {entry.filename: file.read(entry) for entry in file.infolist() if not entry.is_dir()}
    except _UNREADABLE as error:
        raise zipfile.BadZipFile(str(error)) from error
