from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from msgspec import structs

from tests.writers.trees import BUDGET, paragraph, words
from toolkit.documents.kind import Layout
from toolkit.documents.tree import Block, Document, Figure, Link, Missing, Paragraph, Text
from toolkit.writers.html import write

PLAIN = Layout(name="plain")


def page(document: Document, layout: Layout = PLAIN) -> str:
    return write(document, layout).decode()


def main(empty: Document, *blocks: Block) -> str:
    """What stands between <main> and </main> in a page of these blocks."""
    return page(structs.replace(empty, blocks=blocks)).partition("<main>\n")[2].partition("</main>")[0]


def test_the_page_says_what_it_is_and_in_which_language(report: Document) -> None:
    html = page(report)

    assert html.startswith('<!DOCTYPE html>\n<html lang="da">')
    assert "<title>Statusrapport: Faste teams</title>" in html
    assert "<h1>Statusrapport: Faste teams</h1>" in html
    assert '<meta name="date" content="2022-06-30">' in html


def test_the_page_has_one_header_one_main_and_one_footer(report: Document) -> None:
    html = page(report)

    assert [html.count(f"<{part}") for part in ("header", "main", "footer")] == [1, 1, 1]
    assert "<p>Thisted Kommune · Statusrapport</p>\n</footer>" in html


def test_the_page_neither_runs_nor_loads_anything(report: Document, layout: Layout) -> None:
    html = page(report, layout)

    assert "default-src 'none'" in html
    assert not re.search(r"<(script|link|img|iframe|object)|url\(|@import", html)


def test_the_layouts_style_is_inside_the_page_and_cannot_leave_it(empty: Document) -> None:
    html = page(empty, Layout(name="odd", style="p { color: red }</style><script>alert(1)</script>"))

    assert "p { color: red }" in html
    assert html.count("</style>") == 1
    assert "</script>" not in html


def test_every_element_is_closed(report: Document) -> None:
    open_elements = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: object) -> None:
            if tag not in ("meta", "br"):
                open_elements.append(tag)

        def handle_endtag(self, tag: str) -> None:
            assert open_elements.pop() == tag

    Reader().feed(page(report))

    assert open_elements == []


def test_a_notice_is_a_note_above_the_text(report: Document) -> None:
    html = page(report)

    assert '<p class="notice" role="note">Konstrueret eksempel – ikke kommunens tal</p>' in html
    assert html.index('role="note"') < html.index("<main>")


def test_a_table_has_caption_scopes_and_amounts_to_the_right(empty: Document) -> None:
    html = main(empty, BUDGET)

    assert '<caption id="tabel_1">Tabel 1. Budget og forbrug, kr.</caption>' in html
    assert '<th scope="col">Budgetpost</th><th scope="col" class="amount">Budget</th>' in html
    assert '<th scope="row">Løn</th><td class="amount">1.500.000</td>' in html
    assert "<tfoot>\n<tr>" + '<th scope="row">I alt</th>' in html


def test_a_wide_table_can_be_scrolled_with_the_keyboard(empty: Document) -> None:
    assert '<div class="table" role="region" aria-labelledby="tabel_1" tabindex="0">' in main(empty, BUDGET)


def test_only_tables_with_a_caption_are_counted(empty: Document) -> None:
    html = main(empty, BUDGET, structs.replace(BUDGET, caption=""), BUDGET)

    assert re.findall("Tabel [0-9]", html) == ["Tabel 1", "Tabel 2"]
    assert 'aria-label="Tabel: Budgetpost, Budget, Forbrug"' in html
    assert len(set(re.findall(' id="([^"]+)"', html))) == 2


def test_a_fact_that_is_missing_is_marked(empty: Document) -> None:
    assert "<mark>[MANGLER: people.leader]</mark>" in main(empty, Paragraph((Missing("people.leader"),)))


def test_the_contents_link_to_the_headings(report: Document) -> None:
    html = page(report)

    links = re.findall('<a href="#([^"]+)">', html)
    assert links == ["summary", "activities", "moeder", "kurser", "economy"]
    assert all(f'id="{anchor}"' in html for anchor in links)


def test_a_numbered_document_numbers_headings_and_contents(report: Document) -> None:
    html = page(structs.replace(report, numbered=True))

    assert '<h3 id="kurser"><span class="number">2.2</span> Kurser</h3>' in html
    assert '<a href="#kurser"><span class="number">2.2</span> Kurser</a>' in html


def test_key_figures_are_a_list_of_terms(report: Document) -> None:
    assert "<div><dt>Forbrugt</dt><dd>62,5\u00a0pct.</dd></div>" in page(report)


def test_a_numbered_list_begins_where_it_says(report: Document) -> None:
    html = page(report)

    assert '<ol start="4">\n<li>Planlægning</li>\n<li>Rehabilitering</li>\n</ol>\n<ol>\n<li>Forfra</li>' in html


def test_a_list_may_stand_within_a_list(report: Document) -> None:
    assert "<li>Styregruppe\n<ol>\n<li>januar</li>\n<li>maj</li>\n</ol>\n</li>" in page(report)


def test_a_picture_is_in_the_page_with_its_words(empty: Document) -> None:
    svg = '<?xml version="1.0"?>\n<svg viewBox="0 0 1 1"><rect/></svg>'
    html = main(empty, Figure(svg, alt='Forbruget stiger "jævnt"', caption="Forbrug pr. kvartal"))

    assert (
        '<div role="img" aria-label="Forbruget stiger &quot;jævnt&quot;"><svg viewBox="0 0 1 1"><rect/></svg></div>'
        in html
    )
    assert "<figcaption>Figur 1. Forbrug pr. kvartal</figcaption>" in html
    assert "<?xml" not in html


def test_strong_and_emphasis_may_stand_together(empty: Document) -> None:
    html = main(empty, Paragraph((Text("begge", strong=True, emphasis=True),)))

    assert html == "<p><strong><em>begge</em></strong></p>\n"


@pytest.mark.parametrize("text", ["A & B <x>", "1*2*3", "Løn | drift", "»øre« \"øre\" 'øre'", "6.994.528\u00a0kr."])
def test_text_means_itself_everywhere(empty: Document, text: str) -> None:
    document = structs.replace(
        empty, title=text, notices=(text,), front=((text, text),), running=text, blocks=(paragraph(text),)
    )
    seen = []

    class Reader(HTMLParser):
        def handle_data(self, data: str) -> None:
            seen.append(data.strip("\n"))

    Reader().feed(page(document))

    assert [each for each in seen if each] == [text] * 7  # the title twice


def test_an_address_cannot_leave_its_attribute(empty: Document) -> None:
    html = main(empty, Paragraph((Link("puljen", 'https://a.dk/"onclick="x'),)))

    assert html == '<p><a href="https://a.dk/&quot;onclick=&quot;x">puljen</a></p>\n'


def test_a_cover_is_a_page_of_its_own_on_paper(report: Document, layout: Layout) -> None:
    assert '<header class="cover">' in page(structs.replace(report, cover=True), layout)
    assert "<header>" in page(report, layout)


def test_the_municipality_and_its_logo_stand_above_the_title_of_a_cover(report: Document, layout: Layout) -> None:
    own = structs.replace(layout, logo="<svg/>", logo_alt='Thisted "Kommune"')
    found = page(structs.replace(report, cover=True), own)

    assert '<img class="logo" src="data:image/svg+xml;base64,PHN2Zy8+" alt="Thisted &quot;Kommune&quot;">' in found
    assert found.index("<img") < found.index('<p class="sender">Thisted Kommune</p>') < found.index("<h1>")
    assert "<img" not in page(report, own)


def test_the_same_document_is_the_same_bytes(report: Document, layout: Layout) -> None:
    assert write(report, layout) == write(structs.replace(report), layout)


def test_an_empty_cell_in_the_header_is_no_heading(empty: Document) -> None:
    table = structs.replace(BUDGET, header=((), words("Budget"), words("Forbrug")))

    assert "<tr><td></td><th" in main(empty, table)
