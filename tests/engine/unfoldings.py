"""Unfoldings made of tables that are there already: known ones, or one set for each replication."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from simengine.tables.layout import MONEY_OF_CELLS, Choice, Economics, RunOff, Tables
from simengine.tables.seen import Seen


def hidden(table: Any) -> Any:
    """A table of the same shape, of what nobody could calculate with."""
    return np.full(table.shape, np.nan, table.dtype)


def worlds_of(tables: Sequence[Any]) -> Any:
    """[C n, ...] of n replications' tables [C, ...]."""
    stacked = np.stack(tables, axis=1)
    return stacked.reshape(-1, *stacked.shape[2:])


class Told:
    """The tables of some replications, each told in its own period."""

    def __init__(self, own: Sequence[Tables], told: dict[int, list[Seen | None]]) -> None:
        self._choice = Choice._make(worlds_of(each) for each in zip(*(tables.choice for tables in own), strict=True))
        self._money = [np.concatenate(each, axis=1) for each in zip(*map(money_of, own), strict=True)]
        self.choice = Choice._make(hidden(table) for table in self._choice)
        hidden_money = dict(zip(MONEY_OF_CELLS, map(hidden, self._money), strict=True))
        self.economics: Economics = own[0].economics._replace(**hidden_money)
        self.run_off: RunOff | None = None
        self._own, self._told = own, told

    def reveal(self, period: int, seen: Seen | None) -> None:
        self._told.setdefault(period, []).append(seen)
        for table, whole in zip(self.choice, self._choice, strict=True):
            table[:, period] = whole[:, period]
        for name, whole in zip(MONEY_OF_CELLS, self._money, strict=True):
            table = getattr(self.economics, name)
            if not name.startswith("run_off"):
                table[:, :, period] = whole[:, :, period]
            elif period + 1 == self._choice.review.shape[1]:
                table[:] = whole
        if period + 1 == self._choice.review.shape[1]:
            run_offs = [tables.run_off for tables in self._own if tables.run_off is not None]
            if run_offs:
                parts = zip(*(each.choice for each in run_offs), strict=True)
                self.run_off = run_offs[0]._replace(choice=Choice._make(map(worlds_of, parts)))

    def reveal_all(self) -> None:
        for period in range(self._choice.review.shape[1]):
            self.reveal(period, None)


def money_of(tables: Tables) -> list[Any]:
    """Its tables by cell and replication."""
    return [getattr(tables.economics, name) for name in MONEY_OF_CELLS]


@dataclass
class Retold:
    """An unfolding that says, for each replication, what is known already; and remembers what it was told."""

    of_replication: Sequence[Tables]
    feedback: bool
    talk: None = None
    seen: dict[tuple[int, int], dict[int, list[Seen | None]]] = field(default_factory=dict)

    @property
    def replications(self) -> int:
        return len(self.of_replication)

    def batch(self, first: int, replications: int) -> Told:
        told = self.seen.setdefault((first, replications), {})
        return Told(self.of_replication[first : first + replications], told)
