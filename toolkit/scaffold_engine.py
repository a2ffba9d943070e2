"""cookiecutter's engine in a sandbox: a template's folder and some values to the texts of a project's files.

Templates come from other people. Plain cookiecutter runs their hooks and extensions, lets an expression reach Python,
and follows `../` in a name out of the folder; here a template can only write text, below its own project's folder.
"""

from __future__ import annotations

import json
import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path
from types import FunctionType
from typing import Any

from jinja2 import StrictUndefined, Template

from toolkit.core.problems import N_, FileName, Phrase, Refused, Span, declare, phrase, problem
from toolkit.documents.sandbox import Sandbox, begin
from toolkit.documents.template_faults import reason_of

SETTINGS = "cookiecutter.json"
_CODE = ("hooks", "local_extensions.py")  # what cookiecutter would run


declare(
    "template-unsafe",
    "error",
    N_("The template of new projects cannot be used: {reason}"),
    N_("take it out: a template is texts and cookiecutter.json, with neither code nor ways to other folders"),
)


class Unsafe(Refused):
    """A template asks for what no template may have; the words say what."""

    def __init__(self, reason: str | Phrase) -> None:
        super().__init__(
            problem("template-unsafe", Span(FileName("templates/project", "templates"), 0, 0), reason=reason)
        )


class Engine:
    """One template, read and prepared once for any number of projects."""

    def __init__(self, template: Path) -> None:
        """Read the template; raises Unsafe where it brings code, or files from elsewhere."""
        self._template = template
        files = _files(template)
        known = {name: sha256(as_bytes(text)).hexdigest() if is_binary(text) else text for name, text in files.items()}
        self.digest = sha256(json.dumps(known, sort_keys=True).encode()).hexdigest()
        self._generate_files = _engine(_Sandbox({name: text for name, text in files.items() if not is_binary(text)}))

    def render(self, values: Mapping[str, Any], into: Path) -> dict[str, str]:
        """Write one project's folder below `into`, and tell what is in its files, named from there.

        Raises Unsafe where the template cannot be rendered; then something may have been written below `into`.
        """
        context = {"cookiecutter": {**values, "_new_lines": "\n"}}
        begin()
        try:
            folder = Path(self._generate_files(str(self._template), context, str(into), accept_hooks=False))
        except (OSError, Unsafe):  # a disk that is full, a name that is too long: said as of any other file
            raise
        except Exception as error:  # whatever a stranger's template does wrong is the template's problem
            raise Unsafe(reason_of(error.__cause__ or error)) from error
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        return {path.relative_to(folder).as_posix(): as_text(path.read_bytes()) for path in files}


def as_text(content: bytes) -> str:
    """A file as a text, also one that is none: a picture or a form is known again as it was, byte for byte."""
    return content.decode("utf-8", "surrogateescape")


def as_bytes(text: str) -> bytes:
    """The same back again."""
    return text.encode("utf-8", "surrogateescape")


def is_binary(text: str) -> bool:
    """Whether what was read as a text is none, as a picture or a Word file: it is copied as it is, and never merged."""
    return "\0" in text


def is_unread(text: str) -> bool:
    """Whether it is a text in another code than UTF-8, which nobody may copy as if it were a picture."""
    begins = as_bytes(text[:2])
    return begins in (BOM_UTF16_LE, BOM_UTF16_BE) or (not is_binary(text) and _NO_UTF_8.search(text) is not None)


class _Sandbox(Sandbox):
    """Jinja without a way to Python or to other files; each file and each name is compiled once."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        super().__init__(
            undefined=StrictUndefined,
            keep_trailing_newline=True,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self._texts = texts
        self._compiled: dict[str, Template] = {}
        self._names: dict[str, _Name] = {}

    def get_template(self, name: Any, *_arguments: Any, **_more: Any) -> Template:
        """One of the template's own files, whatever loader the engine has set."""
        if name not in self._texts:
            raise Unsafe(phrase(N_("{name} is no file of the template"), name=name))
        if name not in self._compiled:
            self._compiled[name] = super().from_string(self._texts[name])
        return self._compiled[name]

    def from_string(self, source: Any, *_arguments: Any, **_more: Any) -> Any:
        """The engine asks this for the names of files and folders, and for nothing else."""
        if source not in self._names:
            self._names[source] = _Name(source, super().from_string(source) if "{" in source else None)
        return self._names[source]


class _Name:
    """The name of a file or folder, perhaps with values in it: a value never leads to another folder."""

    def __init__(self, source: str, template: Template | None) -> None:
        self._source = source
        self._template = template

    def render(self, **values: Any) -> str:
        if self._template is None:
            return self._source
        name = self._template.render(**values)
        parts = _parts(name)
        if ".." in parts or len(parts) != len(_parts(_EXPRESSION.sub("x", self._source))):
            raise Unsafe(phrase(N_("{source} leads to {name}"), source=self._source, name=name))
        return name


_NO_UTF_8 = re.compile("[\udc80-\udcff]")
_EXPRESSION = re.compile(r"\{\{.*?\}\}|\{%.*?%\}")


def _parts(path: str) -> list[str]:
    return re.split(r"[/\\]", path)


def _files(template: Path) -> dict[str, str]:
    """The template's files, named from the folder that becomes the project's."""
    try:
        settings = json.loads((template / SETTINGS).read_text(encoding="utf-8"))
    except (ValueError, RecursionError):
        settings = None
    if not isinstance(settings, dict):
        raise Unsafe(phrase(N_("{file} cannot be read"), file=SETTINGS))
    for key in settings:
        if key.startswith("_"):
            raise Unsafe(f"{SETTINGS}: {key}")
    for name in _CODE:
        if (template / name).exists():
            raise Unsafe(name)
    files: dict[str, str] = {}
    project = next(
        (path for path in sorted(template.iterdir()) if "{{" in path.name), template / "{{cookiecutter.slug}}"
    )
    for path in sorted(template.rglob("*")):
        name = path.relative_to(template).as_posix()
        if path.is_symlink():
            raise Unsafe(f"{name} -> {path.readlink()}")
        if path.is_file() and project in path.parents:
            text = as_text(path.read_bytes())
            if is_unread(text):
                raise Unsafe(phrase(N_("{file} cannot be read"), file=name))
            files[path.relative_to(project).as_posix()] = text if is_binary(text) else text.replace("\r\n", "\n")
    return files


def _engine(sandbox: _Sandbox) -> Callable[..., str]:
    """cookiecutter's own generate_files, in a copy that takes our environment for the one that it would make.

    The copy leaves the package as it is for everybody else; nothing in it is patched.
    """
    import cookiecutter.generate as original

    names = dict(vars(original))
    names["create_env_with_context"] = lambda _context: sandbox
    names["is_binary"] = lambda path: is_binary(as_text(Path(path).read_bytes()))
    for function in (original.generate_file, original.generate_files):
        assert isinstance(function, FunctionType)
        names[function.__name__] = FunctionType(
            function.__code__, names, function.__name__, function.__defaults__, function.__closure__
        )
    copied: Callable[..., str] = names["generate_files"]
    return copied
