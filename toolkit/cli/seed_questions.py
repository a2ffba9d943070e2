"""The conversation of `pulje new`: what a seed leaves out, with the fund's own answers proposed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from toolkit.cli import prompts
from toolkit.core.fund import Fund
from toolkit.core.money import Money
from toolkit.core.problems import Problem, Span, problem
from toolkit.core.seed import Typed
from toolkit.language import _
from toolkit.readers import shelf
from toolkit.readers.municipalities import municipalities
from toolkit.readers.seed import overlaid, typed
from toolkit.readers.source import Node, Table
from toolkit.readers.values import COMMAND_LINE, Value, day
from toolkit.scaffold import lists


def answered(seed: Table) -> Table:
    """The seed with answers to what it leaves out; Ctrl-C and the end of input leave nothing."""
    conversation = _Conversation(seed)
    conversation.ask()
    answers = typed(conversation.answers, Span(COMMAND_LINE, 1, 1))
    assert isinstance(answers, Table)
    return overlaid(answers, seed)


class _Conversation:
    """One project, asked for a key at a time."""

    def __init__(self, seed: Table) -> None:
        self.seed = seed
        self.answers: dict[str, Typed] = {}
        self.fund: Fund | None = None

    def ask(self) -> None:
        """Every question that the seed does not answer."""
        if self.leaves_out("municipality"):
            self.answers["municipality"] = self.municipality()
        if self.leaves_out("fund"):
            self.say("fund", prompts.chosen(_("From which fund?"), _funds(), required=False))
        named = self.seed.get("fund") or self.answers.get("fund")
        if isinstance(named, str):
            self.fund = lists().fund(named, Span("", 0, 0), [])
        if self.fund and len(self.fund.rounds) > 1 and self.leaves_out("round"):
            rounds = {str(each.id): each.title or each.id for each in self.fund.rounds}
            self.say("round", prompts.chosen(_("Which of its rounds?"), rounds, required=False))
        if self.fund:
            named = self.seed.get("round") or self.answers.get("round")
            self.fund = self.fund.in_round(named if isinstance(named, str) else None)
        if self.leaves_out("title"):
            title = self.fund.title if self.fund and self.fund.gives_grants else ""
            question = _("What is the project called?")
            self.say("title", prompts.text(question, str, "Faste teams i ældreplejen", required=False, otherwise=title))
        if self.leaves_out("area"):
            question = _("Where in the municipality is it?")
            self.say("area", prompts.text(question, str, "Hjemmeplejeområde Nord", required=False))
        if self.leaves_out("project_period"):
            self.answers["project_period"] = self.period()
        if self.leaves_out("grant") and (self.fund is None or self.fund.gives_grants):
            asked, key = _("How much was applied for?"), "applied"
            if self.fund and not self.fund.by_application:
                asked, key = _("How much was awarded?"), "awarded"
            if amount := prompts.text(asked, Money, "250.000 kr.", required=False):
                self.answers["grant"] = {key: amount}
        if self.leaves_out("purpose"):
            example = "At give borgerne mere stabilitet i plejen"
            self.say("purpose", prompts.text(_("What is the purpose?"), str, example, required=False))
        if self.leaves_out("phases"):
            self.phases()

    def leaves_out(self, key: str) -> bool:
        """Whether the seed says nothing of a key; MANGLER says that nobody knows yet."""
        node = self.seed.get(key)
        return node is None or (isinstance(node, Value) and node.empty)

    def say(self, key: str, text: str) -> None:
        if text:
            self.answers[key] = text

    def municipality(self) -> str:
        known = municipalities()

        def wrong(text: str) -> Problem | None:
            found = known.read(Value.typed(text))
            return found if isinstance(found, Problem) else None

        return prompts.text(_("Which municipality?"), str, "Thisted", required=True, wrong=wrong)

    def period(self) -> dict[str, Typed]:
        starts = str(self.fund.starts[0].value) if self.fund and self.fund.starts else ""
        ends = str(self.fund.ends[0].value) if self.fund and self.fund.ends else ""
        first = prompts.text(_("When does the project begin?"), date, "2022-01-01", required=True, otherwise=starts)
        last = self.last_day(_("When does it end? That day is part of it."), first, ends)
        return {"starts": first, "ends": last}

    def last_day(self, question: str, first: str, otherwise: str) -> str:
        """A day that is not before `first`."""
        starts = _day(first)

        def wrong(text: str) -> Problem | None:
            ends = _day(text)
            if starts and ends and ends < starts:
                return problem("ends-before-start", Value.typed(text).at, starts=starts, ends=ends)
            return None

        proposed = otherwise if (ends := _day(otherwise)) and starts and ends >= starts else ""
        return prompts.text(question, date, "2023-12-31", required=True, otherwise=proposed, wrong=wrong)

    def phases(self) -> None:
        """The phases one after the other, each from the day after the last, to the project's last day."""
        period = self.seed.get("project_period")
        given: Any = self.answers.get("project_period") or {
            key: node for key in ("starts", "ends") if isinstance(period, Table) and (node := period.get(key))
        }
        starts, ends = _day(given.get("starts", "")), _day(given.get("ends", ""))
        phases: list[Typed] = []
        while starts and ends and starts <= ends:
            question = _("What is phase {n} called?").format(n=len(phases) + 1)
            if not (title := prompts.text(question, str, "Etablering og oplæring", required=False)):
                break
            last = self.last_day(_("When does the phase end? That day is part of it."), str(starts), str(ends))
            id = f"fase-{len(phases) + 1}"
            phases.append({"id": id, "title": title, "starts": str(starts), "ends": last})
            starts = (_day(last) or ends) + timedelta(days=1)
        if phases:
            self.answers["phases"] = tuple(phases)


def _funds() -> dict[str, str]:
    """The funds by name, each with its title."""
    found = {name: shelf.fund(name, Span("", 0, 0), []) for name in shelf.funds()}
    return {name: fund.title for name, fund in found.items() if fund}


def _day(text: Node | str) -> date | None:
    found = day(Value.typed(text)) if isinstance(text, str) and text else None
    return found if isinstance(found, date) else None
