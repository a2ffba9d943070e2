"""What a municipality hands over without its postings: the status of a project, as `pulje status --json` wrote it."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec

from toolkit.core.problems import N_, Problem, Span, declare, problem
from toolkit.core.status import Status
from toolkit.readers.encodings import encoded

# What msgspec says: "Object missing required field `version` - at `$.budget`".
_MISSING = re.compile(r"missing required field `(\w+)`")
_WHERE = re.compile(r" - at `\$\.?(.*)`$")

declare(
    "status-unreadable",
    "error",
    N_("This is not a project's status as pulje writes it: {where} is missing, or is something else."),
    N_("ask for it anew: pulje status … --json > {file}"),
)


def read_status(path: Path, file: str, problems: list[Problem]) -> Status | None:
    """The status in a file. Keys that a later version has written are passed over.

    Only the first thing that is wrong is told: no person types these files. But what PowerShell's > does to them is
    read too: it writes UTF-16, and older consoles cp1252.
    """
    found = encoded(path, ("utf-8-sig", "cp1252"))
    try:
        return msgspec.json.decode(path.read_text(found.encoding) if found else b"", type=Status)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:  # a ValidationError is a DecodeError
        found_at = (match[1] for match in (_WHERE.search(str(error)), _MISSING.search(str(error))) if match)
        where = ".".join(part for part in found_at if part) or "JSON"
        problems.append(problem("status-unreadable", Span(file, 1, 1), where=where, file=Path(file).name))
        return None
