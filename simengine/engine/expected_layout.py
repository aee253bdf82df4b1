"""What the kernels of expected mode read and write: columns of customers, the market, totals, values."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class Customers(NamedTuple):
    """All rows, and where leaves of them begin."""

    features: NDArray[np.float32]  # [L, F x LEAF] of each leaf, a column after the other
    states: NDArray[np.float64]  # [rows, states] at the opening or on entering, see `leaves.states_by_leaf`
    weight: NDArray[np.float32]  # on the count grid, see `leaves.column_by_lanes`
    revenue: NDArray[np.float32]  # weight x base revenue, on the money grid; as weight
    tenure: NDArray[np.int64]  # [N] column of `Contract.leave`; empty without contract segments
    kind: NDArray[np.int64]  # [N] column of `Curved`; empty where no segment has curves
    begin: NDArray[np.int64]  # [L] see `leaves.Leaves`
    size: NDArray[np.int64]  # [L]
    opened: NDArray[np.int64]  # [L]
    vector: NDArray[np.int64]  # [L, 2]
    opens: NDArray[np.int64]  # [L]
    lanes: NDArray[np.int64]  # [L]


class Talk(NamedTuple):
    """What constants of the choice of one segment follow from whose customers talk, period by period; see
    `expected_talk`. Where they do not, omega is 0 and all else is empty."""

    omega: float  # see `model.word_of_mouth`
    share: NDArray[np.float64]  # [C, J] of customers, today
    before: NDArray[np.int64]  # [C, states] customers at the end of the period before the first, known once they are
    shift: NDArray[np.float64]  # [T, C, served] besides what is heard
    least: NDArray[np.float64]  # [T, C, served] utility of an offer, but for its shift
    most: NDArray[np.float64]  # [T, C, served]

    def during(self, periods: slice) -> Talk:
        """Some of the periods."""
        return self._replace(**{name: getattr(self, name)[periods] for name in ("shift", "least", "most")})


class Market(NamedTuple):
    """What moves one `choice` segment in T periods. Offers that cells or periods have in common, but for how far they
    are shifted, are weighed once."""

    cells: NDArray[np.int64]  # the cells that lead themselves
    coefficient: NDArray[np.float32]  # [K, F] of every distinct offer
    constant: NDArray[np.float32]  # [K] of the opening
    supplier: NDArray[np.int64]  # [served] suppliers that serve the segment, ascending
    offer: NDArray[np.int64]  # [T, C, served] their offers
    shift: NDArray[np.float32]  # [T, C, served] of their constants since the opening
    scale: NDArray[np.float32]  # [T, C, served] exp(shift): what their weights are multiplied by; far from 0: 1
    far: NDArray[np.bool_]  # [T, C] these are weighed for the cell alone, relative to the best of them
    review: NDArray[np.float32]  # [T, C, J]
    pull: NDArray[np.float32]  # [T, C, states] exp(kappa m) of the current supplier
    same: NDArray[np.bool_]  # [T, C] all of them are those of the period before
    promote: NDArray[np.float32]  # [2]
    talk: Talk  # where there is some, shifts and what is far are found period by period, as it is heard

    def during(self, periods: slice) -> Market:
        """Some of the periods."""
        if periods == slice(0, len(self.review)):
            return self
        by_period = ("offer", "shift", "scale", "far", "review", "pull", "same")
        own = {name: getattr(self, name)[periods] for name in by_period}
        return self._replace(**own, talk=self.talk.during(periods))


class Contract(NamedTuple):
    """What moves one `contract` segment in T periods."""

    cells: NDArray[np.int64]  # the cells that lead themselves
    leave: NDArray[np.float32]  # [T, C, 3, column] probability of ending in the period, see `moment.leaving`
    convert: NDArray[np.float32]  # [T, C] probability of converting

    def during(self, periods: slice) -> Contract:
        """Some of the periods."""
        if periods == slice(0, len(self.convert)):
            return self
        return self._replace(leave=self.leave[periods], convert=self.convert[periods])


class Curved(NamedTuple):
    """What moves one segment in T periods whose customers follow curves, see `kinds.Curves`."""

    cells: NDArray[np.int64]  # the cells that lead themselves
    alive: NDArray[np.float32]  # [T, C, kind]
    rate: NDArray[np.float32]  # [T, C, kind]

    def during(self, periods: slice) -> Curved:
        """Some of the periods."""
        return self._replace(alive=self.alive[periods], rate=self.rate[periods])


class Totals(NamedTuple):
    """Exact totals of one segment and worker at the ends of T periods."""

    customers: NDArray[np.int64]  # [T, C, states, 2]
    revenue: NDArray[np.int64]  # [T, C, states, 2]
    joins: NDArray[np.int64]  # [T, C, J, 2]
    leaves: NDArray[np.int64]  # [T, C, J, 2]

    def during(self, periods: slice) -> Totals:
        """Some of the periods."""
        if periods == slice(0, len(self.customers)):
            return self
        return self._replace(
            customers=self.customers[periods],
            revenue=self.revenue[periods],
            joins=self.joins[periods],
            leaves=self.leaves[periods],
        )


class Worth(NamedTuple):
    """Values of single customers: sums so far, and unit values of T periods (on the money grid).

    A customer's value is linear in its base revenue, so the sums are of one unit of base revenue, and of one customer
    whatever its revenue: rows that differ in money alone share them.
    """

    value: NDArray[np.float64]  # [kept cells, V, 2 x LEAF] of a unit of base revenue, then of a customer
    column: NDArray[np.int64]  # [C] row of `value`; -1: not kept
    revenue: NDArray[np.float64]  # [T, C, 3 stages]
    customer: NDArray[np.float64]  # [T, C, 3]
    join: NDArray[np.float64]  # [T, C]

    def during(self, periods: slice) -> Worth:
        """Some of the periods."""
        if periods == slice(0, len(self.join)):
            return self
        return self._replace(revenue=self.revenue[periods], customer=self.customer[periods], join=self.join[periods])
