"""A controller's CSV imported, allocated and summed, beside the least it could cost and beside hledger and ledger.

    python benchmarks/postings.py [--rows 10000 100000 1000000] [--runs 3]

Run it with the Python of .venv. Whole processes, which take turns; the bare loop is csv.reader and whole øre over the
same file. hledger and ledger (Debian packages) get the same postings as a journal, with the accounts already named, and
only have to sum them; where they are not installed, that is said.
"""

from __future__ import annotations

import argparse
import csv
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

PULJE = [sys.executable, "-m", "toolkit"]
TIMES, MEGABYTES, SECONDS = 6, 600, {10_000: 0.6}  # the limits: for the two commands together, for each, and in all

WBS_ELEMENT = "XA-1391100000-00020"
ACCOUNTS = {
    "40010000": "loen",
    "40020000": "vikarer",
    "46000000": "kurser",
    "46100000": "konsulent",
    "29000000": "materialer",
}
TEXTS = ("Månedsløn projektleder", "Vikar, oplæring team A", "Kursus; modul 2", "Kørsel", "Materialer til team B")

HEADINGS = ("Bogføringsdato", "Bilagsnr", "Artskonto", "Kontotekst", "PSP-element", "Tekst", "Beløb", "Momskode")

PROJECT = f"""title: Maaling
municipality: Thisted
project_period: {{starts: 2022-01-01, ends: 2023-12-31}}
grant: {{applied: 50.000.000 kr., awarded: 50.000.000 kr.}}
phases: [{{id: fase-1, title: Etablering, starts: 2022-01-01, ends: 2023-12-31}}]
erp: {{wbs_elements: [{WBS_ELEMENT}]}}
"""
BUDGET = "stage: award\nlines:\n" + "".join(
    f"  - {{id: {line}, title: {line}, amount: 10.000.000 kr.}}\n" for line in ACCOUNTS.values()
)
RULES = (
    'rules:\n  - {voucher: "220000007", line: kurser, reason: "Et bilag for sig"}\n'
    '  - {account: "40010000", text: "*team A*", split: {loen: 60, vikarer: 40}}\n'
    + "".join(f'  - {{account: "{account}", line: {line}}}\n' for account, line in ACCOUNTS.items())
)
BARE = """import csv, sys
total = 0
with open(sys.argv[1], encoding="cp1252", newline="") as file:
    rows = csv.reader(file, delimiter=";")
    next(rows)
    for row in rows:
        total += int(row[6].replace(".", "").replace(",", ""))
"""


class Row(NamedTuple):
    """One posting, with its amount in øre."""

    posted: date
    voucher: str
    account: str
    text: str
    amount: int


class Case(NamedTuple):
    """A process to measure, and what puts things back before each run."""

    name: str
    command: list[str]
    before: Callable[[], object] = lambda: None


class Taken(NamedTuple):
    """What one run took."""

    seconds: float
    megabytes: float


def rows(count: int) -> Iterator[Row]:
    """The same rows every time."""
    chance = random.Random(count)
    accounts = list(ACCOUNTS)
    for number in range(count):
        posted = date(2022, 1, 1) + timedelta(days=chance.randrange(730))
        voucher, account, text = str(220_000_000 + number // 3), chance.choice(accounts), chance.choice(TEXTS)
        yield Row(posted, voucher, account, text, chance.randrange(-500_000, 12_000_000))


def kroner(amount: int, thousands: str) -> str:
    """An amount in the Danish way."""
    whole, oere = divmod(abs(amount), 100)
    return f"{'-' if amount < 0 else ''}{whole:,}".replace(",", thousands) + f",{oere:02}"


def write_files(folder: Path, count: int) -> tuple[Path, Path]:
    """The export as a controller's CSV, and the same postings as a journal."""
    export, journal = folder / f"{count}.csv", folder / f"{count}.journal"
    with export.open("w", encoding="cp1252", newline="") as text, journal.open("w", encoding="utf-8") as entries:
        out = csv.writer(text, delimiter=";")
        out.writerow(HEADINGS)
        entries.write("commodity 1000,00 DKK\n\n")
        for row in rows(count):
            day, amount = f"{row.posted:%d-%m-%Y}", kroner(row.amount, ".")
            out.writerow([day, row.voucher, row.account, ACCOUNTS[row.account], WBS_ELEMENT, row.text, amount, ""])
            text_without_comment = row.text.replace(";", ",")
            entries.write(
                f"{row.posted} ({row.voucher}) {text_without_comment}\n"
                f"    budget:{ACCOUNTS[row.account]}  {kroner(row.amount, '')} DKK\n    konto:{row.account}\n\n"
            )
    return export, journal


def new_project(folder: Path) -> None:
    """A project without postings in the place of the one that was there."""
    shutil.rmtree(folder, ignore_errors=True)
    for name, text in {
        "project.yaml": PROJECT,
        "budgets/2021-12-16-award.yaml": BUDGET,
        "allocation.yaml": RULES,
    }.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def cases(folder: Path, count: int) -> Iterator[Case]:
    """What is measured; `pulje budget` finds what `pulje import` left."""
    export, journal = write_files(folder, count)
    project = folder / "projekt"
    yield Case("bare loop", [sys.executable, "-c", BARE, str(export)])
    yield Case("pulje import", [*PULJE, "import", str(project), str(export)], lambda: new_project(project))
    yield Case("pulje budget", [*PULJE, "budget", str(project), "--as-of", "2023-12-31"])
    for peer, options in (("ledger", ["--decimal-comma"]), ("hledger", [])):
        if shutil.which(peer):
            yield Case(peer, [peer, "-f", str(journal), *options, "balance", "budget"])
        else:
            print(f"{peer} is not installed: left out")


def measure(case: Case) -> Taken:
    """One process from start to end. One that fails has no time."""
    case.before()
    with tempfile.TemporaryFile() as said:
        began = time.perf_counter()
        process = subprocess.Popen(case.command, stdout=said, stderr=said)
        _pid, status, used = os.wait4(process.pid, 0)
        ended = time.perf_counter()
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            said.seek(0)
            sys.exit(f"{case.name}: exit code {process.returncode}\n{said.read().decode(errors='replace')}")
    return Taken(ended - began, used.ru_maxrss / 1024)


def report(count: int, names: list[str], runs: list[list[Taken]]) -> None:
    """The medians for one size, and whether the limits are kept."""
    medians = {
        name: Taken(statistics.median(run[index].seconds for run in runs), max(run[index].megabytes for run in runs))
        for index, name in enumerate(names)
    }
    bare = medians["bare loop"].seconds
    print(f"\n{f'{count:,} rows':16} {'s':>7} {'times':>6} {'MB':>6}")
    for name, taken in medians.items():
        print(f"{name:16} {taken.seconds:7.2f} {taken.seconds / bare:6.1f} {taken.megabytes:6.0f}")
    ours = [medians["pulje import"], medians["pulje budget"]]
    both = sum(taken.seconds for taken in ours)
    if count >= 1_000_000:
        print(f"import and budget: {both / bare:.1f} times, limit {TIMES}: {kept(both <= TIMES * bare)}")
        print(f"memory: limit {MEGABYTES} MB: {kept(max(taken.megabytes for taken in ours) <= MEGABYTES)}")
    if count in SECONDS:
        print(f"pulje import: limit {SECONDS[count]} s: {kept(ours[0].seconds <= SECONDS[count])}")


def kept(limit: bool) -> str:
    """Whether a limit is, so that nobody overlooks one that is not."""
    return "kept" if limit else "BROKEN"


def main() -> None:
    """Print each process's median and its share of the bare loop, for each number of rows."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--runs", type=int, default=3, help="how often each runs (default: 3)")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for count in asked.rows:
            measured = list(cases(Path(folder), count))
            measure(measured[0])  # the disk's cache is filled
            runs = [[measure(case) for case in measured] for _run in range(asked.runs)]
            report(count, [case.name for case in measured], runs)


if __name__ == "__main__":
    main()
