"""Jinja for texts that come from other people: no way to Python, and no small text that takes long or much memory.

Whatever a template can do many times over is counted: each turn of a loop, each call, whatever a filter goes through.
Whatever makes much of little is looked at before it is made, or is not there at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextvars import ContextVar
from fractions import Fraction
from typing import Any

from jinja2 import TemplateSyntaxError, nodes, pass_context, pass_eval_context
from jinja2.exceptions import SecurityError
from jinja2.filters import do_format, do_join, do_replace
from jinja2.nodes import EvalContext
from jinja2.runtime import Context, markup_join, str_join
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.visitor import NodeTransformer

_STEPS = 1_000_000  # in one document: several times what a project of thousands of lines takes
_MOST = 100_000  # characters and items in all that a template has put together
_LARGEST = 10**40  # no amount of money, and no product of two
_CALL = 10  # steps
_WRITTEN = 200  # characters that are written out count as one step

# A width, a count or a text of somebody's choice makes any of these as large as he likes.
_FILTERS = ("batch", "center", "indent", "slice", "urlize", "wordwrap", "xmlattr")
_METHODS = ("center", "encode", "expandtabs", "format", "format_map", "join", "ljust", "replace", "rjust", "translate")

_WIDE = re.compile(r"%(?!s|%|\(\w+\)s)")

_left: ContextVar[int] = ContextVar("steps", default=_STEPS)


def begin() -> None:
    """What is rendered from here on has all its steps ahead of it."""
    _left.set(_STEPS)


def count(steps: int) -> None:
    """So many steps are taken; raises SecurityError when there are none left."""
    left = _left.get() - steps
    if left < 0:
        raise SecurityError("it goes on for too long")
    _left.set(left)


class Sandbox(ImmutableSandboxedEnvironment):
    """A sandbox whose templates end."""

    intercepted_binops = frozenset({"+", "*", "/", "//", "%", "**"})

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        for name in _FILTERS:
            del self.filters[name]
        self.filters |= {"join": _join, "format": _format, "replace": _replace}
        self.filters |= {_LOOKED_AT: _looked_at, _TURNS: _turns, _JOINED: _joined, _OUT: _out}
        self.globals = {name: self.globals[name] for name in ("dict", "namespace")} | {"range": _range}

    def compile(self, source: Any, *more: Any, **options: Any) -> Any:
        """Ready to render. Raises TemplateSyntaxError too for what only Python cannot read."""
        try:
            return super().compile(source, *more, **options)
        except (RecursionError, MemoryError, ValueError, OverflowError, SyntaxError):
            raise TemplateSyntaxError("it is nested too deep", 1) from None

    def _generate(self, source: nodes.Template, *more: Any, **options: Any) -> str:
        return super()._generate(_Counting().visit(source), *more, **options)

    def call(self, context: Context, called: Any, *values: Any, **named: Any) -> Any:
        """Call what a template calls: a macro may call itself, and a text's method looks through all of it."""
        count(_CALL + weight(getattr(called, "__self__", None)))
        answer = super().call(context, called, *values, **named)
        return _out(context, answer)

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Numbers of a reasonable size with each other, and texts and lists one after the other; nothing else."""
        if operator == "+":
            weight((left, right))
        elif operator == "**" or not (_is_small(left) and _is_small(right)):
            raise SecurityError(f"{operator} cannot be used here")
        return super().call_binop(context, operator, left, right)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        return not (isinstance(obj, str) and attr in _METHODS) and super().is_safe_attribute(obj, attr, value)

    def wrap_str_format(self, value: Any) -> Any:
        """None: `format` is a method like the others that are not there."""
        return None


# ── what a template says, with what is counted in it ─────────────────────────────────────────

_LOOKED_AT, _TURNS, _JOINED, _OUT = "_looked_at", "_turns", "_joined", "_out"


class _Counting(NodeTransformer):
    def generic_visit(self, node: nodes.Node, *_arguments: Any, **_named: Any) -> nodes.Node:
        """The node with what is counted below and around it."""
        literal = (
            sum(len(data.data) for data in node.find_all(nodes.TemplateData)) if isinstance(node, nodes.For) else 0
        )
        node = super().generic_visit(node)
        match node:
            case nodes.For(recursive=True):
                raise TemplateSyntaxError("recursive cannot be used here", node.lineno)
            case nodes.For():
                node.iter = _through(_TURNS, node.iter, 1 + literal // _WRITTEN)
            case nodes.Filter() if node.node is not None:
                node.node = _through(_LOOKED_AT, node.node)
            case nodes.Compare():
                node.expr = _through(_LOOKED_AT, node.expr)
                for operand in node.ops:
                    operand.expr = _through(_LOOKED_AT, operand.expr)
            case nodes.Output():
                node.nodes = [
                    each if isinstance(each, nodes.TemplateData) else _through(_OUT, each) for each in node.nodes
                ]
            case nodes.Concat():
                return _through(_JOINED, nodes.List(node.nodes, lineno=node.lineno))
            case nodes.List() | nodes.Dict() | nodes.Tuple(ctx="load"):
                return _through(_LOOKED_AT, node)
            case _:
                pass
        return node


def _through(name: str, node: nodes.Node, *values: int) -> nodes.Filter:
    constants: list[nodes.Expr] = [nodes.Const(value) for value in values]
    return nodes.Filter(node, name, constants, [], None, None, lineno=node.lineno)


# ── counting, while it is rendered ───────────────────────────────────────────────────────────
# A filter that is handed the context is one that Jinja does not work out when it compiles.


def weight(value: object) -> int:
    """How many steps a value is worth, down through lists in lists; raises where it is too long to be put together."""
    items = characters = 0
    waiting = [value]
    while waiting:
        each = waiting.pop()
        items += 1
        if isinstance(each, str):
            characters += len(each)
        elif isinstance(each, range):
            items += len(each)
        elif isinstance(each, Mapping):
            waiting += (part for pair in each.items() for part in pair)
        elif isinstance(each, list | tuple):
            waiting += each
        if items + len(waiting) + characters > _MOST:
            raise SecurityError("what is put together is too long")
    return items + characters // _WRITTEN


@pass_context
def _looked_at(_context: Context, value: Any) -> Any:
    count(weight(value))
    return value


@pass_context
def _turns(_context: Context, value: Iterable[Any], steps: int) -> Iterator[Any]:
    for each in value:
        count(steps)
        yield each


@pass_context
def _out(_context: Context, value: Any) -> Any:
    if isinstance(value, str):
        count(len(value) // _WRITTEN)
    return value


@pass_context
def _joined(context: Context, values: list[Any]) -> Any:
    weight(values)
    return markup_join(values) if context.eval_ctx.autoescape else str_join(values)


@pass_eval_context
def _join(context: EvalContext, value: Iterable[Any], between: str = "", attribute: str | int | None = None) -> Any:
    """Jinja's own, of no more than a template may put together."""
    values = list(value)
    weight((values, [between] * len(values)))
    return do_join(context, values, between, attribute)


def _format(text: str, *values: Any, **named: Any) -> str:
    """Jinja's own, without a width: `%s` and `%(name)s`."""
    if _WIDE.search(text):
        raise SecurityError("a width cannot be used here")
    weight([(values, named)] * text.count("%"))
    return do_format(text, *values, **named)


@pass_eval_context
def _replace(context: EvalContext, text: str, old: str, new: str, count: int | None = None) -> str:
    """Jinja's own, of no more than a template may put together."""
    weight((text, [new] * (str(text).count(str(old)) if old else len(text) + 1)))
    return do_replace(context, text, old, new, count)


def _range(*bounds: int) -> range:
    found = range(*bounds)
    if len(found) > _MOST // 10:
        raise SecurityError("the range is too long")
    return found


def _is_small(value: object) -> bool:
    return isinstance(value, float) or (isinstance(value, int | Fraction) and -_LARGEST < value < _LARGEST)
