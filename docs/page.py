"""What the generators of pages share: tables in Markdown, and the Danish words for kinds of values."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; a vertical bar in a cell stays a vertical bar."""
    lines = [header, ["---"] * len(header), *rows]
    return "".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |\n" for line in lines)


def write(page: Path, text: str) -> None:
    """Write the page, and say which."""
    page.write_text(text, encoding="utf-8", newline="\n")
    sys.stdout.write(f"{page.relative_to(ROOT)}\n")
