"""Formulas say in letters what the table computes, and in numbers what it computed: their arithmetic is carried out."""

import math
import re

import pytest

from nnsim.core.activations import ACTIVATIONS
from nnsim.core.losses import LOSSES
from nnsim.core.optimizers import OPTIMIZERS
from nnsim.engine.experiment import Data, Experiment, Layer, Learning
from nnsim.engine.frame import Frame
from nnsim.engine.simulation import Simulation
from nnsim.picture.caption import Caption, caption
from nnsim.picture.latex import headline, numeric, paragraph, symbolic
from nnsim.picture.latex_parts import added, guarded, number, product, shortened, variable
from nnsim.picture.targets import EdgeTarget

HIDDEN = [name for name in ACTIVATIONS if name not in ("softmax", "step")]


def simulation(
    hidden: str = "tanh", output: str = "sigmoid", source: str = "ring", width: int = 1, **learning: object
) -> Simulation:
    layers = (Layer(width=3, activation=hidden), Layer(width=2, activation=hidden), Layer(width=width, activation=output))
    return Simulation(Experiment(data=Data(source=source, samples=30), layers=layers, batch_size=3, seed=4,
                                 learning=Learning.model_validate({"rate": 0.05, **learning})))


def step_to(sim: Simulation, phase: str, grain: str = "neuron", times: int = 1) -> Frame:
    for _ in range(2000):
        sim.step(grain)
        times -= sim.frame.phase == phase
        if not times:
            return sim.frame
    raise AssertionError("the batch has no such mark")


def python(latex: str) -> str:
    """A formula in numbers as an expression of Python."""
    expression = latex.replace("|", "'")
    expression = re.sub(r"10\^\{(-?\d+)\}", r"1e\1", expression)
    while r"\frac" in expression:
        expression = re.sub(r"\\frac\{((?:[^{}]|\{[^{}]*\})*)\}\{((?:[^{}]|\{[^{}]*\})*)\}", r"((\1)/(\2))", expression)
    expression = re.sub(r"e\^\{([^{}]*)\}", r"exp(\1)", expression)
    expression = re.sub(r"\^\{([^{}]*)\}", r"**(\1)", expression)
    expression = re.sub(r"\\sqrt\{([^{}]*)\}", r"sqrt(\1)", expression)
    expression = re.sub(r"\\ln ([\d.]+)", r"log(\1)", expression).replace(r"\ln", "log")
    expression = re.sub(r"\\mathrm\{sign\}", "sign", expression)
    expression = re.sub(r"'([^']*)'", r"abs(\1)", expression)
    expression = re.sub(r" *\\(cdot|times|,) *", "*", expression)
    expression = re.sub(r"\) *\(", ")*(", expression).replace(r"\ge", ">=").replace("[", "(").replace("]", ")")
    return re.sub(r"\\(tanh|sin|cos|max|min|sigma|Phi|varphi)", r"\1", expression)


def computed(latex: str) -> float:
    names = {name: getattr(math, name) for name in ("exp", "sqrt", "log", "tanh", "sin", "cos")}
    names |= {"max": max, "min": min, "abs": abs, "sign": lambda x: math.copysign(1, x) if x else 0.0,
              "sigma": lambda x: 1 / (1 + math.exp(-x)), "Phi": lambda x: (1 + math.erf(x / math.sqrt(2))) / 2,
              "varphi": lambda x: math.exp(-x * x / 2) / math.sqrt(2 * math.pi)}
    return float(eval(python(latex), {"__builtins__": {}}, names))  # noqa: S307


def arithmetic_of(line: str) -> tuple[str, str] | None:
    """The last two sides of a formula in numbers; None where they are words, or not known yet."""
    *_, left, right = line.split(" = ")
    wordy = "text" in left or "cdots" in left or not re.search(r"\d", right) or "_" in left or "_" in right
    return None if wordy else (left, right)


def all_lines(sim: Simulation, steps: int) -> list[str]:
    lines: list[str] = []
    for _ in range(steps):
        sim.step("neuron")
        lines += numeric(caption(sim.frame, digits=None), most_terms=99)
    return lines


def hold(lines: list[str]) -> int:
    """Carry every line's arithmetic out; returns how many there were."""
    sides = [pair for pair in map(arithmetic_of, lines) if pair is not None]
    for left, right in sides:
        # the numbers stand there with all digits, but for the constants of SELU, which have three decimals
        assert computed(left) == pytest.approx(computed(right), rel=2e-3, abs=1e-7), f"{left} = {right}"
    return len(sides)


@pytest.mark.parametrize("name", HIDDEN)
def test_the_numbers_put_into_every_activation_and_slope_give_its_result(name: str) -> None:
    assert hold(all_lines(simulation(hidden=name), 16)) >= 20


@pytest.mark.parametrize(
    ("name", "output"),
    [(name, output) for name in LOSSES for output in ("identity", "sigmoid", "softmax") if LOSSES[name].accepts(output)],
)
def test_the_numbers_put_into_every_loss_and_its_derivative_give_its_result(name: str, output: str) -> None:
    assert hold(all_lines(simulation("tanh", output, "iris", 3, loss=name), 40)) >= 40


@pytest.mark.parametrize("name", [name for name in OPTIMIZERS if name != "perceptron"])
def test_the_numbers_put_into_every_line_of_an_optimizer_give_its_result(name: str) -> None:
    sim = simulation(optimizer=name, l1=0.01, l2=0.02, clip_norm=0.05, schedule="exponential")
    sim.step("batch", 2)
    lines = numeric(caption(step_to(sim, "update", "term"), digits=None))
    assert len(lines) == len(caption(sim.frame).lines) and hold(list(lines)) >= 5
    assert lines[-1].startswith("w = ")


def test_the_perceptrons_error_is_its_delta() -> None:
    sim = Simulation(Experiment(data=Data(source="and"), layers=(Layer(width=1, activation="step"),), batch_size=1, seed=1,
                                learning=Learning(optimizer="perceptron")))
    shown = caption(step_to(sim, "backward"))
    assert symbolic(shown)[0] == r"g = x_{r} \, \delta_{1}"
    assert not any("partial" in line for line in numeric(shown))
    assert hold(all_lines(sim, 6)) >= 3


def test_dropouts_factor_is_part_of_what_goes_on() -> None:
    sim = simulation(dropout=0.5)
    lines = all_lines(sim, 20)
    passed = [line for line in lines if line.startswith(r"\tilde")]
    assert len(passed) >= 5 and hold(lines) >= 20
    assert any("= 0.0" in line or line.endswith("= 0") for line in passed) and any("{1 - 0.5}" in line for line in passed)


def test_a_sum_in_letters_and_in_numbers() -> None:
    frame = step_to(simulation(), "forward", "layer")
    sim_caption = caption(frame)
    assert symbolic(sim_caption) == (r"z_{3} = \sum_{r} W_{r,3} \, x_{r} + b_{3}", r"a_{3} = \tanh(z_{3})")
    terms, trace = sim_caption.terms, frame.trace
    assert terms is not None and trace is not None
    first, last = numeric(sim_caption)
    assert first.startswith(r"z_{3} = ") and first.endswith(f" = {trace.sums[0][2, 0]:.3f}")
    assert first.count(r"\cdot") == 2
    assert last == rf"a_{{3}} = \tanh({trace.sums[0][2, 0]:.3f}) = {trace.outputs[0][2, 0]:.3f}"


def test_a_sum_that_is_not_done_ends_in_dots_and_has_no_result() -> None:
    shown = caption(step_to(simulation(), "forward", "term"))
    (line, output) = numeric(shown)
    assert line.endswith(r" + \cdots") and line.count("=") == 1
    assert output == r"a_{1} = \tanh(z_{1})"


def test_a_long_sum_has_its_first_terms_dots_and_its_last() -> None:
    sim = Simulation(Experiment(data=Data(source="digits", samples=30), batch_size=3, seed=4,
                                layers=(Layer(width=10, activation="softmax"),), learning=Learning(loss="cross-entropy")))
    shown = caption(step_to(sim, "forward"))
    line = numeric(shown, most_terms=6)[0]
    assert line.count(r"\cdot ") == 5 and r"\cdots" in line
    assert shown.terms is not None and line.split(" = ")[1].startswith(number(shown.terms.rows[0].input.text))


def test_backward_tells_the_gradient_the_factors_and_what_arrives() -> None:
    sim = simulation()
    frame = step_to(sim, "backward", "neuron", 2)
    shown = caption(frame, EdgeTarget(1, 0, 0))
    assert caption(frame).formulas == shown.formulas
    assert symbolic(shown) == (
        r"\frac{\partial L}{\partial W_{r,1}} = x_{r} \, \delta_{1}",
        r"\frac{\partial L}{\partial b_{1}} = \delta_{1}",
        r"\delta_{1} = \frac{\partial L}{\partial a_{1}} \, \frac{\partial a_{1}}{\partial z_{1}}",
        r"\frac{\partial L}{\partial a_{1}} = \sum_{k} W_{1,k} \, \delta_{k}",
        r"\frac{\partial a_{1}}{\partial z_{1}} = 1 - a_{1}^{2}",
    )
    gradient, bias, arrives, slope, delta = numeric(shown)
    assert gradient.startswith(r"\frac{\partial L}{\partial W_{1,1}} = x_{1} \, \delta_{1} = ")
    assert bias.startswith(r"\frac{\partial L}{\partial b_{1}} = \delta_{1} = ")
    assert arrives.startswith(r"\frac{\partial L}{\partial a_{1}} = ")
    assert slope.startswith(r"\frac{\partial a_{1}}{\partial z_{1}} = 1 - ")
    assert delta.startswith(r"\delta_{1} = \frac{\partial L}{\partial z_{1}} = ")


def test_the_bias_has_its_delta_as_gradient() -> None:
    sim = simulation()
    lines = numeric(caption(step_to(sim, "backward", "neuron"), digits=None))
    trace = sim.frame.trace
    assert trace is not None
    assert lines[0] == rf"\frac{{\partial L}}{{\partial b_{{1}}}} = \delta_{{1}} = {float(trace.deltas[2][0, 0])!r}"


def test_the_batchs_loss_is_the_mean_of_its_samples() -> None:
    sim = simulation()
    early = numeric(caption(step_to(sim, "loss")))[1]
    late = numeric(caption(step_to(sim, "loss", times=2)))[1]
    assert early.startswith(r"\bar{\ell} = \frac{") and late.startswith(r"L = \frac{") and "}{3}" in late


def test_the_untouched_network_has_letters_only() -> None:
    shown = caption(simulation().frame)
    assert r"z = W^{\top} x + b" in symbolic(shown) and numeric(shown) == headline(shown) == ()


def test_the_panel_heads_with_what_no_card_and_no_line_says() -> None:
    sim = simulation()
    phases: dict[str, Caption] = {}
    for _ in range(60):
        sim.step("neuron")
        phases[sim.frame.phase] = caption(sim.frame)
    assert headline(phases["forward"])[0].startswith("z_")
    assert len(headline(phases["loss"])) == 2 and len(headline(phases["backward"])) == 1 and headline(phases["update"]) == ()


def test_a_paragraph_holds_all_lines_in_letters_and_in_numbers() -> None:
    shown = caption(step_to(simulation(), "forward"))
    text = paragraph(shown)
    assert text.startswith("\\begin{gather*}\n") and text.endswith("\n\\end{gather*}")
    assert all(line in text for line in (*symbolic(shown), *numeric(shown))) and text.count("\\\\\n") == 3


@pytest.mark.parametrize(
    ("shown", "latex"),
    [("+0.738", "0.738"), ("−1.317", "-1.317"), ("−4.12×10⁻⁷", r"-4.12\times 10^{-7}"), ("1e-10", r"1\times 10^{-10}"),
     ("+2.5e+16", r"2.5\times 10^{16}"), ("−∞", r"-\infty"), ("NaN", r"\mathrm{NaN}"), ("0", "0")],
)
def test_numbers_on_show_become_numbers_of_latex(shown: str, latex: str) -> None:
    assert number(shown) == latex


def test_sums_and_products_keep_their_signs() -> None:
    assert product("-1", "-2", "3") == r"-1 \cdot (-2) \cdot 3"
    assert added(["-1", "2", "-3"]) == "-1 + 2 - 3"
    assert guarded("-x") == "(-x)" and guarded("x") == "x"
    assert shortened(list("abcdef"), 4) == ["a", "b", "c", r"\cdots", "f"]
    assert shortened(list("abc"), 3) == list("abc")
    assert variable("W", "r", 0) == "W_{r,1}" and variable("m", hat=True) == r"\hat{m}"
