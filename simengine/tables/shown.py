"""What everybody offers and what touchpoints are, for people to read: means over replications."""

from __future__ import annotations

import numpy as np

from simengine.scenario.model import Scenario
from simengine.tables.layout import Axes, Employees, Experience, Floats, Offers
from simengine.tables.market import Market, Period
from simengine.tables.worlds import by_cell


class Shown:
    """Sums over the replications seen so far, in their order, so that no batch moves a bit."""

    def __init__(self, scenario: Scenario, axes: Axes) -> None:
        self._scenario, self._axes, self._replications = scenario, axes, 0
        touchpoints = () if scenario.experience is None else tuple(scenario.experience.touchpoints)
        by_segment = (len(axes.cells), len(axes.periods), len(axes.segments))
        by_supplier, needs = (*by_segment, len(axes.suppliers)), len(axes.needs)
        self._price, self._level = np.zeros(by_supplier), np.zeros((*by_supplier, needs))
        self._knowledge = np.zeros(by_supplier)
        by_rival = (*by_segment, len(axes.suppliers) - 2)
        self._imitated = (
            [np.zeros(by_rival), np.zeros((*by_rival, needs))] if any(map(scenario.imitates, scenario.rivals)) else []
        )
        self._promised, self._experience = np.zeros((*by_segment, needs)), np.zeros(by_segment)
        self._quality = np.zeros((*by_segment, len(touchpoints)))
        self._staff = [np.zeros(by_segment) for _ in Employees._fields if scenario.employees]
        self._owners = np.zeros(by_segment[:2], np.int64)
        self._today = 0.0

    def add(self, market: Market, t: int, period: Period) -> None:
        """A period of the worlds of some replications."""
        today, worlds, service = market.today, market.worlds, period.service
        if t == 0:
            self._replications += worlds.replications
        served = np.where(today.offers, 0.0, np.nan)

        def add(total: Floats, table: Floats) -> None:
            for r in range(worlds.replications):
                total += by_cell(table, worlds.cells)[:, r]

        ours, theirs = period.ours, period.theirs
        add(self._price[:, t, :, 0], ours.price + served[:, 0])
        add(self._price[:, t, :, 1:-1], theirs.price + served[:, 1:])
        add(self._level[:, t, :, 0], ours.level + served[:, 0, None])
        add(self._level[:, t, :, 1:-1], theirs.level + served[:, 1:, None])
        add(self._knowledge[:, t, :, :-1], period.knowledge + served)
        if theirs.imitated is not None:
            price, *levels = theirs.imitated
            add(self._imitated[0][:, t], price)
            add(self._imitated[1][:, t], np.stack(levels, axis=-1))
        add(self._promised[:, t], ours.promised + np.where(today.choice, 0.0, np.nan)[:, None])
        if service is not None and market.touchpoints is not None:
            self._owners[:, t] = service.owners[:: worlds.replications]
            self._today = market.touchpoints.today
            add(self._experience[:, t], service.experience)
            add(self._quality[:, t], service.quality)
            for total, level in zip(self._staff, service.staff, strict=True):
                add(total[:, t], level)

    def offers(self) -> Offers:
        """What suppliers offer, see `layout.Offers`."""
        price, level, knowledge = (total / self._replications for total in (self._price, self._level, self._knowledge))
        price[..., -1] = level[..., -1, :] = knowledge[..., -1] = np.nan
        imitated = [total / self._replications for total in self._imitated]
        return Offers(price, level, knowledge, *imitated) if imitated else Offers(price, level, knowledge)

    def experience(self) -> Experience | None:
        """What our touchpoints deliver, see `layout.Experience`; None where the scenario states none."""
        if self._scenario.experience is None:
            return None
        quality, experience, promised, *staff = (
            total / self._replications for total in (self._quality, self._experience, self._promised, *self._staff)
        )
        touchpoints = tuple(self._scenario.experience.touchpoints)
        employees = Employees(*staff) if staff else None
        return Experience(touchpoints, self._today, self._owners, quality, experience, promised, employees)
