"""The accounts' own facts: how the grant was paid out, how it is settled, and who audits it."""

from __future__ import annotations

from collections.abc import Iterator

from toolkit.core import words
from toolkit.core.economy import Economy, economy_of
from toolkit.core.money import NOTHING, Money
from toolkit.core.plan import Plan
from toolkit.core.settlement import Sum
from toolkit.core.state import State
from toolkit.core.words import word
from toolkit.documents import danish
from toolkit.documents.facts import AccountsFacts, Origin, PaymentFacts, SettlementFacts, TermFacts
from toolkit.documents.from_change import term_facts


def accounts_of(state: State) -> AccountsFacts | None:
    """The accounts' facts; None while there is no budget to account for."""
    economy = economy_of(state)
    if economy is None:
        return None
    settlement = economy.settlement
    return AccountsFacts(
        origin=_origin(economy),
        received=tuple(
            PaymentFacts(origin=_origin(economy), day=payment.day, amount=payment.amount)
            for payment in economy.instalments.received
        ),
        received_total=economy.instalments.received_amount,
        other_income=economy.other_income,
        settlement=tuple(_steps(settlement.final, economy)),
        to_repay=settlement.to_repay,
        to_receive=settlement.to_receive,
        dropped=settlement.dropped,
        floor=term_facts(settlement.floor) if settlement.floor else None,
        audit=_audit(state.plan, state.grant.awarded) if state.grant else (),
    )


def _steps(sums: tuple[Sum, ...], economy: Economy) -> Iterator[SettlementFacts]:
    """Each sum's terms and, strong, its result."""
    for sum in sums:
        for step in (*sum.terms, sum.result):
            yield SettlementFacts(
                origin=_origin(economy),
                title=word(words.STEPS, step.what, year=step.year),
                amount=step.amount,
                result=step is sum.result,
            )


def _audit(plan: Plan, awarded: Money | None) -> tuple[TermFacts, ...]:
    """The audit that a grant of this size asks for: every limit of the terms that it is above, else the lowest."""
    if awarded is None:
        return ()
    limits = {term.amount: term for term in plan.every_term if term.id.startswith("audit-") and term.amount is not None}
    above = [limit for limit in sorted(limits) if NOTHING < limit < awarded]
    return tuple(term_facts(limits[limit]) for limit in above or sorted(limits)[:1])


def _origin(economy: Economy) -> Origin:
    budget = economy.budget.budget
    return Origin((budget.at.span,), budget.synthetic or any(line.synthetic for line in budget.lines))


def explanation(causes: list[str]) -> str | None:
    """The causes that the log gives for one line's spending, as one text."""
    return " ".join(danish.capitalised(cause.rstrip(".")) + "." for cause in causes) or None
