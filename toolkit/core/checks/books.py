"""The municipality's books, and the sources, against what the project says of them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from msgspec import Struct

from toolkit.core import events as log
from toolkit.core.dossier import Dossier
from toolkit.core.doubles import counts_again, named_alike, number_of, rule_for, told, told_nowhere, vouchers
from toolkit.core.events import AnyEvent
from toolkit.core.money import kroner, total
from toolkit.core.open_questions import months_missing
from toolkit.core.performed import otherwise, said_of_days
from toolkit.core.personal import without_numbers
from toolkit.core.postings import Placing, Posting, day_of, fits
from toolkit.core.problems import N_, Phrase, Problem, Span, declare, phrase, problem
from toolkit.core.rows import PostingRow, days_of, references, rows_of
from toolkit.core.state import State, corrected

declare(
    "sources-disagree",
    "note",
    N_("The sources of {fund} disagree on {name}: {values}."),
    N_("nothing to correct: each use of the figure says which source it takes"),
)
declare(
    "import-not-logged",
    "warning",
    N_("{file} lies among the postings, but its import is not logged."),
    N_("log it: pulje log … imported file={file} digest={digest}"),
)
declare(
    "import-withdrawn",
    "warning",
    N_("{file} lies among the postings, and its import has been withdrawn: it counts all the same."),
    N_(
        "delete the file, and import the later exports again too, since the lines that they have of it are in no other "
        "file; or take the withdrawal back: pulje log … corrected event={event} withdrawn=true"
    ),
)
declare(
    "postings-edited",
    "error",
    N_("{file} has been changed since it was imported ({place})."),
    N_("put the imported file back; a wrong posting is put right in the ERP and imported anew"),
)
declare(
    "postings-gone",
    "error",
    N_("{file} was imported, and is gone."),
    N_(
        "put the file back in postings/; if it is lost: pulje log … corrected event={event} withdrawn=true, and then "
        "import the export again"
    ),
)
declare(
    "posting-unallocated",
    "warning",
    N_("{of}: {amount} kr. are on no budget line (postings: {count})."),
    N_('add a rule to allocation.yaml: - {{account: "{account}", line: …, reason: …}}'),
)


declare(
    "posting-vanished",
    "warning",
    N_(
        "Voucher {vouchers}, {amount} kr. in all, is among the postings, though the import of {day} lacks it and "
        "covers its days (lines: {count})."
    ),
    N_(
        "ask whoever keeps the books; if it is void, write at the top of rules: in allocation.yaml: - {rule}; if it is "
        'right all the same: pulje log … corrected event={event} values.vanished="{left}"'
    ),
)
declare(
    "posting-changed",
    "warning",
    N_(
        "Voucher {vouchers} is in the import of {day} otherwise than before: the lines of before, {amount} kr. in all, "
        "are among the postings too (lines: {count})."
    ),
    N_(
        "ask whoever keeps the books; if the new lines are instead of those, write at the top of rules: in "
        "allocation.yaml: - {rule}; if both are right: {answer}{void}"
    ),
)
_ANSWER = N_('pulje log … corrected event={event} values.vanished="{left}"')
_NEW_VOID = N_("; if the new lines are void, as where the list was an older one, write that too, and: - {rule}")
_OF_ACCOUNT, _OF_NONE = N_("Account {account}"), N_("Postings without an account")
_OTHERS_FIRST = N_(
    "answer first for what that import lacks (posting-vanished), and then as pulje check says: a correction sets all "
    "of what is left at once"
)
declare(
    "posting-performed-differs",
    "warning",
    N_(
        "By the import of {day} voucher {vouchers} would count in another year, or on the other side of where a period "
        "begins or ends, than it does: the first on {performed}, and not on {counted} (lines: {count})."
    ),
    N_(
        "if the import is right, write at the top of rules: in allocation.yaml: - {rules}; if of all that it has "
        "otherwise and no rule answers (lines: {all}) the days are right that they count on: pulje log … corrected "
        'event={event} values.performed=""'
    ),
)
declare(
    "posting-performed-otherwise",
    "note",
    N_(
        "By the import of {day} voucher {vouchers} would count on another day than it does, in the same year and the "
        "same periods: the first on {performed} (lines: {count})."
    ),
    N_("nothing to correct; where the day matters, a rule for those rows says it: performed: DATE"),
)
declare(
    "absence-unknown",
    "error",
    N_("{row} is no posting of this project."),
    N_("name rows of the files of postings: {files}"),
)
declare(
    "absence-not-told",
    "error",
    N_("{row} is none of the rows that the import told of, so this is no answer about any of them."),
    N_('leave of what it told those that are wrong still: values.{key}="{told}"'),
)
declare(
    "posting-reappeared",
    "warning",
    N_(
        "Voucher {vouchers}, {amount} kr. in all, was in the import of {day} again, and this rule takes it back: it "
        "counts nowhere (lines: {count})."
    ),
    N_("{answer}"),
)
declare(
    "postings-with-numbers",
    "warning",
    N_("{count} lines hold what can be a personal number, or an employee's: it is covered where they are shown."),
    N_("to have it out of the file: pulje log … corrected event={event} withdrawn=true, delete it, and import again"),
)
declare(
    "postings-with-wage-texts",
    "note",
    N_("{count} lines have texts on accounts of wages, which name people: they are not shown."),
    N_("to have them out of the file: pulje log … corrected event={event} withdrawn=true, delete it, and import again"),
)

_SHORT = 9  # characters: a voucher that has no more can hold no personal number

# What the sources of a fund may disagree on.
_SOURCED = {"frame": N_("the frame"), "starts": N_("the first day"), "ends": N_("the last day")}


def sources_that_disagree_are_named(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """Two sources with different figures stay two values; whoever reads the project should know."""
    terms = dossier.plan.terms
    if terms is None:
        return
    for name, sourced in (("frame", terms.frame), ("starts", terms.starts), ("ends", terms.ends)):
        if len({entry.value for entry in sourced}) > 1:
            values = ", ".join(
                f"{entry.value.isoformat() if isinstance(entry.value, date) else kroner(entry.value)} ({entry.source})"
                for entry in sourced
            )
            yield problem(
                "sources-disagree", sourced[0].at.span, fund=terms.id, name=Phrase(_SOURCED[name]), values=values
            )


def posting_files_are_as_imported(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """What lies in postings/ was imported, and has not been edited since."""
    digests = {event.file: event for event in corrected(dossier.events) if isinstance(event, log.Imported)}
    files = {event.called: event.file for event in dossier.events if isinstance(event, log.Imported)}
    withdrawals = {
        files[event.event]: event
        for event in corrected(dossier.events)
        if isinstance(event, log.Corrected) and event.withdrawn and event.event in files
    }
    for file in dossier.posting_files:
        event = digests.pop(file.file, None)
        if event is None and (withdrawal := withdrawals.get(file.file)):
            yield problem("import-withdrawn", Span(file.file, 1, 1), file=file.file, event=withdrawal.called)
        elif event is None:
            yield problem("import-not-logged", Span(file.file, 1, 1), file=file.file, digest=file.digest)
        elif event.digest != file.digest:
            yield postings_edited(file.file, event.at.span)
    for event in digests.values():
        yield problem("postings-gone", event.at.of("file"), file=event.file, event=event.called)


def postings_edited(file: str, place: Span | str) -> Problem:
    """That a file of postings is not what an import wrote; `place` says what it should be: the log, else its name."""
    return problem("postings-edited", Span(file, 1, 1), file=file, place=place)


def imports_leave_no_month_out(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """Every month up to where the books reach is covered by an import, or has something booked in it."""
    yield from months_missing(latest.reach.gaps)


def postings_are_allocated(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """Every posting has a place; those without are counted, and named by account."""
    unplaced = [each for each in latest.booked if each.place == "unallocated"]
    for account in sorted({each.account for each in unplaced}):
        parts = [each for each in unplaced if each.account == account]
        first = parts[0].first
        yield problem(
            "posting-unallocated",
            Span(first.file, first.row, 1),
            of=phrase(_OF_ACCOUNT, account=account) if account else phrase(_OF_NONE),
            account=account,
            count=sum(each.count for each in parts),
            amount=kroner(total(part.amount for part in parts)),
        )


def postings_are_in_the_books(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """What a later import lacked counts, and what it had again does not, until somebody has answered.

    What it has in other words or amounts is told apart, since one answer seldom fits both.
    """
    doubts = dossier.doubts()
    placing = Placing(dossier.postings.rules)
    for each in doubts.vanished:
        otherwise = set(rows_of(each.event.changed))
        changed = tuple(posting for posting in each.postings if (posting.file, posting.row) in otherwise)
        gone = tuple(posting for posting in each.postings if (posting.file, posting.row) not in otherwise)
        if gone:
            yield problem(
                "posting-vanished",
                Span(gone[0].file, gone[0].row, 1),
                rule=rule_for(gone, doubts.sizes),
                event=each.event.called,
                left=_left(each.event, gone),
                **_told(each.event, gone),
            )
        if changed:
            answer = phrase(_ANSWER, event=each.event.called, left=_left(each.event, changed))
            new = () if gone else _instead_of(changed, each.event, dossier.postings.rows, placing)
            yield problem(
                "posting-changed",
                Span(changed[0].file, changed[0].row, 1),
                rule=rule_for(changed, doubts.sizes),
                answer=phrase(_OTHERS_FIRST) if gone else answer,
                void=phrase(_NEW_VOID, rule=rule_for(new, doubts.sizes)) if new else Phrase(""),
                **_told(each.event, changed),
            )
    for each in doubts.reappeared:
        for rule in dossier.postings.rules:
            its = tuple(posting for posting in each.postings if placing.rule_of(posting) is rule)
            if its:
                others = (posting for posting in dossier.postings.rows if placing.rule_of(posting) is rule)
                is_all = all(posting in its for posting in others)
                yield problem(
                    "posting-reappeared", rule.at.span, answer=counts_again(its, is_all), **_told(each.event, its)
                )


def costs_are_of_the_day_that_was_said_last(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """A cost counts on the day that the last import has for it, until a rule or a correction says which is right."""
    said = said_of_days(dossier.events).open
    by_import: defaultdict[str, list[tuple[Posting, date]]] = defaultdict(list)
    for each in dossier.postings.rows if said else ():
        if last := said.get((each.file, each.row)):
            by_import[last[1].called].append((each, last[0]))
    events = {event.called: event for _day, event in said.values()}
    placing = Placing(dossier.postings.rules)
    for called, found in by_import.items():
        its = otherwise(found, placing, latest.plan)
        if its.moved:
            first, day = its.moved[0]
            yield problem(
                "posting-performed-differs",
                Span(first.file, first.row, 1),
                vouchers=vouchers(posting for posting, _day in its.moved),
                count=len(its.moved),
                day=events[called].happened,
                performed=day,
                counted=day_of(first, placing.rule_of(first)),
                rules=its.rules,
                all=len(its.postings),
                event=called,
            )
        if its.rest:
            first, day = its.rest[0]
            yield problem(
                "posting-performed-otherwise",
                Span(first.file, first.row, 1),
                vouchers=vouchers(posting for posting, _day in its.rest),
                count=len(its.rest),
                day=events[called].happened,
                performed=day,
            )


def _instead_of(
    changed: Iterable[Posting], event: log.Imported, rows: Iterable[Posting], placing: Placing
) -> tuple[Posting, ...]:
    """What the import that tells of a change brought of the same vouchers, and no rule takes back."""
    by_number = defaultdict(list)
    for each in changed:
        if each.voucher:
            by_number[number_of(each)].append(each)
    new = (each for each in rows if each.file == event.file)
    found = (each for each in new if any(named_alike(each, one) for one in by_number.get(number_of(each), ())))
    return tuple(each for each in found if not ((rule := placing.rule_of(each)) and rule.taken_back))


def _left(event: log.Imported, right: Iterable[Posting]) -> str:
    """What an import still lacks when some of it is right all the same."""
    rows = {(posting.file, posting.row) for posting in right}
    return "; ".join(references(row for row in rows_of(event.vanished) if row not in rows))


def absences_are_of_postings(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """What an import lacked, or had again, are postings; and an answer about it is of what was told of."""
    imports = {event.called: event for event in dossier.events if isinstance(event, log.Imported)}
    files = {each.file for each in dossier.posting_files}
    logged = {event.file for event in imports.values()}
    said = [each for event in dossier.events for each in _absences_said(event, imports)]
    named = {file for each in said for file, _row in each.rows}
    there = {(each.file, each.row) for each in dossier.postings.rows if each.file in named} if named else set()
    for each in said:
        for file, row in each.rows:
            if each.told is not None and (file, row) not in each.told:
                told = "; ".join(each.written)
                yield problem("absence-not-told", each.at, row=f"{file}:{row}", key=each.key, told=told)
            elif (file, row) not in there and (file in files or file not in logged):
                yield problem("absence-unknown", each.at, row=f"{file}:{row}", files=", ".join(sorted(files)))


def postings_stand_once(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """No voucher is in two files, until a rule says what both lines are; and no rule takes back all of it unasked."""
    doubts = dossier.doubts()
    for double in doubts.doubles:
        yield told(double, doubts.sizes)
    for rule, double in doubts.nowhere:
        yield told_nowhere(rule, double, doubts.sizes)


def postings_name_nobody(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """What no import keeps today: numbers of persons, and texts of wages. The file stays as its digest says."""
    postings = dossier.postings
    rows, patterns = postings.rows, {pattern for accounts in postings.without_text.values() for pattern in accounts}
    texts = {each.text for each in rows}
    whole = "\n".join(texts)
    if without_numbers(whole) == whole:  # as mostly: one look at all of them is quicker than a look at each
        texts = set()
    texts = {text for text in texts if without_numbers(text) != text}
    numbered = Counter(
        each.file
        for each in rows
        if each.text in texts or (len(each.voucher) > _SHORT and postings.voucher_of(each) != each.voucher)
    )
    accounts = {each.account for each in postings.booked}
    wages = {account for account in accounts if any(fits(pattern, account) for pattern in patterns)}
    silent = Counter(each.file for each in rows if each.text and each.account in wages and postings.is_silent(each))
    events = {event.file: event.called for event in dossier.events if isinstance(event, log.Imported)}
    for code, counted in (("postings-with-numbers", numbered), ("postings-with-wage-texts", silent)):
        for file, count in counted.items():
            yield problem(code, Span(file, 1, 1), count=count, event=events.get(file, "…"))


RULES = (
    imports_leave_no_month_out,
    sources_that_disagree_are_named,
    posting_files_are_as_imported,
    postings_are_allocated,
    postings_are_in_the_books,
    costs_are_of_the_day_that_was_said_last,
    absences_are_of_postings,
    postings_stand_once,
    postings_name_nobody,
)

# ── helpers ──────────────────────────────────────────────────────────────────────────────────


class _Said(Struct, frozen=True):
    """The rows that a line of the log calls absent, or there again; of a correction also what the import told of."""

    at: Span
    key: str
    rows: tuple[PostingRow, ...]
    told: frozenset[PostingRow] | None = None
    written: tuple[str, ...] = ()  # what the import told of


def _absences_said(event: AnyEvent, imports: Mapping[str, log.Imported]) -> Iterator[_Said]:
    corrects = imports.get(event.event) if isinstance(event, log.Corrected) else None
    for key in ("vanished", "changed", "reappeared", "unchanged", "performed"):
        rows = days_of if key == "performed" else rows_of
        if isinstance(event, log.Corrected) and corrects and key in event.values:
            written = getattr(corrects, key)
            yield _Said(
                event.at.of("values"), key, tuple(rows(event.values[key])), frozenset(rows(written)), tuple(written)
            )
        elif isinstance(event, log.Imported):
            yield _Said(event.at.of(key), key, tuple(rows(getattr(event, key))))


def _told(event: log.Imported, postings: Sequence[Posting]) -> dict[str, object]:
    return {
        "vouchers": vouchers(postings),
        "amount": kroner(total(each.amount for each in postings)),
        "count": len(postings),
        "day": event.happened,
    }
