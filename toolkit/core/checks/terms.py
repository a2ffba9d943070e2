"""What the fund's or the letter's terms say of budgets, changes and costs.

The limits are data (templates/funds/, a project's own `terms`), never constants here: a project whose terms lack a rule
is not held to it. Each finding says the rule, whose word it is, how well that is known, and where it stands.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Iterator
from datetime import MAXYEAR, MINYEAR, date

from toolkit.core import events as log
from toolkit.core.budget_change import LineMove, Unapproved, unapproved, unsaid_refusals, year_totals
from toolkit.core.checks.grounds import GROUNDS, agency, asked_values, decided_on, made_on, quoted, term_of
from toolkit.core.checks.history import in_order
from toolkit.core.dossier import Dossier
from toolkit.core.events import AnyEvent
from toolkit.core.fund import Term
from toolkit.core.instalments import PAYMENT_TERMS
from toolkit.core.mentions import mentioning
from toolkit.core.money import NOTHING, Money, kroner, percentage, share, total
from toolkit.core.plan import AccountKind, Budget, Period, Plan
from toolkit.core.postings import Booked, fits
from toolkit.core.problems import N_, Phrase, Problem, Span, declare, phrase, problem
from toolkit.core.promise import with_changes
from toolkit.core.state import State, corrected

_ASK = N_(
    "ask {agency} first, and log its approval: pulje log … change-approved change=budget budget={budget}{also} "
    'by="{agency}"'
)

declare(
    "fund-gives-no-grant",
    "warning",
    N_("The project has a grant, and {fund} gives none: its documents say nothing of who gave it, nor by which terms."),
    N_("name the fund that gives it, fund: …, or take grant: out"),
)
declare(
    "payment-terms-differ",
    "warning",
    N_("The letter says both that the grant is paid in advance and that it is paid in arrears: {first} counts."),
    N_("look in the letter, and take the other out; if it was changed, say since: and the day"),
)
declare(
    "forbidden-line",
    "warning",
    N_('The budget has the line "{line}". {rule}'),
    N_("say in lines of their own what the money is for"),
)
declare(
    "equipment-budgeted",
    "warning",
    N_("The budget {budget} has {amount} kr. for equipment in {year}. {rule}"),
    N_("budget less for it, or take what another pays out of the grant's budget"),
)
declare(
    "line-new",
    "warning",
    N_('"{line}" ({amount} kr.) is new in {budget} since {base}, and {agency} has not approved it. {rule}'),
    _ASK,
)
declare(
    "line-gone",
    "warning",
    N_('"{line}" is gone from {budget} since {base}, and {agency} has not approved that. {rule}'),
    _ASK,
)
declare(
    "move-over-limit",
    "warning",
    N_('"{line}" has changed by {moved} kr. in all from {base} to {budget}, and {agency} has not approved it. {rule}'),
    _ASK,
)
declare(
    "moves-over-limit",
    "warning",
    N_(
        "The budget {budget} moves {moved} kr. in all between its lines from {base}, and {agency} has not approved "
        "it. {rule}"
    ),
    _ASK,
)
declare(
    "money-between-years",
    "warning",
    N_(
        "The budget {budget} moves {moved} kr. in all between years from {base}, and {agency} has not approved it. "
        "{rule}"
    ),
    _ASK,
)
declare(
    "extension-late",
    "warning",
    N_("The extension was asked for on {day}, after the period ended on {ends}. {rule}"),
    N_("speak to {agency} at once"),
)
declare(
    "start-late",
    "warning",
    N_("{told} {rule}"),
    N_("log what has been done, pulje log … activity-held title=…, or speak to the agency at once"),
)
declare(
    "equipment-over-limit",
    "warning",
    N_("{amount} kr. of equipment are posted on the budget's lines in {year} (postings: {count}). {rule}"),
    N_("let the municipality pay the rest: not_eligible: true in allocation.yaml"),
)
declare(
    "vat-on-line",
    "warning",
    N_("{amount} kr. on {line} are from accounts of VAT (postings: {count}). {rule}"),
    N_("if the municipality gets the VAT back, place it with not_eligible: true"),
)
declare(
    "vat-mentioned",
    "note",
    N_(
        "On account {account} the texts of {amount} kr. mention VAT (postings: {count}). Words alone prove "
        "nothing: the account's kind decides. {rule}"
    ),
    N_('say what kind it is under erp: in project.yaml: account_kinds: {{"{account}": cost}}, or vat if it is VAT'),
)

GROUNDS.update(
    {
        "forbidden-line": "forbidden-lines",
        "equipment-budgeted": "equipment-a-year",
        "line-new": "project-change",
        "line-gone": "project-change",
        "move-over-limit": "budget-change-approval",
        "moves-over-limit": "budget-change-approval",
        "money-between-years": "carry-over",
        "extension-late": "extension",
        "start-late": "start-within-six-months",
        "equipment-over-limit": "equipment-a-year",
        "vat-on-line": "vat",
        "vat-mentioned": "vat",
    }
)

# ── the budget ───────────────────────────────────────────────────────────────────────────────


def a_grant_has_a_fund_that_gives_it(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """A fund that gives no grants stands for projects without one."""
    plan = dossier.plan
    if plan.grant and plan.terms and not plan.terms.gives_grants:
        yield problem("fund-gives-no-grant", plan.at.of("fund"), fund=plan.terms.title)


def the_letter_says_when_it_pays_in_one_way(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """The letter says that the grant is paid in advance or in arrears; of both, from one day, the first counts."""
    said: dict[date | None, Term] = {}
    for term in dossier.plan.letter_terms:
        if term.id in PAYMENT_TERMS and (first := said.setdefault(term.since, term)) is not term:
            yield problem("payment-terms-differ", term.at.of("id"), first=first.id)


def budget_has_no_forbidden_lines(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """No line for what the fund does not pay: overhead, diverse, uforudsete udgifter.

    Only the newest version is looked at: an older one is never edited, so nothing could be done about it.
    """
    newest = _newest(dossier)
    if newest is None:
        return
    day = decided_on(corrected(dossier.events), newest)
    terms = [(term, mentioning(term.words)) for term in dossier.plan.every_term_of(GROUNDS["forbidden-line"], day)]
    for line in newest.lines:
        if term := next((term for term, forbids in terms if forbids(line.title)), None):
            yield problem("forbidden-line", line.at.of("title"), line=line.title, rule=quoted(dossier.plan, term))


def equipment_is_budgeted_within_its_limit(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """The equipment lines of the newest version have no more for any calendar year than the terms allow.

    A line that does not divide its money on years says nothing of any of them.
    """
    plan, newest = dossier.plan, _newest(dossier)
    if newest is None:
        return
    lines = [line for line in newest.lines if line.equipment]
    years = {*(year for line in lines for year in line.by_year), *(int(m[:4]) for line in lines for m in line.by_month)}
    for year in sorted(years):
        planned = [line for line in lines if line.in_year(year)]
        amount = total(line.in_year(year) or NOTHING for line in planned)
        term = term_of(plan, "equipment-budgeted", max(date(year, 1, 1), latest.plan.cost_period.starts))
        if term and term.is_above(amount):
            at = planned[0].at.of("by_year" if planned[0].by_year else "by_month")
            words = {"budget": newest.id, "year": year, "amount": kroner(amount), "rule": quoted(plan, term)}
            yield problem("equipment-budgeted", at, **words)


# ── changes of the budget ────────────────────────────────────────────────────────────────────


def changed_lines_are_the_agencys(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """A line that is new or gone, or has moved by more than the limits, needs the agency, not only the council.

    Moves add up from what the agency last approved. The limit is an amount, or a share of what the terms may leave
    unsaid: then it is asked of each line, of the whole budget, and of all moves together.
    Source: Håndbog om tilskudsregler, projekt- og budgetændringer (a significant new cost changes the project).
    """
    plan = dossier.plan
    for version in _to_ask_for(dossier):
        lines = [found for move in version.moves if move.moved_now for found in _of_move(plan, version, move)]
        yield from lines
        limits = _term_at(plan, "moves-over-limit", version)
        moved_now = any(move.moved_now for move in version.moves)
        if limits and moved_now and not lines and _whole_is_over(limits, version):
            at = _place_of(version, version.budget.at.of("stage"))
            moved, reckoned = kroner(version.moved), _of_all(plan, limits, version)
            yield problem("moves-over-limit", at, moved=moved, rule=reckoned, **_words(plan, version))


def _of_move(plan: Plan, version: Unapproved, move: LineMove) -> Iterator[Problem]:
    """What one line's move asks the agency for."""
    project, limits = _term_at(plan, "line-new", version), _term_at(plan, "move-over-limit", version)
    line, words = move.line, _words(plan, version)
    if move.before is None and project:
        at, amount = _place_of(version, line.at.of("id")), kroner(line.amount)
        yield problem("line-new", at, line=line.title, amount=amount, rule=quoted(plan, project), **words)
    elif move.after is None and project:
        at = _place_of(version, version.budget.at.of("stage"))
        yield problem("line-gone", at, line=line.title, rule=quoted(plan, project), **words)
    elif limits and _line_is_over(limits, move, version.base):
        at, moved = _place_of(version, line.at.of("amount")), kroner(abs(move.difference))
        reckoned = _of_line(plan, limits, move, version.base)
        yield problem("move-over-limit", at, line=line.title, moved=moved, rule=reckoned, **words)


def money_stays_in_its_year(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """Money that moves from one year to another is a change in itself, however little it is.

    Source: Håndbog om tilskudsregler, overførsel af uforbrugte midler.
    """
    plan, period = dossier.plan, latest.plan.project_period
    years = range(period.starts.year, period.ends.year + 1)
    for version in _to_ask_for(dossier):
        term = _term_at(plan, "money-between-years", version)
        moved = _between_years(version.base, version.budget, period)
        moved_now = year_totals(version.previous, years) != year_totals(version.budget, years)
        if term and moved_now and moved > NOTHING:
            yield problem(
                "money-between-years",
                _place_of(version, version.budget.at.of("stage")),
                moved=kroner(moved),
                rule=quoted(dossier.plan, term),
                **_words(plan, version),
            )


def _to_ask_for(dossier: Dossier) -> Iterator[Unapproved]:
    """The versions that the agency has not approved; a refusal that does not say what it refuses is told itself."""
    unsaid = unsaid_refusals(in_order(dossier))
    refused = [request.budget for _refusal, requests in unsaid for request in requests]
    for version in unapproved(dossier.plan, corrected(dossier.events)):
        if version.approval or version.budget.id not in refused:
            yield version


# ── days ─────────────────────────────────────────────────────────────────────────────────────


def extension_is_asked_in_time(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """An extension is asked for before the period ends, at the latest on its last day.

    It is the project's period where that is what is to be moved, else the grant's own. The council alone extends
    nothing.
    """
    events = in_order(dossier)
    for at, event in enumerate(events):
        if isinstance(event, log.ChangeRequested) and event.change == "extension":
            answered = (each for each in events[:at] if not _is_the_councils(dossier.plan, each))
            plan = with_changes(dossier.plan, answered)
            is_the_projects = "project_period.ends" in event.values
            ends = plan.project_period.ends if is_the_projects else plan.cost_period.ends
            words = {"day": event.happened, "ends": ends, "agency": agency(plan)}
            if event.happened > ends and (term := term_of(plan, "extension-late", event.happened)):
                yield problem("extension-late", event.at.of("happened"), rule=quoted(dossier.plan, term), **words)


def project_starts_in_time(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """Something shows that the project began within so many months of the grant's period: then the grant may lapse.

    What shows it is a cost in the books, or that something was held, reached, measured or ordered. Until the day has
    passed as far as anything is known, only a project period that begins too late is told of.
    Source: Håndbog om tilskudsregler, projektperiode og tilskuddets anvendelse.
    """
    plan = latest.plan
    period = plan.cost_period
    term = term_of(plan, "start-late", period.starts)
    awarded = latest.grant is not None and latest.grant.awarded is not None
    if term is None or term.months is None or not awarded or period.precision != "day":
        return
    last_day = _months_after(period.starts, term.months)
    if latest.grant and latest.grant.over and latest.grant.over.happened <= last_day:
        return  # nobody asks when it was to begin
    signs = [event.happened for event in latest.history if isinstance(event, _SIGNS_OF_WORK)]
    signs += [part.day for part in latest.booked if part.place in _COSTS and part.amount > NOTHING]
    words = {"day": last_day, "months": term.months, "starts": period.starts, "planned": plan.project_period.starts}
    if min(signs, default=date.max) <= last_day:
        return
    if signs or dossier.last_known > last_day:
        told = phrase(_NOTHING_SHOWS, **words)
    elif plan.project_period.starts > last_day:
        told = phrase(_PLANNED_LATE, **words)
    else:
        return
    yield problem("start-late", period.at.of("starts"), told=told, rule=quoted(dossier.plan, term))


_COSTS = ("line", "unallocated", "not-eligible")
_SIGNS_OF_WORK = log.ActivityHeld | log.MilestoneReached | log.Measured | log.Ordered
_NOTHING_SHOWS = N_(
    "Neither the log nor the books show that the project had begun by {day}, {months} months after the grant's period "
    "began on {starts}."
)
_PLANNED_LATE = N_(
    "The project period begins on {planned}, more than {months} months after the grant's period begins on {starts}."
)

# ── costs ────────────────────────────────────────────────────────────────────────────────────


def equipment_stays_within_its_limit(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """What is booked on equipment lines and accounts is in no calendar year more than the terms allow.

    Source: BEK 614/2020 § 14.
    """
    plan = dossier.plan
    versions = sorted(plan.budgets, key=lambda budget: budget.id)
    says = {line.id: line.equipment for budget in versions for line in budget.lines}  # the newest version's word
    by_year: dict[int, list[Booked]] = {}
    kinds = _kinds(plan, latest.booked)
    for part in latest.booked:
        if part.line is not None and (says.get(part.line) or kinds[part.account] == "equipment"):
            by_year.setdefault(part.day.year, []).append(part)
    for year, booked in sorted(by_year.items()):
        for term, parts in _over_limit(_by_term(plan, "equipment-over-limit", booked)):
            yield problem("equipment-over-limit", _place(parts[0]), year=year, rule=quoted(plan, term), **_sum(parts))


def vat_is_no_cost(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """VAT that the municipality gets back is no cost of the project.

    An account that erp.account_kinds calls `vat` is VAT. What a text mentions proves nothing: it is the account's kind
    that does, so that is asked for, once for each account that nobody has said it of.
    """
    plan = dossier.plan
    kinds = _kinds(plan, latest.booked)
    for term, booked in _by_term(plan, "vat-on-line", latest.booked):
        rule = quoted(plan, term)
        for line, parts in _by_line(part for part in booked if kinds[part.account] == "vat"):
            yield problem("vat-on-line", _place(parts[0]), line=line, rule=rule, **_sum(parts))
        mentioned = latest.postings.with_text(mentioning(term.words)).booked if term.words else ()
        asked: dict[str, list[Booked]] = {}
        for its, held in _by_term(plan, "vat-mentioned", mentioned):
            for part in held if its is term else ():
                if part.line is not None and kinds[part.account] is None:
                    asked.setdefault(part.account, []).append(part)
        for account, parts in asked.items():
            yield problem("vat-mentioned", _place(parts[0]), account=account, rule=rule, **_sum(parts))


RULES = (
    a_grant_has_a_fund_that_gives_it,
    the_letter_says_when_it_pays_in_one_way,
    budget_has_no_forbidden_lines,
    equipment_is_budgeted_within_its_limit,
    changed_lines_are_the_agencys,
    money_stays_in_its_year,
    extension_is_asked_in_time,
    project_starts_in_time,
    equipment_stays_within_its_limit,
    vat_is_no_cost,
)

# ── whose answer it is ───────────────────────────────────────────────────────────────────────


def _is_the_councils(plan: Plan, event: AnyEvent) -> bool:
    """Whether an approval is not the agency's, but that of somebody in the municipality."""
    return isinstance(event, log.ChangeApproved) and event.by is not None and not plan.is_agency(event.by)


# ── how a move is reckoned ───────────────────────────────────────────────────────────────────


def _line_is_over(limits: Term, move: LineMove, base: Budget) -> bool:
    """Whether one line's move is over the limit in any of the ways that the term may mean."""
    moved, had = abs(move.difference), move.before or NOTHING
    of_line = limits.share_of != "budget" and limits.is_above_share(moved, had)
    of_budget = limits.share_of != "line" and limits.is_above_share(moved, base.amount)
    return moved > NOTHING and bool(limits.is_above(moved) or of_line or of_budget)


def _whole_is_over(limits: Term, version: Unapproved) -> bool:
    """Whether all moves together are over the limit, unless the term says that it is each line's."""
    if limits.share_of == "line":
        return False
    return bool(limits.is_above(version.moved) or limits.is_above_share(version.moved, version.base.amount))


def _of_line(plan: Plan, limits: Term, move: LineMove, base: Budget) -> Phrase:
    """What one line's move is a share of, in each way that the term may mean, and the term."""
    moved = abs(move.difference)
    line = share(moved, move.before or NOTHING)
    budget = share(moved, base.amount)
    if limits.share is None or budget is None:
        return quoted(plan, limits)
    said: dict[str, object] = {"rule": quoted(plan, limits), "budget": percentage(budget, limits.share)}
    if limits.share_of == "budget":
        return phrase(_SHARE_OF_BUDGET, **said)
    if line is None:
        return phrase(_SHARE_OF_NOTHING if limits.share_of else _SHARE_OF_NEW, **said)
    said["line"] = percentage(line, limits.share)
    return phrase(_SHARE_OF_LINE if limits.share_of else _SHARE_OF_EITHER, **said)


def _of_all(plan: Plan, limits: Term, version: Unapproved) -> Phrase:
    """What all moves together are a share of, and the term."""
    budget = share(version.moved, version.base.amount)
    if limits.share is None or budget is None:
        return phrase(_AMOUNT_OF_EITHER, rule=quoted(plan, limits))
    said: dict[str, object] = {"rule": quoted(plan, limits), "budget": percentage(budget, limits.share)}
    return phrase(_SHARE_OF_BUDGET if limits.share_of else _SHARE_OF_ALL, **said)


_SHARE_OF_EITHER = N_(
    "That is {line} pct. if reckoned of the line, and {budget} pct. if reckoned of the whole budget; which of them it "
    "is has not been stated. {rule}"
)
_SHARE_OF_LINE = N_("That is {line} pct. of the line. {rule}")
_SHARE_OF_NOTHING = N_("The line had nothing before. {rule}")
_SHARE_OF_NEW = N_(
    "That is {budget} pct. if reckoned of the whole budget; the line had nothing before. Which of them it is has not "
    "been stated. {rule}"
)
_SHARE_OF_BUDGET = N_("That is {budget} pct. of the whole budget. {rule}")
_SHARE_OF_ALL = N_(
    "That is {budget} pct. of the whole budget; whether the limit is each line's or that of all moves together has not "
    "been stated. {rule}"
)
_AMOUNT_OF_EITHER = N_("Whether the limit is each line's or that of all moves together has not been stated. {rule}")


# ── helpers ──────────────────────────────────────────────────────────────────────────────────


def _newest(dossier: Dossier) -> Budget | None:
    """The newest version that was not refused."""
    events = corrected(dossier.events)
    approved = {event.budget for event in events if isinstance(event, log.ChangeApproved)}
    refused = {event.budget for event in events if isinstance(event, log.ChangeRefused)} - approved
    versions = (budget for budget in dossier.plan.budgets if budget.id not in refused)
    return max(versions, key=lambda budget: budget.id, default=None)


def _words(plan: Plan, version: Unapproved) -> dict[str, object]:
    also = asked_values(version.request)
    return {"budget": version.budget.id, "base": version.base.id, "agency": agency(plan), "also": also}


def _term_at(plan: Plan, code: str, version: Unapproved) -> Term | None:
    """The term that was in force when a version was approved, else when it was asked for, else when it was made."""
    decided = version.approval or version.request
    return term_of(plan, code, decided.happened if decided else made_on(version.budget))


def _place_of(version: Unapproved, otherwise: Span) -> Span:
    """Who approved it, where anybody has."""
    return version.approval.at.of("by") if version.approval else otherwise


def _months_after(day: date, months: int) -> date:
    """The same day so many months later; the month's last day where there is none."""
    year, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + year, month + 1
    if not MINYEAR <= year <= MAXYEAR:
        return date.max
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def _kinds(plan: Plan, booked: Iterable[Booked]) -> dict[str, AccountKind | None]:
    """What sort of account each is, as the project says; None where nobody has said."""
    patterns = plan.erp.account_kinds if plan.erp else {}
    return {
        account: next((kind for pattern, kind in patterns.items() if fits(pattern, account)), None)
        for account in {part.account for part in booked}
    }


def _over_limit(of_a_year: list[tuple[Term, list[Booked]]]) -> Iterator[tuple[Term, list[Booked]]]:
    """What is over the limit of its own days; where none is, all of the year where it is over each limit it had."""
    over = [(term, parts) for term, parts in of_a_year if term.is_above(total(part.amount for part in parts))]
    every = [part for _term, parts in of_a_year for part in parts]
    if not over and all(term.is_above(total(part.amount for part in every)) for term, _parts in of_a_year):
        over = [(term, every) for term, _parts in of_a_year[-1:]]
    yield from over


def _by_term(plan: Plan, code: str, booked: Iterable[Booked]) -> list[tuple[Term, list[Booked]]]:
    """What was booked on the days of each term that holds in turn: until the letter's does, the fund's."""
    terms: dict[date, Term | None] = {}
    found: list[tuple[Term, list[Booked]]] = []
    for part in booked:
        if part.day not in terms:
            terms[part.day] = term_of(plan, code, part.day)
        if term := terms[part.day]:
            parts = next((parts for its, parts in found if its is term), None)
            if parts is None:
                found.append((term, parts := []))
            parts.append(part)
    return found


def _between_years(before: Budget, after: Budget, period: Period) -> Money:
    """How much moves from one year to another, in øre; a year that not both versions give money says nothing."""
    years = range(period.starts.year, period.ends.year + 1)
    had, gets = year_totals(before, years), year_totals(after, years)
    differences = [new - old for year in years if (old := had[year]) is not None and (new := gets[year]) is not None]
    gained = total(each for each in differences if each > NOTHING)
    lost = total(-each for each in differences if each < NOTHING)
    return min(gained, lost)


def _by_line(booked: Iterable[Booked]) -> Iterator[tuple[str, list[Booked]]]:
    by_line: dict[str, list[Booked]] = {}
    for part in booked:
        if part.line is not None:
            by_line.setdefault(part.line, []).append(part)
    yield from by_line.items()


def _place(part: Booked) -> Span:
    return Span(part.first.file, part.first.row, 1)


def _sum(parts: list[Booked]) -> dict[str, object]:
    return {"count": sum(part.count for part in parts), "amount": kroner(total(part.amount for part in parts))}
