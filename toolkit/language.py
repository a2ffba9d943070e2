"""The language of messages and help: Danish on a Danish system, English otherwise.

English is the text in the code, and what is shown where the Danish catalogue is not compiled (a checkout that was
never installed). Click asks the same catalogue for its own words, so `set_language` comes before click's commands
are imported: their help texts are made while they are.
"""

from __future__ import annotations

import gettext
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal, get_args

Language = Literal["da", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)

_DOMAIN = "pulje"
_LOCALE = Path(__file__).parent / "locale"
_WINDOWS_DANISH = 0x06  # LANG_DANISH, the low ten bits of a Windows language id


def set_language(language: Language) -> None:
    """Speak `language` from here on, click too.

    Click calls `gettext.gettext`, which knows no language but the one in the environment: so that is where it is set.
    """
    os.environ["LANGUAGE"] = language
    gettext.bindtextdomain(_DOMAIN, _LOCALE)
    gettext.textdomain(_DOMAIN)


def system_language(environment: Mapping[str, str] = os.environ) -> Language:
    """The language this person's system speaks: the first variable that says so, as gettext reads them."""
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        if spoken := environment.get(name):
            wanted = [language for choice in spoken.split(":") for language in LANGUAGES if _is(choice, language)]
            return wanted[0] if wanted else "en"
    return "da" if _windows_language() == _WINDOWS_DANISH else "en"


def asked_language(arguments: Sequence[str]) -> Language | None:
    """What `--lang da` or `--lang=da` asks for, anywhere on the command line; click refuses a wrong one later."""
    words = iter(arguments)
    for word in words:
        if word == "--":
            break
        option, equals, value = word.partition("=")
        if option == "--lang":
            value = value if equals else next(words, "")
            return next((language for language in LANGUAGES if language == value), None)
    return None


def _(english: str) -> str:
    """The text in the user's language."""
    return gettext.gettext(english) if english else ""  # gettext answers "" with the catalogue's head


def spoken() -> Language:
    """The language that texts come out in: English, whatever was asked for, where the catalogue is not compiled."""
    return "da" if _("en") == "da" else "en"


def ngettext(english: str, english_plural: str, number: int) -> str:
    """The one text or the other, as the user's language counts."""
    return gettext.ngettext(english, english_plural, number)


def N_(english: str) -> str:  # noqa: N802 (gettext's own name for it)
    """Mark a text for translation: it is translated where it is shown."""
    return english


def _is(choice: str, language: Language) -> bool:
    """Whether `da_DK.UTF-8`, `da-DK` or `da` is Danish; `dar` is another language."""
    return choice[:2].lower() == language and not choice[2:3].isalpha()


def _windows_language() -> int:
    if sys.platform != "win32":
        return 0
    import ctypes

    return ctypes.windll.kernel32.GetUserDefaultUILanguage() & 0x3FF
