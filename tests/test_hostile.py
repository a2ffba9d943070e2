"""No input ends in a fault of ours, or never: projects with one value, or some, that nobody would write.

HOSTILE_ROUNDS=5000 HOSTILE_SEED=7 python3 run.py test tests/test_hostile.py looks further than the suite has time for.
"""

from __future__ import annotations

import io
import os
import random
import sys
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml

from tests import every_key
from tests.limits import within
from toolkit.__main__ import main
from toolkit.language import set_language

ROUNDS = int(os.environ.get("HOSTILE_ROUNDS", "25"))
SEED = int(os.environ.get("HOSTILE_SEED", "1"))
LIMIT = 30.0  # seconds for one command: each takes a tenth of one

NUMBERS = (
    *("0", "-0", "-1", "1", "00", "0,0001", "1.000", "-0,00", "0 kr.", "1e309", "0x10", "Infinity", "nan", "9" * 5_000),
    *("999.999.999.999.999", "-999.999.999.999.999,99", "1000000000000000", "123.456.789.012.345,123456789012"),
    *("100 pct.", "101 pct.", "0 pct.", "0,000000000001 pct.", "-5 pct."),
)
DAYS = (
    *("0001-01-01", "1899-12-31", "1900-01-01", "2199-12-31", "2200-01-01", "9999-12-31", "10000-01-01", "20222-01-01"),
    *(
        "2022-02-30",
        "2022-06-31",
        "31-12-2199",
        "0000-00-00",
        "to-follow",
        "2022",
        "20222",
        "9999",
        "1900-01",
        "2199-12",
    ),
)
NAMES = (
    *(
        "ses",
        "b",
        "A",
        "æ",
        "a.b",
        "a/b",
        "../a",
        "'../../x'",
        "'/etc/passwd'",
        "CON",
        "a" * 300,
        "a" * 50_000,
        "n",
        "x y",
    ),
    *("2022-06-30-status-report-v1", "2021-12-16-award", "opus", "standard", "thisted", "ingen-pulje", "final-report"),
)
SHAPES = (
    *(
        "",
        "~",
        "null",
        "MANGLER",
        "true",
        "ja",
        "[]",
        "{}",
        "[[]]",
        "[{}]",
        "[~]",
        "['']",
        "[a, b]",
        "{a: b}",
        "{ses: 1}",
    ),
    *("{20222: 1}", "{-1: 1}", "{2022: 1, 2023: 1}", "{2022-13: 1}", "{value: 1, source: a}", "{a: {a: {a: {}}}}"),
    *("&a x", "*a", "!!python/object x", "<<: x", "? x", "- x", "'''", '"', "|", "%s", "@x", "`x"),
)
TEXTS = (
    *(
        '"\\0"',
        '"\\e"',
        '"\\u202e"',
        '"\\ud800"',
        '"\\U000f0000"',
        "\U000f0000",
        "e\u0301",
        "\u00ad",
        "\U0001f600",
        "\ud800",
    ),
    *("'{{ x }}'", "'{{ 1/0 }}'", "'{% raw %}'", "'{%'", "'# x'", "'[^1]'", "'[a](javascript:x)'", "'<!--'", "'```'"),
    *("'*'", "'**'", "'[!a]'", "'['", "=1+1", "'=cmd|x'", '"a\\nb"', '"\\t"', "x" * 500, f"'{'Et ord. ' * 2_500}'"),
)
EXTREMES = (*NUMBERS, *DAYS, *NAMES, *SHAPES, *TEXTS)
PROSE = (
    *(
        "\n# ",
        "\n## \n",
        "\n" + "- " * 30,
        ">" * 50,
        "\n| a | b |\n|---|---|\n",
        "\n999999999. x\n",
        "\n\n    x",
        "<!--",
    ),
    *(
        "```",
        "[^a]",
        "\n[^a]: [^a]\n",
        "**" * 200,
        "[" * 300,
        "`" * 99,
        "![x](y)",
        "<b>",
        "&amp;",
        "\n---\n",
        "{{",
        "{%",
    ),
    *(
        "{#",
        "{{ grant }}",
        "{{ budget.lines }}",
        '{{ picture("timeline") }}',
        '{{ written("summary") }}',
        "{{ x.y.z }}",
    ),
    *(
        "{{ 1 // 0 }}",
        "{{ 'a' * 99 }}",
        "{% for i in [1] %}",
        "{{ grant.awarded | kr | kr }}",
        "{{ loop }}",
        "{{ self }}",
    ),
)


class Change(NamedTuple):
    """A file of the project otherwise: what stood there, from one place to another, and what stands there now."""

    file: str
    start: int
    end: int
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.start}-{self.end}: {self.text[:60]!r}"


def run(*words: str | Path) -> int:
    """The exit code of a command as whoever typed it gets it."""
    arguments, sys.argv = sys.argv, ["pulje", "--lang", "da", *map(str, words)]
    try:
        with within(LIMIT), redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()) as said:
            main()
    except SystemExit as ended:
        if ended.code == 70:
            sys.stderr.write(said.getvalue())
        return int(ended.code or 0)
    finally:
        sys.argv = arguments
        set_language("da")


def spans(text: str) -> list[tuple[int, int]]:
    """Where each value, key, list and section of a YAML text begins and ends."""
    found: list[tuple[int, int]] = []
    begun: list[int] = []
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        match event:
            case yaml.ScalarEvent():
                found.append((event.start_mark.index, event.end_mark.index))
            case yaml.CollectionStartEvent():
                begun.append(event.start_mark.index)
            case yaml.CollectionEndEvent():
                found.append((begun.pop(), event.end_mark.index))
    return found


def changed(files: dict[str, str], chance: random.Random) -> Iterator[tuple[dict[str, str], list[Change]]]:
    """The files without end, each time with a few values that are others'."""
    places = {
        name: spans(text) if name.endswith(".yaml") else [(at, at) for at in range(len(text))]
        for name, text in files.items()
        if not name.startswith("cases/")
    }
    for name in [name for name in files if name.startswith("cases/")]:
        places[name] = [(start + 4, end + 4) for start, end in spans(files[name][4:].partition("---\n")[0])]
    every = [
        (name, place) for name, found in places.items() for place in (found if name.endswith(".yaml") else found[::3])
    ]
    while True:
        text = dict(files)
        changes: list[Change] = []
        for name, (start, end) in chance.sample(every, chance.choice((1, 1, 1, 2, 4))):
            if any(change.file == name for change in changes):
                continue  # the places are those of the file as it was
            new = chance.choice(PROSE if name.endswith(".md") and start == end else EXTREMES)
            text[name] = text[name][:start] + new + text[name][end:]
            changes.append(Change(name, start, end, new))
        yield text, changes


def commands(project: Path, out: Path) -> list[list[str | Path]]:
    """What anybody may ask of a project."""
    return [
        ["check", project],
        ["status", project, "--json"],
        ["budget", project],
        ["explain", project],
        ["portfolio", project.parent],
        ["build", project, "--draft", "--format", "md", "--out", out],
    ]


def test_the_project_that_is_broken_is_sound(tmp_path: Path) -> None:
    every_key.write(tmp_path / "p")

    assert [run(*words) for words in commands(tmp_path / "p", tmp_path / "out")[:-1]] == [0] * 5


def test_a_project_with_values_that_nobody_would_write_is_answered_by_every_command(tmp_path: Path) -> None:
    chance = random.Random(SEED)
    for _, (files, changes) in zip(range(ROUNDS), changed(every_key.files(), chance), strict=False):
        project = every_key.write(tmp_path / "p", files)
        *quick, slow = commands(project, tmp_path / "out")
        for words in [*quick, *([slow] if chance.random() < 0.15 else [])]:
            assert run(*words) in (0, 1, 2), f"{words[0]}: {' · '.join(map(str, changes))}"


# Each ended in a fault, or never: the smallest that did.
ONCE: dict[str, tuple[str, str, str]] = {
    "a year of five digits": ("budgets/2023-02-15-change.yaml", "by_year: {2022:", "by_year: {20222:"),
    "a promise of nothing": (
        "events.yaml",
        "amount: 1.000 kr., budget: 2021-12-16",
        "promise: {ses: 1}, amount: 1, budget: 2021-12-16",
    ),
    "a promise of no name": (
        "events.yaml",
        "amount: 1.000 kr., budget: 2021-12-16",
        "promise: {'': 1}, amount: 1, budget: 2021-12-16",
    ),
    "new values that are a text": ("events.yaml", every_key._CHANGED, "'# x'"),
    "a correction that is a text": ("events.yaml", "values: {text: Ny}", "values: Ny"),
    "a change below what is not there": ("project.yaml", "phases: \n  - {id: a,", "phases: \n  - {id: c,"),
}


@pytest.mark.parametrize("case", ONCE.values(), ids=ONCE)
def test_what_once_ended_in_a_fault_is_an_error(tmp_path: Path, case: tuple[str, str, str]) -> None:
    name, before, after = case
    text = every_key.files()[name]
    assert before in text
    project = every_key.write(tmp_path / "p", {name: text.replace(before, after)})

    assert [run(*words) for words in commands(project, tmp_path / "out")] == [1] * 6
