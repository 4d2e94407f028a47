"""What was read from the user's own file, in a sentence: how many rows, what is predicted from what, what was left out or filled.

It is apart from the reading because it speaks of the data as they are trained on. It refuses to speak of data that came along.
"""

from nnsim.core.datasets import Dataset
from nnsim.engine.experiment import Data
from nnsim.picture.numbers import count, listed, significant, whole

SHOWN_CLASSES = 4


def is_own_file(data: Data) -> bool:
    """Whether the data are the user's own table, pictures or text."""
    return data.source in ("table", "pictures", "text") and bool(data.material)


def read_sentence(data: Data, dataset: Dataset, file_name: str) -> str:
    """What was read and what is learned from it."""
    rows = len(dataset.inputs)
    match data.source:
        case "pictures" if dataset.picture is not None:
            high, wide = dataset.picture
            kind = "in colour" if dataset.channels == 3 else "in grey"
            first = f"Read {count(rows, 'picture')} of {_classes(dataset)} in {file_name}, as {high} × {wide} {kind}."
        case "text":
            context = data.words.context if data.words else 2
            first = (f"Read {file_name}: {count(rows, 'stretch', 'stretches')} of {count(context, 'word')} to guess the next of "
                     f"{whole(len(dataset.target_names))} known words.")
        case _:
            columns = len(data.table.inputs) if data.table else len(dataset.input_names)
            target = data.table.target if data.table else dataset.target_names[0]
            goal = target if dataset.task == "regression" else f"{target} ({_classes(dataset)})"
            first = f"Read {count(rows, 'row')} of {file_name}: {goal} is predicted from {count(columns, 'column')}."
    return " ".join(part for part in (first, gaps_sentence(dataset)) if part)


def gaps_sentence(dataset: Dataset) -> str:
    """How many rows were left out and values filled in; empty where none were."""
    parts = []
    if dataset.dropped:
        parts.append(f"{count(dataset.dropped, 'row')} left out")
    if dataset.filled:
        parts.append(f"{count(dataset.filled, 'value')} filled in")
    return f"{', '.join(parts)}." if parts else ""


def scaling_lines(data: Data, dataset: Dataset) -> tuple[tuple[str, str, str], ...]:
    """(input, offset, scale) of what the network is fed: it gets (input − offset) / scale. Empty where nothing is scaled."""
    if data.scaling == "none":
        return ()
    return tuple((name, significant(float(offset), 4, signed=False), significant(float(scale), 4, signed=False))
                 for name, offset, scale in zip(dataset.fed_names, dataset.offset, dataset.scale, strict=True))


def _classes(dataset: Dataset) -> str:
    names = dataset.target_names
    if len(names) > SHOWN_CLASSES:
        return f"{whole(len(names))} classes"
    return listed(names)
