"""nnsim: a simulator of neural networks. The scripting face, on the same engine as the window.

    import nnsim
    sim = nnsim.open("xor")
    sim.step("layer"); sim.step("epoch", -1); sim.run(epochs=100)
    sim.frame.loss, sim.frame.weights[0]
    sim.save("x.nnsim")

Importing it costs nothing: NumPy is imported by the first ``open``, and Qt never.
"""

from typing import TYPE_CHECKING

__version__ = "0.1.0"
__all__ = ["__version__", "open"]

if TYPE_CHECKING:
    from pathlib import Path

    from nnsim.engine.experiment import Experiment
    from nnsim.files.session import Session


def open(source: "str | Path | Experiment") -> "Session":
    """A simulation of an example (by name), a ``.nnsim`` snapshot, an experiment's JSON file, or an ``Experiment``.

    Raises SourceError, a ValueError, with a sentence that says what to do.
    """
    from nnsim.files.session import Session

    return Session.open(source)
