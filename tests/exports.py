"""Exports as ERPs write them, with all their oddities: the same seed, the same bytes."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from random import Random
from typing import NamedTuple

import xlsxwriter

OURS, OTHERS = "XA-1391100000-00020", "XA-1391100000-00099"
MANAGER = "Eksempel Eksempelsen"  # stands where an ERP has a person's name
EMPLOYEE, USER, PERSONAL_NUMBER = "MA-4471", "EKSEMPEL7", "010165-1234"

ACCOUNTS = (
    ("40000000", "Månedsløn"),
    ("46000000", "Kurser"),
    ("46100000", "Konsulentydelser"),
    ("86000000", "Statstilskud"),
)
TEXTS = (
    "Vikar, oplæring team A",
    "Kursus | modul 2",
    'Møde "Nordthy"; Hannæs',
    "Ærø, Øster Å",
    "Kørsel",
    "  To  mellemrum ",
    "=SUM(A1)",
)


class Entry(NamedTuple):
    """A line of the books, whatever system wrote it; `amount` in øre, a cost above zero."""

    posted: date
    voucher: str
    line: str
    account: str
    title: str
    wbs_element: str
    text: str
    amount: int


def entries(count: int, seed: int = 1) -> list[Entry]:
    """So many lines of 2022: most of them ours, some below zero, the grant's income, some equal to the one before."""
    random = Random(seed)
    found: list[Entry] = []
    for number in range(count):
        if found and random.random() < 0.05:
            found.append(found[-1])
            continue
        account, title = random.choice(ACCOUNTS)
        amount = random.choice((1, 99, 100_00, 1_250_00, 8_750_50, 2_114_549_82)) + random.randrange(100)
        found.append(
            Entry(
                posted=date(2022, 1, 1) + timedelta(days=random.randrange(365)),
                voucher=str(220_144_000 + number // 2),
                line=str(number % 2 + 1),
                account=account,
                title=title,
                wbs_element=OURS if random.random() < 0.8 else OTHERS,
                text=random.choice(TEXTS),
                amount=-amount if account == "86000000" or random.random() < 0.1 else amount,
            )
        )
    return found


# ── notations ────────────────────────────────────────────────────────────────────────────────


def danish(amount: int) -> str:
    """-2.114.549,82"""
    whole, oere = divmod(abs(amount), 100)
    return f"{'-' if amount < 0 else ''}{whole:,}".replace(",", ".") + f",{oere:02}"


def any_danish(amount: int, random: Random) -> str:
    """Any of the ways that ERPs write an amount."""
    plain = danish(abs(amount))
    forms = [plain, plain.replace(".", "")]
    if amount % 100 == 0:
        forms.append(plain.removesuffix(",00"))
    written = random.choice(forms)
    return written if amount >= 0 else random.choice((f"-{written}", f"{written}-", f"({written})"))


def cell(text: str, delimiter: str = ";") -> str:
    quoted = text.replace('"', '""')
    return f'"{quoted}"' if delimiter in text or '"' in text or "\n" in text else text


# ── tables ───────────────────────────────────────────────────────────────────────────────────

STANDARD = ("Bogføringsdato", "Bilagsnr", "Artskonto", "Kontotekst", "PSP-element", "Tekst", "Beløb", "Momskode")


def standard(lines: Iterable[Entry], encoding: str = "cp1252", seed: int = 1) -> bytes:
    """The plain CSV of a controller, with a title above and a sum below."""
    random = Random(seed)
    lines = list(lines)
    rows = ["Udtræk for projektet", "", ";".join(STANDARD)]
    for each in lines:
        day = f"{each.posted:%d-%m-%Y}"
        cells = (day, each.voucher, each.account, each.title, each.wbs_element, each.text)
        rows.append(";".join((*map(cell, cells), any_danish(each.amount, random), random.choice(("", "I25")))))
    rows += ["", f";;;;;I alt;{danish(sum(each.amount for each in lines))};"]
    return "".join(f"{row}\r\n" for row in rows).encode(encoding)


OPUS_CSV = (
    *("Artskonto", "Omkostningssted", "PSP-element", "Profitcenter", "Ordre", "Debet/kredit", "Beløb", "Næste agent"),
    *("Tekst", "Betalingsart", "Påligningsår", "Betalingsmodtagernr.", "Betalingsmodtagernr.kode"),
    *("Ydelsesmodtagernr.", "Ydelsesmodtagernr.kode", "Ydelsesperiode fra", "Ydelsesperiode til"),
    *("Oplysningspligtnr.", "Oplysningspligtmodtagernr.kode", "Oplysningspligtkode", "Netværk", "Operation"),
    *("Mængde", "Mængdeenhed", "Referencenøgle"),
)


def opus_csv(lines: Iterable[Entry]) -> bytes:
    """Opus' vouchers: unsigned amounts with Debet or Kredit, and personal numbers of those who are paid."""
    rows = [";".join(OPUS_CSV)]
    for each in lines:
        values = {
            "Artskonto": each.account,
            "PSP-element": each.wbs_element,
            "Debet/kredit": "Debet" if each.amount >= 0 else "Kredit",
            "Beløb": danish(abs(each.amount)).replace(".", ""),
            "Næste agent": USER,
            "Tekst": each.text,
            "Betalingsmodtagernr.": PERSONAL_NUMBER.replace("-", ""),
            "Ydelsesperiode til": f"{each.posted:%d.%m.%Y}",
            "Referencenøgle": each.voucher,
        }
        rows.append(";".join(cell(values.get(heading, "")) for heading in OPUS_CSV))
    return "".join(f"{row}\r\n" for row in rows).encode("utf-8-sig")


PRISME = (
    *("Invoice", "AccountNum", "Name", "DocumentDate", "TransDate", "DueDate"),
    *("Voucher", "AmountCur", "CurrencyCode", "TransType", "dataAreaId"),
)


def prisme_rows(lines: Iterable[Entry]) -> list[dict[str, object]]:
    """Prisme 365's rows: an invoice is negative, a day has a time."""
    return [
        {
            **dict.fromkeys(PRISME, ""),
            "Invoice": each.text,
            "AccountNum": PERSONAL_NUMBER,
            "Name": MANAGER,
            "TransDate": f"{each.posted}T12:00:00Z",
            "Voucher": each.voucher,
            "AmountCur": -each.amount / 100,
            "CurrencyCode": "DKK",
        }
        for each in lines
    ]


def prisme_json(lines: Iterable[Entry]) -> bytes:
    return json.dumps({"@odata.context": "…", "value": prisme_rows(lines)}, ensure_ascii=False).encode()


def prisme_csv(lines: Iterable[Entry], delimiter: str = ",") -> bytes:
    rows = [PRISME, *([str(row[name]) for name in PRISME] for row in prisme_rows(lines))]
    return "".join(delimiter.join(cell(each, delimiter) for each in row) + "\n" for row in rows).encode("utf-16")


def workbook(lines: Iterable[Entry], sheets: Sequence[str] = ("Posteringer",)) -> bytes:
    """The standard columns as Excel keeps them: days that are days, amounts that are binary fractions."""
    lines = list(lines)
    data = io.BytesIO()
    with xlsxwriter.Workbook(data, {"in_memory": True}) as book:
        day = book.add_format({"num_format": "dd-mm-yyyy"})
        book.add_worksheet("Forside").write(0, 0, "Udtræk for projektet")
        for name in sheets:
            sheet = book.add_worksheet(name)
            sheet.write_row(2, 0, STANDARD)
            for number, each in enumerate(lines, start=3):
                sheet.write_datetime(number, 0, each.posted, day)
                sheet.write_number(number, 1, int(each.voucher))
                sheet.write_number(number, 2, int(each.account))
                sheet.write_string(number, 3, each.title)
                sheet.write_string(number, 4, each.wbs_element)
                sheet.write_string(number, 5, each.text)
                sheet.write_number(number, 6, each.amount / 100)
    return data.getvalue()


# ── SAP's printed list ───────────────────────────────────────────────────────────────────────

MAIN = (
    *(("Bilagsnummer", 13), ("BoL", 3), ("PSP-element", 19), ("BoL", 3), ("Bogføringsdato", 14)),
    *(("Betegnelse", 24), ("OAr", 3), ("Vrd./CO-områdevaluta", 20), ("Omk.art", 8), ("OmkArtsbetegnelse", 18)),
    *(("OAr", 3), ("Medarbejders navn", 20), ("MA-nr.", 8), ("Fulde navn", 20)),
)
BELOW = "TilbF-Ref. |TilbF-Org. |TbF|TFB|User Name   |Valørdato"


def cji3(lines: Iterable[Entry], encoding: str = "cp1252", seed: int = 1, a_page: int = 20) -> bytes:
    """The project list as text: pages, continuation lines, furniture between the two, bars in texts, trailing minus."""
    random = Random(seed)
    heading = "".join(f"|{name:<{width}}" for name, width in MAIN) + "|"
    rule = "-" * len(heading)
    page = [rule, heading, BELOW, rule]
    found = ["Posteringer pr. projekt" + " " * 60 + "Side   1", *page]
    for number, each in enumerate(lines, start=1):
        amount = danish(abs(each.amount))
        written = amount if each.amount >= 0 else random.choice((f"{amount}-", f"-{amount}"))
        values = {
            "Bilagsnummer": each.voucher,
            "BoL": each.line.rjust(3),
            "PSP-element": each.wbs_element,
            "Bogføringsdato": f"{each.posted:%d.%m.%Y}",
            "Betegnelse": each.text,
            "Vrd./CO-områdevaluta": written.rjust(20),
            "Omk.art": each.account,
            "OmkArtsbetegnelse": each.title,
            "Medarbejders navn": MANAGER,
            "MA-nr.": EMPLOYEE,
            "Fulde navn": MANAGER,
        }
        found.append("".join(f"|{values.get(name, ''):<{width}}" for name, width in MAIN) + "|")
        if number % a_page == 0:
            found += ["", f"Bruger {USER}" + " " * 40 + f"Side {number // a_page + 1:>3}", *page]
        if random.random() < 0.8:
            found.append(f"           |           |   |   |{USER:<12}|{each.posted:%d.%m.%Y}  ")
    sums = {"Vrd./CO-områdevaluta": danish(sum(each.amount for each in lines)).rjust(20), "Bilagsnummer": "*"}
    found += [rule, "".join(f"|{sums.get(name, ''):<{width}}" for name, width in MAIN) + "|", rule]
    return "".join(f"{line}\r\n" for line in found).encode(encoding)


def cji3_with_tabs(lines: Iterable[Entry]) -> bytes:
    """The same list as "Tekst med tabulator": its columns have moved."""
    return cji3(lines).replace(b"|", b"\t")
