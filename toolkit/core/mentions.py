"""Whether a Danish text mentions a thing: as a word or a compound's last part, unless it says "uden" before it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable

_LETTER = r"[^\W\d_]"
_ENDING = r"(?:s|es?|ens?|ets?|ers?|enes?|ernes?)?"  # of a Danish noun or adjective: overheadet, uforudsete
_SHORT = 4  # a word of fewer letters stands at the end of too many others: "it" of "profit"
_ZERO = r"(?<![\d.,])0(?:[.,]0+)?\s*(?:%|pct\.?|procent|kr\.?)?"
# What says that a thing is left out, just before it: "ekskl. 25 % moms", "uden tillæg af moms".
_LEFT_OUT = (
    r"(?:ekskl|eksl|exkl|excl|eks|ex|eksklusive?|exclusive|uden(?:\s+for)?|u|fri\s+for|fritaget\s+for|fraregnet"
    r"|fratrukket|minus|før)\b\W*?(?:\d[\d.,]*\s*(?:%|pct\.?|procent|kr\.?)?|(?:tillæg|beregning)\s+af|dansk|udenlandsk)?"
)
_NONE_OF_IT = r"(?:ikke|ej|ingen|intet|nul)\b"  # "ikke fradragsberettiget moms" is VAT all the same
_BEFORE = re.compile(rf"(?:(?<!{_LETTER})(?:{_LEFT_OUT}|{_NONE_OF_IT})|{_ZERO})[\s./:-]*$")
_AFTER = re.compile(
    r"[\s:]*(?:(?:er\s+)?(?:fri(?:t|e|taget|tagelse)?|undtaget|fra(?:trukket|draget|regnet))\b"
    rf"|(?:er\s+)?ikke\s+(?:med|inkl)|{_ZERO}(?![\d.,%]))"
)
_HYPHEN = re.compile(rf"(?<={_LETTER})-(?={_LETTER})")


def mentioning(words: Iterable[str]) -> Callable[[str], bool]:
    """A test of a text. Case does not matter; "Overheadprojektor" and "momsfri" mention neither overhead nor moms.

    A word counts as the last part of a compound ("købsmoms"), with its endings. One that the text leaves out ("ekskl.
    moms", "uden overhead") is not mentioned, unless the text has it once more.
    """
    patterns = [(parts[-1], _pattern(parts)) for word in words if (parts := re.findall(r"\w+", _folded(word)))]

    def mentioned(text: str) -> bool:
        folded = _folded(text)
        return any(
            _counts(folded, found)
            for last, pattern in patterns
            if last in folded  # most texts mention nothing, and this is the fastest way to see it
            for found in pattern.finditer(folded)
        )

    return mentioned


def _pattern(parts: list[str]) -> re.Pattern[str]:
    compound = f"{_LETTER}*" if len(parts[0]) >= _SHORT else ""
    whole = r"\W+".join(parts)
    return re.compile(rf"(?<!{_LETTER}){compound}{whole}{_ENDING}(?!{_LETTER})(?!-(?!\d))")


def _counts(text: str, found: re.Match[str]) -> bool:
    return not _BEFORE.search(text, 0, found.start()) and not _AFTER.match(text, found.end())


def _folded(text: str) -> str:
    """In small letters, composed, without the hyphens inside a word: "Købs-moms" is "købsmoms"."""
    small = text.casefold()
    if not small.isascii():
        small = re.sub(r"[\u2010\u2011\u00ad]", "-", unicodedata.normalize("NFC", small))
    return _HYPHEN.sub("", small) if "-" in small else small
