"""New projects from seeds: whole, sound, explained, never overwritten; and a template that can do no harm."""

from __future__ import annotations

import json
import re
import sys
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct, structs

from tests.limits import within
from toolkit.core.checks import check
from toolkit.core.deadlines import due
from toolkit.core.plan import Plan
from toolkit.core.problems import Problem, has_errors
from toolkit.core.seed import Seed
from toolkit.project import KEPT, open_project
from toolkit.readers import shelf, source
from toolkit.readers.model import fields_of
from toolkit.render import every_occasion, make_document
from toolkit.scaffold import Scaffold, make, origin, place, projects, read_seeds
from toolkit.scaffold_engine import SETTINGS, Engine, Unsafe

ROOT = Path(__file__).resolve().parents[1]

LITTLE = "municipality: Thisted\nfund: faste-teams-2021\n"
WHOLE = (ROOT / "projects" / "thisted-nordthy" / "project.yaml").read_text(encoding="utf-8")
LINES = """
budget_lines:
  - {id: loen, title: "Løn, projektleder", unit: time, quantity: 100, unit_price: 60.000 kr., amount: 6.000.000 kr.}
  - {id: resten, title: Alt andet, amount: 994.528 kr., by_year: {2022: 500.000 kr., 2023: 494.528 kr.}}
"""
TEXTS = """
texts:
  background:
    text: |
      Flere kommuner er i gang
      med faste teams.

      Nu er det vores tur.
    source: dagsorden-2022-01-11
  organisation: Styregruppen mødes hvert kvartal.
"""
SCAFFOLD = Scaffold()


def seeds(text: str) -> tuple[Seed, ...]:
    problems: list[Problem] = []
    node = source.load(text, "seed.yaml", problems)
    found = projects(node, problems) if node is not None else ()

    assert problems == []
    return found


def made(text: str, into: Path) -> Path:
    """The folder of the one project that a seed makes."""
    (seed,) = seeds(text)
    make(place(seed, into, SCAFFOLD), SCAFFOLD, "seed.yaml")
    return into / seed.folder


def said(value: object) -> object:
    """A record as what it says, wherever that is written."""
    if isinstance(value, Struct):
        return {name: said(each) for name, each in structs.asdict(value).items() if name != "at"}
    if isinstance(value, tuple):
        return [said(each) for each in value]
    return value


def read_back(text: str, file: str = "project.yaml") -> object:
    problems: list[Problem] = []
    node = source.load(text, file, problems)

    assert problems == []
    return node


# ── a project ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "text",
    [
        LITTLE,
        "municipality: Odense\nproject_period: {starts: 2022-01-01, ends: 2022-12-31}\n",
        "municipality: Langeland\nfund: ingen-pulje\nproject_period: {starts: 2022-01-01, ends: 2022-12-31}\n",
        "municipality: Varde\nfund: lokalplejehjem-2025\nproject_period: {starts: 2025-01-01, ends: 2026-12-31}\n",
        WHOLE + LINES,
    ],
    ids=["a name and a fund", "a name and a period", "no grant", "another fund", "a whole plan"],
)
def test_a_new_project_has_no_errors_and_becomes_documents_at_once(tmp_path, text):
    project = open_project(made(text, tmp_path))

    assert [found for found in project.problems if found.severity == "error"] == []
    assert project.dossier is not None
    documents = [
        make_document(project.dossier, each, ("html",), draft=True) for each in every_occasion(project.dossier)
    ]
    assert "final-report" in {document.occasion.kind for document in documents}
    assert [found for document in documents for found in document.problems if found.severity == "error"] == []
    assert all(document.contents for document in documents)


_NEEDS_DAYS = ("demens-initiativ-13", "demens-initiativ-14", "ingen-pulje", "lokalplejehjem-2025")
_NEEDS_DAYS += ("social-og-boligstyrelsen",)


@pytest.mark.parametrize("fund", shelf.funds())
def test_a_small_seed_of_any_fund_makes_a_project_of_which_check_tells_only_what_is_to_be_filled_in(tmp_path, fund):
    seed = f"municipality: Thisted\nfund: {fund}\n"
    seed += "project_period: {starts: 2018-07-01, ends: 2019-06-30}\n" if fund in _NEEDS_DAYS else ""
    seed += "round: udmoentning-2\n" if fund == "faellesskabspulje" else ""
    project = open_project(made(seed, tmp_path))

    assert {each.code for each in project.problems} <= {"value-missing", "sources-disagree"}
    assert project.dossier is not None
    assert {each.code for each in check(project.dossier)} <= {"value-missing", "sources-disagree"}


def test_a_seed_of_a_fund_with_several_rounds_says_which():
    problems: list[Problem] = []
    projects(source.load("municipality: Thisted\nfund: faellesskabspulje\n", "seed.yaml", problems), problems)

    assert [(each.code, each.words["key"]) for each in problems] == [("key-missing", "round")]


def test_a_project_of_a_fund_that_a_key_distributes_is_asked_for_no_application(tmp_path):
    folder = made("municipality: Thisted\nfund: bedre-bemanding-2018\n", tmp_path)
    text = (folder / "project.yaml").read_text(encoding="utf-8")
    readme = (folder / "README.md").read_text(encoding="utf-8")

    assert "\n  applied:" not in text
    assert "\n  awarded: MANGLER" in text
    assert [each.name for each in (folder / "budgets").iterdir()] == ["2018-01-01-award.yaml"]
    assert [each.name for each in (folder / "texts").iterdir()] == ["project-description.md"]
    assert "ansøg" not in readme.casefold()


def test_a_description_of_what_a_key_distributes_says_what_was_granted_and_of_no_application(tmp_path):
    dossier = open_project(
        made("municipality: Thisted\nfund: bedre-bemanding-2018\ngrant: {awarded: 1.000 kr.}\n", tmp_path)
    ).dossier

    assert dossier is not None
    (occasion,) = (each for each in every_occasion(dossier) if each.kind == "project-description")
    text = make_document(dossier, occasion, ("md",), draft=True).contents["md"].decode()
    assert "Tilskuddet er 1.000 kr. Der søges ikke om det" in text.replace("\N{NO-BREAK SPACE}", " ")
    assert "Der søges om" not in text


def test_the_readme_says_until_when_who_for_whom_and_where_each_with_its_source(tmp_path):
    folder = made("municipality: Thisted\nfund: selvvisitation-2022\n", tmp_path)
    readme = (folder / "README.md").read_text(encoding="utf-8").replace("\N{NO-BREAK SPACE}", " ")

    assert "- Ansøgningsfrist: 12. august 2022 kl. 12:00 (egen tekst: https://sundhedsstyrelsen.dk/" in readme
    assert "- Kommuner kan søge, eventuelt sammen med private leverandører. (egen tekst: https://" in readme
    assert "- Målgruppen er ældre borgere, " in readme
    assert "- Der søges via Tilskudsportalen, " in readme


def test_a_new_project_has_the_deadline_ahead_of_it_with_its_hour_before_it_says_what_is_applied_for(tmp_path):
    dossier = open_project(made(LITTLE, tmp_path)).dossier

    assert dossier is not None
    day = date(2021, 10, 1)
    deadlines = [each for each in due(dossier.state(day, day), ()) if each.what == "application"]
    assert [(each.day, each.hour) for each in deadlines] == [(date(2021, 11, 1), "12:00")]


def test_an_application_says_where_it_is_sent_and_until_when_where_the_fund_names_a_portal(tmp_path):
    dossier = open_project(made("municipality: Thisted\nfund: selvvisitation-2022\n", tmp_path)).dossier

    assert dossier is not None
    (occasion,) = (each for each in every_occasion(dossier) if each.kind == "application")
    text = make_document(dossier, occasion, ("md",), draft=True).contents["md"].decode()
    assert "Der søges via Tilskudsportalen" in text
    assert "Fristen er den 12. august 2022 kl. 12:00." in text.replace("\N{NO-BREAK SPACE}", " ")


def test_a_name_and_a_fund_are_enough_for_a_draft_of_the_application(tmp_path):
    dossier = open_project(made(LITTLE, tmp_path)).dossier

    assert dossier is not None
    assert "application" in {each.kind for each in every_occasion(dossier)}


def test_a_project_that_is_filled_in_becomes_an_application_without_money_by_year(tmp_path):
    lines = "budget_lines: [{id: loen, title: Løn, amount: 6.994.528 kr.}]\n"
    folder = made(WHOLE + lines, tmp_path)
    text = folder / "texts" / "application.md"
    text.write_text(
        re.sub(r"^(# .*)$", r"\1\n\nSkrevet.", text.read_text(encoding="utf-8"), flags=re.M), encoding="utf-8"
    )
    dossier = open_project(folder).dossier
    assert dossier is not None
    (occasion,) = (each for each in every_occasion(dossier) if each.kind == "application")
    application = make_document(dossier, occasion, ("md",))

    assert application.problems == ()
    assert "Budget efter antal og enhedspris" in application.contents["md"].decode()
    assert "Budget fordelt på år" not in application.contents["md"].decode()


def test_what_is_left_out_waits_as_mangler_and_is_counted(tmp_path):
    (seed,) = seeds(LITTLE)
    new = place(seed, tmp_path, SCAFFOLD)
    count = make(new, SCAFFOLD, "")
    warned = [found for found in open_project(new.folder).problems if found.code == "value-missing"]

    assert {found.words["key"] for found in warned} >= {
        "title",
        "applied",
        "purpose",
        "goals",
        "phases",
        "name",
        "amount",
    }
    assert count == len(warned)


def test_a_whole_plan_comes_back_as_it_was_given(tmp_path):
    given = open_project(ROOT / "projects" / "thisted-nordthy").dossier
    again = open_project(made(WHOLE + LINES, tmp_path)).dossier

    assert given is not None
    assert again is not None
    assert said(structs.replace(again.plan, budgets=())) == said(structs.replace(given.plan, budgets=()))
    assert [line.id for line in again.plan.budget_lines] == ["loen", "resten"]


VISIBLE = st.text(st.characters(exclude_categories=("Cc", "Cs", "Cn", "Zl", "Zp", "Cf", "Co"))).map(str.strip)
TYPED = (
    VISIBLE | st.lists(st.sampled_from([": ", "# ", "{{ x }}", '"', "'", "æøå", "- ", "%", "~", "\\"])).map("".join)
).map(str.strip)


@given(
    title=TYPED,
    area=TYPED,
    purpose=TYPED | st.lists(st.sampled_from(["faste", "teams:", "#1", "{%"]), min_size=40).map(" ".join),
)
def test_what_somebody_typed_stands_in_the_files_as_they_typed_it(title, area, purpose):
    typed = {"title": title, "area": area, "purpose": purpose}
    keys = "".join(f"{key}: {json.dumps(text, ensure_ascii=False)}\n" for key, text in typed.items() if text)
    (seed,) = seeds(f"folder: x\n{LITTLE}{keys}")
    node = read_back(SCAFFOLD.generated(seed)["project.yaml"])

    assert isinstance(node, source.Table)
    for key, text in typed.items():
        if text:
            assert node.get(key) == text


def all_of(scaffold: Scaffold, seed: Seed) -> dict[str, bytes]:
    """All files of a new project: its texts, and what is kept beside them."""
    texts = scaffold.generated(seed)
    return {**{name: text.encode() for name, text in texts.items()}, **scaffold.kept(seed, texts, "seed.yaml")}


def test_the_same_seed_and_template_give_the_same_files_from_any_folder(tmp_path, monkeypatch):
    (seed,) = seeds(WHOLE + LINES)
    here = all_of(SCAFFOLD, seed)
    monkeypatch.chdir(tmp_path)

    assert all_of(Scaffold(), seed) == here


KEY = re.compile(r"(?:# )? *(?:- )?([a-z_]+):(?: |$)")


def parted(text: str) -> tuple[str, str]:
    """What a file says at its top, and its keys with their examples."""
    head = re.match(r"(?:#.*\n)*", text)
    assert head
    return head[0], text[head.end() :]


# ── what the files say ───────────────────────────────────────────────────────────────────────


def test_every_key_of_a_plan_stands_in_the_file_with_its_explanation():
    (seed,) = seeds(LITTLE)
    lines = SCAFFOLD.generated(seed)["project.yaml"].splitlines()
    keys = {match[1] for line in lines if (match := re.match(r"(?:# )?(\w+):.* # ", line))}

    assert set(fields_of(Plan)) - keys == {"cohort", "round", "synthetic"}


@pytest.mark.parametrize("text", [LITTLE, WHOLE + LINES], ids=["little", "whole"])
@pytest.mark.parametrize("file", ["project.yaml", "budget", "allocation.yaml"])
def test_a_key_is_explained_where_it_first_stands_and_those_of_items_above_the_list(text, file):
    (seed,) = seeds(text)
    files = SCAFFOLD.generated(seed)
    _head, lines = parted(files[f"budgets/{seed.budget}.yaml" if file == "budget" else file])
    first: dict[str, str] = {}
    for line in lines.splitlines():
        if key := KEY.match(line):
            first.setdefault(key[1], line)

    above = {match[1] for line in lines.splitlines() if (match := re.match(r" +# (\w+): \w", line))}
    assert first
    assert [key for key, line in first.items() if " # " not in line and key not in above] == []
    assert [line for line in lines.splitlines() if re.match(r" *- \w+:.* # ", line)] == []


def test_the_examples_can_be_used_as_they_stand(tmp_path):
    seed = (
        "municipality: Thisted\nproject_period: {starts: 2022-01-01, ends: 2023-12-31}\n"
        "budget_lines: [{id: projektleder, title: Løn, amount: 350.000 kr.}]\n"
    )
    folder = made(seed, tmp_path)
    for path in [*folder.glob("*.yaml"), *folder.glob("budgets/*.yaml")]:
        head, lines = parted(path.read_text(encoding="utf-8"))
        used = head.replace("# - {", "- {") + re.sub(r"^# (?= *(?:- )?[a-z_]+:(?: |$))", "", lines, flags=re.MULTILINE)
        for key in ("goals", "phases", "people", "rules"):
            used = re.sub(rf"^{key}: (?:MANGLER|\[\]).*\n", "", used, flags=re.MULTILINE)
        path.write_text(used, encoding="utf-8")
    project = open_project(folder)

    assert [found for found in project.problems if found.severity == "error"] == []
    assert project.dossier is not None
    assert project.dossier.plan.phases[1].ongoing
    assert project.dossier.plan.indicators[0].goal == project.dossier.plan.goals[0].id
    assert len(project.dossier.events) == 1
    assert len(project.dossier.postings.rules) == 5


def test_the_prose_asks_what_the_document_and_the_fund_ask():
    (seed,) = seeds(LITTLE)
    text = SCAFFOLD.generated(seed)["texts/application.md"]

    assert "# Projektresumé\n\n<!-- Hvad vil I gøre, for hvem, og hvad kommer der ud af det? -->" in text
    assert seed.plan.terms is not None
    assert all(f"<!-- {asked.text} -->" in text for asked in seed.plan.terms.questions)


# ── texts ────────────────────────────────────────────────────────────────────────────────────


def test_what_a_seed_has_written_stands_under_its_heading_with_its_source(tmp_path):
    folder = made(WHOLE + LINES + TEXTS, tmp_path)
    text = (folder / "texts" / "application.md").read_text(encoding="utf-8")
    project = open_project(folder)
    assert project.dossier is not None
    prose = project.dossier.text("texts/application.md")

    assert (
        "Flere kommuner er i gang\nmed faste teams.\n\nNu er det vores tur.\n\n<!-- Kilde: dagsorden-2022-01-11 -->"
        in text
    )
    assert {each.heading: each.text for each in prose.passages if each.text} == {
        "Baggrund": "Flere kommuner er i gang\nmed faste teams.\n\nNu er det vores tur.",
        "Organisering": "Styregruppen mødes hvert kvartal.",
    }


def test_nobody_must_write_what_the_seed_has_written(tmp_path):
    text = SCAFFOLD.generated(seeds(LITTLE + "texts: {summary: Vi prøver faste teams.}\n")[0])["texts/application.md"]
    asked = SCAFFOLD.generated(seeds(LITTLE)[0])["texts/application.md"]

    assert asked.count("Skal skrives.") - text.count("Skal skrives.") == 1


def test_what_a_municipality_has_written_goes_before_what_is_common():
    common = (
        "common: {fund: ingen-pulje, project_period: {starts: 2022-06-01, ends: 2023-05-31}, texts: {economy: Gratis.}}"
    )
    listed = "municipalities: [Varde, {municipality: Thisted, texts: {economy: Vi betaler selv.}}]"

    assert [each.texts["economy"].text for each in seeds(f"{common}\n{listed}\n")] == ["Gratis.", "Vi betaler selv."]


@pytest.mark.parametrize(
    ("texts", "code"),
    [
        ("{milestones: A}", "unknown-key"),  # no text of the user's own
        ("{bagground: A}", "misspelt-key"),
        ("{background: {text: A, source: ingen}}", "unknown-id"),
        ("{background: {text: A, sources: ingen}}", "misspelt-key"),
        ("{background: {source: ingen}}", "key-missing"),
        ("[A]", "section-expected"),
    ],
)
def test_a_text_that_would_reach_no_document_is_told_where_it_stands(texts, code):
    problems: list[Problem] = []
    node = source.load(f"{LITTLE}texts: {texts}\n", "seed.yaml", problems)
    assert node is not None
    projects(node, problems)

    assert [(each.code, each.at.line) for each in problems] == [(code, 3)]


# ── folders ──────────────────────────────────────────────────────────────────────────────────


def test_a_project_that_is_there_is_never_written_again(tmp_path):
    (seed,) = seeds(LITTLE)
    folder = made(LITTLE, tmp_path)
    (folder / "project.yaml").write_text("title: Mit eget\n", encoding="utf-8")
    (folder / "allocation.yaml").unlink()
    again = place(seed, tmp_path, SCAFFOLD)
    make(again, SCAFFOLD, "seed.yaml")

    assert again.standing == "there"
    assert again.edited == ("allocation.yaml", "project.yaml")
    assert not again.otherwise
    assert (folder / "project.yaml").read_text(encoding="utf-8") == "title: Mit eget\n"
    assert not (folder / "allocation.yaml").exists()


def test_another_seed_for_a_project_that_is_there_is_told_and_left(tmp_path):
    folder = made(LITTLE, tmp_path)
    before = (folder / "project.yaml").read_bytes()
    (seed,) = seeds(f"folder: {folder.name}\ntitle: Et andet navn\n{LITTLE}")
    again = place(seed, tmp_path, SCAFFOLD)
    make(again, SCAFFOLD, "seed.yaml")

    assert again.standing == "there"
    assert again.otherwise
    assert (folder / "project.yaml").read_bytes() == before


def test_a_folder_of_somebody_elses_is_left_alone(tmp_path):
    (seed,) = seeds(LITTLE)
    mine = tmp_path / seed.folder
    mine.mkdir()
    found = place(seed, tmp_path, SCAFFOLD)
    make(found, SCAFFOLD, "")

    assert found.standing == "taken"
    assert list(mine.iterdir()) == []


def test_nothing_is_left_of_a_folder_that_was_not_finished(tmp_path):
    (seed,) = seeds(LITTLE)

    class Interrupted(Scaffold):
        def kept(self, *_arguments):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        make(place(seed, tmp_path / "into", SCAFFOLD), Interrupted(), "")

    assert list((tmp_path / "into").iterdir()) == []


def test_a_project_remembers_what_it_was_made_from(tmp_path):
    (seed,) = seeds(WHOLE + LINES + TEXTS)
    folder = made(WHOLE + LINES + TEXTS, tmp_path)
    problems: list[Problem] = []
    was = origin(folder, problems)

    assert was is not None
    assert not has_errors(problems)
    assert was.seed.values == seed.values
    assert was.seed.budget_lines == seed.budget_lines
    assert {name: said(text) for name, text in was.seed.texts.items()} == {
        name: said(text) for name, text in seed.texts.items()
    }
    assert was.seed.folder == seed.folder
    assert was.pristine == SCAFFOLD.generated(seed)
    assert was.template == f"sha256:{SCAFFOLD.digest}"
    assert SCAFFOLD.generated(was.seed) == was.pristine


def test_a_folder_that_was_not_scaffolded_has_no_origin():
    assert origin(ROOT / "projects" / "thisted-nordthy", []) is None


# ── a list ───────────────────────────────────────────────────────────────────────────────────


def test_the_list_of_learning_groups_makes_its_twenty_two_projects(tmp_path):
    problems: list[Problem] = []
    found = read_seeds(ROOT / "templates" / "rollouts" / "udviklingsrum-2022.yaml", problems)
    for seed in found:
        make(place(seed, tmp_path, SCAFFOLD), SCAFFOLD, "udviklingsrum-2022.yaml")
    opened = {folder.name: open_project(folder) for folder in sorted(tmp_path.iterdir())}

    assert problems == []
    assert len(opened) == 22
    assert all(project.sound for project in opened.values())
    plans = [project.dossier.plan for project in opened.values() if project.dossier]
    assert {(plan.cohort, sum(each.cohort == plan.cohort for each in plans)) for plan in plans} == {
        ("Hold vest", 8),
        ("Hold øst", 8),
        ("Erfarne", 6),
    }


# ── a template that would do more than write texts ───────────────────────────────────────────

PROJECT = "{{cookiecutter.slug}}"
RUN = "import pathlib\npathlib.Path({place!r}).write_text('run')\n"


def template(folder: Path, files: dict[str, str], settings: dict[str, object] | None = None) -> Path:
    for name, text in {SETTINGS: json.dumps(settings or {"slug": "p"}), f"{PROJECT}/a.txt": "Hej\n", **files}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def spoils(tmp_path):
    """What an attack would write."""
    return tmp_path / "spoils.txt"


def refused(folder: Path, slug: str = "p", **values: str) -> str:
    into = folder.parent / "into"
    into.mkdir(exist_ok=True)
    with pytest.raises(Unsafe) as refusal:
        Engine(folder).render({"slug": slug, **values}, into)
    found = refusal.value.problem
    return found.words.get("reason") or found.phrases["reason"].text


@pytest.mark.parametrize("name", ["pre_gen_project.py", "post_gen_project.py", "pre_prompt.py"])
def test_a_hook_never_runs(tmp_path, spoils, name):
    attack = template(tmp_path / "t", {f"hooks/{name}": RUN.format(place=str(spoils))})

    assert refused(attack) == "hooks"
    assert not spoils.exists()


@pytest.mark.parametrize(
    "settings", [{"_extensions": ["local_extensions.Mine"]}, {"_jinja2_env_vars": {"block_start_string": "[["}}]
)
def test_an_extension_is_never_loaded(tmp_path, spoils, settings):
    attack = template(tmp_path / "t", {"local_extensions.py": RUN.format(place=str(spoils))}, {"slug": "p", **settings})

    assert refused(attack).startswith(SETTINGS)
    assert not spoils.exists()
    assert "local_extensions" not in sys.modules


@pytest.mark.parametrize(
    "expression",
    [
        "{{ cycler.__init__.__globals__.os.popen('touch PLACE').read() }}",
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ cookiecutter.update({'slug': 'x'}) }}",
        "{% include '../../secret.txt' %}",
        "{{ cookiecutter.nothing }}",
    ],
)
def test_an_expression_reaches_neither_python_nor_other_files(tmp_path, spoils, expression):
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    attack = template(tmp_path / "t", {f"{PROJECT}/b.txt": expression.replace("PLACE", str(spoils))})

    assert refused(attack)
    assert not spoils.exists()


@pytest.mark.parametrize(
    "text",
    [
        "{{ 1 // 0 }}",
        "{{ 'a' * 9999999999 }}",
        "{% for a in range(9999) %}{% for b in range(9999) %}{% endfor %}{% endfor %}",
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
        "{% if 1 %}" * 500 + "{% endif %}" * 500,
        "{{ " + "9" * 5_000 + " }}",
        "{{ cookiecutter.slug.nothing.more }}",
    ],
)
def test_a_text_that_cannot_be_rendered_or_never_ends_is_the_templates_problem(tmp_path, text):
    with within(30):
        assert refused(template(tmp_path / "t", {f"{PROJECT}/b.txt": text}))


@pytest.mark.parametrize(("file", "content"), [(SETTINGS, b"["), (SETTINGS, b"7"), (f"{PROJECT}/b.txt", b"\xff\xfe")])
def test_files_of_a_template_that_cannot_be_read_are_its_problem(tmp_path, file, content):
    (template(tmp_path / "t", {}) / file).write_bytes(content)

    assert refused(tmp_path / "t") == "{file} cannot be read"


@pytest.mark.parametrize("slug", ["../out", "/tmp/out", "a/b", "..", "a\\b"])
def test_a_name_never_leads_out_of_the_folder(tmp_path, slug):
    attack = template(tmp_path / "t", {})

    assert "leads to" in refused(attack, slug)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["into", "t"]
    assert list((tmp_path / "into").iterdir()) == []


def test_a_file_name_never_leads_out_of_the_folder(tmp_path):
    attack = template(tmp_path / "t", {f"{PROJECT}/{{{{cookiecutter.area}}}}.txt": "text"})

    assert "leads to" in refused(attack, area="../../out")
    assert Engine(attack).render({"slug": "q", "area": "Nordthy"}, tmp_path) == {
        "Nordthy.txt": "text",
        "a.txt": "Hej\n",
    }


def test_a_link_to_another_file_is_not_followed(tmp_path):
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    attack = template(tmp_path / "t", {})
    (attack / PROJECT / "b.txt").symlink_to(tmp_path / "secret.txt")

    assert "secret.txt" in refused(attack)


def test_a_text_with_braces_in_a_value_is_a_text(tmp_path):
    asks = template(tmp_path / "t", {f"{PROJECT}/b.txt": "{{ cookiecutter.title }}"})

    assert Engine(asks).render({"slug": "p", "title": "{{ 1 + 1 }}"}, tmp_path)["b.txt"] == "{{ 1 + 1 }}"


def test_cookiecutter_leaves_nothing_in_the_home_folder_and_is_itself_afterwards(tmp_path, monkeypatch):
    import cookiecutter.generate

    home = tmp_path / "home"
    home.mkdir()
    for name in ("HOME", "USERPROFILE", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, str(home))
    environment = cookiecutter.generate.create_env_with_context
    made(LITTLE, tmp_path / "into")

    assert list(home.iterdir()) == []
    assert cookiecutter.generate.create_env_with_context is environment


def test_a_place_without_a_template_says_so(tmp_path):
    with pytest.raises(Unsafe, match=f"templates/project/{SETTINGS}"):
        Scaffold((tmp_path,))


def test_what_is_kept_beside_the_files_is_small():
    (seed,) = seeds(WHOLE + LINES)
    kept = {name: content for name, content in all_of(SCAFFOLD, seed).items() if name.startswith(KEPT)}

    assert sum(map(len, kept.values())) < 150_000
