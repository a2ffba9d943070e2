"""A layout and documents to write: one of them holds every block and inline there is."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from msgspec import structs

from tests.writers.trees import BUDGET, paragraph, words
from toolkit.documents.kind import Layout
from toolkit.documents.tree import (
    BulletList,
    Document,
    Heading,
    KeyFigures,
    LineBreak,
    Link,
    Missing,
    NumberedList,
    PageBreak,
    Paragraph,
    Quote,
    Section,
    TableOfContents,
    Text,
)

STANDARD = Path(__file__).parents[2] / "templates/layouts/standard"


@pytest.fixture(scope="session")
def layout() -> Layout:
    style = (STANDARD / "style.css").read_text("utf-8")
    return Layout(name="standard", style=style, reference=(STANDARD / "reference.docx").read_bytes())


@pytest.fixture(scope="session")
def empty() -> Document:
    """The shortest document."""
    return Document(
        title="Selvstyrende teams", author="Thisted Kommune", subject="Orientering", day=date(2022, 1, 11), blocks=()
    )


@pytest.fixture(scope="session")
def report(empty: Document) -> Document:
    """Every block and every inline that both writers can show."""
    return structs.replace(
        empty,
        title="Statusrapport: Faste teams",
        subtitle="Første halvår 2022",
        subject="Statusrapport, første halvår 2022",
        keywords=("statusrapport", "ældrepleje"),
        day=date(2022, 6, 30),
        front=(("Pulje", "Faste teams i ældreplejen"), ("Bevilget", "6.994.528\u00a0kr.")),
        notices=("Konstrueret eksempel – ikke kommunens tal",),
        running="Thisted Kommune · Statusrapport",
        blocks=(
            TableOfContents(),
            PageBreak(),
            Section(
                "summary",
                "Resumé",
                (
                    Paragraph(
                        (
                            Text("Projektet følger "),
                            Text("planen", strong=True),
                            Text(", siger "),
                            Text("styregruppen", emphasis=True),
                            Text("."),
                            LineBreak(),
                            Text("Læs om "),
                            Link("puljen hos styrelsen", "https://www.sbst.dk/puljer?a=1&b=2"),
                            Text(" eller spørg "),
                            Missing("people.leader"),
                        )
                    ),
                    KeyFigures(
                        ((words("Forbrugt"), words("62,5\u00a0pct.")), (words("Rest"), words("750.000\u00a0kr.")))
                    ),
                ),
            ),
            Section(
                "activities",
                "Aktiviteter",
                (
                    Heading(2, words("Møder")),
                    BulletList(
                        (
                            (paragraph("Styregruppe"), NumberedList(((paragraph("januar"),), (paragraph("maj"),)))),
                            (paragraph("Teammøder"), paragraph("Hver uge.")),
                        )
                    ),
                    Heading(2, words("Kurser")),
                    NumberedList(((paragraph("Planlægning"),), (paragraph("Rehabilitering"),)), start=4),
                    NumberedList(((paragraph("Forfra"),),)),
                    Quote((paragraph("Vi kender borgerne nu."),)),
                ),
            ),
            Section("economy", "Økonomi", (BUDGET, structs.replace(BUDGET, caption="", total=None))),
            Section("", "", (paragraph("Uden overskrift."),)),
        ),
    )
