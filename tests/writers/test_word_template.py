from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import docx
import pytest
from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.shared import Cm, Pt
from msgspec import structs

from tests.writers.trees import BARS, WIDE
from toolkit.documents.kind import Layout
from toolkit.documents.tree import Document, Heading, Text
from toolkit.writers import UnusableReference
from toolkit.writers.package import pack, unpack
from toolkit.writers.pictures import png
from toolkit.writers.word import write
from toolkit.writers.word_template import template


def changed(layout: Layout, change: Callable[[WordDocument], object]) -> Layout:
    """The layout with a reference that somebody has worked on in Word."""
    document = docx.Document(BytesIO(layout.reference))
    change(document)
    saved = BytesIO()
    document.save(saved)
    return structs.replace(layout, reference=saved.getvalue())


def test_all_missing_styles_are_named_at_once(layout: Layout) -> None:
    def remove(document: WordDocument) -> None:
        for name in ("Quote", "Beløb", "toc 2"):
            document.styles[name].delete()

    with pytest.raises(UnusableReference) as caught:
        template(changed(layout, remove).reference, False)

    assert caught.value.missing == ("Quote", "toc 2", "Beløb")


def test_a_list_style_that_counts_nothing_is_missing_its_numbering(layout: Layout) -> None:
    def stop_counting(document: WordDocument) -> None:
        properties = document.styles["List Number 2"].element.pPr
        properties.remove(properties.numPr)

    with pytest.raises(UnusableReference, match=r"^List Number 2 \(numbering\)$"):
        template(changed(layout, stop_counting).reference, True)


def test_words_own_empty_document_lacks_ours(layout: Layout) -> None:
    saved = BytesIO()
    docx.Document().save(saved)

    with pytest.raises(UnusableReference) as caught:
        template(saved.getvalue(), False)

    assert {"Stamdata", "Nøgletal", "Bemærk", "Tabeltekst", "Beløb"} <= set(caught.value.missing)
    assert "Heading 1" not in caught.value.missing


@pytest.mark.parametrize("reference", [b"", b"%PDF-1.7", b"PK\x05\x06" + bytes(18)])
def test_what_is_no_word_file_is_refused(reference: bytes) -> None:
    with pytest.raises(UnusableReference, match="not a Word file"):
        template(reference, False)


def test_a_template_of_words_rules_as_a_document_does(empty: Document, layout: Layout) -> None:
    """A .dotx is the same file but for what it calls itself."""
    parts = unpack(layout.reference)
    types = parts["[Content_Types].xml"]
    parts["[Content_Types].xml"] = types.replace(b".document.main+xml", b".template.main+xml")

    assert types != parts["[Content_Types].xml"]
    assert write(empty, structs.replace(layout, reference=pack(parts))) == write(empty, layout)


def test_a_footers_logo_is_also_on_a_page_on_its_side(empty: Document, layout: Layout) -> None:
    def add(document: WordDocument) -> None:
        document.sections[0].footer.paragraphs[0].add_run("Asylgade 30").add_picture(BytesIO(png(BARS.svg, 80)))

    document = structs.replace(empty, blocks=(WIDE,))
    for section in docx.Document(BytesIO(write(document, changed(layout, add)))).sections:
        (picture,) = section.footer._element.xpath(".//a:blip/@r:embed")

        assert section.footer.part.related_parts[picture].content_type == "image/png"


def test_the_municipalitys_own_fonts_and_margins_are_kept(empty: Document, layout: Layout) -> None:
    def restyle(document: WordDocument) -> None:
        document.styles["Title"].font.name = "Verdana"
        document.sections[0].left_margin = Cm(4)

    written = docx.Document(BytesIO(write(empty, changed(layout, restyle))))

    assert written.styles["Title"].font.name == "Verdana"
    assert written.sections[0].left_margin is not None
    assert round(written.sections[0].left_margin.cm) == 4


def test_the_references_own_text_is_not(empty: Document, layout: Layout) -> None:
    written = docx.Document(
        BytesIO(write(empty, changed(layout, lambda document: document.add_paragraph("Prøvetekst"))))
    )

    assert [each.text for each in written.paragraphs] == ["Selvstyrende teams"]


def test_the_municipalitys_own_header_and_footer_stay_and_our_line_comes_last(empty: Document, layout: Layout) -> None:
    def add(document: WordDocument) -> None:
        document.sections[0].header.paragraphs[0].text = "Thisted Kommune"
        document.sections[0].footer.paragraphs[0].text = "Asylgade 30, 7700 Thisted"

    section = docx.Document(BytesIO(write(empty, changed(layout, add)))).sections[0]

    assert [each.text for each in section.header.paragraphs] == ["Thisted Kommune"]
    assert [each.text for each in section.footer.paragraphs] == ["Asylgade 30, 7700 Thisted", "\tSide 1 af 1"]


def test_every_kind_of_footer_that_the_reference_uses_gets_our_line(empty: Document, layout: Layout) -> None:
    def use(document: WordDocument) -> None:
        document.settings.odd_and_even_pages_header_footer = True
        document.sections[0].different_first_page_header_footer = True

    written = docx.Document(BytesIO(write(empty, changed(layout, use))))
    section = written.sections[0]

    for footer in (section.footer, section.even_page_footer, section.first_page_footer):
        assert [each.text for each in footer.paragraphs] == ["\tSide 1 af 1"]


def test_the_footers_own_tab_stops_do_not_move_our_page_number(empty: Document, layout: Layout) -> None:
    """Word's own Footer style has a stop in the middle."""
    other = changed(layout, lambda document: document.styles["Footer"].paragraph_format.tab_stops.add_tab_stop(Pt(200)))
    line = docx.Document(BytesIO(write(empty, other))).sections[0].footer.paragraphs[0]

    assert [round(stop.position.cm) for stop in line.paragraph_format.tab_stops][-1] == 16
    assert 'w:val="clear" w:pos="4000"' in line._p.xml


def test_headings_that_the_reference_numbers_lose_their_numbers_in_a_document_without(
    empty: Document, layout: Layout
) -> None:
    def number(document: WordDocument) -> None:
        numbering = document.styles["Heading 1"].element.get_or_add_pPr().get_or_add_numPr()
        numbering.get_or_add_numId().val = 4

    other = changed(layout, number)
    document = structs.replace(empty, blocks=(Heading(1, (Text("Resumé"),)),))

    def numbered_by(document: Document) -> object:
        properties = docx.Document(BytesIO(write(document, other))).styles["Heading 1"].element.pPr
        return None if properties.numPr is None else properties.numPr.numId.val

    assert numbered_by(document) is None
    assert numbered_by(structs.replace(document, numbered=True)) == 4


def test_only_what_a_document_needs_is_kept_of_the_reference(empty: Document, layout: Layout) -> None:
    saved = BytesIO()
    document = docx.Document()  # Word's own, with a thumbnail and more
    for style in docx.Document(BytesIO(layout.reference)).styles:
        if style.name in ("Stamdata", "Nøgletal", "Bemærk", "Tabeltekst", "Beløb", "toc 1", "toc 2", "Hyperlink"):
            kind = WD_STYLE_TYPE.CHARACTER if style.name == "Hyperlink" else WD_STYLE_TYPE.PARAGRAPH
            document.styles.add_style(style.name, kind)
    document.save(saved)
    parts = unpack(write(empty, structs.replace(layout, reference=saved.getvalue())))

    assert not [name for name in parts if "thumbnail" in name or "customXml" in name or "stylesWithEffects" in name]
    assert {"word/document.xml", "word/styles.xml", "word/numbering.xml", "docProps/core.xml"} <= set(parts)
