"""What of the grant was paid out, by the books as far as they reach, and by the log after that."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Literal

from msgspec import Struct

from toolkit.core import events as log
from toolkit.core.events import AnyEvent
from toolkit.core.money import NOTHING, Money, total
from toolkit.core.personal import without_numbers
from toolkit.core.postings import Booked
from toolkit.core.reach import Reach

PaidOutBy = Literal["books", "log", "books-and-log"]


class Payment(Struct, frozen=True):
    """A part of the grant that came, or was held back, on a day; `source` is the event or the books' sum behind it."""

    day: date
    amount: Money
    source: AnyEvent | Booked
    reason: str | None = None


class PaidOut(Struct, frozen=True):
    """The payments of the grant that count, the earliest first, and what they are counted by.

    `in_reach` are the log's instalments that the books should have too.
    """

    payments: tuple[Payment, ...]
    by: PaidOutBy
    in_reach: tuple[Payment, ...]

    @property
    def amount(self) -> Money:
        return total(payment.amount for payment in self.payments)


def paid_out(history: Iterable[AnyEvent], booked: Iterable[Booked], reach: Reach) -> PaidOut:
    """The books where they have an instalment, and of the log what came after the books' last day; else the log.

    Money that went back is no instalment: books that have nothing else do not know what was received. Nothing that both
    tell of is counted twice, though they may have it on other days or in other parts: `checks` tells where they differ.
    """
    events = tuple(history)
    logged = [
        Payment(event.happened, event.amount, event) for event in events if isinstance(event, log.InstalmentReceived)
    ]
    income = [each for each in booked if each.place == "grant-income"]
    income.sort(key=lambda each: (each.posted, each.first.file, each.first.row))  # the same in any order of the books
    instalments = [each for each in income if each.amount < NOTHING]
    if not instalments:
        return PaidOut(tuple(logged), "log", tuple(each for each in logged if not reach.is_short_of(each.day)))
    later = _later(logged, instalments, reach)
    in_reach = tuple(payment for payment in logged if payment not in later)
    repaid = [event for event in events if isinstance(event, log.Repaid)]
    books = _without_logged(income, repaid, total(each.amount for each in in_reach) if in_reach else None)
    every = sorted((*books, *later), key=lambda payment: payment.day)
    return PaidOut(tuple(every), "books-and-log" if later else "books", in_reach)


def _later(logged: Iterable[Payment], instalments: Iterable[Booked], reach: Reach) -> list[Payment]:
    """What the log tells of the days after the books' last, but for what was booked shortly before it was logged.

    That is an instalment of the same amount that is no other of the log's.
    """
    unmatched, later = list(instalments), []
    for payment in sorted(logged, key=lambda payment: payment.day):
        is_short = reach.is_short_of(payment.day)
        same = [each for each in unmatched if -each.amount == payment.amount]
        if is_short:
            same = [each for each in same if timedelta(0) <= payment.day - each.posted <= _SHORTLY]
        if same:
            unmatched.remove(min(same, key=lambda each: abs(each.posted - payment.day)))
        elif is_short:
            later.append(payment)
    return later


def _without_logged(income: list[Booked], repaid: list[log.Repaid], in_log: Money | None) -> Iterator[Payment]:
    """What the books have of the grant, without the repayments that the log has too: those are the log's.

    What goes back in the books may also put an instalment right. It is a logged repayment where it has the amount of
    one, and no instalment has. Of the rest so much is as the books are below the log's instalments, `in_log`, and all
    where the log has none; never more than was logged.
    """
    amounts, counted = {each.amount for each in income}, list(income)
    unmatched: list[log.Repaid] = []
    for event in repaid:
        same = [each for each in counted if each.amount == event.amount and -each.amount not in amounts]
        if same:
            counted.remove(min(same, key=lambda each: abs(each.posted - event.happened)))
        else:
            unmatched.append(event)
    back = [each for each in counted if each.amount > NOTHING]
    in_both = min(total(event.amount for event in unmatched), total(each.amount for each in back))
    if in_log is not None:
        in_both = min(in_both, max(in_log + total(each.amount for each in counted), NOTHING))
    taken: dict[int, Money] = {}
    if in_both:
        for each in sorted(back, key=lambda each: min(abs(each.posted - event.happened) for event in unmatched)):
            taken[id(each)] = min(each.amount, in_both)
            in_both -= taken[id(each)]
    for each in counted:
        if amount := taken.get(id(each), NOTHING) - each.amount:
            yield Payment(each.posted, amount, each, without_numbers(each.first.text))


# An instalment is often logged some days after it was booked, when the agency's letter comes.
_SHORTLY = timedelta(days=31)
