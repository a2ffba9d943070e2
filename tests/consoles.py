"""What a page in Markdown asks its reader to do: files to write, and commands with what they answer."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import run

ROOT = Path(__file__).resolve().parents[1]
ANYTHING = "…"  # a line of its own: lines left out

_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_SAVE = re.compile(r"Gem dette som `([^`]+)`:\n\n\Z")
_ADD = re.compile(r"Føj dette til `([^`]+)`:\n\n\Z")


class Save(NamedTuple):
    """A text that the reader saves as a file, or adds to the end of one."""

    file: str
    text: str
    added: bool


class Command(NamedTuple):
    """A line after a `$`, and what the page says it answers."""

    words: tuple[str, ...]
    answer: str


def steps(page: Path) -> Iterator[Save | Command]:
    """What the page asks for, in its order."""
    text = page.read_text(encoding="utf-8")
    for block in _BLOCK.finditer(text):
        language, inside = block.groups()
        before = text[: block.start()]
        if language == "console":
            for part in re.split(r"^\$ ", inside, flags=re.MULTILINE)[1:]:
                line, _, answer = part.partition("\n")
                yield Command(tuple(shlex.split(line)), answer)
        elif save := _SAVE.search(before):
            yield Save(save[1], inside, added=False)
        elif add := _ADD.search(before):
            yield Save(add[1], inside, added=True)


def save(step: Save, folder: Path) -> None:
    """Do as the reader does."""
    file = folder / step.file
    file.parent.mkdir(parents=True, exist_ok=True)
    text = file.read_text(encoding="utf-8") if step.added else ""
    file.write_text(text + step.text, encoding="utf-8", newline="\n")


def answer(words: Sequence[str], folder: Path, code: Path = ROOT) -> str:
    """What a reader sees who stands in `folder` on a Danish PC: both streams, without blanks at the ends of lines."""
    arguments = [*run.TOOL, *words[1:]]
    if words[0] == "python3":
        arguments = list(words[1:]) if words[1] == "-m" else run.meaning(list(words[2:]))[0]
    environment = {**os.environ, "LANGUAGE": "da", "PYTHONPATH": str(code), "PYTHONUTF8": "1"}
    process = subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        encoding="utf-8",
    )
    return "".join(f"{line.rstrip()}\n" for line in process.stdout.splitlines())


def matches(said: str, page_says: str) -> bool:
    """Whether the page says what was said, line for line, but for the lines it leaves out."""
    lines = [".*" if line == ANYTHING else re.escape(line) for line in page_says.splitlines()]
    return re.fullmatch("\n".join(lines).replace(".*", "(?:.*\n)*?.*") + "\n?", said) is not None
