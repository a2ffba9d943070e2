"""Carrying over what a year left: which year's money it is, and how much of it."""

from __future__ import annotations

from collections.abc import Iterator

from toolkit.core import events as log
from toolkit.core.carry_over import Answer, Final, carry_over_of, carry_overs, is_anothers
from toolkit.core.checks.history import period_without_closing
from toolkit.core.dossier import Dossier
from toolkit.core.economy import economy_of
from toolkit.core.money import NOTHING, kroner
from toolkit.core.plan import Plan
from toolkit.core.problems import N_, Problem, declare, problem
from toolkit.core.settlement import YearSettlement
from toolkit.core.state import State, corrected

declare(
    "carry-over-year-assumed",
    "note",
    N_("The log does not say which year's money this is about: it is taken for {year}."),
    N_("say the year that it is: pulje log … corrected event={event} values.year={year}"),
    N_("write year={year}, or the year that it is"),
)
declare(
    "carry-over-year-outside",
    "error",
    N_("{year} is no year of the grant's period, so the carry-over is of no money."),
    N_("correct it to one of {years}: pulje log … corrected event={event} values.year={near}"),
    N_("write year={near}, or another of {years}"),
)
declare(
    "carry-over-year-last",
    "warning",
    N_("{year} is the last year of the grant's period, so there is no year to carry its money over to."),
    N_("if the period is longer, log its extension: pulje log … change-approved change=extension values.{key}.ends=…"),
)
declare(
    "carry-over-key-idle",
    "warning",
    N_("{key} is of a carry-over alone: of this change, {change}, it says nothing."),
    N_(
        "if it is a carry-over: pulje log … corrected event={event} values.change=carry-over; else take it out: "
        "pulje log … corrected event={event} values.{key}=null"
    ),
    N_("leave it out; if it is a carry-over, write change=carry-over"),
)
declare(
    "carry-over-of-nothing",
    "error",
    N_("{amount} kr. is nothing to carry over: how much is asked for or answered is above zero."),
    N_(
        "write how much it is: pulje log … corrected event={event} values.amount=…; where nothing is approved: pulje "
        "log … corrected event={event} withdrawn=true and pulje log … change-refused change=carry-over year={year} by=…"
    ),
    N_("write how much it is, or leave it out where it is all; what is not approved is refused: change-refused"),
)
declare(
    "carry-over-over-left",
    "note",
    N_("{amount} kr. is more than {year} left, {left} kr. by the books: no more than that is carried over."),
    N_(
        'if it is mistyped: pulje log … corrected event={event} values.amount="{left} kr.", or what it is; if the '
        "books lack nothing, nothing is to be done"
    ),
    N_('write amount="{left} kr.", or leave it out, if it is all that the year left'),
)
declare(
    "carry-over-over-asked",
    "note",
    N_("{amount} kr. of what {year} left count as approved carried over, and {asked} kr. were asked for on {day}."),
    N_(
        'if no more was approved than was asked for: pulje log … corrected event={event} values.amount="{asked} kr."; '
        "else nothing is to be done"
    ),
    N_('write amount="{asked} kr.", if no more was approved than was asked for'),
)
declare(
    "carry-over-not-added",
    "note",
    N_("{amount} kr. of what {year} left take the place of the {earlier} kr. of {day}, and are not added to them."),
    N_(
        'if both are to be carried over: pulje log … corrected event={event} values.amount="{both} kr."; else nothing '
        "is to be done"
    ),
    N_('write amount="{both} kr.", if both are to be carried over'),
)
declare(
    "carry-over-refused-in-part",
    "warning",
    N_("A refusal is of all that {year} left, and not of {amount} kr. alone: nothing of it is carried over."),
    N_(
        "if the rest is approved, take this back: pulje log … corrected event={event} withdrawn=true, and let the log "
        "say what is: pulje log … change-approved change=carry-over year={year} amount=… by=…; if nothing is: pulje "
        "log … corrected event={event} values.amount=null"
    ),
    N_(
        "if the rest is approved, log that in its place: change-approved change=carry-over year={year} amount=…; if "
        "nothing is, leave the amount out"
    ),
)


def carry_overs_name_their_year(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """A carry-over is about one year's money; where the log does not say which, everybody should know what is taken."""
    for each in carry_overs(latest.history, latest.plan):
        if each.assumed:
            words = {"year": each.year, "event": each.event.called}
            yield problem("carry-over-year-assumed", each.event.at.of("change"), **words)


def carry_overs_are_of_the_grants_years(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """A carry-over is of a year that the grant's period lies in, and that another of its years comes after.

    It was so when it was asked for or answered, also where the grant was closed since.
    """
    period = period_without_closing(dossier, latest)
    years = range(period.starts.year, period.ends.year + 1)
    for each in carry_overs(latest.history, latest.plan):
        if each.year not in years:
            yield problem(
                "carry-over-year-outside",
                each.event.at.of("year"),
                year=each.year,
                years=", ".join(map(str, years)),
                event=each.event.called,
                near=min(max(each.year, years.start), years.stop - 1),
            )
        elif each.year == years[-1] and not each.assumed:
            key = "grant_period" if latest.plan.grant_period else "project_period"
            yield problem("carry-over-year-last", each.event.at.of("year"), year=each.year, key=key)


def keys_of_carry_overs_are_of_carry_overs(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """A year and an amount say something of a carry-over; what another change is about, its budget or values say."""
    for event in corrected(dossier.events):
        if isinstance(event, log.ChangeEvent) and event.change != "carry-over":
            for key in ("year", "amount"):
                if getattr(event, key) is not None:
                    yield problem(
                        "carry-over-key-idle", event.at.of(key), key=key, change=event.change, event=event.called
                    )


def carry_overs_are_of_what_there_is(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """How much is carried over is above zero, no more than the year left, nor than was asked for; a refusal is of all.

    What a later answer has taken the place of is not told.
    """
    told = carry_overs(latest.history, latest.plan)
    for each in told:
        if each.event.amount is not None and each.event.amount <= NOTHING:
            words = {"amount": kroner(each.event.amount), "year": each.year, "event": each.event.called}
            yield problem("carry-over-of-nothing", each.event.at.of("amount"), **words)
    economy = economy_of(latest) if any(each.event.amount is not None for each in told) else None
    for settled in economy.settlement.years if economy else ():
        event = carry_over_of(latest, settled.year).event if settled.carry_over else None
        if event:
            about = [each.event for each in told if each.year == settled.year]
            before = about[: [each.called for each in about].index(event.called)]
            yield from _of_what_is_left(latest.plan, event, before, settled)


def _of_what_is_left(plan: Plan, event: Answer, before: list[Answer], settled: YearSettlement) -> Iterator[Problem]:
    """What is wrong with how much an event says, of what a year left, and of what was said of that before."""
    amount = settled.left if event.amount is None else event.amount
    words = {"amount": kroner(amount), "year": settled.year, "event": event.called}
    at = event.at.of("change" if event.amount is None else "amount")
    asked = next((each for each in reversed(before) if isinstance(each, log.ChangeRequested)), None)
    if isinstance(event, log.ChangeRefused):
        if NOTHING < amount < settled.left and amount != (asked and asked.amount):
            yield problem("carry-over-refused-in-part", at, **words)
        return
    if amount > settled.left:
        yield problem("carry-over-over-left", at, left=kroner(settled.left), **words)
    earlier = _replaced(plan, event, before)
    if earlier and earlier.amount and earlier.amount + amount <= settled.left:
        both = kroner(earlier.amount + amount)
        yield problem(
            "carry-over-not-added", at, earlier=kroner(earlier.amount), day=earlier.happened, both=both, **words
        )
    elif isinstance(event, log.ChangeApproved) and not earlier and asked and asked.amount and amount > asked.amount:
        yield problem("carry-over-over-asked", at, asked=kroner(asked.amount), day=asked.happened, **words)


def _replaced(plan: Plan, event: Answer, before: list[Answer]) -> Answer | None:
    """An approval that another one takes the place of, or a request that is still open and another one does."""
    if isinstance(event, Final):
        whose = is_anothers(plan, event)
        before = [each for each in before if isinstance(each, Final) and is_anothers(plan, each) == whose]
    return before[-1] if before and type(before[-1]) is type(event) else None


RULES = (
    carry_overs_name_their_year,
    carry_overs_are_of_the_grants_years,
    keys_of_carry_overs_are_of_carry_overs,
    carry_overs_are_of_what_there_is,
)
