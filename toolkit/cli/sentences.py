"""What a problem says, in the user's language."""

from __future__ import annotations

from toolkit.core.problems import Phrase, Problem
from toolkit.language import _, spoken


def message(found: Problem) -> str:
    """What is wrong; the last word may be empty, such as the rule of a fund that has none."""
    return _filled(found.says.message, found).rstrip()


def hint(found: Problem) -> str:
    """What to do about it; "" where there is nothing to do."""
    return _filled(found.says.hint, found)


def _filled(text: str, found: Problem) -> str:
    return _(text).format(**found.words, **{name: _said(phrase) for name, phrase in found.phrases.items()})


def _said(phrase: Phrase) -> str:
    if phrase.danish and spoken() == "da":
        return phrase.danish
    words = {name: _said(word) if isinstance(word, Phrase) else word for name, word in phrase.words.items()}
    return _(phrase.text).format(**words)
