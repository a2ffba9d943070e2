"""Makes docs/facts.md from the facts, the filters and the example project: `python -m docs.facts`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from types import NoneType
from typing import Any, NamedTuple, get_args, get_origin, get_type_hints

from msgspec import structs

from docs.page import DOCS, ROOT, table, write
from toolkit.core import words
from toolkit.core.dossier import Dossier
from toolkit.core.money import Money
from toolkit.core.occasion import occasions
from toolkit.core.prose import Prose
from toolkit.core.records import Share
from toolkit.core.words import Row, Word
from toolkit.documents.compose import compose
from toolkit.documents.facts import Fact, Facts
from toolkit.documents.from_state import facts_of
from toolkit.documents.kind import DocumentKind, Layout, SectionSpec
from toolkit.documents.markup import plain
from toolkit.documents.tree import Missing, Paragraph, Section
from toolkit.project import open_project

PAGE = DOCS / "facts.md"
_NOTHING = "–"
_WIDTH = 60  # an example is to be recognised, not read
EXAMPLE = ROOT / "projects" / "thisted-nordthy"

_HEAD = """# Oplysninger, som en tekst kan bruge

En tekst i `templates/documents/`, `texts/` eller `cases/` skriver ikke tal og datoer af. Den henter dem:

```text
Kommunen fik bevilget {{ grant.awarded | kr }} den {{ grant.awarded_on | long_date }}.
```

Alle oplysninger gælder dokumentets dag, fx rapportperiodens sidste. Mangler en oplysning, bliver dokumentet ikke lavet,
og beskeden siger, hvad der skal udfyldes; med `--draft` står der `[MANGLER: grant.awarded]`. I en betingelse er en
oplysning, der mangler, falsk: `{% if area %} i {{ area }}{% endif %}`. Hvor en tabel gerne må have en tom celle,
skrives `{{ line.unit | or_dash }}`.

Siden er lavet af `python -m docs.facts`. Eksemplerne er taget fra `projects/thisted-nordthy`; en streg betyder, at
eksemplet ikke har oplysningen.
"""

_FUNCTIONS = """## Funktioner

| funktion | hvad den gør |
| --- | --- |
| `written("summary")` | brugerens egen tekst i afsnittet `summary`; skal det skrives, er det ellers en mangel |
| `has("summary")` | om brugeren har skrevet noget i afsnittet |
| `plural(held \\| length, "én aktivitet", "aktiviteter")` | "én aktivitet", "to aktiviteter", "12 aktiviteter" |
| `range(1, 4)` | tallene 1, 2, 3 |
| `picture("timeline")` | faser og milepæle som billede, i et afsnit for sig; `Figur: …` før det er dets overskrift |
| `picture("budget")` | budgetposterne som søjler: brugt, disponeret og rest; begge i flere dele, når en side er fuld |

Afsnittenes navne står i dokumenttypens `manifest.yaml`. Jinjas egne filtre, fx `length`, `first` og `selectattr`, kan
også bruges, men ikke dem med en bredde eller et antal: `batch`, `center`, `indent`, `slice`, `urlize`, `wordwrap` og
`xmlattr`. En skabelon, der bliver ved for længe eller fylder for meget, bliver standset.
"""

# What each group of facts is, in the order of the page.
GROUPS: Mapping[str, str] = {
    "Facts": "Øverst",
    "PeriodFacts": "En periode",
    "TextFact": "Et løfte i ord",
    "PhaseFacts": "En fase",
    "FundFacts": "Puljen",
    "SourcedAmountFact": "En kildes beløb",
    "SourcedDayFact": "En kildes dag",
    "GrantFacts": "Tilskuddet",
    "GoalFacts": "Et mål",
    "IndicatorFacts": "En indikator",
    "ItemFacts": "Et spor eller et team",
    "ActivityFacts": "En aktivitet",
    "SourceFacts": "En kilde",
    "MilestoneFacts": "En milepæl",
    "ConditionFacts": "Et vilkår i tilskudsbrevet",
    "VacancyFacts": "En rolle, som ingen har",
    "PersonFacts": "En person",
    "GroupFacts": "En gruppe",
    "RiskFacts": "En risiko",
    "BudgetFacts": "Budgettet og forbruget",
    "LineFacts": "En budgetpost",
    "YearFacts": "Et kalenderår",
    "RowFacts": "En række ved siden af budgetposterne",
    "LateFacts": "Det, der er kommet til siden sidst",
    "FundingFacts": "Anden finansiering",
    "HappeningFacts": "Noget, der skete",
    "ChangeFacts": "En ændring",
    "RequestFacts": "Ændringen, der søges",
    "ChangedLineFacts": "En budgetpost før og efter",
    "ChangedYearFacts": "Et år før og efter",
    "ChangedFundingFacts": "Hvad en anden betaler, før og efter",
    "ChangedValueFacts": "Et løfte før og efter",
    "UnspentFacts": "Uforbrugt på en budgetpost",
    "AccountsFacts": "Tilskudsregnskabet",
    "PaymentFacts": "En udbetaling",
    "OutcomeFacts": "En mulig opgørelse",
    "AllowedFacts": "Udgifter, som nogen har tilladt",
    "UncountedFacts": "Bogført, men ikke regnet med",
    "PostedOutsideFacts": "Udgifter, der er udført i tilskudsperioden, men bogført uden for den",
    "BalanceFacts": "En række i den samlede økonomi",
    "CarryOverFacts": "Overførsel fra et år",
    "YearEndFacts": "Tilskuddet ved et års udgang",
    "SettlementFacts": "Et led i opgørelsen",
    "TermFacts": "Et vilkår",
    "StepFacts": "Et trin i en sag",
    "DecisionFacts": "Beslutningen",
    "AppropriationFacts": "En bevillingslinje",
    "AttachmentFacts": "Et bilag",
}

# What each fact is. "title" alone holds wherever its group says nothing of its own.
MEANINGS: Mapping[str, str] = {
    "id": "id fra filen",
    "title": "titel",
    "text": "teksten",
    "action": "hvad der gøres ved det",
    "cause": "årsagen",
    "Facts.title": "projektets titel",
    "Facts.municipality": "kommunen, kun stedet",
    "Facts.municipality_name": "kommunens fulde navn",
    "Facts.area": "hvor projektet foregår",
    "Facts.unwritten": "hvad af `goals`, `phases` og `budget` der mangler at blive skrevet: det er ikke givet",
    "Facts.cohort": "den gruppe af kommuner, projektet lærer sammen med",
    "Facts.case_number": "kommunens sagsnummer: sagens, ellers projektets",
    "Facts.department": "forvaltningen, der har søgt",
    "Facts.cvr": "kommunens CVR-nummer",
    "Facts.address": "kommunens adresse",
    "Facts.summary": "projektet i få sætninger",
    "Facts.purpose": "formålet",
    "Facts.target_group": "målgruppen",
    "Facts.as_of": "dokumentets dag",
    "Facts.project_period": "projektperioden med godkendte forlængelser",
    "Facts.grant_period": "tilskudsperioden, hvor den er en anden end projektperioden",
    "Facts.period": "den periode, dokumentet handler om",
    "Facts.following": "den næste periode",
    "Facts.phase": "den fase, der er i gang",
    "Facts.fund": "puljen",
    "Facts.grant": "tilskuddet",
    "Facts.goals": "målene",
    "Facts.indicators": "alle indikatorer",
    "Facts.tracks": "arbejdssporene",
    "Facts.teams": "teamene",
    "Facts.phases": "faserne",
    "Facts.milestones": "alle milepæle",
    "Facts.milestones_ahead": "milepæle i den næste periode",
    "Facts.milestones_late": "milepæle, hvis frist er overskredet",
    "Facts.milestones_moved": "milepæle, der er flyttet eller udgået i perioden",
    "Facts.activities": "de planlagte aktiviteter",
    "Facts.people": "hvem der har hvilken rolle på dagen",
    "Facts.vacancies": "roller, som ingen har på dagen",
    "Facts.project_manager": "projektlederen",
    "Facts.groups": "grupperne om projektet",
    "Facts.risks": "risici, som de vurderes på dagen",
    "Facts.budget": "det gældende budget og forbruget",
    "Facts.held": "aktiviteter, der er afholdt i perioden",
    "Facts.deviations": "afvigelser i perioden",
    "Facts.experiences": "erfaringer indtil dagen",
    "Facts.advice": "gode råd indtil dagen",
    "Facts.changes": "ændringer, der er søgt eller afgjort i perioden",
    "Facts.accounts": "tilskudsregnskabet; kun i et regnskab",
    "Facts.request": "ændringen; kun i en ændringsansøgning",
    "Facts.case_title": "sagens titel",
    "Facts.step": "det møde, dokumentet er til",
    "Facts.steps": "alle sagens trin, hvert én gang for hvert af dets møder, i dagenes rækkefølge",
    "Facts.decision": "mødets beslutning; kun med --decided",
    "Facts.attachments": "sagens bilag",
    "Facts.sources": "projektets kilder",
    "ActivityFacts.phase": "id på fasen",
    "ActivityFacts.track": "id på sporet",
    "SourceFacts.address": "adresse på nettet",
    "PeriodFacts.starts": "første dag",
    "PeriodFacts.ends": "sidste dag; den er med",
    "PeriodFacts.text": "perioden i ord",
    "TextFact.count": "hvor mange mennesker, hvis der er lovet et antal",
    "PhaseFacts.starts": "første dag; mangler i en løbende fase",
    "PhaseFacts.ends": "sidste dag; mangler i en løbende fase",
    "PhaseFacts.when": 'perioden i ord, eller "løbende"',
    "PhaseFacts.status": "hvor langt fasen er",
    "PhaseFacts.running": "om fasen er i gang",
    "FundFacts.agency": "tilskudsyder",
    "FundFacts.purpose": "puljens formål",
    "FundFacts.assessed_by": "hvem der vurderer ansøgningerne",
    "FundFacts.account": "kontoen på finansloven",
    "FundFacts.legal_basis": "retsgrundlaget",
    "FundFacts.call_closes": "ansøgningsfristens dag i projektets runde",
    "FundFacts.call_closes_at": "ansøgningsfristens klokkeslæt, hvor kilden har det",
    "FundFacts.portal": "hvor der søges, i ord",
    "FundFacts.portal_address": "adressen, hvor der søges",
    "FundFacts.published": "dagen, da tilskuddene blev offentliggjort",
    "FundFacts.applications": "antal ansøgninger",
    "FundFacts.projects": "antal projekter, der fik tilskud",
    "FundFacts.payment": "hvor ofte tilskuddet udbetales",
    "FundFacts.frame": "puljens ramme efter hver kilde",
    "FundFacts.starts": "puljens første dag efter hver kilde",
    "source": "kildens id",
    "value": "hvad kilden siger",
    "GrantFacts.applied": "det ansøgte beløb",
    "GrantFacts.awarded": "det bevilgede beløb",
    "GrantFacts.received": "udbetalt indtil dagen",
    "GrantFacts.repaid": "betalt tilbage indtil dagen",
    "GrantFacts.applied_on": "dagen, der blev søgt",
    "GrantFacts.awarded_on": "dagen, tilskuddet blev givet",
    "GrantFacts.first_awarded": "det først bevilgede beløb, hvor det siden er blevet et andet",
    "GrantFacts.changed_on": "dagen, beløbet sidst blev et andet",
    "GrantFacts.rejected_on": "dagen, tilskudsyder gav afslag",
    "GrantFacts.closed_on": "dagen, tilskudsyder afsluttede tilskuddet",
    "GrantFacts.file_number": "tilskudsyders journalnummer",
    "GrantFacts.in_full": "om hele det ansøgte beløb blev givet",
    "GoalFacts.indicators": "målets indikatorer",
    "IndicatorFacts.goal": "id på målet",
    "IndicatorFacts.unit": "enheden for tallene",
    "IndicatorFacts.baseline": "udgangspunktet",
    "IndicatorFacts.target": "det tal, der skal nås",
    "IndicatorFacts.method": "hvordan der måles",
    "IndicatorFacts.measured": "seneste måling",
    "IndicatorFacts.measured_on": "dagen for seneste måling",
    "IndicatorFacts.reached": "om tallet er nået",
    "MilestoneFacts.phase": "id på fasen",
    "MilestoneFacts.promised": "den lovede frist: bevilget, eller godkendt siden",
    "MilestoneFacts.due": "dagen, den forventes",
    "MilestoneFacts.reached": "dagen, den blev nået",
    "MilestoneFacts.status": "hvordan det står",
    "MilestoneFacts.late": "om den lovede frist er overskredet",
    "MilestoneFacts.cause": "hvorfor den er flyttet eller udgået",
    "MilestoneFacts.shown_by": "hvordan man ser, at den er nået",
    "ConditionFacts.text": "vilkåret",
    "ConditionFacts.page": "siden i brevet",
    "ConditionFacts.due": "fristen",
    "ConditionFacts.responsible": "den ansvarlige",
    "ConditionFacts.shown_by": "hvordan man ser, at det er opfyldt",
    "ConditionFacts.met": "dagen, det blev opfyldt",
    "ConditionFacts.evidence": "det, der viste det",
    "ConditionFacts.status": "hvordan det står",
    "PersonFacts.role": "rollen",
    "PersonFacts.name": "navnet",
    "PersonFacts.title": "stillingen",
    "PersonFacts.email": "e-mail",
    "PersonFacts.phone": "telefon",
    "GroupFacts.kind": "slags gruppe",
    "GroupFacts.members": "deltagerne i ord",
    "GroupFacts.text": "hvad gruppen gør",
    "VacancyFacts.role": "rollen",
    "VacancyFacts.since": "den første dag uden",
    "RiskFacts.likelihood": "sandsynligheden",
    "RiskFacts.impact": "konsekvensen",
    "RiskFacts.ended": "om risikoen er væk",
    "BudgetFacts.version": "budgetfilens navn",
    "BudgetFacts.lines": "budgetposterne",
    "BudgetFacts.years": "alle poster pr. kalenderår",
    "BudgetFacts.funding": "penge ved siden af tilskuddet",
    "BudgetFacts.total": "budgettet i alt",
    "BudgetFacts.spent": "forbruget i alt indtil dagen",
    "BudgetFacts.in_period": "forbruget i perioden",
    "BudgetFacts.after": "forbruget efter perioden: det, der er tilladt, skønt det kom senere",
    "BudgetFacts.committed": "bestilt, men endnu ikke betalt",
    "BudgetFacts.remaining": "budget minus forbrug, disponeret og ikke fordelt",
    "BudgetFacts.variance": "forbrug minus budget",
    "BudgetFacts.unallocated": "posteringer, der ikke er fordelt på budgetposter",
    "BudgetFacts.unplaced": "hvor mange posteringer ingen regel placerer, hvad de end giver tilsammen",
    "BudgetFacts.not_eligible": "udgifter, som kommunen selv betaler",
    "BudgetFacts.used": "forbrugets andel af budgettet",
    "BudgetFacts.elsewhere": "brugt på poster, som det gældende budget ikke har: noget af det, der skal afklares",
    "BudgetFacts.waiting": "bogført, men ikke regnet med, før nogen har svaret",
    "BudgetFacts.waiting_rows": "det, der skal afklares, hver grund for sig",
    "BudgetFacts.beside": "det, ingen regel fordeler, hvis der er noget",
    "BudgetFacts.in_all": "posterne og det, der ikke er fordelt",
    "BudgetFacts.booked": "alt, hvad bogføringen har; kun når noget skal afklares",
    "BudgetFacts.before": "forbrug før perioden",
    "BudgetFacts.known_until": "den sidste dag, forbruget er kendt, når den ligger før dokumentets",
    "BudgetFacts.gaps": "måneder før det, som ingen import dækker",
    "BudgetFacts.late": "det, der er kommet til, siden den sidste rapport blev sendt",
    "RowFacts.title": "hvad rækken er",
    "RowFacts.budget": "rækkens budget",
    "RowFacts.spent": "rækkens forbrug indtil dagen",
    "RowFacts.before": "rækkens forbrug før perioden",
    "RowFacts.in_period": "rækkens forbrug i perioden",
    "RowFacts.after": "rækkens forbrug efter perioden",
    "RowFacts.committed": "bestilt, men endnu ikke betalt",
    "RowFacts.remaining": "budget minus forbrug og disponeret",
    "RowFacts.variance": "forbrug minus budget",
    "RowFacts.years": "rækken pr. kalenderår",
    "LateFacts.sent": "dagen, den sidste rapport blev sendt",
    "LateFacts.known": "hvad den havde af tidligere perioders forbrug",
    "LateFacts.otherwise": "hvor meget af det der tæller anderledes nu",
    "LateFacts.late": "hvad der er kommet til siden",
    "BudgetFacts.approved_on": "dagen, budgettet blev godkendt",
    "BudgetFacts.approved_by": "hvem der godkendte det",
    "BudgetFacts.applied": "om det er ansøgningens budget, som ingen har godkendt",
    "BudgetFacts.not_by_agency": "om det ikke fremgår, at tilskudsyder har godkendt det",
    "BudgetFacts.unspent": "uforbrugt tilskud; først når projektet er slut, og det er givet, hvem der betaler først",
    "BudgetFacts.price_level": "pris- og lønniveau",
    "LineFacts.unit": "enheden",
    "LineFacts.quantity": "antal enheder",
    "LineFacts.unit_price": "prisen for én enhed",
    "LineFacts.budget": "postens budget",
    "LineFacts.spent": "postens forbrug indtil dagen",
    "LineFacts.in_period": "postens forbrug i perioden",
    "LineFacts.after": "postens forbrug efter perioden",
    "LineFacts.before": "postens forbrug før perioden",
    "LineFacts.bound": "forbrug og disponeret",
    "LineFacts.committed": "bestilt, men endnu ikke betalt",
    "LineFacts.remaining": "budget minus forbrug og disponeret",
    "LineFacts.used": "forbrugets andel af budgettet",
    "LineFacts.variance": "forbrug minus budget",
    "LineFacts.explanation": "hvad loggen forklarer afvigelsen med",
    "LineFacts.years": "posten pr. kalenderår",
    "LineFacts.note": "budgetfilens bemærkning",
    "YearFacts.year": "året",
    "YearFacts.budget": "årets budget",
    "YearFacts.spent": "årets forbrug",
    "FundingFacts.kind": "egenfinansiering eller medfinansiering",
    "FundingFacts.amount": "beløbet",
    "HappeningFacts.day": "dagen, det skete",
    "HappeningFacts.line": "budgetposten, som en afvigelse gælder",
    "HappeningFacts.title": "hvad der skete",
    "HappeningFacts.theme": "emnet",
    "HappeningFacts.participants": "antal deltagere",
    "HappeningFacts.evidence": "hvad der viser det",
    "ChangeFacts.day": "dagen",
    "ChangeFacts.change": "hvad der ændres",
    "ChangeFacts.what": "hvad der ændres til hvad, hvor loggen siger det",
    "ChangeFacts.amount": "hvor meget der er søgt om eller bevilget på ny, mens et tilsagn står; af en overførsel hvor "
    "meget, når det ikke er det hele",
    "ChangeFacts.answer": "hvad der blev svaret",
    "ChangeFacts.by": "hvem der søgte eller svarede",
    "ChangeFacts.reason": "begrundelsen",
    "RequestFacts.change": "hvad der ændres",
    "RequestFacts.day": "dagen, der søges",
    "RequestFacts.by": "hvem der søger",
    "RequestFacts.reason": "begrundelsen",
    "RequestFacts.lines": "budgetposterne før og efter",
    "RequestFacts.years": "årene før og efter",
    "RequestFacts.funding": "hvad andre betaler, før og efter, når ændringen også ændrer det",
    "RequestFacts.total_before": "budgettet i alt før",
    "RequestFacts.total_after": "budgettet i alt efter",
    "RequestFacts.total_difference": "forskellen i alt",
    "RequestFacts.told_until": "dagen, forbruget er gjort op til, når året ikke var omme",
    "RequestFacts.known_until": "den sidste dag, forbruget er kendt, når den ligger før den, anmodningen fortæller om",
    "RequestFacts.gaps": "måneder før det, som ingen import dækker",
    "RequestFacts.council_day": "dagen for den seneste ændring, som tilskudsyder ikke ses at have godkendt",
    "RequestFacts.council_by": "hvem der godkendte den",
    "RequestFacts.year": "det år, hvis uforbrugte midler ønskes overført",
    "RequestFacts.amount": "hvor meget af dem, når det ikke er dem alle",
    "RequestFacts.unspent": "hvad hver post har tilbage af det år",
    "RequestFacts.unspent_total": "det samme i alt",
    "RequestFacts.without_years": "posterne, hvis penge ikke er fordelt på år, og som ikke er med",
    "RequestFacts.uncounted": "hvad der er bogført i året og ikke tæller på en post, før nogen har svaret",
    "UncountedFacts.title": "hvor det står",
    "UncountedFacts.amount": "beløbet",
    "RequestFacts.values": "de løfter, der ændres",
    "RequestFacts.rule": "puljens vilkår om sådan en ændring",
    "before": "før",
    "after": "efter",
    "difference": "forskellen",
    "ChangedLineFacts.was": "de tidligere poster, den fører videre",
    "ChangedLineFacts.note": "det nye budgets bemærkning",
    "ChangedFundingFacts.title": "den, der betaler",
    "ChangedFundingFacts.before": "beløbet før",
    "ChangedFundingFacts.after": "beløbet efter",
    "ChangedFundingFacts.difference": "forskellen",
    "ChangedYearFacts.year": "året",
    "ChangedValueFacts.what": "hvad der er lovet",
    "UnspentFacts.budget": "årets budget",
    "UnspentFacts.spent": "årets forbrug",
    "UnspentFacts.unspent": "resten",
    "AccountsFacts.received": "de rater, der er modtaget",
    "AccountsFacts.received_total": "raterne i alt",
    "AccountsFacts.other_income": "andre indtægter",
    "AccountsFacts.received_by": "om det er bogføringen eller loggen, der er regnet efter",
    "AccountsFacts.costs": "hele projektets udgifter",
    "AccountsFacts.costs_total": "udgifterne i alt",
    "AccountsFacts.financing": "hvem der betaler dem",
    "AccountsFacts.financing_total": "finansieringen i alt: det samme som udgifterne",
    "AccountsFacts.year_ends": "tilskuddet ved hvert års udgang",
    "AccountsFacts.others": "de af finansieringens rækker, som andre end staten og kommunen betaler",
    "AccountsFacts.carry_overs": "de år, der har noget tilbage, og hvordan det står til med at overføre det",
    "CarryOverFacts.year": "året",
    "CarryOverFacts.left": "hvad der er tilbage af årets budget",
    "CarryOverFacts.part": "hvor meget af det der er søgt eller godkendt overført, når det ikke er det hele",
    "CarryOverFacts.status": "hvordan det står til med at overføre det",
    "AccountsFacts.others_total": "de rækker i alt; hvad de har betalt, er summen af det, der kendes",
    "AccountsFacts.allowed_total": "de udgifter i alt",
    "AccountsFacts.posted_outside_total": "de udgifter i alt",
    "AccountsFacts.allowed": "udgifter uden for tilskudsperioden eller posterne, som nogen har tilladt",
    "AccountsFacts.posted_outside": "udgifter, der er udført i tilskudsperioden, men bogført før eller efter den",
    "AccountsFacts.settlement": "opgørelsen, led for led",
    "AccountsFacts.outcomes": "opgørelserne, efter hvem der betaler først; kun én, når det er givet",
    "AccountsFacts.pending": "de år, hvis uforbrugte midler ingen har svaret på endnu",
    "AccountsFacts.if_carried": "tilbagebetalingen, hvis de bliver godkendt overført",
    "AccountsFacts.receive_if_carried": "det, der så er til gode",
    "AccountsFacts.payers": "vilkåret om, hvem der betaler først",
    "OutcomeFacts.title": "hvem der betaler først",
    "OutcomeFacts.covered": "hvad tilskuddet dækker",
    "OutcomeFacts.unspent": "det uforbrugte tilskud",
    "OutcomeFacts.to_repay": "hvad der skal betales tilbage",
    "OutcomeFacts.to_receive": "hvad kommunen har til gode",
    "AllowedFacts.by": "hvem, eller hvilket vilkår",
    "AllowedFacts.amount": "beløbet",
    "PostedOutsideFacts.title": "bogført før eller efter tilskudsperioden",
    "PostedOutsideFacts.amount": "beløbet",
    "BalanceFacts.title": "hvad rækken er",
    "BalanceFacts.budget": "efter budgettet",
    "BalanceFacts.actual": "efter bogføringen",
    "YearEndFacts.year": "året",
    "YearEndFacts.day": "årets sidste dag, eller dokumentets, når perioden slutter før den",
    "YearEndFacts.received": "modtaget indtil da, minus det tilbagebetalte",
    "YearEndFacts.used": "brugt af tilskuddet indtil da",
    "YearEndFacts.unused": "modtaget og endnu ikke brugt",
    "Facts.conditions": "tilskudsbrevets egne vilkår",
    "Facts.milestones_reached": "antal nåede milepæle",
    "AccountsFacts.to_repay": "hvad der skal betales tilbage",
    "AccountsFacts.to_receive": "hvad kommunen har til gode",
    "AccountsFacts.dropped": "om et krav bortfalder, fordi det er lille",
    "AccountsFacts.received_since": "hvad der er modtaget af tilskuddet efter dokumentets dag, når det er gjort op",
    "AccountsFacts.returned_since": "hvad bogføringen siden har ført tilbage af det modtagne, uden at loggen har det",
    "AccountsFacts.repaid_since": "hvad der er betalt tilbage efter dokumentets dag, når tilskuddet er gjort op",
    "AccountsFacts.extended_to": "tilskudsperiodens sidste dag, når en senere ændring har flyttet den",
    "AccountsFacts.floor": "vilkåret om små krav",
    "AccountsFacts.audit": "vilkårene om revision",
    "PaymentFacts.day": "dagen",
    "PaymentFacts.amount": "beløbet",
    "SettlementFacts.amount": "beløbet med fortegn",
    "SettlementFacts.result": "om det er en sum af leddene over",
    "TermFacts.reference": "hvor det står",
    "TermFacts.letter": "om det er tilskudsbrevets eget, som intet går forud for",
    "TermFacts.own": "om det står i puljens egen tekst eller i tilskudsbrevet",
    "Facts.case_officer": "sagsbehandleren",
    "Facts.appropriation": "tillægsbevillingen",
    "Facts.appropriation_total": "tillægsbevillingen i alt",
    "Facts.competence": "det udvalg, der afgør sagen: det sidste trin, der er til beslutning og ikke en høring",
    "Facts.decided": "om det er en protokoludskrift (--decided)",
    "AppropriationFacts.year": "året",
    "AppropriationFacts.amount": "beløbet; en indtægt er negativ",
    "DecisionFacts.outcome": "udfaldet i ét ord",
    "StepFacts.place": "mødestedet",
    "StepFacts.body": "udvalget eller rådet",
    "StepFacts.day": "mødets dag; mangler, når datoen følger",
    "StepFacts.item": "punktets nummer på det mødes dagsorden",
    "StepFacts.case_type": "sagens slags som id; `phrase(step.case_type)` er ordet",
    "StepFacts.consultation": "om det er en høring",
    "StepFacts.proposed_by": "hvem der indstiller",
    "StepFacts.proposal": "hvad der indstilles",
    "StepFacts.current": "om det er det møde, dokumentet er til",
    "StepFacts.decision": "hvad der blev besluttet på mødet; ikke på det, dokumentet er til",
    "StepFacts.answer": "høringssvaret",
    "DecisionFacts.text": "beslutningens egne ord",
    "DecisionFacts.absent": "fraværende",
    "DecisionFacts.not_taking_part": "hvem der ikke deltog i behandlingen",
    "DecisionFacts.votes": "stemmerne",
    "DecisionFacts.minority": "mindretallets udtalelse",
    "AttachmentFacts.no": "bilagets nummer",
    "AttachmentFacts.open": "om bilaget er åbent",
}

# What each filter does, and an example.
FILTERS: Mapping[str, tuple[str, str]] = {
    "kr": ("hele beløbet; øre kun, når der er nogen", "grant.awarded | kr"),
    "amount": ("beløbet uden kr., til tabeller", "grant.awarded | amount"),
    "oere": ("beløbet med to decimaler, til tabeller", "budget.spent | oere"),
    "mio": ("i millioner med højst én decimal", "grant.awarded | mio"),
    "about": ("afrundet, som man siger det, med knap eller godt", "grant.awarded | about"),
    "number": ("et tal med højst to decimaler", "fund.applications | number"),
    "pct": ("en andel i procent med højst én decimal", "budget.used | pct"),
    "long_date": ("en dato i løbende tekst", "as_of | long_date"),
    "short_date": ("en dato i en tabel", "as_of | short_date"),
    "deadline": (
        "en frist i en tabel; er den en weekend eller helligdag, står det ved",
        "milestones[2].due | deadline",
    ),
    "listed": ("flere tekster som opregning", "fund.legal_basis | listed"),
    "cap": ("med stort begyndelsesbogstav", "step.case_type | cap"),
    "uncap": ("med lille begyndelsesbogstav", "milestones[0].title | uncap"),
    "definite": ("et udvalgs navn i bestemt form", "step.body | definite"),
    "according_to": ("én kildes tal, når kilderne ikke er enige", 'fund.frame | according_to("pulje-side") | mio'),
    "or_dash": ("en streg, når oplysningen mangler", "grant.file_number | or_dash"),
}

_KINDS: Mapping[object, str] = {
    str: "tekst",
    Money: "beløb",
    Share: "andel",
    date: "dag",
    int: "antal",
    Fraction: "tal",
    bool: "ja/nej",
    Word: "[ord](#ord)",
}

# The words that each such fact may be.
WORDS: Mapping[str, Mapping[Any, Row]] = {
    "PhaseFacts.status": words.PROGRESS,
    "MilestoneFacts.status": words.ATTAINMENT,
    "ConditionFacts.status": words.FULFILMENT,
    "VacancyFacts.role": words.ROLES,
    "PersonFacts.role": words.ROLES,
    "GroupFacts.kind": words.GROUPS,
    "RiskFacts.likelihood": words.LEVELS,
    "RiskFacts.impact": words.LEVELS,
    "FundingFacts.kind": words.FUNDING,
    "SettlementFacts.title": words.STEPS,
    "ChangeFacts.change": {**words.CHANGES, **words.ASKED},
    "ChangeFacts.answer": {**words.ANSWERS, **words.MORE_ANSWERS},
    "RequestFacts.change": words.CHANGES,
    "CarryOverFacts.status": words.CARRY_OVERS,
    "DecisionFacts.outcome": words.OUTCOMES,
}

_WORDS_HEAD = """## Ord

Et ord skriver sig selv: `{{ milestones[0].status }}`. En betingelse sammenligner dets `id`, som aldrig skifter:
`{% if each.status.id == "dropped" %}`. Et ord, der sammenlignes med en tekst, giver en advarsel.
"""


def main() -> None:
    """Write the page anew."""
    write(PAGE, page())


def page() -> str:
    """docs/facts.md: every group of facts under its heading, then the filters and functions."""
    shown = _examples()
    parts = [_HEAD]
    for group, places in _places().items():
        parts.append(_group(group, places, shown))
    filters = [
        (f"`{name}`", does, f"`{{{{ {call} }}}}`", _short(shown[call])) for name, (does, call) in FILTERS.items()
    ]
    rows = [(_title_of(name), ", ".join(f"`{id}` {row[0]}" for id, row in of.items())) for name, of in WORDS.items()]
    parts.append(_WORDS_HEAD + "\n" + table(("oplysning", "id og ord"), rows))
    parts.append("## Filtre\n\n" + table(("filter", "hvad det gør", "fx", "bliver til"), filters))
    parts.append(_FUNCTIONS)
    return "\n".join(parts)


def meaning(group: type[Fact], name: str) -> str:
    """What a fact is, as said of it in its group, else of the name; the tests say which nobody explains."""
    return MEANINGS.get(f"{group.__name__}.{name}") or MEANINGS.get(name, "?")


def fields(group: type[Fact]) -> dict[str, object]:
    """The names that a template may write, each with its hint."""
    hints = get_type_hints(group)
    ours = Fact.__struct_fields__  # where a fact was written is not for a template
    return {field.name: hints[field.name] for field in structs.fields(group) if field.name not in ours}


# ── where the facts stand ────────────────────────────────────────────────────────────────────


class _Place(NamedTuple):
    """One way to a group of facts: as a template writes it, and an expression that leads to one of them."""

    path: str  # goals → indicators
    expression: str  # goals[0].indicators[0]
    many: bool


def _places() -> dict[type[Fact], list[_Place]]:
    found: dict[type[Fact], list[_Place]] = {Facts: [_Place("", "", many=False)]}

    def visit(group: type[Fact], path: str, expression: str) -> None:
        for name, hint in fields(group).items():
            inner, many = content(hint)
            if isinstance(inner, type) and issubclass(inner, Fact):
                place = _Place(f"{path}{name}", f"{expression}{name}{'[0]' if many else ''}", many)
                first = inner not in found
                found.setdefault(inner, []).append(place)
                if first:
                    visit(inner, f"{place.path}.", f"{place.expression}.")

    visit(Facts, "", "")
    order = [*GROUPS, *(group.__name__ for group in found)]
    return dict(sorted(found.items(), key=lambda item: order.index(item[0].__name__)))


def content(hint: object) -> tuple[object, bool]:
    """What a hint holds without its None, and whether it may hold many."""
    options = [option for option in get_args(hint) if option is not NoneType] or [hint]
    if get_origin(hint) is tuple:
        return get_args(hint)[0], True
    return options[0], False


# ── the page's parts ─────────────────────────────────────────────────────────────────────────


def _group(group: type[Fact], places: list[_Place], shown: Mapping[str, str]) -> str:
    rows = []
    for name, hint in fields(group).items():
        inner, many = content(hint)
        nested = isinstance(inner, type) and issubclass(inner, Fact)
        if nested:
            kind, example = _link(inner, many=many), ""
        else:
            kind = "liste af tekster" if many else _KINDS[inner]
            found = (shown[_scalar(place, name, many=many)] for place in places)
            example = _short(next((text for text in found if text != _NOTHING), _NOTHING))
        rows.append((f"`{name}`", kind, meaning(group, name), example))
    lead = [f"## {_title(group)}\n"]
    if group is not Facts:
        ways = ", ".join(f"`{place.path}`" + (" (liste)" if place.many else "") for place in places)
        lead.append(f"Står i {ways}.\n")
    return "\n".join([*lead, table(("navn", "hvad det er", "betydning", "fx"), rows)])


def _short(text: str) -> str:
    return text if len(text) <= _WIDTH else f"{text[:_WIDTH].rsplit(' ', 1)[0]} …"


def _title(group: type[Fact]) -> str:
    return GROUPS.get(group.__name__, group.__name__)


def _title_of(name: str) -> str:
    group, _, field = name.partition(".")
    return f"{GROUPS[group].lower()}: `{field}`"


def _link(group: type[Fact], *, many: bool) -> str:
    title = _title(group)
    anchor = "".join(letter for letter in title.lower().replace(" ", "-") if letter.isalnum() or letter == "-")
    return f"[{'liste: ' if many else ''}{title[:1].lower()}{title[1:]}](#{anchor})"


def _scalar(place: _Place, name: str, *, many: bool) -> str:
    expression = f"{place.expression}.{name}" if place.expression else name
    return f"{expression} | listed" if many else expression


# ── examples out of the example project ──────────────────────────────────────────────────────


def _examples() -> dict[str, str]:
    """What each expression is written as, in the first of some documents that has it."""
    dossier = open_project(EXAMPLE).dossier
    assert dossier is not None
    expressions = [call for _does, call in FILTERS.values()]
    for group, places in _places().items():
        for name, hint in fields(group).items():
            inner, many = content(hint)
            if not (isinstance(inner, type) and issubclass(inner, Fact)):
                expressions += [_scalar(place, name, many=many) for place in places]
    found = dict.fromkeys(expressions, _NOTHING)
    for facts in _occasions(dossier):
        for expression, text in _written(expressions, facts).items():
            if found[expression] == _NOTHING and text:
                found[expression] = text
    return found


def _occasions(dossier: Dossier) -> Iterator[Facts]:
    wanted = ("status-report", "final-report", "agenda-item", "accounts", "change-request")
    for kind in wanted:
        for occasion in occasions(dossier, kind)[:2]:
            yield facts_of(dossier, structs.replace(occasion, decided=kind == "agenda-item"))


def _written(expressions: list[str], facts: Facts) -> dict[str, str]:
    """Each expression as a document would write it; those whose fact is not there are left out."""
    text = "# facts\n\n" + "".join(f"{{{{ {expression} }}}}\n\n" for expression in expressions)
    sections = (SectionSpec(name="facts", heading="Oplysninger"),)
    kind = DocumentKind(name="facts", title="Oplysninger", file_name="oplysninger", sections=sections, text=text)
    document = compose(kind, Layout(name="facts"), facts, Prose(""), draft=True).document
    (section,) = (block for block in document.blocks if isinstance(block, Section))
    paragraphs = [block for block in section.blocks if isinstance(block, Paragraph)]
    return {
        expression: plain(paragraph.content)
        for expression, paragraph in zip(expressions, paragraphs, strict=True)
        if not any(isinstance(inline, Missing) for inline in paragraph.content)
    }


if __name__ == "__main__":
    main()
