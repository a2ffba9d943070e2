"""Makes docs/files.md, the project's files key by key, from the records themselves: `python -m docs.files`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

from msgspec import Struct

from docs.page import DOCS, table, write
from toolkit.core import cases, fund, payroll, plan, postings
from toolkit.core.events import KINDS, Event
from toolkit.core.money import Money
from toolkit.core.problems import Problem
from toolkit.core.records import DatedRows, DayPattern, Entry, Hour, Id, KindName, Month, PostingRows, Rows, Share, Year
from toolkit.core.words import EVENTS
from toolkit.readers import shelf
from toolkit.readers.meanings import meanings
from toolkit.readers.model import Field, fields_of, is_record
from toolkit.readers.postings import COLUMNS, PERFORMED

PAGE = DOCS / "files.md"

_HEAD = """# Projektets filer, nøgle for nøgle

Et projekt er en mappe med tekstfiler. `projects/thisted-nordthy` er et helt eksempel. **Fed** er det, der skal stå.

| fil | hvad den er |
| --- | --- |
| [`project.yaml`](#projectyaml) | projektet, som det er lovet, og det løbende |
| [`budgets/*.yaml`](#budgets) | ét helt budget pr. fil; rettes aldrig, afløses af en ny |
| [`events.yaml`](#eventsyaml) | loggen: hvad der skete, nyeste nederst |
| [`postings/*.csv`](#postings) | posteringer fra økonomisystemet |
| [`allocation.yaml`](#allocationyaml) | hvilke posteringer der hører til hvilken budgetpost |
| [`payroll.yaml`](#payrollyaml) | timerne bag lønnen, pr. rolle og måned |
| [`cases/*.md`](#cases) | en sag til udvalget pr. fil |
| [`texts/`](#texts) | det, der skrives selv: ét dokument og én periode pr. fil |
| [`layouts/<navn>/`](recipes/new-layout.md) | projektets egen udformning; går forud for `templates/layouts/` |
| [`templates/funds/*.yaml`](#templatesfunds) | puljen; fælles for alle, der har søgt den |

Beløb skrives `250.000`, `250.000,50` eller `250.000 kr.`, datoer `2022-06-30` eller `30-06-2022`, decimaltal med
komma. Inde i `{…}` skal en tekst eller et tal med komma have anførselstegn. En værdi, der endnu ikke kendes, skrives
`MANGLER`: det giver en advarsel i `pulje check` og standser de dokumenter, der skal bruge den.

Tre nøgler må stå ved næsten alt:

{common}
Siden er lavet af `python -m docs.files` ud fra felterne i `toolkit/core/`. Hvad der kan være galt, står i
[errors.md](errors.md).
"""

# The records of each file, each with what it is called here.
FILES: Mapping[str, tuple[str, Mapping[type[Struct], str]]] = {
    "project.yaml": (
        f"De nøgler, der er lovet ({', '.join(f'`{key}`' for key in plan.PROMISED)}), ændres fra tilsagnet kun ved en "
        "hændelse `change-approved`.",
        {
            plan.Plan: "Øverst",
            plan.Period: "Periode: `project_period`, `grant_period`",
            plan.Grant: "Tilskud: `grant`",
            plan.Applicant: "Ansøger: `applicant`",
            plan.Statement: "Løfte i ord: `purpose`, `summary`",
            plan.TargetGroup: "Målgruppe: `target_group`",
            plan.Goal: "Mål: `goals`",
            plan.Indicator: "Indikator: `indicators`",
            plan.Phase: "Fase: `phases`",
            plan.Milestone: "Milepæl: `milestones`",
            plan.Activity: "Aktivitet: `activities`",
            plan.Track: "Arbejdsspor: `tracks`",
            plan.Team: "Team: `teams`",
            plan.Person: "Person: `people`",
            plan.Group: "Gruppe: `groups`",
            plan.Risk: "Risiko: `risks`",
            plan.Report: "Rapport: `reports`",
            plan.Condition: "Vilkår i tilskudsbrevet: `conditions`",
            plan.Erp: "Økonomisystem: `erp`",
            plan.Funding: "Anden finansiering: `funding`",
            fund.LetterTerm: "Tilskudsbrevets vilkår: `terms`",
            plan.Source: "Kilde: `sources`",
        },
    ),
    "budgets/": (
        "Filen hedder dag og stade, fx `2021-12-16-award.yaml`. Antal × enhedspris skal give beløbet, og det skal "
        "årene eller månederne også.",
        {plan.Budget: "Øverst", plan.BudgetLine: "Budgetpost: `lines`"},
    ),
    "allocation.yaml": (
        "En liste `rules:`. Den første regel, der passer, gælder. En posteringstekst eller et nummer må have `*` for "
        "hvad som helst. Præcis én nøgle siger hvorhen.",
        {postings.Rule: "Regel: `rules`"},
    ),
    "payroll.yaml": (
        "Timer pr. rolle, aldrig pr. person.",
        {payroll.Payroll: "Øverst", payroll.Hours: "Timer: `hours`"},
    ),
    "cases/": (
        "Filens navn er sagens id. Øverst står nøglerne mellem to linjer `---`, derunder teksten under de "
        "overskrifter, som sagens udformning (`templates/layouts/`) har.",
        {
            cases.Case: "Øverst",
            cases.Step: "Trin: `steps`",
            cases.Attachment: "Bilag: `attachments`",
            cases.AppropriationLine: "Bevillingslinje: `appropriation`",
        },
    ),
    "templates/funds/": (
        "Filens navn er puljens id. Kilder, der er uenige, står ved siden af hinanden.",
        {
            fund.Fund: "Øverst",
            fund.SourcedAmount: "En kildes beløb: `frame`",
            fund.SourcedDay: "En kildes dag: `starts`, `ends`",
            fund.Round: "Ansøgningsrunde: `rounds`",
            fund.Criterion: "Kriterium: `criteria`",
            fund.Question: "Spørgsmål: `questions`",
            fund.LineKind: "Slags budgetpost: `lines`",
            fund.Duty: "Pligt til at rapportere: `reporting`",
            fund.Term: "Vilkår: `terms`",
            fund.FundSource: "Kilde: `sources`",
        },
    ),
}

MEANINGS = meanings()

_COMMON = ("source", "synthetic", "note")

_SCALARS: Mapping[object, str] = {
    str: "tekst",
    Money: "beløb",
    Fraction: "tal",
    Share: "andel, fx `60 pct.`",
    date: "dato",
    DayPattern: "dato, eller nogle af dem, fx `2022-03-*`",
    Year: "år, fx `2022`",
    Month: "måned, fx `2022-01`",
    Hour: "klokkeslæt, fx `12:00`",
    Id: "id",
    KindName: "dokumenttype, fx `status-report`",
    bool: "`true` eller `false`",
    int: "helt tal",
}

_LISTED: Mapping[object, str] = {
    Rows: "liste af rækkenumre, fx `[3, 5-9]`",
    PostingRows: "liste af rækker, fx `postings/2022-04-01-opus-0a1b2c3d.csv:3-9`",
    DatedRows: "liste af dage, hver med rækker, fx `2022-03-31 postings/2022-04-01-opus-0a1b2c3d.csv:3-9`",
}

# The same as the keys and values of `{…: …}`.
_MAPPED: Mapping[object, str] = {
    Year: "år",
    Month: "måned `2022-01`",
    Id: "id",
    str: "navn",
    Money: "beløb",
    Fraction: "tal",
    Share: "andel",
    Any: "værdi",
}


def main() -> None:
    """Write the page anew."""
    write(PAGE, page())


def page() -> str:
    """docs/files.md: each file under its heading, in the order in which a project gets them."""
    common = table(("nøgle", "værdi", "betydning"), [_row(Entry, key) for key in _COMMON])
    sections = {name: _file(name, about, records) for name, (about, records) in FILES.items()}
    order = (
        "project.yaml",
        "budgets/",
        "events.yaml",
        "postings/",
        "allocation.yaml",
        "payroll.yaml",
        "cases/",
        "texts/",
    )
    sections |= {"events.yaml": _log(), "postings/": _postings(), "texts/": _texts()}
    parts = [sections.pop(name) for name in order]
    return "\n".join([_HEAD.replace("{common}", common), *parts, *sections.values()])


# ── the page's parts ─────────────────────────────────────────────────────────────────────────


def _file(name: str, about: str, records: Mapping[type[Struct], str]) -> str:
    parts = [f"## {name}\n\n{about}\n"]
    for record, title in records.items():
        keys = [key for key in fields_of(record) if not _known_elsewhere(record, key)]
        parts.append(f"### {title}\n\n" + table(("nøgle", "værdi", "betydning"), [_row(record, key) for key in keys]))
    return "\n".join(parts)


def _known_elsewhere(record: type[Struct], key: str) -> bool:
    """Said once for all records, or given by the file's name."""
    by_name = key == "id" and record in (plan.Budget, cases.Case, fund.Fund)
    return by_name or (key in _COMMON and f"{record.__name__}.{key}" not in MEANINGS.said)


def _row(record: type[Struct], key: str) -> tuple[str, str, str]:
    field = fields_of(record)[key]
    return _name(key, field), _value(field.kind), MEANINGS.of(record, key)


def _name(key: str, field: Field) -> str:
    return f"**`{key}`**" if field.required else f"`{key}`"


def _value(kind: Any) -> str:
    """What a value of a hint is, in Danish."""
    options = get_args(kind) if get_origin(kind) in (Union, UnionType) else (kind,)
    return " eller ".join(_option(option) for option in options if option is not NoneType)


def _option(kind: Any) -> str:
    arguments = get_args(kind)
    if get_origin(kind) is Literal:
        return ", ".join(f"`{choice}`" for choice in arguments)
    if get_origin(kind) is tuple:
        return "liste" if is_record(arguments[0]) else _LISTED.get(arguments[0], "liste af tekster")
    if get_origin(kind) is not None:
        return f"{_MAPPED[arguments[0]]}: {_MAPPED.get(arguments[1]) or _option(arguments[1])}"
    return "nøgler" if is_record(kind) else _SCALARS[kind]


def _log() -> str:
    always = [_row(Event, key) for key in fields_of(Event) if key not in _COMMON]
    kinds: list[tuple[str, str, str]] = []
    keys: dict[str, tuple[str, str, str]] = {}
    for kind, record in KINDS.items():
        own = {key: field for key, field in fields_of(record).items() if key not in fields_of(Event)}
        kinds.append((f"`{kind}`", EVENTS[kind][0], ", ".join(_name(key, field) for key, field in own.items()) or "–"))
        keys |= {key: (f"`{key}`", _value(field.kind), MEANINGS.of(record, key)) for key, field in own.items()}
    return "\n".join(
        [
            "## events.yaml\n\nÉn hændelse pr. listepunkt; `pulje log` skriver dem. Der rettes aldrig i loggen: en "
            "fejl rettes med en ny hændelse `corrected`.\n\nAlle hændelser har `kind` og:\n",
            table(("nøgle", "værdi", "betydning"), always),
            "### Hændelserne\n",
            table(("`kind`", "på dansk", "nøgler"), kinds),
            "### Hændelsernes nøgler\n",
            table(("nøgle", "værdi", "betydning"), [keys[key] for key in sorted(keys)]),
        ]
    )


def _postings() -> str:
    rows = [(f"`{column}`", MEANINGS.of(postings.Posting, column)) for column in (*COLUMNS, PERFORMED)]
    return (
        "## postings/\n\nFilen hedder importens dag, systemet og de første otte tegn af filens SHA-256, fx "
        "`2022-07-08-opus-1e0f9090.csv`. Er der allerede en fil med samme indhold fra den dag, får den nye otte andre "
        "tegn: to ens linjer i to importer er to udgifter. Filen er UTF-8 med semikolon mellem felterne og disse "
        "kolonner:\n\n" + table(("kolonne", "hvad den er"), rows)
    )


def _texts() -> str:
    problems: list[Problem] = []
    parts = [
        "## texts/\n\nEn statusrapports fil hedder periodens sidste dag, fx `texts/status-report/2022-06-30.md`; de "
        "andre hedder som dokumentet, fx `texts/application.md`. Hvert afsnit står under sin overskrift, `# "
        "Resumé`; `pulje text` begynder filen med overskrifter og spørgsmål. Tal og datoer hentes med "
        "[oplysninger](facts.md) og skrives ikke af. `<!-- … -->` er en note, som ikke kommer med. En fodnote er "
        "`[^1]` i teksten og `[^1]: …` i et afsnit for sig.\n"
    ]
    for name in shelf.kinds():
        kind = shelf.kind(name, problems)
        assert kind is not None, problems
        rows = [
            (f"**{section.heading}**" if section.required else section.heading, section.question)
            for section in kind.sections
            if section.prose
        ]
        title = f"{kind.title}, i `cases/`" if name == "agenda-item" else kind.title
        note = "Overskrifterne er udformningens egne; her er standardens.\n\n" if name == "agenda-item" else ""
        parts.append(f"### {title}\n\n{note}" + table(("overskrift", "spørgsmålet"), rows))
    return "\n".join(parts)


def every_key() -> Iterable[tuple[type[Struct], str]]:
    """Each key that the page says something of."""
    for _about, records in FILES.values():
        for record in records:
            yield from ((record, key) for key in fields_of(record) if not _known_elsewhere(record, key))
    yield from ((Entry, key) for key in _COMMON)
    for record in KINDS.values():
        yield from ((record, key) for key in fields_of(record) if key not in _COMMON)
    yield from ((postings.Posting, column) for column in (*COLUMNS, PERFORMED))


if __name__ == "__main__":
    main()
