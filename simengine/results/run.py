"""From a scenario to what every allocation is worth under every move: the whole way, once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from simengine.engine.machine_memory import most_used
from simengine.portfolio.load import load_portfolio
from simengine.portfolio.progress import Progress, unseen
from simengine.results.clock import Clock
from simengine.results.compiling import say_if_compiling
from simengine.results.compiling_beside import compiling_beside
from simengine.results.drawn import drawn_on, require_known_shares
from simengine.results.finished_run import Run as Run
from simengine.results.how import How
from simengine.results.memory import budget_of, require_room_for_customers
from simengine.results.prepare import Notice, files_of, in_replications, named, reference_of, tell
from simengine.results.simulation import Simulation
from simengine.results.status_quo import settled
from simengine.results.stopping import until_enough
from simengine.scenario.file_hash import sha256
from simengine.scenario.model import Scenario
from simengine.tables.initiatives import InitiativesOf, no_initiatives


def run(
    scenario: Scenario,
    *,
    to: str | None = None,
    threads: int | None = None,
    block: int | None = None,
    batch: int | None = None,
    memory: str | int | None = None,
    rejects: Path | None = None,
    standard_errors: bool = False,
    spread: bool = True,
    besides: InitiativesOf = no_initiatives,
    known: Run | None = None,
    reading: Progress = unseen,
    progress: Progress = unseen,
    notice: Notice | None = None,
) -> Run:
    """Simulate and value every allocation under every move, until a stated precision is reached.

    `to` is the allocation that the others are compared with (`baseline` if there is one, else the first).
    `memory` is the most that this process may use, in bytes or with a unit (`"4GiB"`); if not given, most of what the
    machine has free. It, `threads`, `block` (customers a task) and `batch` (replications in flight) never change a
    result.
    Rows of customer files that cannot be used are written to `rejects`, if there are any. With `standard_errors`, those
    of the values of single customers are kept: sampled mode then takes about twice as long. Without `spread`, luck is
    not told from not knowing uncertain inputs, for which a fifth of their draws is simulated again. `besides` is what
    allocations do that the scenario does not state. `known` is a run in the same mode whose customers, which the same
    inputs say, are not read again. `reading(done, total)` is
    called as their columns are read, `progress(done, total)` as the simulation advances, `notice(text)` before a wait
    worth a word and with what is to be known of how the files were read.
    Raises `ScenarioError` for bad customer files, for figures of today that exclude each other, for amounts out of
    proportion to the customers' revenue, for an unknown `to`, and for `memory` that is too little.
    """
    budget = budget_of(memory)
    if scenario.simulation.precision is not None:

        def begin(part: Scenario, progress: Progress) -> Run:
            return run(
                part, to=to, threads=threads, block=block, batch=batch, memory=memory, rejects=rejects,
                standard_errors=standard_errors, spread=spread, besides=besides, known=known,
                reading=reading, progress=progress, notice=notice,
            )  # fmt: skip

        return until_enough(scenario, begin, to, besides, progress)
    how = How(threads, block, batch, budget, standard_errors, notice)
    reference_of(scenario, to)  # is refused before anything is read
    require_known_shares(scenario)
    options = how.options_of(scenario)
    require_room_for_customers(scenario, options, budget, say_if_compiling(None, scenario, options.mode))
    compiling, used_before = say_if_compiling(notice, scenario, options.mode), most_used()
    with compiling_beside(scenario, how, options.mode):
        clock = Clock()
        with clock.phase("customers"):
            if known is None:
                portfolio = load_portfolio(
                    scenario, rejects=rejects, progress=reading, memory=None if budget is None else budget.size
                )
                tell(notice, portfolio.notices)
                inputs = {name: sha256(path) for name, path in named(files_of(scenario)).items()}
            else:
                portfolio, inputs = known.portfolio, known.inputs
        with clock.phase("tables"):
            uncertain, stated = bool(scenario.uncertain.paths), scenario
            scenario, status_quo = settled(stated, portfolio, how)
        if uncertain:  # of the central values one replication
            scenario = in_replications(scenario, 1)
        of_this = unseen if uncertain else progress
        simulation = Simulation(scenario, how, to, 0, besides, of_this, clock, compiling, used_before)
        found = replace(simulation.of(portfolio, inputs), status_quo=status_quo)
        if not uncertain:
            return found
        return drawn_on(found, stated, to=to, besides=besides, progress=progress, again=spread)
