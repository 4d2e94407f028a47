"""How well next words are guessed, as a table to read: top 1, top 5 and perplexity, beside guessing without a network.

It is apart from the study because numbers become words here. It refuses to call a score good: it stands beside the others.
"""

from dataclasses import dataclass

from nnsim.engine.word_scores import Measures, PartScores
from nnsim.engine.words_study import WordsStudy
from nnsim.picture import numbers

WAYS = (("network", "What this network says"),
        ("frequent", "Always the most frequent words, whatever stands before"),
        ("pairs", "What followed the last word in the training text, so and so often"))
MEASURES = (("top 1", "How often the likeliest word is the true one"),
            ("top 5", "How often the true word is among the five likeliest"),
            ("perplexity", "As if it had to choose among so many equally likely words: less is better"))


@dataclass(frozen=True)
class ScoreRow:
    """One measure of one part of the text."""

    part: str
    measure: str
    tip: str
    texts: tuple[str, str, str]
    """In the order of ``WAYS``."""
    best: int
    """Which of them is the best."""


@dataclass(frozen=True)
class ScoreTable:
    """All of them."""

    rows: tuple[ScoreRow, ...]
    caption: str
    """At which moment, and of how many stretches."""


def score_table(study: WordsStudy) -> ScoreTable:
    """The table of a study; without rows where there are no scores."""
    if study.scores is None:
        return ScoreTable((), study.problem)
    scores, dataset = study.scores, study.dataset
    rows = () if scores.test is None else _rows("held out", scores.test)
    parts = [(scores.train.rows, len(dataset.train), "training")]
    if scores.test is not None:
        parts.insert(0, (scores.test.rows, len(dataset.test), "held-out"))
    measured = " and ".join(f"{_of(few, all_)} {name}" for few, all_, name in parts)
    return ScoreTable((*rows, *_rows("training", scores.train)),
                      f"After {numbers.fixed(study.epochs, 2, signed=False)} epochs, on {measured} stretches.")


def _of(few: int, all_: int) -> str:
    return numbers.whole(few) if few == all_ else f"{numbers.whole(few)} of {numbers.whole(all_)}"


def _rows(part: str, scores: PartScores) -> tuple[ScoreRow, ...]:
    ways = (scores.network, scores.frequency, scores.pairs)
    return tuple(_row(part, place, ways) for place in range(len(MEASURES)))


def _row(part: str, place: int, ways: tuple[Measures, Measures, Measures]) -> ScoreRow:
    name, tip = MEASURES[place]
    values = [(way.top_1, way.top_5, -way.perplexity)[place] for way in ways]
    first, second, third = (numbers.percent(value) if place < 2 else numbers.significant(-value, 3, False) for value in values)
    return ScoreRow(part, name, tip, (first, second, third), values.index(max(values)))
