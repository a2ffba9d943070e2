"""Hands projects out to be worked on elsewhere: a zip for each municipality, and in it what each project then was.

So what comes back can always be held against that, whatever has been handed out since.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

import msgspec
from msgspec import Struct

from toolkit.core.problems import N_, declare
from toolkit.issuing import digest
from toolkit.project import BUILT, ISSUED, KEPT, provenance
from toolkit.readers.source import decoded
from toolkit.writers.package import pack

HANDED_OUT = f"{KEPT}/handed-out.json"  # the base: in what is handed out, and never in the project itself
HANDED_IN = f"{KEPT}/handed-in.json"  # what has come back: in the project itself, and never handed out

README = "LÆSMIG.txt"

declare(
    "handed-out-nowhere",
    "error",
    N_("{project} says no municipality, so it is not handed out."),
    N_("write municipality: in its project.yaml"),
)

_HOW = """\
{municipality}

Hver mappe her er et projekt i pulje. Arbejd i mappen, hvor I vil: med programmet pulje, eller med en editor.

1. Pak zip-filen ud.
2. Skriv i filerne. Lad mapperne hedde det, de hedder, og lad .pulje blive liggende i dem: den siger, hvad der var
   sendt, så det, begge har rettet, kan ses.
3. Pak mapperne i en zip igen, hele og med .pulje, og send den tilbage.

Det, kun den ene har rettet, kommer med af sig selv. Har begge rettet det samme, går intet tabt: det bliver mærket.

Projekter:
{projects}
"""


class Base(Struct, frozen=True, kw_only=True):
    """A project as it was handed out: its place, what it was made from, its texts, and digests of its other files."""

    place: str
    made_from: str = ""
    texts: Mapping[str, str] = {}
    files: Mapping[str, str] = {}

    @property
    def versions(self) -> Mapping[str, str]:
        """Each file as what tells one version of it from another."""
        return {**self.texts, **self.files}


class HandedOut(Struct, frozen=True, kw_only=True):
    """A project as it goes: what its folder is called, and its files, the base among them."""

    folder: str
    files: Mapping[str, bytes]


def handed_out(folder: Path, place: str, files: Mapping[str, bytes]) -> HandedOut:
    """A project with its own files as it is handed out. `place` is where it stands among the others."""
    texts = {name: text for name, content in files.items() if (text := text_of(name, content)) is not None}
    others = {name: digest(content) for name, content in files.items() if name not in texts}
    base = Base(place=place, made_from=provenance(folder), texts=texts, files=others)
    kept = msgspec.json.format(msgspec.json.encode(base), indent=1) + b"\n"
    return HandedOut(folder=folder.resolve().name, files={**files, HANDED_OUT: kept})


def packed(municipality: str, projects: Mapping[str, HandedOut]) -> bytes:
    """The zip of one municipality: its projects, by where they stand among all, each in a folder of its own."""
    times = Counter(each.folder.casefold() for each in projects.values())
    named = {
        place.replace("/", "-") if times[each.folder.casefold()] > 1 else each.folder: each
        for place, each in projects.items()
    }
    files = {f"{name}/{file}": content for name, each in named.items() for file, content in each.files.items()}
    listed = "\n".join(f"  {name}" for name in sorted(named))
    how = _HOW.format(municipality=municipality, projects=listed)
    return pack({README: how.replace("\n", "\r\n").encode("utf-8-sig"), **files})


def files_of(folder: Path) -> dict[str, bytes]:
    """The project's own files: not what is built of them, what is hidden, or what is left of a program's work."""
    found: dict[str, bytes] = {}
    for at, folders, files in os.walk(folder):
        below = Path(at).relative_to(folder)
        folders[:] = sorted(name for name in folders if is_handed((below / name / "-").as_posix()))
        names = ((below / name).as_posix() for name in sorted(files))
        found |= {name: (folder / name).read_bytes() for name in names if is_handed(name)}
    return found


def is_handed(name: str) -> bool:
    """Whether a file goes along, or is taken when it comes back."""
    first, *others = PurePosixPath(name).parts
    if name in (HANDED_OUT, HANDED_IN) or first == BUILT:
        return False
    hidden = others if first == KEPT else (first, *others)
    return not any(part.startswith((".", "~")) or part in LEFT or part.endswith(".lock") for part in hidden)


LEFT = {"__MACOSX", "Thumbs.db", "desktop.ini"}


def text_of(name: str, content: bytes) -> str | None:
    """A file that is merged by what stands in it, its line ends aside; None for any other."""
    if not name.endswith((".yaml", ".md")) or name.startswith((f"{KEPT}/", f"{ISSUED}/")):
        return None
    text = decoded(content, name, [])
    return None if text is None else text.replace("\r\n", "\n")


def version_of(name: str, content: bytes) -> str:
    """What tells a version of a file from another: its text, else its digest."""
    text = text_of(name, content)
    return digest(content) if text is None else text
