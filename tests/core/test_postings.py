from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from tests.core.worlds import posting
from toolkit.core.money import Money, kr, total
from toolkit.core.postings import Allocated, Rule, allocate
from toolkit.core.records import Share

AMOUNTS = st.integers(-(10**10), 10**10).map(Money)
PARTS = st.dictionaries(st.sampled_from(["loen", "kurser", "revision"]), st.integers(1, 100), min_size=1)
RULES = st.one_of(
    st.just(Rule(line="loen")),
    st.just(Rule(not_eligible=True)),
    st.just(Rule(grant_income=True)),
    st.just(Rule(account="ingen", line="loen")),
    PARTS.map(lambda parts: Rule(split={line: Fraction(part) for line, part in parts.items()})),
    st.fractions(0, 1, max_denominator=1000).map(lambda share: Rule(line="loen", eligible=Share(share))),
    AMOUNTS.filter(lambda amount: amount >= 0).map(lambda amount: Rule(line="loen", eligible_amount=amount)),
    st.tuples(PARTS, st.fractions(0, 1, max_denominator=1000)).map(
        lambda both: Rule(split={line: Fraction(part) for line, part in both[0].items()}, eligible=Share(both[1]))
    ),
)


def places(*parts: Allocated) -> list[tuple[str | None, str, Money]]:
    return [(part.line, part.place, part.amount) for part in parts]


@given(AMOUNTS, st.lists(RULES, max_size=3))
def test_no_oere_is_dropped_whatever_the_rules_say(amount: Money, rules: list[Rule]) -> None:
    assert total(part.amount for part in allocate(posting(amount), rules)) == amount


def test_a_posting_that_no_rule_fits_is_unallocated_and_still_counted() -> None:
    assert places(*allocate(posting(kr(100)), [Rule(account="9*", line="loen")])) == [(None, "unallocated", kr(100))]


def test_the_first_rule_that_fits_places_it() -> None:
    rules = [Rule(voucher="7", line="kurser"), Rule(account="4*", line="loen")]

    assert places(*allocate(posting(kr(100), voucher="7"), rules)) == [("kurser", "line", kr(100))]
    assert places(*allocate(posting(kr(100), voucher="8"), rules)) == [("loen", "line", kr(100))]


def test_every_pattern_of_a_rule_must_fit() -> None:
    rule = Rule(account="40*", text="*projektleder*", line="loen")

    assert rule.matches(posting(kr(1), account="4001", text="Løn PROJEKTLEDER marts"))
    assert not rule.matches(posting(kr(1), account="4001", text="Løn teamcoach"))
    assert not rule.matches(posting(kr(1), account="4600", text="projektleder"))


def test_a_bill_is_shared_by_two_lines() -> None:
    rule = Rule(split={"kurser": Fraction(60), "loen": Fraction(40)})

    assert places(*allocate(posting(Money(101)), [rule])) == [
        ("kurser", "line", Money(61)),
        ("loen", "line", Money(40)),
    ]


def test_what_is_not_eligible_of_a_bill_is_kept_outside_the_grant() -> None:
    half = Rule(line="kurser", eligible=Share(Fraction(1, 2)))
    at_most = Rule(line="kurser", eligible_amount=kr(9_900))

    assert places(*allocate(posting(kr(300)), [half])) == [("kurser", "line", kr(150)), (None, "not-eligible", kr(150))]
    assert places(*allocate(posting(kr(14_850)), [at_most])) == [
        ("kurser", "line", kr(9_900)),
        (None, "not-eligible", kr(4_950)),
    ]
    assert places(*allocate(posting(kr(9_000)), [at_most])) == [("kurser", "line", kr(9_000))]


@given(AMOUNTS, RULES)
def test_a_credit_note_takes_back_what_the_bill_put_on_each_place(amount: Money, rule: Rule) -> None:
    bill, credit = (allocate(posting(each), [rule]) for each in (amount, -amount))

    assert places(*credit) == [(line, place, -part) for line, place, part in places(*bill)]
