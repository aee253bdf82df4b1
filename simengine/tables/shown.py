"""What everybody offers and what touchpoints are, for people to read: means over replications."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simengine.scenario.model import Scenario
from simengine.tables.layout import Axes, Employees, Experience, Floats, Offers
from simengine.tables.market import Market, Period
from simengine.tables.worlds import by_cell


class Sums(NamedTuple):
    """What is shown, added up over replications in their order."""

    replications: int
    of_offers: tuple[Floats, ...]  # `layout.Offers`
    of_experience: tuple[Floats, ...]  # quality, experience, promised and employees of `layout.Experience`; () without
    today: float  # D today
    owners: NDArray[np.int64]  # [C, T] the same in all replications

    def plus(self, later: Sums) -> Sums:
        """With those of replications that come after these."""
        return self._replace(
            replications=self.replications + later.replications,
            of_offers=tuple(a + b for a, b in zip(self.of_offers, later.of_offers, strict=True)),
            of_experience=tuple(a + b for a, b in zip(self.of_experience, later.of_experience, strict=True)),
        )

    def offers(self) -> Offers:
        """What suppliers offer, see `layout.Offers`."""
        means = [total / self.replications for total in self.of_offers]
        for table in means[:3]:
            table[:, :, :, -1] = np.nan
        return Offers(*means)

    def experience(self, scenario: Scenario) -> Experience | None:
        """What our touchpoints deliver, see `layout.Experience`; None where the scenario states none."""
        if scenario.experience is None:
            return None
        quality, experience, promised, *staff = (total / self.replications for total in self.of_experience)
        touchpoints = tuple(scenario.experience.touchpoints)
        employees = Employees(*staff) if staff else None
        return Experience(touchpoints, self.today, self.owners, quality, experience, promised, employees)

    @classmethod
    def of(cls, offers: Offers, experience: Experience | None, replications: int) -> Sums:
        """Of means over so many replications: what was added up, of one."""
        tables = [table for table in offers if table is not None]
        shown: list[Floats] = []
        if experience is not None:
            shown = [experience.quality, experience.experience, experience.promised, *(experience.employees or ())]
        return cls(
            replications,
            tuple(table * replications for table in tables),
            tuple(table * replications for table in shown),
            0.0 if experience is None else experience.today,
            np.zeros((0, 0), np.int64) if experience is None else experience.owners,
        )


class Shown:
    """Sums over the replications seen so far, in their order, so that no batch moves a bit."""

    def __init__(self, scenario: Scenario, axes: Axes, after: Sums | None = None) -> None:
        """`after` are those of replications before."""
        self._replications = 0 if after is None else after.replications
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
        self._stated = scenario.experience is not None
        if after is not None:
            for total, before in zip(self._totals(), (*after.of_offers, *after.of_experience), strict=True):
                total[...] = before

    def add(self, market: Market, t: int | slice, period: Period) -> None:
        """A period of the worlds of some replications; a slice: all periods, see `Market.reveal_all`."""
        today, worlds, service = market.today, market.worlds, period.service
        if t == 0 or isinstance(t, slice):
            self._replications += worlds.replications
        served = np.where(today.offers, 0.0, np.nan)

        def add(total: Floats, table: Floats) -> None:
            if isinstance(t, slice):
                table = table.reshape(len(worlds.allocation), total.shape[1], *table.shape[1:])
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

    def _totals(self) -> list[Floats]:
        experience = [self._quality, self._experience, self._promised, *self._staff] if self._stated else []
        return [self._price, self._level, self._knowledge, *self._imitated, *experience]

    def sums(self) -> Sums:
        """All that was added up."""
        count = 3 + len(self._imitated)
        totals = self._totals()
        return Sums(self._replications, tuple(totals[:count]), tuple(totals[count:]), self._today, self._owners)
