"""Packs the auditor's dossier: all that a project's figures rest on, and a list of it."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from toolkit.core.dossier import Dossier
from toolkit.issuing import digest, project_files
from toolkit.project import ISSUED
from toolkit.writers.package import pack

CONTENTS = "indhold.txt"


class Bundle(Struct, frozen=True):
    """A packed dossier and how many files it holds."""

    content: bytes
    count: int


def bundle(folder: Path, dossier: Dossier) -> Bundle:
    """The project's files and everything that was issued, with a list of contents in front.

    The list has a digest of each file, so that a single changed byte shows.
    """
    issued = sorted(path.relative_to(folder).as_posix() for path in (folder / ISSUED).rglob("*") if path.is_file())
    contents = {file: (folder / file).read_bytes() for file in (*project_files(folder), *issued)}
    contents[CONTENTS] = _list(contents, dossier).encode()
    return Bundle(pack(contents), len(contents))


def _list(contents: dict[str, bytes], dossier: Dossier) -> str:
    """Danish, as all that a reader outside the house is given."""
    lines = [
        f"{dossier.plan.title}, {dossier.plan.municipality}",
        f"Sidst registreret eller importeret: {dossier.last_known:%d-%m-%Y}",
        "",
        "Fil, størrelse i byte og kontrolsum (SHA-256):",
        "",
    ]
    lines += [f"{file}  {len(content)}  {digest(content)}" for file, content in sorted(contents.items())]
    return "\n".join(lines) + "\n"
