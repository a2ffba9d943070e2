"""One document of a project: from facts to text to tree to bytes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from toolkit.core.dossier import Dossier
from toolkit.core.plan import DocumentName
from toolkit.core.problems import Problem, Span, has_errors, problem
from toolkit.documents import guard
from toolkit.documents.compose import compose
from toolkit.documents.from_change import CHANGES
from toolkit.documents.from_state import facts_of
from toolkit.documents.kind import DocumentKind, Layout
from toolkit.documents.occasion import Occasion, occasions
from toolkit.documents.tree import Document
from toolkit.files import write_whole
from toolkit.readers import shelf
from toolkit.writers import WRITERS, Unsupported, UnusableReference

KINDS: tuple[DocumentName, ...] = (
    "application",
    "status-report",
    "final-report",
    "accounts",
    "agenda-item",
    "change-request",
)


class Rendered(Struct, frozen=True):
    """A document that was written, or what stood in its way."""

    occasion: Occasion
    name: str  # statusrapport-2022-06-30, without what the format adds
    files: tuple[Path, ...]
    problems: tuple[Problem, ...]
    notices: tuple[str, ...] = ()
    title: str = ""


def every_occasion(dossier: Dossier) -> list[Occasion]:
    """Every document that the project's files allow, kind by kind."""
    return [occasion for kind in KINDS for occasion in occasions(dossier, kind)]


def allowed(dossier: Dossier) -> list[Occasion]:
    """The documents that can be made now: those that need the user's own words have some."""
    needs_words = {name for name in KINDS if (kind := shelf.kind(name, [])) and kind.needs_prose}
    return [
        occasion
        for occasion in every_occasion(dossier)
        if occasion.kind not in needs_words or dossier.text(occasion.prose).passages
    ]


def render_document(
    dossier: Dossier,
    occasion: Occasion,
    formats: Sequence[str],
    out: Path,
    *,
    layout: str | None = None,
    draft: bool = False,
) -> Rendered:
    """Write one document to `out` in each format: whole or not at all, and not while a fact is missing."""
    problems: list[Problem] = []
    kind = shelf.kind(occasion.kind, problems)
    form = shelf.layout(layout or _own_layout(occasion), problems)
    if kind is None or form is None:
        return Rendered(occasion, occasion.kind, (), tuple(problems))
    name = file_name(kind, occasion)
    own = shelf.layout(_own_layout(occasion), problems) if layout else form
    facts, prose = facts_of(dossier, occasion), dossier.text(occasion.prose)
    made = compose(kind, form, facts, prose, written_for=own, draft=draft)
    problems += [*made.problems, *guard.in_document(made.document, name)]
    if has_errors(problems):
        return Rendered(occasion, name, (), tuple(problems))
    files: list[Path] = []
    for format in formats:
        path = out / f"{name}.{format}"
        refused = _write(path, format, made.document, form)
        if refused is not None:
            return Rendered(occasion, name, tuple(files), (*problems, refused))
        files.append(path)
    return Rendered(occasion, name, tuple(files), tuple(problems), made.document.notices, made.document.title)


def _write(path: Path, format: str, document: Document, form: Layout) -> Problem | None:
    """Write one file, or say what stood in its way."""
    reference = Span(f"templates/layouts/{form.name}/reference.docx", 0, 0)
    try:
        write_whole(path, WRITERS[format](document, form))
    except Unsupported as refusal:
        return problem("format-unsupported", Span(str(path), 0, 0), what=refusal.what)
    except UnusableReference as refusal:
        if refusal.missing:
            return problem("reference-styles-missing", reference, styles=", ".join(refusal.missing))
        return problem("reference-unreadable", reference)
    except PermissionError:
        return problem("file-held", Span(str(path), 0, 0), file=path.name)
    return None


def file_name(kind: DocumentKind, occasion: Occasion) -> str:
    """statusrapport-2022-06-30, dagsordenspunkt-2022-01-11-social-og-seniorudvalget, aendring-…-forlaengelse."""
    words = ["protokoludskrift" if occasion.decided else kind.file_name, str(occasion.as_of)]
    if occasion.step:
        words.append(in_file_name(occasion.step.body))
    if occasion.change:
        words.append(in_file_name(CHANGES[occasion.change.change]))
    if occasion.number > 1:
        words.append(str(occasion.number))
    return "-".join(words)


def in_file_name(words: str) -> str:
    """Words as a file name may hold them on every system: small letters without accents, æ as ae, hyphens between."""
    danish = words.casefold().replace("æ", "ae").replace("ø", "oe").replace("å", "aa")
    plain = unicodedata.normalize("NFKD", danish).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def _own_layout(occasion: Occasion) -> str:
    return occasion.case.layout if occasion.case else "standard"
