"""What somebody expected a line to end at, where the line or its spending is another since."""

from __future__ import annotations

from collections.abc import Iterator

from toolkit.core import events as log
from toolkit.core.dossier import Dossier
from toolkit.core.forecast import forecast, is_past
from toolkit.core.money import kroner
from toolkit.core.problems import N_, Phrase, Problem, declare, listed, phrase, problem
from toolkit.core.state import LineState, State

declare(
    "estimate-of-divided-line",
    "warning",
    N_(
        "The estimate of {amount} kr. is of {line}, which other lines carry on in parts or together with others: it "
        "counts for none of them."
    ),
    N_("give a new one for each of them: pulje log … estimate line={first} amount=… reason=…"),
)
declare(
    "estimate-outdated",
    "warning",
    N_("The estimate of {amount} kr. for {line} is of {day}, and the budget has changed the line since ({changes})."),
    N_("look whether it still holds, and say so with a new one: pulje log … estimate line={line} amount=… reason=…"),
)
declare(
    "estimate-overtaken",
    "warning",
    N_(
        "The estimate of {amount} kr. for {line} is of {day}, and {bound} kr. are spent and ordered there now, {over} "
        "kr. more: that is what the forecast says."
    ),
    N_("give a new one: pulje log … estimate line={line} amount=… reason=…"),
)
declare(
    "estimate-past",
    "note",
    N_(
        "The estimate of {amount} kr. for {line} is of {day}; the grant's period ended on {ends}, and the books reach "
        "that far: the forecast is the {bound} kr. that are spent and ordered."
    ),
    N_("if it will end at another amount: pulje log … estimate line={line} amount=… reason=…; else do nothing"),
)
_RENAMED = N_("it was {was} then")
_ANOTHER_AMOUNT = N_("it had {before} kr. then, and has {after} kr. now")


def estimates_have_a_line(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """An estimate follows its line to the one that carries it on whole and alone; of any other it says nothing."""
    placement, stray = latest.placement, latest.budget.stray_estimates if latest.budget else ()
    last = {event.line: event for event in latest.history if isinstance(event, log.Estimate)}
    for event in last.values() if placement else ():
        heirs = placement.heirs(event.line) if placement else ()
        anew = any(line in last and last[line].happened >= event.happened for line in heirs if line != event.line)
        if event in stray and not anew:
            words = {"amount": kroner(event.amount), "line": event.line, "first": heirs[0]}
            yield problem("estimate-of-divided-line", event.at.of("line"), **words)


def estimates_are_of_the_line_as_it_is(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """An estimate is asked for again when its line got another name or amount, or more was spent than was expected.

    Of a line that is gone nothing is expected, and when the grant is refused or closed there is nobody to ask. One of a
    period that is over, and known, is told where it is another than what was spent.
    """
    if latest.budget is None or (latest.grant and latest.grant.ended):
        return
    for line in latest.budget.lines:
        estimate = line.estimate
        if estimate is None or line.gone:
            continue
        words = {"amount": kroner(estimate.amount), "line": line.line.id, "day": estimate.happened}
        if is_past(estimate, latest):
            if estimate.amount != line.bound:
                ends = latest.plan.cost_period.ends
                yield problem("estimate-past", estimate.at.of("amount"), bound=kroner(line.bound), ends=ends, **words)
        elif changes := list(_changes(line, estimate)):
            yield problem("estimate-outdated", estimate.at.of("amount"), changes=listed(changes), **words)
        elif forecast(line, latest).is_overtaken:
            over = kroner(line.bound - estimate.amount)
            yield problem("estimate-overtaken", estimate.at.of("amount"), bound=kroner(line.bound), over=over, **words)


def _changes(line: LineState, estimate: log.Estimate) -> Iterator[Phrase]:
    """What the budget has made of a line since it was estimated; nothing where it had no such line then."""
    then = line.estimated_of
    if then is None:
        return
    if then.id != line.line.id:
        yield phrase(_RENAMED, was=then.id)
    if then.amount != line.line.amount:
        yield phrase(_ANOTHER_AMOUNT, before=kroner(then.amount), after=kroner(line.line.amount))


RULES = (estimates_have_a_line, estimates_are_of_the_line_as_it_is)
