"""What a caption is made of: the rows, cards, lines and curves of one moment's arithmetic, as plain frozen values.

These records stand apart from the functions that fill them, so that a panel, a screen reader, the clipboard and a test read
the same words and numbers. Every number keeps its exact value and what it came from; its text is only a rounding of that. They
refuse to compute and to know a colour or a place on screen.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from nnsim.picture.latex_parts import added, fraction, guarded, number, product
from nnsim.picture.latex_text import plain
from nnsim.picture.shown_arithmetic import sign
from nnsim.picture.targets import Target

State = Literal["done", "working", "waiting"]
UNKNOWN = "?"


@dataclass(frozen=True)
class Number:
    """A number on show: its text, its exact value (None: not known yet), and what on the diagram it belongs to."""

    text: str
    value: float | None = None
    target: Target | None = None

    @property
    def known(self) -> bool:
        """Whether the moment knows it."""
        return self.value is not None


def unknown(target: Target | None = None) -> Number:
    """A number that this moment does not know yet."""
    return Number(UNKNOWN, None, target)


@dataclass(frozen=True)
class Term:
    """One row: an input times a factor (a weight going forward, δ going backward)."""

    badge: str
    """The input's number, counted from 1, or b for the bias."""
    source: str
    input: Number
    factor: Number
    product: Number
    total: Number | None
    """Going backward: the sum of the product over the samples so far."""
    state: State
    target: Target
    """The weight the row belongs to."""

    @property
    def sign(self) -> str:
        """= between factors and product, or ≈ where the numbers on show do not quite give it."""
        return sign(product(number(self.input.text), number(self.factor.text)), self.product.text)


@dataclass(frozen=True)
class Terms:
    """The rows of a weighted sum or of a neuron's gradients, in the order on show."""

    heads: tuple[str, str, str, str]
    """Over input, factor, product, total; empty where there is no such column."""
    rows: tuple[Term, ...]
    sum_label: str
    """LaTeX of the left side of the sum; empty where the rows are not summed."""
    sum: Number | None
    running: tuple[tuple[float, float], ...]
    """From where to where each row's product moves the sum, for the rows that are known; empty where not summed."""
    note: str
    """Which rows are on show when not all are in order; else empty."""

    @property
    def sign(self) -> str:
        """= before the sum, or ≈ where the products on show do not quite add up to it."""
        if self.sum is None or self.note:
            return "="
        return sign(added(number(row.product.text) for row in self.rows), self.sum.text)


@dataclass(frozen=True)
class Curve:
    """An activation's curve around a point."""

    title: str
    xs: tuple[float, ...]
    ys: tuple[float, ...]
    z: float | None
    a: float | None
    slope: float | None
    """The slope at the point, where it is on show."""
    slope_text: str


@dataclass(frozen=True)
class Card:
    """One factor of the chain rule: what it is in letters and in words, its arithmetic in numbers, and its value."""

    symbol: str
    """LaTeX of the factor, such as a derivative as a fraction."""
    label: str
    latex: str
    """The arithmetic with the numbers put in; empty where they are not known, or where the cards before are the arithmetic."""
    lead: str
    """LaTeX before the number: a name of its own for the value, such as δ₁; else empty."""
    number: Number

    @property
    def arithmetic(self) -> str:
        """The same as plain text."""
        return plain(self.latex)

    @property
    def sign(self) -> str:
        """= between the arithmetic and the number, or ≈ where the numbers on show do not quite give it."""
        return sign(self.latex, self.number.text)


@dataclass(frozen=True)
class LossTerm:
    """What one output adds to the sample's loss."""

    name: str
    target: Number
    output: Number
    latex: str
    """The arithmetic with the numbers put in."""
    term: Number
    state: State
    """The class that the sample is of is marked."""

    @property
    def arithmetic(self) -> str:
        """The same as plain text."""
        return plain(self.latex)

    @property
    def sign(self) -> str:
        """= or ≈, as of a card."""
        return sign(self.latex, self.term.text)


@dataclass(frozen=True)
class LossTerms:
    """The loss of one sample."""

    heads: tuple[str, str, str]
    rows: tuple[LossTerm, ...]
    label: str
    """How the terms become the sample's loss, in words."""
    is_mean: bool
    """Whether the terms' mean, not their sum, is the sample's loss."""
    total: Number
    losses: tuple[float, ...]
    """Each sample's loss, as far as the batch has come; the last one is this sample's."""
    samples: int
    """How many samples the batch has."""
    mean: str
    """LaTeX of the mean over the samples so far, with its result."""
    so_far: str
    """The losses so far in words."""
    note: str

    @property
    def sign(self) -> str:
        """= before the sample's loss, or ≈ where the terms on show do not quite give it."""
        if self.note:
            return "="
        terms = added(guarded(number(row.term.text)) for row in self.rows)
        return sign(fraction(terms, str(len(self.rows))) if self.is_mean else terms, self.total.text)


@dataclass(frozen=True)
class Line:
    """One line of the optimizer: a symbol (LaTeX), what it means, its arithmetic, its value."""

    symbol: str
    meaning: str
    latex: str
    number: Number
    terms: str = ""
    """LaTeX of the arithmetic term by term, where ``latex`` tells it in words and all terms were asked for."""
    parts: "Callable[[], tuple[Line, ...]] | None" = field(default=None, compare=False)
    """What the number is made of, line by line, made when it is asked for; None where there is nothing more to tell."""

    @property
    def arithmetic(self) -> str:
        """The same as plain text."""
        return plain(self.latex)

    @property
    def sign(self) -> str:
        """= or ≈, as of a card."""
        return sign(self.latex, self.number.text)


@dataclass(frozen=True)
class Move:
    """A parameter's way from old to new."""

    old: Number
    new: Number
    plain: str
    """Where plain gradient descent would have gone, in words; empty where that is what happened."""
    remark: str


@dataclass(frozen=True)
class Result:
    """The one number a forward step ends in."""

    latex: str
    """The arithmetic, such as a₁ = tanh(1.042)."""
    brief: str
    """The same by the activation's name alone."""
    number: Number
    passed: str
    """LaTeX of what dropout lets through, with its result; else empty."""
    note: str
    """The same in words."""

    @property
    def sign(self) -> str:
        """= or ≈, as of a card."""
        return sign(self.latex, self.number.text)


@dataclass(frozen=True)
class Share:
    """One class's share in a softmax."""

    name: str
    number: Number
    here: bool
    """Whether it is the neuron on show."""


@dataclass(frozen=True)
class Caption:
    """The arithmetic of one moment. Parts that the moment has no use for are None or empty."""

    phase: str
    title: str
    short_title: str
    formulas: tuple[str, ...]
    """LaTeX in letters, the most important first. ``latex.numeric`` puts the numbers in."""
    sentence: str
    """The whole in words; also what a screen reader says."""
    terms: Terms | None = None
    curve: Curve | None = None
    shares: tuple[Share, ...] = ()
    result: Result | None = None
    cards: tuple[Card, ...] = ()
    loss: LossTerms | None = None
    lines: tuple[Line, ...] = ()
    move: Move | None = None
    facts: tuple[str, ...] = ()
    """Plain lines for a moment without arithmetic."""
    in_full: "Callable[[], Caption] | None" = field(default=None, compare=False)
    """The same with all digits and all terms, made when it is asked for; None where this is it."""
