"""Today, reproduced before any what-if: constants and inertia that explain the company's own figures.

For an inertia kappa, Newton steps find the constants whose stationary state has the stated shares; outside them,
Brent's method finds the kappa that loses the stated fraction of our customers in the first year (churn falls
strictly in kappa). Where a file fixes suppliers, the constants are then moved so that the shares a year on are
the opening ones. The stationary state is the opening: nothing moves until somebody acts.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

from simengine.arithmetic import exp
from simengine.engine import opening_kernels as kernels
from simengine.engine.linear import solve_linear
from simengine.engine.pool import Pool, spans
from simengine.portfolio.population import DRAWN, NOT_OURS, UNKNOWN_TENURE, Population
from simengine.tables.layout import Tables

Floats = NDArray[np.float64]
STEP_LIMIT = 2.0  # of a constant in one Newton step
NEWTON_TOLERANCE = 1e-12
MOST_STEPS = 60
STRONGEST_PULL = 64.0  # kappa x m: exp() of it is still far from the largest float32
SPAN = 16 * kernels.LEAF


class Clash(NamedTuple):
    """Figures of a segment that no constants and inertia can explain together."""

    segment: str
    field: str  # the field to point at: churn or shares
    found: str
    expected: str
    suggestion: str


class CalibrationClash(Exception):
    """Stated figures that exclude each other, for every segment where they do."""

    def __init__(self, clashes: list[Clash]) -> None:
        super().__init__("; ".join(f"{c.segment}: {c.found}; expected {c.expected}" for c in clashes))
        self.clashes = clashes


class Opening(NamedTuple):
    """Today as the engine reproduces it. Modelled figures are of the population that is simulated."""

    constants: Floats  # [S, J] alpha of the choice; the outside option's (or ours, without one) is 0
    inertia: Floats  # [S] kappa
    states: Floats  # [N, states] opening distribution of every customer; a fixed one is a row of 0 and 1
    base_revenue: Floats  # [N] a year, at today's price, before the multiplier of the stage
    shares: Floats  # [S, J] modelled at the opening
    churn: Floats  # [S] modelled, of ours in the first year; nan in contract segments
    revenue: Floats  # [S] modelled mean a year of our customers


def solve_opening(tables: Tables, population: Population, workers: int = 1) -> Opening:
    """Solve every segment. Raises `CalibrationClash` with all segments whose figures exclude each other."""
    axes, segments = tables.axes, tables.segments
    count, suppliers = segments.available.shape
    opening = Opening(
        constants=np.zeros((count, suppliers)),
        inertia=np.zeros(count),
        states=np.zeros((len(population.ids), suppliers + 2)),
        base_revenue=population.revenue.copy(),
        shares=np.zeros((count, suppliers)),
        churn=np.full(count, np.nan),
        revenue=np.full(count, np.nan),
    )
    pool = Pool(workers)
    clashes: list[Clash] = []
    for s in range(count):
        rows = slice(segments.rows[s], segments.rows[s + 1])
        if segments.contract[s]:
            opening.states[rows, 1] = 1.0
            opening.shares[s, 0] = 1.0
        else:
            try:
                market = SegmentMarket(tables, population, s, pool)
                opening.constants[s], opening.inertia[s] = market.solve()
                opening.states[rows] = market.opening
                opening.shares[s] = market.opening_shares()
                opening.churn[s] = market.churn()
            except CalibrationClash as clash:
                clashes += clash.clashes
                continue
        opening.revenue[s] = _set_base_revenue(tables, population, opening, s, rows)
    if clashes:
        raise CalibrationClash(clashes)
    return opening


def _set_base_revenue(tables: Tables, population: Population, opening: Opening, s: int, rows: slice) -> float:
    """Divide revenue by the expected multiplier of the opening stage; bring a drawn population to the stated mean."""
    own = opening.states[rows, :3]
    ours = own.sum(axis=1)
    weight = population.weight[rows] * ours
    multiplier = (own * tables.economics.stage_revenue[s]).sum(axis=1) / np.where(ours > 0.0, ours, 1.0)
    base = population.revenue[rows] / np.where(ours > 0.0, multiplier, 1.0)
    stated = tables.segments.stated_revenue[s]
    total = weight.sum()
    if total == 0.0:
        return float("nan")
    mean = (weight * population.revenue[rows]).sum() / total
    if not np.isnan(stated) and mean > 0.0:
        base *= stated / mean
    opening.base_revenue[rows] = base
    return float((weight * base * multiplier).sum() / total)


class SegmentMarket:
    """The market of one `choice` segment today, and the solve of its constants and inertia."""

    def __init__(self, tables: Tables, population: Population, s: int, pool: Pool) -> None:
        segments = tables.segments
        rows = slice(segments.rows[s], segments.rows[s + 1])
        self.name = tables.axes.segments[s]
        self.pool = pool
        self.weight = population.weight[rows].copy()
        self.supplier = population.supplier[rows]
        self.tenure_months = population.tenure_months[rows]
        self.count = len(self.weight)
        self.available = segments.available[s]
        self.review = tables.today.review[0, 0, s].copy()
        self.promote = segments.stage_promotion[s].copy()
        self.stage_inertia = segments.stage_inertia[s]
        self.outside_inertia = float(segments.outside_inertia[s])
        self.periods = tables.axes.periods_per_year
        self.stated_shares, self.stated_churn = segments.shares[s], float(segments.churn[s])
        self.stated_constants, self.stated_inertia = segments.constants[s], float(segments.inertia[s])
        self.established_months, self.loyal_months = 12.0 * np.cumsum(segments.stage_years[s])
        self.B = np.empty((self.count, len(self.available)))
        coefficient = np.ascontiguousarray(tables.today.coefficient[0, 0, s])
        features = tables.features[rows]
        self._over_customers(lambda a, b: kernels.offer_weights(features[a:b], coefficient, self.available, self.B[a:b]))
        reference = len(self.available) - 1 if self.available[-1] else 0
        self.free = [j for j in range(len(self.available)) if self.available[j] and j != reference]
        self.constants = np.zeros(len(self.available))
        self.inertia = 0.0
        self.opening = np.empty((self.count, len(self.available) + 2))

    @property
    def fixed(self) -> bool:
        """Whether a file says where customers are at the opening."""
        return bool((self.supplier != DRAWN).any())

    def solve(self) -> tuple[Floats, float]:
        """Constants [J] and inertia that reproduce today; the stated ones where the scenario states them."""
        if not np.isnan(self.stated_inertia):
            self.constants, self.inertia = np.where(self.available, self.stated_constants, 0.0), self.stated_inertia
            self._place()
            return self.constants, self.inertia
        most = self._churn_at(0.0)
        if not 0.0 < self.stated_churn < most:
            raise CalibrationClash([self._clash(most)])
        strongest = STRONGEST_PULL / max(1e-9, *self.stage_inertia, 1.0, self.outside_inertia)
        high = min(1.0, strongest)
        while self._churn_at(high) > self.stated_churn:
            if high == strongest:
                raise CalibrationClash([self._clash(most, self._churn_at(strongest))])
            high = min(2.0 * high, strongest)
        kappa = brentq(lambda k: self._churn_at(k) - self.stated_churn, 0.0, high, xtol=1e-13, rtol=1e-13)
        self._churn_at(float(kappa))
        if not self.fixed:
            self._place()
        return self.constants, self.inertia

    def churn(self) -> float:
        """Fraction of our opening customers who leave at least once in the first year."""
        sums = self._year_on()
        return float(1.0 - sums[-1] / (self.weight * self.opening[:, :3].sum(axis=1)).sum())

    def opening_shares(self) -> Floats:
        """[J] shares of the market at the opening."""
        mass = (self.opening * self.weight[:, None]).sum(axis=0)
        return np.concatenate([[mass[:3].sum()], mass[3:]]) / self.weight.sum()

    def _clash(self, most: float, least: float = 0.0) -> Clash:
        share = self.stated_shares[0]
        return Clash(
            self.name, "churn", f"churn {self.stated_churn:.4%} a year",
            f"more than {least:.4%} and less than {most:.4%}, what share {share:.1%} and the review rate allow",
            "lower churn or raise review: only customers who review can leave, and without any inertia "
            f"{most:.2%} of ours would leave in the first year",
        )  # fmt: skip

    def _churn_at(self, inertia: float) -> float:
        """Solve the constants for an inertia, warm-started from the last ones; the churn that follows."""
        self.inertia = inertia
        self.constants = self._newton(self._stationary_error)
        if not self.fixed:
            sums = self._stationary()
            return float(1.0 - sums[-1] / sums[0])
        self._place()  # with the stationary constants, before those of the year on replace them
        opening = self.opening_shares()
        self.constants = self._newton(lambda constants: self._year_on_error(constants, opening))
        return self.churn()

    def _newton(self, error: Callable[[Floats], tuple[Floats, Floats]]) -> Floats:
        """Root of `error`, which returns (F [free], its Jacobian [free, free]) at constants [J]."""
        constants = self.constants.copy()
        for _ in range(MOST_STEPS):
            residual, jacobian = error(constants)
            try:
                step = np.array(solve_linear(jacobian.tolist(), (-residual).tolist()))
            except ZeroDivisionError:
                break
            largest = float(np.abs(step).max(initial=0.0))
            if largest > STEP_LIMIT:
                step *= STEP_LIMIT / largest
            constants[self.free] += step
            if largest < NEWTON_TOLERANCE or float(np.abs(residual).max(initial=0.0)) < 1e-15:
                return constants
        shares = ", ".join(f"{share:.4%}" for share in self.stated_shares)
        raise CalibrationClash(
            [Clash(self.name, "shares", f"shares {shares}", "shares that some constants of the choice explain",
                   "the offers differ too much for these shares: check levels, points_worth and price_sensitivity")]
        )  # fmt: skip

    def _stationary_error(self, constants: Floats) -> tuple[Floats, Floats]:
        self.constants = constants
        sums, total, n = self._stationary(), self.weight.sum(), len(constants)
        jacobian = sums[n : n + n * n].reshape(n, n) / total
        return (sums[:n] / total - self.stated_shares)[self.free], jacobian[np.ix_(self.free, self.free)]

    def _year_on_error(self, constants: Floats, target: Floats) -> tuple[Floats, Floats]:
        """Shares a year on against the opening's; derivatives by central differences, exact enough for Newton."""

        def shares(at: Floats) -> Floats:
            self.constants = at
            return (self._year_on()[:-1] / self.weight.sum())[self.free]

        columns = []
        for j in self.free:
            ahead, behind = constants.copy(), constants.copy()
            ahead[j] += 1e-5
            behind[j] -= 1e-5
            columns.append((shares(ahead) - shares(behind)) / 2e-5)
        return shares(constants) - target[self.free], np.array(columns).T.reshape(len(self.free), len(self.free))

    def _pull(self) -> Floats:
        """exp(kappa x m) by state."""
        multipliers = [*self.stage_inertia, *([1.0] * (len(self.available) - 2)), self.outside_inertia]
        return np.array([exp(self.inertia * m) for m in multipliers])

    def _scale(self) -> Floats:
        return np.array([exp(constant) for constant in self.constants])

    def _stationary(self) -> Floats:
        n = len(self.available)
        A, pull = self._scale(), self._pull()
        return self._sum(
            n + n * n + 1,
            lambda a, b, out: kernels.stationary_sums(
                self.B, self.weight, A, self.review, pull, self.promote, self.periods, a, b, out
            ),
        )

    def _year_on(self) -> Floats:
        A, pull = self._scale(), self._pull()
        return self._sum(
            len(self.available) + 1,
            lambda a, b, out: kernels.year_on_sums(
                self.B, self.weight, self.opening, A, self.review, pull, self.promote, self.periods, a, b, out
            ),
        )

    def _place(self) -> None:
        """The opening distribution of every customer: stationary, given what its file fixes."""
        A, pull = self._scale(), self._pull()
        self._over_customers(
            lambda a, b: kernels.stationary_states(self.B, A, self.review, pull, self.promote, a, b, self.opening)
        )
        if not self.fixed:
            return
        for j in range(len(self.available)):
            there = self.supplier == j
            kept = slice(0, 3) if j == 0 else slice(2 + j, 3 + j)
            self.opening[there] = _given(self.opening[there], kept)
        known = (self.supplier == 0) & (self.tenure_months != UNKNOWN_TENURE)
        stage = (self.tenure_months >= self.established_months).astype(int) + (self.tenure_months >= self.loyal_months)
        self.opening[known] = np.eye(len(self.available) + 2)[stage[known]]
        prospects = self.supplier == NOT_OURS
        self.opening[prospects] = _given(self.opening[prospects], slice(3, None))

    def _sum(self, columns: int, add: Callable[[int, int, Floats], None]) -> Floats:
        leaves = np.zeros(((self.count + kernels.LEAF - 1) // kernels.LEAF, columns))
        self._over_customers(lambda a, b: add(a, b, leaves))
        return leaves.sum(axis=0)

    def _over_customers(self, work: Callable[[int, int], None]) -> None:
        self.pool.each(lambda _, span: work(*span), spans(0, self.count, SPAN))


def _given(states: Floats, kept: slice) -> Floats:
    """Distributions conditional on being in the `kept` states."""
    conditional = np.zeros_like(states)
    conditional[:, kept] = states[:, kept] / states[:, kept].sum(axis=1, keepdims=True)
    return conditional
