from __future__ import annotations

from collections import Counter
from datetime import date
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from tests.core.worlds import posting
from toolkit.core.money import Money, kr, total
from toolkit.core.postings import Allocated, Placing, Posting, Postings, Rule, allocate
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


# ── a million of them ────────────────────────────────────────────────────────────────────────

PATTERNS = st.sampled_from([None, "4001", "4*", "*1", "*", "46", "*a*", "A*b"])
PATTERN_RULES = st.builds(
    lambda target, **patterns: structs.replace(target, **patterns),
    RULES,
    account=PATTERNS,
    text=PATTERNS,
    voucher=st.one_of(st.none(), st.sampled_from(["4001", "46", "4*"])),
    wbs_element=st.sampled_from([None, "", "4*"]),
)
MANY = st.lists(
    st.builds(
        posting,
        AMOUNTS,
        st.sampled_from([date(2022, 3, 1), date(2022, 3, 31)]),
        st.sampled_from([date(2022, 4, 1), date(2022, 7, 1)]),
        account=st.sampled_from(["4001", "4600", "9"]),
        text=st.sampled_from(["", "4001", "xAy", "a b"]),
        voucher=st.sampled_from(["4001", "46", "1"]),
        wbs_element=st.sampled_from(["", "46"]),
    ),
    max_size=8,
)


@given(st.lists(PATTERN_RULES, max_size=4), MANY)
def test_a_prepared_rule_places_a_posting_as_looking_through_all_of_them_does(
    rules: list[Rule], rows: list[Posting]
) -> None:
    placing = Placing(rules)

    for row in rows:
        assert placing.rule_of(row) is next((rule for rule in rules if rule.matches(row)), None)


@given(st.lists(PATTERN_RULES, max_size=4), MANY)
def test_what_is_booked_in_sums_is_what_the_postings_are_one_by_one(rules: list[Rule], rows: list[Posting]) -> None:
    postings = Postings(tuple(rows), tuple(rules))
    summed: Counter[tuple[date, date, str, str | None, str]] = Counter()
    counted: Counter[tuple[date, date, str, str | None, str]] = Counter()
    for each in postings.booked:
        key = (each.posted, each.imported, each.account, each.line, each.place)
        summed[key] += int(each.amount)
        counted[key] += each.count
        assert (each.first.posted, each.first.imported, each.first.account) == key[:3]
    one_by_one: Counter[tuple[date, date, str, str | None, str]] = Counter()
    for part in (part for row in rows for part in allocate(row, rules)):
        at = part.posting
        one_by_one[at.posted, at.imported, at.account, part.line, part.place] += int(part.amount)

    assert {key: amount for key, amount in summed.items() if amount} == {
        key: amount for key, amount in one_by_one.items() if amount
    }
    assert counted.total() == len(postings.allocated)


def test_only_the_star_means_something_in_a_pattern() -> None:
    assert Rule(text="Kursus [1]?", line="loen").matches(posting(kr(1), text="kursus [1]?"))
    assert not Rule(text="Kursus [1]?", line="loen").matches(posting(kr(1), text="Kursus 12"))
    assert Rule(text="a*b", line="loen").matches(posting(kr(1), text="A\nB"))


def test_the_postings_until_a_day_are_those_that_were_known_by_it() -> None:
    early = posting(kr(1), posted=date(2022, 3, 1), imported=date(2022, 4, 1))
    late = posting(kr(2), posted=date(2022, 3, 1), imported=date(2022, 7, 1))
    postings = Postings((early, late))

    assert postings.until(date(2022, 3, 31), date(2022, 4, 30)).rows == (early,)
    assert postings.until(date(2022, 3, 31), date(2022, 7, 30)) is postings
    assert postings.until(date(2022, 2, 28), date(2022, 7, 30)).rows == ()
    assert postings.with_text(lambda text: text == "findes ikke").rows == ()
