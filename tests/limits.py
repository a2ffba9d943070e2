"""A bound on how long a test may take: what never ends fails, rather than hang whoever waits for it."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class TooLong(BaseException):
    """It went on for too long; no handler of exceptions may take it for one of its own."""


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """What stands inside ends in that time, or raises TooLong; on Windows, which has no such clock, it may take any."""
    if not hasattr(signal, "setitimer"):
        yield
        return

    def ring(number: int, frame: FrameType | None) -> None:
        raise TooLong(f"not done in {seconds:g} seconds")

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
