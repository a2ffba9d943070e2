from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from tests.writers.trees import BARS, BUDGET, paragraph, words
from toolkit.documents.kind import Layout
from toolkit.documents.markup import Values, parse, without_tokens
from toolkit.documents.tree import (
    Block,
    BulletList,
    Document,
    Heading,
    Inlines,
    LineBreak,
    Link,
    Missing,
    NumberedList,
    Paragraph,
    Quote,
    Table,
    Text,
)
from toolkit.writers.characters import clean
from toolkit.writers.markdown import write

PLAIN = Layout(name="plain")


def text_of(document: Document, *blocks: Block) -> str:
    """What stands below the title."""
    text = write(structs.replace(document, blocks=blocks), PLAIN).decode()
    return text.removeprefix(f"# {document.title}\n\n")


def read(text: str) -> tuple[Block, ...]:
    """The blocks of a text, as our own reader of Markdown finds them."""
    (section,), unsupported = parse(f"# s\n\n{text}", Values())
    assert unsupported == []
    return section.blocks


def test_a_report_reads_from_top_to_bottom(report: Document) -> None:
    text = write(structs.replace(report, numbered=True), PLAIN).decode()

    assert text.startswith(
        "# Statusrapport: Faste teams\n\nFørste halvår 2022\n\n**Konstrueret eksempel – ikke kommunens tal**\n\n"
        "- Pulje: Faste teams i ældreplejen\n- Bevilget: 6.994.528\u00a0kr.\n\n"
        "## Indhold\n\n- 1 Resumé\n- 2 Aktiviteter\n  - 2.1 Møder\n  - 2.2 Kurser\n- 3 Økonomi\n\n"
        "## 1 Resumé\n\nProjektet følger **planen**, siger *styregruppen*.\\\nLæs om [puljen hos styrelsen]"
    )
    assert "\n\n- Forbrugt: 62,5\u00a0pct.\n- Rest: 750.000\u00a0kr.\n\n" in text
    assert "\n\n4. Planlægning\n5. Rehabilitering\n\n1) Forfra\n\n> Vi kender borgerne nu.\n\n" in text
    assert "\n\nUden overskrift.\n" in text


def test_a_table_has_its_caption_above_it_and_a_strong_sum_row(empty: Document) -> None:
    assert text_of(empty, BUDGET) == (
        "Tabel 1. Budget og forbrug, kr.\n\n"
        "| Budgetpost | Budget | Forbrug |\n| :-- | --: | --: |\n"
        "| Løn | 1.500.000 | 1.000.000 |\n| Drift | 500.000 | 250.000 |\n"
        "| **I alt** | **2.000.000** | **1.250.000** |\n"
    )


def test_a_picture_is_its_words(empty: Document) -> None:
    assert text_of(empty, BARS, structs.replace(BARS, caption="")) == (
        f"Figur 1. Forbrug pr. kvartal, kr.\n\n{BARS.alt}\n\n{BARS.alt}\n"
    )


def test_a_missing_fact_is_strong(empty: Document) -> None:
    assert text_of(empty, Paragraph((Missing("grant.awarded"),))) == "**\\[MANGLER: grant.awarded\\]**\n"


@pytest.mark.parametrize(
    "block",
    [
        structs.replace(BUDGET, caption=""),
        structs.replace(BUDGET, caption="", total=None, rows=((words("a | b"), (), words("c\\")),)),
        Quote((paragraph("a"), Quote((paragraph("b"),)), BulletList(((paragraph("c"),),)))),
        BulletList(((paragraph("a"), NumberedList(((paragraph("b"),), (paragraph("c"), paragraph("d"))))),)),
        NumberedList(tuple((paragraph(str(number)),) for number in range(12)), start=98),
        Heading(2, words("C# og #")),
        Paragraph((Text("a"), LineBreak(), Text("1. b"), LineBreak(), Text("# c"))),
        Paragraph((Text("se "), Link("[puljen] *nu*", "https://www.sbst.dk/a?b=(1)&c=2"), Text("."))),
        Paragraph((Text("en "), Text("to", strong=True), Text(" "), Text("tre", strong=True, emphasis=True))),
    ],
)
def test_what_is_written_reads_back_as_it_was(empty: Document, block: Block) -> None:
    assert read(text_of(empty, block)) == (block,)


def test_two_lists_after_each_other_stay_two(empty: Document) -> None:
    bullets, numbers = BulletList(((paragraph("a"),),)), NumberedList(((paragraph("a"),),))
    blocks = (bullets, bullets, bullets, numbers, numbers)

    assert read(text_of(empty, *blocks)) == blocks


def test_a_space_at_the_end_of_strong_words_stands_outside_their_marks(empty: Document) -> None:
    assert text_of(empty, Paragraph((Text("Husk: ", strong=True), Text("nu")))) == "**Husk:** nu\n"


_MARKS = st.sampled_from(list("\\`*_{}[]<>()#+-.!|~=&:;/\"' 1aæ\u00a0\u00ad"))
_TEXT = st.text(st.one_of(_MARKS, st.characters(codec="utf-8")), min_size=1).map(
    lambda text: " ".join(without_tokens(clean(text)).split(" ")).strip()
)


@given(_TEXT.filter(bool))
def test_no_text_is_taken_for_markup_wherever_it_stands(text: str) -> None:
    document = Document(title="t", author="a", subject="s", day=date(2022, 1, 1), blocks=())
    content: Inlines = (Text(text),)
    table = Table((content, words("b")), ("left", "right"), ((content, content),))
    blocks = (Paragraph(content), BulletList(((Paragraph(content),),)), Quote((Paragraph(content),)), table)

    assert read(text_of(document, *blocks)) == blocks
