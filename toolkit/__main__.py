"""The `pulje` command as a process: a language and a console before it, an exit code after it."""

from __future__ import annotations

import errno
import io
import os
import sys
from pathlib import Path
from typing import NoReturn

from toolkit.language import _, asked_language, set_language, system_language

_INTERRUPTED = 130  # what a shell says of a program that Ctrl-C ended
_FAULT = 70  # EX_SOFTWARE in sysexits.h: the program is wrong, not its input


def main() -> NoReturn:
    """Run the command that the words ask for, and leave with its exit code. Nobody is shown a traceback."""
    set_language(asked_language(sys.argv[1:]) or system_language())
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a cp1252 console lacks ✔: a question mark is better than a crash
    try:
        code = _run()
    except KeyboardInterrupt:
        code = _INTERRUPTED
    except Exception as error:
        code = _failed(error)
    sys.exit(code)


def _run() -> int:
    import click

    from toolkit.cli import main as pulje

    try:
        code = pulje.main(prog_name="pulje", standalone_mode=False)
        if sys.stdout is not None:  # as where a program without a console starts us
            sys.stdout.flush()
    except click.ClickException as refusal:
        from toolkit.cli import wrong_use  # who types nothing wrong does not pay for the words

        return wrong_use.show(refusal)
    except click.Abort as abort:
        if isinstance(abort.__context__, KeyboardInterrupt):
            return _INTERRUPTED
        click.echo(_("Aborted!"), err=True)
        return 1
    return code if isinstance(code, int) else 0


def _failed(error: Exception) -> int:
    """The exit code of a command that could not go on: the reader left, the disk refused, or pulje is at fault."""
    if isinstance(error, OSError) and error.errno == errno.EPIPE:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # else Python complains when it flushes at exit
        return 1
    if isinstance(error, OSError):
        from toolkit.cli import screen
        from toolkit.files import refused_by_disk

        if refusal := refused_by_disk(error):
            sys.stderr.write(screen.plain(refusal) + "\n")
            return 1

    import traceback

    if os.environ.get("PULJE_DEBUG"):
        traceback.print_exception(error)
        return _FAULT
    place = traceback.extract_tb(error.__traceback__)[-1]
    sys.stderr.write(
        _("This is a fault in pulje, not in your files. Please report these words and what you did:")
        + f"\n{type(error).__name__}: {error} ({Path(place.filename).name}:{place.lineno})\n"
        + _("With PULJE_DEBUG=1 in the environment it says more.")
        + "\n"
    )
    return _FAULT


if __name__ == "__main__":
    main()
