"""How a run keeps within the memory that it may use: what `--memory` says, and the plan that follows from it."""

from __future__ import annotations

from math import inf
from numbers import Integral
from typing import TYPE_CHECKING, NamedTuple

from simengine.engine import memory
from simengine.engine.machine_memory import available, in_use, most_used
from simengine.engine.options import Options
from simengine.engine.unfolding import Unfolding
from simengine.portfolio.row_count import row_count
from simengine.results.compiling import grows
from simengine.scenario.memory_size import HOW, SizeRefused, read_memory, write_memory
from simengine.scenario.problems import ScenarioError, counted, listed, of_option
from simengine.tables.layout import Tables
from simengine.tables.unfolding import only_talks, unfolds

if TYPE_CHECKING:
    from simengine.results.prepare import Notice
    from simengine.scenario.model import Scenario

OPTION = "--memory"
LOADING = 64 << 20  # libraries and kernels that a run loads before it simulates; three times as much if it compiles
PART = 0.8  # of what the machine has available, for a run that is not told how much


class Budget(NamedTuple):
    """What a run may use: bytes, and as it was stated."""

    size: int
    text: str


def budget_of(stated: object) -> Budget | None:
    """What a run may use, None where nothing is stated. `ScenarioError` for what is no amount."""
    if stated is None:
        return None
    if isinstance(stated, Integral) and not isinstance(stated, bool):
        if (size := int(stated)) > 0:
            return Budget(size, f"{size}B")
        raise ScenarioError([of_option(OPTION, stated, f"{stated}", HOW, "more than nothing")])
    if not isinstance(stated, str):
        raise ScenarioError([of_option(OPTION, stated, repr(stated), f"{HOW}, or a whole number of bytes")])
    try:
        return Budget(read_memory(stated), stated.strip())
    except SizeRefused as refused:
        raise ScenarioError([of_option(OPTION, stated, f"'{stated}'", HOW, refused.suggestion)]) from None


def require_room_for_customers(
    scenario: Scenario, options: Options, budget: Budget | None, compiling: bool = False
) -> None:
    """Fails before anything is read if the `budget` cannot hold the customers, as far as their number is known."""
    if budget is None:
        return
    size, mode = size_of_scenario(scenario, options), options.mode
    drawn = scenario.portfolio is None and not any(map(grows, scenario.segments.values()))
    known = mode == "sampled" and drawn  # there may be more customers, or fewer profiles than customers
    customers = memory.before(size, mode)
    lives = memory.simulation(size, mode, 1) if mode == "sampled" else 0
    least = in_use() + customers + max(lives, memory.afterwards(size, mode)) + memory.MARGIN
    if least <= budget.size:
        return
    loading = (3 * LOADING + memory.COMPILING) if compiling else LOADING
    alone = in_use() + loading + memory.MARGIN + memory.WRITING
    raise _too_little(budget, least + loading, options, size.customers, alone, more=not known)


def size_of_scenario(scenario: Scenario, options: Options) -> memory.Size:
    """The size of the simulation with the customers who are known of without reading a file; newcomers apart."""
    cells, portfolio = len(scenario.cells), scenario.portfolio
    if portfolio is None:
        customers = sum(int(segment.size or 0) for segment in scenario.segments.values())
    elif portfolio.columns.churned or portfolio.columns.weight:
        customers = 0  # some rows may stand for nobody
    else:
        customers = sum(map(row_count, portfolio.customers))
    kept = cells if options.customer_cells is None else len(options.customer_cells)
    return memory.Size(
        customers, cells, kept, options.replications, scenario.calendar.periods, len(scenario.segments),
        len(scenario.suppliers), len(scenario.needs) + 2, options.workers, unfolds(scenario),
        only_talks(scenario), options.squares, references=len(scenario.moves) if len(scenario.allocations) > 1 else 0,
    )  # fmt: skip


def within_memory(
    options: Options,
    tables: Tables,
    budget: Budget | None,
    batch: int | None,
    notice: Notice | None,
    compiling: bool = False,
    used_before: int = 0,
    unfolding: Unfolding | None = None,
) -> tuple[Options, memory.Plan]:
    """The options with as much in flight as fits: of replications, or in expected mode of known tables of cells.

    A `budget` is kept, else `ScenarioError` says what the least is. Without one, the run takes a part of what the
    machine has available, and goes ahead with a warning where not even the smallest batch has room in that. A stated
    `batch` of replications is left as it is. `compiling` says that kernels have to be compiled on the way,
    `used_before` what this process had used at most when the run began.
    """
    size, used, left = memory.size_of(tables, options, unfolding), in_use(), available()
    free = inf if left is None else used + PART * left
    replicated = options.mode == "sampled" or unfolding is not None
    plan = memory.plan(
        size,
        options.mode,
        used,
        free if budget is None else budget.size,
        batch if replicated else None,
        compiling=compiling,
    )
    peak = most_used()
    read = peak if peak > used_before else 0  # to read the customers took this run so much
    if budget is not None and max(plan.least, read) > budget.size:
        alone = max(used - memory.before(size, options.mode), 0) + memory.MARGIN + memory.WRITING
        raise _too_little(budget, max(plan.least, read), options, size.customers, alone)
    if budget is None and plan.peak > free and notice:
        need, have = write_memory(plan.peak), write_memory(free)
        notice(f"this run needs about {need} of memory where {have} are free: it may fail, or be slow")
    return options._replace(batch=plan.batch) if replicated else options._replace(cells=plan.batch), plan


def require_room_for_draws(budget: Budget | None, tables: Tables, options: Options, replications: int) -> None:
    """Fails before so many draws of uncertain inputs are simulated if the `budget` cannot hold what comes of them."""
    if budget is None:
        return
    size = memory.size_of(tables, options)._replace(replications=replications, unfolds=True)
    held = memory.afterwards(size, options.mode) - memory.afterwards(size._replace(replications=1), options.mode)
    least = in_use() + held + memory.MARGIN
    if least > budget.size:
        raise _too_little(budget, least, options, size.customers, least - held)


def _too_little(
    budget: Budget, least: int, options: Options, customers: int, alone: int, more: bool = False
) -> ScenarioError:
    """`alone` is what the run would take without customers: where that is too much, less of them does not help."""
    keeps = options.customer_cells is None or len(options.customer_cells) > 0
    less = ["simulation.customer_values: false"] if keeps else []
    hint = f"less will do with {listed([*less, 'fewer allocations or moves', 'a sample of the customers'])}"
    of_whom = f", for {counted(customers, 'customer')}" if customers else ""
    expected = f"{'more than' if more else 'at least'} {write_memory(least)}{of_whom}"
    return ScenarioError([of_option(OPTION, budget.text, budget.text, expected, hint if alone <= budget.size else "")])
