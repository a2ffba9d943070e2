"""An agency's own Word form as a file: opened, checked, and filled beside it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from zipfile import BadZipFile

from toolkit.core.dossier import Dossier
from toolkit.core.occasion import Occasion
from toolkit.core.problems import N_, FileName, Problem, Span, declare, has_errors, problem
from toolkit.documents import forms, guard
from toolkit.documents.compose import CONSTRUCTED
from toolkit.documents.forms import Checked, Form, Where
from toolkit.documents.from_state import facts_of
from toolkit.files import held, write_whole
from toolkit.language import _
from toolkit.readers import shelf
from toolkit.render import Rendered, file_name
from toolkit.writers.package import pack, unpack

declare(
    "form-unreadable",
    "error",
    N_("{file} cannot be read as a Word document (.docx)."),
    N_("open it in Word and save it as a Word document (.docx), without a password and without macros"),
)


def check_form(path: Path) -> Checked:
    """Every name in a form that is no fact, with the cell or paragraph where it stands."""
    form = _opened(path)
    return Checked(0, 0, (form,)) if isinstance(form, Problem) else forms.check(form, _places_in(path))


def render_form(
    dossier: Dossier,
    occasion: Occasion,
    path: Path,
    out: Path,
    *,
    layout: str | None = None,
    draft: bool = False,
    own: Path | None = None,
) -> Rendered:
    """Fill a form with what the document of an occasion may say, and write it to `out`: whole or not at all.

    `own` is the project's folder, which may have layouts of its own.
    """
    problems: list[Problem] = []
    kind = shelf.kind(occasion.kind, problems, places=shelf.places_of(own) if own else (shelf.TEMPLATES,))
    layout = layout or (occasion.case.layout if occasion.case else "standard")
    own_layout = shelf.layout(layout, problems, places=(own, shelf.TEMPLATES) if own else (shelf.TEMPLATES,))
    form = _opened(path)
    if isinstance(form, Problem):
        problems.append(form)
    if kind is None or own_layout is None or isinstance(form, Problem):
        return Rendered(occasion, path.stem, (), tuple(problems))
    name = f"{path.stem}-{file_name(kind, occasion)}"
    facts, prose = facts_of(dossier, occasion), dossier.text(occasion.prose)
    filled = forms.fill(form, kind, own_layout, facts, prose, _places_in(path), draft=draft)
    problems += [*filled.problems, *guard.in_texts(filled.texts, name)]
    files: list[Path] = []
    if not has_errors(problems):
        file = out / f"{name}.docx"
        try:
            write_whole(file, pack(filled.parts))
            files.append(file)
        except PermissionError:
            problems.append(held(file))
    return Rendered(
        occasion, name, tuple(files), tuple(problems), (CONSTRUCTED,) if filled.synthetic else (), kind.title
    )


def _opened(path: Path) -> Form | Problem:
    """The form, or that it is none."""
    try:
        parts = unpack(path.read_bytes())
    except (BadZipFile, RuntimeError, NotImplementedError):  # the last two where it has a password or an odd packing
        parts = {}
    return forms.form(parts) or problem("form-unreadable", Span(FileName(str(path), "here"), 0, 0), file=path.name)


def _places_in(path: Path) -> Callable[[Where], str]:
    """What a place in the form is called: skema.docx, table 2, row 3, column 1."""
    rooms = {"header": _("header"), "footer": _("footer"), "note": _("footnote")}

    def called(where: Where) -> str:
        words = [str(path), *([rooms[where.room]] if where.room != "body" else [])]
        if where.table:
            cell = _("table {table}, row {row}, column {column}")
            words.append(cell.format(table=where.table, row=where.row, column=where.column))
        elif where.paragraph:
            words.append(_("paragraph {paragraph}").format(paragraph=where.paragraph))
        return FileName(", ".join(words), "here")

    return called
