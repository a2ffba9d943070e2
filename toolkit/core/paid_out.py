"""What of the grant was paid out, by the books as far as they reach, and by the log after that."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
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
    """The payments of the grant that count, the earliest first, and what they are counted by."""

    payments: tuple[Payment, ...]
    by: PaidOutBy

    @property
    def amount(self) -> Money:
        return total(payment.amount for payment in self.payments)


def paid_out(history: Iterable[AnyEvent], booked: Iterable[Booked], reach: Reach) -> PaidOut:
    """The books where they have an instalment, and of the log what came after the books' last day; else the log.

    Money that went back is no instalment: books that have nothing else do not know what was received. The two are never
    added up for the same days: `checks` tells where they differ. A repayment that is logged and stands in the books
    too, by the posting of that amount that is nearest its day, is the log's alone, or it would be taken off twice.
    """
    logged = tuple(
        Payment(event.happened, event.amount, event) for event in history if isinstance(event, log.InstalmentReceived)
    )
    income = [each for each in booked if each.place == "grant-income"]
    if not any(each.amount < NOTHING for each in income):
        return PaidOut(logged, "log")
    income.sort(key=lambda each: (each.posted, each.first.file, each.first.row))  # the same in any order of the books
    for event in history:
        same = [each for each in income if isinstance(event, log.Repaid) and each.amount == event.amount]
        if same:
            income.remove(min(same, key=lambda each: abs(each.posted - event.happened)))
    books = [Payment(each.posted, -each.amount, each, without_numbers(each.first.text)) for each in income]
    later = tuple(payment for payment in logged if reach.is_short_of(payment.day))
    every = sorted((*books, *later), key=lambda payment: payment.day)
    return PaidOut(tuple(every), "books-and-log" if later else "books")
