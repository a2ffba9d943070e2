"""The characters of a text, as XML and HTML can hold them."""

from __future__ import annotations

import re
import unicodedata

# Characters that XML forbids or that no reader can see come along when text is copied and pasted: what moved the text
# on becomes a space, the rest is dropped. Nothing else is: a no-break space and a soft hyphen have their meaning.
_SPACING = "\t\n\v\f\r\x85\u2028\u2029"
_UNWANTED = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")


def clean(text: str) -> str:
    """The text in Unicode's composed form (NFC), without control characters: a new line or tab is a space."""
    return unicodedata.normalize("NFC", _UNWANTED.sub(lambda found: " " if found[0] in _SPACING else "", text))


def escape(text: str) -> str:
    """Clean text, safe between tags and within a double-quoted attribute."""
    return clean(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
