"""Who is simulated: every customer of the market, ours, rivals' and outsiders, as columns."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simengine.portfolio.shifted_beta_geometric import ShiftedBetaGeometric, cumulative_by_month

DRAWN = -1  # opening supplier drawn from the customer's own stationary distribution
NOT_OURS = -2  # known only not to be ours (a prospect)
UNKNOWN_TENURE = -1
# The state of customers of markov segments at the opening or on entering; -1: drawn, as the segment says.
STATE, DRAWN_STATE = 0, -1
# What customers of buy-till-you-die segments have done: purchases after the first, years observed since it, the
# probability that they are customers still, and how many of the purchases are known to have brought what.
HISTORY = PURCHASES, OBSERVED, ALIVE, VALUED = 0, 1, 2, 3


class Population(NamedTuple):
    """Customers (or weighted profiles), sorted by (segment, arrival, opening supplier, id). Axis 0: customer."""

    ids: NDArray[np.uint64]  # the address of a customer's luck, see `simengine.luck`
    labels: NDArray[Any]  # text (numpy's StringDType): the id as its file writes it; "<segment>#<ordinal>" if synthetic
    segment: NDArray[np.int16]  # index into the segments, in name order
    weight: NDArray[np.float64]  # how many customers the row stands for
    revenue: NDArray[np.float64]  # currency a year, as a customer of ours, at today's price
    needs: NDArray[np.float32]  # [customer, need], each row sums to 1; needs in name order
    price_sensitivity: NDArray[np.float32]  # utility per relative price difference
    supplier: NDArray[np.int8]  # fixed opening supplier's index, or DRAWN, or NOT_OURS
    tenure_months: NDArray[np.int16]  # completed months with us at the opening or arrival, or UNKNOWN_TENURE
    arrival: NDArray[np.int16]  # periods completed when a newcomer enters the market; 0: there at the opening
    history: NDArray[np.float64]  # [customer, 4] see `HISTORY`; [customer, 0] where no segment needs it
    further: NDArray[np.int32]  # [customer, further column] see `Portfolio.column`; -1: not a customer of the file

    @property
    def opening_weight(self) -> NDArray[np.float64]:
        """[N] `weight` of who is there at the opening, 0 of newcomers."""
        return self.opening_weight_of(slice(None))

    def opening_weight_of(self, rows: slice) -> NDArray[np.float64]:
        """`opening_weight` of some rows; not copied where nobody is a newcomer."""
        weight, arrival = self.weight[rows], self.arrival[rows]
        return np.where(arrival == 0, weight, 0.0) if arrival.any() else weight


class Hazards(NamedTuple):
    """The retention hazard of a contract segment by tenure, and what it was estimated from."""

    cumulative: NDArray[np.float64]  # [m] = cumulative hazard at m completed months, [0] = 0; see `up_to`
    monthly_beyond: float  # hazard a month beyond the last entry of `cumulative`
    at_risk: int  # customers behind the estimate; 0 where the scenario states the hazard
    churned: int
    survival: NDArray[np.float64]  # [m] = Kaplan-Meier survival at m months; empty where the hazard is stated
    parameters: ShiftedBetaGeometric | None = None  # in place of `cumulative` and `monthly_beyond`

    def up_to(self, months: int) -> NDArray[np.float64]:
        """[months + 1] the cumulative hazard at 0, 1, ... completed months, however many."""
        if self.parameters is not None:
            return cumulative_by_month(self.parameters.alpha, self.parameters.beta, months)
        known = self.cumulative[: months + 1]
        return np.concatenate([known, known[-1] + self.monthly_beyond * np.arange(1, months + 2 - len(known))])


class Portfolio(NamedTuple):
    population: Population
    hazards: dict[str, Hazards]  # contract segments only, by segment name
    file_customers: int  # rows read from the customer file, 0 where there is none
    source: str  # path of the customer file as the scenario writes it, "" where there is none
    further: dict[str, tuple[str, ...]]  # by further column that was read: its values, sorted
    filled: dict[str, int]  # by column: cells without a value that were filled
    notices: tuple[str, ...]  # what a user should know of how the customer files were read

    def column(self, name: str) -> tuple[NDArray[np.int32], tuple[str, ...]]:
        """A further column of the customer file: the position [customer] of each one's value, and the values.

        The position is -1 for customers who are not in the file. Raises KeyError for a column not read.
        """
        values = self.further[name]
        return self.population.further[:, list(self.further).index(name)], values
