"""A case before a committee, as facts."""

from __future__ import annotations

from toolkit.core import events as log
from toolkit.core import words
from toolkit.core.cases import Step
from toolkit.core.dossier import Dossier
from toolkit.core.events import AnyEvent, Event
from toolkit.core.state import (
    corrected,
)
from toolkit.core.words import word
from toolkit.documents.facts import (
    DecisionFacts,
    Origin,
    StepFacts,
)
from toolkit.documents.occasion import Occasion


def step_facts(step: Step, dossier: Dossier, occasion: Occasion) -> StepFacts:
    """A step as the current one may tell of it: what earlier bodies decided or answered, never what came later."""
    assert occasion.case is not None
    day, item = (None if step.date == "to-follow" else step.date), step.item
    current = occasion.step is not None and step.id == occasion.step.id
    decision = answer = None
    told: list[Event] = []
    for event in _known(dossier, occasion):
        match event:
            case log.MeetingSet(case=occasion.case.id, step=step.id) if current or event.happened < occasion.as_of:
                day, item = event.date, event.item or item
            case log.Decided(case=occasion.case.id, step=step.id) if event.happened < occasion.as_of:
                decision = event.text
            case log.ConsultationAnswered(case=occasion.case.id, step=step.id) if event.happened < occasion.as_of:
                answer = event.text
            case _:
                continue
        told.append(event)
    return StepFacts(
        origin=Origin.of(step, *told),
        body=step.body,
        day=day,
        item=item,
        place=step.place,
        case_type=step.case_type,
        consultation=step.consultation,
        proposed_by=step.proposed_by,
        proposal=step.proposal,
        current=current,
        decision=decision,
        answer=answer,
    )


def decision_facts(dossier: Dossier, occasion: Occasion) -> DecisionFacts | None:
    """What the log says that this step decided; None until it is logged."""
    assert occasion.case is not None
    assert occasion.step is not None
    found = None
    for event in _known(dossier, occasion):
        match event:
            case log.Decided(case=occasion.case.id, step=occasion.step.id):
                found = DecisionFacts(
                    origin=Origin.of(event),
                    outcome=word(words.OUTCOMES, event.outcome),
                    text=event.text,
                    absent=event.absent,
                    not_taking_part=event.not_taking_part,
                    votes=event.votes,
                    minority=event.minority,
                )
            case _:
                pass
    return found


def _known(dossier: Dossier, occasion: Occasion) -> list[AnyEvent]:
    """The log as it was known, whatever day it tells of: a case's later steps are told by their own documents."""
    return corrected(event for event in dossier.events if event.recorded <= occasion.known_by)
