from __future__ import annotations

import os
import subprocess
import sys
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import docx
import pytest
from docx.enum.section import WD_ORIENT
from docx.section import Section as WordSection
from docx.text.paragraph import Paragraph as WordParagraph
from lxml import etree
from msgspec import structs

from tests.writers.trees import BARS, BUDGET, WIDE, paragraph, words
from toolkit.documents.kind import Layout
from toolkit.documents.tree import (
    Block,
    BulletList,
    Document,
    Figure,
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
    Table,
    TableOfContents,
    Text,
)
from toolkit.writers import Unsupported
from toolkit.writers.package import unpack
from toolkit.writers.word import write

NS = {"w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main"}
SUMMARY = """Projektet følger planen, siger styregruppen.
Læs om puljen hos styrelsen eller spørg [MANGLER: people.leader]"""
NESTED = BulletList(((BulletList(((BulletList(((BulletList(((),)),),)),),)),),))


class Written:
    """A Word file that was just written, to ask questions of."""

    def __init__(self, document: Document, layout: Layout) -> None:
        self.parts = unpack(write(document, layout))
        self.body = etree.fromstring(self.parts["word/document.xml"])
        self.opened = docx.Document(BytesIO(write(document, layout)))  # python-docx is another reader than ours

    def find(self, path: str) -> list[Any]:
        found = self.body.xpath(path, namespaces=NS)
        assert isinstance(found, list)
        return found

    def lines(self) -> list[tuple[str, str]]:
        """The name of the style and the text of each paragraph that is in no table."""
        return [(each.style.name, each.text) for each in self.opened.paragraphs if each.style]


@pytest.fixture
def written(report: Document, layout: Layout) -> Written:
    return Written(report, layout)


def of(empty: Document, layout: Layout, *blocks: Block) -> Written:
    return Written(structs.replace(empty, blocks=blocks), layout)


def test_a_report_reads_from_top_to_bottom_in_words_own_styles(written: Written) -> None:
    assert written.lines() == [
        ("Title", "Statusrapport: Faste teams"),
        ("Subtitle", "Første halvår 2022"),
        ("Bemærk", "Konstrueret eksempel – ikke kommunens tal"),
        ("Stamdata", "Pulje\tFaste teams i ældreplejen"),
        ("Stamdata", "Bevilget\t6.994.528\u00a0kr."),
        ("Heading 1", "Resumé"),
        ("Normal", SUMMARY),
        ("Nøgletal", "Forbrugt\t62,5\u00a0pct."),
        ("Nøgletal", "Rest\t750.000\u00a0kr."),
        ("Heading 1", "Aktiviteter"),
        ("Heading 2", "Møder"),
        ("List Bullet", "Styregruppe"),
        ("List Number 2", "januar"),
        ("List Number 2", "maj"),
        ("List Bullet", "Teammøder"),
        ("List Continue", "Hver uge."),
        ("Heading 2", "Kurser"),
        ("List Number", "Planlægning"),
        ("List Number", "Rehabilitering"),
        ("List Number", "Forfra"),
        ("Quote", "Vi kender borgerne nu."),
        ("Heading 1", "Økonomi"),
        ("Caption", "Tabel 1. Budget og forbrug, kr."),
        ("Normal", ""),  # keeps two tables apart
        ("Normal", "Uden overskrift."),
    ]  # fmt: skip


def test_the_file_says_what_it_is_without_asking_the_clock(written: Written) -> None:
    properties = written.opened.core_properties

    assert (properties.title, properties.subject) == ("Statusrapport: Faste teams", "Statusrapport, første halvår 2022")
    assert (properties.author, properties.last_modified_by) == ("Thisted Kommune", "Thisted Kommune")
    assert (properties.language, properties.keywords) == ("da-DK", "statusrapport, ældrepleje")
    assert properties.created is not None
    assert properties.created.replace(tzinfo=None) == datetime(2022, 6, 30)
    assert (properties.modified, properties.revision) == (properties.created, 1)


def test_the_page_is_a4_upright_and_the_text_16_cm_wide(written: Written) -> None:
    section = written.opened.sections[0]

    assert section.page_width is not None
    assert section.page_height is not None
    assert (round(section.page_width.cm, 1), round(section.page_height.cm, 1)) == (21.0, 29.7)
    assert section.orientation == WD_ORIENT.PORTRAIT
    assert section.left_margin == section.right_margin


def test_the_foot_of_each_page_says_what_it_is_and_which_page(written: Written) -> None:
    (footer,) = [name for name in written.parts if "footer" in name]
    text = str(etree.fromstring(written.parts[footer]).xpath("string()"))

    assert text.startswith("Thisted Kommune · StatusrapportSide  PAGE 1 af  NUMPAGES ")


def test_a_header_row_repeats_and_no_row_breaks(empty: Document, layout: Layout) -> None:
    table = of(empty, layout, BUDGET)

    assert len(table.find("//w:tr")) == len(table.find("//w:tr/w:trPr/w:cantSplit")) == 4
    assert table.find("//w:tr[w:trPr/w:tblHeader]") == table.find("//w:tr[1]")


def test_amounts_stand_to_the_right_and_the_sum_is_strong(empty: Document, layout: Layout) -> None:
    (table,) = of(empty, layout, BUDGET).opened.tables
    last = table.rows[-1].cells

    assert [cell.paragraphs[0].style.name for cell in last if cell.paragraphs[0].style] == [
        "Tabeltekst",
        "Beløb",
        "Beløb",
    ]
    assert [cell.text for cell in last] == ["I alt", "2.000.000", "1.250.000"]
    assert all(cell.paragraphs[0].runs[0].bold for cell in last)
    assert not table.rows[1].cells[0].paragraphs[0].runs[0].bold


def test_a_table_without_a_sum_ends_in_an_ordinary_row(empty: Document, layout: Layout) -> None:
    table = of(empty, layout, structs.replace(BUDGET, total=None))

    assert table.find("//w:tr[last()]//w:b") == []
    assert table.find("//w:tblLook/@w:lastRow") == ["0"]


def test_a_small_table_stays_on_one_page(empty: Document, layout: Layout) -> None:
    assert len(of(empty, layout, BUDGET).find("//w:tr[.//w:keepNext]")) == 3  # all rows but the last


def test_a_long_table_may_go_on_over_the_page_but_not_with_its_sum_alone(empty: Document, layout: Layout) -> None:
    table = of(empty, layout, structs.replace(BUDGET, rows=BUDGET.rows * 20))
    kept = [bool(row.xpath(".//w:keepNext", namespaces=NS)) for row in table.find("//w:tr")]

    assert kept == [True, True] + [False] * 37 + [True, True, False]


def test_a_caption_is_numbered_by_a_field_above_its_table(empty: Document, layout: Layout) -> None:
    two = of(empty, layout, BUDGET, BUDGET)

    assert [text for style, text in two.lines() if style == "Caption"] == [
        "Tabel 1. Budget og forbrug, kr.",
        "Tabel 2. Budget og forbrug, kr.",
    ]
    assert [each.text for each in two.find("//w:instrText")] == [" SEQ Tabel \\* ARABIC "] * 2


def test_a_table_tells_a_screen_reader_what_it_holds(empty: Document, layout: Layout) -> None:
    table = of(empty, layout, structs.replace(BUDGET, caption=""))

    assert table.find("//w:tblCaption/@w:val | //w:tblDescription/@w:val") == [
        "Budgetpost, Budget, Forbrug",
        "Kolonner: Budgetpost, Budget, Forbrug",
    ]


def test_what_follows_a_table_has_room_above_it(empty: Document, layout: Layout) -> None:
    after = of(empty, layout, BUDGET, paragraph("Der er"), paragraph("to ting"))

    assert [len(each.xpath("w:pPr/w:spacing", namespaces=NS)) for each in after.find("/*/*/w:p")][-2:] == [1, 0]


def test_a_numbered_document_numbers_its_headings_by_their_styles(report: Document, layout: Layout) -> None:
    numbered = Written(structs.replace(report, numbered=True), layout)

    for level, name in enumerate(("Heading 1", "Heading 2", "Heading 3")):
        properties = numbered.opened.styles[name].element.pPr
        assert properties.numPr.ilvl.val == level
    assert "1\tResumé\t" in "".join(
        "\t" if each.tag.endswith("}tab") else each.text or ""
        for each in numbered.find("//w:sdt//w:r/w:t | //w:sdt//w:r/w:tab")
    )


def test_another_document_of_the_same_layout_does_not(report: Document, layout: Layout) -> None:
    Written(structs.replace(report, numbered=True), layout)
    plain = Written(report, layout)

    assert plain.opened.styles["Heading 1"].element.pPr.numPr is None


def test_each_numbered_list_begins_where_it_says(written: Written) -> None:
    numbering = etree.fromstring(written.parts["word/numbering.xml"])
    used = written.find("//w:p/w:pPr/w:numPr/w:numId/@w:val")
    starts = [numbering.xpath(f"//w:num[@w:numId={number}]//w:startOverride/@w:val", namespaces=NS) for number in used]

    assert starts == [["1"], ["1"], ["4"], ["4"], ["1"]]
    assert len(set(used)) == 3


def test_the_contents_have_their_entries_and_pages_from_the_start(written: Written) -> None:
    entries = ["".join(each.itertext()) for each in written.find("//w:sdt//w:hyperlink")]

    assert [entry.partition(" PAGEREF")[0] for entry in entries] == [
        "Resumé",
        "Aktiviteter",
        "Møder",
        "Kurser",
        "Økonomi",
    ]
    assert all(entry.endswith("\\h 2") for entry in entries)  # the headings follow a page break
    assert b"updateFields" not in written.parts["word/settings.xml"]


def test_every_entry_of_the_contents_leads_to_its_heading(written: Written) -> None:
    anchors, marks = written.find("//w:sdt//w:hyperlink/@w:anchor"), written.find("//w:bookmarkStart/@w:name")

    assert anchors == marks
    assert len(set(marks)) == 5


def test_a_document_without_headings_has_no_contents(empty: Document, layout: Layout) -> None:
    assert of(empty, layout, TableOfContents(), paragraph("Tekst")).lines() == [
        ("Title", "Selvstyrende teams"),
        ("Normal", "Tekst"),
    ]


def test_a_cover_stands_alone_and_has_no_page_number(report: Document, layout: Layout) -> None:
    document = structs.replace(report, cover=True, blocks=(paragraph("Tekst"),))
    cover = Written(document, layout)

    assert cover.find("//w:titlePg") != []
    assert [each.text for each in cover.opened.paragraphs if each.paragraph_format.page_break_before] == ["Tekst"]
    assert Written(structs.replace(document, cover=False), layout).find("//w:titlePg | //w:pageBreakBefore") == []


def test_the_municipality_and_its_logo_stand_above_the_title_of_a_cover(report: Document, layout: Layout) -> None:
    own = structs.replace(layout, logo=BARS.svg, logo_alt="Thisted Kommunes logo")
    lines = [text for _, text in Written(structs.replace(report, cover=True), own).lines()]

    assert lines[:3] == ["", "Thisted Kommune", "Statusrapport: Faste teams"]
    assert Written(structs.replace(report, cover=True), own).find("//@descr") == ["Thisted Kommunes logo"]
    assert Written(report, own).find("//@descr") == []


def test_a_wide_table_lies_on_its_side_with_its_heading_and_the_rest_stands_upright(
    empty: Document, layout: Layout
) -> None:
    table = Section("economy", "Økonomi", (Heading(1, words("År for år")), WIDE, WIDE))
    one = of(empty, layout, paragraph("Før"), table, paragraph("Efter"), PageBreak(), WIDE)
    lying, texts = [], []
    for section in one.opened.sections:
        lying.append(section.orientation == WD_ORIENT.LANDSCAPE)
        texts.append([each.text for each in section.iter_inner_content() if isinstance(each, WordParagraph)])

    assert lying == [False, True, False, True]
    assert texts == [
        ["Selvstyrende teams", "Før"],
        ["Økonomi", "År for år", "Tabel 1. År for år, kr.", "Tabel 2. År for år, kr.", ""],
        ["Efter"],
        ["Tabel 3. År for år, kr.", ""],
    ]


def test_the_page_number_of_a_page_on_its_side_stands_at_its_own_right_margin(empty: Document, layout: Layout) -> None:
    def stop(section: WordSection) -> int:
        return round(list(section.footer.paragraphs[0].paragraph_format.tab_stops)[-1].position.mm)

    document = structs.replace(empty, running="Thisted Kommune", blocks=(paragraph("Før"), WIDE))
    upright, lying = Written(document, layout).opened.sections

    assert (stop(upright), stop(lying)) == (160, 247)
    assert lying.footer.paragraphs[0].text == "Thisted Kommune\tSide 1 af 2"


def test_a_cover_is_the_only_first_page_of_its_own(empty: Document, layout: Layout) -> None:
    document = structs.replace(empty, cover=True, blocks=(paragraph("Før"), WIDE, paragraph("Efter")))

    assert [each.different_first_page_header_footer for each in Written(document, layout).opened.sections] == [
        True,
        False,
        False,
    ]


@pytest.mark.parametrize("block", [Quote((WIDE,)), BulletList(((paragraph("Punkt"), WIDE),))])
def test_a_table_in_a_list_or_a_quote_turns_no_page(empty: Document, layout: Layout, block: Block) -> None:
    assert len(of(empty, layout, block).opened.sections) == 1


def test_contents_count_the_pages_that_lie_on_their_side(empty: Document, layout: Layout) -> None:
    long = structs.replace(WIDE, rows=WIDE.rows * 30)
    document = structs.replace(empty, blocks=(TableOfContents(), Heading(1, words("A")), long, Heading(1, words("B"))))

    lines = Written(document, layout).find("//w:sdt//w:hyperlink")

    assert ["".join(line.xpath(".//w:t/text()", namespaces=NS)) for line in lines] == ["A2", "B4"]


def test_a_new_page_begins_with_the_next_paragraph_or_row(empty: Document, layout: Layout) -> None:
    one = of(
        empty, layout, paragraph("a"), PageBreak(), paragraph("b"), PageBreak(), structs.replace(BUDGET, caption="")
    )

    assert ["".join(each.itertext()) for each in one.find("/*/*/w:p[w:pPr/w:pageBreakBefore]")] == ["b"]
    assert one.find("//w:tr[.//w:pageBreakBefore]") == one.find("//w:tr[1]")


def test_what_is_missing_is_marked(empty: Document, layout: Layout) -> None:
    (run,) = of(empty, layout, Paragraph((Missing("people.leader"),))).find("//w:r[w:rPr/w:highlight]")

    assert "".join(run.itertext()) == "[MANGLER: people.leader]"


def test_strong_words_in_a_heading_stay_strong(empty: Document, layout: Layout) -> None:
    heading = of(empty, layout, Heading(1, (Text("Vigtigt", strong=True), Text(" her"))))

    assert [each.bold for each in heading.opened.paragraphs[1].runs] == [True, None]


def test_links_to_one_address_share_it(empty: Document, layout: Layout) -> None:
    link = Link("puljen", 'https://a.dk/?x=1&y="2"')
    links = of(empty, layout, Paragraph((link, Text(" og "), link, LineBreak(), Link("skriv", "mailto:a@b.dk"))))
    targets = [each.target_ref for each in links.opened.part.rels.values() if each.is_external]

    assert targets == ['https://a.dk/?x=1&y="2"', "mailto:a@b.dk"]
    assert len(links.find("//w:hyperlink")) == 3


@pytest.mark.parametrize(
    "text", ["A & B <x>", "1*2*3", "Løn | drift", "»øre« \"øre\" 'øre'", "6.994.528\u00a0kr.", " a  b "]
)
def test_text_means_itself_everywhere(empty: Document, layout: Layout, text: str) -> None:
    table = Table(header=(words(text),), align=("left",), rows=((words(text),),), caption=text)
    document = structs.replace(
        empty, title=text, front=((text, text),), notices=(text,), running=text, blocks=(table, Heading(1, words(text)))
    )
    odd = Written(document, layout)

    assert [each for _, each in odd.lines()] == [text, text, f"{text}\t{text}", f"Tabel 1. {text}", text]
    assert [cell.text for cell in odd.opened.tables[0].columns[0].cells] == [text, text]
    assert odd.opened.sections[0].footer.paragraphs[0].text.startswith(f"{text}\tSide ")
    assert odd.opened.core_properties.title == text


def test_control_characters_do_not_break_the_file(empty: Document, layout: Layout) -> None:
    assert of(empty, layout, paragraph("Lø\x00n\x0b2022")).lines()[1] == ("Normal", "Løn 2022")


def test_hyphens_that_the_font_lacks_are_words_own(empty: Document, layout: Layout) -> None:
    hyphens = of(empty, layout, paragraph("Lokal\u2011MED og hjemme\u00adpleje"))

    assert len(hyphens.find("//w:noBreakHyphen")) == len(hyphens.find("//w:softHyphen")) == 1


def test_an_item_without_a_first_paragraph_keeps_its_number(empty: Document, layout: Layout) -> None:
    items = NumberedList(((), (BulletList(((paragraph("dybt"),),)),)))

    assert of(empty, layout, items).lines()[1:] == [("List Number", ""), ("List Number", ""), ("List Bullet 2", "dybt")]


def test_key_figures_and_quotes_stand_where_they_are(empty: Document, layout: Layout) -> None:
    both = of(empty, layout, Quote((paragraph("a"), KeyFigures(((words("b"), words("c")),)))))

    assert both.lines()[1:] == [("Quote", "a"), ("Nøgletal", "b\tc")]


def test_a_picture_has_its_words_its_size_and_below_it_a_caption_that_may_leave_it(
    empty: Document, layout: Layout
) -> None:
    written = of(empty, layout, BARS, paragraph("Derfor."))

    (shape,) = written.opened.inline_shapes
    assert (shape.width.mm, shape.height.mm) == (80, 20)
    assert shape._inline.docPr.get("descr") == BARS.alt
    assert written.parts["word/media/figure1.png"].startswith(b"\x89PNG")
    assert written.lines()[1:] == [
        ("Normal", ""),
        ("Caption", "Figur 1. Forbrug pr. kvartal, kr."),
        ("Normal", "Derfor."),
    ]
    picture, caption = written.find("//w:p")[1:3]
    assert picture.xpath("./w:pPr/w:keepNext[not(@w:val)]", namespaces=NS)
    assert caption.xpath("./w:pPr/w:keepNext[@w:val='0']", namespaces=NS)
    assert caption.xpath(".//w:instrText[contains(., 'SEQ Figur')]", namespaces=NS)


def test_pictures_and_tables_are_counted_apart_and_a_wide_one_is_made_to_fit(empty: Document, layout: Layout) -> None:
    wide = structs.replace(BARS, svg=BARS.svg.replace('"80mm"', '"320mm"').replace('"20mm"', '"40mm"'))
    written = of(empty, layout, BARS, BUDGET, wide, structs.replace(BARS, caption=""))

    captions = [text for style, text in written.lines() if style == "Caption"]
    assert [text.partition(".")[0] for text in captions] == ["Figur 1", "Tabel 1", "Figur 2"]
    assert [round(shape.width.mm) for shape in written.opened.inline_shapes] == [80, 160, 80]
    assert [round(shape.height.mm) for shape in written.opened.inline_shapes] == [20, 20, 20]


@pytest.mark.parametrize(
    ("block", "what"),
    [
        (Figure("<svg/>", "Søjler"), "a picture that does not give its width and height in mm"),
        (NESTED, "lists within lists, more than 3 deep"),
        (
            Section(
                "a", "1", (Section("b", "2", (Section("c", "3", (Section("d", "4", (Section("e", "5", ()),)),)),)),)
            ),
            "headings below headings, more than 4 deep",
        ),
    ],
)
def test_what_word_cannot_show_is_refused_by_name(empty: Document, layout: Layout, block: Block, what: str) -> None:
    with pytest.raises(Unsupported, match=what):
        of(empty, layout, block)


def test_the_same_document_is_the_same_bytes(report: Document, layout: Layout) -> None:
    assert write(report, layout) == write(structs.replace(report), layout)


def test_another_day_is_another_date_and_nothing_more(report: Document, layout: Layout) -> None:
    today, later = unpack(write(report, layout)), unpack(write(structs.replace(report, day=date(2023, 1, 1)), layout))

    assert [name for name in today if today[name] != later[name]] == ["docProps/core.xml"]


def test_every_file_in_the_zip_has_the_same_date_and_system(report: Document, layout: Layout) -> None:
    with ZipFile(BytesIO(write(report, layout))) as file:
        entries = file.infolist()

    assert entries[0].filename == "[Content_Types].xml"
    assert {(entry.date_time, entry.create_system) for entry in entries} == {((1980, 1, 1, 0, 0, 0), 0)}


def test_another_time_zone_hash_seed_and_folder_give_the_same_bytes(layout: Layout, tmp_path: Path) -> None:
    program = (
        "import sys; from hashlib import sha256; from datetime import date;"
        "from toolkit.documents.tree import Document, Figure, Link, Paragraph;"
        "from toolkit.documents.kind import Layout; from toolkit.writers import WRITERS;"
        "layout = Layout(name='a', reference=open(sys.argv[1], 'rb').read());"
        "link = Paragraph((Link('puljen', 'https://a.dk'), Link('andre', 'https://b.dk')));"
        "figure = Figure(sys.argv[2], 'Forbruget stiger');"
        "document = Document(title='a', author='b', subject='c', day=date(2022, 1, 1), numbered=True,"
        "    blocks=(link, figure));"
        "print(*(sha256(write(document, layout)).hexdigest() for write in WRITERS.values()))"
    )
    file = tmp_path / "reference.docx"
    file.write_bytes(layout.reference)
    root = str(Path(__file__).parents[2])

    def run(zone: str, seed: str, language: str, folder: Path) -> str:
        changed = {"TZ": zone, "PYTHONHASHSEED": seed, "LC_ALL": language, "PYTHONPATH": root}
        command = [sys.executable, "-c", program, str(file), BARS.svg]
        environment = {**os.environ, **changed}
        return subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True, check=True).stdout

    here = run("Pacific/Auckland", "1", "C", tmp_path)
    assert here == run("America/Los_Angeles", "2", "da_DK.UTF-8", Path("/")) != ""
