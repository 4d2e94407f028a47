"""What can be typed after ``nnsim``: every command with its options and its help, as one table.

It is apart from the commands so that ``--help`` and a mistyped option answer at once, before NumPy is imported. It refuses to
run anything.
"""

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from nnsim import __version__
from nnsim.commands.terminal import CommandError

GRAINS = ("term", "neuron", "layer", "pass", "sample", "batch", "epoch")
SOURCE_HELP = ("an example's name, a .nnsim snapshot, an experiment as .json (what info --json prints), or your own data: a table "
               "(.csv, .tsv, .xlsx, .parquet), a text (.txt), a folder with a folder of pictures for each class")


class Parser(argparse.ArgumentParser):
    """An argument parser that refuses in one sentence."""

    def error(self, message: str) -> NoReturn:
        """Raises CommandError."""
        raise CommandError(f"{message}; see {self.prog} --help")


@dataclass(frozen=True)
class Command:
    """One headless command. The module of its name in this package has ``run(arguments) -> exit code``."""

    name: str
    summary: str
    declare: Callable[[argparse.ArgumentParser], None]
    epilog: str = ""

    def parser(self) -> Parser:
        """Its own parser."""
        parser = Parser(f"nnsim {self.name}", description=self.summary, epilog=self.epilog, allow_abbrev=False,
                        formatter_class=argparse.RawDescriptionHelpFormatter)
        self.declare(parser)
        return parser


def window_parser() -> Parser:
    """The parser for everything that is not a command: what to open in the window."""
    width = max(map(len, COMMANDS))
    listing = "\n".join(f"  {name:<{width}}  {command.summary}" for name, command in COMMANDS.items())
    parser = Parser("nnsim", allow_abbrev=False, formatter_class=argparse.RawDescriptionHelpFormatter,
                    usage="nnsim [options] [FILE or EXAMPLE]\n       nnsim COMMAND ...",
                    description="A desktop simulator of neural networks. Without a command it opens the window.",
                    epilog=f"commands, which need neither a display nor Qt (nnsim COMMAND --help says more):\n{listing}\n\n"
                           "exit codes: 0 fine; 1 a gradient differs (gradcheck); 2 something to mend, said in one line on stderr; "
                           "130 interrupted")
    parser.add_argument("source", nargs="?", metavar="FILE or EXAMPLE", help=SOURCE_HELP)
    parser.add_argument("--screenshot", type=Path, metavar="PNG",
                        help="paint the window once, save the picture and exit; works without a display")
    parser.add_argument("--theme", choices=("light", "dark", "high-contrast", "system"), help="colours (default: as last chosen)")
    parser.add_argument("--size", type=_size, metavar="1440x900", help="the window's width and height")
    parser.add_argument("--version", action="version", version=f"nnsim {__version__}")
    return parser


def _size(text: str) -> tuple[int, int]:
    width, cross, height = text.lower().partition("x")
    if not (cross and width.isdecimal() and height.isdecimal() and all(100 <= int(n) <= 16384 for n in (width, height))):
        raise argparse.ArgumentTypeError(f"{text!r} is not a size such as 1440x900 (100 to 16384 each)")
    return int(width), int(height)


def _count(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= 12):
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 0 to 999,999,999,999")
    return int(text)


def _positive(text: str) -> int:
    number = _count(text)
    if not number:
        raise argparse.ArgumentTypeError("0 is too few; 1 is the least")
    return number


def _place(text: str) -> tuple[int, int]:
    parts = text.split(":")
    try:
        epoch, batch = (_positive(part) for part in parts)
    except (argparse.ArgumentTypeError, ValueError) as error:
        raise argparse.ArgumentTypeError(f"{text!r} is not EPOCH:BATCH, such as 3:1, both counted from 1") from error
    return epoch, batch


def _steps(text: str) -> int:
    return -_count(text[1:]) if text.startswith("-") else _count(text)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0.1 <= seconds <= 3600:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds from 0.1 to 3600")
    return seconds


def _json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print for programs")


def _source(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("source", metavar="SOURCE", help=SOURCE_HELP)


def _settings(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--seed", type=_count, metavar="S", help="short for --set seed=S")
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", dest="settings",
                        help="change a setting, named as in info --json: learning.rate=0.3, layers.0.width=8, "
                             "learning.optimizer=adam, learning.settings.beta1=0.8; VALUE is JSON or a plain word; may be repeated")


def _train(parser: argparse.ArgumentParser) -> None:
    _source(parser)
    parser.add_argument("--epochs", type=_count, default=100, metavar="N", help="how many epochs to go on (default 100)")
    parser.add_argument("--target", default="", metavar="COLUMN", help="the column of a table to predict (default: the last one)")
    _settings(parser)
    parser.add_argument("--out", type=Path, metavar="FILE", help="save the snapshot here (.nnsim)")
    _json(parser)


def _trace(parser: argparse.ArgumentParser) -> None:
    _source(parser)
    parser.add_argument("--grain", choices=GRAINS, default="neuron", help="what a step means (default neuron)")
    parser.add_argument("--steps", type=_steps, default=20, metavar="N", help="how many; with a minus backwards (default 20)")
    _settings(parser)
    _json(parser)


def _gradcheck(parser: argparse.ArgumentParser) -> None:
    _source(parser)
    parser.add_argument("--at", type=_place, metavar="EPOCH:BATCH",
                        help="which batch, both counted from 1 as on screen (default: where the source stands)")
    parser.add_argument("--most", type=_positive, metavar="N",
                        help="check at most so many gradients, a choice drawn from the seed (default: all of up to 20,000, "
                             "else 2,000)")
    _settings(parser)
    _json(parser)


def _predict(parser: argparse.ArgumentParser) -> None:
    _source(parser)
    parser.add_argument("--data", metavar="FILE",
                        help="new rows: a table (.csv, .tsv, .xlsx, .parquet), a picture, or a folder of pictures")
    parser.add_argument("--text", metavar="WORDS", help="for networks that guess the next word: the words to go on from")
    parser.add_argument("--out", type=Path, metavar="FILE", help="write the table here (.csv; default: print it)")
    _json(parser)


def _check(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="a .nnsim snapshot or an experiment as .json")
    _json(parser)


def _info(parser: argparse.ArgumentParser) -> None:
    _source(parser)
    _json(parser)


def _bench(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--seconds", type=_seconds, default=10.0, metavar="S", help="about how long to measure (default 10)")
    _json(parser)


_TRAIN_EPILOG = """\
A snapshot is gone on with from its very moment. Settings under learning.* then branch its run there; any other setting, and
another seed, start a new run, which is said on stderr.
Ctrl-C stops at the end of a batch and still saves to --out. A divergence is said in a sentence: the last finite moment is
saved, and the exit code is 2."""

_TRACE_EPILOG = """\
One JSON object a stop, a line each. It tells what was computed since the last stop of that grain:
  moment   {epoch, batch, mark}, all from 0: batch counts over the whole run, and (batch, mark) is what seek takes
  phase    forward, loss, backward or update
  sample   place in the batch, from 1; null in the update and at grains batch and epoch
  layer    from 1, the first layer with weights; null for the loss and at grains from pass up
  neuron   from 1; null for the loss and at grains from layer up
  term     at grain term only: the input from 1, "bias", or null for the neuron's own number
  values   by full name, every number in full:
    forward   inputs weights bias sum output (and with dropout: mask passed)
    loss      outputs targets loss
    backward  output_gradient slope delta weight_gradients bias_gradient: this sample's share of the batch's mean loss
    update    weights and bias, each {before, gradient, after}; memory: the optimizer's, by name, for weights and bias
              {before, after}; rate; step; clip_factor. The gradient is the one the optimizer is given; where a penalty or
              clipping changed it, loss_gradient is what it was before. lengths, over all parameters, each {length, squares:
              every layer's sum of squares}: where it was clipped, penalised, the length before that; at the batch's end
              also gradient, given (to the optimizer) and change, and largest_change, the change of what moved most
At grain term there is one of each: input weight product, bias sum, output; weight_gradient; weight or bias.
At neuron weights and inputs are lists; at layer also sum, output, delta ... are lists over the neurons, and weights are lists of
lists, inputs x neurons. At pass every name holds a list over the layers. At sample forward, loss and backward stand together.
At batch: rows (of the data set, from 0), the batch's loss, and the update. At epoch: weights and bias as they are after it,
and the scores on train and test. null is what is not known yet or has no meaning: a softmax output before the layer's last
sum, output_gradient and slope where loss and activation are one formula (softmax with cross-entropy, sigmoid with its loss).
Numbers that are not finite are the strings "NaN", "Infinity" and "-Infinity"."""

_PREDICT_EPILOG = """\
The new table has the columns that were inputs in training, by the same names and in any order; further columns are passed on. For
data that came with nnsim they are named as the inputs are, or are exactly as many, in their order.
Printed or written is the new table with the prediction behind it: for classes the class and a probability for each (or the bare
outputs, where those are no probabilities), else the numbers. A category that training did not have, or a word among numbers, is
refused with row and column. A row with a missing value gets no prediction, unless the training table's were filled with the mean.
In the CSV a text that a spreadsheet could take for a formula (it begins with = + - @) has an apostrophe before it."""

_GRADCHECK_EPILOG = """\
Every weight and bias of the batch is moved a little and the loss computed anew, from formulas of its own: by a tiny imaginary
step where they are smooth, by differences where a slope may jump. Compared is the gradient with its penalties, under the batch's
own dropout mask, before clipping. A gradient "differs" where rounding does not explain it. At a "kink" (a sum of 0 before a ReLU,
say) there is no one slope, and the kernel's lies between those on both sides: that is no error.
Exit code 0: none differs; 1: one does; 2: there is nothing to check.
The JSON has a list of gradients, each with layer, neuron and term (the input, or "bias") from 1; gradient, measured,
relative_difference, verdict, and at a kink the slopes it lies between. blurred is how many agree only because rounding could make
more of them than they are."""

COMMANDS = {command.name: command for command in (
    Command("examples", "List the examples that come with nnsim.", _json),
    Command("train", "Train at full speed and print the scores.", _train, _TRAIN_EPILOG),
    Command("info", "Tell what a snapshot or an example is: experiment, network, data, scores, weights.", _info,
            "The JSON is a SOURCE itself: what stands under experiment can be opened and trained again."),
    Command("trace", "Step through training and print every number.", _trace, _TRACE_EPILOG),
    Command("gradcheck", "Measure a batch's gradients without back-propagation: exit code 0 where all agree, 1 where one differs.",
            _gradcheck, _GRADCHECK_EPILOG),
    Command("predict", "Tell what a trained network says of new rows, pictures or words.", _predict, _PREDICT_EPILOG),
    Command("check", "Tell whether a file can be opened: exit code 0, or 2 and one line that says why not.", _check),
    Command("bench", "Measure mini-batches a second, beside PyTorch (if installed) and the bare matrix products.", _bench),
    Command("doctor", "Tell whether this machine has all that nnsim needs, and what to install.", _json),
)}
"""Every headless command by name, in the order of the help."""
