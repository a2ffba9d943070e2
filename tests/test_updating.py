"""What came newer into a project that somebody has written in."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from toolkit.core.item_merge import Side
from toolkit.core.problems import Refused
from toolkit.project import open_project
from toolkit.readers.shelf import TEMPLATES
from toolkit.scaffold import Scaffold, link, make, place, read_seeds, seen_from
from toolkit.updating import Update, look, write
from toolkit.writers.package import pack

ROLLOUT = """\
common:
  title: Faste teams
  project_period: {starts: 2022-06-01, ends: 2023-05-31}
  milestones:
    - {id: konference, title: Konference, due: 2022-08-23}
    - {id: slut, title: Slut, due: 2023-05-30}
municipalities: [Thisted, Vejle]
"""


@pytest.fixture
def seed(tmp_path: Path) -> Path:
    """A rollout of two projects, each scaffolded beside it."""
    path = tmp_path / "rollout.yaml"
    path.write_text(ROLLOUT, encoding="utf-8")
    scaffold = Scaffold()
    for each in read_seeds(path, []):
        found = place(each, tmp_path, scaffold)
        make(found, scaffold, seen_from(found.folder, path))
    return path


def thisted(seed: Path) -> Path:
    return seed.parent / "thisted-faste-teams"


def change(path: Path, was: str, now: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert was in text
    path.write_text(text.replace(was, now), encoding="utf-8")


def updated(seed: Path) -> Update:
    found = look(thisted(seed), Scaffold(), None)
    if not found.stopped:
        write(found)
    return found


def outcomes(update: Update) -> dict[str, str]:
    return {each.file: each.outcome for each in update.files}


def test_nothing_changed_is_nothing_done(seed: Path):
    assert look(thisted(seed), Scaffold(), None).files == ()


def test_a_moved_conference_and_a_new_milestone_come_in_beside_what_the_user_wrote(seed: Path):
    plan = thisted(seed) / "project.yaml"
    change(plan, "name: MANGLER", "name: Lederen af hjemmeplejen")
    change(seed, "due: 2022-08-23}", "due: 2022-09-01}\n    - {id: midtvejs, title: Midtvejs, due: 2023-01-15}")

    assert outcomes(updated(seed)) == {"project.yaml": "updated"}
    dossier = open_project(thisted(seed)).dossier
    assert dossier is not None
    assert [str(milestone.due) for milestone in dossier.plan.milestones] == ["2022-09-01", "2023-01-15", "2023-05-30"]
    assert dossier.plan.people[0].name == "Lederen af hjemmeplejen"


def test_a_text_that_the_list_has_now_comes_in_beside_what_the_user_wrote(seed: Path):
    text = thisted(seed) / "texts" / "project-description.md"
    change(text, "# Resumé\n", "# Resumé\n\nVi er begyndt.\n")
    change(seed, "  title: Faste teams", "  title: Faste teams\n  texts: {economy: Det er gratis.}")
    assert outcomes(updated(seed)) == {"texts/project-description.md": "updated"}
    change(seed, "Det er gratis.", "Det koster intet.")
    assert outcomes(updated(seed)) == {"texts/project-description.md": "updated"}

    dossier = open_project(thisted(seed)).dossier
    assert dossier is not None
    prose = dossier.text("texts/project-description.md")
    assert {each.heading: each.text for each in prose.passages if each.text} == {
        "Resumé": "Vi er begyndt.",
        "Økonomi": "Det koster intet.",
    }


def test_what_both_changed_is_marked_and_the_users_lines_are_in_force(seed: Path):
    plan = thisted(seed) / "project.yaml"
    change(plan, "due: 2023-05-30", "due: 2023-05-29")
    change(seed, "due: 2023-05-30", "due: 2023-05-28")
    update = updated(seed)

    assert outcomes(update) == {"project.yaml": "conflict"}
    assert update.conflicts == 1
    project = open_project(thisted(seed))
    assert project.dossier is not None
    assert str(project.dossier.plan.milestones[-1].due) == "2023-05-29"
    (line,) = update.files[0].lines
    left = [found for found in project.problems if found.code == "conflict-left"]
    assert [found.at.line for found in left] == [line]
    assert "#     due: 2023-05-28\n" in plan.read_text(encoding="utf-8")


def test_the_same_update_twice_does_nothing_the_second_time(seed: Path):
    change(seed, "due: 2022-08-23", "due: 2022-09-01")
    updated(seed)

    assert updated(seed).files == ()


def test_a_conflict_is_told_once_and_not_asked_about_again(seed: Path):
    change(thisted(seed) / "project.yaml", "due: 2023-05-30", "due: 2023-05-29")
    change(seed, "due: 2023-05-30", "due: 2023-05-28")
    updated(seed)
    text = (thisted(seed) / "project.yaml").read_text(encoding="utf-8")

    assert updated(seed).conflicts == 0
    assert (thisted(seed) / "project.yaml").read_text(encoding="utf-8") == text


def test_a_file_that_the_user_deleted_stays_deleted_and_is_told(seed: Path):
    (thisted(seed) / "project.yaml").rename(seed.parent / "gemt.yaml")
    change(seed, "title: Faste teams", "title: Faste teams\n  area: Nord")

    assert outcomes(look(thisted(seed), Scaffold(), None))["project.yaml"] == "deleted"


def test_a_project_is_held_against_its_own_list_wherever_one_stands(
    seed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "rollout.yaml").write_text(ROLLOUT.replace("Faste teams", "Noget andet"), encoding="utf-8")
    monkeypatch.chdir(elsewhere)

    assert look(Path("..") / "thisted-faste-teams", Scaffold(), None).files == ()


def test_a_new_title_is_the_same_project(seed: Path):
    change(seed, "title: Faste teams", "title: Faste hold")

    assert updated(seed).files
    assert "title: Faste hold" in (thisted(seed) / "project.yaml").read_text(encoding="utf-8")
    assert updated(seed).files == ()


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"[Thisted, Vejle]": "[Vejle]"}, "seed-without-entry"),
        ({"2023-": "2025-", "2022-": "2024-"}, "seed-of-another"),
        ({"title: Faste teams": "title: Faste teams\n  fund: faste-teams-2021"}, "seed-of-another"),
    ],
)
def test_what_is_no_longer_its_entry_stops_the_update(seed: Path, changed: dict[str, str], code: str):
    for was, now in changed.items():
        change(seed, was, now)
    update = updated(seed)

    assert update.stopped
    assert {found.code for found in update.problems} == {code}
    assert not look(thisted(seed), Scaffold(), None, template_only=True).stopped


def test_two_projects_of_one_municipality_go_by_their_area(seed: Path):
    change(seed, "[Thisted, Vejle]", "[Thisted, {municipality: Vejle, area: Nord}, {municipality: Vejle, area: Syd}]")

    assert [each.entry for each in read_seeds(seed, [])] == ["thisted", "vejle-nord", "vejle-syd"]


def test_a_project_that_was_not_scaffolded_is_bound_to_its_entry_and_updated_from_then_on(seed: Path, tmp_path: Path):
    made = thisted(seed)
    before = (made / "project.yaml").read_bytes()
    shutil.rmtree(made / ".pulje")
    assert link(made, seed, Scaffold()).entry == "thisted"
    change(seed, "due: 2022-08-23", "due: 2022-09-01")

    assert (made / "project.yaml").read_bytes() == before
    assert outcomes(updated(seed)) == {"project.yaml": "updated"}
    with pytest.raises(Refused, match="linked-already"):
        link(made, seed, Scaffold())


def test_an_update_that_would_break_the_project_leaves_it_as_it_is(seed: Path):
    plan, goals = thisted(seed) / "project.yaml", "  goals: [{id: ro, title: Ro}]\nmunicipalities"
    change(seed, "municipalities", goals)
    updated(seed)
    change(
        plan, "# indicators:", "indicators: [{id: i, title: I, goal: ro, unit: pct., method: Tælles}]\n# indicators:"
    )
    change(seed, goals, "municipalities")
    before = plan.read_text(encoding="utf-8")
    update = updated(seed)

    assert update.stopped
    assert "unknown-id" in {found.code for found in update.problems}
    assert plan.read_text(encoding="utf-8") == before


def test_without_its_seed_a_project_is_held_against_the_recorded_one(seed: Path):
    seed.unlink()
    update = look(thisted(seed), Scaffold(), None)

    assert (update.seed_found, update.files) == (False, ())


def test_a_folder_that_was_not_scaffolded_is_told(tmp_path: Path):
    update = look(tmp_path, Scaffold(), None)

    assert update.stopped
    assert [found.code for found in update.problems] == ["not-scaffolded"]


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("pristine.zip", b""),
        ("pristine.zip", b"PK\x03\x04" + bytes(40)),
        ("pristine.zip", pack({"project.yaml": b"\xff\xfe"})),
        ("scaffold.yaml", b"\xff\xfe"),
        ("scaffold.yaml", b"[\n"),
        ("scaffold.yaml", b"seed: 7\n"),
        ("scaffold.yaml", b""),
    ],
)
def test_a_damaged_record_of_what_a_project_was_made_from_is_told_and_nothing_is_done(
    seed: Path, file: str, content: bytes
):
    (thisted(seed) / ".pulje" / file).write_bytes(content)
    before = (thisted(seed) / "project.yaml").read_bytes()
    found = updated(seed)

    assert found.stopped
    assert not found.contents
    assert (thisted(seed) / "project.yaml").read_bytes() == before


def test_where_a_damaged_project_stands_no_new_one_is_made(seed: Path):
    (thisted(seed) / ".pulje" / "pristine.zip").write_bytes(b"")
    (first, _second) = read_seeds(seed, [])

    assert place(first, seed.parent, Scaffold()).standing == "taken"


# ── what others have had ─────────────────────────────────────────────────────────────────────


def awarded(seed: Path, *more: str) -> None:
    events = ("- {kind: awarded, happened: 2022-05-01, recorded: 2022-05-01, amount: 100.000 kr.}", *more)
    with (thisted(seed) / "events.yaml").open("a", encoding="utf-8") as log:
        log.write("\n".join(events) + "\n")


def test_what_is_promised_stays_and_is_offered_until_it_is_in_force_and_all_else_comes(seed: Path):
    change(seed, "  title: Faste teams", "  title: Faste teams\n  grant: {applied: 100.000 kr.}")
    updated(seed)
    awarded(seed)
    change(seed, "due: 2023-05-30", "due: 2023-05-28")
    change(seed, "  title: Faste teams", "  title: Faste teams\n  area: Nord")
    first, again = updated(seed), updated(seed)
    text = (thisted(seed) / "project.yaml").read_text(encoding="utf-8")

    assert "area: Nord" in text
    assert "due: 2023-05-28" not in text
    held = [(each.path, each.theirs) for each in again.files[0].differences if each.outcome == "held"]
    assert held == [(("milestones", "slut", "due"), "2023-05-28")]
    assert (first.files[0].outcome, again.files[0].outcome) == ("updated", "held")

    approved = "{kind: change-approved, happened: 2022-06-01, recorded: 2022-06-01, change: project, "
    awarded(seed, f"- {approved}values: {{milestones.slut.due: 2023-05-28}}}}")
    assert updated(seed).files == ()


def test_a_budget_that_was_sent_is_never_rewritten_and_is_told(seed: Path):
    lines = "  budget_lines: [{id: loen, title: Løn, amount: 100.000 kr.}]\nmunicipalities"
    change(seed, "municipalities", lines)
    change(
        seed, "  title: Faste teams", "  title: Faste teams\n  grant: {applied: 100.000 kr., applied_on: 2022-01-01}"
    )
    updated(seed)
    budget = thisted(seed) / "budgets" / "2022-01-01-application.yaml"
    before = budget.read_bytes()
    change(seed, "title: Løn, amount: 100.000", "title: Lønninger, amount: 100.000")
    awarded(seed)

    assert outcomes(updated(seed))["budgets/2022-01-01-application.yaml"] == "sent"
    assert budget.read_bytes() == before


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("project.yaml", "title: Igen\n"),
        ("project.yaml", "teams: [{id: a, title: Team A, nord}]\n"),
        ("project.yaml", "\ttitle: x\n"),
        ("events.yaml", "- [\n"),
        ("events.yaml", "- {kind: noted, happened: 2022-06-01, recorded: 2022-06-01, text: Assens: kommune}\n"),
        ("events.yaml", None),
    ],
)
def test_nothing_is_rewritten_where_what_is_sent_or_promised_cannot_be_read(seed: Path, file: str, text: str | None):
    change(seed, "  title: Faste teams", "  title: Faste teams\n  grant: {applied: 100.000 kr.}")
    updated(seed)
    awarded(seed)
    path = thisted(seed) / file
    if text is None:
        path.write_bytes(b"")  # what a folder has that is half synchronised
    else:
        path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")
    before = {each: each.read_bytes() for each in thisted(seed).rglob("*.*") if each.is_file()}
    change(seed, "due: 2023-05-30", "due: 2023-05-28")

    assert updated(seed).stopped
    assert {each: each.read_bytes() for each in before} == before


@pytest.mark.parametrize(
    "event",
    [
        "{kind: applied, happened: 2022-05-01, recorded: 2022-05-01, amount: 100.000 kr.}",
        "{kind: submitted, happened: 2022-05-01, recorded: 2022-05-01, issued: 2022-01-01-application-v1, to: X}",
    ],
)
def test_what_has_been_applied_for_stays_and_the_rest_of_the_seed_comes(seed: Path, event: str):
    change(
        seed, "  title: Faste teams", "  title: Faste teams\n  grant: {applied: 100.000 kr., applied_on: 2022-01-01}"
    )
    updated(seed)
    with (thisted(seed) / "events.yaml").open("a", encoding="utf-8") as log:
        log.write(f"- {event}\n")
    change(seed, "applied: 100.000 kr., applied_on: 2022-01-01", "applied: 200.000 kr., applied_on: 2022-02-01")
    change(seed, "due: 2023-05-30", "due: 2023-05-28")
    update, text = updated(seed), (thisted(seed) / "project.yaml").read_text(encoding="utf-8")

    assert not update.stopped
    assert ("100.000 kr." in text, "2022-02-01" in text, "due: 2023-05-28" in text) == (True, False, True)
    held = [".".join(each.path) for file in update.files for each in file.differences if each.outcome == "held"]
    assert held == ["grant.applied", "grant.applied_on"]


# ── conflicts that somebody decides ──────────────────────────────────────────────────────────


def taking(seed: Path, side: Side, path: str) -> Update:
    found = look(thisted(seed), Scaffold(), None, taken={path: side})
    assert not found.stopped
    write(found)
    return found


@pytest.fixture
def both(seed: Path) -> Path:
    """A day that both have changed, beside a title that each has changed alone."""
    change(thisted(seed) / "project.yaml", "due: 2022-08-23", "due: 2022-09-01")
    change(seed, "2022-08-23", "2022-08-30")
    change(seed, "title: Slut", "title: Afslutning")
    return seed


@pytest.mark.parametrize("path", ["milestones.konference.due", "project.yaml"])
@pytest.mark.parametrize(("side", "day"), [("theirs", "2022-08-30"), ("ours", "2022-09-01")])
def test_a_conflict_is_decided_by_its_path_or_its_file(both: Path, path: str, side: Side, day: str):
    found = taking(both, side, path)
    text = (thisted(both) / "project.yaml").read_text(encoding="utf-8")

    assert (found.conflicts, outcomes(found)) == (0, {"project.yaml": "updated"})
    assert [each.taken for each in found.files] == [("milestones.konference.due",)]
    assert f"due: {day}" in text and "title: Afslutning" in text and ">>>" not in text
    assert not updated(both).files


@pytest.mark.parametrize(("side", "day"), [("theirs", "2022-08-30"), ("ours", "2022-09-01")])
def test_a_conflict_in_an_item_that_somebody_has_put_in_braces_is_decided_too(seed: Path, side: Side, day: str):
    block = "  - id: konference\n    title: Konference\n    due: 2022-08-23\n"
    change(thisted(seed) / "project.yaml", block, "  - {id: konference, title: Konference, due: 2022-09-01}\n")
    change(seed, "2022-08-23", "2022-08-30")
    found = taking(seed, side, "milestones.konference.due")
    text = (thisted(seed) / "project.yaml").read_text(encoding="utf-8")

    assert (found.conflicts, f"due: {day}" in text, "KONFLIKT" in text) == (0, True, False)


def test_a_path_decides_only_its_own_conflict(both: Path):
    change(thisted(both) / "project.yaml", "title: Konference", "title: Stor konference")
    change(both, "title: Konference", "title: Lille konference")

    assert taking(both, "theirs", "milestones.konference.due").conflicts == 1
    text = (thisted(both) / "project.yaml").read_text(encoding="utf-8")
    assert "due: 2022-08-30" in text and "Stor konference" in text


@pytest.mark.parametrize("side", ["theirs", "ours"])
def test_what_one_side_took_out_and_the_other_changed_is_decided_too(seed: Path, side: Side):
    project = thisted(seed) / "project.yaml"
    text = project.read_text(encoding="utf-8")
    project.write_text(re.sub(r"  - id: konference\n(    .*\n)+", "", text), encoding="utf-8")
    change(seed, "2022-08-23", "2022-08-30")
    found = taking(seed, side, "milestones.konference")

    assert found.conflicts == 0
    assert ("2022-08-30" in project.read_text(encoding="utf-8")) is (side == "theirs")
    assert not updated(seed).files


# ── what is no text ──────────────────────────────────────────────────────────────────────────

LOGO = b"\x89PNG\r\n\x1a\n\x00{{ cookiecutter.slug }}\xff"


def with_logo(into: Path, logo: bytes) -> Scaffold:
    """The template with a picture in it."""
    template = into / f"skabelon-{len(list(into.iterdir()))}" / "project"
    shutil.copytree(TEMPLATES / "project", template)
    (template / "{{cookiecutter.slug}}" / "logo.png").write_bytes(logo)
    return Scaffold((template.parent, TEMPLATES))


def test_a_picture_of_the_template_is_copied_and_renewed_byte_for_byte_where_nobody_changed_it(tmp_path: Path):
    path = tmp_path / "rollout.yaml"
    path.write_text(ROLLOUT, encoding="utf-8")
    scaffold = with_logo(tmp_path, LOGO)
    made = place(read_seeds(path, [])[0], tmp_path, scaffold)
    make(made, scaffold, seen_from(made.folder, path))
    logo = made.folder / "logo.png"

    assert logo.read_bytes() == LOGO
    assert not look(made.folder, scaffold, None).files
    assert place(made.seed, tmp_path, scaffold).standing == "there"

    newer = with_logo(tmp_path, LOGO + b"2")
    write(found := look(made.folder, newer, None))
    assert (outcomes(found), logo.read_bytes()) == ({"logo.png": "updated"}, LOGO + b"2")

    logo.write_bytes(b"\x00 min egen")
    newest = with_logo(tmp_path, LOGO + b"3")
    assert outcomes(look(made.folder, newest, None)) == {"logo.png": "unlike"}
    assert logo.read_bytes() == b"\x00 min egen"
    write(look(made.folder, newest, None, taken={"logo.png": "theirs"}))
    assert logo.read_bytes() == LOGO + b"3"
