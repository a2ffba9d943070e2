"""A table as Parquet, the columns of many systems: DuckDB, Spark, Trino, Power BI, pandas.

Written here, in plain Python, and not by a library: DuckDB is 68 MB installed and pyarrow 170, and what they write
changes with their version. Uncompressed, because deflate differs from one zlib to the next; a column that repeats
itself is kept as a list of its values and a byte or two for each row, which is small enough.

Source: the Parquet file format (apache/parquet-format: Encodings.md, parquet.thrift) and Thrift's compact protocol.
"""

from __future__ import annotations

import sys
from array import array
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby
from typing import Any, Literal

from msgspec import Struct

Kind = Literal["text", "day", "whole", "oere", "kroner", "yes-no"]

_MAGIC = b"PAR1"
_MAKER = "pulje"
_EPOCH = date(1970, 1, 1).toordinal()
_WORTH_LISTING = 2  # a value must on average stand so many times before a list of values pays


class Field(Struct, frozen=True):
    """A column's name and what it holds. Both `oere` and `kroner` take whole øre; the latter is a decimal(18,2)."""

    name: str
    kind: Kind
    optional: bool = False


class Rows(Struct, frozen=True):
    """Some rows of a table, made ready to stand anywhere in a file: the bytes of each column, and how to read them."""

    count: int
    chunks: tuple[_Chunk, ...]


class _Chunk(Struct, frozen=True):
    """One column's pages. A list of its values, of `listed` bytes, stands before the rest where it repeats itself."""

    data: bytes
    listed: int


def rows(fields: Sequence[Field], columns: Sequence[Sequence[Any]]) -> Rows:
    """The rows whose values stand in the columns, one for each field; None is a value that nobody has given."""
    return Rows(len(columns[0]), tuple(map(_chunk, fields, columns)))


def write(fields: Sequence[Field], groups: Iterable[Rows]) -> bytes:
    """A whole file of the groups of rows, one after the other: the same rows give the same bytes."""
    body = bytearray(_MAGIC)
    listed: list[_Struct] = []
    count = 0
    for group in groups:
        chunks: list[_Struct] = []
        for field, chunk in zip(fields, group.chunks, strict=True):
            chunks.append(_column(field, chunk, group.count, len(body)))
            body += chunk.data
        size = sum(len(chunk.data) for chunk in group.chunks)
        listed.append(_Struct((1, chunks), (2, _Long(size)), (3, _Long(group.count))))
        count += group.count
    schema = [_Struct((4, "rows"), (5, len(fields))), *map(_element, fields)]
    footer = _Struct((1, 1), (2, schema), (3, _Long(count)), (4, listed), (6, _MAKER)).packed()
    return bytes(body) + footer + len(footer).to_bytes(4, "little") + _MAGIC


# ── what a column is ─────────────────────────────────────────────────────────────────────────

# The physical types, encodings and page types of the format, by their numbers there.
_BOOLEAN, _INT32, _INT64, _BYTE_ARRAY = 0, 1, 2, 6
_PLAIN, _RLE, _LISTED = 0, 3, 8
_DATA_PAGE, _LIST_PAGE = 0, 2

_PHYSICAL: dict[Kind, int] = {
    "text": _BYTE_ARRAY,
    "day": _INT32,
    "whole": _INT32,
    "oere": _INT64,
    "kroner": _INT64,
    "yes-no": _BOOLEAN,
}


def _element(field: Field) -> _Struct:
    """The column in the schema; what its numbers mean is said both ways, the older and the newer."""
    meant: tuple[tuple[int, Any], ...] = ()
    match field.kind:
        case "text":
            meant = ((6, 0), (10, _Struct((1, _Struct()))))
        case "day":
            meant = ((6, 6), (10, _Struct((6, _Struct()))))
        case "kroner":
            meant = ((6, 5), (7, 2), (8, 18), (10, _Struct((5, _Struct((1, 2), (2, 18))))))
        case "whole" | "oere" | "yes-no":
            pass
    return _Struct((1, _PHYSICAL[field.kind]), (3, int(field.optional)), (4, field.name), *meant)


def _column(field: Field, chunk: _Chunk, count: int, start: int) -> _Struct:
    """Where the column's bytes stand in the file, and how they are to be read."""
    size = _Long(len(chunk.data))
    encodings = [_PLAIN, _RLE, *([_LISTED] if chunk.listed else [])]
    places: list[tuple[int, Any]] = [(9, _Long(start + chunk.listed))]
    if chunk.listed:
        places.append((11, _Long(start)))
    what = ((1, _PHYSICAL[field.kind]), (2, encodings), (3, [field.name]), (4, 0), (5, _Long(count)))
    return _Struct((2, _Long(start)), (3, _Struct(*what, (6, size), (7, size), *places)))


# ── a column's bytes ─────────────────────────────────────────────────────────────────────────


def _chunk(field: Field, values: Sequence[Any]) -> _Chunk:
    given = [value for value in values if value is not None] if field.optional else values
    levels = _levels(values) if field.optional else b""
    distinct = list(dict.fromkeys(given))
    if field.kind == "yes-no" or len(distinct) * _WORTH_LISTING > len(given) or len(distinct) > 1 << 16:
        return _Chunk(_page(levels + _plain(field.kind, given), len(values), _PLAIN), 0)
    list_of_values = _plain(field.kind, distinct)
    head = _Struct((1, _LIST_PAGE), (2, len(list_of_values)), (3, len(list_of_values)))
    head = head.also(7, _Struct((1, len(distinct)), (2, _PLAIN)))
    listed = head.packed() + list_of_values
    data = _page(levels + _numbers(distinct, given), len(values), _LISTED)
    return _Chunk(listed + data, len(listed))


def _page(data: bytes, count: int, encoding: int) -> bytes:
    head = _Struct((1, _DATA_PAGE), (2, len(data)), (3, len(data)))
    return head.also(5, _Struct((1, count), (2, encoding), (3, _RLE), (4, _RLE))).packed() + data


def _levels(values: Sequence[Any]) -> bytes:
    """Which of the values are given, in runs."""
    runs = b"".join(
        _varint(sum(1 for _value in run) << 1) + bytes([given])
        for given, run in groupby(value is not None for value in values)
    )
    return len(runs).to_bytes(4, "little") + runs


def _numbers(distinct: Sequence[Any], values: Sequence[Any]) -> bytes:
    """Each value's number in the list, in one byte or two: packed bits that are whole bytes need no packing."""
    number = {value: number for number, value in enumerate(distinct)}
    wide = len(distinct) > 1 << 8
    packed = _little(array("H" if wide else "B", map(number.__getitem__, values)))
    eights = -(-len(values) // 8)
    rest = eights * 8 - len(values)
    return bytes([16 if wide else 8]) + _varint(eights << 1 | 1) + packed + bytes(rest * (2 if wide else 1))


def _plain(kind: Kind, values: Sequence[Any]) -> bytes:
    match kind:
        case "text":
            return b"".join(map(_text, values))
        case "day":
            return _little(array("i", [day.toordinal() - _EPOCH for day in values]))
        case "whole":
            return _little(array("i", values))
        case "oere" | "kroner":
            return _little(array("q", values))
        case "yes-no":
            bits = "".join("1" if value else "0" for value in reversed(values))
            return int(bits or "0", 2).to_bytes(-(-len(values) // 8), "little")


def _text(value: str) -> bytes:
    data = value.encode()
    return len(data).to_bytes(4, "little") + data


def _little(numbers: array[int]) -> bytes:
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers.tobytes()


# ── Thrift's compact protocol, as far as Parquet needs it ────────────────────────────────────


class _Long(int):
    """A number that the format calls i64; others are i32."""


class _Struct:
    """A Thrift struct: its fields by number, in order. A value's type says how it is written."""

    def __init__(self, *fields: tuple[int, Any]) -> None:
        self._fields = fields

    def also(self, number: int, value: Any) -> _Struct:
        return _Struct(*self._fields, (number, value))

    def packed(self) -> bytes:
        data, before = bytearray(), 0
        for number, value in self._fields:
            data.append((number - before) << 4 | _type(value))
            data += _packed(value)
            before = number
        return bytes(data) + b"\0"


def _type(value: Any) -> int:
    match value:
        case _Long():
            return 6
        case int():
            return 5
        case str():
            return 8
        case list():
            return 9
        case _:
            return 12


def _packed(value: Any) -> bytes:
    match value:
        case int():
            return _varint(value << 1)  # zigzag, of numbers that are never below zero
        case str():
            data = value.encode()
            return _varint(len(data)) + data
        case list():
            kind = _type(value[0]) if value else 12
            head = bytes([len(value) << 4 | kind]) if len(value) < 15 else bytes([0xF0 | kind]) + _varint(len(value))
            return head + b"".join(map(_packed, value))
        case _:
            packed: bytes = value.packed()
            return packed


def _varint(number: int) -> bytes:
    data = bytearray()
    while number > 0x7F:
        data.append(number & 0x7F | 0x80)
        number >>= 7
    data.append(number)
    return bytes(data)
