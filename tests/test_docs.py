"""docs/: what is made from the code is up to date, what says how is done as written, and no link leads nowhere."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from docs import agency_form, architecture
from docs import facts as facts_page
from docs import files as files_page
from tests.consoles import ROOT, Command, answer, matches, save, steps
from toolkit.core.words import Word
from toolkit.documents.facts import Fact, Facts
from toolkit.documents.text import FILTERS
from toolkit.writers.package import unpack

DOCS = ROOT / "docs"
PAGES = sorted(page for page in (ROOT / "README.md", ROOT / "CHANGELOG.md", *DOCS.rglob("*.md")) if page.exists())

# ── pages that are made ──────────────────────────────────────────────────────────────────────


def test_the_page_of_facts_is_up_to_date():
    """`python -m docs.facts` makes it."""
    assert facts_page.PAGE.read_text(encoding="utf-8") == facts_page.page()


def test_the_page_of_files_is_up_to_date():
    """`python -m docs.files` makes it."""
    assert files_page.PAGE.read_text(encoding="utf-8") == files_page.page()


def test_the_list_of_rooms_is_up_to_date():
    """`python -m docs.architecture` makes it, from the first line of each module."""
    assert architecture.PAGE.read_text(encoding="utf-8") == architecture.page()
    assert "  state.py" in architecture.rooms()


def test_the_form_to_try_with_is_up_to_date():
    """`python -m docs.agency_form` makes it."""
    assert unpack(agency_form.PAGE.read_bytes()) == agency_form.parts()


def test_every_key_is_explained_and_no_explanation_is_left_over():
    keys = list(files_page.every_key())
    said = [files_page.MEANINGS.name(record, key) for record, key in keys]

    assert [f"{record.__name__}.{key}" for (record, key), name in zip(keys, said, strict=True) if name is None] == []
    assert files_page.MEANINGS.said.keys() - set(said) == set()


def test_every_fact_is_explained_and_no_explanation_is_left_over():
    groups = every_group(Facts)
    said = {name for group in groups for name in facts_page.fields(group)}
    said |= {f"{group.__name__}.{name}" for group in groups for name in facts_page.fields(group)}

    assert {group.__name__ for group in groups} == set(facts_page.GROUPS)
    assert [
        f"{group.__name__}.{name}"
        for group in groups
        for name in facts_page.fields(group)
        if not {name, f"{group.__name__}.{name}"} & facts_page.MEANINGS.keys()
    ] == []
    assert facts_page.MEANINGS.keys() <= said


def test_the_words_of_every_word_are_shown():
    words = {
        f"{group.__name__}.{name}"
        for group in every_group(Facts)
        for name, hint in facts_page.fields(group).items()
        if facts_page.content(hint)[0] is Word
    }

    assert facts_page.WORDS.keys() == words


def test_every_filter_of_ours_is_shown():
    assert facts_page.FILTERS.keys() == {*FILTERS, "or_dash"}


def every_group(group: type[Fact]) -> set[type[Fact]]:
    inner = {facts_page.content(hint)[0] for hint in facts_page.fields(group).values()}
    below = {each for each in inner if isinstance(each, type) and issubclass(each, Fact)}
    return {group, *(found for each in below for found in every_group(each))}


# ── recipes ──────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def checkout(tmp_path):
    """A copy of the repository, as far as a recipe changes it."""
    for name in ("toolkit", "templates", "projects"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(DOCS / "recipes", tmp_path / "docs" / "recipes", ignore=shutil.ignore_patterns("*.md"))
    return tmp_path


@pytest.mark.parametrize("name", ["new-layout", "new-document", "new-erp", "agency-form", "new-project", "hand-over"])
def test_a_recipe_does_what_it_says(checkout, name):
    asked = list(steps(DOCS / "recipes" / f"{name}.md"))
    answers = {}
    for step in asked:
        if isinstance(step, Command):
            answers[step] = answer(step.words, checkout, code=checkout)
        else:
            save(step, checkout)

    assert answers
    assert [said for command, said in answers.items() if not matches(said, command.answer)] == []


def test_the_new_layout_has_its_own_headings_in_its_own_order(checkout):
    page = made(checkout, "new-layout", "dagsordenspunkt-2022-02-08-social-og-sundhedsudvalget")

    assert re.findall(r"<h2[^>]*>(.*?)</h2>", page) == [
        "Sagens kerne",
        "Indstilling",
        "Beslutning",
        "Sagsfremstilling",
        "Bilag",
    ]
    assert "Thisted Kommune har fået 6.994.528\N{NO-BREAK SPACE}kr. til at afprøve faste teams." in page


def test_the_new_section_holds_the_users_words_and_the_projects_groups(checkout):
    page = made(checkout, "new-document", "statusrapport-2023-06-30")

    assert "Teamene har mødtes med de praktiserende læger hver måned." in page
    assert "Styregruppe" in page


def made(checkout: Path, recipe: str, document: str) -> str:
    for step in steps(DOCS / "recipes" / f"{recipe}.md"):
        if isinstance(step, Command):
            answer(step.words, checkout, code=checkout)
        else:
            save(step, checkout)
    return (checkout / "build" / "thisted-nordthy" / f"{document}.html").read_text(encoding="utf-8")


# ── what pages say of the code ───────────────────────────────────────────────────────────────

CODE = "".join(
    path.read_text(encoding="utf-8")
    for folder in ("toolkit", "templates", "docs", "projects")
    for path in sorted((ROOT / folder).rglob("*"))
    if path.suffix in (".py", ".yaml", ".md", ".css") and path.parent != DOCS
)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_a_link_leads_to_a_file_that_is_there(page):
    text = page.read_text(encoding="utf-8")
    links = re.findall(r"\]\((?!https?:|#)([^)#\s]+)(?:#[^)]*)?\)", text)

    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_a_path_that_a_page_names_is_there(page):
    """A name in backticks that begins with one of our folders, patterns such as cases/*.md aside."""
    text = page.read_text(encoding="utf-8")
    named = set(
        re.findall(
            r"`((?:toolkit|templates|tests|docs|projects|benchmarks|core|readers|documents|writers|cli)/[\w./-]+)`",
            text,
        )
    )
    recipes = {step.file for step in steps(page) if not isinstance(step, Command)}

    assert [
        path for path in sorted(named - recipes) if not ((ROOT / path).exists() or (ROOT / "toolkit" / path).exists())
    ] == []


def test_the_sections_that_a_recipe_names_are_in_the_manifest():
    text = (DOCS / "recipes" / "new-layout.md").read_text(encoding="utf-8")
    named = re.search(r"Her\s+bruges (.*?)\.", text, re.DOTALL)
    manifest = (ROOT / "templates" / "documents" / "agenda-item" / "manifest.yaml").read_text(encoding="utf-8")

    assert named
    assert set(re.findall(r"`([\w-]+)`", named[1])) <= set(re.findall(r"name: ([\w-]+)", manifest))


def test_every_decision_is_in_their_list():
    listed = (DOCS / "decisions" / "README.md").read_text(encoding="utf-8")

    assert re.findall(r"\((0\d{3}-[a-z-]+\.md)\)", listed) == sorted(
        path.name for path in (DOCS / "decisions").glob("0*.md")
    )


def test_a_word_of_the_glossary_is_used_in_the_code():
    """The identifiers of each table, but for the last section's: those are agreed upon and wait for their code."""
    used, _waiting = (DOCS / "glossary.md").read_text(encoding="utf-8").split("## Agreed, and waiting")
    rows = [line.split("|")[2] for line in used.splitlines() if line.startswith("| ") and "`" in line]
    names = [name for row in rows for name in re.findall(r"`([A-Za-z_.-]+)`", row)]

    assert len(names) > 80
    words = set(re.findall(r"[\w.-]+|\w+", CODE)) | set(re.findall(r"\w+", CODE))
    assert [name for name in names if name not in words and not re.search(rf"\b{re.escape(name)}\b", CODE)] == []
