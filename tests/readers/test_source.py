from __future__ import annotations

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from toolkit.core.problems import CODES, Problem, Span
from toolkit.readers import source
from toolkit.readers.source import Listing, Node, Table, decoded, load
from toolkit.readers.values import Value

PARSERS = [yaml.SafeLoader] + ([yaml.CSafeLoader] if hasattr(yaml, "CSafeLoader") else [])


@pytest.fixture(autouse=True, params=PARSERS)
def each_parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """libyaml where there is one, and PyYAML's own parser where there is not: the same answers."""
    monkeypatch.setattr(source, "_PARSER", request.param)


def read(text: str) -> Node:
    problems: list[Problem] = []
    node = load(text, "p.yaml", problems)
    assert problems == []
    assert node is not None
    return node


def refused(text: str) -> list[tuple[str, str]]:
    problems: list[Problem] = []
    load(text, "p.yaml", problems)
    return [(found.code, str(found.at).removeprefix("p.yaml:")) for found in problems]


def plain(node: Node) -> object:
    match node:
        case Value():
            return str(node)
        case Listing(items=items):
            return [plain(item) for item in items]
        case Table(entries=entries):
            return {str(key): plain(value) for key, value in entries.items()}


@pytest.mark.parametrize("typed", ["250.000", "0757", "12:30", "no", "1_000", "010", "2022-06-30", "ja", "1e3", "0x1f"])
def test_a_scalar_is_the_text_that_was_typed(typed: str) -> None:
    assert plain(read(f"a: {typed}\n")) == {"a": typed}


def test_a_value_remembers_the_very_text_and_its_line() -> None:
    node = read("title: Faste teams   # en note\n")

    assert isinstance(node, Table)
    value = node.get("title")
    assert isinstance(value, Value)
    assert value.at == Span("p.yaml", 1, 8, 11, "title: Faste teams   # en note")


def test_places_count_letters_not_bytes() -> None:
    node = read("æøå: {ø: å}\n")

    assert isinstance(node, Table)
    inner = node.get("æøå")
    assert isinstance(inner, Table)
    assert [str(key.at) for key in inner.entries] == ["p.yaml:1:7"]


def test_a_flow_mapping_is_marked_whole_and_a_block_by_its_first_key() -> None:
    node = read("- {id: a, title: B}\n- id: c\n  title: D\n")

    assert isinstance(node, Listing)
    assert [(item.at.column, item.at.length) for item in node.items] == [(3, 17), (3, 2)]


def test_only_what_is_not_in_quotes_can_be_empty() -> None:
    node = read("a:\nb: ~\nc: null\nd: ''\ne: 'null'\n")

    assert isinstance(node, Table)
    assert [value.empty for value in node.entries.values() if isinstance(value, Value)] == [
        True,
        True,
        True,
        False,
        False,
    ]


def test_windows_line_ends_change_nothing() -> None:
    assert plain(read("a: 1\r\nb:\r\n  - 2\r\n")) == {"a": "1", "b": ["2"]}


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ("a:\n\t- 1\n", "yaml-tab", "2:1"),
        ("a: [1, 2\nb: 3\n", "yaml-unclosed", "1:4"),
        ("a: {x: 1\nb: 3\n", "yaml-unclosed", "1:4"),
        ("a: 'uafsluttet\nb: 1\n", "yaml-unclosed", "1:4"),
        ("a: b: c\n", "yaml-colon-in-text", "1:4"),
        ("- {kind: noted, text: Det: gik}\n", "yaml-colon-in-text", "1:23"),
        ("- {title: Løn, projektleder, amount: 1}\n", "yaml-comma-in-text", "1:11"),
        ("- {target: 12,5}\n", "yaml-comma-in-text", "1:12"),
        ("- {title: A, b, c}\n", "yaml-comma-in-text", "1:11"),
        ("title:X\n", "yaml-tight-colon", "1:1"),
        ("title:X\nb: c\n", "yaml-tight-colon", "1:1"),
        ("a: 1\nb:c\nd: 2\n", "yaml-tight-colon", "2:1"),
        ("- {id:a, title: B}\n", "yaml-tight-colon", "1:4"),
        ("a: 1\n  b: 2\n", "yaml-indentation", "2:3"),
        ("a:\n   x: 1\n  y: 2\n", "yaml-indentation", "3:3"),
        ("a:\n  - x\n b: 2\n", "yaml-indentation", "3:2"),
        ("- a\nb: 1\n", "yaml-indentation", "2:1"),
        ("a: @x\n", "yaml-sign", "1:4"),
        ("a: *x\n", "yaml-sign", "1:4"),
        ("a: *\n", "yaml-sign", "1:4"),
        ("a: &x 1\n", "yaml-sign", "1:4"),
        ("a: !!python/object:os.system 1\n", "yaml-sign", "1:4"),
        ("<<: {a: 1}\n", "yaml-sign", "1:1"),
        ("a: {{ x }}\n", "yaml-key-not-text", "1:5"),
        ("a: 'x' y\n", "yaml-unreadable", "1:8"),
        ("a: 1\n---\nb: 2\n", "yaml-second-document", "2:1"),
        ("a: 1\nb: 2\na: 3\n", "duplicate-key", "3:1"),
        ("x: \x07\n", "invisible-character", "1:4"),
        ('x: "\\x07"\n', "invisible-character", "1:4"),
        ("[" * 200_000, "yaml-too-deep", "1:41"),
    ],
)
def test_what_yaml_would_misread_is_refused_where_it_stands(text: str, code: str, place: str) -> None:
    assert refused(text) == [(code, place)]


def test_one_run_shows_every_duplicate_and_every_sign() -> None:
    assert refused("a: *x\nb: 1\nb: 2\nc: &y 3\n") == [
        ("yaml-sign", "1:4"),
        ("duplicate-key", "3:1"),
        ("yaml-sign", "4:4"),
    ]


def test_each_text_with_commas_is_shown_once() -> None:
    assert refused("- {title: a, b, c}\n- {title: d, e}\n") == [
        ("yaml-comma-in-text", "1:11"),
        ("yaml-comma-in-text", "2:11"),
    ]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("0,25 mio. kr.", "250.000"),
        ("1,2 mia. kr.", "1.200.000.000"),
        ("250,000.00 kr.", "250.000"),
        ("250,000.50", "250.000,50"),
        ("250,50 kr.", "250,50 kr."),
        ("Løn, 2 mio. kr.", "Løn, 2 mio. kr."),
    ],
)
def test_an_amount_cut_by_its_comma_is_shown_as_it_should_be_written(typed: str, meant: str) -> None:
    problems: list[Problem] = []
    load(f"- {{amount: {typed}}}\n", "p.yaml", problems)

    assert [each.words["text"] for each in problems] == [meant]


def test_an_empty_file_is_nothing_and_no_problem() -> None:
    assert load("# kun en note\n", "p.yaml", []) is None


@given(st.text() | st.text(alphabet="ab1:-#[]{}'\"&*!|>%@`, \t\n\\?~.<=xU", max_size=60))
@example('x: "\\UFFFFFFFF"\n')
@example("%YAML " + "9" * 5000 + ".1\n---\na: 1\n")
def test_any_text_gives_nodes_or_problems_never_an_exception(text: str) -> None:
    problems: list[Problem] = []

    node = load(text, "p.yaml", problems)

    assert node is None or isinstance(node, Value | Listing | Table)
    for found in problems:
        assert CODES[found.code].message.format(**found.words) + CODES[found.code].hint.format(**found.words)
        assert found.at.line >= 1 and found.at.column >= 1


def test_a_file_that_is_not_utf8_says_where() -> None:
    problems: list[Problem] = []

    assert decoded("title: x\narea: Hannæs\n".encode("cp1252"), "p.yaml", problems) is None
    assert [str(found.at) for found in problems] == ["p.yaml:2:11"]
    assert problems[0].at.text == "area: Hannæs"


def test_the_mark_that_windows_puts_first_is_no_part_of_the_text() -> None:
    assert decoded("\ufefftitle: x".encode(), "p.yaml", []) == "title: x"
