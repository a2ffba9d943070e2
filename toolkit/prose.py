"""Starts the user's own text of a document: a heading and a question for each section, and what was said last time."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from msgspec import Struct

from toolkit.core.dossier import Dossier
from toolkit.core.occasion import Occasion
from toolkit.core.prose import Passage, Prose
from toolkit.documents.danish import long_date
from toolkit.documents.kind import SectionSpec, said_in
from toolkit.files import write_whole
from toolkit.readers import shelf
from toolkit.render import occasions_of


class Started(Struct, frozen=True):
    """The file that a text was begun in, named from the project's folder, and the headings that were put there."""

    file: str
    headings: tuple[str, ...]


def next_to_write(dossier: Dossier, kind: str, places: shelf.Places = (shelf.TEMPLATES,)) -> Occasion | None:
    """The earliest document of a kind whose text nobody has begun."""
    return next((each for each in occasions_of(dossier, kind, places) if not dossier.text(each.prose).begun), None)


def start(folder: Path, dossier: Dossier, occasion: Occasion) -> Started:
    """Put the headings that a document's text lacks at the end of its file; what stands there is left as it is."""
    places = shelf.places_of(folder)
    prose, before = dossier.text(occasion.prose), _before(dossier, occasion, places)
    lacking = [each for each in _sections(occasion.kind, places) if each.passage(prose) is None]
    if lacking:
        path = folder / occasion.prose
        written = path.read_bytes() if path.is_file() else b""
        write_whole(path, _added(written, "\n".join(_part(each, before, dossier) for each in lacking)))
    return Started(occasion.prose, tuple(each.heading for each in lacking))


class _Section(Struct, frozen=True):
    """A section that the user writes: what the manifest says of it, and its heading in the standard layout."""

    spec: SectionSpec
    heading: str

    def passage(self, prose: Prose) -> Passage | None:
        """What stands under its heading, or under the manifest's own."""
        return prose.under(self.heading) or prose.under(self.spec.heading)


def _sections(kind: str, places: shelf.Places) -> Iterable[_Section]:
    manifest, layout = shelf.kind(kind, [], places=places), shelf.layout("standard", [])
    if manifest and layout:
        headings = layout.headings_of(manifest)
        for spec in manifest.sections:
            if spec.prose:
                yield _Section(spec, headings.get(spec.name, spec.heading))


def _before(dossier: Dossier, occasion: Occasion, places: shelf.Places) -> Occasion | None:
    """The latest earlier document of the same kind that somebody wrote."""
    earlier = [each for each in occasions_of(dossier, occasion.kind, places) if each.as_of < occasion.as_of]
    return next((each for each in reversed(earlier) if dossier.text(each.prose).begun), None)


def _part(section: _Section, before: Occasion | None, dossier: Dossier) -> str:
    """A heading with its comments, which are no part of the text: the question, and what was said last time."""
    said_already = said_in(dossier.plan)
    asked = [
        *section.spec.questions(said_already),
        *(["Skal skrives."] if section.spec.is_required(said_already) else []),
    ]
    lines = [f"# {section.heading}", "", f"<!-- {' '.join(asked).strip()} -->", ""]
    said = section.passage(dossier.text(before.prose)) if before else None
    if before and said and said.text.strip():
        text = said.text.replace("-->", "-- >")  # else the comment would end here
        lines += [f"<!-- Sidst, {long_date(before.as_of)}:", "", text, "-->", ""]
    return "\n".join(lines)


def _added(written: bytes, text: str) -> bytes:
    """The file with a text after what stands there, its lines ended as the file's own are."""
    if not written.strip():
        return text.encode()
    end = "\r\n" if b"\r\n" in written else "\n"
    return written.rstrip() + (f"\n\n{text}").replace("\n", end).encode()
