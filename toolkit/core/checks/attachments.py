"""Papers that are named and not there, or there and not named: "bilag 2" of a case, a document of issued/."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from toolkit.core import events as log
from toolkit.core.cases import Case
from toolkit.core.dossier import Dossier
from toolkit.core.problems import N_, Problem, Span, declare, problem
from toolkit.core.prose import Passage
from toolkit.core.state import State, corrected

_NUMBER = r"[0-9]{1,3}(?![0-9])"
# bilag 2 · Bilag nr. 2 · bilagene 1, 2 og 3 · bilag 2-4 · bilag 2 til 4
_REFERENCE = re.compile(
    rf"\bbilag(?:et|ene)?\s+(?:nr\.\s*)?{_NUMBER}(?:\s*(?:,|-|–|\bog\b|\beller\b|\btil\b)\s*{_NUMBER})*", re.IGNORECASE
)
_STEP = re.compile(rf"(?P<until>(?:-|–|\btil\b)\s*)?(?P<number>{_NUMBER})")
_MOST = 50  # a range of more is no range of papers

declare(
    "issued-not-logged",
    "warning",
    N_("{issued} is kept in issued/, and the log does not say that it was submitted."),
    N_("if it was sent, log it: pulje log … submitted issued={issued} to=…; otherwise delete the folder"),
)
declare(
    "issued-gone",
    "warning",
    N_("The log says that {issued} was submitted, and it is not kept in issued/."),
    N_("put the folder back from a backup: without it the document cannot be made again"),
)
declare(
    "attachment-unknown",
    "error",
    N_("The case has no attachment number {no}."),
    N_("list it under attachments: at the top of the case, or use one of these: {known}"),
)
declare(
    "attachment-number-twice",
    "error",
    N_("Attachment {no} is already {title}."),
    N_("give each attachment a number of its own, and correct the text that names it"),
)
declare(
    "attachment-not-issued",
    "error",
    N_("issued/ holds no document named {issued}."),
    N_("issue it first with pulje issue, or use one of these: {known}"),
)


class Named(Struct, frozen=True):
    """An attachment that a text names: its number, and where in the text its words begin and end."""

    no: int
    start: int
    end: int


def named(text: str) -> Iterator[Named]:
    """Each attachment that a text names, those inside a range too."""
    for reference in _REFERENCE.finditer(text):
        last = 0
        for step in _STEP.finditer(text, *reference.span()):
            number = int(step["number"])
            if step["until"] and last < number <= last + _MOST:
                yield from (Named(between, step.start("number"), step.end()) for between in range(last + 1, number))
            yield Named(number, step.start("number") if last else reference.start(), step.end())
            last = number


def every_named_attachment_is_there(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """What a case's text or proposal calls bilag 2 is listed under its attachments."""
    for case in dossier.cases:
        for passage in dossier.text(f"cases/{case.id}.md").passages:
            for each in named(passage.text):
                yield from _unknown(case, each.no, _place(passage, each))
        for step in case.steps:
            for each in named("\n".join(step.proposal)):
                yield from _unknown(case, each.no, step.at.of("proposal"))


def every_attachment_has_its_own_number(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """Two papers of a case are never both bilag 2."""
    for case in dossier.cases:
        first: dict[int, str] = {}
        for paper in case.attachments:
            if paper.no in first:
                yield problem("attachment-number-twice", paper.at.of("no"), no=paper.no, title=first[paper.no])
            first.setdefault(paper.no, paper.title)


def every_issued_attachment_was_issued(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """An attachment that is one of our own documents names its folder of issued/."""
    for case in dossier.cases:
        for paper in case.attachments:
            if paper.issued is not None and paper.issued not in dossier.issued:
                known = ", ".join(dossier.issued) or "–"
                yield problem("attachment-not-issued", paper.at.of("issued"), issued=paper.issued, known=known)


def _unknown(case: Case, no: int, at: Span) -> Iterator[Problem]:
    known = [paper.no for paper in case.attachments]
    if no not in known:
        yield problem("attachment-unknown", at, no=no, known=", ".join(map(str, sorted(known))) or "–")


def _place(passage: Passage, each: Named) -> Span:
    """The very words; where they are broken over two lines, the part on the line that they end on."""
    begins = passage.text.rfind("\n", 0, each.end) + 1
    start = max(each.start, begins)
    line = passage.text[begins:].partition("\n")[0]
    number = passage.line + passage.text.count("\n", 0, begins)
    return Span(passage.at.file, number, start - begins + 1, each.end - start, line)


def what_was_issued_is_logged(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """A document that is kept in issued/ is in the log as submitted: a computer may stop between the two."""
    logged = {event.issued for event in corrected(dossier.events) if isinstance(event, log.Submitted)}
    for name in dossier.issued:
        if name not in logged:
            yield problem("issued-not-logged", Span(f"issued/{name}", 0, 0), issued=name)


def what_was_submitted_is_kept(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """What the log says was issued lies in issued/: without it the document cannot be made again.

    What is made up to have an example was never sent.
    """
    for event in corrected(dossier.events):
        if isinstance(event, log.Submitted) and not event.synthetic and event.issued not in dossier.issued:
            yield problem("issued-gone", event.at.of("issued"), issued=event.issued)


RULES = (
    every_named_attachment_is_there,
    every_attachment_has_its_own_number,
    every_issued_attachment_was_issued,
    what_was_issued_is_logged,
    what_was_submitted_is_kept,
)
