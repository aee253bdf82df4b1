"""A run that goes on until its replications are enough: a stated precision is reached, or the best allocation known."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np

from simengine.engine.ledger import Integers
from simengine.portfolio.progress import Progress
from simengine.results.decision import Decision, decided, decisions, look, reach_of, scale_of
from simengine.results.finished_run import Run
from simengine.results.narrowed import narrowed, only_these
from simengine.results.prepare import in_replications, varies
from simengine.results.stacked import stacked
from simengine.scenario.model import Scenario
from simengine.scenario.simulation import DECISION, Simulation
from simengine.tables.initiatives import InitiativesOf
from simengine.tables.inputs import block_size
from simengine.tables.layout import Floats
from simengine.valuation.looks import critical_value, looks_of
from simengine.valuation.sequential import interval

ERROR = 0.05  # probability that an interval misses its value at some look
STEPS = 1000  # of a progress bar
FARTHEST = 4.0  # times the replications of a look, to the next: what they say of how many are needed is vague
NEARLY = 0.9  # of the replications that seem to be needed: of a look before, which may do


@dataclass(frozen=True)
class Stopping:
    """How a run with a stated precision came to its end."""

    stated: float | str  # a fraction, or `decision`
    met: bool
    reached: float | None  # the widest half of an interval of value per share, as a fraction; None for a decision
    replications: int  # the most of any cell
    most: int  # that there might have been
    looks: tuple[int, ...]  # replications at which it was looked whether they are enough
    block: int  # replications that are one independent draw together
    reach: float | None  # standard errors of a normal mean, of intervals that hold at every look; None: nothing varies
    decisions: tuple[Decision, ...] = ()  # of every move, where a decision is asked for

    @property
    def document(self) -> dict[str, Any]:
        """The block `precision` of a run's summary."""
        stated = {name: getattr(self, name) for name in ("stated", "met", "reached", "replications", "most", "block")}
        decisions = {"decisions": [each.document for each in self.decisions]} if self.decisions else {}
        return {**stated, "looks": list(self.looks), **decisions}


class _Seen(NamedTuple):
    """What is known of the cells that are still simulated."""

    cells: tuple[tuple[str, str], ...]
    equity: Integers  # [C, n] in steps
    steps: float  # a share and unit of currency
    scale: Floats  # [C] what precision is relative to, currency a share


class _Precise:
    """Whether the value of every cell is known well enough."""

    def __init__(self, scenario: Scenario, looks: tuple[int, ...], block: int) -> None:
        self._reach, self._block = critical_value(looks, ERROR), block
        self._stated = float(scenario.simulation.precision or 0.0)
        self.reached, self.met = np.inf, False
        self.decisions: tuple[Decision, ...] = ()

    def look(self, seen: _Seen) -> float:
        """How many replications seem to be needed."""
        found = interval(seen.equity / seen.steps, self._reach, self._block)
        half = found.half_width
        relative = np.where(half > 0.0, half / np.maximum(seen.scale, np.finfo(float).tiny), 0.0)
        self.reached = float(relative.max())
        self.met = bool((found.enough & (relative <= self._stated)).all())
        wide = relative.max() / self._stated
        return float(max(seen.equity.shape[1] * wide * wide, found.least.max() * self._block))

    def racing(self, cells: Sequence[tuple[str, str]]) -> set[tuple[str, str]]:
        """The cells that more replications are of use to: all, which are compared by the same luck."""
        return set(cells)


class _Decided:
    """Whether the best allocation is known under every move."""

    reached = None

    def __init__(self, scenario: Scenario, looks: tuple[int, ...], block: int) -> None:
        self._reach, self._block = reach_of(len(scenario.allocations), len(scenario.moves), looks), block
        self._indifference = scenario.simulation.indifference
        self._racing = {move: list(scenario.allocations) for move in scenario.moves}
        self._told: dict[str, Decision] = {}

    @property
    def met(self) -> bool:
        return all(each.by for each in self._told.values())

    @property
    def decisions(self) -> tuple[Decision, ...]:
        return tuple(self._told.values())

    def look(self, seen: _Seen) -> float:
        """How many replications seem to be needed for the next allocation to drop out, or the next decision."""
        n, needed = seen.equity.shape[1], np.inf
        for move, racing in self._racing.items():
            if move in self._told and self._told[move].by:
                continue
            here = [seen.cells.index((allocation, move)) for allocation in racing]
            found = look(seen.equity[here], seen.steps, self._reach, self._block)
            indifference = self._indifference * float(seen.scale[here[found.leader]])
            self._told[move] = decided(move, racing, found, indifference, n)
            others = found.contenders.copy()
            others[found.leader] = False
            if others.any():
                width, apart = (found.better + found.behind)[others], found.behind[others] + indifference
                with np.errstate(divide="ignore"):
                    needed = min(needed, float((n * (width / apart) ** 2).min()))
            racing[:] = [each for each, still in zip(racing, found.contenders, strict=True) if still]
        return needed

    def racing(self, cells: Sequence[tuple[str, str]]) -> set[tuple[str, str]]:
        """The cells that more replications are of use to: of allocations that may be best under some open move."""
        open_moves = [move for move, told in self._told.items() if not told.by]
        left = {allocation for move in open_moves for allocation in self._racing[move]}
        return {cell for cell in cells if cell[0] in left and cell[1] in open_moves}


Begin = Callable[[Scenario, Progress], Run]


def until_enough(scenario: Scenario, begin: Begin, to: str | None, besides: InitiativesOf, progress: Progress) -> Run:
    """Replications of all cells, then of those that they are of use to, until the stated precision is reached or there
    are as many as there may be. `begin` simulates a scenario from the first replication on; `to`, `besides` and
    `progress` are as in `run`.

    Looks are at numbers of replications that follow from the scenario alone; some are left out where those before say
    that they are too early. All results are those of a run of as many replications.
    """
    simulation, block = scenario.simulation, block_size(scenario)
    if not varies(scenario):
        return _at_once(begin(in_replications(scenario, 1), progress), simulation)
    looks = looks_of(simulation.replications, block)
    criterion = (_Decided if simulation.precision == DECISION else _Precise)(scenario, looks, block)
    levels: list[Run] = []  # runs of ever fewer cells; the last goes on
    parts = [begin(in_replications(scenario, looks[0]), _part(progress, 0, looks[0], looks[0]))]
    looked = [looks[0]]
    while True:
        needed = criterion.look(_seen(parts))
        done = looked[-1]
        if criterion.met or done == looks[-1]:
            break
        after = _following(looks, done, needed)
        few = _of_use(scenario, criterion.racing(parts[0].tables.axes.cells), parts[0].reference)
        if few.cells != parts[0].tables.axes.cells and not scenario.uncertain.paths:
            levels.append(stacked(parts))
            parts = [narrowed(levels[-1], few.allocations, few.moves)]
        else:
            few = only_these(scenario, *map(set, zip(*parts[0].tables.axes.cells, strict=True)))
        further, part = in_replications(few, after - done), _part(progress, done, after, max(needed, after))
        parts.append(_last(parts).more(further, to=to, first=done, besides=besides, progress=part))
        looked.append(after)
    levels.append(stacked(parts))
    stopping = Stopping(
        simulation.precision or 0.0, criterion.met, criterion.reached, looked[-1], looks[-1], tuple(looked), block,
        critical_value(looks, ERROR), criterion.decisions,
    )  # fmt: skip
    return replace(_nested(levels, simulation, stopping), seconds=levels[-1].seconds)


def _nested(levels: Sequence[Run], simulation: Simulation, stopping: Stopping) -> Run:
    """The run of all cells, with those that went further."""
    further: Run | None = None
    for level in reversed(levels):
        stated = replace(level.scenario, simulation=simulation)
        further = replace(level, scenario=stated, stopping=stopping, further=further)
    assert further is not None
    return further


def _of_use(scenario: Scenario, racing: set[tuple[str, str]], reference: str) -> Scenario:
    """The scenario of the cells that more replications are of use to, with the reference, which others are compared
    with, and what rivals run themselves."""
    moves = {move for _, move in racing}
    copied = {change.like for move in moves for change in scenario.moves[move] if change.like}
    return only_these(scenario, {reference, *copied, *(allocation for allocation, _ in racing)}, moves)


def _at_once(run: Run, simulation: Simulation) -> Run:
    """A run in which nothing is random: it is enough."""
    deciding = simulation.precision == DECISION
    whole = replace(run, scenario=replace(run.scenario, simulation=simulation))
    told = decisions(whole) if deciding else ()
    stopping = Stopping(simulation.precision or 0.0, True, None if deciding else 0.0, 1, 1, (1,), 1, None, told)
    return replace(whole, stopping=stopping)


def _last(parts: Sequence[Run]) -> Run:
    """The last of some runs in succession, so that the next one goes on from the sums over all of them."""
    last = parts[-1]
    return last if last.onward is None else replace(last, accumulated=last.onward.whole)


def _seen(parts: Sequence[Run]) -> _Seen:
    worth = [part.valuation for part in parts]
    steps = worth[0].money_scale * worth[0].shares
    equity = np.concatenate([each.equity for each in worth], axis=1)
    return _Seen(parts[0].tables.axes.cells, equity, steps, scale_of(worth))


def _following(looks: tuple[int, ...], done: int, needed: float) -> int:
    """The replications of the next look: as many as seem to be needed, nearly, and not too many at one go."""
    enough = min(NEARLY * needed, FARTHEST * done)
    later = [look for look in looks if look > done]
    return max(later[0], max((look for look in later if look <= enough), default=0))


def _part(progress: Progress, before: int, after: int, expected: float) -> Progress:
    """The progress of the replications before..after of so many as are expected."""

    def within(done: int, steps: int) -> None:
        progress(int(STEPS * (before + (after - before) * done / steps) / max(expected, after)), STEPS)

    return within
