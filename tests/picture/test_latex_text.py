"""Formulas read back as text say the same."""

import pytest

from nnsim.picture.latex_text import plain, rich


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        (r"z_{1} = \sum_{r} W_{r,1} \, x_{r} + b_{1}", "z₁ = Σᵣ W[r,1] xᵣ + b₁"),
        (r"z = W^{\top} x + b", "z = Wᵀ x + b"),
        (r"z_{q} = \sum_{r} W_{r q} \, x_{r}", "z[q] = Σᵣ W[r,q] xᵣ"),
        (r"a_{12} = \tanh(-0.370) = -0.354", "a₁₂ = tanh(−0.370) = −0.354"),
        (r"-0.109 \cdot (-0.909) + 4\times 10^{-7}", "−0.109 × (−0.909) + 4×10⁻⁷"),
        (r"\frac{\partial L}{\partial a_{1}} = 2", "∂L/∂a₁ = 2"),
        (r"\delta_{1} = \frac{\partial L}{\partial a_{1}} \, \frac{\partial a_{1}}{\partial z_{1}}", "δ₁ = (∂L/∂a₁) (∂a₁/∂z₁)"),
        (r"\frac{1 - 0.5}{3}", "(1 − 0.5) / 3"),
        (r"w \leftarrow w - \eta \, \hat{m} / (\sqrt{\hat{v}} + \varepsilon)", "w ← w − η m̂ / (√v̂ + ε)"),
        (r"e^{-0.5} - e^{2}", "e^(−0.5) − e²"),
        (r"\ell = -\ln 0.7 - \ln(1 - 0.2)", "ℓ = − ln 0.7 − ln(1 − 0.2)"),
        (r"g = \text{mean over 10 samples}", "g = mean over 10 samples"),
        (r"1\text{, as } 0.3 > 0", "1, as 0.3 > 0"),
        (r"\max(0, -1.5)", "max(0, −1.5)"),
        (r"w′ = |a| \quad b \ge 0", "w′ = |a|   b ≥ 0"),
    ],
)
def test_a_formula_reads_as_plain_text(latex: str, text: str) -> None:
    assert plain(latex) == text


def test_rich_text_has_letters_in_italics_and_scripts_in_place() -> None:
    assert rich(r"z_{1} < \tanh(x^{2})") == "<i>z</i><sub>1</sub> &lt; tanh(<i>x</i><sup>2</sup>)"
    assert rich(r"\hat{m} = \text{a < b}") == "<i>m\u0302</i> = a &lt; b"


@pytest.mark.parametrize("read", [plain, rich])
def test_an_unknown_command_is_refused(read: object) -> None:
    assert callable(read)
    with pytest.raises(ValueError, match="foo"):
        read(r"\foo{1}")
