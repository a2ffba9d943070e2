from __future__ import annotations

from toolkit.documents.kind import DocumentKind, Layout, LayoutSection, SectionSpec, arrange
from toolkit.documents.tree import Paragraph, Section, Text

KIND = DocumentKind(
    name="agenda-item",
    title="Dagsordenspunkt",
    file_name="dagsordenspunkt",
    sections=(
        SectionSpec(name="case", heading="Sagsfremstilling"),
        SectionSpec(name="proposal", heading="Indstilling"),
    ),
)
WRITTEN = (Paragraph((Text("Skrevet."),)),)
CASE, PROPOSAL = Section("case", "", WRITTEN), Section("proposal", "", WRITTEN)


def test_a_layout_gives_the_order_and_the_words() -> None:
    places = (LayoutSection(name="proposal", heading="Forslag"), LayoutSection(name="case", heading="Redegørelse"))

    assert arrange([CASE, PROPOSAL], places) == (
        Section("proposal", "Forslag", WRITTEN),
        Section("case", "Redegørelse", WRITTEN),
    )


def test_a_section_that_a_layout_does_not_name_is_left_out() -> None:
    assert arrange([CASE, PROPOSAL], (LayoutSection(name="case", heading="Sag"),)) == (Section("case", "Sag", WRITTEN),)


def test_an_empty_section_says_what_the_layout_says() -> None:
    def empty(words: str | None) -> tuple[object, ...]:
        return arrange([Section("case", "", ())], (LayoutSection(name="case", heading="Sag", empty=words),))

    assert empty(None) == ()
    assert empty("") == (Section("case", "Sag", ()),)
    assert empty("Intet.") == (Section("case", "Sag", (Paragraph((Text("Intet."),)),)),)


def test_a_section_that_nobody_wrote_is_as_empty_as_one_without_text() -> None:
    place = LayoutSection(name="decision", heading="Beslutning", empty="")

    assert arrange([], (place,)) == (Section("decision", "Beslutning", ()),)


def test_where_a_layout_says_nothing_the_kinds_own_sections_stand() -> None:
    own = Layout(name="thisted", sections={"status-report": (LayoutSection(name="case", heading="Andet"),)})

    assert [section.heading for section in own.sections_of(KIND)] == ["Sagsfremstilling", "Indstilling"]
