"""What the sampled kernels read and write: columns of customers, luck, books of totals, values, the market.

Where tables differ by replication, there is a market for each of those in flight: M is their number, else 1.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simengine.engine.stage_lengths import Lengths


class Customers(NamedTuple):
    """Columns of the whole population. Axis 0: customer."""

    low: NDArray[np.uint32]  # halves of the id
    high: NDArray[np.uint32]
    features: NDArray[np.float32]  # [N, F]
    money: NDArray[np.float64]  # base revenue on the money grid
    tenure: NDArray[np.int64]  # column of a contract's thresholds
    states: NDArray[np.float64]  # [N, states] distribution at the opening, or on entering; where a segment's customers
    # move between need states, while they are drawn, [n, L x states] of that segment alone
    opens: int  # the customer of the first row of these
    arrival: NDArray[np.int64]  # [N] periods completed on entering; 0: at the opening


class BuyingLaw(NamedTuple):
    """How the customers of a buy-till-you-die segment buy, see `layout.Buying`; columns are of the whole population."""

    r: float
    alpha: float
    a: float
    b: float
    p: float  # of gamma-gamma spend
    q: float  # 0: each purchase of a customer brings the same
    years: float  # of a period
    purchases: NDArray[np.float64]  # [N] see `population.HISTORY`
    observed: NDArray[np.float64]  # [N]
    valued: NDArray[np.float64]  # [N]
    a_purchase: NDArray[np.float64]  # [N] revenue a year of who buys once a period, on the money grid


class Luck(NamedTuple):
    """The key of all draws, and the lognormal multiplier of a customer's revenue: exp(sigma z - sigma^2 / 2)."""

    key_low: np.uint32
    key_high: np.uint32
    sigma: float


class Stages(NamedTuple):
    """How long the two stages before the last can be, and the width of a date."""

    new: Lengths
    established: Lengths
    bits: int


class Books(NamedTuple):
    """Totals of one segment and one worker, see `sampled_books`: flat, but for where customers enter."""

    entered: NDArray[np.int64]  # [R, T + 1, states, 2 presence, 2]
    promised: NDArray[np.int64]  # flat [R, T + 2, 2 promotions, 2 presence, 2]
    promotions: NDArray[np.int64]  # flat [R, T + 2, 2 promotions, 2 presence, C, 2]
    joins: NDArray[np.int64]  # one period's, flat [R, J, 2 presence, C, 2]; or several, one in a row
    leaves: NDArray[np.int64]  # one period's, flat [R, states, 2 presence, C, 2]; or several
    direction: NDArray[np.int64]  # [R, C, 3]


class Worth(NamedTuple):
    """Values of single customers: sums over replications, and the unit values of the segment."""

    value: NDArray[np.int64]  # [2, N, kept cells]
    column: NDArray[np.int64]  # [C] of `value`; -1: not kept
    present: NDArray[np.int64]  # [N]
    units: NDArray[np.float64]  # [M, C, T + 1, 3, 2] sums of unit values before each period, see `spell_value`
    join: NDArray[np.float64]  # [M, C, T] on the money grid
    opening_revenue: NDArray[np.float64]  # [3]
    opening_customer: NDArray[np.float64]  # [3] on the money grid


class Market(NamedTuple):
    """What a review weighs in one segment and period. Offers that several cells have in common, but for how far they
    are shifted, stand once: U rows, of which a market may use fewer."""

    most: np.uint32  # a customer can be due if the top byte of its draw is below it
    last: NDArray[np.uint32]  # [M, C, states] a 32-bit draw up to it is a review, unless
    never: NDArray[np.int32]  # [M, C, states] 1: nobody reviews
    some_never: bool  # in any market, cell and state
    coefficient: NDArray[np.float32]  # [M, U, F]
    constant: NDArray[np.float32]  # [M, U] of the opening
    supplier: NDArray[np.int64]  # [J served] ascending
    offer: NDArray[np.int64]  # [M, C, J served] rows of the offers that a cell's customers choose among
    shift: NDArray[np.float32]  # [M, C, J served] of their constants since the opening
    kick: NDArray[np.float32]  # [M, C, states] inertia kappa m of the current supplier
    steps: NDArray[np.int64]  # states in which `last` or `kick` is unlike that of the state before
    reference: NDArray[np.int64]  # [C]


class Buying(NamedTuple):
    """What moves a buy-till-you-die segment up to some period."""

    exposed: NDArray[np.float64]  # [T + 1, M, C] see `buying.exposure`; of later periods: 0
    closing: NDArray[np.float64]  # [M, C] in the last period, before a run-off: worth of a unit of its revenue there


class BuyingBeyond(NamedTuple):
    """How the customers of a buy-till-you-die segment leave beyond the horizon, as `run_off_kernels.RunOffMarket`."""

    exposed: NDArray[np.float64]  # [M, C] years at today's hazard in a period
    v: float
    revenue: NDArray[np.float64]  # [W, 3]
    customer: NDArray[np.float64]  # [W, 3]
    column: NDArray[np.int64]  # [C]


class Contract(NamedTuple):
    """What ends or moves contracts in one segment and period, as thresholds: a 32-bit draw below is an event."""

    most_ending: np.uint32  # of the draws' top bytes, as in `Market`
    most_moving: np.uint32
    end: NDArray[np.int64]  # [M, C, 3, column] see `moment.leaving`
    convert: NDArray[np.int64]  # [M, C] unless the contract ends


class ChainLaw(NamedTuple):
    """Where customers of a markov segment begin and what they bring, see `layout.Chain`; K states."""

    state: NDArray[np.int64]  # [N] at the opening or on entering; -1: drawn
    opening: NDArray[np.float64]  # [K] cumulative probability of beginning in a state
    next: NDArray[np.float64]  # [K, K] cumulative probability of passing to a state, of those who stay
    money: NDArray[np.float64]  # [K] over base revenue


class Chain(NamedTuple):
    """What moves a markov segment in a period."""

    stay: NDArray[np.float64]  # [M, C, K] probability of staying a customer, by the state before
    closing: NDArray[np.float64]  # [M, C] as in `Buying`


class ChainBeyond(NamedTuple):
    """How the customers of a markov segment leave beyond the horizon, as `run_off_kernels.RunOffMarket`."""

    lasting: NDArray[np.float64]  # [2, M, C, K] see `chain.lasting_by_state`
    revenue: NDArray[np.float64]  # [W, 3]
    customer: NDArray[np.float64]  # [W, 3]
    column: NDArray[np.int64]  # [C]


AnyMarket = Market | Contract | Buying | Chain
