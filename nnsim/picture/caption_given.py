r"""What an optimizer is given instead of the plain gradient, and at which rate: penalties, clipping and schedule.

It is apart because all optimizers share it: the rules in letters, and the lines in numbers. Where clipping or a penalty did nothing
there is no line. It refuses to compute a step.

Source of clipping: PyTorch's ``clip_grad_norm_``, c / (‖p‖ + 1e-6), at most 1.
"""

import math
import re
from collections.abc import Iterator

from nnsim.core.activations import Array
from nnsim.core.network import Network
from nnsim.core.schedules import SCHEDULES
from nnsim.core.trace import Trace
from nnsim.core.training import CLIP_GUARD
from nnsim.engine.experiment import Learning
from nnsim.picture import numbers
from nnsim.picture.caption_optimizers import FORMULAS, MEMORY_FORMULAS, Place
from nnsim.picture.caption_parts import Line, Number
from nnsim.picture.caption_rounding import Rounding
from nnsim.picture.latex_parts import added, factor, fraction, number, product, shortened, text
from nnsim.picture.lengths import held as held_places
from nnsim.picture.lengths import is_shaped, length, penalised, scaled

L1_PULL, L2_PULL = r"\lambda_{1} \, \mathrm{sign}(w)", r"\lambda_{2} \, w"
PENALISED, GIVEN, CLIP = "p", "g′", "k"
_MOST_LAYERS = 6


def norm_letter(learning: Learning, network: Network) -> str:
    """LaTeX of the length that is clipped: of the gradient, or of what penalties and holding made of it."""
    return rf"\Vert {PENALISED if is_shaped(learning, network) else 'g'}\Vert"


def norm_line(network: Network, vector: Array, symbol: str, meaning: str, rounding: Rounding) -> Line:
    """A length over all parameters: the root of the layers' sums of squares, each of which is a part.

    Where the squares would go beyond the largest number, they are those of the numbers over the greatest, as they are computed.
    """
    whole = scaled(network, vector)
    is_scaled = whole.scale != 1
    term = r"\sum (g / \max |g|)^{2}" if is_scaled else r"\sum g^{2}"
    shown = shortened([number(rounding.small(each, False)) for each in whole.squares], _MOST_LAYERS)

    def parts() -> tuple[Line, ...]:
        counts = [numbers.count(layer.size, "square") for layer in network.layers(vector)]
        return tuple(
            Line(term, f"L{at + 1}: {count} added up", "", Number(rounding.line(each, False), each))
            for at, (each, count) in enumerate(zip(whole.squares, counts, strict=True)))

    root = rf"\sqrt{{{added(shown)}}}"
    if is_scaled:
        root = product(number(rounding.small(whole.scale, False)), root)
        meaning += ", over the greatest: its squares overflow"
    return Line(symbol, meaning, root, Number(rounding.line(whole.length, False), whole.length), parts=parts)


def given_formulas(learning: Learning, network: Network, is_bias: bool, clipped: bool) -> Iterator[str]:
    """What becomes of a gradient before the optimizer has it, in letters."""
    pulls = [] if is_bias else [pull for pull, by in ((L1_PULL, learning.l1), (L2_PULL, learning.l2)) if by]
    whole = added(["g", *pulls])
    if not clipped:
        if pulls:
            yield f"{GIVEN} = {whole}"
        return
    is_other = is_shaped(learning, network)
    if is_other:
        yield f"{PENALISED} = {whole}" + (text(", 0 where frozen or cut") if len(held_places(learning, network)) else "")
    yield rf"{CLIP} = \min(1, c / ({norm_letter(learning, network)} + {_guard()}))"
    yield rf"{GIVEN} = {CLIP} \, {PENALISED if is_other else 'g'}"


def rules(learning: Learning, network: Network, is_bias: bool, clipped: bool) -> tuple[str, ...]:
    """All of an update in letters: the step first, then the rest in the order of its lines."""
    before = tuple(given_formulas(learning, network, is_bias, clipped))
    step, memory = FORMULAS[learning.optimizer], MEMORY_FORMULAS[learning.optimizer]
    if before:
        # what is given takes the gradient's place
        step, *memory_ = (re.sub(r"(?<![A-Za-z\\])g(?![A-Za-z′])", GIVEN, each) for each in (step, *memory))
        memory = tuple(memory_)
    rate = () if learning.schedule == "constant" else (rf"\eta = {SCHEDULES[learning.schedule].formula}",)
    # the perceptron's step says itself what it sums up
    sums = {"perceptron": ()}.get(learning.optimizer, (r"g = \sum \, \delta" if is_bias else r"g = \sum \, x \, \delta",))
    return step, *sums, *before, *rate, *memory


def schedule_line(learning: Learning, epoch: int, here: Place) -> Line:
    """The rate in ``epoch``, from 0, by its schedule."""
    start, share, n = here.typed(learning.rate), here.typed(learning.schedule_factor), learning.schedule_epochs
    if learning.schedule == "step":
        arithmetic = product(start, rf"{share}^{{\lfloor {epoch}/{n}\rfloor}}")
    elif learning.schedule == "exponential":
        arithmetic = product(start, f"{share}^{{{epoch}}}")
    else:
        arithmetic = product(rf"\frac{{{start}}}{{2}}", rf"(1 + \cos(\pi \cdot {min(epoch, n)} / {n}))")
    title = SCHEDULES[learning.schedule].title
    return here.line(r"\eta", f"rate in epoch {numbers.whole(epoch + 1)}, e = {numbers.whole(epoch)} ({title})", arithmetic,
                     here.trace.rate, False)


def given_lines(learning: Learning, network: Network, here: Place, gradient: float, is_bias: bool) -> Iterator[Line]:
    """Penalties and clipping at one parameter that learns."""
    parts, clipped = [here.show(gradient)], here.trace.clip_factor != 1
    old = number(here.rounding.fixed(float(here.trace.before[here.index])))
    if learning.l1 and not is_bias:
        pull = here.between("l1_penalty")
        parts.append(here.show(pull))
        yield here.line(L1_PULL, "L1 penalty", product(here.typed(learning.l1), rf"\mathrm{{sign}}({old})"), pull)
    if learning.l2 and not is_bias:
        pull = here.between("l2_penalty")
        parts.append(here.show(pull))
        yield here.line(L2_PULL, "L2 penalty", product(here.typed(learning.l2), old), pull)
    if not clipped:
        if len(parts) > 1:
            yield here.line(GIVEN, "with penalty", added(parts), here.given)
        return
    yield from clip_lines(learning, network, here.trace, here.rounding)
    shortened_by = product(here.rounding_number(here.trace.clip_factor), factor(added(parts)))
    yield here.line(GIVEN, f"clipped to length {here.rounding.setting(learning.clip_norm)}", shortened_by, here.given)


def clip_lines(learning: Learning, network: Network, trace: Trace, rounding: Rounding) -> Iterator[Line]:
    """The length that is clipped, and what clipping multiplies by."""
    whole = penalised(trace, learning, network)
    yield norm_line(network, whole, norm_letter(learning, network), "length, all parameters", rounding)
    guard = number(f"{CLIP_GUARD:f}".replace(".", numbers.decimal_sign()))
    bottom = f"{number(rounding.small(length(whole), False))} + {guard}"
    most = number(rounding.setting(learning.clip_norm))
    factor_ = trace.clip_factor
    yield Line(CLIP, f"clip factor, c = {rounding.setting(learning.clip_norm)}", fraction(most, bottom),
               Number(rounding.line(factor_, False), factor_))


def held(word: str) -> str:
    """LaTeX of why a held parameter's gradient is not passed on."""
    return f"0{text(f', as it is {word}')}"


def _guard() -> str:
    return rf"10^{{{round(math.log10(CLIP_GUARD))}}}"
