"""events.yaml: what happened, as it is written, and the one line that adds to it."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any, TypeAlias, get_args, get_origin

from msgspec import structs

from toolkit.core.events import KINDS, AnyEvent, ChangeEvent, Corrected
from toolkit.core.names import Names
from toolkit.core.plan import CHANGEABLE, PROMISED, Plan
from toolkit.core.problems import N_, Problem, Span, declare, problem
from toolkit.core.promise import is_promise
from toolkit.readers import model, source, values, words
from toolkit.readers.model import Nothing
from toolkit.readers.source import Listing, Node, Table
from toolkit.readers.values import Value

Written: TypeAlias = "str | Sequence[Written] | Mapping[str, Written | None]"  # None drops a promised value

declare(
    "unknown-event",
    "error",
    N_("No event in the log is named {name}."),
    N_("did you mean {near}?"),
)
declare(
    "nothing-to-correct",
    "error",
    N_("Nothing stands above it in the log, so there is nothing that it corrects."),
    N_("log what is right as an event of its own"),
)
declare(
    "event-named-by-place",
    "note",
    N_(
        "{name} means one of {count} events of the same day and kind by its place among them: if a line is moved, "
        "another is corrected."
    ),
    N_("write event: {called}"),
)
declare(
    "correction-of-values",
    "error",
    N_("{correction} is a correction itself, and the values that it gives cannot be corrected."),
    N_(
        "correct {first} once more, the last correction goes before: pulje log … corrected event={first} "
        "values.{key}=…; or take the correction back: pulje log … corrected event={correction} withdrawn=true"
    ),
)
declare(
    "correction-in-part",
    "error",
    N_("The new values of a change are corrected as a whole, and not {path} alone."),
    N_('write all that are right: "values.values={{{path}: …}}"'),
)
declare(
    "unknown-path",
    "error",
    N_("{path} is not the name of anything that was promised."),
    N_("did you mean {near}?"),
)
declare(
    "value-not-droppable",
    "error",
    N_("{key} cannot be dropped."),
    N_("write its new value: {example}"),
)


def read_events(text: str, file: str, plan: Plan | None, problems: list[Problem]) -> tuple[AnyEvent, ...]:
    """The log in the order it is written; an empty one has no events.

    The plan says which goals, phases and milestones a change may name; without it any name will do.
    """
    node = source.load(text, file, problems)
    if node is None or (isinstance(node, Value) and node.empty):
        return ()
    if not isinstance(node, Listing):
        problems.append(problem("list-expected", node.at, key=file, text="…"))
        return ()
    names = _Names(node.items, problems)
    promised = _promised_ids(plan, node.items) if plan else None
    events = (_event(item, at, names, promised, problems) for at, item in enumerate(node.items))
    return tuple(event for event in events if event is not None)


def names_in(text: str, file: str) -> frozenset[str]:
    """Every name that an event of a log has, or had; none where it cannot be read."""
    node = source.load(text, file, [])
    return frozenset(_Names(node.items, []).every) if isinstance(node, Listing) else frozenset()


def corrected_in(items: Sequence[Node]) -> list[tuple[int | None, str]]:
    """For each event of a log the place of the one that it corrects, None where it corrects none, and its own name."""
    names = _Names(items, [])
    places = {name: at for at, name in enumerate(names.called)}
    return [
        (places.get(names.named(_event_of(item)) or "") if _kind_of(item) is Corrected else None, called)
        for item, called in zip(items, names.called, strict=True)
    ]


def event_line(kind: str, keys: Mapping[str, Written]) -> str:
    """The line that a new event adds to events.yaml, its line break included, whatever its texts contain."""
    written = ", ".join(f"{_scalar(key)}: {flow(value)}" for key, value in {"kind": kind, **keys}.items())
    return f"- {{{written}}}\n"


# ── one event ────────────────────────────────────────────────────────────────────────────────

PromisedIds = Mapping[str, Names]


def _event(
    item: Node, at: int, names: _Names, promised: PromisedIds | None, problems: list[Problem]
) -> AnyEvent | None:
    if not isinstance(item, Table):
        problems.append(problem("section-expected", item.at, example="{kind: noted, happened: 2022-01-31, …}"))
        return None
    cls, name = _kind_of(item), names.called[at]
    if cls is None:
        problems.append(_without_kind(item))
        return None
    keys = item.without("kind")
    given = {"called": name, "once_called": names.once_called[at], "lettered": names.lettered[at]}
    if not issubclass(cls, ChangeEvent | Corrected):
        return model.build_entry(cls, _without_unpromised(keys, problems), problems, **given)

    written = item.get("values")
    changed: object = {}
    if isinstance(written, Table):
        if issubclass(cls, Corrected):
            changed = _corrections(item.get("event"), written, name, names, promised, problems)
        else:
            changed = _changes(written, promised, problems)
    elif written is not None and not (isinstance(written, Value) and written.empty):
        model.convert(Mapping[str, Any], written, "values", problems)  # for its problem
    event: AnyEvent | None = model.build_entry(cls, keys.without("values"), problems, values=changed, **given)
    if event and written:
        event = structs.replace(event, at=structs.replace(event.at, keys={**event.at.keys, **_places(written)}))
    if not isinstance(event, Corrected):
        return event
    target = names.named(event.event)
    if target is None or target == name:
        before = Names(names.called[:at])  # nothing corrects itself, or what comes later
        near = words.near_or_all(event.event, before)
        problems.append(
            problem("unknown-event", event.at.of("event"), name=event.event, near=near)
            if near
            else problem("nothing-to-correct", event.at.of("event"))
        )
    elif names.is_by_place(event.event):
        said = {"name": event.event, "count": names.count(event.event), "called": target}
        problems.append(problem("event-named-by-place", event.at.of("event"), **said))
    return structs.replace(event, event=target) if target else event


def _places(written: Node) -> Mapping[str, Span]:
    """Where new values are written: all of them, and each."""
    each = written.entries.items() if isinstance(written, Table) else ()
    return {"values": written.at, **{f"values.{path}": node.at for path, node in each}}


def _without_unpromised(keys: Table, problems: list[Problem]) -> Table:
    """The keys of an event, its `promise` without what nobody can promise, which is reported."""
    promise = keys.get("promise")
    if not isinstance(promise, Table):
        return keys
    wrong = [path for path in promise.entries if not is_promise(path)]
    problems += (_unknown_path(path, path.partition(".")[0], PROMISED) for path in wrong)
    kept = Table(promise.at, {path: node for path, node in promise.entries.items() if path not in wrong})
    return Table(keys.at, {key: kept if key == "promise" else node for key, node in keys.entries.items()})


def _without_kind(item: Table) -> Problem:
    kind = item.get("kind")
    if isinstance(kind, Value) and not kind.empty:
        return model.unknown_choice(kind, kind.at, list(KINDS))
    for key in item.entries:
        if key == "kind":
            return problem("key-missing", key.at, key="kind", example="noted")
        if words.meant(key, ["kind"], words.KEYS):
            return problem("misspelt-key", key.at, key=key, near="kind")
    return problem("key-missing", item.at, key="kind", example="noted")


# ── names ────────────────────────────────────────────────────────────────────────────────────


class _Names:
    """What each event of a log is called, and what it was once called, in the log's order."""

    def __init__(self, items: Sequence[Node], problems: list[Problem]) -> None:
        self.once_called = _by_place(items, problems)
        plain = [None if _id_of(item) else _day_and_kind(item) for item in items]
        self._alike = Counter(name for name in plain if name)
        self.called: list[str] = []
        self.lettered: list[str] = []
        for item, once, name in zip(items, self.once_called, plain, strict=True):
            lettered = f"{name}-{_fingerprint(item)}" if name else ""
            own = lettered if name and (self._alike[name] > 1 or once != name) else once
            self.called.append(once if own in self.called else own)
            self.lettered.append("" if lettered in self.lettered else lettered)
        self._corrects = {name: _event_of(item) for name, item in zip(self.called, items, strict=True)}
        self._kinds = {name: _kind_of(item) for name, item in zip(self.called, items, strict=True)}
        self._now = {
            **dict(zip(self.lettered, self.called, strict=True)),
            **dict(zip(self.once_called, self.called, strict=True)),
            **{name: name for name in self.called},
        }
        self._plain = dict(zip(self.once_called, plain, strict=True))

    @property
    def every(self) -> set[str]:
        return {*self.called, *self.once_called}

    def named(self, name: str) -> str | None:
        """What the event that a name means is called; None where none is."""
        return self._now.get(name)

    def kind(self, name: str) -> type[AnyEvent] | None:
        """The kind of the event that a name means; None where none is, or its kind cannot be read."""
        return self._kinds.get(self._now.get(name, ""))

    def corrected_by(self, name: str) -> str:
        """What the correction that a name means says it corrects."""
        return self._corrects.get(self._now.get(name, "")) or "…"

    def is_by_place(self, name: str) -> bool:
        """Whether a name means one of several events of the same day and kind by its place among them."""
        return self.count(name) > 1 and name not in self.called

    def count(self, name: str) -> int:
        return self._alike[self._plain.get(name) or ""]


def _by_place(items: Sequence[Node], problems: list[Problem]) -> list[str]:
    """The id of each event, else its day and kind, with a number from the second such on."""
    lines: dict[str, int] = {}
    numbers: dict[str, int] = {}  # the last that each name was given
    for item in items:
        id = item.get("id") if isinstance(item, Table) else None
        if isinstance(id, Value) and id in lines:
            problems.append(problem("duplicate-id", id.at, id=id, line=lines[id]))
        wanted = _id_of(item) or _day_and_kind(item)
        name = wanted
        while name in lines:
            numbers[wanted] = numbers.get(wanted, 1) + 1
            name = f"{wanted}-{numbers[wanted]}"
        lines[name] = item.at.line
    return list(lines)


def _id_of(item: Node) -> str | None:
    id = item.get("id") if isinstance(item, Table) else None
    return str(id) if isinstance(id, Value) and not id.empty else None


def _event_of(item: Node) -> str:
    event = item.get("event") if isinstance(item, Table) else None
    return str(event) if isinstance(event, Value) else ""


def _fingerprint(item: Node) -> str:
    """Four letters of what an event says: the same wherever its line stands."""
    return sha256(json.dumps(as_said(item), sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:4]


def as_said(node: Node) -> object:
    """An event, or what stands in one, as it was typed; of one that says the same it is the same."""
    if isinstance(node, Table):
        return {str(key): as_said(value) for key, value in node.entries.items()}
    return [as_said(item) for item in node.items] if isinstance(node, Listing) else str(node)


def _day_and_kind(item: Node) -> str:
    happened = item.get("happened") if isinstance(item, Table) else None
    day = values.day(happened) if isinstance(happened, Value) else None
    kind = _kind_of(item)
    return f"{'?' if day is None or isinstance(day, Problem) else day}-{kind.kind if kind else '?'}"


def _kind_of(item: Node) -> type[AnyEvent] | None:
    kind = item.get("kind") if isinstance(item, Table) else None
    return KINDS.get(kind) if isinstance(kind, Value) else None


# ── new values: of what was promised, or of an earlier event ─────────────────────────────────


def _promised_ids(plan: Plan, items: Sequence[Node]) -> PromisedIds:
    """The ids that a change may name in each list: the plan's, and those that a change brings."""
    ids: dict[str, set[str]] = {}
    for name in CHANGEABLE:
        promised = getattr(plan, name)
        if isinstance(promised, tuple):
            ids[name] = {*(item.id for item in promised), *plan.at.lost.get(name, ())}
    for item in items:
        changed = item.get("values") if isinstance(item, Table) else None
        if isinstance(changed, Table):
            for path, node in changed.entries.items():
                name, _, id = path.partition(".")
                if name in ids and isinstance(node, Table):
                    ids[name].add(id)
    return {name: Names(sorted(known)) for name, known in ids.items()}


def _changes(written: Table, promised: PromisedIds | None, problems: list[Problem]) -> dict[str, object]:
    """New values by their paths into the plan, such as `project_period.ends` or `phases.fase-3.ends`."""
    changed: dict[str, object] = {}
    for path, node in written.entries.items():
        target = _target(path, promised)
        if isinstance(target, Problem):
            problems.append(target)
            continue
        value = _new_value(target, path, node, problems)
        if not isinstance(value, Nothing):
            changed[str(path)] = value
    return changed


class _Target:
    """What a path leads to: the kind of its values, whether it can be dropped, and the id of a list's item."""

    def __init__(self, kind: Any, droppable: bool, **given: str) -> None:
        self.kind = model.present(kind)
        self.droppable = droppable
        self.given = given


def _target(path: Value, promised: PromisedIds | None) -> _Target | Problem:
    first, *rest = path.split(".")
    if first not in CHANGEABLE:
        near = words.meant(first, CHANGEABLE, words.KEYS)
        return _unknown_path(path, first, [near] if near else CHANGEABLE)
    target = _Target(model.fields_of(Plan)[first].kind, droppable=False)
    for number, part in enumerate(rest, start=1):
        if get_origin(target.kind) is tuple:
            if promised is not None and part not in promised[first]:
                return _unknown_path(path, part, promised[first] or [f"{first}.{part}"])  # of none all of it is new
            target = _Target(get_args(target.kind)[0], droppable=True, id=part)
        elif model.is_record(target.kind):
            fields = {key: field for key, field in model.fields_of(target.kind).items() if key != "id"}
            if part not in fields:
                near = words.meant(part, fields, words.KEYS)
                return _unknown_path(path, part, [near] if near else list(fields))
            target = _Target(fields[part].kind, droppable=_may_be_none(fields[part].kind))
        else:
            return _unknown_path(path, part, [".".join(path.split(".")[:number])])
    return target


def _may_be_none(kind: Any) -> bool:
    return model.present(kind) is not kind


def _unknown_path(path: Value, part: str, known: Names | Sequence[str]) -> Problem:
    return problem("unknown-path", path.at, path=path, near=words.near_or_all(part, known))


def _corrections(
    event: Node | None,
    written: Table,
    name: str,
    names: _Names,
    promised: PromisedIds | None,
    problems: list[Problem],
) -> dict[str, object]:
    """New values by their keys in the event that is put right."""
    cls = names.kind(event) if isinstance(event, Value) and names.named(event) != name else None
    if cls is None:  # an event that is not there, or cannot be read, is a problem of its own
        return {}
    fields = {key: field for key, field in model.fields_of(cls).items() if key != "id"}
    if issubclass(cls, Corrected):
        del fields["values"]  # what a correction corrects is put right by a new correction of that
    corrected: dict[str, object] = {}
    for key, node in written.entries.items():
        if issubclass(cls, Corrected) and key.split(".")[0] == "values":
            said = {"correction": event, "first": names.corrected_by(str(event))}
            problems.append(problem("correction-of-values", key.at, key=_first_key(key, node), **said))
        elif "values" in fields and key.startswith("values."):
            problems.append(problem("correction-in-part", key.at, path=key.removeprefix("values.")))
        elif key not in fields:
            problems.append(model.unknown_key(key, fields))
        elif key == "values" and isinstance(node, Table):
            corrected["values"] = _changes(node, promised, problems)
        else:
            target = _Target(fields[key].kind, droppable=_may_be_none(fields[key].kind))
            checked = _without_unpromised(Table(written.at, {key: node}), problems).entries[key]
            value = _new_value(target, key, checked, problems)
            if key == "event" and issubclass(cls, Corrected):
                value = names.named(str(value)) or value
            if not isinstance(value, Nothing):
                corrected[str(key)] = value
    return corrected


def _first_key(key: Value, node: Node) -> str:
    """Which value of a correction somebody meant to put right: `due` of `values.due`, and of `values: {due: …}`."""
    if "." in key:
        return key.partition(".")[2]
    return next(iter(node.entries), "…") if isinstance(node, Table) else "…"


def _new_value(target: _Target, path: Value, node: Node, problems: list[Problem]) -> object | Nothing:
    """The value under a path; None, written `null`, drops what can be done without."""
    if isinstance(node, Value) and node.empty:
        if node and target.droppable:
            return None
        code = "value-not-droppable" if node else "key-missing"
        at = node.at if node else path.at
        problems.append(problem(code, at, key=path, example=model.example_of(target.kind)))
        return Nothing()
    return model.convert(target.kind, node, path, problems, **target.given)


# ── writing ──────────────────────────────────────────────────────────────────────────────────

# What stays the same text without quotes, inside braces too; everything else gets them.
_PLAIN = re.compile(r"[A-Za-z0-9ÆØÅæøå§](?:[A-Za-z0-9ÆØÅæøåéüöä§ ._/%()+-]*[A-Za-z0-9ÆØÅæøåéüöä§._/%()+-])?")


def flow(value: Written) -> str:
    """A value as it stands in a line of the log, with its keys in braces and its items in brackets."""
    if isinstance(value, str):
        return _scalar(value)
    if isinstance(value, Mapping):
        items = (f"{_scalar(key)}: {'null' if item is None else flow(item)}" for key, item in value.items())
        return f"{{{', '.join(items)}}}"
    return "[" + ", ".join(map(flow, value)) + "]"


def _scalar(text: str) -> str:
    if _PLAIN.fullmatch(text) and text not in ("null", "~"):
        return text
    return json.dumps(text, ensure_ascii=False)  # JSON's escapes are YAML's too
