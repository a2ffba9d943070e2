"""What is wrong, where it is written, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from msgspec import Struct

Severity = Literal["error", "warning", "note"]


def N_(english: str) -> str:  # noqa: N802 (gettext's own name for it)
    """Mark a text for translation: it is translated where it is shown."""
    return english


class Span(Struct, frozen=True):
    """A stretch of one line in one file, as an editor counts: lines and columns from 1."""

    file: str  # from the project's folder: "budgets/2021-12-16-award.yaml"
    line: int
    column: int
    length: int = 1
    text: str = ""  # the whole line, to show it

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


class At(Struct, frozen=True):
    """Where a record is written, and where each of its keys' values is."""

    span: Span
    keys: Mapping[str, Span] = {}

    def of(self, key: str) -> Span:
        """Where the value of `key` is written; the record itself where the key was left out."""
        return self.keys.get(key, self.span)


NOWHERE = At(Span("", 0, 0))


class Problem(Struct, frozen=True):
    """Something to tell the user: a code that never changes, a place, and the words that fill its sentence."""

    code: str
    at: Span
    words: Mapping[str, str] = {}

    def __hash__(self) -> int:
        return hash((self.code, self.at))  # a mapping has no hash of its own

    @property
    def severity(self) -> Severity:
        return CODES[self.code].severity


def problem(code: str, at: Span, **words: object) -> Problem:
    """A Problem; every word that its sentence needs is given by name."""
    return Problem(code, at, {name: str(word) for name, word in words.items()})


def has_errors(problems: Iterable[Problem]) -> bool:
    """Whether any of them is an error: warnings and notes stop nothing."""
    return any(found.severity == "error" for found in problems)


class Code(Struct, frozen=True):
    """What one code says: how bad it is, its sentence and its hint, with {words} to fill in."""

    severity: Severity
    message: str
    hint: str


CODES: dict[str, Code] = {
    # ── the folder (project.py) ──
    "project-missing": Code(
        "error",
        N_("There is no project in {folder}: it holds no project.yaml."),
        N_("name the folder that holds the project's project.yaml"),
    ),
    # ── new projects (scaffold.py, readers/seed.py) ──
    "misspelt-municipality": Code(
        "error",
        N_("There is no municipality named {text}."),
        N_("did you mean {near}?"),
    ),
    "unknown-municipality": Code(
        "error",
        N_("{text} is no municipality."),
        N_("use a name or a code that stands in {file}"),
    ),
    "folder-twice": Code(
        "error",
        N_("Two projects would get the folder {folder}; the other stands in line {line}."),
        N_("give this one a name of its own: folder: {folder}-2"),
    ),
    "template-unsafe": Code(
        "error",
        N_("The template of new projects cannot be used: {reason}"),
        N_("take it out: a template is texts and cookiecutter.json, with neither code nor ways to other folders"),
    ),
    # ── what the readers find: the file as a text (readers/source.py) ──
    "not-utf8": Code(
        "error",
        N_("{file} is not saved as UTF-8, so its letters cannot be read for certain."),
        N_("save the file as UTF-8 (in Notepad: Save as, Encoding: UTF-8)"),
    ),
    "invisible-character": Code(
        "error",
        N_("An invisible character ({name}) stands here."),
        N_("delete it and type the text anew"),
    ),
    "file-empty": Code(
        "error",
        N_("{file} is empty."),
        N_("begin with: {example}"),
    ),
    "yaml-tab": Code(
        "error",
        N_("The line is indented with a tab."),
        N_("use spaces, two for each step"),
    ),
    "yaml-indentation": Code(
        "error",
        N_("The line is not indented like the lines it belongs with."),
        N_("give all lines of the same list or section the same number of spaces"),
    ),
    "yaml-unclosed": Code(
        "error",
        N_("The {sign} here is not closed as it should be."),
        N_("write {end} where the text or list ends"),
    ),
    "yaml-tight-colon": Code(
        "error",
        N_("There must be a space after the colon."),
        N_("{key}: {value}"),
    ),
    "yaml-colon-in-text": Code(
        "error",
        N_("A text with a colon in it needs quotes."),
        N_('write "{text}"'),
    ),
    "yaml-comma-in-text": Code(
        "error",
        N_("Inside braces a text or a number with a comma in it needs quotes."),
        N_('write "{text}"'),
    ),
    "yaml-sign": Code(
        "error",
        N_("{text} begins with a sign that means something else in YAML."),
        N_('put the text in quotes: "{text}"'),
    ),
    "yaml-key-not-text": Code(
        "error",
        N_("A list or a section cannot be a key."),
        N_("put a text that begins with a brace or a bracket in quotes"),
    ),
    "yaml-second-document": Code(
        "error",
        N_("--- begins another document here; a file holds one."),
        N_("delete the line"),
    ),
    "yaml-too-deep": Code(
        "error",
        N_("Lists and sections stand more than {depth} deep in each other."),
        N_("look for brackets that were never closed"),
    ),
    "yaml-unreadable": Code(
        "error",
        N_("This is not YAML that can be read."),
        N_("compare it with the lines above, or put the text in quotes"),
    ),
    "duplicate-key": Code(
        "error",
        N_("{key} stands here twice; the first is in line {line}."),
        N_("keep one of them"),
    ),
    # ── a file's keys and their kinds (readers/model.py) ──
    "unknown-key": Code(
        "error",
        N_("{key} is not a key that can stand here."),
        N_("use one of these: {known}"),
    ),
    "misspelt-key": Code(
        "error",
        N_("{key} is not a key that can stand here."),
        N_("did you mean {near}?"),
    ),
    "key-missing": Code(
        "error",
        N_("{key} is missing."),
        N_("write {key}: {example}"),
    ),
    "section-expected": Code(
        "error",
        N_("Keys with values belong here: a name, a colon, a space and the value."),
        N_("write {example}"),
    ),
    "list-expected": Code(
        "error",
        N_("{key} is a list."),
        N_("begin each item with a hyphen and a space, or write [{text}]"),
    ),
    "text-expected": Code(
        "error",
        N_("{key} is one value, not a list or a section."),
        N_("write {key}: {example}"),
    ),
    "unknown-choice": Code(
        "error",
        N_("{text} is not one of the words that can stand here."),
        N_("use one of these: {known}"),
    ),
    "misspelt-choice": Code(
        "error",
        N_("{text} is not one of the words that can stand here."),
        N_("did you mean {near}?"),
    ),
    "duplicate-id": Code(
        "error",
        N_("{id} is used twice; the first is in line {line}."),
        N_("give one of them another id"),
    ),
    "value-missing": Code(
        "warning",
        N_("{key} has not been filled in yet."),
        N_("write it where MANGLER stands"),
    ),
    "value-needed": Code(
        "error",
        N_("Nothing can be worked out before {key} has been filled in."),
        N_("write it where MANGLER stands"),
    ),
    # ── what people type (readers/values.py) ──
    "amount-unreadable": Code(
        "error",
        N_("{text} is not an amount in Danish kroner."),
        N_("write {one} or {other}"),
    ),
    "number-unreadable": Code(
        "error",
        N_("{text} is not a number as it is written in Danish."),
        N_("write {one} or {other}"),
    ),
    "whole-number-unreadable": Code(
        "error",
        N_("{text} is not a whole number."),
        N_("write {one}"),
    ),
    "share-unreadable": Code(
        "error",
        N_("{text} is not a share between 0 and 100 per cent."),
        N_("write {one} pct."),
    ),
    "day-unreadable": Code(
        "error",
        N_("{text} is not a date."),
        N_("write {likely}"),
    ),
    "day-impossible": Code(
        "error",
        N_("There is no such day as {text}."),
        N_("write {likely}"),
    ),
    "month-unreadable": Code(
        "error",
        N_("{text} is not a month."),
        N_("write {likely}"),
    ),
    "id-unreadable": Code(
        "error",
        N_("{text} cannot be an id: only a-z, digits and hyphens can."),
        N_("write {likely}"),
    ),
    "yes-no-unreadable": Code(
        "error",
        N_("{text} is neither true (yes) nor false (no)."),
        N_("write {likely}"),
    ),
    # ── the log (readers/events.py) ──
    "unknown-event": Code(
        "error",
        N_("No event in the log is named {name}."),
        N_("did you mean {near}?"),
    ),
    "unknown-path": Code(
        "error",
        N_("{path} is not the name of anything that was promised."),
        N_("did you mean {near}?"),
    ),
    "value-not-droppable": Code(
        "error",
        N_("{key} cannot be dropped."),
        N_("write its new value: {example}"),
    ),
    # ── postings and where they go (readers/postings.py) ──
    "posting-file-name": Code(
        "error",
        N_("{file} is not named as an import names its file, so its import day is not known."),
        N_("a name is like {example}: import the export again, rather than write the file by hand"),
    ),
    "posting-header": Code(
        "error",
        N_("The first line does not name the columns of a file of postings."),
        N_("write {example}"),
    ),
    "posting-columns": Code(
        "error",
        N_("The line has {count} columns, not {wanted}."),
        N_("look for a semicolon that is missing, or is too many"),
    ),
    "posting-value": Code(
        "error",
        N_("{text} cannot stand in the column {column}."),
        N_("write it like this: {example}"),
    ),
    "posting-quotes": Code(
        "error",
        N_("The quotes in this line do not fit; nothing after it can be read."),
        N_("put the imported file back, or import the export again"),
    ),
    "rule-target": Code(
        "error",
        N_("A rule has exactly one of line, split, grant_income, other_income, not_eligible; this has {count}."),
        N_("write one of them, for example line: {example}"),
    ),
    "rule-split": Code(
        "error",
        N_("These parts cannot divide an amount."),
        N_("write parts above zero, like split: {example}"),
    ),
    "rule-eligible": Code(
        "error",
        N_("A part of a posting is eligible as one share or one amount, from nothing up, and on budget lines."),
        N_("write one of them beside line or split, like {example}"),
    ),
    "rule-reason": Code(
        "warning",
        N_("The rule keeps money outside the grant without saying why."),
        N_("write reason: …"),
    ),
    # ── an ERP's exports and their dialects (readers/dialect.py, readers/export.py) ──
    "dialect-value": Code(
        "error",
        N_("{text} cannot stand here in a dialect."),
        N_("write for example {example}"),
    ),
    "dialect-signs": Code(
        "error",
        N_("The signs stand in a column of their own, and the dialect does not say all of it."),
        N_("write columns: {{debit_credit: …}}, debit: […] and credit: […]"),
    ),
    "dialect-unknown": Code(
        "error",
        N_("The file's headings are those of no dialect. There is: {names}"),
        N_("describe the export in templates/erp/, as docs/recipes/new-erp.md shows"),
    ),
    "dialect-ambiguous": Code(
        "error",
        N_("The file can be read in more than one dialect: {names}."),
        N_("say which: --dialect {first}"),
    ),
    "export-shifted": Code(
        "error",
        N_("{title} was saved with tabs: a short cell has moved the columns after it, so no amount can be trusted."),
        N_("save the list from the ERP again and choose: {export}"),
    ),
    "export-unreadable": Code(
        "error",
        N_("{file} cannot be read: it is damaged, or not the kind of file that it says."),
        N_("open it in the program that wrote it, and save it again as xlsx or csv"),
    ),
    "export-undecodable": Code(
        "error",
        N_("A character here means nothing in the encodings that are tried (UTF-8, Windows-1252)."),
        N_("save the export as UTF-8, or name its encoding in the dialect: encodings: [cp850]"),
    ),
    "export-misread": Code(
        "warning",
        N_("Read as {encoding}, the file says {text}: its Danish letters are probably in another encoding."),
        N_("save the export as UTF-8, or name its encoding in the dialect: encodings: [cp850]"),
    ),
    "export-heading-missing": Code(
        "error",
        N_("The nearest dialect is {dialect}, but the file lacks: {missing}. Unknown to it: {unknown}"),
        N_("export it again with these columns, or describe the export as it is now in templates/erp/"),
    ),
    "export-heading-unknown": Code(
        "error",
        N_("The column {heading} is unknown to the dialect {dialect}: the export has changed."),
        N_("look at what the column is; then write it under known: (dropped) or columns: (kept) in templates/erp/"),
    ),
    "export-sheets": Code(
        "error",
        N_("{count} sheets of the workbook hold postings, and one may repeat another."),
        N_("save the sheet that is to be read as a file of its own"),
    ),
    "export-columns": Code(
        "error",
        N_("The row has {count} cells, not {wanted}."),
        N_("export the file again, rather than mend it by hand"),
    ),
    "export-value": Code(
        "error",
        N_("{text} cannot stand in the column {column}."),
        N_("it is written like {example}: export the file again, or correct the dialect"),
    ),
    "export-undated": Code(
        "error",
        N_("The row has no posting date."),
        N_("say on which day it was posted: --posted 2022-03-31"),
    ),
    "export-line": Code(
        "error",
        N_("This line looks like a part of a posting, but not like a whole one."),
        N_("export the list again: the file is damaged, or has been edited"),
    ),
    "export-quotes": Code(
        "error",
        N_("The quotes in this row do not fit, so the lines after it may have been swallowed."),
        N_("export the file again, or double the quotes inside the text"),
    ),
    # ── what an import sees (importing.py) ──
    "import-masked": Code(
        "warning",
        N_("What can be a personal number has been taken out of {count} of the texts."),
        N_("tell whoever writes the texts in the ERP: a personal number must not stand there"),
    ),
    "import-unfiltered": Code(
        "warning",
        N_("The export has no column that tells this project's postings from others': all of them are taken."),
        N_("look at the lines before you go on; an export for one project alone needs no such column"),
    ),
    "import-signs": Code(
        "warning",
        N_("Grant income ({grant} kr.) and costs ({wages} kr.) have the same sign: one of them is turned round."),
        N_("look at signs: in the dialect {dialect}"),
    ),
    "import-changed": Code(
        "warning",
        N_("Voucher {vouchers} reads otherwise in the ERP now: {amount} kr. here (lines: {count}) are counted twice."),
        N_("place the old lines by a rule with not_eligible and a reason, or have the change undone in the ERP"),
    ),
    "import-vanished": Code(
        "warning",
        N_("Voucher {vouchers}, {amount} kr. in all, is in this import and gone from the ERP (lines: {count})."),
        N_("ask whoever keeps the books; if they are void, place them by a rule with not_eligible and a reason"),
    ),
    # ── texts and cases (readers/prose.py, readers/cases.py) ──
    "front-matter-missing": Code(
        "error",
        N_("A case begins with its facts between two lines of three hyphens; here is no such line."),
        N_("write --- in a line of its own"),
    ),
    "text-before-heading": Code(
        "error",
        N_("This text stands under no heading, so no document would show it."),
        N_("write a heading above it, like # {example}"),
    ),
    "duplicate-heading": Code(
        "error",
        N_("The heading {heading} stands here twice; the first is in line {line}."),
        N_("put the text under one of them"),
    ),
    "comment-unclosed": Code(
        "error",
        N_("The comment that begins here never ends, so the rest of the file would be left out."),
        N_("write --> where it ends"),
    ),
    # ── what a document finds (documents/) ──
    "fact-missing": Code(
        "error",
        N_("{fact} is not given, and the document says it here."),
        N_("fill in {fact} in the project's files, or make a draft: --draft"),
    ),
    "fact-unknown": Code(
        "error",
        N_("There is no fact named {fact}."),
        N_("use {near}"),
    ),
    "prose-missing": Code(
        "error",
        N_("{file} says nothing under the heading {heading}, and the document needs it."),
        N_("write # {heading} and a text below it in {file}, or make a draft: --draft"),
    ),
    "prose-heading-unknown": Code(
        "error",
        N_("The heading {heading} is no part of this document, so its text would be lost."),
        N_("use {known}; a heading of your own is written with ## below one of them"),
    ),
    "template-broken": Code(
        "error",
        N_("The text cannot be made from this: {reason}"),
        N_("look for a brace that is missing or one too many: {{{{ grant.awarded }}}}"),
    ),
    "markup-unsupported": Code(
        "error",
        N_("{kind} cannot hold this kind of Markdown: {what}"),
        N_("use paragraphs, lists, tables, quotes, **strong**, *emphasis* and links"),
    ),
    # ── an agency's own form (documents/forms.py) ──
    "form-unreadable": Code(
        "error",
        N_("{file} cannot be read as a Word document (.docx)."),
        N_("open it in Word and save it as a Word document (.docx), without a password and without macros"),
    ),
    "tags-crossed": Code(
        "error",
        N_("The tags here cut across paragraphs, rows or cells."),
        N_("end as you begin: {{%tr for … %}} with {{%tr endfor %}}, {{%p if … %}} with {{%p endif %}}"),
    ),
    "tag-unclosed": Code(
        "error",
        N_("The tag that begins here, {tag}, does not end in the same paragraph."),
        N_("write {end} where it ends, before the next line or cell"),
    ),
    # ── templates/ (readers/shelf.py) ──
    "unknown-template": Code(
        "error",
        N_("{folder} has nothing named {name} that can be used here."),
        N_("did you mean {near}?"),
    ),
    "template-missing": Code(
        "error",
        N_("{file} is not there."),
        N_("put the file back, or write it as docs/ shows"),
    ),
    "personal-number": Code(
        "error",
        N_("This can be a personal number, and must not stand in the project's files."),
        N_("take it out, and write a role or a case number instead"),
    ),
    "personal-number-in-name": Code(
        "error",
        N_("This file's name can hold a personal number."),
        N_("rename the file, and write a case number instead"),
    ),
    "personal-number-in-document": Code(
        "error",
        N_("The document would hold what can be a personal number: {excerpt}"),
        N_("take it out of the text that it comes from"),
    ),
    "conflict-left": Code(
        "warning",
        N_("An update left a conflict here that nobody has chosen in yet."),
        N_("keep your own lines or take the template's, and delete the lines of the mark"),
    ),
    "not-filled-in": Code(
        "error",
        N_("{key} still says MANGLER, and what is sent must not wait for anything."),
        N_("fill it in, or make a draft with pulje render --draft"),
    ),
    "issued-not-logged": Code(
        "warning",
        N_("{issued} is kept in issued/, and the log does not say that it was submitted."),
        N_("if it was sent, log it: pulje log … submitted issued={issued} to=…; otherwise delete the folder"),
    ),
    "issued-gone": Code(
        "warning",
        N_("The log says that {issued} was submitted, and it is not kept in issued/."),
        N_("put the folder back from a backup: without it the document cannot be made again"),
    ),
    "name-not-utf8": Code(
        "error",
        N_("The file's name cannot be read as letters."),
        N_("give it a new name; most often a zip from another system was unpacked the wrong way"),
    ),
    "issued-damaged": Code(
        "error",
        N_("{file} of {issued} is no longer what was kept: it is gone, or somebody has changed it."),
        N_("put the folder back from a backup: nothing in issued/ may be changed"),
    ),
    "issued-otherwise": Code(
        "error",
        N_("{issued} comes out otherwise from what was kept, and no later version of pulje explains it."),
        N_("put the folder back from a backup, and install pulje anew, if somebody has changed something in it"),
    ),
    "receipt-missing": Code(
        "error",
        N_("{issued} has no receipt, so nothing tells what it was."),
        N_("put the folder back from a backup: nothing in issued/ may be changed"),
    ),
    "receipt-misplaced": Code(
        "error",
        N_("The folder {folder} holds the receipt of {issued}."),
        N_("give the folder its own name back, or put it back from a backup: nothing in issued/ may be changed"),
    ),
    "receipt-empty": Code(
        "error",
        N_("The receipt of {issued} names no document."),
        N_("put the folder back from a backup: nothing in issued/ may be changed"),
    ),
    "receipt-without-version": Code(
        "warning",
        N_("The receipt of {issued} does not say which version of pulje made it, and every receipt was made with one."),
        N_("put the folder back from a backup: nothing in issued/ may be changed"),
    ),
    "receipt-without-occasion": Code(
        "error",
        N_("The kept files of {issued} have no such document any more."),
        N_("put the folder back from a backup: nothing in issued/ may be changed"),
    ),
    "not-all-allocated": Code(
        "error",
        N_("{kind} cannot be made while {amount} kr. are on no budget line."),
        N_("add rules to allocation.yaml; pulje check names the accounts"),
    ),
    "document-unsound": Code(
        "error",
        N_("The Word file would not hold together, so nothing was replaced: {faults}"),
        N_("use the standard layout's reference.docx; if that helps, the fault is in your own"),
    ),
    "format-unsupported": Code(
        "error",
        N_("This file cannot hold {what}."),
        N_("write another format, --format html, or take it out of the text"),
    ),
    "reference-styles-missing": Code(
        "error",
        N_("The Word file that rules the looks lacks these styles: {styles}"),
        N_("add them in Word, or take the standard layout's reference.docx as a beginning"),
    ),
    "reference-unreadable": Code(
        "error",
        N_("The Word file that rules the looks cannot be read as a .docx."),
        N_("save it in Word as a document (.docx)"),
    ),
    "logo-unreadable": Code(
        "error",
        N_("The logo cannot be read: it must be an SVG that gives its size, or a PNG."),
        N_("save it again from the program that it was drawn in, as SVG or PNG"),
    ),
    "file-held": Code(
        "error",
        N_("{file} could not be replaced: another program holds it, or it is write-protected."),
        N_("close it in Word and run the same command again"),
    ),
    # ── what the fund's terms say (core/checks/terms.py) ──
    "forbidden-line": Code(
        "warning",
        N_('The budget has the line "{line}". {rule}'),
        N_("say in lines of their own what the money is for; the award letter goes before"),
    ),
    "line-new": Code(
        "warning",
        N_('"{line}" is a new line in the budget {budget}, and {agency} has not approved it. {rule}'),
        N_("ask {agency} first, and log its approval with by: {agency}; the award letter goes before"),
    ),
    "line-gone": Code(
        "warning",
        N_('"{line}" is gone from the budget {budget}, and {agency} has not approved that. {rule}'),
        N_("ask {agency} first, and log its approval with by: {agency}; the award letter goes before"),
    ),
    "move-over-limit": Code(
        "warning",
        N_('"{line}" changes by {moved} kr. in the budget {budget}, and {agency} has not approved it. {rule}'),
        N_("ask {agency} first, and log its approval with by: {agency}; the award letter goes before"),
    ),
    "money-between-years": Code(
        "warning",
        N_("The budget {budget} moves {moved} kr. between years, and {agency} has not approved it. {rule}"),
        N_("ask {agency} first, and log its approval with by: {agency}; the award letter goes before"),
    ),
    "extension-late": Code(
        "warning",
        N_("The extension was asked for on {day}, after the period ended on {ends}. {rule}"),
        N_("speak to {agency} at once; the award letter goes before"),
    ),
    "cost-outside-period": Code(
        "warning",
        N_("{amount} kr. on {line} lie outside the grant's period, {starts} to {ends} (postings: {count}). {rule}"),
        N_("place the postings with not_eligible: true in allocation.yaml, unless the award letter allows them"),
    ),
    "cost-before-approval": Code(
        "warning",
        N_("{amount} kr. on {line} were posted before the line was approved on {day} (postings: {count}). {rule}"),
        N_("place the postings with not_eligible: true in allocation.yaml, unless the award letter allows them"),
    ),
    "line-overspent": Code(
        "warning",
        N_('"{line}" is overspent by {over} kr. {rule}'),
        N_("pulje log … deviation line={id} cause=… action=…, or ask for a change; the award letter goes before"),
    ),
    "grant-overspent": Code(
        "warning",
        N_("{over} kr. more have been spent than the grant and other funding cover. {rule}"),
        N_("let the municipality pay the rest: not_eligible: true in allocation.yaml; the award letter goes before"),
    ),
    "vat-on-line": Code(
        "warning",
        N_("{amount} kr. on {line} seem to be VAT, or to include it (postings: {count}). {rule}"),
        N_("if the municipality gets the VAT back, place it with not_eligible: true; the award letter goes before"),
    ),
    # ── what the books say of wages and balances (core/checks/wages.py) ──
    "wages-differ": Code(
        "warning",
        N_("{line}: hours × rate through {month} are {worked} kr., {booked} kr. are booked ({difference} kr. apart)."),
        N_("correct the hours in payroll.yaml, or in allocation.yaml where the wages are placed"),
    ),
    "rate-above-budget": Code(
        "warning",
        N_("{line}: the rate {rate} kr. is above the budget's {budget} kr. ({place})."),
        N_("correct the rate, or ask for a budget change"),
    ),
    "balance-differs": Code(
        "warning",
        N_("On {day} the ERP says {balance} kr., but the imported postings are {ours} kr. ({difference} kr. apart)."),
        N_("import the postings that are missing, or correct the balance: pulje log … corrected event={event}"),
    ),
    # ── what the rules find (core/checks.py) ──
    "ends-before-start": Code(
        "error",
        N_("It ends on {ends}, before it starts on {starts}."),
        N_("swap the two days, or correct the one that is wrong"),
    ),
    "phase-without-days": Code(
        "error",
        N_("The phase {phase} has neither starts and ends nor ongoing: true."),
        N_("write starts: 2022-01-01 and ends: 2022-06-30, or ongoing: true if it runs all the way"),
    ),
    "phase-outside-period": Code(
        "error",
        N_("{day} in the phase {phase} lies outside the project period, {starts} to {ends}."),
        N_("move the phase, or log an approved extension (change-approved) if the period itself is longer"),
    ),
    "milestone-outside-period": Code(
        "error",
        N_("The milestone {milestone} is due on {day}, outside the project period, {starts} to {ends}."),
        N_("choose a day in the period, or log an approved extension (change-approved)"),
    ),
    "milestone-outside-phase": Code(
        "warning",
        N_("The milestone {milestone} is due on {day}, outside its own phase, {phase}."),
        N_("correct the day, or name the phase that the milestone belongs to"),
    ),
    "recorded-before-happened": Code(
        "error",
        N_("It was recorded on {recorded}, before it happened on {happened}."),
        N_("write the day on which it was written down; it may be the same day"),
    ),
    "log-out-of-order": Code(
        "warning",
        N_("It was recorded on {recorded}, but stands after something recorded on {newest}."),
        N_("the newest stands last: move it up to its place, or correct recorded"),
    ),
    "line-product-differs": Code(
        "error",
        N_("{line}: quantity × unit price is {computed} kr., not {amount} kr. ({difference} kr. apart)."),
        N_("correct the quantity, the unit price or the amount: {computed}"),
    ),
    "line-years-differ": Code(
        "error",
        N_("{line}: the years sum to {computed} kr., not {amount} kr. ({difference} kr. apart)."),
        N_("correct one of the years, or the amount: {computed}"),
    ),
    "line-months-differ": Code(
        "error",
        N_("{line}: the months sum to {computed} kr., not {amount} kr. ({difference} kr. apart)."),
        N_("correct one of the months, or the amount: {computed}"),
    ),
    "year-outside-period": Code(
        "error",
        N_("{line} has money in {year}, outside the project period, {starts} to {ends}."),
        N_("move the money to a year of the period"),
    ),
    "budget-not-funded": Code(
        "error",
        N_("The budget {budget} sums to {sum} kr.; grant and other funding are {funded} kr. ({difference} kr. apart)."),
        N_("correct the lines, or name who pays the rest under funding:"),
    ),
    "budget-not-approved": Code(
        "warning",
        N_("The budget {budget} is a change that nobody has approved: it does not count yet."),
        N_("when it is approved: pulje log … change-approved change=budget budget={budget} by=…"),
    ),
    "unknown-id": Code(
        "error",
        N_("There is no {kind} named {id}."),
        N_("use {known}"),
    ),
    "attachment-unknown": Code(
        "error",
        N_("The case has no attachment number {no}."),
        N_("list it under attachments: at the top of the case, or use one of these: {known}"),
    ),
    "attachment-number-twice": Code(
        "error",
        N_("Attachment {no} is already {title}."),
        N_("give each attachment a number of its own, and correct the text that names it"),
    ),
    "attachment-not-issued": Code(
        "error",
        N_("issued/ holds no document named {issued}."),
        N_("issue it first with pulje issue, or use one of these: {known}"),
    ),
    "grant-differs-from-log": Code(
        "error",
        N_("Here the grant is {written} kr., in the log {logged} kr. ({place})."),
        N_("correct the one that is wrong: {logged} kr. here, or a corrected event in the log"),
    ),
    "promise-changed": Code(
        "error",
        N_("{path} was promised, and has been changed here since the award."),
        N_("put the promised value back, and log the change when it is approved: pulje log … change-approved"),
    ),
    "promise-added": Code(
        "error",
        N_("{path} was not part of what was promised at the award."),
        N_("take it out, and log it when it is approved: pulje log … change-approved change=project"),
    ),
    "promise-removed": Code(
        "error",
        N_("{path} was promised at the award, and is gone from here."),
        N_("put it back; log milestone-dropped or an approved change if it will not be done"),
    ),
    "promise-not-recorded": Code(
        "note",
        N_("What was promised is not kept with this award, so later changes of it cannot be seen."),
        N_("add this to the event: {promise}"),
    ),
    "sources-disagree": Code(
        "note",
        N_("The sources of {fund} disagree on {name}: {values}."),
        N_("nothing to correct: each use of the figure says which source it takes"),
    ),
    "import-not-logged": Code(
        "warning",
        N_("{file} lies among the postings, but its import is not logged."),
        N_("log it: pulje log … imported file={file} digest={digest}"),
    ),
    "postings-edited": Code(
        "error",
        N_("{file} has been changed since it was imported ({place})."),
        N_("put the imported file back; a wrong posting is put right in the ERP and imported anew"),
    ),
    "postings-gone": Code(
        "error",
        N_("{file} was imported, and is gone."),
        N_("put the file back in postings/"),
    ),
    "posting-unallocated": Code(
        "warning",
        N_("Account {account}: {amount} kr. are on no budget line (postings: {count})."),
        N_('add a rule to allocation.yaml: - {{account: "{account}", line: …, reason: …}}'),
    ),
    # ── many projects at once (readers/handed_over.py, toolkit/portfolio.py) ──
    "status-unreadable": Code(
        "error",
        N_("This is not a project's status as pulje writes it: {where} is missing, or is something else."),
        N_("ask for it anew: pulje status … --json > {file}"),
    ),
    "status-later": Code(
        "note",
        N_("The status of {project} is from {day}, after the day that is shown: it is left out."),
        N_("--as-of {day} shows it"),
    ),
    "status-doubled": Code(
        "warning",
        N_("{project} is already told by {other}: this status is left out."),
        N_("keep one of the two, or another name for the other project"),
    ),
}
