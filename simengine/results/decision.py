"""Which allocation is best under every move, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from simengine.engine.ledger import Integers
from simengine.results.profiles import FLOOR
from simengine.tables.layout import Floats
from simengine.valuation.contest import Contest, contest
from simengine.valuation.grid import exact_mean, exact_sum
from simengine.valuation.looks import critical_value
from simengine.valuation.valuation import Valuation

if TYPE_CHECKING:
    from simengine.results.run import Run

ERROR = 0.05  # probability that some of the decisions of a run, one for each move, is wrong


@dataclass(frozen=True)
class Decision:
    """The allocation that is worth most under a move. With 95 % all decisions of a run are right: none of the
    allocations is worth more than the best by more than `at_most_better`, and none that is not a contender is best."""

    move: str
    best: str
    by: str | None  # `known`: the others are worth less; `indifference`: contenders hardly differ; None: not decided
    contenders: tuple[str, ...]  # allocations that may be worth most, the best first, then as they are stated
    at_most_better: float  # per share, currency
    indifference: float  # per share, currency
    replications: int

    @property
    def document(self) -> dict[str, Any]:
        """As plain data."""
        return {**asdict(self), "contenders": list(self.contenders)}


def reach_of(allocations: int, moves: int, looks: tuple[int, ...]) -> float:
    """How many standard errors a difference must be from 0 at some look, so that with 95 % no best allocation is
    misjudged under any of the moves."""
    others = max(allocations - 1, 1) * moves
    return critical_value(looks, ERROR / others, both_sides=False)


def scale_of(valuations: Sequence[Valuation]) -> Floats:
    """[C] what precision is relative to: value per share, or a tenth of opening capital per share if that is more.
    The valuations are of successive replications."""
    replications = sum(each.replications for each in valuations)
    equity = sum(exact_sum(each.equity, axis=1) for each in valuations)
    capital = sum(exact_sum(each.opening_capital.sum(axis=2), axis=1) for each in valuations)
    scale = valuations[0].money_scale * valuations[0].shares
    value, tied = (exact_mean(np.asarray(total, dtype=object), replications, scale) for total in (equity, capital))
    return np.maximum(np.abs(value), FLOOR * tied)


def decided(move: str, allocations: Sequence[str], found: Contest, indifference: float, replications: int) -> Decision:
    """What is known of the best of `allocations` after a look; `indifference` in currency a share."""
    best = allocations[found.leader]
    others = [name for name, racing in zip(allocations, found.contenders, strict=True) if racing and name != best]
    by = None
    if found.decided(indifference):
        by = "known" if found.known else "indifference"
    most = float(found.better[found.contenders].max())
    return Decision(move, best, by, (best, *others), most, indifference, replications)


def decisions(run: Run) -> tuple[Decision, ...]:
    """The best allocation under every move: as they were when a run with `precision: decision` stopped, else by all
    replications of the run, looked at once."""
    if run.stopping is not None and run.stopping.decisions:
        return run.stopping.decisions
    valuation, cells, scenario = run.valuation, run.tables.axes.cells, run.scenario
    steps, scale = valuation.money_scale * valuation.shares, scale_of([valuation])
    moves = list(dict.fromkeys(move for _, move in cells))
    reach = reach_of(len(cells) // len(moves), len(moves), (valuation.replications,))
    told = []
    for move in moves:
        here = [c for c, cell in enumerate(cells) if cell[1] == move]
        found = look(valuation.equity[here], steps, reach, valuation.block, run.exact)
        indifference = scenario.simulation.indifference * float(scale[here[found.leader]])
        told.append(decided(move, [cells[c][0] for c in here], found, indifference, valuation.replications))
    return tuple(told)


def look(equity: Integers, steps: float, reach: float, block: int = 1, exact: bool = False) -> Contest:
    """Of `equity` [A, R]: by whole blocks of replications, of which a single one tells nothing but where it is
    `exact`."""
    whole = equity[:, : equity.shape[1] - equity.shape[1] % block]
    if whole.shape[1] > block:
        return contest(whole, steps, reach, block)
    leader = int(equity[:, 0].argmax())
    behind = (equity[leader, 0] - equity[:, 0]) / steps
    if exact:
        return Contest(leader, behind == 0.0, behind, -behind, np.ones(len(equity), np.bool_))
    unknown = np.where(np.arange(len(equity)) == leader, 0.0, np.inf)
    return Contest(leader, np.ones(len(equity), np.bool_), behind, unknown, unknown == 0.0)
