"""Ninety-eight projects from one list, as whole processes, beside cookiecutter's and copier's own libraries.

    python benchmarks/scaffold.py [--runs N]

The peers get the same files as a template with two values in it, and check nothing; pulje reads the list strictly,
checks every plan by all its rules, and writes the schemas and what `update` needs as well. Copier is measured where it
is installed (pip install copier).
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LIMIT = 2.0  # seconds, for pulje

SEED = """\
common:
  title: Faste teams i ældreplejen
  fund: faste-teams-2021
  project_period: {starts: 2022-01-01, ends: 2023-12-31}
  grant: {applied: 1.000.000 kr.}
  purpose: At gøre plejen mere stabil.
  target_group: Borgere, der får hjemmehjælp.
  goals: [{id: livskvalitet, title: Øget livskvalitet}]
  phases:
    - {id: fase-1, title: Etablering, starts: 2022-01-01, ends: 2022-06-30}
    - {id: fase-2, title: Drift, starts: 2022-07-01, ends: 2023-12-31}
  milestones:
    - {id: teams-klar, title: Teams er sat, phase: fase-1, due: 2022-06-15}
  budget_lines:
    - {id: loen, title: "Løn, projektleder", amount: 600.000 kr.}
    - {id: kurser, title: Kurser, amount: 400.000 kr.}
municipalities:
"""

COOKIECUTTER = """
import json, sys
from cookiecutter.main import cookiecutter
template, out, places = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
for number, place in enumerate(places):
    values = {"slug": f"projekt-{number}", "municipality": place}
    cookiecutter(template, no_input=True, extra_context=values, output_dir=out, accept_hooks=False)
"""

COPIER = """
import json, sys
from copier import run_copy
template, out, places = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
for number, place in enumerate(places):
    run_copy(template, out, data={"slug": f"projekt-{number}", "municipality": place}, quiet=True, overwrite=True)
"""


def municipalities() -> list[str]:
    """The ninety-eight, as a list names them."""
    rows = (ROOT / "templates" / "municipalities.csv").read_text(encoding="utf-8").splitlines()
    return [row.split(";")[1] for row in rows if not row.startswith(("#", "code;"))]


def pulje(seed: Path, out: Path) -> list[str]:
    """The command itself."""
    return [sys.executable, "-m", "toolkit", "new", str(seed), "--into", str(out)]


def templates(place: Path, project: Path) -> None:
    """A made project as a template for each of the peers: its texts, with the municipality as a value."""
    files = [path for path in sorted(project.rglob("*")) if path.is_file() and ".pulje" not in path.parts]
    for name, expression, suffix in (("cookiecutter", "cookiecutter.", ""), ("copier", "", ".jinja")):
        top = place / name / f"{{{{{expression}slug}}}}"
        for path in files:
            target = top / path.relative_to(project)
            target = target.with_name(target.name + suffix)
            target.parent.mkdir(parents=True, exist_ok=True)
            text = path.read_text(encoding="utf-8").replace("København", f"{{{{ {expression}municipality }}}}")
            target.write_text(text, encoding="utf-8", newline="\n")
    settings = json.dumps({"slug": "projekt", "municipality": "Thisted"})
    (place / "cookiecutter" / "cookiecutter.json").write_text(settings, encoding="utf-8")
    (place / "copier" / "copier.yml").write_text("slug: {type: str}\nmunicipality: {type: str}\n", encoding="utf-8")


def measure(command: list[str], out: Path) -> float:
    """Seconds from start to end; every one of the projects must be there."""
    began = time.perf_counter()
    done = subprocess.run(command, cwd=ROOT, capture_output=True)
    ended = time.perf_counter()
    made = len(list(out.glob("*/project.yaml")))
    if done.returncode or made != len(municipalities()):
        sys.exit(f"{command[:4]}: exit code {done.returncode}, {made} projects\n{done.stderr.decode(errors='replace')}")
    return ended - began


def main() -> None:
    """Print a table: the median of each; pulje's beside its limit."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=3, help="how often each runs (default: 3)")
    runs = parser.parse_args().runs
    places = municipalities()
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        seed = place / "liste.yaml"
        seed.write_text(SEED + "".join(f"  - {each}\n" for each in places), encoding="utf-8")
        measure(pulje(seed, place / "first"), place / "first")  # the first one fills the disk's cache
        templates(place, next(path for path in (place / "first").iterdir() if path.name.startswith("koebenhavn")))
        home = [sys.executable, "-c"]
        commands = {
            "cookiecutter's library": [*home, COOKIECUTTER, str(place / "cookiecutter")],
            "copier's library": [*home, COPIER, str(place / "copier")],
        }
        if find_spec("copier") is None:
            del commands["copier's library"]
            print("copier is not installed: left out")
        taken: dict[str, list[float]] = {}
        for run in range(runs):
            out = place / f"pulje-{run}"
            taken.setdefault("pulje new", []).append(measure(pulje(seed, out), out))
            for name, command in commands.items():
                out = place / f"{name.split(chr(39))[0]}-{run}"
                out.mkdir()
                taken.setdefault(name, []).append(measure([*command, str(out), json.dumps(places)], out))
    for name, seconds in taken.items():
        median = statistics.median(seconds)
        limit = f"   {LIMIT:g} s: {'kept' if median <= LIMIT else 'BROKEN'}" if name == "pulje new" else ""
        print(f"{name:26} {median:6.2f} s{limit}")


if __name__ == "__main__":
    main()
