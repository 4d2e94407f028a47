"""A batch's protocol as a worksheet in LaTeX: one article that plain pdfLaTeX compiles with amsmath alone.

With answers it is a worked solution; without, each result is a rule to write on. It refuses to set more steps than a class can
have on paper.
"""

from itertools import groupby
from pathlib import Path

from nnsim.files.atomic import write_atomically
from nnsim.files.latex_text import math, prose
from nnsim.files.protocol_steps import MOST_PRINTED_ROWS, Step, Steps, arithmetic, check_length

_HEAD = r"""\documentclass[11pt,a4paper]{article}
\usepackage[utf8]{inputenc}
\usepackage[T1]{fontenc}
\usepackage{amsmath}
\setlength{\parindent}{0pt}
\setlength{\parskip}{4pt}
\newcommand{\blank}{\underline{\hspace{2.6cm}}}
% number, place, rule, arithmetic, result
\newcommand{\step}[5]{\par\textbf{#1.} #2\hfill $#3$\par\hspace*{1.5em}\begin{minipage}[t]{0.93\linewidth}\raggedright
  $#4$ #5\end{minipage}\medskip}
"""
HEADINGS = {"forward": "Forward pass", "loss": "Loss", "backward": "Backward pass", "update": "Update"}
HINT = "Fill in each result. Later steps use earlier results, so that you can check yours there."


def write_latex(path: Path, steps: Steps, answers: bool = True) -> None:
    """Write the worksheet. Raises OSError, TooManyStepsError."""
    check_length(steps, MOST_PRINTED_ROWS)
    write_atomically(path, latex(steps, answers).encode())


def latex(steps: Steps, answers: bool = True) -> str:
    """The worksheet as a document."""
    lines = [_HEAD, rf"\title{{{prose(steps.title)}}}", r"\author{}", r"\date{}", r"\begin{document}", r"\maketitle"]
    lines += [rf"{prose(fact)}\par" for fact in (*steps.facts, *(() if answers else (HINT,)))]
    for phase, group in groupby(steps, key=_phase):
        lines.append(rf"\section*{{{HEADINGS[phase]}}}")
        lines += [_step(step, answers) for step in group]
    return "\n".join((*lines, r"\end{document}", ""))


def _phase(step: Step) -> str:
    return step.phase


def _step(step: Step, answers: bool) -> str:
    result = f"${math(step.relation)} {math(step.result.text)}$" if answers else rf"${math(step.relation)}$ \blank"
    return rf"\step{{{step.number}}}{{{prose(step.place)}}}{{{math(step.what)}}}{{{math(arithmetic(step, answers))}}}{{{result}}}"
