"""What every test may count on: the texts of this checkout, in Danish."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode
from syrupy.location import PyTestLocation

from hatch_build import compile_catalogues
from toolkit.language import set_language

ROOT = Path(__file__).resolve().parents[1]

# The same examples on every machine and in every run, and few: a law that breaks seldom gets an example of its own.
settings.register_profile("repeatable", derandomize=True, max_examples=60, deadline=None, database=None)
settings.load_profile("repeatable")

# Before a test imports a command: help texts are made while commands are imported.
if "PYTEST_XDIST_WORKER" not in os.environ:  # once for all processes, by the one that starts them
    compile_catalogues(ROOT)
set_language("da")


class GoldenHtml(SingleFileSnapshotExtension):
    """A page as a file of its own under tests/golden/, to open in a browser and to read in a diff."""

    file_extension = "html"
    _write_mode = WriteMode.TEXT

    @classmethod
    def dirname(cls, *, test_location: PyTestLocation) -> str:
        return str(ROOT / "tests" / "golden" / test_location.basename)


@pytest.fixture
def snapshot_html(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    """A golden page; `pytest --snapshot-update` writes it, and a missing one fails."""
    return snapshot.use_extension(GoldenHtml)
