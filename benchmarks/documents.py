"""How long ninety-eight status reports take, in Word and PDF, beside what the usual tools need for the same content.

    python benchmarks/documents.py [--reports N] [--peer-reports N]

Each report has ten pages, six tables (one of 200 rows) and a picture of its own. A peer makes fewer reports than we do,
for the tenth takes it as long as the first; one that is not installed is skipped with a word.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import date
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from msgspec import structs

from toolkit.core.money import Money
from toolkit.core.occasion import occasions
from toolkit.documents import charts, tree
from toolkit.documents.facts import Facts
from toolkit.documents.from_state import facts_of
from toolkit.documents.kind import Layout
from toolkit.project import open_project
from toolkit.readers import shelf
from toolkit.writers import WRITERS
from toolkit.writers.pictures import png

EXAMPLE = Path(__file__).resolve().parents[1] / "projects/thisted-nordthy"
LIMITS = {"docx": 3.0, "pdf": 20.0}  # seconds for 98 reports on two cores
HEADER = ("Budgetpost", "Budget", "Forbrug", "Rest")

# ── what is written ──────────────────────────────────────────────────────────────────────────


def report(number: int) -> tree.Document:
    """One municipality's report; no two are the same."""
    chapters = tuple(chapter(number, each) for each in range(1, 7))
    return tree.Document(
        title=f"Statusrapport {number}",
        author=f"Kommune {number}",
        subject="Statusrapport",
        keywords=("statusrapport",),
        day=date(2022, 6, 30),
        front=(("Periode", "1. januar – 30. juni 2022"),),
        running=f"Kommune {number} · Statusrapport",
        numbered=True,
        blocks=(tree.TableOfContents(), tree.PageBreak(), *chapters),
    )


def chapter(number: int, which: int) -> tree.Section:
    """Three paragraphs, a table, a list, and in one of them a picture."""
    blocks: list[tree.Block] = [tree.Paragraph((tree.Text(words(number) * 3),)) for _paragraph in range(3)]
    row_count = 200 if which == 6 else 12
    blocks.append(
        tree.Table(
            header=tuple(map(inlines, HEADER)),
            align=("left", "right", "right", "right"),
            rows=tuple(tuple(map(inlines, row)) for row in rows(number, which, row_count)),
            caption=f"Budget og forbrug i afsnit {which}, kr.",
        )
    )
    if which == 3:
        blocks.append(picture(number))
    blocks.append(tree.BulletList(tuple((tree.Paragraph(inlines(words(number))),) for _item in range(3))))
    return tree.Section(f"s{which}", f"Afsnit {which}", tuple(blocks))


def words(number: int) -> str:
    """Two sentences."""
    return (
        "Teamene planlægger selv ugen i dialog med borgerne, og borgerne møder færre forskellige medarbejdere. "
        f"Erfaringerne fra kommune nummer {number} samles op hvert halvår og drøftes i styregruppen. "
    )


def rows(number: int, which: int, count: int) -> list[Sequence[str]]:
    """The rows of a table."""
    return [(f"Post {number}.{which}.{row}", f"{row}.500.000", f"{row}.000.000", "500.000") for row in range(count)]


def inlines(text: str) -> tree.Inlines:
    """A text alone."""
    return (tree.Text(text),)


@cache
def example() -> Facts:
    """The facts of the example's first status report."""
    dossier = open_project(EXAMPLE).dossier
    assert dossier is not None
    return facts_of(dossier, occasions(dossier, "status-report")[0])


def picture(number: int) -> tree.Figure:
    """The example's budget lines as bars, with other amounts for each report."""
    facts = example()
    assert facts.budget is not None
    lines = [structs.replace(line, spent=Money(int(line.budget) * number // 120)) for line in facts.budget.lines]
    (figure,) = charts.budget(structs.replace(facts, budget=structs.replace(facts.budget, lines=tuple(lines))))
    return structs.replace(figure, caption="Budget og forbrug, kr.")


# ── how the peers write it ───────────────────────────────────────────────────────────────────


def python_docx(document: tree.Document, layout: Layout) -> bytes:
    """As its manual shows, cell by cell, without what makes the file accessible."""
    import docx

    made = docx.Document(BytesIO(layout.reference))
    made.add_paragraph(document.title, style="Title")
    for section in document.blocks:
        if not isinstance(section, tree.Section):
            continue
        made.add_heading(section.heading, 1)
        for block in section.blocks:
            match block:
                case tree.Paragraph(content):
                    made.add_paragraph(plain(content))
                case tree.BulletList(items):
                    for (item,) in items:
                        assert isinstance(item, tree.Paragraph)
                        made.add_paragraph(plain(item.content), style="List Bullet")
                case tree.Table():
                    table = made.add_table(1, len(block.header), style="Table Grid")
                    for cell, text in zip(table.rows[0].cells, block.header, strict=True):
                        cell.text = plain(text)
                    for row in block.rows:
                        for cell, text in zip(table.add_row().cells, row, strict=True):
                            cell.text = plain(text)
                case tree.Figure(svg):
                    made.add_picture(BytesIO(png(svg, 160)))
                case _:
                    pass
    saved = BytesIO()
    made.save(saved)
    return saved.getvalue()


def docxtpl(document: tree.Document, layout: Layout) -> bytes:
    """A template with a loop over the sections and over the rows of their tables; without the picture."""
    templates: Any = importlib.import_module("docxtpl")  # no dependency of ours: it may not be installed
    sections = [
        {
            "heading": section.heading,
            "paragraphs": [plain(block.content) for block in section.blocks if isinstance(block, tree.Paragraph)],
            "rows": [
                [plain(cell) for cell in row]
                for block in section.blocks
                if isinstance(block, tree.Table)
                for row in block.rows
            ],
        }
        for section in document.blocks
        if isinstance(section, tree.Section)
    ]
    made = templates.DocxTemplate(BytesIO(docxtpl_template(layout.reference)))
    made.render({"title": document.title, "sections": sections}, autoescape=True)
    saved = BytesIO()
    made.save(saved)
    return saved.getvalue()


@cache
def docxtpl_template(reference: bytes) -> bytes:
    """The template, made as somebody would in Word."""
    import docx

    made = docx.Document(BytesIO(reference))
    made.add_paragraph("{{ title }}", style="Title")
    made.add_paragraph("{%p for section in sections %}")
    made.add_heading("{{ section.heading }}", 1)
    made.add_paragraph("{%p for paragraph in section.paragraphs %}")
    made.add_paragraph("{{ paragraph }}")
    made.add_paragraph("{%p endfor %}")
    table = made.add_table(4, 4, style="Table Grid")
    for cell, text in zip(table.rows[0].cells, HEADER, strict=True):
        cell.text = text
    table.cell(1, 0).text = "{%tr for row in section.rows %}"
    for column in range(4):
        table.cell(2, column).text = f"{{{{ row[{column}] }}}}"
    table.cell(3, 0).text = "{%tr endfor %}"
    made.add_paragraph("{%p endfor %}")
    saved = BytesIO()
    made.save(saved)
    return saved.getvalue()


def libreoffice(document: tree.Document, layout: Layout) -> bytes:
    """Our own Word file, turned into a PDF."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "report.docx").write_bytes(WRITERS["docx"](document, layout))
        command = ["soffice", "--headless", "--convert-to", "pdf", "--outdir", folder, f"{folder}/report.docx"]
        subprocess.run(command, check=True, capture_output=True)
        return (Path(folder) / "report.pdf").read_bytes()


def plain(content: tree.Inlines) -> str:
    """The words alone."""
    return "".join(inline.text for inline in content if isinstance(inline, tree.Text))


PEERS: dict[str, tuple[tuple[str, Callable[[tree.Document, Layout], bytes], bool], ...]] = {
    "docx": (
        ("docxtpl", docxtpl, importlib.util.find_spec("docxtpl") is not None),
        ("python-docx", python_docx, True),
    ),
    "pdf": (("LibreOffice", libreoffice, shutil.which("soffice") is not None),),
}

# ── measuring ────────────────────────────────────────────────────────────────────────────────


def seconds(
    write: Callable[[tree.Document, Layout], bytes], documents: Sequence[tree.Document], layout: Layout
) -> float:
    """From the first tree to the last file, everything that is set up once among it."""
    began = time.perf_counter()
    for document in documents:
        write(document, layout)
    return time.perf_counter() - began


def main() -> None:
    """Print a table: what we take for all the reports, what a peer would, and whether that is within the limit."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reports", type=int, default=98, help="how many reports we write (default: 98)")
    parser.add_argument("--peer-reports", type=int, default=4, help="how many each peer writes (default: 4)")
    options = parser.parse_args()
    problems: list[object] = []
    layout = shelf.layout("standard", problems)  # type: ignore[arg-type]
    assert layout is not None, problems
    documents = [report(number) for number in range(options.reports)]
    print(f"{options.reports} reports, seconds{'':14} {'s':>7} {'times':>7}   limit")
    for format, limit in LIMITS.items():
        ours = seconds(WRITERS[format], documents, layout)
        limit = limit * options.reports / 98
        print(
            f"{f'pulje, {format}':32} {ours:7.2f} {1.0:7.1f}   {limit:.1f} s: {'kept' if ours <= limit else 'BROKEN'}"
        )
        for name, write, installed in PEERS[format]:
            if not installed:
                print(f"{f'{name}, {format}':32} not installed")
                continue
            few = documents[: options.peer_reports]
            peer = seconds(write, few, layout) / len(few) * len(documents)
            print(f"{f'{name}, {format}':32} {peer:7.2f} {peer / ours:7.1f}")


if __name__ == "__main__":
    main()
