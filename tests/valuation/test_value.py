"""Parts add up exactly, forms agree, money scales; no value depends on what is valued beside it."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simengine.tables.layout import MONEY_OF_CELLS, Residual
from simengine.valuation.value import value

from .ledgers import (
    COUNT_SCALE,
    MONEY_SCALE,
    axes_of,
    economics_of,
    economics_of_replication,
    empty_ledger,
    loyal_book,
    random_book,
    replication,
)

BOOK = Residual("book", 0, 0.0)
SEEDS = st.integers(0, 10_000)
LEDGER = ("count", "revenue", "joins", "leaves", "direction", "run_off")
PARTS = (
    "customers_explicit", "customers_residual", "programmes_explicit", "programmes_residual", "unallocated_explicit",
    "unallocated_residual", "enterprise_value_from_economic_profit", "opening_capital", "economic_profit",
)  # fmt: skip
TIMINGS = st.sampled_from(["end", "mid", "start"])
RESIDUALS = st.sampled_from(
    [
        Residual("none", 0, 0.0),
        BOOK,
        Residual("fade", 40, 0.0),
        Residual("perpetuity", 0, 0.004),
        Residual("run_off", 0, 0.0),
    ]
)


def random_valuation(seed, timing="end", residual=BOOK, *, apart=False):
    ledger, axes, economics = random_book(seed, apart=apart)
    return value(ledger, economics._replace(timing=timing, residual=residual), axes), economics


@settings(max_examples=30)
@given(SEEDS, TIMINGS, RESIDUALS, st.booleans())
def test_every_whole_is_exactly_the_sum_of_its_parts(seed, timing, residual, apart):
    worth, economics = random_valuation(seed, timing, residual, apart=apart)
    assert worth.customers.dtype == np.int64
    assert (worth.customers.sum(axis=3) + worth.programmes == worth.segments).all()
    assert (worth.segments.sum(axis=2) + worth.unallocated == worth.enterprise_value).all()
    assert (worth.explicit + worth.residual == worth.enterprise_value).all()
    assert (worth.enterprise_value + worth.financing == worth.equity).all()
    assert worth.financing == (1e5 - 2.5e5) * MONEY_SCALE
    assert worth.value_per_share * economics.shares == pytest.approx(worth.equity / MONEY_SCALE)
    beside = worth.programmes.sum(axis=(1, 2)) + worth.unallocated.sum(axis=1)
    published = worth.published_customers.sum(axis=(1, 2)) + beside + worth.rounding
    assert (published == worth.enterprise_value.sum(axis=1)).all()
    means = worth.mean_of_sum(worth.published_customers).sum(axis=(1, 2)) + worth.mean_of_sum(beside)
    assert means == pytest.approx(worth.mean_money(worth.enterprise_value), rel=1e-12)


@settings(max_examples=30)
@given(SEEDS, TIMINGS, RESIDUALS, st.booleans())
def test_both_forms_of_enterprise_value_agree(seed, timing, residual, apart):
    worth, _ = random_valuation(seed, timing, residual, apart=apart)
    other = worth.enterprise_value_from_economic_profit
    assert np.abs(worth.enterprise_value - other).max() <= 32 + 1e-12 * np.abs(worth.customers).max()


@settings(max_examples=20)
@given(SEEDS, st.sampled_from([2, 3, 10, 1000]), RESIDUALS)
def test_scaling_all_money_scales_value(seed, factor, residual):
    ledger, axes, economics = random_book(seed)
    economics = economics._replace(residual=residual)
    money = (
        "cost_to_serve",
        "programmes",
        "unallocated",
        "run_off_cost_to_serve",
        "capital_per_customer",
        "acquisition_cost",
        "overhead",
        "net_debt",
        "other_assets",
    )
    scaled = economics._replace(**{name: getattr(economics, name) * factor for name in money})
    before = value(ledger, economics, axes)
    run_off = ledger.run_off * [1, factor]
    after = value(replace(ledger, revenue=ledger.revenue * factor, run_off=run_off), scaled, axes)
    for field in ("customers", "programmes", "unallocated", "equity", "opening_capital"):
        parts = getattr(before, field) * factor
        assert getattr(after, field) == pytest.approx(parts, rel=1e-12, abs=64 * factor)
    assert after.economic_profit == pytest.approx(before.economic_profit * factor, rel=1e-9, abs=1e-3)
    assert (after.destroys_value == before.destroys_value).all()


@settings(max_examples=20)
@given(SEEDS, RESIDUALS)
def test_cells_are_valued_on_their_own(seed, residual):
    ledger, axes, economics = random_book(seed)
    economics = economics._replace(residual=residual)
    together = value(ledger, economics, axes)
    part = {name: getattr(ledger, name)[1:] for name in LEDGER}
    tables = {name: getattr(economics, name)[1:] for name in MONEY_OF_CELLS}
    alone = value(replace(ledger, **part), economics._replace(**tables), axes._replace(cells=axes.cells[1:]))
    for name in PARTS:
        assert (getattr(together, name)[1:] == getattr(alone, name)).all()


@settings(max_examples=20)
@given(SEEDS, TIMINGS, RESIDUALS, st.booleans())
def test_every_replication_is_valued_on_its_own_by_its_own_tables(seed, timing, residual, apart):
    ledger, axes, economics = random_book(seed, apart=apart)
    economics = economics._replace(timing=timing, residual=residual)
    together = value(ledger, economics, axes)
    for r in range(3):
        of_r = economics_of_replication(economics, r) if apart else economics
        alone = value(replication(ledger, r), of_r, axes)
        for name in PARTS:
            assert (getattr(together, name)[:, r : r + 1] == getattr(alone, name)).all(), name
        own = together.unallocated_economic_profit[:, r : r + 1] if apart else together.unallocated_economic_profit
        assert (own == alone.unallocated_economic_profit).all()
    if apart:
        unallocated = together.unallocated
        assert (unallocated != unallocated[:, :1]).any(axis=1).all()
        assert together.mean_money(unallocated) == pytest.approx(np.mean(unallocated / MONEY_SCALE, axis=1), rel=1e-12)


@pytest.mark.parametrize("apart", [False, True])
def test_economic_profit_of_the_segments_and_of_what_is_unallocated_discounts_to_value(apart):
    """By hand: capital at the opening, plus discounted economic profit, less what is not given back."""
    worth, economics = random_valuation(5, apart=apart)
    v = 1 / (1 + economics.discount_rate_per_period)
    factors = v ** np.arange(1, worth.economic_profit.shape[2] + 1)
    profit = worth.economic_profit.sum(axis=3) + worth.unallocated_economic_profit
    by_hand = worth.opening_capital.sum(axis=2) / MONEY_SCALE + profit @ factors
    assert worth.enterprise_value / MONEY_SCALE == pytest.approx(by_hand, rel=1e-11)


@pytest.mark.parametrize("timing", ["end", "mid", "start"])
def test_value_is_destroyed_below_opening_capital(timing):
    """A book that earns exactly its cost of capital is worth its capital; a little less destroys value."""
    axes = axes_of(5)
    ledger = loyal_book(axes, np.full((1, 6), 100.0), 50.0)
    terms = {"timing": timing, "residual": BOOK}
    capital = np.array([500.0])
    for cost, destroyed in ((-0.01, False), (0.01, True)):
        serve = np.full((1, 1, 5, 1), cost)
        economics = economics_of(axes, capital_per_customer=capital, cost_to_serve=serve, **terms)
        worth = value(ledger, economics, axes)
        u = {"end": 1.0, "mid": 1.1**0.5, "start": 1.1}[timing]
        assert worth.opening_capital_charged[0, 0] / MONEY_SCALE == pytest.approx(u * 50_000)
        assert worth.enterprise_value[0, 0] / MONEY_SCALE == pytest.approx(u * 50_000, rel=1e-3)
        assert worth.destroys_value[0, 0] == destroyed


def test_customers_of_every_supplier_at_both_ends():
    ledger, axes, economics = random_book(8)
    worth = value(ledger, economics, axes)
    assert worth.customers_end.shape == (2, 3, 3, 4)
    for t, customers in ((0, worth.customers_opening), (-1, worth.customers_end)):
        ours = ledger.count[:, :, t, :, :3].sum(axis=(3, 4))
        others = ledger.count[:, :, t, :, 3:].sum(axis=4)
        assert (customers[..., 0] == ours).all()
        assert (customers[..., 1:] == others).all()


def test_an_empty_market_is_worth_its_overhead():
    axes = axes_of(4)
    worth = value(empty_ledger(axes), economics_of(axes, overhead=10.0), axes)
    assert not worth.customers_end.any()
    assert worth.enterprise_value[0, 0] / MONEY_SCALE == pytest.approx(-31.698654, abs=1e-6)
    assert worth.segments[0, 0, 0] == 0


def test_a_residual_too_large_for_the_scale_is_refused():
    axes = axes_of(4)
    ledger = loyal_book(axes, np.full((1, 5), 1e6), 1e3, money_scale=float(1 << 30), count_scale=COUNT_SCALE)
    economics = economics_of(axes, residual=Residual("perpetuity", 0, 0.1 - 1e-9))
    with pytest.raises(OverflowError, match="close to the discount rate"):
        value(ledger, economics, axes)


@settings(max_examples=30)
@given(SEEDS, TIMINGS, RESIDUALS, st.booleans())
def test_what_is_spent_once_says_nothing_of_what_lies_beyond(seed, timing, residual, apart):
    """Beyond the horizon all is as without it; within, it counts like any other spend; both forms agree."""
    ledger, axes, economics = random_book(seed, apart=apart)
    economics = economics._replace(timing=timing, residual=residual)
    random = np.random.default_rng(seed)
    building, besides = (
        random.uniform(0.0, 1e6, (len(x), 3, *x.shape[2:])) for x in (economics.programmes, economics.unallocated)
    )
    spent = economics._replace(programmes=economics.programmes + building, unallocated=economics.unallocated + besides)
    plain, lasting = value(ledger, economics, axes), value(ledger, spent, axes)
    once = value(ledger, spent._replace(programmes_once=building, unallocated_once=besides), axes)
    step = 2  # of the grid: a sum rounds otherwise than its parts
    for beyond in ("programmes_residual", "unallocated_residual"):
        assert np.abs(getattr(once, beyond) - getattr(plain, beyond)).max() <= step
    for within in ("programmes_explicit", "unallocated_explicit"):
        assert np.abs(getattr(once, within) - getattr(lasting, within)).max() <= step
    assert np.abs(once.enterprise_value_from_economic_profit - once.enterprise_value).max() <= 1e-9 * MONEY_SCALE * 1e7
    assert (once.economic_profit == lasting.economic_profit).all()
