"""The bridge by driver: what each factor of the profit and loss contributes to a difference in value.

The value of a segment's customers is a sum over periods t and presence (ours at the opening, or not) of
    customers x [revenue x (price - unit cost) - cost to serve - acquisition] x value of a unit of NOPAT in t
  + customers x [revenue x price x capital of revenue + capital + capital of new ones] x value of a unit of capital,
with everything in brackets per customer, revenue at today's price, and, where customers run off beyond the horizon, of
customers at the horizon x what each then still brings. Between two cells the factors change; each change's contribution
is its Shapley value over all orders of changing one after the other. Values of games add up, so that the contributions
to each product are enough. Source: Shapley 1953, see `shapley`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from simengine.engine.ledger import Integers
from simengine.study.bridge.document import figure
from simengine.study.bridge.shapley import shapley_of_product
from simengine.study.bridge.totals import Cells, Terms, Totals
from simengine.tables.inputs import block_size
from simengine.tables.layout import Floats

DRIVERS = (
    "customers_kept", "customers_won", "revenue_per_customer", "price", "unit_cost", "cost_to_serve", "acquisition",
    "capital", "run_off", "programmes",
)  # fmt: skip
KEPT, WON, REVENUE, PRICE, UNIT_COST, SERVING, ACQUISITION, CAPITAL, RUN_OFF, PROGRAMMES = range(len(DRIVERS))
COUNTS = (KEPT, WON)  # by presence

Pair = tuple[Floats, Floats]  # before, after


@dataclass(frozen=True)
class ByDriver:
    """In steps of 1 / `steps_per_share` a share; D drivers, R replications, S segments."""

    segments: tuple[str, ...]
    contributions: Integers  # [D, R, S] their sum and `unallocated` are the difference, exactly
    unallocated: Integers  # [R]
    rounding: Integers  # [R, S] what of that is the rest of rounding: it is put to the largest contribution
    steps_per_share: float
    block: int  # replications that are drawn together, see `Valuation`

    @property
    def total(self) -> Integers:
        """[R] the difference in value."""
        return np.asarray(self.contributions.sum(axis=(0, 2)) + self.unallocated)

    @property
    def document(self) -> dict[str, Any]:
        """For JSON; money per share."""

        def told(parts: Integers) -> dict[str, Any]:
            drivers = {name: figure(parts[d], self.steps_per_share, self.block) for d, name in enumerate(DRIVERS)}
            return {**figure(parts.sum(axis=0), self.steps_per_share, self.block), "drivers": drivers}

        whole = told(self.contributions.sum(axis=2))
        return {
            "drivers": whole["drivers"],
            "segments": {name: told(self.contributions[:, :, s]) for s, name in enumerate(self.segments)},
            "unallocated": figure(self.unallocated, self.steps_per_share, self.block),
        }


def by_driver(cells: Cells, cell: tuple[str, str], to: tuple[str, str]) -> ByDriver:
    """The bridge from the cell `to` to `cell`, each an allocation and a move of the same run."""
    before, after = cells.totals[to], cells.totals[cell]
    parts = np.zeros((len(DRIVERS), *before.customers_value.shape[:2]))
    terms = cells.terms
    for presence in range(len(COUNTS)):
        for driver, value in _contributions(terms, _of(before, presence), _of(after, presence), COUNTS[presence]):
            parts[driver] += value
    steps = np.rint(parts * cells.money_scale).astype(np.int64)
    difference = (after.customers_value - before.customers_value).sum(axis=-1)
    rounding = difference - steps.sum(axis=0)
    largest = np.argmax(np.abs(parts), axis=0)[None]
    np.put_along_axis(steps, largest, np.take_along_axis(steps, largest, axis=0) + rounding, axis=0)
    steps[PROGRAMMES] = after.programmes_value - before.programmes_value
    unallocated = after.unallocated_value - before.unallocated_value
    return ByDriver(cells.segments, steps, unallocated, rounding, cells.steps_per_share, block_size(cells.scenario))


def _of(totals: Totals, presence: int) -> Totals:
    """The totals of customers who are ours at the opening, or of others: without the axis of presence."""
    return totals._replace(
        **{
            name: table[..., presence]
            for name, table in totals._asdict().items()
            if name not in ("price_ratio", "customers_value", "programmes_value", "unallocated_value")
        }
    )


def _contributions(terms: Terms, before: Totals, after: Totals, count: int) -> Iterator[tuple[int, Floats]]:
    """Drivers and what they contribute [R, S] through customers of one presence, `count` being the driver of how many
    there are; a driver may come more than once."""
    sides = before, after

    def of(amounts: Callable[[Totals], Floats]) -> Pair:
        return amounts(before), amounts(after)

    of_nopat, of_capital = (terms.of_nopat * terms.kept)[..., None], terms.of_capital[:, 1:, None]
    customers = of(lambda side: side.customers)
    today = of(lambda side: _revenue_today(side, terms.margin))
    revenue = of(lambda side: side.revenue)
    new = of(lambda side: side.new * terms.capital_per_new)
    capital = [_capital_at_the_end(side, terms.of_capital) - own for side, own in zip(sides, new, strict=True)]
    follows = [np.where(terms.capital_of_revenue > 0.0, each, 0.0) for each in capital]
    fixed = [np.where(terms.capital_of_revenue > 0.0, 0.0, each) for each in capital]
    chains: list[tuple[Floats, dict[int, Pair]]] = [
        (of_nopat, {count: customers, REVENUE: today, PRICE: revenue}),
        (-of_nopat, {count: customers, REVENUE: today, UNIT_COST: of(lambda side: side.cost_of_goods)}),
        (-of_nopat, {count: customers, SERVING: of(lambda side: side.cost_to_serve)}),
        (-of_nopat, {count: customers, ACQUISITION: of(lambda side: side.acquisition)}),
        (of_capital, {count: customers, REVENUE: today, PRICE: revenue, CAPITAL: (follows[0], follows[1])}),
        (of_capital, {count: customers, CAPITAL: (fixed[0], fixed[1])}),
        (of_capital, {count: customers, ACQUISITION: new}),
    ]
    for worth, chain in chains:
        for driver, added in _of_chain(chain):
            yield driver, (added * worth).sum(axis=1)
    last = customers[0][:, -1], customers[1][:, -1]
    beyond = of(lambda side: np.broadcast_to(side.value_of_run_off, last[0].shape))
    yield from _of_chain({count: last, RUN_OFF: beyond})


def _of_chain(chain: dict[int, Pair]) -> Iterator[tuple[int, Floats]]:
    """Drivers, and what each contributes to the change of the last of a chain of amounts: the first is a factor, each
    other is the one before times its factor. Where there is nothing of one before, an amount is left to the driver that
    comes second."""
    amounts = list(chain.values())
    factors = [amounts[0], *(_ratios(money, base) for base, money in pairwise(amounts))]
    contributions = shapley_of_product(*zip(*factors, strict=True))
    yield from zip(chain, contributions, strict=True)
    whole, apart = amounts[-1], []
    for side in range(2):
        nothing = np.any([base[side] == 0.0 for base in amounts[:-1]], axis=0)
        apart.append(np.where(nothing, whole[side], 0.0))
    yield list(chain)[1], apart[1] - apart[0]


def _ratios(money: Pair, base: Pair) -> Pair:
    """Money per unit of a base; where there is nothing in one cell, the other's: then only the base differs."""
    known = [b != 0.0 for b in base]
    found = [np.divide(m, b, out=np.zeros(m.shape), where=k) for m, b, k in zip(money, base, known, strict=True)]
    return np.where(known[0], found[0], found[1]), np.where(known[1], found[1], found[0])


def _revenue_today(side: Totals, margin: Floats) -> Floats:
    """[R, T, S] revenue at today's price: as cost of goods follows it or, where there is none, from our price."""
    cost = 1.0 - margin
    by_cost = np.divide(side.cost_of_goods, cost, out=np.zeros(side.revenue.shape), where=cost > 0.0)
    by_price = np.divide(side.revenue, side.price_ratio, out=np.zeros(side.revenue.shape), where=side.price_ratio > 0.0)
    return np.where(cost > 0.0, by_cost, by_price)


def _capital_at_the_end(side: Totals, of_capital: Floats) -> Floats:
    """[R, T, S] capital at the end of each period; that at the horizon from the value of all capital."""
    openings = (side.capital * of_capital[:, :-1, None]).sum(axis=1)
    at_horizon = of_capital[:, -1:]
    left = np.divide(
        side.value_of_capital - openings, at_horizon, out=np.zeros(openings.shape), where=at_horizon != 0.0
    )
    return np.concatenate((side.capital[:, 1:], left[:, None]), axis=1)
