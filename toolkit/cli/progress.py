"""Progress of long work: on a terminal, never in a pipe."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterator
from contextlib import AbstractContextManager
from typing import TypeVar

import click

T = TypeVar("T")


def progress(steps: Collection[T], label: str) -> AbstractContextManager[Iterator[T]]:
    """Go through the steps with a bar on standard error; nothing where that is not a terminal."""
    return click.progressbar(steps, label=label, file=sys.stderr, hidden=not sys.stderr.isatty())
