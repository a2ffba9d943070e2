"""Packs the auditor's dossier: all that a project's figures rest on, and a list of it."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from zipfile import BadZipFile

from msgspec import Struct

from toolkit.core.dossier import Dossier
from toolkit.issuing import INPUTS, digest, project_files
from toolkit.project import ISSUED
from toolkit.readers.postings import POSTINGS, covered_file
from toolkit.writers.package import pack, unpack

CONTENTS = "indhold.txt"


class Bundle(Struct, frozen=True):
    """A packed dossier, how many files it holds, and in which of them numbers and texts of persons are covered."""

    content: bytes
    count: int
    covered: tuple[str, ...] = ()


def bundle(folder: Path, dossier: Dossier) -> Bundle:
    """The project's files and everything that was issued, with a list of contents in front.

    The list has a digest of each file, so that a single changed byte shows. Postings that an earlier version let a
    person's number or a text of wages into are covered here, and the list has the digest of the file as it is kept.
    """
    issued = sorted(path.relative_to(folder).as_posix() for path in (folder / ISSUED).rglob("*") if path.is_file())
    kept = {file: (folder / file).read_bytes() for file in (*project_files(folder), *issued)}
    contents = {file: _covered(file, content, dossier) for file, content in kept.items()}
    covered = {file: digest(content) for file, content in kept.items() if contents[file] != content}
    contents[CONTENTS] = _list(contents, covered, dossier).encode()
    return Bundle(pack(contents), len(contents), tuple(covered))


def _covered(file: str, content: bytes, dossier: Dossier) -> bytes:
    """A file as it may leave; what a document was made from is such files in a zip of their own."""
    if PurePosixPath(file).name == INPUTS:
        try:
            inputs = unpack(content)
        except BadZipFile:  # verify tells of it
            return content
        shown = {name: _covered(name.removeprefix("project/"), part, dossier) for name, part in inputs.items()}
        return content if shown == inputs else pack(shown)
    if not file.startswith(f"{POSTINGS}/"):
        return content
    return covered_file(content, dossier.postings.without_text.get(file, ()))


def _list(contents: dict[str, bytes], covered: dict[str, str], dossier: Dossier) -> str:
    """Danish, as all that a reader outside the house is given."""
    lines = [
        f"{dossier.plan.title}, {dossier.plan.municipality}",
        f"Sidst registreret eller importeret: {dossier.last_known:%d-%m-%Y}",
        "",
        "Fil, størrelse i byte og kontrolsum (SHA-256):",
        "",
    ]
    lines += [f"{file}  {len(content)}  {digest(content)}" for file, content in sorted(contents.items())]
    if covered:
        lines += [
            "",
            "I disse filer er personnumre, medarbejdernumre og tekster på lønkonti dækket her. Kontrolsummen er den,",
            "filen har i kommunens mappe, og som loggen og kvitteringerne nævner:",
            "",
            *(f"{file}  {kept}" for file, kept in sorted(covered.items())),
        ]
    return "\n".join(lines) + "\n"
