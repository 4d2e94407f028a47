"""A batch's protocol: every result is the trace's own number, and what the moment does not know yet is not told."""

import numpy as np
import pytest

from nnsim.core.optimizers import OPTIMIZERS
from nnsim.engine.examples import example, example_names
from nnsim.engine.experiment import Data, Experiment, Layer, Learning
from nnsim.engine.marks import Grain
from nnsim.engine.moments import Moment
from nnsim.engine.simulation import Simulation
from nnsim.picture.caption_rounding import Rounding
from nnsim.picture.protocol import Protocol
from nnsim.picture.protocol_line import weighted_sum


def simulation(**learning: object) -> Simulation:
    layers = (Layer(width=3), Layer(width=2, activation="relu"), Layer(width=1, activation="sigmoid"))
    made = Simulation(Experiment(data=Data(samples=30), layers=layers, batch_size=3, seed=4,
                                 learning=Learning.model_validate({"rate": 0.05, **learning})))
    made.run(batches=2)
    return made


@pytest.mark.parametrize("name", example_names())
@pytest.mark.parametrize("grain", [Grain.TERM, Grain.NEURON])
def test_every_result_is_the_traces_own_number(name: str, grain: Grain) -> None:
    made = Simulation(example(name).experiment)
    made.run(batches=2)
    trace, network, protocol = made.frame.trace, made.network, Protocol(made.frame, grain)
    assert trace is not None
    after, before = network.layers(trace.after), network.layers(trace.before)
    for number in range(0, len(protocol), max(1, len(protocol) // 300)):
        row = protocol.row(number)
        mark = made.marks(1).at(row.moment.mark)
        assert row.known
        if mark.phase == "loss":
            assert row.value == trace.losses[mark.sample]
            continue
        assert mark.layer is not None and mark.neuron is not None
        layer, q, inputs = mark.layer, mark.neuron, network.sizes[mark.layer]
        if mark.phase == "update":
            column = after[layer][:, q]
            moved = np.abs(column - before[layer][:, q])
            assert row.value == column[mark.term if grain == Grain.TERM else int(np.argmax(moved))]
            continue
        x = np.append((trace.passed[layer - 1] if layer else trace.inputs)[:, mark.sample], 1)
        whole = grain == Grain.NEURON or mark.term is None
        if mark.phase == "forward":
            expected = trace.outputs[layer][q, mark.sample] if whole else x[mark.term] * before[layer][mark.term, q]
        else:
            delta = trace.deltas[layer][q, mark.sample]
            expected = delta if whole else x[mark.term] * delta
        assert row.value == expected
        assert whole or mark.term is None or mark.term <= inputs


@pytest.mark.parametrize("grain", list(Grain)[:6])
def test_a_row_is_known_from_its_own_moment_on(grain: Grain) -> None:
    made = simulation()
    protocol = Protocol(made.frame, grain)
    moments = [row.moment for row in protocol]
    assert [row.number for row in protocol] == list(range(1, len(protocol) + 1))
    early = 0
    for place, moment in enumerate(moments[:: max(1, len(moments) // 40)]):
        made.seek(moment)
        rows = list(Protocol(made.frame, grain))
        here = moments.index(moment)
        assert all(row.known for row in rows[: here + 1])
        early += sum(row.known for row in rows[here + 1 :])
        for row in rows:
            assert row.known == (row.result.text != "?") == bool(row.arithmetic), (place, row)
    # of a whole sample or batch the loss is known before its end, of no other row anything
    assert early == 0


def test_a_samples_loss_is_known_from_its_loss_on_and_the_batchs_from_the_last() -> None:
    made = simulation()
    marks = made.marks(2)
    for grain, mark in ((Grain.SAMPLE, marks.pass_length + 1), (Grain.BATCH, 2 * marks.sample_length + marks.pass_length + 1)):
        made.seek(Moment(2, mark - 1))
        assert not Protocol(made.frame, grain).row(0).known
        made.seek(Moment(2, mark))
        assert Protocol(made.frame, grain).row(0).known


def test_no_share_of_a_softmax_is_told_before_its_last_sum() -> None:
    made = Simulation(example("iris").experiment)
    made.step("pass")
    made.step("neuron", -1)
    rows = [Protocol(made.frame, Grain.NEURON).row(place) for place in (6, 7, 8)]
    assert [row.known for row in rows] == [False, False, False]
    made.step("neuron")
    assert all(Protocol(made.frame, Grain.NEURON).row(place).known for place in (6, 7, 8))


def test_the_arithmetic_of_a_neuron_is_written_term_by_term() -> None:
    made = Simulation(example("textbook-2-2-2").experiment)
    made.step("batch")
    protocol = Protocol(made.frame, Grain.NEURON)
    row = protocol.row(0)
    assert (row.place, row.short_place, row.phase) == ("sample 1, L1, neuron 1", "1 · L1·1", "forward")
    assert row.what == "z = Wᵀx + b, a = σ(z)"
    assert row.arithmetic == "0.050·0.150 + 0.100·0.200 + 0.350 = 0.378, σ(0.378)"
    assert row.given == "0.050·0.150 + 0.100·0.200 + 0.350"
    assert row.result.text == "+0.593"


def test_long_sums_are_told_by_their_largest_terms() -> None:
    inputs, weights = np.arange(1.0, 21.0), np.append(np.full(20, -0.5), 0.25)
    assert weighted_sum(inputs, weights, Rounding()) == "18.000·(−0.500) + 19.000·(−0.500) + 20.000·(−0.500) + … (21 terms)"


def test_the_bias_stands_with_its_own_sign() -> None:
    assert weighted_sum(np.array([-1.0, -2.0]), np.array([0.5, 2.0, -3.0]), Rounding(1)) == "−1.0·0.5 + (−2.0)·2.0 − 3.0"


@pytest.mark.parametrize("optimizer", [name for name in OPTIMIZERS if name != "perceptron"])
def test_every_optimizers_update_ends_in_the_new_parameter(optimizer: str) -> None:
    made = simulation(optimizer=optimizer, l1=0.001, l2=0.01, clip_norm=0.1, dropout=0.2)
    made.run(batches=1)
    trace, protocol = made.frame.trace, Protocol(made.frame, Grain.TERM)
    assert trace is not None
    updates = [row for row in protocol if row.phase == "update"]
    assert sorted(row.value or 0.0 for row in updates) == sorted(trace.after.tolist())
    assert all("step = " in row.given and row.between for row in updates)


def test_the_current_row_holds_the_moment() -> None:
    made = simulation()
    for grain in list(Grain)[:6]:
        made.seek(Moment(2, 1))
        while made.moment.batch == 2 and made.moment.mark < made.marks(2).count:
            protocol = Protocol(made.frame, grain)
            assert protocol.current is not None
            assert protocol.moment_of(protocol.current) == made.next_stop(Moment(2, made.moment.mark - 1), grain)
            made.step("term", 7)


def test_a_whole_protocol_tells_what_the_moment_does_not_know_yet() -> None:
    made = simulation()
    made.seek(Moment(2, 3))
    assert not all(row.known for row in Protocol(made.frame, Grain.NEURON))
    whole = list(Protocol(made.frame, Grain.NEURON, whole=True))
    made.step("batch")
    assert whole == list(Protocol(made.frame, Grain.NEURON))


def test_without_a_trace_even_a_whole_protocol_knows_nothing() -> None:
    frame = Simulation(example("xor").experiment).frame
    assert not any(row.known for row in Protocol(frame, Grain.NEURON, whole=True))
    assert Protocol(frame).current is None
