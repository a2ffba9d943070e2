from __future__ import annotations

import pytest

from toolkit.documents.form_names import UnknownName, unknown_names


@pytest.mark.parametrize(
    "template",
    [
        "{{ title }} {{ grant.awarded | kr }} {{ project_period.starts.year }}",
        "{% for line in budget.lines %}{{ loop.index }} {{ line.years[0].spent }}{% endfor %}",
        "{% for line in budget.lines if line.spent %}{{ line.title }}{% else %}{{ title }}{% endfor %}",
        "{% for goal in goals %}{% for each in goal.indicators %}{{ each.unit }}{% endfor %}{% endfor %}",
        "{% set first = goals | first %}{{ first.title }}",
        "{% set text %}{{ title }}{% endset %}{{ text }}",
        "{% with of = grant %}{{ of.awarded }}{% endwith %}",
        "{% macro amount(of) %}{{ of.anything }}{% endmacro %}{{ amount(grant) }}",
        '{{ goals | selectattr("text") | map(attribute="title") | listed }}',
        '{{ written("summary") }}{% if has("summary") %}{{ plural(1, "a", "b") }}{% endif %}',
        "{{ goals[0].title }} {{ goals | length }} {{ grant['awarded'] }}",
        "{% if area is defined and not grant.repaid %}{{ area ~ '' }}{% endif %}",
        "{% filter upper %}{{ title }}{% endfilter %}",
        "{% for number, goal in goals | batch(2) %}{{ goal.x }}{% endfor %}",
    ],
)
def test_names_that_are_facts_are_nothing_to_tell(template: str) -> None:
    assert unknown_names(template) == []


@pytest.mark.parametrize(
    ("template", "name", "near"),
    [
        ("{{ titel }}", "titel", "title"),
        ("{{ grant.awardd | kr }}", "grant.awardd", "grant.awarded"),
        ("{{ grant['awardd'] }}", "grant.awardd", "grant.awarded"),
        ("{{ budget.lines.spent }}", "budget.lines.spent", "budget.lines"),
        ("{% for line in budget.lines %}{{ line.spend }}{% endfor %}", "line.spend", "line.spent"),
        ("{% for line in budget.lines %}{% endfor %}{{ line.spent }}", "line", "docs/facts.md"),
        ("{% if areal %}x{% endif %}", "areal", "area"),
        ("{{ goals | selectattr(felt) | first }}", "felt", "docs/facts.md"),
        ("{{ (goals | first).titl }}", "….titl", "….title"),
        ("{{ goals[0].titl }}", "goals.0.titl", "goals.0.title"),
        ("{{ title.upper() }}", "title.upper", "title"),
        ("{{ project_period.starts.today() }}", "project_period.starts.today", "project_period.starts"),
        ("{% set of = grant %}{{ of.awardd }}", "of.awardd", "of.awarded"),
        ("{% if title %}{% elif grant.awardd %}{% endif %}", "grant.awardd", "grant.awarded"),
        ("{% include 'x' %}", "include cannot be used here", ""),
    ],
)
def test_a_name_that_is_no_fact_is_found_wherever_it_stands(template: str, name: str, near: str) -> None:
    assert [(found.name, found.near) for found in unknown_names(template)] == [(name, near)]


def test_each_is_told_once_for_each_line_in_their_order() -> None:
    assert unknown_names("{{ a1 }}{{ a1 }}\n{{ title }}\n{{ a1 }}{{ b1 }}") == [
        UnknownName("a1", 1, "docs/facts.md"),
        UnknownName("a1", 3, "docs/facts.md"),
        UnknownName("b1", 3, "docs/facts.md"),
    ]
