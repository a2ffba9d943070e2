"""Rules that name a file of postings, or rows of it, and fit nothing there."""

from __future__ import annotations

import pytest

from tests.core.worlds import AWARD, RULES, plan, posting
from toolkit.core.checks import check
from toolkit.core.dossier import Dossier, PostingFile
from toolkit.core.money import kr
from toolkit.core.postings import Postings, Rule
from toolkit.core.records import Rows

FILE = "postings/2022-04-01-opus-0a1b2c3d.csv"


def missed(**looks_at: object) -> list[str]:
    """The rows that are told of, "" where the whole rule is, of a file with the rows 2 to 4."""
    lines = [posting(kr(1_000), file=FILE, voucher=f"10{row}", row=row) for row in (2, 3, 4)]
    rule = Rule(taken_back=True, reason="Rettet", **looks_at)  # type: ignore[arg-type]
    dossier = Dossier(
        plan=plan(budgets=(AWARD,)),
        postings=Postings(tuple(lines), (rule, *RULES)),
        posting_files=(PostingFile(FILE, ""),),
    )
    found = [each for each in check(dossier) if each.code == "rule-fits-nothing"]
    return [str(each.phrases["rows"].words.get("rows", "")) for each in found]


@pytest.mark.parametrize(
    ("looks_at", "told"),
    [
        ({"rows": (Rows("99"),)}, ["99"]),
        ({"rows": (Rows("2-3"), Rows("5-9"))}, ["5-9"]),
        ({"rows": (Rows("2"),), "voucher": "103"}, ["2"]),
        ({"voucher": "999"}, [""]),
        ({"rows": (Rows("1-9"),), "voucher": "103"}, []),
        ({"voucher": "103"}, []),
    ],
)
def test_what_a_rule_names_in_a_file_and_does_not_fit_is_told(looks_at, told):
    assert missed(file=FILE, **looks_at) == missed(file=FILE.removeprefix("postings/"), **looks_at) == told


def test_a_rule_that_names_no_single_file_may_fit_what_is_still_to_come():
    assert missed(file="*-opus-*", rows=(Rows("99"),)) == missed(voucher="999") == []
