"""Small pieces of a document's tree, to build tests with."""

from __future__ import annotations

from toolkit.documents.tree import Figure, Inlines, Paragraph, Table, Text


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

BARS = Figure(
    '<svg xmlns="http://www.w3.org/2000/svg" width="80mm" height="20mm" viewBox="0 0 320 80" font-family="Lato">'
    '<rect width="320" height="80" fill="#fff"/><text x="4" y="40" font-size="24">Forbruget stiger</text></svg>',
    alt='Forbruget stiger "jævnt" fra 1 til 2 mio. kr.',
    caption="Forbrug pr. kvartal, kr.",
)
