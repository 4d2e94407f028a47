"""JSON without its loopholes: no duplicate keys, no NaN, no deep nests; and one canonical way of writing it."""

import json
from typing import Any

DEEPEST = 16


def canonical(values: Any) -> str:
    """The one text for these values: sorted keys, no spaces, no NaN. Raises ValueError."""
    return json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def parse(text: str) -> dict[str, Any]:
    """An object from JSON text. Raises ValueError for anything else, a duplicate key, NaN or too deep a nest."""
    depth = 0
    for character in text:
        # brackets inside strings count too: that errs on the safe side only where nobody writes hundreds of them
        depth += (character in "[{") - (character in "]}")
        if depth > DEEPEST * 16:
            raise ValueError("nested too deeply")
    values = json.loads(text, object_pairs_hook=_unique, parse_constant=_refuse)
    if not isinstance(values, dict):
        raise ValueError("not an object")
    _check_depth(values, 0)
    return values


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) != len(pairs):
        raise ValueError("a key stands twice")
    return values


def _refuse(name: str) -> None:
    raise ValueError(f"{name} is not a number that JSON knows")


def _check_depth(values: Any, depth: int) -> None:
    if depth > DEEPEST:
        raise ValueError("nested too deeply")
    if isinstance(values, dict):
        values = list(values.values())
    if isinstance(values, list):
        for value in values:
            _check_depth(value, depth + 1)
