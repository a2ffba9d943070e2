from __future__ import annotations

import re
from typing import Any

import pytest
from docx.document import Document
from docx.oxml.ns import qn
from msgspec import structs

from tests.core.worlds import AWARDED, RULES, plan, posting
from tests.documents.forms import named, opened, parts, said, word
from tests.documents.papers import LAYOUT, dossier, kind, occasion, prose
from toolkit.core.money import kr
from toolkit.core.plan import Plan
from toolkit.core.postings import Postings
from toolkit.documents.forms import Filled, check, fill, form
from toolkit.documents.from_state import facts_of

ENTITY = b'<!DOCTYPE w [<!ENTITY e SYSTEM "file:///etc/passwd">]><w:document'
NB = "\N{NO-BREAK SPACE}"


def filled(document: Document, text: str = "Vi følger planen.", of: Plan | None = None, **how: Any) -> Filled:
    world = dossier(of, (AWARDED,)) if of else dossier()
    return fill(opened(document), kind(""), LAYOUT, facts_of(world, occasion()), prose(text), named, **how)


def made(document: Document, text: str = "Vi følger planen.", **how: Any) -> list[str]:
    answer = filled(document, text, **how)
    assert answer.problems == ()
    return said(answer.parts)


def wrong(document: Document) -> list[tuple[str, str, str]]:
    """The code of each problem, the word it names, and where it is."""
    return [
        (found.code, next(iter(found.words.values()), ""), found.at.file)
        for found in check(opened(document), named).problems
    ]


# ── values ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("tag", "text"),
    [
        ("{{ title }}", "Faste teams"),
        ("{{ grant.awarded }}", f"500.000{NB}kr."),
        ("{{ grant.awarded | amount }}", "500.000"),
        ("{{ project_period.starts | long_date }}", f"1.{NB}januar 2022"),
        ("{{ budget.lines | length }}", "2"),
        ("Tilskuddet er {{ grant.awarded | kr }}.", f"Tilskuddet er 500.000{NB}kr."),
        ("{% if area %}i {{ area }}{% else %}overalt{% endif %}", "overalt"),
    ],
)
def test_a_fact_is_written_as_in_our_own_texts(tag: str, text: str) -> None:
    assert made(word(tag)) == [text]


@pytest.mark.parametrize("value", ["A & B <x>", "{{ title }}", "</w:t>", 'et "citat"', "1*2*3", "a\nb"])
def test_a_value_is_only_ever_text(value: str) -> None:
    assert made(word("{{ title }}"), of=plan(title=value)) == [value]


def test_a_row_is_repeated_for_each_item_of_a_list() -> None:
    table = [
        ["Post", "Budget"],
        ["{%tr for line in budget.lines %}", ""],
        ["{{ line.title }}", "{{ line.budget | amount }}"],
        ["{%tr endfor %}", ""],
    ]

    assert made(word(table)) == ["Post", "Budget", "Løn", "400.000", "Kurser", "100.000"]


def test_a_column_is_repeated_and_the_table_stays_one_that_word_takes() -> None:
    table = [["{%tc for line in budget.lines %}", "{{ line.title }}", "{%tc endfor %}"]]
    answer = filled(word(table))

    assert said(answer.parts) == ["Løn", "Kurser"]
    assert answer.parts["word/document.xml"].count(b"<w:gridCol ") == 2


def test_a_paragraph_is_left_out_on_a_condition() -> None:
    assert made(word("{%p if area %}", "i {{ area }}", "{%p endif %}", "Slut")) == ["Slut"]


def test_a_cell_that_a_condition_empties_keeps_a_paragraph_for_word() -> None:
    document = word([["{%p if area %}", "b"]])
    document.tables[0].cell(0, 0).add_paragraph("{{ area }}")
    document.tables[0].cell(0, 0).add_paragraph("{%p endif %}")

    assert made(document) == ["", "b"]


def test_headers_footers_and_footnotes_are_filled_too() -> None:
    document = word("Tekst")
    document.sections[0].header.paragraphs[0].text = "{{ title }}"
    document.sections[0].footer.paragraphs[0].text = "{{ municipality }}"
    answer = filled(document)

    assert [said(answer.parts, f"word/{part}.xml") for part in ("header1", "footer1")] == [
        ["Faste teams"],
        ["Thisted"],
    ]


def test_the_users_own_text_becomes_paragraphs_and_lists_of_the_form() -> None:
    text = "Første **vigtige** afsnit.\n\nAndet om {{ grant.awarded | kr }}.\n\n- a & b\n- c"

    assert made(word('Svar: {{ written("s") }}'), text) == [
        "Svar: Første vigtige afsnit.",
        f"Andet om 500.000{NB}kr.",
        "– a & b",
        "– c",
    ]


def test_markdown_that_a_form_cannot_hold_is_told() -> None:
    (found,) = filled(word('{{ written("s") }}'), "![billede](x.png)").problems

    assert found.code == "markup-unsupported"


def test_the_facts_that_were_used_are_remembered() -> None:
    answer = filled(word("{{ grant.awarded | kr }}"))

    assert answer.facts == {"grant.awarded": f"500.000{NB}kr."}
    assert not answer.synthetic


def test_what_the_form_says_is_given_to_the_guard_with_its_alt_texts_and_its_own_title() -> None:
    document = word("Navn: {{ title }}")
    document.core_properties.title = "Skemaet"
    answer = filled(document)

    assert "Navn: Faste teams" in answer.texts
    assert "Skemaet" in answer.texts[-1]


def test_ids_that_a_loop_repeats_stand_once() -> None:
    document = word("{%p for line in budget.lines %}", "{{ line.title }}", "{%p endfor %}")
    identity = "{http://schemas.microsoft.com/office/word/2010/wordml}paraId"
    repeated = document.paragraphs[1]._p
    repeated.set(identity, "00000001")
    mark = repeated.makeelement(qn("w:bookmarkStart"), {qn("w:id"): "1", qn("w:name"): "her"})
    repeated.append(mark)
    xml = filled(document).parts["word/document.xml"].decode()

    assert re.findall(r"<w:t[^>]*>([^<]*)</w:t>", xml) == ["Løn", "Kurser"]
    assert xml.count('paraId="00000001"') == xml.count("<w:bookmarkStart") == 1


# ── tags as Word leaves them ─────────────────────────────────────────────────────────────────


def test_a_tag_that_word_has_split_over_runs_is_whole_again_and_the_rest_keeps_its_looks() -> None:
    document = word("")
    for piece in ("Titel: ", "{", "{ ti", "tle }", "}", " slut"):
        document.paragraphs[0].add_run(piece).bold = piece == " slut"
    answer = filled(document)

    assert said(answer.parts) == ["Titel: Faste teams slut"]
    assert re.search(r"<w:b/></w:rPr><w:t[^>]*> slut</w:t>", answer.parts["word/document.xml"].decode())
    assert check(opened(document), named).mended == 1


@pytest.mark.parametrize("quotes", ["””", "“”", "„“", "»«", "\u2019\u2019", "\u2018\u2019"])
def test_quotes_that_word_has_curled_are_straight_again(quotes: str) -> None:
    assert made(word(f"{{{{ written({quotes[0]}s{quotes[1]}) }}}}")) == ["Vi følger planen."]


def test_quotes_outside_tags_stay_as_they_are() -> None:
    assert made(word("”{{ title }}” er ’navnet’")) == ["”Faste teams” er ’navnet’"]


def test_a_form_without_tags_comes_out_with_the_same_words() -> None:
    document = word("Ingen felter {her}", [["a", "b"]])

    assert made(document) == ["Ingen felter {her}", "a", "b"]
    assert check(opened(document), named).tags == 0


# ── what is wrong ────────────────────────────────────────────────────────────────────────────


def test_a_missing_fact_is_told_with_its_cell_and_nothing_is_filled() -> None:
    answer = filled(word("{{ title }}", [["a"]], [["x", "y"], ["x", "CVR: {{ cvr }}"]]))
    (found,) = answer.problems

    assert (found.code, found.words["fact"]) == ("fact-missing", "cvr")
    assert (found.at.file, found.at.column, found.at.text) == ("body 2:2:2", 6, "CVR: {{ cvr }}")
    assert answer.parts == {}


def test_a_draft_shows_what_is_missing_in_its_place() -> None:
    assert made(word("CVR: {{ cvr }}"), draft=True) == ["CVR: [MANGLER: cvr]"]


def test_text_that_must_be_written_is_told_too() -> None:
    assert [found.code for found in filled(word('{{ written("s") }}'), "").problems] == ["prose-missing"]


def test_an_unknown_name_is_found_without_any_facts_wherever_it_stands() -> None:
    document = word(
        "Ingenting {{ titel }}",
        [["{%tr for line in budget.lines %}"], ["{{ line.spend }}"], ["{%tr endfor %}"]],
        "{% if area %}{{ grant.awardd }}{% endif %}",
    )
    document.sections[0].header.paragraphs[0].text = "{{ munic }}"

    assert wrong(document) == [
        ("fact-unknown", "titel", "body 1"),
        ("fact-unknown", "line.spend", "body 1:2:1"),
        ("fact-unknown", "grant.awardd", "body 2"),
        ("fact-unknown", "munic", "header 1"),
    ]


def test_what_jinja_cannot_read_is_told_with_its_place() -> None:
    assert wrong(word("fint", "{{ title | skrig }}")) == [
        ("template-broken", "No filter named 'skrig'.", "body 2"),
    ]


def test_a_tag_that_does_not_end_in_its_paragraph_is_told_there() -> None:
    (found,) = check(opened(word("Titel: {{ title", "}}")), named).problems

    assert (found.code, found.words, found.at.file, found.at.column) == (
        "tag-unclosed",
        {"tag": "{{", "end": "}}"},
        "body 1",
        8,
    )


def test_tags_that_cut_across_cells_give_no_half_file() -> None:
    answer = filled(word("{% if area %}a", [["b{% endif %}"]]))

    assert [found.code for found in answer.problems] == ["tags-crossed"]
    assert answer.parts == {}


def test_final_money_in_a_form_has_a_budget_line_for_every_krone() -> None:
    final = structs.replace(kind(""), final=True)
    unplaced = dossier(postings=Postings((posting(kr(7), account="9999"),), RULES))
    answer = fill(opened(word("x")), final, LAYOUT, facts_of(unplaced, occasion()), prose("x"), named)

    assert [found.code for found in answer.problems] == ["not-all-allocated"]


# ── forms from strangers ─────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "tag",
    [
        "{{ title.__class__ }}",
        "{{ ''.__class__.__mro__ }}",
        "{{ grant.fact_ }}",
        "{{ written.__globals__ }}",
        "{{ cycler.__init__.__globals__ }}",
        "{% include '/etc/passwd' %}",
        "{% import 'os' as os %}",
        "{{ title | attr('__class__') }}",
        "{% for i in range(999999999) %}x{% endfor %}",
        "{{ 'x' * 999999999 }}",
        "{{ as_of.today() }}",
        "{% set x = goals.append(1) %}{{ x }}",
    ],
)
def test_a_form_reaches_nothing_but_the_facts(tag: str) -> None:
    answer = filled(word(tag))

    assert answer.parts == {}
    assert {found.code for found in answer.problems} <= {"template-broken", "fact-unknown", "fact-missing"}
    assert all(found.at.file == "body 1" for found in answer.problems)


def test_characters_of_our_own_tokens_in_a_form_are_no_values() -> None:
    assert made(word("\U000f0000\U000f0001{{ title }}\U000f0000")) == ["Faste teams"]


# ── what a form may be ───────────────────────────────────────────────────────────────────────


def test_a_word_template_becomes_a_document() -> None:
    kept = parts(word("{{ title }}"))
    types = kept["[Content_Types].xml"].replace(b"document.main+xml", b"template.main+xml")
    read = form({**kept, "[Content_Types].xml": types})

    assert read is not None
    assert b"template.main" not in read.parts["[Content_Types].xml"]


@pytest.mark.parametrize("change", ["no parts", "macros", "broken", "entities"])
def test_what_is_no_document_of_word_is_no_form(change: str) -> None:
    kept = parts(word("x"))
    types = kept["[Content_Types].xml"]
    changed = {
        "no parts": {},
        "macros": {**kept, "[Content_Types].xml": types.replace(b"</Types>", b"<!-- macroEnabled --></Types>")},
        "broken": {**kept, "word/document.xml": b"<w:document"},
        "entities": {**kept, "word/document.xml": kept["word/document.xml"].replace(b"<w:document", ENTITY, 1)},
    }

    assert form(changed[change]) is None


def test_the_parts_that_hold_no_tags_are_kept_byte_for_byte() -> None:
    document = word("{{ title }}")
    answer = filled(document)
    kept = parts(document)

    assert [name for name in kept if answer.parts[name] != kept[name]] == ["word/document.xml"]
