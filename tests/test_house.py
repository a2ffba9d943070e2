"""Who may see whom: the rules of docs/architecture.md, read out of the imports and calls in the code itself."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from jinja2 import Environment, nodes

from tests.parsed import nodes as nodes_of
from tests.parsed import parsed

ROOT = Path(__file__).resolve().parents[1]
TEMPLATES = ROOT / "templates" / "documents"

WINGS = ("core", "readers", "documents", "writers")

# What each wing may import beside itself, the standard library and the packages that have a room there.
MAY_IMPORT = {
    "core": (),
    "readers": ("toolkit.core", "toolkit.documents.kind"),
    "documents": ("toolkit.core",),
    "writers": ("toolkit.documents.tree", "toolkit.documents.kind"),
}

# Where an outside package may be imported: the beginnings of paths below toolkit/.
ROOMS = {
    "babel": ("documents/danish.py",),
    "click": ("cli/", "__main__.py"),
    "cookiecutter": ("scaffold_engine.py",),
    "docx": ("writers/word", "documents/forms.py"),  # an agency's form is a Word file, and comes in
    "docxtpl": ("documents/forms.py",),
    "filelock": ("journal.py",),
    "fontpkg_lato": ("writers/typesetting.py",),
    "jinja2": ("documents/text.py", "documents/sandbox.py", "documents/form", "scaffold_engine.py"),
    "markdown_it": ("documents/markup.py",),
    "markupsafe": ("documents/text.py", "documents/forms.py"),
    "msgspec": ("",),  # our record type
    "python_calamine": ("readers/excel.py",),
    "typst": ("writers/typesetting.py",),
    "xlsxwriter": ("writers/sheet.py",),
    "yaml": ("readers/source.py",),
}

# As installed, as imported.
PACKAGES = {
    "fontpkg-lato": "fontpkg_lato",
    "markdown-it-py": "markdown_it",
    "python-calamine": "python_calamine",
    "python-docx": "docx",
    "pyyaml": "yaml",
}

# Enough for thinking and counting; what the core lacks here is a file, a clock, a process or chance.
CORE_STANDARD_LIBRARY = {
    *("__future__", "bisect", "calendar", "collections", "dataclasses", "datetime", "decimal", "difflib", "enum"),
    *("fnmatch", "fractions", "functools", "hashlib", "heapq", "itertools", "math", "operator", "re", "string"),
    *("textwrap", "types", "typing", "unicodedata"),
}

CLOCKS = {"date": {"today"}, "datetime": {"now", "today", "utcnow"}}
CLOCKS["time"] = {"time", "time_ns", "localtime", "gmtime", "ctime", "monotonic", "perf_counter"}

FILES = {"open", "read_text", "read_bytes", "write_text", "write_bytes", "mkdir", "unlink", "rename", "iterdir", "glob"}
NETWORK = {"socket", "ssl", "urllib.request", "http", "ftplib", "smtplib", "asyncio", "requests", "httpx", "subprocess"}


# What words figures, and what shows them: the first has no arithmetic at all, the second none on an amount or a day.
# documents/text.py gives a municipality's own texts an amount that can be added: it calculates for them alone.
WORDING = ("documents/from_", "documents/facts.py", "documents/compose.py", "documents/learnings.py")
SHOWING = ("documents/charts.py", "cli/screen", "cli/as_json.py", "cli/json_", "workbook", "portfolio_")
SCALES = ("_Days", "_Kroner")  # of a picture: where a day or an amount stands in it
OF_MONEY = {"Money", "NOTHING", "kroner", "percent", "percentage", "whole_kroner"}  # how an amount looks
# What click refuses without a code of ours, and where it may be: an answer that cannot be read is asked for again.
CODELESS = {"ClickException", "UsageError", "BadParameter", "BadOptionUsage", "BadArgumentUsage", "FileError", "fail"}
CONVERSATIONS = ("cli/prompts.py", "cli/ask.py")
OPERATORS = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod, ast.Pow)
ARITHMETIC = {"abs", "divmod", "max", "min", "pow", "round", "sum", "reduce", "accumulate", "timedelta", "Fraction"}


class Module(NamedTuple):
    """One file of the code, as the rules read it."""

    path: str  # below toolkit/: "core/money.py"
    tree: ast.Module

    @property
    def wing(self) -> str:
        return self.path.partition("/")[0]

    def imports(self) -> Iterator[tuple[str, int]]:
        """Every module it imports, at the top or inside a function, by full name and with its line."""
        for node in nodes_of(self.tree):
            match node:
                case ast.Import(names=names):
                    yield from ((alias.name, node.lineno) for alias in names)
                case ast.ImportFrom(module=module, names=names, level=level):
                    base = self._absolute(module or "", level)
                    if base in (
                        "toolkit",
                        "toolkit.documents",
                    ):  # from toolkit.documents import kind: a module, or a name
                        yield from ((f"{base}.{alias.name}", node.lineno) for alias in names)
                    else:
                        yield base, node.lineno

    def _absolute(self, module: str, level: int) -> str:
        if level == 0:
            return module
        package = ["toolkit", *self.path.split("/")[:-1]]
        return ".".join([*package[: len(package) - level + 1], *filter(None, [module])])


Finding = tuple[str, int]  # what was seen, in which line
Rule = Callable[[Module], Iterator[Finding]]


def only_the_standard_library_and_what_has_a_room(module: Module) -> Iterator[Finding]:
    for name, line in module.imports():
        package = name.partition(".")[0]
        if package in sys.stdlib_module_names or package == "toolkit":
            continue
        if not module.path.startswith(ROOMS.get(package, ("(no room)",))):
            yield name, line


def a_wing_sees_only_what_stands_before_it(module: Module) -> Iterator[Finding]:
    if module.wing not in WINGS:
        return
    allowed = (f"toolkit.{module.wing}", *MAY_IMPORT[module.wing])
    for name, line in module.imports():
        if name.startswith("toolkit") and not any(name == room or name.startswith(f"{room}.") for room in allowed):
            yield name, line


def the_core_needs_little_of_the_standard_library(module: Module) -> Iterator[Finding]:
    if module.wing != "core":
        return
    for name, line in module.imports():
        if name.partition(".")[0] not in CORE_STANDARD_LIBRARY | {"msgspec", "toolkit"}:
            yield name, line


def the_core_and_the_documents_touch_no_file(module: Module) -> Iterator[Finding]:
    if module.wing not in ("core", "documents"):
        return
    for node in nodes_of(module.tree):
        match node:
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)) if name in FILES | {
                "Path",
                "print",
                "input",
            }:
                yield name, node.lineno


def the_options_own_the_only_clock(module: Module) -> Iterator[Finding]:
    if module.path == "cli/options.py":
        return
    for node in nodes_of(module.tree):
        match node:
            case ast.Attribute(value=ast.Name(id=owner) | ast.Attribute(attr=owner), attr=name):
                if name in CLOCKS.get(owner, ()):
                    yield f"{owner}.{name}", node.lineno
            case ast.ImportFrom(module="time", names=names):
                yield from ((f"time.{alias.name}", node.lineno) for alias in names if alias.name != "sleep")


def money_is_never_a_float(module: Module) -> Iterator[Finding]:
    if module.wing not in ("core", "readers") or module.path == "readers/words.py":  # how alike two words are
        return
    for node in nodes_of(module.tree):
        match node:
            case ast.Name(id="float"):
                yield "float", node.lineno
            case ast.Constant(value=float() as value):
                yield str(value), node.lineno


def nothing_reaches_the_network_or_starts_a_program(module: Module) -> Iterator[Finding]:
    for name, line in module.imports():
        if {name, name.partition(".")[0]} & NETWORK:
            yield name, line


def nothing_inside_imports_the_command_line(module: Module) -> Iterator[Finding]:
    if module.wing == "cli" or module.path == "__main__.py":
        return
    for name, line in module.imports():
        if name.startswith(("toolkit.cli", "toolkit.__main__")):
            yield name, line


def the_wording_of_documents_does_not_figure(module: Module) -> Iterator[Finding]:
    """Words are put together in f-strings and lists with *: so there is no operator to mistake for arithmetic."""
    if module.path.startswith(WORDING):
        yield from ((ast.unparse(node), node.lineno) for node in _calculations(module.tree))
    if module.wing == "documents" and module.path != "documents/text.py":
        yield from _of_money(module)


def what_shows_figures_does_not_figure(module: Module) -> Iterator[Finding]:
    """Columns, rows and pictures are measured, amounts and days are not: they come from the core as they are."""
    if not module.path.startswith(SHOWING):
        return
    yield from _of_money(module)
    for scope in _scopes(module.tree):
        amounts = _amounts_in(scope)
        for node in _calculations(scope):
            if any(_is_amount(each, amounts) for each in _operands(node)):
                yield ast.unparse(node), node.lineno


def what_is_used_wrongly_has_a_code(module: Module) -> Iterator[Finding]:
    """Wrong use ends in a WrongUse; click's own refusals are for an answer that is asked again."""
    asked_again = {
        id(each)
        for function in nodes_of(module.tree)
        if isinstance(function, ast.FunctionDef) and function.name == "read" and module.path in CONVERSATIONS
        for each in nodes_of(function)
    }
    for node in nodes_of(module.tree):
        match node:
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)) if name in CODELESS:
                if id(node) not in asked_again:
                    yield name, node.lineno


RULES: tuple[Rule, ...] = (
    only_the_standard_library_and_what_has_a_room,
    a_wing_sees_only_what_stands_before_it,
    the_core_needs_little_of_the_standard_library,
    the_core_and_the_documents_touch_no_file,
    the_options_own_the_only_clock,
    money_is_never_a_float,
    nothing_reaches_the_network_or_starts_a_program,
    nothing_inside_imports_the_command_line,
    the_wording_of_documents_does_not_figure,
    what_shows_figures_does_not_figure,
    what_is_used_wrongly_has_a_code,
)

# For each rule the ways to break it, each planted in a copy of the code.
PLANTED = [
    (only_the_standard_library_and_what_has_a_room, "core/state.py", "import yaml"),
    (only_the_standard_library_and_what_has_a_room, "readers/source.py", "from jinja2 import Environment"),
    (only_the_standard_library_and_what_has_a_room, "documents/tree.py", "def late():\n    import docx"),
    (only_the_standard_library_and_what_has_a_room, "cli/options.py", "import requests"),
    (a_wing_sees_only_what_stands_before_it, "core/state.py", "from toolkit.readers import source"),
    (a_wing_sees_only_what_stands_before_it, "core/state.py", "from ..documents import tree"),
    (a_wing_sees_only_what_stands_before_it, "core/state.py", "from toolkit import language"),
    (a_wing_sees_only_what_stands_before_it, "readers/source.py", "from toolkit.documents.tree import Document"),
    (a_wing_sees_only_what_stands_before_it, "readers/source.py", "from toolkit.documents import danish"),
    (a_wing_sees_only_what_stands_before_it, "documents/tree.py", "import toolkit.writers.html"),
    (a_wing_sees_only_what_stands_before_it, "writers/html.py", "from toolkit.core.money import Money"),
    (a_wing_sees_only_what_stands_before_it, "writers/html.py", "def late():\n    from toolkit.core import money"),
    (the_core_needs_little_of_the_standard_library, "core/state.py", "from pathlib import Path"),
    (the_core_needs_little_of_the_standard_library, "core/state.py", "import random"),
    (the_core_and_the_documents_touch_no_file, "core/state.py", "TEXT = open('plan.yaml').read()"),
    (the_core_and_the_documents_touch_no_file, "documents/tree.py", "def load(path):\n    return path.read_text()"),
    (the_options_own_the_only_clock, "core/state.py", "from datetime import date\nNOW = date.today()"),
    (the_options_own_the_only_clock, "writers/html.py", "import datetime\nNOW = datetime.datetime.now()"),
    (the_options_own_the_only_clock, "language.py", "import time\nNOW = time.time"),
    (the_options_own_the_only_clock, "language.py", "from time import time_ns"),
    (money_is_never_a_float, "core/money.py", "HALF = 0.5"),
    (money_is_never_a_float, "readers/source.py", "def amount(text):\n    return float(text)"),
    (nothing_reaches_the_network_or_starts_a_program, "cli/options.py", "from urllib.request import urlopen"),
    (nothing_reaches_the_network_or_starts_a_program, "writers/html.py", "import subprocess"),
    (nothing_inside_imports_the_command_line, "language.py", "from toolkit.cli import options"),
    *(
        (the_wording_of_documents_does_not_figure, f"documents/{name}.py", line)
        for name in ("from_money", "from_economy", "facts", "compose", "learnings")
        for line in (
            "def rest(line):\n    return line.budget - line.spent",
            "def rest(line):\n    left = line.budget\n    left -= line.spent\n    return left",
            "def income(row):\n    return -row.actual",
            "def spent(lines):\n    return sum(line.spent for line in lines)",
            "def later(day):\n    import datetime\n    return datetime.timedelta(days=1)",
        )
    ),
    (the_wording_of_documents_does_not_figure, "documents/from_plan.py", "from toolkit.core.money import total"),
    (the_wording_of_documents_does_not_figure, "documents/danish.py", "from toolkit.core.money import times"),
    *(
        (what_shows_figures_does_not_figure, path, line)
        for path in (
            "documents/charts.py",
            "cli/screen_budget.py",
            "workbook.py",
            "portfolio_workbook.py",
            "cli/as_json.py",
        )
        for line in (
            "def rest(line):\n    return line.budget - line.spent",
            "def rest(line):\n    spent = line.spent\n    left = spent if spent else NOTHING\n    return left * 2",
            "def income(row):\n    return -row.actual",
            "def spent(lines):\n    return sum(line.spent for line in lines)",
            "def most(lines):\n    return max([line.spent for line in lines])",
            "def days(of):\n    return (of.as_of - of.due).days",
            "from toolkit.core.money import split",
        )
    ),
    *(
        (what_is_used_wrongly_has_a_code, path, line)
        for path in ("cli/log.py", "cli/prompts.py", "render.py")
        for line in (
            "def stop():\n    raise click.UsageError('no')",
            "def stop():\n    from click import BadParameter\n    raise BadParameter('no')",
            "class Kind(click.ParamType):\n    def convert(self, value, param, ctx):\n        self.fail('no')",
        )
    ),
    (what_is_used_wrongly_has_a_code, "cli/log.py", "def read(text):\n    raise click.BadParameter('no')"),
]


# ── what arithmetic is, and what it is done on ──


def _calculations(tree: ast.AST) -> Iterator[ast.expr | ast.AugAssign]:
    for node in nodes_of(tree):
        match node:
            case ast.BinOp(op=operator) | ast.AugAssign(op=operator) if isinstance(operator, OPERATORS):
                yield node
            case ast.UnaryOp(op=ast.USub(), operand=operand) if not isinstance(operand, ast.Constant):
                yield node
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)) if name in ARITHMETIC:
                yield node


def _operands(node: ast.AST) -> list[ast.expr]:
    match node:
        case ast.BinOp(left=left, right=right):
            return [left, right]
        case ast.AugAssign(target=target, value=value):
            return [target, value]
        case ast.UnaryOp(operand=operand):
            return [operand]
        case ast.Call(args=args):
            return args
    return []


def _of_money(module: Module) -> Iterator[Finding]:
    for node in nodes_of(module.tree):
        match node:
            case ast.ImportFrom(module="toolkit.core.money", names=names):
                yield from ((alias.name, node.lineno) for alias in names if alias.name not in OF_MONEY)


def _scopes(tree: ast.Module) -> Iterator[ast.AST]:
    """Each function, and what stands in none; not the scales of a picture."""
    inside = [node for node in nodes_of(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    scales = {id(each) for node in inside if node.name in SCALES for each in nodes_of(node)}
    yield from (node for node in inside if isinstance(node, ast.FunctionDef) and id(node) not in scales)


def _amounts_in(scope: ast.AST) -> set[str]:
    """The names in a function that hold an amount or a day of some record, whatever they are called there."""
    names: set[str] = set()
    for _again in range(3):  # a name may hold what another holds
        for node in nodes_of(scope):
            match node:
                case ast.Assign(targets=targets, value=value) if _is_amount(value, names):
                    names |= {each.id for target in targets for each in ast.walk(target) if isinstance(each, ast.Name)}
                case ast.NamedExpr(target=ast.Name(id=name), value=value) if _is_amount(value, names):
                    names.add(name)
                case ast.For(target=target, iter=value) | ast.comprehension(target=target, iter=value):
                    if _is_amount(value, names):
                        names |= {each.id for each in ast.walk(target) if isinstance(each, ast.Name)}
    return names


def _is_amount(node: ast.expr, names: set[str]) -> bool:
    """Whether an expression is an amount or a day, or a list of such; what a function makes of one is another thing."""
    match node:
        case ast.Attribute(attr=name):
            return name in AMOUNTS
        case ast.Name(id=name):
            return name in names
        case ast.IfExp(body=body, orelse=orelse):
            return _is_amount(body, names) or _is_amount(orelse, names)
        case ast.BoolOp(values=values) | ast.Tuple(elts=values) | ast.List(elts=values):
            return any(_is_amount(each, names) for each in values)
        case ast.ListComp(elt=one) | ast.GeneratorExp(elt=one) | ast.SetComp(elt=one) | ast.Starred(value=one):
            return _is_amount(one, names)
        case ast.BinOp(left=left, right=right):
            return _is_amount(left, names) or _is_amount(right, names)
        case ast.UnaryOp(operand=operand):
            return _is_amount(operand, names)
    return False


def _amount_fields() -> frozenset[str]:
    """What the records of the core and the facts call an amount or a day: their fields and properties of that type."""
    found: set[str] = set()
    for path in (*(ROOT / "toolkit/core").rglob("*.py"), ROOT / "toolkit/documents/facts.py"):
        records = (node for node in nodes_of(parsed(path)) if isinstance(node, ast.ClassDef))
        for node in (each for record in records for each in record.body):
            match node:
                case (
                    ast.AnnAssign(target=ast.Name(id=name), annotation=hint) | ast.FunctionDef(name=name, returns=hint)
                ):
                    if hint is not None and {"Money", "date"} & set(re.findall(r"\w+", ast.unparse(hint))):
                        found.add(name)
    return frozenset(found)


AMOUNTS = _amount_fields()


def code(root: Path) -> list[Module]:
    return [
        Module(path.relative_to(root / "toolkit").as_posix(), parsed(path))
        for path in sorted((root / "toolkit").rglob("*.py"))
    ]


def broken(rule: Rule, modules: list[Module]) -> list[str]:
    return [f"{module.path}:{line}: {what}" for module in modules for what, line in rule(module)]


def test_there_is_code_to_read():
    modules = code(ROOT)

    assert {module.wing for module in modules} >= {*WINGS, "cli"}
    assert all(any(module.wing == wing and list(module.imports()) for module in modules) for wing in WINGS)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_house_stands(rule):
    assert broken(rule, code(ROOT)) == []


@pytest.mark.parametrize(("rule", "path", "line"), PLANTED, ids=lambda value: getattr(value, "__name__", value))
def test_a_broken_rule_is_seen(tmp_path, rule, path, line):
    text = (ROOT / "toolkit" / path).read_text(encoding="utf-8")
    planted = tmp_path / "toolkit" / path
    planted.parent.mkdir(parents=True)
    planted.write_text(text, encoding="utf-8")
    before = broken(rule, code(tmp_path))
    planted.write_text(f"{text}\n\n{line}\n", encoding="utf-8")

    assert before == []
    assert [found.partition(":")[0] for found in broken(rule, code(tmp_path))] == [path]


@pytest.mark.parametrize("kind", [path.parent.name for path in sorted(TEMPLATES.glob("*/text.md"))])
def test_the_text_of_a_document_does_not_figure(kind):
    assert calculated((TEMPLATES / kind / "text.md").read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "text",
    [
        "{{ budget.total - budget.spent }}",
        "{% if grant.awarded + grant.received %}{% endif %}",
        "{{ -budget.late.otherwise | kr }}",
        "{% set half = budget.total / 2 %}",
        "{{ budget.lines | map(attribute='spent') | sum }}",
        "{{ budget.lines | sum(attribute='spent') | kr }}",
        "{{ [budget.spent, budget.total] | max }}",
        "{{ budget.spent | abs }}",
    ],
)
def test_a_text_that_figures_is_seen(text):
    assert len(calculated(f"# economy\n\n{text}\n")) == 1


def calculated(text: str) -> list[str]:
    """Every operator of arithmetic in a template, and every filter that is one."""
    kinds = (nodes.Add, nodes.Sub, nodes.Mul, nodes.Div, nodes.FloorDiv, nodes.Mod, nodes.Pow, nodes.Neg, nodes.Pos)
    tree = Environment().parse(text)
    filters = [node.name for node in tree.find_all(nodes.Filter) if node.name in ("sum", "abs", "min", "max", "round")]
    return [*(type(node).__name__ for node in tree.find_all(kinds)), *filters]


def test_each_rule_has_been_seen_to_break():
    assert {rule for rule, _path, _line in PLANTED} == set(RULES)


def test_every_dependency_has_its_room_and_every_room_is_in_use():
    metadata = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    installed = {re.split("[<>=]", requirement)[0] for requirement in metadata["project"]["dependencies"]}
    in_use = {name.partition(".")[0] for module in code(ROOT) for name, _line in module.imports()}

    assert {PACKAGES.get(name, name) for name in installed} == set(ROOMS)
    assert set(ROOMS) <= in_use
