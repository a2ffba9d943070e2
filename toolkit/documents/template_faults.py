"""Why a template cannot be rendered, in words of ours: Jinja's own are English."""

from __future__ import annotations

import re
from collections.abc import Mapping

from toolkit.core.problems import N_, Phrase, phrase

_MISPLACED = N_("{sign} does not belong where it stands")
_NOT_ENDED = N_("it ends before what was begun is ended")
_NOT_ALLOWED = N_("{name} cannot be used here")

# What Jinja says, and what fills our words out of it: the groups of the pattern.
_SAID = (
    (
        r"The innermost block that needs to be closed is '(?P<name>\w+)'",
        N_("{name} is not ended: end{name} is missing"),
    ),
    (r"(?i)unexpected end of template|missing end of", _NOT_ENDED),
    (r"expected token '.*?', got '(?P<sign>.*?)'", _MISPLACED),
    (r"unexpected (?:char )?'(?P<sign>.*?)'", _MISPLACED),
    (r"Expected an expression, got '(?P<sign>.*?)'", _MISPLACED),
    (r"^expected name or number", N_("a name or a number is missing after a dot")),
    (r"unknown tag '(?P<name>.*?)'", N_("there is no tag named {name}")),
    (r"No (?:filter|test) named '(?P<name>.*?)'", N_("there is no filter or test named {name}")),
    (r"access to attribute '(?P<name>.*?)'", _NOT_ALLOWED),
    (r"^(?P<name>.+) cannot be used here$", _NOT_ALLOWED),
    (r"^'(?P<name>\w+)' is undefined", N_("{name} has no value")),
    (r"cannot be written: name what is in it$", N_("a group of facts cannot be written: name the one that is meant")),
)
_BY_KIND: Mapping[type[Exception], str] = {
    RecursionError: N_("it calls itself without end"),
    ZeroDivisionError: N_("something is divided by nothing"),
    TypeError: N_("two things are put together that do not go together"),
}
# Jinja's names for the signs that end a tag.
_SIGNS = {"end of print statement": "}}", "end of statement block": "%}", "begin of print statement": "{{"}


def reason_of(error: BaseException) -> Phrase:
    """Why, as a phrase to be translated; what Jinja says and we have no words for is quoted."""
    said = str(error)
    for pattern, words in _SAID:
        if found := re.search(pattern, said):
            return phrase(words, **{name: _SIGNS.get(text, text) for name, text in found.groupdict().items()})
    for kind, words in _BY_KIND.items():
        if isinstance(error, kind):
            return Phrase(words)
    return phrase(N_("the template engine says “{words}”"), words=said or type(error).__name__)
