"""The market of one `choice` segment today, and the constants and inertia that explain it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

from simengine.arithmetic import exp
from simengine.engine import opening_kernels as kernels
from simengine.engine.clash import CalibrationClash, Clash
from simengine.engine.linear import solve_linear
from simengine.engine.pool import Pool, spans
from simengine.portfolio.population import DRAWN, NOT_OURS, UNKNOWN_TENURE, Population
from simengine.scenario.calendar import MONTHS_PER_YEAR
from simengine.tables.layout import Floats, Tables

STEP_LIMIT = 2.0  # of a constant in one Newton step
NEWTON_TOLERANCE = 1e-9  # of a constant's last step: quadratic convergence leaves far less than that
SHARE_TOLERANCE = 1e-14
DIFFERENCE = 1e-5  # of a constant, for derivatives
MOST_STEPS = 60
STRONGEST_PULL = 64.0  # kappa x m: exp() of it is still far from the largest float32
SPAN = 16 * kernels.LEAF


class SegmentMarket:
    """The market of one `choice` segment today, and the solve of its constants and inertia."""

    def __init__(
        self, tables: Tables, population: Population, s: int, pool: Pool, step: int = 1, opening: Floats | None = None
    ) -> None:
        """`step` n > 1: of every n-th customer only. `opening` [n, states] is where their distributions are put."""
        segments = tables.segments
        rows = slice(segments.rows[s], segments.rows[s + 1], step)
        self.name = tables.axes.segments[s]
        self.pool = pool
        # newcomers are placed like everybody, but not in today's figures
        self.weight = np.ascontiguousarray(population.opening_weight_of(rows))
        self.supplier = np.ascontiguousarray(population.supplier[rows])
        self.count = len(self.weight)
        self.available = segments.available[s]
        self.review = tables.today.review[0, 0, s].copy()
        self.promote = segments.stage_promotion[s].copy()
        self.stage_inertia = segments.stage_inertia[s]
        self.outside_inertia = float(segments.outside_inertia[s])
        self.periods = tables.axes.periods_per_year
        self.stated_churn = float(segments.churn[s])
        self.stated_constants, self.stated_inertia = segments.constants[s], float(segments.inertia[s])
        tenure, reached = population.tenure_months[rows], float(MONTHS_PER_YEAR) * np.cumsum(segments.stage_years[s])
        self.stage = (tenure >= reached[0]).astype(np.int8) + (tenure >= reached[1])  # [n] of ours, by tenure
        self.stage[tenure == UNKNOWN_TENURE] = kernels.ANY_STAGE
        coefficient = np.ascontiguousarray(tables.today.coefficient[0, 0, s])
        features = np.ascontiguousarray(tables.features[rows, : coefficient.shape[-1]])  # without finer designs
        reference = len(self.available) - 1 if self.available[-1] else 0  # its constant is 0
        self.free = [j for j in range(len(self.available)) if self.available[j] and j != reference]
        # Newton starts where all offers are equally good on average, however much their levels and prices differ.
        centre = self._weighted(features) / self.weight.sum()
        self.start = np.zeros(len(self.available))
        for j in self.free:
            self.start[j] = ((coefficient[reference] - coefficient[j]) * centre).sum()
        self.constants = self.start.copy()
        self.B = self._offer_weights(features, coefficient)
        self.inertia = 0.0
        self.strongest = STRONGEST_PULL / max(1e-9, *self.stage_inertia, 1.0, self.outside_inertia)
        self.opening = np.empty((self.count, len(self.available) + 2)) if opening is None else opening
        self.resting_constants = self.constants  # those with which customers were placed
        self.fixed = bool((self.supplier != DRAWN).any())  # a file says where customers are at the opening
        self.known = np.full(self.count, kernels.ANYWHERE, np.uint8)
        prospects = bool((self.supplier == NOT_OURS).any())
        if prospects and len(self.free) > 1:  # with one alternative, who is not ours is the alternative's anyway
            self.known[:] = np.where(self.supplier == NOT_OURS, kernels.NOT_OURS, kernels.OURS)
        self.trend = segments.share_trend[s]
        self.at_rest = not (self.fixed or self.trend.any())  # the stationary state is where the market stays
        self.target = segments.shares[s]
        if self.fixed and not prospects:  # the file's own shares, which the stated ones only approximate
            at = np.array([self.weight[self.supplier == j].sum() for j in range(len(self.available))])
            self.target = at / self.weight.sum()

    def solve(self) -> tuple[Floats, float]:
        """Constants [J] and inertia that reproduce today; the stated ones where the scenario states them."""
        self.constants = self.start.copy()
        if not np.isnan(self.stated_inertia):
            self.constants, self.inertia = (
                np.where(self.available, self.stated_constants, 0.0),
                self.stated_inertia,
            )
            self.place()
            if not np.isfinite(self.opening_shares()).all():
                raise CalibrationClash([self._too_far()])
            return self.constants, self.inertia
        most, least = self._churn_at(0.0), max(0.0, -float(self.trend[0]))
        if not least < self.stated_churn < most:
            raise CalibrationClash([self._clash(most, least)])
        high = min(1.0, self.strongest)
        while self._churn_at(high) > self.stated_churn:
            if high == self.strongest:
                raise CalibrationClash([self._clash(most, self._churn_at(self.strongest))])
            high = min(2.0 * high, self.strongest)
        kappa = brentq(lambda k: self._churn_at(k) - self.stated_churn, 0.0, high, xtol=1e-13, rtol=1e-13)
        self._churn_at(float(kappa))
        if self.at_rest:
            self.place()
        return self.constants, self.inertia

    def solve_at_rest(self, inertia: float, constants: Floats) -> None:
        """Put down a solution whose inertia and constants of today are known; the constants at rest are found again
        where they are others."""
        self.inertia, self.constants = inertia, constants.copy()
        if not self.at_rest:
            self.constants = self._root(self._stationary_error)
        self.place()
        self.constants = constants.copy()

    def churn(self) -> float:
        """Fraction of our opening customers who leave at least once in the first year."""
        return float(1.0 - self.year_on_sums()[-1] / self.our_opening_weight())

    def our_opening_weight(self) -> float:
        """How many customers of ours there are at the opening."""
        return float((self.weight * self.opening[:, :3].sum(axis=1)).sum())

    def opening_shares(self) -> Floats:
        """[J] shares of the market at the opening."""
        mass = self._weighted(self.opening)
        return np.asarray(np.concatenate([[mass[:3].sum()], mass[3:]]) / self.weight.sum())

    def stage_multipliers(self, revenue: Floats) -> Floats:
        """[n] expected multiplier on revenue of the stage at the opening, given that the customer is ours; at rest for
        who is known not to be. `revenue` [3] by stage."""
        multipliers = np.empty(self.count)
        A, pull = self._scale(self.resting_constants), self._pull()
        self._over_customers(
            lambda a, b: kernels.stage_multipliers(
                self.B, A, self.review, pull, self.promote, self.opening, revenue, a, b, multipliers
            )
        )
        return multipliers

    def _offer_weights(self, features: NDArray[np.float32], coefficient: NDArray[np.float32]) -> Floats:
        """Of features [n, F], with the start's constants: see `opening_kernels.offer_weights`."""
        weights = np.empty((self.count, len(self.available)))
        self._over_customers(
            lambda a, b: kernels.offer_weights(features[a:b], coefficient, self.start, self.available, weights[a:b])
        )
        return weights

    def _clash(self, most: float, least: float) -> Clash:
        share = self.target[0]
        figures = f"share {share:.1%}{', its trend' if self.trend.any() else ''} and the review rate"
        return Clash(
            self.name, "churn", f"churn {self.stated_churn:.4%} a year",
            f"more than {least:.4%} and less than {most:.4%}, what {figures} allow",
            "lower churn or raise review: only customers who review can leave, and without any inertia "
            f"{most:.2%} of ours would leave in the first year",
        )  # fmt: skip

    def _churn_at(self, inertia: float) -> float:
        """Solve the constants for an inertia, warm-started from the last ones; the churn that follows."""
        self.inertia = inertia
        if self.at_rest:
            self.constants = self._root(self._stationary_error)
            sums = self.stationary_sums()
            return float(1.0 - sums[-1] / sums[0])
        # At rest first: it says where the customers start that the file does not place. Then the year on.
        self.constants = self._root(self._stationary_error)
        self.place()
        later = self.shares_wanted_a_year_on()
        self.constants = self._root(self._numerically(lambda: self.shares_a_year_on() - later))
        return self.churn()

    def shares_wanted_a_year_on(self) -> Floats:
        """[J] shares of the opening market after a year, as stated: those of the opening, changed by their trend."""
        later = self.opening_shares()
        if self.trend.any():
            later = later * (1.0 + self.trend)
            later /= later.sum()
        return later

    def _root(self, error: Callable[[Floats], tuple[Floats, Floats]]) -> Floats:
        """Constants [J] where `error` is 0, by Newton steps; it returns its value [J] and Jacobian [J, J] there."""
        constants = self.constants.copy()
        for _ in range(MOST_STEPS):
            residual, jacobian = error(constants)
            residual, jacobian = residual[self.free], jacobian[np.ix_(self.free, self.free)]
            try:
                step = np.array(solve_linear(jacobian.tolist(), (-residual).tolist()))
            except ZeroDivisionError:
                break
            largest = float(np.abs(step).max(initial=0.0))
            if largest > STEP_LIMIT:
                step *= STEP_LIMIT / largest
            constants[self.free] += step
            if largest < NEWTON_TOLERANCE or float(np.abs(residual).max(initial=0.0)) < SHARE_TOLERANCE:
                return constants
        raise CalibrationClash([self._unexplained()])

    def _unexplained(self) -> Clash:
        """No constants were found."""
        if self.trend.any():
            changes = ", ".join(f"{change:+.2%}" for change in self.trend[self.available])
            return Clash(
                self.name, "share_trend", f"shares that change by {changes}", "changes that reviews can bring about",
                "state smaller changes or a higher review rate: only customers who review can move",
            )  # fmt: skip
        shares = ", ".join(f"{share:.4%}" for share in self.target)
        return Clash(
            self.name, "shares", f"shares {shares}", "shares that some constants of the choice explain",
            "the offers differ too much for these shares: check levels, points_worth and price_sensitivity",
        )  # fmt: skip

    def _too_far(self) -> Clash:
        """Utilities whose exp() is no number."""
        return Clash(
            self.name, "price_sensitivity", "offers too far apart: nobody can say whom customers choose",
            "utilities within some hundreds of each other",
            "check levels, points_worth and price_sensitivity",
        )  # fmt: skip

    def _stationary_error(self, constants: Floats) -> tuple[Floats, Floats]:
        """Shares at rest against the target, with exact derivatives."""
        self.constants = constants
        sums, total, n = self.stationary_sums(), self.weight.sum(), len(constants)
        return sums[:n] / total - self.target, sums[n : n + n * n].reshape(n, n) / total

    def shares_a_year_on(self) -> Floats:
        """[J] shares of the opening market after a year in which nobody acts."""
        return np.asarray(self.year_on_sums()[:-1] / self.weight.sum())

    def _numerically(self, error: Callable[[], Floats]) -> Callable[[Floats], tuple[Floats, Floats]]:
        """`error` at given constants, with derivatives by central differences: exact enough for Newton."""

        def at(constants: Floats) -> Floats:
            self.constants = constants
            return error()

        def with_derivatives(constants: Floats) -> tuple[Floats, Floats]:
            jacobian = np.zeros((len(constants), len(constants)))
            for j in self.free:
                step = np.zeros(len(constants))
                step[j] = DIFFERENCE
                jacobian[:, j] = (at(constants + step) - at(constants - step)) / (2.0 * DIFFERENCE)
            return at(constants), jacobian

        return with_derivatives

    def _pull(self) -> Floats:
        """exp(kappa x m) by state."""
        multipliers = [*self.stage_inertia, *([1.0] * (len(self.available) - 2)), self.outside_inertia]
        return np.array([exp(self.inertia * m) for m in multipliers])

    def _scale(self, constants: Floats) -> Floats:
        return np.array([exp(change) for change in constants - self.start])

    def stationary_sums(self, slopes: bool = True) -> Floats:
        """[J + J x J + 1] customers of each supplier at rest, derivatives by constants (0 without `slopes`), and those
        of ours who do not leave in a year."""
        n = len(self.available)
        A, pull = self._scale(self.constants), self._pull()
        return self._sum(
            n + n * n + 1,
            lambda a, b, out: kernels.stationary_sums(
                self.B,
                self.weight,
                self.known,
                A,
                self.review,
                pull,
                self.promote,
                self.periods,
                slopes,
                a,
                b,
                out,
            ),
        )

    def year_on_sums(self) -> Floats:
        """[J + 1] customers of each supplier a year after the opening, and those of ours who never left."""
        A, pull = self._scale(self.constants), self._pull()
        return self._sum(
            len(self.available) + 1,
            lambda a, b, out: kernels.year_on_sums(
                self.B, self.weight, self.opening, A, self.review, pull, self.promote, self.periods, a, b, out
            ),
        )

    def place(self) -> None:
        """The opening distribution of every customer: stationary, given what its file fixes."""
        self.resting_constants = self.constants
        A, pull = self._scale(self.constants), self._pull()
        self._over_customers(
            lambda a, b: kernels.opening_states(
                self.B, A, self.review, pull, self.promote, self.supplier, self.stage, a, b, self.opening
            )
        )

    def _sum(self, columns: int, add: Callable[[int, int, Floats], None]) -> Floats:
        leaves = np.zeros(((self.count + kernels.LEAF - 1) // kernels.LEAF, columns))
        self._over_customers(lambda a, b: add(a, b, leaves))
        return np.asarray(leaves.sum(axis=0))

    def _weighted(self, columns: NDArray[np.floating]) -> Floats:
        """[column] weighted sum over the customers, a span at a time: the bits are those of one sum."""
        total = np.zeros(columns.shape[1])
        for a, b in spans(0, self.count, SPAN):
            span = columns[a:b] * self.weight[a:b, None]
            span[0] += total
            total = span.sum(axis=0)
        return np.asarray(total)

    def _over_customers(self, work: Callable[[int, int], None]) -> None:
        self.pool.each(lambda _, span: work(*span), spans(0, self.count, SPAN))
