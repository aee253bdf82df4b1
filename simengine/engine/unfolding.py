"""Tables that come to be while the market is simulated, replication by replication.

A *world* is a cell in a replication: of n replications in flight, that of cell c in the r-th of them is the world
c n + r. Where nothing differs by replication, there is a world a cell, which stands for all of them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import numpy as np

from simengine.engine.ledger import Integers, Ledger, in_units
from simengine.tables.layout import Choice, Economics, Floats, RunOff, Tables, by_supplier
from simengine.tables.seen import Seen
from simengine.tables.unit_value import UnitValues, unit_values

OF_WORLDS = ("revenue", "customer", "join", "run_off_revenue", "run_off_customer")  # unit values that differ by world


class Batch(Protocol):
    """The tables of some replications in flight. What is said of a period is valid once that is revealed."""

    @property
    def choice(self) -> Choice:
        """Of worlds, where `layout.Choice` is of cells."""

    @property
    def economics(self) -> Economics:
        """Of every cell and replication in flight."""

    @property
    def run_off(self) -> RunOff | None:
        """Of worlds; valid once all periods are revealed."""

    def reveal(self, period: int, seen: Seen) -> None:
        """Fill in what is said of a period, from what the market shows before it."""

    def reveal_all(self) -> None:
        """Fill in what is said of all periods, without feedback."""


class Unfolding(Protocol):
    """Where batches come from."""

    @property
    def replications(self) -> int:
        """How many differ: in sampled mode those of the run, in expected mode as many as market luck asks for."""

    @property
    def feedback(self) -> bool:
        """Whether tables of a period follow from totals of the one before; if not, all periods are revealed first."""

    @property
    def talk(self) -> Floats | None:
        """[S] omega of word of mouth where that is all that is fed back: tables revealed without feedback are those
        without it; else None."""

    def batch(self, first: int, replications: int) -> Batch:
        """The tables of so many replications from `first` on. What they say of one may not depend on the others."""


class Worlds:
    """The worlds of some replications, period by period: those of a batch or, without one, cells that are known."""

    def __init__(
        self, tables: Tables, unfolding: Unfolding | None = None, first: int = 0, replications: int = 1, *,
        silent: bool = False,
    ) -> None:  # fmt: skip
        """If `silent`, tables are without word of mouth, which then is all that is fed back."""
        self._cells = tables
        self._batch = None if unfolding is None else unfolding.batch(first, replications)
        self.feedback = unfolding is not None and unfolding.feedback and not silent
        if self._batch is not None and not self.feedback:
            self._batch.reveal_all()

    @property
    def tables(self) -> Tables:
        """Tables in which those of choice and run-off are of worlds, money's of cells and replications."""
        batch = self._batch
        if batch is None:
            return self._cells
        return self._cells._replace(choice=batch.choice, economics=batch.economics, run_off=batch.run_off)

    @property
    def count(self) -> int:
        """W."""
        return len(self.tables.choice.review)

    def units(self, begin: int, until: int, seen: Callable[[], Seen]) -> UnitValues:
        """Unit values of worlds in the periods begin..until. With feedback this reveals the first of them, from what
        is `seen` now."""
        if self._batch is not None and self.feedback:
            self._batch.reveal(begin, seen())
        tables = self.tables
        worlds, found = self.count, unit_values(tables.economics, tables.axes, slice(begin, until))

        def of_worlds(values: Floats) -> Floats:
            flat = values.reshape(-1, *values.shape[2:])
            return np.repeat(flat, worlds // len(flat), axis=0)

        return found._replace(**{name: of_worlds(getattr(found, name)) for name in OF_WORLDS})


def seen_of(ledger: Ledger, first: int, replications: int, time: int) -> Seen:
    """What replications of a ledger show with `time` periods completed."""

    def shown(totals: Integers, scale: float) -> Floats:
        now = totals[:, first : first + replications, time].sum(axis=-1)  # [C, R, S, states]
        return in_units(now.reshape(-1, *now.shape[2:]), scale)

    return Seen(by_supplier(shown(ledger.count, ledger.count_scale)), shown(ledger.revenue, ledger.money_scale))
