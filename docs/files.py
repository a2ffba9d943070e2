"""Makes docs/files.md, the project's files key by key, from the records themselves: `python -m docs.files`."""

from __future__ import annotations

import re
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
from toolkit.core.records import Entry, Id, Month, Share
from toolkit.readers import shelf
from toolkit.readers.model import Field, fields_of, is_record
from toolkit.readers.postings import COLUMNS

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
            plan.Erp: "Økonomisystem: `erp`",
            plan.Funding: "Anden finansiering: `funding`",
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
            fund.Term: "Vilkår: `terms`",
            fund.FundSource: "Kilde: `sources`",
        },
    ),
}

# What each key means. A key alone holds wherever its record says nothing of its own.
MEANINGS: Mapping[str, str] = {
    "source": "id på den kilde, oplysningen er taget fra",
    "synthetic": "oplysningen er konstrueret; dokumenter, der bruger den, siger det",
    "note": "en bemærkning",
    "id": "navn at henvise med: små bogstaver, cifre og bindestreger",
    "title": "titel",
    "text": "uddybning",
    "amount": "beløbet",
    "starts": "første dag",
    "ends": "sidste dag; den er med",
    "phase": "id på fasen",
    "cause": "årsagen",
    "action": "hvad der gøres ved det",
    "address": "adresse på nettet",
    "line": "id på budgetposten",
    "case_number": "kommunens sagsnummer",
    "Plan.title": "projektets titel",
    "Plan.municipality": "kommunens navn, fx `Thisted`",
    "Plan.project_period": "projektperioden",
    "Plan.synthetic": "hele projektet er konstrueret",
    "Plan.area": "hvor projektet foregår",
    "Plan.summary": "projektet i to-tre sætninger",
    "Plan.applicant": "ansøgeren",
    "Plan.fund": "puljens id: filens navn i `templates/funds/`",
    "Plan.grant_period": "tilskudsperioden, hvis den er en anden",
    "Plan.grant": "tilskuddet; et projekt uden tilskud har det ikke",
    "Plan.funding": "penge ved siden af tilskuddet",
    "Plan.purpose": "formålet",
    "Plan.target_group": "målgruppen",
    "Plan.goals": "målene",
    "Plan.indicators": "hvordan målene måles",
    "Plan.tracks": "arbejdssporene",
    "Plan.phases": "faserne",
    "Plan.milestones": "milepælene",
    "Plan.activities": "aktiviteterne",
    "Plan.teams": "de teams, projektet afprøver",
    "Plan.people": "hvem der har hvilken rolle",
    "Plan.groups": "styregruppe, følgegruppe og andre",
    "Plan.risks": "risici",
    "Plan.reports": "pligten til at rapportere, som tilskudsbrevet siger",
    "Plan.erp": "hvad i økonomisystemet der er projektets",
    "Plan.sources": "kilderne",
    "Grant.applied": "det ansøgte beløb",
    "Grant.awarded": "det bevilgede beløb; udelades, indtil svaret er kommet",
    "Grant.applied_on": "dagen, der blev søgt",
    "Grant.grantor_file_number": "tilskudsyders journalnummer",
    "Applicant.cvr": "CVR-nummer",
    "Applicant.address": "postadresse",
    "Applicant.department": "forvaltning eller afdeling",
    "Statement.text": "teksten; kan stå alene som `purpose: …`",
    "TargetGroup.text": "teksten; kan stå alene som `target_group: …`",
    "TargetGroup.count": "hvor mange, hvis der er lovet et antal",
    "Indicator.goal": "id på målet",
    "Indicator.unit": "enheden for alle tallene",
    "Indicator.baseline": "udgangspunktet",
    "Indicator.target": "det tal, der skal nås",
    "Indicator.method": "hvordan der måles",
    "Phase.starts": "første dag; udelades i en løbende fase",
    "Phase.ends": "sidste dag; udelades i en løbende fase",
    "Phase.ongoing": "løbende: fasen varer hele projektet",
    "Milestone.due": "den dag, den senest skal være nået",
    "Milestone.shown_by": "hvordan man ser, at den er nået",
    "Activity.track": "id på arbejdssporet",
    "Person.role": "rollen",
    "Person.name": "navnet",
    "Person.from": "fra hvilken dag",
    "Person.to": "til og med hvilken dag",
    "Person.title": "stillingen",
    "Person.email": "e-mail",
    "Person.phone": "telefon",
    "Group.kind": "slags gruppe",
    "Group.members": "medlemmerne",
    "Group.text": "hvad gruppen gør",
    "Risk.likelihood": "sandsynligheden",
    "Risk.impact": "konsekvensen",
    "Report.kind": "dokumentet",
    "Report.period_ends": "rapportperiodens sidste dag",
    "Report.period_starts": "rapportperiodens første dag; ellers dagen efter den forrige",
    "Report.due": "fristen; står i tilskudsbrevet",
    "Report.to": "modtageren",
    "Erp.wbs_elements": "PSP-elementer",
    "Erp.cost_centres": "omkostningssteder",
    "Erp.accounts": "artskonti",
    "Funding.kind": "egenfinansiering (`own`) eller medfinansiering (`co`)",
    "Source.date": "kildens dag",
    "Budget.stage": "ansøgt, bevilget eller ændret",
    "Budget.lines": "budgetposterne",
    "Budget.funding": "penge ved siden af tilskuddet",
    "Budget.price_level": "pris- og lønniveau",
    "BudgetLine.amount": "postens beløb",
    "BudgetLine.unit": "enheden, fx `time`",
    "BudgetLine.quantity": "antal enheder",
    "BudgetLine.unit_price": "prisen for én enhed",
    "BudgetLine.by_year": "beløbet fordelt på år",
    "BudgetLine.by_month": "beløbet fordelt på måneder",
    "Rule.account": "artskontoen skal passe",
    "Rule.cost_centre": "omkostningsstedet skal passe",
    "Rule.wbs_element": "PSP-elementet skal passe",
    "Rule.text": "posteringsteksten skal passe; store og små bogstaver er ens",
    "Rule.voucher": "bilagsnummeret skal passe",
    "Rule.line": "hvorhen: én budgetpost",
    "Rule.split": "hvorhen: flere budgetposter, fx `{loen: 60, koersel: 40}`",
    "Rule.grant_income": "hvorhen: tilskuddets egne rater",
    "Rule.other_income": "hvorhen: andre indtægter",
    "Rule.not_eligible": "hvorhen: slet ikke tilskudsberettiget",
    "Rule.eligible": "den andel, der er tilskudsberettiget",
    "Rule.eligible_amount": "det beløb, der er tilskudsberettiget",
    "Rule.reason": "begrundelsen; skal stå, når noget ikke er tilskudsberettiget",
    "Payroll.accounts": "de artskonti, løn bogføres på; `*` står for hvad som helst",
    "Payroll.hours": "timerne",
    "Hours.month": "måneden",
    "Hours.role": "rollen",
    "Hours.hours": "antal timer",
    "Hours.hourly_rate": "timesatsen",
    "Hours.timesheet": "hvor det underskrevne timeskema ligger",
    "Case.title": "sagens titel",
    "Case.layout": "udformningen: en mappe i `templates/layouts/`",
    "Case.steps": "ét trin for hver behandling",
    "Case.attachments": "bilagene",
    "Case.case_officer": "sagsbehandleren",
    "Case.appropriation": "tillægsbevillingen, linje for linje",
    "AppropriationLine.title": "hvad linjen er",
    "AppropriationLine.year": "året",
    "AppropriationLine.amount": "beløbet; en indtægt er negativ",
    "Step.place": "mødestedet",
    "Step.body": "udvalget eller rådet",
    "Step.date": "mødets dag",
    "Step.case_type": "beslutning, orientering eller drøftelse",
    "Step.item": "punktets nummer på dagsordenen",
    "Step.consultation": "trinnet er en høring",
    "Step.proposed_by": "hvem der indstiller",
    "Step.proposal": "hvad der indstilles, fx `[tager orienteringen til efterretning]`",
    "Attachment.no": "bilagets nummer",
    "Attachment.issued": "det udstedte dokument, fx `2022-06-30-status-report-v1`",
    "Attachment.open": "om bilaget er åbent",
    "Fund.title": "puljens navn",
    "Fund.agency": "myndigheden, der giver tilskuddet",
    "Fund.purpose": "puljens formål",
    "Fund.account": "kontoen på finansloven",
    "Fund.legal_basis": "retsgrundlaget",
    "Fund.assessed_by": "myndigheden, der vurderer ansøgningerne",
    "Fund.call_closes": "ansøgningsfristen",
    "Fund.published": "dagen, da tilskuddene blev offentliggjort",
    "Fund.applications": "antal ansøgninger",
    "Fund.projects": "antal projekter, der fik tilskud",
    "Fund.payment": "hvor ofte tilskuddet udbetales, i ord",
    "Fund.instalments": "hvor ofte tilskuddet udbetales",
    "Fund.frame": "puljens ramme; hver kilde har sit tal",
    "Fund.starts": "den første dag, tilskuddet kan bruges",
    "Fund.ends": "den sidste dag",
    "Fund.terms": "vilkårene",
    "Fund.sources": "kilderne",
    "SourcedAmount.value": "beløbet",
    "SourcedDay.value": "dagen",
    "Term.text": "vilkåret med egne ord",
    "Term.standing": "hvor godt det kendes: i puljens egen tekst, fra en søsterpulje, eller som almindelig viden",
    "Term.reference": "hvor det står",
    "Term.since": "fra hvilken dag",
    "Term.share": "en andel, vilkåret nævner",
    "Term.amount": "et beløb, vilkåret nævner",
    "Term.words": "ord, vilkåret nævner",
    # the log
    "Event.happened": "dagen, det skete",
    "Event.recorded": "dagen, det blev skrevet ned; `pulje log` skriver den selv",
    "Event.id": "et kort navn at rette hændelsen ved; ellers hedder den dag og art, `2022-06-10-milestone-moved`",
    "Event.amount": "beløbet",
    "Event.budget": "id på budgettet: filens navn uden `.yaml`",
    "Event.reason": "begrundelsen",
    "Event.promise": "et aftryk af hver værdi, der blev lovet; `pulje log` skriver det selv",
    "Event.change": "hvad ændringen handler om",
    "Event.by": "hvem",
    "Event.values": 'nye værdier: af løfter `{project_period.ends: 2024-03-31}`, i en rettelse `{value: "7,4"}`',
    "Event.milestone": "id på milepælen",
    "Event.evidence": "hvad der viser det",
    "Event.due": "den nye frist",
    "Event.title": "hvad der blev holdt",
    "Event.activity": "id på aktiviteten",
    "Event.participants": "antal deltagere",
    "Event.indicator": "id på indikatoren",
    "Event.value": "tallet",
    "Event.theme": "emnet",
    "Event.text": "teksten; ved en beslutning dens egne ord",
    "Event.risk": "id på risikoen",
    "Event.likelihood": "sandsynligheden",
    "Event.impact": "konsekvensen",
    "Event.ended": "risikoen er væk",
    "Event.role": "rollen",
    "Event.name": "navnet",
    "Event.file": "filen i `postings/`",
    "Event.digest": "aftryk af filen, så en senere ændring ses",
    "Event.case": "id på sagen",
    "Event.step": "id på trinnet",
    "Event.date": "mødets dag",
    "Event.item": "punktets nummer på dagsordenen",
    "Event.outcome": "udfaldet",
    "Event.absent": "fraværende",
    "Event.not_taking_part": "hvem der ikke deltog i behandlingen",
    "Event.votes": "stemmerne",
    "Event.minority": "mindretallets udtalelse",
    "Event.issued": "dokumentet, fx `2022-06-30-status-report-v1`",
    "Event.to": "modtageren",
    "Event.via": "hvordan, fx `Digital Post`",
    "Event.attachments": "bilagene",
    "Event.event": "den hændelse, der rettes: dens id, ellers dag og art, `2022-06-10-milestone-moved`",
    "Event.withdrawn": "hændelsen skete slet ikke",
    # the postings' columns
    "posted": "bogføringsdato",
    "voucher": "bilagsnummer",
    "account": "artskonto",
    "cost_centre": "omkostningssted",
    "wbs_element": "PSP-element",
    "Posting.line": "linje i bilaget",
    "Posting.text": "posteringstekst uden personers navne",
    "Posting.amount": "beløb, fx `12500,00`; en indtægt er negativ",
}

_COMMON = ("source", "synthetic", "note")

_SCALARS: Mapping[object, str] = {
    str: "tekst",
    Money: "beløb",
    Fraction: "tal",
    Share: "andel, fx `60 pct.`",
    date: "dato",
    Month: "måned, fx `2022-01`",
    Id: "id",
    bool: "`true` eller `false`",
    int: "helt tal",
}

# The same as the keys and values of `{…: …}`.
_MAPPED: Mapping[object, str] = {
    int: "år",
    Month: "måned `2022-01`",
    Id: "id",
    str: "navn",
    Money: "beløb",
    Fraction: "tal",
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


def explained(record: type[Struct], key: str) -> str | None:
    """Under which name the key of a record is explained: its own, that of any event, or the key alone."""
    names = [f"{record.__name__}.{key}", *([f"Event.{key}"] if issubclass(record, Event) else []), key]
    return next((name for name in names if name in MEANINGS), None)


def meaning(record: type[Struct], key: str) -> str:
    """What a key means; the tests say which have nobody to explain them."""
    return MEANINGS.get(explained(record, key) or "", "?")


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
    return by_name or (key in _COMMON and f"{record.__name__}.{key}" not in MEANINGS)


def _row(record: type[Struct], key: str) -> tuple[str, str, str]:
    field = fields_of(record)[key]
    return _name(key, field), _value(field.kind), meaning(record, key)


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
        return "liste" if is_record(arguments[0]) else "liste af tekster"
    if get_origin(kind) is not None:
        return f"{_MAPPED[arguments[0]]}: {_MAPPED[arguments[1]]}"
    return "nøgler" if is_record(kind) else _SCALARS[kind]


def _log() -> str:
    always = [_row(Event, key) for key in fields_of(Event) if key not in _COMMON]
    kinds: list[tuple[str, str, str]] = []
    keys: dict[str, tuple[str, str, str]] = {}
    for kind, record in KINDS.items():
        own = {key: field for key, field in fields_of(record).items() if key not in fields_of(Event)}
        kinds.append((f"`{kind}`", _danish(record), ", ".join(_name(key, field) for key, field in own.items()) or "–"))
        keys |= {key: (f"`{key}`", _value(field.kind), meaning(record, key)) for key, field in own.items()}
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


def _danish(record: type[Struct]) -> str:
    """The Danish word that the record's docstring has in brackets."""
    found = re.search(r"\(([^()]+)\)", record.__doc__ or "")
    assert found, record
    return found[1]


def _postings() -> str:
    rows = [(f"`{column}`", meaning(postings.Posting, column)) for column in COLUMNS]
    return (
        "## postings/\n\nFilen hedder importens dag, systemet og de første otte tegn af filens SHA-256, fx "
        "`2022-07-08-opus-135f1a1a.csv`. Den er UTF-8 med semikolon mellem felterne og disse kolonner:\n\n"
        + table(("kolonne", "hvad den er"), rows)
    )


def _texts() -> str:
    problems: list[Problem] = []
    parts = [
        "## texts/\n\nEn statusrapports fil hedder periodens sidste dag, fx `texts/status-report/2022-06-30.md`; de "
        "andre hedder som dokumentet, fx `texts/application.md`. Hvert afsnit står under sin overskrift, `# Resumé`. "
        "Tal og datoer hentes med [oplysninger](facts.md) og skrives ikke af. `<!-- … -->` er en note, som ikke kommer "
        "med.\n"
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
    yield from ((postings.Posting, column) for column in COLUMNS)


if __name__ == "__main__":
    main()
