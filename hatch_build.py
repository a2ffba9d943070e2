"""What a build adds to the code: the compiled catalogues, and in a wheel the templates."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CustomBuildHook(BuildHookInterface[Any]):
    """Hatchling calls it for a wheel and for an editable installation alike."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile the catalogues; an editable installation reads templates/ where it stands, a wheel brings a copy."""
        compile_catalogues(Path(self.root))
        if version != "editable":
            build_data["force_include"]["templates"] = "toolkit/_data/templates"


def compile_catalogues(root: Path) -> None:
    """Write the .mo beside each .po, with Babel: msgfmt is missing on Windows and on most PCs."""
    for po in (root / "toolkit" / "locale").rglob("*.po"):
        with po.open("rb") as source:
            catalogue = read_po(source, locale=po.parts[-3])
        with po.with_suffix(".mo").open("wb") as target:
            write_mo(target, catalogue)
