"""Amounts that no event can have."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from toolkit.core import events as log
from toolkit.core.dossier import Dossier
from toolkit.core.money import NOTHING, kroner
from toolkit.core.problems import N_, Phrase, Problem, declare, phrase, problem
from toolkit.core.promise import values_by_path
from toolkit.core.spending import spent_until
from toolkit.core.state import State, corrected

declare(
    "amount-not-above-zero",
    "error",
    N_("{amount} kr. is no amount that somebody receives, pays, holds back or orders: it is above zero."),
    N_(
        "correct it: pulje log … corrected event={event} values.amount=…, or if it never happened: "
        "pulje log … corrected event={event} withdrawn=true"
    ),
    N_(
        "write an amount above zero; what goes the other way has a kind of its own (repaid amount=…, order-cancelled "
        "line=… amount=…), and what never happened is withdrawn: pulje log … corrected event=… withdrawn=true"
    ),
)
declare(
    "grant-below-zero",
    "error",
    N_("{amount} kr. is no amount that is applied for or granted: that is never below zero."),
    N_("write what it is in all, and not the difference{again}"),
)
_AGAIN = N_(': pulje log … corrected event={event} "values.values={{{path}: …}}"')
declare(
    "spent-below-zero",
    "error",
    N_("The document is said to tell {spent} kr. spent, less than nothing; by the books it was {booked} kr."),
    N_('correct what it told: pulje log … corrected event={event} values.spent="{booked} kr."'),
    N_('write spent="{booked} kr.", or what the document tells'),
)

# Their kind says which way the money goes, so their amount need not.
_ONE_WAY = (
    log.Applied
    | log.Awarded
    | log.InstalmentReceived
    | log.InstalmentWithheld
    | log.InstalmentReleased
    | log.Repaid
    | log.Ordered
    | log.OrderCancelled
)


def amounts_are_above_zero(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """What was received is above zero: money that goes the other way has a kind of event of its own."""
    for event in corrected(dossier.events):
        if isinstance(event, _ONE_WAY) and event.amount <= NOTHING:
            at = event.at.of("amount")
            yield problem("amount-not-above-zero", at, amount=kroner(event.amount), event=event.called)


def grants_are_not_below_zero(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """What is applied for or granted, in project.yaml or by a change, is all of it, and no difference."""
    grant = dossier.plan.grant
    for key in ("applied", "awarded"):
        if grant and (amount := getattr(grant, key)) is not None and amount < NOTHING:
            yield problem("grant-below-zero", grant.at.of(key), amount=kroner(amount), again=Phrase(""))
    for event in corrected(dossier.events):
        values = values_by_path(event.values) if isinstance(event, log.ChangeEvent) else {}
        for path in ("grant.applied", "grant.awarded"):
            amount = values.get(path)
            if amount is not None and amount < NOTHING:
                again = phrase(_AGAIN, event=event.called, path=path)
                yield problem("grant-below-zero", event.at.of("values"), amount=kroner(amount), again=again)


def what_a_report_told_was_spent_is_not_below_zero(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """A report tells less than nothing only where the books have it so, as with a credit note alone."""
    for event in corrected(dossier.events):
        if not isinstance(event, log.Submitted) or event.spent is None or event.spent >= NOTHING:
            continue
        booked = spent_until(dossier.state(_as_of(event), event.known_by))
        if booked is not None and booked >= NOTHING:
            words = {"spent": kroner(event.spent), "booked": kroner(booked), "event": event.called}
            yield problem("spent-below-zero", event.at.of("spent"), **words)


RULES = (amounts_are_above_zero, grants_are_not_below_zero)
JOINED_RULES = (what_a_report_told_was_spent_is_not_below_zero,)

# ── helpers ──────────────────────────────────────────────────────────────────────────────────


def _as_of(event: log.Submitted) -> date:
    """The day that the document is about: its folder's name begins with it."""
    try:
        return date.fromisoformat(event.issued[:10])
    except ValueError:
        return event.happened
