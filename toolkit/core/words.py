"""The Danish words of each closed set: the first of a row is written, those after it may be typed too.

They stand here as within a sentence; a `Word` begins with a capital, as a table's cell does. English is the id itself.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any, Literal, TypeVar

from msgspec import Struct

from toolkit.core.answers import Asked, MoreAnswer
from toolkit.core.budget_table import RowWhat
from toolkit.core.carry_over import CarryOver
from toolkit.core.cases import CaseType
from toolkit.core.conditions import Fulfilment
from toolkit.core.days_off import Holiday, Weekday, day_off
from toolkit.core.deadlines import DueKind
from toolkit.core.economy import BalanceWhat, Side
from toolkit.core.events import Change, Outcome
from toolkit.core.forecast import Basis
from toolkit.core.fund import After, AnyStanding, AskedOf, Instalments, Payers, ShareOf
from toolkit.core.instalments import Paid
from toolkit.core.ledger import LedgerPlace
from toolkit.core.paid_out import PaidOutBy
from toolkit.core.plan import AccountKind, Attainment, FundingKind, GroupKind, Level, Precision, Progress, Role, Stage
from toolkit.core.portfolio import Facet
from toolkit.core.problems import Phrase
from toolkit.core.settlement import What

Row = tuple[str, ...]
K = TypeVar("K", bound=str)


class Word(Struct, frozen=True):
    """What one thing of a closed set is called, which is written, and its id, which is what logic compares."""

    id: str
    text: str

    def __str__(self) -> str:
        return self.text


def word(table: Mapping[K, Row], id: K, **places: object) -> Word:
    """The word of an id, with its {places} filled in."""
    text = table[id][0].format(**places)
    return Word(id, text[:1].upper() + text[1:])


def named(table: Mapping[K, Row], id: K) -> Phrase:
    """The same within a sentence to the user: the Danish word of documents, in English the id."""
    return Phrase(id.replace("-", " "), danish=table[id][0])


def day_off_said(day: date) -> str:
    """Why nobody works on a day: søndag, pinsedag; empty on a working day."""
    return ", ".join(DAYS_OFF[each][0] for each in day_off(day))


# ── what happened ────────────────────────────────────────────────────────────────────────────

EVENTS: Mapping[str, Row] = {
    "applied": ("ansøgt", "ansøgning"),
    "rejected": ("afslag", "afvist"),
    "awarded": ("tilsagn", "bevilget"),
    "accepted": ("tilkendegivelse",),
    "condition-met": ("vilkår opfyldt", "opfyldt"),
    "change-requested": ("ændring søgt", "ændring"),
    "change-approved": ("ændring godkendt", "godkendt"),
    "change-refused": ("ændring afvist", "afvist"),
    "instalment-received": ("rate modtaget",),
    "instalment-withheld": ("rate tilbageholdt",),
    "instalment-released": ("rate frigivet",),
    "repaid": ("tilbagebetalt",),
    "audited": ("revideret",),
    "closed": ("afsluttet",),
    "milestone-reached": ("milepæl nået", "nået"),
    "milestone-moved": ("milepæl flyttet", "flyttet"),
    "milestone-dropped": ("milepæl udgået", "udgået"),
    "activity-held": ("aktivitet afholdt", "afholdt", "aktivitet"),
    "deviation": ("afvigelse",),
    "measured": ("målt", "måling"),
    "experience": ("erfaring",),
    "advice": ("råd",),
    "risk-changed": ("risiko ændret", "risiko"),
    "person-changed": ("person ændret",),
    "imported": ("import", "importeret"),
    "ordered": ("disponeret",),
    "order-cancelled": ("annulleret",),
    "balance": ("saldo",),
    "estimate": ("forventet forbrug",),
    "meeting-set": ("møde fastsat",),
    "consultation-answered": ("høringssvar",),
    "decided": ("besluttet", "beslutning"),
    "submitted": ("indsendt", "sat på dagsordenen"),
    "corrected": ("rettet", "rettelse"),
    "noted": ("bemærket", "bemærkning"),
}
CHANGES: Mapping[Change, Row] = {
    "budget": ("budgetændring",),
    "carry-over": ("overførsel mellem år", "overførsel"),
    "extension": ("forlængelse",),
    "project": ("projektændring", "projekt"),
}
# What became of a change, by the kind of event that says so.
ANSWERS: Mapping[str, Row] = {
    "change-requested": ("søgt",),
    "change-approved": ("godkendt",),
    "change-refused": ("afvist",),
}
# The same of an application for more while an award stands, and an award that replaces it.
ASKED: Mapping[Asked, Row] = {
    "more": ("ny ansøgning om tilskud",),
    "award": ("nyt tilsagn",),
}
MORE_ANSWERS: Mapping[MoreAnswer, Row] = {
    "asked": ("søgt",),
    "awarded": ("bevilget",),
    "declined": ("afslået",),
    "taken-back": ("trukket tilbage",),
}
OUTCOMES: Mapping[Outcome, Row] = {
    "approved": ("godkendt",),
    "noted": ("taget til efterretning", "til efterretning"),
    "discussed": ("drøftet",),
    "recommended": ("anbefalet", "anbefales"),
    "amended": ("godkendt med ændringer", "ændret"),
    "postponed": ("udsat",),
    "returned": ("sendt tilbage til forvaltningen", "sendt tilbage"),
    "rejected": ("ikke godkendt", "afvist"),
}

# ── the project ──────────────────────────────────────────────────────────────────────────────

PROGRESS: Mapping[Progress, Row] = {
    "upcoming": ("ikke begyndt",),
    "running": ("i gang",),
    "finished": ("afsluttet",),
    "lapsed": ("bortfaldet",),
}
ATTAINMENT: Mapping[Attainment, Row] = {
    "reached": ("nået",),
    "upcoming": ("kommer",),
    "late": ("forsinket",),
    "dropped": ("udgået",),
    "lapsed": ("bortfaldet",),
}
ROLES: Mapping[Role, Row] = {
    "project_owner": ("projektejer",),
    "project_manager": ("projektleder",),
    "grant_manager": ("tilskudsansvarlig",),
    "contact": ("kontaktperson", "kontakt"),
    "controller": ("økonomikonsulent", "økonomimedarbejder", "økonom"),
    "auditor": ("revisor",),
    "evaluator": ("evaluator",),
    "team_coach": ("teamcoach",),
}
GROUPS: Mapping[GroupKind, Row] = {
    "steering_committee": ("styregruppe",),
    "advisory_group": ("følgegruppe",),
    "project_group": ("projektgruppe",),
    "team": ("team",),
}
LEVELS: Mapping[Level, Row] = {"low": ("lav",), "medium": ("middel", "mellem"), "high": ("høj",)}
PRECISIONS: Mapping[Precision, Row] = {"day": ("dag",), "month": ("måned",), "year": ("år",)}
DUE: Mapping[DueKind, Row] = {
    "application": ("ansøgningsfrist", "frist for at søge"),
    "milestone": ("milepæl",),
    "report": ("til tilskudsyder",),
    "meeting": ("møde",),
    "condition": ("vilkår",),
    "period-ends": ("projektperioden slutter",),
}
FULFILMENT: Mapping[Fulfilment, Row] = {
    "met": ("opfyldt",),
    "open": ("ikke opfyldt endnu",),
    "late": ("ikke opfyldt til tiden",),
}
DAYS_OFF: Mapping[Weekday | Holiday, Row] = {
    "monday": ("mandag",),
    "tuesday": ("tirsdag",),
    "wednesday": ("onsdag",),
    "thursday": ("torsdag",),
    "friday": ("fredag",),
    "saturday": ("lørdag",),
    "sunday": ("søndag",),
    "new-year": ("nytårsdag",),
    "maundy-thursday": ("skærtorsdag",),
    "good-friday": ("langfredag",),
    "easter-sunday": ("påskedag",),
    "easter-monday": ("2. påskedag",),
    "great-prayer-day": ("store bededag",),
    "ascension-day": ("Kristi himmelfartsdag",),
    "whit-sunday": ("pinsedag",),
    "whit-monday": ("2. pinsedag",),
    "christmas-day": ("juledag",),
    "second-christmas-day": ("2. juledag",),
}
FACETS: Mapping[Facet, Row] = {
    "cohort": ("kohorte",),
    "fund": ("pulje",),
    "region": ("region",),
    "phase": ("fase",),
}

# ── a case ───────────────────────────────────────────────────────────────────────────────────

CASE_TYPES: Mapping[CaseType, Row] = {
    "for-decision": ("beslutningssag", "beslutning"),
    "for-information": ("orienteringssag", "orientering"),
    "for-discussion": ("drøftelsessag", "drøftelse"),
}
NO_DAY: Mapping[Literal["to-follow"], Row] = {"to-follow": ("dato følger", "følger")}

# ── money ────────────────────────────────────────────────────────────────────────────────────

FUNDING: Mapping[FundingKind, Row] = {"own": ("egenfinansiering", "egen"), "co": ("medfinansiering",)}
STAGES: Mapping[Stage, Row] = {"application": ("ansøgning",), "award": ("tilsagn",), "change": ("ændring",)}
PLACES: Mapping[LedgerPlace, Row] = {
    "line": ("budgetpost",),
    "before-period": ("før tilskudsperioden, afklares",),
    "after-period": ("efter tilskudsperioden, afklares",),
    "dropped-line": ("på en post, som budgettet ikke har, afklares",),
    "unallocated": ("ikke fordelt",),
    "not-eligible": ("ikke tilskudsberettiget",),
    "grant-income": ("tilskud",),
    "other-income": ("anden indtægt",),
    "taken-back": ("tilbageført i bogføringen",),
}
BASES: Mapping[Basis, Row] = {
    "own-estimate": ("eget skøn",),
    "monthly-plan": ("månedsplan",),
    "straight-line": ("lineær",),
    "straight-capped": ("lineær, højst 2 × budget",),
    "budget": ("budgettet",),
    "bound": ("forbrugt og disponeret",),
}
INSTALMENTS: Mapping[Instalments, Row] = {
    "quarterly": ("hvert kvartal", "kvartalsvis"),
    "half-yearly": ("hvert halve år", "halvårlig"),
    "yearly": ("hvert år", "årlig"),
}
STANDINGS: Mapping[AnyStanding, Row] = {
    "letter": ("tilskudsbrevet", "tilskudsbrev"),
    "verified": ("egen tekst",),
    "sibling": ("en søsterpulje eller håndbogen",),
    "background": ("almindelig viden",),
}
PAYERS: Mapping[Payers, Row] = {
    "grant-first": ("tilskuddet betaler først", "tilskuddet først"),
    "others-first": ("de andre betaler først", "de andre først"),
    "proportional": ("alle betaler deres andel", "forholdsmæssigt"),
}
PAID: Mapping[Paid, Row] = {"in-advance": ("forud",), "in-arrears": ("bagud",)}
PAID_OUT: Mapping[PaidOutBy, Row] = {
    "books": ("bogføringen",),
    "log": ("loggen (events.yaml)",),
    "books-and-log": ("bogføringen, så langt den er kendt, og derefter loggen (events.yaml)",),
}
ACCOUNT_KINDS: Mapping[AccountKind, Row] = {
    "cost": ("udgift",),
    "equipment": ("materiel", "udstyr"),
    "vat": ("moms",),
}
SHARE_OF: Mapping[ShareOf, Row] = {"line": ("budgetposten", "posten"), "budget": ("hele budgettet", "budgettet")}
ASKED_OF: Mapping[AskedOf, Row] = {"claim": ("hele kravet", "kravet"), "rest": ("resten",)}
AFTER: Mapping[After, Row] = {"award": ("tilsagnet", "tilsagn"), "acceptance": ("tilkendegivelsen", "tilkendegivelse")}
STEPS: Mapping[What, Row] = {
    "budget": ("budget",),
    "carried-in": ("overført fra året før",),
    "overspent-before": ("merforbrug året før",),
    "spent": ("forbrug",),
    "left": ("rest for året",),
    "awarded": ("bevilget tilskud",),
    "not-carried-over": ("ikke godkendt overført fra {year}",),
    "not-yet-carried-over": ("endnu ikke overført fra {year}",),
    "available": ("tilskud til rådighed",),
    "spent-on-lines": ("forbrug på budgetposterne",),
    "other-income": ("andre indtægter",),
    "income-left": ("indtægter ud over forbruget",),
    "others-pay": ("betales af andre og af kommunen selv",),
    "not-covered": ("dækkes ikke af tilskuddet",),
    "covered": ("dækkes af tilskuddet",),
    "unspent": ("uforbrugt tilskud",),
    "received": ("modtaget tilskud",),
    "repaid": ("tilbagebetalt",),
    "balance": ("mellemværende med tilskudsyder",),
}
# The rows of a budget's table, and of the whole economy.
ROWS: Mapping[RowWhat, Row] = {
    "line": ("budgetpost",),
    "lines": ("budgetposterne i alt",),
    "unallocated": ("ikke fordelt på budgetposter",),
    "total": ("i alt",),
    "before-period": ("før tilskudsperioden, afklares",),
    "after-period": ("efter tilskudsperioden, afklares",),
    "dropped-line": ("på poster, som budgettet ikke har, afklares",),
    "booked": ("bogført i alt",),
}
POSTED: Mapping[Side, Row] = {
    "before-period": ("bogført før tilskudsperioden",),
    "after-period": ("bogført efter tilskudsperioden",),
}
BALANCE: Mapping[BalanceWhat, Row] = {
    "lines": ("udgifter på budgetposterne",),
    "before-period": ("udgifter før tilskudsperioden, afklares",),
    "after-period": ("udgifter efter tilskudsperioden, afklares",),
    "dropped-line": ("udgifter på poster, som budgettet ikke har, afklares",),
    "unallocated": ("udgifter, der ikke er fordelt på budgetposter",),
    "not-eligible": ("udgifter uden for tilskuddet",),
    "unassigned": ("ikke disponeret på budgetposter",),
    "grant": ("tilskud",),
    "co": ("medfinansiering: {title}",),
    "unnamed": ("andre indtægter",),
    "own": ("kommunens egen betaling",),
    "unstated": ("budgettet siger ikke, hvem der betaler",),
}
CARRY_OVERS: Mapping[CarryOver, Row] = {
    "approved": ("overførsel godkendt",),
    "refused": ("overførsel afslået",),
    "requested": ("overførsel søgt",),
    "to-ask-for": ("overførsel skal søges",),
    "lapsed": ("overførsel aldrig søgt",),
}

TABLES: tuple[Mapping[Any, Row], ...] = (
    *(EVENTS, CHANGES, ANSWERS, ASKED, MORE_ANSWERS, OUTCOMES),
    *(PROGRESS, ATTAINMENT, ROLES, GROUPS, LEVELS, PRECISIONS, DUE, FULFILMENT, DAYS_OFF, FACETS),
    *(CASE_TYPES, NO_DAY),
    *(FUNDING, STAGES, PLACES, BASES, INSTALMENTS, STANDINGS, PAYERS, PAID, PAID_OUT),
    *(ACCOUNT_KINDS, SHARE_OF, ASKED_OF, AFTER),
    *(STEPS, ROWS, POSTED, BALANCE, CARRY_OVERS),
)


def table_of(ids: Collection[str]) -> Mapping[Any, Row]:
    """The table of a closed set, or of the one that it is a part of."""
    return min((table for table in TABLES if table.keys() >= set(ids)), key=len)
