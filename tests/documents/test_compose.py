from __future__ import annotations

from datetime import date

import pytest
from msgspec import structs

from tests.core.worlds import AWARDED, JANUARY, PLAN, event, plan
from tests.documents.papers import LAYOUT, dossier, kind, occasion, prose, said, write, wrong
from toolkit.core.events import AnyEvent
from toolkit.core.money import kr
from toolkit.core.plan import Goal, Plan
from toolkit.documents.compose import CONSTRUCTED, DRAFT, Composed, compose
from toolkit.documents.from_state import facts_of
from toolkit.documents.kind import SectionSpec
from toolkit.documents.tree import PageBreak, Section, TableOfContents

TEXT = """\
# title

{{ title }}

# subtitle

Statusrapport for {{ period.text }}

# front

| | |
|:--|:--|
| Kommune | {{ municipality_name }} |
| Tilskud | {{ grant.awarded }} |

# s

{{ written("s") }}

# t

Tom{% if area %}t{% endif %}
"""


def made(text: str = TEXT, *, draft: bool = False, **changed: object) -> Composed:
    sections = (
        SectionSpec(name="t", heading="Til sidst"),
        SectionSpec(name="s", heading="Resumé", prose=True, required=True),
    )
    own = structs.replace(kind(text, *sections), **changed)
    return compose(own, LAYOUT, facts_of(dossier(), occasion()), prose("Skrevet."), draft=draft)


def test_a_document_has_its_title_its_front_and_its_day() -> None:
    document = made().document

    assert (document.title, document.subtitle) == ("Faste teams", "Statusrapport for 1.\xa0januar – 30.\xa0juni 2022")
    assert document.front == (("Kommune", "Thisted Kommune"), ("Tilskud", "500.000\xa0kr."))
    assert (document.author, document.subject, document.day) == ("Thisted Kommune", "Statusrapport", date(2022, 6, 30))
    assert document.running == "Thisted Kommune · Statusrapport"


def test_the_sections_stand_in_the_forms_order_whatever_order_they_were_written_in() -> None:
    assert [block.heading for block in made().document.blocks if isinstance(block, Section)] == ["Til sidst", "Resumé"]


def test_a_table_of_contents_stands_on_a_page_of_its_own() -> None:
    first, second, *_ = made(contents=True).document.blocks

    assert (first, second) == (TableOfContents(), PageBreak())


def test_a_front_of_three_columns_keeps_all_its_words() -> None:
    text = TEXT.replace("| | |\n|:--|:--|", "| | | |\n|--|--|--|").replace("awarded }} |", "awarded }} | i alt |")

    assert ("Tilskud", "500.000\xa0kr. i alt") in made(text).document.front


# ── constructed, or a draft ──────────────────────────────────────────────────────────────────

REAL_GRANT = "{{ grant.awarded }}"


def notices(text: str, of: Plan = PLAN, *events: AnyEvent) -> tuple[str, ...]:
    return write(text, of=dossier(of, (AWARDED, *events))).document.notices


def test_a_document_says_that_it_is_constructed_exactly_when_it_used_something_that_is() -> None:
    goals = plan(goals=(Goal(id="a", title="A"), Goal(id="b", title="B", synthetic=True)))

    assert notices("{{ goals[0].title }}", goals) == ()
    assert notices("{{ goals[1].title }}", goals) == (CONSTRUCTED,)
    assert notices("{% for goal in goals %}{{ goal.title }}{% endfor %}", goals) == (CONSTRUCTED,)
    assert notices("{{ title }}", plan(synthetic=True)) == (CONSTRUCTED,)


@pytest.mark.parametrize(
    ("happened", "text"),
    [
        (event("instalment-received", JANUARY, amount=kr(1), synthetic=True), "{{ grant.received }}"),
        (event("repaid", JANUARY, amount=kr(1), synthetic=True), "{{ grant.repaid }}"),
        (event("applied", date(2021, 11, 1), amount=kr(500_000), synthetic=True), "{{ grant.applied_on }}"),
        (event("deviation", JANUARY, cause="A", action="B", synthetic=True), "{{ deviations[0].cause }}"),
        (
            event("milestone-moved", JANUARY, milestone="teams-klar", due=JANUARY, cause="A", synthetic=True),
            "{{ milestones[0].due }}",
        ),
        (event("risk-changed", JANUARY, risk="data", likelihood="low", synthetic=True), "{{ risks[0].likelihood }}"),
        (event("person-changed", JANUARY, role="contact", name="A", synthetic=True), "{{ people[1].name }}"),
    ],
    ids=lambda value: getattr(value, "kind", ""),
)
def test_what_a_constructed_event_says_is_constructed_and_the_real_grant_beside_it_is_not(
    happened: AnyEvent, text: str
) -> None:
    assert notices(text, PLAN, happened) == (CONSTRUCTED,)
    assert notices(REAL_GRANT, PLAN, happened) == ()


def test_without_draft_a_missing_fact_is_an_error_and_the_draft_shows_it_and_says_so() -> None:
    finished, draft = write("{{ area }}"), write("{{ area }}", draft=True)

    assert wrong(finished) == [("fact-missing", "text.md:3")]
    assert finished.document.notices == ()
    assert wrong(draft) == []
    assert draft.document.notices == (DRAFT,)
    assert said(draft) == "[MANGLER: area]"


def test_a_draft_that_lacks_nothing_is_no_draft() -> None:
    assert write("{{ title }}", draft=True).document.notices == ()


def test_a_draft_forgives_what_is_missing_and_not_what_is_wrong() -> None:
    assert wrong(write("{{ area }} {{ tittle }}", draft=True)) == [("fact-unknown", "text.md:3")]


@pytest.mark.parametrize(
    ("written", "what"),
    [("---", "a line"), ("![et billede](a.png)", "a picture"), ("[her](#x)", "a link")],
)
def test_markdown_that_no_document_can_hold_is_told(written: str, what: str) -> None:
    (found,) = write("{{ written('s') }}", prose(f"a\n\n{written}\n\nb")).problems

    assert (found.code, found.words["kind"]) == ("markup-unsupported", "Statusrapport")
    assert found.phrases["what"].text.startswith(what)


def test_text_in_a_template_before_its_first_section_is_told() -> None:
    assert [code for code, _ in wrong(made("tabt\n\n" + TEXT))] == ["markup-unsupported"]
