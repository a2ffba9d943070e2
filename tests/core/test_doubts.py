"""Postings that may count in vain: which of them the figures of a day rest on."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from msgspec import structs

from tests.core.worlds import PLAN, posting
from toolkit.core.absences import absences_of
from toolkit.core.dossier import Dossier, PostingFile
from toolkit.core.doubts import Doubts, doubts_of
from toolkit.core.events import AnyEvent, Corrected, Imported
from toolkit.core.money import kr
from toolkit.core.postings import Posting, Postings, Rule
from toolkit.core.records import Id, PostingRows, Rows

OLD, NEW = "postings/2022-04-01-opus-0a1b2c3d.csv", "postings/2022-05-01-opus-0a1b2c3e.csv"
APRIL, MAY, JUNE = date(2022, 4, 1), date(2022, 5, 1), date(2022, 6, 1)
LINE = Rule(account="46*", line=Id("kurser"))


def imported(file: str, day: date, called: str = "", **rows: tuple[str, ...]) -> Imported:
    named = {key: tuple(map(PostingRows, its)) for key, its in rows.items()}
    return Imported(happened=day, recorded=day, called=called or file, file=file, digest="", **named)  # type: ignore[arg-type]


def corrected(event: str, **values: Any) -> Corrected:
    return Corrected(happened=JUNE, recorded=JUNE, called="rettet", event=event, **values)


def one(row: int, file: str = OLD, **changed: Any) -> Posting:
    keys = {"voucher": f"{row}", "account": "46000000", "amount": kr(80), "imported": date.fromisoformat(file[9:19])}
    return structs.replace(posting(**{**keys, **changed}), file=file, row=row)


FIRST = imported(OLD, APRIL)
LACKS = imported(NEW, MAY, vanished=(f"{OLD}:2-3",))
AGAIN = imported(NEW, JUNE, "again", reappeared=(f"{OLD}:3",))


def found(events: tuple[AnyEvent, ...], *rules: Rule, known_by: date = JUNE) -> Doubts:
    return doubts_of(events, Postings((one(2), one(3), one(4)), (*rules, LINE)), (OLD, NEW), known_by)


def rows(of: Doubts) -> tuple[list[int], list[int]]:
    vanished, reappeared = (
        [each.row for gone in its for each in gone.postings] for its in (of.vanished, of.reappeared)
    )
    return vanished, reappeared


@pytest.mark.parametrize(
    ("events", "open", "answered", "again"),
    [
        ((FIRST,), [], [], []),
        ((FIRST, LACKS), [2, 3], [], []),
        ((FIRST, LACKS, AGAIN), [2], [], [3]),
        ((FIRST, LACKS, AGAIN, imported(NEW, JUNE, "more", vanished=(f"{OLD}:3",))), [2, 3], [], []),
        ((FIRST, LACKS, corrected(NEW, values={"vanished": (PostingRows(f"{OLD}:3"),)})), [3], [2], []),
        ((FIRST, LACKS, corrected(NEW, values={"vanished": ()}), AGAIN), [], [2], [3]),
        ((FIRST, LACKS, corrected(NEW, withdrawn=True)), [], [], []),
        ((FIRST, LACKS, AGAIN, corrected("again", withdrawn=True)), [2, 3], [], []),
    ],
)
def test_the_log_says_what_is_gone_until_it_comes_again_or_a_correction_answers(events, open, answered, again):
    told = absences_of(events)

    assert [sorted(row for _file, row in its) for its in (told.open, told.answered, told.reappeared)] == [
        open,
        answered,
        again,
    ]


def test_what_is_gone_is_told_until_a_rule_takes_it_back_and_nothing_else_answers():
    def place(row: str, **where: Any) -> Rule:
        return Rule(file=OLD, rows=(Rows(row),), **where)

    assert rows(found((FIRST, LACKS))) == ([2, 3], [])
    assert rows(found((FIRST, LACKS), place("2", taken_back=True))) == ([3], [])
    assert rows(found((FIRST, LACKS), place("2", line=Id("kurser")), place("3", not_eligible=True))) == ([2, 3], [])
    assert rows(found((FIRST, LACKS, AGAIN), place("2-3", taken_back=True))) == ([], [3])


def test_nobody_knew_of_it_before_the_import_that_lacked_it():
    assert rows(found((FIRST, LACKS), known_by=APRIL)) == ([], [])
    assert rows(found((FIRST, LACKS), known_by=MAY)) == ([2, 3], [])


def test_what_is_gone_is_not_told_as_a_double_too():
    later = one(2, NEW, voucher="2", text="Rettet")
    told = doubts_of((FIRST, LACKS), Postings((one(2), one(4), later), (LINE,)), (OLD, NEW), JUNE)

    assert (rows(told), told.doubles) == (([2], []), ())
    assert [each.row for each in told.postings] == [2]


def test_files_come_in_the_order_that_the_log_told_of_them_by_a_day():
    files = tuple(PostingFile(file, "") for file in (OLD, NEW))
    events = (imported(NEW, APRIL), imported("en anden", APRIL), imported(OLD, MAY), corrected(NEW, withdrawn=True))
    misnamed = (*events[:1], structs.replace(events[1], file=OLD), corrected("en anden", values={"file": "x"}))

    def order(events: tuple[AnyEvent, ...], known_by: date) -> tuple[str, ...]:
        return Dossier(plan=PLAN, events=events, posting_files=files).files_in_order(known_by)

    assert [order(events, day) for day in (MAY, JUNE)] == [(NEW, OLD), (OLD, NEW)]
    assert order((misnamed[1], misnamed[0], misnamed[2]), JUNE) == (NEW, OLD)


def test_nobody_knew_of_a_double_before_both_files_were_imported_nor_less_of_the_first_since():
    later = one(2, NEW, voucher="4", text="Rettet")
    books = Postings((one(2), one(3), one(4), later), (LINE,))

    def told(known_by: date) -> tuple[list[int], list[tuple[int, ...]]]:
        all = doubts_of((FIRST, imported("", APRIL, vanished=(f"{OLD}:2",))), books, (OLD, NEW), known_by)
        return rows(all)[0], [tuple(each.row for each in double.void) for double in all.doubles]

    assert told(APRIL) == ([2], [])
    assert told(MAY) == ([2], [(4,)])
