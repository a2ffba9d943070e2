from __future__ import annotations

from datetime import date

import pytest
from msgspec import structs

from tests.core.worlds import PLAN
from toolkit.core.cases import Attachment, Case, Step
from toolkit.core.checks import check
from toolkit.core.checks.attachments import named
from toolkit.core.dossier import Dossier
from toolkit.core.problems import At, Problem, Span
from toolkit.core.prose import Passage, Prose

STEP = Step(id="ssu", body="Udvalget", date=date(2022, 1, 11), case_type="for-decision")
CASE = Case(id="sag", title="Faste teams", layout="standard", steps=(STEP,))


def wrong(
    text: str, *papers: Attachment, proposal: tuple[str, ...] = (), issued: tuple[str, ...] = ()
) -> list[Problem]:
    """The problems of a case whose text stands from line 12 of its file."""
    prose = Prose("cases/sag.md", (Passage("Resumé", text, Span("cases/sag.md", 10, 1), 12),))
    case = structs.replace(CASE, attachments=papers, steps=(structs.replace(STEP, proposal=proposal),))
    dossier = Dossier(plan=structs.replace(PLAN, budgets=()), cases=(case,), prose=(prose,), issued=issued)
    return [found for found in check(dossier) if found.code.startswith("attachment")]


def paper(no: int, **keys: str) -> Attachment:
    return Attachment(no=no, title=f"Bilag {no}", **keys)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("se bilag 2", [2]),
        ("Bilag 2 viser", [2]),
        ("BILAG NR. 2", [2]),
        ("bilag 1 og 3", [1, 3]),
        ("bilagene 1, 2 og 3", [1, 2, 3]),
        ("bilag 1 eller bilag 3", [1, 3]),
        ("bilag 2-4", [2, 3, 4]),
        ("bilag 2–4 og 7", [2, 3, 4, 7]),
        ("bilag 2 til 4", [2, 3, 4]),
        ("bilag 4-2", [4, 2]),
        ("bilag\n2", [2]),
        ("tre bilag", []),
        ("bilag til 2022", []),
        ("bilag 2022", []),
        ("underbilag 2", []),
    ],
)
def test_a_text_names_attachments_in_many_ways(text: str, numbers: list[int]) -> None:
    assert [each.no for each in named(text)] == numbers


def test_a_range_of_many_is_no_range_of_papers() -> None:
    assert [each.no for each in named("bilag 1-999")] == [1, 999]


def test_a_named_attachment_that_is_there_is_nothing_to_tell() -> None:
    assert wrong("Se bilag 1 og 2.", paper(1), paper(2)) == []


def test_a_named_attachment_that_is_not_there_is_shown_at_the_very_words() -> None:
    (found,) = wrong("Mange ord.\n\nDet står i bilag 2.", paper(1))

    assert (found.code, found.words) == ("attachment-unknown", {"no": "2", "known": "1"})
    assert found.at == Span("cases/sag.md", 14, 12, 7, "Det står i bilag 2.")


def test_each_missing_number_of_a_list_is_shown_at_its_own_digits() -> None:
    found = wrong("Se bilag 1, 22 og 3.", paper(1))

    assert [(each.words["no"], each.at.text[each.at.column - 1 :][: each.at.length]) for each in found] == [
        ("22", "22"),
        ("3", "3"),
    ]


def test_words_over_two_lines_are_shown_on_the_line_of_the_number() -> None:
    (found,) = wrong("Det står i bilag\n2, og det er nok.")

    assert (found.at.line, found.at.column, found.at.length) == (13, 1, 1)
    assert found.words["known"] == "–"


def test_a_proposal_may_name_an_attachment_too() -> None:
    assert [found.code for found in wrong("Tekst.", paper(1), proposal=("godkender bilag 2",))] == [
        "attachment-unknown"
    ]
    assert wrong("Tekst.", paper(1), proposal=("godkender bilag 1",)) == []


def test_two_papers_never_have_the_same_number() -> None:
    (found,) = wrong("Tekst.", paper(1), paper(2), paper(1))

    assert (found.code, found.words) == ("attachment-number-twice", {"no": "1", "title": "Bilag 1"})


def test_an_issued_attachment_is_a_folder_of_issued() -> None:
    at = At(Span("cases/sag.md", 3, 1), {"issued": Span("cases/sag.md", 3, 30, 5)})
    ours = structs.replace(paper(1, issued="2021-11-01-application-v1"), at=at)
    (found,) = wrong("Tekst.", ours, issued=("2021-11-01-application-v2",))

    assert (found.code, found.at.column) == ("attachment-not-issued", 30)
    assert found.words["known"] == "2021-11-01-application-v2"
    assert wrong("Tekst.", ours, issued=("2021-11-01-application-v1",)) == []
