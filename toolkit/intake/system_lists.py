"""Which lists a system makes, by its files and the log: one of all, or one for each element or for each account."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from functools import cached_property

from toolkit.core.doubles import plain
from toolkit.core.events import AnyEvent, Imported
from toolkit.core.money import kroner, total
from toolkit.core.postings import Coding
from toolkit.core.problems import N_, Problem, Span, declare, problem
from toolkit.core.rows import PostingRow, rows_of
from toolkit.core.same_books import Listed, is_listed_apart, spoken_of
from toolkit.core.state import corrected
from toolkit.intake.known_lines import KnownLine, KnownLines
from toolkit.intake.own_elements import OwnElements, some
from toolkit.readers.postings import import_system

declare(
    "import-other-list",
    "note",
    N_(
        "The export has no line of {elements}, and in the latest lists of this system those do not stand together with "
        "what it has: whether their lines of its days (lines: {count}, {amount} kr. in all) still are in the ERP was "
        "not looked at."
    ),
    N_("import the list of {elements} too; if this one should have had them, ask whoever keeps the books"),
)


_NONE = Listed(frozenset())


class SystemLists:
    """What says which lines of earlier lists an export should have: the lists that their systems have made.

    `own` are the codings of the project's lines in the export, and `above` what stands above its headings.
    """

    def __init__(
        self,
        elements: OwnElements,
        own: Sequence[Coding],
        before: KnownLines,
        events: Sequence[AnyEvent],
        above: Sequence[str],
    ) -> None:
        self._elements = elements
        self._before = before
        self._events = events
        self._head = {plain(word) for line in above for word in re.split(r"[\s;,:]+", line)}
        self._has = {plain(each): each for each in sorted(map(elements.of, own)) if each}  # as they are written
        self._accounts = {plain(account) for account, *_rest in own}
        self._spoken: dict[str, Set[str]] = {}  # by system, the elements that the export says something of
        self._of_elements: dict[str, Mapping[str, Listed]] = {}
        self._apart: dict[str, bool] = {}  # the accounts, and whether they have lists of their own

    def unsaid(self, new: Iterable[Coding]) -> tuple[str, ...]:
        """The project's elements that the export has, where the new lines are not of them all: the rest is known."""
        if self._before.is_empty or self._elements.are_one:
            return ()
        said = {plain(self._elements.of(coding)) for coding in new} - {""}
        return () if self._has.keys() == said else tuple(self._has.values())

    def other(self, gone: KnownLine, is_changed: bool) -> str | None:
        """The element or the account of what has gone, where the export says nothing of it; else None."""
        account, *_rest = coding = gone.coding
        element = self._elements.of(coding)
        if not self._speaks_of(element, gone.file):
            return element
        is_apart = not is_changed and self._before.is_own(gone.file) and self._is_listed_apart(account)
        return account if is_apart else None

    def is_of_another(self, event: Imported, gone: KnownLine) -> bool:
        """Whether an import lacked all of an element or an account that the export has something of."""
        account, *_rest = coding = gone.coding
        element = plain(self._elements.of(coding))
        if element in self._has and not self._elements.are_one:
            lists = self._by_element(self._before.systems[gone.file])
            if element in lists.get(event.called, _NONE).lacks:
                return True
        its = plain(account)
        return its in self._accounts and its in self._by_account.get(event.called, _NONE).lacks

    def had_listed(self, element: str, day: str, since: str) -> bool:
        """Whether an import of the system had a list with an element, that covered a day, once a file of it was there.

        What that day has of the element, and the list had not, was posted after what the file has.
        """
        imports = imports_of(self._events, self._before.system)
        files = [event.file for event in imports]
        later = imports[files.index(since) + 1 :] if since in files else []
        lists = self._by_element(self._before.system)
        return any(
            plain(element) in lists.get(event.called, _NONE).has
            and str(event.starts or "9999") <= day <= str(event.ends or "")
            for event in later
        )

    def element_of(self, line: KnownLine) -> str:
        """The element, as erp names it, that a line is of."""
        return self._elements.of(line.coding)

    # ── one list for each element ────────────────────────────────────────────────────────────

    def _speaks_of(self, element: str, file: str) -> bool:
        """Whether the export says something of an element's lines in a file of earlier."""
        its = plain(element)
        return not its or self._elements.are_one or its in self._has or its in self._spoken_of(file)

    def _spoken_of(self, file: str) -> Set[str]:
        """The elements that the export says something of, by the lists that the file's system has made."""
        system = self._before.systems[file]
        if system not in self._spoken:
            lists = list(self._by_element(system).values())
            every = set[str]().union(*(each.has for each in lists))
            has = self._has.keys() | self._head & every
            self._spoken[system] = spoken_of(has, lists)
        return self._spoken[system]

    def _days_of(self, file: str) -> dict[str, set[str]]:
        """The elements that a file has lines of, each with its days."""
        elements: dict[Coding, str] = {}
        days: defaultdict[str, set[str]] = defaultdict(set)
        for each in self._before.lines(file):
            coding = each.coding
            if coding not in elements:
                elements[coding] = plain(self._elements.of(coding))
            days[elements[coding]].add(each.line[:10])
        days.pop("", None)
        return days

    def _by_element(self, system: str) -> Mapping[str, Listed]:
        """The lists that a system has made, by what their import is called, else by their file; the last one last."""
        if system not in self._of_elements:
            days = {each: self._days_of(each) for each in self._before.files_of(system)}
            self._of_elements[system] = dict(self._lists(system, days))
        return self._of_elements[system]

    def _lists(self, system: str, days: Mapping[str, Mapping[str, set[str]]]) -> Iterator[tuple[str, Listed]]:
        imports = imports_of(self._events, system or self._before.system)
        before: defaultdict[str, set[str]] = defaultdict(set)
        for file in days.keys() - {event.file for event in imports}:
            yield file, Listed(days[file].keys())
            for element, its in days[file].items():
                before[element] |= its
        for event in imports:
            own = days.get(event.file, {})
            has = set(map(plain, event.elements)) or own.keys()
            first, last = str(event.starts or "9999"), str(event.ends or "")
            yield (
                event.called,
                Listed(has, {each for each, its in before.items() if any(first <= day <= last for day in its)} - has),
            )
            for element, its in own.items():
                before[element] |= its

    # ── one list for each account ────────────────────────────────────────────────────────────

    def _is_listed_apart(self, account: str) -> bool:
        """Whether the export has nothing on an account whose lines come in lists of their own."""
        its = plain(account)
        if its not in self._apart:
            is_there = its in self._accounts
            self._apart[its] = not is_there and is_listed_apart(its, self._accounts, [*self._by_account.values()])
        return self._apart[its]

    @cached_property
    def _by_account(self) -> Mapping[str, Listed]:
        """The lists that the system has made: what one lacks is an account of which all was told of as gone."""
        lists: dict[str, Listed] = {}
        before: dict[str, list[tuple[PostingRow, str]]] = {}
        account_of: dict[PostingRow, str] = {}
        gone: set[PostingRow] = set()
        told = {event.called: event.vanished for event in self._events if isinstance(event, Imported)}
        for event in imports_of(self._events, self._before.system):
            again = set(rows_of(event.reappeared))
            gone = (gone | set(rows_of(told.get(event.called, ())))) - again
            own = list(self._before.lines(event.file)) if event.file in self._before.files else []
            has = {account_of[row] for row in again if row in account_of}
            has |= {plain(each.coding[0]) for each in own}
            first, last = str(event.starts or "9999"), str(event.ends or "")
            lacks = {
                account
                for account, rows in before.items()
                if (its := {row for row, day in rows if first <= day <= last}) and its <= gone
            }
            lists[event.called] = Listed(has, lacks - has)
            for each in own:
                account = account_of[each.place] = plain(each.coding[0])
                before.setdefault(account, []).append((each.place, each.line[:10]))
        return lists


def imports_of(events: Iterable[AnyEvent], system: str | None = None) -> list[Imported]:
    """A system's imports that the log tells of, else every system's, the last one last."""
    imports = (event for event in corrected(events) if isinstance(event, Imported))
    return [event for event in imports if system in (None, import_system(event.file))]


def of_another_list(found: Sequence[tuple[str, KnownLine]]) -> Problem:
    """What the export says nothing of, told."""
    return problem(
        "import-other-list",
        Span(found[0][1].file, found[0][1].row, 1),
        elements=some(sorted({name for name, _line in found})),
        count=len(found),
        amount=kroner(total(each.posting.amount for _name, each in found)),
    )
