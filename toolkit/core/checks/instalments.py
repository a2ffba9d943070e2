"""What was received of the grant: the log against the books, and both against what was awarded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from msgspec import Struct

from toolkit.core import events as log
from toolkit.core.dossier import Dossier
from toolkit.core.money import NOTHING, Money, kroner, total
from toolkit.core.problems import N_, Phrase, Problem, Span, declare, problem
from toolkit.core.state import State

declare(
    "instalments-differ",
    "warning",
    N_(
        "Until {until} the log has {logged} kr. received of the grant and {repaid} kr. paid back, the books have "
        "{booked} kr. in all ({difference} kr. apart)."
    ),
    N_(
        "find what one of them lacks: for the log pulje log … instalment-received amount=… or repaid amount=…, "
        "for the books an import or a rule of allocation.yaml; where the log has it on a later day, "
        "pulje log … corrected event=… values.happened=…"
    ),
)
declare(
    "repayment-not-booked",
    "note",
    N_("The log has {repaid} kr. paid back until {until}, and the books, which reach that day, do not show it."),
    N_(
        "if it was not paid back: pulje log … corrected event={event} withdrawn=true; if it is booked elsewhere, "
        "nothing is to be done"
    ),
    N_("leave it out if it was not paid back; if it is booked elsewhere, nothing is to be done"),
)
declare(
    "repaid-over-received",
    "warning",
    N_("{repaid} kr. of the grant have been paid back, {over} kr. more than the {received} kr. that were received."),
    N_("correct what is wrong: pulje log … corrected event={event} values.amount=…, or log what was received"),
    N_("write the amount that was paid back, or log first what was received: pulje log … instalment-received amount=…"),
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

declare(
    "released-over-withheld",
    "warning",
    N_("{released} kr. are released, {over} kr. more than was held back then."),
    N_("correct what is wrong: pulje log … corrected event={event} values.amount=…, or log what was held back"),
    N_("write the amount that was held back, or log that first: pulje log … instalment-withheld amount=… reason=…"),
)
declare(
    "rejected-yet-awarded",
    "warning",
    N_("The log says that the agency said no on {day}, and project.yaml that {awarded} kr. are awarded."),
    N_(
        "take awarded: out, if the answer was no; if there was an award before, log it: pulje log … awarded amount=… "
        "happened=…; if there was no refusal: pulje log … corrected event={event} withdrawn=true"
    ),
)
declare(
    "rejected-yet-received",
    "warning",
    N_(
        "The log says that the agency said no on {day}, and {kept} kr. of the grant have been received and not paid "
        "back."
    ),
    N_(
        "log what is paid back, pulje log … repaid amount=…, or the later answer, pulje log … awarded amount=…, or: "
        "pulje log … corrected event={event} withdrawn=true"
    ),
    N_("do not log the no if it was none; if the answer was another later, log that too: pulje log … awarded amount=…"),
)
declare(
    "received-without-award",
    "warning",
    N_("By {source}, {kept} kr. of the grant have been received and not paid back, and no award is logged."),
    N_(
        "log the answer: pulje log … awarded amount=…; if the money is no part of this grant, correct the log or the "
        "rule of allocation.yaml"
    ),
    N_("log first what was awarded: pulje log … awarded amount=…"),
)


def log_and_books_agree(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """The instalments in the log are those in the books, as far as both are known.

    A log without instalments leaves them to the books, and books that no rule asks for them say nothing; but money that
    only went back is no instalment, and nobody counts it. What the log tells of the time after the imports' end, or the
    last posting, cannot be in the books yet. A repayment may stand among the books' instalments or not: that is noted.
    """
    logged, books = list(_in_the_log(latest)), list(_in_the_books(latest))
    if any(each.amount <= NOTHING for each in logged):  # that is told, and this follows from it
        return
    is_left_to_books = not logged and (not books or any(payment.amount > NOTHING for payment in books))
    if is_left_to_books or not latest.booked or not any(rule.grant_income for rule in dossier.postings.rules):
        return
    received = total(each.amount for each in latest.paid_out.in_reach)
    repaid = list(_repayments(latest))
    known = total(event.amount for event in repaid if not latest.reach.is_short_of(event.happened))
    booked = total(payment.amount for payment in books)
    differences = [abs(booked - received + back) for back in (NOTHING, known, total(event.amount for event in repaid))]
    if all(differences):
        due = [each for each in logged if not latest.reach.is_short_of(each.day)]
        yield problem(
            "instalments-differ",
            (_lacking(due, books) or _lacking(books, logged) or [*due, *books, *logged])[0].at,
            until=latest.reach.until,
            logged=kroner(received),
            repaid=kroner(known),
            booked=kroner(booked),
            difference=kroner(abs(booked - received + known)),
        )
    elif known and booked == received:
        last = [event for event in repaid if not latest.reach.is_short_of(event.happened)][-1]
        said = {"until": latest.reach.until, "event": last.called}
        yield problem("repayment-not-booked", last.at.of("amount"), repaid=kroner(known), **said)


def no_more_is_received_than_awarded(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """What was received, less what was paid back, is within the grant in force; of log and books the larger counts."""
    awarded = latest.grant.awarded if latest.grant else None
    if awarded is None or awarded < NOTHING:  # told of as what it is
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


def a_grant_that_was_refused_is_none(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """Where the last answer is no, nothing else says yes: neither project.yaml nor money that came and is kept.

    What project.yaml says was awarded is true where the log has an award that was taken back since.
    """
    grant, written = latest.grant, dossier.plan.grant
    if grant is None or written is None or grant.refused is None:
        return
    said = {"day": grant.refused.happened, "event": grant.refused.called}
    was_awarded = any(isinstance(event, log.Awarded) for event in latest.history)
    if written.awarded is not None and not was_awarded:
        yield problem("rejected-yet-awarded", written.at.of("awarded"), awarded=kroner(written.awarded), **said)
    if grant.kept > NOTHING:
        yield problem("rejected-yet-received", grant.refused.at.of("kind"), kept=kroner(grant.kept), **said)


def what_is_received_was_awarded(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """Money of a grant that nobody has said yes to, where nobody has said no either."""
    grant = latest.grant
    if grant is None or grant.awarded is not None or grant.refused or grant.kept <= NOTHING:
        return
    payments = {N_("the log"): list(_in_the_log(latest)), N_("the books"): list(_in_the_books(latest))}
    source = N_("the log") if latest.paid_out.by == "log" else N_("the books")
    first = next(each for each in payments[source] if each.amount > NOTHING)
    yield problem("received-without-award", first.at, source=Phrase(source), kept=kroner(grant.kept))


def no_more_is_paid_back_than_received(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """What went back came first."""
    grant, repaid = latest.grant, list(_repayments(latest))
    if grant and repaid and grant.repaid > grant.received:
        said = {"repaid": kroner(grant.repaid), "received": kroner(grant.received), "event": repaid[-1].called}
        over = kroner(grant.repaid - grant.received)
        yield problem("repaid-over-received", repaid[-1].at.of("amount"), over=over, **said)


def no_more_is_released_than_withheld(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """What is released was held back before."""
    held = NOTHING
    for event in latest.history:
        if isinstance(event, log.InstalmentWithheld):
            held += event.amount
        elif isinstance(event, log.InstalmentReleased):
            if event.amount > held:
                said = {"released": kroner(event.amount), "over": kroner(event.amount - held), "event": event.called}
                yield problem("released-over-withheld", event.at.of("amount"), **said)
            held = max(held - event.amount, NOTHING)


RULES = (
    no_more_is_released_than_withheld,
    log_and_books_agree,
    no_more_is_received_than_awarded,
    no_more_is_paid_back_than_received,
    a_grant_that_was_refused_is_none,
    what_is_received_was_awarded,
)

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


def _lacking(payments: Iterable[_Payment], others: Iterable[_Payment]) -> list[_Payment]:
    """The payments that have no other of the same amount."""
    left, lacking = [each.amount for each in others], []
    for each in payments:
        if each.amount in left:
            left.remove(each.amount)
        else:
            lacking.append(each)
    return lacking


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
