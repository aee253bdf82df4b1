"""What a run's summary says of moves that wait, and of the luck that a market has of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simengine.results.initiatives import quantiles
from simengine.scenario.segment import ChoiceSegment
from simengine.scenario.suppliers import OUTSIDE

if TYPE_CHECKING:
    from simengine.results.run import Run
    from simengine.scenario.model import Scenario
    from simengine.scenario.move import Change
    from simengine.tables.layout import Waiting


def change_name(move: str, place: int) -> str:
    """A change of a move, by its place in its list: `atlas_retaliates 1`."""
    return f"{move} {place + 1}"


def moves_of(run: Run) -> dict[str, Any]:
    """The block `moves` of the summary, alone in a mapping; empty where no move waits.

    Of every change that waits: who acts, for what it waits, and by allocation the share of replications in which it
    came, the first period in which it held (quantiles over all replications; None where it did not come), and how often
    it began, on average.
    """
    waiting = run.tables.waiting
    if waiting is None:
        return {}
    moves: dict[str, list[dict[str, Any]]] = {}
    for n, (move, i) in enumerate(waiting.changes):
        change = run.scenario.moves[move][i]
        allocations = {
            allocation: _came(waiting, n, cell, run.tables.axes.periods)
            for cell, (allocation, under) in enumerate(run.tables.axes.cells)
            if under == move
        }
        moves.setdefault(move, []).append(
            {"change": change_name(move, i), "who": change.who, **_waits_for(change), "allocations": allocations}
        )
    return {"moves": moves}


def _waits_for(change: Change) -> dict[str, Any]:
    if change.trigger is None:
        return {"arrival": change.arrival}
    return {"when": str(change.trigger.condition)}


def _came(waiting: Waiting, n: int, cell: int, labels: tuple[str, ...]) -> dict[str, Any]:
    start = waiting.start[cell, :, n]
    came = start < len(labels)
    found = quantiles(start.astype(float))
    begins = {name: None if at is None or at >= len(labels) else labels[int(at)] for name, at in found.items()}
    return {"came": float(came.mean()), "begins": begins, "times": float(waiting.times[cell, :, n].mean())}


def market_luck_of(run: Run) -> dict[str, Any]:
    """The entry `market_luck` of the summary, alone in a mapping: by what the market differs between replications,
    besides what customers do; empty where by nothing."""
    kinds = _kinds(run.scenario)
    return {"market_luck": kinds} if kinds else {}


def _kinds(scenario: Scenario) -> list[str]:
    changes = [change for changes in scenario.moves.values() for change in changes]
    built = [each for allocation in scenario.allocations.values() for each in allocation.initiatives.values()]
    market, segments = scenario.market, scenario.segments.values()
    said = {
        "shocks to suppliers": market is not None
        and any(market.volatility_of(each, outside=each == OUTSIDE) > 0 for each in scenario.suppliers),
        "shocks to demand": market is not None and market.demand.volatility > 0,
        "drifting needs": any(isinstance(each, ChoiceSegment) and each.needs_drift.volatility > 0 for each in segments),
        "moves that may come": any(change.arrival is not None for change in changes),
        "sizes of moves": any(change.size is not None for change in changes),
        "durations of initiatives": any(each.uncertain for each in built),
    }
    return [kind for kind, there in said.items() if there]
