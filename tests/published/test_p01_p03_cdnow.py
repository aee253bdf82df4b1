"""CDNOW's published 1/10 sample, 39 weeks, as the product calibrates it from the purchase log.

P1: Fader, Hardie & Lee 2005, doi:10.1287/mksc.1040.0098. P3: doi:10.1509/jmkr.2005.42.4.415.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

import simengine
from simengine.calibration.result import SegmentCalibration

DATA = Path(__file__).parents[2] / "scenarios" / "data"
COLUMNS = {"customer": "customer_id", "date": "date", "money": "value"}


@pytest.fixture(scope="module")
def sample() -> SegmentCalibration:
    found = simengine.calibrate(
        DATA / "cdnow.csv", COLUMNS, only=DATA / "cdnow-sample-ids.csv", until=date(1997, 9, 30)
    )
    (segment,) = found.segments
    return segment


def test_the_sample_is_the_published_one(sample: SegmentCalibration) -> None:
    facts = {fact.name: fact.value for fact in sample.facts}
    assert facts["customers"] == 2357
    assert facts["repeat purchases"] == 2457
    assert facts["customers without one"] == 1411


def test_p1_bg_nbd(sample: SegmentCalibration) -> None:
    found = sample.estimates[0]
    assert {name: round(value, 3) for name, value in found.values.items()} == {
        "r": 0.243,
        "alpha": 4.414,
        "a": 0.793,
        "b": 2.426,
    }
    assert round(found.log_likelihood, 1) == -9582.4


def test_p3_gamma_gamma(sample: SegmentCalibration) -> None:
    found = sample.estimates[1]
    assert {name: round(value, 2) for name, value in found.values.items()} == {"p": 6.25, "q": 3.74, "gamma": 15.44}
    assert found.observations == 946
