"""templates/meanings.yaml: what each key of a project's files means, in Danish."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from toolkit.readers import source
from toolkit.readers.shelf import TEMPLATES, Places
from toolkit.readers.source import Table
from toolkit.readers.values import Value

FILE = "meanings.yaml"


class Meanings(Struct, frozen=True):
    """The explanations by name: `Plan.title` is a record's key, `title` that of every record without its own."""

    said: Mapping[str, str]

    def name(self, record: type[Struct], key: str) -> str | None:
        """Under which name the key of a record is explained: its own, that of its sort, or the key alone."""
        names = [*(f"{each.__name__}.{key}" for each in record.__mro__), key]
        return next((name for name in names if name in self.said), None)

    def of(self, record: type[Struct], key: str) -> str:
        """What the key of a record means, as Markdown; "" where nobody has said."""
        return self.said.get(self.name(record, key) or "", "")

    def plain(self, record: type[Struct], key: str) -> str:
        """What it means, for where Markdown is not read."""
        return self.of(record, key).replace("`", "")


def meanings(places: Places = (TEMPLATES,)) -> Meanings:
    """The explanations, as the first of the places that has them has them."""
    path = next((place / FILE for place in places if (place / FILE).is_file()), None)
    node = source.load(path.read_text(encoding="utf-8"), FILE, []) if path else None
    entries = node.entries if isinstance(node, Table) else {}
    return Meanings({str(name): str(text) for name, text in entries.items() if isinstance(text, Value)})
