"""The spread of spend between customers: lognormal, mean 1, the stated coefficient of variation."""

import math

import numpy as np
import pytest
from scipy.stats import norm

from simengine.model.spend_multiplier import log_variance, spend_multiplier


def test_no_spread_is_one_to_the_bit():
    assert log_variance(0.0) == 0.0
    assert spend_multiplier(1.7, 0.0) == 1.0


@pytest.mark.parametrize("cv", [0.1, 0.6, 1.0])
def test_mean_and_coefficient_of_variation(cv):
    log_sd = math.sqrt(log_variance(cv))
    z = norm.ppf((np.arange(200_000) + 0.5) / 200_000)
    draws = np.array([spend_multiplier(x, log_sd) for x in z])
    assert draws.mean() == pytest.approx(1.0, rel=1e-4)
    assert draws.std() == pytest.approx(cv, rel=5e-3)
