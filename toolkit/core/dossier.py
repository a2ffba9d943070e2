"""Everything that a project's files say, joined."""

from __future__ import annotations

from datetime import date
from functools import cached_property

from msgspec import Struct

from toolkit.core.cases import Case
from toolkit.core.doubts import Doubts, doubts_of
from toolkit.core.events import AnyEvent, Imported
from toolkit.core.payroll import Payroll
from toolkit.core.plan import Plan
from toolkit.core.postings import Postings
from toolkit.core.prose import Prose
from toolkit.core.state import State, corrected, last_known, state_at


class PostingFile(Struct, frozen=True):
    """One file of postings/ and the digest of its bytes today."""

    file: str
    digest: str


class Dossier(Struct, frozen=True, kw_only=True, dict=True):
    """A project's files as one model: what was promised, what happened, what was paid, and what was written."""

    plan: Plan
    events: tuple[AnyEvent, ...] = ()
    postings: Postings = Postings()
    posting_files: tuple[PostingFile, ...] = ()
    payroll: Payroll = Payroll()
    cases: tuple[Case, ...] = ()
    prose: tuple[Prose, ...] = ()
    issued: tuple[str, ...] = ()  # the folders of issued/, by name
    unread: frozenset[str] = frozenset()  # files and folders of which not all could be read

    @property
    def last_known(self) -> date:
        """The last day on which anything was recorded or imported; the period's first where nothing was."""
        return last_known(self.events, self.postings, otherwise=self.plan.project_period.starts)

    def state(self, as_of: date, known_by: date | None = None) -> State:
        """The state of a day, of everything recorded unless `known_by` says until when."""
        return state_at(self.plan, self.events, self.postings, as_of, known_by or self.last_known)

    def files_in_order(self, known_by: date = date.max) -> tuple[str, ...]:
        """The files of postings as the log told of them by a day, and then those that it did not."""
        there = [each.file for each in self.posting_files]
        events = corrected(self.events, known_by)
        logged = (event.file for event in events if isinstance(event, Imported) and event.file in there)
        return tuple(dict.fromkeys((*logged, *there)))

    def doubts(self, known_by: date | None = None) -> Doubts:
        """The postings that are told of as gone or double, as it was known by a day; looked for once for each."""
        day = min(known_by or date.max, self.last_known)
        if day not in self._doubts:
            self._doubts[day] = doubts_of(self.events, self.postings, self.files_in_order(day), day)
        return self._doubts[day]

    @cached_property
    def _doubts(self) -> dict[date, Doubts]:
        return {}

    def case(self, id: str) -> Case | None:
        return next((case for case in self.cases if case.id == id), None)

    def text(self, file: str) -> Prose:
        """The prose of one file of texts/ or cases/; empty where nobody has written it."""
        return next((prose for prose in self.prose if prose.file == file), Prose(file))
