from __future__ import annotations

import pytest

from toolkit.core.money import kr
from toolkit.core.plan import BudgetLine
from toolkit.core.proposals import Unplaced, propose

LINES = (
    BudgetLine(id="projektleder", title="Løn, projektleder", amount=kr(1)),
    BudgetLine(id="kurser", title="Kompetenceudvikling og kurser", amount=kr(1)),
    BudgetLine(id="konsulent", title="Ekstern konsulent", amount=kr(1)),
)


def proposed(title: str = "", text: str = "") -> tuple[str | None, bool]:
    (found,) = propose([Unplaced("4", title, text, 1, kr(1))], LINES)
    return found.line, found.grant_income


@pytest.mark.parametrize(
    ("title", "text", "line"),
    [
        ("Konsulentydelser", "Faktura 17", "konsulent"),
        ("", "Månedsløn PROJEKTLEDER marts", "projektleder"),
        ("Kurser", "", "kurser"),
        ("Kurser", "Ekstern konsulent underviser på kursus", "konsulent"),
        ("Kontorhold", "Papir", None),
        ("Konsulent", "Kurser", None),  # two lines are as near
    ],
)
def test_the_line_that_shares_most_words_is_proposed_or_none(title, text, line):
    assert proposed(title, text) == (line, False)


def test_the_states_grant_is_proposed_as_such():
    assert proposed("Statstilskud") == (None, True)
    assert proposed("", "Tilskud fra staten, rate 2") == (None, True)


def test_accounts_come_in_their_order():
    unplaced = [Unplaced(account, "", "", 1, kr(1)) for account in ("9", "4", "46")]

    assert [each.unplaced.account for each in propose(unplaced, LINES)] == ["4", "46", "9"]
