"""How far intervals reach at announced looks, against published constants and a simulated random walk."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from simengine.valuation.looks import GROWTH, LEAST, LEAST_BLOCKS, LEAST_GROWTH, TOGETHER, critical_value, looks_of

# Pocock 1977; Jennison & Turnbull 2000, table 2.1: looks evenly apart, two sides, 5 %
POCOCK = {1: 1.960, 2: 2.178, 3: 2.289, 4: 2.361, 5: 2.413, 6: 2.453, 8: 2.512, 10: 2.555, 20: 2.672}


@pytest.mark.parametrize(("looks", "published"), POCOCK.items())
def test_looks_evenly_apart_have_the_published_constants(looks: int, published: float) -> None:
    assert critical_value(tuple(range(1, looks + 1)), 0.05) == pytest.approx(published, abs=0.0006)


def test_a_single_look_is_the_plain_interval() -> None:
    assert critical_value((40,), 0.05) == pytest.approx(stats.norm.ppf(0.975), abs=1e-9)
    assert critical_value((40,), 0.01, both_sides=False) == pytest.approx(stats.norm.ppf(0.99), abs=1e-9)


@pytest.mark.parametrize(("both_sides", "probability"), [(True, 0.05), (False, 0.05), (False, 0.01)])
def test_a_random_walk_leaves_the_strip_as_often_as_said(both_sides: bool, probability: float) -> None:
    looks, studies = looks_of(10_000), 100_000
    reach = critical_value(looks, probability, both_sides=both_sides)
    random, walk, out = np.random.default_rng(3), np.zeros(studies), np.zeros(studies, bool)
    for before, after in pairwise((0, *looks)):
        walk += random.normal(size=studies) * (after - before) ** 0.5
        ratio = walk / after**0.5
        out |= (np.abs(ratio) if both_sides else ratio) > reach
    assert out.mean() == pytest.approx(probability, abs=4 * (probability / studies) ** 0.5)


@given(st.integers(LEAST, 1_000_000), st.sampled_from([1, 2, 16]))
def test_looks_grow_to_the_most_that_there_may_be(most: int, block: int) -> None:
    looks = looks_of(most, block)
    assert looks[-1] == most - most % block
    assert all(look % block == 0 for look in looks)
    assert all(look % TOGETHER == 0 for look in looks[:-1])
    assert all(LEAST_GROWTH * one <= other for one, other in pairwise(looks))
    assert all(other <= GROWTH * one * LEAST_GROWTH + TOGETHER for one, other in pairwise(looks))
    assert looks[0] >= min(looks[-1], LEAST, LEAST_BLOCKS * block)


def test_the_first_looks() -> None:
    assert looks_of(300) == (32, 48, 80, 128, 192, 300)
    assert looks_of(39) == (39,)
    assert looks_of(1000, 16)[:3] == (80, 128, 192)
