"""Costs that wait for an answer, that are more than there is, or that are not known yet."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import date

from toolkit.core import events as log
from toolkit.core.checks.grounds import GROUNDS, quoted, term_of
from toolkit.core.costs import Cost
from toolkit.core.dossier import Dossier
from toolkit.core.economy import income_of
from toolkit.core.money import NOTHING, kroner, total
from toolkit.core.open_questions import known_until
from toolkit.core.plan import Budget, Plan
from toolkit.core.problems import N_, Phrase, Problem, Span, declare, phrase, problem
from toolkit.core.records import Id
from toolkit.core.spending import counted
from toolkit.core.state import Order, State, corrected

declare(
    "cost-outside-period",
    "warning",
    N_(
        "{amount} kr. on {line} lie outside the grant's period, {period}, and wait for an answer (postings: {count}). "
        "{rule}"
    ),
    N_(
        "answer in the rule of allocation.yaml that places them: {performed}allowed: TEXT if somebody allowed "
        "them{audit}, else not_eligible: true with a reason"
    ),
)
declare(
    "allowed-by-no-term",
    "warning",
    N_(
        "{amount} kr. on {line} wait for an answer (postings: {count}): {id} is no term that holds on {day}, so nobody "
        "has allowed them."
    ),
    N_("write in words who allowed them, allowed: TEXT; if nobody did, not_eligible: true with a reason"),
)
declare(
    "cost-on-dropped-line",
    "warning",
    N_("{amount} kr. lie on {line}, which the budget {budget} lacks, and wait for an answer (postings: {count})."),
    N_("{was}answer in allocation.yaml: allowed: TEXT if somebody allowed them, else not_eligible: true with a reason"),
)
declare(
    "order-on-dropped-line",
    "warning",
    N_("{amount} kr. are ordered on {line}, which the budget {budget} lacks; nothing there is left to pay them with."),
    N_(
        "{was}log that the order is cancelled: pulje log … order-cancelled line={line} amount={amount}, and "
        "log it anew on the line that is to pay it"
    ),
)
declare(
    "cost-before-approval",
    "warning",
    N_("{amount} kr. on {line} were posted before the line was approved on {day} (postings: {count}). {rule}"),
    N_("place the postings with not_eligible: true in allocation.yaml, unless somebody allowed them"),
)
declare(
    "line-overspent",
    "warning",
    N_('"{line}" is overspent by {over} kr. {rule}'),
    N_("pulje log … deviation line={id} cause=… action=…, or ask for a change"),
)
declare(
    "spent-on-dropped-line",
    "warning",
    N_('{spent} kr. are spent on "{line}", which the budget {budget} lacks, so it has nothing for them. {rule}'),
    N_("{was}explain it, pulje log … deviation line={id} cause=… action=…, or ask for a change"),
)
_WAS = N_("write was: {line} on the line that carries it on, or ")
declare(
    "grant-overspent",
    "warning",
    N_("{over} kr. more have been spent than the grant and other funding cover. {rule}"),
    N_("look whether all is the project's; the municipality pays the rest: a budget with kind: own under funding:"),
)
declare(
    "order-cancelled-over",
    "warning",
    N_("{cancelled} kr. of orders on {line} are cancelled, {over} kr. more than was ordered there."),
    N_("pulje log … corrected event={event} {answer}"),
    N_("write amount= or line= as the order has it"),
)
_LESS = N_("values.amount={ordered}, or the line that it was ordered on: values.line=…")
_NONE = N_("values.line=…, the line that it was ordered on; where nothing was ordered: withdrawn=true")
declare(
    "order-looks-booked",
    "note",
    N_(
        "{amount} kr. ordered on {line} on {ordered} are open still, and as much was booked there on {day}: if that is "
        "the order's invoice, it counts twice."
    ),
    N_("if it is: pulje log … order-cancelled line={line} amount={amount}"),
)
declare(
    "income-of-own",
    "warning",
    N_("The rule places income on {id}, which is the municipality's own money: that is not booked as income."),
    N_(
        "write other_income: with the id of whoever paid, or other_income: true; a transfer within the municipality is "
        "taken_back: true"
    ),
)
declare(
    "income-without-payer",
    "warning",
    N_("{amount} kr. of other income name no payer, while money is lacking from: {payers}."),
    N_("if it came from {payer}: {answer}"),
)
declare(
    "income-of-nobody",
    "note",
    N_(
        "{amount} kr. of other income name no payer, and each who promised to pay has paid: it is counted as promised "
        "by nobody."
    ),
    N_("where a payer gave more than was promised, write other_income: with the payer's id in the rule"),
)
declare(
    "spending-not-known",
    "warning",
    N_("Nothing has been imported, so what was spent until {ends} is not known."),
    N_("pulje import PROJECT FILE"),
)
declare(
    "import-end-unknown",
    "note",
    N_("No import says how far it reaches: the books are known until their last posting, {until}."),
    N_("import the export again with --ends and its last day, or: pulje log … corrected event={event} values.ends=…"),
    N_("write ends= and the last day of the export"),
)

GROUNDS.update(
    {
        "cost-outside-period": "costs-in-period",
        "cost-before-approval": "project-change",
        "line-overspent": "budget-change-approval",
        "spent-on-dropped-line": "budget-change-approval",
        "grant-overspent": "financing-equals-cost",
    }
)


_PERIOD = N_("{starts} to {ends}")
_NEVER = N_("which never began, as the grant was closed on {ends}")
_PERFORMED = N_("performed: DATE if they were performed in that period, ")


def costs_have_an_answer(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """A cost counts where it falls in the grant's period and on a line of the budget in force, or somebody allowed it.

    Source: the agency's handbook (costs in the period that the award letter sets, earlier ones only exceptionally; only
    lines of the latest approved budget).
    """
    plan, period = dossier.plan, latest.plan.cost_period
    apart: dict[tuple[bool, Id], list[Cost]] = defaultdict(list)
    unfounded: dict[tuple[Span, str, str], list[Cost]] = defaultdict(list)
    for cost in latest.costs:
        if cost.apart and cost.part.rule and cost.part.rule.allowed:
            unfounded[cost.part.rule.at.of("allowed"), cost.part.rule.allowed, cost.line].append(cost)
        elif cost.apart:
            apart[cost.apart == "dropped-line", cost.line].append(cost)
    for (at, id, line), costs in unfounded.items():
        yield problem("allowed-by-no-term", at, id=id, day=costs[0].day, line=line, **_sum(costs))
    for (is_gone, line), costs in apart.items():
        at, words = _place(costs[0]), {"line": line, **_sum(costs)}
        if is_gone and latest.budget:
            was = _was(plan, latest.budget.budget, line)
            yield problem("cost-on-dropped-line", at, budget=latest.budget.budget.id, was=was, **words)
        else:
            rule = quoted(plan, term_of(plan, "cost-outside-period", costs[0].day))
            is_audit = costs[0].apart == "after-period" and plan.term("audit-cost", costs[0].day)
            audit = Phrase(N_(" (allowed: audit-cost for the audit's own bill)")) if is_audit else ""
            days = phrase(_NEVER if period.is_empty else _PERIOD, starts=period.starts, ends=period.ends)
            performed = "" if period.is_empty else phrase(_PERFORMED)
            yield problem("cost-outside-period", at, rule=rule, audit=audit, period=days, performed=performed, **words)


def orders_have_a_line(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """What is ordered on a line that the budget in force lacks is committed all the same."""
    budget = latest.budget
    for each in budget.lines if budget else ():
        if budget and each.gone and each.committed != NOTHING:
            last = next(order.event for order in reversed(budget.orders) if order.line == each.line.id)
            words = {"line": each.line.id, "budget": budget.budget.id, "amount": kroner(each.committed)}
            was = _was(latest.plan, budget.budget, each.line.id)
            yield problem("order-on-dropped-line", last.at.of("line"), was=was, **words)


def no_more_is_cancelled_than_was_ordered(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """What is committed on a line is never below zero: that would leave more of its budget than there is."""
    for order in latest.budget.orders if latest.budget else ():
        if order.over > NOTHING:
            cancelled, ordered, name = order.event.amount, order.event.amount - order.over, order.event.called
            answer = phrase(_LESS, ordered=kroner(ordered)) if ordered > NOTHING else phrase(_NONE)
            said = {"cancelled": kroner(cancelled), "over": kroner(order.over), "line": order.event.line}
            yield problem("order-cancelled-over", order.event.at.of("amount"), event=name, answer=answer, **said)


def open_orders_are_not_booked(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """An order that is open though its very amount was booked on its line after it: paid, it would count twice."""
    orders = latest.budget.orders if latest.budget else ()
    left = Counter({(order.line, order.amount): 0 for order in orders})
    for order in orders:
        left[order.line, abs(order.amount)] += 1 if isinstance(order.event, log.Ordered) else -1
    if not any(count > 0 and amount > NOTHING for (_line, amount), count in left.items()):
        return
    for cost in latest.costs:
        if left.get((cost.line, cost.amount), 0) <= 0:
            continue
        match = next(
            (each for each in orders if (each.line, each.amount) == (cost.line, cost.amount) and _is_after(cost, each)),
            None,
        )
        if match:
            left[cost.line, cost.amount] -= 1
            said = {"line": cost.line, "amount": kroner(cost.amount), "ordered": match.event.happened, "day": cost.day}
            yield problem("order-looks-booked", match.event.at.of("amount"), **said)


def _is_after(cost: Cost, order: Order) -> bool:
    return isinstance(order.event, log.Ordered) and cost.day >= order.event.happened


def costs_wait_for_their_line(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """A cost on a line that a change brought is not older than the change's approval."""
    by_line: dict[str, list[Cost]] = defaultdict(list)
    for cost in counted(latest):
        if cost.part.line and term_of(dossier.plan, "cost-before-approval", cost.day):
            by_line[cost.part.line].append(cost)
    for line, costs in by_line.items():
        approved = _approved_on(dossier, line)
        early = [cost for cost in costs if approved and cost.day < approved]
        if early:
            term = term_of(dossier.plan, "cost-before-approval", early[0].day)
            yield problem(
                "cost-before-approval",
                _place(early[0]),
                line=line,
                day=approved,
                rule=quoted(dossier.plan, term),
                **_sum(early),
            )


def grant_is_not_overspent(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """No more is spent on a line than it has, nor on all of them than the grant and what others pay.

    A line whose overspending the log explains (a deviation with `line`) has been seen, and is not told again.
    """
    if latest.budget is None:
        return
    budget, explained = latest.budget.budget, {each.line for each in latest.history if isinstance(each, log.Deviation)}
    for each in latest.budget.lines:
        if each.variance <= NOTHING or each.line.id in explained:
            continue
        words = {"line": each.line.title, "id": each.line.id}
        code = "spent-on-dropped-line" if each.gone else "line-overspent"
        rule = quoted(dossier.plan, term_of(dossier.plan, code, min(latest.as_of, latest.closes)))
        if each.gone:  # its amount is another budget's
            at, spent, was = budget.at.of("stage"), kroner(each.spent), _was(latest.plan, budget, each.line.id)
            yield problem("spent-on-dropped-line", at, spent=spent, budget=budget.id, rule=rule, was=was, **words)
        else:
            at, over = each.line.at.of("amount"), kroner(each.variance)
            yield problem("line-overspent", at, over=over, rule=rule, **words)
    if latest.grant and latest.grant.awarded is not None:
        funding = latest.plan.funding_of(latest.budget.budget)
        financed = latest.grant.awarded + total(each.amount for each in funding)
        if latest.budget.spent > financed:
            term = term_of(dossier.plan, "grant-overspent", min(latest.as_of, latest.closes))
            over, rule = kroner(latest.budget.spent - financed), quoted(dossier.plan, term)
            yield problem("grant-overspent", latest.grant.grant.at.of("awarded"), over=over, rule=rule)


def income_names_its_payer(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """Where somebody promised to pay beside the grant, income says whether it is theirs: the settlement rests on it.

    Those who lack nothing are not asked for; where nobody does, the income is nobody's, which changes no figure.
    """
    income = income_of(latest, latest.booked)
    promised = [each for each in income.payers if each.funding.kind == "co"]
    first = next((each for each in latest.booked if each.place == "other-income" and _is_unnamed(each.rule)), None)
    if not promised or first is None or income.unnamed == NOTHING:
        return
    at, amount = Span(first.first.file, first.first.row, 1), kroner(income.unnamed)
    lacking = [each for each in promised if each.outstanding > NOTHING]
    if not lacking:
        yield problem("income-of-nobody", at, amount=amount)
        return
    one = lacking[0].funding
    yield problem(
        "income-without-payer",
        at,
        amount=amount,
        payers=", ".join(f"{each.funding.title} ({kroner(each.outstanding)} kr.)" for each in lacking),
        payer=one.title,
        answer=phrase(_NAME_IT, id=one.id) if one.id else phrase(_CALL_IT),
    )


_NAME_IT = N_("write other_income: {id} in the rule of allocation.yaml, or in one of its own above it")
_CALL_IT = N_("give the funding an id, and write other_income: with that id in the rule of allocation.yaml")


def income_is_not_the_municipalitys_own(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """Own money is not booked as income: a rule that says so has another payer, or no income at all."""
    plan = dossier.plan
    kinds: dict[str, set[str]] = defaultdict(set)
    for each in (*plan.funding, *(each for budget in plan.budgets for each in budget.funding)):
        kinds[each.id or ""].add(each.kind)
    for rule in dossier.postings.rules:
        if isinstance(rule.other_income, str) and kinds.get(rule.other_income) == {"own"}:
            yield problem("income-of-own", rule.at.of("other_income"), id=rule.other_income)


def spending_is_known(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """The books reach to the end of each period to report that is over, as far as the log knows what day it is."""
    if latest.budget is None or (latest.is_ended and not latest.is_granted):
        return
    until, today = latest.reach.until, dossier.last_known
    for duty in latest.plan.reports:
        ends = latest.spends_until(duty.period_ends)
        if duty.kind == "application" or duty.period_ends > today or not latest.reach.lacks_costs_until(ends):
            continue
        at = duty.at.of("period_ends")
        if until is None:
            yield problem("spending-not-known", at, ends=ends)
        else:
            yield known_until(at, until, ends)
    imports = [event for event in corrected(dossier.events) if isinstance(event, log.Imported)]
    if until and imports and not latest.reach.told:
        yield problem("import-end-unknown", imports[-1].at.span, until=until, event=imports[-1].called)


RULES = (
    costs_have_an_answer,
    orders_have_a_line,
    no_more_is_cancelled_than_was_ordered,
    open_orders_are_not_booked,
    costs_wait_for_their_line,
    grant_is_not_overspent,
    income_names_its_payer,
    income_is_not_the_municipalitys_own,
    spending_is_known,
)

# ── helpers ──────────────────────────────────────────────────────────────────────────────────


def _is_unnamed(rule: object) -> bool:
    return getattr(rule, "other_income", True) is True


def _approved_on(dossier: Dossier, line: str) -> date | None:
    """The day on which a line that the first version lacks was approved; None for a line from the beginning."""
    versions = sorted(dossier.plan.budgets, key=lambda budget: budget.id)
    first = next((budget for budget in versions if budget.line(line)), None)
    if first is None or first.stage != "change":
        return None
    approvals = (event for event in corrected(dossier.events) if isinstance(event, log.ChangeApproved))
    return min((event.happened for event in approvals if event.budget == first.id), default=None)


def _was(plan: Plan, budget: Budget, line: Id) -> Phrase:
    """That a line may carry another on: one of an earlier version, and not of one that came after and was refused."""
    is_earlier = any(before.line(line) for before in plan.budgets if before.id < budget.id)
    return phrase(_WAS, line=line) if is_earlier else Phrase("")


def _place(cost: Cost) -> Span:
    return Span(cost.part.first.file, cost.part.first.row, 1)


def _sum(costs: Iterable[Cost]) -> dict[str, object]:
    costs = list(costs)
    return {"count": sum(cost.part.count for cost in costs), "amount": kroner(total(cost.amount for cost in costs))}
