"""The experiment form as a table: which settings there are, in which group, and what an edit of them costs.

Titles, descriptions and limits are read from the experiment's own fields and the optimizers' records, so they are
written once. It is apart from the form because which settings matter for the present choices is a question of
meaning that needs no window. It refuses to change an experiment: edits are in ``edits``.
"""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Literal, get_args, get_origin

from pydantic.fields import FieldInfo

from nnsim.core.activations import ACTIVATIONS
from nnsim.core.datasets import SOURCES
from nnsim.core.initializers import INITIALIZERS
from nnsim.core.losses import LOSSES, Task
from nnsim.core.optimizers import OPTIMIZERS
from nnsim.core.schedules import SCHEDULES
from nnsim.engine.experiment import Data, Drawn, Experiment, ExperimentError, FormulaUse, Layer, Learning, TableUse, WordsUse
from nnsim.engine.proposal import LOSSES_OF
from nnsim.picture.setting_row import Group, Kind, Row

PENALTIES = {"none": "none", "l1": "L1", "l2": "L2", "both": "L1 and L2"}
PENALTY = "learning.penalty"
"""The path of a row that no field stands behind: which of the two penalties are not 0."""


def _named(table: Mapping[str, Any]) -> tuple[tuple[str, str, str], ...]:
    return tuple((name, entry.title, getattr(entry, "hint", "")) for name, entry in table.items())


_TABLES: dict[str, tuple[tuple[str, str, str], ...]] = {
    "learning.loss": _named(LOSSES), "learning.optimizer": _named(OPTIMIZERS), "learning.schedule": _named(SCHEDULES),
    "initializer": _named(INITIALIZERS),
}
USES: dict[str, type[FormulaUse] | type[WordsUse] | type[TableUse] | type[Drawn]] = {
    "formula": FormulaUse, "words": WordsUse, "table": TableUse, "drawn": Drawn,
}
"""The parts of data that only one kind of the user's own has."""
# path, group, whether it is always in sight; in the order of the form
_PLACES: tuple[tuple[str, Group, bool], ...] = (
    ("data.formula.text", "data", True), ("data.formula.low", "data", True), ("data.formula.high", "data", True),
    ("data.words.context", "data", True), ("data.words.vocabulary", "data", True), ("data.words.rows", "data", False),
    ("data.table.missing", "data", False), ("data.drawn.classes", "data", False), ("data.features", "data", False),
    ("data.noise", "data", True), ("data.samples", "data", False), ("data.test_share", "data", False),
    ("data.scaling", "data", False), ("data.seed", "data", False), ("initializer", "network", False),
    ("initial_scale", "network", False), ("learning.loss", "learning", True), ("learning.optimizer", "learning",
    True), ("learning.rate", "learning", True), (PENALTY, "learning", True), ("learning.l1", "learning", True),
    ("learning.l2", "learning", True), ("learning.dropout", "learning", False), ("learning.schedule", "learning",
    False), ("learning.schedule_epochs", "learning", False), ("learning.schedule_factor", "learning", False),
    ("learning.clip_norm", "learning", False), ("learning.biases_learn", "learning", False),
    ("batch_size", "run", True), ("seed", "run", True), ("shuffle", "run", False), ("precision", "run", False),
)
_PENALTY_ROW = Row(PENALTY, "learning", "Penalty", "Keeps weights small: L1 pulls them to exactly 0, L2 shrinks all.",
                   "choice", "none", choices=tuple((name, title, "") for name, title in PENALTIES.items()))
_STEPS = {"data.noise": 0.05, "data.test_share": 0.05, "learning.dropout": 0.05, "learning.schedule_factor": 0.05}
_FIELDS: dict[str, dict[str, FieldInfo]] = {
    "": Experiment.model_fields, "data": Data.model_fields, "learning": Learning.model_fields,
    **{f"data.{name}": part.model_fields for name, part in USES.items()},
}
_EXAMPLES = {"data.features": "x1*x2, sin(x1)", "data.formula.text": "sin(x) + x²/4"}
"""What stands in an empty field, as an example."""
# the optimizer's settings that are often turned; the others are folded
_TURNED = ("momentum", "weight_decay")


def _row(path: str, group: Group, common: bool) -> Row:
    if path == PENALTY:
        return _PENALTY_ROW
    group_path, _, name = path.rpartition(".")
    field = _FIELDS[group_path][name]
    low, high, open_low, open_high = _limits(field)
    options = get_args(field.annotation) if get_origin(field.annotation) is Literal else ()
    choices = _TABLES.get(path) or tuple((option, option, "") for option in options)
    kinds: dict[Any, Kind] = {float: "number", int: "whole", bool: "switch"}
    kind: Kind = "choice" if choices else kinds.get(field.annotation, "text")
    if kind == "text":
        return Row(path, group, field.title or name, field.description or "", kind, "", common=common, example=_EXAMPLES[path])
    return Row(path, group, field.title or name, field.description or "", kind, field.default,
               low, high, open_low, open_high, choices, common, 1 if kind == "whole" else _STEPS.get(path))


def _limits(field: FieldInfo) -> tuple[float | None, float | None, bool, bool]:
    """The least and the largest value that a field allows, and whether each is itself outside."""
    names = ("ge", "gt", "le", "lt")
    found = {name: getattr(rule, name) for rule in field.metadata for name in names if hasattr(rule, name)}
    return found.get("ge", found.get("gt")), found.get("le", found.get("lt")), "gt" in found, "lt" in found


@cache
def all_rows() -> tuple[Row, ...]:
    """Every setting of the form in its order, without the layers and the optimizer's own settings."""
    return tuple(_row(path, group, common) for path, group, common in _PLACES)


@cache
def optimizer_rows(optimizer: str) -> tuple[Row, ...]:
    """The optimizer's own settings."""
    return tuple(
        Row(f"learning.settings.{name}", "learning", setting.title, setting.description, "number", setting.default,
            *setting.limits, common=name in _TURNED, step=0.01 if setting.default > 0.5 else None)
        for name, setting in OPTIMIZERS[optimizer].settings.items())


def width_row(layer: int) -> Row:
    """The number of neurons of a layer, counted from 0."""
    low, high, _, _ = _limits(Layer.model_fields["width"])
    return Row(f"layers.{layer}.width", "network", f"L{layer + 1} neurons", "How many neurons the layer has.", "whole",
               1, low, high, step=1)


def activation_row(experiment: Experiment, layer: int) -> Row:
    """The activation of a layer, counted from 0. Softmax is for outputs only, a step for a single layer only."""
    last, alone = layer == len(experiment.layers) - 1, len(experiment.layers) == 1
    refused = {"softmax": not last or experiment.layers[layer].width == 1, "step": not alone}
    choices = tuple(choice for choice in _named(ACTIVATIONS) if not refused.get(choice[0], False))
    return Row(f"layers.{layer}.activation", "network", f"L{layer + 1}", "What a neuron makes of its sum.", "choice",
               "tanh", choices=choices)


_DRAWN_ANEW = ("generated", "formula")
"""The kinds of data that samples, noise and a seed make."""
_MATTERS: dict[str, Callable[[Experiment], bool]] = {
    "data.noise": lambda e: source_kind(e) in _DRAWN_ANEW,
    "data.samples": lambda e: source_kind(e) in _DRAWN_ANEW,
    "data.test_share": lambda e: source_kind(e) != "fixed",
    "data.seed": lambda e: source_kind(e) in _DRAWN_ANEW or (source_kind(e) not in ("fixed", "text") and e.data.test_share > 0),
    "data.formula.text": lambda e: e.data.source == "formula",
    "data.formula.low": lambda e: e.data.source == "formula",
    "data.formula.high": lambda e: e.data.source == "formula",
    "data.words.context": lambda e: e.data.source == "text",
    "data.words.vocabulary": lambda e: e.data.source == "text",
    "data.words.rows": lambda e: e.data.source == "text",
    "data.table.missing": lambda e: e.data.source == "table",
    "data.drawn.classes": lambda e: e.data.source == "drawn",
    "data.features": lambda e: e.data.source != "text" and source_kind(e) != "pictures" and not _has_pixels(e),
    "initial_scale": lambda e: e.initializer != "zeros",
    PENALTY: lambda e: e.learning.optimizer != "perceptron",
    "learning.l1": lambda e: e.learning.l1 > 0,
    "learning.l2": lambda e: e.learning.l2 > 0,
    "learning.dropout": lambda e: len(e.layers) > 1 or e.learning.dropout > 0,
    "learning.schedule_epochs": lambda e: e.learning.schedule in ("step", "cosine"),
    "learning.schedule_factor": lambda e: e.learning.schedule in ("step", "exponential"),
    "learning.clip_norm": lambda e: e.learning.optimizer != "perceptron",
}


def source_kind(experiment: Experiment) -> str:
    """Where the data come from: generated, fixed, bundled, or the name of one of the user's own kinds."""
    source = SOURCES.get(experiment.data.source)
    return source.kind if source else experiment.data.source


def _has_pixels(experiment: Experiment) -> bool:
    source = SOURCES.get(experiment.data.source)
    return source is not None and source.picture is not None


def matters(row: Row, experiment: Experiment) -> bool:
    """Whether a setting does anything for the present choices."""
    test = _MATTERS.get(row.path)
    return test is None or test(experiment)


def rows(experiment: Experiment) -> tuple[Row, ...]:
    """The settings that matter for the present choices, in the form's order; layers are apart."""
    found: list[Row] = []
    for row in all_rows():
        if matters(row, experiment):
            found.append(row)
        if row.path == "learning.rate":
            found += optimizer_rows(experiment.learning.optimizer)
    return tuple(found)


def value_at(experiment: Experiment, path: str) -> Any:
    """The value of a setting by its path. Raises ExperimentError for a path that there is not."""
    if path == PENALTY:
        l1, l2 = experiment.learning.l1 > 0, experiment.learning.l2 > 0
        return "both" if l1 and l2 else "l1" if l1 else "l2" if l2 else "none"
    if path.startswith("learning.settings."):
        return experiment.learning.setting(path.rsplit(".", 1)[1])
    if path == "data.features":
        return ", ".join(experiment.data.features)
    node: Any = experiment
    try:
        for name in path.split("."):
            if node is None:
                # a part that these data do not have: what it would begin with
                return _FIELDS[path.rpartition(".")[0]][name].default
            node = node[int(name)] if isinstance(node, tuple) else getattr(node, name)
    except (AttributeError, ValueError, IndexError):
        raise ExperimentError(f"there is no setting {path!r}") from None
    return node


def starts_new_run(path: str) -> bool:
    """What an edit of this setting costs: a new run, or (learning) only a branch of this one."""
    return not path.startswith("learning.")


def unusual(experiment: Experiment, group: Group, told: tuple[str, ...] = ()) -> str:
    """The folded settings of a group that are not at their defaults, such as ``Dropout 0.1 · Clip norm 5``, but none ``told``."""
    return " · ".join(
        f"{row.title} {row.text(value_at(experiment, row.path))}" for row in rows(experiment)
        if row.group == group and not row.common and not row.path.endswith("seed") and row.path not in told
        and value_at(experiment, row.path) != row.default)


SHORT_TITLES = {
    LOSSES["mse"].title: "squared error", LOSSES["mae"].title: "absolute error", LOSSES["bce"].title: "BCE",
    LOSSES["bce-logits"].title: "BCE from logits", ACTIVATIONS["leaky-relu"].title: "leaky"}
"""Titles in short, where a field has no room for them."""


def fitting_losses(experiment: Experiment, task: Task) -> tuple[tuple[str, str, str], ...]:
    """(name, title, hint) of the losses that have a meaning for the data and the rule of learning."""
    steps = experiment.learning.optimizer == "perceptron"
    return tuple((name, LOSSES[name].title, f"needs {LOSSES[name].needs}" if LOSSES[name].needs else "")
                 for name in LOSSES_OF[task] if not steps or LOSSES[name].accepts("step"))
