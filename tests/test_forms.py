from __future__ import annotations

from pathlib import Path

import pytest
from docx import Document

from tests.documents.forms import said, word
from tests.folders import PROJECT, write_project
from toolkit.core.dossier import Dossier
from toolkit.core.occasion import occasions
from toolkit.forms import check_form, render_form
from toolkit.project import open_project
from toolkit.render import Rendered
from toolkit.writers.package import pack, unpack

NAME = "skema-statusrapport-2022-06-30"


def dossier(folder: Path) -> Dossier:
    found = open_project(folder).dossier
    assert found is not None
    return found


def rendered(folder: Path, form: Path, **how: bool) -> Rendered:
    of = dossier(folder)
    return render_form(of, occasions(of, "status-report")[0], form, folder / "ud", **how)


@pytest.fixture
def form(tmp_path: Path) -> Path:
    path = tmp_path / "skema.docx"
    word("Projekt: {{ title }}", [["Post", "Rest"], ["Løn", "{{ budget.lines[0].remaining | kr }}"]]).save(str(path))
    return path


def test_a_form_is_called_by_its_own_name_the_documents_and_the_day(tmp_path: Path, form: Path) -> None:
    made = rendered(write_project(tmp_path), form)

    assert (made.name, made.problems, made.notices) == (NAME, (), ())
    assert [file.name for file in made.files] == [f"{NAME}.docx"]


def test_a_filled_form_is_a_word_file_with_the_facts_in_it(tmp_path: Path, form: Path) -> None:
    (file,) = rendered(write_project(tmp_path), form).files

    assert said(unpack(file.read_bytes())) == ["Projekt: Faste teams", "Post", "Rest", "Løn", "400.000\u00a0kr."]
    assert Document(str(file)).paragraphs[0].text == "Projekt: Faste teams"


def test_the_same_form_and_facts_give_the_same_bytes_whoever_packed_the_form(tmp_path: Path, form: Path) -> None:
    folder = write_project(tmp_path)
    (file,) = rendered(folder, form).files
    first = file.read_bytes()
    form.write_bytes(pack(unpack(form.read_bytes())))

    assert rendered(folder, form).files[0].read_bytes() == first


def test_a_form_is_told_where_a_fact_is_missing_and_nothing_is_written(tmp_path: Path) -> None:
    form = tmp_path / "skema.docx"
    word([["a"]], [["x", "y"], ["x", "y"], ["{{ cvr }}", "y"]]).save(str(form))
    made = rendered(write_project(tmp_path), form)

    assert [(found.code, found.at.file) for found in made.problems] == [
        ("fact-missing", f"{form}, tabel 2, række 3, kolonne 1")
    ]
    assert not (tmp_path / "ud").exists()
    assert rendered(tmp_path, form, draft=True).files


def test_what_can_be_a_personal_number_does_not_leave_in_a_form(tmp_path: Path) -> None:
    form = tmp_path / "skema.docx"
    word("Ring om 010165-1234").save(str(form))
    made = rendered(write_project(tmp_path), form)

    assert [found.code for found in made.problems] == ["personal-number-in-document"]
    assert made.files == ()


def test_a_constructed_figure_in_a_form_is_told(tmp_path: Path, form: Path) -> None:
    made = rendered(write_project(tmp_path, {"project.yaml": PROJECT + "synthetic: true\n"}), form)

    assert made.notices == ("Konstrueret eksempel – ikke kommunens tal.",)


@pytest.mark.parametrize("content", [b"", b"not a zip", pack({"a.txt": b"a"})])
def test_what_is_no_word_file_is_told_and_not_filled(tmp_path: Path, content: bytes) -> None:
    form = tmp_path / "skema.docx"
    form.write_bytes(content)

    assert [found.code for found in check_form(form).problems] == ["form-unreadable"]
    assert [found.code for found in rendered(write_project(tmp_path), form).problems] == ["form-unreadable"]


def test_a_place_is_named_in_the_users_language(tmp_path: Path) -> None:
    form = tmp_path / "skema.docx"
    document = word("fint", "{{ titel }}", [["{{ titel }}"]])
    document.sections[0].footer.paragraphs[0].text = "{{ titel }}"
    document.save(str(form))

    assert [found.at.file.removeprefix(f"{form}, ") for found in check_form(form).problems] == [
        "afsnit 2",
        "tabel 1, række 1, kolonne 1",
        "sidefod, afsnit 1",
    ]


def test_a_file_that_word_holds_open_is_told(tmp_path: Path, form: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def held(path: Path, content: bytes) -> None:
        raise PermissionError(None, None, str(path))

    monkeypatch.setattr("toolkit.forms.write_whole", held)

    assert [found.code for found in rendered(write_project(tmp_path), form).problems] == ["file-held"]
