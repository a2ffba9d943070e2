"""The names in a template that are no facts of ours, found without any facts: by what each of them is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from difflib import get_close_matches
from functools import cache
from types import MappingProxyType
from typing import Any, get_args, get_type_hints

from jinja2 import nodes
from msgspec import Struct

from toolkit.core.words import Word
from toolkit.documents.facts import Fact, Facts, units
from toolkit.documents.text import FUNCTIONS, environment


class UnknownName(Struct, frozen=True):
    """A name that is no fact, the line it stands on, and the nearest that is; "" with what no template may do."""

    name: str
    line: int
    near: str


class _Many(Struct, frozen=True):
    """A list of one sort of facts."""

    each: type[Fact]


_ANYTHING = object()  # what cannot be known before there are facts
_What = Any  # a class of facts, a list of one, a plain type, or _ANYTHING
_OF_A_DAY = ("year", "month", "day")


def unknown_names(template: str) -> list[UnknownName]:
    """Every name in a template that no document could fill, in its order."""
    reader = _Reader()
    known = {name: _what(Facts, name) for name in units(Facts)}
    functions = dict.fromkeys((*FUNCTIONS, *environment().globals), _ANYTHING)
    reader.statements(environment().parse(template).body, {**known, **functions})
    return sorted(dict.fromkeys(reader.found), key=lambda found: found.line)


class _Reader:
    def __init__(self) -> None:
        self.found: list[UnknownName] = []

    def statements(self, body: list[nodes.Node], outer: Mapping[str, _What]) -> None:
        """Read what stands in a body; what is set there is known there only."""
        names = dict(outer)
        for node in body:
            match node:
                case nodes.For():
                    every = self.what(node.iter, names)
                    each = every.each if isinstance(every, _Many) else _ANYTHING
                    inside = {**names, "loop": _ANYTHING, **self._targets(node.target, each)}
                    if node.test is not None:
                        self.what(node.test, inside)
                    self.statements(node.body, inside)
                    self.statements(node.else_, names)
                case nodes.If():
                    self.what(node.test, names)
                    self.statements([*node.body, *node.elif_, *node.else_], names)
                case nodes.Assign():
                    names.update(self._targets(node.target, self.what(node.node, names)))
                case nodes.AssignBlock():
                    self.statements(node.body, names)
                    names.update(self._targets(node.target, _ANYTHING))
                case nodes.With():
                    values = [self.what(value, names) for value in node.values]
                    own = [self._targets(target, value) for target, value in zip(node.targets, values, strict=True)]
                    self.statements(node.body, {**names, **{name: what for each in own for name, what in each.items()}})
                case nodes.Macro() | nodes.CallBlock():
                    self.statements(node.body, {**names, **{argument.name: _ANYTHING for argument in node.args}})
                    if isinstance(node, nodes.Macro):
                        names[node.name] = _ANYTHING
                case nodes.Scope() | nodes.FilterBlock() | nodes.Block():
                    self.statements(node.body, names)
                case nodes.Include() | nodes.Import() | nodes.FromImport() | nodes.Extends():
                    refused = f"{type(node).__name__.lower()} cannot be used here"
                    self.found.append(UnknownName(refused, node.lineno, ""))
                case _:
                    for child in node.iter_child_nodes():
                        self.what(child, names)

    def what(self, node: nodes.Node, names: Mapping[str, _What]) -> _What:
        """What an expression gives; every unknown name in it is kept."""
        match node:
            case nodes.Name():
                if node.name in names:
                    return names[node.name]
                self._unknown(node.name, node, list(names))
            case nodes.Getattr():
                return self._of(self.what(node.node, names), node.attr, node)
            case nodes.Getitem(arg=nodes.Const(value=str(name))):
                return self._of(self.what(node.node, names), name, node)
            case nodes.Getitem():
                self.what(node.arg, names)
                every = self.what(node.node, names)
                return every.each if isinstance(every, _Many) and isinstance(node.arg, nodes.Const) else _ANYTHING
            case nodes.Filter():
                return self._filtered(node, names)
            case _:
                for child in node.iter_child_nodes():
                    self.what(child, names)
        return _ANYTHING

    def _filtered(self, node: nodes.Filter, names: Mapping[str, _What]) -> _What:
        given = self.what(node.node, names) if node.node is not None else _ANYTHING
        for argument in (*node.args, *(keyword.value for keyword in node.kwargs)):
            self.what(argument, names)
        if isinstance(given, _Many) and node.name in ("first", "last"):
            return given.each
        same = ("list", "sort", "reverse", "selectattr", "rejectattr", "select", "reject")
        return given if isinstance(given, _Many) and node.name in same else _ANYTHING

    def _of(self, owner: _What, name: str, node: nodes.Node) -> _What:
        """What a name is of something; of what cannot be known, nothing is unknown."""
        if isinstance(owner, type) and issubclass(owner, Fact):
            if name in units(owner):
                return _what(owner, name)
            self._unknown(_path(node), node, [f"{_path(node, 1)}.{known}" for known in units(owner)])
        elif (
            owner is not _ANYTHING
            and not (owner is date and name in _OF_A_DAY)
            and not (owner is Word and name == "id")
        ):
            self._unknown(_path(node), node, [_path(node, 1)])
        return _ANYTHING

    def _unknown(self, name: str, node: nodes.Node, known: list[str]) -> None:
        near = get_close_matches(name, known, 1) or ["docs/facts.md"]
        self.found.append(UnknownName(name, node.lineno, near[0]))

    def _targets(self, target: nodes.Node, what: _What) -> dict[str, _What]:
        if isinstance(target, nodes.Name):
            return {target.name: what}
        return {name.name: _ANYTHING for name in target.find_all(nodes.Name)}


def _path(node: nodes.Node, above: int = 0) -> str:
    """The names of a fact with dots between, without the last `above` of them."""
    names: list[str] = []
    while isinstance(node, nodes.Getattr | nodes.Getitem):
        names.append(node.attr if isinstance(node, nodes.Getattr) else getattr(node.arg, "value", "…"))
        node = node.node
    names.append(node.name if isinstance(node, nodes.Name) else "…")
    return ".".join(map(str, reversed(names[above:])))


@cache
def _hints(owner: type[Fact]) -> Mapping[str, Any]:
    return MappingProxyType(get_type_hints(owner))


def _what(owner: type[Fact], name: str) -> _What:
    """What a field of some facts is, whether or not it is given."""
    hint = _hints(owner)[name]
    kinds = [kind for kind in get_args(hint) if kind not in (type(None), ...)]
    if getattr(hint, "__origin__", None) is tuple:
        return _Many(kinds[0]) if isinstance(kinds[0], type) and issubclass(kinds[0], Fact) else _ANYTHING
    return kinds[0] if kinds else hint
