"""A seed: the values of one new project, or of a whole list of them, each project read as the plan that it makes.

One project is written as its keys alone, `municipality: Thisted`. A list (udrulning) has `common:`, which all of them
share, and `municipalities:`, names or keys of their own; `cohorts:` are such lists again. What a municipality says for
itself goes before its cohort's word, and that before the common one: key by key in a section, item by item in a list
whose items have ids, whole otherwise.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping

from msgspec import Struct, structs

from toolkit.core.fund import Fund, LineKind
from toolkit.core.plan import Budget, BudgetLine, Plan, Stage
from toolkit.core.problems import N_, At, Problem, Span, declare, has_errors, problem
from toolkit.core.records import MISSING, Id
from toolkit.core.seed import BUDGET_LINES, FOLDER, TEXTS, Seed, SeedText, Typed
from toolkit.readers import model, values
from toolkit.readers.municipalities import Municipalities
from toolkit.readers.plan import with_fund
from toolkit.readers.source import Listing, Node, Table
from toolkit.readers.values import Value

COMMON, MUNICIPALITIES, COHORTS = "common", "municipalities", "cohorts"
ROLLOUT = (COMMON, MUNICIPALITIES, COHORTS)
COHORT = ("cohort", COMMON, MUNICIPALITIES)

_FOLDER_LENGTH = 60  # a path on Windows has room for it
_LEFT_OPEN = ("title", "purpose", "target_group", "goals", "phases")  # what no plan is whole without

FundOf = Callable[[str, Span, list[Problem]], Fund | None]

declare(
    "folder-twice",
    "error",
    N_("Two projects would get the folder {folder}; the other stands in line {line}."),
    N_("give this one a name of its own: folder: {folder}-2"),
)


class Lists(Struct, frozen=True):
    """What a seed's names are looked up in."""

    municipalities: Municipalities
    fund: FundOf


def is_rollout(node: Node | None) -> bool:
    """Whether it is a list of projects, and not one."""
    return isinstance(node, Table) and any(node.get(key) is not None for key in ROLLOUT)


def seeds(node: Node, lists: Lists, problems: list[Problem]) -> tuple[Seed, ...]:
    """Every project of a seed file, in its order; all that is wrong is among the problems, once."""
    found: list[Problem] = []
    tables = list(_of_rollout(node, found) if is_rollout(node) else _of_one(node, found))
    read = [each for table in tables if (each := seed(table, lists, found))]
    for telling in (lambda each: f"{each.entry}-{values.slug(each.plan.area or '')}", lambda each: each.folder):
        often = Counter(each.entry for each in read)
        read = [each if often[each.entry] == 1 else structs.replace(each, entry=telling(each)) for each in read]
    first: dict[str, Seed] = {}
    for each in read:
        if each.folder in first:
            there = first[each.folder].at
            found.append(problem("folder-twice", each.at, folder=each.folder, line=there.line))
        first.setdefault(each.folder, each)
    errors = dict.fromkeys(each for each in found if each.severity == "error")
    problems += sorted(errors, key=lambda each: (each.at.file, each.at.line, each.at.column))
    return tuple(read)


def seed(table: Table, lists: Lists, problems: list[Problem]) -> Seed | None:
    """One project out of all its keys; None where it makes no plan."""
    before = len(problems)
    named = table.get("municipality") or Value("", table.at)
    home = None
    if isinstance(named, Value) and not named.empty:
        found = lists.municipalities.read(named)
        if isinstance(found, Problem):
            problems.append(found)
        else:
            home = found
    named_fund = table.get("fund")
    known = isinstance(named_fund, Value) and named_fund not in ("", MISSING)
    fund = lists.fund(str(named_fund), named_fund.at, problems) if named_fund and known else None
    named_round = table.get("round")
    fund = fund.in_round(str(named_round) if isinstance(named_round, Value) else None) if fund else None
    lines = table.get(BUDGET_LINES) or _lines_of(fund, named.at)
    keys = overlaid(_proposed(fund, named.at), table.without(FOLDER).without(BUDGET_LINES).without(TEXTS))
    if home:
        keys = overlaid(keys, _table({"municipality": home.place}, named.at))
    keys = overlaid(_manager(keys), keys)
    plan = model.build(Plan, keys, problems)
    its = keys.get("round") if fund and not fund.starts and len(fund.rounds) > 1 else None
    is_open = its == MISSING and keys.get("project_period") is None
    if is_open or (known and fund is None):  # either would have given the period: one problem is enough
        problems[before:] = [each for each in problems[before:] if each.words.get("key") != "project_period"]
    if fund and is_open:
        example = " / ".join(each.id for each in fund.rounds)
        problems.append(problem("key-missing", named.at, key="round", example=example))
    folder = _folder(table.get(FOLDER), keys, problems)
    read = model.convert(tuple[BudgetLine, ...], lines, BUDGET_LINES, problems) if lines else ()
    texts = model.convert(Mapping[str, SeedText], node, TEXTS, problems) if (node := table.get(TEXTS)) else {}
    if plan is None or folder is None or has_errors(problems[before:]):
        return None
    plan = structs.replace(with_fund(plan, fund, problems), home=home)
    if has_errors(problems[before:]):
        return None
    budget = None
    if plan.grant or lines or (fund and fund.gives_grants):
        day = (plan.grant and plan.grant.applied_on) or (fund and fund.call_closes) or plan.project_period.starts
        stage: Stage = "application" if plan.is_applied_for else "award"
        budget = f"{day}-{stage}"
        first = Budget(
            id=Id(budget),
            stage=stage,
            lines=read if isinstance(read, tuple) else (),
            at=At((lines or named).at),
        )
        plan = structs.replace(plan, budgets=(first,))
    typed = plain(keys)
    typed_lines = plain(lines) if lines else ()
    assert isinstance(typed, Mapping)
    return Seed(
        folder=folder,
        entry=folder if table.get(FOLDER) else values.slug(str(keys.get("municipality"))),
        values={key: typed[key] for key in model.fields_of(Plan) if key in typed},
        budget=budget,
        budget_lines=typed_lines if isinstance(typed_lines, tuple) else (),
        texts=texts if isinstance(texts, Mapping) else {},
        plan=plan,
        at=named.at,
    )


# ── nodes ────────────────────────────────────────────────────────────────────────────────────


def overlaid(below: Table, above: Table) -> Table:
    """The keys of both; where both have one, what is above goes before."""
    entries = {str(name): (name, node) for name, node in below.entries.items()}
    for name, node in above.entries.items():
        if isinstance(node, Value) and node.empty:
            continue
        under = entries[name][1] if name in entries else None
        entries[str(name)] = (name, _over(under, node))
    return Table(above.at, dict(entries.values()))


def plain(node: Node) -> Typed:
    """A node as what was typed; a key without a value is none."""
    match node:
        case Table():
            written = {
                name: each for name, each in node.entries.items() if not (isinstance(each, Value) and each.empty)
            }
            return {str(name): plain(each) for name, each in written.items()}
        case Listing():
            return tuple(plain(each) for each in node.items)
        case _:
            return str(node)


def typed(value: Typed, at: Span) -> Node:
    """What was typed elsewhere as a node, standing at `at`."""
    if isinstance(value, str):
        return Value(value, at)
    if isinstance(value, Mapping):
        return _table(value, at)
    return Listing(at, tuple(typed(each, at) for each in value))


def _over(below: Node | None, above: Node) -> Node:
    if isinstance(below, Table) and isinstance(above, Table):
        return overlaid(below, above)
    if not (isinstance(below, Listing) and isinstance(above, Listing)):
        return above
    ours, theirs = _by_id(below), _by_id(above)
    if ours is None or theirs is None:
        return above
    merged = {id: _over(item, theirs[id]) if id in theirs else item for id, item in ours.items()}
    return Listing(above.at, (*merged.values(), *(item for id, item in theirs.items() if id not in ours)))


def _by_id(listing: Listing) -> dict[str, Node] | None:
    """The items by id; None where one has none, or two have the same."""
    ids = [item.get("id") if isinstance(item, Table) else None for item in listing.items]
    known = [str(id) for id in ids if isinstance(id, Value)]
    return dict(zip(known, listing.items, strict=True)) if len(set(known)) == len(listing.items) else None


# ── which projects there are ─────────────────────────────────────────────────────────────────


def _of_one(node: Node, problems: list[Problem]) -> Iterator[Table]:
    if isinstance(node, Table):
        yield node
    else:
        problems.append(problem("section-expected", node.at, example="{municipality: Thisted, fund: …}"))


def _of_rollout(node: Node, problems: list[Problem]) -> Iterator[Table]:
    assert isinstance(node, Table)
    _refuse_others(node, ROLLOUT, problems)
    common = _section(node, COMMON, problems)
    yield from _listed(node, common, problems)
    cohorts = node.get(COHORTS)
    if cohorts is not None and not isinstance(cohorts, Listing):
        problems.append(problem("list-expected", cohorts.at, key=COHORTS, text="…"))
        return
    for cohort in cohorts.items if cohorts else ():
        if not isinstance(cohort, Table):
            problems.append(problem("section-expected", cohort.at, example="{cohort: Øst, municipalities: [Thisted]}"))
            continue
        _refuse_others(cohort, COHORT, problems)
        title = cohort.get("cohort")
        named = Table(cohort.at, {Value("cohort", title.at): title}) if title else Table(cohort.at, {})
        shared = overlaid(overlaid(common, named), _section(cohort, COMMON, problems))
        yield from _listed(cohort, shared, problems)


def _listed(node: Table, common: Table, problems: list[Problem]) -> Iterator[Table]:
    """The projects under `municipalities:`, each with the common keys below its own."""
    listed = node.get(MUNICIPALITIES)
    if listed is None and node.get(COHORTS) is None:
        problems.append(problem("key-missing", node.at, key=MUNICIPALITIES, example="[Thisted, Varde]"))
    elif listed is not None and not isinstance(listed, Listing):
        text = listed if isinstance(listed, Value) else "…"
        problems.append(problem("list-expected", listed.at, key=MUNICIPALITIES, text=text))
    for item in listed.items if isinstance(listed, Listing) else ():
        if isinstance(item, Value):
            item = Table(item.at, {Value("municipality", item.at): item})
        if isinstance(item, Table):
            yield overlaid(common, item)
        else:
            problems.append(problem("section-expected", item.at, example="{municipality: Thisted, area: …}"))


def _section(node: Table, key: str, problems: list[Problem]) -> Table:
    found = node.get(key)
    if isinstance(found, Table):
        return found
    if found is not None and not (isinstance(found, Value) and found.empty):
        problems.append(problem("section-expected", found.at, example="{fund: …, title: …}"))
    return Table(node.at, {})


def _refuse_others(node: Table, known: tuple[str, ...], problems: list[Problem]) -> None:
    problems += (model.unknown_key(name, known) for name in node.entries if name not in known)


# ── what is proposed, and what is left open ──────────────────────────────────────────────────


def _proposed(fund: Fund | None, at: Span) -> Table:
    """What a seed need not say: the fund's own period, and MANGLER for what somebody has yet to write."""
    proposed: dict[str, Typed] = dict.fromkeys(_LEFT_OPEN, MISSING)
    if fund and fund.gives_grants:
        proposed["grant"] = {"applied" if fund.by_application else "awarded": MISSING}
    if fund and len(fund.rounds) > 1:
        proposed["round"] = MISSING
    if fund and fund.starts and fund.ends:
        proposed["project_period"] = {"starts": str(fund.starts[0].value), "ends": str(fund.ends[0].value)}
    return _table(proposed, at)


def _lines_of(fund: Fund | None, at: Span) -> Node | None:
    """A line for each kind that the fund pays, to fill in or to take out."""
    return typed(tuple(_line_of(kind) for kind in fund.lines), at) if fund and fund.lines else None


def _line_of(kind: LineKind) -> Typed:
    unit: Mapping[str, Typed] = {"unit": kind.unit} if kind.unit else {}
    return {"id": kind.id, "title": kind.title, **unit, "amount": MISSING}


def _manager(keys: Table) -> Table:
    """A project manager whose name somebody has yet to write, from the project's first day."""
    period = keys.get("project_period")
    starts = period.get("starts") if isinstance(period, Table) else None
    if keys.get("people") is not None or not isinstance(starts, Value):
        return Table(keys.at, {})
    manager: Typed = {"role": "project_manager", "name": MISSING, "from": str(starts)}
    return _table({"people": (manager,)}, keys.at)


def _table(values: Mapping[str, Typed], at: Span) -> Table:
    return Table(at, {Value(key, at): typed(value, at) for key, value in values.items()})


def _folder(named: Node | None, keys: Table, problems: list[Problem]) -> str | None:
    """The folder's name: the seed's own, else the municipality with the area or the title."""
    if isinstance(named, Value) and not named.empty:
        found = values.identifier(named)
        if isinstance(found, Problem):
            problems.append(found)
            return None
        return found[:_FOLDER_LENGTH].rstrip("-")
    municipality = keys.get("municipality")
    telling = [each for key in ("area", "title", "fund") if isinstance(each := keys.get(key), Value)]
    about = next((each for each in telling if each != MISSING and values.slug(each)), "projekt")
    return cut(values.slug(f"{municipality} {about}"), _FOLDER_LENGTH)


def cut(name: str, length: int) -> str:
    """A name of words with hyphens, whole words only, no longer than `length`."""
    while len(name) > length and "-" in name:
        name = name.rpartition("-")[0]
    return name[:length]
