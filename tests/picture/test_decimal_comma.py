"""With a decimal comma no number on show groups its thousands by one, and what is copied exactly is read back as it was."""

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import nnsim
from nnsim.engine.experiment import Data, Experiment, Layer, Learning
from nnsim.engine.simulation import Simulation
from nnsim.picture import numbers
from nnsim.picture.caption import caption
from nnsim.picture.caption_parts import Caption, Line, Number
from nnsim.picture.caption_text import plain_text
from nnsim.picture.matrices_words import products

ROOT = Path(nnsim.__file__).parent
SHOWN = [path for room in ("picture", "widgets", "app") for path in sorted((ROOT / room).rglob("*.py"))]
GROUPED = re.compile(r"\d,\d{3}(?!\d)")


@pytest.fixture(autouse=True)
def _decimal_comma() -> Iterator[None]:
    numbers.write_decimals_with(",")
    yield
    numbers.write_decimals_with(".")


def test_whatever_is_shown_groups_its_thousands_by_the_decimal_signs_rule() -> None:
    raw = [f"{path.name}:{each.lineno}" for path in SHOWN for each in ast.walk(ast.parse(path.read_text("utf-8")))
           if isinstance(each, ast.FormattedValue) and each.format_spec is not None
           and re.search(r"[,_n](\.\d+)?[a-z]?'?$", ast.unparse(each.format_spec)) and path.name != "numbers.py"]
    assert len(SHOWN) > 200 and not raw


def many_steps(batches: int) -> Simulation:
    made = Simulation(Experiment(data=Data(source="ring", samples=4000), batch_size=1, seed=1,
                                 layers=(Layer(width=2), Layer(width=1, activation="sigmoid")), learning=Learning(rate=0.01)))
    made.run(batches=batches)
    return made


def test_beyond_a_thousand_no_title_can_be_read_as_a_decimal() -> None:
    made = many_steps(1300)
    batch = caption(made.frame)
    assert batch.title.startswith(f"Batch 1{numbers.NARROW_SPACE}300 of 2{numbers.NARROW_SPACE}")
    made.step("term", -1)
    update = caption(made.frame)
    assert update.title.endswith(f"step 1{numbers.NARROW_SPACE}300")
    made.set_parameter(0, 0, 0, 0.5)
    made.step("batch")
    for shown in (batch, update, caption(made.frame)):
        text = "\n".join((shown.title, shown.short_title, *shown.facts, *(line.meaning for line in shown.lines)))
        assert not GROUPED.search(text), text
    assert f"step 1{numbers.NARROW_SPACE}300\n" in plain_text(update, exactly=True)


def test_exact_text_leaves_names_as_they_are_and_types_the_arithmetic() -> None:
    shown = Caption("update", "sizes 1,5 and 2,5", "", ("w",), "", facts=("1,5 mm",),
                    lines=(Line("c = 0,5", "of 0,25", r"-0{,}5 \cdot 1{,}5", Number("−0,75", -0.75)),))
    title, letters, fact, line = plain_text(shown, exactly=True).splitlines()
    assert (title, letters, fact) == ("sizes 1,5 and 2,5", "w", "1,5 mm")
    assert line == "c = 0.5  of 0.25: -0.5 × 1.5 = -0.75"
    assert "," in plain_text(replace(shown, facts=()))


def test_sums_of_thousands_of_terms_say_how_many_are_left_out() -> None:
    told = products(np.ones(1306), np.ones(1306), numbers.fixed, numbers.fixed)
    assert f"… 1{numbers.NARROW_SPACE}300 more …" in told and not GROUPED.search(told.replace("+1,000", ""))


def test_the_exact_text_of_a_walk_has_points_only() -> None:
    made, phases = many_steps(1200), set()
    for _ in range(40):
        made.step("term")
        shown = caption(made.frame)
        phases.add(shown.phase)
        exact = plain_text(shown, exactly=True)
        # the indices of a weight are no decimals
        assert not re.search(r"\d,\d", re.sub(r"W\[\d+,\d+\]", "", exact)), exact
    assert phases == {"forward", "loss", "backward", "update"}


def test_what_is_shown_writes_no_number_by_itself_with_a_point() -> None:
    raw = [f"{path.name}:{each.lineno}" for path in SHOWN if path.parent.name == "picture" for each in ast.walk(
        ast.parse(path.read_text("utf-8"))) if isinstance(each, ast.JoinedStr) and len(each.values) > 1 and any(
            isinstance(value, ast.FormattedValue) and value.format_spec is not None and ast.unparse(value.format_spec) == "f'g'"
            for value in each.values)]
    assert not raw
