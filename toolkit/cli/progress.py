"""Progress of long work: on a terminal, never in a pipe."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TypeVar

import click

T = TypeVar("T")


@contextmanager
def byte_progress(size: int, label: str) -> Iterator[Callable[[int], object]]:
    """A bar for a file that is being read, and the function that is told of its bytes."""
    with click.progressbar(length=size, label=label, file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:
        yield bar.update


def progress(steps: Collection[T], label: str) -> AbstractContextManager[Iterator[T]]:
    """Go through the steps with a bar on standard error; nothing where that is not a terminal."""
    return click.progressbar(steps, label=label, file=sys.stderr, hidden=not sys.stderr.isatty())
