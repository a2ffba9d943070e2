"""templates/municipalities.csv: the municipalities, and which of them a text means."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from msgspec import Struct

from toolkit.core.municipality import Municipality
from toolkit.core.problems import N_, Problem, declare, problem
from toolkit.readers import words
from toolkit.readers.shelf import MUNICIPALITIES, TEMPLATES, Places
from toolkit.readers.values import Value, slug

declare(
    "misspelt-municipality",
    "error",
    N_("There is no municipality named {text}."),
    N_("did you mean {near}?"),
)
declare(
    "unknown-municipality",
    "error",
    N_("{text} is no municipality."),
    N_("use a name or a code that stands in {file}"),
)


class Municipalities(Struct, frozen=True):
    """All of them, by every way to write one: its place, its name or its code."""

    listed: tuple[Municipality, ...]
    written: Mapping[str, Municipality]

    def named(self, text: str) -> Municipality | None:
        """The one that a text names: Thisted, Thisted Kommune, thisted or 0787."""
        return self.written.get(_folded(text))

    def read(self, value: Value) -> Municipality | Problem:
        """The one that was typed, or the problem that says which it may have been."""
        if found := self.named(value):
            return found
        if near := words.meant(_folded(value), self.written, {}):
            return problem("misspelt-municipality", value.at, text=value, near=self.written[near].place)
        return problem("unknown-municipality", value.at, text=value, file=f"templates/{MUNICIPALITIES}")


def municipalities(places: Places = (TEMPLATES,)) -> Municipalities:
    """The municipalities, as the first of the places that lists them has them."""
    path = next((place / MUNICIPALITIES for place in places if (place / MUNICIPALITIES).is_file()), None)
    return _read(path) if path else Municipalities((), {})


@lru_cache
def _read(path: Path) -> Municipalities:
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader((line for line in file if not line.startswith("#")), delimiter=";", strict=True)
        listed = tuple(Municipality(**row) for row in rows)
    written = {_folded(text): each for each in listed for text in (each.code, each.name, each.place)}
    return Municipalities(listed, written)


def _folded(text: str) -> str:
    """A name as all its spellings: Århus is Aarhus, and capitals and hyphens say nothing."""
    return slug(text.removesuffix(" Kommune")) or text
