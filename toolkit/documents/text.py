"""A template and facts to markup: Jinja in a sandbox, in which a missing fact is found, not hidden."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from datetime import date
from difflib import get_close_matches
from fractions import Fraction
from functools import cache, wraps
from types import TracebackType
from typing import Any, Protocol

from jinja2 import ChainableUndefined, Template, TemplateSyntaxError, pass_context
from jinja2.runtime import Context
from markupsafe import Markup
from msgspec import Struct

from toolkit.core.money import Money, times
from toolkit.core.problems import N_, Problem, Span, declare, problem
from toolkit.core.prose import Passage, Prose
from toolkit.core.records import MISSING
from toolkit.core.words import CASE_TYPES, Word, word
from toolkit.documents import danish
from toolkit.documents.charts import PICTURES
from toolkit.documents.facts import Fact, Facts, Origin, called, units
from toolkit.documents.kind import DocumentKind, Layout
from toolkit.documents.markup import Values, without_tokens
from toolkit.documents.sandbox import Sandbox, begin
from toolkit.documents.template_faults import reason_of
from toolkit.documents.tree import Missing

GAPS = frozenset({"fact-missing", "prose-missing"})  # what a draft may have
FUNCTIONS = ("written", "has", "phrase", "picture")  # what a text may call beside Jinja's own: methods of Rendering

declare(
    "fact-missing",
    "error",
    N_("{fact} is not given, and the document says it here."),
    N_("fill in what {fact} comes from in the project's files, or make a draft: --draft"),
)
declare(
    "fact-unknown",
    "error",
    N_("There is no fact named {fact}."),
    N_("use {near}"),
)
declare(
    "prose-missing",
    "error",
    N_("{file} says nothing under the heading {heading}, and the document needs it."),
    N_("write # {heading} and a text below it in {file}, or make a draft: --draft"),
)
declare(
    "prose-heading-unknown",
    "error",
    N_("The heading {heading} is no part of this document, so its text would be lost."),
    N_("use {known}; a heading of your own is written with ## below one of them"),
)
declare(
    "word-compared",
    "warning",
    N_("{fact} is a word to be written, and may be worded otherwise one day: then this condition no longer holds."),
    N_("compare its id: {fact}.id is {id} here"),
)
declare(
    "template-broken",
    "error",
    N_("The text cannot be made from this: {reason}"),
    N_("look for a brace that is missing or one too many: {{{{ grant.awarded }}}}"),
)


class Used(Struct, frozen=True):
    """A fact that a document asked for: where it was written, and how it reads; "" for a group of facts."""

    origin: Origin
    says: str = ""


class Written(Struct, frozen=True):
    """A document's markup with its values, the facts that it used, and what was wrong or missing.

    `passages` has each section that the user wrote in, with the heading that it was written under.
    """

    markup: str
    values: Values
    passages: Mapping[str, str]
    used: Mapping[str, Used]
    problems: tuple[Problem, ...]


def write(kind: DocumentKind, layout: Layout, facts: Facts, prose: Prose, written_for: Layout | None = None) -> Written:
    """Render a kind's text with the facts and the user's prose. A missing fact is one of the problems.

    The prose may stand under the headings of this layout, of the one it was written for, or of the kind itself.
    """
    rendering = Rendering(kind, layout, facts, prose, written_for or layout)
    markup = rendering.render(File(kind.file, 0, without_tokens(kind.text)))
    return Written(
        markup, rendering.values, rendering.passages(), rendering.used, tuple(dict.fromkeys(rendering.problems))
    )


# ── one rendering ────────────────────────────────────────────────────────────────────────────


class Source(Protocol):
    """A template, and where each of its lines stands for whoever wrote it."""

    @property
    def text(self) -> str:
        """What Jinja reads."""

    def line(self, number: int) -> Span:
        """The place of a line, from 1."""


class File(Struct, frozen=True):
    """A template in a file: its text begins on the file's line after `lines_before`."""

    file: str
    lines_before: int
    text: str

    def line(self, number: int) -> Span:
        lines = self.text.splitlines()
        shown = lines[number - 1] if 0 < number <= len(lines) else ""
        return Span(self.file, self.lines_before + number, 1, max(len(shown), 1), shown)


class Rendering:
    """What one document gathers while it is written, template by template."""

    def __init__(self, kind: DocumentKind, layout: Layout, facts: Facts, prose: Prose, written_for: Layout) -> None:
        self.kind = kind
        self.facts = facts
        self.prose = prose
        self.values = Values()
        self.problems: list[Problem] = []
        self.used: dict[str, Used] = {"": Used(facts.origin)}
        self.names = {name: _view(facts, name, "", self.used) for name in units(Facts)}
        self._required = {spec.name for spec in kind.sections if spec.required}
        self._instead: dict[str, str] = {spec.name: spec.instead for spec in kind.sections if spec.instead}
        self._phrases = layout.phrases
        manifest = {spec.name: spec.heading for spec in kind.sections}
        forms = (layout.headings_of(kind), written_for.headings_of(kind), manifest)
        self._headings = {name: [form[name] for form in forms if name in form] for name in manifest}
        self._sources: dict[Template, Source] = {}
        self._passages: dict[str, str] = {}
        begin()
        self._check_headings(kind)

    def render(self, source: Source) -> str:
        """The template with a token for each value; "" and a problem where it cannot be rendered."""
        token = _RENDERING.set(self)
        try:
            template = compiled(source.text)
            self._sources[template] = source
            return template.render(self.names, **{name: getattr(self, name) for name in FUNCTIONS})
        except TemplateSyntaxError as error:
            self._broken(error, source.line(error.lineno))
        except RecursionError as error:
            self._broken(error, source.line(1))
        except Exception as error:
            # Whatever a stranger's template does wrong is the template's problem, with its line.
            self._broken(error, source.line(_line_in_traceback(error.__traceback__)))
        finally:
            _RENDERING.reset(token)
        return ""

    def has(self, section: str) -> bool:
        """Whether the user has written anything in a section."""
        passage = self._passage(section)
        return passage is not None and bool(passage.text.strip())

    def passages(self) -> dict[str, str]:
        """The sections that the user wrote in, each with its heading in the user's text."""
        found = {name: self._passage(name) for name in self._headings}
        return {name: passage.heading for name, passage in found.items() if passage is not None}

    def written(self, section: str) -> str | _Gap:
        """The user's own text in a section, else what project.yaml says instead.

        A gap where it must be written and is not, or there is no such section.
        """
        if section not in self._headings:
            return _Gap(name=f"written({section!r})")
        if not self.has(section):
            instead = getattr(self.names.get(self._instead.get(section, "")), "text", None)
            if isinstance(instead, str):
                return instead
            return self._gap_in_prose(section) if section in self._required else Markup("")
        if section not in self._passages:
            passage = self._passage(section)
            assert passage is not None
            text = without_tokens(passage.text)
            self._passages[section] = self.render(File(self.prose.file, passage.line - 1, text))
        return Markup(f"\n\n{self._passages[section]}\n\n")

    def phrase(self, name: str, **words: object) -> str | _Gap:
        """What the layout calls something, with {words} filled in: {{ phrase("proposes", body=step.body) }}.

        A sort of case that it has no words of its own for has the usual ones.
        """
        text = self._phrases.get(name) or next((word(CASE_TYPES, id).text for id in CASE_TYPES if id == name), None)
        if text is None:
            return _Gap(name=f"phrase({name!r})")
        for place, value in words.items():
            if isinstance(value, _Gap):
                return value
            text = text.replace(f"{{{place}}}", _plain(value))
        return text

    def picture(self, name: str) -> Markup | _Gap:
        """A picture drawn from the facts, as a paragraph of its own: {{ picture("timeline") }}.

        It is as many pictures as there are pages of it.
        """
        if name not in PICTURES:
            return _Gap(name=f"picture({name!r})")
        shown = [path.split(".") for path in PICTURES[name].shows]
        figures = PICTURES[name].draw(self.facts)
        if not figures:
            return _Gap(path=shown[0][0])
        for first, *names in shown:
            _see(self.names[first], names)
        return Markup("".join(map(self.values.token, figures)))

    def gap(self, gap: _Gap) -> Markup:
        """A fact that is not there: a problem, and something to see in a draft."""
        at = self.here()
        if gap.unknown_:
            known = {path.rpartition(".")[2]: path for path in self._known_paths(gap)}
            names = get_close_matches(gap.path_.rpartition(".")[2], known, 1) or known
            near = ", ".join(known[name] for name in names)
            self.problems.append(problem("fact-unknown", at, fact=gap.path_, near=near))
        else:
            self.problems.append(problem("fact-missing", at, fact=gap.path_))
        return Markup(self.values.token(Missing(gap.path_)))

    def compared(self, said: _Word) -> None:
        """A text asks how a word reads: it is answered, as it always was, and told what holds longer."""
        self.problems.append(problem("word-compared", self.here(), fact=said.path_, id=said.id))

    def here(self) -> Span:
        """The line of the template that is being rendered: found as Jinja's own tracebacks find it."""
        frame = sys._getframe()
        while frame.f_back is not None:
            template = frame.f_globals.get("__jinja_template__")
            if isinstance(template, Template) and template in self._sources:
                return self._sources[template].line(template.get_corresponding_lineno(frame.f_lineno))
            frame = frame.f_back
        return Span(self.prose.file, 1, 1)

    def _passage(self, section: str) -> Passage | None:
        found = (self.prose.under(heading) for heading in self._headings.get(section, ()))
        return next((passage for passage in found if passage is not None), None)

    def _gap_in_prose(self, section: str) -> Markup:
        heading = self._headings[section][0]
        name = f"{self.prose.file}, # {heading}"
        self.problems.append(
            problem("prose-missing", Span(self.prose.file, 1, 1), heading=heading, file=self.prose.file)
        )
        return Markup(self.values.token(Missing(name)))

    def _broken(self, error: Exception, at: Span) -> None:
        self.problems.append(problem("template-broken", at, reason=reason_of(error)))

    def _check_headings(self, kind: DocumentKind) -> None:
        written_by_user = {spec.name for spec in kind.sections if spec.prose}
        known = [heading for name, forms in self._headings.items() if name in written_by_user for heading in forms]
        folded = {heading.casefold() for heading in known}
        for passage in self.prose.passages:
            if passage.heading.casefold() not in folded:
                near = get_close_matches(passage.heading, known, 1) or known
                words = {"heading": passage.heading, "known": ", ".join(near)}
                self.problems.append(problem("prose-heading-unknown", passage.at, **words))

    def _known_paths(self, gap: _Gap) -> list[str]:
        if gap.within_ is None:
            return list(self.names)
        return [f"{gap.within_.path}.{name}" for name in gap.within_.names]


_RENDERING: ContextVar[Rendering] = ContextVar("rendering")


def _line_in_traceback(traceback: TracebackType | None) -> int:
    """The last line of a template in a traceback, where Jinja has put the template's own lines in its frames."""
    line = 1
    while traceback is not None:
        if "__jinja_exception__" in traceback.tb_frame.f_globals:
            line = traceback.tb_lineno
        traceback = traceback.tb_next
    return line


# ── what a template sees ─────────────────────────────────────────────────────────────────────


class _Kroner(int):
    """An amount in øre that writes itself as kroner, and so does the sum or difference of two."""

    def __str__(self) -> str:
        return danish.kr(Money(int(self)))

    def __add__(self, other: int) -> _Kroner:
        return _Kroner(int(self) + other)

    def __radd__(self, other: int) -> _Kroner:  # the sum filter begins with 0
        return _Kroner(other + int(self))

    def __sub__(self, other: int) -> _Kroner:
        return _Kroner(int(self) - other)

    def __mul__(self, other: int) -> _Kroner:
        return _Kroner(int(self) * other)

    __rmul__ = __mul__

    def __truediv__(self, other: int) -> _Kroner | _Share:  # type: ignore[override]
        if isinstance(other, _Kroner):
            return _Share(int(self), int(other))
        return _Kroner(int(times(Fraction(1) / other, Money(int(self)))))

    def __neg__(self) -> _Kroner:
        return _Kroner(-int(self))

    def __abs__(self) -> _Kroner:
        return _Kroner(abs(int(self)))


class _Share(Fraction):
    """A share that writes itself as per cent."""

    def __str__(self) -> str:
        return danish.pct(self)


class _Word(str):
    """A word that writes itself; a text compares its `id`, for that is what never changes."""

    id: str
    path_: str

    @classmethod
    def of(cls, said: Word, path: str) -> _Word:
        new = cls(said.text)
        new.id, new.path_ = said.id, path
        return new

    def __eq__(self, other: object) -> bool:
        rendering = _RENDERING.get(None)
        if rendering and isinstance(other, str) and not isinstance(other, _Word):
            rendering.compared(self)
        return super().__eq__(other)

    __hash__ = str.__hash__


class _View:
    """Some facts as a template sees them: reading one remembers that it was used."""

    __slots__ = ("fact_", "path_", "used_")

    def __init__(self, fact: Fact, path: str, used: dict[str, Used]) -> None:
        self.fact_ = fact
        self.path_ = path
        self.used_ = used

    def __getattr__(self, name: str) -> object:
        if name not in units(type(self.fact_)):
            raise AttributeError(name)
        value = _view(self.fact_, name, self.path_, self.used_)
        says = "" if isinstance(value, _Gap | _View | tuple) else _plain(value)
        self.used_[f"{self.path_}.{name}"] = Used(self.fact_.origins.get(name, self.fact_.origin), says)
        return value


def _view(fact: Fact, name: str, path: str, used: dict[str, Used]) -> object:
    """A field of some facts: nested facts as views, amounts and shares so that they write themselves."""
    value, unit = getattr(fact, name), units(type(fact))[name]
    path = f"{path}.{name}" if path else name
    is_unwritten = value == () and isinstance(fact, Facts) and name in fact.unwritten
    if value is None or is_unwritten or (isinstance(value, str) and value.startswith(MISSING)):
        return _Gap(path=path)
    if isinstance(value, Fact):
        return _View(value, path, used)
    if isinstance(value, tuple):
        return tuple(
            _View(item, f"{path}.{called(item, number)}", used) if isinstance(item, Fact) else item
            for number, item in enumerate(value, start=1)
        )
    if isinstance(value, Word):
        return _Word.of(value, path)
    if unit == "Money":
        return _Kroner(value)
    if unit == "Share":
        return _Share(value)
    return value


def _see(value: object, names: list[str]) -> None:
    """Reads a fact, of each item in a list, as a template would: what a picture shows has been used."""
    if isinstance(value, tuple):
        for item in value:
            _see(item, names)
    elif names:
        _see(getattr(value, names[0]), names[1:])


class _Gap(ChainableUndefined):
    """A fact that nobody has given, or that does not exist. False in a test; a problem where it is written."""

    __slots__ = ("path_", "unknown_", "within_")

    def __init__(
        self,
        hint: str | None = None,
        obj: Any = None,
        name: str | None = None,
        exc: type[Exception] | None = None,
        *,
        path: str = "",
    ) -> None:
        super().__init__(name=name or path)
        self.unknown_ = not path
        self.within_ = _Within.of(obj)
        self.path_ = path or (f"{self.within_.path}.{name}" if self.within_ else str(name))

    def __getattr__(self, name: str) -> _Gap:
        if name.startswith("__"):
            raise AttributeError(name)
        return self


class _Within(Struct, frozen=True):
    """The facts that an unknown name was looked for among."""

    path: str
    names: tuple[str, ...]

    @classmethod
    def of(cls, value: Any) -> _Within | None:
        if not isinstance(value, _View):
            return None
        return cls(value.path_, tuple(units(type(value.fact_))))


# ── Jinja ────────────────────────────────────────────────────────────────────────────────────


@pass_context  # which also keeps Jinja from writing a constant when it compiles, before there is a document
def _finalize(_context: Context, value: object) -> Markup:
    """What stands where a template writes a value: a token, so that the value is never read as markup."""
    rendering = _RENDERING.get()
    match value:
        case Markup():
            return value
        case _Gap():
            return rendering.gap(value)
        case None:
            return rendering.gap(_Gap(name="none"))
        case _View():
            return rendering.gap(_Gap(obj=value, name=""))
        case _:
            return Markup(rendering.values.token(_plain(value)))


def _plain(value: object) -> str:
    match value:
        case bool():
            return "ja" if value else "nej"
        case _Kroner() | _Share():
            return str(value)
        case Fraction() | int():
            return danish.number(value)
        case float():  # what Jinja divides is one
            return danish.number(Fraction(value))
        case date():
            return danish.long_date(value)
        case str():
            return str(value)
        case _:
            raise TypeError(f"{type(value).__name__} cannot be written: name what is in it")


def _filter(function: Callable[..., object]) -> Callable[..., object]:
    """A filter that lets a gap through, so that it is found where it would have been written."""

    @wraps(function)
    def passing(value: Any, *more: Any) -> object:
        return value if isinstance(value, _Gap) else function(value, *more)

    return passing


def _or_dash(value: object) -> object:
    """A dash where there is nothing to say, which 0 is not: {{ line.quantity | or_dash }}."""
    return danish.EN_DASH if isinstance(value, _Gap) else value


def _according_to(figures: tuple[Any, ...], source: str) -> object:
    """One source's word for a figure: {{ fund.frame | according_to("the-source") | mio }}."""
    found = [figure for figure in figures if figure.source == source]
    return found[0].value if found else _Gap(name=f"according_to({source!r})")


FILTERS: Mapping[str, Callable[..., object]] = {
    "kr": danish.kr,
    "amount": danish.amount_alone,
    "oere": danish.amount_with_oere,
    "mio": danish.mio,
    "about": danish.about,
    "number": danish.number,
    "pct": danish.pct,
    "long_date": danish.long_date,
    "short_date": danish.short_date,
    "deadline": danish.deadline,
    "listed": danish.listed,
    "cap": danish.capitalised,
    "uncap": danish.uncapitalised,
    "definite": danish.definite,
    "according_to": _according_to,
}


class _Environment(Sandbox):
    def getattr(self, obj: Any, attribute: str) -> Any:
        """A year is a name, not a number: 2022, never 2.022."""
        if isinstance(obj, date) and attribute == "year":
            return str(obj.year)
        return super().getattr(obj, attribute)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        if isinstance(obj, date) and attr not in ("year", "month", "day"):
            return False  # today() is a clock, and strftime() speaks the system's language
        return not attr.endswith("_") and super().is_safe_attribute(obj, attr, value)


@cache
def environment() -> _Environment:
    """Jinja as every text meets it: a sandbox with nothing to include, and no filter that loses an amount its unit."""
    environment = _Environment(
        autoescape=True,  # so that a macro's markup is told from a value; finalize leaves nothing to escape
        undefined=_Gap,
        finalize=_finalize,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    for name in ("dict", "namespace"):
        del environment.globals[name]
    environment.globals["plural"] = danish.plural
    for name in ("float", "int", "random", "round"):  # an amount would lose its unit, a document be another each time
        del environment.filters[name]
    environment.filters.update({name: _filter(function) for name, function in FILTERS.items()}, or_dash=_or_dash)
    return environment


@cache
def compiled(text: str) -> Template:
    """A template, ready to render."""
    return environment().from_string(text)
