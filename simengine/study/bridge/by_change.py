"""The bridge by change: what each change between two allocations contributes to their difference in value.

Changes are the players of a game, the worth of a coalition is our equity under an allocation in which these changes are
made and no others: a cell for each, all of one run, which see the same luck. See `shapley`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simengine.engine.ledger import Integers
from simengine.portfolio.progress import Progress, unseen
from simengine.results.run import Run
from simengine.scenario.allocation import Allocation
from simengine.scenario.model import Scenario
from simengine.scenario.problems import ScenarioError
from simengine.scenario.rules.inputs import as_written
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
from simengine.tables.layout import Floats
from simengine.valuation.grid import exact_sum

WORLDS = 2**10  # that may be simulated: every coalition of up to ten changes
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
    block: int  # replications that are drawn together, see `Valuation`

    @property
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
                    **figure(self.contributions[i], step, self.block),
                    "half_width_of_orders": widths[i],
                    "alone": figure(self.alone[i], step, self.block)["value_per_share"],
                    "last": figure(self.last[i], step, self.block)["value_per_share"],
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
    run: Run, allocations: Sequence[str], to: str, moves: Sequence[str], *, worlds: int = WORLDS,
    progress: Progress = unseen,
) -> dict[tuple[str, str], ByChange]:  # fmt: skip
    """The bridges from the allocation `to` to each of `allocations` under each of some `moves` of a run, by both.

    Exact where all coalitions of changes are at most so many `worlds`, else from as many orders of making the changes
    as these suffice for. Coalitions are simulated on the run's customers, in its replications, those of several
    allocations at once as long as they are no more than `worlds` together. `progress` is of each time anew. Raises
    ScenarioError where a number of an allocation is uncertain: a coalition has no such number.
    """
    require_certain_allocations(run.scenario)
    games = [_Game.of(run, to, allocation, worlds) for allocation in allocations]
    bridges: dict[tuple[str, str], ByChange] = {}
    while games:
        some = games[:1]
        while len(games) > len(some) and sum(len(game.between) for game in games[: len(some) + 1]) <= worlds:
            some = games[: len(some) + 1]
        games = games[len(some) :]
        bridges |= _bridges(run, some, to, moves, progress)
    return bridges


def require_certain_allocations(scenario: Scenario) -> None:
    """Raise ScenarioError where a number of an allocation is uncertain."""
    written, expected = as_written(scenario), "inputs that every allocation has, to bridge by change"
    problems = [
        scenario.problem(place, f"`{path}`, a number of one allocation", expected, "leave the bridge by change out")
        for path, place in written.items()
        if path.startswith("allocations.")
    ]
    if problems:
        raise ScenarioError(problems)


@dataclass(frozen=True)
class _Game:
    """Changes to one allocation, and the coalitions of them that are simulated."""

    allocation: str
    changes: tuple[Change, ...]
    made: dict[Coalition, Allocation]
    drawn: NDArray[np.int64] | None  # orders; None: all coalitions are there

    @classmethod
    def of(cls, run: Run, to: str, allocation: str, worlds: int) -> _Game:
        before, after = (run.scenario.allocations[name] for name in (to, allocation))
        changes = changes_between(run.scenario, before, after)
        n, drawn = len(changes), None
        coalitions: Iterable[Coalition] = range(1 << n) if 1 << n <= worlds else ()
        if not coalitions:
            drawn = orders(run.options.seed, n, max((worlds - 2 * n - 2) // (2 * n), FEWEST_PAIRS))
            ends = [each for i in range(n) for each in (1 << i, (1 << n) - 1 ^ 1 << i)]
            coalitions = sorted({*ends, *(each for order in drawn.tolist() for each in coalitions_of(order))})
        made = {each: mixed(before, after, [c for i, c in enumerate(changes) if each >> i & 1]) for each in coalitions}
        return cls(allocation, changes, made, drawn)

    @property
    def between(self) -> list[Coalition]:
        """The coalitions that are neither of the two allocations."""
        return [each for each in self.made if 0 < each < (1 << len(self.changes)) - 1]

    def solved(self, worth: dict[Coalition, Integers], steps_per_share: float, block: int) -> ByChange:
        """The bridge, from our equity [R] of every coalition."""
        n, whole = len(self.changes), (1 << len(self.changes)) - 1
        if not n:
            nothing = np.zeros((0, len(worth[0])), np.int64)
            return ByChange((), nothing, nothing, nothing, None, None, None, steps_per_share, block)
        half_width, interaction = None, None
        if self.drawn is None:
            contributions = shapley(np.stack([worth[each] for each in self.made]))
            if n > 1:
                total = [int(exact_sum(worth[each], axis=0)) for each in self.made]
                interaction = _largest(interactions(total), len(worth[0]))
        else:
            contributions, half_width = sampled_shapley(worth, self.drawn)
        return ByChange(
            self.changes,
            contributions.on_grid(),
            np.stack([worth[1 << i] - worth[0] for i in range(n)]),
            np.stack([worth[whole] - worth[whole ^ 1 << i] for i in range(n)]),
            interaction,
            None if self.drawn is None else len(self.drawn),
            half_width,
            steps_per_share,
            block,
        )


def _bridges(
    run: Run, games: Sequence[_Game], to: str, moves: Sequence[str], progress: Progress
) -> dict[tuple[str, str], ByChange]:
    """Of some games, all of whose coalitions are cells of one run."""
    uncertain = run.scenario.uncertain.paths  # of moves, too: these stay then
    stated = run.scenario.moves if uncertain else {move: run.scenario.moves[move] for move in moves}
    needed = {change.like for move in stated for change in run.scenario.moves[move]}  # that rivals run themselves
    beside = {name: stated for name, stated in run.scenario.allocations.items() if name in needed}
    mark = f"{to} +"
    while any(name.startswith(mark) for name in beside):
        mark += "+"
    made = {f"{mark} {each} of {game.allocation}": game.made[each] for game in games for each in game.between}
    worth = _equity(run)
    if made:
        study = replace(
            run.scenario,
            allocations={**made, **beside},
            moves=stated,
            simulation=run.scenario.simulation.model_copy(update={"customer_values": False}),
        )
        worth |= _equity(run.more(study, to=next(iter(made)), first=run.options.first, progress=progress))
    steps = run.valuation.money_scale * run.valuation.shares
    found = {}
    for game in games:
        for move in moves:
            cells = {each: worth[f"{mark} {each} of {game.allocation}", move] for each in game.between}
            cells |= {0: worth[to, move], (1 << len(game.changes)) - 1: worth[game.allocation, move]}
            # Where luck is none of theirs the coalitions have one replication, which is that of all.
            alike = np.broadcast_arrays(*(cells[each] for each in game.made))
            every = dict(zip(game.made, alike, strict=True))
            found[game.allocation, move] = game.solved(every, steps, run.valuation.block)
    return found


def _equity(run: Run) -> dict[tuple[str, str], Integers]:
    """[R] of every cell, in steps."""
    return dict(zip(run.tables.axes.cells, run.valuation.equity, strict=True))


def _largest(found: dict[tuple[int, int], float], replications: int) -> tuple[int, int, float]:
    """The pair of changes that interact most, and by how much in the mean over replications."""
    pair = max(found, key=lambda each: abs(found[each]))
    return (*pair, found[pair] / replications)
