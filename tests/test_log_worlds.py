"""Laws of every log: what is recorded later changes nothing of before, a corrected log is a clean one, and all agree.

`python -m tests.search_laws SECONDS` looks for a log that breaks one, and makes it small.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any, NamedTuple
from unittest.mock import patch

import click
import pytest
from msgspec import structs

from tests.log_worlds import STEPS, World, Writing, a_log, some_day, written_wrong
from toolkit import portfolio
from toolkit.cli import as_json, json_portfolio
from toolkit.cli.documents import chosen
from toolkit.core.budget_change import versions
from toolkit.core.doubts import doubtful
from toolkit.core.economy import economy_of
from toolkit.core.occasion import Occasion
from toolkit.core.report import report_of
from toolkit.core.state import corrected
from toolkit.documents.facts import leaves
from toolkit.documents.from_state import facts_from
from toolkit.project import Project
from toolkit.render import every_occasion, kinds, make_document

Pair = tuple[str, object, object]  # what two should say the same of, and what each says
Told = dict[str, Mapping[str, object]]  # by what says it


# ── the laws ─────────────────────────────────────────────────────────────────────────────────


class Later(NamedTuple):
    """A log as it was known on a day, and the same log later on."""

    before: World
    after: World
    known_by: date
    as_of: date


def later(chance: Random) -> Later:
    before = a_log(chance, chance.randrange(2, 16), ids=chance.choice((0, 0.6, 1)))
    known_by = max(each["recorded"] for each in before.log) + timedelta(days=chance.choice((0, 0, 1, 50)))
    writing = Writing(chance, before, known_by + timedelta(days=1), chance.choice((0, 0.6, 1)))
    return Later(before, writing.go_on(chance.randrange(1, 10)), known_by, some_day(chance))


def said_otherwise_later(case: Later, made: int | None = None) -> Told:
    """What comes out otherwise of the same days, though all that is new was recorded after them.

    With an application or an answer anywhere in the log `awarded` in project.yaml is no fallback (docs/days.md): the
    first of them that is ever logged does change what the files alone said before, and only that.
    """
    known = corrected(case.before.dossier().events, case.known_by)
    if not any(event.kind in ("applied", "awarded", "rejected") for event in known):
        return {}
    return differing(*(told(world, case.as_of, case.known_by, made) for world in (case.before, case.after)))


class Corrected(NamedTuple):
    """A log that was right at once, and one that was put right."""

    clean: World
    wrong: World
    known_by: date
    as_of: date


def put_right(chance: Random) -> Corrected:
    clean = a_log(chance, chance.randrange(1, 12), ids=1, corrections=0)
    last = max(each["recorded"] for each in clean.log)
    return Corrected(clean, written_wrong(chance, clean), last + timedelta(days=30), some_day(chance))


def said_otherwise_when_put_right(case: Corrected, made: int | None = None) -> Told:
    """What a log that was put right says otherwise than one that was right at once.

    Only a report of late costs may: what was known when the last one was sent was known before it was put right.
    """
    return differing(
        *(_without_late_costs(told(world, case.as_of, case.known_by, made)) for world in (case.clean, case.wrong))
    )


def _without_late_costs(found: Told) -> Told:
    late = {what for what, says in found.items() if any(path.startswith("budget.late.") for path in says)}
    return {
        what: {path: value for path, value in says.items() if not path.startswith("budget.late.")}
        for what, says in found.items()
        if what.removesuffix(HTML) == what or what.removesuffix(HTML) not in late
    }


class AtOnce(NamedTuple):
    """A log, and the days that everything is asked of."""

    world: World
    as_of: date
    known_by: date


def at_once(chance: Random) -> AtOnce:
    world, as_of = a_log(chance, chance.randrange(1, 20)), some_day(chance)
    return AtOnce(world, as_of, chance.choice((world.dossier().last_known, some_day(chance))))


def disagreements(world: World, as_of: date, known_by: date) -> list[Pair]:
    """What portfolio, status, budget and the documents say otherwise than each other of one project on one day."""
    project = world.project
    says = _commands(project, as_of, known_by)
    status, budget = says["status"], says["budget"]
    shown, totals = _in_portfolio(project, as_of, known_by)
    found = [("portfolio", shown["status"], status)] if shown["status"] != {**status, "project": "p"} else []
    pairs = [("grant", status["grant"], budget["grant"]), *_of_budget(status["budget"], budget["budget"])]
    pairs += _of_portfolio(shown, totals, status, budget["budget"])
    for name, occasion in occasions(project, as_of, known_by):
        if occasion and occasion.as_of == as_of:
            pairs += ((f"{name}: {what}", one, other) for what, one, other in _of_document(project, occasion, says))
    return [*found, *(each for each in pairs if each[1] != each[2])]


# ── in the suite: a few of each ──────────────────────────────────────────────────────────────


def test_what_is_made_again_under_the_same_days_is_the_same_whatever_was_recorded_since() -> None:
    for seed in range(7):
        assert said_otherwise_later(later(Random(seed)), seed) == {}, seed


def test_a_log_that_was_put_right_says_the_same_as_one_that_was_right_at_once() -> None:
    for seed in range(6):
        assert said_otherwise_when_put_right(put_right(Random(seed)), seed) == {}, seed


def test_portfolio_status_budget_and_documents_say_the_same_of_one_project() -> None:
    for seed in range(14):
        assert disagreements(*at_once(Random(seed))) == [], seed


@pytest.mark.parametrize("format", ["docx", "pdf"])
def test_a_file_for_word_and_one_for_printing_have_the_same_bytes_too(format: str) -> None:
    case = later(Random(3))

    def made(world: World) -> bytes:
        _name, report = _chosen(world.project, "status-report", *NO_STEP, None, known_by=case.known_by)
        assert report
        return make_document(world.dossier(), report, (format,), draft=True).contents[format]

    assert made(case.before) == made(case.after)


# ── what a log says ──────────────────────────────────────────────────────────────────────────

HTML = " as a page"
NO_STEP = (None, None, None)


def told(world: World, as_of: date, known_by: date, made: int | None = None) -> Told:
    """All that commands and documents say, fact by fact; of one document, as `made` chooses, the bytes of its page."""
    project = world.project
    found: Told = dict(_commands(project, as_of, known_by))
    every = dict(occasions(project, as_of, known_by))
    page = Random(made).choice(sorted(name for name, each in every.items() if each)) if made is not None else None
    for name, occasion in every.items():
        found[name] = facts(project, occasion) if occasion else {}
        if name == page and occasion and project.dossier:
            document = make_document(
                project.dossier, occasion, ("html",), draft=True, own=project.folder, places=project.places
            )
            codes = sorted(each.code for each in document.problems)
            found[name + HTML] = {"html": document.contents, "named": document.name, "problems": codes}
    return found


def facts(project: Project, occasion: Occasion) -> dict[str, object]:
    assert project.dossier is not None
    return {leaf.path: leaf.value for leaf in leaves(facts_from(report_of(project.dossier, occasion)))}


def occasions(project: Project, as_of: date, known_by: date) -> Iterator[tuple[str, Occasion | None]]:
    """What `build` and `render` would make, by a name of its own; None where they say why they do not."""
    assert project.dossier is not None
    for each in every_occasion(project.dossier, project.places, known_by):
        yield f"build {_called(each)}", each
    for kind in kinds(project.places):
        yield _chosen(project, kind, *NO_STEP, as_of, known_by=known_by)
    for case, step in STEPS:
        for decided in (False, True):
            for day in (None, as_of):
                yield _chosen(project, "agenda-item", case, step, None, day, known_by=known_by, decided=decided)


def _chosen(project: Project, kind: str, *which: Any, **how: Any) -> tuple[str, Occasion | None]:
    asked = f"render {kind} {which} {how.get('decided', '')}"
    try:
        found = chosen(project, kind, *which, **how)
    except click.UsageError as refusal:
        return f"{asked}: {refusal}", None
    return f"{asked}: {_called(found)}", found


def _called(each: Occasion) -> str:
    about = [each.case and each.case.id, each.step and each.step.id, each.change and each.change.change]
    return f"{each.kind} {each.as_of} {each.starts} {each.ends} {about} {each.number}"


def differing(one: Told, other: Told) -> Told:
    """What only one of them says, or both say otherwise: each path with both values."""
    found: Told = {}
    for what in {**one, **other}:
        mine, its = one.get(what), other.get(what)
        if mine != its:
            paths = {**(mine or {}), **(its or {})}
            both = {path: ((mine or {}).get(path, "–"), (its or {}).get(path, "–")) for path in paths}
            found[what] = {path: pair for path, pair in both.items() if pair[0] != pair[1]}
    return found


# ── what has to agree ────────────────────────────────────────────────────────────────────────


def _commands(project: Project, as_of: date, known_by: date) -> dict[str, Any]:
    """What `status`, `budget` and its versions answer as JSON."""
    dossier = project.dossier
    assert dossier is not None
    state = dossier.state(as_of, known_by)
    doubted = doubtful(dossier.doubts(known_by), state)
    return {
        "status": as_json.status("p", state, dossier.cases, (), doubted),
        "budget": as_json.budget("p", state, economy_of(state), (), doubted),
        "versions": as_json.versions("p", dossier.plan, versions(dossier.plan, state.history), None, ()),
    }


def _in_portfolio(project: Project, as_of: date, known_by: date) -> tuple[dict[str, Any], dict[str, Any]]:
    """The project as `portfolio` shows it, and the totals of that one."""
    with patch.object(portfolio, "open_project", lambda _folder: structs.replace(project, problems=())):
        (opened,) = portfolio.opened(Path(), ["p"], portfolio.Wanted(as_of, known_by))
    answer = json_portfolio.portfolio([structs.replace(opened, problems=())], None)
    return answer["projects"][0], answer["totals"]


def _of_budget(status: Mapping[str, Any] | None, budget: Mapping[str, Any] | None) -> Iterator[Pair]:
    """What `status` says of the budget and its lines; what is left of what nobody knows `budget` does not say."""
    if status is None or budget is None:
        yield "budget", status, budget
        return
    unsaid = ("remaining_oere",) if budget["spent_known_until"] is None else ()
    for name, one, other in [("", status, budget), *_lines(status, budget)]:
        for key in one.keys() - {"lines", *unsaid}:
            yield f"{name}{key}", _plain(one[key]), _plain(other[key])


def _lines(status: Mapping[str, Any], budget: Mapping[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    for one, other in zip(status["lines"], budget["lines"], strict=True):
        yield f"{one['id']}.", one, other


def _of_portfolio(
    shown: Mapping[str, Any], totals: Mapping[str, Any], status: Mapping[str, Any], budget: Mapping[str, Any] | None
) -> Iterator[Pair]:
    grant, milestones = status["grant"], status["milestones"]
    is_refused = bool(grant["refused"])
    yield "late", shown["milestones_late"], 0 if is_refused else sum(each["status"] == "late" for each in milestones)
    if is_refused:
        return
    yield "granted", shown["granted_oere"], grant["awarded_oere"]
    if grant["awarded_oere"] is None:  # what is not granted is in no column
        yield "budget", shown["budget_oere"], None
        yield "applied", totals["applied_oere"], 0 if grant.get("closed") else grant["applied_oere"]
        return
    if budget is None:
        return
    is_known = budget["spent_known_until"] is not None
    waits = sum(budget[f"{each}_oere"] for each in ("elsewhere", "before_period", "after_period"))
    said = {**budget, "waiting_oere": waits}
    of_spending = ("spent", "unallocated", "remaining", "forecast", "waiting") if is_known else ()
    for name in ("budget", "committed", *of_spending):
        yield name, shown[f"{name}_oere"], said[f"{name}_oere"]
        yield f"total of {name}", totals[f"{name}_oere"], shown[f"{name}_oere"]
    yield "known until", shown["spent_known_until"], budget["spent_known_until"]


def _of_document(project: Project, occasion: Occasion, says: Mapping[str, Any]) -> Iterator[Pair]:
    """What a document says of grant, milestones, lines, years and settlement, where it says anything."""
    found = facts(project, occasion)
    grant, budget = says["status"]["grant"], says["budget"]["budget"]
    same: dict[str, object] = {f"grant.{key}": grant[f"{key}_oere"] for key in ("applied", "awarded", "received")}
    for each in says["status"]["milestones"]:
        days = {key: each[key] and date.fromisoformat(each[key]) for key in ("due", "promised", "reached")}
        same |= {f"milestones.{each['id']}.{key}": day for key, day in days.items()}
        same[f"milestones.{each['id']}.late"] = each["status"] == "late"
    for path, value in same.items():
        yield path, found.get(path), value
    if budget is None:
        yield "budget", found.get("budget.total"), None
        return
    yield "budget", found["budget.total"], budget["budget_oere"]
    keys = ("spent", "remaining", "committed")
    open: dict[str, object] = {f"budget.{key}": budget[f"{key}_oere"] for key in keys}
    for line in budget["lines"]:
        open |= {f"budget.lines.{line['id']}.{key}": line[f"{key}_oere"] for key in keys}
    open |= {f"budget.years.{each['year']}.spent": each["spent_oere"] for each in says["budget"]["years"]}
    settled = says["budget"]["settlement"]
    open |= {"accounts.to_repay": settled["to_repay_oere"], "budget.unspent": settled["unspent_oere"]}
    for path, value in open.items():
        if found.get(path) is not None:
            yield path, found[path], value


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value
