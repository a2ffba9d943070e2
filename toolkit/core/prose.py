"""What the user wrote for a document: passages under headings."""

from __future__ import annotations

from msgspec import Struct

from toolkit.core.problems import Span


class Passage(Struct, frozen=True):
    """The Markdown under one heading, as the user typed it."""

    heading: str
    text: str
    at: Span  # the heading
    line: int  # where the text begins, for what is wrong inside it


class Prose(Struct, frozen=True):
    """One file of texts/ or the body of one of cases/: ansøgningens, rapportens or sagens egen tekst."""

    file: str
    passages: tuple[Passage, ...] = ()

    @property
    def begun(self) -> bool:
        """Whether anything is written under any heading: a heading alone is still a question."""
        return any(passage.text.strip() for passage in self.passages)

    def under(self, heading: str) -> Passage | None:
        """The passage under a heading, capitals aside."""
        wanted = heading.casefold()
        return next((passage for passage in self.passages if passage.heading.casefold() == wanted), None)
