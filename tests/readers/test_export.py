"""Every system's export, read by its own dialect: the same lines of the books come out of all of them."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import exports
from tests.exports import Entry
from toolkit.core.problems import Problem, has_errors
from toolkit.readers import shelf
from toolkit.readers.dialect import Dialect, read_dialect
from toolkit.readers.export import Beside, Export, Request, open_export
from toolkit.readers.tables import cell_text

TODAY = date(2022, 12, 31)
STANDARD = Path(__file__).parents[2] / "templates" / "erp" / "standard.yaml"
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


@pytest.mark.parametrize(("sign", "written"), [(",", '","'), ("\t", "tab"), ("|", '"|"')])
def test_headings_with_another_sign_between_them_are_known_and_the_sign_is_named(tmp_path, sign, written):
    row_ = ["15-03-2022", "1", "46000000", "Kurser", "XA-1", "Kursus", '"12.500,00"', ""]
    data = f"{sign.join(exports.STANDARD)}\n{sign.join(row_)}\n".encode()
    (told,) = read(saved(tmp_path, data))[1]

    assert (told.code, told.words["found"], told.words["wanted"]) == ("export-separator", written, '";"')
    text = STANDARD.read_text(encoding="utf-8")
    mended = own(text.replace('delimiters: [";"]', f"delimiters: [{told.words['every']}]"))
    assert [line[5] for line in read(saved(tmp_path, data), [mended])[0]] == [1250000]


def test_letters_of_an_old_mac_are_warned_of_and_their_encoding_is_named(tmp_path):
    data = f"{';'.join(exports.STANDARD)}\n15-03-2022;1;4;Løn;XA;Kørsel;2,00;\n".encode("mac_roman")
    told = read(saved(tmp_path, data))[1][0]

    assert (told.code, told.words["probably"]) == ("export-misread", "mac_roman")
    text = STANDARD.read_text(encoding="utf-8")
    assert [line[4] for line in read(saved(tmp_path, data), [own(f"{text}encodings: [mac_roman]\n")])[0]] == ["Kørsel"]


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


@pytest.mark.parametrize("text", ["Kursus; nr 1\nlinje 2", "Kursus\nmodul; 2; 3\r\nslut", "a;b\nc;d\ne;f"])
def test_a_text_in_quotes_may_have_both_line_breaks_and_delimiters(tmp_path, text):
    head = ";".join(exports.STANDARD)
    lines, problems = read(saved(tmp_path, f'{head}\n01-02-2022;1;4;Løn;XA;"{text}";1,00;\n'.encode()))

    assert ([line[4:] for line in lines], problems) == ([(" ".join(text.splitlines()), 100)], [])


def test_a_quote_that_swallows_rows_is_refused_in_whichever_column_it_stands(tmp_path):
    head = ";".join(exports.STANDARD)
    first, last = (["01-02-2022", "1", "4", "Løn", "XA", "T", "1,00", "M"] for _ in "12")
    for place in range(1, 8):
        opened_, closed = [*first], [*last]
        opened_[place], closed[place] = f'"{first[place]}', f'{last[place]}"'
        for rows in (
            [opened_, closed],
            [opened_, first, closed],
            [opened_[: place + 1], closed],
            [opened_, [], closed],
        ):
            text = "\n".join([head, *map(";".join, rows)]) + "\n"
            assert [each.code for each in read(saved(tmp_path, text.encode()))[1]] == ["export-quotes"]


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


# ── exports as they are ──────────────────────────────────────────────────────────────────────

HEAD = "Dato;Bilag;Konto;PSP;Tekst;Beløb\n"
OWN = """\
title: Vores
dates: [dd-mm-yyyy]
decimal: ","
columns: {posted: [Dato], voucher: [Bilag], account: [Konto], wbs_element: [PSP], text: [Tekst], amount: [Beløb]}
skip: ["I alt*", "Sum*", "Total*"]
"""
TWO_SIDES = OWN.replace("amount: [Beløb]", "debit: [Debet], credit: [Kredit]")
SIDES = HEAD.replace("Beløb", "Debet;Kredit")


def own(text: str = OWN) -> Dialect:
    problems: list[Problem] = []
    found = read_dialect(text, "templates/erp/vores.yaml", "vores", problems)
    assert found is not None
    assert problems == []
    return found


def amounts(
    folder: Path, text: str, dialect: str = OWN, posted: date | None = None
) -> tuple[list[int], tuple[int, int], list[str]]:
    """What is read, the sum rows and what they sum to, and what is wrong."""
    export, problems = opened(saved(folder, text.encode()), [own(dialect)])
    beside = Beside()
    lines = list(export.lines(problems, Request(TODAY, posted), beside)) if export else []
    return (
        [amount for each in lines for amount in each.amount],
        (beside.sums.lines, int(beside.sums.amount)),
        codes(problems),
    )


def row(amount: str, voucher: str = "1", day: str = "15-03-2022", text: str = "Kursus") -> str:
    return f"{day};{voucher};46000000;XA-1;{text};{amount}\n"


@pytest.mark.parametrize(
    "sums",
    [
        ";;;;I alt;30,00\n",
        "I alt;;;;;30,00\n",
        ";I alt;;;;30,00\n",
        "31-03-2022;;;;I alt;30,00\n",
        "I alt: 30,00\n",
        "I alt 30,00;;;;;\n",
        ";;;;;30,00\n",
        ";;;;SUM;30,00\n",
    ],
)
def test_a_sum_is_counted_and_never_a_posting_wherever_it_stands(tmp_path, sums):
    rows = row("10,00") + row("20,00", "2")

    assert amounts(tmp_path, HEAD + rows + sums) == ([1000, 2000], (1, 3000), [])
    assert amounts(tmp_path, HEAD + rows + sums + row("5,00", "3")) == ([1000, 2000, 500], (1, 3000), [])


def test_sums_of_parts_and_of_all_and_a_sum_on_top_add_up(tmp_path):
    parts = row("10,00") + ";;;;Sum;10,00\n" + row("20,00", "2") + row("5,00", "3") + ";;;;Sum;25,00\n"

    assert amounts(tmp_path, HEAD + parts + ";;;;I alt;35,00\n") == ([1000, 2000, 500], (3, 7000), [])
    assert amounts(tmp_path, HEAD + ";;;;I alt;35,00\n" + parts) == ([1000, 2000, 500], (3, 7000), [])


def test_a_sum_that_the_rows_do_not_give_is_told(tmp_path):
    read_, sums, problems = amounts(tmp_path, HEAD + row("10,00") + ";;;;I alt;30,00\n")

    assert (read_, sums, problems) == ([1000], (1, 3000), ["3:11 export-total-differs"])


@pytest.mark.parametrize("text", ["Total Wind A/S", "Sum af dage", "I alt tre kurser"])
def test_a_row_that_is_somebodys_is_no_sum_whatever_its_text_says(tmp_path, text):
    assert amounts(tmp_path, HEAD + row("10,00", text=text)) == ([1000], (0, 0), [])
    assert amounts(tmp_path, HEAD + row("10,00") + row("9,00", "3", "", text)) == (
        [1000],
        (0, 0),
        ["3:1 export-undated"],
    )


@pytest.mark.parametrize("whose", [";1;;", ";;46000000;", ";;;XA-1"])
def test_a_row_without_a_day_that_the_dialect_would_skip_is_not_skipped(tmp_path, whose):
    assert amounts(tmp_path, f"{HEAD}{row('10,00')}{whose};Total;9,00\n")[2] == ["3:1 export-undated"]


FOOTER = "Udskrevet af HAJE12 side 1 af 1"


@pytest.mark.parametrize("row_", [f";;;;{FOOTER};\n", f"{FOOTER};;;;;\n", ";;;;Saldo ultimo;9,00\n"])
def test_a_footer_asks_to_be_passed_over_and_not_for_a_day(tmp_path, row_):
    found = read(saved(tmp_path, (HEAD + row("10,00") + row_).encode()), [own()])[1]

    assert [each.code for each in found] == ["export-no-posting"]
    assert found[0].words["pattern"] in ("Udskrevet*", "Saldo*")


def test_the_last_figure_of_a_footer_is_no_sum(tmp_path):
    text, passing_over = f"{HEAD}{row('10,00')};;;;{FOOTER};\n", OWN.replace('"Sum*"', '"Sum*", "Udskrevet*"')

    assert amounts(tmp_path, text, passing_over) == ([1000], (1, 0), [])


def test_an_amount_alone_that_is_not_the_sum_is_refused_whatever_day_is_given(tmp_path):
    text = HEAD + row("10,00") + ";;;;;9,00\n"

    assert amounts(tmp_path, text)[2] == amounts(tmp_path, text, posted=date(2022, 3, 31))[2] == ["3:6 export-alone"]


def test_a_dated_row_with_a_sums_word_that_is_not_the_sum_is_refused(tmp_path):
    assert amounts(tmp_path, HEAD + row("10,00") + "31-03-2022;;;;Sum;9,00\n")[2] == ["3:15 export-sum-unclear"]


def test_the_sum_of_an_account_gets_no_day_from_whoever_imports(tmp_path):
    text = HEAD + row("10,00") + ";;46000000;;;10,00\n"

    assert amounts(tmp_path, text, posted=date(2022, 3, 31))[2] == ["3:14 export-undated-sum"]
    without_days = HEAD + row("10,00", "", "") + row("10,00", "", "")
    assert amounts(tmp_path, without_days, posted=date(2022, 3, 31)) == ([1000, 1000], (0, 0), [])


@pytest.mark.parametrize(
    "sum_",
    [
        "31-03-2022;;46000000;XA-1;I alt;30,00\n",
        "31-03-2022;;46000000;;Sum;30,00\n",
        "31-03-2022;;Sum 46000000;XA-1;;30,00\n",
        "31-03-2022;I alt;;XA-1;;30,00\n",  # a sum's word is no voucher
        "31-03-2022;Sum 46000000;46000000;;;20,00\n",
        ";SUM:;46000000;XA-1;;30,00\n",
        ";;46000000;XA-1;I alt;30,00\n",
        "31-03-2022;;46000000;XA-1;I alt;20,00\n",  # of its account alone
        "31-03-2022;;29000000;;Total;10,00\n",
        "31-03-2022;;;XA-2;Total;10,00\n",
    ],
)
def test_a_row_that_a_sums_word_names_is_no_cost_where_it_is_the_sum_whatever_account_it_has(tmp_path, sum_):
    rows = "15-03-2022;1;29000000;XA-2;Bog;10,00\n" + row("20,00", "2")
    found = amounts(tmp_path, HEAD + rows + sum_)

    assert [each.partition(" ")[2] for each in found[2]] == ["export-named-sum"]
    voucher = sum_.split(";")[1]
    for repaired in (sum_.replace(f";{voucher};", ";3;", 1), "15-03-2022;;46000000;XA-1;Kursus;30,00\n", ""):
        assert "export-named-sum" not in " ".join(amounts(tmp_path, HEAD + rows + repaired)[2])


def test_a_row_without_a_voucher_and_with_a_sums_word_is_a_cost_where_it_is_not_the_sum(tmp_path):
    rows = row("10,00") + row("20,00", "", text="Total Wind A/S")

    assert amounts(tmp_path, HEAD + rows) == ([1000, 2000], (0, 0), [])
    assert amounts(tmp_path, HEAD + row("10,00", "", text="Sum af dage")) == ([1000], (0, 0), [])


@pytest.mark.parametrize(
    ("row_", "told"),
    [
        ("31-03-2022;;46000000;XA-1;Sum konto 46000000;9,00\n", ["3:27 export-sum-taken"]),
        ("31-03-2022;;46000000;XA-1;Total for XA-1;9,00\n", ["3:27 export-sum-taken"]),
        ("31-03-2022;I alt;46000000;XA-1;;9,00\n", ["3:12 export-sum-taken"]),
        ("31-03-2022;;46000000;XA-1;Sum konto 29000000;9,00\n", []),  # of another account: its words say more
        ("31-03-2022;SUM-12;46000000;XA-1;;9,00\n", []),
        ("31-03-2022;2;46000000;XA-1;I alt;9,00\n", []),
    ],
)
def test_what_only_names_a_sum_and_is_not_what_the_rows_give_is_read_and_told(tmp_path, row_, told):
    assert amounts(tmp_path, HEAD + row("10,00") + row_) == ([1000, 900], (0, 0), told)


def test_the_sum_of_an_account_that_its_words_name_is_one_of_the_sums(tmp_path):
    rows = "15-03-2022;1;29000000;XA-2;Bog;10,00\n" + row("20,00", "2")

    assert amounts(tmp_path, f"{HEAD}{rows};;;;Sum 29000000;10,00\n;;Sum 46000000;;;20,00\n")[2] == []
    assert amounts(tmp_path, f"{HEAD}{rows};;;;Sum 29000000;11,00\n")[2] == ["4:18 export-total-differs"]


def test_sums_by_account_are_all_told_and_not_only_the_first(tmp_path):
    book = "20-03-2022;3;29000000;XA-1;Bog;5,00\n"
    parts = row("10,00") + row("20,00", "2") + ";;46000000;XA-1;;30,00\n" + book + ";;29000000;XA-1;;5,00\n"
    below = row("10,00") + row("20,00", "2") + book + ";;29000000;XA-1;;5,00\n"
    told = {
        rows: [each.partition(":")[0] for each in amounts(tmp_path, HEAD + rows, posted=date(2022, 3, 31))[2]]
        for rows in (parts + ";;;XA-1;;35,00\n", below + ";;;XA-1;;35,00\n")
    }

    assert list(told.values()) == [["4", "6", "7"], ["5", "6"]]
    assert [each.partition(" ")[2] for each in amounts(tmp_path, HEAD + below)[2]] == ["export-undated-sum"]


@pytest.mark.parametrize("sum_", ["I alt: 11,00 kr.", "I alt 11,- kr", "Sum 11 DKK", ";;;;I alt;11,00 kr.", "I alt;11"])
def test_a_sum_with_its_currency_is_held_against_the_rows_too(tmp_path, sum_):
    wrong = [each.partition(" ")[2] for each in amounts(tmp_path, f"{HEAD}{row('12,00')}{sum_}\n")[2]]

    assert wrong == ["export-total-differs"]
    assert amounts(tmp_path, f"{HEAD}{row('11,00')}{sum_}\n") == ([1100], (1, 1100), [])


@pytest.mark.parametrize(
    ("sum_", "told"),
    [
        ("I alt udgifter;12,50", []),
        ("I alt indtægter;-100,00", []),
        ("I alt indtægter;100,00", []),
        ("I alt udgifter og indtægter;-87,50", []),
        ("I alt udgifter;12,40", [("12,50", "0,10")]),
        ("I alt indtægter;-99,00", [("-100", "1")]),
        ("I alt;12,50", [("-87,50", "100")]),
        ("I alt udgifter og indtægter;12,50", [("-87,50", "100")]),
    ],
)
def test_a_sum_of_the_costs_or_of_the_income_is_held_against_those(tmp_path, sum_, told):
    text = HEAD + row("12,50") + row("-100,00", "2") + f";;;;{sum_}\n"
    found = read(saved(tmp_path, text.encode()), [own()])[1]

    assert [(each.words["sum"], each.words["difference"]) for each in found] == told


def test_a_last_line_of_words_alone_asks_to_be_passed_over_and_an_amount_is_damage(tmp_path):
    footer, amount = (f"{HEAD}{row('10,00')}{last}\n" for last in (FOOTER, "15-03-2022"))
    found = read(saved(tmp_path, footer.encode()), [own()])[1]

    assert [(each.code, each.words["pattern"]) for each in found] == [("export-no-posting", "Udskrevet*")]
    assert amounts(tmp_path, footer, OWN.replace('"Sum*"', '"Sum*", "Udskrevet*"')) == ([1000], (1, 0), [])
    assert amounts(tmp_path, amount)[2] == ["3:1 export-columns"]


def test_debit_and_credit_stand_in_columns_of_their_own_and_below_zero_is_storno(tmp_path):
    rows = "".join(
        f"15-03-2022;{number};46000000;XA-1;Kursus;{sides}\n"
        for number, sides in enumerate(["1.000,00;", ";400,00", "-100,00;", ";-5", "0,00;50,00"], start=1)
    )

    assert amounts(tmp_path, SIDES + rows + "I alt;;;;;900,00;445,00\n", TWO_SIDES) == (
        [100_000, -40_000, -10_000, 500, -5_000],
        (1, 45_500),
        [],
    )


STORNO = "".join(
    f"15-03-2022;{number};46000000;XA-1;Kursus;{sides}\n"
    for number, sides in enumerate(["1.000,00;", ";400,00", "-50,00;", ";-5"], start=1)
)


@pytest.mark.parametrize(
    ("sum_", "told"),
    [
        (";;;;Total debet;950,00;", []),
        (";;;;Total kredit;;395,00", []),
        (";;;;Udgifter i alt;950,00;", []),  # what stands there, or what is a cost
        (";;;;Udgifter i alt;1.005,00;", []),
        (";;;;;950,00;395,00", []),  # no name, and both sides
        (";;;;Total debet;949,00;", [("950", "1")]),
        (";;;;Total kredit;;394,00", [("-395", "1")]),
    ],
)
def test_a_sum_of_one_side_is_held_against_what_stands_there(tmp_path, sum_, told):
    skips = TWO_SIDES.replace('"Sum*"', '"Sum*", "Udgifter*"')
    found = read(saved(tmp_path, f"{SIDES}{STORNO}{sum_}\n".encode()), [own(skips)])[1]

    assert [(each.words["sum"], each.words["difference"]) for each in found] == told


def test_two_amounts_alone_that_are_not_the_sums_of_both_sides_are_refused_with_no_rule_for_next_month(tmp_path):
    assert amounts(tmp_path, f"{SIDES}{STORNO};;;;;950,00;80,00\n", TWO_SIDES)[2] == ["6:6 export-alone"]


@pytest.mark.parametrize(
    ("sides", "problem"),
    [(";", "export-value"), ("1,00;2,00", "export-sides"), ("1.0;", "export-value"), (";#N/A", "export-error-cell")],
)
def test_a_row_has_its_amount_on_one_side_of_the_books(tmp_path, sides, problem):
    (found,) = amounts(tmp_path, f"{SIDES}15-03-2022;1;46000000;XA-1;Kursus;{sides}\n", TWO_SIDES)[2]

    assert found.split()[1] == problem


def test_storno_is_below_zero_beside_its_side_too(tmp_path):
    dialect = OWN.replace("amount:", "debit_credit: [DK], amount:") + "signs: debit-credit\ndebit: [D]\ncredit: [K]\n"
    rows = "15-03-2022;1;4;XA;T;D;10,00\n15-03-2022;2;4;XA;T;D;-10,00\n15-03-2022;3;4;XA;T;K;-5,00\n"

    assert amounts(tmp_path, HEAD.replace("Beløb", "DK;Beløb") + rows, dialect)[0] == [1000, -1000, 500]


def test_a_sum_beside_debit_and_credit_in_words_has_no_side(tmp_path):
    dialect = OWN.replace("amount:", "debit_credit: [DK], amount:") + "signs: debit-credit\ndebit: [D]\ncredit: [K]\n"
    heads = HEAD.replace("Beløb", "DK;Beløb")
    costs = heads + "15-03-2022;1;4;XA;T;D;10,00\n;;;;I alt;;10,00\n"
    income = heads + "15-03-2022;1;4;XA;T;K;10,00\n;;;;I alt;;10,00\n"

    assert amounts(tmp_path, costs, dialect) == ([1000], (1, 1000), [])
    assert amounts(tmp_path, income, dialect) == ([-1000], (1, -1000), [])
    assert amounts(tmp_path, costs.replace("alt;;10,00", "alt;;-10,00"), dialect)[2] == ["3:12 export-total-differs"]
    assert amounts(tmp_path, income.replace("alt;;10,00", "alt;;-10,00"), dialect) == ([-1000], (1, -1000), [])
    both = costs.replace(
        ";;;;I alt;;10,00", "15-03-2022;2;4;XA;T;K;30,00\n;;;;Total debet;;10,00\n;;;;Total kredit;;30,00"
    )
    assert amounts(tmp_path, both, dialect) == ([1000, -3000], (2, -2000), [])


def test_a_sum_whose_amount_cannot_be_read_is_told(tmp_path):
    found = read(saved(tmp_path, f"{HEAD}{row('-10,00')};;;;I alt;10,00 K\n".encode()), [own()])[1]

    assert [(each.code, each.words["text"], each.words["sum"]) for each in found] == [
        ("export-sum-unread", "10,00 K", "-10")
    ]
    assert amounts(tmp_path, f"{HEAD}{row('10,00')};;;;Sum;side 1 af 2\n")[2] == []


def test_sixteen_digits_are_one_more_than_excel_keeps():
    assert cell_text(123456789012345.0, own()) == "123456789012345"
    assert cell_text(1234567890123456.0, own()) == "1,234567890123456E+15"
    assert cell_text(1e30, own()) == "1E+30"


def test_two_columns_of_one_name_are_refused_and_both_are_named(tmp_path):
    _export, problems = opened(saved(tmp_path, f"{HEAD.strip()};Beløb\n{row('1,00').strip()};2,00\n".encode()), [own()])

    assert [(found.code, found.words["columns"]) for found in problems] == [("export-heading-twice", "6, 7")]
    assert amounts(tmp_path, f"{HEAD.strip()};Beløb\n{row('1,00').strip()};2,00\n", f"{OWN}repeated: [Beløb]\n")[0] == [
        100
    ]
    assert amounts(tmp_path, f"{HEAD.strip()};X;X\n{row('1,00').strip()};;\n", f"{OWN}known: [X]\n") == (
        [100],
        (0, 0),
        [],
    )


def test_two_columns_that_can_both_be_the_amount_are_refused(tmp_path):
    dialect = OWN.replace("[Beløb]", "[Debet, Kredit]")

    assert amounts(tmp_path, SIDES + row("1,00;"), dialect)[2] == ["1:34 export-amount-twice"]
    assert amounts(tmp_path, HEAD.replace("Beløb", "Kredit") + row("1,00"), dialect)[0] == [100]


@pytest.mark.parametrize("cell", ["#N/A", "#I/T", "#REFERENCE!", "#DIV/0!", "########", "Err:502"])
@pytest.mark.parametrize("place", range(6))
def test_a_spreadsheets_error_is_an_error_where_it_stands(tmp_path, cell, place):
    cells = row("1,00").strip().split(";")
    cells[place] = cell
    (found,) = amounts(tmp_path, HEAD + row("2,00", "2") + ";".join(cells) + "\n")[2]

    assert found == f"3:{sum(len(each) + 1 for each in cells[:place]) + 1} export-error-cell"


def test_a_formula_that_was_never_calculated_is_told_as_that_and_not_as_an_error(tmp_path):
    (found,) = read(saved(tmp_path, (HEAD + row("2,00") + row("#? =F2-F3", "2")).encode()), [own()])[1]

    assert (found.code, found.words["text"], found.at.column) == ("export-uncalculated", "=F2-F3", 35)


def test_a_text_that_begins_with_a_hash_is_a_text(tmp_path):
    assert amounts(tmp_path, HEAD + row("1,00", text="#metoo") + row("1,00", "#1", text="C# og #N/A"))[2] == []


@pytest.mark.parametrize("voucher", ["1,23457E+15", "1.2E+20", "5E+06"])
def test_a_number_that_excel_has_shortened_is_refused(tmp_path, voucher):
    assert amounts(tmp_path, HEAD + row("1,00", voucher))[2] == ["2:12 export-rounded"]


def test_long_numbers_that_all_end_in_zeros_are_told(tmp_path):
    rounded = HEAD + row("1,00", "1234567890123450") + row("1,00", "12345678901234500")

    assert amounts(tmp_path, rounded)[2] == ["0:0 export-perhaps-rounded"]
    assert amounts(tmp_path, rounded + row("1,00", "1234567890123456"))[2] == []


@pytest.mark.parametrize("day", ["15-03-2202", "15-03-1922", "15-03-2024", "01-01-0001"])
def test_a_year_that_no_ledger_has_is_refused(tmp_path, day):
    assert amounts(tmp_path, HEAD + row("1,00", day=day))[2] == ["2:1 export-year"]


@pytest.mark.parametrize("digits", ["1" + "0" * 30, "1" + "0" * 15])
def test_more_than_any_state_has_is_refused(tmp_path, digits):
    assert amounts(tmp_path, HEAD + row(f"{digits},00"))[2] == ["2:35 export-value"]


@pytest.mark.parametrize("cut", range(1, 9))
def test_a_last_line_that_is_cut_off_is_never_another_amount(tmp_path, cut):
    whole = HEAD + row("80,00") + row("12.500,55", "2")
    read_, _sums, problems = amounts(tmp_path, whole[: -cut - 1])

    assert problems
    assert read_[:1] == [8000]
    assert amounts(tmp_path, whole[:-1])[0] == [8000, 1_250_055]


def test_empty_columns_that_excel_has_saved_too_are_no_columns(tmp_path):
    assert amounts(tmp_path, HEAD + row("1,00").strip() + ";;\n" + row("2,00")) == ([100, 200], (0, 0), [])
    assert amounts(tmp_path, HEAD + row("1,00").strip() + ";;x\n")[2] == ["2:1 export-columns"]


def test_a_long_number_that_never_was_in_excel_is_as_it_is(tmp_path):
    lines = [ENTRIES[0]._replace(voucher="12345678901234567")]
    data = exports.prisme_json(lines).replace(b'"12345678901234567"', b"12345678901234567")

    assert [line[1] for line in read(saved(tmp_path, data, "prisme.json"))[0]] == ["12345678901234567"]


def test_a_list_without_headings_has_those_that_the_dialect_gives(tmp_path):
    dialect = f"{OWN}headings: [Dato, Bilag, Konto, PSP, Tekst, Beløb]\n"

    assert amounts(tmp_path, row("1,00") + row("2,00", "2"), dialect) == ([100, 200], (0, 0), [])
    assert amounts(tmp_path, "Udtræk\n\n" + row("1,00"), dialect)[0] == [100]
    assert amounts(tmp_path, HEAD + row("1,00"), dialect)[0] == [100]
    assert amounts(tmp_path, "a;b\n", dialect)[2] == ["0:0 dialect-unknown"]


def test_headings_go_before_a_dialect_without_any(tmp_path):
    without = own(f"{OWN}headings: [Dato, Bilag, Konto, PSP, Tekst, Beløb, X, Y]\n")
    export, problems = opened(saved(tmp_path, exports.standard(ENTRIES)), (*DIALECTS, without))

    assert export is not None
    assert (export.dialect.name, problems) == ("standard", [])


def test_a_day_has_a_time_and_a_year_two_digits_where_the_dialect_says_so(tmp_path):
    dialect = OWN.replace("[dd-mm-yyyy]", "[dd-mm-yy hh:mm, dd-mm-yy]")
    export, problems = opened(saved(tmp_path, (HEAD + row("1,00", day="15-03-22 23:59")).encode()), [own(dialect)])
    assert export is not None

    assert [each.posted for each in export.lines(problems, Request(TODAY))] == [["2022-03-15"]]


@pytest.mark.parametrize(
    ("line", "period"),
    [
        ("Periode: 01-01-2022 - 31-03-2022;;;;;", (date(2022, 1, 1), date(2022, 3, 31))),
        ("  periode:   01-01-2022 -   31-03-2022", (date(2022, 1, 1), date(2022, 3, 31))),
        ("Udtræk pr. 31-03-2022", (None, date(2022, 3, 31))),
        ("Periode: 01-01-2022 - 31-12-9999", (date(2022, 1, 1), None)),
    ],
)
def test_a_line_above_the_headings_says_which_period_is_covered(tmp_path, line, period):
    dialect = own(OWN + 'period: ["Periode: {starts} - {ends}", "Udtræk pr. {ends}"]\n')
    export, problems = opened(saved(tmp_path, f"Liste\n{line}\n{HEAD}{row('1,00')}".encode()), [dialect])
    assert export is not None

    assert (export.period(problems, Request(TODAY)), problems) == (period, [])


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("Periode: 01-01-2022 - marts", "1:23 export-period"),
        ("Periode: 01-01-2022 - 31-03-2202", "1:23 export-period"),
        ("Marts", "0:0 export-period-missing"),
        ("Periode: 31-03-2022 - 01-01-2022", "1:1 export-period-backwards"),
    ],
)
def test_a_period_that_cannot_be_read_is_told(tmp_path, line, problem):
    dialect = own(OWN + 'period: ["Periode: {starts} - {ends}"]\n')
    export, problems = opened(saved(tmp_path, f"{line}\n{HEAD}{row('1,00')}".encode()), [dialect])
    assert export is not None

    assert export.period(problems, Request(TODAY)) == (None, None)
    assert codes(problems) == [problem]


@pytest.mark.parametrize(
    ("patterns", "said", "told"),
    [
        ('"Periode: {starts} - {ends}"', {"starts", "ends"}, []),
        ('"Periode: {starts} - {ends}"', {"ends"}, ["0:0 export-period-missing"]),
        ('"Periode: {starts} - {ends}"', {"starts"}, ["0:0 export-period-missing"]),
        ('"Udtræk pr. {ends}"', {"ends"}, []),
        ('"Periode: {starts} - {ends}", "Udtræk pr. {ends}"', {"ends"}, []),
    ],
)
def test_that_no_line_says_the_period_is_not_told_where_whoever_imports_has_said_it(tmp_path, patterns, said, told):
    export, problems = opened(
        saved(tmp_path, f"Marts\n{HEAD}{row('1,00')}".encode()), [own(f"{OWN}period: [{patterns}]\n")]
    )
    assert export is not None

    assert export.period(problems, Request(TODAY, said=frozenset(said))) == (None, None)
    assert codes(problems) == told


def test_when_a_cost_was_performed_is_read_where_the_export_says_it(tmp_path):
    dialect = own(OWN.replace("amount:", "performed: [Udført], amount:"))
    text = HEAD.replace("Beløb", "Udført;Beløb") + row("28-02-2022;1,00") + row(";2,00")
    export, problems = opened(saved(tmp_path, text.encode()), [dialect])
    assert export is not None

    assert [each.performed for each in export.lines(problems, Request(TODAY))] == [["2022-02-28", ""]]
    bad = saved(tmp_path, (HEAD.replace("Beløb", "Udført;Beløb") + row("februar;1,00")).encode())
    assert codes(read(bad, [dialect])[1]) == ["2:35 export-value"]


def test_a_printed_lists_own_sums_are_held_against_its_rows(tmp_path):
    data = exports.cji3(ENTRIES[:20]).decode("cp1252")
    total = exports.danish(sum(each.amount for each in ENTRIES[:20]))
    path = saved(tmp_path, data.replace(f"{total:>20}", f"{'1,00':>20}").encode("cp1252"))
    lines, problems = read(path)

    assert lines == expected(ENTRIES[:20])
    assert [found.code for found in problems] == ["export-total-differs"]


def test_a_hidden_sheet_is_never_read_in_silence(tmp_path):
    data = io.BytesIO()
    with xlsxwriter.Workbook(data, {"in_memory": True}) as book:
        for name in ("Ny", "Gammel"):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, exports.STANDARD)
            if name == "Gammel":
                sheet.hide()
    _export, problems = opened(saved(tmp_path, data.getvalue(), "bog.xlsx"))

    assert [(found.code, found.words["sheet"]) for found in problems] == [("export-sheet-left", "Gammel")]
