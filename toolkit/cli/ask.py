"""The conversation of `pulje log`: what happened, and then what the log must know about it.

Its answers are the very words that the command line takes, so that there is one way from them into the log.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal, get_args, get_origin

import click
from msgspec import structs

from toolkit import journal
from toolkit.cli import prompts, screen
from toolkit.cli.project_folder import readable
from toolkit.cli.questions import EXAMPLES, KIND_GROUPS, QUESTIONS
from toolkit.core.carry_over import answered_years, carry_overs, year_to_ask_about
from toolkit.core.checks.references import THINGS
from toolkit.core.events import KINDS, AnyEvent, ChangeEvent, ChangeRefused, Corrected, Event
from toolkit.core.money import kroner
from toolkit.core.problems import N_, FileName, Phrase, Problem, Refused, Span, declare, of_unwritten, problem
from toolkit.core.words import EVENTS, table_of
from toolkit.language import _
from toolkit.project import Project
from toolkit.readers import model, values
from toolkit.readers.model import Field
from toolkit.readers.values import Value

_COLUMNS = 3
# What commands write themselves: a name, what was promised, what was sent, what an import lacks or has.
NEVER_ASKED = {
    "id",
    "promise",
    "receipt",
    "known_by",
    "spent",
    "vanished",
    "changed",
    "reappeared",
    "unchanged",
    "performed",
    "elements",
}

# The lists of the plan that a key of an event points into.
_LISTS = {"activity": "activities", "indicator": "indicators", "phase": "phases", "risk": "risks", "source": "sources"}

declare(
    "nothing-to-name",
    "error",
    N_("The project has nothing that this can be about: {key}."),
    N_("write it in the project's files first"),
)

# Of an earlier event, what tells it from others of its kind: the first of these that it has.
_TELLING = (
    "milestone",
    "condition",
    "indicator",
    "title",
    "risk",
    "line",
    "case",
    "theme",
    "text",
    "change",
    "issued",
    "amount",
)


def event(project: Project, happened: date | None, recorded: date) -> tuple[str, dict[str, str]]:
    """The kind of an event and its keys, as they would have been typed; Ctrl-C and the end of input leave nothing."""
    return _Conversation(project, recorded).event(happened)


# ── the conversation ─────────────────────────────────────────────────────────────────────────


class _Conversation:
    """One event, asked for a key at a time."""

    def __init__(self, project: Project, recorded: date) -> None:
        self.folder = project.folder
        self.dossier = readable(project)
        self.recorded = recorded
        self.state = self.dossier.state(recorded)
        self.kind = ""
        self.said: dict[str, str] = {}

    def event(self, happened: date | None) -> tuple[str, dict[str, str]]:
        self.kind = _kind()
        self.said = {"happened": (happened or self.day()).isoformat(), "recorded": self.recorded.isoformat()}
        fields = model.fields_of(KINDS[self.kind])
        own = [key for key in fields if key not in model.fields_of(Event)]
        required = [key for key in own if fields[key].required]
        for key in (*required, *(key for key in own if key not in required), "source", "note"):
            if not self.is_idle(key):
                self.answer(key, fields[key])
        return self.kind, self.said

    def day(self) -> date:
        def read(text: str) -> date:
            found = values.day(Value.typed(text)) if text else self.recorded
            if not isinstance(found, Problem) and found > self.recorded:
                words = {"recorded": self.recorded, "happened": found, "event": ""}
                found = of_unwritten(problem("recorded-before-happened", Value.typed(text).at, **words))
            if isinstance(found, Problem):
                raise click.BadParameter(prompts.sentence(found))
            return found

        prompts.heading(_("When did it happen?"), _("Enter: today, {day}").format(day=screen.day(self.recorded)))
        return prompts.prompt("", read)

    def is_idle(self, key: str) -> bool:
        """Whether the question has its answer, or none, in what was said before."""
        if key == "source":
            return not self.state.plan.sources
        if key == "withdrawn":
            return any(said.startswith("values.") for said in self.said)
        if key == "year":
            return self.said["change"] != "carry-over"
        if key == "amount" and issubclass(KINDS[self.kind], ChangeEvent):
            return self.said["change"] != "carry-over" or self.kind == ChangeRefused.kind  # what is refused is all
        if issubclass(KINDS[self.kind], ChangeEvent) and key in ("budget", "values"):
            moves_money = self.said["change"] in ("budget", "carry-over")
            return moves_money is (key == "values")
        return key in NEVER_ASKED

    def answer(self, key: str, field: Field) -> None:
        if key != "values":
            self.say(key, self.value(self.kind, key, field, self.said.get("case")))
        elif self.kind == Corrected.kind:
            self.corrections()
        else:
            self.changes()

    def say(self, key: str, text: str) -> None:
        if text:
            self.said[key] = text

    # ── one value ────────────────────────────────────────────────────────────────────────────

    def value(self, kind: str, key: str, field: Field, case: str | None) -> str:
        """What was typed for a key of a kind of event, valid; "" where an optional one was skipped."""
        question = _(QUESTIONS.get(f"{kind}.{key}") or QUESTIONS[key])
        hint = model.present(field.kind)
        if hint is bool:
            return "true" if prompts.yes(question, otherwise=False) else "false" if field.required else ""
        options = self.options(key, hint, case)
        if options is None:
            example = EXAMPLES.get(f"{kind}.{key}") or EXAMPLES.get(key) or model.example_of(hint)
            return prompts.text(question, hint, example, field.required)
        if not options and field.required:
            about = next((Phrase(THINGS[each]) for each in THINGS if each == key), key)
            raise Refused(problem("nothing-to-name", Span(FileName("", "here"), 0, 0), key=about))
        also = table_of(options) if get_origin(hint) is Literal else {}
        is_needed = field.required or key == "year"  # without it the log would only be understood by a guess
        return prompts.chosen(question, options, is_needed, also) if options else ""

    def options(self, key: str, hint: Any, case: str | None) -> Mapping[str, str] | None:
        """The answers that the project knows, each with words for it; None where any text will do."""
        if get_origin(hint) is Literal:
            return {id: screen.wording(table_of(get_args(hint)), id) for id in get_args(hint)}
        plan = self.state.plan
        match key:
            case "milestone":
                each_due = ((each.milestone, screen.day(each.due)) for each in self.state.milestones)
                return {milestone.id: f"{due}  {milestone.title}" for milestone, due in each_due}
            case "indicator" | "risk" | "activity" | "phase" | "source":
                return {each.id: each.title for each in getattr(plan, _LISTS[key])}
            case "condition":
                return {each.id: each.text for each in plan.conditions}
            case "line":
                budgets = [self.state.budget.budget] if self.state.budget else plan.budgets
                return {line.id: line.title for budget in budgets for line in budget.lines}
            case "budget":
                return {budget.id: f"{kroner(budget.amount)} kr." for budget in plan.budgets}
            case "case":
                return {each.id: each.title for each in self.dossier.cases}
            case "step":
                found = self.dossier.case(case or "")
                return {step.id: step.body for step in found.steps} if found else {}
            case "event":
                return {each.called: _about(each) for each in reversed(self.dossier.events)}
            case "year":
                return self.years()
            case "file" | "digest":
                files = [each for each in self.dossier.posting_files if self.said.get("file") in (None, each.file)]
                return {getattr(each, key): each.file for each in files}
        return None

    def years(self) -> dict[str, str]:
        """The years whose money may be carried over, the one to propose first, each with what is said of it already."""
        period = self.state.plan.cost_period
        told = carry_overs(self.state.history, self.state.plan)
        answered = answered_years(self.state.plan, told, by_anybody=False)
        proposed = year_to_ask_about(period, date.fromisoformat(self.said["happened"]).year, answered)
        years = sorted(range(period.starts.year, period.ends.year), key=lambda year: (year != proposed, year))
        return {str(year): _("answered") if year in answered else _("not answered yet") for year in years}

    # ── new values ───────────────────────────────────────────────────────────────────────────

    def changes(self) -> None:
        """New values of what was promised, as many as there are; each is tried on the whole project."""
        which = _("Which promised value gets a new one?")
        while path := prompts.text(which, str, "project_period.ends", required=False):
            key = f"values.{path}"
            self.said[key] = prompts.text(_("What is it now? (null drops it)"), str, "2024-03-31", required=True)
            tried = journal.rehearse(self.folder, self.kind, journal.as_written(self.kind, self.said))
            if not tried.fits:
                del self.said[key]
                for found in tried.problems:
                    click.echo(prompts.sentence(found))

    def corrections(self) -> None:
        """New values of an earlier event's keys, as many as were wrong."""
        wrong = next(each for each in self.dossier.events if each.called == self.said["event"])
        case = getattr(wrong, "case", None)
        fields = {
            key: structs.replace(field, required=True)
            for key, field in model.fields_of(type(wrong)).items()
            if key not in ("id", "synthetic") and get_origin(model.present(field.kind)) not in (tuple, Mapping)
            if self.options(key, field.kind, case) != {}
        }
        now = {key: _typed(wrong.at.keys.get(key)) for key in fields}
        while key := prompts.chosen(_("Which of its values is wrong?"), now, required=False):
            self.say(f"values.{key}", self.value(wrong.kind, key, fields[key], case))


# ── asking ───────────────────────────────────────────────────────────────────────────────────


def _kind() -> str:
    """One of all kinds, shown in their groups on one screen."""
    kinds = {kind: screen.wording(EVENTS, kind) for group in KIND_GROUPS.values() for kind in group}
    numbers = {kind: number for number, kind in enumerate(kinds, start=1)}
    click.echo(prompts.bold(_("What happened?")))
    for group, names in KIND_GROUPS.items():
        click.echo(f"  {_(group)}")
        cells = [f"{numbers[kind]:>6}  {kinds[kind]:<18}" for kind in names]
        for start in range(0, len(cells), _COLUMNS):
            click.echo("".join(cells[start : start + _COLUMNS]).rstrip())
    return prompts.prompt("", prompts.one_of(kinds, len(kinds), EVENTS))


def _about(event: AnyEvent) -> str:
    """An earlier event in a line: its kind, and what it was about."""
    name = screen.wording(EVENTS, event.kind)
    about = next((_typed(span) for key in _TELLING if (span := event.at.keys.get(key))), "")
    return f"{name}: {about}" if about else name


def _typed(span: Span | None) -> str:
    """The text that stands there, without its quotes."""
    return span.text[span.column - 1 :][: span.length].strip("\"'") if span else "–"
