"""Files that somebody has given another name since the project was made, or that the template calls otherwise now."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.test_updating import change, outcomes, seed, thisted, updated
from toolkit import updating
from toolkit.core.item_merge import Side
from toolkit.scaffold import ORIGIN, Scaffold
from toolkit.updating import Update, look, write
from toolkit.updating_files import FileUpdate

__all__ = ["seed"]  # the fixture

LINES = """\
  budget_lines:
    - {id: loen, title: Løn, amount: 80.000 kr.}
    - {id: kurser, title: Kurser, amount: 15.000 kr.}
    - {id: transport, title: Transport, amount: 5.000 kr.}
municipalities"""
GRANT = "  title: Faste teams\n  grant: {applied: 100.000 kr., applied_on: 2022-01-01}"
FIRST, LATER = "budgets/2022-01-01-application.yaml", "budgets/2022-02-01-application.yaml"
OWN = "budgets/2022-01-15-application.yaml"


@pytest.fixture
def budget(seed: Path) -> Path:
    """The same projects with a budget, in which somebody has changed an amount."""
    change(seed, "municipalities", LINES)
    change(seed, "  title: Faste teams", GRANT)
    updated(seed)
    change(thisted(seed) / FIRST, "amount: 80.000 kr.", "amount: 75.000 kr.")
    return seed


def move(seed: Path, file: str, to: str) -> None:
    (thisted(seed) / to).parent.mkdir(exist_ok=True, parents=True)
    (thisted(seed) / file).rename(thisted(seed) / to)


def text(seed: Path, file: str) -> str:
    return (thisted(seed) / file).read_text(encoding="utf-8")


def budgets(seed: Path) -> list[str]:
    return sorted(f"budgets/{path.name}" for path in (thisted(seed) / "budgets").iterdir())


def told(update: Update, file: str) -> FileUpdate:
    return next(each for each in update.files if each.file == file)


def asked(seed: Path, *, taken: dict[str, Side] | None = None, moved: dict[str, str] | None = None) -> Update:
    found = look(thisted(seed), Scaffold(), None, taken=taken or {}, moved=moved or {})
    assert not found.stopped
    write(found)
    return found


# ── the user's other name ────────────────────────────────────────────────────────────────────


def test_a_file_that_the_user_renamed_gets_what_the_seed_changed_and_keeps_its_name(budget: Path):
    move(budget, FIRST, OWN)
    change(budget, "title: Kurser", "title: Kompetencer")
    update = updated(budget)

    assert (told(update, OWN).outcome, told(update, OWN).known_as) == ("updated", FIRST)
    assert budgets(budget) == [OWN]
    assert "amount: 75.000 kr." in text(budget, OWN) and "title: Kompetencer" in text(budget, OWN)
    assert updated(budget).files == ()


def test_a_section_that_is_moved_into_a_folder_is_found_with_all_that_was_written_and_no_remarks(budget: Path):
    template = text(budget, "texts/application.md")
    own = "".join(f"{line}\n\nVi skriver her.\n\n" for line in template.splitlines() if line.startswith("#"))
    (thisted(budget) / "texts/application.md").write_text(own, encoding="utf-8")
    move(budget, "texts/application.md", "texts/udkast/ansoegning.md")

    assert outcomes(updated(budget)) == {"texts/udkast/ansoegning.md": "found"}
    assert text(budget, "texts/udkast/ansoegning.md") == own


def test_a_file_that_is_found_is_told_once_and_known_by_the_record_whatever_is_written_in_it_later(budget: Path):
    move(budget, FIRST, OWN)
    assert outcomes(updated(budget)) == {OWN: "found"}
    assert f"file: {FIRST}" in text(budget, ORIGIN).replace('"', "")
    assert updated(budget).files == ()

    own = "stage: application\nlines:\n  - id: loen\n    title: Alt\n    amount: 100.000 kr.\n"
    (thisted(budget) / OWN).write_text(own, encoding="utf-8")
    change(budget, "title: Løn", "title: Lønninger")
    assert told(updated(budget), OWN).outcome == "conflict"
    assert budgets(budget) == [OWN]


def test_a_file_that_is_put_back_under_its_name_is_known_by_it(budget: Path):
    move(budget, FIRST, OWN)
    updated(budget)
    move(budget, OWN, FIRST)
    change(budget, "title: Kurser", "title: Kompetencer")

    assert outcomes(updated(budget))[FIRST] == "updated"
    assert "moved:" not in text(budget, ORIGIN)


@pytest.mark.parametrize("side", ["theirs", "ours"])
@pytest.mark.parametrize("name", [FIRST, OWN])
def test_a_conflict_in_a_moved_file_is_decided_by_either_name(budget: Path, side: Side, name: str):
    move(budget, FIRST, OWN)
    change(thisted(budget) / OWN, "title: Løn", "title: Lønnen")
    change(budget, "title: Løn", "title: Lønninger")
    found = asked(budget, taken={name: side})

    assert (found.conflicts, told(found, OWN).taken) == (0, ("lines.loen.title",))
    assert ("title: Lønninger" in text(budget, OWN)) is (side == "theirs")


# ── the template's other name ────────────────────────────────────────────────────────────────


def test_a_day_that_the_seed_says_later_makes_no_second_budget(budget: Path):
    change(budget, "applied_on: 2022-01-01", "applied_on: 2022-02-01")
    change(budget, "title: Kurser", "title: Kompetencer")
    update = updated(budget)

    assert (told(update, LATER).outcome, told(update, LATER).renamed_from) == ("updated", FIRST)
    assert budgets(budget) == [LATER]
    assert "amount: 75.000 kr." in text(budget, LATER) and "title: Kompetencer" in text(budget, LATER)
    assert updated(budget).files == ()


def test_a_budget_of_other_lines_and_another_day_is_the_same_budget(budget: Path):
    change(budget, "applied_on: 2022-01-01", "applied_on: 2022-02-01")
    for id in ("loen", "kurser", "transport"):
        change(budget, f"id: {id}, title: ", f"id: anden-{id}, title: Ny ")
    updated(budget)

    assert budgets(budget) == [LATER]


def test_a_budget_that_both_have_renamed_keeps_the_users_name_and_is_told(budget: Path):
    move(budget, FIRST, OWN)
    change(budget, "applied_on: 2022-01-01", "applied_on: 2022-02-01")
    update = updated(budget)

    assert (told(update, OWN).outcome, told(update, OWN).known_as) == ("found", LATER)
    assert budgets(budget) == [OWN]
    change(budget, "title: Kurser", "title: Kompetencer")
    assert outcomes(updated(budget))[OWN] == "updated"


def test_a_budget_that_the_user_has_given_the_new_day_already_is_merged(budget: Path):
    move(budget, FIRST, LATER)
    change(budget, "applied_on: 2022-01-01", "applied_on: 2022-02-01")
    change(budget, "title: Kurser", "title: Kompetencer")

    assert outcomes(updated(budget))[LATER] == "updated"
    assert "amount: 75.000 kr." in text(budget, LATER)


def test_a_budget_that_was_deleted_comes_not_back_under_another_name(budget: Path):
    (thisted(budget) / FIRST).unlink()
    change(budget, "applied_on: 2022-01-01", "applied_on: 2022-02-01")

    assert outcomes(updated(budget))[LATER] == "deleted"
    assert budgets(budget) == []


def test_a_budget_that_was_sent_keeps_its_name_and_text_and_is_told_once(budget: Path):
    with (thisted(budget) / "events.yaml").open("a", encoding="utf-8") as log:
        log.write("- {kind: applied, happened: 2022-01-01, recorded: 2022-01-01, amount: 100.000 kr.}\n")
    before = text(budget, FIRST)
    change(budget, "applied_on: 2022-01-01", "applied_on: 2022-02-01")
    update = updated(budget)

    assert (told(update, FIRST).outcome, told(update, FIRST).known_as) == ("sent", LATER)
    assert (budgets(budget), text(budget, FIRST)) == ([FIRST], before)
    assert [each.outcome for each in updated(budget).files] == ["held"]  # of project.yaml, until the seed says it too


def test_a_budget_that_the_log_names_keeps_its_name_and_is_told_with_what_comes(budget: Path):
    with (thisted(budget) / "events.yaml").open("a", encoding="utf-8") as log:
        log.write(
            "- {kind: change-requested, happened: 2022-02-01, recorded: 2022-02-01, change: budget, "
            "budget: 2022-01-01-application}\n"
        )
    change(budget, "applied_on: 2022-01-01", "applied_on: 2022-02-01")
    change(budget, "title: Kurser", "title: Kompetencer")
    update = updated(budget)

    assert (told(update, FIRST).outcome, told(update, FIRST).named_in) == ("updated", ("events.yaml",))
    assert budgets(budget) == [FIRST]
    assert "title: Kompetencer" in text(budget, FIRST)


def test_a_name_that_is_taken_already_is_never_overwritten(budget: Path):
    shutil.copy(thisted(budget) / FIRST, thisted(budget) / LATER)
    change(thisted(budget) / LATER, "amount: 75.000 kr.", "amount: 70.000 kr.")
    before = [text(budget, file) for file in (FIRST, LATER)]
    change(budget, "applied_on: 2022-01-01", "applied_on: 2022-02-01")
    found = outcomes(updated(budget))

    assert (found[FIRST], found[LATER]) == ("left-out", "unlike")
    assert [text(budget, file) for file in (FIRST, LATER)] == before


# ── what may be it ───────────────────────────────────────────────────────────────────────────


@pytest.fixture
def two(budget: Path) -> Path:
    """A budget that stands in two copies, neither of which has its name, and of which the seed says something new."""
    shutil.copy(thisted(budget) / FIRST, thisted(budget) / OWN)
    move(budget, FIRST, "budgets/gemt/en kopi.yaml")
    change(budget, "title: Kurser", "title: Kompetencer")
    return budget


def test_of_two_that_are_alike_neither_is_touched_and_it_is_told_until_somebody_says_which(two: Path):
    before = text(two, OWN)
    for _time in range(2):
        update = updated(two)
        assert (told(update, FIRST).outcome, update.conflicts) == ("unsure", 1)
        assert told(update, FIRST).alike == (OWN, "budgets/gemt/en kopi.yaml")
        assert text(two, OWN) == text(two, "budgets/gemt/en kopi.yaml") == before

    assert outcomes(asked(two, moved={FIRST: OWN})) == {OWN: "updated"}
    assert "title: Kompetencer" in text(two, OWN)
    assert text(two, "budgets/gemt/en kopi.yaml") == before
    assert updated(two).files == ()


def test_where_one_of_two_may_be_the_budget_a_new_day_makes_no_third(two: Path):
    change(two, "applied_on: 2022-01-01", "applied_on: 2022-02-01")
    assert outcomes(updated(two))[LATER] == "unsure"
    assert outcomes(updated(two))[LATER] == "unsure"
    assert not (thisted(two) / LATER).exists()

    assert told(asked(two, moved={LATER: OWN}), OWN).known_as == LATER
    assert "title: Kompetencer" in text(two, OWN)


def test_that_it_is_neither_is_said_once(two: Path):
    assert outcomes(asked(two, taken={FIRST: "ours"})) == {FIRST: "kept"}
    change(two, "title: Transport", "title: Kørsel")

    assert outcomes(updated(two)) == {FIRST: "deleted"}


def test_it_may_be_made_anew(two: Path):
    assert outcomes(asked(two, taken={FIRST: "theirs"})) == {FIRST: "added"}
    assert "title: Kompetencer" in text(two, FIRST)


def test_another_stage_is_another_budget_however_alike(budget: Path):
    move(budget, FIRST, "budgets/2022-03-01-award.yaml")
    change(thisted(budget) / "budgets/2022-03-01-award.yaml", "stage: application", "stage: award")
    change(budget, "title: Kurser", "title: Kompetencer")

    assert outcomes(updated(budget)) == {FIRST: "deleted"}


def test_a_first_budget_is_not_added_beside_one_that_is_like_it(budget: Path):
    own = text(budget, FIRST)
    for file in (thisted(budget) / "budgets").iterdir():
        file.unlink()
    change(budget, LINES, "municipalities")
    change(budget, GRANT, "  title: Faste teams")
    updated(budget)
    (thisted(budget) / OWN).write_text(own, encoding="utf-8")
    change(budget, "municipalities", LINES)
    change(budget, "  title: Faste teams", GRANT)

    assert told(updated(budget), FIRST).alike == (OWN,)
    assert budgets(budget) == [OWN]


# ── broken off ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("step", range(5))
def test_an_update_that_is_broken_off_has_one_budget_and_goes_on(
    budget: Path, step: int, monkeypatch: pytest.MonkeyPatch
):
    change(budget, "applied_on: 2022-01-01", "applied_on: 2022-02-01")
    change(budget, "title: Kurser", "title: Kompetencer")
    left = iter(range(step))

    def limited(name: str) -> None:
        do = getattr(updating, name)

        def done(*arguments: object) -> None:
            if next(left, None) is None:
                raise KeyboardInterrupt
            do(*arguments)

        monkeypatch.setattr(updating, name, done)

    with monkeypatch.context():
        limited("rename")
        limited("write_whole")
        with pytest.raises(KeyboardInterrupt):
            updated(budget)
    monkeypatch.undo()
    assert len(budgets(budget)) == 1
    assert "amount: 75.000 kr." in text(budget, budgets(budget)[0])

    updated(budget)
    assert budgets(budget) == [LATER]
    assert "amount: 75.000 kr." in text(budget, LATER) and "title: Kompetencer" in text(budget, LATER)
    assert updated(budget).files == ()


def test_a_record_that_leads_out_of_the_project_is_not_followed(budget: Path):
    outside = budget.parent / "uden-for.yaml"
    shutil.copy(thisted(budget) / FIRST, outside)
    move(budget, FIRST, OWN)
    updated(budget)
    change(thisted(budget) / ORIGIN, OWN, "../uden-for.yaml")
    before = outside.read_bytes()
    change(budget, "title: Kurser", "title: Kompetencer")
    updated(budget)

    assert outside.read_bytes() == before
    assert "title: Kompetencer" in text(budget, OWN)
