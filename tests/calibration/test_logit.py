"""The multinomial logit: closed forms, a slow twin, finite differences, and data without a top of the likelihood."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize

from simengine.calibration.logit import (
    Alike,
    Choices,
    Separable,
    fit_logit,
    information,
    log_probabilities,
    scores,
    separating,
)


def drawn(seed: int, n: int, true: tuple[float, ...], alternatives: int = 3) -> Choices:
    """Choices by the largest of utilities with extreme-value errors; some alternatives are not available."""
    generator = np.random.default_rng(seed)
    values = generator.normal(size=(n, alternatives, len(true)))
    available = generator.random((n, alternatives)) < 0.8
    available[:, :2] = True
    utility = values @ np.array(true) + generator.gumbel(size=(n, alternatives))
    chosen = np.where(available, utility, -np.inf).argmax(axis=1)
    names = tuple(f"x{k}" for k in range(len(true)))
    return Choices(names, values * available[:, :, None], available, chosen)


def slow_surprise(choices: Choices, coefficients: np.ndarray) -> float:
    """Minus the log likelihood, one choice after the other."""
    total = 0.0
    for values, available, chosen in zip(choices.values, choices.available, choices.chosen, strict=True):
        weights = [np.exp(v @ coefficients) if there else 0.0 for v, there in zip(values, available, strict=True)]
        total -= np.log(weights[chosen] / sum(weights))
    return total


def test_against_a_slow_twin() -> None:
    choices = drawn(1, 150, (0.8, -0.5))
    fit = fit_logit(choices)
    twin = minimize(lambda at: slow_surprise(choices, at), [0.0, 0.0], method="Nelder-Mead", options={"xatol": 1e-7})
    assert fit.coefficients == pytest.approx(twin.x, abs=1e-5)
    assert fit.log_likelihood == pytest.approx(-twin.fun, abs=1e-8)
    assert fit.slope < 1e-8


@given(st.lists(st.floats(-2, 2), min_size=3, max_size=3))
def test_derivatives_are_those_of_finite_differences(at: list[float]) -> None:
    choices, here, h = drawn(2, 40, (0.5, -1.0, 0.2)), np.array(at), 1e-5
    steps = h * np.eye(3)

    def value(where: np.ndarray) -> float:
        return float(log_probabilities(choices, where).sum())

    slope = [(value(here + s) - value(here - s)) / (2 * h) for s in steps]
    curvature = [(scores(choices, here + s) - scores(choices, here - s)).sum(axis=0) / (2 * h) for s in steps]
    assert scores(choices, here).sum(axis=0) == pytest.approx(slope, abs=1e-6)
    assert -information(choices, here) == pytest.approx(np.array(curvature), abs=1e-5)


def test_constants_alone_are_the_logarithms_of_shares() -> None:
    counts = (50, 30, 20)
    values = np.zeros((100, 3, 2))
    values[:, 1, 0] = values[:, 2, 1] = 1.0
    fit = fit_logit(Choices(("b", "c"), values, np.ones((100, 3), np.bool_), np.repeat(np.arange(3), counts)))
    assert fit.coefficients == pytest.approx(np.log([30 / 50, 20 / 50]), abs=1e-12)
    assert fit.log_likelihood == pytest.approx(sum(n * np.log(n / 100) for n in counts), abs=1e-9)
    assert fit.standard_errors == pytest.approx([np.sqrt(1 / 30 + 1 / 50), np.sqrt(1 / 20 + 1 / 50)], rel=1e-8)


def test_one_attribute_of_two_alternatives_is_the_log_odds_ratio() -> None:
    """40 of 60 choose a when it is on offer, 20 of 50 when it is not."""
    chosen = np.repeat([0, 1, 0, 1], [40, 20, 20, 30])
    values = np.zeros((110, 2, 2))
    values[:, 0, 0] = 1.0
    values[:60, 0, 1] = 1.0
    fit = fit_logit(Choices(("a", "offer"), values, np.ones((110, 2), np.bool_), chosen))
    assert fit.at("offer") == pytest.approx(np.log(40 * 30 / (20 * 20)), abs=1e-12)
    assert fit.standard_errors[1] == pytest.approx(np.sqrt(1 / 40 + 1 / 20 + 1 / 20 + 1 / 30), rel=1e-8)


def test_intervals_cover_what_was_true() -> None:
    """Of 200 intervals of 95 % between 177 and 199 cover, but for one test in 1,000."""
    true = (1.0, -0.7)
    covered = 0
    for seed in range(100):
        fit = fit_logit(drawn(100 + seed, 120, true))
        covered += int((np.abs(fit.coefficients - true) < 1.96 * fit.standard_errors).sum())
    assert 177 <= covered <= 199


@given(st.integers(0, 50), st.floats(0.01, 1000))
def test_a_column_in_another_unit_has_its_coefficient_in_it(seed: int, unit: float) -> None:
    choices = drawn(seed, 60, (0.8, -0.5))
    scaled = choices._replace(values=choices.values * [1.0, unit])
    fit, other = fit_logit(choices), fit_logit(scaled)
    assert other.coefficients == pytest.approx(fit.coefficients / [1.0, unit], rel=1e-6)
    assert other.log_likelihood == pytest.approx(fit.log_likelihood, abs=1e-9)
    assert other.standard_errors == pytest.approx(fit.standard_errors / [1.0, unit], rel=1e-6)


def test_what_was_never_available_changes_nothing() -> None:
    choices = drawn(3, 100, (0.8, -0.5))
    nothing = np.zeros((100, 1))
    more = choices._replace(
        values=np.concatenate([choices.values, nothing[:, :, None] * np.ones(2)], axis=1),
        available=np.concatenate([choices.available, nothing.astype(np.bool_)], axis=1),
    )
    assert fit_logit(more).coefficients == pytest.approx(fit_logit(choices).coefficients, abs=1e-12)


def test_a_column_that_tells_every_choice_separates() -> None:
    choices = drawn(4, 60, (0.8, -0.5, 0.3))
    dearest = np.where(choices.available, choices.values[:, :, 1], -np.inf).argmax(axis=1)
    with pytest.raises(Separable) as found:
        fit_logit(choices._replace(chosen=dearest))
    assert found.value.direction == {"x1": 1.0}


def test_columns_that_tell_every_choice_together_separate() -> None:
    choices = drawn(5, 60, (0.8, -0.5))
    sums = np.where(choices.available, choices.values @ np.array([1.0, -2.0]), -np.inf)
    chosen = choices._replace(chosen=sums.argmax(axis=1))
    with pytest.raises(Separable) as found:
        fit_logit(chosen)
    n = np.arange(60)
    direction = np.array([found.value.direction[c] for c in chosen.columns])
    better = (chosen.values[n, chosen.chosen][:, None, :] - chosen.values) @ direction
    assert (better[chosen.available] >= -1e-9).all()
    assert set(found.value.direction) == {"x0", "x1"}


def test_separation_that_leaves_some_choices_open_is_found() -> None:
    """Quasi-complete: whenever the third is available it is chosen, among the others anything goes."""
    choices = drawn(6, 80, (0.8,))
    third = np.zeros((80, 3, 1))
    third[:, 2] = 1.0
    values = np.concatenate([choices.values, third * choices.available[:, :, None]], axis=2)
    chosen = np.where(choices.available[:, 2], 2, choices.chosen)
    made = Choices(("x0", "third"), values, choices.available, chosen)
    assert separating(made) == {"third": 1.0}
    with pytest.raises(Separable, match="third"):
        fit_logit(made)
    assert not separating(choices)


@pytest.mark.parametrize("extra", ["the same for all", "a copy", "a sum"])
def test_columns_that_cannot_be_told_apart_are_named(extra: str) -> None:
    choices = drawn(7, 60, (0.8, -0.5))
    x = choices.values
    third = {"the same for all": np.ones_like(x[:, :, :1]), "a copy": x[:, :, :1], "a sum": x.sum(axis=2)[:, :, None]}
    made = choices._replace(columns=("x0", "x1", "x2"), values=np.concatenate([x, third[extra]], axis=2))
    if extra == "the same for all":
        made = made._replace(available=np.ones_like(made.available))
    with pytest.raises(Alike) as found:
        fit_logit(made)
    expected = {"the same for all": {"x2"}, "a copy": {"x0", "x2"}, "a sum": {"x0", "x1", "x2"}}
    assert set(found.value.columns) == expected[extra]


def test_the_likelihood_rises_with_every_column() -> None:
    choices = drawn(8, 100, (0.8, -0.5, 0.1))
    values = [fit_logit(choices.only(choices.columns[:k])).log_likelihood for k in range(4)]
    assert all(less < more for less, more in pairwise(values))
    assert values[0] == pytest.approx(-np.log(choices.available.sum(axis=1)).sum())
