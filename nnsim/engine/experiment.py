"""What is to be trained, on what, and how: the document that the user edits.

An ``Experiment`` is an immutable value, checked when it is made. Its ``learning`` part may change while a run goes on (that
branches the run); everything else is structure (changing it starts a new run): the type says which. Titles, descriptions and
limits of the fields are written here once; the form, the command line and the error sentences read them. It refuses to compute.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from nnsim.core.activations import ACTIVATIONS
from nnsim.core.initializers import INITIALIZERS
from nnsim.core.losses import LOSSES, Task
from nnsim.core.network import Network
from nnsim.core.optimizers import OPTIMIZERS
from nnsim.core.schedules import SCHEDULES
from nnsim.core.tables import MOST_COLUMNS

Precision = Literal["float64", "float32"]
Scaling = Literal["none", "standardize", "min-max"]
WIDEST, DEEPEST = 4096, 33
MOST_PARAMETERS = 1_400_000
"""In float64 and with Adam's memory, a run with a full history still fits into a snapshot."""
MOST_HELD = 1000
"""Cut weights, and frozen neurons or layers."""
MOST_GIVEN = 50_000
"""Initial parameters given outright; they are part of the experiment's text."""
MOST_DRAWN = 5000
"""Points drawn by hand; they are part of the experiment's text."""
MOST_FEATURES = 32
MOST_BATCH_OUTPUTS = 8_000_000
"""Outputs of one batch: neurons times samples. Training keeps five numbers for each."""
MOST_MASKS = 50_000_000
"""Dropout masks of one epoch, which are drawn together."""


class ExperimentError(ValueError):
    """Settings that make no sense, in one sentence that names the setting."""


class Part(BaseModel):
    """A frozen, strict part of an experiment."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    def replace(self, **changes: Any) -> Self:
        """A checked copy with some fields changed. Raises ExperimentError."""
        try:
            return type(self).model_validate({**{name: getattr(self, name) for name in type(self).model_fields}, **changes})
        except ValidationError as error:
            raise ExperimentError(explain(error)) from error


def _one_of(table: Mapping[str, object]) -> AfterValidator:
    def known(name: str) -> str:
        if name not in table:
            raise ValueError(f"{name!r} is not one of {', '.join(table)}")
        return name

    return AfterValidator(known)


ActivationName = Annotated[str, _one_of(ACTIVATIONS)]
LossName = Annotated[str, _one_of(LOSSES)]
OptimizerName = Annotated[str, _one_of(OPTIMIZERS)]
InitializerName = Annotated[str, _one_of(INITIALIZERS)]
ScheduleName = Annotated[str, _one_of(SCHEDULES)]


Place = Annotated[int, Field(ge=0, le=1_000_000)]
FrozenPlace = tuple[Place] | tuple[Place, Place]
CutPlace = tuple[Place, Place, Place]


class TableUse(Part):
    """Which columns of a table are inputs, which one is the target, and what becomes of missing values."""

    target: str = Field(title="Target", description="The column to predict.")
    inputs: tuple[str, ...] = Field(title="Inputs", max_length=MOST_COLUMNS, description="The columns to predict it from.")
    task: Task = Field("regression", title="Task", description="Numbers to predict, two classes, or more.")
    missing: Literal["refuse", "drop", "mean"] = Field(
        "refuse", title="Missing values", description="Refuse them, drop their rows, or fill in the mean of the training rows.")
    categories: tuple[str, ...] = Field((), title="Categories", max_length=MOST_COLUMNS,
                                        description="Columns of numbers that are names of categories.")


class WordsUse(Part):
    """How a text becomes the riddle of the next word."""

    vocabulary: int = Field(200, title="Vocabulary", ge=2, le=4000, description="How many of the most frequent words are known.")
    context: int = Field(2, title="Context", ge=1, le=8, description="How many words are read to guess the next one.")
    rows: int = Field(0, title="Stretches", ge=0, le=1_000_000, description="So many from the beginning of the text; 0: all.")


class Drawn(Part):
    """Points that the user drew."""

    classes: int = Field(2, title="Classes", ge=2, le=6, description="How many classes of points there are.")
    points: tuple[tuple[Annotated[float, Field(ge=-100, le=100)], Annotated[float, Field(ge=-100, le=100)],
                        Annotated[int, Field(ge=0, le=5)]], ...] = Field((), title="Points", max_length=MOST_DRAWN)


class FormulaUse(Part):
    """A function that the user typed."""

    text: str = Field("sin(x)", title="y =", max_length=200, description="A formula of x, or of x₁ and x₂.")
    low: float = Field(-3, title="from", ge=-1e6, le=1e6, description="Where x begins.")
    high: float = Field(3, title="to", ge=-1e6, le=1e6, description="Where x ends.")


class Data(Part):
    """Which data set, and how it is made, split and scaled."""

    source: str = Field("ring", title="Data set", description="A generator's or bundled data set's name, or table, pictures, text, "
                        "drawn or formula.")
    material: str = Field("", title="Content", pattern="^([0-9a-f]{64})?$",
                          description="The digest of the user's own table, pictures or text.")
    table: TableUse | None = Field(None, title="Table")
    words: WordsUse | None = Field(None, title="Words")
    drawn: Drawn | None = Field(None, title="Drawn points")
    formula: FormulaUse | None = Field(None, title="Formula")
    features: tuple[Annotated[str, Field(max_length=200)], ...] = Field(
        (), title="Features", max_length=MOST_FEATURES,
        description="Formulas of the inputs x1, x2 ... that the network is fed as well.")
    samples: int = Field(350, title="Samples", ge=4, le=100_000, description="How many points a generator draws.")
    noise: float = Field(0.1, title="Noise", ge=0, le=1, description="How far points stray, as a share of the picture.")
    test_share: float = Field(0.2857, title="Test share", ge=0, le=0.9, description="Share held out from training.")
    scaling: Scaling = Field("none", title="Scaling", description="Standardize: mean 0, deviation 1. Min-max: 0 to 1. "
                             "Measured on the training rows.")
    seed: int = Field(0, title="Data seed", ge=0, le=2**31 - 1, description="Another seed draws and splits anew.")


class Layer(Part):
    """One layer with weights."""

    width: int = Field(1, title="Neurons", ge=1, le=WIDEST)
    activation: ActivationName = Field("tanh", title="Activation")


class Start(Part):
    """Initial parameters given outright: one matrix inputs x neurons and one list of biases a layer."""

    weights: tuple[tuple[tuple[float, ...], ...], ...]
    biases: tuple[tuple[float, ...], ...]

    @model_validator(mode="after")
    def _is_small(self) -> Self:
        given = sum(len(row) for rows in self.weights for row in rows) + sum(len(row) for row in self.biases)
        if given > MOST_GIVEN:
            raise ValueError(f"{given:,} initial parameters are given outright; {MOST_GIVEN:,} is the most")
        return self


class Learning(Part):
    """How the network learns. All of it may be changed while a run goes on; that branches the run."""

    loss: LossName = Field("mse", title="Loss", description="What training makes small.")
    optimizer: OptimizerName = Field("gradient-descent", title="Optimizer", description="How a gradient becomes a step.")
    rate: float = Field(0.1, title="Rate η", gt=0, le=1e6, description="How far to go along a gradient. 0.001 to 1 is usual.")
    settings: dict[str, float] = Field(default_factory=dict, title="Optimizer settings",
                                       description="Only those that differ from the optimizer's defaults.")
    schedule: ScheduleName = Field("constant", title="Schedule", description="How the rate changes with the epochs.")
    schedule_epochs: int = Field(100, title="Schedule epochs", ge=1, le=1_000_000,
                                 description="Step: epochs between drops. Cosine: epochs until the rate is 0.")
    schedule_factor: float = Field(0.5, title="Schedule factor", gt=0, le=1,
                                   description="Step, exponential: what the rate is multiplied by.")
    l1: float = Field(0, title="L1 penalty", ge=0, le=10, description="λ of λ Σ|w|: pulls weights to exactly 0.")
    l2: float = Field(0, title="L2 penalty", ge=0, le=10, description="λ of λ/2 Σw²: keeps weights small.")
    dropout: float = Field(0, title="Dropout", ge=0, lt=1, description="Share of hidden outputs silenced in each batch.")
    clip_norm: float = Field(0, title="Clip norm", ge=0, le=1e6, description="Longest gradient allowed; 0: any length.")
    biases_learn: bool = Field(True, title="Biases learn",
                               description="Off: all biases stay as they are, as in some worked examples.")
    frozen: tuple[FrozenPlace, ...] = Field((), title="Frozen", max_length=MOST_HELD,
                                            description="Layers [l] and neurons [l, q], from 0, that learn nothing.")
    cut: tuple[CutPlace, ...] = Field((), title="Cut", max_length=MOST_HELD,
                                      description="Weights [l, r, q], from 0, that are held at 0; the bias is r = inputs.")

    @model_validator(mode="after")
    def _settings_fit(self) -> Self:
        allowed = OPTIMIZERS[self.optimizer].settings
        for name, value in self.settings.items():
            if name not in allowed:
                known = ", ".join(allowed) or "none"
                raise ValueError(f"the optimizer {self.optimizer!r} has no setting {name!r} (it has: {known})")
            low, high = allowed[name].limits
            if not low <= value <= high:
                raise ValueError(f"{name} of {self.optimizer!r} must lie from {low} to {high}, not {value}")
        return self

    def setting(self, name: str) -> float:
        """A setting of the optimizer: as given, or its default."""
        return self.settings.get(name, OPTIMIZERS[self.optimizer].settings[name].default)


class Experiment(Part):
    """A network, its data, and how it learns."""

    title: str = Field("", title="Title", max_length=200)
    data: Data = Field(default_factory=Data, title="Data")
    layers: tuple[Layer, ...] = Field((Layer(width=3), Layer(width=1, activation="sigmoid")), title="Layers",
                                      min_length=1, max_length=DEEPEST, description="The last one is the output layer.")
    initializer: InitializerName = Field("xavier", title="Initial weights")
    initial_scale: float = Field(1, title="Initial scale", ge=0, le=1000,
                                 description="Half-width of uniform, deviation of normal, value of constant; a factor of the rest.")
    start: Start | None = Field(None, title="Given initial parameters")
    learning: Learning = Field(default_factory=Learning, title="Learning")
    batch_size: int = Field(10, title="Batch size", ge=1, le=1_000_000, description="Samples per update.")
    shuffle: bool = Field(True, title="Shuffle", description="Draw the samples in a new order every epoch.")
    seed: int = Field(0, title="Seed", ge=0, le=2**31 - 1, description="Decides the first weights and every shuffle.")
    precision: Precision = Field("float64", title="Precision")

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        names = [layer.activation for layer in self.layers]
        loss = LOSSES[self.learning.loss]
        if "softmax" in names[:-1]:
            raise ValueError("softmax is for the output layer only: its outputs share 1 among the classes")
        if names[-1] == "softmax" and self.layers[-1].width == 1:
            raise ValueError("softmax needs two outputs or more: over one neuron it is always 1")
        if not loss.accepts(names[-1]):
            raise ValueError(f"the loss {loss.title!r} needs {loss.needs}, but the output layer is {names[-1]}")
        perceptron = self.learning.optimizer == "perceptron"
        if perceptron and names != ["step"]:
            raise ValueError("the perceptron rule trains one layer of step neurons; for other networks choose gradient descent")
        if "step" in names and not perceptron:
            raise ValueError("a step has slope 0, so no gradient passes it; with a single layer choose the perceptron rule, "
                             "else another activation")
        if perceptron and (self.learning.l1 or self.learning.l2 or self.learning.dropout or self.learning.clip_norm):
            raise ValueError("the perceptron rule is not gradient descent: it has no penalty, dropout or clipping")
        return self

    def network(self, inputs: int) -> Network:
        """The network's shape on data with so many inputs. Raises ExperimentError if it is too large or does not fit."""
        network = Network(inputs, tuple(layer.width for layer in self.layers), tuple(layer.activation for layer in self.layers))
        if network.parameter_count > MOST_PARAMETERS:
            raise ExperimentError(f"the network would have {network.parameter_count:,} parameters; "
                                  f"{MOST_PARAMETERS:,} is the most: make a layer narrower")
        return network

    def check_size(self, network: Network, rows: int) -> None:
        """Raises ExperimentError if training on so many rows would ask for more memory than is reasonable."""
        samples, neurons, hidden = min(self.batch_size, rows), sum(network.widths), sum(network.widths[:-1])
        if samples * neurons > MOST_BATCH_OUTPUTS:
            raise ExperimentError(f"batch_size: {samples:,} samples through {neurons:,} neurons at once need too much memory; "
                                  f"{MOST_BATCH_OUTPUTS // neurons:,} is the most for this network")
        if self.learning.dropout and rows * hidden > MOST_MASKS:
            raise ExperimentError(f"learning.dropout: {rows:,} samples in {hidden:,} hidden neurons need {rows * hidden:,} masks "
                                  f"an epoch; {MOST_MASKS:,} is the most: take fewer samples or narrower layers")


def experiment_from(values: dict[str, Any]) -> Experiment:
    """An experiment from plain values, as JSON gives them. Raises ExperimentError."""
    try:
        return Experiment.model_validate(values)
    except ValidationError as error:
        raise ExperimentError(explain(error)) from error


def explain(error: ValidationError) -> str:
    """What pydantic found, as one sentence that names the first wrong field."""
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"])
    message = first["msg"].removeprefix("Value error, ")
    message = message[:1].lower() + message[1:]
    return f"{place}: {message}" if place else message


def changed(experiment: Experiment, path: str, value: Any) -> Experiment:
    """The experiment with one field changed, the field named as in JSON: ``learning.rate``, ``layers.0.width``, ``seed``.

    Raises ExperimentError for an unknown field or a value that does not fit.
    """
    values = experiment.model_dump(mode="json")
    *parents, last = path.split(".")
    node: Any = values
    for name in parents:
        node = _child(node, name, path)
    _child(node, last, path, new=parents[-1:] == ["settings"])
    node[int(last) if isinstance(node, list) else last] = value
    return experiment_from(values)


def _child(node: Any, name: str, path: str, new: bool = False) -> Any:
    if isinstance(node, list) and name.isdigit() and int(name) < len(node):
        return node[int(name)]
    if isinstance(node, dict) and (new or name in node):
        return node.get(name)
    known = ", ".join(node) if isinstance(node, dict) else ""
    raise ExperimentError(f"there is no setting {path!r}" + (f"; here are: {known}" if known else ""))

