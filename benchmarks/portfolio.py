"""How long an overview of many projects takes, as whole processes; and a million postings out of Parquet.

    python benchmarks/portfolio.py [--runs N]

Run it with the Python of .venv. The projects are made up here, the same every time: a plan with three phases, eight
milestones and six budget lines, a log of thirty-odd events, and a thousand postings in eight imports. DuckDB answers
where it is installed (pip install duckdb).
"""

from __future__ import annotations

import argparse
import csv
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date, timedelta
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PULJE = [sys.executable, "-m", "toolkit"]
AS_OF = "2023-06-30"

LINES = {
    "projektleder": 1_481_480,
    "teamcoach": 1_004_328,
    "medarbejdertid": 1_700_000,
    "kompetenceudvikling": 980_000,
    "evaluering": 420_000,
    "formidling": 114_192,
}
AWARDED = sum(LINES.values())
COHORTS = ("Øst", "Vest", "Erfarne")
DAYS = [date(2022, 1, 3) + timedelta(days=91 * quarter) for quarter in range(8)]


def main() -> None:
    """Make the projects, and print what each answer took."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=5, help="how often each runs (default: 5)")
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as folder:
        few, many, out = (Path(folder, name) for name in ("98", "1000", "parquet"))
        make(few, 98)
        make(many, 1000)
        print(f"{'median of ' + str(runs):44} {'s':>7}   limit")
        once = _measured("98 projects × 1,000 postings", ["portfolio", str(few)], runs, limit=2)
        all_of_them = _measured("1,000 projects × 1,000 postings", ["portfolio", str(many)], max(1, runs // 4))
        print(f"{'… for each project, against 98':44} {all_of_them / 1000 / (once / 98):7.2f}   1 is linear")
        _measured("98 projects as a workbook", ["portfolio", str(few), "--xlsx", str(Path(folder, "98.xlsx"))], runs)
        _measured("1,000 projects as Parquet", ["portfolio", str(many), "--parquet", str(out)], 1)
        size = sum(path.stat().st_size for path in out.rglob("*.parquet"))
        print(f"{'… in bytes':44} {size / 1e6:7.1f}   MB")
        if find_spec("duckdb"):
            _ask_duckdb(out / "postings", runs)


def _measured(name: str, words: list[str], runs: int, limit: float | None = None) -> float:
    taken = [_seconds([*PULJE, *words, "--as-of", AS_OF]) for _run in range(runs)]
    median = statistics.median(taken)
    kept = "" if limit is None else f"{limit:g} s: {'kept' if median <= limit else 'BROKEN'}"
    print(f"{name:44} {median:7.2f}   {kept}")
    return median


def _ask_duckdb(postings: Path, runs: int) -> None:
    """Spent by municipality and year, of all the postings there are, in a process of its own."""
    question = (
        'import duckdb; print(duckdb.sql("select municipality, year, sum(amount_kr) from '
        f"read_parquet('{postings.as_posix()}/**/*.parquet', hive_partitioning=true) where place = 'line' "
        'group by all").fetchall())'
    )
    median = statistics.median(_seconds([sys.executable, "-c", question]) for _run in range(runs))
    print(f"{'1,000,000 postings, asked with DuckDB':44} {median:7.2f}   1 s: {'kept' if median <= 1 else 'BROKEN'}")


def _seconds(command: list[str]) -> float:
    """Seconds from start to end of one process, compiled code kept as on any PC. A command that fails has no time."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    began = time.perf_counter()
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True)
    ended = time.perf_counter()
    if done.returncode:
        sys.exit(f"{' '.join(command)}: exit code {done.returncode}\n{done.stderr.decode(errors='replace')}")
    return ended - began


# ── the projects ─────────────────────────────────────────────────────────────────────────────


def make(folder: Path, count: int, postings: int = 1000) -> None:
    """That many projects, the municipalities one after the other."""
    with (ROOT / "templates/municipalities.csv").open(encoding="utf-8", newline="") as file:
        places = [row["place"] for row in csv.DictReader((line for line in file if line[0] != "#"), delimiter=";")]
    for number in range(count):
        _make_project(folder / f"projekt-{number:04}", places[number % len(places)], number, postings)


def _make_project(folder: Path, place: str, number: int, postings: int) -> None:
    for below in ("budgets", "postings"):
        (folder / below).mkdir(parents=True)
    _write(folder / "project.yaml", _plan(place, COHORTS[number % len(COHORTS)]))
    _write(folder / "allocation.yaml", _rules())
    for stage, since in (("application", "2021-11-01"), ("award", "2021-12-16")):
        _write(folder / "budgets" / f"{since}-{stage}.yaml", _budget(stage))
    imports = []
    for quarter, day in enumerate(DAYS):
        text = "\n".join(["posted;voucher;line;account;cost_centre;wbs_element;text;amount", *_rows(quarter, postings)])
        imported = day + timedelta(days=100)
        digest = sha256(f"{text}\n".encode()).hexdigest()
        file = f"postings/{imported}-opus-{digest[:8]}.csv"
        _write(folder / file, f"{text}\n")
        imports.append((imported, file, digest))
    _write(folder / "events.yaml", _log(imports))


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def _plan(place: str, cohort: str) -> str:
    milestones = "\n".join(
        f"  - {{id: milepael-{n}, title: Milepæl nummer {n}, due: {date(2022, 1, 31) + timedelta(days=80 * n)},"
        f" phase: fase-{1 if n < 2 else 2 if n < 7 else 3}}}"
        for n in range(8)
    )
    return f"""\
title: Faste teams i hjemmeplejen
municipality: {place}
cohort: {cohort}
fund: faste-teams-2021
synthetic: true
project_period: {{starts: 2022-01-01, ends: 2023-12-31}}
grant: {{applied: {AWARDED}, awarded: {AWARDED}}}
purpose: At give borgerne færre forskellige medarbejdere og medarbejderne større indflydelse
target_group: Borgere, der modtager hjemmehjælp i eget hjem
goals:
  - {{id: livskvalitet, title: Øget livskvalitet for borgerne}}
  - {{id: arbejdsmiljoe, title: Et bedre arbejdsmiljø}}
indicators:
  - {{id: ansigter, title: Forskellige medarbejdere hos en borger, goal: livskvalitet, baseline: 16, target: 8}}
  - {{id: sygefravaer, title: Sygefravær, goal: arbejdsmiljoe, unit: pct., baseline: "8,4", target: "6,5"}}
phases:
  - {{id: fase-1, title: Etablering, starts: 2022-01-01, ends: 2022-06-30}}
  - {{id: fase-2, title: Drift, starts: 2022-07-01, ends: 2023-06-30}}
  - {{id: fase-3, title: Forankring, starts: 2023-07-01, ends: 2023-12-31}}
milestones:
{milestones}
people:
  - {{role: project_manager, name: Projektlederen, from: 2022-01-01}}
risks:
  - {{id: rekruttering, title: Stillinger kan ikke besættes, likelihood: medium, impact: high, action: Egne vikarer}}
reports:
  - {{kind: status-report, period_ends: 2022-12-31, due: 2023-02-28}}
  - {{kind: final-report, period_ends: 2023-12-31, due: 2024-04-30}}
erp: {{wbs_elements: [XA-1391100000-00020]}}
"""


def _budget(stage: str) -> str:
    lines = "\n".join(
        f"  - {{id: {id}, title: {id.capitalize()}, amount: {amount},"
        f" by_year: {{2022: {amount // 2}, 2023: {amount - amount // 2}}}}}"
        for id, amount in LINES.items()
    )
    return f"stage: {stage}\nlines:\n{lines}\n"


def _rules() -> str:
    rules = "\n".join(
        f"  - {{account: {4001 + number}*, line: {id}, reason: Kontoen er postens egen}}"
        for number, id in enumerate(LINES)
    )
    return f"rules:\n  - {{account: 86*, grant_income: true, reason: Tilskuddets rater}}\n{rules}\n"


def _rows(quarter: int, postings: int) -> Iterator[str]:
    """A quarter's part of the postings: about 80 per cent of every line's money, in uneven amounts."""
    count = postings // len(DAYS)
    for number in range(count):
        line = number % len(LINES)
        amount = list(LINES.values())[line] * 80 // postings * len(LINES) + number * 37 % 1000
        posted = DAYS[quarter] + timedelta(days=number * 90 // count)
        voucher = 220_100_000 + quarter * 10_000 + number
        coding = f"{4001 + line}0000;53280010;XA-1391100000-00020"
        yield f"{posted};{voucher};1;{coding};Bilag {voucher};{amount // 100},{amount % 100:02}"


def _log(imports: list[tuple[date, str, str]]) -> str:
    events: list[tuple[date, str]] = [
        (date(2021, 11, 1), f"kind: applied, amount: {AWARDED}, budget: 2021-11-01-application"),
        (date(2021, 12, 16), f"kind: awarded, amount: {AWARDED}, budget: 2021-12-16-award"),
        (date(2022, 12, 8), "kind: experience, theme: Planlægning, text: Teamene planlægger bedst dagen før"),
        (date(2023, 5, 8), "kind: advice, theme: Ledelse, text: Begynd med lederne"),
        (date(2023, 2, 20), "kind: submitted, issued: 2022-12-31-status-report-v1, to: Socialstyrelsen"),
    ]
    events += [(day, f"kind: imported, file: {file}, digest: 'sha256:{digest}'") for day, file, digest in imports]
    events += [
        (date(2022, 1, 31) + timedelta(days=80 * n), f"kind: milestone-reached, milestone: milepael-{n}")
        for n in range(5)
    ]
    for day in DAYS:
        events.append((day + timedelta(days=20), "kind: activity-held, title: Temadag for teamene, participants: 34"))
        events.append((day + timedelta(days=50), "kind: measured, indicator: ansigter, value: 12"))
    return "".join(f"- {{{words}, happened: {day}, recorded: {day}}}\n" for day, words in sorted(events))


if __name__ == "__main__":
    main()
