"""Small ledgers and tables to value: spelled out by hand, or random but consistent."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from simengine.engine.customer_values import DrawnValues
from simengine.engine.ledger import Ledger, by_segment
from simengine.tables.layout import MONEY_OF_CELLS, Axes, Economics, Residual

COUNT_SCALE, MONEY_SCALE = float(1 << 16), float(1 << 20)
NONE = Residual("none", 0, 0.0)


def axes_of(periods: int, segments: int = 1, cells: int = 1, rivals: int = 0, periods_per_year: int = 1) -> Axes:
    return Axes(
        cells=tuple((f"allocation {c}", "quiet") for c in range(cells)),
        periods=tuple(str(t) for t in range(periods)),
        segments=tuple(f"segment {s}" for s in range(segments)),
        suppliers=("us", *(f"rival {j}" for j in range(rivals)), "none"),
        needs=(),
        years_per_period=1.0 / periods_per_year,
        periods_per_year=periods_per_year,
    )


def economics_of(axes: Axes, **stated: Any) -> Economics:
    """Everything that is not stated costs nothing and changes nothing."""
    cells, periods, segments = len(axes.cells), len(axes.periods), len(axes.segments)
    shape = (cells, 1, periods, segments)
    neutral = Economics(
        price_ratio=np.ones(shape),
        wallet=np.ones(shape),
        demand=np.ones(shape[:3]),
        cost_to_serve=np.zeros(shape),
        programmes=np.zeros(shape),
        unallocated=np.zeros((cells, 1, periods)),
        run_off_wallet=np.ones((cells, 1, segments)),
        run_off_cost_to_serve=np.zeros((cells, 1, segments)),
        stage_revenue=np.ones((segments, 3)),
        margin=np.ones(segments),
        capital_of_revenue=np.zeros(segments),
        capital_per_customer=np.zeros(segments),
        acquisition_cost=np.zeros(segments),
        acquisition_capitalised=np.zeros(segments, dtype=np.bool_),
        overhead=0.0,
        tax_rate=0.0,
        discount_rate_per_period=0.1,
        timing="end",
        residual=NONE,
        shares=1.0,
        net_debt=0.0,
        other_assets=0.0,
    )
    return neutral._replace(**stated)


def empty_ledger(axes: Axes, replications: int = 1) -> Ledger:
    cells, periods, segments = len(axes.cells), len(axes.periods), len(axes.segments)
    by_state = (cells, replications, periods + 1, segments, len(axes.states), 2)
    by_supplier = (cells, replications, periods, segments, len(axes.suppliers), 2)
    return Ledger(
        count=np.zeros(by_state, dtype=np.int64),
        revenue=np.zeros(by_state, dtype=np.int64),
        joins=np.zeros(by_supplier, dtype=np.int64),
        leaves=np.zeros(by_supplier, dtype=np.int64),
        direction=np.zeros((cells, replications, 3), dtype=np.int64),
        changed_hands=np.zeros((cells, replications, segments, len(axes.suppliers), 2), dtype=np.int64),
        customers=DrawnValues(np.zeros((2, 0, 0), dtype=np.int64), np.zeros(0, dtype=np.int64)),
        customer_cells=(),
        count_scale=COUNT_SCALE,
        money_scale=MONEY_SCALE,
        run_off=np.zeros((cells, replications, segments, 3, 2, 2), dtype=np.int64),
        run_off_count_scale=COUNT_SCALE,
        run_off_money_scale=MONEY_SCALE,
    )


def loyal_book(axes: Axes, customers: np.ndarray, revenue_each: float, **scales: float) -> Ledger:
    """Present loyal customers [R, T + 1] (index t + 1: end of period t) in the first cell and segment."""
    ledger = replace(empty_ledger(axes, len(customers)), **scales)
    ledger.count[0, :, :, 0, 2, 0] = np.rint(customers * ledger.count_scale)
    ledger.revenue[0, :, :, 0, 2, 0] = np.rint(customers * revenue_each * ledger.money_scale)
    return ledger


def economics_of_replication(economics: Economics, r: int) -> Economics:
    """Of replications apart, the tables of one."""
    of_one: dict[str, Any] = {name: getattr(economics, name)[:, r : r + 1] for name in MONEY_OF_CELLS}
    return economics._replace(**of_one)


def replication(ledger: Ledger, r: int) -> Ledger:
    """One replication of a ledger."""
    names = ("count", "revenue", "joins", "leaves", "direction", "run_off")
    return replace(ledger, **{name: getattr(ledger, name)[:, r : r + 1] for name in names})


def laid_by_segment(ledger: Ledger) -> Ledger:
    """The same totals, those of a segment together in memory, as in a simulation."""
    totals = {name: by_segment(getattr(ledger, name).shape) for name in ("count", "revenue", "joins", "leaves")}
    for name, own in totals.items():
        own[:] = getattr(ledger, name)
        assert not own.flags.c_contiguous
    return replace(ledger, **totals)


def random_book(
    seed: int, cells: int = 2, replications: int = 3, periods: int = 9, segments: int = 3, rivals: int = 2,
    apart: bool = False,
) -> tuple[Ledger, Axes, Economics]:  # fmt: skip
    """A ledger with arbitrary totals in every place, and tables in which nothing is neutral; replications `apart` have
    their own."""
    random = np.random.default_rng(seed)
    axes = axes_of(periods, segments, cells, rivals, periods_per_year=4)
    ledger = empty_ledger(axes, replications)
    for name, largest in (
        ("count", 1000 * COUNT_SCALE),
        ("revenue", 1e6 * MONEY_SCALE),
        ("joins", 90 * COUNT_SCALE),
        ("run_off", 1000 * MONEY_SCALE),
    ):
        array = getattr(ledger, name)
        array[...] = random.integers(0, int(largest), array.shape)
    shape = (cells, replications if apart else 1, periods, segments)
    economics = economics_of(
        axes,
        price_ratio=random.uniform(0.8, 1.2, shape),
        wallet=random.uniform(0.9, 1.3, shape),
        cost_to_serve=random.uniform(0.0, 200.0, shape),
        programmes=random.uniform(0.0, 1e6, shape),
        stage_revenue=random.uniform(0.7, 1.4, (segments, 3)),
        margin=random.uniform(0.3, 0.8, segments),
        capital_of_revenue=random.uniform(0.0, 0.3, segments),
        capital_per_customer=random.uniform(0.0, 90.0, segments),
        acquisition_cost=random.uniform(0.0, 400.0, segments),
        acquisition_capitalised=np.arange(segments) % 2 == 0,
        unallocated=random.uniform(0.0, 2e5, shape[:3]),
        demand=random.uniform(0.8, 1.2, shape[:3]),
        run_off_wallet=random.uniform(0.7, 1.0, (*shape[:2], segments)),
        run_off_cost_to_serve=random.uniform(0.0, 200.0, (*shape[:2], segments)),
        overhead=3e5,
        tax_rate=0.25,
        discount_rate_per_period=0.021,
        shares=1.7e6,
        net_debt=2.5e5,
        other_assets=1e5,
    )
    return ledger, axes, economics
