"""The named arrays between a scenario and the engine, with their axes and units.

Axes, always in this order: C cells, R replications (R1: one where a table is the same in all of them, else R),
T periods, S segments (name order), J suppliers (the company first, rivals in name order, the outside option last),
K needs (name order), 3 stages.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simengine.portfolio.customers import Floats as Floats

STAGES = ("new", "established", "loyal")
OWN_STATES = len(STAGES)  # the first states are of our customers, by stage; that of supplier j > 0 is j + 2
OUR_STATES = slice(0, OWN_STATES)
UNDER_CONTRACT, CONVERTED = 1, 2  # the states of contract customers: as at the opening, and moved to another contract
PRESENCE = ("present", "future")  # ours at the opening, or not


def by_supplier(by_state: NDArray[Any], axis: int = -1) -> NDArray[Any]:
    """Along an axis of states, our stages added up: then it is one of suppliers J."""
    ours, others = np.split(by_state, [OWN_STATES], axis)
    return np.concatenate([ours.sum(axis=axis, keepdims=True), others], axis=axis)


class Axes(NamedTuple):
    """Names along every axis."""

    cells: tuple[tuple[str, str], ...]  # (allocation, move)
    periods: tuple[str, ...]  # calendar labels
    segments: tuple[str, ...]
    suppliers: tuple[str, ...]  # ("us", rivals in name order, "none")
    needs: tuple[str, ...]
    years_per_period: float
    periods_per_year: int

    @property
    def states(self) -> tuple[str, ...]:
        """States of a customer: us by stage, then each rival, then the outside option."""
        return tuple(f"us {stage}" for stage in STAGES) + self.suppliers[1:]


class Residual(NamedTuple):
    """Value beyond the horizon. `growth` and `periods` are per period / in periods."""

    method: str  # none, book, perpetuity, fade, run_off
    periods: int  # fade only
    growth: float  # perpetuity only


class Economics(NamedTuple):
    """What turns customers and their revenue into money. Money and rates are a year unless named otherwise."""

    price_ratio: Floats  # [C, R1, T, S] our price over our price today
    wallet: Floats  # [C, R1, T, S] multiplier on revenue
    demand: Floats  # [C, R1, T] multiplier on everybody's revenue, rivals' included, but not on capital: a shock
    cost_to_serve: Floats  # [C, R1, T, S] currency a year per customer of ours
    programmes: Floats  # [C, R1, T, S] currency a year spent on levers, designs and initiatives
    unallocated: Floats  # [C, R1, T] currency a year spent without a segment, beyond overhead
    run_off_wallet: Floats  # [C, R1, S] multiplier on revenue when nothing is spent on levers
    run_off_cost_to_serve: Floats  # [C, R1, S] then, with the last period's market
    stage_revenue: Floats  # [S, 3] multiplier on revenue
    margin: Floats  # [S] of revenue at today's price, after cost of goods
    capital_of_revenue: Floats  # [S] capital as a fraction of yearly revenue
    capital_per_customer: Floats  # [S] currency
    acquisition_cost: Floats  # [S] currency on joining
    acquisition_capitalised: NDArray[np.bool_]  # [S]
    overhead: float
    tax_rate: float
    discount_rate_per_period: float
    timing: str  # end, mid, start
    residual: Residual
    shares: float
    net_debt: float
    other_assets: float
    # What of programmes [C, R1, T, S] and of what is unallocated [C, R1, T] is spent to build something, once: no year
    # beyond the horizon is like it. Without axes: nothing.
    programmes_once: Floats = np.zeros(())
    unallocated_once: Floats = np.zeros(())


MONEY_OF_CELLS = (  # tables of `Economics` with axes of cells and replications
    "price_ratio", "wallet", "demand", "cost_to_serve", "programmes", "unallocated", "run_off_wallet",
    "run_off_cost_to_serve",
)  # fmt: skip
MONEY_ONCE = ("programmes_once", "unallocated_once")  # the same, or without axes
MONEY_OF_RIVALS = ("price_ratio", "cost_to_serve", "wallet", "programmes")  # tables of `Rivals` with these axes


class Buying(NamedTuple):
    """How customers buy till they are gone, see `portfolio.bg_nbd`; time is in years."""

    r: float
    alpha: float
    a: float
    b: float
    spend: tuple[float, float] | None  # p, q of gamma-gamma; None: every purchase of a customer brings the same


class Chain(NamedTuple):
    """How customers pass from state to state; K states in the order of the scenario, newcomers arrive in the first."""

    next: Floats  # [K, K] probability of being in a state a period later; what is lacking to 1 leaves for good
    money: Floats  # [K] on arrival in a state, over base revenue
    opening: Floats  # [K] where customers are at the opening, unless it is known of each


class NeedStates(NamedTuple):
    """Between which the customers of a segment move on: L in name order, of those in which some are today."""

    names: tuple[str, ...]
    share: Floats  # [L] of customers, today and on average for ever
    shift: NDArray[np.float32]  # [L, K] added to the needs weights of who is in it
    moved: NDArray[np.float32]  # [L] half the distance of it: by how much less fits what was made for the segment
    hazard: Floats  # [L, L] of moving on from one (row) to another, a year; 0 on the diagonal
    move: Floats  # [L, L] probability of being in another a period later


class Segments(NamedTuple):
    """What does not change with cell or period. [S] unless said otherwise."""

    contract: NDArray[np.bool_]  # dynamics: contract
    rows: NDArray[np.int64]  # [S + 1] the customers of segment s are rows[s]:rows[s + 1] of the population
    latest_arrival: NDArray[np.int64]  # periods completed when the last newcomer enters; 0: nobody does
    available: NDArray[np.bool_]  # [S, J] which suppliers serve the segment
    shares: Floats  # [S, J] stated shares of the market; nan where constants are stated
    share_trend: Floats  # [S, J] stated relative change of shares within the first year
    churn: Floats  # stated first-year churn of ours; nan where constants are stated
    constants: Floats  # [S, J] stated constants of the choice; nan where they are solved for
    inertia: Floats  # stated kappa; nan where it is solved for
    stage_years: Floats  # [S, 2] mean years new, mean years established
    stage_promotion: Floats  # [S, 2] probability a period of new -> established, established -> loyal
    stage_inertia: Floats  # [S, 3] multiplier on kappa by stage
    outside_inertia: Floats  # multiplier on kappa of an outsider
    revenue_spread: Floats  # coefficient of variation of a customer's revenue multiplier
    stated_revenue: Floats  # mean revenue a year of our customers where the population is drawn; nan: from a file
    converts_to: NDArray[np.int64]  # contract: the segment whose hazard converted customers approach; itself: nobody
    causal: Floats  # contract: the part of the difference that they gain
    hazard: tuple[Floats, ...]  # contract: hazard of the period that starts at m completed months, of the segment
    # itself and of the one that its customers convert to, [2, m]
    buying: tuple[Buying | None, ...]  # where customers buy till they are gone
    chain: tuple[Chain | None, ...]  # where customers pass from state to state
    need_states: tuple[NeedStates | None, ...]  # None where customers do not move between any

    @property
    def choice(self) -> NDArray[np.bool_]:
        """[S] where customers choose."""
        return ~self.contract & ~self.lawful

    @property
    def lawful(self) -> NDArray[np.bool_]:
        """[S] where what customers bring follows a law of its own, period by period: `buying` or `chain`."""
        return np.array([(a or b) is not None for a, b in zip(self.buying, self.chain, strict=True)], np.bool_)


class Choice(NamedTuple):
    """What a review weighs, per cell and period; where the market unfolds, C are its worlds. F features of a customer:
    needs, price sensitivity, misfit; where some move between need states, how far one has moved (`NeedStates.moved`);
    where allocations design more finely, then the misfit under each of a segment's finer designs."""

    coefficient: NDArray[np.float32]  # [C, T, S, J, F] utility = constant + sum of coefficient x feature
    review: Floats  # [C, T, S, J] probability of a review in the period, by current supplier
    inertia: Floats  # [C, T, S] added to kappa for our customers
    hazard_factor: Floats  # [C, T, S] contract: multiplier on the retention hazard
    conversion: Floats  # [C, T, S] contract: probability of converting, of those who have not left in the period
    shift: Floats  # [C, T, S, J] added to the constants of the choice


class RunOff(NamedTuple):
    """How customers leave beyond the horizon: rivals and our price stay as in the last period, nothing is spent."""

    choice: Choice  # of one period
    hazard: tuple[Floats, ...]  # as in `Segments`, for as many periods after the horizon as count
    v: float  # discount factor of a period


class Rivals(NamedTuple):
    """What customers bring the rivals. K rivals in name order; money and rates are a year."""

    price_ratio: Floats  # [C, R1, T, S, K] a rival's price over our price today
    price_ratio_today: Floats  # [S, K]
    cost_to_serve: Floats  # [C, R1, T, S, K] currency per customer
    wallet: Floats  # [C, R1, T, S, K] multiplier on revenue
    programmes: Floats  # [C, R1, T, S, K] currency spent on levers, beyond what corresponds to our spend of today
    margin: Floats  # [S, K] of revenue at the rival's price of today, after cost of goods
    capital_of_revenue: Floats  # [S, K] as a fraction of yearly revenue
    capital_per_customer: Floats  # [S, K] currency
    acquisition_cost: Floats  # [S, K] currency on joining
    overhead: Floats  # [K] currency


class Employees(NamedTuple):
    """Levels of the employees who serve each segment, from 0 to 1, in the mean of replications; [C, T, S]."""

    enablement: Floats
    motivation: Floats


class Experience(NamedTuple):
    """What our touchpoints deliver, per cell, in the mean of replications. M touchpoints in name order; levels are nan
    where nobody chooses. What is delivered of them is our level in `Offers`."""

    touchpoints: tuple[str, ...]  # [M]
    today: float  # D today
    owners: NDArray[np.int64]  # [C, T] distinct owners of touchpoints
    quality: Floats  # [C, T, S, M] 0 to 1
    experience: Floats  # [C, T, S] D, 0 to 1
    promised: Floats  # [C, T, S, K] our levels with what levers announce, 0 to 10
    employees: Employees | None  # where something is said of them


class Offers(NamedTuple):
    """What suppliers offer, after levers, moves and imitation, in the mean of replications; nan where they do not
    serve."""

    price: Floats  # [C, T, S, J] in the unit of the scenario's offers
    level: Floats  # [C, T, S, J, K] as customers perceive it, 0 to 10
    knowledge: Floats  # [C, T, S, J] of customers' needs, 0 to 1
    # Where rivals imitate, what each has imitated of ours since today.
    imitated_price: Floats | None = None  # [C, T, S, rivals] as a part of its price today that it took off
    imitated_level: Floats | None = None  # [C, T, S, rivals, K] points


class Waiting(NamedTuple):
    """When changes came that no calendar knows ahead; N changes of all moves, in file order."""

    changes: tuple[tuple[str, int], ...]  # [N] the move, and the change's place in its list
    start: NDArray[np.int64]  # [C, R, N] the first period in which it holds; T where it does not come
    times: NDArray[np.int64]  # [C, R, N] how often it began within the calendar


class BoardSpend(NamedTuple):
    """What boards spend on their levers; nan where an allocation has no board for one."""

    levers: tuple[str, ...]  # [L] in name order
    spend: Floats  # [C, R, T, S, L] currency a year


class Tables(NamedTuple):
    """Everything the engine reads. `today` has one cell and one period: today's spend, no move, no finer design."""

    axes: Axes
    segments: Segments
    features: NDArray[np.float32]  # [N, F] of every customer
    choice: Choice
    today: Choice
    economics: Economics
    reference: NDArray[np.int64]  # [C] the cell of the reference allocation under the same move
    run_off: RunOff | None  # where the residual method is run_off
    rivals: Rivals
    offers: Offers
    experience: Experience | None  # where the scenario states touchpoints
    boards: BoardSpend | None = None  # where allocations have some, once the market has unfolded
    waiting: Waiting | None = None  # where a move waits
