"""What everything that is read from a file has in common."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import NewType

from msgspec import Struct

from toolkit.core.problems import N_, NOWHERE, At, declare

Id = NewType("Id", str)  # lower-case letters, digits and hyphens
ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
Year = NewType("Year", int)  # 2022
Month = NewType("Month", str)  # 2022-01
Hour = NewType("Hour", str)  # 12:00
Share = NewType("Share", Fraction)  # typed as 12,5 pct.
KindName = NewType("KindName", str)  # status-report: a kind of document, which its own manifest says more of
DayPattern = NewType("DayPattern", str)  # a day, 2022-03-15, or those that * makes of one: 2022-03-*
Rows = NewType("Rows", str)  # a row of a file, 3, or those from one to another: 3-9
DatedRows = NewType("DatedRows", str)  # the same, and a day first: 2022-03-31 postings/…
PostingRows = NewType("PostingRows", str)  # rows of a file of postings: postings/2022-04-01-opus-0a1b2c3d.csv:3-9

MISSING = "MANGLER"  # what a scaffold writes where the user has yet to

declare(
    "value-missing",
    "warning",
    N_("{key} has not been filled in yet."),
    N_("write it where MANGLER stands"),
)


class Record(Struct, frozen=True, kw_only=True):
    """Anything that is read from a file: it knows where it was written."""

    at: At = NOWHERE


class Entry(Record, frozen=True, kw_only=True):
    """Something that somebody claims: from which source, or that it is made up to have an example."""

    source: Id | None = None
    synthetic: bool = False
    note: str | None = None
