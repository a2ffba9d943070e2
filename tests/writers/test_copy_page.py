from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from html import unescape

from msgspec import structs

from tests.writers.trees import BARS, BUDGET, paragraph, words
from toolkit.documents.kind import Layout
from toolkit.documents.tree import (
    BulletList,
    Document,
    Heading,
    NumberedList,
    PageBreak,
    Paragraph,
    Quote,
    Section,
    TableOfContents,
    Text,
)
from toolkit.writers import WRITERS, file_of, format_of
from toolkit.writers.copy_page import write

PLAIN = Layout(name="plain")
ITEM = (
    Section("summary", "Resumé", (paragraph("A & B <x>"),)),
    Section(
        "case",
        "Sagen",
        (
            Heading(4, words("Baggrund")),
            NumberedList(((paragraph("et"), BulletList(((paragraph("a"),),))),), start=2),
            Quote((paragraph("citat"),)),
            BUDGET,
            BARS,
            Section("time", "Tid", (Paragraph((Text("nu", strong=True),)),)),
        ),
    ),
    Section("decision", "Beslutning", ()),
)


def page(document: Document, layout: Layout = PLAIN) -> str:
    return write(document, layout).decode()


def fields(html: str) -> dict[str, str]:
    """What each field holds, by its name."""
    found = re.findall(
        r'<h2 id="name-(\d+)">(.*?)</h2>.*?<div class="content" id="field-\1"[^>]*>\n(.*?)</div>\n</div>',
        html,
        re.DOTALL,
    )
    return {name: content for _number, name, content in found}


def texts(html: str) -> list[str]:
    """What each button puts on the clipboard as plain text."""
    return [unescape(text) for text in re.findall(r'data-text="([^"]*)"', html)]


def test_each_field_of_the_item_stands_by_itself_in_the_documents_order(empty: Document) -> None:
    document = structs.replace(empty, blocks=ITEM, front=(("Sagsnummer", "27.00-A00-1-22"),))

    assert list(fields(page(document))) == ["Titel", "Sagsnummer", "Resumé", "Sagen"]


def test_a_form_that_has_a_line_for_the_title_gets_it_once(empty: Document) -> None:
    assert list(fields(page(structs.replace(empty, front=(("Sagens titel", empty.title),))))) == ["Sagens titel"]


def test_a_field_is_plain_html_without_classes_styles_or_anchors(empty: Document) -> None:
    html = fields(page(structs.replace(empty, blocks=ITEM)))

    assert html["Titel"] == "<p>Selvstyrende teams</p>\n"
    assert html["Resumé"] == "<p>A &amp; B &lt;x&gt;</p>\n"
    assert not re.search(r"\b(class|style|id)=", "".join(html.values()))
    assert html["Sagen"].startswith(
        '<h3>Baggrund</h3>\n<ol start="2">\n<li>et\n<ul>\n<li>a</li>\n</ul>\n</li>\n</ol>\n'
    )
    assert "<blockquote>\n<p>citat</p>\n</blockquote>" in html["Sagen"]
    assert "<caption>Budget og forbrug, kr.</caption>" in html["Sagen"]
    assert "<td>I alt</td>" in html["Sagen"]
    assert "<h3>Tid</h3>\n<p><strong>nu</strong></p>" in html["Sagen"]


def test_the_plain_text_has_the_same_words(empty: Document) -> None:
    said = texts(page(structs.replace(empty, blocks=ITEM)))

    assert said[:2] == ["Selvstyrende teams", "A & B <x>"]
    assert "2. et\n– a\ncitat\n" in said[2]
    assert "Løn\t1.500.000\t1.000.000" in said[2]


def test_every_button_is_named_by_its_field_and_hidden_until_the_script_runs(empty: Document) -> None:
    buttons = re.findall(r"<button ([^>]*?) data-text", page(structs.replace(empty, blocks=ITEM)))

    assert len(buttons) == 3
    for number, button in enumerate(buttons, start=1):
        assert f'aria-labelledby="copy-{number} name-{number}" hidden' in button


def test_only_the_pages_own_script_may_run(empty: Document) -> None:
    html = page(empty, Layout(name="odd", style="p { color: red }</style><script>alert(1)</script>"))
    script = html.rpartition("<script>")[2].partition("</script>")[0]

    assert html.count("</style>") == html.count("</script>") == 1
    assert f"script-src 'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'" in html
    assert "default-src 'none'" in html


def test_what_was_copied_is_said_to_those_who_cannot_see_it(empty: Document) -> None:
    html = page(empty)

    assert '<p id="said" role="status"></p>' in html
    assert "Kopieret: ${name}" in html
    assert "<noscript>" in html


def test_what_stands_outside_sections_is_copied_too(empty: Document) -> None:
    blocks = (TableOfContents(), PageBreak(), paragraph("Løs tekst."), Section("s", "", (paragraph("Uden navn."),)))
    html = page(structs.replace(empty, blocks=blocks))

    assert "<p>Løs tekst.</p>" in html
    assert "<p>Uden navn.</p>" in html
    assert html.count("<button") == 3


def test_a_whole_report_becomes_a_copy_page_too(report: Document, layout: Layout) -> None:
    html = page(report, layout)

    assert html.count("<button") == html.count('class="content"') > 3
    assert html.count("<h1") == 1


def test_the_copy_page_is_not_called_as_the_page_to_read() -> None:
    assert file_of("dagsordenspunkt-2022-01-11", "copy") == "dagsordenspunkt-2022-01-11.kopi.html"
    assert file_of("dagsordenspunkt-2022-01-11", "html") == "dagsordenspunkt-2022-01-11.html"
    assert [format_of("a-2022", file_of("a-2022", format)) for format in WRITERS] == list(WRITERS)
    assert format_of("a-2022", "b-2022.html") == ""
