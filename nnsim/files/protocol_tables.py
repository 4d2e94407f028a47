"""A batch's protocol as CSV and as JSON, for spreadsheets and scripts: results with all their digits.

Without answers the results are left out, and so is what is worked out on the way. It refuses more rows than a spreadsheet opens
comfortably, and to round.
"""

import csv
import io
import json
import math
from pathlib import Path

from nnsim.files.atomic import write_atomically
from nnsim.files.protocol_steps import MOST_ROWS, Step, Steps, arithmetic, check_length

HEADS = ("step", "phase", "place", "rule", "arithmetic", "result")


def write_csv(path: Path, steps: Steps, answers: bool = True) -> None:
    """Write a table, UTF-8 with a mark at its beginning so that spreadsheets read it. Raises OSError, TooManyStepsError."""
    check_length(steps, MOST_ROWS)
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(HEADS)
    for step in steps:
        result = repr(step.value) if answers and step.value is not None else ""
        writer.writerow((step.number, step.phase, step.place, step.what, arithmetic(step, answers), result))
    write_atomically(path, text.getvalue().encode("utf-8-sig"))


def write_json(path: Path, steps: Steps, answers: bool = True) -> None:
    """Write title, facts and steps. A result that is not finite is a string. Raises OSError, TooManyStepsError."""
    check_length(steps, MOST_ROWS)
    whole = {"title": steps.title, "facts": steps.facts, "answers": answers, "steps": [_plain(step, answers) for step in steps]}
    text = json.dumps(whole, ensure_ascii=False, allow_nan=False, indent=1)
    write_atomically(path, f"{text}\n".encode())


def _plain(step: Step, answers: bool) -> dict[str, object]:
    value = step.value if answers else None
    result = value if value is None or math.isfinite(value) else repr(value)
    return dict(zip(HEADS, (step.number, step.phase, step.place, step.what, arithmetic(step, answers), result), strict=True))
