"""Every system's export, read by its own dialect: the same lines of the books come out of all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import exports
from tests.exports import Entry
from toolkit.core.problems import Problem, has_errors
from toolkit.readers import shelf
from toolkit.readers.dialect import Dialect, read_dialect
from toolkit.readers.export import Export, Request, open_export

TODAY = date(2022, 12, 31)
ENTRIES = exports.entries(150)

Line = tuple[str, str, str, str, str, int]  # day, voucher, account, WBS element, text, øre


def dialects() -> tuple[Dialect, ...]:
    problems: list[Problem] = []
    found = shelf.dialects(problems)
    assert problems == []
    return found


DIALECTS = dialects()


def opened(path: Path, among: Sequence[Dialect] = DIALECTS) -> tuple[Export | None, list[Problem]]:
    problems: list[Problem] = []
    return open_export(path, among, problems), problems


def read(
    path: Path, among: Sequence[Dialect] = DIALECTS, posted: date | None = None
) -> tuple[list[Line], list[Problem]]:
    export, problems = opened(path, among)
    found: list[Line] = []
    for lines in export.lines(problems, Request(TODAY, posted)) if export else ():
        found += zip(
            lines.posted, lines.voucher, lines.account, lines.wbs_element, lines.text, lines.amount, strict=True
        )
    return found, problems


def codes(problems: list[Problem]) -> list[str]:
    return [f"{found.at.line}:{found.at.column} {found.code}" for found in problems]


def expected(entries: Sequence[Entry], **changed: str) -> list[Line]:
    return [
        (
            each.posted.isoformat(),
            each.voucher,
            changed.get("account", each.account),
            changed.get("wbs_element", each.wbs_element),
            each.text.strip(),
            each.amount,
        )
        for each in entries
    ]


def saved(folder: Path, data: bytes, name: str = "eksport.csv") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


# ── what each system writes ──────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
def test_a_plain_csv_is_read_in_any_encoding_and_any_notation(tmp_path, encoding):
    path = saved(tmp_path, exports.standard(ENTRIES, encoding))

    assert read(path) == (expected(ENTRIES), [])


@pytest.mark.parametrize("seed", range(5))
def test_a_printed_list_is_cut_where_its_headings_stand(tmp_path, seed):
    entries = exports.entries(70, seed)

    assert read(saved(tmp_path, exports.cji3(entries, seed=seed), "liste.txt")) == (expected(entries), [])


def test_vouchers_with_debit_and_credit_get_their_signs(tmp_path):
    assert read(saved(tmp_path, exports.opus_csv(ENTRIES))) == (expected(ENTRIES), [])


@pytest.mark.parametrize("write", [exports.prisme_json, exports.prisme_csv])
def test_vendor_invoices_are_turned_round(tmp_path, write):
    path = saved(tmp_path, write(ENTRIES))

    assert read(path) == (expected(ENTRIES, account="", wbs_element=""), [])


def test_a_workbook_gives_the_same_lines_as_the_csv(tmp_path):
    assert read(saved(tmp_path, exports.workbook(ENTRIES), "eksport.xlsx")) == (expected(ENTRIES), [])


def test_a_minus_that_pushes_the_line_on_belongs_to_its_amount(tmp_path):
    """As an amount that fills its column is printed."""
    whole = exports.cji3([ENTRIES[0]._replace(amount=-125_000, text="Tilbageført")], seed=2).decode("cp1252")
    pushed = whole.replace("-1.250,00|", " 1.250,00-|") if "-1.250,00|" in whole else whole
    pushed = pushed.replace(" 1.250,00-|", "  1.250,00-|")

    assert [line[5] for line in read(saved(tmp_path, pushed.encode("cp1252"), "liste.txt"))[0]] == [-125_000]


# ── recognised, or not ───────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (exports.standard(ENTRIES), "standard"),
        (exports.workbook(ENTRIES), "standard"),
        (exports.cji3(ENTRIES), "opus-cji3"),
        (exports.opus_csv(ENTRIES), "opus-csv"),
        (exports.prisme_json(ENTRIES), "prisme365"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_an_export_is_known_by_its_headings(tmp_path, data, name):
    export, problems = opened(saved(tmp_path, data))

    assert export is not None
    assert (export.dialect.name, problems) == (name, [])


def test_a_list_that_was_saved_with_tabs_is_refused_and_the_right_export_named(tmp_path):
    export, problems = opened(saved(tmp_path, exports.cji3_with_tabs(ENTRIES)))

    assert export is None
    assert [(found.code, found.words["export"]) for found in problems] == [("export-shifted", "Eksporter som tekst")]


def test_a_column_that_changed_its_name_is_named(tmp_path):
    data = exports.standard(ENTRIES, "utf-8").replace(b"Momskode", b"Momstype")
    export, problems = opened(saved(tmp_path, data))

    assert export is None
    assert [(found.code, found.words["heading"]) for found in problems] == [("export-heading-unknown", "Momstype")]


def test_an_unknown_heading_of_a_printed_list_is_named_and_not_dropped(tmp_path):
    data = exports.cji3(ENTRIES).replace(b"MA-nr.  ", b"Lommetlf")
    _export, problems = opened(saved(tmp_path, data))

    assert [(found.code, found.words["heading"]) for found in problems] == [("export-heading-unknown", "Lommetlf")]


def test_a_column_that_is_missing_is_named_with_the_nearest_dialect(tmp_path):
    data = exports.standard(ENTRIES, "utf-8").replace("Beløb".encode(), b"Sum i kroner")
    _export, problems = opened(saved(tmp_path, data))

    assert [found.code for found in problems] == ["export-heading-missing"]
    words = problems[0].words
    assert (words["dialect"], words["missing"], words["unknown"]) == ("standard", "Beløb", "Sum i kroner")


def test_a_file_that_is_no_export_at_all_names_the_dialects_there_are(tmp_path):
    _export, problems = opened(saved(tmp_path, b"Hej\nmed dig\n"))

    assert [found.code for found in problems] == ["dialect-unknown"]
    assert "opus-cji3" in problems[0].words["names"]


def test_two_dialects_that_both_fit_are_named_and_one_can_be_asked_for(tmp_path):
    problems: list[Problem] = []
    text = (shelf.TEMPLATES / "erp" / "standard.yaml").read_text(encoding="utf-8")
    twin = read_dialect(text, "templates/erp/tvilling.yaml", "tvilling", problems)
    assert twin is not None
    path = saved(tmp_path, exports.standard(ENTRIES))

    assert [(found.code, found.words["names"]) for found in opened(path, (*DIALECTS, twin))[1]] == [
        ("dialect-ambiguous", "standard, tvilling")
    ]
    assert read(path, [twin]) == (expected(ENTRIES), [])


def test_two_sheets_with_postings_are_never_both_read(tmp_path):
    _export, problems = opened(saved(tmp_path, exports.workbook(ENTRIES, ["2022", "Kopi"])))

    assert [(found.code, found.words["count"]) for found in problems] == [("export-sheets", "2")]


def test_letters_in_the_encoding_of_dos_are_warned_of(tmp_path):
    kept = [each._replace(text="Vikar, kørsel") for each in ENTRIES]
    data = exports.prisme_csv(kept).decode("utf-16").encode("cp850")
    lines, problems = read(saved(tmp_path, data))

    misread = "kørsel".encode("cp850").decode("cp1252")
    assert [(found.code, found.words["text"]) for found in problems] == [("export-misread", misread)]
    assert len(lines) == len(kept)


def test_bytes_that_mean_nothing_are_shown_where_they_stand(tmp_path):
    data = exports.standard(ENTRIES[:3]).replace(b"\r\n\r\n;", b"\r\n\x9d\r\n;")
    _lines, problems = read(saved(tmp_path, data))

    assert [found.code for found in problems] == ["export-undecodable"]


# ── what is wrong ────────────────────────────────────────────────────────────────────────────


def test_all_bad_rows_are_listed_each_at_its_cell(tmp_path):
    rows = [
        "31-02-2022;1;4;Løn;XA;T;1,00;",
        "01-02-2022;2;4;Løn;XA;T;1.00;",
        "01-02-2022;3;4;Løn;XA;T",
        '01-02-2022;4;4;Løn;XA;"a;b";12,555;',
        "01-02-2022;5;4;Løn;XA;T;2,00;",
        ";6;4;Løn;XA;T;2,00;",
    ]
    data = "\n".join([";".join(exports.STANDARD), *rows]) + "\n"
    lines, problems = read(saved(tmp_path, data.encode()))

    assert [line[1] for line in lines] == ["5"]
    assert codes(problems) == [
        "2:1 export-value",
        "3:25 export-value",
        "4:1 export-columns",
        "5:29 export-value",
        "7:1 export-undated",
    ]


def test_a_row_without_a_day_gets_the_one_that_is_said(tmp_path):
    data = f"{';'.join(exports.STANDARD)}\n;6;4;Løn;XA;T;2,00;\n".encode()

    assert read(saved(tmp_path, data), posted=date(2022, 3, 31)) == ([("2022-03-31", "6", "4", "XA", "T", 200)], [])


def test_a_quote_that_never_ends_is_one_bad_line_and_the_others_are_still_looked_at(tmp_path):
    rows = ['01-02-2022;1;4;Løn;XA;"T;1,00;', "01-02-2022;2;4;Løn;XA;T;1.0;", "01-02-2022;3;4;Løn;XA;T;1,00;"]
    data = "\n".join([";".join(exports.STANDARD), *rows]) + "\n"

    assert codes(read(saved(tmp_path, data.encode()))[1]) == ["2:1 export-quotes", "3:25 export-value"]


def test_a_text_on_two_lines_is_one_text_and_one_that_swallows_a_row_is_refused(tmp_path):
    head = ";".join(exports.STANDARD)
    two = f'{head}\n01-02-2022;1;4;Løn;XA;"Kursus\nmodul";1,00;\n01-02-2022;2;4;Løn;XA;T;x;\n'
    swallowed = f'{head}\n01-02-2022;1;4;Løn;XA;"K;1,00;\n01-02-2022;2;4;Løn;XA;M";1,00;\n'
    lines, problems = read(saved(tmp_path, two.encode()))

    assert ([line[4] for line in lines], codes(problems)) == (["Kursus modul"], ["4:25 export-value"])
    assert codes(read(saved(tmp_path, swallowed.encode()))[1]) == ["2:1 export-quotes"]


def test_an_invoice_in_another_currency_is_no_amount_in_kroner(tmp_path):
    data = exports.prisme_csv(ENTRIES[:1]).decode("utf-16").replace("DKK", "EUR").encode()

    assert [found.words["text"] for found in read(saved(tmp_path, data))[1]] == ["EUR"]


def test_an_amount_that_is_no_whole_number_of_oere_is_refused(tmp_path):
    data = exports.prisme_json(ENTRIES[:1]).replace(str(-ENTRIES[0].amount / 100).encode(), b"-12.345")

    assert [found.words["text"] for found in read(saved(tmp_path, data))[1]] == ["-12.345"]


@pytest.mark.parametrize(
    "damage",
    [
        lambda line: line.replace("|", " ", 1),  # the first bar is gone
        lambda line: line[:60],
        lambda line: line[:30] + line[31:],
        lambda line: line.replace("220144", "22O144", 1),
        lambda line: f"x{line}",
    ],
)
def test_a_damaged_record_is_never_taken_for_something_printed_around_it(tmp_path, damage):
    lines = exports.cji3(ENTRIES[:5]).decode("cp1252").split("\r\n")
    record = next(number for number, line in enumerate(lines) if line.startswith("|220144"))
    lines[record] = damage(lines[record])
    _found, problems = read(saved(tmp_path, "\r\n".join(lines).encode("cp1252")))

    assert (record + 1, "export-line") in [(found.at.line, found.code) for found in problems]


def test_a_continuation_without_its_record_says_that_one_is_lost(tmp_path):
    lines = exports.cji3(ENTRIES[:5], seed=3).decode("cp1252").split("\r\n")
    continued = next(number for number, line in enumerate(lines) if line.startswith("    ") and "EKSEMPEL7" in line)
    del lines[continued - 1]
    problems = read(saved(tmp_path, "\r\n".join(lines).encode("cp1252")))[1]

    assert codes(problems) == [f"{continued}:1 export-line"]


# ── damaged files ────────────────────────────────────────────────────────────────────────────

WHOLE = {
    "standard.csv": exports.standard(ENTRIES[:40], "utf-8"),
    "cp1252.csv": exports.standard(ENTRIES[:40]),
    "opus.csv": exports.opus_csv(ENTRIES[:40]),
    "liste.txt": exports.cji3(ENTRIES[:40]),
    "prisme.json": exports.prisme_json(ENTRIES[:40]),
    "prisme.csv": exports.prisme_csv(ENTRIES[:40]),
    "bog.xlsx": exports.workbook(ENTRIES[:40]),
}


def _whole(name: str) -> list[Line]:
    with TemporaryDirectory() as folder:
        return read(saved(Path(folder), WHOLE[name], name))[0]


ALL = {name: _whole(name) for name in WHOLE}


@settings(max_examples=40)
@given(
    st.integers(0, 1 << 30),
    st.integers(0, 1 << 30),
    st.one_of(st.binary(max_size=12), st.sampled_from([b"\n", b'"', b"|", b";", b"\r", b"\0", b"\xff\xfe"])),
)
@pytest.mark.parametrize("name", WHOLE)
def test_a_damaged_file_is_refused_or_differs_only_where_it_is_damaged(tmp_path_factory, name, start, length, put):
    """A digit for another digit cannot be seen; a line that is lost, or is no line any more, must be."""
    whole = WHOLE[name]
    start %= len(whole)
    data = whole[:start] + put + whole[start + length % 40 :]
    lines, problems = read(saved(tmp_path_factory.mktemp("skadet"), data, name))

    if not has_errors(problems):
        before, after = Counter(ALL[name]), Counter(lines)
        assert (after - before).total() <= 2  # where the bytes were put, and no further
        assert (before - after).total() <= 2 + length % 40 // 20


@pytest.mark.parametrize("name", [name for name in WHOLE if name != "bog.xlsx"])
def test_a_row_that_loses_its_line_break_is_noticed(tmp_path, name):
    """Two rows on one line: never half of them read in silence."""
    encoding = {"prisme.csv": "utf-16", "cp1252.csv": "cp1252", "liste.txt": "cp1252"}.get(name, "utf-8")
    text = WHOLE[name].decode(encoding)
    if name == "prisme.json":
        data = text.replace("}, {", "", 1)
    else:
        rows = text.split("\n")
        middle = next(number for number in range(10, len(rows)) if "22014" in rows[number])
        data = "\n".join([*rows[:middle], rows[middle].rstrip("\r") + rows[middle + 1], *rows[middle + 2 :]])
    lines, problems = read(saved(tmp_path, data.encode(encoding), name))

    assert has_errors(problems)
    assert len(lines) < 40
