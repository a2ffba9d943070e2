#!/usr/bin/env python3
"""Sets pulje up in .venv beside this file, and runs it: all it needs is Python 3.11 or newer.

    python3 run.py demo     builds all documents of the example project
    python3 run.py test     runs the tests
    python3 run.py WORDS    is `pulje WORDS`

This file stays readable to a Python as old as 3.6, so that it can say what is wrong.
"""

import hashlib
import importlib.util
import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import Iterator, NoReturn  # noqa: UP035 (an older Python must come as far as OLD)

VERSION = "{}.{}".format(*sys.version_info)
ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
READY = VENV / "pulje-ready.txt"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")

# What an installation is made from: when one of these changes, it is made again.
SOURCES = ("pyproject.toml", "requirements.lock", "hatch_build.py", "toolkit/locale/da/LC_MESSAGES/pulje.po")

TOOL = ["-P", "-m", "toolkit"]  # -P: a folder named toolkit where the user happens to stand is not ours
DEMO = [*TOOL, "build", "projects/thisted-nordthy", "--out", "build/thisted-nordthy"]
TEST = ["-m", "pytest", "-n", "auto", "--dist", "worksteal"]  # on every processor; -n 0 among the words: on one

HELP = """\
python3 run.py demo                 laver alle dokumenter i eksemplet / builds all documents of the example
python3 run.py test                 kører testene / runs the tests
python3 run.py --help               viser kommandoerne / shows the commands
python3 run.py status projects/thisted-nordthy"""

OLD = """\
pulje kræver Python 3.11 eller nyere; dette er Python {version}. Hent en nyere på python.org.
pulje needs Python 3.11 or newer; this is Python {version}. Get a newer one from python.org."""

NO_VENV = """\
Python mangler modulet venv. På Debian og Ubuntu: sudo apt install python{version}-venv
Python lacks its venv module. On Debian and Ubuntu: sudo apt install python{version}-venv"""

SETTING_UP = "Sætter pulje op i .venv (op til et minut) … / Setting up pulje in .venv (up to a minute) …"

FAILED = """\
Opsætningen lykkedes ikke; grunden står ovenfor. Intet er ødelagt: kør kommandoen igen, når grunden er væk.
  Kræver nettet en proxy, så sæt HTTPS_PROXY=http://navn:port og prøv igen; spørg it-afdelingen om navnet.
  Er en fil i brug, så luk de programmer, der bruger mappen .venv.
The set-up failed; the reason stands above. Nothing is broken: run the command again when the reason is gone.
  If the network needs a proxy, set HTTPS_PROXY=http://name:port and try again; your IT department knows the name.
  If a file is in use, close the programs that use the folder .venv."""


def main(words: "list[str]") -> NoReturn:
    """Do what the words ask for, with its exit code."""
    if not words:
        print(HELP)
        sys.exit()
    if sys.version_info < (3, 11):  # noqa: UP036 (this is the line that says so)
        sys.exit(OLD.format(version=VERSION))
    if not is_ready():
        if not (importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip")):
            sys.exit(NO_VENV.format(version=VERSION))
        print(SETTING_UP, file=sys.stderr, flush=True)
        try:
            with alone():
                if not is_ready():  # another run may have made it while this one waited
                    set_up()
        except subprocess.CalledProcessError:  # venv or pip, which has said why
            sys.exit(FAILED)
        except OSError as error:
            sys.exit(f"{error}\n{FAILED}")
    arguments, folder = meaning(words)
    become([str(PYTHON), *arguments], folder)


def meaning(words: "list[str]") -> "tuple[list[str], Path]":
    """What Python is asked to do, and in which folder: the user's own paths count from where the user stands."""
    if words[0] == "demo":
        return [*DEMO, *words[1:]], ROOT
    if words[0] == "test":
        return [*TEST, *words[1:]], ROOT
    return [*TOOL, *words], Path.cwd()


def wanted() -> str:
    """What the stamp of an installation says that is up to date: its Python and place, then what it is made from.

    A .venv holds full paths, so a folder that was moved needs a new one.
    """
    made_from = hashlib.sha256()
    for name in SOURCES:
        made_from.update((ROOT / name).read_bytes())
    return f"{VERSION} {sys.platform} {ROOT}\n{made_from.hexdigest()}\n"


def is_ready() -> bool:
    """Whether .venv is whole and up to date."""
    return PYTHON.exists() and stamp() == wanted()


def stamp() -> str:
    """What the last finished set-up left; nothing when there was none, or when one began and did not finish."""
    return READY.read_text(encoding="utf-8") if READY.exists() else ""


def set_up() -> None:
    """Make .venv, or bring it up to date. The stamp goes first and comes last: without it all is made anew."""
    same_python_and_place = PYTHON.exists() and stamp().partition("\n")[0] == wanted().partition("\n")[0]
    READY.unlink(missing_ok=True)
    if not same_python_and_place:
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)], check=True)
    pip("--require-hashes", "--only-binary=:all:", "--requirement", str(ROOT / "requirements.lock"))
    pip("--no-deps", "--no-build-isolation", "--editable", str(ROOT))
    # Python before 3.13 reads this file in the PC's code page, where C:\Users\Søren does not survive: a path from the
    # file itself needs no letters at all.
    for path in (*VENV.glob("lib/python*/site-packages/_pulje.pth"), *VENV.glob("Lib/site-packages/_pulje.pth")):
        path.write_text(os.path.relpath(ROOT, path.parent) + "\n", encoding="ascii")
    READY.write_text(wanted(), encoding="utf-8")


def pip(*arguments: str) -> None:
    """Install with the PC's own settings for proxy and certificates, whatever else its pip or Python is told."""
    command = [str(PYTHON), "-I", "-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check"]
    subprocess.run([*command, *arguments], check=True, env={**os.environ, "PIP_USER": "0"})


@contextmanager
def alone() -> Iterator[None]:
    """Wait for another set-up of the same folder; however a process ends, the system gives its lock free."""
    with (ROOT / ".venv.lock").open("w") as handle:
        if sys.platform == "win32":
            import msvcrt

            while True:
                try:
                    msvcrt.locking(handle.fileno(), msvcrt.LK_LOCK, 1)  # gives up after ten seconds
                    break
                except OSError:
                    continue
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def become(command: "list[str]", folder: Path) -> NoReturn:
    """Be that command from here on: its exit code, its Ctrl-C."""
    os.chdir(folder)
    if os.name != "nt":
        os.execv(command[0], command)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Windows tells both of Ctrl-C: the command answers it
    sys.exit(subprocess.call(command))


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit(130)
