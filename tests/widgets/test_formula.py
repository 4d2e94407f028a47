"""Every formula that the program writes can be typeset, and is painted on its baseline, in its colour, crisp on every screen."""

import logging
import subprocess
import sys

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QImage, QPainter
from pytestqt.qtbot import QtBot

from nnsim.core.activations import ACTIVATIONS
from nnsim.core.losses import LOSSES
from nnsim.core.optimizers import OPTIMIZERS
from nnsim.engine.experiment import Data, Experiment, Layer, Learning
from nnsim.engine.simulation import Simulation
from nnsim.picture.caption import Caption, caption
from nnsim.picture.latex import numeric, symbolic
from nnsim.picture.latex_text import plain, rich
from nnsim.widgets import formula_typesetting
from nnsim.widgets.formula import formula_extent, formula_width, paint_formula
from nnsim.widgets.formula_typesetting import is_typeset, pieces, typeset

SUM = r"z_{1} = \sum_{r} W_{r,1} \, x_{r} + b_{1}"
UNREADABLE = r"\frac{1}{"
"""Half a fraction, which nothing can typeset."""


def formulas_of(shown: Caption) -> list[str]:
    parts = [*symbolic(shown), *numeric(shown)]
    for card in shown.cards:
        parts += [card.symbol, card.lead, card.latex]
    parts += [part for line in shown.lines for part in (line.symbol, line.latex)]
    parts += [row.latex for row in shown.loss.rows] if shown.loss else []
    parts += [shown.terms.sum_label] if shown.terms else []
    return [part for part in parts if part]


def experiments() -> list[Experiment]:
    """Each activation, each loss with each kind of output, and each optimizer with all that can stand beside it: a formula depends
    on one of them at a time."""
    made: list[tuple[list[str], dict[str, object]]] = []
    made += [([name, "sigmoid"], {}) for name in ACTIVATIONS if name not in ("softmax", "step")]
    made += [(["tanh", output], {"loss": name, "dropout": 0.3})
             for name, loss in LOSSES.items() for output in ("identity", "sigmoid", "softmax") if loss.accepts(output)]
    made += [(["tanh", "softmax"], {"loss": "cross-entropy", "optimizer": name, "l1": 0.01, "l2": 0.02, "clip_norm": 0.05,
                                    "schedule": "exponential"}) for name in OPTIMIZERS if name != "perceptron"]
    made += [(["step"], {"optimizer": "perceptron"})]
    return [Experiment(data=Data(source="and" if len(activations) == 1 else "iris"), batch_size=2, seed=1,
                       layers=tuple(Layer(width=3 if activations[-1] != "step" else 1, activation=name) for name in activations),
                       learning=Learning.model_validate(learning))
            for activations, learning in made]


def name_of(experiment: Experiment) -> str:
    learning = experiment.learning
    return f"{'-'.join(layer.activation for layer in experiment.layers)}-{learning.loss}-{learning.optimizer}"


@pytest.mark.parametrize("experiment", experiments(), ids=name_of)
def test_every_formula_of_a_batch_is_typeset_and_reads_as_text(qtbot: QtBot, experiment: Experiment) -> None:
    sim = Simulation(experiment)
    seen = set(formulas_of(caption(sim.frame)))
    while not sim.moment.batch:
        sim.step("neuron")
        mark = sim.frame.mark
        assert mark is not None
        if mark.sample in (0, None) and mark.neuron in (0, None):
            seen |= set(formulas_of(caption(sim.frame)))
        if sim.moment.mark == sim.frame.marks.count:
            break
    assert len(seen) > 10
    for latex in seen:
        assert typeset(latex) is not None, latex
        assert plain(latex) and rich(latex) and "\\" not in plain(latex)


def test_the_typesetter_is_not_loaded_before_the_first_formula() -> None:
    code = ("import sys, nnsim.cli, nnsim.commands.train, nnsim.commands.trace, nnsim.widgets.equation_panel\n"
            "assert 'ziamath' not in sys.modules\n"
            "from nnsim.widgets.formula_typesetting import typeset; assert typeset('x') and 'ziamath' in sys.modules")
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True, timeout=60)


def painted(latex: str, size: float = 17, density: float = 1, colour: str = "#17599f", baseline: float = 40) -> QImage:
    image = QImage(QSize(300, 80) * density, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(density)
    image.fill(QColor("white"))
    with QPainter(image) as painter:
        paint_formula(painter, 10, baseline, latex, size, colour)
    return image


def inked(image: QImage) -> tuple[range, range]:
    """The columns and rows with ink on them."""
    places = [(x, y) for x in range(image.width()) for y in range(image.height()) if image.pixelColor(x, y).lightness() < 200]
    columns, rows = {x for x, _ in places}, {y for _, y in places}
    return range(min(columns), max(columns) + 1), range(min(rows), max(rows) + 1)


def test_a_formula_stands_on_its_baseline_from_where_it_begins(qtbot: QtBot) -> None:
    columns, rows = inked(painted("b = 1"))
    assert rows.stop == pytest.approx(40, abs=1)
    assert columns.start == pytest.approx(10, abs=2) and columns.stop == pytest.approx(10 + formula_width("b = 1", 17), abs=2)


def test_a_formula_covers_what_its_extent_says(qtbot: QtBot) -> None:
    above, below = formula_extent(r"\frac{\partial L}{\partial a}", 17)
    _, rows = inked(painted(r"\frac{\partial L}{\partial a}"))
    assert 40 - above - 1 <= rows.start and rows.stop <= 40 + below + 1
    assert above > 17 and below > 8


def test_a_formula_has_the_colour_asked_for_whatever_it_had_before(qtbot: QtBot) -> None:
    for colour in ("#17599f", "#a14600"):
        image = painted(r"\frac{1}{2}", colour=colour)
        darkest = min((image.pixelColor(x, y) for x in range(300) for y in range(80)), key=lambda each: each.lightness())
        assert darkest.name() == colour


def test_on_a_denser_screen_a_formula_is_drawn_finer_not_stretched(qtbot: QtBot) -> None:
    coarse, fine = painted(SUM), painted(SUM, density=2)
    stretched = coarse.scaled(fine.size())
    (columns, rows), (wide, tall) = inked(coarse), inked(fine)
    assert len(wide) == pytest.approx(2 * len(columns), abs=4) and len(tall) == pytest.approx(2 * len(rows), abs=4)
    assert fine.convertToFormat(QImage.Format.Format_RGB32) != stretched


def test_a_larger_size_makes_all_of_a_formula_larger(qtbot: QtBot) -> None:
    assert formula_width(SUM, 34) == pytest.approx(2 * formula_width(SUM, 17))
    assert formula_extent(SUM, 34) == pytest.approx([2 * each for each in formula_extent(SUM, 17)])


def test_a_formula_in_pieces_is_as_wide_as_in_one(qtbot: QtBot) -> None:
    whole = r"w \leftarrow w - \eta \, (g + \mu v) + \frac{1 - a}{2} = -3"
    assert pieces(whole) == ("w", r"{} \leftarrow w", r"{} - \eta \, (g + \mu v)", r"{} + \frac{1 - a}{2}", "{} = -3")
    # a group is one piece
    assert len(pieces(f"{{{whole}}}")) == 1
    for latex in (whole, r"\hat{m} = m / (1 - \beta_{1}^{t})", r"\bar{\ell} = 2", r"\hat{y}_{3} - y_{3} = 1"):
        in_pieces, in_one = inked(painted(latex, 14)), inked(painted(f"{{{latex}}}", 14))
        assert len(in_pieces[0]) == pytest.approx(len(in_one[0]), abs=3)


def test_a_step_sets_only_the_pieces_that_are_new(qtbot: QtBot) -> None:
    typeset(r"z_{1} = 0.5 \cdot 0.25 + 0.75 \cdot 8.125")
    assert is_typeset(r"z_{1} = 0.5 \cdot 0.25") and not is_typeset(r"z_{1} = 0.5 \cdot 0.25 + 8.125")


def test_a_minus_that_is_a_sign_stands_close_to_its_number(qtbot: QtBot) -> None:
    sign = formula_width("x = -1", 17) - formula_width("x = 1", 17)
    operation = formula_width("0 - 1", 17) - formula_width("01", 17)
    assert sign < 0.7 * operation


def test_what_cannot_be_typeset_is_written_as_text_and_logged_once(qtbot: QtBot, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "nnsim"):
        image = painted(UNREADABLE)
        painted(UNREADABLE)
    told = [record.getMessage() for record in caplog.records if UNREADABLE in record.getMessage()]
    assert len(told) == 1 and "shown as text" in told[0]
    columns, _ = inked(image)
    assert len(columns) == pytest.approx(formula_width(UNREADABLE, 17), abs=4)


def test_a_formula_is_set_once_and_the_oldest_ones_are_forgotten(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formula_typesetting, "_kept", {})
    monkeypatch.setattr(formula_typesetting, "_MOST_KEPT", 2)
    first = typeset("a")
    typeset("b")
    again = typeset("a")
    assert first is not None and again is not None and again[0] is first[0]
    typeset("c")
    assert is_typeset("a") and is_typeset("c") and not is_typeset("b")
