from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from msgspec import structs

from tests.core.worlds import PLAN, event, plan, posting
from tests.core.worlds import RULES as ALLOCATION
from tests.documents.papers import dossier, occasion, prose, said, write, wrong
from toolkit.core.money import kr
from toolkit.core.plan import Indicator, Statement
from toolkit.core.postings import Postings
from toolkit.documents.compose import CONSTRUCTED
from toolkit.documents.tree import Figure, walk

NB = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"
FILE = "texts/status-report/2022-06-30.md"
SPENT = dossier(postings=Postings((posting(kr(125_000, 50)),), ALLOCATION))


# ── how a fact writes itself ─────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("{{ title }}", "Faste teams"),
        ("{{ municipality_name }}", "Thisted Kommune"),
        ("{{ grant.awarded }}", f"500.000{NB}kr."),
        ("{{ grant.awarded | amount }}", "500.000"),
        ("{{ grant.awarded | oere }}", "500.000,00"),
        ("{{ grant.awarded | mio }}", f"0,5{NB}mio.{NB}kr."),
        ("{{ budget.spent | about }}", f"godt 125.000{NB}kr."),
        ("{{ budget.used }}", f"25{NB}pct."),
        ("{{ as_of }}", f"30.{NB}juni 2022"),
        ("{{ as_of | short_date }}", "30-06-2022"),
        ("{{ project_period.starts.year }}", "2022"),
        ("{{ project_period.text }}", f"1.{NB}januar 2022 – 31.{NB}december 2023"),
        ("{{ phases[0].title | uncap }}", "etablering"),
        ("{{ phases[0].running }}", "ja"),
        ("{{ phases | map(attribute='title') | listed }}", "Etablering og Drift"),
        ("{{ plural(phases | length, 'én fase', 'faser') }}", f"to{NB}faser"),
        ("{{ 1 / 3 }}", "0,33"),
    ],
)
def test_a_fact_writes_itself_the_danish_way(written: str, text: str) -> None:
    composed = write(written, of=SPENT)

    assert (said(composed), wrong(composed)) == (text, [])


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("{{ grant.awarded - budget.spent }}", f"374.999,50{NB}kr."),
        ("{{ grant.awarded + budget.spent }}", f"625.000,50{NB}kr."),
        ("{{ budget.lines | sum(attribute='spent') }}", f"125.000,50{NB}kr."),
        ("{{ -budget.spent }}", f"{MINUS}125.000,50{NB}kr."),
        ("{{ budget.spent * 2 }}", f"250.001{NB}kr."),
        ("{{ 2 * budget.spent }}", f"250.001{NB}kr."),
        ("{{ budget.spent / 2 }}", f"62.500,25{NB}kr."),
        ("{{ budget.spent / grant.awarded }}", f"25{NB}pct."),
        ("{{ (budget.spent - grant.awarded) | abs }}", f"374.999,50{NB}kr."),
        ("{{ budget.spent ~ ' er brugt' }}", f"125.000,50{NB}kr. er brugt"),
        ("{{ '%s i alt' | format(budget.spent) }}", f"125.000,50{NB}kr. i alt"),
    ],
)
def test_what_is_worked_out_of_amounts_is_an_amount_and_never_oere(written: str, text: str) -> None:
    composed = write(written, of=SPENT)

    assert (said(composed), wrong(composed)) == (text, [])


@pytest.mark.parametrize("filter", ["int", "float", "round"])
def test_an_amount_cannot_be_made_a_bare_number_of_oere(filter: str) -> None:
    assert wrong(write(f"{{{{ grant.awarded | {filter} }}}}")) == [("template-broken", "text.md:3")]


def test_zero_is_said_and_only_what_is_not_given_is_a_dash() -> None:
    measured = plan(indicators=(Indicator(id="x", title="X", baseline=Fraction(0)),))
    text = "{{ indicators[0].baseline | or_dash }} {{ indicators[0].target | or_dash }}"

    assert said(write(text, of=dossier(measured))) == "0 –"


def test_nothing_in_a_fact_is_taken_for_markup_or_for_a_template() -> None:
    nasty = "**A & B** {{ grant.awarded }} | <x>"

    assert said(write("{{ purpose.text }}", of=dossier(plan(purpose=Statement(text=nasty))))) == nasty


# ── what is missing ──────────────────────────────────────────────────────────────────────────


def test_a_fact_that_nobody_has_given_is_a_problem_where_it_would_be_written() -> None:
    composed = write("a\n\nb {{ area }} c")

    assert wrong(composed) == [("fact-missing", "text.md:5")]
    assert composed.problems[0].words == {"fact": "area"}
    assert composed.problems[0].at.text == "b {{ area }} c"
    assert said(composed) == "a\nb [MANGLER: area] c"


@pytest.mark.parametrize("text", ["{{ purpose.text }}", "{{ fund.agency | uncap }}", "{{ grant.file_number }}"])
def test_a_fact_is_missing_however_deep_and_through_every_filter(text: str) -> None:
    assert [code for code, _ in wrong(write(text))] == ["fact-missing"]


def test_a_missing_fact_is_only_a_problem_where_it_is_written() -> None:
    composed = write("{% if area %}Området er {{ area }}.{% else %}Intet område.{% endif %}")

    assert (said(composed), wrong(composed)) == ("Intet område.", [])


def test_what_a_scaffold_left_to_fill_in_is_missing() -> None:
    unfilled = dossier(plan(purpose=Statement(text="MANGLER: formålet med jeres egne ord")))

    assert wrong(write("{{ purpose.text }}", of=unfilled)) == [("fact-missing", "text.md:3")]
    assert said(write("{% if purpose.text %}ja{% else %}nej{% endif %}", of=unfilled)) == "nej"


@pytest.mark.parametrize(
    ("text", "fact", "near"),
    [
        ("{{ grant.awardet }}", "grant.awardet", "grant.awarded"),
        ("{{ tittle }}", "tittle", "title"),
        ("{{ phases[0].titel }}", "phases.fase-1.titel", "phases.fase-1.title"),
        ("{{ project_period }}", "project_period.", "project_period.starts, project_period.ends, project_period.text"),
    ],
)
def test_a_fact_that_does_not_exist_is_told_with_the_one_that_was_meant(text: str, fact: str, near: str) -> None:
    composed = write(text)

    assert [(found.code, found.words) for found in composed.problems] == [
        ("fact-unknown", {"fact": fact, "near": near})
    ]


# ── the user's own text ──────────────────────────────────────────────────────────────────────


def test_the_users_text_may_say_facts_too() -> None:
    assert said(write("{{ written('s') }}", prose("Vi fik {{ grant.awarded }}.\n\n- et\n- to"))) == (
        f"Vi fik 500.000{NB}kr.\net\nto"
    )


def test_what_is_wrong_in_the_users_text_is_shown_in_the_users_file() -> None:
    composed = write("{{ written('s') }}", prose("Først.\n\nSå {{ grant.awardet }}.\n{{ area }}"))

    assert wrong(composed) == [("fact-unknown", f"{FILE}:5"), ("fact-missing", f"{FILE}:6")]


def test_a_text_that_must_be_written_and_is_not_is_a_problem() -> None:
    for unwritten in (prose(""), prose("  \n"), prose("Andet", heading="Resume")):
        codes = [code for code, _ in wrong(write("{{ written('s') }}", unwritten))]
        assert "prose-missing" in codes


def test_a_heading_that_no_section_has_would_lose_its_text_and_is_told() -> None:
    composed = write("{{ written('s') }}", prose("Tekst", heading="Resume"))

    assert ("prose-heading-unknown", f"{FILE}:1") in wrong(composed)
    assert composed.problems[0].words == {"heading": "Resume", "known": "Resumé"}


def test_an_underlined_heading_in_the_users_text_would_lose_what_follows_and_is_told() -> None:
    composed = write("{{ written('s') }}", prose("Først.\n\nMit eget\n========\n\nTabt."))

    assert wrong(composed) == [("prose-heading-unknown", f"{FILE}:5")]


def test_a_template_may_ask_whether_a_text_was_written() -> None:
    asked = "{% if has('s') %}ja{% else %}nej{% endif %}"

    assert (said(write(asked, prose("Tekst"))), said(write(asked, prose("")))) == ("ja", "nej")


# ── a template is a stranger's ───────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "text",
    [
        "{% if %}",
        "{{ title",
        "{% for x in %}",
        "{{ title | no_such_filter }}",
        "{{ title | kr }}",
        "{{ 1 // 0 }}",
        "{% include 'andet.md' %}",
        "{% import 'andet.md' as andet %}",
        "{{ plural('x', 'en', 'flere') }}",
        "{% for each in grant %}{% endfor %}",
        "{{ goals.append(1) }}",
        "{{ [].append(1) }}",
        "{{ goals }}",
        "{{ written }}",
        "{{ self }}",
        "{{ phases | batch(2) }}",
        "{{ project_period.ends - project_period.starts }}",
        "{{ lipsum() }}",
        "{{ as_of.today() }}",
        "{{ as_of.strftime('%B') }}",
        "{{ phases | random }}",
        "{{ 9 ** 9 ** 9 }}",
        "{{ 'x' * 10 }}",
        "{{ [1] * 10 }}",
        "{% for i in range(100001) %}{% endfor %}",
    ],
)
def test_what_a_template_does_wrong_ends_as_a_problem_with_its_line(text: str) -> None:
    assert wrong(write(f"en linje\n\n{text}")) == [("template-broken", "text.md:5")]


def test_what_the_users_text_does_wrong_is_shown_there_line_by_line() -> None:
    composed = write("{{ written('s') }}", prose("a\n{% for x in phases %}\n\n{{ 1 // 0 }}\n{% endfor %}"))

    assert wrong(composed) == [("template-broken", f"{FILE}:6")]


@pytest.mark.parametrize(
    "text",
    ["{% macro a() %}{{ a() }}{% endmacro %}{{ a() }}", "{{ written('s') }}"],
)
def test_a_text_that_calls_itself_ends_as_a_problem(text: str) -> None:
    composed = write(text, prose("igen {{ written('s') }}"))

    assert {found.code for found in composed.problems} == {"template-broken"}


@pytest.mark.parametrize(
    "text",
    [
        "{{ title.__class__.__mro__ }}",
        "{{ ''.__class__ }}",
        "{{ grant.fact_ }}",
        "{{ grant['fact_'] }}",
        "{{ grant | attr('fact_') }}",
        "{{ grant | attr('__class__') }}",
        "{{ written.__globals__ }}",
        "{{ area.path_ }}",
        "{{ [grant] | map(attribute='fact_') | first }}",
        "{{ cycler.__init__ }}",
    ],
)
def test_nothing_behind_the_facts_can_be_read(text: str) -> None:
    composed = write(text)

    assert [found.code for found in composed.problems] in (["fact-unknown"], ["fact-missing"])
    assert "<" not in said(composed)


def test_a_format_string_reads_no_more_than_a_template_may() -> None:
    assert "Grant" not in said(write("{{ '{0.fact_}'.format(grant) }} {{ '{0.__class__}'.format(title) }}"))


@pytest.mark.parametrize("text", ["replace('u', 'v')", "upper", "truncate(12)", "reverse", "e", "trim"])
def test_no_filter_makes_one_value_of_another(text: str) -> None:
    """A value travels as a token: what a filter does to the text around it must not make it another value."""
    composed = write(f"{{% filter {text} %}}{{{{ title }}}} {{{{ grant.awarded }}}}{{% endfilter %}}")

    assert set(said(composed).split(" ")) <= {"Faste", "teams", f"500.000{NB}kr.", "", "..."}


def test_one_documents_values_are_not_anothers() -> None:
    first, second = write("{{ title }}"), write("{{ municipality }}", of=dossier(plan(municipality="Morsø")))

    assert (said(first), said(second)) == ("Faste teams", "Morsø")


# ── what was used ────────────────────────────────────────────────────────────────────────────


def test_a_document_knows_which_facts_it_used() -> None:
    composed = write("{{ grant.awarded }}{% if phases[1].running %}{{ phases[1].title }}{% endif %}")

    assert set(composed.used) == {"", "grant.awarded", "phases.fase-2.running"}


def test_a_fact_that_is_only_asked_for_counts_as_used() -> None:
    constructed = dossier(events=(event("deviation", date(2022, 2, 1), cause="A", action="B", synthetic=True),))

    assert write("{% if deviations[0].cause %}Der er afvigelser.{% endif %}", of=constructed).document.notices
    assert not write("{{ title }}", of=constructed, on=occasion()).document.notices
    assert PLAN.synthetic is False


# ── pictures ─────────────────────────────────────────────────────────────────────────────────


def test_a_picture_is_drawn_from_the_facts_and_what_it_shows_has_been_used() -> None:
    composed = write("Figur: Faser\n\n{{ picture('timeline') }}", of=SPENT)

    (figure,) = (block for block in walk(composed.document.blocks) if isinstance(block, Figure))
    assert (figure.name, figure.caption, wrong(composed)) == ("tidslinje", "Faser", [])
    assert {"phases.fase-1.title", "milestones.teams-klar.due", "project_period.ends"} <= set(composed.used)
    assert composed.facts["phases.fase-1.ends"] == f"30.{NB}juni 2022"


@pytest.mark.parametrize("entry", ["phases", "milestones"])
def test_a_picture_of_something_made_up_says_that_the_document_is(entry: str) -> None:
    made_up = plan(**{entry: tuple(structs.replace(each, synthetic=True) for each in getattr(PLAN, entry))})

    assert write("{{ picture('timeline') }}").document.notices == ()
    assert write("{{ picture('timeline') }}", of=dossier(made_up)).document.notices == (CONSTRUCTED,)


def test_a_picture_of_what_is_not_there_is_a_fact_that_is_missing() -> None:
    assert wrong(write("{{ picture('budget') }}", of=dossier(plan(budgets=()), events=()))) == [
        ("fact-missing", "text.md:3")
    ]
    assert wrong(write("{{ picture('tidslinje') }}")) == [("fact-unknown", "text.md:3")]


def test_a_section_that_is_none_of_the_documents_is_told() -> None:
    composed = write('{{ written("sammendrag") }}')

    assert [found.code for found in composed.problems] == ["fact-unknown"]
