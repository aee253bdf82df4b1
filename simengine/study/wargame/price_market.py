"""A market whose suppliers set their prices: what everybody is worth at any prices, from cells of one run.

Prices are multiples of today's, the same in all segments in which customers choose, and hold from the first period on:
ours on top of what the allocation's levers do, a rival's of what the move makes of it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

import numpy as np

from simengine.results.prepare import Notice
from simengine.results.run import Run, run
from simengine.scenario.model import Scenario
from simengine.scenario.move import Change
from simengine.scenario.suppliers import COMPANY
from simengine.study.studied import only
from simengine.study.wargame.payoffs import worth
from simengine.tables.initiatives import Initiatives, InitiativesOf
from simengine.tables.layout import Floats

PRICE = "price"


def our_prices(scenario: Scenario, multiples: Sequence[float]) -> InitiativesOf:
    """What makes our price a multiple of what it would be, in all periods: one for each allocation of the scenario."""
    changes = np.array(multiples, float) - 1.0

    def besides(first: int, replications: int) -> Initiatives:
        paths = np.repeat(changes[:, None, None], scenario.calendar.periods, axis=2)
        return {(segment, PRICE): paths for segment in scenario.choosing}

    return besides


def rival_price(scenario: Scenario, rival: str, multiple: float) -> Change:
    """What makes a rival's price a multiple of what it would be, in all periods."""
    return Change(
        who=rival,
        start=0,
        end=scenario.calendar.periods,
        change={PRICE: multiple - 1.0},
        set={},
        segments=tuple(name for name, segment in scenario.choosing.items() if rival in segment.available),
        name=f"price of {rival}",
    )


class PriceMarket:
    """Of the suppliers who set prices: we first, then the rivals in name order."""

    def __init__(self, scenario: Scenario, allocation: str, move: str, low: float, high: float, **how: Any) -> None:
        """`low` and `high` are the multiples between which prices will be; `how` is as in `run`."""
        self._scenario = only(scenario, (allocation,), move)
        self._allocation, self._move = allocation, move
        self.suppliers = (COMPANY, *scenario.rivals)
        self.cells = 0
        ends = np.ones((1 + 2 * len(self.suppliers), len(self.suppliers)))
        for i in range(len(self.suppliers)):
            ends[1 + 2 * i, i], ends[2 + 2 * i, i] = low, high
        if "notice" in how:
            how["notice"] = _once(how["notice"])
        first, besides = self._priced(ends)
        to = next(iter(first.allocations))
        self.run: Run = run(first, to=to, spread=False, besides=besides, **how)  # merged for all of these

    @property
    def exact(self) -> bool:
        """Whether nothing is random."""
        return self.run.exact

    def values(self, prices: Floats) -> Floats:
        """[P, N, R] what suppliers are worth, currency, at prices [N, P], multiples of today's."""
        scenario, besides = self._priced(prices)
        done = self.run.more(scenario, to=next(iter(scenario.allocations)), besides=besides)
        row = {cell: c for c, cell in enumerate(done.tables.axes.cells)}
        at = [row[_name(each[:1]), _name(each[1:])] for each in prices]
        self.cells += len(row)
        return np.stack([worth(done, (supplier,))[at] for supplier in self.suppliers])

    def _priced(self, prices: Floats) -> tuple[Scenario, InitiativesOf]:
        """Cells of all our prices with all combinations of rivals' prices among those of `prices`."""
        scenario, base = self._scenario, self._scenario.moves[self._move]
        ours = dict.fromkeys(float(each[0]) for each in prices)
        theirs = {_name(each[1:]): each[1:] for each in prices}
        kept = {
            name: each for name, each in scenario.allocations.items() if name != self._allocation
        }  # rivals run them
        priced = {_name([price]): scenario.allocations[self._allocation] for price in ours}
        moves = {name: (*base, *self._changes(each)) for name, each in theirs.items()}
        cells = dataclasses.replace(scenario, allocations=priced | kept, moves=moves)
        return cells, our_prices(cells, [*ours, *[1.0] * len(kept)])

    def _changes(self, multiples: Floats) -> list[Change]:
        """Of the rivals whose prices are not today's."""
        rivals = zip(self._scenario.rivals, multiples.tolist(), strict=True)
        return [rival_price(self._scenario, rival, multiple) for rival, multiple in rivals if multiple != 1.0]


def _once(notice: Notice | None) -> Notice:
    """The same notice, that is given of each text once however often there are more cells."""
    given: set[str] = set()

    def of(text: str) -> None:
        if notice and text not in given:
            notice(text)
        given.add(text)

    return of


def _name(multiples: Any) -> str:
    return "prices x " + ", ".join(repr(float(each)) for each in multiples)
