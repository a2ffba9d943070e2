"""A second reading of a log, from docs/days.md alone: it knows YAML, and nothing of the program.

What has two readings there is marked open, with the one that is taken.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import yaml

Node = dict[str, Any]


def read(text: str) -> Any:
    """YAML with every scalar as text."""
    return yaml.load(text, Loader=yaml.BaseLoader)


def day(text: str) -> date:
    return date.fromisoformat(text)


def known(log: list[Node], known_by: date) -> list[Node]:
    """What was recorded by a day, as the corrections among it put it right: the last correction first."""
    seen = [dict(each) for each in log]
    found: list[Node] = []
    for at in range(len(seen) - 1, -1, -1):
        event, corrections = seen[at], [each for each in found if each["kind"] == "corrected"]
        mine = [each for each in corrections if each["event"] == event["id"]]
        if any(each.get("withdrawn") == "true" for each in mine):
            continue
        for each in mine:
            event |= each.get("values", {})
        if day(event["recorded"]) > known_by:
            continue
        found.insert(0, event)
    return found


def history(log: list[Node], as_of: date, known_by: date) -> list[Node]:
    """What had happened, in the order of the days; of one day as it is written."""
    happened = [each for each in known(log, known_by) if day(each["happened"]) <= as_of]
    return sorted(happened, key=lambda each: day(each["happened"]))


def approvals(events: list[Node]) -> list[Node]:
    """The approvals, without the values that a later refusal of the same undid; the agency's answers only by it."""
    found: list[Node] = []
    noes: dict[tuple[str, str], object] = {}  # what the agency has refused and not approved since, by path and value
    for event in events:
        if event["kind"] == "change-approved":
            told = in_full(event["values"])
            said = {(path, str(value)): value for path, value in told.items()}
            if event.get("by") in (None, AGENCY):
                noes = {key: value for key, value in noes.items() if key not in said}
                found.append(event)
            else:
                left = {path: value for path, value in told.items() if (path, str(value)) not in noes}
                found.append(event if left == told else {**event, "values": left})
        elif event["kind"] == "change-refused":
            agencys, refused = event.get("by") in (None, AGENCY), in_full(event["values"])
            if event.get("by") == AGENCY:
                noes |= {(path, str(value)): value for path, value in refused.items()}
            for at, each in enumerate(found):
                if agencys or each.get("by") != AGENCY:
                    told = in_full(each["values"])
                    left = {path: said for path, said in told.items() if refused.get(path, ()) != said}
                    found[at] = each if left == told else {**each, "values": left}
    return [each for each in found if each["values"]]


def in_full(values: Node) -> Node:
    """New values by their full paths: a whole record is each of its values."""
    found: Node = {}
    for path, said in values.items():
        parts = {f"{path}.{key}": part for key, part in said.items()} if isinstance(said, dict) else {}
        found |= in_full(parts) or {path: said}
    return found


AGENCY = "tilskudsyder"


def facts(plan: Node, log: list[Node], as_of: date, known_by: date) -> dict[str, object]:
    """What the page says of milestones, risks, roles, the grant and the period."""
    events = history(log, as_of, known_by)
    stands = approvals(events)
    told: dict[str, object] = {}
    for milestone in plan["milestones"]:
        told |= _milestone(milestone, events, stands, as_of)
    for risk in plan["risks"]:
        said = [each["ended"] for each in events if each.get("risk") == risk["id"] and "ended" in each]
        told[f"risks.{risk['id']}.ended"] = said[-1:] == ["true"]
    begun = [(day(each["from"]), each["name"], each.get("to")) for each in plan["people"]]
    for each in (each for each in events if each["kind"] == "person-changed"):
        _took(begun, each)
    held = [each for each in begun if each[0] <= as_of]
    last = max(held, key=lambda each: each[0]) if held else None
    last = [each for each in held if last and each[0] == last[0]][-1] if last else None  # open: of one day the last
    serves = last is not None and (last[2] is None or as_of <= day(last[2]))
    told["people.1.name"] = last[1] if last and serves else None
    awarded = None
    said = deciding(events)
    for event in events:
        if event["kind"] in ("awarded", "rejected"):
            awarded = event.get("amount") if event in said else awarded
        elif awarded and event in stands and "grant.awarded" in event["values"]:
            awarded = event["values"]["grant.awarded"]
    refused, shut = _over(said)
    if refused:  # nothing is awarded, and nobody asks for what was not reached
        awarded = None
        told |= {f"milestones.{milestone['id']}.late": False for milestone in plan["milestones"]}
    elif shut:  # what was not due yet lapses
        for milestone in plan["milestones"]:
            name = f"milestones.{milestone['id']}"
            told[f"{name}.late"] = told[f"{name}.late"] and told[f"{name}.promised"] < shut
    free = day(last[2]) + timedelta(days=1) if last and last[2] and not serves else None
    over = refused or shut
    told["vacancies.1.since"] = free if free and (over is None or free <= over) else None
    told["grant.awarded"] = _oere(awarded)
    since = max((at for at, each in enumerate(said) if each["kind"] == "rejected"), default=-1)
    first = next((each["amount"] for each in said[since + 1 :] if each["kind"] == "awarded"), None)
    told["grant.first_awarded"] = _oere(first) if awarded and awarded != first else None
    ends = [each["values"]["project_period.ends"] for each in stands if "project_period.ends" in each["values"]]
    told["project_period.ends"] = day((ends or [plan["project_period"]["ends"]])[-1])
    return told


def deciding(events: list[Node]) -> list[Node]:
    """The applications and answers that the grant follows: not what is asked for beside it, nor a no to that."""
    found: list[Node] = []
    asked = stands = False
    for event in (each for each in events if each["kind"] in ("applied", "awarded", "rejected", "closed")):
        if stands and event["kind"] == "applied":
            asked = True
        elif asked and (event["kind"] == "rejected" or event.get("by") not in (None, AGENCY)):
            asked = False
        elif event["kind"] != "closed":
            found.append(event)
            asked, stands = False, event["kind"] == "awarded"
        elif not stands or event.get("by") in (None, AGENCY):
            found += [event] if [last["kind"] for last in found[-1:]] != ["closed"] else []
    return found


def _oere(amount: str | None) -> int | None:
    return None if amount is None else int(amount.removesuffix(" kr.").replace(".", "")) * 100


def _over(said: list[Node]) -> tuple[date | None, date | None]:
    """The days of the refusal and of the closing that stand."""
    refused = shut = None
    for event in said:
        if event["kind"] in ("applied", "awarded"):
            refused = shut = None
        elif event["kind"] == "rejected":
            refused, shut = day(event["happened"]), None
        else:
            shut = day(event["happened"])
    return refused, shut


def not_sent(plan: Node, log: list[Node], as_of: date, known_by: date) -> set[tuple[str, date, date | None]]:
    """What the page says of the duties to report: the kind, the last day that it tells of, and when it is due."""
    events = history(log, as_of, known_by)
    ends = day(plan["project_period"]["ends"])
    duties = [(each["kind"], day(each["period_ends"]), day(each["due"])) for each in plan["reports"]]
    asked: list[tuple[str, date, date | None]] = [*duties]
    for each in approvals(events):
        now = day(each["values"].get("project_period.ends", str(ends)))
        asked = [_with_end(duty, ends, now) for duty in asked]
        ends = now
    refused, shut = _over(deciding(events))
    if refused:
        return set()
    if shut:
        left = [each for each in asked if each[1] <= shut or each[0] != "status-report"]
        asked = [
            each if each[1] <= shut else (each[0], shut, each[2] if each[2] and each[2] < shut else None)
            for each in left
        ]
    sent = [each["issued"] for each in events if each["kind"] == "submitted"]
    return {each for each in asked if f"{each[1]}-{each[0]}-v1" not in sent}


def _with_end(duty: tuple[str, date, date | None], was: date, ends: date) -> tuple[str, date, date | None]:
    kind, until, due = duty
    if was == ends or (until != was and kind != "final-report"):
        return duty
    return kind, ends, due if due and due >= ends else None


def course(case: Node, log: list[Node], as_of: date, known_by: date) -> dict[str, object]:
    """What the page says of a case's meetings before a day: each one that decided, and the one that is to come."""
    there = known(log, known_by)
    met: list[tuple[date, dict[str, object]]] = []
    for step in case["steps"]:
        mine = sorted(
            (each for each in there if each.get("step") == step["id"]), key=lambda each: day(each["happened"])
        )
        sets = [each for each in mine if each["kind"] == "meeting-set"]
        decided = {
            day(each["happened"]): each for each in mine if each["kind"] == "decided"
        }  # open: of one day the last
        put_off = {
            day(each["happened"])
            for each in mine
            if each["kind"] == "decided" and each["outcome"] in ("postponed", "returned")  # open: any of the day
        }
        coming, items = day(step["date"]), {day(step["date"]): step["item"]}
        for on in sorted({min(day(each["happened"]), day(each["date"])) for each in sets}):
            if on >= as_of:
                break
            for each in (each for each in sets if day(each["date"]) == on < day(each["happened"])):
                coming = coming if on in put_off and on < as_of and coming > on else on
                items[on] = each.get("item") or items.get(on)
            for each in (each for each in sets if on == day(each["happened"]) <= day(each["date"])):
                coming = day(each["date"])
                items[coming] = each.get("item") or items.get(coming)
        for meeting in sorted({coming, *(each for each in decided if each < as_of)}):
            item, said = items.get(meeting), decided.get(meeting) if meeting < as_of else None
            facts = {"body": step["body"], "day": meeting, "item": None if item is None else int(item)}
            met.append((meeting, {**facts, "decision": said["text"] if said else None}))
    told: dict[str, object] = {}
    for number, (_day, facts) in enumerate(sorted(met, key=lambda each: each[0]), start=1):
        told |= {f"steps.{number}.{name}": value for name, value in facts.items()}
    return {**told, f"steps.{len(met) + 1}.body": None}


def _took(begun: list[tuple[date, str, str | None]], said: Node) -> None:
    """Whoever has the role stops on the day that is said; anybody else takes it over."""
    on = day(said["happened"])
    held = [at for at, each in enumerate(begun) if each[0] <= on]
    now = max(held, key=lambda at: (begun[at][0], at), default=None)
    had = [at for at in held if begun[at][1] == said["name"]] if "until" in said else []
    serves = now is not None and (begun[now][2] is None or on <= day(begun[now][2]))
    if had and (serves or now in had):
        mine = max(had, key=lambda at: begun[at][0])  # open: of one day the first
        begun[mine] = (*begun[mine][:2], said["until"])
    else:
        begun.append((on, said["name"], said.get("until")))


def _milestone(milestone: Node, events: list[Node], stands: list[Node], as_of: date) -> dict[str, object]:
    name = f"milestones.{milestone['id']}"
    promised = due = day(milestone["due"])
    reached, gone = None, False
    for event in events:
        mine = event.get("milestone") == milestone["id"]
        values = next((each["values"] for each in stands if each["id"] == event["id"]), {})
        if f"{name}.due" in values:
            promised = due = day(values[f"{name}.due"])
            gone = False
        elif mine and event["kind"] == "milestone-moved" and not reached:
            due, gone = day(event["due"]), False
        elif mine and event["kind"] == "milestone-dropped":
            gone = True
        elif mine and event["kind"] == "milestone-reached":
            reached = reached or day(event["happened"])
    late = not reached and not gone and promised < as_of
    return {f"{name}.promised": promised, f"{name}.due": due, f"{name}.reached": reached, f"{name}.late": late}
