"""receipt.yaml: what was issued, read and written."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date

from msgspec import structs

from toolkit.core.problems import Problem
from toolkit.core.receipts import Receipt
from toolkit.readers import model


def read_receipt(text: str, file: str, problems: list[Problem]) -> Receipt | None:
    """A receipt, as it was written when its document was issued."""
    return model.read(Receipt, text, file, problems)


def receipt_text(receipt: Receipt) -> str:
    """The receipt as YAML that reads back equal: one key on each line, what is empty left out."""
    return "".join(_lines(receipt))


def _lines(receipt: Receipt) -> Iterator[str]:
    for name, value in structs.asdict(receipt).items():
        if name == "at" or value is None or value is False or value == {}:
            continue
        if isinstance(value, Mapping):
            yield f"{name}:\n"
            yield from (f"  {_scalar(key)}: {_scalar(item)}\n" for key, item in sorted(value.items()))
        else:
            yield f"{name}: {_scalar(value)}\n"


def _scalar(value: object) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case date():
            return value.isoformat()
        case _:
            return json.dumps(str(value), ensure_ascii=False)  # JSON's escapes are YAML's too
