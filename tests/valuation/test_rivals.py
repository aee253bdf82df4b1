"""A rival's value: closed forms by hand, two forms that agree, parts that add up, money without a size of its own."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simengine.engine.ledger import Ledger
from simengine.tables.layout import Axes, Economics, Residual, Rivals
from simengine.valuation.rivals import rival_lines, rival_valuation

from .ledgers import (
    axes_of,
    economics_of,
    economics_of_replication,
    empty_ledger,
    laid_by_segment,
    random_book,
    replication,
)

SEEDS = st.integers(0, 10_000)
TIMINGS = st.sampled_from(["end", "mid", "start"])
FOR_EVER = Residual("perpetuity", 0, 0.0)
RESIDUALS = st.sampled_from(
    [
        Residual("none", 0, 0.0),
        Residual("book", 0, 0.0),
        Residual("fade", 40, 0.0),
        Residual("perpetuity", 0, 0.004),
        FOR_EVER,
    ]
)
CUSTOMERS, REVENUE, PRICE, MARGIN, SERVE, CAPITAL, OVERHEAD, TAX = 200.0, 90.0, 0.8, 0.4, 5.0, 30.0, 900.0, 0.25


def rivals_of(axes: Axes, count: int, **stated: object) -> Rivals:
    """Rivals at our price who cost nothing."""
    segments = len(axes.segments)
    of_cell = (len(axes.cells), 1, len(axes.periods), segments, count)
    of_segment = np.zeros((segments, count))
    neutral = Rivals(
        price_ratio=np.ones(of_cell),
        price_ratio_today=of_segment + 1.0,
        cost_to_serve=np.zeros(of_cell),
        wallet=np.ones(of_cell),
        programmes=np.zeros(of_cell),
        margin=of_segment + 1.0,
        capital_of_revenue=of_segment,
        capital_per_customer=of_segment,
        acquisition_cost=of_segment,
        overhead=np.zeros(count),
    )
    return neutral._replace(**stated)


def random_rivals(seed: int, *, apart: bool = False) -> tuple[Ledger, Economics, Rivals, Axes]:
    """Arbitrary customers and economics of two rivals in three segments; of replications `apart` from one another."""
    ledger, axes, economics = random_book(seed, apart=apart)
    random = np.random.default_rng(seed + 1)
    of_cell, of_segment = (*economics.price_ratio.shape, 2), (len(axes.segments), 2)
    rivals = rivals_of(
        axes,
        2,
        price_ratio=random.uniform(0.7, 1.2, of_cell),
        price_ratio_today=random.uniform(0.7, 1.2, of_segment),
        cost_to_serve=random.uniform(0.0, 200.0, of_cell),
        wallet=random.uniform(0.8, 1.3, of_cell),
        programmes=random.uniform(-1e3, 1e4, of_cell),
        margin=random.uniform(0.3, 0.8, of_segment),
        capital_of_revenue=random.uniform(0.0, 0.3, of_segment),
        capital_per_customer=random.uniform(0.0, 90.0, of_segment),
        acquisition_cost=random.uniform(0.0, 400.0, of_segment),
        overhead=random.uniform(0.0, 1e5, 2),
    )
    return ledger, economics, rivals, axes


def steady(periods: int = 6, joiners: float = 0.0) -> tuple[Ledger, Axes]:
    """A rival with the same customers at all times, of whom so many are replaced in every period."""
    axes = axes_of(periods, rivals=1)
    ledger = empty_ledger(axes)
    ledger.count[0, 0, :, 0, 3, 1] = CUSTOMERS * ledger.count_scale
    ledger.revenue[0, 0, :, 0, 3, 1] = CUSTOMERS * REVENUE * ledger.money_scale
    ledger.joins[0, 0, :, 0, 1, 0] = joiners * ledger.count_scale
    return ledger, axes


def value_of_steady(joiners: float = 0.0, joining: float = 0.0, price: float = PRICE) -> float:
    ledger, axes = steady(joiners=joiners)
    rivals = rivals_of(
        axes,
        1,
        price_ratio=np.full((1, 1, 6, 1, 1), price),
        price_ratio_today=np.full((1, 1), PRICE),
        margin=np.full((1, 1), MARGIN),
        cost_to_serve=np.full((1, 1, 6, 1, 1), SERVE),
        capital_per_customer=np.full((1, 1), CAPITAL),
        acquisition_cost=np.full((1, 1), joining),
        overhead=np.array([OVERHEAD]),
    )
    economics = economics_of(axes, tax_rate=TAX, residual=FOR_EVER)
    return float(rival_valuation(ledger, economics, rivals, axes).value[0, 0, 0])


def test_customers_who_stay_for_ever_are_worth_their_profit_over_the_discount_rate() -> None:
    """Capital that is never given back is worth nothing: N / k, whatever it ties up."""
    at_todays_price = CUSTOMERS * REVENUE * PRICE
    profit = (at_todays_price * MARGIN - CUSTOMERS * SERVE - OVERHEAD) * (1 - TAX)
    assert value_of_steady() == pytest.approx(profit / 0.1, rel=1e-9)
    won = profit - 12 * 70 * (1 - TAX)
    assert value_of_steady(joiners=12, joining=70) == pytest.approx(won / 0.1, rel=1e-9)
    cheaper = profit - at_todays_price * 0.125 * (1 - TAX)
    assert value_of_steady(price=PRICE * 0.875) == pytest.approx(cheaper / 0.1, rel=1e-9)


@settings(max_examples=30)
@given(SEEDS, TIMINGS, RESIDUALS, st.booleans())
def test_both_forms_agree_and_segments_programmes_and_overhead_add_up(
    seed: int, timing: str, residual: Residual, apart: bool
) -> None:
    ledger, economics, rivals, axes = random_rivals(seed, apart=apart)
    worth = rival_valuation(ledger, economics._replace(timing=timing, residual=residual), rivals, axes)
    assert worth.programmes.shape[1] == (3 if apart else 1)
    size = np.abs(worth.customers).sum(axis=2) + np.abs(worth.programmes).sum(axis=2) + np.abs(worth.unallocated)
    assert (np.abs(worth.from_economic_profit - worth.value) <= 1e-12 * size).all()
    parts = (worth.customers + worth.programmes).sum(axis=2) + worth.unallocated
    assert (np.abs(parts - worth.value) <= 1e-12 * size).all()
    assert (worth.unallocated < 0).all()


def test_a_shock_to_demand_moves_what_is_sold_and_not_capital() -> None:
    ledger, economics, rivals, axes = random_rivals(2, apart=True)
    rivals = rivals._replace(cost_to_serve=rivals.cost_to_serve * 0.0, acquisition_cost=rivals.acquisition_cost * 0.0)
    usual = rival_lines(ledger, economics._replace(demand=np.ones_like(economics.demand)), rivals, axes)
    shaken = rival_lines(ledger, economics, rivals, axes)
    demand = economics.demand[..., None, None]
    np.testing.assert_allclose(shaken.revenue, usual.revenue * demand, rtol=1e-12)
    np.testing.assert_allclose(shaken.contribution, usual.contribution * demand, rtol=1e-12)
    assert np.array_equal(shaken.capital, usual.capital)


def test_lines_do_not_show_how_a_ledger_lies_in_memory() -> None:
    """As ours, see `test_lines`."""
    ledger, economics, rivals, axes = random_rivals(2)
    lines = rival_lines(laid_by_segment(ledger), economics, rivals, axes)
    for one, other in zip(rival_lines(ledger, economics, rivals, axes), lines, strict=True):
        assert np.array_equal(one, other)
        assert one.strides == other.strides


@pytest.mark.parametrize("timing", ["end", "mid", "start"])
def test_economic_profit_discounts_to_value(timing: str) -> None:
    """By hand: capital at the opening, plus discounted economic profit; book gives back what is left."""
    ledger, economics, rivals, axes = random_rivals(7)
    economics = economics._replace(timing=timing, residual=Residual("book", 0, 0.0))
    lines = rival_lines(ledger, economics, rivals, axes)
    k = economics.discount_rate_per_period
    v = (1 + k) ** -np.arange(1.0, len(axes.periods) + 1)
    kept = axes.years_per_period * (1 - economics.tax_rate)
    spent = np.einsum("crtsk,t->crk", rivals.programmes, v) + rivals.overhead * v.sum()
    by_hand = lines.capital[:, :, 0].sum(axis=2) + np.einsum("crtsk,t->crk", lines.economic_profit, v) - kept * spent
    u = {"end": 1.0, "mid": (1 + k) ** 0.5, "start": 1 + k}[timing]
    value = rival_valuation(ledger, economics, rivals, axes).value
    np.testing.assert_allclose(value, u * by_hand, rtol=1e-11)
    np.testing.assert_allclose(lines.economic_profit, lines.nopat - k * lines.capital[:, :, :-1], rtol=1e-12)


@settings(max_examples=20)
@given(SEEDS, st.sampled_from([3, 10, 1000]), RESIDUALS)
def test_scaling_all_money_scales_value(seed: int, factor: int, residual: Residual) -> None:
    ledger, economics, rivals, axes = random_rivals(seed)
    economics = economics._replace(residual=residual)
    money = ("cost_to_serve", "programmes", "capital_per_customer", "acquisition_cost", "overhead")
    larger = rivals._replace(**{name: getattr(rivals, name) * factor for name in money})
    before = rival_valuation(ledger, economics, rivals, axes)
    after = rival_valuation(replace(ledger, revenue=ledger.revenue * factor), economics, larger, axes)
    for one, other in zip(before, after, strict=True):
        np.testing.assert_allclose(other, one * factor, rtol=1e-9)


@settings(max_examples=10)
@given(SEEDS)
def test_a_rival_is_valued_on_its_own(seed: int) -> None:
    ledger, economics, rivals, axes = random_rivals(seed)
    together = rival_valuation(ledger, economics, rivals, axes).value
    ledger.count[..., 3, :], ledger.revenue[..., 3, :], ledger.joins[..., 1, :] = 0, 0, 0
    without = rival_valuation(ledger, economics, rivals, axes)
    assert np.array_equal(without.value[..., 1], together[..., 1])
    spent = without.unallocated[0] + without.programmes[..., 0].sum(axis=2)
    np.testing.assert_allclose(without.value[..., 0], np.broadcast_to(spent, (2, 3)), rtol=1e-12)


@settings(max_examples=10)
@given(SEEDS, RESIDUALS)
def test_every_replication_is_valued_by_its_own_tables(seed: int, residual: Residual) -> None:
    ledger, economics, rivals, axes = random_rivals(seed, apart=True)
    economics = economics._replace(residual=residual)
    together = rival_valuation(ledger, economics, rivals, axes)
    for r in range(3):
        of_r = slice(r, r + 1)
        tables = {
            name: getattr(rivals, name)[:, of_r] for name in ("price_ratio", "cost_to_serve", "wallet", "programmes")
        }
        one = replication(ledger, r)
        alone = rival_valuation(one, economics_of_replication(economics, r), rivals._replace(**tables), axes)
        assert np.array_equal(together.unallocated, alone.unallocated)
        for part, own in zip(together[:-1], alone[:-1], strict=True):
            assert np.array_equal(part[:, of_r], own)


def test_a_run_off_leaves_the_simulated_periods() -> None:
    ledger, economics, rivals, axes = random_rivals(3)
    none, run_off = (
        rival_valuation(ledger, economics._replace(residual=Residual(method, 0, 0.0)), rivals, axes)
        for method in ("none", "run_off")
    )
    assert np.array_equal(run_off.explicit, none.explicit)
    parts = run_off.customers, run_off.programmes, run_off.unallocated
    for field in (run_off.value, run_off.from_economic_profit, *parts):
        assert np.isnan(field).all()
