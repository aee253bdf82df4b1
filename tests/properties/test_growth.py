"""Newcomers: how many there are, that they disturb nobody, and that value adds up with them."""

from __future__ import annotations

import numpy as np
import pytest

from tests.properties.files import file_market, rows_of, text_of
from tests.properties.test_modes_agree import assert_agree
from tests.properties.worlds import Document, Lived, by_supplier, live, market

GROWTH, PER_YEAR, QUARTERS = 0.3, 18.0, 8
MODES = ["sampled", "expected"]


def growing(document: Document) -> Document:
    """The market with newcomers to two of its three segments, whose third stays as it is."""
    document["segments"]["affluent"]["growth"] = GROWTH
    document["segments"]["signed"] |= {"newcomers": {"per_year": PER_YEAR}, "acquisition_cost": 50}
    return document


@pytest.fixture(scope="module", params=MODES)
def lived(request: pytest.FixtureRequest) -> Lived:
    return live(growing(market(mode=request.param)))


def newcomers_so_far() -> np.ndarray:
    """[T + 1, S] from the formulas, rounded to whole customers."""
    years = np.arange(QUARTERS + 1) / 4
    steady = np.zeros_like(years)
    return np.rint(np.stack([120 * ((1 + GROWTH) ** years - 1), steady, PER_YEAR * years], axis=1))


def test_the_market_grows_as_stated(lived: Lived) -> None:
    size = np.array([120, 150, 70])
    market = lived.ledger.count.sum(axis=(4, 5)) / lived.ledger.count_scale
    np.testing.assert_allclose(market, np.broadcast_to(size + newcomers_so_far(), market.shape), rtol=1e-6)
    opening = lived.ledger.count[:, :, 0].sum(axis=(3, 4)) / lived.ledger.count_scale
    np.testing.assert_allclose(opening, np.broadcast_to(size, opening.shape), rtol=1e-6)


def test_entering_is_joining(lived: Lived) -> None:
    """So the change of a supplier's customers still is joins less leaves, and joins exceed leaves by newcomers."""
    scale = lived.ledger.count_scale
    customers = by_supplier(lived.ledger.count, axis=4) / scale
    flow = (lived.ledger.joins - lived.ledger.leaves) / scale
    np.testing.assert_allclose(np.diff(customers, axis=2), flow, atol=1e-3)
    entered = np.broadcast_to(np.diff(newcomers_so_far(), axis=0), flow.shape[:4])
    np.testing.assert_allclose(flow.sum(axis=(4, 5)), entered, atol=1e-3)
    np.testing.assert_allclose(flow[..., 1].sum(axis=4), entered, atol=1e-3)


@pytest.mark.parametrize("mode", MODES)
def test_customers_of_the_opening_live_as_they_would_alone(mode: str) -> None:
    alone, together = live(market(mode=mode)), live(growing(market(mode=mode)))
    for name in ("count", "joins", "leaves"):
        of_present = [getattr(each.ledger, name)[..., 0] / each.ledger.count_scale for each in (alone, together)]
        assert np.array_equal(*of_present)
    kept = together.portfolio.population.arrival == 0
    assert np.array_equal(alone.portfolio.population.ids, together.portfolio.population.ids[kept])
    np.testing.assert_allclose(
        together.ledger.customer_value[:, kept] / together.ledger.money_scale,
        alone.ledger.customer_value / alone.ledger.money_scale,
        rtol=1e-6,
        atol=1e-3,
    )
    assert np.array_equal(together.ledger.customer_present[~kept], np.zeros((~kept).sum()))


@pytest.mark.parametrize("step", ["month", "quarter", "year"])
def test_shares_stay_while_nobody_acts(step: str) -> None:
    """Where all customers are alike newcomers are spread exactly as they are; else as nearly as those drawn are."""
    document = growing(market())
    document["segments"]["affluent"] |= {"needs_spread": 0, "growth": 0.05}
    document["calendar"] = {"start": "2026", "step": step, "periods": {"month": 48, "quarter": 20, "year": 8}[step]}
    document["allocations"], document["moves"] = {"baseline": {}}, {"quiet": {}}
    market_by_state = live(document).ledger.count.sum(axis=-1)[0, 0, :, 0].astype(float)
    shares = market_by_state / market_by_state.sum(axis=-1, keepdims=True)
    assert np.abs(shares - shares[0]).max() <= 1e-6


def test_modes_agree() -> None:
    """At most 4 standard errors apart: a right engine fails in one of 16,000 comparisons, of which there are 2,000."""
    drawn = live(growing(market(mode="sampled", replications=1500, customer_values=False)))
    wanted = live(growing(market(customer_values=False)))
    sampled, expected = (each.ledger.count.sum(axis=-1) / each.ledger.count_scale for each in (drawn, wanted))
    frequent = expected[:, 0] * 1500 >= 30
    assert_agree(np.where(frequent[:, None], sampled, 0), np.where(frequent, expected[:, 0], 0), 1e-4)
    of_customers = [each.valuation.customers / each.valuation.money_scale for each in (drawn, wanted)]
    assert_agree(of_customers[0], of_customers[1][:, 0], 1e-6 * np.abs(of_customers[1]).max())


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("residual", [{"method": "fade", "years": 5}, {"method": "run_off"}], ids=str)
def test_value_adds_up(mode: str, residual: dict[str, object]) -> None:
    document = growing(market(mode=mode))
    document["company"]["residual"] = residual
    lived = live(document)
    worth = lived.valuation
    difference = (worth.customers.sum(axis=1) - worth.published_customers).astype(float)
    size = np.abs(worth.customers).sum(axis=(1, 2, 3))[:, None, None]
    assert np.abs(difference / size).max() <= {"sampled": 1e-9, "expected": 1e-6}[mode]
    both = np.abs(worth.enterprise_value - worth.enterprise_value_from_economic_profit)
    assert both.max() <= 10 + 1e-11 * np.abs(worth.enterprise_value).max()
    assert (worth.customers[:, :, 2, 1] != 0).all()  # what newcomers to the contract are worth is future


def test_newcomers_resemble_the_customers_of_a_file() -> None:
    document = file_market()
    document["segments"]["affluent"]["growth"] = 0.5
    lived = live(document, text_of(rows_of()))
    population = lived.portfolio.population
    came = population.arrival > 0
    there = (population.segment == 0) & ~came
    assert came.sum() == round(50 * (1.5**2 - 1))
    assert set(population.revenue[came]) <= set(population.revenue[there])
    assert population.revenue[came].mean() == pytest.approx(population.revenue[there].mean(), rel=0.1)
    assert len(np.unique(population.ids)) == len(population.ids)
    assert population.labels[came].tolist()[:2] == ["affluent@2026-Q1#0", "affluent@2026-Q1#1"]
