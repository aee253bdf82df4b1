"""Lengths that are looked up are those of the formula."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simengine.arithmetic import log
from simengine.engine.stage_lengths import length_of, lengths_of
from simengine.luck import uniform
from simengine.model.stage import stage_length

WORDS = st.one_of(st.integers(0, 2**32 - 1), st.integers(0, 2**20), st.integers(2**32 - 2**20, 2**32 - 1))


@given(WORDS, st.floats(1e-6, 0.999999), st.integers(1, 200))
def test_a_length_is_the_formulas_up_to_the_horizon(word: int, promotion: float, horizon: int) -> None:
    log_stay = log(1.0 - promotion)
    wanted = min(stage_length(uniform(np.uint32(word)), log_stay), horizon + 1)
    assert length_of(lengths_of(log_stay, horizon), np.uint32(word)) == wanted


@pytest.mark.parametrize("horizon", [3, 62])
def test_the_bounds_themselves(horizon: int) -> None:
    log_stay = log(1.0 - 0.117)
    lengths = lengths_of(log_stay, horizon)
    for bound in lengths.least[1:-1].tolist():
        for word in (bound - 1, bound):
            wanted = min(stage_length(uniform(np.uint32(word)), log_stay), horizon + 1)
            assert length_of(lengths, np.uint32(word)) == wanted


def test_a_stage_that_is_never_left_lasts_beyond_every_horizon() -> None:
    lengths = lengths_of(-1e-300, 40)
    assert {int(length_of(lengths, np.uint32(word))) for word in (0, 1, 2**31, 2**32 - 1)} == {41}
