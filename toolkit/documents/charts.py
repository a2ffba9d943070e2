"""Pictures of a project's time and money, as svg that is read by eye, in grey and by ear.

A unit is a quarter of a millimetre: 640 of them are the 160 mm between a page's margins, and type of 12 is 8,5 points.
Nothing is told by colour alone, and every shape has a class that says its colour (ink, soft, line …), so that a page's
own style may draw the picture in others, as for a dark screen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from html import escape
from math import ceil
from typing import TypeVar

from msgspec import Struct

from toolkit.core.money import NOTHING, Money
from toolkit.core.plan import Attainment
from toolkit.core.words import ATTAINMENT, word
from toolkit.documents import danish
from toolkit.documents.facts import BudgetFacts, Facts, LineFacts, MilestoneFacts, PhaseFacts
from toolkit.documents.tree import Figure

_WIDTH = 640
_UNITS_PER_MM = 4
_ROW = 23.0
_SIZE = 12
_ROOM = 800.0  # for rows: with what stands above and below them, and a caption, they fit on a page
_LOWEST = 17  # a row: closer, and the words of one touch those of the next
_CHARACTER = 6.0  # how wide one is in type of 12; most texts take less
_COLOURS = {"ink": "#1b1b1b", "soft": "#444444", "line": "#c5d3df", "bar": "#0b3d66", "paper": "#ffffff"}


_Row = TypeVar("_Row")


class Picture(Struct, frozen=True):
    """One picture: how it is drawn, in parts of at most a page each, and which facts it shows."""

    draw: Callable[[Facts], tuple[Figure, ...]]
    shows: tuple[str, ...]


def timeline(facts: Facts) -> tuple[Figure, ...]:
    """Phases as bars, filled as far as they have come, milestones as marks, the document's day as a line."""
    phases, milestones = facts.phases, facts.milestones
    days = (*(day for phase in phases for day in (phase.starts, phase.ends)), *map(_day_of, milestones))
    scale = _Days([facts.project_period.starts, facts.project_period.ends, *filter(None, days)])
    shown = [status for status in ATTAINMENT if any(each.status.id == status for each in milestones)]
    figures = []
    every: list[PhaseFacts | MilestoneFacts] = [*phases, *milestones]
    for part, row_height in _parts(every, lambda each: 1.5 if isinstance(each, PhaseFacts) else 1.0):
        shapes: list[str] = []
        row = _TOP + 4.0
        for each in part:
            if isinstance(each, PhaseFacts):
                shapes += _phase(each, scale, row, facts.as_of)
                row += row_height * 1.5
            else:
                shapes += _milestone(each, scale, row)
                row += row_height
        bottom = row + 2
        now = _day(scale(facts.as_of), bottom, facts.as_of) if scale.first <= facts.as_of <= scale.last else ()
        shapes = [*_axis(scale, bottom), *now, *shapes]
        shapes += _legend([(_MARKS[status], word(ATTAINMENT, status).text) for status in shown], bottom + _ROW)
        figures.append((shapes, bottom + _ROW * (1.7 if shown else 0.9)))
    return _figures("tidslinje", "Tidslinje", _timeline_in_words(facts), figures)


def budget(facts: Facts) -> tuple[Figure, ...]:
    """Each budget line as a bar: what is spent and committed of it, and what remains."""
    if facts.budget is None or not facts.budget.lines or facts.budget.spent is None:
        return ()
    lines = facts.budget.lines
    scale = _Kroner([line.budget for line in lines], [line.bound for line in lines])
    kinds = [(_spent, "Brugt"), (_remaining, "Rest")]
    if any(line.committed for line in lines):
        kinds.insert(1, (_committed, "Disponeret"))
    if any(map(_is_overspent, lines)):
        kinds.append((_limit, "Budget, der er overskredet"))
    figures = []
    for part, row_height in _parts(lines, lambda _: 1.0):
        bottom = _TOP + row_height * len(part) + 2
        shapes = [*_amounts(scale, bottom)]
        for number, line in enumerate(part):
            shapes += _line(line, scale, _TOP + row_height * number + 4)
        shapes += _legend([(_small(bar), words) for bar, words in kinds], bottom + _ROW)
        shapes.append(_text(_WIDTH, bottom + _ROW + 4, "andel brugt", "soft", anchor="end"))
        figures.append((shapes, bottom + _ROW * 1.7))
    return _figures("budget", "Budget og forbrug", _budget_in_words(facts.budget), figures)


PICTURES: Mapping[str, Picture] = {
    "timeline": Picture(
        timeline,
        (
            *("phases.title", "phases.starts", "phases.ends", "phases.running"),
            *("milestones.title", "milestones.due", "milestones.promised", "milestones.status"),
            *("project_period.starts", "project_period.ends"),
        ),
    ),
    "budget": Picture(
        budget,
        (
            *("budget.lines.title", "budget.lines.budget", "budget.lines.spent", "budget.lines.committed"),
            *("budget.total", "budget.spent", "budget.committed", "budget.remaining"),
        ),
    ),
}

# ── in words ─────────────────────────────────────────────────────────────────────────────────


def _timeline_in_words(facts: Facts) -> str:
    """What the picture shows at a glance; each day of it stands in the table beside the picture."""
    words = [f"Tidslinje for {facts.project_period.text}."]
    if facts.phases:
        words.append(f"{danish.plural(len(facts.phases), 'én fase', 'faser').capitalize()}.")
        words += [f"{phase.title} er i gang." for phase in facts.phases if phase.running]
    if len(facts.milestones) == 1:
        words += [
            f"Én milepæl, som {_said(status)}." for status in ATTAINMENT if facts.milestones[0].status.id == status
        ]
    elif facts.milestones:
        counts = [(status, sum(each.status.id == status for each in facts.milestones)) for status in ATTAINMENT]
        told = danish.listed(f"{count} {_said(status)}" for status, count in counts if count)
        words.append(f"{danish.plural(len(facts.milestones), 'én milepæl', 'milepæle').capitalize()}: {told}.")
    words.append(f"Opgjort den {danish.long_date(facts.as_of)}.")
    return " ".join(words)


def _said(status: Attainment) -> str:
    """Er nået, er forsinket; but one ahead comes."""
    said = ATTAINMENT[status][0]
    return said if status == "upcoming" else f"er {said}"


def _budget_in_words(budget: BudgetFacts) -> str:
    words = f"Søjler for {danish.plural(len(budget.lines), 'én budgetpost', 'budgetposter')}. Af budgettet på"
    words += f" {danish.kr(budget.total)} er {danish.kr(budget.spent or NOTHING)} brugt"
    words += f", {danish.kr(budget.unallocated)} bogført uden for budgetposterne" if budget.unallocated else ""
    words += f", {danish.kr(budget.committed)} disponeret" if budget.committed else ""
    words += f" og {danish.kr(budget.remaining or NOTHING)} tilbage."
    over = [line for line in budget.lines if _is_overspent(line)]
    spent = [line.title for line in over if line.variance is not None and line.variance > NOTHING]
    ordered = [line.title for line in over if line.title not in spent]
    words += f" Over budgettet er {danish.listed(spent)}." if spent else ""
    return words + (f" Med det disponerede er {danish.listed(ordered)} over budgettet." if ordered else "")


# ── time ─────────────────────────────────────────────────────────────────────────────────────

_TOP = 22
_MONTHS = ("jan.", "feb.", "marts", "april", "maj", "juni", "juli", "aug.", "sept.", "okt.", "nov.", "dec.")
_QUARTERS_SHOWN = 3 * 366  # days: of a longer time only the years are named


class _Days:
    """Where a day stands: its own morning, so that a phase ends where the next begins."""

    def __init__(self, days: Sequence[date]) -> None:
        self.first, self.last = min(days), max(days)
        self._days = (self.last - self.first).days + 1

    def __call__(self, day: date) -> float:
        return 1 + (_WIDTH - 2) * (day - self.first).days / self._days

    def evening(self, day: date) -> float:
        """Where the day ends; one outside the picture ends at its edge."""
        return self(min(max(day, self.first), self.last) + timedelta(days=1))

    def months(self) -> Iterable[date]:
        """The first of each quarter, or of each year of a long time."""
        step = 3 if self._days <= _QUARTERS_SHOWN else 12
        for month in range(self.first.year * 12, self.last.year * 12 + 12, step):
            day = date(month // 12, month % 12 + 1, 1)
            if self.first <= day <= self.last:
                yield day


def _axis(scale: _Days, bottom: float) -> Iterable[str]:
    for day in scale.months():
        x = scale(day)
        yield _path(f"M{_n(x)} {_TOP - 4}V{_n(bottom)}", "line")
        words = (
            f"{_MONTHS[day.month - 1]} {day.year}" if day.month == 1 or day == scale.first else _MONTHS[day.month - 1]
        )
        if x < _WIDTH - len(words) * _CHARACTER:
            yield _text(x + 2, 11, words, "soft")


def _phase(phase: PhaseFacts, scale: _Days, y: float, today: date) -> Iterable[str]:
    """Its title above its bar; an ongoing one runs all the way."""
    first, last = phase.starts or scale.first, phase.ends or scale.last
    left, right = scale(first), scale.evening(last)
    done = min(max(scale.evening(today), left), right)
    if today < first:
        done = left
    words = phase.title if phase.starts and phase.ends else f"{phase.title} (løbende)"
    to_the_right = left < _WIDTH / 2
    yield _label(left if to_the_right else right, y + 11, words, to_the_right=to_the_right, bold=True)
    yield _rect(left, y + 17, right - left, 10, "open")
    if done > left:
        yield _rect(left, y + 17, done - left, 10, "bar")


def _day_of(milestone: MilestoneFacts) -> date:
    """A late one stands at the day that was promised, another at the one that is expected."""
    return milestone.promised if milestone.late else milestone.due


def _milestone(milestone: MilestoneFacts, scale: _Days, y: float) -> Iterable[str]:
    x = min(max(scale(_day_of(milestone)), 7), _WIDTH - 7)
    to_the_right = x < _WIDTH / 2
    yield _MARKS[milestone.status.id](x, y + 10)
    yield _label(x + (11 if to_the_right else -11), y + 14, milestone.title, to_the_right=to_the_right)


def _day(x: float, bottom: float, day: date) -> Iterable[str]:
    yield _path(f"M{_n(x)} {_TOP - 6}V{_n(bottom + 4)}", "stroke", 'stroke-width="2" stroke-dasharray="6 3"')
    yield _label(x, bottom + 14, danish.long_date(day), to_the_right=x < _WIDTH / 2, bold=True)


def _diamond(x: float, y: float) -> str:
    return _path(f"M{_n(x)} {_n(y - 7)}l7 7-7 7-7-7z", "bar")


def _ring(x: float, y: float) -> str:
    return f'<circle cx="{_n(x)}" cy="{_n(y)}" r="5" {_look("open")}/>'


def _triangle(x: float, y: float) -> str:
    return _path(f"M{_n(x)} {_n(y - 7)}l7 13h-14z", "open")


def _cross(x: float, y: float) -> str:
    return _path(f"M{_n(x - 5)} {_n(y - 5)}l10 10m0-10l-10 10", "stroke", 'stroke-width="2.5"')


def _bar(x: float, y: float) -> str:
    return _path(f"M{_n(x - 6)} {_n(y)}h12", "stroke", 'stroke-width="2.5"')


_MARKS: Mapping[str, Callable[[float, float], str]] = {
    "reached": _diamond,
    "upcoming": _ring,
    "late": _triangle,
    "dropped": _cross,
    "lapsed": _bar,
}

# ── money ────────────────────────────────────────────────────────────────────────────────────

_BARS = 226  # where the bars begin: before it stand the lines' titles
_PERCENT = 62  # the room behind them


class _Kroner:
    """Where an amount ends."""

    def __init__(self, *amounts: Iterable[Money | None]) -> None:
        self.most = max(1, *(int(amount) for each in amounts for amount in each if amount is not None))

    def __call__(self, amount: Money) -> float:
        return _BARS + (_WIDTH - _PERCENT - _BARS) * max(int(amount), 0) / self.most

    def ticks(self) -> Iterable[int]:
        """Round amounts, in øre, of which there is room for five."""
        rounds = (factor * 10**power for power in range(len(str(self.most))) for factor in (1, 2, 5))
        return range(0, self.most + 1, next(step for step in rounds if self.most // step < 5))


def _amounts(scale: _Kroner, bottom: float) -> Iterable[str]:
    for amount in map(Money, scale.ticks()):
        x = scale(amount)
        yield _path(f"M{_n(x)} {_TOP - 4}V{_n(bottom)}", "line")
        yield _text(x, 11, danish.amount_alone(amount), "soft", anchor="middle")


def _line(line: LineFacts, scale: _Kroner, y: float) -> Iterable[str]:
    yield _text(0, y + 12, _short(line.title, _BARS - 8), "ink")
    spent, taken, whole = scale(line.spent or NOTHING), scale(line.bound or NOTHING), scale(line.budget)
    if whole > taken:
        yield _remaining(taken, y + 2, whole - taken, 13)
    if taken > spent:
        yield _committed(spent, y + 2, taken - spent, 13)
    if spent > _BARS:
        yield _spent(_BARS, y + 2, spent - _BARS, 13)
    if _is_overspent(line):
        yield _limit(whole - 7, y - 1, 14, 19)
    if line.used is not None:
        yield _text(_WIDTH, y + 12, danish.pct(line.used), "ink", anchor="end")


def _is_overspent(line: LineFacts) -> bool:
    return line.remaining is not None and line.remaining < NOTHING


def _spent(x: float, y: float, width: float, height: float) -> str:
    return _rect(x, y, width, height, "bar")


def _committed(x: float, y: float, width: float, height: float) -> str:
    """A bar of upright stripes."""
    count = max(int(width / 4), 1)
    stripes = "".join(f"M{_n(x + (number + 0.5) * width / count)} {_n(y)}v{_n(height)}" for number in range(count))
    return _rect(x, y, width, height, "open") + _path(stripes, "edge", 'stroke-width="1.6"')


def _remaining(x: float, y: float, width: float, height: float) -> str:
    return _rect(x, y, width, height, "open")


def _limit(x: float, y: float, width: float, height: float) -> str:
    """A thick upright line in the middle, with paper beside it so that it is seen on a bar."""
    middle = _n(x + width / 2)
    line = f"M{middle} {_n(y)}v{_n(height)}"
    return _path(line, "gap", 'stroke-width="6"') + _path(line, "stroke", 'stroke-width="3"')


def _small(bar: Callable[[float, float, float, float], str]) -> Callable[[float, float], str]:
    return lambda x, y: bar(x - 7, y - 5, 14, 10)


# ── svg ──────────────────────────────────────────────────────────────────────────────────────


def _parts(rows: Sequence[_Row], high: Callable[[_Row], float]) -> Iterable[tuple[list[_Row], float]]:
    """The rows in as few parts as fit on a page each, about as long as each other, and how high a row is in each.

    Rows stand closer before there are two parts of them; `high` says how many rows one takes the room of.
    """
    whole = sum(map(high, rows))
    parts: list[list[_Row]] = [[] for _ in range(ceil(whole * _LOWEST / _ROOM))]
    above = 0.0
    for row in rows:
        parts[int(above * len(parts) / whole)].append(row)
        above += high(row)
    return [(part, min(_ROW, _ROOM / sum(map(high, part)))) for part in parts]


def _figures(name: str, title: str, words: str, parts: Sequence[tuple[Iterable[str], float]]) -> tuple[Figure, ...]:
    """A picture of as many parts, each with its shapes and height; the words of each say which it is."""
    if len(parts) == 1:
        return tuple(_figure(name, title, words, *part) for part in parts)
    return tuple(
        _figure(f"{name}-{number}", title, f"{words} Billede {number} af {len(parts)}.", *part)
        for number, part in enumerate(parts, 1)
    )


def _figure(name: str, title: str, words: str, shapes: Iterable[str], height: float) -> Figure:
    size = f'width="{_WIDTH // _UNITS_PER_MM}mm" height="{_n(height / _UNITS_PER_MM)}mm"'
    lines = (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} viewBox="0 0 {_WIDTH} {_n(height)}" role="img"'
        f' font-family="Lato, Carlito, Calibri, sans-serif" font-size="{_SIZE}">',
        f"<title>{escape(title)}</title>",
        f"<desc>{escape(words)}</desc>",
        _rect(0, 0, _WIDTH, height, "paper"),
        *shapes,
        "</svg>\n",
    )
    return Figure("\n".join(lines), words, name=name)


def _legend(parts: Iterable[tuple[Callable[[float, float], str], str]], y: float) -> Iterable[str]:
    x = 8.0
    for draw, words in parts:
        yield draw(x, y)
        yield _text(x + 13, y + 4, words, "ink")
        x += 13 + len(words) * _CHARACTER + 22


def _label(at: float, y: float, words: str, *, to_the_right: bool, bold: bool = False) -> str:
    """Words to the right or left of a place, as far as there is room, on paper of their own: no line runs through."""
    words = _short(words, (_WIDTH - at if to_the_right else at) / (1.06 if bold else 1))
    width = len(words) * _CHARACTER * 0.93
    paper = _rect(at if to_the_right else at - width, y - 11, width, 14, "paper")
    return paper + _text(at, y, words, "ink", anchor="" if to_the_right else "end", bold=bold)


def _short(words: str, room: float) -> str:
    """The words, or as many as there is room for: all of them stand in the table beside the picture."""
    if len(words) * _CHARACTER <= room:
        return words
    return words[: int(room / _CHARACTER) - 1].rsplit(" ", 1)[0].removesuffix(" og").rstrip(" ,.;:") + "…"


def _text(x: float, y: float, words: str, look: str, *, anchor: str = "", bold: bool = False) -> str:
    more = (f' text-anchor="{anchor}"' if anchor else "") + (' font-weight="bold"' if bold else "")
    return f'<text x="{_n(x)}" y="{_n(y)}" class="{look}" fill="{_COLOURS[look]}"{more}>{escape(words)}</text>'


def _rect(x: float, y: float, width: float, height: float, look: str) -> str:
    return f'<rect x="{_n(x)}" y="{_n(y)}" width="{_n(width)}" height="{_n(height)}" {_look(look)}/>'


def _path(path: str, look: str, more: str = "") -> str:
    return f'<path d="{path}" {_look(look)}{" " if more else ""}{more}/>'


_LOOKS = {
    "bar": f'fill="{_COLOURS["bar"]}"',
    "paper": f'fill="{_COLOURS["paper"]}"',
    "open": f'fill="{_COLOURS["paper"]}" stroke="{_COLOURS["bar"]}" stroke-width="1.2"',
    "edge": f'fill="none" stroke="{_COLOURS["bar"]}"',
    "line": f'fill="none" stroke="{_COLOURS["line"]}"',
    "stroke": f'fill="none" stroke="{_COLOURS["ink"]}"',
    "gap": f'fill="none" stroke="{_COLOURS["paper"]}"',
}


def _look(name: str) -> str:
    return f'class="{name}" {_LOOKS[name]}'


def _n(value: float) -> str:
    """A number with at most one decimal, the same on every machine."""
    return f"{value:.1f}".removesuffix(".0")
