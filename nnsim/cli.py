"""The command line: which command is meant, and how every failure is told. The window's code is imported only for a window.

It is apart from the commands because it alone turns errors into one line and an exit code. It refuses to import NumPy or Qt
before it knows that they are needed, so that help and mistakes are answered at once.
"""

import argparse
import importlib
import io
import os
import sys
import warnings
from collections.abc import Sequence

from nnsim.commands.arguments import COMMANDS, window_parser
from nnsim.commands.terminal import FINE, INTERRUPTED, READER_GONE, REFUSED, CommandError, drop_output, flush, note

THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")


def main(argv: Sequence[str] | None = None) -> int:
    """Do what the arguments (default: those of the process) ask for. Returns the exit code: 0, 1, 2 or 130."""
    words = list(sys.argv[1:] if argv is None else argv)
    _prepare()
    try:
        code = _run(words)
        flush()
    except CommandError as refusal:
        code = _refused(str(refusal))
    except BrokenPipeError:
        # whoever read our output has had enough, as head does: no reason to complain
        drop_output()
        code = READER_GONE
    except OSError as error:
        drop_output()
        place = f' "{error.filename}"' if error.filename else ""
        code = _refused(f"the system refused{place}: {error.strerror or error}")
    except MemoryError:
        code = _refused("there is not enough memory for this; a smaller network, batch or data set needs less")
    except KeyboardInterrupt:
        note("interrupted")
        code = INTERRUPTED
    except SystemExit as leaving:
        # argparse has printed help or the version
        code = leaving.code if isinstance(leaving.code, int) else FINE
    return code


def _prepare() -> None:
    for name in THREADS:
        # the matrices are small: threads would only wait for each other
        os.environ.setdefault(name, "1")
    if not sys.warnoptions:
        warnings.simplefilter("ignore")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # a terminal that has no letter for η shall not end the program
            stream.reconfigure(errors="backslashreplace")


def _run(words: list[str]) -> int:
    if words and words[0] in COMMANDS:
        return _command(words[0], words[1:])
    return _window(window_parser().parse_args(words))


def _command(name: str, words: list[str]) -> int:
    arguments = COMMANDS[name].parser().parse_args(words)
    try:
        return int(importlib.import_module(f"nnsim.commands.{name}").run(arguments))
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("nnsim"):
            raise
        raise CommandError(f"the package {error.name} is not installed; nnsim doctor says what is missing") from error
    except ValueError as error:
        from nnsim.files.session import SourceError

        if isinstance(error, SourceError):
            raise CommandError(str(error)) from error
        raise


def _window(arguments: argparse.Namespace) -> int:
    from nnsim.commands.window_check import check_screen, check_source

    check_source(arguments.source, arguments.screenshot)
    check_screen(arguments.screenshot)
    try:
        from nnsim.app.main import run_window
    except ImportError as error:
        raise CommandError(f"Qt cannot be loaded ({error}); nnsim doctor says what is missing") from error
    return run_window(arguments.source, arguments.screenshot, arguments.theme, arguments.size)


def _refused(sentence: str) -> int:
    note(sentence)
    return REFUSED
