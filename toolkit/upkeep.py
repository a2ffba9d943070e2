"""What a project asks of whoever looks after many: another template or seed, what is to be chosen and written."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Literal

from msgspec import Struct

from toolkit.core.events import AnyEvent
from toolkit.core.problems import Problem, has_errors
from toolkit.readers import shelf
from toolkit.scaffold import Scaffold, origin
from toolkit.updating import recorded_seed_file, seed_today

TemplateState = Literal["same", "another"]
SeedState = Literal["same", "changed", "off-the-list", "not-there", "unread"]


class Upkeep(Struct, frozen=True):
    """How a project stands to what it was made from, and what somebody has yet to do in its files.

    `template` and `seed` are None where it was not scaffolded, or its record cannot be read; `last_event` is the day
    that the last event of its log was recorded, None while there is none.
    """

    template: TemplateState | None
    seed: SeedState | None
    conflicts: int
    missing: int
    last_event: date | None

    @property
    def needs_update(self) -> bool:
        """Whether pulje update would have something to bring, or to tell."""
        return self.template == "another" or self.seed not in ("same", None)


def upkeep_of(
    folder: Path,
    problems: Iterable[Problem],
    events: Iterable[AnyEvent],
    scaffold: Scaffold,
    places: shelf.Places = (shelf.TEMPLATES,),
) -> Upkeep:
    """Looked at, not updated: `problems` are those that were found when its files were read."""
    codes = [found.code for found in problems]
    was = origin(folder, [], places)
    template: TemplateState | None = None
    seed: SeedState | None = None
    if was is not None:
        template = "same" if was.template == f"sha256:{scaffold.digest}" else "another"
        path, told = recorded_seed_file(folder, was), list[Problem]()
        if path is None:
            seed = "not-there"
        elif (today := seed_today(path, was, told, places)) is not None and not has_errors(told):
            seed = "same" if today.as_typed == was.seed.as_typed else "changed"
        else:
            seed = "off-the-list" if any(found.code == "seed-without-entry" for found in told) else "unread"
    return Upkeep(
        template=template,
        seed=seed,
        conflicts=codes.count("conflict-left"),
        missing=codes.count("value-missing"),
        last_event=max((event.recorded for event in events), default=None),
    )
