"""JSON Schema of a project's files, out of the records that read them: what an editor completes, checks and explains.

An editor reads YAML as YAML is: 250.000 is the number 250 to it. So an amount may be a number or a text that the
reader would take; what the schema lets through is still read strictly.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

from msgspec import Struct

from toolkit.core.cases import Case
from toolkit.core.events import KINDS
from toolkit.core.money import Money
from toolkit.core.payroll import Payroll
from toolkit.core.plan import Budget, BudgetLine, Plan
from toolkit.core.postings import Rule
from toolkit.core.records import (
    MISSING,
    DatedRows,
    DayPattern,
    Hour,
    Id,
    KindName,
    Month,
    PostingRows,
    Rows,
    Share,
    Year,
)
from toolkit.core.seed import BUDGET_LINES, FOLDER, TEXTS, SeedText
from toolkit.readers import shelf, values
from toolkit.readers.meanings import Meanings
from toolkit.readers.model import fields_of
from toolkit.readers.seed import COHORTS, COMMON, MUNICIPALITIES

DRAFT = "https://json-schema.org/draft/2020-12/schema"

Schema = dict[str, Any]

_TEXT: Schema = {"type": ["string", "number", "boolean"]}  # 14 is a text where a text is wanted
_MISSING: Schema = {"const": MISSING}
# What each kind of value is called in a schema, and the sort of number that an editor may take it for.
_KINDS: Mapping[object, tuple[str, str | None]] = {
    Money: ("amount", "number"),
    Fraction: ("number", "number"),
    int: ("count", "number"),
    Share: ("share", None),
    date: ("day", None),
    DayPattern: ("days", None),
    Rows: ("rows", "integer"),
    PostingRows: ("posting-rows", None),
    DatedRows: ("dated-rows", None),
    Year: ("year", "integer"),
    Month: ("month", None),
    Hour: ("hour", None),
    Id: ("id", "integer"),
}


def text(name: str, meanings: Meanings, indent: int | None = None) -> str:
    """The schema of one of SCHEMAS, as JSON."""
    title, make = SCHEMAS[name]
    walk = _Walk(meanings)
    made = make(walk)
    whole = {"$schema": DRAFT, "title": title, **made, "$defs": dict(sorted(walk.defined.items()))}
    return json.dumps(whole, ensure_ascii=False, indent=indent) + "\n"


class _Walk:
    """One schema in the making: each record is defined once, under its own name."""

    def __init__(self, meanings: Meanings) -> None:
        self.meanings = meanings
        self.defined: dict[str, Schema] = {}

    def record(self, record: type[Struct], without: tuple[str, ...] = ()) -> Schema:
        """A record where it stands, without the keys that the file's name gives."""
        fields = {key: field for key, field in fields_of(record).items() if key not in without}
        required = [key for key, field in fields.items() if field.required]
        properties = {key: self.explained(record, key, self.value(field.kind)) for key, field in fields.items()}
        return _object(properties, required)

    def reference(self, record: type[Struct]) -> Schema:
        """A record that is defined apart."""
        if record.__name__ not in self.defined:
            self.defined[record.__name__] = _object({}, [])  # a record may hold its own kind
            self.defined[record.__name__] = {"anyOf": [self.record(record), _MISSING]}
        return {"$ref": f"#/$defs/{record.__name__}"}

    def explained(self, record: type[Struct], key: str, schema: Schema) -> Schema:
        """A key's schema with what an editor shows beside it."""
        meaning = self.meanings.plain(record, key)
        return {"description": meaning, **schema} if meaning else schema

    def value(self, kind: Any) -> Schema:
        """What a hint takes, MANGLER included."""
        options = [each for each in _alternatives(kind) if each is not NoneType]
        if Any in options:
            return {}
        found = [schema for option in options for schema in self.option(option)]
        return found[0] if len(found) == 1 and "$ref" in found[0] else {"anyOf": [*found, _MISSING]}

    def option(self, kind: Any) -> list[Schema]:
        arguments = get_args(kind)
        if kind in _KINDS:
            name, number = _KINDS[kind]
            written: Schema = {"type": "string", "pattern": _whole(values.PATTERNS[kind])}
            return [self.plain(name, [written, *([{"type": number}] if number else []), _MISSING])]
        if kind is KindName:  # those that come with us, to choose among; a project may have others of its own
            return [{"enum": list(shelf.kinds())}, self.plain("text", [_TEXT])]
        if kind is str:
            return [self.plain("text", [_TEXT])]
        if kind is bool:
            return [self.plain("yes-no", [{"type": "boolean"}, _MISSING])]
        if get_origin(kind) is Literal:
            return [{"enum": list(arguments)}]
        if get_origin(kind) is tuple:
            return [{"type": "array", "items": self.value(arguments[0])}]
        if get_origin(kind) is not None:
            names, each = arguments
            named: Schema = {"propertyNames": {"pattern": _whole(values.PATTERNS[names])}} if names in _KINDS else {}
            wholes = [self.value(names), {"type": "array", "items": self.value(names)}] if each is Share else []
            return [{"type": "object", "additionalProperties": self.value(each), **named}, *wholes]
        return [self.reference(kind), *([_TEXT] if hasattr(kind, "shorthand") else [])]

    def plain(self, name: str, forms: list[Schema]) -> Schema:
        """A value without keys, defined once for all that are like it."""
        self.defined[name] = forms[0] if len(forms) == 1 else {"anyOf": forms}
        return {"$ref": f"#/$defs/{name}"}


def _alternatives(kind: Any) -> tuple[Any, ...]:
    return get_args(kind) if get_origin(kind) in (Union, UnionType) else (kind,)


def _whole(pattern: str) -> str:
    return f"^(?:{pattern})$"


def _object(properties: Mapping[str, Schema], required: list[str]) -> Schema:
    return {"type": "object", "properties": dict(properties), "required": required, "additionalProperties": False}


# ── the files ────────────────────────────────────────────────────────────────────────────────


def _log(walk: _Walk) -> Schema:
    """A list of events; which keys an event has hangs on its kind."""
    rules = []
    for kind, record in KINDS.items():
        own = walk.record(record, without=("called",))
        own["properties"] = {"kind": {"const": kind}, **own["properties"]}
        walk.defined[kind] = own
        rules.append({"if": {"properties": {"kind": {"const": kind}}}, "then": {"$ref": f"#/$defs/{kind}"}})
    event: Schema = {
        "type": "object",
        "properties": {"kind": {"enum": list(KINDS), "description": "hvad der skete"}},
        "required": ["kind"],
        "allOf": rules,
    }
    return {"type": ["array", "null"], "items": event}


def _rules(walk: _Walk) -> Schema:
    return _object({"rules": walk.value(tuple[Rule, ...])}, [])


def _seed(walk: _Walk) -> Schema:
    """Any key of project.yaml, and what the new folder's name and budget are."""
    keys = walk.record(Plan)["properties"]
    more: dict[str, Schema] = {
        FOLDER: {"description": "mappens navn; ellers kommunen og området", **walk.value(Id)},
        BUDGET_LINES: {"description": "ansøgningens budgetposter", **walk.value(tuple[BudgetLine, ...])},
        TEXTS: {
            "description": "det, der allerede står i ansøgningens eller projektbeskrivelsens tekst, afsnit for afsnit",
            **walk.value(Mapping[str, SeedText]),
        },
    }
    return _object({**keys, **more}, ["municipality"])


def _rollout(walk: _Walk) -> Schema:
    """Common keys, and the municipalities that share them; in cohorts or not."""
    seed = _seed(walk)
    walk.defined["seed"] = seed
    walk.defined[COMMON] = {
        **seed,
        "required": [],
        "description": "det, projekterne er fælles om; alle nøgler fra project.yaml, budget_lines og texts",
    }
    listed: Schema = {
        "type": "array",
        "items": {"anyOf": [_TEXT, {"$ref": "#/$defs/seed"}]},
        "description": "kommunerne: et navn, eller municipality med det, der er kommunens eget",
    }
    common: Schema = {"$ref": f"#/$defs/{COMMON}"}
    cohort = _object(
        {
            "cohort": walk.explained(Plan, "cohort", walk.value(str)),
            COMMON: common,
            MUNICIPALITIES: listed,
        },
        ["cohort", MUNICIPALITIES],
    )
    cohorts: Schema = {"type": "array", "items": cohort, "description": "grupper af kommuner med noget til fælles"}
    return _object({COMMON: common, MUNICIPALITIES: listed, COHORTS: cohorts}, [])


# Each schema's name in the command, its title and what it holds.
SCHEMAS: Mapping[str, tuple[str, Callable[[_Walk], Schema]]] = {
    "project": ("project.yaml", lambda walk: walk.record(Plan)),
    "budget": ("budgets/*.yaml", lambda walk: walk.record(Budget, without=("id",))),
    "events": ("events.yaml", _log),
    "allocation": ("allocation.yaml", _rules),
    "payroll": ("payroll.yaml", lambda walk: walk.record(Payroll)),
    "case": ("cases/*.md", lambda walk: walk.record(Case, without=("id",))),
    "seed": ("pulje new: ét projekt", _seed),
    "rollout": ("pulje new: flere kommuner", _rollout),
}
OF_A_PROJECT = ("project", "budget", "events", "allocation", "payroll", "case")
