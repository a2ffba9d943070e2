"""What was received of the grant: the log against the books, and both against what was awarded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from msgspec import Struct

from toolkit.core import events as log
from toolkit.core.dossier import Dossier
from toolkit.core.money import NOTHING, Money, kroner, total
from toolkit.core.paid_out import paid_out
from toolkit.core.problems import N_, Phrase, Problem, Span, declare, problem
from toolkit.core.state import State

declare(
    "instalments-differ",
    "warning",
    N_(
        "The log has {logged} kr. received of the grant and {repaid} kr. paid back, the books have {booked} kr. in all "
        "({difference} kr. apart)."
    ),
    N_(
        "find what one of them lacks: for the log pulje log … instalment-received amount=… or repaid amount=…, "
        "for the books an import or a rule of allocation.yaml"
    ),
)
declare(
    "received-over-awarded",
    "warning",
    N_(
        "By {source}, {received} kr. of the grant have been received, {over} kr. more than the {awarded} kr. that "
        "are awarded."
    ),
    N_("speak to the agency, and log what is paid back: pulje log … repaid amount=…"),
)


def log_and_books_agree(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """The instalments in the log are those in the books, as far as both are known.

    A log without instalments leaves them to the books, and books that no rule asks for them say nothing; but money that
    only went back is no instalment, and nobody counts it. What the log tells of the time after the imports' end, or the
    last posting, cannot be in the books yet. A repayment may stand among the books' instalments or not.
    """
    logged, books = list(_in_the_log(latest)), list(_in_the_books(latest))
    is_left_to_books = not logged and (not books or any(payment.amount > NOTHING for payment in books))
    if is_left_to_books or not latest.booked or not any(rule.grant_income for rule in dossier.postings.rules):
        return
    received = total(each.amount for each in paid_out(latest.history, latest.booked, latest.reach).in_reach)
    repaid = list(_repayments(latest))
    known = total(event.amount for event in repaid if not latest.reach.is_short_of(event.happened))
    booked = total(payment.amount for payment in books)
    differences = [abs(booked - received + back) for back in (NOTHING, known, total(event.amount for event in repaid))]
    if all(differences):
        yield problem(
            "instalments-differ",
            (logged or books)[-1].at,
            logged=kroner(received),
            repaid=kroner(known),
            booked=kroner(booked),
            difference=kroner(min(differences)),
        )


def no_more_is_received_than_awarded(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """What was received, less what was paid back, is within the grant in force; of log and books the larger counts."""
    awarded = latest.grant.awarded if latest.grant else None
    if awarded is None:
        return
    books = list(_in_the_books(latest))
    repaid_by_log = total(event.amount for event in _repayments(latest))
    repaid = max(repaid_by_log, total(-payment.amount for payment in books if payment.amount < NOTHING))
    came = {
        N_("the log"): list(_in_the_log(latest)),
        N_("the books"): [payment for payment in books if payment.amount > NOTHING],
    }
    received = {source: total(payment.amount for payment in payments) for source, payments in came.items()}
    source = max(received, key=lambda source: int(received[source]))
    kept = received[source] - repaid
    if kept > awarded:
        yield problem(
            "received-over-awarded",
            _first_above(came[source], awarded),
            source=Phrase(source),
            received=kroner(kept),
            awarded=kroner(awarded),
            over=kroner(kept - awarded),
        )


RULES = (log_and_books_agree, no_more_is_received_than_awarded)

# ── helpers ──────────────────────────────────────────────────────────────────────────────────


class _Payment(Struct, frozen=True):
    """A part of the grant that came on a day, in øre (below zero, that went back), and where that is written."""

    day: date
    amount: Money
    at: Span


def _in_the_log(latest: State) -> Iterator[_Payment]:
    for event in latest.history:
        if isinstance(event, log.InstalmentReceived):
            yield _Payment(event.happened, event.amount, event.at.of("amount"))


def _in_the_books(latest: State) -> Iterator[_Payment]:
    for part in latest.booked:
        if part.place == "grant-income":
            yield _Payment(part.posted, -part.amount, Span(part.first.file, part.first.row, 1))


def _repayments(latest: State) -> Iterator[log.Repaid]:
    return (event for event in latest.history if isinstance(event, log.Repaid))


def _first_above(payments: Iterable[_Payment], awarded: Money) -> Span:
    """The payment with which there was more than was awarded; the last where repayments came in between."""
    received = NOTHING
    for payment in sorted(payments, key=lambda payment: payment.day):
        received += payment.amount
        if received > awarded:
            return payment.at
    return payment.at
