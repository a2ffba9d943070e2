"""What projects learned, told so that others can use it: experiences and advice by theme, and what was measured."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from typing import Literal

from msgspec import Struct

from toolkit.core import events as log
from toolkit.core.portfolio import alphabetical
from toolkit.core.state import IndicatorState, State


class Learned(Struct, frozen=True, kw_only=True):
    """An experience (erfaring) or a piece of advice (råd), with whose it is and where it can be looked up."""

    kind: Literal["experience", "advice"]
    theme: str
    text: str
    day: date
    phase: str | None  # its title
    source: str | None  # its title
    synthetic: bool


class Measurement(Struct, frozen=True, kw_only=True):
    """An indicator or a success criterion: from where, to where, and where it is; None is what nobody has said."""

    title: str
    unit: str
    baseline: Fraction | None
    target: Fraction | None
    measured: Fraction | None
    day: date | None
    reached: bool | None
    synthetic: bool


class Lessons(Struct, frozen=True, kw_only=True):
    """What one project has to tell."""

    project: str
    title: str
    municipality: str  # Thisted Kommune
    learned: tuple[Learned, ...]
    measurements: tuple[Measurement, ...]

    @property
    def synthetic(self) -> bool:
        """Whether any of it is made up to have an example."""
        return any(each.synthetic for each in self.learned) or any(each.synthetic for each in self.measurements)


def lessons_of(project: str, state: State) -> Lessons:
    """What a project had learned and measured by the end of the state's day, as the log tells it."""
    plan = state.plan
    phases = {phase.id: phase.title for phase in plan.phases}
    sources = {source.id: source.title for source in plan.sources}
    learned = tuple(
        Learned(
            kind="advice" if isinstance(event, log.Advice) else "experience",
            theme=event.theme,
            text=event.text,
            day=event.happened,
            phase=phases.get(event.phase) if event.phase else None,
            source=sources.get(event.source) if event.source else None,
            synthetic=event.synthetic or plan.synthetic,
        )
        for event in state.history
        if isinstance(event, log.Experience | log.Advice)
    )
    return Lessons(
        project=project,
        title=plan.title,
        municipality=plan.municipality_name,
        learned=learned,
        measurements=tuple(_measurement(each, synthetic=plan.synthetic) for each in state.indicators),
    )


class Theme(Struct, frozen=True):
    """All that was learned about one thing (tema), each with the project that learned it."""

    name: str
    learned: tuple[tuple[Lessons, Learned], ...]


def by_theme(lessons: Iterable[Lessons]) -> list[Theme]:
    """The themes by the alphabet, in the spelling that was met first; in each, advice first and then by day.

    Themes that differ by capitals or blanks alone are one.
    """
    found: dict[str, list[tuple[Lessons, Learned]]] = {}
    for told in lessons:
        for learned in told.learned:
            found.setdefault(alphabetical(" ".join(learned.theme.split())), []).append((told, learned))
    return [
        Theme(
            " ".join(pairs[0][1].theme.split()),
            tuple(sorted(pairs, key=lambda pair: (pair[1].kind == "experience", pair[1].day))),
        )
        for _key, pairs in sorted(found.items())
    ]


def _measurement(state: IndicatorState, *, synthetic: bool) -> Measurement:
    indicator, latest = state.indicator, state.latest
    return Measurement(
        title=indicator.title,
        unit=indicator.unit,
        baseline=indicator.baseline,
        target=indicator.target,
        measured=latest.value if latest else None,
        day=latest.happened if latest else None,
        reached=state.reached,
        synthetic=synthetic or indicator.synthetic or bool(latest and latest.synthetic),
    )
