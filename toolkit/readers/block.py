"""Values as YAML that people go on writing in: a key on each line, explained where it first stands.

The keys of a list's items are explained above the list: an item that comes to stand before the first one, or goes,
takes no explanation with it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from textwrap import wrap
from typing import Any, get_args, get_origin

from msgspec import Struct

from toolkit.core.seed import Typed
from toolkit.readers import model
from toolkit.readers.meanings import Meanings

_COMMENT = 49  # the column where explanations stand, beside all but the longest values
_WIDTH = 100
_LONGEST = 120
_STEP = "  "

# What stays the same text without quotes on a line of its own; everything else gets them.
_PLAIN = re.compile(r"[\wÆØÅæøå§](?:[\w §.,_/%()+–-]*[\w§.,_/%()+–-])?")
_FOLDED = re.compile(r"[^\s]+(?: [^\s]+)*")  # words with one space between: it may be broken at any of them


class Block:
    """One file's values: each key of a record gets its explanation the first time that it is written."""

    def __init__(self, meanings: Meanings) -> None:
        self._meanings = meanings
        self._explained: set[tuple[type[Struct], str]] = set()

    def key(self, record: type[Struct] | None, key: str, value: Typed, indent: str = "") -> str:
        """The lines of one key and its value, without the last line's break."""
        return "\n".join(self._key(record, key, value, indent))

    def _key(self, record: type[Struct] | None, key: str, value: Typed, indent: str) -> Iterator[str]:
        kind = _kind(record, key)
        name = f"{indent}{scalar(key)}:"
        if isinstance(value, str):
            if len(name) + len(value) >= _WIDTH and _FOLDED.fullmatch(value):
                yield self._beside(f"{name} >-", record, key)
                yield from wrap(
                    value,
                    _WIDTH,
                    initial_indent=f"{indent}{_STEP}",
                    subsequent_indent=f"{indent}{_STEP}",
                    break_long_words=False,
                    break_on_hyphens=False,
                )
            else:
                yield self._beside(f"{name} {scalar(value)}", record, key)
        elif not value:
            yield self._beside(f"{name} {'{}' if isinstance(value, Mapping) else '[]'}", record, key)
        elif isinstance(value, Mapping):
            yield self._beside(name, record, key)
            inner = model.present(kind)
            for each, inside in value.items():
                yield from self._key(inner if model.is_record(inner) else None, each, inside, indent + _STEP)
        else:
            yield self._beside(name, record, key)
            inner = get_args(kind)[0] if get_origin(kind) is tuple else None
            yield from self._above(inner, value, indent + _STEP)
            for item in value:
                yield from self._item(inner, item, indent + _STEP)

    def _item(self, record: Any, value: Typed, indent: str) -> Iterator[str]:
        if isinstance(value, str):
            yield f"{indent}- {scalar(value)}"
            return
        if not value:
            yield f"{indent}- {'{}' if isinstance(value, Mapping) else '[]'}"
            return
        inner = record if model.is_record(record) else None
        if isinstance(value, Mapping):
            lines = [line for key, inside in value.items() for line in self._key(inner, key, inside, indent + _STEP)]
        else:
            lines = [line for inside in value for line in self._item(None, inside, indent + _STEP)]
        yield f"{indent}- {lines[0][len(indent) + 2 :]}"
        yield from lines[1:]

    def _above(self, record: Any, items: Iterable[Typed], indent: str) -> Iterator[str]:
        """What the keys of some items mean, each once, in the order of the record's own."""
        if not model.is_record(record):
            return
        said = {key for item in items if isinstance(item, Mapping) for key in item}
        for key in model.fields_of(record):
            if key in said and (record, key) not in self._explained:
                self._explained.add((record, key))
                if meaning := self._meanings.plain(record, key):
                    yield f"{indent}# {key}: {meaning}"

    def _beside(self, line: str, record: type[Struct] | None, key: str) -> str:
        """The line with its explanation; the first words of one that is long, the whole stands in docs/files.md."""
        if record is None or (record, key) in self._explained:
            return line
        self._explained.add((record, key))
        meaning = self._meanings.plain(record, key)
        if len(f"{line:<{_COMMENT - 1}} # {meaning}") > _LONGEST:
            meaning = meaning.partition(";")[0]
        return f"{line:<{_COMMENT - 1}} # {meaning}" if meaning else line


def scalar(text: str) -> str:
    """A text on one line of its own that reads back as itself, with quotes where YAML wants them."""
    if _PLAIN.fullmatch(text) and text not in ("null", "~"):
        return text
    return json.dumps(text, ensure_ascii=False)  # JSON's escapes are YAML's too


def _kind(record: type[Struct] | None, key: str) -> Any:
    field = model.fields_of(record).get(key) if record is not None else None
    return field.kind if field else None
