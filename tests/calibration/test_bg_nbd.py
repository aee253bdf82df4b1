"""BG/NBD against integrals over what each customer is like, Gauss's function and simulated customers."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import approx_fprime
from scipy.special import hyp2f1
from scipy.stats import beta as beta_law
from scipy.stats import gamma as gamma_law

from simengine.calibration import bg_nbd
from simengine.calibration.histories import Histories
from tests.calibration.buyers import bg_nbd_buyers

CDNOW = np.array([0.243, 4.414, 0.793, 2.426])
ROWS = Histories(
    np.array([0.0, 0, 1, 2, 2, 7, 40]),
    np.array([0.0, 0, 38.86, 30.43, 30.43, 12.0, 30.0]),
    np.array([38.86, 0, 38.86, 38.86, 38.86, 27.0, 31.0]),
)


def mixed(parameters: np.ndarray, of: Callable[[np.ndarray, np.ndarray], np.ndarray]) -> float:
    """An expectation over rates and probabilities of dropping out, by plain integration."""
    r, alpha, a, b = parameters
    at, weight = np.polynomial.legendre.leggauss(150)
    at, weight = (at + 1) / 2, weight / 2
    longest = gamma_law(r, scale=1 / alpha).ppf(1 - 1e-15)
    rate, p = longest * at[:, None] ** 2, at[None, :] ** 2  # denser near 0, where densities are not smooth
    width = 4 * longest * at[:, None] * at[None, :] * weight[:, None] * weight[None, :]
    density = gamma_law(r, scale=1 / alpha).pdf(rate) * beta_law(a, b).pdf(p)
    return float((of(rate, p) * density * width).sum())


@pytest.mark.parametrize(("x", "t_x", "observed"), [(0, 0.0, 5.0), (1, 3.0, 5.0), (3, 4.0, 5.0)])
def test_likelihood_and_being_alive_are_integrals(x: int, t_x: float, observed: float) -> None:
    parameters = np.array([1.5, 2.5, 1.7, 2.4])
    alive = mixed(parameters, lambda rate, p: (1 - p) ** x * rate**x * np.exp(-rate * observed))
    gone = mixed(parameters, lambda rate, p: p * (1 - p) ** max(x - 1, 0) * rate**x * np.exp(-rate * t_x)) if x else 0.0
    row = Histories(np.array([float(x)]), np.array([t_x]), np.array([observed]))
    assert bg_nbd.likelihood(parameters, row)[0] == pytest.approx(np.log(alive + gone), rel=1e-6)
    found = bg_nbd.alive(parameters, row.purchases, row.last_purchase, row.observed)
    assert found == pytest.approx([alive / (alive + gone)], rel=1e-6)


@settings(max_examples=40)
@given(st.lists(st.floats(-2, 2), min_size=4, max_size=4))
def test_slopes_are_those_of_differences(logs: list[float]) -> None:
    parameters = np.exp(np.array(logs))
    slopes = approx_fprime(parameters, lambda p: bg_nbd.likelihood(p, ROWS)[0], 1e-7 * parameters)
    found = bg_nbd.likelihood(parameters, ROWS)[1]
    assert found * parameters == pytest.approx(slopes * parameters, rel=1e-4, abs=2e-4)


@pytest.mark.parametrize("a", [0.3, 0.793, 1.5, 4.0])
@pytest.mark.parametrize("ahead", [0.01, 39.0, 400.0])
def test_purchases_to_come_are_the_published_closed_form(a: float, ahead: float) -> None:
    r, alpha, _, b = CDNOW
    for x, observed in ((0.0, 0.0), (2.0, 38.86), (7.0, 27.0)):
        z = ahead / (alpha + observed + ahead)
        gauss = hyp2f1(r + x, b + x, a + b + x - 1, z)
        closed = (a + b + x - 1) / (a - 1) * (1 - ((alpha + observed) / (alpha + observed + ahead)) ** (r + x) * gauss)
        parameters = np.array([r, alpha, a, b])
        found = bg_nbd.expected_if_alive(parameters, np.array([x]), np.array([observed]), [ahead])
        assert found == pytest.approx(np.array([[closed]]), rel=1e-8)


def test_a_of_one_is_between_its_neighbours() -> None:
    """Where the closed form divides by nothing."""
    near = [
        bg_nbd.expected_if_alive(np.array([0.5, 4.0, a, 2.0]), np.array([3.0]), np.array([20.0]), [30.0])[0, 0]
        for a in (1 - 1e-6, 1.0, 1 + 1e-6)
    ]
    assert near[0] > near[1] > near[2]
    assert near[1] == pytest.approx((near[0] + near[2]) / 2, rel=1e-11)


def test_customers_who_never_drop_out_buy_at_their_rate() -> None:
    found = bg_nbd.expected_if_alive(np.array([0.5, 4.0, 1e-6, 1e3]), np.array([3.0]), np.array([20.0]), [30.0])
    assert found == pytest.approx(np.array([[3.5 / 24 * 30]]), rel=1e-6)


def test_counts_add_up_to_the_customers_and_their_purchases() -> None:
    observed = np.repeat([5.0, 20.0, 39.0], 1000)
    counts = bg_nbd.customers_by_count(CDNOW, observed, 4000)
    assert counts.sum() == pytest.approx(3000)
    new = bg_nbd.expected_if_alive(CDNOW, np.zeros(1), np.zeros(1), [5.0, 20.0, 39.0])[0]
    assert (counts * np.arange(4001)).sum() == pytest.approx(1000 * new.sum(), rel=1e-6)


def test_simulated_customers_give_their_parameters_back() -> None:
    """Within 4 standard errors each (once in 4,000 seeds not), and the counts within 4 of Poisson's."""
    rng = np.random.default_rng(3)
    truth = np.array([0.6, 4.0, 0.9, 3.0])
    observed = rng.integers(10, 60, 6000).astype(float)
    customers = bg_nbd_buyers(rng, truth, observed)
    found = bg_nbd.fit(customers.histories)
    assert (np.abs(found.parameters - truth) < 4 * found.standard_errors).all()
    expected = bg_nbd.customers_by_count(truth, observed, 5)
    counts = np.bincount(np.minimum(customers.purchases, 5).astype(int), minlength=6)
    assert (np.abs(counts - expected) < 4 * np.sqrt(expected)).all()
