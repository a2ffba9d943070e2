from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.limits import within
from toolkit.core.names import Names

MANY = Names(f"post-{number:05}" for number in range(5_000))


def test_the_nearest_name_is_told_else_all_of_them_in_the_order_they_were_given() -> None:
    names = Names(["loen", "kurser", "evaluering"])

    assert names.near("evaluring") == ["evaluering"]
    assert names.near("husleje") == ["loen", "kurser", "evaluering"]
    assert Names([]).near("loen") == []


def test_a_name_is_not_told_for_itself() -> None:
    assert Names(["loen", "kurser"]).near("loen") == ["kurser"]


def test_of_thousands_the_nearest_stands_beside_the_word_and_the_first_are_listed() -> None:
    assert MANY.near("post-00417x")[0].startswith("post-004")
    assert MANY.near("husleje")[:2] == ["post-00000", "post-00001"]
    assert MANY.near("husleje")[-1] == "…"
    assert len(MANY.near("husleje")) < 30


def test_of_more_than_can_be_read_the_first_are_listed() -> None:
    hundred = Names(f"post-{number:05}" for number in range(100))

    assert hundred.near("husleje") == [*(f"post-{number:05}" for number in range(20)), "…"]


def test_thousands_of_wrong_names_are_looked_up_among_thousands_in_no_time() -> None:
    with within(20):
        assert all(MANY.near(f"pos-{number}") for number in range(2_000))
        assert MANY.near("x" * 100_000)


@given(st.lists(st.text("ab-", max_size=5), max_size=300), st.text("ab-", max_size=5))
def test_what_is_told_is_a_name(names: list[str], word: str) -> None:
    assert {*Names(names).near(word)} <= {*names, "…"}
    assert (word in Names(names)) == (word in names)
