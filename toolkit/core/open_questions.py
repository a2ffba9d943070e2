"""What must be answered before a document can leave: by whoever keeps the books, or by the agency."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from toolkit.core.checks.grounds import agency
from toolkit.core.doubts import Doubtful, doubtful
from toolkit.core.money import kroner
from toolkit.core.problems import N_, Problem, Span, declare, listed, phrase, problem
from toolkit.core.reach import Gap
from toolkit.core.report import Report
from toolkit.core.words import PAYERS, named

declare(
    "accounts-cost-open",
    "error",
    N_("Final accounts cannot be made while {amount} kr. of the books wait for an answer (postings: {count})."),
    N_("pulje check names each of them and the answers there are; or make a draft: --draft"),
)
declare(
    "accounts-payer-open",
    "error",
    N_("Nothing says who pays first, and what the grant covers depends on it ({outcomes})."),
    N_(
        "ask {agency}, and write the answer in project.yaml: "
        "terms: [{{id: payer-order, payers: proportional, text: …}}]; or make a draft: --draft"
    ),
)
declare(
    "accounts-posting-open",
    "error",
    N_(
        "Final accounts cannot be made while postings are told of as gone from the books, or as there twice "
        "(postings: {count}, costs {costs} kr., income {income} kr.)."
    ),
    N_("pulje check names each of them and the answers there are; or make a draft: --draft"),
)
declare(
    "request-of-nothing",
    "error",
    N_("The request is to carry over what {year} left, but by the books nothing is left of it ({left} kr.)."),
    N_(
        "find what is booked on the wrong line or year, or take the request back: "
        "pulje log … corrected event={event} withdrawn=true"
    ),
)
declare(
    "request-before-year",
    "error",
    N_("The request of {day} is to carry over what {year} leaves, and that year had not begun."),
    N_("correct the year: pulje log … corrected event={event} values.year={before}; or make a draft: --draft"),
)
declare(
    "figures-doubtful",
    "warning",
    N_(
        "The figures rest on postings that are told of as gone from the books, or as there twice "
        "(postings: {count}, costs {costs} kr., income {income} kr.)."
    ),
    N_("pulje check names each of them, and what ends it"),
)
declare(
    "figures-unanswered",
    "error",
    N_(
        "This is the last word on the money, and rests on postings that are told of as gone from the books, or as "
        "there twice (postings: {count}, costs {costs} kr., income {income} kr.)."
    ),
    N_("pulje check names each of them, and what ends it; or send it as it is: --incomplete"),
)
declare(
    "spending-known-until",
    "warning",
    N_("What was spent is known until {until}, and not until {ends}."),
    N_("import the rest; if the export covers it, import it again with --ends {ends}"),
)
declare(
    "spending-incomplete",
    "error",
    N_("What was spent is known until {until}, but the document tells of the days until {ends}."),
    N_("import the rest, or send it as it is: --incomplete"),
)

declare(
    "months-not-imported",
    "warning",
    N_("No import covers {months}: whether anything was spent then is not known."),
    N_(
        "import them: pulje import PROJECT FILE; if nothing was booked then, say that an export covers them: "
        "pulje log … corrected event={event} values.starts={starts}"
    ),
    N_("write starts={starts}, if the export covers those months too"),
)
declare(
    "final-without-months",
    "error",
    N_("This is the last word on the money, and no import covers {months}."),
    N_(
        "import them; if nothing was booked then: pulje log … corrected event={event} values.starts={starts}; or send "
        "it as it is: --incomplete"
    ),
)

declare(
    "request-without-months",
    "error",
    N_("The request is to carry over what {year} left, and no import covers {months}."),
    N_(
        "import them; if nothing was booked then: pulje log … corrected event={event} values.starts={starts}; or send "
        "it as it is: --incomplete"
    ),
)

FINAL = ("final-report", "accounts")  # kinds that nothing comes after
REPORTING = ("status-report", "final-report", "accounts")  # kinds that tell what was spent in a period


def open_questions(report: Report, like: str) -> Iterator[Problem]:
    """What keeps a document from being made: a request to carry over what cannot be there, and final accounts.

    Those wait while nobody has answered for something, or said who pays first. Before the project has ended accounts
    are not final, and settle nothing.
    """
    request = report.request
    if request and request.is_before_year:
        event = request.event
        before = {"day": event.happened, "year": request.year, "before": event.happened.year, "event": event.called}
        yield problem("request-before-year", event.at.span, **before)
    elif request and request.unspent_total and request.is_of_nothing:
        at, left = request.event.at.span, kroner(request.unspent_total.unspent)
        yield problem("request-of-nothing", at, year=request.year, left=left, event=request.event.called)
    economy, grant = report.economy, report.state.grant
    if like != "accounts" or economy is None or grant is None or not economy.settlement.outcomes:
        return
    at = report.state.plan.project_period.at.span
    for row in report.spending.table.waiting if report.spending and economy.settlement.is_awarded else ():
        costs = [cost for cost in economy.budget.apart if cost.apart == row.what]
        first, count = costs[0].part.first, sum(cost.part.count for cost in costs)
        yield problem("accounts-cost-open", Span(first.file, first.row, 1), amount=kroner(row.spent), count=count)
    if found := _doubtful(report):
        yield problem("accounts-posting-open", _place(found), **_sums(found))
    if economy.settlement.outcome is None:
        outcomes = listed(
            phrase("{payers}: {covered} kr.", payers=named(PAYERS, each.payers), covered=kroner(each.covered))
            for each in economy.settlement.outcomes
        )
        yield problem("accounts-payer-open", at, outcomes=outcomes, agency=agency(report.state.plan))


def figures_are_doubted(report: Report) -> Iterator[Problem]:
    """A document whose figures rest on postings that nobody has answered for."""
    if found := _doubtful(report):
        yield problem("figures-doubtful", _place(found), **_sums(found))


def spending_is_short(report: Report, like: str) -> Iterator[Problem]:
    """A document that tells of days which the books do not reach."""
    ends = _tells_until(report, like)
    if ends and (until := report.state.reach.short_of(ends)):
        yield known_until(report.state.plan.project_period.at.span, until, ends)
    if ends:
        yield from months_missing(report.state.reach.gaps_until(ends))


def months_missing(gaps: Iterable[Gap]) -> Iterator[Problem]:
    """That no import covers some months, each at the first import that begins after them."""
    for gap in gaps:
        yield problem("months-not-imported", gap.after.at.of("starts"), **months_told(gap))


def months_told(gap: Gap) -> dict[str, object]:
    """A gap as problems name it."""
    first, last = f"{gap.starts:%Y-%m}", f"{gap.ends:%Y-%m}"
    months = first if first == last else f"{first} – {last}"
    return {"months": months, "event": gap.after.called, "starts": gap.starts}


def known_until(at: Span, until: date, ends: date) -> Problem:
    """That the books reach less far than somebody wants to tell."""
    return problem("spending-known-until", at, until=until, ends=ends)


def may_not_be_sent(report: Report, like: str) -> Iterator[Problem]:
    """What is sent only where somebody says that it is incomplete.

    A document of which an import itself says that it lacks days; where none says how far it reaches, it is only told.
    The last word on the money, and a request to carry money over, while months are missing before that. And the last
    word on the money, while postings behind it are doubted.
    """
    reach, ends = report.state.reach, _tells_until(report, like)
    if ends and reach.told and (until := reach.short_of(ends)):
        yield problem("spending-incomplete", report.state.plan.project_period.at.span, until=until, ends=ends)
    for gap in reach.gaps_until(ends) if ends and like in FINAL else ():
        yield problem("final-without-months", gap.after.at.of("starts"), **months_told(gap))
    request = report.request
    for gap in request.gaps if request else ():
        yield problem(
            "request-without-months", gap.after.at.of("starts"), year=request and request.year, **months_told(gap)
        )
    found = _doubtful(report) if like in FINAL else None
    if found:
        yield problem("figures-unanswered", _place(found), **_sums(found))


def _doubtful(report: Report) -> Doubtful | None:
    return doubtful(report.dossier.doubts(report.occasion.known_by), report.state)


def _place(found: Doubtful) -> Span:
    return Span(found.first.file, found.first.row, 1)


def _sums(found: Doubtful) -> dict[str, object]:
    return {"count": found.count, "costs": kroner(found.costs), "income": kroner(found.income)}


def _tells_until(report: Report, like: str) -> date | None:
    """The last day whose spending a document tells; None where it tells none."""
    if like in REPORTING and report.spending:
        return report.state.spends_until(report.occasion.ends)
    return report.request.tells_until if report.request else None
