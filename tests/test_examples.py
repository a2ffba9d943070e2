"""The examples beside Thisted: projects without a grant's figures, whose documents say no more than their sources."""

from __future__ import annotations

import re
from html import unescape

import pytest

from tests.consoles import ROOT
from toolkit.project import open_project
from toolkit.render import allowed, make_document
from toolkit.scaffold import Scaffold, make, place, read_seeds

MADE = {
    "naerhed-i-omsorg": ["projektbeskrivelse-2020-12-01"],
    "rudersdal-hjemmepleje": ["projektbeskrivelse-2019-01-01"],
    "varde-borgerstyret": ["slutrapport-2022-12-31"],
}


def opened(name):
    project = open_project(ROOT / "projects" / name)
    assert project.sound
    return project


def documents(name):
    return made_of(opened(name).dossier)


def made_of(dossier, *, draft=False):
    return [make_document(dossier, occasion, ["html"], draft=draft) for occasion in allowed(dossier)]


def words(name):
    """What the project's only document says, without its tags."""
    [made] = documents(name)
    return words_of(made)


def words_of(made):
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", made.contents["html"].decode())))


@pytest.mark.parametrize("name", MADE)
def test_the_documents_that_its_sources_allow_are_made(name):
    made = documents(name)

    assert [each.name for each in made] == MADE[name]
    assert [problem.code for each in made for problem in each.problems] == []


@pytest.mark.parametrize("name", MADE)
def test_nothing_is_made_up_and_everything_that_is_told_has_its_source(name):
    dossier = opened(name).dossier
    plan = dossier.plan
    told = [*plan.goals, *plan.phases, *plan.tracks, *plan.teams, *plan.indicators, *plan.activities, *plan.milestones]
    told += [plan.summary, plan.purpose, plan.target_group, plan.project_period, *plan.people, *plan.groups]
    told += dossier.events

    assert [each for each in told if each.synthetic or not each.source] == []
    assert {each.source for each in told} == {source.id for source in plan.sources}


@pytest.mark.parametrize("name", MADE)
def test_each_written_passage_says_its_sources(name):
    plan = opened(name).dossier.plan
    known = {*(source.id for source in plan.sources), plan.fund}
    texts = (ROOT / "projects" / name / "texts").rglob("*.md")
    passages = [each for text in texts for each in re.split(r"^# ", text.read_text(encoding="utf-8"), flags=re.M)[1:]]
    named = [re.search(r"<!-- Kilde: (.+) -->\s*\Z", passage) for passage in passages]

    assert passages
    assert [passage for passage, found in zip(passages, named, strict=True) if found is None] == []
    assert {source for found in named if found for source in found[1].split(", ")} <= known


def test_each_text_of_the_constructed_example_says_that_it_is_constructed():
    texts = sorted((ROOT / "projects" / "thisted-nordthy" / "texts").rglob("*.md"))

    assert len(texts) == 5
    assert [text.name for text in texts if not text.read_text(encoding="utf-8").startswith("<!-- Konstrueret: ")] == []


@pytest.mark.parametrize("name", ["naerhed-i-omsorg", "rudersdal-hjemmepleje"])
def test_a_project_without_a_fund_names_neither_fund_nor_grantor(name):
    said = words(name)

    assert opened(name).dossier.plan.terms.gives_grants is False
    assert [word for word in ("pulje:", "Ingen pulje", "Tilskudsyder", "Tilskudsmodtager") if word in said] == []


def test_owners_that_are_no_municipality_are_called_what_they_are():
    said = words("naerhed-i-omsorg")

    assert "Ansvarlig KL og FOA Projektperiode december 2020 – juni 2022" in said
    assert "KL og FOA Kommune" not in said


def test_five_phases_and_one_of_them_without_days():
    said = words("naerhed-i-omsorg")

    assert "Udviklingsrummet Marts 2021 – maj 2022." in said
    assert "Formidling Løbende." in said
    assert "Evaluering Juni 2022." in said
    assert len(opened("naerhed-i-omsorg").dossier.plan.phases) == 5


def test_success_criteria_have_the_numbers_that_the_source_has():
    plan = opened("naerhed-i-omsorg").dossier.plan

    assert [each.target for each in plan.indicators] == [6, None, 10, 20]
    assert "Kommuner på den afsluttende temadag, mindst 20 – 20" in words("naerhed-i-omsorg")


def test_tracks_stand_where_there_are_no_phases():
    said = words("rudersdal-hjemmepleje")

    assert "2019 – 2022" in said
    assert "Visitation og den første kontakt med borgeren" in said
    assert "Faser og aktiviteter" not in said


def test_the_final_report_gathers_what_was_learned_by_theme():
    said = words("varde-borgerstyret")
    events = opened("varde-borgerstyret").dossier.events
    learned = [event for event in events if event.kind in ("experience", "advice")]

    assert len(learned) == 6
    assert [event for event in learned if f"{event.theme}: {event.text}" not in said] == []
    assert {(event.phase, event.source) for event in learned} == {("afproevning", "sst-2023-01-06")}


def test_the_final_report_tells_of_two_teams_and_of_no_money():
    said = words("varde-borgerstyret")

    assert "Projektet afprøvede to teams: " in said  # the space that does not break is a blank like others here
    assert "Tilskudsyder Sundhedsstyrelsen" in said
    assert [word for word in ("kr.", "Økonomi", "Underskrift") if word in said] == []


# What each source says, by the words that its document says it with.
FACTS = {
    "naerhed-i-omsorg": [
        "programstrategien for 2019–2021",
        "rette kompetencer til rette opgaver",
        "Ældretopmødet i oktober 2020",
        "mindre teams i hjemmeplejen",
        "stor fleksibilitet",
        "tættere samspil med civilsamfundet",
        "medarbejderne er kendt i lokalområdet",
        "det tværfaglige samarbejde om borgerne bliver styrket",
        "Projektet har otte mål",
        "Kommunerne har et udviklingsrum",
        "De deltagende kommuner er inspireret",
        "bliver overført til andre",
        "Resultater.",
        "deling af viden mellem kommunerne og parterne",
        "ledelsen sætter dem fri",
        "faglig ledelse",
        "ph.d.-studerende",
    ],
    "rudersdal-hjemmepleje": [
        "den første workshop i marts 2021",
        "mødes fysisk og på nettet i omkring et år",
        "Haderslev, Faxe, Ringsted, Hedensted og København",
        "Den venter at kunne give sine erfaringer videre",
        "svært at tænke det hele igennem på én gang",
        "begyndelsen af 1980'erne",
        "flere leverandører",
        "Mange områder både kan og skal udvikles",
        "være nysgerrig på de arbejdsgange",
        "Social- og Ældreministeriet har nedsat en arbejdsgruppe",
    ],
    "varde-borgerstyret": [
        "kompenserende hjælp",
        "blev der forhandlet en lokalaftale om mere fleksible regler for arbejdstid",
        "begges kompetencer og ressourcer",
        "Rapporten bygger på disse kilder",
        "Sundhedsstyrelsen, omsorg og nærvær, Varde Kommune, opdateret 6. januar 2023",
        "Tistrup News, 5. januar 2021",
    ],
}


@pytest.mark.parametrize("name", FACTS)
def test_what_a_source_tells_is_seen_in_the_document(name):
    said = words(name)

    assert [fact for fact in FACTS[name] if fact not in said] == []


@pytest.fixture(scope="module")
def rooms(tmp_path_factory):
    """The description of one municipality of each group of the rollout, by its name."""
    into, scaffold, problems = tmp_path_factory.mktemp("rooms"), Scaffold(), []
    named = {"Langeland", "Vejle", "Faxe"}
    found = {}
    for seed in read_seeds(ROOT / "templates" / "rollouts" / "udviklingsrum-2022.yaml", problems):
        if seed.plan.municipality in named:
            there = place(seed, into, scaffold)
            make(there, scaffold, "rollout.yaml")
            [made] = made_of(open_project(there.folder).dossier, draft=True)
            found[seed.plan.municipality] = words_of(made)
    assert problems == []
    return found


def test_what_is_common_to_the_learning_groups_is_seen_in_every_description(rooms):
    common = [
        "16 nye og seks erfarne",
        "Hver kommune deltager med et team af ledere og medarbejdere",
        "Det er gratis for kommunen at deltage",
        "De seks erfarne kommuner har deres eget udviklingsrum",
        "et samarbejde mellem KL og de faglige organisationer",
        "chefkonsulent fra FOA",
        "kan være forskellige steder i deres udvikling",
        "erfaringer fra udlandet",
        "Operate",
        "Konference i Nyborg den 23. august 2022",
    ]

    assert sorted(rooms) == ["Faxe", "Langeland", "Vejle"]
    assert [(name, fact) for name, said in rooms.items() for fact in common if fact not in said] == []


def test_what_langeland_alone_tells_is_seen_in_its_own_description_alone(rooms):
    own = [
        "velfærdsaftale med regeringen, som til og med 2024 fritager den for bureaukrati og regulering på ældreområdet",
        "Medarbejderne ønsker at prøve en ny organisering",
        "en lille kommune med en stram økonomi",
        "En specialkonsulent i kommunen",
    ]

    assert [fact for fact in own if fact not in rooms["Langeland"]] == []
    assert [fact for fact in own if fact in rooms["Vejle"] + rooms["Faxe"]] == []
