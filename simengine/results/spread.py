"""Where the spread of value comes from: not knowing the inputs, luck, and simulating only so often.

With inputs x and luck l, the variance of value Y in a replication is that of what is to be expected given the inputs,
Var E[Y | x], and the mean variance given them, E Var[Y | x] (the law of total variance; Saltelli et al. 2010,
doi:10.1016/j.cpc.2009.09.018). Draws that are simulated twice, with other luck, differ by luck alone: half the mean
square of their difference is the second without bias, and the rest of the whole is the first. The variance of the
whole is that of replications about their mean, and that of the mean over blocks, so that it has no bias either where
replications are drawn in blocks.
"""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simengine.tables.inputs import SOBOL_BLOCK
from simengine.tables.layout import Floats
from simengine.tables.unfolding import has_luck
from simengine.valuation.risk import LEAST_BLOCKS, standard_error

if TYPE_CHECKING:
    from simengine.results.finished_run import Run

HALF = 0.5


class Spread(NamedTuple):
    """Variances of one replication, in the square of the unit of what is asked about, and the error of its mean; None
    where there are too few replications, or blocks, to say. What cannot be is exactly 0."""

    not_knowing: float | None
    luck: float | None
    not_knowing_error: float | None  # standard errors of the two
    luck_error: float | None
    error_of_mean: float | None


def spread(values: Floats, block: int, again: tuple[NDArray[np.int64], Floats] | None, lucky: bool) -> Spread:
    """Of `values` [R]; `again` are [K] which of them, and [K] their values with other luck, None where nobody looked.
    Without luck (`lucky`) all is not knowing."""
    error = standard_error(values, block)
    if error is None:
        return Spread(None, None if lucky else 0.0, None, None if lucky else 0.0, None)
    rows, others = (np.zeros(0, np.int64), np.zeros(0)) if again is None else again
    if not lucky:
        whole, spread_error = _jackknife(values, block, rows, others)[0]
        return Spread(whole, 0.0, spread_error, 0.0, error)
    if again is None:
        return Spread(None, None, None, None, error)
    (whole, _), (luck, luck_error), (rest, rest_error) = _jackknife(values, block, rows, others)
    return Spread(rest, luck, rest_error, luck_error, error)


def _jackknife(values: Floats, block: int, rows: NDArray[np.int64], others: Floats) -> list[tuple[float, float | None]]:
    """Variance of the whole, of luck, and what is left, each with its standard error: by leaving out a block at a time
    (Efron & Stein 1981, doi:10.1214/aos/1176345462)."""
    blocks = len(values) // block
    squares = HALF * (others - values[rows]) ** 2
    place = rows // block

    def estimates(kept: Floats, luck: Floats) -> Floats:
        error = standard_error(kept, block)
        whole = float(((kept - kept.mean()) ** 2).mean()) + (error or 0.0) ** 2
        drawn = float(luck.mean()) if len(luck) else 0.0
        return np.array([whole, drawn, whole - drawn])

    found = estimates(values, squares)
    if blocks < 3:
        return [(each, None) for each in found.tolist()]
    kept = values[: blocks * block].reshape(blocks, block)
    left = np.array(
        [estimates(np.delete(kept, b, axis=0).ravel(), squares[place != b]) for b in range(blocks)]
    )  # [blocks, 3]
    errors = np.sqrt(((left - left.mean(axis=0)) ** 2).sum(axis=0) * ((blocks - 1) / blocks))
    return list(zip(found.tolist(), errors.tolist(), strict=True))


def spread_in_cell(run: Run, cell: int, reference: int | None = None) -> Spread:
    """Of value per share in a cell, or of its difference from that in another, currency."""
    valuation, drawn = run.valuation, run.drawn
    steps = valuation.money_scale * valuation.shares

    def of(equity: Any) -> Floats:
        own = equity[cell] if reference is None else equity[cell] - equity[reference]
        return np.asarray(own / steps)

    again = None if drawn is None or drawn.again is None else (drawn.again.rows, of(drawn.again.equity))
    lucky = run.options.mode == "sampled" or has_luck(run.scenario)
    return spread(of(valuation.equity), valuation.block, again, lucky)


def spread_of(run: Run, cell: int) -> dict[str, Any]:
    """The block `spread` of a cell of the summary, alone in a mapping; empty where no input is uncertain."""
    if run.drawn is None:
        return {}
    reference = int(run.tables.reference[cell])
    return {
        "spread": {
            "value_per_share": _document(spread_in_cell(run, cell), run.valuation.replications),
            "difference": _document(spread_in_cell(run, cell, reference), run.valuation.replications),
        }
    }


def _document(found: Spread, replications: int) -> dict[str, Any]:
    """Standard deviations, with their errors; variances may come out below 0, where there is nothing."""
    return {
        "not_knowing": _sd(found.not_knowing),
        "luck": _sd(found.luck),
        "simulation_error": found.error_of_mean,
        "variance": {
            "not_knowing": found.not_knowing,
            "not_knowing_error": found.not_knowing_error,
            "luck": found.luck,
            "luck_error": found.luck_error,
        },
    }


def _sd(variance: float | None) -> float | None:
    return None if variance is None else sqrt(max(variance, 0.0))


def uncertain_of(run: Run) -> dict[str, Any]:
    """The block `uncertain` of the summary, alone in a mapping; empty where no input is: how inputs were drawn, each
    with its mean and spread over the replications, and what halves the error of the mean."""
    drawn = run.drawn
    if drawn is None:
        return {}
    block, count = run.valuation.block, run.valuation.replications
    return {
        "uncertain": {
            "drawn": run.scenario.simulation.inputs,
            "block": block,
            "blocks": count // block,
            "simulated_again": 0 if drawn.again is None else len(drawn.again.rows),
            "inputs": [_input(path, drawn.values[:, i]) for i, path in enumerate(drawn.paths)],
            "halved_by": halved_by(run),
        }
    }


def _input(path: str, values: Floats) -> dict[str, Any]:
    p5, p95 = (float(each) for each in np.percentile(values, (5, 95)))
    mean = float(values.mean())
    return {"path": path, "mean": mean, "sd": float(np.sqrt(((values - mean) ** 2).mean())), "p5": p5, "p95": p95}


def halved_by(run: Run) -> list[dict[str, Any]]:
    """What would halve the error of value per share in the cell in which it is largest: settings, and how many times
    the replications of this run that takes; the cheapest first.

    Luck and not knowing each add their variance over the replications to that of the mean. Sobol points take nearly all
    of not knowing away, expected values the luck of customers, which is all where the market has none. Of a run that
    stopped at a precision it is half of the one reached, with at most so many replications; one that stopped at a
    decision needs none.
    """
    found = [spread_in_cell(run, c) for c in range(len(run.tables.axes.cells))]
    most = max(found, key=lambda each: each.error_of_mean or 0.0)
    error, count = most.error_of_mean, run.valuation.replications
    if not error:
        return []
    ways: list[dict[str, Any]] = []
    as_precise = []
    if run.stopping is not None:  # replications are the most that there may be
        if run.stopping.reached is None:
            return []
        as_precise = [f"simulation.precision={100.0 * HALF * run.stopping.reached:.2g}%"]
    needed = error * HALF
    luck = max(most.luck or 0.0, 0.0)
    if run.scenario.simulation.inputs != "sobol" and most.luck is not None:
        replications = _blocks_up(max(luck / (needed * needed), float(LEAST_BLOCKS * SOBOL_BLOCK)))
        if replications < 4 * count:
            settings = ["simulation.inputs=sobol", *as_precise]
            ways.append({"set": settings, "replications": replications, "times": replications / count})
    if run.options.mode == "sampled" and not has_luck(run.scenario) and most.not_knowing is not None:
        replications = _blocks_up(max(most.not_knowing, 0.0) / (needed * needed))
        if replications < 4 * count:
            settings = ["simulation.mode=expected", *as_precise]
            ways.append({"set": settings, "replications": replications, "times": replications / count})
    ways.append({"set": as_precise, "replications": 4 * count, "times": 4.0})
    return sorted(ways, key=lambda way: float(way["times"]))


def _blocks_up(replications: float) -> int:
    """A whole number of blocks of Sobol points."""
    return max(1, -(-int(np.ceil(replications)) // SOBOL_BLOCK)) * SOBOL_BLOCK
