"""Makes docs/recipes/agency-form.docx, a form with our facts' names in it to try with: `python -m docs.agency_form`."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from datetime import datetime
from io import BytesIO

from docx import Document
from docx.shared import Mm
from docx.table import Table

from docs.page import DOCS, ROOT
from toolkit.writers.package import pack, unpack

PAGE = DOCS / "recipes" / "agency-form.docx"

_MASTER_DATA = (
    ("Projektets titel", "{{ title }}"),
    ("Tilskudsmodtager", "{{ municipality_name }}"),
    ("Projektperiode", "{{ project_period.text }}"),
    ("Rapporten gælder", "{{ period.text }}"),
    ("Bevilget tilskud", "{{ grant.awarded | kr }}"),
)
_LINE = ("{{ line.title }}", "{{ line.budget | oere }}", "{{ line.spent | oere }}", "{{ line.remaining | oere }}")
_TOTAL = (
    "I alt",
    "{{ budget.total | oere }}",
    "{{ budget.spent | oere }}",
    "{{ budget.remaining | oere }}",
)


def main() -> None:
    """Write the form."""
    PAGE.write_bytes(pack(parts()))
    sys.stdout.write(f"{PAGE.relative_to(ROOT)}\n")


def parts() -> Mapping[str, bytes]:
    """The form by its parts, as an agency might have made it and somebody put the tags in."""
    form = Document()
    properties = form.core_properties
    properties.title, properties.author, properties.comments = "Statusskema", "Eksempel", ""
    properties.created = properties.modified = datetime(2022, 1, 1)
    form.sections[0].page_width, form.sections[0].page_height = Mm(210), Mm(297)
    form.sections[0].footer.paragraphs[0].text = "Statusskema for {{ title }}"
    form.add_heading("Statusskema", 0)
    form.add_heading("1. Stamdata", 1)
    _fill(form.add_table(len(_MASTER_DATA), 2, "Table Grid"), _MASTER_DATA)
    form.add_heading("2. Hvad er der sket i perioden?", 1)
    form.add_paragraph('{{ written("summary") }}')
    form.add_heading("3. Forsinkede milepæle", 1)
    form.add_paragraph("{%p if milestones_late %}")
    form.add_paragraph(
        "{% for each in milestones_late %}{{ each.title }} (frist {{ each.due | long_date }}). {% endfor %}"
    )
    form.add_paragraph("{%p else %}")
    form.add_paragraph("Ingen.")
    form.add_paragraph("{%p endif %}")
    form.add_heading("4. Økonomi (kr.)", 1)
    rows = (
        ("Budgetpost", "Budget", "Forbrug", "Rest"),
        ("{%tr for line in budget.lines %}",),
        _LINE,
        ("{%tr endfor %}",),
    )
    _fill(form.add_table(5, 4, "Table Grid"), (*rows, _TOTAL))
    saved = BytesIO()
    form.save(saved)
    return unpack(saved.getvalue())


def _fill(table: Table, rows: tuple[tuple[str, ...], ...]) -> None:
    for row, texts in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=False):
            cell.text = text


if __name__ == "__main__":
    main()
