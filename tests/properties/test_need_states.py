"""Customers who move between need states: today is at rest, both modes have one law, and nothing else moves."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from simengine.engine import opening as opening_module
from simengine.engine.need_states_market import NeedStatesMarket, market_of
from simengine.engine.opening import solve_opening
from simengine.engine.pool import Pool
from simengine.tables.layout import OUR_STATES
from tests.properties.files import file_market, rows_of, text_of
from tests.properties.worlds import Document, Lived, live, market, opened, same_bits, with_simulation

EXACT = 1e-9
STANDARD_ERRORS = 4
REPLICATIONS = 1500
SUPPLIERS = ["us", "atlas", "neo", "none"]
STATES: Document = {
    "young": {"needs": {"rate": 0.8, "service": 0.2}, "next": {"settled": 0.5}},
    "settled": {"needs": {"rate": 0.3, "service": 0.7}, "next": {"young": 0.1, "retired": 0.3}},
    "retired": {"needs": {"rate": 0.1, "service": 0.9}, "next": {"young": 0.4}},
}


def moving(document: Document, **states: Any) -> Document:
    """A market whose affluent customers move between need states."""
    changed = deepcopy(document)
    changed["segments"]["affluent"]["need_states"] = deepcopy(states or STATES)
    return changed


def drawn_market(**company: Any) -> Document:
    """Small, with growth, knowledge and a rival's move."""
    document = moving(market())
    document["segments"]["affluent"] |= {"size": 60, "tailoring": 3, "growth": 0.1}
    document["company"] |= company
    return document


def solved(document: Document, rows: str = "", segment: int = 0) -> NeedStatesMarket:
    _, portfolio, tables = opened(document, rows)
    found = market_of(tables, portfolio.population, segment, Pool(1))
    assert isinstance(found, NeedStatesMarket)
    found.solve()
    return found


@settings(max_examples=10, phases=[Phase.generate])
@given(
    chances=st.lists(st.floats(0.01, 0.95).map(lambda p: round(p, 4)), min_size=4, max_size=4),
    kept=st.floats(0.02, 0.95),
    step=st.sampled_from(["month", "quarter", "year"]),
)
def test_stated_shares_and_churn_are_modelled(chances: list[float], kept: float, step: str) -> None:
    document = moving(market())
    document["calendar"] = {"start": "2026", "step": step, "periods": 2}
    document["levers"], document["allocations"], document["moves"] = {}, {"baseline": {}}, {"quiet": {}}
    states = document["segments"]["affluent"]["need_states"]
    for (one, other), chance in zip(
        [("young", "settled"), ("settled", "young"), ("settled", "retired"), ("retired", "young")],
        chances,
        strict=True,
    ):
        states[one]["next"][other] = chance
    document["segments"]["affluent"]["needs"] = {"rate": 0.5, "service": 0.5}
    for state in states.values():  # whatever the shares of states, all mean weights are weights
        state["needs"] = {need: 0.4 + 0.2 * weight for need, weight in state["needs"].items()}
    document["segments"]["affluent"]["churn"] = 1e-6
    _, portfolio, tables = opened(document)
    most = market_of(tables, portfolio.population, 0, Pool(1))._churn_at(0.0)
    document["segments"]["affluent"]["churn"] = kept * most
    found = solved(document)
    stated = document["segments"]["affluent"]["shares"]
    np.testing.assert_allclose(found.opening_shares(), [stated.get(j, 0.0) for j in SUPPLIERS], atol=EXACT)
    assert found.churn() == pytest.approx(kept * most, abs=EXACT)
    np.testing.assert_allclose(found.joint.sum(axis=(1, 2)), 1, rtol=1e-12)
    np.testing.assert_allclose(found.joint.sum(axis=2), np.broadcast_to(found.need_states.share, (found.count, 3)))
    np.testing.assert_allclose(found.year_on_sums()[:-1] / found.weight.sum(), found.opening_shares(), atol=EXACT)


def test_a_sample_leads_to_the_same_solution(monkeypatch: pytest.MonkeyPatch) -> None:
    _, portfolio, tables = opened(drawn_market())
    wanted = solve_opening(tables, portfolio.population)
    monkeypatch.setattr(opening_module, "MOVING_SAMPLE", 20)
    found = solve_opening(tables, portfolio.population)
    np.testing.assert_allclose(found.constants, wanted.constants, atol=EXACT)
    np.testing.assert_allclose(found.inertia, wanted.inertia, atol=EXACT)
    np.testing.assert_allclose(found.joint[0], wanted.joint[0], atol=EXACT)


def test_derivatives_are_those_of_differences() -> None:
    found, step = solved(moving(market())), 1e-6
    constants, n = found.constants.copy(), len(found.constants)
    slopes = found.stationary_sums()[n : n + n * n].reshape(n, n)
    for j in range(n):
        sums = []
        for sign in (1, -1):
            found.constants = constants + sign * step * np.eye(n)[j]
            sums.append(found.stationary_sums()[:n])
        np.testing.assert_allclose(slopes[:, j], (sums[0] - sums[1]) / (2 * step), atol=1e-5)


@pytest.mark.parametrize("ours_alone", [False, True], ids=["every supplier's", "ours alone"])
def test_customers_of_a_file_are_calibrated(ours_alone: bool) -> None:
    document = moving(file_market())
    rows = rows_of()
    document["segments"]["affluent"]["need_states"] = {
        name: state | {"needs": {need: 0.4 + 0.2 * weight for need, weight in state["needs"].items()}}
        for name, state in STATES.items()
    }
    if ours_alone:
        rows = [row for row in rows if row["supplier"] == "us"]
        del document["portfolio"]["columns"]["supplier"]
    found = solved(document, text_of(rows))
    stated = document["segments"]["affluent"]
    np.testing.assert_allclose(found.opening_shares(), [stated["shares"].get(j, 0.0) for j in SUPPLIERS], atol=5e-3)
    assert found.churn() == pytest.approx(stated["churn"], abs=EXACT)
    np.testing.assert_allclose(
        found.year_on_sums()[:-1] / found.weight.sum(), found.shares_wanted_a_year_on(), atol=EXACT
    )
    fixed = found.supplier >= 0
    assert fixed.any()
    placed = found.joint.sum(axis=1)
    for i in np.flatnonzero(fixed):
        whose = placed[i, OUR_STATES].sum() if found.supplier[i] == 0 else placed[i, found.supplier[i] + 2]
        assert whose == pytest.approx(1.0)


def test_nothing_moves_until_somebody_acts() -> None:
    document = drawn_market()
    document["segments"]["affluent"]["growth"] = 0.0
    lived = live(document)
    cell = lived.cell("baseline")
    customers = lived.customers[cell, 0, :, 0]
    shares = customers / customers.sum(axis=-1, keepdims=True)
    np.testing.assert_allclose(shares, np.broadcast_to(shares[0], shares.shape), atol=1e-6)


@pytest.fixture(scope="module", params=["fade", "run_off"])
def modes(request: pytest.FixtureRequest) -> tuple[Lived, Lived]:
    """(sampled, expected)"""
    residual = {"method": "fade", "years": 5} if request.param == "fade" else {"method": "run_off"}
    document = drawn_market(residual=residual)
    drawn = live(with_simulation(document, mode="sampled", replications=REPLICATIONS, customer_values=False))
    return drawn, live(with_simulation(document, mode="expected", customer_values=False))


def test_the_mean_of_sampled_paths_is_the_expected_path(modes: tuple[Lived, Lived]) -> None:
    """Error rate: as of `test_modes_agree`; counts of rare states are left to the twin."""
    drawn, wanted = modes
    for name, scale in (("count", "count_scale"), ("revenue", "money_scale")):
        sampled = getattr(drawn.ledger, name).sum(axis=-1) / getattr(drawn.ledger, scale)
        expected = getattr(wanted.ledger, name).sum(axis=-1)[:, 0] / getattr(wanted.ledger, scale)
        error = sampled.std(axis=1, ddof=1) / np.sqrt(REPLICATIONS)
        off = np.abs(sampled.mean(axis=1) - expected)
        assert (off <= STANDARD_ERRORS * error + 1e-5 * expected.max()).all(), (off / np.maximum(error, 1e-300)).max()


def test_value_is_the_same_in_the_mean(modes: tuple[Lived, Lived]) -> None:
    drawn, wanted = (each.valuation for each in modes)
    sampled = drawn.enterprise_value / drawn.money_scale
    expected = wanted.enterprise_value[:, 0] / wanted.money_scale
    error = sampled.std(axis=1, ddof=1) / np.sqrt(REPLICATIONS)
    assert (np.abs(sampled.mean(axis=1) - expected) <= STANDARD_ERRORS * error + 1e-6 * np.abs(expected)).all()
    assert np.ptp(expected) > 1e-3 * np.abs(expected).max(), "cells differ"


@pytest.mark.parametrize("mode", ["sampled", "expected"])
def test_bits_do_not_depend_on_threads_and_blocks(mode: str) -> None:
    document = with_simulation(drawn_market(), mode=mode, replications=16)
    document["segments"]["affluent"]["size"] = 400  # so that more review at once than are carried out at once
    one, other = live(document, threads=1), live(document, threads=2, block=16, batch=2)
    assert same_bits(one.ledger, other.ledger)


def test_states_with_the_same_needs_change_nothing() -> None:
    """Beside rounding: the joint system is solved in another way."""
    alike = {name: state | {"needs": {"rate": 0.4, "service": 0.6}} for name, state in STATES.items()}
    plain = drawn_market()
    del plain["segments"]["affluent"]["need_states"]
    one, other = live(plain), live(moving(drawn_market(), **alike))
    np.testing.assert_allclose(
        one.ledger.count / one.ledger.count_scale, other.ledger.count / other.ledger.count_scale, atol=1e-4
    )


def test_other_segments_keep_every_bit() -> None:
    plain = drawn_market()
    del plain["segments"]["affluent"]["need_states"]
    one, other = live(plain), live(drawn_market())
    np.testing.assert_array_equal(one.ledger.count[:, :, :, 1:], other.ledger.count[:, :, :, 1:])


@pytest.mark.parametrize("mode", ["sampled", "expected"])
def test_values_of_single_customers_add_up(mode: str) -> None:
    lived = live(with_simulation(drawn_market(), mode=mode, replications=3))
    own = lived.ledger.customer_value.sum(axis=1).T / lived.ledger.money_scale  # [C, presence]
    whole = lived.valuation.customers.sum(axis=(1, 2)) / lived.valuation.money_scale
    np.testing.assert_allclose(own, whole, rtol=1e-5)
