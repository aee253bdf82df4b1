"""Calibration where shares are stated to change: today's are the opening, the changed ones those of a year later."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest

from simengine.engine.clash import CalibrationClash
from simengine.engine.opening import solve_opening
from simengine.results.check import check
from simengine.results.check_report import ChoiceCheck
from simengine.scenario.load import load_scenario
from tests.engine.test_segment_market import EXACT, SUPPLIERS, market_of, only
from tests.properties.files import file_market, rows_of, text_of
from tests.properties.worlds import Document, live, market, opened

SHARES = {"us": 0.4, "atlas": 0.3, "neo": 0.2, "none": 0.1}
TREND = {"us": -0.02, "neo": 0.1}
# neo takes 2 points, we lose 0.8: 1.2 points from atlas and none, as 3 to 1
A_YEAR_ON = {"us": 0.392, "atlas": 0.291, "neo": 0.22, "none": 0.097}


def trending(kind: str, **fields: object) -> tuple[Document, str]:
    """A market with the shares above, and the text of its customer file."""
    if kind == "drawn":
        return only("affluent", size=80, shares=SHARES, **fields), ""
    rows = rows_of()
    document = file_market()
    document["segments"]["affluent"] |= fields
    if kind == "own customers":
        del document["portfolio"]["columns"]["supplier"]
        rows = [row for row in rows if row["supplier"] == "us"]
    return document, text_of(rows)


@pytest.mark.parametrize("kind", ["drawn", "file", "own customers"])
def test_shares_churn_and_the_shares_of_a_year_later_are_those_stated(kind: str) -> None:
    solved = market_of(*trending(kind, share_trend=TREND, churn=0.15))
    solved.solve()
    np.testing.assert_allclose(solved.opening_shares(), list(SHARES.values()), atol=EXACT)
    np.testing.assert_allclose(solved.shares_a_year_on(), [A_YEAR_ON[name] for name in SUPPLIERS], atol=EXACT)
    assert solved.churn() == pytest.approx(0.15, abs=EXACT)


def test_a_trend_happens_in_the_simulation() -> None:
    document, _ = trending("drawn", share_trend=TREND, churn=0.15)
    document["calendar"] = {"start": "2026", "step": "quarter", "periods": 4}
    lived = live(document)
    market = lived.customers[0, 0, :, 0]
    np.testing.assert_allclose(market[0] / 80, list(SHARES.values()), atol=1e-6)
    np.testing.assert_allclose(market[4] / 80, list(A_YEAR_ON.values()), atol=1e-6)


@pytest.mark.parametrize("kind", ["drawn", "file", "own customers"])
def test_a_trend_of_zero_is_no_trend_to_the_bit(kind: str) -> None:
    openings = []
    for trend in ({}, {"us": 0, "neo": 0}):
        _, portfolio, tables = opened(*trending(kind, share_trend=trend))
        openings.append(solve_opening(tables, portfolio.population))
    without, of_zero = openings
    assert without.joint == of_zero.joint == {}, "no need states"
    for one, other in zip(without, of_zero, strict=True):
        assert isinstance(one, dict) or np.array(one).tobytes() == np.array(other).tobytes()


@pytest.mark.parametrize("decline", [0.02, 0.1])
def test_churn_lies_between_our_decline_and_that_without_inertia(decline: float) -> None:
    document, _ = trending("drawn", share_trend={"us": -decline}, churn=decline + 1e-3)
    most = market_of(document)._churn_at(0.0)
    for inside in (decline + 2e-3, 0.5 * (decline + most), most - 1e-6):
        document["segments"]["affluent"]["churn"] = inside
        solved = market_of(document)
        solved.solve()
        assert solved.churn() == pytest.approx(inside, abs=EXACT)
    document["segments"]["affluent"]["churn"] = most + 1e-6
    with pytest.raises(CalibrationClash) as refused:
        market_of(document).solve()
    (clash,) = refused.value.clashes
    bounds = re.search(r"more than ([\d.]+)% and less than ([\d.]+)%", clash.expected)
    assert bounds is not None, clash.expected
    assert [float(each) for each in bounds.groups()] == pytest.approx([100 * decline, 100 * most], abs=1e-4)
    assert "trend" in clash.expected


def test_a_trend_beyond_what_reviews_allow_is_refused() -> None:
    document, _ = trending("drawn", share_trend={"us": 1.4}, review=0.2, churn=0.01)
    with pytest.raises(CalibrationClash) as refused:
        market_of(document).solve()
    (clash,) = refused.value.clashes
    assert (clash.segment, clash.field) == ("affluent", "share_trend")
    assert "review" in clash.suggestion


def test_a_trend_moves_the_constants_and_not_where_customers_start() -> None:
    openings = []
    for trend in ({"neo": 0.05}, {}):
        document = market()
        document["segments"]["affluent"]["share_trend"] = trend
        _, portfolio, tables = opened(document)
        openings.append(solve_opening(tables, portfolio.population))
    np.testing.assert_allclose(*(opening.shares[0] for opening in openings), atol=EXACT)
    assert not np.allclose(*(opening.constants[0] for opening in openings))


def test_check_compares_the_shares_of_a_year_later(tmp_path: Path) -> None:
    document, _ = trending("drawn", share_trend=TREND, churn=0.15)
    path = tmp_path / "world.yaml"
    path.write_text(json.dumps(document), encoding="utf-8")
    (segment,) = check(load_scenario(path)).segments
    assert isinstance(segment, ChoiceCheck)
    for name, share in A_YEAR_ON.items():
        figure = segment.shares_in_a_year[name]
        assert figure.stated == pytest.approx(share, abs=1e-12)
        assert figure.modelled == pytest.approx(share, abs=1e-6)
    assert segment.share_trend
    assert segment.drift > 0.02
