"""A portfolio as Parquet tables for other programs, its postings by municipality and year."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

from toolkit.core.economy import is_made_up
from toolkit.core.ledger import LedgerRow, ledger
from toolkit.core.money import Money
from toolkit.core.portfolio import Holding
from toolkit.core.postings import Postings
from toolkit.core.state import State
from toolkit.writers.parquet import Field, Rows, rows, write

POSTINGS = (
    Field("project", "text"),
    Field("day", "day"),  # that it counts on: when the cost was performed, where that is known, else posted
    Field("posted", "day"),
    Field("performed", "day", optional=True),
    Field("imported", "day"),
    Field("voucher", "text"),
    Field("account", "text"),
    Field("cost_centre", "text"),
    Field("wbs_element", "text"),
    Field("text", "text"),
    Field("line", "text", optional=True),
    Field("place", "text"),
    Field("amount_oere", "oere"),
    Field("amount_kr", "kroner"),
    Field("file", "text"),
    Field("row", "whole"),
    Field("synthetic", "yes-no"),
)
_WHOSE = (
    Field("project", "text"),
    Field("municipality", "text", optional=True),
    Field("municipality_code", "text", optional=True),
)
PROJECTS = (
    *_WHOSE,
    Field("title", "text"),
    Field("region", "text", optional=True),
    Field("cohort", "text", optional=True),
    Field("fund", "text", optional=True),
    Field("as_of", "day"),
    Field("known_by", "day"),
    Field("handed_over", "yes-no"),
    Field("synthetic", "yes-no"),
    Field("phase", "text", optional=True),
    Field("refused", "day", optional=True),
    Field("owed_oere", "oere", optional=True),
    Field("owed_kr", "kroner", optional=True),
    Field("milestones_late", "whole"),
    Field("reports_not_sent", "whole"),
    Field("conditions_late", "whole"),
    Field("next_deadline", "day", optional=True),
    Field("granted_oere", "oere", optional=True),
    Field("granted_kr", "kroner", optional=True),
    Field("budget_oere", "oere", optional=True),
    Field("budget_kr", "kroner", optional=True),
    Field("spent_oere", "oere", optional=True),
    Field("spent_kr", "kroner", optional=True),
    Field("spent_known_until", "day", optional=True),
    Field("spent_gaps", "text", optional=True),
    Field("committed_oere", "oere", optional=True),
    Field("committed_kr", "kroner", optional=True),
    Field("unallocated_oere", "oere", optional=True),
    Field("unallocated_kr", "kroner", optional=True),
    Field("remaining_oere", "oere", optional=True),
    Field("remaining_kr", "kroner", optional=True),
    Field("forecast_oere", "oere", optional=True),
    Field("forecast_kr", "kroner", optional=True),
    Field("forecast_bases", "text", optional=True),
    Field("waiting_oere", "oere", optional=True),
    Field("waiting_kr", "kroner", optional=True),
)
LINES = (
    *_WHOSE,
    Field("version", "text"),
    Field("line", "text"),
    Field("title", "text"),
    Field("budget_oere", "oere"),
    Field("budget_kr", "kroner"),
    Field("spent_oere", "oere", optional=True),
    Field("spent_kr", "kroner", optional=True),
    Field("committed_oere", "oere"),
    Field("committed_kr", "kroner"),
    Field("remaining_oere", "oere", optional=True),
    Field("remaining_kr", "kroner", optional=True),
)
MILESTONES = (
    *_WHOSE,
    Field("milestone", "text"),
    Field("title", "text"),
    Field("phase", "text", optional=True),
    Field("due", "day"),
    Field("status", "text"),
    Field("reached", "day", optional=True),
    Field("promised", "day", optional=True),
)

# Which files of a folder an earlier portfolio wrote there.
OURS = (
    *("projects/projects.parquet", "budget_lines/budget_lines.parquet", "milestones/milestones.parquet"),
    "postings/municipality=*/year=*/postings.parquet",
)

# What Hive and Spark write as %2F in a folder's name, and what Windows does not take in one.
_NOT_IN_A_NAME = re.compile(r'[\x00-\x1f"#%\'*/:=?\\\x7f{}\[\]^<>|]|[. ]$')


def postings_of(project: str, state: State) -> dict[int, Rows]:
    """The postings, or parts of them, that are seen in a state, by the year of the day that they count on."""
    made_up = is_made_up(state)
    in_order = sorted(ledger(state), key=_year)
    return {
        year: _posting_rows(project, list(found), state.postings, made_up)
        for year, found in groupby(in_order, key=_year)
    }


def tables(books: Sequence[tuple[Holding, Mapping[int, Rows]]]) -> dict[str, bytes]:
    """Every file by its name from the folder: four tables, each in a folder of its own as query engines want it.

    Each project comes with the rows of its postings by year; one that was handed over has none.

    A project with errors is in none of them: figures from wrong files are wrong figures.
    """
    sound = [each for each, _postings in books if not each.broken]
    files = {
        "projects/projects.parquet": _table(PROJECTS, [_project(each) for each in sound]),
        "budget_lines/budget_lines.parquet": _table(LINES, [row for each in sound for row in _lines(each)]),
        "milestones/milestones.parquet": _table(MILESTONES, [row for each in sound for row in _milestones(each)]),
    }
    by_place: dict[str, list[Rows]] = {}
    for holding, years in books:
        for year, found in years.items():
            folder = f"postings/municipality={in_a_folder(holding.place)}/year={year}"
            by_place.setdefault(folder, []).append(found)
    for folder in sorted(by_place):
        files[f"{folder}/postings.parquet"] = write(POSTINGS, by_place[folder])
    return files


def in_a_folder(value: str) -> str:
    """A value as Hive writes it in the name of a partition's folder; nothing at all has a name there too."""
    return _NOT_IN_A_NAME.sub(lambda found: f"%{ord(found[0]):02X}", value) or "__HIVE_DEFAULT_PARTITION__"


def _year(row: LedgerRow) -> int:
    return row.part.day.year


def _posting_rows(project: str, found: list[LedgerRow], books: Postings, made_up: bool) -> Rows:
    count, postings = len(found), [row.part.posting for row in found]
    amounts = [int(row.amount) for row in found]
    return rows(
        POSTINGS,
        (
            [project] * count,
            [row.part.day for row in found],
            [each.posted for each in postings],
            [row.performed for row in found],
            [each.imported for each in postings],
            [books.voucher_of(each) for each in postings],
            [each.account for each in postings],
            [each.cost_centre for each in postings],
            [each.wbs_element for each in postings],
            [books.text_of(each) for each in postings],
            [row.line for row in found],
            [row.place for row in found],
            amounts,
            amounts,
            [each.file for each in postings],
            [each.row for each in postings],
            [made_up] * count,
        ),
    )


def _table(fields: Sequence[Field], found: Sequence[Sequence[Any]]) -> bytes:
    return write(fields, [rows(fields, list(zip(*found, strict=True)))] if found else [])


def _whose(holding: Holding) -> tuple[Any, ...]:
    return holding.name, holding.place or None, holding.home.code if holding.home else None


def _project(holding: Holding) -> tuple[Any, ...]:
    status = holding.status
    assert status is not None
    said = holding.amounts
    return (
        *_whose(holding),
        holding.title,
        holding.home.region if holding.home else None,
        status.cohort,
        status.fund,
        status.as_of,
        status.known_by,
        holding.handed_over,
        status.synthetic,
        holding.group("phase"),
        holding.refused_on,
        *_both(holding.owed),
        len(holding.late),
        len(status.reports_not_sent),
        holding.conditions_late,
        holding.next.day if holding.next else None,
        *_both(said.granted, said.budget, said.spent),
        holding.spent_known_until,
        ",".join(holding.budget.spent_gaps if holding.budget else ()) or None,
        *_both(said.committed, said.unallocated, said.remaining, said.forecast),
        _bases(holding) if said.forecast is not None else None,
        *_both(said.waiting),
    )


def _lines(holding: Holding) -> Iterable[tuple[Any, ...]]:
    budget = holding.budget
    for line in budget.lines if budget else ():
        spent, remaining = (None, None) if budget and budget.is_unknown else (line.spent, line.remaining)
        both = _both(line.budget, spent, line.committed, remaining)
        yield *_whose(holding), budget.version if budget else "", line.id, line.title, *both


def _bases(holding: Holding) -> str | None:
    """What the lines' forecasts rest on, each once, with commas between; None where nobody has said."""
    return ",".join(holding.budget.forecast_bases if holding.budget else ()) or None


def _both(*amounts: Money | None) -> Iterable[Money | None]:
    """Each amount twice: as whole øre, and as kroner."""
    return (amount for amount in amounts for _unit in ("oere", "kr"))


def _milestones(holding: Holding) -> Iterable[tuple[Any, ...]]:
    for each in holding.milestones:
        yield *_whose(holding), each.id, each.title, each.phase, each.due, each.standing, each.reached, each.promised
