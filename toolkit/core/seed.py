"""What a new project is made from (frø): the values that somebody gave it, and the plan that they make."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from msgspec import Struct

from toolkit.core.plan import Plan
from toolkit.core.problems import Span
from toolkit.core.records import Id, Record

Typed = str | tuple["Typed", ...] | Mapping[str, "Typed"]  # as it was typed: 6.994.528 kr., 2022-01-31

BUDGET_LINES = "budget_lines"
TEXTS = "texts"
FOLDER = "folder"


class SeedText(Record, frozen=True, kw_only=True):
    """What stands already under a heading of the first document's own text. May be written as the text alone."""

    shorthand: ClassVar[str] = "text"
    text: str
    source: Id | None = None


class Seed(Struct, frozen=True, kw_only=True):
    """One new project. The plan is what its files will say, read where the seed says it."""

    folder: str  # its name: thisted-nordthy
    entry: str  # what its file calls it, whatever its title is: its folder:, its municipality, or with its area
    values: Mapping[str, Typed]  # the keys of its project.yaml
    budget: str | None  # its first budget's id: 2021-11-01-application; None without a grant and a budget
    budget_lines: tuple[Typed, ...]
    texts: Mapping[str, SeedText] = {}  # by the names of the document's sections
    plan: Plan
    at: Span  # where its municipality is named

    @property
    def document(self) -> str:
        """The kind of document that it begins with, and that its texts are for."""
        return "application" if self.budget and self.plan.is_applied_for else "project-description"

    @property
    def as_typed(self) -> Mapping[str, Typed]:
        """The seed again, with nothing left to look up or to propose."""
        lines: Mapping[str, Typed] = {BUDGET_LINES: self.budget_lines} if self.budget_lines else {}
        texts: Mapping[str, Typed] = {name: _as_typed(each) for name, each in self.texts.items()}
        return {FOLDER: self.folder, **self.values, **lines, **({TEXTS: texts} if texts else {})}


def _as_typed(text: SeedText) -> Typed:
    return {"text": text.text, "source": text.source} if text.source else text.text
