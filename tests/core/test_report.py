from __future__ import annotations

from datetime import date

from tests.core.worlds import AWARD, AWARDED, JUNE, MARCH, PAY, PLAN, RULES, event, plan, posting
from toolkit.core.dossier import Dossier
from toolkit.core.events import AnyEvent
from toolkit.core.money import Money, kr
from toolkit.core.occasion import Occasion
from toolkit.core.plan import Budget, Plan
from toolkit.core.postings import Posting, Postings
from toolkit.core.report import LateCosts, report_of

NEW_YEAR = date(2022, 12, 31)
SENT = date(2022, 7, 15)
SUBMITTED = event("submitted", SENT, issued="2022-06-30-status-report-v1", to="Styrelsen")
DROPPED = Budget(id="2022-09-01-change", stage="change", lines=(PAY,))  # type: ignore[arg-type]
APPROVED = event("change-approved", date(2022, 9, 1), change="budget", budget=DROPPED.id)


def late(*postings: Posting, events: tuple[AnyEvent, ...] = (AWARDED, SUBMITTED), of: Plan = PLAN) -> LateCosts:
    """What the second half-year's report says of the first."""
    dossier = Dossier(plan=of, events=events, postings=Postings(postings, RULES))
    second = Occasion(
        kind="status-report",
        as_of=NEW_YEAR,
        known_by=dossier.last_known,
        starts=date(2022, 7, 1),
        ends=NEW_YEAR,
        prose="",
    )
    spending = report_of(dossier, second).spending
    assert spending is not None
    assert spending.late is not None
    return spending.late


def told(found: LateCosts) -> tuple[Money | None, Money, Money | None]:
    return found.known, found.late, found.otherwise


def test_what_came_in_after_the_last_report_was_sent_is_told_apart_from_what_it_knew() -> None:
    on_time, slow = posting(kr(100), imported=SENT), posting(kr(9), imported=date(2022, 10, 4))

    assert told(late(on_time, slow)) == (kr(100), kr(9), kr(0))
    assert (late(on_time).known_by, late(on_time).until) == (SENT, JUNE)


def test_a_report_whose_figures_the_log_keeps_said_what_it_said_whatever_was_put_right_since() -> None:
    keys = {"issued": SUBMITTED.issued, "to": "Styrelsen"}
    kept = event("submitted", SENT, **keys, known_by=date(2022, 7, 1), spent=kr(140))
    shorter = event("submitted", SENT, issued="2022-03-31-status-report-v1", to="Styrelsen", spent=kr(140))
    paid = (posting(kr(100), imported=date(2022, 7, 1)), posting(kr(9), imported=date(2022, 7, 10)))

    assert told(late(*paid, events=(AWARDED, kept))) == (kr(140), kr(9), kr(-40))
    assert told(late(*paid, events=(AWARDED, shorter))) == (kr(109), kr(0), kr(0))


def test_what_a_change_has_made_of_the_costs_that_the_last_report_knew_is_told_too() -> None:
    paid = (posting(kr(100)), posting(kr(40), account="4600"), posting(kr(9), imported=date(2022, 10, 4)))
    found = late(*paid, events=(AWARDED, SUBMITTED, APPROVED), of=plan(budgets=(AWARD, DROPPED)))

    assert told(found) == (kr(140), kr(9), kr(-40))


def test_a_report_that_was_sent_before_anything_was_imported_knew_nothing() -> None:
    found = late(posting(kr(9), posted=MARCH, imported=date(2022, 10, 4)))

    assert told(found) == (None, kr(9), None)
