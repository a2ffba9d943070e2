"""Parquet as others read it. DuckDB 2.0 and pyarrow 26 have read the golden bytes: new ones must be read again."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from toolkit.writers.parquet import Field, rows, write

FIELDS = (
    Field("project", "text"),
    Field("posted", "day"),
    Field("line", "text", optional=True),
    Field("row", "whole"),
    Field("amount_oere", "oere"),
    Field("amount_kr", "kroner"),
    Field("synthetic", "yes-no"),
    Field("voucher", "text"),
    *(Field(f"more_{number}", "text", optional=True) for number in range(8)),  # more than a short list has
)


def some(count: int, first: int = 0) -> list[list[Any]]:
    """Columns of every kind: some that repeat themselves, some that do not, some with nothing in them."""
    numbers = range(first, first + count)
    amounts = [(-1) ** n * n * n * 1_234_567 for n in numbers]
    return [
        ["thisted-nordthy"] * count,
        [date(1969, 12, 1 + n % 31) if n % 2 else date(2022, 1 + n % 12, 1 + n % 28) for n in numbers],
        [None if n % 7 == 0 else f"linje-{n % 5}" for n in numbers],
        list(numbers),
        amounts,
        amounts,
        [n % 3 == 0 for n in numbers],
        [f"Bilag æ{n}" for n in numbers],
        *([None] * count for _number in range(8)),
    ]


def file() -> bytes:
    return write(FIELDS, [rows(FIELDS, some(1000)), rows(FIELDS, some(13, 1000)), rows(FIELDS, some(1, 1013))])


def expected() -> list[tuple[Any, ...]]:
    every = [row for part in (some(1000), some(13, 1000), some(1, 1013)) for row in zip(*part, strict=True)]
    return [tuple(Decimal(value) / 100 if number == 5 else value for number, value in enumerate(row)) for row in every]


def test_the_same_rows_give_the_same_bytes() -> None:
    assert file() == file()
    assert sha256(file()).hexdigest() == "d38fbd63ef49b1bfdb1ff6224fde45771cb0c8f48383fb854fc821ad3cc2ecd6"


def test_a_file_begins_and_ends_as_parquet_does_and_says_how_long_its_footer_is() -> None:
    packed = file()
    footer = int.from_bytes(packed[-8:-4], "little")

    assert (packed[:4], packed[-4:]) == (b"PAR1", b"PAR1")
    assert b"project" in packed[-8 - footer : -8]
    assert b"project" not in packed[4 : -8 - footer]


def test_a_column_that_repeats_itself_takes_a_byte_for_each_row() -> None:
    field = Field("text", "text")

    def size(values: list[str]) -> int:
        return len(write([field], [rows([field], [values])]))

    assert size(["den samme tekst"] * 2000) - size(["den samme tekst"] * 1000) < 1010


@pytest.mark.parametrize("count", [0, 1, 8, 9])
def test_duckdb_reads_what_was_written(tmp_path: Path, count: int) -> None:
    duckdb = pytest.importorskip("duckdb")
    path = tmp_path / "rows.parquet"
    path.write_bytes(write(FIELDS, [rows(FIELDS, some(count))] if count else []))
    found = duckdb.sql(f"select * exclude (amount_kr) from '{path.as_posix()}'").fetchall()

    assert found == [tuple(each[:5] + each[6:]) for each in zip(*some(count), strict=True)]


def test_duckdb_reads_several_groups_in_order_with_exact_kroner_and_dates_before_1970(tmp_path: Path) -> None:
    duckdb = pytest.importorskip("duckdb")
    path = tmp_path / "rows.parquet"
    path.write_bytes(file())

    assert duckdb.sql(f"select * from '{path.as_posix()}'").fetchall() == expected()


def test_pyarrow_reads_the_same(tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    path = tmp_path / "rows.parquet"
    path.write_bytes(file())
    table = parquet.read_table(path)

    assert [tuple(row.values()) for row in table.to_pylist()] == expected()
    assert {name: str(table.schema.field(name).type) for name in ("posted", "row", "amount_oere", "amount_kr")} == {
        "posted": "date32[day]",
        "row": "int32",
        "amount_oere": "int64",
        "amount_kr": "decimal128(18, 2)",
    }


@pytest.mark.parametrize("distinct", [1, 256, 257, 65_536, 65_537])
def test_lists_of_any_length_are_numbered_as_wide_as_they_must_be(tmp_path: Path, distinct: int) -> None:
    duckdb = pytest.importorskip("duckdb")
    field, values = Field("n", "oere"), [n % distinct for n in range(distinct * 2 + 3)]
    path = tmp_path / "rows.parquet"
    path.write_bytes(write([field], [rows([field], [values])]))

    assert duckdb.sql(f"select n from '{path.as_posix()}'").fetchall() == [(value,) for value in values]
