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

# More columns than an upright page has room for.
WIDE = Table(
    header=tuple(words(f"Beløb {number}") for number in range(9)),
    align=("right",) * 9,
    rows=((words("1.000.000,00"),) * 9,),
    caption="År for år, kr.",
)

BARS = Figure(
    '<svg xmlns="http://www.w3.org/2000/svg" width="80mm" height="20mm" viewBox="0 0 320 80" font-family="Lato">'
    '<rect width="320" height="80" fill="#fff"/><text x="4" y="40" font-size="24">Forbruget stiger</text></svg>',
    alt='Forbruget stiger "jævnt" fra 1 til 2 mio. kr.',
    caption="Forbrug pr. kvartal, kr.",
)
