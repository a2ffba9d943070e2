"""The examples beside Thisted: projects without a grant's figures, whose documents say no more than their sources."""

from __future__ import annotations

import re
from html import unescape

import pytest

from tests.consoles import ROOT
from toolkit.project import open_project
from toolkit.render import allowed, make_document

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
    dossier = opened(name).dossier
    return [make_document(dossier, occasion, ["html"]) for occasion in allowed(dossier)]


def words(name):
    """What the project's only document says, without its tags."""
    [made] = documents(name)
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
