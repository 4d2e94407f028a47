"""The examples that come with nnsim: an experiment each, with a title and a sentence about what is to be seen.

They are files, so that they are read exactly as a user's own experiments are, and checked in the same way. Each is
read when it is first asked for. It refuses to train: what an example learns is the simulation's business.
"""

import json
from dataclasses import dataclass
from functools import lru_cache

from nnsim.engine.data import load_dataset
from nnsim.engine.experiment import Experiment, ExperimentError, experiment_from
from nnsim.engine.resources import resource

_GALLERY = ("one-neuron", "perceptron", "and", "or", "xor", "xor-blobs", "ring", "moons", "spiral", "blobs", "plane",
            "bump", "digits", "cats", "next-word", "iris", "wine", "breast-cancer", "textbook-2-2-2")


@dataclass(frozen=True)
class Example:
    """One example, ready to run."""

    name: str
    title: str
    summary: str
    """One sentence: what there is to see."""
    experiment: Experiment

    @property
    def sizes(self) -> tuple[int, ...]:
        """Inputs, then the neurons of each layer."""
        return self.experiment.network(load_dataset(self.experiment.data).fed).sizes


def example_names() -> tuple[str, ...]:
    """The examples' names, in the order of the gallery."""
    return _GALLERY


@lru_cache(maxsize=len(_GALLERY))
def example(name: str) -> Example:
    """The example called ``name``. Raises ExperimentError if there is none."""
    if name not in _GALLERY:
        raise ExperimentError(f"there is no example {name!r}; known are {', '.join(_GALLERY)}")
    values = json.loads(resource("examples", f"{name}.json").read_text("utf-8"))
    experiment = experiment_from({"title": values["title"], **values["experiment"]})
    return Example(values["name"], values["title"], values["summary"], experiment)
