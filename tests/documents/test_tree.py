from __future__ import annotations

from tests.writers.trees import BARS, BUDGET, paragraph, words
from toolkit.documents.tree import (
    BulletList,
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
    as_text,
)


def test_a_tree_as_text_has_a_line_for_each_paragraph_item_and_row() -> None:
    blocks = (
        TableOfContents(),
        PageBreak(),
        Section("case", "Sagen", (Heading(2, words("Baggrund")), paragraph("Mange skift."))),
        Section("rest", "", (Quote((paragraph("Citat"),)),)),
        BulletList(((paragraph("a"), NumberedList(((paragraph("b"),), (paragraph("c"),)), start=3)),)),
        KeyFigures(((words("Forbrug"), words("1 kr.")),)),
        BUDGET,
        BARS,
    )

    assert as_text(blocks) == (
        *("Sagen", "Baggrund", "Mange skift.", "Citat", "– a", "3. b", "4. c", "Forbrug: 1 kr."),
        "Budget og forbrug, kr.",
        "Budgetpost\tBudget\tForbrug",
        "Løn\t1.500.000\t1.000.000",
        "Drift\t500.000\t250.000",
        "I alt\t2.000.000\t1.250.000",
        BARS.alt,
    )


def test_a_link_as_text_says_where_it_leads() -> None:
    content = (
        Text("Se "),
        Link("puljen", "https://sbst.dk/pulje"),
        Text(" eller "),
        Link("sbst.dk", "https://sbst.dk"),
        LineBreak(),
        Missing("area"),
    )

    assert as_text((Paragraph(content),)) == ("Se puljen (https://sbst.dk/pulje) eller sbst.dk\n[MANGLER: area]",)
