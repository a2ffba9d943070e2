"""The smallest project that is a whole folder, to open and to break."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

PROJECT = """\
title: Faste teams
municipality: Thisted
project_period: {starts: 2022-01-01, ends: 2023-12-31}
grant: {applied: 500.000 kr., awarded: 500.000 kr.}
target_group: Borgere, der får hjemmehjælp
phases:
  - {id: fase-1, title: Etablering, starts: 2022-01-01, ends: 2022-06-30}
  - {id: fase-2, title: Drift, starts: 2022-07-01, ends: 2023-12-31}
milestones:
  - {id: teams-klar, title: Teams er klar, due: 2022-06-15, phase: fase-1}
reports:
  - {kind: status-report, period_ends: 2022-06-30, due: 2022-09-01}
"""
BUDGET = """\
stage: award
lines:
  - {id: loen, title: Løn, amount: 400.000 kr.}
  - {id: kurser, title: Kurser, amount: 100.000 kr.}
"""
CASE = """\
---
title: Faste teams
layout: standard
steps:
  - {id: ssu, body: Udvalget, date: 2022-01-11, case_type: for-information, proposed_by: Forvaltningen,
     proposal: [tager sagen til efterretning]}
---
# Resumé
Kommunen har fået {{ grant.awarded }}.
# Sagsfremstilling
Se ansøgningen.
"""
POSTINGS = "posted;voucher;line;account;cost_centre;wbs_element;text;amount\n"  # nothing was spent, and that is known
FILE_OF_POSTINGS = "postings/2022-07-08-opus-26a741c7.csv"
IMPORTED = f"""\
- {{kind: imported, happened: 2022-07-08, recorded: 2022-07-08, file: {FILE_OF_POSTINGS}, ends: 2022-07-08,
   digest: "sha256:26a741c71a5663bcf70a9fe2b6dcabe57d6351472dd2c3ddcc7c1f0c29876fb3"}}
"""
FILES = {
    FILE_OF_POSTINGS: POSTINGS,
    "events.yaml": IMPORTED,
    "project.yaml": PROJECT,
    "budgets/2021-12-16-award.yaml": BUDGET,
    "cases/orientering.md": CASE,
    "texts/status-report/2022-06-30.md": "# Resumé\nProjektet følger planen.\n",
}


NO_BOOKS: Mapping[str, None] = {FILE_OF_POSTINGS: None, "events.yaml": None}


def write_project(folder: Path, changed: Mapping[str, str | None] = {}) -> Path:
    """The small project in a folder, with some files otherwise, or, by None, not there at all."""
    for name, text in {**FILES, **changed}.items():
        if text is not None:
            file = folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8", newline="\n")
    return folder
