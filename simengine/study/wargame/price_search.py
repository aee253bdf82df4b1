"""Prices at which nobody gains by another: each in turn takes the best price against all others', until that rests.

The best price is looked for on a grid over the whole range, so that no distant summit is missed, and then among nodes
around the summit: the maximum of the polynomial through them, by least squares, which sees through the noise of drawn
customers and of rounding. Where there is luck, prices have intervals: those of the solution of the first-order
conditions, linearised (delta method), over the replications.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from simengine.arithmetic import student_t_quantile
from simengine.study.wargame.luck import judged_by
from simengine.tables.layout import Floats
from simengine.valuation.risk import standard_error

# [N, P] prices of P suppliers -> [P, N, R] what each supplier decides by: its own value, or that of its group
Values = Callable[[Floats], Floats]

COARSE = 13  # prices over the whole range
NODES, DEGREE = 13, 6  # around the summit: nodes and degree of the polynomial
WINDOW = {True: 0.06, False: 0.12}  # whether exact: half of what the nodes span, as a part of the price
STILL = {True: 1e-5, False: 1e-4}  # whether exact: prices that change by less, as a part, rest
MOST_ROUNDS, SLOWER_ROUNDS = 40, 15  # of best answers; then of steps half way to them, where they go round
AT_EDGE = 1e-3  # of the range: nearer to its end is at its end


@dataclass(frozen=True)
class Rest:
    """Where prices came to rest, or were when the search ended."""

    prices: Floats  # [P]
    rests: bool
    path: tuple[Floats, ...]  # prices after every round, the first as given
    at_edge: tuple[bool, ...]  # the range ends there: a price beyond it may be better
    numerical_error: Floats  # [P] how far polynomials of two degrees, and the last two rounds, are apart


class _Window(NamedTuple):
    centre: float
    half: float


class Search:
    """For prices within low and high. Pay-offs are `exact`, or means over replications, drawn in blocks of `block`."""

    def __init__(self, values: Values, low: float, high: float, exact: bool, block: int = 1) -> None:
        self.values, self.low, self.high, self.exact, self.block = values, low, high, exact, block
        self._window = WINDOW[exact]

    def rest(self, start: Floats) -> Rest:
        """Best answers from the prices `start` on."""
        prices = np.array(start)
        windows: list[_Window | None] = [None] * len(prices)
        path, errors, step, rounds = [prices.copy()], np.full(len(prices), np.inf), 1.0, MOST_ROUNDS
        rests = False
        while rounds and not rests:
            before = prices.copy()
            for i in range(len(prices)):
                best, errors[i], windows[i] = self._best(prices, i, windows[i])
                prices[i] += step * (best - prices[i])
            rests = self._still(prices, before)
            rounds -= 1
            if step == 1.0 and not rests and (rounds == 0 or any(self._still(prices, each) for each in path[:-1])):
                step, rounds = 0.5, SLOWER_ROUNDS
            path.append(prices.copy())
        edge = AT_EDGE * (self.high - self.low)
        at_edge = tuple(bool(price <= self.low + edge or price >= self.high - edge) for price in prices)
        return Rest(prices, rests, tuple(path), at_edge, errors + np.abs(path[-1] - path[-2]))

    def best(self, prices: Floats, i: int) -> float:
        """The best price of supplier i if all others keep theirs."""
        return self._best(prices, i, None)[0]

    def _still(self, prices: Floats, before: Floats) -> bool:
        return bool((np.abs(prices - before) <= STILL[self.exact] * prices).all())

    def others(self, prices: Floats, i: int) -> tuple[Floats, Floats]:
        """Other prices of supplier i, [N], over the whole range and around its own, and what it gains by each over its
        own, [N, R]."""
        own = np.r_[self._coarse(), self._around(prices[i], self._window * prices[i]), prices[i]]
        outcomes = self.values(along(prices, i, own))[i]
        return own[:-1], outcomes[:-1] - outcomes[-1]

    def half_widths(self, prices: Floats, inside: Sequence[int]) -> Floats:
        """[P] half of the 95 % interval of the prices at rest, from the replications; nan for those not `inside`, and
        where there are too few.

        Slopes g [P, R] of what everybody decides by are 0 in the mean at these prices; prices that make them so differ
        by -J^-1 g from replication to replication, J [P, P] being the mean slopes' derivatives by everybody's price.
        """
        if not inside:
            return np.full(len(prices), np.nan)
        found = [self._slopes(prices, i) for i in inside]
        jacobian = np.diag([float(second.mean()) for _, second in found])
        for row, i in enumerate(inside):
            for column, k in enumerate(inside):
                if i != k:
                    step = 0.25 * self._window * prices[k]
                    ends = [self._slopes(moved, i)[0].mean() for moved in _two_sided(prices, k, step)]
                    jacobian[row, column] = (ends[0] - ends[1]) / (2.0 * step)
        around = np.linalg.solve(jacobian, np.stack([first for first, _ in found]))
        widths = np.full(len(prices), np.nan)
        judged = judged_by(around.shape[1], self.block)
        if judged > 1:
            quantile = float(student_t_quantile(0.975, float(judged - 1)))
            widths[list(inside)] = [quantile * (standard_error(each, self.block) or 0.0) for each in around]
        return widths

    def _coarse(self) -> Floats:
        return np.linspace(self.low, self.high, COARSE)

    def _around(self, centre: float, half: float) -> Floats:
        """[NODES] Chebyshev's, which are denser near the ends and hold these, within the range."""
        spread = -np.cos(np.pi * np.arange(NODES) / (NODES - 1))
        first, last = max(self.low, centre - half), min(self.high, centre + half)
        return np.asarray(0.5 * (first + last) + 0.5 * (last - first) * spread)

    def _means(self, prices: Floats, i: int, own: Floats) -> Floats:
        return np.asarray(self.values(along(prices, i, own))[i].mean(axis=-1))

    def _best(self, prices: Floats, i: int, window: _Window | None) -> tuple[float, float, _Window]:
        """The best price of supplier i, how sure its digits are, and the window in which it was found."""
        coarse, step = self._coarse(), (self.high - self.low) / (COARSE - 1)
        if window is None:
            window = _Window(float(coarse[int(self._means(prices, i, coarse).argmax())]), step)
            nodes = self._around(*window)
            means = self._means(prices, i, nodes)
        else:
            nodes = self._around(*window)
            found = self._means(prices, i, np.r_[coarse, nodes])
            means = found[COARSE:]
            if found[:COARSE].max() > means.max():  # there is a higher summit elsewhere
                window = _Window(float(coarse[int(found[:COARSE].argmax())]), step)
                nodes = self._around(*window)
                means = self._means(prices, i, nodes)
        best, error = summit_of(nodes, means)
        while (near := self._nearer(window, best)) is not None:
            window, nodes = near, self._around(*near)
            means = self._means(prices, i, nodes)
            best, error = summit_of(nodes, means)
        return best, error, window

    def _nearer(self, window: _Window, best: float) -> _Window | None:
        """A window nearer to the best price; None if this one is near, or its best price is where the range ends."""
        smallest = self._window * best
        inside = abs(best - window.centre) <= 0.5 * window.half or best in (self.low, self.high)
        if window.half <= 1.05 * smallest and inside:
            return None
        half = max(smallest, window.half / 3.0)
        nearer = _Window(min(max(best, self.low + 0.5 * half), self.high - 0.5 * half), half)
        return None if abs(nearer.centre - window.centre) <= 1e-3 * half and half >= 0.95 * window.half else nearer

    def _slopes(self, prices: Floats, i: int) -> tuple[Floats, Floats]:
        """[R] first and second derivative by its own price of what supplier i decides by."""
        own = self._around(prices[i], self._window * prices[i])
        centre, half = 0.5 * (own[0] + own[-1]), 0.5 * (own[-1] - own[0])
        orders = np.arange(DEGREE - 1)  # of a lower degree: less noise
        powers = ((own - centre) / half)[:, None] ** orders
        coefficients = np.linalg.lstsq(powers, self.values(along(prices, i, own))[i], rcond=None)[0]
        at = (prices[i] - centre) / half
        first = orders * at ** np.maximum(orders - 1, 0)
        second = orders * (orders - 1) * at ** np.maximum(orders - 2, 0)
        return np.asarray(first @ coefficients / half), np.asarray(second @ coefficients / half**2)


def along(prices: Floats, i: int, own: Floats) -> Floats:
    """[N, P] prices of which one supplier's differ."""
    rows = np.repeat(prices[None], len(own), axis=0)
    rows[:, i] = own
    return rows


def _two_sided(prices: Floats, k: int, step: float) -> list[Floats]:
    ends = along(prices, k, prices[k] + step * np.array([1.0, -1.0]))
    return [ends[0], ends[1]]


def summit_of(own: Floats, means: Floats) -> tuple[float, float]:
    """Where the polynomial through pay-offs at some prices is highest, between the first and the last, and how far that
    is from where one of a lower degree is."""
    found = [_summit(own, means, degree) for degree in (DEGREE, DEGREE - 2)]
    return found[0], abs(found[0] - found[1])


def _summit(own: Floats, means: Floats, degree: int) -> float:
    centre, half = 0.5 * (own[0] + own[-1]), 0.5 * (own[-1] - own[0])
    size = float(np.abs(means - means.mean()).max())
    if half <= 0.0 or size == 0.0:
        return float(own[int(means.argmax())])
    polynomial = np.polynomial.Polynomial.fit((own - centre) / half, (means - means.mean()) / size, degree, [-1, 1])
    roots = polynomial.deriv().roots()
    places = np.r_[-1.0, 1.0, roots[np.abs(roots.imag) < 1e-9].real]
    places = places[np.abs(places) <= 1.0]
    return float(centre + half * places[int(polynomial(places).argmax())])
