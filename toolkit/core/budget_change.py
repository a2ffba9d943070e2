"""The versions of a budget, what the log says of each, and what differs between two of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction

from msgspec import Struct

from toolkit.core import events as log
from toolkit.core.answers import course_of
from toolkit.core.events import AnyEvent
from toolkit.core.money import NOTHING, Money, split, total
from toolkit.core.plan import Budget, BudgetLine, Funding, Plan
from toolkit.core.promise import standing, values_by_path
from toolkit.core.records import Id


class LinePart(Struct, frozen=True):
    """What a line of now carries on of one line of the version before, in øre: all of that line, or a share of it."""

    line: BudgetLine
    amount: Money

    @property
    def is_whole(self) -> bool:
        return self.amount == self.line.amount


class LineChange(Struct, frozen=True):
    """One budget line in two versions: what it carries on of the first, and the line of the second.

    A new line carries nothing on; `after` is None where the second version has nothing that carries it on.
    """

    parts: tuple[LinePart, ...]
    after: BudgetLine | None

    @property
    def line(self) -> BudgetLine:
        """The line as it is now, or as it last was."""
        return self.after or self.parts[0].line

    @property
    def is_new(self) -> bool:
        return not self.parts

    @property
    def is_gone(self) -> bool:
        return self.after is None

    @property
    def carried_on(self) -> tuple[LinePart, ...]:
        """The parts that the line's own name does not say: of a line that was called otherwise, or not all of it."""
        told = (part for part in self.parts if part.line.title != self.line.title or not part.is_whole)
        return tuple(part for part in told if part.amount != NOTHING or part.is_whole)

    @property
    def had(self) -> Money:
        return total(part.amount for part in self.parts)

    @property
    def gets(self) -> Money:
        return self.after.amount if self.after else NOTHING

    @property
    def difference(self) -> Money:
        """What the line gains, in øre; below zero what it gives up."""
        return self.gets - self.had


def changes(before: Budget, after: Budget, between: Iterable[Budget] = ()) -> tuple[LineChange, ...]:
    """Every line of the two versions, the new version's order first, then the lines that are gone.

    A line that carries on others (`was`) has what it carries on before it, also through the versions `between`.
    """
    had = _parts(before)
    for budget in (*between, after):
        had = _carried(had, budget)
    gone = [id for id in had if after.line(id) is None]
    return (
        *(LineChange(had.get(line.id, ()), line) for line in after.lines),
        *(LineChange(had[id], None) for id in gone),
    )


def carried_to(line: Id, before: Budget, later: Iterable[Budget]) -> tuple[LinePart, ...]:
    """What a line of the last of some versions carries on of the first, whatever it was called there."""
    had = _parts(before)
    for budget in later:
        had = _carried(had, budget)
    return tuple(part for part in had.get(line, ()) if part.amount != NOTHING or part.is_whole)


class FundingChange(Struct, frozen=True):
    """What somebody pays beside the grant in two versions; one that does not name them has nothing of theirs."""

    funding: Funding  # as it is now, or as it last was
    had: Money
    gets: Money

    @property
    def difference(self) -> Money:
        return self.gets - self.had


def funding_changes(plan: Plan, before: Budget, after: Budget) -> tuple[FundingChange, ...]:
    """Every payer beside the grant that either version has, where the two differ in any; else none.

    A version without funding of its own has project.yaml's. A payer goes by its id, or by its title where it has none.
    """
    had = {payer_of(each): each for each in plan.funding_of(before)}
    gets = {payer_of(each): each for each in plan.funding_of(after)}
    found = tuple(
        FundingChange(
            gets.get(name) or had[name],
            had[name].amount if name in had else NOTHING,
            gets[name].amount if name in gets else NOTHING,
        )
        for name in dict.fromkeys((*gets, *had))
    )
    return found if any(each.difference != NOTHING for each in found) else ()


def payer_of(funding: Funding) -> str:
    """By what a payer is the same in two versions."""
    return funding.id or funding.title


def approved_between(found: Iterable[Version], before: Budget, after: Budget) -> tuple[Budget, ...]:
    """The versions between two others that are approved: those whose lines a later one may carry on."""
    between = (each for each in found if before.id < each.budget.id < after.id)
    return tuple(each.budget for each in between if each.stands)


def before_the_last(found: Sequence[Version]) -> tuple[Budget, Budget] | None:
    """The last version, and before it the last that stands; where none does, the one before it."""
    if len(found) < 2:
        return None
    *earlier, last = found
    before = next((each for each in reversed(earlier) if each.stands), earlier[-1])
    return before.budget, last.budget


def difference(before: Budget, after: Budget) -> Money:
    """How much more a whole version has than another, in øre."""
    return after.amount - before.amount


def year_totals(budget: Budget, years: range) -> dict[int, Money | None]:
    """What a whole version has for each year; None for a year that some line does not divide its money on."""
    totals: dict[int, Money | None] = {}
    for year in years:
        parts = [line.in_year(year) for line in budget.lines]
        known = [part for part in parts if part is not None]
        totals[year] = sum(known, NOTHING) if len(known) == len(parts) else None
    return totals


class Version(Struct, frozen=True):
    """A budget version and what the log says of it: applied for, awarded, asked for, approved or refused.

    The agency approves what the grant may be spent on, the council what the municipality may spend: both may stand.
    `approvals` are those that nobody has refused since. A version is `beside` the others that was only applied for,
    while an award stood, and that nobody has awarded.
    """

    budget: Budget
    events: tuple[VersionEvent, ...]
    approvals: tuple[log.ChangeApproved, ...] = ()
    beside: bool = False

    @property
    def stands(self) -> bool:
        """Whether it is in its place by itself, or was approved by somebody and refused by nobody since."""
        return bool(self.approvals) or (self.budget.stage != "change" and not self.beside)

    @property
    def is_refused(self) -> bool:
        """Whether somebody has refused it, and nobody has asked for it again, or approved it so that it counts."""
        said = [each for each in self.events if isinstance(each, log.ChangeRequested | log.ChangeRefused)]
        return not self.stands and bool(said) and isinstance(said[-1], log.ChangeRefused)


VersionEvent = log.Applied | log.Awarded | log.ChangeRequested | log.ChangeApproved | log.ChangeRefused


def versions(plan: Plan, history: Iterable[AnyEvent]) -> tuple[Version, ...]:
    """Every version, the earliest first, with the events that name it, in the order of their days."""
    about: dict[str, list[VersionEvent]] = {}
    history = sorted(history, key=lambda event: event.happened)
    for event in history:
        if isinstance(event, VersionEvent) and event.budget:
            about.setdefault(event.budget, []).append(event)
    approvals, besides = standing(plan, history), _besides(plan, history)
    return tuple(
        Version(
            budget,
            tuple(about.get(budget.id, ())),
            tuple(approval for approval in approvals if approval.budget == budget.id),
            budget.id in besides,
        )
        for budget in sorted(plan.budgets, key=lambda budget: budget.id)
    )


def _besides(plan: Plan, history: Sequence[AnyEvent]) -> set[Id]:
    """The versions that were applied for while an award stood, and that nothing else is about."""
    course = course_of(plan, history)
    aside, others = (
        {budget.id for name, budget in course.budgets.items() if (name in course.beside) is leaves_it}
        for leaves_it in (True, False)
    )
    return aside - others


# ── what the agency has not approved ─────────────────────────────────────────────────────────


class LineMove(Struct, frozen=True):
    """How a line differs from what the agency last approved, in øre; None where it was not, or is no more.

    `moved_now` says whether it is this very version that changed it.
    """

    line: BudgetLine
    before: Money | None
    after: Money | None
    moved_now: bool

    @property
    def difference(self) -> Money:
        """What the line has gained; below zero what it has given up."""
        return (self.after or NOTHING) - (self.before or NOTHING)


class Unapproved(Struct, frozen=True):
    """A version that the agency has not approved (the council may have), with all its moves from `base`.

    `base` is what the agency last approved, `previous` what was in force before this version: the two differ where the
    council alone has approved something in between. `approval` is the council's own, if there is one.
    """

    budget: Budget
    base: Budget
    previous: Budget
    moves: tuple[LineMove, ...]
    approval: log.ChangeApproved | None
    request: log.ChangeRequested | None = None

    @property
    def moved(self) -> Money:
        """What is moved in all, in øre: what lines have gained or what others have given up, whichever is more."""
        differences = [move.difference for move in self.moves]
        gained = total(each for each in differences if each > NOTHING)
        return max(gained, gained - total(differences))


def unapproved(plan: Plan, events: Iterable[AnyEvent]) -> tuple[Unapproved, ...]:
    """The versions after the last that the agency approved, as the log tells it with its corrections.

    A refused version that nobody else approved is over, and changes nothing. Once the agency approves a later version,
    what the council alone had approved before it is settled by that.
    """
    found: list[Unapproved] = []
    base: Budget | None = None
    previous: Budget | None = None
    had: Mapping[str, tuple[LinePart, ...]] = {}  # what the lines of `base` had, by what they are called now
    for version in versions(plan, events):
        budget, approvals = version.budget, version.approvals
        is_answered = any(isinstance(event, log.ChangeApproved | log.ChangeRefused) for event in version.events)
        if version.beside and not approvals:
            continue
        if budget.stage != "change" or any(plan.is_agency(approval.by) for approval in approvals):
            found.clear()
            base = previous = budget
            had = _parts(budget)
        elif base and previous and (approvals or not is_answered):
            carried = _carried(had, budget)
            lately = _carried(_parts(previous), budget)
            moves = tuple(_moves(plan, _amounts(carried), _amounts(lately), budget))
            approval = approvals[-1] if approvals else None
            found.append(Unapproved(budget, base, previous, moves, approval, last_request(events, budget)))
            previous, had = (budget, carried) if approvals else (previous, had)
    return tuple(found)


UnsaidRefusal = tuple[log.ChangeRefused, tuple[log.ChangeRequested, ...]]


def unsaid_refusals(events: Iterable[AnyEvent]) -> tuple[UnsaidRefusal, ...]:
    """Refusals that name nothing, each with every open request that it is most likely of.

    That is the last, best of its own sort, and what was asked for with it. The events stand in the order of their days.
    Carrying over has a year, and its own answers.
    """
    return _unanswered(events)[0]


def open_requests(events: Iterable[AnyEvent]) -> tuple[log.ChangeRequested, ...]:
    """What was asked for and neither answered by name, nor likely what a refusal that names nothing is of."""
    return _unanswered(events)[1]


def _unanswered(
    events: Iterable[AnyEvent],
) -> tuple[tuple[UnsaidRefusal, ...], tuple[log.ChangeRequested, ...]]:
    found: list[UnsaidRefusal] = []
    asked: list[log.ChangeRequested] = []  # and not answered yet by name
    for event in events:
        match event:
            case log.ChangeRequested() if event.budget or event.values:
                asked.append(event)
            case log.ChangeRefused(budget=None) if not event.values and event.change != "carry-over":
                alike = [each for each in asked if each.change == event.change] or asked
                together = tuple(each for each in alike if each is alike[-1] or _is_asked_with(each, alike[-1]))
                found += [(event, together)] if together else []
                asked = [each for each in asked if each not in together]
            case log.ChangeApproved() | log.ChangeRefused():
                asked = [each for each in asked if not _answers(event, each)]
    return tuple(found), tuple(asked)


def _is_asked_with(request: log.ChangeRequested, last: log.ChangeRequested) -> bool:
    """Whether a request is of the day and sort of another, so that one refusal may be of the values of both."""
    is_alike = (request.happened, request.change) == (last.happened, last.change)
    return is_alike and request.budget is None and last.budget is None


def _answers(event: log.ChangeEvent, request: log.ChangeRequested) -> bool:
    """Whether an answer names the budget that was asked for, or a value of it."""
    paths = values_by_path(event.values).keys() & values_by_path(request.values).keys()
    return bool(paths) or (event.budget is not None and event.budget == request.budget)


def last_request(events: Iterable[AnyEvent], budget: Budget) -> log.ChangeRequested | None:
    """The last request for a version."""
    asked = [event for event in events if isinstance(event, log.ChangeRequested) and event.budget == budget.id]
    return asked[-1] if asked else None


def _moves(plan: Plan, before: Mapping[str, Money], lately: Mapping[str, Money], budget: Budget) -> Iterator[LineMove]:
    """Every line of a version and those that are gone, against what they had at first, and in the version before."""
    for line in budget.lines:
        yield LineMove(line, before.get(line.id), line.amount, lately.get(line.id) != line.amount)
    for id in (id for id in before if budget.line(id) is None):
        line = next(line for line in reversed(list(plan.budget_lines)) if line.id == id)
        yield LineMove(line, before[id], None, id in lately)


def _parts(budget: Budget) -> Mapping[str, tuple[LinePart, ...]]:
    return {line.id: (LinePart(line, line.amount),) for line in budget.lines}


def _amounts(parts: Mapping[str, tuple[LinePart, ...]]) -> dict[str, Money]:
    return {id: total(part.amount for part in its) for id, its in parts.items()}


def _carried(had: Mapping[str, tuple[LinePart, ...]], budget: Budget) -> dict[str, tuple[LinePart, ...]]:
    """What lines had, by the names that a version gives them: what no other line carries on stays with its own."""
    found: dict[str, tuple[LinePart, ...]] = {}
    for id, parts in had.items():
        carriers = {line.id: line.was[Id(id)] for line in budget.lines if id in line.was and line.id != id}
        rest = max(1 - sum(carriers.values(), Fraction(0)), Fraction(0))
        shares = carriers | ({id: rest} if rest or budget.line(id) else {})  # in the order that costs are divided in
        for part in parts:
            amounts = dict(zip(shares, split(part.amount, [*shares.values()]), strict=True))
            for name in sorted(amounts, key=lambda name: name != id):
                found[name] = (*found.get(name, ()), LinePart(part.line, amounts[name]))
    return found
