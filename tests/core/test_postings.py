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
from toolkit.core.records import DayPattern, Id, Rows, Share

AMOUNTS = st.integers(-(10**10), 10**10).map(Money)
PARTS = st.dictionaries(st.sampled_from(["loen", "kurser", "revision"]), st.integers(1, 100), min_size=1)
RULES = st.one_of(
    st.just(Rule(line="loen")),
    st.just(Rule(not_eligible=True)),
    st.just(Rule(grant_income=True)),
    st.just(Rule(taken_back=True)),
    st.just(Rule(line=Id("loen"), performed=date(2022, 3, 15))),
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
    posted=st.sampled_from([None, None, "2022-03-01", "2022-03-3*"]),
    amount=st.sampled_from([None, None, kr(1)]),
    file=st.sampled_from([None, None, "postings/2022-04-01-opus-0a1b2c3d.csv", "*opus*"]),
)
MANY = st.lists(
    st.builds(
        posting,
        st.one_of(st.just(kr(1)), AMOUNTS),
        st.sampled_from([date(2022, 3, 1), date(2022, 3, 31)]),
        st.sampled_from([date(2022, 4, 1), date(2022, 7, 1)]),
        performed=st.sampled_from([None, None, date(2021, 12, 24)]),
        file=st.sampled_from(["postings/2022-04-01-opus-0a1b2c3d.csv", "postings/2022-04-01-standard-0a1b2c3d.csv"]),
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


Key = tuple[date, date, date, str, str | None, str, int]


@given(st.lists(PATTERN_RULES, max_size=4), MANY)
def test_what_is_booked_in_sums_is_what_the_postings_are_one_by_one(rules: list[Rule], rows: list[Posting]) -> None:
    postings = Postings(tuple(rows), tuple(rules))
    summed: Counter[Key] = Counter()
    counted: Counter[Key] = Counter()
    for each in postings.booked:
        key = (each.day, each.posted, each.imported, each.account, each.line, each.place, id(each.rule))
        summed[key] += int(each.amount)
        counted[key] += each.count
        assert (each.first.posted, each.first.imported, each.first.account) == key[1:4]
    one_by_one: Counter[Key] = Counter()
    for part in (part for row in rows for part in allocate(row, rules)):
        at = part.posting
        one_by_one[part.day, at.posted, at.imported, at.account, part.line, part.place, id(part.rule)] += int(
            part.amount
        )

    assert {key: amount for key, amount in summed.items() if amount} == {
        key: amount for key, amount in one_by_one.items() if amount
    }
    assert counted.total() == len(postings.allocated)


def test_a_rule_can_choose_one_posting_by_its_day_its_amount_and_its_file() -> None:
    rule = Rule(voucher="2", posted=DayPattern("2022-03-*"), amount=kr(50), file="*-opus-*.csv", taken_back=True)
    file = "postings/2022-04-01-opus-0a1b2c3d.csv"
    one = posting(kr(50), date(2022, 3, 15), voucher="2", file=file)

    assert places(*allocate(one, [rule])) == [(None, "taken-back", kr(50))]
    assert Rule(file=file.removeprefix("postings/"), line=Id("loen")).matches(one)
    for other in (
        structs.replace(one, posted=date(2022, 4, 15)),
        structs.replace(one, amount=kr(55)),
        structs.replace(one, amount=kr(-50)),
        structs.replace(one, file="postings/2022-04-01-standard-0a1b2c3d.csv"),
        structs.replace(one, voucher="3"),
    ):
        assert places(*allocate(other, [rule])) == [(None, "unallocated", other.amount)]


def test_a_rule_can_choose_one_of_two_lines_that_are_the_same_to_the_letter() -> None:
    file = "postings/2022-04-01-opus-0a1b2c3d.csv"
    rows = tuple(structs.replace(posting(kr(50), file=file), row=row) for row in (2, 3, 4))
    other = structs.replace(rows[1], file="postings/2022-04-01-opus-0a1b2c3e.csv")
    rules = (Rule(file=file.removeprefix("postings/"), rows=(Rows("3"),), taken_back=True), Rule(line=Id("loen")))
    placing = Placing(rules)

    assert [placing.rule_of(each) for each in (*rows, other)] == [rules[1], rules[0], rules[1], rules[1]]
    assert {(each.place, each.amount) for each in Postings((*rows, other), rules).booked} == {
        ("line", kr(150)),
        ("taken-back", kr(50)),
    }


def test_a_cost_counts_on_the_day_that_it_was_performed_as_its_rule_or_else_the_books_say() -> None:
    late = posting(kr(1), posted=date(2023, 1, 20), imported=date(2023, 2, 1), performed=date(2022, 12, 30))
    ruled = Rule(line=Id("loen"), performed=date(2022, 12, 1))

    assert [part.day for part in allocate(late, [])] == [date(2022, 12, 30)]
    assert [part.day for part in allocate(late, [ruled])] == [date(2022, 12, 1)]
    assert [each.day for each in Postings((late,), (ruled,)).booked] == [date(2022, 12, 1)]


def test_only_the_star_means_something_in_a_pattern() -> None:
    assert Rule(text="Kursus [1]?", line="loen").matches(posting(kr(1), text="kursus [1]?"))
    assert not Rule(text="Kursus [1]?", line="loen").matches(posting(kr(1), text="Kursus 12"))
    assert Rule(text="a*b", line="loen").matches(posting(kr(1), text="A\nB"))


def test_postings_without_a_wanted_text_are_none() -> None:
    postings = Postings((posting(kr(1)),))

    assert postings.with_text(lambda text: text == "findes ikke").rows == ()
