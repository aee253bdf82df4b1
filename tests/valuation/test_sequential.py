"""Coverage of intervals at every look and where a run stops, over many studies of outcomes of known mean."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from scipy import stats

from simengine.valuation.looks import critical_value, looks_of
from simengine.valuation.sequential import EQUALS, Interval, interval

STUDIES, MOST = 1500, 2000
LOOKS = looks_of(MOST)
REACH = critical_value(LOOKS, 0.05)
WIDTHS = (0.6, 0.3, 0.15)  # standard deviations: half-widths at which a run stops
Random = np.random.Generator

# Outcomes of mean 0 and standard deviation 1
OUTCOMES: dict[str, Callable[[Random, tuple[int, int]], np.ndarray]] = {
    "normal": lambda random, shape: random.normal(size=shape),
    "exponential": lambda random, shape: random.exponential(size=shape) - 1,
    "lognormal": lambda random, shape: (random.lognormal(size=shape) - np.exp(0.5)) / ((np.e - 1) * np.e) ** 0.5,
    "Student of 3 degrees": lambda random, shape: random.standard_t(3, size=shape) / 3**0.5,
    "a move that comes in 1 of 5": lambda random, shape: ((random.random(shape) < 0.2) - 0.2) / 0.4,
}


def looked_at(outcomes: np.ndarray, reach: float, block: int = 1) -> list[Interval]:
    return [interval(outcomes[:, :n], reach, block) for n in LOOKS]


@pytest.mark.parametrize("kind", OUTCOMES)
def test_intervals_hold_at_every_look_and_where_a_run_stops(kind: str) -> None:
    """95 % within four standard errors of 1,500 studies, whatever the tails."""
    outcomes = OUTCOMES[kind](np.random.default_rng(9), (STUDIES, MOST))
    found = looked_at(outcomes, REACH)
    least = 0.95 - 4 * (0.95 * 0.05 / STUDIES) ** 0.5
    covered = np.array([(each.low <= 0) & (each.high >= 0) for each in found])
    enough = np.array([each.enough for each in found])
    assert (covered | ~enough).all(axis=0).mean() >= least
    for width in WIDTHS:
        stops = enough & np.array([each.half_width <= width for each in found])
        stops[-1] = True
        at = stops.argmax(axis=0)
        assert covered[at, np.arange(STUDIES)].mean() >= least, width


def test_plain_intervals_do_not_hold_where_a_run_stops() -> None:
    """Why the wider ones are there: 95 % intervals of a run that stops when they are narrow cover less."""
    outcomes = OUTCOMES["exponential"](np.random.default_rng(9), (STUDIES, MOST))
    found = looked_at(outcomes, float(stats.norm.ppf(0.975)))
    stops = np.array([each.half_width <= 0.3 for each in found])
    at = stops.argmax(axis=0)
    plain = [outcomes[i, : LOOKS[look]] for i, look in enumerate(at)]
    covers = [abs(each.mean()) <= stats.t.ppf(0.975, len(each) - 1) * stats.sem(each) for each in plain]
    assert np.mean(covers) < 0.94


@pytest.mark.parametrize("block", [2, 16])
def test_blocks_are_the_unit_of_the_error(block: int) -> None:
    """Replications of a block that have nearly all in common are no more than one of them."""
    looks = looks_of(MOST, block)
    reach = critical_value(looks, 0.05)
    random = np.random.default_rng(4)
    common = np.repeat(random.normal(size=(STUDIES, MOST // block + 1)), block, axis=1)
    blocks = common + random.exponential(size=common.shape) - 1
    found = [interval(blocks[:, :n], reach, block) for n in looks]
    covered = np.array([~each.enough | ((each.low <= 0) & (each.high >= 0)) for each in found])
    assert covered.all(axis=0).mean() >= 0.95 - 4 * (0.95 * 0.05 / STUDIES) ** 0.5


def test_without_skewness_it_is_students_interval() -> None:
    outcomes = np.array([4.0, 1.0, 3.0, 2.0, 5.0, 6.0])
    found = interval(outcomes, float(stats.norm.ppf(0.975)))
    half = stats.t.ppf(0.975, 5) * stats.sem(outcomes)
    assert (found.low, found.high) == pytest.approx((3.5 - half, 3.5 + half), rel=1e-9)


def test_the_ends_are_those_that_halls_transformation_takes_to_students_t() -> None:
    outcomes = np.random.default_rng(2).exponential(size=50)
    found, skewness = interval(outcomes, 2.5), stats.skew(outcomes, bias=False)
    t = stats.t.ppf(stats.norm.cdf(2.5), 49)
    for end, aim in ((found.low, t), (found.high, -t)):
        ratio = (outcomes.mean() - end) / stats.sem(outcomes)
        taken = ratio + skewness * ratio**2 / (3 * 50**0.5) + skewness**2 * ratio**3 / 1350 + skewness / (6 * 50**0.5)
        assert taken == pytest.approx(aim, rel=1e-9)


@pytest.mark.parametrize("n", [32, EQUALS])
def test_outcomes_that_are_all_the_same_have_no_width_and_are_many_before_that_is_believed(n: int) -> None:
    found = interval(np.full(n, 0.1), REACH)
    assert (found.low, found.mean, found.high, found.enough) == (0.1, 0.1, 0.1, n >= EQUALS)


def test_skewed_outcomes_have_to_be_many() -> None:
    outcomes = np.zeros(100)
    outcomes[:2] = 1.0  # skewness 6.9
    assert not interval(outcomes, REACH).enough
    assert interval(np.tile(outcomes, 15), REACH).enough
