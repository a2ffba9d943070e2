"""Makes the list of rooms in docs/architecture.md from each module's first line: `python -m docs.architecture`."""

from __future__ import annotations

import re
from pathlib import Path

from docs.page import DOCS, ROOT, write

PAGE = DOCS / "architecture.md"
_BEGINS, _ENDS = "<!-- rooms: made by python -m docs.architecture -->\n", "<!-- /rooms -->\n"


def main() -> None:
    """Write the list anew; the rest of the page is written by hand."""
    write(PAGE, page())


def page() -> str:
    """The page as it stands, with the list as it should be."""
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(_BEGINS)
    _, _, after = rest.partition(_ENDS)
    return f"{before}{_BEGINS}\n```text\n{rooms()}```\n\n{_ENDS}{after}"


def rooms() -> str:
    """Every module under its folder, with the sentence it opens with."""
    lines: list[str] = []
    for folder in (ROOT / "toolkit", *sorted(path for path in (ROOT / "toolkit").rglob("*") if path.is_dir())):
        modules = [path for path in sorted(folder.glob("*.py")) if path.name != "__init__.py"]
        if modules or (folder / "__init__.py").exists():
            inside = _sentence(folder / "__init__.py") if (folder / "__init__.py").exists() else ""
            lines.append(f"{folder.relative_to(ROOT).as_posix()}/".ljust(30) + inside)
            lines += [f"  {path.name}".ljust(30) + _sentence(path) for path in modules]
    return "".join(f"{line.rstrip()}\n" for line in lines)


def _sentence(module: Path) -> str:
    said = re.match(r'"""(.+?)(?:"""|$)', module.read_text(encoding="utf-8"), re.MULTILINE)
    return said[1] if said else ""


if __name__ == "__main__":
    main()
