"""A sound project in which every key of every record stands: what tests break, one value at a time.

It is made from the records themselves, so that a new key is in it from its first day. Every id is `a`: whatever points
at something finds it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from hashlib import sha256
from pathlib import Path
from types import NoneType
from typing import Any, Literal, get_args, get_origin

from toolkit.core.cases import Case
from toolkit.core.events import KINDS
from toolkit.core.money import Money
from toolkit.core.payroll import Payroll
from toolkit.core.plan import Budget, Plan
from toolkit.core.records import DatedRows, Id, Month, PostingRows, Rows, Share, Year
from toolkit.readers import model

_USUAL = {
    Money: "1.000 kr.",
    Fraction: '"1"',
    Share: "50 pct.",
    date: "2022-03-15",
    Year: "2022",
    Month: "2022-03",
    Id: "a",
    Rows: "2-3",
    PostingRows: "postings/2022-07-01-opus-0a1b2c3d.csv:2-3",
    DatedRows: "2022-03-31 postings/2022-07-01-opus-0a1b2c3d.csv:2-3",
    bool: "false",
    int: "1",
    str: "Tekst",
}
_NAMED = {
    "starts": "2022-01-01",
    "ends": "2023-12-31",
    "from": "2022-01-01",
    "to": "2023-12-31",
    "due": "2022-06-01",
    "happened": "2022-03-01",
    "recorded": "2022-03-02",
    "email": "a@b.dk",
    "cvr": '"12345678"',
    "municipality": "Thisted",
    "digest": '"{digest}"',
}
POSTINGS = "postings/2022-07-01-opus-0a1b2c3d.csv"
ISSUED = "2022-06-30-status-report-v1"

# What has to fit what stands elsewhere.
_PLAN = {
    "fund": "faste-teams-2021",
    "round": "runde-2021",
    "grant_period": "{starts: 2022-01-01, ends: 2023-12-31}",
    "grant": "{applied: 1.000 kr., awarded: 1.000 kr., applied_on: 2021-11-01, grantor_file_number: x}",
    "phases": """
  - {id: a, title: Etablering, starts: 2022-01-01, ends: 2022-12-31, ongoing: false, text: x, precision: day, source: a}
  - {id: b, title: Drift, ongoing: true}""",
    "reports": """
  - {kind: status-report, period_starts: 2022-01-01, period_ends: 2022-06-30, due: 2022-09-01, to: x, source: a}
  - {kind: final-report, period_starts: 2022-01-01, period_ends: 2023-12-31, due: 2024-03-01}
  - {kind: accounts, period_starts: 2022-01-01, period_ends: 2022-12-31, due: 2023-03-01}""",
    "erp": '{wbs_elements: [XA-1], cost_centres: ["1"], accounts: ["4"], source: a}',
}
_BUDGET = {
    "funding": "[{kind: co, title: x, amount: 100 kr., source: a}]",
    "lines": """
  - {id: a, title: Løn, amount: 900 kr., unit: time, quantity: 9, unit_price: 100 kr.,
     by_year: {2022: 450 kr., 2023: 450 kr.}, source: a}
  - {id: b, title: Kurser, amount: 200 kr., by_month: {2022-01: 100 kr., 2023-02: 100 kr.}}""",
}
_STAGES = {"application": "2021-11-01", "award": "2021-12-16", "change": "2023-02-15"}
_CHANGED = "{project_period.ends: 2023-12-31, phases.a.ends: 2022-11-30}"
_EVENTS: Mapping[str, Mapping[str, str]] = {
    "applied": {"happened": "2021-11-01", "budget": "2021-11-01-application"},
    "awarded": {"happened": "2021-12-16", "budget": "2021-12-16-award", "promise": ""},
    "change-requested": {"change": "budget", "budget": "2023-02-15-change", "values": _CHANGED},
    "change-approved": {"change": "extension", "budget": "2023-02-15-change", "values": _CHANGED},
    "change-refused": {"change": "carry-over", "budget": "2023-02-15-change", "values": _CHANGED},
    "imported": {"file": POSTINGS},
    "submitted": {"issued": ISSUED, "known_by": "2022-03-01"},
    "noted": {"id": "n"},
    "corrected": {"event": "n", "values": "{text: Ny}"},
}
_LAST = ("noted", "corrected", "closed")
_CASE = {
    "layout": "standard",
    "steps": """
  - {id: a, body: Udvalget, date: 2022-05-01, case_type: for-decision, item: 1, place: x, consultation: false,
     proposed_by: y, proposal: [z], source: a}
  - {id: b, body: Ældrerådet, date: to-follow, case_type: for-information}""",
    "attachments": "[{no: 1, title: x, open: true, source: a}]",
}
_ALLOCATION = """\
rules:
  - {account: "4600", cost_centre: "*", wbs_element: "*", text: "*", voucher: "*", line: a, eligible: 50 pct.,
     reason: x, source: a}
  - {account: "4601", split: {a: 60, b: 40}, eligible_amount: 1 kr., reason: x}
  - {account: "8*", grant_income: true}
  - {account: "9*", other_income: true}
  - {account: "5*", not_eligible: true, reason: x}
  - {account: "*", line: b}
"""
_BOOKS = """\
posted;voucher;line;account;cost_centre;wbs_element;text;amount
2022-03-15;1;1;4600;1;XA-1;Løn;100,00
2022-03-15;2;1;4601;1;XA-1;Løn;100,01
2022-03-16;3;1;8000;1;XA-1;Rate;-500,00
2023-04-16;4;1;9000;1;XA-1;Fra andre;-50,00
2023-04-16;5;;5000;1;XA-1;Gave;5,00
2023-04-17;6;;7000;1;XA-1;Kursus;5,00
"""


def files() -> dict[str, str]:
    """The project's files by name."""
    digest = f"sha256:{sha256(_BOOKS.encode()).hexdigest()}"
    kinds = sorted(
        KINDS.keys() - {"rejected"}, key=lambda kind: (kind == "corrected", kind in _LAST, list(KINDS).index(kind))
    )
    log = (f"- {{kind: {kind}, {_flow(KINDS[kind], _EVENTS.get(kind, {}))}}}\n" for kind in kinds)
    return {
        "project.yaml": _block(Plan, _PLAN),
        **{
            f"budgets/{day}-{stage}.yaml": _block(Budget, {**_BUDGET, "stage": stage, "id": ""})
            for stage, day in _STAGES.items()
        },
        "events.yaml": "".join(log).replace("{digest}", digest),
        "allocation.yaml": _ALLOCATION,
        "payroll.yaml": _block(Payroll, {"accounts": '["4*"]'}),
        "cases/a.md": f"---\n{_block(Case, {**_CASE, 'id': ''})}---\n# Resumé\nFik {{{{ grant.awarded | kr }}}}.\n",
        "texts/application.md": "# Resumé\nTekst.\n",
        "texts/status-report/2022-06-30.md": "# Resumé\nTekst.\n",
        "texts/final-report.md": "# Resumé\nTekst.\n",
        POSTINGS: _BOOKS,
    }


def write(folder: Path, changed: Mapping[str, str] = {}) -> Path:
    """The project in a folder, with some of its files otherwise."""
    for name, text in {**files(), **changed}.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", errors="surrogatepass", newline="")
    return folder


# ── from a record's hints ────────────────────────────────────────────────────────────────────


def _block(record: Any, said: Mapping[str, str]) -> str:
    return "".join(f"{key}: {value}\n" for key, value in _keys(record, said))


def _flow(record: Any, said: Mapping[str, str] = {}) -> str:
    return ", ".join(f"{key}: {value}" for key, value in _keys(record, {"called": "", "id": "", **said}))


def _keys(record: Any, said: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for key, field in model.fields_of(record).items():
        value = said[key] if key in said else _value(field.kind, key)
        if value:
            yield key, value


def _value(hint: Any, key: str) -> str:
    options = [option for option in model._alternatives(hint) if option is not NoneType]
    words = [word for option in options if get_origin(option) is Literal for word in get_args(option)]
    only = next((option for option in options if get_origin(option) is not Literal), None)
    if only is None:
        return str(words[0])
    if get_origin(only) is tuple:
        return f"[{_value(get_args(only)[0], key)}]"
    if get_origin(only) is not None:
        name, value = get_args(only)
        return f"{{{_USUAL[name]}: {_value(value, key)}}}"
    if model.is_record(only):
        return f"{{{', '.join(f'{inner}: {value}' for inner, value in _keys(only, {}))}}}"
    return _NAMED.get(key, _USUAL[only])
