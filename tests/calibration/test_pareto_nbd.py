"""Pareto/NBD against its closed form with Gauss's function, differences and simulated customers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import approx_fprime
from scipy.special import gammaln, hyp2f1

from simengine.calibration import pareto_nbd
from simengine.calibration.histories import Histories
from tests.calibration.buyers import pareto_nbd_buyers
from tests.calibration.test_bg_nbd import ROWS

CDNOW = np.array([0.553, 10.578, 0.606, 11.669])


def closed(parameters: np.ndarray, x: float, t_x: float, observed: float) -> tuple[float, float]:
    """Log likelihood and probability of being alive, after Fader & Hardie 2005 (note 9)."""
    r, alpha, s, beta = parameters
    total = r + s + x
    second, larger = (s + 1, alpha) if alpha >= beta else (r + x, beta)

    def term(time: float) -> float:
        z = abs(alpha - beta) / (larger + time)
        return hyp2f1(total, second, total + 1, z) / (larger + time) ** total

    alive = (alpha + observed) ** -(r + x) * (beta + observed) ** -s
    gone = s / total * (term(t_x) - term(observed))
    common = gammaln(r + x) - gammaln(r) + r * np.log(alpha) + s * np.log(beta)
    return float(common + np.log(alive + gone)), float(alive / (alive + gone))


@pytest.mark.parametrize("parameters", [CDNOW, CDNOW[[0, 3, 2, 1]], np.array([2.0, 3.0, 0.2, 0.05]), np.full(4, 5.0)])
@pytest.mark.parametrize(
    ("x", "t_x", "observed"), [(0, 0.0, 38.86), (2, 30.43, 38.86), (12, 20.0, 27.0), (1, 9.0, 9.0)]
)
def test_likelihood_and_being_alive(parameters: np.ndarray, x: float, t_x: float, observed: float) -> None:
    row = Histories(np.array([float(x)]), np.array([t_x]), np.array([observed]))
    log_likelihood, alive = closed(parameters, x, t_x, observed)
    assert pareto_nbd.likelihood(parameters, row)[0] == pytest.approx(log_likelihood, rel=1e-9)
    assert pareto_nbd.alive(parameters, row.purchases, row.last_purchase, row.observed)[0] == pytest.approx(alive)


@settings(max_examples=40)
@given(st.lists(st.floats(-2, 2), min_size=4, max_size=4))
def test_slopes_are_those_of_differences(logs: list[float]) -> None:
    parameters = np.exp(np.array(logs))
    slopes = approx_fprime(parameters, lambda p: pareto_nbd.likelihood(p, ROWS)[0], 1e-7 * parameters)
    found = pareto_nbd.likelihood(parameters, ROWS)[1]
    assert found * parameters == pytest.approx(slopes * parameters, rel=1e-4, abs=2e-4)


def test_purchases_to_come_and_a_shape_of_one() -> None:
    r, alpha, s, beta = CDNOW
    published = r * beta / (alpha * (s - 1)) * (1 - (beta / (beta + 39)) ** (s - 1))
    new = pareto_nbd.expected_if_alive(CDNOW, np.zeros(1), np.zeros(1), [39.0])
    assert new == pytest.approx(np.array([[published]]))
    near = [
        pareto_nbd.expected_if_alive(np.array([r, alpha, shape, beta]), np.ones(1), np.ones(1), [39.0])[0, 0]
        for shape in (1 - 1e-6, 1.0, 1 + 1e-6)
    ]
    assert near[1] == pytest.approx((near[0] + near[2]) / 2, rel=1e-9)


def test_simulated_customers_give_their_parameters_back() -> None:
    """Within 4 standard errors each (once in 4,000 seeds not)."""
    rng = np.random.default_rng(8)
    truth = np.array([0.8, 5.0, 0.7, 8.0])
    found = pareto_nbd.fit(pareto_nbd_buyers(rng, truth, rng.integers(20, 60, 6000).astype(float)).histories)
    assert (np.abs(found.parameters - truth) < 4 * found.standard_errors).all()
    assert found.search.agreeing == 3
