"""The command as a process: its language, its list of commands, and how it ends when something is wrong."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from toolkit import __version__, cli
from toolkit.cli import COMMANDS, options, screen
from toolkit.cli.options import Day, as_of_option, document_day_option
from toolkit.cli.wrong_use import WrongUse, show
from toolkit.core.problems import Problem
from toolkit.readers.values import Value, day

ROOT = Path(__file__).resolve().parents[2]
DANISH = {"LANG": "da_DK.UTF-8"}
ENGLISH = {"LANG": "en_GB.UTF-8"}

# A command that goes wrong in one way or another, put in the place of `status`.
PLANTED = """
import sys, click, toolkit.cli
from toolkit.__main__ import main

@click.command()
@click.argument("way")
def planted(way):
    if way == "fault": {}["missing"]
    if way == "ctrl-c": raise KeyboardInterrupt
    if way == "ask": click.prompt("Beløb")
    if way == "file": open("findes/ikke.yaml")
    if way == "disk": raise OSError(28, "No space left on device")
    if way == "pipe": [click.echo("x" * 1000) for _ in range(1000)]
    if way == "signs": click.echo("\\u2714 6.994.528 kr. \\u00e6\\u00f8\\u00e5")
    if way == "found": click.get_current_context().exit(1)

toolkit.cli.COMMANDS["status"] = ("__main__:planted", "…")
main()
"""


def start(*words: str, language: dict[str, str] = DANISH, code: str = "", encoding: str = "utf-8", **environment: str):
    """`pulje WORDS` as a process of its own, on a PC of that language."""
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(("LC_", "LANG", "PULJE"))}
    command = [sys.executable, "-c", code] if code else [sys.executable, "-m", "toolkit"]
    return subprocess.run(
        [*command, *words],
        env={**inherited, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": encoding, **language, **environment},
        capture_output=True,
        stdin=subprocess.DEVNULL,
        encoding=encoding,
    )


def test_help_is_danish_on_a_danish_system_and_english_elsewhere():
    assert start("--help").stdout.startswith("Brug: pulje [VALG] KOMMANDO")
    assert start("-h", language=ENGLISH).stdout.startswith("Usage: pulje [OPTIONS] COMMAND")


@pytest.mark.parametrize("words", [("--lang", "en", "satus"), ("satus", "--lang", "en"), ("satus", "--lang=en")])
def test_lang_goes_before_the_system_wherever_it_stands(words):
    assert "No such command 'satus'" in start(*words).stderr


def test_a_language_that_pulje_does_not_speak_is_used_wrongly():
    refused = start("--lang", "tysk")

    assert refused.returncode == 2
    assert "'tysk' er ikke en af 'da', 'en'." in refused.stderr


def test_an_unknown_command_is_answered_with_the_one_that_was_meant():
    refused = start("satus")

    assert refused.returncode == 2
    assert "Kommandoen 'satus' findes ikke.\nprøv: mente du status?\n" in refused.stderr


@pytest.mark.parametrize(
    ("words", "usage", "said"),
    [
        (["status", "--jsn"], "pulje status", "--jsn: option-unknown (fejl)\n"),
        (["satus"], "pulje", "command-unknown (fejl)\n"),
        (["status"], "pulje status", "argument-missing (fejl)\n"),
        (["portfolio", "findes-ikke"], "pulje portfolio", "value-wrong (fejl)\n"),
        (["portfolio", ".", "--group-by", "x"], "pulje portfolio", "--group-by: value-wrong (fejl)\n"),
        (["--lang", "tysk"], "pulje", "--lang: value-wrong (fejl)\n"),
        (["budget", ".", "--compare", "a"], "pulje budget", "used-wrongly (fejl)\n"),
        (["schema", "project", "seed"], "pulje schema", "used-wrongly (fejl)\n"),
    ],
)
def test_what_click_refuses_has_a_code_after_how_the_command_is_used(words, usage, said):
    refused = start(*words)
    first, empty, *rest = refused.stderr.splitlines(keepends=True)

    assert (refused.returncode, refused.stdout) == (2, "")
    assert first.startswith(f"Brug: {usage} [VALG]")
    assert empty == "\n"
    assert rest[0] == said
    assert rest[-1].startswith("prøv: mente du ") or rest[-1] == f"prøv: {usage} --help siger, hvad der kan skrives\n"


CLICK_REFUSES = [
    (click.NoSuchOption("--nej"), "--nej: option-unknown"),
    (click.NoSuchCommand("nej"), "command-unknown"),
    (click.MissingParameter(param_type="option"), "argument-missing"),
    (click.BadParameter("nej"), "value-wrong"),
    (click.BadOptionUsage("--nej", "nej"), "used-wrongly"),
    (click.BadArgumentUsage("nej"), "used-wrongly"),
    (click.UsageError("nej"), "used-wrongly"),
    (click.FileError("nej"), "used-wrongly"),
    (click.ClickException("nej"), "used-wrongly"),
]


@pytest.mark.parametrize(("refusal", "said"), CLICK_REFUSES, ids=lambda value: type(value).__name__)
def test_whatever_click_refuses_has_a_code(refusal, said, capsys):
    assert show(refusal) == refusal.exit_code
    assert capsys.readouterr().err.startswith(f"{said} (")


def test_every_refusal_that_click_has_is_among_them():
    seen = {type(refusal) for refusal, _said in CLICK_REFUSES}
    below = {kind for each in seen for kind in each.__subclasses__() if kind.__module__.startswith("click")}

    assert below <= seen | {click.exceptions.NoArgsIsHelpError}  # which is the help itself


def test_pulje_alone_is_answered_with_its_help():
    alone = start()

    assert (alone.returncode, alone.stdout) == (2, "")
    assert alone.stderr.startswith("Brug: pulje [VALG] KOMMANDO")
    assert "(fejl)" not in alone.stderr


def test_what_a_command_refuses_is_shown_as_any_other_problem(tmp_path):
    refused = start("portfolio", str(tmp_path), "--json")

    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr == (
        f"no-project (fejl)\nDer er intet projekt i {tmp_path} eller under den.\n"
        "prøv: skriv stien til en mappe med en project.yaml i\n"
    )


def test_the_list_of_commands_imports_none_of_them():
    code = """
import sys
from toolkit.__main__ import main
try:
    main()
finally:
    heavy = {"msgspec", "yaml", "babel", "jinja2", "docx", "importlib.metadata"}
    print(sorted(heavy & set(sys.modules)))
    print(sorted(name for name in sys.modules if name.startswith("toolkit.")))
"""
    *listed, heavy, ours = start("--help", code=code).stdout.splitlines()

    assert [line.split()[0] for line in listed if line.split() and line.split()[0] in COMMANDS] == list(COMMANDS)
    assert heavy == "[]"
    assert ours == "['toolkit.__main__', 'toolkit.cli', 'toolkit.cli.options', 'toolkit.language']"


@pytest.mark.parametrize("name", COMMANDS)
def test_the_list_says_of_a_command_what_its_own_help_says_first(name):
    command = cli.main.get_command(click.Context(cli.main), name)

    assert (command.name, command.callback.__doc__.splitlines()[0]) == (name, COMMANDS[name][1])
    assert isinstance(command, cli.Command), "without cls=Command it lacks --lang and Danish help"


def test_what_only_documents_need_is_not_imported_by_those_who_follow_a_project():
    code = """
import sys, toolkit.cli.track
print(sorted({"babel", "docx", "jinja2", "markdown_it"} & set(sys.modules)))
"""
    assert start(code=code).stdout == "[]\n"


def test_a_word_is_completed_without_importing_a_command():
    completed = cli.main.shell_complete(click.Context(cli.main), "st")

    assert [(item.value, item.help) for item in completed] == [("status", "Viser faser, milepæle og penge på en dato.")]


def test_version():
    assert start("--version").stdout == f"pulje {__version__}\n"


# ── how it ends ──────────────────────────────────────────────────────────────────────────────


def test_a_fault_of_ours_asks_to_be_reported_and_shows_no_traceback():
    ended = start("status", "fault", code=PLANTED)

    assert ended.returncode == 70
    assert ended.stderr.startswith("Det er en fejl i pulje, ikke i dine filer.")
    assert "KeyError: 'missing'" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_whoever_mends_it_can_see_the_traceback():
    ended = start("status", "fault", code=PLANTED, PULJE_DEBUG="1")

    assert ended.returncode == 70
    assert "Traceback (most recent call last)" in ended.stderr


def test_ctrl_c_is_quiet():
    ended = start("status", "ctrl-c", code=PLANTED)

    assert (ended.returncode, ended.stdout, ended.stderr.strip()) == (130, "", "")


def test_a_question_that_nobody_answers_ends_it():
    ended = start("status", "ask", code=PLANTED)

    assert ended.returncode == 1
    assert ended.stderr.strip() == "Afbrudt!"


def test_a_file_that_cannot_be_opened_is_named():
    ended = start("status", "file", code=PLANTED)

    assert (ended.returncode, ended.stderr) == (
        1,
        "findes/ikke.yaml: disk-refused (fejl)\n"
        "Dette kan ikke læses eller skrives: der er ingen fil eller mappe af det navn.\n"
        "prøv: ret det, og kør den samme kommando igen\n",
    )


@pytest.mark.skipif(os.name == "nt", reason="a shell of Windows cannot close a stream")
def test_a_command_without_a_place_to_answer_ends_like_any_other():
    command = f'"{sys.executable}" -m toolkit --help >&-'

    assert subprocess.run(command, shell=True, cwd=ROOT, stderr=subprocess.PIPE).stderr == b""


def test_a_full_disk_is_no_fault_in_pulje():
    ended = start("status", "disk", code=PLANTED)

    assert (ended.returncode, ended.stderr) == (
        1,
        "disk-refused (fejl)\n"
        "Dette kan ikke læses eller skrives: disken er fuld.\n"
        "prøv: ret det, og kør den samme kommando igen\n",
    )


def test_errors_in_the_input_are_exit_code_1():
    assert start("status", "found", code=PLANTED).returncode == 1


@pytest.mark.skipif(os.name == "nt", reason="a shell's pipe ends in another way on Windows")
def test_a_reader_that_leaves_early_hears_no_complaint():
    head = f'{sys.executable} -c "$CODE" status pipe | head -c 10'
    ended = subprocess.run(
        ["sh", "-c", head],
        env={**os.environ, "CODE": PLANTED, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=True,
    )

    assert (ended.stdout, ended.stderr) == (b"x" * 10, b"")


def test_a_console_that_lacks_a_sign_shows_a_question_mark_and_goes_on():
    ended = start("status", "signs", code=PLANTED, encoding="cp1252")

    assert (ended.returncode, ended.stdout) == (0, "? 6.994.528 kr. æøå\n")


# ── days ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("typed", ["2022-06-30", "30-06-2022", " 2022-06-30 "])
def test_a_day_as_people_type_it(typed):
    assert Day().convert(typed, None, None) == date(2022, 6, 30)


@pytest.mark.parametrize(
    "typed",
    ["30/06/2022", "30-6-2022", "06-30-22", "20220630", "2022-06", "i dag", "", "2022-06-30T00:00", "31-04-2022"],
)
def test_a_day_is_refused_on_the_command_line_as_it_is_in_a_file(typed):
    with pytest.raises(WrongUse) as refused:
        Day().convert(typed, click.Option(["--as-of"]), None)

    in_a_file = day(Value.typed(typed or '""'))
    assert isinstance(in_a_file, Problem)
    place, *said = screen.problem(refused.value.found).splitlines()
    assert place.startswith(f"--as-of: {in_a_file.code} ")
    assert said == screen.problem(in_a_file).splitlines()[-2:]
    assert "skriv 2022-0" in said[-1]


def test_as_of_is_today_unless_it_is_given(monkeypatch):
    @click.command()
    @as_of_option
    def show(as_of: date) -> None:
        click.echo(as_of)

    class Frozen(date):
        @classmethod
        def today(cls) -> date:
            return cls(2023, 3, 31)

    monkeypatch.setattr(options, "date", Frozen)

    assert CliRunner().invoke(show, []).output == "2023-03-31\n"
    assert CliRunner().invoke(show, ["--as-of", "30-06-2022"]).output == "2022-06-30\n"


def test_a_document_never_asks_the_clock():
    @click.command()
    @document_day_option
    def show(as_of: date | None) -> None:
        click.echo(repr(as_of))

    assert CliRunner().invoke(show, []).output == "None\n"
