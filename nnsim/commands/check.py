"""``nnsim check``: whether a file can be opened, by opening it. It refuses nothing that opening would take."""

import argparse
import warnings

from nnsim.commands.terminal import FINE, REFUSED, note, print_json, say
from nnsim.files.session import Session, SourceError


def run(arguments: argparse.Namespace) -> int:
    """Exit code 0 and a word, or 2 and exactly one line on stderr."""
    name: str = arguments.file
    reason = _reason(name)
    if arguments.json:
        print_json({"file": name, "opens": not reason, "reason": reason or None})
    elif not reason:
        say(f"{name}: fine")
    if reason:
        note(reason)
        return REFUSED
    return FINE


def _reason(name: str) -> str:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # strange numbers in a strange file are its own affair
            _ = Session.open(name).frame
    except SourceError as error:
        return str(error)
    except Exception as error:
        # a file that finds a hole in the reader is refused like any other
        return str(SourceError(name, f"it cannot be read ({type(error).__name__})"))
    return ""
