"""Each closed set has one table of Danish words, and nothing else is made to hang on how they read."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Literal, get_args, get_origin, get_type_hints

import pytest
from jinja2 import Environment, nodes

from tests.parsed import nodes as nodes_of
from tests.parsed import parsed_text
from toolkit.core import cases, fund, plan, postings, words
from toolkit.core.events import KINDS, ChangeEvent
from toolkit.core.records import Record
from toolkit.core.words import TABLES, Row, word
from toolkit.readers import model, shelf

ROOT = Path(__file__).resolve().parents[2]
HINTS = {name: get_args(hint)[0] for name, hint in get_type_hints(words).items() if get_origin(hint) is Mapping}
WRITTEN = {said for table in TABLES for row in table.values() for said in row}
TITLES = {kind.title for name in shelf.kinds() if (kind := shelf.kind(name, []))}


@pytest.mark.parametrize("name", HINTS)
def test_a_table_has_a_row_for_each_of_its_set_and_no_other(name: str) -> None:
    table = getattr(words, name)
    changes = [kind for kind, event in KINDS.items() if issubclass(event, ChangeEvent)]
    whole = {"EVENTS": list(KINDS), "ANSWERS": changes}.get(name) or [
        id for ids in _literals(HINTS[name]) for id in ids
    ]

    assert any(table is each for each in TABLES)
    assert sorted(table) == sorted(whole)
    assert all(row and all(said == said.strip() for said in row) for row in table.values())


def test_each_table_is_one_of_those_that_are_held_to_their_set() -> None:
    assert len(TABLES) == len(HINTS)


def choices() -> Iterator[tuple[str, ...]]:
    """Each closed set that a key of a project's files or of a fund takes."""
    records = [kind for module in (cases, fund, plan, postings) for kind in vars(module).values() if _is_record(kind)]
    for record in (*records, *KINDS.values()):
        for field in model.fields_of(record).values():
            yield from _literals(field.kind)


def _is_record(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, Record)


def _literals(hint: object) -> Iterator[tuple[str, ...]]:
    if get_origin(hint) is Literal:
        yield get_args(hint)
    for part in get_args(hint):
        yield from _literals(part)


def test_each_closed_set_that_a_key_takes_has_its_table() -> None:
    found = set(choices())

    assert len(found) > 8
    assert all(words.table_of(ids) for ids in found)


def test_within_a_table_no_word_means_two_things_but_a_refusal_of_whatever_it_was() -> None:
    def doubled(table: Mapping[str, Row]) -> list[str]:
        said = [each for row in table.values() for each in row]
        return [each for each in dict.fromkeys(said) if said.count(each) > 1]

    assert [each for table in TABLES for each in doubled(table)] == ["afvist"]


def test_a_word_begins_with_a_capital_and_has_its_places_filled_in() -> None:
    assert word(words.PROGRESS, "running").text == "I gang"
    assert str(word(words.STEPS, "not-carried-over", year=2022)) == "Ikke godkendt overført fra 2022"


# ── nothing compares how a word reads ────────────────────────────────────────────────────────


def _is_danish(text: object) -> bool:
    """Whether a text is what one of a closed set, or a kind of document, is called."""
    return isinstance(text, str) and (text.casefold() in WRITTEN - _IDS or text in TITLES)


_IDS = {id for table in TABLES for id in table}  # team and evaluator are called what they are


def compared_in_python(text: str) -> Iterator[str]:
    for node in nodes_of(parsed_text(text)):
        match node:
            case ast.Compare(left=left, comparators=others):
                inside = [each for side in (left, *others) for each in ast.walk(side)]
            case ast.MatchValue(value=value):
                inside = [value]
            case ast.Subscript(slice=key):
                inside = [key]
            case _:
                continue
        yield from (str(each.value) for each in inside if isinstance(each, ast.Constant) and _is_danish(each.value))


def compared_in_a_template(text: str) -> Iterator[str]:
    tree = Environment().parse(text)
    for found in (*tree.find_all(nodes.Compare), *tree.find_all(nodes.Test), *tree.find_all(nodes.Filter)):
        constants = found.find_all(nodes.Const)
        if not isinstance(found, nodes.Filter) or found.name in ("selectattr", "rejectattr", "select", "reject"):
            yield from (str(each.value) for each in constants if _is_danish(each.value))


def test_no_python_hangs_on_how_a_word_reads() -> None:
    files = sorted((ROOT / "toolkit").rglob("*.py"))

    assert [(path.name, found) for path in files for found in compared_in_python(path.read_text("utf-8"))] == []


def test_no_template_hangs_on_how_a_word_reads() -> None:
    texts = sorted(path for end in ("md", "yaml") for path in (ROOT / "templates").rglob(f"*.{end}"))
    texts += sorted((ROOT / "projects").rglob("*.md"))
    found = [(path.name, said) for path in texts for said in compared_in_a_template(path.read_text("utf-8"))]

    assert len(texts) > 20
    assert found == []


@pytest.mark.parametrize(
    "planted",
    [
        'x = status == "Udgået"',
        'x = marks["Nået"]',
        'x = "Godkendt" in told',
        'match x:\n    case "forlængelse":\n        pass',
    ],
)
def test_a_comparison_in_python_is_seen(planted: str) -> None:
    assert len(list(compared_in_python(planted))) == 1


@pytest.mark.parametrize(
    "planted",
    [
        '{% if each.status == "Udgået" %}{% endif %}',
        '{{ milestones | selectattr("status", "equalto", "Nået") | list }}',
    ],
)
def test_a_comparison_in_a_template_is_seen(planted: str) -> None:
    assert list(compared_in_a_template(planted))


def test_an_id_is_not_taken_for_a_word() -> None:
    assert list(compared_in_python('x = status == "dropped"')) == []
    assert re.fullmatch(r"[a-z0-9_-]+", "".join(_IDS).replace(" ", ""))
