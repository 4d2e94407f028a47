"""JSON without its loopholes: no duplicate keys, no NaN or infinity, no deep nests; and one canonical way of writing it."""

import json
import math
from typing import Any

DEEPEST = 16


class NotAnObjectError(ValueError):
    """It is JSON, but a list, a text or a number."""


def canonical(values: Any) -> str:
    """The one text for these values: sorted keys, no spaces, no NaN. Raises ValueError."""
    return json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def parse(text: str) -> dict[str, Any]:
    """An object from JSON text. Raises ValueError for anything else, a duplicate key, NaN, infinity or too deep a nest."""
    try:
        values = json.loads(text, object_pairs_hook=_unique, parse_constant=_refuse, parse_float=_finite)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    if not isinstance(values, dict):
        raise NotAnObjectError("not an object")
    _check_depth(values, 0)
    return values


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) != len(pairs):
        raise ValueError("a key stands twice")
    return values


def _refuse(name: str) -> None:
    raise ValueError(f"{name} is not a number that JSON knows")


def _finite(digits: str) -> float:
    number = float(digits)
    if math.isinf(number):
        raise ValueError(f"{digits[:30]} is larger than any number here")
    return number


def _check_depth(values: Any, depth: int) -> None:
    if depth > DEEPEST:
        raise ValueError("nested too deeply")
    if isinstance(values, dict):
        values = list(values.values())
    if isinstance(values, list):
        for value in values:
            _check_depth(value, depth + 1)
