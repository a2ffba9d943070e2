from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from msgspec import structs
from pypdf import PdfReader

from tests.writers.trees import BARS, BUDGET, WIDE, paragraph, words
from toolkit.documents.kind import Layout
from toolkit.documents.tree import (
    Block,
    Document,
    Heading,
    Link,
    Missing,
    NumberedList,
    Paragraph,
    Quote,
    Section,
    TableOfContents,
    Text,
)
from toolkit.writers import Unsupported, html, word
from toolkit.writers.pdf import source, write

PLAIN = Layout(name="plain")
LONG = structs.replace(
    BUDGET, rows=tuple((words(f"Post {number}"), words("1.000"), words("500")) for number in range(120))
)


class Written:
    """A PDF that was just written, as another reader than ours finds it."""

    def __init__(self, document: Document, layout: Layout = PLAIN) -> None:
        self.opened = PdfReader(BytesIO(write(document, layout)))
        self.root: Any = self.opened.trailer["/Root"]
        self.pages = [page.extract_text() for page in self.opened.pages]

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", " ".join(self.pages)).replace("\xad", "")

    def tags(self) -> list[str]:
        """The kind of each element, in the order in which it is read aloud."""
        return [str(each["/S"]) for each in self.elements() if "/S" in each]

    def elements(self) -> Iterator[Any]:
        waiting = [self.root["/StructTreeRoot"]]
        while waiting:
            each = waiting.pop(0).get_object()
            if isinstance(each, list):
                waiting[:0] = each
            elif isinstance(each, dict):
                yield each
                waiting[:0] = [each["/K"]] if "/K" in each else []


def of(empty: Document, *blocks: Block, **changed: Any) -> Written:
    return Written(structs.replace(empty, blocks=blocks, **changed))


# ── the file ─────────────────────────────────────────────────────────────────────────────────


def test_the_file_says_what_it_is_without_asking_the_clock(report: Document) -> None:
    written = Written(report)

    about = written.opened.metadata
    assert about is not None
    assert (about.title, about.author, about.subject) == (report.title, report.author, report.subject)
    assert about.keywords == "statusrapport, ældrepleje"
    assert about.creation_date is not None
    assert about.creation_date.date() == date(2022, 6, 30)
    assert written.root["/Lang"] == "da-DK"
    assert written.root["/ViewerPreferences"]["/DisplayDocTitle"].value


def test_it_claims_to_be_accessible_and_to_last(report: Document) -> None:
    written = Written(report)
    claims = written.root["/Metadata"].get_data().decode()

    assert "<pdfuaid:part>1</pdfuaid:part>" in claims
    assert "<pdfaid:part>2</pdfaid:part>" in claims
    assert "<pdfaid:conformance>A</pdfaid:conformance>" in claims
    assert written.root["/MarkInfo"]["/Marked"].value


def test_every_font_is_in_the_file_and_came_with_the_tool(report: Document) -> None:
    names = {
        str(font["/BaseFont"]).partition("+")[2]
        for page in Written(report).opened.pages
        for font in (each.get_object() for each in page["/Resources"]["/Font"].values())
    }

    assert names == {"Lato-Regular", "Lato-Bold", "Lato-Italic"}


def test_the_same_document_is_the_same_bytes_and_another_day_is_not(report: Document) -> None:
    assert write(report, PLAIN) == write(structs.replace(report), PLAIN)
    assert write(report, PLAIN) != write(structs.replace(report, day=date(2023, 1, 1)), PLAIN)


# ── what it says ─────────────────────────────────────────────────────────────────────────────


def test_a_report_says_the_same_as_its_page_and_its_word_file_in_the_same_order(
    report: Document, layout: Layout
) -> None:
    """Each says some words of its own, as page numbers, so what counts is the words of the tree."""
    text = Written(report).text
    at = 0
    for said in (
        *("Statusrapport: Faste teams", "Første halvår 2022", "Konstrueret eksempel", "Pulje", "Bevilget", "Indhold"),
        *("Projektet følger planen, siger styregruppen.", "Læs om puljen hos styrelsen", "[MANGLER: people.leader]"),
        *("Forbrugt", "62,5", "Møder", "Styregruppe", "1. januar", "2. maj", "Hver uge.", "Kurser", "4. Planlægning"),
        *("5. Rehabilitering", "1. Forfra", "Vi kender borgerne nu.", "Tabel 1. Budget og forbrug, kr.", "Løn"),
        *("1.500.000", "I alt", "2.000.000", "1.250.000", "Uden overskrift."),
    ):
        assert said in text[at:], said
        at += text[at:].index(said)
    assert html.write(report, layout)
    assert word.write(report, layout)


def test_headings_are_numbered_listed_and_bookmarked(report: Document) -> None:
    written = Written(structs.replace(report, numbered=True))

    assert [mark["/Title"] for mark in _flat(written.opened.outline)] == [
        *("1 Resumé", "2 Aktiviteter", "2.1 Møder", "2.2 Kurser", "3 Økonomi")
    ]
    for heading in ("1 Resumé", "2 Aktiviteter", "2.1 Møder", "2.2 Kurser", "3 Økonomi"):
        assert written.text.count(heading) == 2, heading  # in the contents, and where it stands
    assert re.search(r"2\.1 Møder[ .]+2", written.text)


def test_the_title_is_the_one_highest_heading_and_no_level_is_jumped_over(empty: Document) -> None:
    written = of(empty, Section("a", "Et", (Heading(4, words("To")), Heading(6, words("Tre")))))

    assert [tag for tag in written.tags() if re.fullmatch(r"/H\d", tag)] == ["/H1", "/H2", "/H3", "/H4"]


def test_the_foot_of_each_page_says_what_it_is_and_which_page(report: Document) -> None:
    written = Written(report)

    assert [re.findall(r"Side \d af \d", page) for page in written.pages] == [["Side 1 af 2"], ["Side 2 af 2"]]
    assert all("Thisted Kommune · Statusrapport" in page for page in written.pages)


def test_a_cover_stands_alone(report: Document) -> None:
    first, second, *_ = Written(structs.replace(report, cover=True)).pages

    assert "Konstrueret eksempel" in first
    assert first.index("Thisted Kommune") < first.index("Statusrapport")
    assert "Indhold" not in first
    assert "Indhold" in second
    assert ("Side 1" in first, "Side 2" in second) == (False, True)


def test_the_municipalitys_logo_has_words_for_whoever_does_not_see_it(report: Document) -> None:
    own = Layout(name="own", logo=BARS.svg, logo_alt="Thisted Kommunes logo")
    cover = Written(structs.replace(report, cover=True), own)

    assert [each["/Alt"] for each in cover.elements() if "/Alt" in each] == ["Thisted Kommunes logo"]
    assert [each for each in Written(report, own).elements() if "/Alt" in each] == []


# ── tables and pictures ──────────────────────────────────────────────────────────────────────


def test_a_long_table_repeats_its_header_and_has_its_sum_last(empty: Document) -> None:
    written = of(empty, LONG)

    assert len(written.pages) > 2
    assert all("Budgetpost" in page for page in written.pages)
    assert [page.count("Tabel 1. ") for page in written.pages] == [1] + [0] * (len(written.pages) - 1)
    assert "I alt" in written.pages[-1]


def test_a_table_is_tagged_as_one_with_headers_and_a_caption(empty: Document) -> None:
    tags = of(empty, BUDGET).tags()

    assert (tags.count("/Table"), tags.count("/TH"), tags.count("/Caption")) == (1, 3, 1)
    assert tags.count("/TR") == 4


def test_a_small_table_stays_on_one_page_with_its_caption(empty: Document) -> None:
    filling = tuple(paragraph(f"Linje {number}") for number in range(38))
    first, second = of(empty, *filling, structs.replace(BUDGET, rows=BUDGET.rows * 2)).pages

    assert "Tabel 1" not in first
    assert second.index("Tabel 1") < second.index("Løn") < second.index("I alt")


def test_a_longer_one_begins_where_there_is_room_for_its_first_two_rows(empty: Document) -> None:
    def firsts(lines: int) -> int:
        filling = tuple(paragraph(f"Linje {number}") for number in range(lines))
        return of(empty, *filling, LONG).pages[0].count("Post ")

    shown = [firsts(lines) for lines in range(32, 44)]

    assert 0 in shown
    assert 1 not in shown
    assert max(shown) > 2


def test_a_wide_table_lies_on_its_side_with_its_heading_and_the_rest_stands_upright(empty: Document) -> None:
    table = Section("economy", "Økonomi", (Heading(1, words("År for år")), WIDE, WIDE))
    written = of(empty, paragraph("Før"), table, paragraph("Efter"), Quote((WIDE,)), WIDE)
    lying = [page.mediabox.width > page.mediabox.height for page in written.opened.pages]

    assert lying == [False, True, False, True]
    assert ["Økonomi" in page for page in written.pages] == [False, True, False, False]
    assert "Side 2 af 4" in written.pages[1]


def test_a_picture_has_words_for_whoever_does_not_see_it(empty: Document) -> None:
    written = of(empty, BARS, BUDGET, structs.replace(BARS, caption=""))

    assert [each["/Alt"] for each in written.elements() if each.get("/S") == "/Figure"] == [BARS.alt, BARS.alt]
    assert "Figur 1. Forbrug pr. kvartal, kr." in written.text
    assert "Figur 2" not in written.text
    assert written.text.index("Figur 1. ") < written.text.index("Tabel 1. ")


def test_a_picture_without_words_is_refused(empty: Document) -> None:
    with pytest.raises(Unsupported, match="alt text"):
        of(empty, structs.replace(BARS, alt=""))


# ── text ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "text",
    [
        "A & B <x> $x$ #panic(1) *fed* _kursiv_ `k` @ref ~ = titel - punkt",
        '"citat" \\ \\u{41} \\" /* c */ // k [a](b) -- --- ... \'x\'',
        "#import(1); #read(2)",
        "https://kl.dk",
        "2022. blev | 1*2*3",
    ],
)
@pytest.mark.parametrize("strong", [True, False])
def test_text_means_itself_everywhere(empty: Document, text: str, strong: bool) -> None:
    written = of(
        empty,
        Paragraph((Text(text, strong=strong, emphasis=not strong),)),
        Section("s", text, ()),
        NumberedList(((paragraph(text),),)),
        structs.replace(BUDGET, rows=((words(text), words("1"), words("2")),), caption=text),
    )

    assert written.text.count(text) == 5


def test_links_lead_somewhere_and_what_is_missing_is_shown(empty: Document) -> None:
    written = of(empty, Paragraph((Link("puljen", "https://www.sbst.dk/a?b=1&c=2"), Missing("grant.awarded"))))

    (link,) = (each.get_object() for each in written.opened.pages[0]["/Annots"])
    assert link["/A"]["/URI"] == "https://www.sbst.dk/a?b=1&c=2"
    assert "[MANGLER: grant.awarded]" in written.text


@pytest.mark.parametrize("text", ["✓ \u2212 \u2011 ≥ € ½ æøåÆØÅ", "é ș Ж Ω", "\u00adskjult\u200b"])
def test_unusual_characters_are_there(empty: Document, text: str) -> None:
    assert of(empty, paragraph(text)).pages[0]


def test_a_character_that_no_font_has_is_refused_by_name(empty: Document) -> None:
    with pytest.raises(Unsupported, match=r"the character 日, in a PDF file"):
        of(empty, paragraph("日本"))


def test_nothing_in_a_document_can_ask_for_a_file_or_a_package(empty: Document) -> None:
    nasty = '#import "@preview/cetz:0.3.0"\n#read("/etc/passwd")'
    code = source(
        structs.replace(empty, title=nasty, subtitle=nasty, blocks=(paragraph(nasty), TableOfContents())), PLAIN
    )

    outside_strings = re.sub(r'"(?:[^"\\]|\\.)*"', '""', code)
    assert "preview" not in outside_strings
    assert "read(" not in outside_strings


def _flat(outline: list[Any]) -> list[Any]:
    return [found for each in outline for found in (_flat(each) if isinstance(each, list) else [each])]
