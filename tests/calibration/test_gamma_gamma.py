"""Gamma-gamma against an integral over customers' means, differences and simulated customers."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.optimize import approx_fprime
from scipy.stats import gamma as gamma_law

from simengine.calibration import gamma_gamma

CDNOW = np.array([6.25, 3.74, 15.44])
X, MEAN = np.array([1.0, 2, 2, 9, 30]), np.array([22.35, 10.0, 70.0, 35.0, 31.0])


def test_the_likelihood_is_an_integral() -> None:
    """The mean of x purchases is gamma-distributed with shape p x and rate ν x, ν with shape q and rate gamma."""
    p, q, gamma = CDNOW
    total = 0.0
    for x, mean in zip(X, MEAN, strict=True):
        rates = gamma_law(q, scale=1 / gamma)

        def density(rate: float, x: float = x, mean: float = mean, rates: object = rates) -> float:
            return gamma_law.pdf(mean, p * x, scale=1 / (rate * x)) * rates.pdf(rate)

        total += np.log(quad(density, 0, 3, epsabs=0, epsrel=1e-10, points=[p / mean], limit=500)[0])
    assert gamma_gamma.likelihood(CDNOW, X, MEAN)[0] == pytest.approx(total, rel=1e-8)


def test_slopes_are_those_of_differences() -> None:
    for parameters in (CDNOW, np.array([0.3, 1.2, 90.0])):
        slopes = approx_fprime(parameters, lambda p: gamma_gamma.likelihood(p, X, MEAN)[0], 1e-7 * parameters)
        assert gamma_gamma.likelihood(parameters, X, MEAN)[1] == pytest.approx(slopes, rel=1e-4, abs=1e-5)


def test_expected_spend_lies_between_the_mean_of_all_and_of_the_customer() -> None:
    everybody = gamma_gamma.expected_spend(CDNOW, np.zeros(1), np.zeros(1))[0]
    assert everybody == pytest.approx(6.25 * 15.44 / 2.74)
    found = gamma_gamma.expected_spend(CDNOW, X, MEAN)
    assert ((found - MEAN) * (found - everybody) < 0).all()
    assert abs(found[-1] - MEAN[-1]) < abs(found[0] - MEAN[0])
    assert np.isnan(gamma_gamma.expected_spend([2.0, 0.9, 10.0], np.zeros(1), np.zeros(1))[0])


def drawn(seed: int, customers: int) -> tuple[np.ndarray, np.ndarray]:
    rng, (p, q, gamma) = np.random.default_rng(seed), CDNOW
    x = rng.integers(1, 8, customers).astype(float)
    return x, rng.gamma(p * x, 1 / (rng.gamma(q, 1 / gamma, customers) * x))


def test_simulated_customers_give_their_parameters_back() -> None:
    """Within 4 standard errors each (once in 5,000 seeds not)."""
    found = gamma_gamma.fit(*drawn(1, 3000))
    assert (np.abs(found.parameters - CDNOW) < 4 * found.standard_errors).all()


@pytest.mark.parametrize("rate", [1e-4, 16000.0])
def test_another_currency_changes_gamma_only(rate: float) -> None:
    x, mean = drawn(1, 500)
    one, other = gamma_gamma.fit(x, mean), gamma_gamma.fit(x, mean * rate)
    units = np.array([1.0, 1.0, rate])
    assert other.parameters == pytest.approx(one.parameters * units, rel=1e-7)
    assert other.standard_errors == pytest.approx(one.standard_errors * units, rel=1e-6)
    direct = gamma_gamma.likelihood(other.parameters, x, mean * rate)[0]
    assert other.log_likelihood == pytest.approx(direct, rel=1e-10)
    assert other.search.log_likelihoods[0] == pytest.approx(direct, abs=1e-2)


def test_standard_errors_cover_the_truth() -> None:
    """95 % intervals of q in 20 fits hold the truth in 15 or more of them (in fewer, once in 3,000 tries)."""
    fits = [gamma_gamma.fit(*drawn(seed, 600)) for seed in range(20)]
    assert sum(abs(found.parameters[1] - CDNOW[1]) < 1.96 * found.standard_errors[1] for found in fits) >= 15
