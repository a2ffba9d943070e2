"""Every text that a user sees has Danish words, click's own too."""

from __future__ import annotations

import ast
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from inspect import cleandoc
from pathlib import Path
from string import Formatter
from typing import NamedTuple

import click
import pytest
from babel.messages.pofile import read_po

from tests.parsed import nodes, parsed
from toolkit.language import _, asked_language, ngettext, set_language, system_language

ROOT = Path(__file__).resolve().parents[1]
CATALOGUE = ROOT / "toolkit" / "locale" / "da" / "LC_MESSAGES" / "pulje.po"
CLICK = Path(click.__file__).parent

# Click says these to whoever writes a command, or in parts of it that pulje does not use.
CLICK_NEVER_SAYS = {
    "%(prog)s, version %(version)s",
    "Arguments take exactly one parameter declaration, got {length}: {decls}.",
    "Boolean option {decl!r} cannot use the same flag for true/false.",
    "Choice({choices})",
    "Confirm the action without prompting.",
    "Could not determine name for option with declarations {decls!r}",
    "DeprecationWarning: The command {name!r} is deprecated.{extra_message}",
    "DeprecationWarning: The {param_type} {name!r} is deprecated.{extra_message}",
    "Invalid start character for option ({option})",
    "Name '{name}' defined twice",
    "No options defined but a name was passed ({name}). Did you mean to declare an argument instead? "
    "Did you mean to pass '--{name}'?",
    "Unknown colour {colour!r}",
    "Unknown color {colour!r}",
    "Unknown standard stream '{name}'",
    "Value must be an iterable.",
    "Windows error: {error}",
    "{editor}: Editing failed",
    "{editor}: Editing failed: {e}",
}
CLICK_ALSO_SAYS = {("required",)}  # which it translates by way of a variable


class Marked(NamedTuple):
    """A text marked for translation: one form, or singular and plural."""

    forms: tuple[str, ...]
    place: str


def marked(folder: Path) -> Iterator[Marked]:
    """All that stands in _(), N_() and ngettext(), and the docstrings of commands, which are their help."""
    for path in sorted(folder.rglob("*.py")):
        for node in nodes(parsed(path)):
            place = f"{path.relative_to(folder.parent)}:{getattr(node, 'lineno', 0)}"
            match node:
                case ast.Call(func=ast.Name(id="_" | "N_" | "ngettext")):
                    if forms := tuple(
                        a.value for a in node.args if isinstance(a, ast.Constant) and a.value is not None
                    ):
                        yield Marked(tuple(str(form) for form in forms if isinstance(form, str)), place)
                case ast.FunctionDef() if any(_is_command(decorator) for decorator in node.decorator_list):
                    yield Marked((cleandoc(ast.get_docstring(node) or ""),), place)


def _is_command(decorator: ast.expr) -> bool:
    return (
        isinstance(decorator, ast.Call)
        and isinstance(decorator.func, ast.Attribute)
        and decorator.func.attr == "command"
    )


def what_click_says() -> set[tuple[str, ...]]:
    return {text.forms for text in marked(CLICK) if text.forms[0] not in CLICK_NEVER_SAYS} | CLICK_ALSO_SAYS


def translations() -> Mapping[tuple[str, ...], tuple[str, ...]]:
    """msgid to msgstr, each as a tuple of its forms; a fuzzy one is a guess, and does not count."""
    with CATALOGUE.open("rb") as file:
        danish = read_po(file, locale="da", abort_invalid=True)
    return {_forms(message.id): _forms(message.string) for message in danish if message.id and not message.fuzzy}


def _forms(text: object) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text) if isinstance(text, (list, tuple)) else ()


def without_danish(texts: set[tuple[str, ...]]) -> str:
    """The texts that lack Danish words, as the catalogue would have them: to be copied there and filled in."""
    known = translations()
    return "\n".join(_entry(forms) for forms in sorted(texts) if not all(map(str.strip, known.get(forms, [""]))))


def _entry(forms: tuple[str, ...]) -> str:
    keys = ("msgid", "msgid_plural")
    lines = [f"{key} {json.dumps(form, ensure_ascii=False)}" for key, form in zip(keys, forms, strict=False)]
    return "\n".join([*lines, *(['msgstr[0] ""', 'msgstr[1] ""'] if len(forms) > 1 else ['msgstr ""']), ""])


def names_in(form: str) -> set[str]:
    return {f"{name}!{conversion}" for _text, name, _spec, conversion in Formatter().parse(form) if name is not None}


def test_every_marked_text_has_danish_words():
    texts = {text.forms for text in marked(ROOT / "toolkit")}

    assert len(texts) > 20
    assert without_danish(texts) == ""


def test_click_speaks_danish_too():
    texts = what_click_says()

    assert len(texts) > 40
    assert without_danish(texts) == ""


def test_no_danish_is_left_of_a_text_that_nobody_says_any_more():
    said = {text.forms for text in marked(ROOT / "toolkit")} | what_click_says()

    assert sorted(set(translations()) - said) == []


def test_a_text_stands_only_once_in_the_catalogue():
    keys = re.findall(r'^msgid (".*"(?:\n".*")*)', CATALOGUE.read_text(encoding="utf-8"), flags=re.MULTILINE)

    assert [key for key, count in Counter(keys).items() if count > 1] == []


def test_the_danish_words_leave_the_same_places_to_fill_in():
    differing = [
        form
        for english, words in translations().items()
        for form, translation in zip(english, words, strict=True)
        if names_in(translation) != names_in(form)
    ]

    assert differing == []


def test_a_text_put_together_before_it_is_translated_is_never_found_in_the_catalogue():
    put_together = [
        f"{path.name}:{node.lineno}"
        for path in (ROOT / "toolkit").rglob("*.py")
        for node in nodes(parsed(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("_", "N_", "ngettext")
        if any(isinstance(argument, ast.JoinedStr | ast.BinOp) for argument in node.args)
    ]

    assert put_together == []


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({"LANG": "da_DK.UTF-8"}, "da"),
        ({"LANG": "da_DK.UTF-8", "LC_MESSAGES": "en_GB.UTF-8"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "da_DK"}, "da"),
        ({"LANG": "da_DK.UTF-8", "LC_ALL": "C.UTF-8"}, "en"),
        ({"LANGUAGE": "nb:da:en", "LANG": "en_US.UTF-8"}, "da"),
        ({"LANGUAGE": "de:en:da"}, "en"),
        ({"LANGUAGE": "", "LANG": "da"}, "da"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "dar_RU"}, "en"),
    ],
)
def test_the_system_says_which_language(environment, language):
    assert system_language(environment) == language


@pytest.mark.parametrize(("windows", "language"), [(0x06, "da"), (0x09, "en")])
def test_a_windows_pc_says_it_by_its_own_language_where_no_variable_does(monkeypatch, windows, language):
    monkeypatch.setattr("toolkit.language._windows_language", lambda: windows)

    assert system_language({}) == language


@pytest.mark.parametrize(
    ("words", "language"),
    [
        (["--lang", "en", "status"], "en"),
        (["status", "projekt", "--lang=da"], "da"),
        (["status", "--lang", "tysk"], None),
        (["status", "--lang"], None),
        (["status"], None),
        (["log", "--", "--lang", "en"], None),
    ],
)
def test_lang_stands_anywhere_on_the_command_line(words, language):
    assert asked_language(words) == language


def test_one_language_after_the_other():
    set_language("en")
    english = (
        _("today"),
        ngettext("Takes {nargs} values but 1 was given.", "Takes {nargs} values but {len} were given.", 2),
    )
    set_language("da")

    assert english == ("today", "Takes {nargs} values but {len} were given.")
    assert _("today") == "i dag"
    assert ngettext("Takes {nargs} values but 1 was given.", "Takes {nargs} values but {len} were given.", 1) == (
        "Skal have {nargs} værdier, men fik 1."
    )
    assert _("") == ""


def test_a_checkout_that_was_never_installed_speaks_english(monkeypatch, tmp_path):
    monkeypatch.setattr("toolkit.language._LOCALE", tmp_path)
    set_language("da")
    without = _("today")
    monkeypatch.undo()
    set_language("da")

    assert without == "today"
    assert _("today") == "i dag"
