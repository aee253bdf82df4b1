"""Runs of the same cells in successive replications, as one run.

Totals of cells and replications stand side by side, values of single customers are added up. Of runs with the same
inputs this is to the bit what one run of all these replications gives: sums in floating point go on from one run to
the next where each continues those before (`Run.more`), or is of a single replication.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from simengine.engine.customer_values import CustomerValues, DrawnValues, ExpectedValues
from simengine.engine.ledger import TOTALS, Ledger
from simengine.engine.memory import Plan
from simengine.results.accumulated import Accumulated, units_of
from simengine.results.clock import all_seconds
from simengine.results.parts import Part, beside
from simengine.tables.layout import (
    MONEY_OF_CELLS,
    MONEY_OF_RIVALS,
    MONEY_ONCE,
    BoardSpend,
    Economics,
    Rivals,
    Tables,
    Waiting,
)
from simengine.tables.shown import Sums
from simengine.tables.unfolding import unfolds
from simengine.timeline.timeline import Timeline, Times
from simengine.valuation.grid import exact_sum
from simengine.valuation.stored import stored_customers
from simengine.valuation.valuation import Valuation

if TYPE_CHECKING:
    from simengine.results.run import Run
    from simengine.scenario.model import Scenario

SUMMED = ("published_customers", "rounding")  # of `Valuation`, over replications


def stacked(runs: Sequence[Run]) -> Run:
    """One run of the replications of all `runs`, in this order: each begins where the one before ends.

    They are of the same cells and customers, which are those of the first. Raises ValueError where they are not, and
    where their amounts are on different scales.
    """
    first, counts = runs[0], [run.valuation.replications for run in runs]
    if len(runs) == 1:
        return first
    _require_succession(runs)
    simulation = first.scenario.simulation.model_copy(update={"replications": sum(counts)})
    shown, units, sums = _accumulated(runs)
    ledger = _ledger([run.ledger for run in runs], units)
    return replace(
        first,
        scenario=replace(first.scenario, simulation=simulation),
        tables=_tables(runs, counts, shown),
        options=first.options._replace(replications=sum(counts)),
        ledger=ledger,
        valuation=_valuation(first, [run.valuation for run in runs], ledger),
        seconds=all_seconds(run.seconds for run in runs),
        plan=Plan(first.plan.batch, max(run.plan.peak for run in runs), max(run.plan.least for run in runs)),
        timeline=_timeline(runs, counts),
        accumulated=sums,
        parts=_parts(runs),
        drawn=first.drawn and replace(first.drawn, values=_inputs(runs)),
    )


def _require_succession(runs: Sequence[Run]) -> None:
    first, due = runs[0], runs[0].options.first
    for run in runs:
        if run.tables.axes != first.tables.axes or run.reference != first.reference:
            raise ValueError("runs of different cells do not make one run")
        if run.options.mode != first.options.mode or run.ledger.customer_cells != first.ledger.customer_cells:
            raise ValueError("runs of different modes, or with values of single customers in different cells")
        if run.options.first != due:
            raise ValueError(f"replications from {run.options.first} on where those from {due} on are due")
        if run.ledger.scales != first.ledger.scales:
            raise ValueError("runs on different scales of money or counts do not add up exactly")
        due += run.valuation.replications


def _beside(arrays: Sequence[NDArray[Any]], counts: Sequence[int], drawn: bool = False) -> NDArray[Any]:
    """[C, R, ...] of all runs, of each its [C, R1, ...]. Where all are alike, and not `drawn` in each replication, the
    first, which is of all replications."""
    one = arrays[0]
    if not drawn and one.shape[1] == 1 and all(np.array_equal(one, other, equal_nan=True) for other in arrays[1:]):
        return one
    return beside(list(zip(arrays, counts, strict=True)))


def _ledger(ledgers: list[Ledger], units: NDArray[np.float64] | None) -> Ledger:
    totals: dict[str, Any] = {name: np.concatenate([getattr(one, name) for one in ledgers], axis=1) for name in TOTALS}
    return replace(ledgers[0], **totals, customers=_customers([one.customers for one in ledgers], units))


def _customers(parts: list[CustomerValues], units: NDArray[np.float64] | None) -> CustomerValues:
    first = parts[0]
    if isinstance(first, ExpectedValues):
        replications = sum(part.replications for part in parts if isinstance(part, ExpectedValues))
        unit, ours = first.unit if units is None else units, first.ours
        known = [part for part in parts if isinstance(part, ExpectedValues)]
        if any(not np.array_equal(part.ours, ours) for part in known):
            ours = np.asarray(sum(part.ours * part.replications for part in known) / replications)
        return replace(first, unit=unit, ours=ours, replications=replications, onward=None)
    drawn = [part for part in parts if isinstance(part, DrawnValues)]
    squares = [part.squares for part in drawn if part.squares is not None]
    return DrawnValues(
        sum((part.values for part in drawn[1:]), drawn[0].values),
        sum((part.presence for part in drawn[1:]), drawn[0].presence),
        sum(squares[1:], squares[0]) if squares else None,
    )


def _accumulated(runs: Sequence[Run]) -> tuple[Sums | None, NDArray[np.float64] | None, Accumulated | None]:
    """What is added up in the order of replications: of what is shown (None: it is the same in all runs), of single
    customers, and both for replications that come later."""
    found = [run.accumulated for run in runs]
    if any(each is None for each in found) and _same_shown(runs):
        units = [units for run in runs if (units := units_of(run.ledger)) is not None]
        return None, sum(units[1:], units[0]) if units else None, None
    total = _own(runs[0])
    for run in runs[1:]:
        if run.onward is not None and run.onward.before is total:
            total = run.onward.whole
        else:
            own = _own(run)
            units_together = None if total.units is None or own.units is None else total.units + own.units
            total = Accumulated(total.shown.plus(own.shown), units_together)
    return total.shown, total.units, total


def _own(run: Run) -> Accumulated:
    if run.accumulated is not None:
        return run.accumulated
    tables = run.tables
    return Accumulated(Sums.of(tables.offers, tables.experience, run.valuation.replications), units_of(run.ledger))


def _same_shown(runs: Sequence[Run]) -> bool:
    shown = [Sums.of(run.tables.offers, run.tables.experience, 1) for run in runs]
    return all(
        np.array_equal(a, b, equal_nan=True)
        for other in shown[1:]
        for a, b in zip(
            (*shown[0].of_offers, *shown[0].of_experience), (*other.of_offers, *other.of_experience), strict=True
        )
    )


def _tables(runs: Sequence[Run], counts: list[int], shown: Sums | None) -> Tables:
    first, scenario = runs[0].tables, runs[0].scenario
    by_replication = unfolds(scenario)
    timed = _timed(scenario)

    def together(parts: Sequence[Any], name: str, drawn: bool) -> NDArray[Any]:
        return _beside([getattr(part, name) for part in parts], counts, drawn)

    money: list[Economics] = [run.tables.economics for run in runs]
    theirs: list[Rivals] = [run.tables.rivals for run in runs]
    of_initiatives = [name for name in MONEY_ONCE if getattr(money[0], name).ndim]
    ours: dict[str, Any] = {
        **{name: together(money, name, timed if name == "unallocated" else by_replication) for name in MONEY_OF_CELLS},
        **{name: together(money, name, timed) for name in of_initiatives},
    }
    boards = [run.tables.boards for run in runs if run.tables.boards is not None]
    waiting = [run.tables.waiting for run in runs if run.tables.waiting is not None]
    return first._replace(
        economics=money[0]._replace(**ours),
        rivals=theirs[0]._replace(**{name: together(theirs, name, by_replication) for name in MONEY_OF_RIVALS}),
        offers=first.offers if shown is None else shown.offers(),
        experience=first.experience if shown is None else shown.experience(scenario),
        boards=BoardSpend(boards[0].levers, together(boards, "spend", True)) if boards else None,
        waiting=Waiting(waiting[0].changes, together(waiting, "start", True), together(waiting, "times", True))
        if waiting
        else None,
    )


def _inputs(runs: Sequence[Run]) -> NDArray[np.float64]:
    """[R, n] the uncertain inputs."""
    return np.concatenate([run.drawn.values for run in runs if run.drawn is not None])


def _timed(scenario: Scenario) -> bool:
    """Whether initiatives take another time in every replication."""
    return any(each.uncertain for stated in scenario.allocations.values() for each in stated.initiatives.values())


def _valuation(first: Run, parts: list[Valuation], ledger: Ledger) -> Valuation:
    counts = [part.replications for part in parts]
    found: dict[str, Any] = {}
    for name in Valuation._fields:
        values = [getattr(part, name) for part in parts]
        if name in SUMMED:
            found[name] = sum(values[1:], values[0])
        elif name == "financing":
            each = np.concatenate([np.broadcast_to(value, count) for value, count in zip(values, counts, strict=True)])
            found[name] = int(each[0]) if (each == each[0]).all() else each
        elif isinstance(values[0], np.ndarray):
            found[name] = _beside(values, counts, drawn=name != "unallocated_economic_profit")
        else:
            found[name] = values[0]
    worth = Valuation(**found)
    return published(worth, ledger, first.portfolio.population.segment) if len(ledger.customers) else worth


def published(worth: Valuation, ledger: Ledger, segment: NDArray[np.integer]) -> Valuation:
    """The valuation with the values of single customers that the ledger keeps; `segment` [N] is that of each."""
    of_lines = exact_sum(worth.customers, axis=1)
    found = of_lines.copy()
    found[list(ledger.customer_cells)] = stored_customers(ledger.customers, segment, of_lines.shape[1])
    return worth._replace(published_customers=found, rounding=np.asarray((of_lines - found).sum(axis=(1, 2))))


def _parts(runs: Sequence[Run]) -> tuple[Part, ...]:
    """One for each run where the money of customers differs by more than by cell and replication; else none."""
    first = runs[0].tables
    alike = all(
        not run.parts
        and _alike(run.tables.economics, first.economics, (*MONEY_OF_CELLS, *MONEY_ONCE))
        and _alike(run.tables.rivals, first.rivals, MONEY_OF_RIVALS)
        for run in runs
    )
    if alike:
        return ()
    own = [(Part(run.valuation.replications, run.tables.economics, run.tables.rivals),) for run in runs]
    return tuple(part for run, one in zip(runs, own, strict=True) for part in run.parts or one)


def _alike(one: Economics | Rivals, other: Economics | Rivals, by_cell: Sequence[str]) -> bool:
    """Whether two tables are equal but for what they say of cells."""
    names = [name for name in one._fields if name not in by_cell]
    return all(np.array_equal(getattr(one, name), getattr(other, name)) for name in names if name != "residual") and (
        not isinstance(one, Economics) or not isinstance(other, Economics) or one.residual == other.residual
    )


def _timeline(runs: Sequence[Run], counts: list[int]) -> Timeline | None:
    known = [run.timeline for run in runs if run.timeline is not None]
    if not known:
        return None
    first, drawn = known[0], _timed(runs[0].scenario)
    return Timeline(
        {key: _beside([part.effects[key] for part in known], counts, drawn) for key in first.effects},
        _beside([part.building for part in known], counts, drawn),
        _beside([part.running for part in known], counts, drawn),
        {
            allocation: {
                name: Times(
                    *(
                        _beside([getattr(part.times[allocation][name], what)[None] for part in known], counts, drawn)[0]
                        for what in Times._fields
                    )
                )
                for name in initiatives
            }
            for allocation, initiatives in first.times.items()
        },
    )
