"""Nodes to records: every problem at once, each at the very text typed.

A record's own hints say what its keys hold; nothing else has to be told. Two class attributes help: `shorthand` names
the key that may stand for the whole record (`purpose: Bedre pleje`), `elsewhere` the fields that this file never gives.

A value that still says MANGLER is a warning. As a text it is kept, for a draft to show; where a day or an amount
should stand, the key counts as not written. If it is one that its record cannot do without, the record is left out of
its list, and a file that cannot do without the record is not read: then that is an error.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date
from fractions import Fraction
from functools import cache, lru_cache
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin

from msgspec import Struct, structs

from toolkit.core.money import Money
from toolkit.core.problems import N_, At, Problem, Span, declare, has_errors, problem
from toolkit.core.records import (
    MISSING,
    DatedRows,
    DayPattern,
    Entry,
    Hour,
    Id,
    KindName,
    Month,
    PostingRows,
    Record,
    Rows,
    Share,
    Year,
)
from toolkit.readers import source, values, words
from toolkit.readers.source import Listing, Node, Table
from toolkit.readers.values import Value

R = TypeVar("R", bound=Struct)

declare(
    "file-empty",
    "error",
    N_("{file} is empty."),
    N_("begin with: {example}"),
)
declare(
    "unknown-key",
    "error",
    N_("{key} is not a key that can stand here."),
    N_("use one of these: {known}"),
)
declare(
    "misspelt-key",
    "error",
    N_("{key} is not a key that can stand here."),
    N_("did you mean {near}?"),
)
declare(
    "key-missing",
    "error",
    N_("{key} is missing."),
    N_("write {key}: {example}"),
    N_('say it too: "{key}={example}"'),
)
declare(
    "section-expected",
    "error",
    N_("Keys with values belong here: a name, a colon, a space and the value."),
    N_("write {example}"),
)
declare(
    "list-expected",
    "error",
    N_("{key} is a list."),
    N_("begin each item with a hyphen and a space, or write [{text}]"),
)
declare(
    "text-expected",
    "error",
    N_("{key} is one value, not a list or a section."),
    N_("write {key}: {example}"),
)
declare(
    "unknown-choice",
    "error",
    N_("{text} is not one of the words that can stand here."),
    N_("use one of these: {known}"),
)
declare(
    "misspelt-choice",
    "error",
    N_("{text} is not one of the words that can stand here."),
    N_("did you mean {near}?"),
)
declare(
    "duplicate-id",
    "error",
    N_("{id} is used twice; the first is in line {line}."),
    N_("give one of them another id"),
)
declare(
    "value-needed",
    "error",
    N_("Nothing can be worked out before {key} has been filled in."),
    N_("write it where MANGLER stands"),
)


class Nothing(Struct, frozen=True):
    """No value came of a node: `waits_for` says which MANGLER it waits for; without one a problem says why."""

    waits_for: str = ""
    at: Span | None = None


def read(cls: type[R], text: str, file: str, problems: list[Problem], /, **given: object) -> R | None:
    """A whole file as one record; `given` are fields that are known from elsewhere, such as its id from its name."""
    before = len(problems)
    node = source.load(text, file, problems)
    if node is not None:
        return build(cls, node, problems, **given)
    if len(problems) == before:
        fields = {name: field for name, field in fields_of(cls).items() if name not in given}
        first = next((name for name, field in fields.items() if field.required), next(iter(fields)))
        problems.append(problem("file-empty", Span(file, 1, 1), file=file, example=f"{first}: {example_of(str)}"))
    return None


def build(cls: type[R], node: Node, problems: list[Problem], /, **given: object) -> R | None:
    """The record that a whole file holds, or None: then at least one of the problems is an error."""
    found = _record(cls, node, "", problems, given)
    if isinstance(found, Nothing) and found.at is not None:
        problems.remove(problem("value-missing", found.at, key=found.waits_for))
        problems.append(problem("value-needed", found.at, key=found.waits_for))
    return found if isinstance(found, cls) else None


def build_entry(cls: type[R], node: Node, problems: list[Problem], /, **given: object) -> R | None:
    """One record of a list, or None: left out, for an error or for a MANGLER that it cannot do without."""
    found = _record(cls, node, "", problems, given)
    return found if isinstance(found, cls) else None


def convert(kind: Any, node: Node, key: str, problems: list[Problem], /, **given: object) -> object | Nothing:
    """A node as the value that a hint asks for, or Nothing."""
    shape = _shape_of(kind)
    if shape.only is None or node in shape.choices:
        return _choice(list(shape.choices), node, key, problems)
    if shape.choices and isinstance(node, Value) and (near := words.meant(node, shape.choices, words.CHOICES)):
        problems.append(problem("misspelt-choice", node.at, text=node, near=near))
        return Nothing()
    match shape.form:
        case "anything":
            return node
        case "list":
            return _items(shape.arguments[0], node, key, problems)
        case "mapping":
            return _mapping(shape.arguments[0], shape.arguments[1], node, key, problems)
        case "record":
            return _record(shape.only, node, key, problems, given)
        case "scalar":
            return _scalar(shape.only, node, key, problems)


def unknown_key(name: Value, known: Collection[str]) -> Problem:
    """One of a record's keys was wanted, and this is none of them."""
    if near := words.meant(name, known, words.KEYS):
        return problem("misspelt-key", name.at, key=name, near=near)
    return problem("unknown-key", name.at, key=name, known=" / ".join(known))


def unknown_choice(text: str, at: Span, choices: list[str]) -> Problem:
    """One word of a few was wanted, and this is none of them."""
    if near := words.meant(text, choices, words.CHOICES):
        return problem("misspelt-choice", at, text=text, near=near)
    return problem("unknown-choice", at, text=text, known=" / ".join(choices))


# ── what the hints say ───────────────────────────────────────────────────────────────────────


Form = Literal["anything", "list", "mapping", "record", "scalar"]


class _Shape(Struct, frozen=True):
    """What a hint asks for: one of some choices, or a value of one form; `only` is None where it must be a choice."""

    choices: tuple[str, ...]
    only: Any
    form: Form
    arguments: tuple[Any, ...]


@cache
def _shape_of(kind: Any) -> _Shape:
    """Looked at once for each hint: a project has thousands of values and some forty hints."""
    alternatives = [option for option in _alternatives(kind) if option is not NoneType]
    choices = tuple(choice for option in alternatives if get_origin(option) is Literal for choice in get_args(option))
    others = tuple(option for option in alternatives if get_origin(option) is not Literal)
    only = Union[others] if others else None  # noqa: UP007 (of one it is that one)
    return _Shape(choices, only, _form_of(only), get_args(only))


def _form_of(only: Any) -> Form:
    if only is Any:
        return "anything"
    if get_origin(only) is tuple:
        return "list"
    if get_origin(only) is not None and only not in _NOTATIONS:
        return "mapping"
    return "record" if is_record(only) else "scalar"


class Field(Struct, frozen=True):
    """One key of a record: the name of its field, the hint, and whether it must be written."""

    name: str
    kind: Any
    required: bool


@lru_cache
def fields_of(cls: type[Struct]) -> Mapping[str, Field]:
    """The keys that a record may be written with, in its own order."""
    elsewhere = ("at", *getattr(cls, "elsewhere", ()))
    return {
        field.encode_name: Field(field.name, field.type, field.required)
        for field in structs.fields(cls)
        if field.name not in elsewhere
    }


def is_record(kind: Any) -> bool:
    """Whether a hint is a record of its own, with keys."""
    return isinstance(kind, type) and issubclass(kind, Struct)


def present(kind: Any) -> Any:
    """A hint without its None."""
    options = [option for option in _alternatives(kind) if option is not NoneType]
    return options[0] if len(options) == 1 else kind


def example_of(kind: Any) -> str:
    """What a value of this kind looks like, for somebody who has to write one."""
    only = next(option for option in _alternatives(kind) if option is not NoneType)
    arguments = get_args(only)
    if get_origin(only) is Literal:
        return " / ".join(arguments)
    if get_origin(only) is tuple:
        return f"[{example_of(arguments[0])}]"
    if get_origin(only) is not None:
        return f"{{{example_of(arguments[0])}: {example_of(arguments[1])}}}"
    if is_record(only) and not hasattr(only, "shorthand"):
        fields = fields_of(only)
        own = (each for each in fields.items() if each[0] not in fields_of(Entry))
        shown = {key: field for key, field in fields.items() if field.required} or dict([next(own)])
        return f"{{{', '.join(f'{key}: {example_of(field.kind)}' for key, field in shown.items())}}}"
    return _EXAMPLES.get(only, "…")


def _alternatives(kind: Any) -> tuple[Any, ...]:
    return get_args(kind) if get_origin(kind) in (Union, UnionType) else (kind,)


_NOTATIONS: Mapping[object, Callable[[Value], object]] = {
    Money: values.money,
    Fraction: values.number,
    Share: values.share,
    date: values.day,
    DayPattern: values.days,
    Rows: values.rows,
    PostingRows: values.posting_rows,
    DatedRows: values.dated_rows,
    Year: values.year,
    Month: values.month,
    Hour: values.hour,
    Id: values.identifier,
    bool: values.yes_no,
    Union[bool, Id]: values.yes_or_id,  # noqa: UP007 (as a hint is looked up)
    int: values.integer,
}

_EXAMPLES: Mapping[object, str] = {
    Money: "250.000 kr.",
    Fraction: "12,5",
    Share: "60 pct.",
    date: "2022-01-31",
    DayPattern: "2022-01-*",
    Rows: "3-9",
    PostingRows: "postings/2022-04-01-opus-0a1b2c3d.csv:3-9",
    DatedRows: "2022-03-31 postings/2022-04-01-opus-0a1b2c3d.csv:3-9",
    Year: "2022",
    Month: "2022-01",
    Hour: "12:00",
    Id: "fase-1",
    KindName: "status-report",
    bool: "true",
    int: "25",
}


# ── one kind of value each ───────────────────────────────────────────────────────────────────


def _scalar(kind: Any, node: Node, key: str, problems: list[Problem]) -> object | Nothing:
    if not isinstance(node, Value):
        problems.append(problem("text-expected", node.at, key=key, example=example_of(kind)))
        return Nothing()
    if node == MISSING:
        problems.append(problem("value-missing", node.at, key=key))
        return MISSING if kind is str else Nothing(key, node.at)
    if kind in (str, KindName):
        return str(node).strip()
    found = _NOTATIONS[kind](node)
    if isinstance(found, Problem):
        problems.append(found)
        return Nothing()
    return found


def _choice(choices: list[str], node: Node, key: str, problems: list[Problem]) -> object | Nothing:
    word = _scalar(str, node, key, problems)
    if isinstance(word, Nothing) or word in choices:
        return word
    if word == MISSING:
        return Nothing(key, node.at)
    problems.append(unknown_choice(str(word), node.at, choices))
    return Nothing()


def _items(kind: Any, node: Node, key: str, problems: list[Problem]) -> object | Nothing:
    if not isinstance(node, Listing):
        text = values.as_items(node) if isinstance(node, Value) else "…"
        return _misshapen(node, key, problems, problem("list-expected", node.at, key=key, text=text))
    found = [convert(kind, item, key, problems) for item in node.items]
    items = tuple(item for item in found if not isinstance(item, Nothing))
    _report_duplicate_ids(items, problems)
    return items


def _lost(listing: Listing, read: tuple[object, ...]) -> frozenset[str]:
    """The ids of the items that no record came of, as they are typed."""
    if len(read) == len(listing.items):
        return frozenset()
    ids = (item.get("id") for item in listing.items if isinstance(item, Table))
    kept = {getattr(item, "id", None) for item in read}
    return frozenset(str(id) for id in ids if isinstance(id, Value) and id not in kept)


def _report_duplicate_ids(items: tuple[object, ...], problems: list[Problem]) -> None:
    first: dict[str, Span] = {}
    for item in items:
        if isinstance(item, Record) and (id := getattr(item, "id", None)):
            span = item.at.of("id")
            if id in first:
                problems.append(problem("duplicate-id", span, id=id, line=first[id].line))
            first.setdefault(id, span)


def _mapping(key_kind: Any, value_kind: Any, node: Node, key: str, problems: list[Problem]) -> object | Nothing:
    if value_kind is Share and not isinstance(node, Table) and node != MISSING:
        return _wholes(key_kind, node, key, problems)
    if not isinstance(node, Table):
        example = f"{{{example_of(key_kind)}: {example_of(value_kind)}}}"
        return _misshapen(node, key, problems, problem("section-expected", node.at, example=example))
    found: dict[object, object] = {}
    for name, child in node.entries.items():
        known = convert(key_kind, name, name, problems)
        value = convert(value_kind, child, name, problems)
        if not isinstance(known, Nothing) and not isinstance(value, Nothing):
            found[known] = value
    return found


def _wholes(kind: Any, node: Node, key: str, problems: list[Problem]) -> object | Nothing:
    """A name, or a list of them, where each might have had its share: it has all of it."""
    nodes = node.items if isinstance(node, Listing) else [node]
    names = [convert(kind, each, key, problems) for each in nodes]
    return {name: Share(Fraction(1)) for name in names if not isinstance(name, Nothing)}


def _record(
    cls: type[Struct], node: Node, key: str, problems: list[Problem], given: Mapping[str, Any]
) -> object | Nothing:
    shorthand = getattr(cls, "shorthand", None)
    if isinstance(node, Value) and shorthand is not None:
        text: Any = convert(fields_of(cls)[shorthand].kind, node, key, problems)
        at = At(node.at, {shorthand: node.at})
        return text if isinstance(text, Nothing) else cls(**{shorthand: text}, at=at)
    if not isinstance(node, Table):
        return _misshapen(node, key, problems, problem("section-expected", node.at, example=example_of(cls)))

    fields = {key: field for key, field in fields_of(cls).items() if field.name not in given}
    spans: dict[str, Span] = {}
    found: dict[str, Any] = {}
    unwritten = dict(fields)
    failed: list[Nothing] = []
    lost: dict[str, frozenset[str]] = {}
    unread: set[str] = set()
    unwritten_yet: set[str] = set()
    for name, child in node.entries.items():
        if name not in fields:
            problems.append(unknown_key(name, fields))
            near = words.meant(name, fields, words.KEYS)
            if near and (meant := unwritten.pop(near, None)) and meant.required:
                failed.append(Nothing())
            continue
        key, field = str(name), fields[name]
        if isinstance(child, Value) and (child.empty or (field.required and issubclass(cls, Record) and not child)):
            spans[key] = name.at
            continue
        spans[key] = child.at
        unwritten.pop(key, None)
        before = len(problems)
        value = convert(field.kind, child, key, problems)
        if has_errors(problems[before:]):
            unread.add(key)
        if isinstance(value, tuple) and isinstance(child, Listing) and (ids := _lost(child, value)):
            lost[key] = ids
        is_short = isinstance(value, tuple) and isinstance(child, Listing) and len(value) < len(child.items)
        if child == MISSING or (is_short and not has_errors(problems[before:])):
            unwritten_yet.add(key)
        if not isinstance(value, Nothing):
            found[field.name] = value
        elif field.required:
            failed.append(value)

    for key, field in unwritten.items():
        if field.required:
            problems.append(problem("key-missing", spans.get(key, node.at), key=key, example=example_of(field.kind)))
            failed.append(Nothing())
    if failed:
        return failed[0] if all(nothing.at for nothing in failed) else Nothing()
    if issubclass(cls, Record):
        found["at"] = At(node.at, spans, lost, frozenset(unread), frozenset(unwritten_yet))
    return cls(**given, **found)


def _misshapen(node: Node, key: str, problems: list[Problem], found: Problem) -> Nothing:
    """What was found in a section's or list's place; MANGLER may stand in any."""
    if node == MISSING:
        problems.append(problem("value-missing", node.at, key=key))
        return Nothing(key, node.at)
    problems.append(found)
    return Nothing()
