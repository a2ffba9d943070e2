from __future__ import annotations

from datetime import timedelta
from fractions import Fraction

import pytest
from msgspec import structs

from tests.core.worlds import JUNE, MARCH, plan
from toolkit.core.fund import Fund, LetterTerm, Term
from toolkit.core.money import kr
from toolkit.core.records import Id, Share

HANDBOOK = Term(id=Id("extension"), text="Fra håndbogen.", standing="sibling", reference="håndbogen")
LETTER = LetterTerm(id=Id("extension"), text="Fra brevet.")
FUND = Fund(
    id=Id("faste-teams"),
    title="Faste teams",
    agency="Social- og Boligstyrelsen",
    agency_names=("Socialstyrelsen", "SBST"),
    purpose="Stabilitet",
    terms=(HANDBOOK,),
)


@pytest.mark.parametrize(
    "text",
    ["Social- og Boligstyrelsen", "social og boligstyrelsen", "SOCIAL–OG  BOLIGSTYRELSEN", "sbst", "Tilskudsyder"],
)
def test_the_agency_is_known_however_it_is_written(text):
    assert FUND.is_agency(text)


@pytest.mark.parametrize("text", [None, "", "-", "Byrådet", "Socialudvalget", "Boligstyrelsen"])
def test_nobody_else_is_taken_for_the_agency(text):
    assert not FUND.is_agency(text)
    assert not plan().is_agency(text)


def test_a_fund_of_the_same_agency_knows_its_names_and_another_agencys_does_not():
    same = Fund(id=Id("ny"), title="Ny", agency="Socialstyrelsen", purpose="…").upon(FUND)
    other = Fund(id=Id("sst"), title="SST", agency="Sundhedsstyrelsen", purpose="…").upon(FUND)

    assert same.is_agency("Social- og Boligstyrelsen")
    assert same.is_agency("SBST")
    assert not other.is_agency("SBST")


def test_the_letters_term_goes_before_the_funds():
    of = plan(terms=FUND, letter_terms=(LETTER,))

    assert of.term("extension", JUNE) == LETTER
    assert of.terms_on(JUNE) == (LETTER,)
    assert LETTER.standing == "letter"
    assert plan(terms=FUND).term("extension", JUNE) == HANDBOOK
    assert plan().term("extension", JUNE) is None


def test_the_funds_term_holds_until_the_day_from_which_the_letters_does():
    letters = structs.replace(LETTER, since=MARCH)
    of = plan(terms=FUND, letter_terms=(letters,))
    before = MARCH - timedelta(days=1)

    assert [of.term("extension", day) for day in (before, MARCH, JUNE)] == [HANDBOOK, letters, letters]
    assert [of.terms_on(day) for day in (before, MARCH)] == [(HANDBOOK,), (letters,)]
    assert plan(letter_terms=(letters,)).term("extension", before) is None


@pytest.mark.parametrize(
    ("by", "who"),
    [
        ("Styrelsen, brev af 3. marts", "Styrelsen, brev af 3. marts"),
        ("byraadet", "byraadet"),
        ("extension", "Fra håndbogen."),
        ("late-courses", None),
        ("no-term-at-all", None),
    ],
)
def test_a_cost_is_allowed_in_words_or_by_a_term_while_it_holds(by: str, who: str | None):
    letters = LetterTerm(id=Id("late-courses"), text="Sene kurser betales.", since=MARCH)
    of = plan(terms=FUND, letter_terms=(letters,))

    assert of.who_allows(by, MARCH - timedelta(days=1)) == who
    assert of.who_allows("late-courses", MARCH) == "Sene kurser betales."


@pytest.mark.parametrize(
    ("limit", "amount", "above", "below"),
    [
        (HANDBOOK, kr(500), None, None),
        (LetterTerm(id=Id("t"), text="…", amount=kr(500)), kr(499), False, True),
        (LetterTerm(id=Id("t"), text="…", amount=kr(500)), kr(500), False, False),
        (LetterTerm(id=Id("t"), text="…", amount=kr(500)), kr(501), True, False),
        (LetterTerm(id=Id("t"), text="…", amount=kr(500), inclusive=True), kr(499), False, True),
        (LetterTerm(id=Id("t"), text="…", amount=kr(500), inclusive=True), kr(500), True, True),
        (LetterTerm(id=Id("t"), text="…", amount=kr(500), inclusive=True), kr(501), True, False),
    ],
)
def test_a_limit_is_exclusive_unless_its_text_takes_it_with(limit, amount, above, below):
    assert (limit.is_above(amount), limit.is_below(amount)) == (above, below)


@pytest.mark.parametrize(("inclusive", "at_the_limit"), [(False, False), (True, True)])
def test_a_share_is_above_its_limit_in_the_same_way(inclusive, at_the_limit):
    tenth = LetterTerm(id=Id("t"), text="…", share=Share(Fraction(1, 10)), inclusive=inclusive)

    assert tenth.is_above_share(kr(10), kr(100)) is at_the_limit
    assert tenth.is_above_share(kr(10) - 1, kr(100)) is False
    assert tenth.is_above_share(kr(10) + 1, kr(100)) is True
    assert HANDBOOK.is_above_share(kr(1), kr(100)) is None
