"""How long ninety-eight status reports take, in Word and PDF, beside what the usual tools need for the same content.

    python benchmarks/documents.py [--reports N] [--peer-reports N]

Each report has ten pages, six tables (one of 200 rows) and a figure of its own. A peer that is not installed is skipped
with a word; it makes fewer reports than we do, for a report takes it as long the tenth time as the first.
"""

from __future__ import annotations

import argparse
import importlib.util
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date
from fractions import Fraction
from io import BytesIO
from pathlib import Path

from msgspec import structs

from toolkit.core.money import Money
from toolkit.core.records import Share
from toolkit.documents import charts, tree
from toolkit.documents.facts import BudgetFacts, Facts, LineFacts
from toolkit.documents.kind import Layout
from toolkit.readers import shelf
from toolkit.writers import WRITERS

LIMITS = {"docx": 3.0, "pdf": 20.0}  # seconds for 98 reports on two cores


def report(number: int) -> tree.Document:
    """One municipality's report; no two are the same."""
    text = (
        "Teamene planlægger selv ugen i dialog med borgerne, og borgerne møder færre forskellige medarbejdere. "
        f"Erfaringerne fra kommune nummer {number} samles op hvert halvår og drøftes i styregruppen. "
    )
    sections: list[tree.Block] = [tree.TableOfContents(), tree.PageBreak()]
    for chapter in range(1, 7):
        blocks: list[tree.Block] = [tree.Paragraph((tree.Text(text * 4),)) for _paragraph in range(3)]
        blocks.append(table(number, chapter, 200 if chapter == 6 else 12))
        if chapter == 3:
            blocks.append(figure(number))
        blocks.append(tree.BulletList(tuple((tree.Paragraph((tree.Text(text),)),) for _item in range(3))))
        sections.append(tree.Section(f"s{chapter}", f"Afsnit {chapter}", tuple(blocks)))
    return tree.Document(
        title=f"Statusrapport {number}",
        author=f"Kommune {number}",
        subject="Statusrapport",
        keywords=("statusrapport",),
        day=date(2022, 6, 30),
        front=(("Periode", "1. januar – 30. juni 2022"),),
        running=f"Kommune {number} · Statusrapport",
        numbered=True,
        blocks=tuple(sections),
    )


def table(number: int, chapter: int, rows: int) -> tree.Table:
    """A table of amounts."""
    return tree.Table(
        header=words("Budgetpost", "Budget", "Forbrug", "Rest"),
        align=("left", "right", "right", "right"),
        rows=tuple(
            words(f"Post {number}.{chapter}.{row}", f"{row}.500.000,00", f"{row}.000.000,00", "500.000,00")
            for row in range(1, rows + 1)
        ),
        total=words("I alt", "99.000.000,00", "66.000.000,00", "33.000.000,00"),
        caption=f"Budget og forbrug i afsnit {chapter}, kr.",
    )


def words(*texts: str) -> tuple[tree.Inlines, ...]:
    """One row of a table."""
    return tuple((tree.Text(text),) for text in texts)


def figure(number: int) -> tree.Figure:
    """A picture of ten budget lines, drawn anew for each report."""
    lines = tuple(
        structs.force_setattr  # noqa: B018
        and _line(post, spent=Money((number + post) * 10_000_00), budget=Money(post * 200_000_00))
        for post in range(1, 11)
    )
    return lines  # type: ignore[return-value]
