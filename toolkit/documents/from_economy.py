"""The accounts' own facts: how the grant was paid out, how it is settled, and who audits it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from toolkit.core import words
from toolkit.core.economy import BalanceRow, Economy
from toolkit.core.money import Money
from toolkit.core.report import Report
from toolkit.core.settlement import Sum
from toolkit.core.words import word
from toolkit.documents.facts import (
    AccountsFacts,
    AllowedFacts,
    BalanceFacts,
    CarryOverFacts,
    Origin,
    OutcomeFacts,
    PaymentFacts,
    PostedOutsideFacts,
    SettlementFacts,
    YearEndFacts,
)
from toolkit.documents.from_change import term_facts


def accounts_of(report: Report) -> AccountsFacts | None:
    """The accounts' facts; None while there is no budget to account for."""
    economy = report.economy
    if economy is None:
        return None
    settlement, balance, since = economy.settlement, economy.balance, report.paid_since
    origin = _origin(economy)
    outcome = settlement.outcome
    return AccountsFacts(
        origin=origin,
        received=tuple(
            PaymentFacts(origin=origin, day=payment.day, amount=payment.amount)
            for payment in economy.instalments.received
        ),
        received_total=economy.instalments.received_amount,
        received_by=economy.instalments.received_by,
        received_since=since.received if since else None,
        returned_since=since.returned if since else None,
        repaid_since=since.repaid if since else None,
        other_income=economy.other_income,
        costs=tuple(_rows(balance.costs, origin)),
        costs_total=_total(balance.cost_budget, balance.cost, origin),
        financing=tuple(_rows(balance.financing, origin)),
        financing_total=_total(balance.financing_budget, balance.financed, origin),
        others=tuple(_rows(balance.others, origin)),
        others_total=_total(balance.others_budget, balance.others_paid, origin),
        carry_overs=tuple(
            CarryOverFacts(
                origin=origin,
                year=str(each.year),
                left=each.left,
                part=each.part,
                status=word(words.CARRY_OVERS, each.carry_over),
            )
            for each in settlement.years
            if each.carry_over and economy.is_known
        ),
        year_ends=tuple(
            YearEndFacts(
                origin=origin,
                year=str(each.year),
                day=each.day,
                received=each.received,
                used=each.used,
                unused=each.unused,
            )
            for each in economy.year_ends
        ),
        allowed=tuple(AllowedFacts(origin=origin, by=each.by, amount=each.amount) for each in economy.allowed),
        allowed_total=economy.allowed_amount,
        posted_outside=tuple(
            PostedOutsideFacts(origin=origin, title=word(words.POSTED, each.side).text, amount=each.amount)
            for each in economy.posted_outside
        ),
        posted_outside_total=economy.posted_outside_amount,
        settlement=tuple(_steps(settlement.final, economy)),
        outcomes=tuple(
            OutcomeFacts(
                origin=origin,
                id=each.payers,
                title=word(words.PAYERS, each.payers).text,
                covered=each.covered,
                unspent=each.unspent,
                to_repay=each.to_repay,
                to_receive=each.to_receive,
            )
            for each in settlement.outcomes
        ),
        pending=tuple(map(str, settlement.pending)),
        to_repay=settlement.to_repay,
        to_receive=settlement.to_receive,
        if_carried=outcome.if_carried if outcome else None,
        receive_if_carried=outcome.receive_if_carried if outcome else None,
        dropped=settlement.is_dropped,
        extended_to=economy.extended_to,
        payers=term_facts(settlement.payers) if settlement.payers else None,
        floor=term_facts(settlement.floor) if settlement.floor else None,
        audit=tuple(map(term_facts, report.audit)),
    )


def _rows(rows: Iterable[BalanceRow], origin: Origin) -> Iterator[BalanceFacts]:
    for row in rows:
        title = word(words.BALANCE, row.what, title=row.funding.title if row.funding else "").text
        yield BalanceFacts(origin=origin, title=title, budget=row.budget, actual=row.actual)


def _total(budget: Money, actual: Money | None, origin: Origin) -> BalanceFacts:
    return BalanceFacts(origin=origin, title="I alt", budget=budget, actual=actual)


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


def _origin(economy: Economy) -> Origin:
    budget = economy.budget.budget
    return Origin((budget.at.span,), budget.synthetic or any(line.synthetic for line in budget.lines))
