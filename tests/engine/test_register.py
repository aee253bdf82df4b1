"""Distinct keys are numbered in the order in which they are first seen, as a dictionary would."""

import numpy as np
import pytest

from simengine.engine.register import Register


def by_dictionary(keys: np.ndarray) -> list[int]:
    numbers: dict[tuple[int, ...], int] = {}
    return [numbers.setdefault(tuple(key), len(numbers)) for key in keys.tolist()]


@pytest.mark.parametrize(("width", "distinct"), [(1, 10), (3, 3), (4, 60)])
def test_as_a_dictionary_numbers_them(width: int, distinct: int) -> None:
    keys = np.random.default_rng(width).integers(-distinct, distinct, (20_000, width)).astype(np.int32)
    register = Register(width)
    found = np.concatenate([register.numbers(keys[start : start + 3_000]) for start in range(0, len(keys), 3_000)])
    assert found.tolist() == by_dictionary(keys)
    assert register.count == found.max() + 1


def test_keys_that_differ_only_in_high_bits_are_told_apart() -> None:
    keys = (np.arange(4_000, dtype=np.int64) << 19).astype(np.int32).reshape(-1, 2)
    assert Register(2).numbers(keys).tolist() == by_dictionary(keys)


def test_nothing_to_number() -> None:
    register = Register(2)
    assert register.numbers(np.empty((0, 2), np.int32)).tolist() == []
    assert register.count == 0
