"""New project folders from seeds, one or a hundred: each is there whole or not at all, and none is ever overwritten."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from msgspec import Struct, structs

from toolkit.core.checks import check
from toolkit.core.dossier import Dossier
from toolkit.core.fund import Fund
from toolkit.core.plan import Budget, Plan
from toolkit.core.problems import FileName, Problem, Span, problem
from toolkit.core.records import MISSING
from toolkit.core.seed import Seed, Typed
from toolkit.documents import guard
from toolkit.documents.kind import DocumentKind
from toolkit.files import new_folder
from toolkit.readers import schema, shelf, source
from toolkit.readers.block import Block
from toolkit.readers.meanings import Meanings, meanings
from toolkit.readers.model import fields_of
from toolkit.readers.municipalities import municipalities
from toolkit.readers.seed import Lists, seeds
from toolkit.readers.seed import seed as seed_of
from toolkit.readers.source import Node, Table, decoded
from toolkit.scaffold_engine import SETTINGS, Engine, Unsafe
from toolkit.writers.package import pack, unpack

TEMPLATE = "project"  # below templates/
KEPT = ".pulje"  # what the project was made from: nobody writes there
ORIGIN = f"{KEPT}/scaffold.yaml"
PRISTINE = f"{KEPT}/pristine.zip"
SCHEMAS = f"{KEPT}/schema"

_MISSING = re.compile(rf"^[^#\n]*: {MISSING}\b", re.MULTILINE)

_ORIGIN_HEAD = """\
# Hvad projektet er lavet af. `pulje update` bruger det til at se, hvad der er skrevet siden. Ret ikke her.
"""

# ── seeds ────────────────────────────────────────────────────────────────────────────────────


def lists(places: shelf.Places = (shelf.TEMPLATES,)) -> Lists:
    """What a seed's names are looked up in; each fund is read once."""

    @cache
    def read(id: str) -> tuple[Fund | None, tuple[Problem, ...]]:
        problems: list[Problem] = []
        return shelf.fund(id, Span("", 0, 0), problems, places), tuple(problems)

    def fund(id: str, at: Span, problems: list[Problem]) -> Fund | None:
        found, wrong = read(id)
        problems += (each if each.at.file else structs.replace(each, at=at) for each in wrong)
        return found

    return Lists(municipalities(places), fund)


def read_seeds(path: Path, problems: list[Problem], places: shelf.Places = (shelf.TEMPLATES,)) -> tuple[Seed, ...]:
    """Every project that a seed file names."""
    node = seed_node(path, problems)
    return projects(node, problems, places) if node is not None else ()


def seed_node(path: Path, problems: list[Problem]) -> Node | None:
    """What a seed file holds, before it is known what it means."""
    file = FileName(str(path), "here")
    text = decoded(path.read_bytes(), file, problems)
    problems += guard.in_file(text or "", file)
    before = len(problems)
    node = source.load(text, file, problems) if text is not None else None
    if node is None and text is not None and len(problems) == before:
        problems.append(problem("file-empty", Span(file, 1, 1), file=file, example="municipality: Thisted"))
    return node


def projects(node: Node, problems: list[Problem], places: shelf.Places = (shelf.TEMPLATES,)) -> tuple[Seed, ...]:
    """Every project of a seed; what `pulje check` would call an error in one is said here, where the seed says it."""
    found = seeds(node, lists(places), problems)
    wrong = (each for seed in found for each in check(Dossier(plan=seed.plan)) if each.severity == "error")
    problems += dict.fromkeys(each for each in wrong if each not in problems)
    named = dict.fromkeys((report.kind, report.at.of("kind")) for seed in found for report in seed.plan.reports)
    shelf.titles(named, problems, places)
    return found


# ── the files of a project ───────────────────────────────────────────────────────────────────


class Question(Struct, frozen=True):
    """A passage of a document that the user writes: its heading, and what it answers, to us and to the fund."""

    heading: str
    questions: tuple[str, ...]
    required: bool


class Scaffold:
    """The template of new projects, ready for any number of seeds."""

    def __init__(self, places: shelf.Places = (shelf.TEMPLATES,)) -> None:
        """Read the template; raises Unsafe where it asks for what no template may have."""
        place = next((place / TEMPLATE for place in places if (place / TEMPLATE / SETTINGS).is_file()), None)
        if place is None:
            raise Unsafe(f"templates/{TEMPLATE}/{SETTINGS}")
        self._engine = Engine(place)
        self._meanings = meanings(places)
        self._kinds = {name: shelf.kind(name, [], places=places) for name in ("application", "project-description")}

    @property
    def digest(self) -> str:
        """Which template it is: another when any of its texts is another."""
        return self._engine.digest

    def generated(self, seed: Seed) -> dict[str, str]:
        """The texts of a new project's files: the same seed and template always give the same.

        Raises Unsafe where the template cannot be rendered.
        """
        with TemporaryDirectory() as place:
            return self.write(seed, Path(place))

    def write(self, seed: Seed, into: Path) -> dict[str, str]:
        """The same texts, written to the seed's folder below `into`."""
        document = "application" if seed.budget else "project-description"
        return self._engine.render(
            {
                "slug": seed.folder,
                "project": _blocks(seed, self._meanings),
                "first_day": str(seed.plan.project_period.starts),
                "last_day": str(seed.plan.project_period.ends),
                "budget": seed.budget or "",
                "lines": Block(self._meanings).key(Budget, "lines", seed.budget_lines) if seed.budget_lines else "",
                "document": document,
                "document_title": kind.title if (kind := self._kinds[document]) else document,
                "questions": _questions(self._kinds[document], seed.plan.terms),
                "municipality_name": seed.plan.municipality_name,
                "title": "" if seed.plan.title == MISSING else seed.plan.title,
                "schemas": SCHEMAS,
            },
            into,
        )

    def contents(self, seed: Seed, seed_file: str) -> dict[str, bytes]:
        """All files of a new project: its texts, and what is kept beside them."""
        texts = self.generated(seed)
        return {**{name: text.encode() for name, text in texts.items()}, **self.kept(seed, texts, seed_file)}

    def kept(self, seed: Seed, texts: Mapping[str, str], seed_file: str) -> dict[str, bytes]:
        """What stands below .pulje/: what the project was made from, its texts as they were made, and the schemas."""
        return {
            ORIGIN: _origin_text(seed, seed_file, self.digest).encode(),
            PRISTINE: pack({name: text.encode() for name, text in texts.items()}),
            **{f"{SCHEMAS}/{name}.json": text for name, text in _schema_files().items()},
        }


def _blocks(seed: Seed, meanings: Meanings) -> dict[str, str]:
    """Each key of project.yaml as its lines, explained where it first stands; "" for one that nobody has given."""
    block = Block(meanings)
    return {key: block.key(Plan, key, seed.values[key]) if key in seed.values else "" for key in fields_of(Plan)}


def _questions(kind: DocumentKind | None, fund: Fund | None) -> tuple[Question, ...]:
    """What is to be written for a document; the fund's questions stand under their headings."""
    asked = fund.questions if fund else ()
    return tuple(
        Question(
            section.heading,
            (section.question, *(each.text for each in asked if each.heading == section.heading)),
            section.required,
        )
        for section in (kind.sections if kind else ())
        if section.prose
    )


@cache
def _schema_files() -> Mapping[str, bytes]:
    said = meanings()
    return {name: schema.text(name, said).encode() for name in schema.OF_A_PROJECT}


# ── what a project was made from ─────────────────────────────────────────────────────────────


class Origin(Struct, frozen=True):
    """What a project was made from: the template's digest, the seed, and each text as it was made."""

    template: str
    seed_file: str
    seed: Seed
    pristine: Mapping[str, str]


def origin(folder: Path, problems: list[Problem], places: shelf.Places = (shelf.TEMPLATES,)) -> Origin | None:
    """What a project's folder was made from; None where it was not scaffolded, or where its record cannot be read."""
    path = folder / ORIGIN
    if not path.is_file() or not (folder / PRISTINE).is_file():
        return None
    node = source.load(path.read_text(encoding="utf-8"), ORIGIN, problems)
    if not isinstance(node, Table) or not isinstance(table := node.get("seed"), Table):
        return None
    seed = seed_of(table, lists(places), problems)
    if seed is None:
        return None
    return Origin(
        template=str(node.get("template")),
        seed_file=str(node.get("seed_file")),
        seed=seed,
        pristine=pristine(folder),
    )


def pristine(folder: Path) -> dict[str, str]:
    """Each text of a scaffolded project as it was made."""
    return {name: content.decode() for name, content in unpack((folder / PRISTINE).read_bytes()).items()}


def _origin_text(seed: Seed, seed_file: str, digest: str) -> str:
    block = Block(Meanings({}))
    values: Mapping[str, Typed] = {"template": f"sha256:{digest}", "seed_file": seed_file, "seed": seed.as_typed}
    return _ORIGIN_HEAD + "".join(block.key(None, key, value) + "\n" for key, value in values.items())


# ── folders ──────────────────────────────────────────────────────────────────────────────────

Standing = Literal["new", "there", "taken"]


class Place(Struct, frozen=True):
    """Where one seed's project goes, and what is there: nothing, the project itself, or something else.

    `edited` are its files that somebody has written in since; `otherwise` says that it would now be made otherwise,
    from another seed or another template.
    """

    seed: Seed
    folder: Path
    standing: Standing
    edited: tuple[str, ...] = ()
    otherwise: bool = False


def place(seed: Seed, into: Path, scaffold: Scaffold) -> Place:
    """Look where a project would go. Nothing is written; raises Unsafe where the template cannot be rendered."""
    folder = into / seed.folder
    if not folder.exists():
        return Place(seed, folder, "new")
    if not (folder / PRISTINE).is_file():
        return Place(seed, folder, "taken")
    made = pristine(folder)
    edited = tuple(name for name, text in made.items() if _differs(folder / name, text))
    return Place(seed, folder, "there", edited=edited, otherwise=scaffold.generated(seed) != made)


def make(place: Place, scaffold: Scaffold, seed_file: str) -> int:
    """Write a new project's folder, and tell how many of its values are still MANGLER. One that is there stays.

    Raises Unsafe where the template cannot be rendered: then nothing is left of the folder.
    """
    if place.standing != "new":
        return 0
    with new_folder(place.folder) as made:
        texts = scaffold.write(place.seed, made.parent)
        (made / SCHEMAS).mkdir(parents=True)
        for name, content in scaffold.kept(place.seed, texts, seed_file).items():
            (made / name).write_bytes(content)
    return sum(len(_MISSING.findall(text)) for text in texts.values())


def _differs(path: Path, text: str) -> bool:
    return not path.is_file() or path.read_bytes().replace(b"\r\n", b"\n") != text.encode()
