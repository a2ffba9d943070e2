from __future__ import annotations

from datetime import date
from pathlib import Path

from tests.folders import PROJECT, write_project
from toolkit.core.dossier import Dossier
from toolkit.core.occasion import Occasion
from toolkit.project import open_project
from toolkit.prose import next_to_write, start
from toolkit.render import allowed, make_document, occasions_of

LATER = "texts/status-report/2022-12-31.md"
TWO = PROJECT + "  - {kind: status-report, period_ends: 2022-12-31, due: 2023-03-01}\n"


def opened(folder: Path) -> Dossier:
    project = open_project(folder)
    assert project.dossier is not None
    assert project.problems == ()
    return project.dossier


def occasion(dossier: Dossier, as_of: date = date(2022, 12, 31)) -> Occasion:
    return next(each for each in occasions_of(dossier, "status-report") if each.as_of == as_of)


def begun(folder: Path, text: str | None = None) -> str:
    """The later report's file when its text has been started."""
    write_project(folder, {"project.yaml": TWO, LATER: text})
    dossier = opened(folder)
    start(folder, dossier, occasion(dossier))
    return (folder / LATER).read_bytes().decode()


def test_a_text_begins_with_a_heading_and_a_question_for_each_section_to_write(tmp_path: Path) -> None:
    text = begun(tmp_path)

    assert text.startswith("# Resumé\n\n<!-- Hvad er det vigtigste, der er sket i perioden? Skal skrives. -->\n")
    assert [line for line in text.splitlines() if line.startswith("# ")] == [
        *("# Resumé", "# Målopfyldelse", "# Målgruppe", "# Økonomi", "# Næste periode")
    ]
    assert "<!-- Hvem og hvor mange har projektet nået? -->" in text


def test_what_was_written_last_time_stands_below_as_a_comment(tmp_path: Path) -> None:
    text = begun(tmp_path)

    assert "<!-- Sidst, 30.\u00a0juni 2022:\n\nProjektet følger planen.\n-->\n" in text
    assert text.count("<!-- Sidst") == 1  # of the one section that was written


def test_an_arrow_in_what_was_written_does_not_end_the_comment(tmp_path: Path) -> None:
    write_project(tmp_path, {"project.yaml": TWO, "texts/status-report/2022-06-30.md": "# Resumé\nA --> B `-->` C\n"})
    dossier = opened(tmp_path)
    start(tmp_path, dossier, occasion(dossier))

    assert not opened(tmp_path).text(LATER).begun


def test_a_text_that_is_only_started_is_not_written(tmp_path: Path) -> None:
    begun(tmp_path)
    dossier = opened(tmp_path)

    assert len(dossier.text(LATER).passages) == 5
    assert not dossier.text(LATER).begun
    assert occasion(dossier) not in allowed(dossier)
    assert "prose-missing" in [found.code for found in make_document(dossier, occasion(dossier), ()).problems]


def test_what_stands_in_the_file_is_left_and_only_missing_headings_are_added_at_its_end(tmp_path: Path) -> None:
    own = "# Økonomi\n\nVi bruger mindre.   \n\n# resumé\n"
    text = begun(tmp_path, own)

    assert text.startswith("# Økonomi\n\nVi bruger mindre.   \n\n# resumé\n\n# Målopfyldelse\n")
    assert [line for line in text.splitlines() if line.startswith("# ")] == [
        *("# Økonomi", "# resumé", "# Målopfyldelse", "# Målgruppe", "# Næste periode")
    ]


def test_a_text_with_all_its_headings_is_not_touched(tmp_path: Path) -> None:
    first = begun(tmp_path)
    dossier = opened(tmp_path)
    again = start(tmp_path, dossier, occasion(dossier))

    assert (again.file, again.headings) == (LATER, ())
    assert (tmp_path / LATER).read_bytes().decode() == first


def test_a_file_from_windows_keeps_its_line_ends(tmp_path: Path) -> None:
    write_project(tmp_path, {"project.yaml": TWO})
    (tmp_path / LATER).write_bytes("\ufeff# Resumé\r\nTekst.\r\n".encode())
    dossier = opened(tmp_path)
    start(tmp_path, dossier, occasion(dossier))
    text = (tmp_path / LATER).read_bytes().decode()

    assert text.startswith("\ufeff# Resumé\r\nTekst.\r\n\r\n# Målopfyldelse\r\n")
    assert "\n" not in text.replace("\r\n", "")


def test_the_next_to_write_is_the_earliest_that_nobody_has_begun(tmp_path: Path) -> None:
    write_project(tmp_path, {"project.yaml": TWO})
    dossier = opened(tmp_path)

    assert next_to_write(dossier, "status-report") == occasion(dossier)
    (tmp_path / LATER).write_text("# Resumé\nTekst.\n", encoding="utf-8")
    assert next_to_write(opened(tmp_path), "status-report") is None
