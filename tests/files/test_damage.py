"""Damage, of a kind that disks, networks and editors do: found and told, or harmless; never anything else."""

import json
import random
import time
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from taken_apart import eventful, header, shown, taken_apart, with_header

from nnsim.files.manifest import SnapshotError
from nnsim.files.session import Session
from nnsim.files.snapshot import simulation_from, snapshot_bytes

MUTANTS = 3000
SLOWEST = 0.25
"""Seconds of processor time for one file."""


@cache
def whole() -> tuple[bytes, dict[str, Any]]:
    """A snapshot and what it shows."""
    session = eventful()
    return snapshot_bytes(session), shown(session.frame)


def read(content: bytes) -> dict[str, Any] | None:
    """What a file shows; None if it is refused, as nothing else may."""
    began = time.thread_time()
    try:
        session = simulation_from(content, Session)
    except SnapshotError as error:
        assert str(error) and "\n" not in str(error)
        return None
    finally:
        assert time.thread_time() - began < SLOWEST
    return shown(session.frame)


def test_the_whole_file_shows_what_was_kept() -> None:
    content, kept = whole()
    assert read(content) == kept


def test_a_file_cut_off_at_any_byte_is_refused() -> None:
    content, _ = whole()
    assert [length for length in range(len(content)) if read(content[:length]) is not None] == []


def mutants(content: bytes, seed: int) -> Iterator[bytes]:
    """Files with a byte changed, a stretch cut out, or something put in."""
    chance = random.Random(seed)
    while True:
        place = chance.randrange(len(content))
        match chance.choice(("flip", "bit", "cut", "insert", "double")):
            case "flip":
                yield content[:place] + bytes([content[place] ^ chance.randrange(1, 256)]) + content[place + 1 :]
            case "bit":
                yield content[:place] + bytes([content[place] ^ 1 << chance.randrange(8)]) + content[place + 1 :]
            case "cut":
                yield content[:place] + content[place + chance.randrange(1, 64) :]
            case "insert":
                yield content[:place] + chance.randbytes(chance.randrange(1, 64)) + content[place:]
            case _:
                yield content[: place + chance.randrange(64)] + content[place:]


@pytest.mark.parametrize("seed", range(6))
def test_a_damaged_file_is_refused_or_shows_just_what_was_kept(seed: int) -> None:
    content, kept = whole()
    refused = 0
    for number, mutant in zip(range(MUTANTS // 6), mutants(content, seed), strict=False):
        seen = read(mutant)
        assert seen in (None, kept), f"mutant {number} of seed {seed} is another run"
        refused += seen is None
    assert refused > 0.95 * MUTANTS / 6


HOSTILE: tuple[Any, ...] = (None, True, False, -1, 0, 1, 2, 3, 1.5, -0.0, 1e308, 2**31, 2**53 - 1, 2**53, 10**40, "", "adam",
                            "x" * 500, "\x1b[2J\n", [], {}, [[]], [0], [None], {"": None})


def liars(manifest: Any, chance: random.Random) -> Any:
    """The manifest with one part, however deep, changed to something else, left out, or doubled."""
    if isinstance(manifest, dict | list) and manifest and chance.random() < 0.93:
        copy: Any = dict(manifest) if isinstance(manifest, dict) else list(manifest)
        key: Any = chance.choice(sorted(copy)) if isinstance(copy, dict) else chance.randrange(len(copy))
        roll = chance.random()
        if roll < 0.04:
            del copy[key]
        elif roll < 0.06:
            if isinstance(copy, dict):
                copy["more"] = 1
            else:
                copy.append(copy[key])
        else:
            copy[key] = liars(copy[key], chance)
        return copy
    if type(manifest) in (int, float) and chance.random() < 0.3:
        return manifest + chance.choice((-1, 1))
    return chance.choice(HOSTILE)


@pytest.mark.parametrize("seed", range(4))
def test_a_lie_anywhere_in_the_description_is_refused_or_a_sound_run(seed: int) -> None:
    parts = taken_apart(whole()[0])
    chance = random.Random(seed)
    refused = 0
    for _ in range(500):
        lie = liars(parts.manifest, chance)
        if not isinstance(lie, dict):
            continue
        began = time.thread_time()
        try:
            session = simulation_from(type(parts)(lie, parts.tensors).content(), Session)
            shown(session.frame)
            session.step("neuron")
            session.step("batch")
            snapshot_bytes(session)
        except SnapshotError:
            refused += 1
        assert time.thread_time() - began < 1
    assert refused > 300


def test_a_lie_anywhere_in_the_numbers_header_is_refused_or_harmless() -> None:
    content, kept = whole()
    values = header(content)
    rest = content[8 + int.from_bytes(content[:8], "little") :]
    chance = random.Random(5)
    for _ in range(1000):
        assert read(with_header(json.dumps(liars(values, chance)).encode(), rest)) in (None, kept)
