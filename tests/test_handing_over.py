"""Projects that are handed out, worked on there and here, and merged when they come back."""

from __future__ import annotations

import json
import random
import shutil
import zipfile
from collections import Counter
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from toolkit.cli.portfolio import portfolio
from toolkit.handing_out import HANDED_IN, HANDED_OUT
from toolkit.project import open_project
from toolkit.readers.events import corrected_in, names_in
from toolkit.readers.log_entries import read_log
from toolkit.readers.source import Listing, load
from toolkit.writers.package import pack, unpack

PLAN = """\
title: Faste teams
municipality: Thisted
fund: ingen-pulje
project_period: {starts: 2022-06-01, ends: 2023-05-31}
purpose: Ro
milestones:
  - id: start
    title: Begyndt
    due: 2022-06-15
  - id: slut
    title: Sluttet
    due: 2023-05-30
"""
LOG = """\
# Loggen
- {kind: noted, happened: 2022-06-01, recorded: 2022-06-01, id: begyndt, text: Vi begynder}
"""
TEXT = "# Resumé\n\nFørste linje.\n\nMidten.\n\nSidste linje.\n"
POSTINGS = b"ikke for alvor"

FILES = {"project.yaml": PLAN, "events.yaml": LOG, "texts/project-description.md": TEXT}


def write_project(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8", newline="")


class House:
    """The consultant's folder `her`, what is handed out, and what came back in `der`."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.here = place / "her" / "thisted"
        self.out = place / "ud"
        self.back = place / "der"
        self.there = self.back / "thisted"

    def hand_out(self) -> Result:
        answer = run(self.place / "her", "--hand-out", self.out)
        shutil.rmtree(self.back, ignore_errors=True)
        for name, content in unpack((self.out / "thisted.zip").read_bytes()).items():
            (self.back / name).parent.mkdir(parents=True, exist_ok=True)
            (self.back / name).write_bytes(content)
        return answer

    def hand_in(self, *words: object) -> Result:
        return run(self.place / "her", "--hand-in", self.back, *words)


def run(*words: object) -> Result:
    return CliRunner().invoke(portfolio, [str(word) for word in words], catch_exceptions=False)


@pytest.fixture
def house(tmp_path: Path) -> House:
    found = House(tmp_path)
    write_project(found.here, FILES)
    assert found.hand_out().exit_code == 0
    return found


def change(path: Path, was: str, now: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert was in text
    path.write_text(text.replace(was, now), encoding="utf-8", newline="")


def append(project: Path, line: str) -> None:
    with (project / "events.yaml").open("a", encoding="utf-8") as log:
        log.write(f"{line}\n")


def noted(day: str, text: str, id: str) -> str:
    return f"- {{kind: noted, happened: {day}, recorded: {day}, id: {id}, text: {text}}}"


def tree(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*")
            if path.is_file() and path.suffix != ".lock"}  # fmt: skip


def codes(project: Path) -> list[str]:
    return [found.code for found in open_project(project).problems]


# ── what is handed out ───────────────────────────────────────────────────────────────────────


def test_each_municipality_gets_its_own_projects_and_the_same_bytes_each_time(tmp_path: Path) -> None:
    write_project(tmp_path / "her/2022/projekt", FILES)
    write_project(
        tmp_path / "her/2023/projekt", {**FILES, "project.yaml": PLAN.replace("2022-06-01, ", "2022-05-01, ")}
    )
    write_project(tmp_path / "her/varde", {**FILES, "project.yaml": PLAN.replace("Thisted", "Varde")})
    (tmp_path / "her/varde/build").mkdir()
    (tmp_path / "her/varde/build/kladde.pdf").write_bytes(b"%PDF")
    (tmp_path / "her/varde/.pulje.lock").write_bytes(b"")
    answer = run(tmp_path / "her", "--hand-out", tmp_path / "ud")
    first = tree(tmp_path / "ud")
    run(tmp_path / "her", "--hand-out", tmp_path / "ud")

    assert tree(tmp_path / "ud") == first
    assert sorted(first) == ["thisted.zip", "varde.zip"]
    assert f"Skrevet: {tmp_path / 'ud' / 'varde.zip'}" in answer.stdout
    assert {name.partition("/")[0] for name in unpack(first["thisted.zip"])} == {
        "LÆSMIG.txt",
        "2022-projekt",
        "2023-projekt",
    }
    assert sorted(unpack(first["varde.zip"])) == sorted(
        ["LÆSMIG.txt", f"varde/{HANDED_OUT}", *(f"varde/{name}" for name in FILES)]
    )


def test_a_project_with_errors_is_handed_out_too_and_told(tmp_path: Path) -> None:
    write_project(tmp_path / "her/thisted", {**FILES, "events.yaml": "- {kind: hvad}\n"})
    answer = run(tmp_path / "her", "--hand-out", tmp_path / "ud")

    assert answer.exit_code == 1
    assert (tmp_path / "ud/thisted.zip").is_file()


def test_a_copy_is_not_handed_out_beside_what_it_is_a_copy_of(tmp_path: Path) -> None:
    write_project(tmp_path / "her/thisted", FILES)
    write_project(tmp_path / "her/kopi", FILES)
    answer = run(tmp_path / "her", "--hand-out", tmp_path / "ud")
    folders = {name.partition("/")[0] for name in unpack((tmp_path / "ud/thisted.zip").read_bytes())}

    assert "project-doubled" in answer.stderr
    assert len(folders - {"LÆSMIG.txt"}) == 1


def test_lines_that_can_name_people_are_told_before_they_leave(tmp_path: Path) -> None:
    posting = "2022-07-01;10987654321;;4100;;XG-1;Vejledning 010190-1234;100,00\n"
    heads = "posted;voucher;line;account;cost_centre;wbs_element;text;amount\n"
    write_project(tmp_path / "her/thisted", {**FILES, "postings/2022-07-08-opus-26a741c7.csv": heads + posting})

    assert "postings-with-numbers" in run(tmp_path / "her", "--hand-out", tmp_path / "ud").stderr


# ── a file, changed here, there, or on both sides ────────────────────────────────────────────


def test_nothing_changed_is_nothing_done(house: House) -> None:
    before = tree(house.here)
    answer = house.hand_in()

    assert (answer.exit_code, answer.stdout) == (0, f"{house.here}: intet nyt er kommet tilbage\n")
    assert tree(house.here) == before


def test_what_each_side_changed_by_itself_is_there_and_a_second_time_is_quiet(house: House) -> None:
    change(house.here / "project.yaml", "2022-06-15", "2022-06-20")
    change(house.there / "project.yaml", "2023-05-30", "2023-05-20")
    change(house.here / "texts/project-description.md", "Første", "Vor første")
    change(house.there / "texts/project-description.md", "Sidste", "Deres sidste")
    answer = house.hand_in()
    after = tree(house.here)

    assert answer.exit_code == 0
    assert after["project.yaml"].decode() == PLAN.replace("06-15", "06-20").replace("05-30", "05-20")
    assert after["texts/project-description.md"].decode() == TEXT.replace("Første", "Vor første").replace(
        "Sidste", "Deres sidste"
    )
    assert house.hand_in().stdout == f"{house.here}: intet nyt er kommet tilbage\n"
    assert tree(house.here) == after


def test_what_both_changed_is_marked_with_ours_in_force_and_is_not_asked_about_again(house: House) -> None:
    change(house.here / "project.yaml", "2023-05-30", "2023-05-29")
    change(house.there / "project.yaml", "2023-05-30", "2023-05-28")
    answer = house.hand_in()
    after = tree(house.here)
    again = house.hand_in()

    assert answer.exit_code == 1
    assert "1 fil, 1 konflikt" in answer.stdout
    assert "    due: 2023-05-29\n" in after["project.yaml"].decode()
    assert "#     due: 2023-05-28\n" in after["project.yaml"].decode()
    assert codes(house.here).count("conflict-left") == 1
    assert again.exit_code == 0
    assert tree(house.here) == after


def test_what_somebody_takes_is_no_conflict(house: House) -> None:
    change(house.here / "project.yaml", "2023-05-30", "2023-05-29")
    change(house.there / "project.yaml", "2023-05-30", "2023-05-28")
    answer = house.hand_in("--take", "theirs", "milestones.slut.due")

    assert answer.exit_code == 0
    assert (house.here / "project.yaml").read_text(encoding="utf-8") == PLAN.replace("05-30", "05-28")


def test_a_dry_run_shows_by_value_and_writes_nothing(house: House) -> None:
    change(house.here / "project.yaml", "2023-05-30", "2023-05-29")
    change(house.there / "project.yaml", "2023-05-30", "2023-05-28")
    change(house.there / "project.yaml", "2022-06-15", "2022-06-14")
    append(house.there, noted("2022-07-01", "Der", "der"))
    before = tree(house.place)
    answer = house.hand_in("--dry-run")

    assert tree(house.place) == before
    assert "milestones.start.due: 2022-06-15 → 2022-06-14" in answer.stdout
    assert (
        "milestones.slut.due: 2023-05-29 bliver stående, det, der er kommet tilbage, siger 2023-05-28" in answer.stdout
    )
    assert "der: – → - {kind: noted, happened: 2022-07-01" in answer.stdout


def test_what_became_of_each_is_written_for_a_program(house: House) -> None:
    change(house.there / "project.yaml", "2023-05-30", "2023-05-28")
    house.hand_in("--result", house.place / "svar.json")

    (told,) = json.loads((house.place / "svar.json").read_text(encoding="utf-8"))["projects"]
    assert (told["project"], told["stopped"], told["problems"]) == (str(house.here), False, [])
    assert [(each["file"], each["outcome"]) for each in told["files"]] == [("project.yaml", "updated")]


def test_line_ends_and_a_mark_in_front_are_no_change(house: House) -> None:
    text = (house.there / "project.yaml").read_text(encoding="utf-8")
    (house.there / "project.yaml").write_bytes(text.replace("\n", "\r\n").encode("utf-8-sig"))

    assert "intet nyt" in house.hand_in().stdout


def test_a_comment_that_came_back_beside_a_value_that_is_changed_here_is_not_lost(house: House) -> None:
    change(house.here / "project.yaml", "due: 2023-05-30", "due: 2023-05-29")
    change(house.there / "project.yaml", "due: 2023-05-30", "due: 2023-05-30  # aftalt med rådet")
    house.hand_in()

    text = (house.here / "project.yaml").read_text(encoding="utf-8")
    assert "due: 2023-05-29\n" in text
    assert "aftalt med rådet" in text


def test_a_file_that_is_new_there_comes_in_and_one_of_its_own_name_lies_beside(house: House) -> None:
    (house.there / "texts/final-report.md").write_text("# Resumé\n\nDer.\n", encoding="utf-8")
    (house.there / "texts/application.md").write_text("# Resumé\n\nDer.\n", encoding="utf-8")
    (house.here / "texts/application.md").write_text("# Resumé\n\nHer.\n", encoding="utf-8")
    answer = house.hand_in()

    assert answer.exit_code == 1
    assert (house.here / "texts/final-report.md").read_text(encoding="utf-8") == "# Resumé\n\nDer.\n"
    assert (house.here / "texts/application.md").read_text(encoding="utf-8") == "# Resumé\n\nHer.\n"
    assert (house.here / "texts/application.md.KONFLIKT").read_text(encoding="utf-8") == "# Resumé\n\nDer.\n"
    assert house.hand_in().exit_code == 0


def test_nothing_is_deleted_because_it_is_gone_there(house: House) -> None:
    (house.there / "texts/project-description.md").unlink()
    answer = house.hand_in()

    assert answer.exit_code == 0
    assert "project-description.md: står, som den stod: den er slettet der\n" in answer.stdout
    assert (house.here / "texts/project-description.md").is_file()


def test_what_is_deleted_on_one_side_and_changed_on_the_other_is_kept_and_told(house: House) -> None:
    (house.here / "texts/project-description.md").unlink()
    change(house.there / "texts/project-description.md", "Midten", "Deres midte")
    change(house.here / "project.yaml", "purpose: Ro", "purpose: Ro og orden")
    (house.there / "project.yaml").unlink()
    answer = house.hand_in()

    assert answer.exit_code == 1
    assert "lagt tilbage: den er slettet her, og der er den ændret" in answer.stdout
    assert "står, som den stod: den er slettet der og ændret her" in answer.stdout
    assert "Deres midte" in (house.here / "texts/project-description.md").read_text(encoding="utf-8")


def test_what_is_no_text_and_is_changed_on_both_sides_is_there_twice(tmp_path: Path) -> None:
    house = House(tmp_path)
    write_project(house.here, FILES)
    (house.here / "logo.png").write_bytes(b"\x89PNG 1")
    house.hand_out()
    (house.here / "logo.png").write_bytes(b"\x89PNG 2")
    (house.there / "logo.png").write_bytes(b"\x89PNG 3")
    answer = house.hand_in()

    assert answer.exit_code == 1
    assert (house.here / "logo.png").read_bytes() == b"\x89PNG 2"
    assert (house.here / "logo.png.KONFLIKT").read_bytes() == b"\x89PNG 3"


def test_postings_and_what_is_issued_only_come_to(tmp_path: Path) -> None:
    house = House(tmp_path)
    write_project(house.here, FILES)
    (house.here / "issued/x-v1").mkdir(parents=True)
    (house.here / "issued/x-v1/a.pdf").write_bytes(b"%PDF 1")
    house.hand_out()
    (house.there / "issued/x-v1/a.pdf").write_bytes(b"%PDF 2")
    (house.there / "issued/y-v1").mkdir()
    (house.there / "issued/y-v1/b.pdf").write_bytes(b"%PDF 3")
    (house.here / "issued/z-v1").mkdir()
    (house.here / "issued/z-v1/c.pdf").write_bytes(b"%PDF 4")
    (house.there / "issued/z-v1").mkdir()
    (house.there / "issued/z-v1/d.pdf").write_bytes(b"%PDF 5")
    house.hand_in()

    assert {name: content for name, content in tree(house.here).items() if name.startswith("issued/")} == {
        "issued/x-v1/a.pdf": b"%PDF 1",
        "issued/x-v1/a.pdf.KONFLIKT": b"%PDF 2",
        "issued/y-v1/b.pdf": b"%PDF 3",
        "issued/z-v1/c.pdf": b"%PDF 4",
        "issued/z-v1/d.pdf.KONFLIKT": b"%PDF 5",
    }


def test_an_error_that_came_back_stops_that_project_and_no_other(house: House) -> None:
    write_project(house.place / "her/varde", {**FILES, "project.yaml": PLAN.replace("Thisted", "Varde")})
    run(house.place / "her", "--hand-out", house.out)
    (house.back / "varde.zip").write_bytes((house.out / "varde.zip").read_bytes())
    change(house.there / "project.yaml", "due: 2023-05-30", "due: i morgen")
    before = tree(house.here)
    answer = house.hand_in()

    assert answer.exit_code == 1
    assert "day-unreadable" in answer.stderr
    assert answer.stdout.splitlines() == [
        f"{house.here}: uændret",
        f"{house.place / 'her/varde'}: intet nyt er kommet tilbage",
    ]
    assert tree(house.here) == before


HEADS = "posted;voucher;line;account;cost_centre;wbs_element;text;amount\n"


def imports(project: Path, day: str, rows: str) -> str:
    content = (HEADS + rows).encode()
    file = f"postings/{day}-opus-{sha256(content).hexdigest()[:8]}.csv"
    (project / "postings").mkdir(exist_ok=True)
    (project / file).write_bytes(content)
    append(project, f"- {{kind: imported, happened: {day}, recorded: {day}, file: {file}, ends: {day}, "
                    f'digest: "sha256:{sha256(content).hexdigest()}", id: {day}-imported}}')  # fmt: skip
    return file


def test_what_both_sides_have_imported_is_in_the_books_once(house: House) -> None:
    july, august = "2022-07-01;1;;4100;;XG-1;Kursus;100,00\n", "2022-08-01;2;;4100;;XG-1;Kursus;200,00\n"
    ours = imports(house.here, "2022-07-08", july)
    same, more = imports(house.there, "2022-07-09", july), imports(house.there, "2022-08-09", july + august)
    new = imports(house.there, "2022-08-10", august.replace("2;;", "3;;"))
    answer = house.hand_in()
    after = tree(house.here)

    assert answer.exit_code == 1
    assert answer.stderr.count("returned-postings-twice") == 2
    assert {name for name in after if name.startswith("postings/")} == {ours, new, f"{more}.KONFLIKT"}
    log = after["events.yaml"].decode()
    assert [file in log for file in (ours, same, more, new)] == [True, False, False, True]
    assert "postings-gone" not in codes(house.here)

    append(house.there, noted("2022-09-01", "Der", "der"))
    again = house.hand_in()
    assert (again.exit_code, again.stderr) == (0, "")
    assert (house.here / "events.yaml").read_text(encoding="utf-8") == log + noted("2022-09-01", "Der", "der") + "\n"


# ── the log ──────────────────────────────────────────────────────────────────────────────────


def test_what_both_appended_stands_in_the_order_that_it_was_recorded_and_the_same_line_once(house: House) -> None:
    append(house.here, noted("2022-07-02", "Her", "her"))
    append(house.here, noted("2022-07-09", "Begge", "begge"))
    append(house.there, noted("2022-07-01", "Der", "der"))
    append(house.there, noted("2022-07-09", "Begge", "begge"))
    append(house.there, noted("2022-07-10", "Sidst", "sidst"))
    answer = house.hand_in()

    assert answer.exit_code == 0
    assert (house.here / "events.yaml").read_text(encoding="utf-8") == LOG + "".join(
        f"{line}\n"
        for line in (
            noted("2022-07-01", "Der", "der"),
            noted("2022-07-02", "Her", "her"),
            noted("2022-07-09", "Begge", "begge"),
            noted("2022-07-10", "Sidst", "sidst"),
        )
    )
    assert not {"log-out-of-order", "duplicate-id"} & {*codes(house.here)}


def test_two_events_of_one_id_are_two_and_what_corrects_theirs_goes_with_it(house: House) -> None:
    append(house.here, noted("2022-07-01", "Her", "2022-07-01-noted"))
    append(house.there, noted("2022-07-01", "Der", "2022-07-01-noted"))
    append(
        house.there,
        "- {kind: corrected, happened: 2022-07-02, recorded: 2022-07-02, id: ret, event: 2022-07-01-noted, "
        "values: {text: Der igen}}",
    )
    answer = house.hand_in()
    later = (house.here / "events.yaml").read_text(encoding="utf-8")

    assert "returned-name-taken" in answer.stderr
    dossier = open_project(house.here).dossier
    assert dossier is not None
    assert [(each.called, getattr(each, "event", "")) for each in dossier.events] == [
        ("begyndt", ""),
        ("2022-07-01-noted", ""),
        ("2022-07-01-noted-2", ""),
        ("ret", "2022-07-01-noted-2"),
    ]
    assert "duplicate-id" not in codes(house.here)
    append(house.there, "- {kind: corrected, happened: 2022-07-03, recorded: 2022-07-03, id: igen, "
                        "event: 2022-07-01-noted, withdrawn: true}")  # fmt: skip
    house.hand_in()
    assert (house.here / "events.yaml").read_text(encoding="utf-8") == later + (
        "- {kind: corrected, happened: 2022-07-03, recorded: 2022-07-03, id: igen, "
        "event: 2022-07-01-noted-2, withdrawn: true}\n"
    )


def test_a_correction_means_the_same_event_though_another_without_an_id_comes_before_it(tmp_path: Path) -> None:
    def plain(day: str, text: str) -> str:
        return f"- {{kind: noted, happened: 2022-07-01, recorded: {day}, text: {text}}}"

    house = House(tmp_path)
    write_project(house.here, FILES)
    house.hand_out()
    append(house.here, plain("2022-07-02", "Her"))
    append(
        house.here,
        "- {kind: corrected, happened: 2022-07-03, recorded: 2022-07-03, event: 2022-07-01-noted, withdrawn: true}",
    )
    append(house.there, plain("2022-07-01", "Der"))
    house.hand_in()

    dossier = open_project(house.here).dossier
    assert dossier is not None
    texts = {each.called: getattr(each, "text", "") for each in dossier.events}
    assert [texts[each.event] for each in dossier.events if each.kind == "corrected"] == ["Her"]  # type: ignore[union-attr]


def test_an_old_line_that_they_edited_comes_in_and_one_that_they_deleted_stays(house: House) -> None:
    log = LOG + noted("2022-06-02", "To", "to") + "\n"
    (house.here / "events.yaml").write_text(log, encoding="utf-8")
    house.hand_out()
    change(house.there / "events.yaml", "Vi begynder", "Vi begyndte")
    change(house.there / "events.yaml", noted("2022-06-02", "To", "to") + "\n", "")
    append(house.here, noted("2022-07-01", "Her", "her"))
    answer = house.hand_in()

    assert (house.here / "events.yaml").read_text(encoding="utf-8") == (
        log.replace("begynder", "begyndte") + noted("2022-07-01", "Her", "her") + "\n"
    )
    assert "to: bliver i loggen" in answer.stdout


def test_an_old_line_that_both_edited_is_a_conflict(house: House) -> None:
    change(house.here / "events.yaml", "Vi begynder", "Vi begyndte")
    change(house.there / "events.yaml", "Vi begynder", "De begynder")
    answer = house.hand_in()

    text = (house.here / "events.yaml").read_text(encoding="utf-8")
    assert answer.exit_code == 1
    assert codes(house.here).count("conflict-left") == 1
    assert "De begynder" in text
    assert "\n- {kind: noted, happened: 2022-06-01, recorded: 2022-06-01, id: begyndt, text: Vi begyndte}\n" in text


def test_an_old_line_that_both_edited_is_as_somebody_takes_it(house: House) -> None:
    change(house.here / "events.yaml", "Vi begynder", "Vi begyndte")
    change(house.there / "events.yaml", "Vi begynder", "De begynder")
    answer = house.hand_in("--take", "theirs", "begyndt.text")

    assert (answer.exit_code, answer.stderr) == (0, "")
    assert (house.here / "events.yaml").read_text(encoding="utf-8") == LOG.replace("Vi begynder", "De begynder")


def test_what_they_noted_in_the_log_stands_where_they_noted_it(house: House) -> None:
    log = LOG.replace("# Loggen", "# Vores log").replace("- {kind", "# juni\n- {kind") + "# resten følger\n"
    (house.there / "events.yaml").write_text(log, encoding="utf-8")

    assert house.hand_in().exit_code == 0
    assert (house.here / "events.yaml").read_text(encoding="utf-8") == log


# ── again, of the same hand-out ──────────────────────────────────────────────────────────────


def test_what_was_chosen_is_not_asked_for_when_more_comes_back_of_the_same_hand_out(house: House) -> None:
    change(house.here / "project.yaml", "2023-05-30", "2023-05-29")
    change(house.there / "project.yaml", "2023-05-30", "2023-05-28")
    house.hand_in()
    (house.here / "project.yaml").write_text(PLAN.replace("05-30", "05-29"), encoding="utf-8")  # chosen: ours
    change(house.there / "project.yaml", "purpose: Ro", "purpose: Ro og orden")
    answer = house.hand_in()

    assert answer.exit_code == 0
    assert (house.here / "project.yaml").read_text(encoding="utf-8") == PLAN.replace("05-30", "05-29").replace(
        "purpose: Ro", "purpose: Ro og orden"
    )


def test_what_came_back_and_is_again_as_it_was_handed_out_is_told(house: House) -> None:
    change(house.there / "project.yaml", "2023-05-30", "2023-05-28")
    house.hand_in()
    change(house.there / "project.yaml", "2023-05-28", "2023-05-30")
    change(house.there / "project.yaml", "purpose: Ro", "purpose: Ro og orden")
    answer = house.hand_in()

    assert "returned-as-before" in answer.stderr
    assert "2023-05-28" in (house.here / "project.yaml").read_text(encoding="utf-8")
    assert "Ro og orden" in (house.here / "project.yaml").read_text(encoding="utf-8")


def test_what_was_handed_out_first_is_held_against_that_whatever_has_been_handed_out_since(house: House) -> None:
    change(house.here / "project.yaml", "2023-05-30", "2023-05-29")
    run(house.place / "her", "--hand-out", house.out)  # and the municipality works on in the first
    change(house.there / "project.yaml", "2023-05-30", "2023-05-28")

    assert house.hand_in().exit_code == 1
    assert codes(house.here).count("conflict-left") == 1


def test_two_who_worked_in_the_same_hand_out_are_both_heard(house: House) -> None:
    parts = tree(house.back)
    for name, purpose in (("a", "Ro og orden"), ("b", "Fred")):
        plan = PLAN.replace("purpose: Ro", f"purpose: {purpose}").encode()
        (house.back / f"{name}.zip").write_bytes(pack({**parts, "thisted/project.yaml": plan}))
    shutil.rmtree(house.there)
    answer = house.hand_in()
    after = tree(house.here)

    assert answer.exit_code == 1
    assert "\npurpose: Ro og orden\n" in after["project.yaml"].decode()
    assert "\n# purpose: Fred\n" in after["project.yaml"].decode()
    assert house.hand_in().exit_code == 0
    assert tree(house.here) == after


# ── which project it is, and what is refused ─────────────────────────────────────────────────


def test_a_project_that_is_none_of_ours_or_has_no_base_is_told_and_left(house: House) -> None:
    (house.there / HANDED_OUT).unlink()
    answer = house.hand_in()
    assert (answer.exit_code, "returned-without-base" in answer.stderr) == (1, True)

    house.hand_out()
    house.here.rename(house.here.parent / "andet")
    house.there.rename(house.back / "ukendt")
    answer = house.hand_in()
    assert (answer.exit_code, "returned-unknown" in answer.stderr) == (1, True)


def test_of_two_that_it_may_be_none_is_chosen(house: House) -> None:
    shutil.copytree(house.here, house.place / "her/a/thisted")
    shutil.copytree(house.here, house.place / "her/b/thisted")
    shutil.rmtree(house.here)
    answer = house.hand_in()

    assert answer.exit_code == 1
    assert "a/thisted, b/thisted" in answer.stderr


def zipped(**parts: bytes) -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return packed.getvalue()


@pytest.mark.parametrize(
    "name", ["../ude.md", "thisted/../../ude.md", "/ude.md", "thisted/C:ude.md", "thisted\\..\\ude.md"]
)
def test_a_name_that_leads_out_of_the_folder_is_refused(house: House, name: str) -> None:
    parts = unpack((house.out / "thisted.zip").read_bytes())
    shutil.rmtree(house.back)
    house.back.mkdir()
    (house.back / "thisted.zip").write_bytes(zipped(**parts, **{name: b"ude"}))
    before = tree(house.place)
    answer = house.hand_in()

    assert (answer.exit_code, "returned-outside" in answer.stderr) == (1, True)
    assert tree(house.place) == before


def test_a_link_is_refused_in_a_folder_and_in_a_zip(house: House) -> None:
    secret = house.place / "hemmeligt.md"
    secret.write_text("hemmeligt", encoding="utf-8")
    try:
        (house.there / "texts/x.md").symlink_to(secret)
    except OSError:
        pytest.skip("no links here")
    assert "returned-outside" in house.hand_in().stderr

    link = zipfile.ZipInfo("thisted/texts/x.md")
    link.create_system, link.external_attr = 3, 0o120777 << 16
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr("thisted/project.yaml", PLAN)
        file.writestr(link, str(secret))
    shutil.rmtree(house.back)
    house.back.mkdir()
    (house.back / "thisted.zip").write_bytes(packed.getvalue())
    assert "returned-unreadable" in house.hand_in().stderr


def test_a_zip_that_would_fill_the_memory_is_refused(house: House) -> None:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("thisted/project.yaml", PLAN)
        file.writestr("thisted/texts/x.md", b"0" * 30_000_000)
    shutil.rmtree(house.back)
    house.back.mkdir()
    (house.back / "thisted.zip").write_bytes(packed.getvalue())

    assert "returned-unreadable" in house.hand_in().stderr


def test_a_zip_is_found_whatever_it_was_packed_in(house: House) -> None:
    change(house.there / "project.yaml", "purpose: Ro", "purpose: Ro og orden")
    parts = {f"Sendt tilbage/{name}": content for name, content in tree(house.back).items()}
    shutil.rmtree(house.back)
    house.back.mkdir()
    (house.back / "Svar.ZIP").write_bytes(pack({**parts, "__MACOSX/._x": b"0"}))

    assert house.hand_in().exit_code == 0
    assert "Ro og orden" in (house.here / "project.yaml").read_text(encoding="utf-8")


def test_what_came_back_below_the_folder_is_no_project_of_it(house: House) -> None:
    shutil.move(house.back, house.place / "her/retur")
    change(house.place / "her/retur/thisted/project.yaml", "purpose: Ro", "purpose: Ro og orden")
    answer = run(house.place / "her", "--hand-in", house.place / "her/retur")

    assert answer.exit_code == 0
    assert "Ro og orden" in (house.here / "project.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize("words", [["--dry-run"], ["--take", "ours", "x"], ["--hand-in", ".", "--json"]])
def test_an_option_that_changes_nothing_is_told(house: House, words: list[str]) -> None:
    answer = run(house.place / "her", *words)

    assert answer.exit_code == 2


# ── nothing is lost, whatever both have done ─────────────────────────────────────────────────


@pytest.mark.parametrize("turn", range(12))
def test_nothing_that_either_side_did_is_lost(tmp_path: Path, turn: int) -> None:
    """Values, lines, events and files that only one changed are there; of what both changed both stand in the file."""
    chance = random.Random(turn)
    house = House(tmp_path)
    milestones = "".join(f"  - id: m{n}\n    title: M{n}\n    due: 2022-07-{n + 10}\n" for n in range(6))
    lines = [f"Linje {n} er den {n}." for n in range(9)]
    text = "# Resumé\n\n" + "\n\n".join(lines) + "\n"
    files = {**FILES, "project.yaml": PLAN + milestones, "texts/project-description.md": text}
    write_project(house.here, files)
    for name in "ab":
        (house.here / f"{name}.png").write_bytes(b"\x89PNG")
    house.hand_out()
    said: dict[str, dict[str, str]] = {"her": {}, "der": {}}
    for side, project in (("her", house.here), ("der", house.there)):
        for n in chance.sample(range(6), 3):
            said[side][f"m{n}"] = f"{side} M{n}"
            change(project / "project.yaml", f"title: M{n}\n", f"title: {side} M{n}\n")
        for n in chance.sample(range(9), 3):
            said[side][f"l{n}"] = f"{side} skrev {n}."
            change(project / "texts/project-description.md", lines[n], f"{side} skrev {n}.")
        for n, day in enumerate(sorted(f"2022-08-{chance.randrange(10, 29)}" for _ in range(chance.randrange(1, 4)))):
            said[side][f"e{n}"] = f"{side} hændelse {n}"
            append(project, noted(day, f"{side} hændelse {n}", f"h{n}"))
        n = chance.randrange(6)
        said[side][f"#{side}"] = f"{side} noterer ved M{n}"
        change(
            project / "project.yaml",
            f"    due: 2022-07-{n + 10}\n",
            f"    due: 2022-07-{n + 10}  # {side} noterer ved M{n}\n",
        )
        for name in chance.sample(["a.png", "b.png", "c.png"], 2):
            (project / name).write_bytes(f"\x89PNG {side} {name}".encode())
            said[side][name] = f"{side} {name}"
    answer = house.hand_in()
    after = tree(house.here)
    every = b"\n".join(content for name, content in after.items() if not name.startswith(".pulje/")).decode(
        "utf-8", "replace"
    )

    assert "uændret" not in answer.stdout
    assert [words for words in (*said["her"].values(), *said["der"].values()) if words not in every] == []
    both = said["her"].keys() & said["der"].keys()
    marked = after["project.yaml"].decode() + after["texts/project-description.md"].decode()
    for key in both:
        if key[0] == "m":
            assert f"\n    title: {said['her'][key]}\n" in marked
            assert f"\n#     title: {said['der'][key]}\n" in marked
        if key[1:] == ".png":
            assert after[f"{key}.KONFLIKT"].decode().endswith(said["der"][key])
    assert answer.exit_code == any(key[0] != "e" for key in both)
    assert not {"log-out-of-order", "duplicate-id"} & {*codes(house.here)}
    again = house.hand_in()
    assert (again.exit_code, again.stdout) == (0, f"{house.here}: intet nyt er kommet tilbage\n")
    assert tree(house.here) == after
    assert HANDED_IN in after


class Logs:
    """Logs that two sides go on with from one base, at random: with ids and without, alike, noted beside, corrected."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)

    def more(self, side: str, days: range, count: int, lines: list[str]) -> list[str]:
        found = list(lines)
        for n, day in enumerate(sorted(f"2022-08-{self.chance.choice(days)}" for _ in range(count))):
            found += self._event(f"{side} {n}", day, found)
        return found

    def _event(self, text: str, day: str, lines: list[str]) -> list[str]:
        said = f"happened: 2022-07-01, recorded: {day}"
        kind = self.chance.choice(["plain", "named", "alike", "noted", "corrected"]) if lines else "plain"
        called = _called(lines)
        if kind == "corrected":
            told = self.chance.choice([name for name, says in called if "noted" in says])
            return [f"- {{kind: corrected, {said}, event: {told}, values: {{text: ret {text}}}}}"]
        taken = names_in(as_log(lines), "")
        names = (f"2022-07-01-noted{number}" for number in ("", *(f"-{n}" for n in range(2, 99))))
        id = f", id: {next(each for each in names if each not in taken)}" if kind == "named" else ""
        note = [f"# {text} er noteret"] if kind == "noted" else []
        return [*note, f"- {{kind: noted, {said}{id}, text: {'fælles' if kind == 'alike' else text}}}"]


def as_log(lines: list[str]) -> str:
    return "".join(f"{line}\n" for line in ["# Loggen", *lines])


def _called(lines: list[str]) -> list[tuple[str, str]]:
    node = load(as_log(lines), "", [])
    log = read_log(as_log(lines))
    if not isinstance(node, Listing) or log is None:
        return []
    names = (called for _target, called in corrected_in(node.items))
    return [(name, each.says) for name, each in zip(names, log.entries, strict=True)]


def meanings(text: str) -> Counter[tuple[str, str]]:
    """What a log says, and of each correction which event it corrects, by what that says."""
    log = read_log(text)
    assert log is not None
    targets = ("" if at is None else log.entries[at].says for at in log.corrects)
    return Counter((each.says, target) for each, target in zip(log.entries, targets, strict=True))


@pytest.mark.parametrize("seed", range(20))
def test_two_logs_are_one_in_which_each_event_stands_and_each_correction_means_what_it_meant(
    tmp_path: Path, seed: int
) -> None:
    logs, house = Logs(seed), House(tmp_path)
    wrong = {"log-out-of-order", "duplicate-id", "unknown-event"}
    base = logs.more("basis", range(10, 14), seed % 4, [])
    write_project(house.here, {**FILES, "events.yaml": as_log(base)})
    house.hand_out()
    ours, theirs = logs.more("her", range(15, 29), 4, base), logs.more("der", range(15, 29), 4, base)
    (house.here / "events.yaml").write_text(as_log(ours), encoding="utf-8")
    (house.there / "events.yaml").write_text(as_log(theirs), encoding="utf-8")
    house.hand_in()
    after = (house.here / "events.yaml").read_text(encoding="utf-8")

    assert meanings(after) == meanings(as_log(ours)) | meanings(as_log(theirs))
    assert not wrong & {*codes(house.here)}
    assert [line for line in (*ours, *theirs) if line.startswith("#") and line not in after] == []

    later = logs.more("senere", range(29, 31), 2, theirs)
    (house.there / "events.yaml").write_text(as_log(later), encoding="utf-8")
    house.hand_in()
    assert meanings((house.here / "events.yaml").read_text(encoding="utf-8")) == (
        meanings(after) | meanings(as_log(later))
    )
    assert not wrong & {*codes(house.here)}
