"""A divergence in a sentence, its numbers written as everywhere else: for the window's band and for the terminal.

It is apart because the engine writes no numbers, and both tell the same. It refuses to look for the place: the divergence has it.
"""

from nnsim.engine.divergence import Divergence
from nnsim.picture import numbers


def divergence_sentence(divergence: Divergence, batches: int) -> str:
    """Where which number was not finite, and what to do about it; ``batches``: per epoch."""
    place = f"epoch {numbers.whole(divergence.epoch + 1)}, batch {numbers.whole(divergence.batch % batches + 1)}"
    layer = "" if divergence.layer is None else f"L{divergence.layer + 1}: "
    what = divergence.what.format(*(numbers.significant(each, signed=False) for each in divergence.numbers))
    remedy = divergence.remedy.format(numbers.exact(divergence.rate))
    return f"Diverged at {place}: {layer}{what} is not finite. {remedy}"
