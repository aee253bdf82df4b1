"""What a company is worth, cell by cell and replication by replication, in parts that add up exactly."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simengine.engine.ledger import Integers
from simengine.tables.layout import Floats
from simengine.valuation.grid import exact_mean, exact_sum


class Valuation(NamedTuple):
    """Integers are money in steps of 1 / `money_scale`, counts in steps of 1 / `count_scale`.

    Fields are parts, properties are the wholes that they add up to. The two published fields are sums over
    replications, in Python integers (dtype object), for they may pass 2^63.
    Axes: C cells, R replications, T periods, S segments, J suppliers, 2 presence (ours at the opening, or
    not).
    """

    customers_explicit: Integers  # [C, R, S, 2] value of our customers within the horizon
    customers_residual: Integers  # [C, R, S, 2] and beyond it
    programmes_explicit: Integers  # [C, R, S] value of the spend on levers, negative
    programmes_residual: Integers  # [C, R, S]
    unallocated_explicit: Integers  # [C, R] value of overhead and of spend without a segment, negative
    unallocated_residual: Integers  # [C, R]
    financing: int | Integers  # other assets less net debt; [R] where replications differ in it
    enterprise_value_from_economic_profit: Integers  # [C, R] the other form, rounded part by part
    opening_capital: Integers  # [C, R, S]
    opening_capital_charged: Integers  # [C, R] what value must exceed so as not to be destroyed: u C_0
    published_customers: Integers  # [C, S, 2] value of the stored customers; without, of the lines
    rounding: Integers  # [C] value of the lines less `published_customers`
    economic_profit: Floats  # [C, R, T, S] currency in the period, customers and programmes
    unallocated_economic_profit: Floats  # [C, R1, T] currency in the period
    customers_opening: Integers  # [C, R, S, J] customers of each supplier
    customers_end: Integers  # [C, R, S, J]
    shares: float
    money_scale: float
    count_scale: float
    block: int = 1  # replications that are drawn together: whole blocks are independent of each other

    @property
    def replications(self) -> int:
        return int(self.customers_explicit.shape[1])

    @property
    def customers(self) -> Integers:
        """[C, R, S, 2] value of our customers."""
        return self.customers_explicit + self.customers_residual

    @property
    def programmes(self) -> Integers:
        """[C, R, S] value of the spend on levers."""
        return self.programmes_explicit + self.programmes_residual

    @property
    def unallocated(self) -> Integers:
        """[C, R] value of overhead and of spend without a segment."""
        return self.unallocated_explicit + self.unallocated_residual

    @property
    def segments(self) -> Integers:
        """[C, R, S] customers and programmes."""
        return np.asarray(self.customers.sum(axis=3) + self.programmes)

    @property
    def enterprise_value(self) -> Integers:
        """[C, R] segments and unallocated."""
        return np.asarray(self.segments.sum(axis=2) + self.unallocated)

    @property
    def explicit(self) -> Integers:
        """[C, R] enterprise value within the horizon."""
        return np.asarray(
            self.customers_explicit.sum(axis=(2, 3)) + self.programmes_explicit.sum(axis=2) + self.unallocated_explicit
        )

    @property
    def residual(self) -> Integers:
        """[C, R] enterprise value beyond the horizon."""
        return np.asarray(
            self.customers_residual.sum(axis=(2, 3)) + self.programmes_residual.sum(axis=2) + self.unallocated_residual
        )

    @property
    def equity(self) -> Integers:
        """[C, R] enterprise value and financing."""
        return self.enterprise_value + self.financing

    @property
    def mean_financing(self) -> float:
        """Other assets less net debt, mean over replications, currency."""
        total = exact_sum(np.broadcast_to(self.financing, (self.replications,)), axis=0)
        return float(self.mean_of_sum(np.asarray(total, dtype=object)))

    @property
    def value_per_share(self) -> Floats:
        """[C, R] equity per share, currency."""
        return self.equity / (self.money_scale * self.shares)

    @property
    def destroys_value(self) -> NDArray[np.bool_]:
        """[C, R] whether the company is worth less than the capital it opens with."""
        return np.asarray(self.enterprise_value < self.opening_capital_charged)

    def mean_money(self, parts: Integers) -> Floats:
        """[C, ...] mean over replications of [C, R, ...] money, currency."""
        return self.mean_of_sum(exact_sum(parts, axis=1))

    def mean_of_sum(self, sums: Integers) -> Floats:
        """Mean over replications of money already summed over them (the published fields), currency."""
        return exact_mean(sums, self.replications, self.money_scale)
