"""The bridge by change: what each change between two allocations contributes to their difference in value.

Changes are the players of a game, the worth of a coalition is our equity under an allocation in which these changes are
made and no others: a cell for each, all of one run, which see the same luck. See `shapley`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from simengine.engine.ledger import Integers
from simengine.portfolio.progress import Progress, unseen
from simengine.results.run import Run
from simengine.scenario.model import Scenario
from simengine.study.bridge.changes import Change, changes_between, mixed
from simengine.study.bridge.document import figure
from simengine.study.bridge.shapley import (
    Coalition,
    coalitions_of,
    interactions,
    orders,
    sampled_shapley,
    shapley,
)
from simengine.study.studied import only
from simengine.tables.layout import Floats
from simengine.valuation.grid import exact_sum

EXACT = 10  # changes, up to which every coalition is simulated
WORLDS = 1024  # that may be simulated: 2 ** EXACT
FEWEST_PAIRS = 12  # of orders: what differs in one of some pairs only may show in none of fewer


@dataclass(frozen=True)
class ByChange:
    """In steps of 1 / `steps_per_share` a share; n changes, R replications."""

    changes: tuple[Change, ...]
    contributions: Integers  # [n, R] their sum is the difference, exactly
    alone: Integers  # [n, R] what each adds where no other is made
    last: Integers  # [n, R] and where all others are
    interaction: tuple[int, int, float] | None  # the pair that adds most, or least, beside each one's own; steps
    orders: int | None  # that were drawn; None: contributions are of all orders
    half_width: Floats | None  # [n] of the 95 % interval by the orders that were drawn, steps
    steps_per_share: float

    def document(self) -> dict[str, Any]:
        """For JSON; money per share."""
        step = self.steps_per_share
        widths = [None] * len(self.changes) if self.half_width is None else (self.half_width / step).tolist()
        pair = self.interaction
        return {
            "changes": [
                {
                    "change": change.label,
                    "before": change.before,
                    "after": change.after,
                    **figure(self.contributions[i], step),
                    "half_width_of_orders": widths[i],
                    "alone": figure(self.alone[i], step)["value_per_share"],
                    "last": figure(self.last[i], step)["value_per_share"],
                }
                for i, change in enumerate(self.changes)
            ],
            "orders": self.orders,
            "interaction": pair
            and {
                "between": [self.changes[i].label for i in pair[:2]],
                "value_per_share": pair[2] / step,
            },
        }


def by_change(
    run: Run, allocation: str, to: str, move: str, *, worlds: int = WORLDS, progress: Progress = unseen
) -> ByChange:
    """The bridge from the allocation `to` to `allocation`, of a run that has both, under a move of it.

    Exact where all coalitions of changes are at most so many `worlds`, else from as many orders of making the changes
    as these suffice for. The cells of coalitions are simulated on the run's customers, in its replications.
    """
    before, after = (run.scenario.allocations[name] for name in (to, allocation))
    changes = changes_between(run.scenario, before, after)
    n = len(changes)
    if not n:
        valuation = run.valuation
        nothing = np.zeros((0, valuation.replications), np.int64)
        return ByChange((), nothing, nothing, nothing, None, None, None, valuation.money_scale * valuation.shares)
    all_of_them = (1 << n) - 1
    drawn = None
    coalitions: Iterable[Coalition] = range(1 << n)
    if 1 << n > worlds:
        drawn = orders(run.options.seed, n, max((worlds - 2 * n - 2) // (2 * n), FEWEST_PAIRS))
        ends = [each for i in range(n) for each in (1 << i, all_of_them ^ 1 << i)]
        coalitions = sorted({*ends, *(each for order in drawn.tolist() for each in coalitions_of(order))})
    made = {each: mixed(before, after, [c for i, c in enumerate(changes) if each >> i & 1]) for each in coalitions}
    worth, steps = _worth(run, made, to, move, progress)
    half_width, interaction = None, None
    if drawn is None:
        contributions = shapley(np.stack([worth[each] for each in made]))
        if n > 1:
            interaction = _largest([int(exact_sum(worth[each], axis=0)) for each in made], len(worth[0]))
    else:
        contributions, half_width = sampled_shapley(worth, drawn)
    return ByChange(
        changes,
        contributions.on_grid(),
        np.stack([worth[1 << i] - worth[0] for i in range(n)]),
        np.stack([worth[all_of_them] - worth[all_of_them ^ 1 << i] for i in range(n)]),
        interaction,
        None if drawn is None else len(drawn),
        half_width,
        steps,
    )


def _worth(
    run: Run, made: dict[Coalition, Any], to: str, move: str, progress: Progress
) -> tuple[dict[Coalition, Integers], float]:
    """[R] our equity under each allocation, and steps a share."""
    few = only(run.scenario, (), move)
    mark = f"{to} +"
    while any(name.startswith(mark) for name in few.allocations):
        mark += "+"
    names = {coalition: f"{mark} {coalition}" for coalition in made}
    study: Scenario = replace(
        few,
        allocations={**{names[each]: allocation for each, allocation in made.items()}, **few.allocations},
        simulation=few.simulation.model_copy(update={"customer_values": False}),
    )
    done = run.more(study, to=names[0], first=run.options.first, progress=progress)
    place = {cell: c for c, cell in enumerate(done.tables.axes.cells)}
    equity, valuation = done.valuation.equity, done.valuation
    found = {each: np.asarray(equity[place[name, move]]) for each, name in names.items()}
    return found, valuation.money_scale * valuation.shares


def _largest(worth: list[int], replications: int) -> tuple[int, int, float]:
    """The pair of changes that interact most, and by how much in the mean over replications."""
    found = interactions(worth)
    pair = max(found, key=lambda each: abs(found[each]))
    return (*pair, found[pair] / replications)
