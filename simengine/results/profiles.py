"""Expected mode on profiles: customers who are equal, or as near as the stated error of value per share allows.

The grid on which customers merge is refined, each step of utility half of the one before, until value per share no
longer changes by more than a third of the bound in any cell. What is lost is of second order in the step
(engine.profiles), so that a change should be three times what is left. Few customers with much money can make what is
left more than the change, though (2.4 times, at most, in the markets tried): the stated error is three times the
change, or the change before, lest one be small by accident, so three steps are the least. A step that parts nobody in
some segment is not trusted, unless customers who merge there are equal. Changes of segments are added up without
their signs.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from simengine.engine.customer_values import ExpectedValues
from simengine.engine.ledger import Ledger
from simengine.engine.opening import Opening
from simengine.engine.profiles import Profiles, equal_profiles, near_profiles
from simengine.portfolio.population import Population
from simengine.tables.layout import Floats, Tables
from simengine.valuation.valuation import Valuation
from simengine.valuation.value import value

FIRST_STEP = 1.0  # of utility
LESS = 3.0  # by this a change is smaller than the one before, at least: between the orders 1 and 2
GUARD = 3.0  # changes that the stated error is made of
FEWER = 0.5  # profiles per customer: where more are needed, only equal customers merge
FLOOR = 0.1  # of opening capital: errors are relative to value per share, or to this where it is more


class Merging(NamedTuple):
    """How customers were merged, for those who read the results."""

    customers: int  # rows of the portfolio
    profiles: int
    bound: float  # stated: of value per share
    error: float | None  # measured, at most in any cell; None where only equal customers have merged, without any
    step: float | None  # of utility, of the grid on which they merged; None likewise

    @property
    def notices(self) -> tuple[str, ...]:
        """What came of a stated bound, in a line."""
        if self.bound == 0.0:
            return ()
        within = f"value per share within {_percent(self.bound)}"
        if self.error is None:
            return (f"{self.customers:,} customers are simulated as they are: no profiles have {within} for certain",)
        return (
            f"{self.customers:,} customers in {self.profiles:,} profiles; {within} (measured {_percent(self.error)})",
        )


class Lived(NamedTuple):
    """Profiles and what became of them."""

    profiles: Profiles
    opening: Opening
    ledger: Ledger

    def of_customers(self, customers: Population) -> Ledger:
        """The ledger with the values of every customer."""
        profile, values = self.profiles.profile, self.ledger.customers
        if profile is None or not len(values):
            return self.ledger
        assert isinstance(values, ExpectedValues)
        base = self.profiles.revenue_of(customers, self.opening.base_revenue)
        return replace(self.ledger, customers=values.of(profile, customers.weight, base))


def live_on_profiles(
    tables: Tables,
    population: Population,
    bound: float,
    workers: int,
    live: Callable[[Profiles], Lived],
    phase: Callable[[str], AbstractContextManager[None]] = lambda name: nullcontext(),
) -> tuple[Lived, Merging]:
    """Merge the customers of `population`, whose tables are given, and `live` through the simulation with what they
    merge into; `phase` times the merging."""
    customers = len(population.ids)
    step, before, last = FIRST_STEP, None, math.inf
    cells: tuple[int, ...] = ()
    while bound > 0.0:
        with phase("profiles"):
            profiles = near_profiles(tables, population, step, workers)
        if len(profiles.population.ids) > FEWER * customers:
            break
        lived = live(profiles)
        now = _worth(lived)
        if before is not None:
            change = _change(before, now)
            error = GUARD * max(change, last / LESS)
            if error <= bound and _finer(cells, profiles):
                return lived, Merging(customers, len(profiles.population.ids), bound, error, step)
            last = change
        step, before, cells = step / 2.0, now, profiles.cells
        del profiles, lived
    with phase("profiles"):
        equal = equal_profiles(tables, population, workers)
    return live(equal), Merging(customers, len(equal.population.ids), bound, None, None)


def _finer(cells: tuple[int, ...], profiles: Profiles) -> bool:
    """Whether in every segment the grid has parted customers who had `cells` in common before, or all are alike in
    theirs: where it has not, that nothing changed says nothing."""
    return all(now > then or alike for then, now, alike in zip(cells, profiles.cells, profiles.alike, strict=True))


class _Worth(NamedTuple):
    segments: Floats  # [C, R, S] value of each segment's customers, currency
    scale: Floats  # [C, R] what errors are relative to, currency


def _worth(lived: Lived) -> _Worth:
    tables, ledger = lived.profiles.tables, lived.ledger
    worth: Valuation = value(ledger, tables.economics, tables.axes, lived.profiles.population.segment)
    scale = np.maximum(np.abs(worth.equity), FLOOR * worth.opening_capital.sum(axis=-1)) / worth.money_scale
    return _Worth(worth.customers.sum(axis=-1) / worth.money_scale, scale)


def _change(one: _Worth, other: _Worth) -> float:
    """The largest change in any cell, relative, each the mean over replications; 0 where there is nothing to lose."""
    change = np.abs(other.segments - one.segments).sum(axis=-1).mean(axis=1)
    scale = other.scale.mean(axis=1)
    return float(np.where(change > 0.0, change / np.maximum(scale, np.finfo(float).tiny), 0.0).max())


def _percent(fraction: float) -> str:
    return f"{100.0 * fraction:.2g} %"
