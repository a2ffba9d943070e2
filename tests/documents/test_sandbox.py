"""What a stranger's template asks for ends soon, in a text or in a refusal."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import TemplateError

from tests.limits import within
from toolkit.documents.sandbox import Sandbox, begin

SANDBOX = Sandbox(autoescape=True)


def rendered(template: str, **values: object) -> str:
    begin()
    with within(30):
        return SANDBOX.from_string(template).render(values)


DOUBLED = "{% set a0 = ['x'] %}" + "".join(f"{{% set a{n + 1} = [a{n}, a{n}] %}}" for n in range(60))
TEXTS = "{% set t0 = 'x' %}" + "".join(f"{{% set t{n + 1} = t{n} ~ t{n} %}}" for n in range(60))
SUMS = "{% set s0 = 'x' %}" + "".join(f"{{% set s{n + 1} = s{n} + s{n} %}}" for n in range(60))
SQUARES = "{% set n0 = 9 %}" + "".join(f"{{% set n{n + 1} = n{n} * n{n} %}}" for n in range(60))
MACROS = "{% macro m0() %}x{% endmacro %}" + "".join(
    f"{{% macro m{n + 1}() %}}{{{{ m{n}() }}}}{{{{ m{n}() }}}}{{% endmacro %}}" for n in range(60)
)


@pytest.mark.parametrize(
    "template",
    [
        "{% for a in range(9999) %}{% for b in range(9999) %}{% endfor %}{% endfor %}",
        "{% for a in range(9999) %}{% for b in range(9999) %}x{% endfor %}{% endfor %}",
        "{% for a in range(9999) %}" + "x" * 100_000 + "{% endfor %}",
        "{% for a in range(9999) if range(9999) | sum %}{% endfor %}",
        "{% for a in range(9999) %}{{ range(9999) | list | length }}{% endfor %}",
        "{% for a in [1] recursive %}{{ loop([1]) }}{% endfor %}",
        "{% set x = namespace(a='x') %}{% for n in range(60) %}{% set x.a = x.a ~ x.a %}{% endfor %}",
        "{% macro m() %}{{ m() }}{{ m() }}{% endmacro %}{{ m() }}",
        "{% macro m(n) %}{% if n %}{{ m(n - 1) }}{{ m(n - 1) }}{% endif %}{% endmacro %}{{ m(60) }}",
        MACROS + "{{ m60() }}",
        TEXTS,
        SUMS,
        SQUARES,
        DOUBLED + "{{ a60 | string }}",
        DOUBLED + "{{ a60 ~ '' }}",
        DOUBLED + "{{ a60 == a60 }}",
        DOUBLED + "{{ a60 | tojson }}",
        DOUBLED + "{% set b = {'a': a60} %}",
        "{{ 'a' * 9999999999 }}",
        "{{ [1] * 9999999999 }}",
        "{{ 9 ** 9 ** 9 }}",
        "{{ '%9999999999d' % 1 }}",
        "{{ '%9999999999d' | format(1) }}",
        "{{ '{:9999999999}'.format(1) }}",
        "{{ 'a'.ljust(9999999999) }}",
        "{{ 'a' | center(9999999999) }}",
        "{{ 'a' | indent(9999999999) }}",
        "{{ range(9999999999) }}",
        "{{ lipsum(n=9999999999) }}",
        "{{ range(9999) | join('x' | replace('x', t)) }}",
        "{{ range(9999) | join(t) }}",
        "{{ t | replace('x', t) }}",
        "{{ '%(a)s%(a)s%(a)s' | format(a=t) }}",
        "{{ range(9999) | map(attribute='x') | map('default', t) | join }}",
    ],
)
def test_a_template_that_takes_much_is_refused(template: str) -> None:
    with pytest.raises((TemplateError, RecursionError, TypeError)):
        rendered(template, t="x" * 90_000)


@pytest.mark.parametrize(
    "template",
    [
        "{% if 1 %}" * 500 + "{% endif %}" * 500,
        "{% for a in [1] %}" * 60 + "{% endfor %}" * 60,
        "{{ " + "(" * 900 + "1" + ")" * 900 + " }}",
        "{{ " + "-" * 3_000 + "1 }}",
        "{{ a" + ".b" * 5_000 + " }}",
        "{{ " + "[" * 900 + "]" * 900 + " }}",
        "{{ " + "9" * 5_000 + " }}",
        "{{ 1e999 }}{{ x",
    ],
)
def test_what_only_python_cannot_read_is_wrong_as_any_other_template_is(template: str) -> None:
    with suppress(TemplateError):
        rendered(template)


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("{% for a in items %}{{ loop.index }}/{{ loop.length }}{{ ',' if not loop.last }}{% endfor %}", "1/3,2/3,3/3"),
        ("{% for a, b in {'x': 1}.items() %}{{ a }}{{ b }}{% endfor %}", "x1"),
        ("{% for a in [] %}{% else %}tom{% endfor %}", "tom"),
        ("{% for a in items if a > 1 %}{{ a }}{% endfor %}", "23"),
        ("{{ items | join(', ') }}|{{ items | map('string') | join }}", "1, 2, 3|123"),
        ("{{ '<b>' ~ items[0] ~ mark }}", "&lt;b&gt;1<i>"),
        ("{{ ['<', mark] | join('&') }}", "&lt;&amp;<i>"),
        ("{{ 'a b' | replace(' ', '-') }}{{ '%s kr.' | format(7) }}", "a-b7 kr."),
        ("{{ 7 // 2 }}{{ 7 % 2 }}{{ 3 * 2 }}{{ [1] + [2] }}{{ 'a' + 'b' }}", "316[1, 2]ab"),
        ("{% macro m(a) %}({{ a }}{{ caller() }}){% endmacro %}{% call m(2) %}x{% endcall %}", "(2x)"),
        ("{{ missing | default('x') }}{{ 'a' in 'abc' }}{{ (1, 2) == (1, 2) }}", "xTrueTrue"),
        ("{% set x %}a{{ 1 }}{% endset %}{{ x }}{% filter upper %}b{% endfilter %}", "a1B"),
        ("{{ ' a '.strip().upper() }}{{ 'a-b'.split('-')[1] }}", "Ab"),
    ],
)
def test_what_templates_do_is_as_jinja_does_it(template: str, text: str) -> None:
    assert rendered(template, items=[1, 2, 3], mark=Mark("<i>")) == text


class Mark(str):
    """Markup, as Jinja knows it: by what it says it is."""

    def __html__(self) -> str:
        return str(self)


def test_each_document_has_all_its_steps_ahead_of_it() -> None:
    much = "{% for a in range(9999) %}{% for b in range(50) %}{% endfor %}{% endfor %}"

    assert rendered(much) == rendered(much) == rendered(much) == ""


PIECES = st.sampled_from(
    [
        *(
            "{{ x }}",
            "{{ x | join }}",
            "{% for a in x %}",
            "{% endfor %}",
            "{% set x = [x, x] %}",
            "{% set x = x ~ x %}",
        ),
        *(
            "{% macro m() %}",
            "{% endmacro %}",
            "{{ m() }}",
            "{% set x = x + x %}",
            "{% if x %}",
            "{% endif %}",
            "tekst",
        ),
        *(
            "{% set x = x | list %}",
            "{% set x = x | map('string') | list %}",
            "{% set x %}",
            "{% endset %}",
            "{{ x * 9 }}",
        ),
        *(
            "{% set x = range(9999) %}",
            "{% filter upper %}",
            "{% endfilter %}",
            "{% set x = x | sort %}",
            "{{ x == x }}",
        ),
        *("{% call m() %}", "{% endcall %}", "{{ caller() }}", "{% set x = x | sum(start=[]) %}", "{{ x.replace }}"),
    ]
)


@given(st.lists(PIECES, max_size=25).map("".join))
def test_whatever_pieces_it_is_put_together_of_it_ends(template: str) -> None:
    with suppress(TemplateError, RecursionError, TypeError, ValueError):
        rendered(template, x=["a", "b"])
