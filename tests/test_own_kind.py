"""A kind of document that a project has of its own, in its templates/, is as good as ours in every command."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.folders import PROJECT, write_project
from toolkit.cli import main

MANIFEST = """\
title: Projekterklæring
file_name: erklaering
like: status-report
also: [tro og love]
sections:
  - {name: declaration, heading: Erklæring}
  - {name: remarks, heading: Bemærkninger, prose: true, question: "Er der noget, tilskudsyder skal vide?"}
"""
TEXT = """\
# title

{{ title }}

# declaration

{{ municipality_name }} erklærer, at {{ milestones[0].title | uncap }}: {{ milestones[0].status | uncap }}.

# remarks

{{ written("remarks") }}
"""
DUTY = "  - {kind: projekterklaering, period_ends: 2022-12-31, due: 2023-02-01}\n"
OWN = {
    "project.yaml": PROJECT + DUTY,
    "templates/documents/projekterklaering/manifest.yaml": MANIFEST,
    "templates/documents/projekterklaering/text.md": TEXT,
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.chdir(tmp_path)
    yield write_project(Path("projekt"), OWN)


def pulje(*words: str) -> Result:
    return CliRunner().invoke(main, list(words), catch_exceptions=False)


def test_its_duty_is_sound_and_is_shown_by_what_it_is_called(folder: Path) -> None:
    assert pulje("check", "projekt").output == "projekt: ingen fejl eller mangler\n"
    assert (
        "01-02-2023  Til tilskudsyder: projekterklæring" in pulje("status", "projekt", "--as-of", "2022-07-01").stdout
    )
    told = json.loads(pulje("status", "projekt", "--as-of", "2022-07-01", "--json").stdout)
    assert ("projekterklaering", "Projekterklæring") in [(due["title"], due["name"]) for due in told["deadlines"]]


@pytest.mark.parametrize("typed", ["projekterklaering", "Projekterklæring", "erklaering", "Tro og love"])
def test_it_is_made_by_whatever_it_is_called(folder: Path, typed: str) -> None:
    answer = pulje("render", "projekt", typed, "--format", "md", "--out", "ud")

    assert answer.exit_code == 0, answer.output
    assert "teams er klar: forsinket." in Path("ud/erklaering-2022-12-31.md").read_text("utf-8")


def test_its_text_is_begun_and_it_is_explained_before_the_project_is_named(folder: Path) -> None:
    begun = pulje("text", "projekt", "projekterklæring")
    explained = pulje("explain", "--kind", "projekterklæring", "projekt", "period.ends")

    assert "projekt/texts/projekterklaering/2022-12-31.md: 1 overskrift" in begun.stdout.replace("\\", "/")
    assert "til dokumentet: projekterklæring" in explained.stdout


def test_it_is_built_issued_and_made_again_and_then_its_duty_is_done(folder: Path) -> None:
    before = pulje("status", "projekt", "--as-of", "2090-01-01").stdout
    built = pulje("build", "projekt", "--format", "md", "--out", "ud")
    issued = pulje("issue", "projekt", "projekterklaering", "--format", "html", "--to", "Styrelsen")
    verified = pulje("verify", "projekt")
    after = pulje("status", "projekt", "--as-of", "2090-01-01").stdout

    assert "erklaering-2022-12-31" in built.stdout
    assert (issued.exit_code, verified.exit_code) == (0, 0), issued.output + verified.output
    assert "2022-12-31-projekterklaering-v1: identisk" in verified.stdout
    assert "projekterklæring" in before
    assert "projekterklæring" not in after


def test_without_a_duty_of_its_own_it_follows_those_of_the_kind_that_it_is_like(folder: Path) -> None:
    (folder / "project.yaml").write_text(PROJECT, encoding="utf-8")
    answer = pulje("render", "projekt", "projekterklæring", "--format", "md", "--out", "ud")

    assert answer.exit_code == 0, answer.output
    assert Path("ud/erklaering-2022-06-30.md").is_file()


@pytest.mark.parametrize(
    ("manifest", "words", "said"),
    [
        (
            MANIFEST.replace("like: status-report", "like: statusrapport"),
            ("check", "projekt"),
            "brug status-report",
        ),
        (MANIFEST.replace("title:", "titel:"), ("check", "projekt"), "mente du title?"),
        (
            MANIFEST.replace("like: status-report\n", ""),
            ("render", "projekt", "projekterklæring"),
            "skriv i manifestet: like:",
        ),
    ],
)
def test_what_is_wrong_with_it_is_told(folder: Path, manifest: str, words: tuple[str, ...], said: str) -> None:
    (folder / "templates/documents/projekterklaering/manifest.yaml").write_text(manifest, encoding="utf-8")
    answer = pulje(*words)

    assert answer.exit_code in (1, 2)
    assert said in answer.stderr
    if words[0] == "check":
        assert answer.stderr.replace("\\", "/").startswith(
            "projekt/templates/documents/projekterklaering/manifest.yaml:"
        )


def test_a_kind_that_there_is_not_is_an_error_where_it_is_named(folder: Path) -> None:
    (folder / "project.yaml").write_text(PROJECT.replace("status-report", "Statusrapport"), encoding="utf-8")
    answer = pulje("check", "projekt")

    assert answer.exit_code == 1
    assert "project.yaml:12:12: unknown-kind" in answer.stderr
    assert "prøv: brug status-report" in answer.stderr
