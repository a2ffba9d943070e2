"""cookiecutter's engine in a sandbox: a template's folder and some values to the texts of a project's files.

Templates come from other people. Plain cookiecutter runs their hooks and extensions, lets an expression reach Python,
and follows `../` in a name out of the folder; here a template can only write text, below its own project's folder.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path
from types import FunctionType
from typing import Any

from jinja2 import StrictUndefined, Template, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from toolkit.core.problems import N_, FileName, Phrase, Refused, Span, declare, phrase, problem
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
        texts = _texts(template)
        self.digest = sha256(json.dumps(texts, sort_keys=True).encode()).hexdigest()
        self._generate_files = _engine(_Sandbox(texts))

    def render(self, values: Mapping[str, Any], into: Path) -> dict[str, str]:
        """Write one project's folder below `into`, and tell the texts of its files, named from there.

        Raises Unsafe where the template cannot be rendered; then something may have been written below `into`.
        """
        from cookiecutter.exceptions import CookiecutterException

        context = {"cookiecutter": {**values, "_new_lines": "\n"}}
        try:
            folder = Path(self._generate_files(str(self._template), context, str(into), accept_hooks=False))
        except (CookiecutterException, TemplateError) as error:
            raise Unsafe(reason_of(error.__cause__ or error)) from error
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        return {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in files}


class _Sandbox(ImmutableSandboxedEnvironment):
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


_EXPRESSION = re.compile(r"\{\{.*?\}\}|\{%.*?%\}")


def _parts(path: str) -> list[str]:
    return re.split(r"[/\\]", path)


def _texts(template: Path) -> dict[str, str]:
    """The template's files, named from the folder that becomes the project's."""
    settings = json.loads((template / SETTINGS).read_text(encoding="utf-8"))
    for key in settings:
        if key.startswith("_"):
            raise Unsafe(f"{SETTINGS}: {key}")
    for name in _CODE:
        if (template / name).exists():
            raise Unsafe(name)
    texts: dict[str, str] = {}
    project = next(
        (path for path in sorted(template.iterdir()) if "{{" in path.name), template / "{{cookiecutter.slug}}"
    )
    for path in sorted(template.rglob("*")):
        name = path.relative_to(template).as_posix()
        if path.is_symlink():
            raise Unsafe(f"{name} -> {path.readlink()}")
        if path.is_file() and project in path.parents:
            texts[path.relative_to(project).as_posix()] = path.read_text(encoding="utf-8")
    return texts


def _engine(sandbox: _Sandbox) -> Callable[..., str]:
    """cookiecutter's own generate_files, in a copy that takes our environment for the one that it would make.

    The copy leaves the package as it is for everybody else; nothing in it is patched.
    """
    import cookiecutter.generate as original

    names = dict(vars(original))
    names["create_env_with_context"] = lambda _context: sandbox
    names["is_binary"] = lambda _path: False  # all of it has been read as text
    for function in (original.generate_file, original.generate_files):
        assert isinstance(function, FunctionType)
        names[function.__name__] = FunctionType(
            function.__code__, names, function.__name__, function.__defaults__, function.__closure__
        )
    copied: Callable[..., str] = names["generate_files"]
    return copied
