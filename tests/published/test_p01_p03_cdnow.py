"""CDNOW's published 1/10 sample, 39 weeks, as the product calibrates it from the purchase log.

P1: Fader, Hardie & Lee 2005, doi:10.1287/mksc.1040.0098. P2: Schmittlein, Morrison & Colombo 1987,
doi:10.1287/mnsc.33.1.1, as fitted there. P3: doi:10.1509/jmkr.2005.42.4.415. Times were published to two decimals of a
week, so that the last digits differ by that.
"""

from __future__ import annotations

import numpy as np
import pytest

from simengine.calibration.bg_nbd import likelihood
from simengine.calibration.gamma_gamma import expected_spend
from simengine.calibration.histories import Histories
from simengine.calibration.prediction import MODELS, alive, expected_of_new, expected_purchases
from simengine.calibration.result import Calibration, SegmentCalibration

from .cdnow import calibrated


@pytest.fixture(scope="module")
def calibration() -> Calibration:
    return calibrated("bg_nbd")


@pytest.fixture(scope="module")
def sample(calibration: Calibration) -> SegmentCalibration:
    (segment,) = calibration.segments
    return segment


def rounded(values: dict[str, float], places: int) -> dict[str, float]:
    return {name: round(value, places) for name, value in values.items()}


def test_the_sample_is_the_published_one(sample: SegmentCalibration) -> None:
    facts = {fact.name: fact.value for fact in sample.facts}
    assert facts["customers"] == 2357
    assert facts["repeat purchases"] == 2457
    assert facts["customers without one"] == 1411


def test_p1_parameters(sample: SegmentCalibration) -> None:
    found = sample.estimates[0]
    assert rounded(found.values, 3) == {"r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426}
    assert round(found.log_likelihood, 1) == -9582.4


def test_p1_log_likelihood_at_one(calibration: Calibration) -> None:
    table = calibration.table
    rows = Histories(table["purchases"].astype(float), table["last_purchase"], table["observed"])
    assert likelihood(np.ones(4), rows)[0] == pytest.approx(-13887.69464, abs=0.05)


def test_p1_a_customer(sample: SegmentCalibration) -> None:
    model, parameters = MODELS["bg_nbd"], np.array(list(sample.estimates[0].values.values()))
    one = Histories(np.array([2.0]), np.array([30.43]), np.array([38.86]))
    assert alive(model, parameters, one) == pytest.approx([0.7266], abs=5e-5)
    assert expected_purchases(model, parameters, one, [39.0])[0] == pytest.approx([1.2259], abs=5e-5)
    assert expected_of_new(model, parameters, [39.0]) == pytest.approx([1.195016], abs=2e-5)


def test_p2_pareto_nbd() -> None:
    (segment,) = calibrated("pareto_nbd").segments
    found = segment.estimates[0]
    assert rounded(found.values, 3) == {"r": 0.553, "alpha": 10.578, "s": 0.606, "beta": 11.669}
    assert round(found.log_likelihood, 1) == -9595.0


def test_p3_gamma_gamma(sample: SegmentCalibration) -> None:
    found = sample.estimates[1]
    assert rounded(found.values, 2) == {"p": 6.25, "q": 3.74, "gamma": 15.44}
    assert found.observations == 946
    assert found.implies[0].value == pytest.approx(35.171, abs=1e-3)
    parameters = np.array(list(found.values.values()))
    assert expected_spend(parameters, np.array([2.0]), np.array([22.35])) == pytest.approx([24.6586], abs=1e-3)


def test_the_held_out_purchases_are_the_published_ones(sample: SegmentCalibration) -> None:
    """1,882 in the 39 weeks that follow, of which the model, as published, foretells about nine in ten."""
    (backtest,) = sample.backtests
    assert backtest.horizons[-1][:2] == (39, 1882)
    assert -0.15 < backtest.horizons[-1].error < -0.05
