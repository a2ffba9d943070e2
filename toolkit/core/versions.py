"""Which versions of the program figure or write documents otherwise than the version before."""

from __future__ import annotations

import re

from msgspec import Struct


class Change(Struct, frozen=True):
    """What a version figures or writes otherwise than the one before it: a sentence that CHANGELOG.md has too."""

    version: str
    what: str


# The newest last, as Change("0.2.0", N_("A share is rounded once.")). `pulje verify` holds old documents against it:
# what comes out otherwise is explained by a change since its version, and by nothing else. tests/test_versions.py and
# tests/test_old.py fail when one is missing.
CHANGES: tuple[Change, ...] = ()


def changes_since(version: str | None) -> tuple[Change, ...]:
    """What later versions figure or write otherwise than this one; nothing where it says no version."""
    order = order_of(version)
    return tuple(change for change in CHANGES if order and order_of(change.version) > order)


def order_of(version: str | None) -> tuple[int, ...]:
    """What puts versions in order; empty where the text is no version."""
    return tuple(map(int, version.split("."))) if version and _VERSION.fullmatch(version) else ()


_VERSION = re.compile(r"[0-9]{1,6}(?:\.[0-9]{1,6}){2}")
