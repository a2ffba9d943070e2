"""Which versions of the program figure or write documents otherwise than the version before."""

from __future__ import annotations

import re

from msgspec import Struct

from toolkit.core.problems import N_


class Change(Struct, frozen=True):
    """What a version figures or writes otherwise than the one before it: a sentence that CHANGELOG.md has too."""

    version: str
    what: str


# The newest last, as Change("0.2.0", N_("A share is rounded once.")). `pulje verify` holds old documents against it:
# what comes out otherwise is explained by a change since its version, and by nothing else. tests/test_versions.py and
# tests/test_old.py fail when one is missing.
CHANGES: tuple[Change, ...] = (
    Change("0.2.0", N_("Shares are rounded in one way, with one decimal.")),
    Change("0.2.0", N_("A cost counts on the day that it was performed.")),
    Change(
        "0.2.0",
        N_(
            "Costs outside the grant's period, and costs on a line that the budget in force has no more, "
            "stand apart until somebody has answered for them"
        ),
    ),
    Change("0.2.0", N_("An answer about carrying over counts for its own year alone.")),
    Change(
        "0.2.0",
        N_(
            "Where no term says who pays first (the grant, others, or in proportion), the outcomes stand side by side, "
            "and final accounts ask."
        ),
    ),
    Change("0.2.0", N_("What was received is what the books say as far as they reach, and the log after that.")),
    Change("0.2.0", N_("Spending is known as far as the imports reach, and unknown spending is no figure.")),
    Change("0.2.0", N_("What was spent in months that no import covers is no figure.")),
    Change("0.2.0", N_("Nothing is settled at an old end of the period once its extension is known.")),
    Change("0.2.0", N_("Tables of spending add across and down.")),
    Change("0.2.0", N_("What a year spent too much is taken from what the next one left")),
    Change("0.2.0", N_("What a payer pays beyond the promise is promised by nobody")),
    Change(
        "0.2.0",
        N_(
            "Nothing is too tall: a row, a box or a caption goes on over the next page, and a picture with more rows "
            "than a page holds is drawn as several."
        ),
    ),
    Change("0.2.0", N_("A budget that the agency has not approved is not called the approved one.")),
    Change("0.2.0", N_("Costs outside the grant's period are told by that period, and not by the project's.")),
    Change(
        "0.2.0",
        N_("Costs on a line that the budget in force lacks are told as that, whenever they fell."),
    ),
    Change("0.2.0", N_("A status report has what was allowed after its period in a column of its own")),
    Change("0.2.0", N_("Reports say of each ended year what is left of what it had")),
    Change(
        "0.2.0", N_("A milestone is late by the day that was promised or approved, whatever it was moved to since.")
    ),
    Change("0.2.0", N_("Reports list deviations of budget lines too, with what was done about them.")),
    Change("0.2.0", N_("What is spent on a line without years takes nothing from what is left of a year.")),
    Change("0.2.0", N_("Postings that no rule places keep a settlement open, also where they come to nothing.")),
    Change("0.2.0", N_("Where a budget's lines are more, or less, than the grant and what others promised")),
    Change("0.2.0", N_("The award letter's own conditions")),
    Change("0.2.0", N_("A refused project has no coming reports or milestones")),
    Change("0.2.0", N_("What is awarded, and which budget is in force, is seen from its own day and never before.")),
    Change(
        "0.2.0",
        N_("A period or phase that is known only by month or year has all of the first of them and all of the last."),
    ),
    Change("0.2.0", N_("Coming milestones on a weekend or public holiday are told as that in a status report.")),
    Change("0.2.0", N_("Where a grant was refused, or never awarded, what was received of it is owed")),
    Change("0.2.0", N_("Credit notes beyond a year's costs are the grant's by its share, whoever pays first.")),
    Change("0.2.0", N_("What was recorded on another day than its line says is known from the day that is right")),
    Change("0.2.0", N_("What the council has answered about carrying over is no final answer to the agency")),
    Change("0.2.0", N_("What an approved change says is awarded changes nothing while there is no award")),
    Change("0.2.0", N_("A term of the fund or of the award letter holds for what happens from its own day on")),
    Change("0.2.0", N_("Of half an øre the line that carries another on gets it when budgets are compared too")),
    Change("0.2.0", N_("Each meeting of a step has its own day, item and decision.")),
    Change("0.2.0", N_("Where no answer is logged, documents and `status` tell what project.yaml awards")),
    Change("0.2.0", N_("A refusal is of what it names, whatever sort of change it says")),
    Change("0.2.0", N_('A milestone that was not reached before the grant was refused is "bortfaldet"')),
    Change("0.2.0", N_("A change of what is known by month or year is told so in documents' tables")),
    Change(
        "0.2.0", N_("A term that does not hold on a cost's day has not allowed it, and neither has an id without one")
    ),
    Change(
        "0.2.0", N_("What was applied for, and when, is what the application says, also where no application is logged")
    ),
    Change("0.2.0", N_("The meetings of a case stand in the order of their days, whichever step they are of")),
    Change(
        "0.2.0",
        N_(
            'Once the agency has closed a grant, or refused it, phases that were not over are "bortfaldet", and so are '
            "milestones whose day had not passed"
        ),
    ),
    Change(
        "0.2.0",
        N_(
            "A picture of the budget says which lines are over it by what is spent, and which only with what is ordered"
        ),
    ),
    Change("0.2.0", N_("Nothing is known by an import whose file is gone, on any day")),
    Change(
        "0.2.0",
        N_(
            "Final reports and accounts of a period whose end was approved after it had come are of the day of that "
            "approval, and called after their period."
        ),
    ),
    Change(
        "0.2.0",
        N_(
            "A forecast expects nothing after the grant was refused or closed, and a report names no milestone ahead "
            "then."
        ),
    ),
    Change("0.2.0", N_("What the agency has refused is in force only once the agency has approved it.")),
    Change(
        "0.2.0",
        N_(
            "A grant that the agency closes before its end pays for no later costs, and is settled from that day; what "
            "others have written of a closing changes nothing."
        ),
    ),
    Change(
        "0.2.0",
        N_(
            "An application for more leaves the award and its budget in force until it is answered, and a no to it "
            "refuses nothing else."
        ),
    ),
    Change("0.2.0", N_("The last day of the grant's period does not depend on the order of the log's lines.")),
    Change(
        "0.2.0",
        N_(
            "A change is held against the award, and not against what was only applied for beside it; an application "
            "after a closing opens nothing."
        ),
    ),
    Change("0.2.0", N_("Accounts and a final report end with the grant where the agency closed it before its end.")),
    Change("0.2.0", N_("What can be a personal number is covered whatever stands beside it.")),
    Change(
        "0.2.0",
        N_(
            "Where the grant's period has come to end later than it did on a document's day, that says when it ends "
            "now, and not that it was extended."
        ),
    ),
    Change(
        "0.2.0",
        N_("Where nothing more is expected a forecast rests on what is spent and ordered, and on no line."),
    ),
    Change("0.2.0", N_('A grant that was closed before anything was awarded is "ikke bevilget" in a document.')),
    Change(
        "0.2.0",
        N_("From the last day of the period what is taken back in the books is all that is known, as the costs are."),
    ),
    Change(
        "0.2.0",
        N_(
            "What is awarded anew without a budget of its own has the one of the application since the last award, "
            "else the one that it had."
        ),
    ),
    Change(
        "0.2.0",
        N_(
            "Where the agency closed a grant before its period began, no cost counts without leave, and what was "
            "received is settled from then."
        ),
    ),
    Change(
        "0.2.0",
        N_(
            "A version of the budget that no event names is of the application or the award whose day is nearest to "
            "its own, and long after that not before its own."
        ),
    ),
    Change("0.2.0", N_("A line that a later budget has again has back what stood on lines that are gone.")),
    Change(
        "0.2.0",
        N_(
            "Of a grant that the agency closed, status and the portfolio tell which reports are not sent and, once it "
            "is settled for good, who owes whom."
        ),
    ),
    Change(
        "0.2.0",
        N_("A final report of a grant that was closed before its end has the days until then in its title."),
    ),
    Change("0.2.0", N_("A role that nobody has from after the grant was refused or closed is no vacancy.")),
    Change(
        "0.2.0",
        N_(
            "Reports tell what was asked for anew while an award stood, and how it was answered, among the changes, "
            "and what was awarded first where another award has replaced it."
        ),
    ),
    Change(
        "0.2.0",
        N_(
            "Accounts and budget say what is to come, or to be paid back, if a carry-over that nobody has answered is "
            "approved, also where the agency is the one that owes."
        ),
    ),
    Change("0.2.0", N_("A project that was closed without an award is in no total of a portfolio.")),
    Change(
        "0.2.0",
        N_(
            "Of a grant that was refused or closed before its end no budget is expected that will never be spent: "
            "where little was spent or the books end long before, the forecast is what was spent and ordered."
        ),
    ),
    Change(
        "0.2.0",
        N_(
            "A grant that was closed before its period began is settled at once, also where nothing is imported: no "
            "cost of it counts."
        ),
    ),
    Change("0.2.0", N_("Accounts say what was received of the grant, or paid back, after their day.")),
    Change(
        "0.2.0",
        N_(
            "What was applied for and has no answer is in no total of a portfolio but one of its own: nothing of it "
            "remains to be spent."
        ),
    ),
    Change(
        "0.2.0",
        N_(
            "A project whose folder was copied counts once in a portfolio, and is told; the years of a project that "
            "comes again stand beside its title."
        ),
    ),
    Change(
        "0.2.0",
        N_(
            "What project.yaml says under summary stands in a project description and an application where nobody "
            "has written another, and a description names the cohort."
        ),
    ),
    Change("0.2.0", N_("An application says where it is sent, and until when, where its fund names a portal.")),
    Change(
        "0.2.0",
        N_("An estimate from before the grant was refused or closed, within its period, says nothing any more."),
    ),
    Change(
        "0.2.0",
        N_("A year that lies after a grant that was closed early has no spending, and that is known."),
    ),
    Change(
        "0.2.0",
        N_("A status report has no table of risks where all of them are over."),
    ),
    Change(
        "0.2.0",
        N_(
            "An application has its budget from the day that project.yaml says it was applied on, also where the "
            "budget is named by a later deadline."
        ),
    ),
    Change(
        "0.2.0",
        N_(
            "Where the amounts of a budget, the goals or the phases say MANGLER, no figure is made of them, and an "
            "application or a description waits for them."
        ),
    ),
    Change(
        "0.2.0",
        N_("Of what a year left a part may be asked for, or approved, carried over: the rest is not."),
    ),
    Change(
        "0.2.0",
        N_(
            "Where nobody else pays (funding), the grant pays first: its settlement is one, whatever the terms say "
            "of who does."
        ),
    ),
    Change(
        "0.2.0",
        N_("A settlement is not final while an answer about a carry-over may alter it."),
    ),
)


def changes_since(version: str | None) -> tuple[Change, ...]:
    """What later versions figure or write otherwise than this one; nothing where it says no version."""
    order = order_of(version)
    return tuple(change for change in CHANGES if order and order_of(change.version) > order)


def order_of(version: str | None) -> tuple[int, ...]:
    """What puts versions in order; empty where the text is no version."""
    return tuple(map(int, version.split("."))) if version and _VERSION.fullmatch(version) else ()


_VERSION = re.compile(r"[0-9]{1,6}(?:\.[0-9]{1,6}){2}")
