from __future__ import annotations

import os
from pathlib import Path

import pytest

from toolkit import files
from toolkit.files import write_whole


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_is_written_with_the_folders_it_needs(tmp_path: Path) -> None:
    write_whole(tmp_path / "build" / "nyt" / "rapport.html", b"ny")

    assert (tmp_path / "build" / "nyt" / "rapport.html").read_bytes() == b"ny"


def test_nothing_is_left_beside_the_file(tmp_path: Path) -> None:
    for data in (b"gammel", b"ny"):
        write_whole(tmp_path / "rapport.html", data)

    assert names(tmp_path) == ["rapport.html"]
    assert (tmp_path / "rapport.html").read_bytes() == b"ny"


def test_the_old_file_stands_when_the_new_one_cannot_be_finished(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "rapport.html"
    file.write_bytes(b"gammel")

    def disk_full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", disk_full)
    with pytest.raises(OSError, match="No space"):
        write_whole(file, b"ny")

    assert file.read_bytes() == b"gammel"
    assert names(tmp_path) == ["rapport.html"]


def test_a_file_that_somebody_holds_for_a_moment_is_replaced_when_it_is_let_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = iter([True, True, False])
    replace = Path.replace

    def replace_when_free(self: Path, target: Path) -> Path:
        if next(held):
            raise PermissionError(13, "held")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", replace_when_free)
    monkeypatch.setattr(files.time, "sleep", lambda _seconds: None)
    write_whole(tmp_path / "rapport.docx", b"ny")

    assert (tmp_path / "rapport.docx").read_bytes() == b"ny"


def test_a_file_that_stays_held_is_named_and_left_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "rapport.docx"
    file.write_bytes(b"gammel")

    def always_held(_self: Path, _target: Path) -> Path:
        raise PermissionError(13, "held")

    monkeypatch.setattr(Path, "replace", always_held)
    monkeypatch.setattr(files.time, "sleep", lambda _seconds: None)
    with pytest.raises(PermissionError) as refused:
        write_whole(file, b"ny")

    assert refused.value.filename == str(file)
    assert names(tmp_path) == ["rapport.docx"]
    assert file.read_bytes() == b"gammel"


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_whoever_could_read_the_old_file_can_read_the_new_one(tmp_path: Path) -> None:
    file = tmp_path / "rapport.html"
    file.write_bytes(b"gammel")
    file.chmod(0o640)
    write_whole(file, b"ny")
    write_whole(tmp_path / "anden.html", b"ny")
    (tmp_path / "som-andre.html").write_bytes(b"")

    assert file.stat().st_mode & 0o777 == 0o640
    assert (tmp_path / "anden.html").stat().st_mode == (tmp_path / "som-andre.html").stat().st_mode
