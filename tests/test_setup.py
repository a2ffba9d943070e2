"""What run.py promises before anything is installed, and what an installation holds."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

import run

ROOT = Path(__file__).resolve().parents[1]
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """A copy of what run.py reads, as if it were the whole repository."""
    for name in run.SOURCES:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    monkeypatch.setattr(run, "ROOT", tmp_path)
    monkeypatch.setattr(run, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(run, "READY", tmp_path / ".venv" / "pulje-ready.txt")
    monkeypatch.setattr(run, "PYTHON", tmp_path / ".venv" / "bin" / "python")
    return tmp_path


@pytest.fixture
def installed(checkout):
    """The same, with a .venv that a set-up has finished."""
    run.PYTHON.parent.mkdir(parents=True)
    run.PYTHON.touch()
    run.READY.write_text(run.wanted(), encoding="utf-8")
    return checkout


def test_demo_builds_the_example_and_test_runs_the_tests():
    assert run.meaning(["demo"]) == (
        ["-P", "-m", "toolkit", "build", "projects/thisted-nordthy", "--out", "build/thisted-nordthy"],
        run.ROOT,
    )
    assert run.meaning(["test", "-k", "amount"]) == ([*run.TEST, "-k", "amount"], run.ROOT)


def test_other_words_go_to_the_tool_and_paths_count_from_where_the_user_stands(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    assert run.meaning(["status", "mit-projekt"]) == (["-P", "-m", "toolkit", "status", "mit-projekt"], tmp_path)


def test_without_words_it_shows_the_ways_to_use_it(capsys):
    with pytest.raises(SystemExit) as end:
        run.main([])

    assert not end.value.code
    assert {"demo", "test", "--help", "status"} <= set(capsys.readouterr().out.split())


def test_a_finished_set_up_is_not_made_again(installed):
    assert run.is_ready()


@pytest.mark.parametrize("name", run.SOURCES)
def test_a_change_in_what_it_is_made_from_asks_for_a_new_installation(installed, name):
    with (installed / name).open("a", encoding="utf-8") as file:
        file.write("# ny linje\n")

    assert not run.is_ready()


def test_a_folder_that_was_moved_asks_for_a_new_one(installed, monkeypatch):
    before = run.wanted()
    moved = installed.rename(installed.with_name("flyttet"))
    monkeypatch.setattr(run, "ROOT", moved)

    assert run.wanted() != before
    assert run.wanted().splitlines()[1] == before.splitlines()[1]


def test_a_python_that_went_away_asks_for_a_new_one(installed):
    run.PYTHON.unlink()

    assert not run.is_ready()


def test_a_set_up_that_was_cut_short_leaves_no_stamp_and_begins_anew(installed, monkeypatch):
    commands = []

    def cut_short(command, **_settings):
        commands.append(command)
        raise KeyboardInterrupt

    monkeypatch.setattr(subprocess, "run", cut_short)
    (installed / "requirements.lock").write_text("", encoding="utf-8")
    with pytest.raises(KeyboardInterrupt):
        run.set_up()
    with pytest.raises(KeyboardInterrupt):
        run.set_up()

    assert not run.READY.exists()
    assert ["pip" in command for command in commands] == [True, False]  # at first only what changed, then all of it
    assert "--clear" in commands[1]


def test_the_path_in_an_installation_needs_no_letters_that_windows_might_lose(installed, monkeypatch):
    path = installed / ".venv" / "lib" / "python3.11" / "site-packages" / "_pulje.pth"
    path.parent.mkdir(parents=True)
    path.write_text("C:\\Users\\Søren\\pulje", encoding="utf-8")
    monkeypatch.setattr(subprocess, "run", lambda _command, **_settings: None)

    run.set_up()

    assert (path.parent / path.read_text(encoding="ascii").strip()).resolve() == installed.resolve()


def test_too_old_a_python_is_told_so_in_both_languages(monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))
    monkeypatch.setattr(run, "VERSION", "3.9")
    with pytest.raises(SystemExit) as end:
        run.main(["demo"])

    assert "pulje kræver Python 3.11 eller nyere; dette er Python 3.9" in str(end.value.code)
    assert "pulje needs Python 3.11 or newer; this is Python 3.9" in str(end.value.code)


def test_a_python_as_old_as_3_6_can_read_run_py_far_enough_to_say_so():
    tree = ast.parse((ROOT / "run.py").read_text(encoding="utf-8"), feature_version=(3, 6))
    annotations = [
        annotation
        for node in ast.walk(tree)
        for annotation in (getattr(node, "annotation", None), getattr(node, "returns", None))
        if annotation is not None
    ]

    assert annotations
    assert not any("list" in ast.dump(each) and not isinstance(each, ast.Constant) for each in annotations)
    assert not any(isinstance(node, ast.ImportFrom) and node.module == "__future__" for node in tree.body)


def test_a_debian_without_venv_is_told_which_package_to_install(checkout, monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None if name == "ensurepip" else object())
    with pytest.raises(SystemExit) as end:
        run.main(["demo"])

    assert "sudo apt install python{}.{}-venv".format(*sys.version_info) in str(end.value.code)


def test_a_failed_download_ends_with_advice(checkout, monkeypatch, capsys):
    def refuse(command, **_settings):
        raise subprocess.CalledProcessError(1, command)

    monkeypatch.setattr(subprocess, "run", refuse)
    with pytest.raises(SystemExit) as end:
        run.main(["status"])

    assert "HTTPS_PROXY" in str(end.value.code)
    assert "Sætter pulje op" in capsys.readouterr().err


# ── the lock ─────────────────────────────────────────────────────────────────────────────────


def locked() -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9.-]+)==([^ ;\\]+)", LOCK, flags=re.MULTILINE))


def test_the_lock_holds_every_dependency_the_build_backend_and_what_windows_needs():
    metadata = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    asked = [
        *metadata["project"]["dependencies"],
        *metadata["project"]["optional-dependencies"]["dev"],
        *metadata["build-system"]["requires"],
    ]

    assert {re.split("[<>=]", requirement)[0].lower() for requirement in asked} <= set(locked())
    assert "colorama" in locked()


def test_the_lock_pins_every_package_by_digest_and_names_no_place_to_fetch_it_from():
    packages = re.split(r"\n(?=[a-z0-9])", LOCK.strip())[1:]  # without the head, which says how it is made

    assert len(packages) > 20
    assert [
        package for package in packages if not re.match(r"[a-z0-9.-]+==\S+ .*--hash=sha256:", package, re.DOTALL)
    ] == []
    assert len(packages) == len(locked())
    assert "://" not in LOCK
    assert "index-url" not in LOCK


# ── whole installations, made by .ci/run ─────────────────────────────────────────────────────


@pytest.mark.install
def test_a_fresh_copy_in_a_folder_with_danish_letters_sets_itself_up_and_mends_itself(tmp_path):
    folder = tmp_path / "pulje på en pc"
    shutil.copytree(ROOT, folder, ignore=shutil.ignore_patterns(".*", "build", "*.mo", "__pycache__"))
    elsewhere = tmp_path / "et andet sted"
    elsewhere.mkdir()
    environment = {**os.environ, "HOME": str(elsewhere), "USERPROFILE": str(elsewhere), "LANGUAGE": "da"}

    def start(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, str(folder / "run.py"), *words]
        return subprocess.run(command, cwd=elsewhere, env=environment, capture_output=True, text=True, encoding="utf-8")

    first, second = start("--help"), start("--help")
    (folder / run.READY.relative_to(run.ROOT)).unlink()  # as if the power had gone
    (folder / run.PYTHON.relative_to(run.ROOT)).unlink()
    third = start("--help")

    assert first.stdout.startswith("Brug: pulje"), first.stderr
    assert "Sætter pulje op" in first.stderr
    assert (second.stdout, second.stderr) == (first.stdout, "")
    assert (third.stdout, third.returncode) == (first.stdout, 0)
    assert start("findes-ikke").returncode == 2


@pytest.mark.install
def test_a_wheel_installed_elsewhere_renders_from_its_own_templates(tmp_path):
    pip = ["-m", "pip", "--quiet", "--disable-pip-version-check"]
    subprocess.run(
        [sys.executable, *pip, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(tmp_path), str(ROOT)],
        check=True,
    )
    (wheel,) = tmp_path.glob("pulje-*.whl")
    subprocess.run([sys.executable, "-m", "venv", str(tmp_path / "tom")], check=True)
    programs = tmp_path / "tom" / ("Scripts" if os.name == "nt" else "bin")
    subprocess.run([programs / "python", *pip, "install", str(wheel)], check=True, cwd=tmp_path)
    shutil.copytree(ROOT / "projects" / "thisted-nordthy", tmp_path / "projekt")

    build = [programs / "pulje", "build", "projekt", "--out", "dokumenter", "--lang", "da"]
    subprocess.run(build, check=True, cwd=tmp_path)

    assert "toolkit/locale/da/LC_MESSAGES/pulje.mo" in zipfile.ZipFile(wheel).namelist()
    assert {path.suffix for path in (tmp_path / "dokumenter").iterdir()} >= {".docx", ".html"}
