"""Simulate every customer under every cell: opening and tables in, exact totals out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from simengine.engine.changed_hands import Compared, Ends, passes_of, worlds_of
from simengine.engine.customer_values import CustomerValues, DrawnValues, ExpectedValues
from simengine.engine.expected import ExpectedRun
from simengine.engine.fixed_point import beside_customers, count_scale, money_scale, power_of_two_below
from simengine.engine.ledger import Ledger, Scales, by_segment
from simengine.engine.opening import Opening
from simengine.engine.options import Options
from simengine.engine.pool import spans
from simengine.engine.sampled import SampledRun
from simengine.engine.some_cells import in_flight, ledger_of, put_down, tables_of
from simengine.engine.talk import talk_alone
from simengine.engine.unfolding import Unfolding, Worlds
from simengine.portfolio.population import Population
from simengine.portfolio.progress import Progress
from simengine.tables.layout import STAGES, Floats, Tables

MOST_SHARED = 2.0**5  # of the headroom of fixed point that amounts on the scales of another scenario may take


class OffTheScale(ValueError):
    """Amounts far above those that the scales were made for."""


def empty_ledger(
    opening: Opening,
    tables: Tables,
    population: Population,
    options: Options,
    expected: int = 1,
    scales: Scales | None = None,
) -> Ledger:
    """A ledger of zeros on the `scales`, the scenario's own unless given; in expected mode with so many replications.

    Raises OffTheScale where the scenario's amounts are too large for them.
    """
    axes = tables.axes
    cells, periods, segments = len(axes.cells), len(axes.periods), len(axes.segments)
    suppliers = len(axes.suppliers)
    replications = options.replications if options.mode == "sampled" else expected
    kept = tuple(range(cells)) if options.customer_cells is None else options.customer_cells
    valued = len(population.ids) if kept else 0
    own = scales_of(opening, tables, population, options.mode)
    scales = own if scales is None else within(scales, own)
    count, money = scales.customer, scales.money
    state_shape = (cells, replications, periods + 1, segments, suppliers + 2, 2)
    flow_shape = (cells, replications, periods, segments, suppliers, 2)
    customers: CustomerValues
    if options.mode == "sampled":
        squares = np.zeros((valued, len(kept))) if options.squares else None
        customers = DrawnValues(np.zeros((2, valued, len(kept)), np.int64), np.zeros(valued, np.int64), squares)
    else:
        customers = ExpectedValues(
            np.zeros((2, 2, len(kept), valued)), np.zeros(valued), np.arange(valued, dtype=np.int32),
            population.weight[:valued], opening.base_revenue[:valued], money, count, replications,
        )  # fmt: skip
    return Ledger(
        count=by_segment(state_shape),
        revenue=by_segment(state_shape),
        joins=by_segment(flow_shape),
        leaves=by_segment(flow_shape),
        direction=np.zeros((cells, replications, 3), np.int64),
        changed_hands=np.zeros((cells, replications, segments, suppliers, 2), np.int64),
        customers=customers,
        customer_cells=kept,
        count_scale=count,
        money_scale=money,
        run_off=np.zeros((cells, replications, segments, len(STAGES), 2, 2), np.int64),
        run_off_count_scale=scales.run_off_customer,
        run_off_money_scale=scales.run_off_money,
    )


def scales_of(opening: Opening, tables: Tables, population: Population, mode: str) -> Scales:
    """Those that suit a scenario."""
    axes = tables.axes
    years = len(axes.periods) * axes.years_per_period
    count = count_scale(population.weight, mode)
    money = money_scale(population.weight, opening.base_revenue, years, beside_customers(tables.economics, years))
    lasting = 1.0 if tables.run_off is None else power_of_two_below(1.0 - tables.run_off.v)
    return Scales(count, money, count_scale(population.weight, "expected") * lasting, money * lasting)


def within(scales: Scales, own: Scales) -> Scales:
    """The `scales`, if a scenario with its `own` has room on them."""
    for given, best, what in zip(scales, own, ("customers", "revenue", "customers", "revenue"), strict=True):
        if given > MOST_SHARED * best:
            raise OffTheScale(f"{given / best:g} times the {what}")
    return scales


def simulate(
    opening: Opening,
    tables: Tables,
    population: Population,
    options: Options,
    progress: Progress = lambda done, steps: None,
    unfolding: Unfolding | None = None,
    after: Floats | None = None,
    scales: Scales | None = None,
) -> Ledger:
    """The exact totals of every cell. `progress(done, steps)` is called from this thread as periods get done.

    With an `unfolding`, choice, economics and run-off are not those of `tables` but what it reveals, replication by
    replication; then expected mode, too, has replications: as many as it says. `after` are unit values of single
    customers (`ExpectedValues.unit`) in replications before, which these are added up on top of; `scales` as in
    `empty_ledger`.
    Raises ValueError where the horizon or the number of suppliers exceeds what a state can hold.
    """
    ledger = empty_ledger(opening, tables, population, options, unfolding.replications if unfolding else 1, scales)
    if after is not None and isinstance(ledger.customers, ExpectedValues):
        ledger = replace(ledger, customers=replace(ledger.customers, onward=after.copy()))
    cells, compared = len(tables.axes.cells), tables.reference
    if options.mode == "sampled":
        at_once = 1 if options.squares else min(options.batch, options.replications)
        talk = talk_alone(unfolding, tables, options, cells * at_once)
        return SampledRun(opening, tables, population, ledger, options, progress, unfolding, talk).run()
    if unfolding is None:
        parts = passes_of(compared, options.cells or cells)
    else:
        parts = spans(0, unfolding.replications, options.batch)
    ends = Ends(compared) if unfolding is None and len(parts) > 1 else None
    talk = talk_alone(unfolding, tables, options, cells * (parts[0][1] - parts[0][0]))
    for k, (first, end) in enumerate(parts):

        def within(done: int, steps: int, before: int = k) -> None:
            progress(before * steps + done, len(parts) * steps)

        if unfolding is None:
            worlds, own = Worlds(tables_of(tables, slice(first, end))), ledger_of(ledger, slice(first, end))
            with_whom = Compared(compared) if ends is None else ends.compared(first, end)
        else:
            worlds = Worlds(tables, unfolding, first, end - first, silent=talk is not None)
            own = in_flight(ledger, end - first)
            with_whom = Compared(worlds_of(compared, end - first))
        lived = ExpectedRun(opening, worlds, population, own, options, within, with_whom, talk)
        lived.run()
        if ends is not None:
            ends.keep(first, lived.x)
        del lived  # before the next takes as much memory
        if unfolding is not None:
            put_down(own, ledger, first)
    return ledger
