"""The editor's schemas: they take what the readers take, and mark what a person would want marked."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from toolkit.core.problems import Problem
from toolkit.readers import source
from toolkit.readers.meanings import Meanings, meanings
from toolkit.readers.schema import OF_A_PROJECT, SCHEMAS, text
from toolkit.readers.source import Listing, Node, Table

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = sorted(path.parent for path in (ROOT / "projects").glob("*/project.yaml"))
FILES = [
    (name, path)
    for folder in EXAMPLES
    for name, pattern in (
        *(("project", "project.yaml"), ("budget", "budgets/*.yaml"), ("events", "events.yaml")),
        *(("allocation", "allocation.yaml"), ("payroll", "payroll.yaml"), ("case", "cases/*.md")),
    )
    for path in sorted(folder.glob(pattern))
] + [("rollout", path) for path in sorted((ROOT / "templates" / "rollouts").glob("*.yaml"))]


def schema(name: str) -> Draft202012Validator:
    return Draft202012Validator(json.loads(text(name, meanings())))


def as_an_editor_reads(yaml: str) -> object:
    """What YAML itself makes of a file: 250.000 is a number, and so is 14."""
    problems: list[Problem] = []
    node = source.load(yaml, "file.yaml", problems)

    assert problems == []
    return plain(node)


def plain(node: Node | None) -> object:
    match node:
        case None:
            return None
        case Table():
            return {str(name): plain(each) for name, each in node.entries.items()}
        case Listing():
            return [plain(each) for each in node.items]
    if node.quoted:
        return str(node)
    if node in ("true", "false"):
        return node == "true"
    if re.fullmatch(r"-?[0-9]+", node):
        return int(node)
    if re.fullmatch(r"-?[0-9]+\.[0-9]*", node):
        return float(node)
    return None if node in ("", "~", "null") else str(node)


def wrong(name: str, yaml: str) -> list[str]:
    """Where the schema marks something, as paths."""
    errors = schema(name).iter_errors(as_an_editor_reads(yaml))
    return sorted("/".join(map(str, error.absolute_path)) for error in errors)


@pytest.mark.parametrize(("name", "path"), FILES, ids=lambda value: getattr(value, "name", value))
def test_the_files_of_the_examples_are_as_the_schema_says(name, path):
    written = path.read_text(encoding="utf-8")
    if name == "case":
        written = written.split("---\n")[1]

    assert wrong(name, written) == []


def test_there_are_files_of_every_sort():
    assert {name for name, _path in FILES} == {*SCHEMAS} - {"seed"}


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_is_a_schema_and_the_same_every_time(name):
    Draft202012Validator.check_schema(schema(name).schema)

    assert text(name, meanings()) == text(name, meanings())


PLAN = "title: A\nmunicipality: Thisted\nproject_period: {starts: 2022-01-01, ends: 2022-12-31}\n"


@pytest.mark.parametrize(
    ("name", "yaml", "place"),
    [
        ("project", PLAN + "formål: A\n", ""),
        ("project", "title: A\nmunicipality: Thisted\n", ""),
        ("project", PLAN + "grant: {applied: 6.9 mio.}\n", "grant"),
        ("project", PLAN + "people: [{role: chef, name: A, from: 2022-01-01}]\n", "people"),
        ("project", PLAN + "phases: [{id: Fase 1, title: A}]\n", "phases"),
        ("budget", "stage: udkast\nlines: []\n", "stage"),
        ("events", "- {kind: awarded, happened: 2022-01-01, recorded: 2022-01-01, amount: 1, milestone: a}\n", "0"),
        ("events", "- {kind: holdt, happened: 2022-01-01, recorded: 2022-01-01}\n", "0/kind"),
        ("events", "- {kind: noted, happened: 1/1-2022, recorded: 2022-01-01, text: A}\n", "0/happened"),
        ("allocation", "rules: [{konto: a}]\n", "rules"),
        ("seed", "fund: faste-teams-2021\n", ""),
        ("seed", "municipality: Thisted\ntexts: {background: {tekst: A}}\n", "texts"),
        ("rollout", "municipalities: [{titel: A}]\n", "municipalities/0"),
    ],
)
def test_what_is_wrong_is_marked_where_it_stands(name, yaml, place):
    assert wrong(name, yaml) == [place]


@pytest.mark.parametrize(
    ("name", "yaml"),
    [
        ("project", PLAN + "grant: {applied: 250.000}\n"),
        ("project", PLAN + 'grant: {applied: "250.000,50"}\npurpose: Kort\ntarget_group: {text: A, count: 25}\n'),
        ("project", PLAN + "purpose: MANGLER\ngoals: MANGLER\ngrant: {applied: MANGLER}\n"),
        ("project", PLAN.replace("title: A", "title: 2022")),
        ("budget", "stage: award\nlines: [{id: a, title: A, amount: 1 kr., by_year: {2022: 1 kr.}}]\n"),
        ("events", ""),
        ("seed", "municipality: Thisted\nbudget_lines: [{id: a, title: A, amount: 1}]\n"),
        ("seed", "municipality: Thisted\ntexts: {background: A, economy: {text: A, source: a}}\n"),
        ("rollout", "common: {fund: x}\nmunicipalities: [Thisted, {municipality: Varde, area: A}]\n"),
    ],
)
def test_what_the_readers_take_is_not_marked(name, yaml):
    assert wrong(name, yaml) == []


def test_every_key_that_an_editor_offers_is_explained():
    def unexplained(found: object, path: str = "") -> list[str]:
        if isinstance(found, list):
            return [each for item in found for each in unexplained(item, path)]
        if not isinstance(found, dict):
            return []
        keys = found.get("properties", {})
        own = [f"{path}.{key}" for key, each in keys.items() if not {"description", "const"} & set(each)]
        inner = [each for key, item in found.items() if key != "if" for each in unexplained(item, f"{path}.{key}")]
        return own + inner

    shared = {"common", "municipalities", "cohorts"}
    found = [each for name in SCHEMAS for each in unexplained(schema(name).schema)]
    assert [each for each in found if each.rpartition(".")[2] not in {*shared, "rules"}] == []


def test_what_nobody_has_explained_has_no_description():
    assert '"description": "kommunens navn' not in text("project", Meanings({}))
    assert tuple(name for name in SCHEMAS if name not in ("seed", "rollout")) == OF_A_PROJECT
