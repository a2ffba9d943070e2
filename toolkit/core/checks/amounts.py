"""Amounts that no event can have."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from toolkit.core import events as log
from toolkit.core.dossier import Dossier
from toolkit.core.money import NOTHING, kroner
from toolkit.core.problems import N_, Problem, declare, problem
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


def what_a_report_told_was_spent_is_not_below_zero(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """A report tells less than nothing only where the books have it so, as with a credit note alone."""
    for event in corrected(dossier.events):
        if not isinstance(event, log.Submitted) or event.spent is None or event.spent >= NOTHING:
            continue
        booked = spent_until(dossier.state(_as_of(event), event.known_by))
        if booked is not None and booked >= NOTHING:
            words = {"spent": kroner(event.spent), "booked": kroner(booked), "event": event.called}
            yield problem("spent-below-zero", event.at.of("spent"), **words)


RULES = (amounts_are_above_zero,)
JOINED_RULES = (what_a_report_told_was_spent_is_not_below_zero,)

# ── helpers ──────────────────────────────────────────────────────────────────────────────────


def _as_of(event: log.Submitted) -> date:
    """The day that the document is about: its folder's name begins with it."""
    try:
        return date.fromisoformat(event.issued[:10])
    except ValueError:
        return event.happened
