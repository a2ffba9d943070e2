"""How long a command takes, as whole processes beside the least that it could cost.

    python benchmarks/start.py [--runs N]

Run it with the Python of .venv; the processes take turns, so that a busy moment hits them all.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
EXAMPLE = "projects/thisted-nordthy"


class Case(NamedTuple):
    """One command, and what it may take: so many times the yardstick, or so many seconds."""

    name: str
    command: list[str]
    times: float | None = None
    seconds: float | None = None


YARDSTICK = Case('python -c "import click"', [sys.executable, "-c", "import click"])
PULJE = str(Path(sys.executable).with_name("pulje.exe" if os.name == "nt" else "pulje"))


def cases(out: str) -> list[Case]:
    """What is measured; `demo` is its own set-up check and the build, into a folder that goes away."""
    return [
        YARDSTICK,
        Case("pulje --help", [PULJE, "--help"], times=2),
        Case("pulje status", [PULJE, "status", EXAMPLE, "--as-of", "2022-06-30"], times=4),
        Case("pulje check", [PULJE, "check", EXAMPLE]),
        Case("run.py --version", [sys.executable, "run.py", "--version"], seconds=1),
        Case("run.py demo", [sys.executable, "run.py", "demo", "--out", out], seconds=3),
    ]


def measure(case: Case) -> float:
    """Seconds from start to end of one process, compiled code kept as on any PC. A command that fails has no time."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    began = time.perf_counter()
    done = subprocess.run(case.command, cwd=ROOT, env=environment, capture_output=True)
    ended = time.perf_counter()
    if done.returncode:
        sys.exit(f"{case.name}: exit code {done.returncode}\n{done.stderr.decode(errors='replace')}")
    return ended - began


def main() -> None:
    """Print a table: the median of each, its share of the yardstick, and whether that is within the limit."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=11, help="how often each runs (default: 11)")
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as out:
        all_cases = cases(out)
        for case in all_cases:
            measure(case)  # the first one fills the disk's cache
        taken = [[measure(case) for case in all_cases] for _run in range(runs)]
    medians = [statistics.median(times) for times in zip(*taken, strict=True)]
    print(f"{'median of ' + str(runs):28} {'ms':>8} {'times':>7}   limit")
    for case, median in zip(all_cases, medians, strict=True):
        print(f"{case.name:28} {median * 1000:8.0f} {median / medians[0]:7.1f}   {_limit(case, median, medians[0])}")


def _limit(case: Case, median: float, yardstick: float) -> str:
    if case.times:
        return f"{case.times:g} times: {'kept' if median <= case.times * yardstick else 'BROKEN'}"
    if case.seconds:
        return f"{case.seconds:g} s: {'kept' if median <= case.seconds else 'BROKEN'}"
    return ""


if __name__ == "__main__":
    main()
