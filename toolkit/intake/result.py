"""What whoever imports says of an export, and what became of it."""

from __future__ import annotations

from datetime import date

from msgspec import Struct, field

from toolkit.core.money import total
from toolkit.core.problems import Problem, has_errors
from toolkit.core.proposals import Proposal
from toolkit.core.rows import PostingRow
from toolkit.readers.export import Beside, Count, Export


class Import(Struct, kw_only=True):
    """What became of an export. Read is always new, known and others' together, to the øre.

    `new` are this project's lines that no earlier import had, `known` those that one had, `others` the lines of other
    projects. `file` is what was written, or would be, or was found unlogged; None where nothing is new. `starts` and
    `ends` are the period that the export covers, `period_said` whether anybody said when it ends, and `start_said` when
    it begins.
    """

    export: Export | None = None
    new: Count = field(default_factory=Count)
    known: Count = field(default_factory=Count)
    others: Count = field(default_factory=Count)
    beside: Beside = field(default_factory=Beside)
    problems: list[Problem]
    proposals: list[Proposal] = field(default_factory=list)
    texts_left_out: int = 0
    starts: date | None = None
    ends: date | None = None
    period_said: bool = False
    start_said: bool = False
    vanished: list[PostingRow] = field(default_factory=list)  # that it lacks, and that no import has told of
    changed: list[PostingRow] = field(default_factory=list)  # of those, what it has otherwise
    reappeared: list[PostingRow] = field(default_factory=list)  # that one has told of, and that it has
    unchanged: list[PostingRow] = field(default_factory=list)  # that it has to the letter beside others like them
    performed: dict[PostingRow, date] = field(default_factory=dict)  # that it has on another day than was known
    elements: tuple[str, ...] = ()  # the project's, that it has lines of, where the new ones do not say so
    file: str | None = None
    found: bool = False  # the file was there already, and only its line in the log was missing
    withdrawn: bool = False  # it was missing since the import had been withdrawn
    logged: int = 0  # the line of the log that says so

    @property
    def read(self) -> Count:
        """The control total."""
        parts = (self.new, self.known, self.others)
        return Count(sum(part.lines for part in parts), total(part.amount for part in parts))

    @property
    def failed(self) -> bool:
        """Whether nothing may come of it."""
        return has_errors(self.problems)


class Said(Struct, frozen=True):
    """What whoever imports says of the export: its lines' posting date where they have none, the period it covers."""

    posted: date | None = None
    starts: date | None = None
    ends: date | None = None


NOTHING_SAID = Said()
