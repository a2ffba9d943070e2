from __future__ import annotations

from pathlib import Path

from toolkit.core.problems import Problem, Span
from toolkit.documents.kind import LayoutSection
from toolkit.readers import shelf

HERE = Span("project.yaml", 4, 7)


def put(place: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = place / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return place


def said(problems: list[Problem]) -> list[tuple[str, str]]:
    return [(found.code, str(found.at)) for found in problems]


def test_the_shelf_of_this_checkout_is_sound() -> None:
    problems: list[Problem] = []
    for name in shelf.kinds():
        assert shelf.kind(name, problems) is not None
    for name in shelf.layouts():
        assert shelf.layout(name, problems) is not None
    assert shelf.fund("faste-teams-2021", HERE, problems) is not None

    assert problems == []
    assert {"application", "status-report", "final-report", "agenda-item"} <= set(shelf.kinds())


def test_every_kind_has_a_danish_name_of_one_word_that_can_be_typed() -> None:
    named = {kind: shelf.danish_name(kind) for kind in shelf.kinds()}

    assert named["change-request"] == "ændringsanmodning"
    assert {kind: shelf.kind_meant(word) for kind, word in named.items()} == {kind: kind for kind in named}
    assert [word for word in named.values() if " " in word] == []


def test_a_kind_is_its_manifest_and_its_text(tmp_path: Path) -> None:
    put(
        tmp_path,
        {
            "documents/status-report/manifest.yaml": "title: Statusrapport\nfile_name: statusrapport\n"
            "sections: [{name: summary, heading: Resumé, prose: true}]\n",
            "documents/status-report/text.md": "# Resumé\r\n",
        },
    )
    problems: list[Problem] = []
    kind = shelf.kind("status-report", problems, places=(tmp_path,))

    assert problems == []
    assert kind is not None
    assert (kind.name, kind.title, kind.text) == ("status-report", "Statusrapport", "# Resumé\n")
    assert kind.file == "templates/documents/status-report/text.md"
    assert kind.sections[0].prose


def test_a_layout_names_only_what_differs(tmp_path: Path) -> None:
    put(
        tmp_path,
        {
            "layouts/standard/layout.yaml": "sections:\n  agenda-item: [{name: case, heading: Sagsfremstilling}]\n"
            "  status-report: [{name: summary, heading: Resumé}]\n",
            "layouts/standard/style.css": "h1 { color: black }\n",
            "layouts/standard/reference.docx": "docx",
            "layouts/thisted/layout.yaml": "extends: standard\nsections:\n"
            '  agenda-item: [{name: case, heading: Redegørelse}, {name: decision, heading: Beslutning, empty: ""}]\n',
            "layouts/thisted/style.css": "h1 { color: navy }\n",
        },
    )
    problems: list[Problem] = []
    layout = shelf.layout("thisted", problems, places=(tmp_path,))

    assert problems == []
    assert layout is not None
    assert layout.sections == {
        "agenda-item": (
            LayoutSection(name="case", heading="Redegørelse"),
            LayoutSection(name="decision", heading="Beslutning", empty=""),
        ),
        "status-report": (LayoutSection(name="summary", heading="Resumé"),),
    }
    assert layout.style.split("\n") == ["h1 { color: black }", "", "h1 { color: navy }", ""]
    assert layout.reference == b"docx"


def test_the_first_place_that_has_a_thing_gives_it(tmp_path: Path) -> None:
    own = put(tmp_path / "own", {"layouts/thisted/layout.yaml": "extends: standard\n"})
    common = put(
        tmp_path / "common",
        {
            "layouts/thisted/layout.yaml": "extends: nothing\n",
            "layouts/standard/layout.yaml": "sections: {}\n",
            "layouts/standard/style.css": "p {}\n",
        },
    )
    problems: list[Problem] = []
    layout = shelf.layout("thisted", problems, places=(own, common))

    assert problems == []
    assert layout is not None
    assert layout.style == "p {}\n"
    assert shelf.layouts((own, common)) == ("standard", "thisted")


def test_what_is_not_there_is_a_problem_where_it_is_named(tmp_path: Path) -> None:
    put(tmp_path, {"layouts/thisted/layout.yaml": "extends: standart\n", "layouts/standard/layout.yaml": "{}\n"})
    problems: list[Problem] = []

    assert shelf.fund("pulje", HERE, problems, places=(tmp_path,)) is None
    assert shelf.layout("thisted", problems, places=(tmp_path,)) is None
    assert said(problems) == [
        ("unknown-template", "project.yaml:4:7"),
        ("unknown-template", "templates/layouts/thisted/layout.yaml:1:10"),
    ]
    assert problems[1].words["near"] == "standard"


def test_layouts_that_extend_each_other_are_a_problem(tmp_path: Path) -> None:
    put(tmp_path, {"layouts/a/layout.yaml": "extends: b\n", "layouts/b/layout.yaml": "extends: a\n"})
    problems: list[Problem] = []

    assert shelf.layout("a", problems, places=(tmp_path,)) is None
    assert said(problems) == [("unknown-template", "templates/layouts/b/layout.yaml:1:10")]


def test_a_projects_own_standard_extends_ours_and_others_extend_it(tmp_path: Path) -> None:
    own = put(
        tmp_path / "projekt",
        {
            "project.yaml": "",
            "layouts/standard/layout.yaml": "extends: standard\nlogo_alt: Vores logo\n",
            "layouts/standard/logo.svg": '<svg viewBox="0 0 10 5"/>',
            "layouts/standard/reference.dotx": "dotx",
        },
    )
    common = put(
        tmp_path / "templates",
        {
            "layouts/standard/layout.yaml": "phrases: {answer: Svar}\n",
            "layouts/standard/reference.docx": "docx",
            "layouts/thisted/layout.yaml": "extends: standard\n",
        },
    )
    problems: list[Problem] = []
    layout = shelf.layout("thisted", problems, places=(own, common))

    assert problems == []
    assert layout is not None
    assert layout.phrases == {"answer": "Svar"}
    assert (layout.reference, layout.reference_file) == (b"dotx", "layouts/standard/reference.dotx")
    assert (layout.logo_alt, 'width="32.00mm" height="16.00mm"' in layout.logo) == ("Vores logo", True)


def test_what_is_wrong_in_a_projects_own_layout_is_named_from_the_project(tmp_path: Path) -> None:
    put(tmp_path, {"project.yaml": "", "layouts/vores/layout.yaml": "extends: standart\n"})
    problems: list[Problem] = []

    assert shelf.layout("vores", problems, places=(tmp_path, shelf.TEMPLATES)) is None
    assert said(problems) == [("unknown-template", "layouts/vores/layout.yaml:1:10")]


def test_an_id_cannot_lead_out_of_the_shelf(tmp_path: Path) -> None:
    put(tmp_path, {"secret.yaml": "title: T\nagency: A\npurpose: P\n", "templates/funds/.keep": ""})
    problems: list[Problem] = []

    assert shelf.fund("../../secret", HERE, problems, places=(tmp_path / "templates",)) is None
    assert said(problems) == [("unknown-template", "project.yaml:4:7")]
