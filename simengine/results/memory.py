"""How a run keeps within the memory that it may use: what `--memory` says, and the plan that follows from it."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING

from simengine.engine import memory
from simengine.engine.machine_memory import available, in_use, most_used
from simengine.engine.options import Options
from simengine.portfolio.row_count import row_count
from simengine.scenario.memory_size import HOW, SizeRefused, read_memory, write_memory
from simengine.scenario.problems import ScenarioError, counted, listed, of_option
from simengine.tables.layout import Tables

if TYPE_CHECKING:
    from simengine.results.prepare import Notice
    from simengine.scenario.model import Scenario

OPTION = "--memory"
PART = 0.8  # of what the machine has available, for a run that is not told how much


def budget_of(stated: str | int | None) -> int | None:
    """Bytes that a run may use, None where nothing is stated. `ScenarioError` for a text that is no amount."""
    if stated is None or isinstance(stated, int):
        return stated
    try:
        return read_memory(stated)
    except SizeRefused as refused:
        raise ScenarioError([of_option(OPTION, stated, f"'{stated}'", HOW, refused.suggestion)]) from None


def require_room_for_customers(scenario: Scenario, options: Options, budget: int | None) -> None:
    """Fails before anything is read if the `budget` cannot hold the customers, as far as their number is known."""
    if budget is None:
        return
    size = size_of_scenario(scenario, options)
    least = in_use() + memory.before(size, options.mode)
    if options.mode == "sampled":
        least += memory.simulation(size, options.mode, 1)
    if least > budget:
        raise _too_little(budget, least, options, size.customers)


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
        len(scenario.suppliers), len(scenario.needs) + 2, options.workers,
    )  # fmt: skip


def within_memory(
    options: Options,
    tables: Tables,
    budget: int | None,
    batch: int | None,
    notice: Notice | None,
    compiling: bool = False,
) -> tuple[Options, memory.Plan]:
    """The options with as much in flight as fits: of replications, or in expected mode of cells.

    A `budget` is kept, else `ScenarioError` says what the least is. Without one, the run takes a part of what the
    machine has available, and goes ahead with a warning where not even the smallest batch has room in that. A stated
    `batch` of replications is left as it is. `compiling` says that kernels have to be compiled on the way.
    """
    size, used, left = memory.size_of(tables, options), in_use(), available()
    free = inf if left is None else used + PART * left
    sampled = options.mode == "sampled"
    plan = memory.plan(
        size, options.mode, used, free if budget is None else budget, batch if sampled else None, compiling=compiling
    )
    least = max(plan.least, most_used())
    if budget is not None and least > budget:
        raise _too_little(budget, least, options, size.customers)
    if budget is None and plan.peak > free and notice:
        need, have = write_memory(plan.peak), write_memory(free)
        notice(f"this run needs about {need} of memory where {have} are free: it may fail, or be slow")
    return options._replace(batch=plan.batch) if sampled else options._replace(cells=plan.batch), plan


def _too_little(budget: int, least: int, options: Options, customers: int) -> ScenarioError:
    keeps = options.customer_cells is None or len(options.customer_cells) > 0
    less = ["simulation.customer_values: false"] if keeps else []
    hint = f"less will do with {listed([*less, 'fewer allocations or moves', 'a sample of the customers'])}"
    stated = write_memory(budget)
    expected = f"at least {write_memory(least)}, for {counted(customers, 'customer')}"
    return ScenarioError([of_option(OPTION, stated, stated, expected, hint)])
