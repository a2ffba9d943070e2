from __future__ import annotations

from toolkit.core.problems import Problem
from toolkit.core.prose import Prose
from toolkit.readers.prose import read_prose


def read(text: str) -> tuple[Prose, list[str]]:
    problems: list[Problem] = []
    prose = read_prose(text, "texts/application.md", problems)
    return prose, [f"{found.at.line}:{found.at.column} {found.code}" for found in problems]


def passages(text: str) -> list[tuple[str, str, int]]:
    prose, problems = read(text)
    assert problems == []
    return [(passage.heading, passage.text, passage.line) for passage in prose.passages]


def test_a_passage_is_the_text_under_its_heading() -> None:
    assert passages("# Baggrund\n\nMange skift.\n\nFor lidt tid.\n\n# Mål #\nTryghed.\n") == [
        ("Baggrund", "Mange skift.\n\nFor lidt tid.", 3),
        ("Mål", "Tryghed.", 8),
    ]


def test_a_heading_without_text_is_an_empty_passage() -> None:
    assert passages("# Baggrund\n\n# Mål\n") == [("Baggrund", "", 2), ("Mål", "", 4)]


def test_only_one_hash_and_a_space_begin_a_passage() -> None:
    assert passages("# A\n## B\n#C\n    # D\n") == [("A", "## B\n#C\n    # D", 2)]


def test_a_hash_in_code_is_no_heading() -> None:
    assert passages("# A\n```sh\n# B\n<!-- C\n```\n~~~\n# D\n~~~\n# E\n") == [
        ("A", "```sh\n# B\n<!-- C\n```\n~~~\n# D\n~~~", 2),
        ("E", "", 10),
    ]


def test_the_tools_questions_are_no_part_of_the_text_and_move_no_line() -> None:
    assert passages(
        "<!-- Skriv her -->\n# A\n<!-- Hvad\n# ikke en overskrift\ner det? -->\n\nDet <!-- ja --> er.\n"
    ) == [
        ("A", "Det  er.", 7),
    ]


def test_text_under_no_heading_would_be_shown_nowhere() -> None:
    assert read("Kommunen søger.\nMere.\n\n# A\n")[1] == ["1:1 text-before-heading"]


def test_a_heading_stands_once_whatever_its_capitals() -> None:
    assert read("# Mål\n\n# MÅL\n")[1] == ["3:1 duplicate-heading"]


def test_a_comment_that_never_ends_is_shown_where_it_begins() -> None:
    assert read("# A\nTekst <!-- aldrig\n# B\n")[1] == ["2:7 comment-unclosed"]


def test_what_has_not_been_filled_in_is_a_warning_for_each() -> None:
    assert read("# A\n<!-- x --> MANGLER og MANGLER\n")[1] == ["2:12 value-missing", "2:23 value-missing"]


def test_windows_line_ends_change_nothing() -> None:
    assert passages("# A\r\n\r\nTekst\r\n") == [("A", "Tekst", 3)]


def test_a_text_with_invisible_characters_is_not_used() -> None:
    prose, problems = read("# A\nTe\u200bkst\x07\n")

    assert prose.passages == ()
    assert problems == ["2:3 invisible-character", "2:7 invisible-character"]
