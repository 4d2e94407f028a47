"""A line of the trace for people: where it stands, counted from 1 as on screen, and its numbers, rounded as on screen.

It refuses to know the engine: it reads the same plain values that a program gets.
"""

from typing import Any

from nnsim.picture.numbers import exact, fixed, significant

MOST_ITEMS = 4
LEAST_DECIMALS, MOST_DECIMALS = 3, 9
SMALL = ("memory", "delta", "weight_gradient", "weight_gradients", "bias_gradient", "output_gradient", "gradient", "loss_gradient",
         "largest_change")
UNSIGNED = ("loss", "mean_loss", "accuracy", "r2", "rate", "length", "squares")
COUNTS = ("rows", "step")
HEAD = f"{'epoch':>5} {'batch':>6} {'mark':>7}  {'phase':8} {'sample':>6} {'layer':>5} {'neuron':>6}  values"


def text_line(stop: dict[str, Any], batches: int) -> str:
    """One stop, as plain values, in a line. ``batches``: in an epoch."""
    moment = stop["moment"]
    place = f"{moment['epoch'] + 1:>5} {moment['batch'] % batches + 1:>6} {moment['mark']:>7}  {stop['phase']:8}"
    counts = f"{_or_blank(stop['sample']):>6} {_or_blank(stop['layer']):>5} {_or_blank(stop['neuron']):>6}"
    term = stop.get("term")
    head = f"term {term} · " if isinstance(term, int) else ""
    return f"{place} {counts}  {head}{_named(stop['values'])}"


def _or_blank(number: int | None) -> str:
    return "" if number is None else str(number)


def _named(values: dict[str, Any]) -> str:
    return " · ".join(f"{name.replace('_', ' ')} {_words(name, value)}" for name, value in values.items())


def _words(name: str, value: Any) -> str:
    if isinstance(value, dict):
        if "before" in value and "after" in value:
            if _is_deep(value["before"]):
                return f"[{_count(value['before']):,} numbers changed]"
            if name not in SMALL:
                return _moving(value)
            gradient = f" (gradient {_words('gradient', value['gradient'])})" if "gradient" in value else ""
            return f"{_words(name, value['before'])} → {_words(name, value['after'])}{gradient}"
        if list(value) == ["after"]:
            return _words(name, value["after"])
        kind = name if name == "memory" else ""
        return f"({', '.join(f'{inner} {_words(kind or inner, each)}' for inner, each in value.items())})"
    if isinstance(value, list):
        return _list(name, value)
    return _number(name, value)


def _moving(value: dict[str, Any]) -> str:
    """What an update changed, with as many decimals as it takes to see every change; and the gradient, if it is told too."""
    before, after = (each if isinstance(each, list) else [each] for each in (value["before"], value["after"]))
    pairs = list(zip(before[:MOST_ITEMS], after[:MOST_ITEMS], strict=True))
    decimals = next((many for many in range(LEAST_DECIMALS, MOST_DECIMALS)
                     if all(old == new or round(old, many) != round(new, many) for old, new in pairs)), None)
    ends = [[exact(each) if decimals is None else fixed(each, decimals) for each in end] for end in zip(*pairs, strict=True)]
    left = len(before) - len(pairs)
    more = f", {left} more" if left else ""
    texts = [f"[{', '.join(end)}{more}]" if isinstance(value["before"], list) else end[0] for end in ends]
    gradient = f" (gradient {_words('gradient', value['gradient'])})" if "gradient" in value else ""
    return f"{' → '.join(texts)}{gradient}"


def _list(name: str, values: list[Any]) -> str:
    if _is_deep(values):
        return f"[{_count(values):,} numbers]"
    shown = [_number(name, each) for each in values[:MOST_ITEMS]]
    left = len(values) - len(shown)
    return f"[{', '.join(shown)}{f', {left} more' if left else ''}]"


def _is_deep(value: Any) -> bool:
    """Whether it is a list of lists, for which a line has no room."""
    return isinstance(value, list) and any(isinstance(each, list) for each in value)


def _count(value: Any) -> int:
    return sum(_count(each) for each in value) if isinstance(value, list) else 1


def _number(name: str, value: Any) -> str:
    if value is None:
        return "–"
    number = float(value)
    if name in COUNTS:
        return f"{value:,}"
    if name in UNSIGNED:
        return significant(number, 4, signed=False)
    return significant(number) if name in SMALL or "gradient" in name else fixed(number)
