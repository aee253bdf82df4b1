"""The experience over touchpoints: published figures, limits, and what must hold for any touchpoints."""

from __future__ import annotations

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from simengine.model.experience import delivered_level, experience, exponent

UNEVEN, WEIGHTS = (0.9, 0.8, 0.4), (0.3, 0.4, 0.3)
QUALITY, WEIGHT, SILO = st.floats(0.01, 1.0), st.floats(0.01, 10.0), st.floats(0.0, 5.0)
TOUCHPOINTS = st.lists(st.tuples(QUALITY, WEIGHT), min_size=1, max_size=6)
ROUNDING = 1e-12  # relative


def whole(touchpoints: list[tuple[float, float]], rho: float) -> float:
    return experience(*zip(*touchpoints, strict=True), rho)


@pytest.mark.parametrize(("owners", "figure"), [(1, 0.710), (2, 0.632), (3, 0.554), (5, 0.474)])
def test_the_figures_of_the_model(owners: int, figure: float) -> None:
    assert experience(UNEVEN, WEIGHTS, exponent(owners, 2.0)) == pytest.approx(figure, abs=5e-4)


@pytest.mark.parametrize("rho", [1.0, 0.5, 0.1, -0.1, -1.0, -3.0, -7.0])
def test_it_is_the_mean_of_a_power(rho: float) -> None:
    direct = sum(w * q**rho for q, w in zip(UNEVEN, WEIGHTS, strict=True)) ** (1 / rho)
    assert experience(UNEVEN, WEIGHTS, rho) == pytest.approx(direct, rel=1e-14)


def test_at_nought_it_is_the_weighted_geometric_mean_and_no_digits_are_lost_on_the_way() -> None:
    geometric = math.exp(sum(w * math.log(q) for q, w in zip(UNEVEN, WEIGHTS, strict=True)))
    assert experience(UNEVEN, WEIGHTS, 0.0) == pytest.approx(geometric, rel=1e-14)
    for tiny in (1e-15, -1e-15, 1e-300, -1e-300):
        assert experience(UNEVEN, WEIGHTS, tiny) == pytest.approx(geometric, rel=1e-14)


@given(TOUCHPOINTS)
def test_many_owners_tend_to_the_weakest_touchpoint_and_nothing_overflows(
    touchpoints: list[tuple[float, float]],
) -> None:
    weakest = min(quality for quality, _ in touchpoints)
    assert whole(touchpoints, exponent(10_000, 1e6)) == pytest.approx(weakest, rel=1e-6)


@given(TOUCHPOINTS, st.floats(1e-3, 1e3), SILO, st.integers(1, 9))
def test_only_ratios_of_weights_matter(touchpoints, factor, silo, owners) -> None:
    scaled = [(quality, weight * factor) for quality, weight in touchpoints]
    rho = exponent(owners, silo)
    assert whole(scaled, rho) == pytest.approx(whole(touchpoints, rho), rel=1e-9)


@given(QUALITY, st.lists(WEIGHT, min_size=1, max_size=6), SILO, st.integers(1, 9))
def test_with_even_touchpoints_owners_make_no_difference_to_the_bit(quality, weights, silo, owners) -> None:
    assert experience([quality] * len(weights), weights, exponent(owners, silo)) == quality


@given(TOUCHPOINTS, SILO, st.integers(1, 8), st.integers(1, 8))
def test_fewer_owners_are_never_worse(touchpoints, silo, some, others) -> None:
    few, many = sorted((some, others))
    better, worse = (whole(touchpoints, exponent(n, silo)) for n in (few, many))
    assert better >= worse * (1 - ROUNDING)


@given(TOUCHPOINTS, SILO, st.integers(1, 9), st.floats(0.01, 10.0))
def test_more_weight_on_the_worst_touchpoint_never_raises_it(touchpoints, silo, owners, more) -> None:
    rho = exponent(owners, silo)
    worst = min(range(len(touchpoints)), key=lambda m: touchpoints[m][0])
    quality, weight = touchpoints[worst]
    heavier = [*touchpoints[:worst], (quality, weight + more), *touchpoints[worst + 1 :]]
    assert whole(heavier, rho) <= whole(touchpoints, rho) * (1 + ROUNDING)


@given(TOUCHPOINTS, SILO, st.integers(1, 9), QUALITY)
def test_a_better_touchpoint_never_lowers_it(touchpoints, silo, owners, quality) -> None:
    assume(quality >= touchpoints[0][0])
    rho = exponent(owners, silo)
    better = [(quality, touchpoints[0][1]), *touchpoints[1:]]
    assert whole(better, rho) >= whole(touchpoints, rho) * (1 - ROUNDING)


@given(TOUCHPOINTS, SILO, st.integers(1, 9))
def test_it_lies_between_the_worst_and_the_best(touchpoints, silo, owners) -> None:
    found, qualities = whole(touchpoints, exponent(owners, silo)), [quality for quality, _ in touchpoints]
    assert min(qualities) * (1 - ROUNDING) <= found <= max(qualities) * (1 + ROUNDING)


def test_one_owner_is_the_average_whatever_the_silos() -> None:
    assert exponent(1, 7.0) == 1.0
    assert exponent(3, 0.0) == 1.0


@given(st.floats(0.0, 10.0))
def test_todays_experience_delivers_the_promise_to_the_bit(level: float) -> None:
    assert delivered_level(level, 1.0) == level


def test_levels_end_at_ten() -> None:
    assert delivered_level(7.0, 1.2) == pytest.approx(8.4)
    assert delivered_level(7.0, 1.6) == 10.0
    assert delivered_level(7.0, 0.5) == 3.5
