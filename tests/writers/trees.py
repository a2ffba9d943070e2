"""Small pieces of a document's tree, to build tests with."""

from __future__ import annotations

from toolkit.documents.tree import Inlines, Paragraph, Table, Text


def words(text: str) -> Inlines:
    return (Text(text),)


def paragraph(text: str) -> Paragraph:
    return Paragraph(words(text))


BUDGET = Table(
    header=(words("Budgetpost"), words("Budget"), words("Forbrug")),
    align=("left", "right", "right"),
    rows=(
        (words("Løn"), words("1.500.000"), words("1.000.000")),
        (words("Drift"), words("500.000"), words("250.000")),
    ),
    total=(words("I alt"), words("2.000.000"), words("1.250.000")),
    caption="Budget og forbrug, kr.",
)
