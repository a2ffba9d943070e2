"""Random logs of every kind of event, for one project that has a bit of everything: what no log may break."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from itertools import count
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from msgspec import Struct, structs

from toolkit.core.dossier import Dossier, PostingFile
from toolkit.core.money import Money
from toolkit.core.postings import Posting, Postings
from toolkit.core.problems import Problem
from toolkit.project import Project, open_project
from toolkit.readers.events import event_line, read_events

Keys = dict[str, Any]  # of one event as it is written, its days as days

PLAN = """\
title: Faste teams
municipality: Thisted
fund: faste-teams-2021
summary: Teamene planlægger selv.
project_period: {starts: 2022-01-01, ends: 2023-12-31}
grant: {applied: 450.000 kr., awarded: 450.000 kr.}
purpose: Mere stabilitet
target_group: {text: Borgere med hjemmehjælp, count: 200}
goals: [{id: maal, title: Øget livskvalitet}]
phases:
  - {id: start, title: Etablering, starts: 2022-01-01, ends: 2022-06-30}
  - {id: drift, title: Drift, starts: 2022-07-01, ends: 2023-12-31}
milestones:
  - {id: klar, title: Teams er klar, due: 2022-06-15, phase: start}
  - {id: halvt, title: Midtvejsmåling, due: 2022-12-15, phase: drift}
  - {id: slut, title: Evaluering, due: 2023-11-30, phase: drift}
indicators:
  - {id: ansigter, title: Forskellige medarbejdere, goal: maal, unit: medarbejdere, baseline: 16, target: 9}
activities: [{id: kursus, title: Kursus, phase: start, text: Tre moduler}]
people:
  - {role: project_manager, name: Projektleder A, from: 2021-12-01}
  - {role: controller, name: Controller B, from: 2021-12-01, to: 2023-06-30}
risks: [{id: vikarer, title: For få vikarer, likelihood: medium, impact: high, action: Opslag}]
funding: [{id: region, kind: co, title: Regionen, amount: 40.000 kr.}, {kind: own, title: Kommunen, amount: 10.000 kr.}]
reports:
  - {kind: status-report, period_ends: 2022-06-30, due: 2022-09-01}
  - {kind: status-report, period_ends: 2022-12-31, due: 2023-03-01}
  - {kind: status-report, period_ends: 2023-06-30, due: 2023-09-01}
  - {kind: final-report, period_ends: 2023-12-31, due: 2024-03-31}
  - {kind: accounts, period_ends: 2022-12-31, due: 2023-03-31}
  - {kind: accounts, period_ends: 2023-12-31, due: 2024-03-31}
"""
BUDGETS = {
    "2021-11-01-application": """\
stage: application
lines: [{id: loen, title: Løn, amount: 400.000 kr.}, {id: kurser, title: Kurser, amount: 100.000 kr.}]
""",
    "2021-12-16-award": """\
stage: award
lines:
  - {id: loen, title: Løn, amount: 400.000 kr., by_year: {2022: 200.000 kr., 2023: 200.000 kr.}}
  - {id: kurser, title: Kurser, amount: 100.000 kr.}
""",
    "2022-09-01-change": """\
stage: change
lines:
  - {id: loen, title: Løn, amount: 380.000 kr., by_year: {2022: 190.000 kr., 2023: 190.000 kr.}}
  - {id: laering, title: Læring, amount: 120.000 kr., was: {kurser: 60 pct.}}
""",
    "2023-02-15-change": """\
stage: change
funding: [{id: region, kind: co, title: Regionen, amount: 50.000 kr.}]
lines:
  - {id: vikarer, title: Vikarer, amount: 250.000 kr., was: {loen: 50 pct., laering: 100 pct.}}
  - {id: loen, title: Løn, amount: 250.000 kr., by_month: {2023-05: 125.000 kr., 2023-12: 125.000 kr.}}
""",
}
CASES = {
    "tilsagn": """\
---
title: Faste teams
layout: standard
appropriation: [{title: Tilskud, year: 2022, amount: -450.000 kr.}]
steps:
  - {id: ssu, body: Udvalget, date: 2022-01-11, item: 14, case_type: for-decision, proposed_by: Forvaltningen,
     proposal: [godkender]}
  - {id: raad, body: Ældrerådet, date: to-follow, case_type: for-information, consultation: true}
attachments: [{no: 1, title: Tilsagn}]
---
# Resumé
Der er nået {{ milestones_reached }} milepæle i {{ period.text }}.
# Sagsfremstilling
Se ansøgningen.
""",
    "slut": """\
---
title: Slutrapport
layout: thisted
steps:
  - {id: ssu, body: Udvalget, date: to-follow, case_type: for-information, proposed_by: Afdelingen, proposal: [tager]}
---
# Sagstema
{{ steps | length }} behandlinger.
# Redegørelse
Se rapporten.
""",
}
RULES = """\
rules:
  - {voucher: "99", taken_back: true, reason: Vendt}
  - {account: "86*", grant_income: true}
  - {account: "7100", other_income: true}
  - {account: "7200", other_income: region}
  - {account: "2900", not_eligible: true, reason: Mad}
  - {account: "4200", split: {loen: 60, kurser: 40}, reason: Delt}
  - {account: "4300", line: loen, eligible: 50 pct., reason: Halvt}
  - {account: "4400", line: kurser, allowed: "Styrelsen, brev"}
  - {account: "4001", line: loen}
  - {account: "4600", line: kurser}
  - {account: "4700", line: laering}
"""
PROSE = {
    **{f"status-report/{day}": "Resumé" for day in ("2022-06-30", "2022-12-31", "2023-06-30")},
    "application": "Projektresumé\nKort.\n# Forandringsteori\nDerfor.\n# Forankring",
    "project-description": "Resumé",
    "final-report": "Resumé\nKort.\n# Resultater\nNået.\n# Forankring",
}
OWN = {
    "manifest.yaml": """\
title: Nyhedsbrev
file_name: nyhedsbrev
like: status-report
sections: [{name: news, heading: Nyt}]
""",
    "text.md": """\
# title

{{ title }}

# news

{% for each in milestones %}{{ each.title }}: {{ each.status }} {{ each.due | long_date }}. {% endfor %}
{% for each in changes %}{{ each.change }}: {{ each.answer }}. {% endfor %}
""",
}
ACCOUNTS = ("4001", "4001", "4600", "4700", "4200", "4300", "4400", "8610", "7100", "7200", "2900", "5555")
FILES = {
    "project.yaml": PLAN,
    "allocation.yaml": RULES,
    **{f"budgets/{name}.yaml": text for name, text in BUDGETS.items()},
    **{f"cases/{name}.md": text for name, text in CASES.items()},
    **{f"templates/documents/nyhedsbrev/{name}": text for name, text in OWN.items()},
    **{
        f"texts/{name}.md": f"# {heading}\nTeamene har nået {{{{ milestones_reached }}}} milepæle.\n"
        for name, heading in PROSE.items()
    },
}

# Days on which something turns, and the days beside them: few, so that what contradicts meets.
TURNS = [date(2021, 11, 1), date(2021, 12, 16), date(2022, 1, 11), date(2022, 6, 30), date(2022, 9, 1)]
TURNS += [date(2022, 12, 31), date(2023, 2, 15), date(2023, 6, 30), date(2023, 12, 31), date(2024, 3, 20)]


def some_day(chance: Random, last: date = date(2024, 5, 1)) -> date:
    """Near one of the turns, or any day."""
    if chance.random() < 0.3:
        day = date(2021, 11, 1) + timedelta(days=chance.randrange(900))
    else:
        day = chance.choice(TURNS) + timedelta(days=chance.choice((-1, 0, 0, 1, 2, 14)))
    return min(day, last)


# ── one event of each kind ───────────────────────────────────────────────────────────────────


def _kr(chance: Random, most: int = 300) -> str:
    return f"{chance.randrange(1, most)}.{chance.choice(('000', '500', '333'))} kr."


def _values(chance: Random) -> dict[str, str]:
    """Promised values that a change may bring, some of them twice over."""
    found: dict[str, str] = {}
    for _ in range(chance.choice((1, 1, 2))):
        path, value = chance.choice(
            (
                ("milestones.klar.due", str(some_day(chance))),
                ("milestones.slut.due", str(some_day(chance))),
                ("milestones.halvt", None),
                ("project_period.ends", chance.choice(("2024-03-31", "2023-10-31", "2024-01-31"))),
                ("grant.awarded", _kr(chance)),
                ("purpose", f"Formål {chance.randrange(3)}"),
                ("target_group.count", str(chance.randrange(100, 300))),
                ("phases.drift.ends", chance.choice(("2024-03-31", "2023-10-31"))),
            )
        )
        found[path] = value  # type: ignore[assignment]
    return found


def _change(chance: Random) -> Keys:
    kind = chance.choice(
        ("change-requested", "change-requested", "change-approved", "change-approved", "change-refused")
    )
    change = chance.choice(("budget", "budget", "carry-over", "extension", "project"))
    keys: Keys = {"kind": kind, "change": change}
    if chance.random() < 0.7:
        keys["by"] = chance.choice(("Socialstyrelsen", "Byrådet"))
    if change == "budget" and chance.random() < 0.9:
        keys["budget"] = chance.choice(("2022-09-01-change", "2023-02-15-change"))
    if change == "carry-over" and chance.random() < 0.6:
        keys["year"] = chance.choice(("2022", "2023"))
    if change == "carry-over" and chance.random() < 0.4:
        keys["amount"] = _kr(chance, 500)
    if change in ("extension", "project"):
        keys["values"] = _values(chance)
    if chance.random() < 0.5:
        keys["reason"] = f"Grund {chance.randrange(3)}"
    return keys


def _award(chance: Random) -> Keys:
    keys: Keys = {"kind": "awarded", "amount": _kr(chance, 500)}
    if chance.random() < 0.5:
        keys["budget"] = chance.choice(("2021-12-16-award", "2021-11-01-application"))
    return keys


STEPS = (("tilsagn", "ssu"), ("tilsagn", "raad"), ("slut", "ssu"))


def _step(chance: Random) -> Keys:
    case, step = chance.choice(STEPS)
    return {"case": case, "step": step}


def _submitted(chance: Random) -> Keys:
    of = chance.choice(("2022-06-30-status-report", "2022-12-31-status-report", "2023-06-30-status-report"))
    of = chance.choice((of, of, "2023-12-31-final-report", "2022-12-31-accounts", "2023-12-31-accounts"))
    keys: Keys = {"kind": "submitted", "issued": f"{of}-v{chance.choice((1, 1, 2))}", "to": "Socialstyrelsen"}
    if "status" in of and chance.random() < 0.5:
        keys |= {"spent": _kr(chance)}
    return keys


def _risk(chance: Random) -> Keys:
    keys: Keys = {"kind": "risk-changed", "risk": "vikarer"}
    keys[chance.choice(("likelihood", "impact"))] = chance.choice(("low", "high"))
    if chance.random() < 0.5:
        keys["ended"] = chance.choice(("true", "false"))
    return keys


def _line(chance: Random) -> str:
    return chance.choice(("loen", "loen", "kurser", "laering", "vikarer"))


MAKERS: Sequence[Callable[[Random], Keys]] = (
    lambda chance: {"kind": "applied", "amount": _kr(chance, 500)},
    _award,
    lambda chance: {"kind": "rejected", "reason": "Nej"},
    lambda chance: {"kind": "accepted"},
    _change,
    _change,
    _change,
    _change,
    lambda chance: {"kind": "instalment-received", "amount": _kr(chance)},
    lambda chance: {"kind": "instalment-withheld", "amount": _kr(chance), "reason": "Mangler"},
    lambda chance: {"kind": "instalment-released", "amount": _kr(chance)},
    lambda chance: {"kind": "repaid", "amount": _kr(chance)},
    lambda chance: {"kind": "audited", "by": f"Revisor {chance.randrange(2)}"},
    lambda chance: {"kind": "closed", "by": "Socialstyrelsen"},
    lambda chance: {"kind": "milestone-reached", "milestone": chance.choice(("klar", "halvt", "slut"))},
    lambda chance: {
        "kind": "milestone-moved",
        "milestone": chance.choice(("klar", "halvt", "slut")),
        "due": str(some_day(chance)),
        "cause": "Ubesat",
    },
    lambda chance: {"kind": "milestone-dropped", "milestone": chance.choice(("klar", "slut")), "cause": "Ikke brug"},
    lambda chance: {"kind": "activity-held", "title": f"Kursus {chance.randrange(3)}", "participants": "12"},
    lambda chance: {
        "kind": "deviation",
        "cause": f"Sag {chance.randrange(3)}",
        "action": "Rettet",
        "line": _line(chance),
    },
    lambda chance: {"kind": "measured", "indicator": "ansigter", "value": str(chance.randrange(5, 20))},
    lambda chance: {"kind": "experience", "theme": "Ledelse", "text": f"Lært {chance.randrange(3)}", "phase": "drift"},
    lambda chance: {"kind": "advice", "theme": "Ledelse", "text": f"Råd {chance.randrange(3)}"},
    _risk,
    lambda chance: {
        "kind": "person-changed",
        "role": chance.choice(("project_manager", "controller")),
        "name": f"Person {chance.randrange(3)}",
        **({"until": f"2023-0{chance.randrange(1, 10)}-15"} if chance.randrange(2) else {}),
    },
    lambda chance: {"kind": "ordered", "line": _line(chance), "amount": _kr(chance, 50)},
    lambda chance: {"kind": "order-cancelled", "line": _line(chance), "amount": _kr(chance, 50)},
    lambda chance: {"kind": "balance", "amount": _kr(chance)},
    lambda chance: {"kind": "estimate", "line": _line(chance), "amount": _kr(chance), "reason": "Skøn"},
    lambda chance: {
        "kind": "meeting-set",
        **_step(chance),
        "date": str(some_day(chance)),
        "item": str(chance.randrange(9)),
    },
    lambda chance: {"kind": "consultation-answered", **_step(chance), "text": f"Svar {chance.randrange(3)}"},
    lambda chance: {
        "kind": "decided",
        **_step(chance),
        "outcome": chance.choice(("approved", "noted", "postponed")),
        "text": f"Besluttet {chance.randrange(9)}",
    },
    lambda chance: {
        "kind": "decided",
        **_step(chance),
        "outcome": chance.choice(("approved", "amended")),
        "text": f"Godkendt {chance.randrange(9)}",
        "votes": "5 for, 2 imod",
    },
    _submitted,
    _submitted,
    lambda chance: {"kind": "noted", "text": f"Bemærk {chance.randrange(3)}"},
)


# ── the log ──────────────────────────────────────────────────────────────────────────────────


class World(Struct, frozen=True):
    """A log in the order that it was written, the books, and what commands that make texts have made of names."""

    log: tuple[Keys, ...]
    rows: tuple[Posting, ...] = ()

    @property
    def text(self) -> str:
        return "".join(event_line(each["kind"], _plain(each)) for each in self.log)

    @property
    def project(self) -> Project:
        """The project with this log and these books; what the rules of `check` say of them is left out."""
        return structs.replace(_project(), dossier=self.dossier())

    def dossier(self) -> Dossier:
        problems: list[Problem] = []
        base = _project().dossier
        assert base is not None
        found = read_events(self.text, "events.yaml", base.plan, problems)
        wrong = [each for each in problems if each.severity == "error"]
        assert not wrong, (wrong, self.text)
        files = tuple(PostingFile(file, "0") for file in dict.fromkeys(each.file for each in self.rows))
        postings = Postings(self.rows, base.postings.rules)
        return structs.replace(base, events=found, postings=postings, posting_files=files)


@cache
def _folder() -> TemporaryDirectory[str]:
    """The project's folder without a log, for as long as the tests run."""
    found = TemporaryDirectory()
    write(Path(found.name))
    return found


@cache
def _project() -> Project:
    found = open_project(Path(_folder().name))
    assert not [each for each in found.problems if each.severity == "error"], found.problems
    return found


def write(folder: Path, world: World | None = None) -> Path:
    """The project as a folder, with the log and the books of a world."""
    files = {**FILES, **({"events.yaml": world.text, **_books(world.rows)} if world else {})}
    for name, text in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="\n")
    return folder


def _books(rows: Iterable[Posting]) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for each in rows:
        amount = f"{'-' if each.amount < 0 else ''}{abs(each.amount) // 100},{abs(each.amount) % 100:02}"
        head = "posted;voucher;line;account;cost_centre;wbs_element;text;amount\n"
        found[each.file] = (
            f"{found.get(each.file, head)}{each.posted};{each.voucher};1;{each.account};;;{each.text};{amount}\n"
        )
    return found


def _plain(keys: Keys) -> Keys:
    return {key: _text(value) for key, value in keys.items() if key != "kind"}


def _text(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: None if each is None else _text(each) for key, each in value.items()}
    return [_text(each) for each in value] if isinstance(value, list | tuple) else str(value)


def name_of(log: Sequence[Keys], at: int) -> str:
    """What an event may be called by in a correction below it: its id, else its day and kind, and its place."""
    event = log[at]
    if "id" in event:
        return str(event["id"])
    plain = Counter(_plain_name(each) for each in log[: at + 1])[_plain_name(event)]
    return f"{_plain_name(event)}-{plain}" if plain > 1 else _plain_name(event)


def _plain_name(event: Keys) -> str:
    return str(event.get("id") or f"{event['happened']}-{event['kind']}")


class Writing:
    """A log that grows, in the order of the days on which it is recorded, and the books with it."""

    def __init__(self, chance: Random, world: World, first: date, ids: float = 0.6) -> None:
        self.chance = chance
        self.log = [*world.log]
        self.rows = [*world.rows]
        self.first = first
        self.ids = ids

    @property
    def world(self) -> World:
        return World(tuple(self.log), tuple(self.rows))

    def go_on(self, number: int, corrections: float = 0.25) -> World:
        """So many more, each recorded no earlier than those before it."""
        chance = self.chance
        found = [self._event() for _ in range(number)]
        for each in sorted(found, key=lambda each: each["recorded"]):
            self.write(each)
            if chance.random() < corrections:
                self._correct(each["recorded"])
        return self.world

    def _event(self) -> Keys:
        chance = self.chance
        keys = chance.choice(MAKERS)(chance) if chance.random() < 0.88 else {"kind": "imported"}
        recorded = max(self.first, some_day(chance) + timedelta(days=chance.choice((0, 0, 1, 10, 60))))
        happened = recorded - timedelta(days=chance.choice((0, 0, 0, 1, 5, 40, 200)))
        if keys["kind"] == "imported":
            happened = recorded
        if keys["kind"] == "submitted" and "spent" in keys and chance.random() < 0.7:
            keys["known_by"] = happened - timedelta(days=chance.choice((0, 0, 3, 30)))
        return {"kind": keys.pop("kind"), "happened": happened, "recorded": recorded, **keys}

    def write(self, event: Keys) -> None:
        if event["kind"] == "imported":
            event |= self._import(event["recorded"])
        if self.chance.random() < self.ids:
            event["id"] = f"e{len(self.log)}"
        self.log.append(event)

    def _import(self, day: date) -> Keys:
        chance = self.chance
        file = f"postings/{day}-{chance.choice(('opus', 'opus', 'prisme365'))}-{len(self.log):08x}.csv"
        rows = range(2, 2 + chance.randrange(1, 6))
        earlier = list(self.rows)
        self.rows += (_posting(chance, day, file, row) for row in rows)
        self.rows.sort(key=lambda each: each.file)  # as a folder has them
        keys: Keys = {"file": file, "digest": "0"}
        if chance.random() < 0.6:
            keys["ends"] = day - timedelta(days=chance.choice((0, 1, 10)))
            if chance.random() < 0.5:
                keys["starts"] = keys["ends"] - timedelta(days=chance.choice((30, 180)))
        for key in ("vanished", "changed", "reappeared", "unchanged"):
            if earlier and chance.random() < 0.3:
                row = chance.choice(earlier)
                keys[key] = [f"{row.file}:{row.row}"]
        if earlier and chance.random() < 0.3:
            row = chance.choice(earlier)
            keys["performed"] = [f"{day} {row.file}:{row.row}"]
        return keys

    def _correct(self, recorded: date) -> None:
        """A correction of something above it, often of a correction."""
        chance = self.chance
        above = range(len(self.log))
        corrections = [at for at in above if self.log[at]["kind"] == "corrected"]
        at = chance.choice(corrections) if corrections and chance.random() < 0.35 else chance.choice(above)
        target = self.log[at]
        keys: Keys = {"kind": "corrected", "happened": recorded, "recorded": recorded, "event": name_of(self.log, at)}
        if chance.random() < 0.4 or target["kind"] in ("corrected", "imported", "accepted"):
            keys["withdrawn"] = "true"
        else:
            values = {**wrong_values(chance, target), "recorded": target["recorded"] - timedelta(days=1)}
            keys["values"] = {key: values[key] for key in chance.sample(sorted(values), 1)}
        self.write(keys)


# Keys that every event which may have them can do without.
_OPTIONAL = frozenset({"budget", "votes", "item", "year", "spent", "starts", "ends"})


def written_wrong(chance: Random, world: World) -> World:
    """The same log, some of it wrong at first and put right below it, often in more than one turn.

    Every event of `world` has an id of its own, and none of them is a correction.
    """
    events: list[Keys] = []
    turns: list[list[Keys]] = []
    last = max(each["recorded"] for each in world.log)
    ids = (f"r{number}" for number in count())

    def correction(of: Any, **keys: Any) -> Keys:
        return {"kind": "corrected", "happened": last, "recorded": last, "id": next(ids), "event": of, **keys}

    for event in world.log:
        if chance.random() < 0.2:  # what never happened
            events.append({**_anything(chance), "id": f"p{len(events)}"})
            turns.append(_in_turns(chance, correction, correction(events[-1]["id"], withdrawn="true")))
        wrong, right = _miswritten(chance, event) if chance.random() < 0.5 else (event, {})
        events.append(wrong)
        if right:
            turns.append(_in_turns(chance, correction, correction(event["id"], values=right)))
        elif chance.random() < 0.15:  # what is right is withdrawn, and that is taken back
            struck = correction(event["id"], withdrawn="true")
            back = chance.choice(({"withdrawn": "true"}, {"values": {"withdrawn": "false"}}))
            turns.append([struck, correction(struck["id"], **back)])
    chance.shuffle(turns)
    return structs.replace(world, log=(*events, *(each for turn in turns for each in turn)))


def _anything(chance: Random) -> Keys:
    keys, recorded = chance.choice(MAKERS)(chance), some_day(chance)
    return {"kind": keys.pop("kind"), "happened": recorded, "recorded": recorded, **keys}


def _miswritten(chance: Random, event: Keys) -> tuple[Keys, Keys]:
    """An event with some of its keys otherwise, one too many or one too few, and the values that put it right."""
    others = wrong_values(chance, event)
    others["recorded"] = event["recorded"] + timedelta(days=chance.choice((-1, 3, 200, 2000)))
    keys = [key for key in others if key in event or key in _OPTIONAL]
    chosen = chance.sample(keys, min(len(keys), chance.choice((1, 1, 2))))
    wrong = {**event, **{key: others[key] for key in chosen}}
    if (left_out := [key for key in event if key in _OPTIONAL - {*chosen}]) and chance.random() < 0.3:
        del wrong[left_out[0]]
    return wrong, {key: event.get(key) for key in {**event, **wrong} if wrong.get(key) != event.get(key)}


def _in_turns(chance: Random, correction: Callable[..., Keys], right: Keys) -> list[Keys]:
    """A correction, which may itself be wrong at first: withdrawn, written again, of another event or day."""
    says = {key: right[key] for key in ("values", "withdrawn") if key in right}
    match chance.randrange(8):
        case 0:
            struck = correction(right["id"], withdrawn="true")
            return [right, struck, correction(struck["id"], withdrawn="true")]
        case 1:
            return [right, correction(right["id"], withdrawn="true"), correction(right["event"], **says)]
        case 2 if "withdrawn" in right:
            return [{**right, "event": "e0"}, correction(right["id"], values={"event": right["event"]})]
        case 3:
            late = right["recorded"] + timedelta(days=900)
            return [{**right, "recorded": late}, correction(right["id"], values={"recorded": right["recorded"]})]
    return [right]


def wrong_values(chance: Random, event: Keys) -> Keys:
    """Each key of an event that may be written otherwise, with another value; its day never after it was recorded."""
    if event["kind"] == "imported":
        files = [f"postings/{day}-opus-00000000.csv" for day in TURNS[:3]]
        days = {"starts": event["recorded"] - timedelta(days=60), "ends": event["recorded"]}
        return {"file": chance.choice(files), "happened": event["happened"] - timedelta(days=3), **days}
    again: Keys = {"kind": None}
    while again["kind"] != event["kind"]:
        again = chance.choice(MAKERS)(chance)
    found = {key: value for key, value in again.items() if key != "kind"}
    found["happened"] = event["happened"] - timedelta(days=chance.choice((1, 3, 100)))
    return found


def _posting(chance: Random, day: date, file: str, row: int) -> Posting:
    posted = day - timedelta(days=chance.choice((0, 1, 5, 30, 90, 300)))
    account = chance.choice(ACCOUNTS)
    amount = chance.choice((1_000_00, 25_000_00, 99_999_99, 333_33))
    sign = -1 if account[0] in "78" or chance.random() < 0.1 else 1
    return Posting(
        posted=posted,
        voucher=str(chance.choice((99, *range(1, 9)))),
        account=account,
        cost_centre="",
        wbs_element="",
        text="Tekst",
        amount=Money(sign * amount),
        imported=day,
        file=file,
        row=row,
    )


def a_log(chance: Random, number: int = 14, ids: float = 0.6, corrections: float = 0.25) -> World:
    """A project's whole log, from its application or its award on."""
    first = chance.choice(
        (
            {"kind": "applied", "happened": date(2021, 11, 1), "recorded": date(2021, 11, 2), "amount": "450.000 kr."},
            {
                "kind": "awarded",
                "happened": date(2021, 12, 16),
                "recorded": date(2021, 12, 16),
                "amount": "450.000 kr.",
            },
        )
    )
    if ids == 1:
        first["id"] = "e0"
    writing = Writing(chance, World((first,)), first["recorded"], ids)
    if chance.random() < 0.7:
        day = date(2022, 2, 1)
        writing.write({"kind": "imported", "happened": day, "recorded": day})
        writing.first = day
    return writing.go_on(number, corrections)
