"""cases/<id>.md: a case's facts between two lines of hyphens, then its text under the layout's headings."""

from __future__ import annotations

from toolkit.core.cases import Case
from toolkit.core.problems import N_, Problem, declare, problem
from toolkit.core.prose import Prose
from toolkit.readers import model
from toolkit.readers.prose import passages
from toolkit.readers.source import Lines, visible

_FENCE = "---"

declare(
    "front-matter-missing",
    "error",
    N_("A case begins with its facts between two lines of three hyphens; here is no such line."),
    N_("write --- in a line of its own"),
)


def read_case(text: str, file: str, id: str, problems: list[Problem]) -> tuple[Case, Prose] | None:
    """One case and its text; its id is the file's name without the ending."""
    lines = Lines(text, file)
    if not visible(lines, problems):
        return None
    fences = [number for number in range(1, len(lines) + 1) if lines.text(number).rstrip() == _FENCE][:2]
    if fences[:1] != [1] or len(fences) < 2:
        problems.append(problem("front-matter-missing", lines.span(1 if fences[:1] != [1] else len(lines), 1)))
        return None
    end = fences[1]
    facts = "\n".join(["", *(lines.text(number) for number in range(2, end))])  # an empty line keeps the numbers right
    case = model.read(Case, facts, file, problems, id=id)
    prose = Prose(file, passages(lines, end + 1, problems))
    return None if case is None else (case, prose)
