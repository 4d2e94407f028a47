"""A batch's protocol as files: results keep all their digits, answers can be left out, and LaTeX is well formed."""

import csv
import io
import json
import re
from pathlib import Path

import pytest

from nnsim.engine.examples import example, example_names
from nnsim.engine.marks import Grain
from nnsim.engine.simulation import Simulation
from nnsim.files.latex_text import math, prose
from nnsim.files.protocol_latex import latex, write_latex
from nnsim.files.protocol_steps import MOST_PRINTED_ROWS, TooManyStepsError
from nnsim.files.protocol_tables import write_csv, write_json
from nnsim.picture.protocol import Protocol
from nnsim.picture.worksheet_steps import WorksheetSteps

TOO_LARGE = ("digits", "cats", "next-word", "breast-cancer", "spiral")


def protocol(name: str = "ring", grain: Grain = Grain.NEURON) -> Protocol:
    simulation = Simulation(example(name).experiment)
    simulation.run(batches=2)
    return Protocol(simulation.frame, grain)


def worksheet(name: str) -> WorksheetSteps:
    simulation = Simulation(example(name).experiment)
    simulation.run(batches=1)
    return WorksheetSteps(simulation.frame)


def table(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"), newline="")))


@pytest.mark.parametrize("grain", list(Grain)[:6])
def test_csv_and_json_hold_every_result_with_all_its_digits(tmp_path: Path, grain: Grain) -> None:
    steps = protocol(grain=grain)
    write_csv(tmp_path / "a.csv", steps)
    write_json(tmp_path / "a.json", steps)
    rows, whole = table(tmp_path / "a.csv"), json.loads((tmp_path / "a.json").read_text("utf-8"))
    assert [float(row["result"]) for row in rows] == [step["result"] for step in whole["steps"]] == [row.value for row in steps]
    assert [row["arithmetic"] for row in rows] == [row.arithmetic for row in steps]
    assert [(row["step"], row["place"], row["rule"]) for row in rows] == [(str(r.number), r.place, r.what) for r in steps]
    assert (whole["title"], tuple(whole["facts"]), whole["answers"]) == (steps.title, steps.facts, True)


def test_without_answers_no_result_and_nothing_on_the_way_to_it_is_written(tmp_path: Path) -> None:
    steps = protocol()
    write_csv(tmp_path / "a.csv", steps, answers=False)
    write_json(tmp_path / "a.json", steps, answers=False)
    rows, whole = table(tmp_path / "a.csv"), json.loads((tmp_path / "a.json").read_text("utf-8"))
    assert {row["result"] for row in rows} == {""}
    assert {step["result"] for step in whole["steps"]} == {None}
    assert [row["arithmetic"] for row in rows] == [step["arithmetic"] for step in whole["steps"]] == [row.given for row in steps]
    assert any(row.between for row in steps)
    assert whole["answers"] is False


def test_what_is_not_known_yet_is_left_empty(tmp_path: Path) -> None:
    simulation = Simulation(example("ring").experiment)
    simulation.step("neuron", 3)
    write_csv(tmp_path / "a.csv", Protocol(simulation.frame))
    results = [row["result"] for row in table(tmp_path / "a.csv")]
    assert all(results[:3]) and not any(results[3:])


def test_a_protocol_that_is_too_long_is_refused_in_words_and_nothing_is_written(tmp_path: Path) -> None:
    steps = protocol("digits", Grain.TERM)
    for write in (write_csv, write_json, write_latex):
        with pytest.raises(TooManyStepsError, match=r"184,314 steps; .* takes (20,000|2,500)\. Choose a smaller batch"):
            write(tmp_path / "a", steps)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(TooManyStepsError, match=f"{MOST_PRINTED_ROWS:,}"):
        write_latex(tmp_path / "a", protocol("digits"))
    write_csv(tmp_path / "a", protocol("digits"))


KNOWN_COMMANDS = set(re.findall(r"\w+", """
    documentclass usepackage setlength parindent parskip newcommand blank underline hspace step par textbf hfill linewidth
    begin end raggedright medskip title author date maketitle section cdot times partial sqrt infty ge le leftarrow to dots
    tfrac sum ell pm hat alpha beta delta varepsilon eta lambda mu rho sigma varphi Phi Delta theta backslash sim tanh max
    approx tilde ln sin cos operatorname text textbackslash textasciitilde textasciicircum textless textgreater textbar surd
"""))


def assert_well_formed(document: str) -> None:
    """What would stop pdfLaTeX: braces that do not match, commands or letters it does not know, formulas that are left open."""
    depth = 0
    for line in document.splitlines():
        bare = re.sub(r"%.*", "", line) if line.startswith("%") else re.sub(r"\\.", "", line)
        assert bare.count("$") % 2 == 0, line
        for letter in bare:
            depth += (letter == "{") - (letter == "}")
            assert depth >= 0, line
        assert all(letter.isascii() or letter in "äöüßéè" for letter in line), line
        assert not re.search(r"(?<!\\)[&#_~]", re.sub(r"^\\newcommand.*|#\d", "", re.sub(r"_\{", "", line))), line
        assert set(re.findall(r"\\([A-Za-z]+)", line)) <= KNOWN_COMMANDS, line
    assert depth == 0
    assert re.findall(r"\\usepackage(?:\[\w+\])?\{(\w+)\}", document) == ["inputenc", "fontenc", "amsmath"]
    assert re.findall(r"\\(?:begin|end)\{(document|minipage)\}", document) == ["minipage", "minipage", "document", "document"]


@pytest.mark.parametrize("name", [name for name in example_names() if name not in TOO_LARGE])
@pytest.mark.parametrize("answers", [True, False])
def test_a_worksheet_in_latex_is_well_formed(name: str, answers: bool) -> None:
    steps = worksheet(name)
    document = latex(steps, answers)
    assert_well_formed(document)
    assert document.count("\n\\step{") == len(steps)
    assert len(re.findall(r"\$(=|\\approx)\$ \\blank", document)) == (0 if answers else len(steps))
    assert ("Fill in each result" in document) != answers


def test_a_worksheet_with_answers_is_rounded_as_the_protocol_is(tmp_path: Path) -> None:
    steps = worksheet("textbook-2-2-2")
    write_latex(tmp_path / "a.tex", steps)
    document = (tmp_path / "a.tex").read_text("utf-8")
    results = re.findall(r"\{\$(=|\\approx) (.*?)\$\}$", document, re.MULTILINE)
    assert [text for _, text in results] == [row.result.text.replace("−", "-") for row in steps]
    assert [sign for sign, _ in results] == [{"=": "=", "≈": r"\approx"}[row.relation] for row in steps]
    assert results[0][0] == r"\approx"


@pytest.mark.parametrize(("text", "expected"), [
    ("z = Wᵀx + b, a = tanh(z)", r"z = W^{T}x + b, a = \tanh(z)"),
    ("−4.12×10⁻⁷", r"-4.12\times 10^{-7}"),
    ("w ← w − η · m̂ / (√v̂ + ε)", r"w \leftarrow  w - \eta  \cdot  \hat{m} / (\sqrt{\hat{v}} + \varepsilon )"),
    ("−y ln ŷ", r"-y \ln  \hat{y}"),
    ("ln(1 + e^(−0.5)) − 1", r"\ln(1 + e^{(-0.5)}) - 1"),
    ("softmax(z)", r"\operatorname{softmax}(z)"),
    ("b[1] moves most of 3: g", r"b[1] \text{ moves most of } 3: g"),
    ("50 % & {x}_1 \\ 語", r"50 \% \& \{x\}\_1 \backslash  \text{[?]}"),
])
def test_formulas_become_latex(text: str, expected: str) -> None:
    assert math(text) == expected


def test_words_become_latex() -> None:
    assert prose("Größe_1: 5 % of “x” ~ δ² 語") == r"Größe\_1: 5 \% of ``x'' \textasciitilde{} $\delta$$^{2}$ [?]"
