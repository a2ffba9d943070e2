"""YAML to nodes that remember where they stood, read strictly: what was typed is what is read.

Plain YAML turns 250.000 into 250.0, 0757 into 495, 12:30 into 750 and `no` into False, lets the second of two equal
keys win in silence, and can point from one place to another. Here every scalar stays the text that was typed, and the
rest is refused, with the place and what to write instead.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

import yaml
from msgspec import Struct

from toolkit.core.problems import N_, Problem, Span, declare, problem
from toolkit.readers.values import Value, meant_amount

_MAX_DEPTH = 40  # a project's own files go six deep; libyaml's composer would die at a hundred thousand
_PARSER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

# What no editor shows: controls, line breaks of other worlds, spaces without width, marks of direction and byte order.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)

declare(
    "not-utf8",
    "error",
    N_("{file} is not saved as UTF-8, so its letters cannot be read for certain."),
    N_("save the file as UTF-8 (in Notepad: Save as, Encoding: UTF-8)"),
)
declare(
    "invisible-character",
    "error",
    N_("An invisible character ({name}) stands here."),
    N_("delete it and type the text anew"),
)
declare(
    "yaml-tab",
    "error",
    N_("The line is indented with a tab."),
    N_("use spaces, two for each step"),
)
declare(
    "yaml-indentation",
    "error",
    N_("The line is not indented like the lines it belongs with."),
    N_("give all lines of the same list or section the same number of spaces"),
)
declare(
    "yaml-unclosed",
    "error",
    N_("The {sign} here is not closed as it should be."),
    N_("write {end} where the text or list ends"),
)
declare(
    "yaml-tight-colon",
    "error",
    N_("There must be a space after the colon."),
    N_("{key}: {value}"),
)
declare(
    "yaml-colon-in-text",
    "error",
    N_("A text with a colon in it needs quotes."),
    N_('write "{text}"'),
)
declare(
    "yaml-comma-in-text",
    "error",
    N_("Inside braces a text or a number with a comma in it needs quotes."),
    N_('write "{text}"'),
)
declare(
    "yaml-sign",
    "error",
    N_("{text} begins with a sign that means something else in YAML."),
    N_('put the text in quotes: "{text}"'),
)
declare(
    "yaml-key-not-text",
    "error",
    N_("A list or a section cannot be a key."),
    N_("put a text that begins with a brace or a bracket in quotes"),
)
declare(
    "yaml-second-document",
    "error",
    N_("--- begins another document here; a file holds one."),
    N_("delete the line"),
)
declare(
    "yaml-too-deep",
    "error",
    N_("Lists and sections stand more than {depth} deep in each other."),
    N_("look for brackets that were never closed"),
)
declare(
    "yaml-unreadable",
    "error",
    N_("This is not YAML that can be read."),
    N_("compare it with the lines above, or put the text in quotes"),
)
declare(
    "duplicate-key",
    "error",
    N_("{key} stands here twice; the first is in line {line}."),
    N_("keep one of them"),
)


class Listing(Struct, frozen=True):
    """A YAML list."""

    at: Span
    items: tuple[Node, ...]


class Table(Struct, frozen=True):
    """A YAML mapping: its keys as they were typed, each with its place."""

    at: Span
    entries: Mapping[Value, Node]

    def get(self, key: str) -> Node | None:
        return next((node for name, node in self.entries.items() if name == key), None)

    def without(self, key: str) -> Table:
        return Table(self.at, {name: node for name, node in self.entries.items() if name != key})


Node = Value | Listing | Table


class Lines:
    """A file's lines, to show the one that is wrong."""

    def __init__(self, text: str, file: str) -> None:
        self.file = file
        self._lines = re.split(r"\r\n|\r|\n", text)

    def __len__(self) -> int:
        return len(self._lines)

    def text(self, line: int) -> str:
        """Line number `line`, counted from 1; "" after the last."""
        return self._lines[line - 1] if 0 < line <= len(self._lines) else ""

    def span(self, line: int, column: int, length: int | None = None) -> Span:
        """A stretch of one line; without a length to the line's end."""
        text = self.text(line)
        length = len(text.rstrip()) - column + 1 if length is None else length
        return Span(self.file, line, column, max(1, length), text)


def decoded(data: bytes, file: str, problems: list[Problem]) -> str | None:
    """A file's bytes as text: UTF-8, with or without the mark that Windows puts first."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        readable = data[: error.start].decode("utf-8-sig")
        lines = Lines(data.decode("cp1252", errors="replace"), file)
        line = readable.count("\n") + 1
        problems.append(problem("not-utf8", lines.span(line, len(readable) - readable.rfind("\n"), 1), file=file))
        return None


def load(text: str, file: str, problems: list[Problem]) -> Node | None:
    """The file's one YAML value; None when it is empty or cannot be read (then a problem says why)."""
    lines = Lines(text, file)
    if not visible(lines, problems):
        return None
    try:
        return _Builder(lines, problems).build(yaml.parse(text, Loader=_PARSER))
    except yaml.MarkedYAMLError as error:
        problems.append(_explained(error, lines))
    except (yaml.YAMLError, ValueError, OverflowError):  # PyYAML's own parser on "\\UFFFFFFFF" and %YAML of many digits
        problems.append(problem("yaml-unreadable", lines.span(1, 1)))
    except _Refused as refused:
        problems.append(refused.problem)
    return None


def composed(text: str) -> Any:
    """The parser's own nodes of a text that `load` reads without an error: they know where each begins and ends."""
    return yaml.compose(text, Loader=_PARSER)


def visible(lines: Lines, problems: list[Problem]) -> bool:
    """Whether all that the file holds can be seen; what cannot is reported."""
    invisible = [
        problem("invisible-character", lines.span(line, match.start() + 1, 1), name=_character(match[0]))
        for line in range(1, len(lines) + 1)
        for match in _INVISIBLE.finditer(lines.text(line))
    ]
    problems.extend(invisible)
    return not invisible


def _character(character: str) -> str:
    return f"U+{ord(character):04X}"


# ── events to nodes ──────────────────────────────────────────────────────────────────────────


class _Refused(Exception):
    """The file cannot be read any further."""

    def __init__(self, found: Problem) -> None:
        super().__init__(found.code)
        self.problem = found


class _Open:
    """A list or mapping whose end is still to come."""

    def __init__(self, span: Span, mapping: bool) -> None:
        self.span = span
        self.mapping = mapping
        self.items: list[Node] = []
        self.entries: dict[Value, Node] = {}
        self.seen: dict[str, int] = {}  # each key's first line
        self.key: Value | None = None
        self.dropped = False  # the key that was just read is refused: so is its value

    def closed(self) -> Node:
        return Table(self.span, self.entries) if self.mapping else Listing(self.span, tuple(self.items))


class _Builder:
    """Puts nodes together from the parser's events, without recursion and without composing them first."""

    def __init__(self, lines: Lines, problems: list[Problem]) -> None:
        self._lines = lines
        self._problems = problems
        self._open: list[_Open] = []
        self._root: Node | None = None
        self._documents = 0
        self._comma: Span | None = None  # where the last text was that a comma cut in two

    def build(self, events: Iterable[Any]) -> Node | None:
        for event in events:
            match event:
                case yaml.DocumentStartEvent():
                    self._documents += 1
                    if self._documents > 1:
                        raise _Refused(problem("yaml-second-document", self._span(event)))
                case yaml.AliasEvent():
                    self._refuse_sign(event)
                    self._place(Value("", self._span(event), quoted=True))
                case yaml.ScalarEvent():
                    self._refuse_sign(event)
                    self._place(self._scalar(event))
                case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                    self._refuse_sign(event)
                    self._begin(event)
                case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                    self._end(event)
        return None if self._root is not None and self._tight_colon(self._root) else self._root

    def _begin(self, event: Any) -> None:
        span = self._span(event)
        if self._open and self._open[-1].mapping and self._open[-1].key is None and not self._open[-1].dropped:
            raise _Refused(problem("yaml-key-not-text", self._rest(event)))
        if len(self._open) >= _MAX_DEPTH:
            raise _Refused(problem("yaml-too-deep", span, depth=_MAX_DEPTH))
        self._open.append(_Open(span, isinstance(event, yaml.MappingStartEvent)))

    def _end(self, event: Any) -> None:
        done = self._open.pop()
        if done.span.length == 1 and event.end_mark.line + 1 == done.span.line:  # {…} or […] on one line: all of it
            done.span = self._lines.span(done.span.line, done.span.column, event.end_mark.column + 1 - done.span.column)
        elif done.mapping and done.entries and done.span.length == 1:  # a block: its first key
            done.span = next(iter(done.entries)).at
        self._place(done.closed())

    def _place(self, node: Node) -> None:
        if not self._open:
            self._root = node
            return
        inside = self._open[-1]
        if not inside.mapping:
            inside.items.append(node)
        elif inside.dropped:
            inside.dropped = False
        elif inside.key is not None:
            if not (isinstance(node, Value) and node.empty and self._no_key(inside, inside.key, node)):
                inside.entries[inside.key] = node
            inside.key = None
        else:
            self._key(inside, node)

    def _key(self, inside: _Open, key: Node) -> None:
        if not isinstance(key, Value):
            raise _Refused(problem("yaml-key-not-text", key.at))
        if key == "<<" and not key.quoted:
            self._problems.append(problem("yaml-sign", key.at, text=key))
            inside.dropped = True
        elif key in inside.seen:
            self._problems.append(problem("duplicate-key", key.at, key=key, line=inside.seen[key]))
            inside.dropped = True
        else:
            inside.seen[key] = key.at.line
            inside.key = key

    def _no_key(self, inside: _Open, key: Value, value: Value) -> bool:
        """Whether a key without a value is none: `{id:a}`, or the rest of a text that has a comma, `{title: A, b}`."""
        if self._tight_colon(key):
            return True
        if value.at.column != key.at.column + key.at.length or not inside.entries:
            return False
        last = next(reversed(inside.entries.values()))
        if not isinstance(last, Value) or last.at.line != key.at.line:
            return False
        start, end = last.at.column, key.at.column + key.at.length
        span = self._lines.span(key.at.line, start, end - start)
        if self._comma and (self._comma.line, self._comma.column) == (span.line, span.column):
            self._problems.pop()  # another comma of the same text: the last problem was about its first part
        self._comma = span
        text = span.text[start - 1 : end - 1]
        self._problems.append(problem("yaml-comma-in-text", span, text=meant_amount(text) or text))
        return True

    def _tight_colon(self, node: Node) -> bool:
        """Whether `key:value`, which YAML reads as one word, stands where a key and its value should."""
        if not isinstance(node, Value) or node.quoted or not (tight := _TIGHT.fullmatch(node)):
            return False
        self._problems.append(problem("yaml-tight-colon", node.at, key=tight[2], value=tight[3]))
        return True

    def _scalar(self, event: Any) -> Value:
        span = self._span(event)
        if found := _INVISIBLE.search(event.value):  # written as an escape: "\x07"
            self._problems.append(problem("invisible-character", span, name=_character(found[0])))
        return Value(event.value, span, quoted=bool(event.style))

    def _refuse_sign(self, event: Any) -> None:
        """Anchors, aliases and tags: most often a text that begins with & or * or !, and wants quotes."""
        if isinstance(event, yaml.AliasEvent) or event.anchor is not None or getattr(event, "tag", None) is not None:
            span = self._rest(event)
            text = re.split(r"\s#|[,\]}]", span.text[span.column - 1 :])[0].strip()
            self._problems.append(problem("yaml-sign", self._lines.span(span.line, span.column, len(text)), text=text))

    def _span(self, event: Any) -> Span:
        start, end = event.start_mark, event.end_mark
        one_line = end.line == start.line
        return self._lines.span(start.line + 1, start.column + 1, end.column - start.column if one_line else None)

    def _rest(self, event: Any) -> Span:
        return self._lines.span(event.start_mark.line + 1, event.start_mark.column + 1)


# ── what the parser says, in other words ─────────────────────────────────────────────────────

_CLOSING = {"[": "]", "{": "}", "'": "'", '"': '"'}
_TIGHT = re.compile(r"(\s*(?:- )?)([^\s:#'\"\[\]{}]+):([^\s:/].*)")


def _explained(error: yaml.MarkedYAMLError, lines: Lines) -> Problem:
    """The parser's complaint as what a person did, and where; libyaml and PyYAML word it differently."""
    mark = error.problem_mark or error.context_mark
    said, context = error.problem or "", error.context or ""
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    here = lines.text(line)[column - 1 : column]

    if "cannot start any token" in said and here == "\t":
        return problem("yaml-tab", lines.span(line, column, 1))
    if "cannot start any token" in said or "alias" in context or "anchor" in context or "tag" in context:
        start = error.context_mark or mark
        span = lines.span(start.line + 1, start.column + 1) if start else lines.span(line, column)
        return problem("yaml-sign", span, text=span.text[span.column - 1 :].strip())
    if "unexpected end of stream" in said or "flow" in context:
        return _unclosed(error, lines)
    for near in dict.fromkeys((line, error.context_mark.line + 1 if error.context_mark else line, line - 1)):
        if "collection" not in context and (tight := _TIGHT.fullmatch(lines.text(near).rstrip())):
            return problem("yaml-tight-colon", lines.span(near, len(tight[1]) + 1), key=tight[2], value=tight[3])
    if said.startswith("mapping values"):
        return _second_colon(lines, line, column)
    if not lines.text(line)[: column - 1].strip(" -"):  # the parser stumbled at the first word of a line
        return problem("yaml-indentation", lines.span(line, column))
    return problem("yaml-unreadable", lines.span(line, column))


def _unclosed(error: yaml.MarkedYAMLError, lines: Lines) -> Problem:
    """A quote or bracket without its other half: the place to look is where it begins."""
    start = error.context_mark or error.problem_mark
    line, column = (start.line + 1, start.column + 1) if start else (1, 1)
    sign = lines.text(line)[column - 1 : column]
    if sign not in _CLOSING:
        return problem("yaml-unreadable", lines.span(line, column))
    stumbled = error.problem_mark
    if stumbled and stumbled.line == line - 1 and lines.text(line)[stumbled.column : stumbled.column + 1] == ":":
        key = re.search(r": +(?=[^:,]*$)", lines.text(line)[: stumbled.column])
        return _colon_in_text(lines, line, key.end() + 1 if key else column, ends=",]}")
    return problem("yaml-unclosed", lines.span(line, column), sign=sign, end=_CLOSING[sign])


def _second_colon(lines: Lines, line: int, column: int) -> Problem:
    """`a: b: c`, or a key that is indented below a value."""
    before = lines.text(line)[: column - 1]
    if key := re.match(r"\s*(?:- )*[^\s:]+: +", before):
        return _colon_in_text(lines, line, key.end() + 1)
    indent = len(before) - len(before.lstrip())
    return problem("yaml-indentation", lines.span(line, indent + 1))


def _colon_in_text(lines: Lines, line: int, column: int, ends: str = "") -> Problem:
    rest = lines.text(line)[column - 1 :]
    text = next((rest[:i] for i, character in enumerate(rest) if character in ends), rest).rstrip()
    return problem("yaml-colon-in-text", lines.span(line, column, len(text)), text=text.replace('"', "'"))
