"""Costs that a later export has as performed on another day than they count on, until somebody says which is right."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import islice

from msgspec import Struct, structs

from toolkit.core.doubles import rule_for
from toolkit.core.events import AnyEvent, Imported
from toolkit.core.money import kroner
from toolkit.core.plan import Plan
from toolkit.core.postings import Placing, Posting, Rule, day_of
from toolkit.core.problems import Span
from toolkit.core.rows import PostingRow, days_of
from toolkit.core.state import corrected

_SHOWN = 20  # so many rules are written in a hint; the next follow once those are typed


class Otherwise(Struct, frozen=True):
    """Costs that an export has on other days than they count on, each with its day there: `moved`, and the rest.

    Those that are moved are in another year then, or on the other side of where a period begins or ends. `rules` place
    the first of them as they are placed now, and say those days.
    """

    moved: tuple[tuple[Posting, date], ...]
    rest: tuple[tuple[Posting, date], ...]
    rules: str

    @property
    def postings(self) -> tuple[Posting, ...]:
        """All of them."""
        return tuple(posting for posting, _day in (*self.moved, *self.rest))


class Said(Struct, frozen=True):
    """What the log says of days of performance: `open`, the last that an import said of a row, and that import.

    `answered` are those of them that a correction has taken out of the import: the day that was known is right.
    """

    open: Mapping[PostingRow, tuple[date, Imported]]
    answered: Mapping[PostingRow, date]


def said_of_days(events: Iterable[AnyEvent]) -> Said:
    """Import by import, in the log's order: what is said last stands."""
    events = list(events)
    right = {event.called: event for event in corrected(events) if isinstance(event, Imported)}
    open: dict[PostingRow, tuple[date, Imported]] = {}
    answered: dict[PostingRow, date] = {}
    for event in events:
        now = right.get(event.called)
        if now is None or not isinstance(event, Imported):
            continue
        days = days_of(now.performed)
        for row, day in days_of(event.performed).items():
            if row in days:
                open[row] = days[row], now
                answered.pop(row, None)
            else:
                open.pop(row, None)
                answered[row] = day
    return Said(open, answered)


def otherwise(found: Iterable[tuple[Posting, date]], placing: Placing, plan: Plan) -> Otherwise:
    """Those of the costs that would count on another day, had they been performed when it is said."""
    stretch_of = _stretches(plan)
    moved: list[tuple[Posting, date]] = []
    rest: list[tuple[Posting, date]] = []
    groups: defaultdict[tuple[str, date, Span | str], list[Posting]] = defaultdict(list)
    for posting, day in found:
        rule = placing.rule_of(posting)
        is_cost = rule is None or bool(rule.line or rule.split)
        counted, said = day_of(posting, rule), day_of(structs.replace(posting, performed=day), rule)
        if not is_cost or counted == said:
            continue
        is_moved = stretch_of(counted) != stretch_of(said)
        (moved if is_moved else rest).append((posting, day))
        if is_moved:
            groups[posting.file, day, rule.at.span if rule else posting.account].append(posting)
    rules = []
    for (_file, day, _by), its in islice(groups.items(), _SHOWN):
        says = f"{_placing_of(placing.rule_of(its[0]))}, performed: {day}"
        rules.append(rule_for(tuple(its), {}, says))
    return Otherwise(tuple(moved), tuple(rest), ", - ".join(rules) + (" …" if len(groups) > _SHOWN else ""))


# ── helpers ──────────────────────────────────────────────────────────────────────────────────


def _stretches(plan: Plan) -> Callable[[date], tuple[int, int]]:
    """What tells days apart whose figures are apart: the year, and which periods have begun and ended by then."""
    period, reports = plan.cost_period, plan.reports
    begun = [period.starts, *(each.period_starts for each in reports if each.period_starts)]
    ended = [period.ends, *(each.period_ends for each in reports)]
    return lambda day: (day.year, sum(each <= day for each in begun) + sum(each < day for each in ended))


def _placing_of(rule: Rule | None) -> str:
    """What a rule says of its postings, but for when they were performed, as another would say it."""
    if rule is None:
        return "line: …"
    says = [f"line: {rule.line}"] if rule.line else []
    if rule.split:
        says.append(f"split: {{{', '.join(f'{line}: {_typed(part)}' for line, part in rule.split.items())}}}")
    if rule.eligible is not None:
        says.append(f"eligible: {_typed(rule.eligible * 100, ' pct.')}")
    if rule.eligible_amount is not None:
        says.append(f'eligible_amount: "{kroner(rule.eligible_amount)} kr."')
    texts = {"allowed": rule.allowed, "reason": rule.reason}
    return ", ".join([*says, *(f"{key}: {_quoted(text)}" for key, text in texts.items() if text)])


def _typed(number: Fraction, unit: str = "") -> str:
    """A number as it is typed among others, where a comma must stand in quotes."""
    written = f"{Decimal(number.numerator) / number.denominator:f}".replace(".", ",")
    return f'"{written}{unit}"' if "," in written else f"{written}{unit}"


def _quoted(text: str) -> str:
    """A text on one line, whatever is in it."""
    for sign, written in (("\\", r"\\"), ('"', r"\""), ("\n", r"\n")):
        text = text.replace(sign, written)
    return f'"{text}"'
