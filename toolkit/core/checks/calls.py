"""What the fund's call says, held against what the project applies for: its round, its days, its period, its limits."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date

from toolkit.core import events as log
from toolkit.core.answers import course_of
from toolkit.core.checks.grounds import GROUNDS, known_as, quoted, term_of
from toolkit.core.checks.history import in_order
from toolkit.core.dossier import Dossier
from toolkit.core.fund import Fund, SourcedDay, Standing
from toolkit.core.money import kroner
from toolkit.core.plan import Precision
from toolkit.core.problems import N_, Phrase, Problem, Span, declare, listed, phrase, problem
from toolkit.core.records import Id
from toolkit.core.state import State

declare(
    "round-unknown",
    "error",
    N_("{fund} has no round named {round}."),
    N_("{instead}"),
)
_USE_ROUND, _NO_ROUND = N_("use {known}"), N_("take it out: its file names no rounds")
declare(
    "round-not-said",
    "warning",
    N_("{fund} has several rounds, and nothing says which the project is of: none of their days is held against it."),
    N_("write round: and one of these: {known}"),
)
declare(
    "applied-without-call",
    "warning",
    N_("{fund} is distributed by a key and nobody applies for it, and this says that somebody has. {rule}"),
    N_("{instead}"),
    N_("do not log this"),
)
_TAKE_OUT, _NEVER_SENT = N_("take it out"), N_("pulje log … corrected event={event} withdrawn=true")
declare(
    "applied-outside-call",
    "warning",
    N_("The application is of {day}, and {told} {rule}"),
    N_("correct the day that is wrong{again}; if it is of another round, write round: and its name"),
    N_("correct the day; if it is of another round, write round: and its name in project.yaml"),
)
_CLOSED = N_("the call closed on {closes}{hour}.")
_NOT_OPEN = N_("the call opened on {opens}.")
_AT = N_(" at {hour}")
_AGAIN = N_(": pulje log … corrected event={event} values.happened=…")
declare(
    "period-outside-fund",
    "warning",
    N_("The period {starts} to {ends} goes outside that of {fund}, which is {said}. The award letter goes before it."),
    N_(
        "correct the days that are wrong; if the award letter has others, which go before, say so under terms: - "
        "{{id: costs-in-period, text: …}}"
    ),
)
_FROM, _TO = N_("from {day} ({source}{known})"), N_("to {day} ({source}{known})")
# A day as far as the project knows its own: what it knows by month is outside in another month.
_KNOWN_TO: Mapping[Precision, Callable[[date], tuple[int, ...]]] = {
    "day": lambda day: (day.year, day.month, day.day),
    "month": lambda day: (day.year, day.month),
    "year": lambda day: (day.year,),
}
_BY: Mapping[Standing | None, str] = {
    None: "",
    "verified": N_("; the fund's own text"),
    "sibling": N_("; a sibling fund or the agency's handbook"),
    "background": N_("; general knowledge"),
}
declare(
    "applied-over-maximum",
    "warning",
    N_("{amount} kr. are applied for, and that is more than a project can get. {rule}"),
    N_(
        "apply for less; if the award letter has another limit, which goes before, say so under terms: - "
        "{{id: maximum, amount: …, text: …}}"
    ),
)
declare(
    "applied-under-minimum",
    "warning",
    N_("{amount} kr. are applied for, and that is less than can be applied for. {rule}"),
    N_(
        "apply for more; if the award letter has another limit, which goes before, say so under terms: - "
        "{{id: minimum, amount: …, text: …}}"
    ),
)

GROUNDS.update(
    {
        "applied-without-call": "distribution-key",
        "applied-over-maximum": "maximum",
        "applied-under-minimum": "minimum",
    }
)


def a_project_is_of_one_round(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """Of a fund with several rounds the project says which it is of; one that it names is there."""
    plan, fund = dossier.plan, dossier.plan.terms
    if fund is None:
        return
    known = " / ".join(each.id for each in fund.rounds)
    if plan.round is not None and fund.round_of(plan.round) is None:
        instead = phrase(_USE_ROUND, known=known) if known else Phrase(_NO_ROUND)
        yield problem("round-unknown", plan.at.of("round"), fund=fund.title, round=plan.round, instead=instead)
    elif plan.round is None and len(fund.rounds) > 1 and "round" not in plan.at.keys:  # MANGLER is told already
        yield problem("round-not-said", plan.at.of("fund"), fund=fund.title, known=known)


def nobody_applies_for_what_a_key_distributes(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """Where a key distributes the money, neither an amount that was asked for nor an application means anything."""
    plan = dossier.plan
    if plan.is_applied_for or plan.terms is None:
        return
    words = {"fund": plan.terms.title, "rule": quoted(plan, term_of(plan, "applied-without-call", date.max))}
    if plan.grant:
        for key in ("applied", "applied_on"):
            if getattr(plan.grant, key) is not None:
                yield problem("applied-without-call", plan.grant.at.of(key), instead=Phrase(_TAKE_OUT), **words)
    for event in in_order(dossier):
        if isinstance(event, log.Applied):
            instead = phrase(_NEVER_SENT, event=event.called)
            yield problem("applied-without-call", event.at.span, instead=instead, **words)


def applications_keep_the_days_of_the_call(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """The grant is applied for on a day of the call. Nobody logs the hour of a day, so its last day is in time."""
    plan, fund = dossier.plan, dossier.plan.terms
    if fund is None or not plan.is_applied_for:
        return
    its = fund.round_of(plan.round)
    rule = known_as(its) if its else Phrase("")
    for day, at, event in _applications(dossier):
        if told := _outside(fund, day):
            again = phrase(_AGAIN, event=event.called) if event else Phrase("")
            yield problem("applied-outside-call", at, day=day, told=told, again=again, rule=rule)


def the_period_is_within_the_funds(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """What the grant may pay lies in the days that the fund is for, by the source that has most of them.

    It is held against what was promised: the agency may have moved it since, and so may a term of the letter's own.
    """
    plan, fund = dossier.plan, dossier.plan.terms
    if fund is None or any(term.id == "costs-in-period" for term in plan.letter_terms):
        return
    period = plan.cost_period
    known = _KNOWN_TO[period.precision]
    early = bool(fund.starts) and known(period.starts) < known(min(each.value for each in fund.starts))
    late = bool(fund.ends) and known(period.ends) > known(max(each.value for each in fund.ends))
    if early or late:
        its = fund.round_of(plan.round)
        said = [
            *(_sourced(fund, its.standing if its and its.starts else None, _FROM, fund.starts) if early else ()),
            *(_sourced(fund, its.standing if its and its.ends else None, _TO, fund.ends) if late else ()),
        ]
        words = {"starts": period.starts, "ends": period.ends, "fund": fund.title, "said": listed(said)}
        yield problem("period-outside-fund", period.at.of("starts" if early else "ends"), **words)


def what_is_applied_for_keeps_the_limits(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """No more is applied for than the terms let one project have, and no less than they ask for."""
    plan, grant = dossier.plan, latest.grant
    if grant is None or grant.applied is None or not plan.is_applied_for:
        return
    day = grant.applied_on or (plan.terms.call_closes if plan.terms else None) or plan.project_period.starts
    at = grant.application.at.of("amount") if grant.application else grant.grant.at.of("applied")
    most, least = term_of(plan, "applied-over-maximum", day), term_of(plan, "applied-under-minimum", day)
    words = {"amount": kroner(grant.applied)}
    if most and most.is_above(grant.applied):
        yield problem("applied-over-maximum", at, rule=quoted(plan, most), **words)
    if least and least.is_below(grant.applied):
        yield problem("applied-under-minimum", at, rule=quoted(plan, least), **words)


RULES = (a_project_is_of_one_round,)
JOINED_RULES = (
    nobody_applies_for_what_a_key_distributes,
    applications_keep_the_days_of_the_call,
    the_period_is_within_the_funds,
    what_is_applied_for_keeps_the_limits,
)

# ── helpers ──────────────────────────────────────────────────────────────────────────────────


def _applications(dossier: Dossier) -> Iterator[tuple[date, Span, log.Applied | None]]:
    """When the grant was applied for, applications for more of it apart; project.yaml's day where none is logged."""
    grant, events = dossier.plan.grant, in_order(dossier)
    beside = course_of(dossier.plan, events).beside
    logged = [event for event in events if isinstance(event, log.Applied)]
    for event in logged:
        if event.called not in beside:
            yield event.happened, event.at.of("happened"), event
    if grant and grant.applied_on and not logged:
        yield grant.applied_on, grant.at.of("applied_on"), None


def _outside(fund: Fund, day: date) -> Phrase | None:
    """What the call says where a day is none of its own."""
    if fund.call_closes and day > fund.call_closes:
        hour = phrase(_AT, hour=fund.call_closes_at) if fund.call_closes_at else Phrase("")
        return phrase(_CLOSED, closes=fund.call_closes, hour=hour)
    if fund.call_opens and day < fund.call_opens:
        return phrase(_NOT_OPEN, opens=fund.call_opens)
    return None


def _sourced(fund: Fund, standing: Standing | None, text: str, days: Iterable[SourcedDay]) -> Iterator[Phrase]:
    """Each source's word for a day, with the source's title, else its id, and how well it is known."""
    titles = {each.id: each.title for each in fund.sources}
    for each in days:
        source = titles.get(each.source or Id(""), each.source or "–")
        yield phrase(text, day=each.value, source=source, known=Phrase(_BY[each.standing or standing]))
