"""``nnsim examples``: the gallery as a list. It refuses to run any of them."""

import argparse

from nnsim.commands.terminal import FINE, print_json, say
from nnsim.engine.examples import example, example_names


def run(arguments: argparse.Namespace) -> int:
    """Print every example's name, shape and what there is to see."""
    gallery = [example(name) for name in example_names()]
    if arguments.json:
        print_json([{"name": each.name, "title": each.title, "summary": each.summary, "sizes": each.sizes,
                     "data": each.experiment.data.source} for each in gallery], indent=2)
        return FINE
    name_width = max(len(each.name) for each in gallery)
    shapes = ["-".join(map(str, each.sizes)) for each in gallery]
    shape_width = max(map(len, shapes))
    for each, shape in zip(gallery, shapes, strict=True):
        say(f"{each.name:<{name_width}}  {shape:<{shape_width}}  {each.summary}")
    return FINE
