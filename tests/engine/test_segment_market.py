"""Calibration: what is stated is modelled, and figures that exclude each other are refused with both bounds."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from simengine.engine.clash import CalibrationClash
from simengine.engine.opening import solve_opening
from simengine.engine.pool import Pool
from simengine.engine.segment_market import SegmentMarket
from simengine.results.prepare import open_market, options_of
from simengine.scenario.problems import ScenarioError
from tests.properties.files import file_market, rows_of, text_of
from tests.properties.worlds import Document, market, opened, random_market

EXACT = 1e-9
SUPPLIERS = ["us", "atlas", "neo", "none"]


def only(segment: str, **fields: Any) -> Document:
    """A market of one segment that chooses."""
    document = market()
    document["segments"] = {segment: document["segments"][segment] | fields}
    document["levers"], document["allocations"], document["moves"] = {}, {"baseline": {}}, {"quiet": {}}
    for offer in document["offers"].values():
        offer.pop("segments", None)
    return document


def market_of(document: Document, rows: str = "", segment: int = 0) -> SegmentMarket:
    _, portfolio, tables = opened(document, rows)
    return SegmentMarket(tables, portfolio.population, segment, Pool(1))


@settings(max_examples=25, suppress_health_check=[HealthCheck.filter_too_much])
@given(
    parts=st.lists(st.floats(0.05, 1.0), min_size=4, max_size=4),
    review=st.one_of(st.floats(0.02, 6), st.just("always")),
    kept=st.floats(0.01, 0.95),
    sensitivity=st.floats(0, 8).map(lambda value: round(value, 6)),
    step=st.sampled_from(["month", "quarter", "year"]),
)
def test_stated_shares_and_churn_are_modelled(
    parts: list[float], review: float | str, kept: float, sensitivity: float, step: str
) -> None:
    shares = {name: part / sum(parts) for name, part in zip(SUPPLIERS, parts, strict=True)}
    document = only("affluent", shares=shares, review=review, price_sensitivity=sensitivity, churn=1e-6, size=60)
    document["calendar"] = {"start": "2026", "step": step, "periods": 2}
    most = market_of(document)._churn_at(0.0)
    churn = kept * most
    assume(churn > 1e-6)
    document["segments"]["affluent"]["churn"] = churn
    solved = market_of(document)
    _, inertia = solved.solve()
    np.testing.assert_allclose(solved.opening_shares(), list(shares.values()), atol=EXACT)
    assert solved.churn() == pytest.approx(churn, abs=EXACT)
    assert inertia > 0
    np.testing.assert_allclose(solved.opening.sum(axis=1), 1, rtol=1e-14)
    np.testing.assert_allclose(solved.year_on_sums()[:-1] / solved.weight.sum(), list(shares.values()), atol=EXACT)


@pytest.mark.parametrize("rows", [True, False], ids=["file", "synthetic"])
@pytest.mark.parametrize("share_of_most", [0.02, 0.5, 0.98])
def test_every_kind_of_population_is_calibrated(rows: bool, share_of_most: float) -> None:
    document, text = (file_market(), text_of(rows_of())) if rows else (market(), "")
    for s, name in enumerate(["affluent", "mass"]):
        document["segments"][name]["churn"] = share_of_most * market_of(document, text, s)._churn_at(0.0)
    for s, name in enumerate(["affluent", "mass"]):
        solved = market_of(document, text, s)
        solved.solve()
        stated = document["segments"][name]["shares"]
        np.testing.assert_allclose(solved.opening_shares(), [stated.get(j, 0.0) for j in SUPPLIERS], atol=EXACT)
        assert solved.churn() == pytest.approx(document["segments"][name]["churn"], abs=EXACT)
        # and a year on, whatever tenures the file states
        year_on = solved.year_on_sums()[:-1] / solved.weight.sum()
        np.testing.assert_allclose(year_on, solved.opening_shares(), atol=EXACT)


def test_our_customers_alone_and_their_prospects() -> None:
    """A file of ours only: the others start where the model says people like them are."""
    document = file_market()
    del document["portfolio"]["columns"]["supplier"]
    rows = [row for row in rows_of(count=60) if row["supplier"] == "us"]
    for s, name in enumerate(["affluent", "mass"]):
        solved = market_of(document, text_of(rows), s)
        solved.solve()
        stated = document["segments"][name]["shares"]
        np.testing.assert_allclose(solved.opening_shares(), [stated[j] for j in SUPPLIERS], atol=1e-8)
        assert solved.churn() == pytest.approx(document["segments"][name]["churn"], abs=EXACT)


@pytest.mark.parametrize("rows", [True, False], ids=["file", "synthetic"])
def test_churn_just_inside_the_bounds_is_accepted_and_just_outside_refused(rows: bool) -> None:
    document, text = (file_market(), text_of(rows_of())) if rows else (market(), "")
    segment = document["segments"]["affluent"]
    most = market_of(document, text)._churn_at(0.0)
    for inside in (1e-6, most * (1 - 1e-6)):
        segment["churn"] = inside
        solved = market_of(document, text)
        solved.solve()
        assert solved.churn() == pytest.approx(inside, abs=EXACT)
    segment["churn"] = most * (1 + 1e-6)
    with pytest.raises(CalibrationClash) as refused:
        market_of(document, text).solve()
    (clash,) = refused.value.clashes
    assert (clash.segment, clash.field) == ("affluent", "churn")


@pytest.mark.parametrize("field", ["price_sensitivity", "points_worth"])
def test_offers_that_no_choice_tells_apart_are_refused(field: str) -> None:
    constants = {name: 0.5 for name in SUPPLIERS if name != "none"}
    document = only("affluent", constants=constants, inertia=1, **{field: 1e5})
    for name in ("shares", "churn"):
        del document["segments"]["affluent"][name]
    with pytest.raises(CalibrationClash, match="too far apart"):
        market_of(document).solve()


def test_the_refusal_names_both_bounds_and_the_place_in_the_file() -> None:
    """Of every segment that clashes, at once."""
    document = market()
    bounds = {}
    for s, name in enumerate(["affluent", "mass"]):
        bounds[name] = market_of(document, segment=s)._churn_at(0.0)
        document["segments"][name]["churn"] = bounds[name] * 1.001
    scenario, portfolio, tables = opened(document)
    with pytest.raises(ScenarioError) as refused:
        open_market(scenario, tables, portfolio.population, options_of(scenario))
    problems = refused.value.problems
    assert len(problems) == 2
    for problem, (name, most) in zip(problems, bounds.items(), strict=True):
        text = str(problem)
        least_and_most = re.search(r"more than ([\d.]+)% and less than ([\d.]+)%", text)
        assert least_and_most is not None, text
        assert [float(each) for each in least_and_most.groups()] == pytest.approx([0, 100 * most], abs=1e-4)
        assert f"{100 * document['segments'][name]['churn']:.4f}%" in text
        assert "share" in text
        assert "review" in text
        assert problem.line > 0


@pytest.mark.parametrize("seed", range(4))
def test_derivatives_of_stationary_shares(seed: int) -> None:
    solved = market_of(random_market(seed))
    solved.inertia = 1.7
    constants = np.where(solved.available, np.linspace(0.4, -0.3, 4), 0.0)
    _, exact = solved._stationary_error(constants)
    for j in range(4):
        step = np.zeros(4)
        step[j] = 1e-6
        after, before = (solved._stationary_error(constants + sign * step)[0] for sign in (1, -1))
        np.testing.assert_allclose(exact[:, j], (after - before) / 2e-6, atol=1e-8)


def test_churn_falls_as_inertia_rises() -> None:
    solved = market_of(market())
    churn = [solved._churn_at(inertia) for inertia in (0.0, 0.5, 1.0, 2.0, 4.0, 8.0)]
    assert all(np.diff(churn) < 0)


def test_constants_and_inertia_that_are_stated_are_kept() -> None:
    document = only("affluent", constants={"us": 0.5, "atlas": 0, "neo": -0.5, "none": 1}, inertia=0.8)
    for calibrated in ("shares", "churn"):
        del document["segments"]["affluent"][calibrated]
    _, portfolio, tables = opened(document)
    opening = solve_opening(tables, portfolio.population)
    assert opening.constants[0].tolist() == [0.5, 0, -0.5, 1]
    assert opening.inertia[0] == 0.8


@pytest.mark.parametrize("ours", [2, 10])
@pytest.mark.parametrize("worth", [1, 4, 8, 20])
def test_constants_make_up_for_offers_that_differ_much(worth: float, ours: float) -> None:
    """Whatever the offers are worth on average, constants take it away again: inertia is the same as ever."""
    document = only("affluent", points_worth=worth, size=60, tailoring=0)
    for name, offer in document["offers"].items():
        offer |= dict.fromkeys(("rate", "service"), ours if name == "us" else 12 - ours)
    _, inertia = market_of(document).solve()
    document["segments"]["affluent"]["points_worth"] = 0
    assert inertia == pytest.approx(market_of(document).solve()[1], abs=1e-6)


@pytest.mark.parametrize("sensitivity", [3, 30, 60, 400])
def test_one_customer_unlike_all_others_does_not_prevent_calibration(sensitivity: float) -> None:
    """It will never leave us for rivals at twice our price; the others explain the figures."""
    document = file_market()
    for name, offer in document["offers"].items():
        offer |= {"price": 100 if name == "us" else 195, "rate": 5, "service": 5, "segments": {}}
    document["segments"]["affluent"]["shares"] = {"us": 0.4, "atlas": 0.3, "neo": 0.3}
    rows = rows_of()
    for row in rows:
        if (row["segment"], row["supplier"]) == ("affluent", "none"):
            row["supplier"] = "neo"
    rows[0]["beta"] = sensitivity
    solved = market_of(document, text_of(rows))
    solved.solve()
    assert solved.churn() == pytest.approx(0.17, abs=EXACT)
