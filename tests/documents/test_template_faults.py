from __future__ import annotations

import pytest
from jinja2 import Environment, TemplateSyntaxError
from jinja2.exceptions import SecurityError

from toolkit.documents.template_faults import reason_of


@pytest.mark.parametrize(
    ("text", "reason", "places"),
    [
        ("{% if x %}a", "{name} is not ended: end{name} is missing", {"name": "if"}),
        ("{{ x", "it ends before what was begun is ended", {}),
        ("{{ x y }}", "{sign} does not belong where it stands", {"sign": "y"}),
        ("{{ x + }}", "{sign} does not belong where it stands", {"sign": "}}"}),
        ("{{ x. }}", "a name or a number is missing after a dot", {}),
        ("{% fi x %}", "there is no tag named {name}", {"name": "fi"}),
        ("{{ x | kroner }}", "there is no filter or test named {name}", {"name": "kroner"}),
        ("{# x", "it ends before what was begun is ended", {}),
    ],
)
def test_what_jinja_says_has_words_of_ours(text: str, reason: str, places: dict[str, str]) -> None:
    with pytest.raises(TemplateSyntaxError) as refused:
        Environment().from_string(text)

    assert (found := reason_of(refused.value)).text == reason
    assert found.words == places


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (RecursionError("maximum recursion depth exceeded"), "it calls itself without end"),
        (ZeroDivisionError("division by zero"), "something is divided by nothing"),
        (TypeError("unsupported operand"), "two things are put together that do not go together"),
        (TypeError("_View cannot be written: name what is in it"), "a group of facts cannot be written"),
        (SecurityError("** cannot be used here"), "{name} cannot be used here"),
        (KeyError("x"), "the template engine says “{words}”"),
    ],
)
def test_what_goes_wrong_later_has_too_and_what_is_unknown_is_quoted(error: Exception, reason: str) -> None:
    assert reason_of(error).text.startswith(reason)
