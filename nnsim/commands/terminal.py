"""Speaking to a person or a program on the other side of a terminal: one line for an error, JSON that every parser reads.

It is apart so that all commands fail and print in the same way, and imports nothing heavy, since even ``nnsim --help`` needs it.
It refuses to decide anything.
"""

import contextlib
import json
import math
import os
import sys
from typing import Any

LONGEST_LINE = 300
FINE, REFUSED, INTERRUPTED, READER_GONE = 0, 2, 130, 141
"""Exit codes: the last two as a shell gives them for the signals that end a program so."""


class CommandError(Exception):
    """What cannot be done and what the user can do about it, in one sentence."""


def say(line: str = "") -> None:
    """A line for the user, on the standard output."""
    print(line)


def note(sentence: str) -> None:
    """A line about what happens, on the standard error, so that it never mixes with results."""
    print(one_line(f"nnsim: {sentence}"), file=sys.stderr, flush=True)


def print_json(value: Any, indent: int | None = None) -> None:
    """JSON on the standard output: on one line, or with ``indent`` laid out for reading."""
    print(json.dumps(plain(value), ensure_ascii=False, allow_nan=False, indent=indent))


def plain(value: Any) -> Any:
    """Values as strict JSON knows them. Arrays become lists; inf and NaN become "Infinity", "-Infinity" and "NaN"."""
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    if hasattr(value, "tolist"):
        return plain(value.tolist())
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    return value


def one_line(text: str) -> str:
    """Line ends and control characters escaped, and no longer than a terminal shows comfortably."""
    text = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
    return text if len(text) <= LONGEST_LINE else text[: LONGEST_LINE - 1] + "…"


def flush() -> None:
    """Get everything out, so that a full disk or a reader that is gone shows itself here. Raises OSError."""
    if sys.stdout is not None:  # a program without a console has none
        sys.stdout.flush()


def drop_output() -> None:
    """Nobody reads on: let what is still buffered go nowhere, so that the interpreter does not complain when it ends."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
