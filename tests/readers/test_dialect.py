from __future__ import annotations

import pytest

from toolkit.core.problems import Problem
from toolkit.readers.dialect import Dialect, fit, read_dialect

PLAIN = 'title: Et nyt system\ndates: [dd-mm-yyyy]\ndecimal: ","\ncolumns: {posted: [Dato, Dag], amount: [Beløb]}\n'


def read(text: str) -> tuple[Dialect | None, list[str]]:
    problems: list[Problem] = []
    dialect = read_dialect(text, "templates/erp/nyt.yaml", "nyt", problems)
    return dialect, [f"{found.at.line} {found.code}" for found in problems]


def dialect(text: str = PLAIN) -> Dialect:
    found, problems = read(text)
    assert found is not None
    assert problems == []
    return found


def test_four_keys_are_enough():
    found = dialect()

    assert (found.layout, found.signs, found.separators) == ("table", "cost-positive", (";",))
    assert found.required == (("Dato", "Dag"), ("Beløb",))


@pytest.mark.parametrize(
    ("added", "problem"),
    [
        ("dates: [dd-mm]", "2 dialect-value"),
        ("encodings: [dansk]", "5 dialect-value"),
        ("optional: [voucher]", "5 dialect-value"),
        ("keys: [bilag]", "5 dialect-value"),
        ("delimiters: [';;']", "5 dialect-value"),
        ("signs: debit-credit", "5 dialect-signs"),
        ("layout: tabel", "5 misspelt-choice"),
        ("kolonner: {}", "5 unknown-key"),
    ],
)
def test_what_cannot_be_used_is_said_at_its_place(added, problem):
    key = added.partition(":")[0]
    lines = [added if line.startswith(f"{key}:") else line for line in PLAIN.splitlines()]
    lines += [added] if added not in lines else []

    assert problem in read("\n".join(lines) + "\n")[1]


@pytest.mark.parametrize("signs", ["debit-credit", "cost-negative"])
def test_two_columns_say_the_sign_themselves(signs):
    columns = PLAIN.replace("amount: [Beløb]", "debit: [Debet], credit: [Kredit]")

    assert read(f"{columns}signs: {signs}\n")[1] == ["5 dialect-two-signs"]
    assert read(f"{columns}signs: cost-positive\n")[1] == []


def test_a_dialect_fits_headings_that_are_all_there_and_all_known():
    known = dialect(f"{PLAIN}known: [Fork*]\n")

    assert fit(known, ["Dag", "Beløb", "Forklaring", ""]).missing == ()
    assert fit(known, ["Dag", "Beløb", "Forklaring", ""]).unknown == ()
    assert fit(known, ["Dag", "Kroner"]).missing == ("Beløb",)
    assert fit(known, ["Dag", "Kroner"]).unknown == ("Kroner",)
