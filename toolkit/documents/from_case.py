"""A case before a committee, as facts."""

from __future__ import annotations

from toolkit.core import events as log
from toolkit.core import words
from toolkit.core.proceedings import StepState
from toolkit.core.words import word
from toolkit.documents.facts import (
    DecisionFacts,
    Origin,
    StepFacts,
)


def step_facts(state: StepState) -> StepFacts:
    """A step as the current one may tell of it."""
    step = state.step
    return StepFacts(
        origin=Origin.of(step, *state.events),
        body=step.body,
        day=state.day,
        item=state.item,
        place=step.place,
        case_type=step.case_type,
        consultation=step.consultation,
        proposed_by=step.proposed_by,
        proposal=step.proposal,
        current=state.is_current,
        decision=state.decision.text if state.decision else None,
        answer=state.answer.text if state.answer else None,
    )


def decision_facts(event: log.Decided) -> DecisionFacts:
    """What the step decided, in the words of the log."""
    return DecisionFacts(
        origin=Origin.of(event),
        outcome=word(words.OUTCOMES, event.outcome),
        text=event.text,
        absent=event.absent,
        not_taking_part=event.not_taking_part,
        votes=event.votes,
        minority=event.minority,
    )
