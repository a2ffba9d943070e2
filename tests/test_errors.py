"""Every problem that pulje can find: the smallest input that provokes it, and what is then shown."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator, Mapping, Set
from functools import cache
from pathlib import Path
from string import Formatter

import pytest

from docs.error_inputs import ERRORS, shown
from docs.errors import PAGE, codes, page
from tests.parsed import nodes, parsed
from tests.test_language import translations
from toolkit.core.events import KINDS
from toolkit.core.problems import declare
from toolkit.readers import model

ROOT = Path(__file__).resolve().parents[1]
MODULES = {
    path.relative_to(ROOT).as_posix().removesuffix(".py").removesuffix("/__init__").replace("/", "."): parsed(path)
    for path in sorted((ROOT / "toolkit").rglob("*.py"))
}
FOLDERS = sorted(folder.name for folder in ERRORS.iterdir())
HERE = [name for name in FOLDERS if name != "name-not-utf8" or sys.platform == "linux"]  # others take no such name


@pytest.mark.parametrize("code", HERE)
def test_the_problem_is_found_and_shown(code: str) -> None:
    """`python -m docs.errors` writes expected.txt anew; read the difference before you commit it."""
    expected = ERRORS / code / "expected.txt"

    assert shown(code) == expected.read_text(encoding="utf-8")


@pytest.mark.parametrize("code", HERE)
def test_the_smallest_input_provokes_nothing_else(code: str) -> None:
    first_lines = [text.splitlines()[0] for text in shown(code).strip().split("\n\n")]

    assert all(f"{code} (" in line for line in first_lines)


def test_every_code_has_its_folder_and_every_folder_its_code() -> None:
    assert sorted(codes()) == FOLDERS


def test_the_page_of_errors_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == page()


def test_a_code_cannot_be_declared_twice() -> None:
    with pytest.raises(ValueError, match="project-missing"):
        declare("project-missing", "note", "", "")


def test_what_names_an_event_to_correct_has_a_hint_for_while_that_is_not_written() -> None:
    told_elsewhere = {  # at a file of postings, in project.yaml or in a document: never about the line that is typed
        "final-without-months",
        "import-withdrawn",
        "posting-performed-differs",
        "posting-vanished",
        "postings-gone",
        "postings-with-numbers",
        "postings-with-wage-texts",
        "rejected-yet-awarded",
        "request-of-nothing",
        "request-before-year",
        "request-without-budget",
        "request-without-months",
        "spending-months-unknown",
    }

    assert {
        code for code, says in codes().items() if "corrected event={event}" in says.hint and not says.unwritten
    } == told_elsewhere


def test_what_a_hint_says_to_log_has_every_key_that_such_an_event_needs() -> None:
    """Of every text that is shown, for a hint may be put together from several; and in Danish as in English."""
    lacking = [
        f"{text}: {kind} lacks {key}="
        for english, danish in translations().items()
        for text in (*english, *danish)
        for kind, rest in _to_log(text)
        for key, field in model.fields_of(KINDS[kind]).items()
        if field.required and key not in ("happened", "recorded") and not re.search(rf"(?<![.\w]){key}=", rest)
    ]

    assert lacking == []


def test_what_a_hint_says_to_log_is_an_event_of_a_kind_that_there_is() -> None:
    logged = [kind for english, _danish in translations().items() for text in english for kind, _rest in _to_log(text)]

    assert len(logged) > 50
    assert set(logged) <= set(KINDS)


def _to_log(text: str) -> Iterator[tuple[str, str]]:
    """Each `pulje log … KIND` of a text, and what follows it until the next."""
    for said in text.split("pulje log … ")[1:]:
        kind = re.match(r"[-a-z{}]*", said)
        assert kind
        yield kind[0], said[kind.end() :]


def test_a_code_is_raised_and_only_where_its_declaration_has_been_imported() -> None:
    declared = {code: module for module in MODULES for code in _declared(module)}
    raised = [(module, code) for module in MODULES for code in _raised(module, declared.keys())]

    assert {code for _module, code in raised} == set(declared)
    assert [(module, code) for module, code in raised if declared[code] not in _imported(module)] == []


# ── a problem has the words that its sentence and its hint need, and no others ────────────────


def test_each_problem_is_given_the_words_of_its_code() -> None:
    wrong = [
        f"{module}:{call.lineno} {code}: {sorted(given)}, not {sorted(_words_of(code))}"
        for module in MODULES
        for call, found, given in _problems(module)
        for code in found
        if given != _words_of(code)
    ]

    assert wrong == []
    assert all(found for module in MODULES for _call, found, _given in _problems(module))
    assert len([call for module in MODULES for call, _found, _given in _problems(module)]) > len(codes())


@pytest.mark.parametrize(
    ("planted", "given"),
    [
        ('problem("key-missing", at, key=key)', {"key"}),
        ('problem("key-missing", at, key=key, example=x, line=2)', {"key", "example", "line"}),
        ('words = {"key": key}\n    problem("key-missing", at, **words)', {"key"}),
        ('problem("key-missing", at, **more(key))', {"key", "text"}),
        ('Wrong(2, None, "key-missing", {"text": x})', {"text"}),
    ],
)
def test_a_word_that_is_missing_or_too_many_is_seen(planted: str, given: set[str]) -> None:
    text = f'def find(at, key):\n    {planted}\ndef more(key):\n    return {{"key": key, "text": 1}}'

    assert [(found, words) for _call, found, words in _problems_in(ast.parse(text))] == [({"key-missing"}, given)]


@cache
def _written(node: ast.AST) -> str:
    return ast.unparse(node)


def _words_of(code: str) -> set[str]:
    texts = (codes()[code].message, codes()[code].hint, codes()[code].unwritten)
    return {name for text in texts for _literal, name, _spec, _conversion in Formatter().parse(text) if name}


def _problems(module: str) -> list[tuple[ast.Call, set[str], set[str]]]:
    return list(_problems_in(MODULES[module]))


def _problems_in(tree: ast.Module) -> Iterator[tuple[ast.Call, set[str], set[str]]]:
    """Each call that makes a problem, with the codes that it may have and the words that it is given."""
    functions = {node.name: node for node in nodes(tree) if isinstance(node, ast.FunctionDef)}
    for function in functions.values():
        for call in nodes(function):
            match call:
                case ast.Call(func=ast.Name(id="problem"), args=[ast.Attribute() | ast.Name(id="found"), *_]):
                    pass  # hands on what another has found
                case ast.Call(func=ast.Name(id="problem"), args=[first, *_], keywords=words):
                    given = (
                        _names(each.value, function, functions) if each.arg is None else {each.arg} for each in words
                    )
                    yield call, _codes_in(first, function, functions), set().union(*given)
                case ast.Call(func=ast.Name(id="Wrong"), args=[_, _, ast.Constant(value=str(code)), words]):
                    yield call, {code}, _names(words, function, functions)


def _codes_in(first: ast.expr, function: ast.FunctionDef, functions: Mapping[str, ast.FunctionDef]) -> set[str]:
    """The code that is written there, or those that a variable may be: set in the function, or given to it."""
    sources: list[ast.AST] = [first]
    if isinstance(first, ast.Name):
        for node in nodes(function):
            match node:
                case ast.Assign(targets=[ast.Name(id=first.id)], value=value):
                    sources.append(value)
                case ast.For(target=target, iter=each) if first.id in ast.unparse(target).strip("()").split(", "):
                    sources.append(each)
        if any(argument.arg == first.id for argument in function.args.args):
            called = f"{function.name}("
            sources += [each for each in functions.values() if called in _written(each) and each is not function]
    constants = [node for source in sources for node in nodes(source) if isinstance(node, ast.Constant)]
    return {str(node.value) for node in constants if node.value in codes()}


def _names(words: ast.expr, function: ast.FunctionDef, functions: Mapping[str, ast.FunctionDef]) -> set[str]:
    """The names in a mapping of words: written there, before it in the function, or given by another function."""
    match words:
        case ast.Dict(keys=keys, values=values):
            return {str(key.value) for key in keys if isinstance(key, ast.Constant)}.union(
                *(_names(value, function, functions) for key, value in zip(keys, values, strict=True) if key is None)
            )
        case ast.Name(id=name):
            found = list(_assigned(name, function))
            assert found, name
            return set().union(*(_names(value, function, functions) for value in found), _put_in(name, function))
        case ast.Call(func=ast.Name(id=name)):
            given = (node.value for node in nodes(functions[name]) if isinstance(node, ast.Return) and node.value)
            return set().union(*(_names(value, functions[name], functions) for value in given))
    raise AssertionError(ast.unparse(words))


def _assigned(name: str, function: ast.FunctionDef) -> Iterator[ast.expr]:
    """What a variable of the function is set to, wherever it is."""
    for node in nodes(function):
        match node:
            case ast.Assign(targets=[ast.Name(id=target)], value=value) if target == name:
                yield value
            case ast.AnnAssign(target=ast.Name(id=target), value=ast.expr() as value) if target == name:
                yield value
            case ast.Assign(targets=[ast.Tuple(elts=targets)], value=ast.Tuple(elts=values)):
                yield from (value for each, value in zip(targets, values, strict=True) if _written(each) == name)


def _put_in(name: str, function: ast.FunctionDef) -> set[str]:
    """The keys that a mapping of the function gets one by one."""
    return {
        str(key)
        for node in nodes(function)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Subscript) and ast.unparse(target.value) == name
        if isinstance(target.slice, ast.Constant) and (key := target.slice.value)
    }


# ── Danish throughout ────────────────────────────────────────────────────────────────────────

_ENGLISH = re.compile(r"\b(the|is|are|not|cannot|of|and|this|that|there|has|been|with|than|which)\b", re.IGNORECASE)
_A_SENTENCE_OF_OURS = re.compile(r"^(?!.*\((?:fejl|advarsel|bemærkning)\)$)(?! +(?:\d+ )?\|).*$", re.MULTILINE)


@pytest.mark.parametrize("code", HERE)
def test_no_english_stands_in_a_danish_sentence(code: str) -> None:
    sentences = (re.sub(r"--[a-z-]+", "", each) for each in _A_SENTENCE_OF_OURS.findall(shown(code)))

    assert [sentence for sentence in sentences if _ENGLISH.search(sentence)] == []


def _calls(module: str, name: str) -> Iterator[ast.Constant]:
    """The first argument of each call of a function, where it is written there as it is."""
    for node in nodes(MODULES[module]):
        match node:
            case ast.Call(func=ast.Name(id=called), args=[ast.Constant() as code, *_]) if called == name:
                yield code


def _declared(module: str) -> list[str]:
    return [str(code.value) for code in _calls(module, "declare")]


def _raised(module: str, known: Set[str]) -> set[str]:
    """The codes that a module gives to `problem`, and the known ones that it names in other ways."""
    declared = set(_calls(module, "declare"))
    constants = (node for node in nodes(MODULES[module]) if isinstance(node, ast.Constant) and node not in declared)
    named = {str(node.value) for node in constants}
    return {str(code.value) for code in _calls(module, "problem")} | (named & known)


@cache
def _imported(module: str) -> frozenset[str]:
    """A module and all that is imported with it."""
    seen, ahead = {module}, [module]
    while ahead:
        for node in MODULES[ahead.pop()].body:
            names: list[str] = []
            match node:
                case ast.Import():
                    names = [alias.name for alias in node.names]
                case ast.ImportFrom(module=str(base)):
                    names = [base, *(f"{base}.{alias.name}" for alias in node.names)]
            new = {name for name in names if name in MODULES} - seen
            seen |= new
            ahead += new
    return frozenset(seen)
