"""New project folders from seeds, one or a hundred: each is there whole or not at all, and none is ever overwritten."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal
from zipfile import BadZipFile

from msgspec import Struct, structs

from toolkit.core.checks import check
from toolkit.core.checks.references import unknown_sources
from toolkit.core.dossier import Dossier
from toolkit.core.fund import CALL_TERMS, Fund, Provision, Round
from toolkit.core.plan import Budget, Plan
from toolkit.core.problems import N_, FileName, Problem, Refused, Span, declare, has_errors, problem
from toolkit.core.records import MISSING
from toolkit.core.seed import Seed, SeedText, Typed
from toolkit.core.words import STANDINGS
from toolkit.documents import danish, guard
from toolkit.documents.kind import DocumentKind, said_in
from toolkit.files import new_folder, write_whole
from toolkit.project import KEPT, ORIGIN, PRISTINE, open_project
from toolkit.readers import schema, shelf, source
from toolkit.readers.block import Block
from toolkit.readers.meanings import Meanings, meanings
from toolkit.readers.model import fields_of, unknown_key
from toolkit.readers.municipalities import municipalities
from toolkit.readers.seed import Lists, plain, seeds
from toolkit.readers.seed import seed as seed_of
from toolkit.readers.source import Node, Table, decoded
from toolkit.readers.values import Value
from toolkit.scaffold_engine import SETTINGS, Engine, Unsafe, as_bytes, as_text, is_unread
from toolkit.writers.package import pack, unpack

TEMPLATE = "project"  # below templates/
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
    amiss = (each for seed in found for each in _amiss_in_texts(seed, shelf.kind(seed.document, [], places=places)))
    problems += dict.fromkeys(amiss)
    named = dict.fromkeys((report.kind, report.at.of("kind")) for seed in found for report in seed.plan.reports)
    shelf.kinds_named(named, problems, places)
    return found


def _amiss_in_texts(seed: Seed, kind: DocumentKind | None) -> Iterator[Problem]:
    """A text for a section that nobody writes, or that its document has not, and one with an unknown source."""
    sections = [section.name for section in kind.sections if section.prose] if kind else []
    for name, text in seed.texts.items():
        if name not in sections:
            yield unknown_key(Value(name, text.at.span), sections)
    yield from unknown_sources(seed.plan, seed.texts.values())


# ── the files of a project ───────────────────────────────────────────────────────────────────

declare(
    "seed-of-another",
    "error",
    N_("{entry} is another project than the one that is there: its {key} is {now}, and there it is {was}."),
    N_(
        "a project of another period, fund or municipality has a folder of its own: write folder: … or a title of its "
        "own in the seed, and make it with pulje new"
    ),
)
declare(
    "seed-of-which",
    "error",
    N_("{seed} has several projects, and none of them says that it is {folder}."),
    N_("write folder: {folder} on the one that it is"),
)
declare(
    "linked-already",
    "error",
    N_("{folder} knows already what it was made from."),
    N_(
        "bring in what is changed there: pulje update {folder}; if it stands in another file now, name that with --seed"
    ),
)
declare(
    "scaffold-damaged",
    "error",
    N_("{file} is damaged: what the project was made from can no longer be read."),
    N_("put the file back from a backup; the project itself is whole without it"),
)


class Question(Struct, frozen=True):
    """A passage of a document that the user writes: its heading, and what it answers, to us and to the fund.

    `written` is what the seed has written there already.
    """

    heading: str
    questions: tuple[str, ...]
    required: bool
    written: SeedText | None = None


class Call(Struct, frozen=True):
    """What a fund says to those who may apply: until when, who, for whom and where, each with where that stands."""

    title: str
    agency: str
    round: str
    closes: str
    says: tuple[str, ...]


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
        kind = self._kinds[seed.document]
        return self._engine.render(
            {
                "slug": seed.folder,
                "project": _blocks(seed, self._meanings),
                "first_day": str(seed.plan.project_period.starts),
                "last_day": str(seed.plan.project_period.ends),
                "budget": seed.budget or "",
                "stage": seed.plan.budgets[0].stage if seed.plan.budgets else "",
                "lines": Block(self._meanings).key(Budget, "lines", seed.budget_lines) if seed.budget_lines else "",
                "document": seed.document,
                "document_title": kind.title if kind else seed.document,
                "questions": _questions(kind, seed.plan, seed.texts),
                "municipality_name": seed.plan.municipality_name,
                "title": "" if seed.plan.title == MISSING else seed.plan.title,
                "call": _call(seed.plan),
                "schemas": SCHEMAS,
            },
            into,
        )

    def kept(
        self, seed: Seed, texts: Mapping[str, str], seed_file: str, moved: Mapping[str, str] = {}
    ) -> dict[str, bytes]:
        """What stands below .pulje/: what the project was made from, its texts as they were made, and the schemas.

        `moved` is where files stand that the template calls otherwise.
        """
        return {
            ORIGIN: _origin_text(seed, seed_file, self.digest, moved).encode(),
            PRISTINE: pack({name: as_bytes(text) for name, text in texts.items()}),
            **{f"{SCHEMAS}/{name}.json": text for name, text in _schema_files().items()},
        }


def _blocks(seed: Seed, meanings: Meanings) -> dict[str, str]:
    """Each key of project.yaml as its lines, explained where it first stands; "" for one that nobody has given."""
    block = Block(meanings)
    return {key: block.key(Plan, key, seed.values[key]) if key in seed.values else "" for key in fields_of(Plan)}


def _call(plan: Plan) -> Call | None:
    """What the fund says before it gives anything; None where there is none."""
    fund = plan.terms
    if fund is None or not fund.gives_grants:
        return None
    its = fund.round_of(plan.round)
    closes = danish.day_and_hour(fund.call_closes, fund.call_closes_at) if fund.call_closes else ""
    terms = (term for id in CALL_TERMS if (term := fund.term(id)))
    return Call(
        title=fund.title,
        agency=fund.agency,
        round=(its.title or its.id) if its else "",
        closes=f"{closes}{_known_from(its)}" if its and closes else closes,
        says=tuple(f"{term.text}{_known_from(term)}" for term in terms),
    )


def _known_from(said: Provision | Round) -> str:
    """How well it is known, and where it stands."""
    return f" ({STANDINGS[said.standing][0]}: {said.reference})"


def _questions(kind: DocumentKind | None, plan: Plan, texts: Mapping[str, SeedText]) -> tuple[Question, ...]:
    """What is to be written for a document; the fund's questions, and the seed's texts, stand under their headings."""
    asked, said = plan.terms.questions if plan.terms else (), said_in(plan)
    return tuple(
        Question(
            section.heading,
            (
                *section.questions(() if section.name in texts else said),
                *(each.text for each in asked if each.heading == section.heading),
            ),
            section.is_required(said) and section.name not in texts,
            texts.get(section.name),
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
    """What a project was made from: the template's digest, the seed, and each text as it was made.

    The seed's file is named as seen from the project's folder, and the seed by its `entry` there. Earlier versions kept
    no entry: then the file is named from the folder above, and the seed goes by its folder. `moved` is where files
    stand that the template calls otherwise; one that stands nowhere is said to stand where the template has it.
    """

    template: str
    seed_file: str
    entry: str | None
    seed: Seed
    pristine: Mapping[str, str]
    moved: Mapping[str, str] = {}


def origin(folder: Path, problems: list[Problem], places: shelf.Places = (shelf.TEMPLATES,)) -> Origin | None:
    """What a project's folder was made from; None where it was not scaffolded, or where its record cannot be read."""
    path = folder / ORIGIN
    if not path.is_file() or not (folder / PRISTINE).is_file():
        return None
    text = decoded(path.read_bytes(), ORIGIN, problems)
    node = source.load(text, ORIGIN, problems) if text is not None else None
    table = node.get("seed") if isinstance(node, Table) else None
    if not isinstance(node, Table) or not isinstance(table, Table):
        problems.append(problem("scaffold-damaged", Span(ORIGIN, 0, 0), file=ORIGIN))
        return None
    made = pristine(folder)
    if made is None:
        problems.append(problem("scaffold-damaged", Span(PRISTINE, 0, 0), file=PRISTINE))
        return None
    seed = seed_of(table, lists(places), problems)
    if seed is None:
        return None
    said = {key: str(each) for key in ("template", "seed_file", "entry") if (each := node.get(key)) is not None}
    seed = structs.replace(seed, entry=said.get("entry", seed.folder))
    return Origin(said.get("template", ""), said.get("seed_file", ""), said.get("entry"), seed, made, _moved(node))


def _moved(node: Table) -> dict[str, str]:
    """Where files stand that the template calls otherwise, as far as the record can be read."""
    listed = node.get("moved")
    items = plain(listed) if listed is not None else ()
    each = [item for item in items if isinstance(item, Mapping)]
    return {str(item["file"]): str(item["at"]) for item in each if "file" in item and "at" in item}


def pristine(folder: Path) -> dict[str, str] | None:
    """Each text of a scaffolded project as it was made; None where what is kept of it is damaged."""
    try:
        made = {name: as_text(content) for name, content in unpack((folder / PRISTINE).read_bytes()).items()}
    except BadZipFile:
        return None
    return None if any(map(is_unread, made.values())) else made


def _origin_text(seed: Seed, seed_file: str, digest: str, moved: Mapping[str, str]) -> str:
    block = Block(Meanings({}))
    where = {"seed_file": seed_file, "entry": seed.entry}
    values: Mapping[str, Typed] = {"template": f"sha256:{digest}", **where, "seed": seed.as_typed}
    if moved:
        values = {**values, "moved": tuple({"file": name, "at": at} for name, at in sorted(moved.items()))}
    return _ORIGIN_HEAD + "".join(block.key(None, key, value) + "\n" for key, value in values.items())


def seen_from(folder: Path, file: Path) -> str:
    """A file's path as seen from a project's folder: the same wherever one stands when it is looked for."""
    return Path(os.path.relpath(file, folder)).as_posix()


def link(folder: Path, seed_file: Path, scaffold: Scaffold) -> Seed:
    """Bind a project that was made otherwise to its seed: what the seed makes today is what it is held against later.

    Nothing of the project's own is written. Raises Refused where it has a seed already, where the file does not say
    which of its projects this is, and where that is of another fund, municipality or period.
    """
    project, problems = open_project(folder), list[Problem]()
    if origin(folder, []):
        raise Refused(problem("linked-already", Span(FileName(str(folder), "here"), 0, 0), folder=folder))
    found = read_seeds(seed_file, problems)
    if project.dossier is None or has_errors(problems):
        raise Refused(next(each for each in (*problems, *project.problems) if each.severity == "error"))
    own = [each for each in found if folder.resolve().name in (each.folder, each.entry)] or found
    if len(own) != 1:
        here = Span(FileName(str(seed_file), "here"), 0, 0)
        raise Refused(problem("seed-of-which", here, seed=seed_file.name, folder=folder.resolve().name))
    for told in disagreements(project.dossier.plan, own[0]):
        raise Refused(told)
    for name, content in scaffold.kept(own[0], scaffold.generated(own[0]), seen_from(folder, seed_file)).items():
        write_whole(folder / name, content)
    return own[0]


def disagreements(before: Plan, other: Seed) -> Iterator[Problem]:
    """What says that a seed is of another project: another fund or municipality, or no day that both have."""
    after = other.plan
    for key in ("municipality", "fund"):
        was, now = getattr(before, key), getattr(after, key)
        if was != now and MISSING not in (was, now):
            yield problem("seed-of-another", other.at, key=key, was=was or "–", now=now or "–", entry=other.entry)
    was_of, now_of = before.project_period, after.project_period
    if now_of.starts > was_of.ends or now_of.ends < was_of.starts:
        words = {"was": f"{was_of.starts} – {was_of.ends}", "now": f"{now_of.starts} – {now_of.ends}"}
        yield problem("seed-of-another", other.at, key="project_period", entry=other.entry, **words)


# ── folders ──────────────────────────────────────────────────────────────────────────────────

Standing = Literal["new", "there", "taken", "another", "renamed"]


class Place(Struct, frozen=True):
    """Where one seed's project goes, and what is there: nothing, the project itself, or something else.

    `another` is a project of another period, fund or municipality, which would have the same folder. `renamed` is one
    that was made from the same entry and stands in another folder, `there`, since its title was another. `edited` are
    its files that somebody has written in since; `otherwise` says that it would now be made otherwise, from another
    seed or another template.
    """

    seed: Seed
    folder: Path
    standing: Standing
    edited: tuple[str, ...] = ()
    otherwise: bool = False
    there: str = ""
    problems: tuple[Problem, ...] = ()


def place(seed: Seed, into: Path, scaffold: Scaffold, made_before: Mapping[str, str] | None = None) -> Place:
    """Look where a project would go. Nothing is written; raises Unsafe where the template cannot be rendered.

    `made_before` are the folders beside it that were made from the same seed file, by their entries.
    """
    folder = into / seed.folder
    if not folder.exists():
        there = (made_before or {}).get(seed.entry)
        return Place(seed, folder, "renamed", there=there) if there else Place(seed, folder, "new")
    if not (folder / PRISTINE).is_file():
        return Place(seed, folder, "taken")
    made = pristine(folder)
    if made is None:
        return Place(seed, folder, "taken")
    otherwise = scaffold.generated(seed) != made
    was = origin(folder, []) if otherwise else None
    if was and (told := tuple(disagreements(was.seed.plan, seed))):
        return Place(seed, folder, "another", problems=told)
    edited = tuple(name for name, text in made.items() if _differs(folder / name, text))
    return Place(seed, folder, "there", edited=edited, otherwise=otherwise)


def made_from(seed_file: Path, into: Path) -> dict[str, str]:
    """The projects of a folder that were made from a seed file: their folders, by what the file calls them."""
    found: dict[str, str] = {}
    for record in sorted(into.glob(f"*/{ORIGIN}")):
        folder = record.parent.parent
        said = dict(_SAID.findall(record.read_text(encoding="utf-8", errors="replace")))
        if "entry" in said and (folder / said["seed_file"].strip('"')).resolve() == seed_file.resolve():
            found[said["entry"].strip('"')] = folder.name
    return found


_SAID = re.compile(r"^(seed_file|entry): (.+?)\s*$", re.MULTILINE)


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
    try:
        return not path.is_file() or path.read_bytes().replace(b"\r\n", b"\n") != as_bytes(text).replace(b"\r\n", b"\n")
    except OSError:  # a name that no file can have
        return True
