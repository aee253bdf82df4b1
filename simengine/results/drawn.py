"""Runs with uncertain inputs: replication r sees draw r of the inputs, and its own luck.

The scenario's central values are simulated once; every draw is a run under other values of inputs (`redrawn`), of one
replication, and all of them are one run in the end. So which are simulated together, and by how many threads, shows in
no bit. Customers, their opening and all that no replication changes are those of the central values.

To tell luck from not knowing, some draws are simulated again with other luck.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from simengine.engine.customer_values import NOBODY, CustomerValues, DrawnValues, ExpectedValues
from simengine.engine.ledger import Integers
from simengine.portfolio.progress import Progress, unseen
from simengine.results.clock import all_seconds
from simengine.results.finished_run import Run
from simengine.results.memory import require_room_for_draws
from simengine.results.prepare import in_replications, tell
from simengine.results.redrawn import redrawn, same_customers
from simengine.results.stacked import published, stacked
from simengine.results.status_quo import settled
from simengine.scenario.model import Scenario
from simengine.scenario.problems import ScenarioError
from simengine.scenario.rules.inputs import rules_told
from simengine.scenario.setting_path import PathRefused
from simengine.scenario.with_values import with_values
from simengine.tables.initiatives import InitiativesOf, no_initiatives
from simengine.tables.inputs import block_size, input_quantile, inputs_of
from simengine.tables.layout import MONEY_OF_CELLS, MONEY_OF_RIVALS, MONEY_ONCE, Floats
from simengine.tables.unfolding import has_luck

OTHER_LUCK = 1 << 20  # added to the number of a replication: beyond all that a run may have
LEAST_AGAIN, PART_AGAIN = 10, 5  # draws that are simulated again: one of five, at least ten, at most all
NAMED = 3  # inputs that a message names
ENDS = (1e-6, 1.0 - 1e-6)  # probabilities below which hardly a value of an input lies, and nearly all do
SHARES = "company.shares"


@dataclass(frozen=True)
class Again:
    """Draws of inputs that were simulated a second time, with other luck."""

    rows: NDArray[np.int64]  # [K] which of the run's replications have the same inputs
    equity: Integers  # [C, K]


@dataclass(frozen=True)
class Drawn:
    """The uncertain inputs of a run."""

    paths: tuple[str, ...]
    values: Floats  # [R, n] each in the unit of its input
    stated: Scenario  # with the central values, before budgets are spread
    central: Run  # of these, one replication
    again: Again | None = None  # where luck is told from not knowing

    def in_cells(self, rows: NDArray[np.int64]) -> Drawn:
        """The same of some cells of the run."""
        again = self.again
        return replace(self, again=again and replace(again, equity=again.equity[rows]))


def drawn_on(
    central: Run,
    stated: Scenario,
    *,
    to: str | None = None,
    first: int = 0,
    besides: InitiativesOf = no_initiatives,
    progress: Progress = unseen,
    again: bool = False,
) -> Run:
    """The replications of a scenario with uncertain inputs from `first` on; `central` is the run of the central values,
    `again` says that luck is to be told from not knowing."""
    paths, count = tuple(stated.uncertain.paths), stated.simulation.replications
    values = inputs_of(stated, first, count)
    if stated.simulation.customer_values and says_who(central, stated):
        tell(central.how.notice, ["values of single customers are not kept: uncertain inputs say who they are"])
        stated = _without_customer_values(stated)
    settled_centrally, status_quo = settled(stated, central.portfolio, central.how, central.status_quo)
    if status_quo is not central.status_quo:
        central = replace(central, status_quo=status_quo)
    require_room_for_draws(central.how.budget, central.tables, central.options, count)
    rows = again_of(count) if again and (central.options.mode == "sampled" or has_luck(stated)) else []
    total, pile = count + len(rows), Pile(central)

    def of_draw(r: int, scenario: Scenario, luck: int) -> Run:
        inputs = dict(zip(paths, values[r].tolist(), strict=True))
        with _told(first + r, inputs), rules_told(stated, inputs):
            one = with_values(in_replications(scenario, 1), inputs)
            return redrawn(central, one, to=to, first=luck, besides=besides, expanded=False)

    for r in range(count):
        pile.add(of_draw(r, stated, first + r))
        progress(r + 1, total)
    found = pile.run(settled_centrally)
    drawn = Drawn(paths, values, stated, central)
    if rows:
        equity, quick = [], _without_customer_values(stated)
        for k, r in enumerate(rows):
            equity.append(of_draw(r, quick, OTHER_LUCK + first + r).valuation.equity)
            progress(count + k + 1, total)
        drawn = replace(drawn, again=Again(np.array(rows, np.int64), np.concatenate(equity, axis=1)))
    return replace(found, valuation=found.valuation._replace(block=block_size(stated)), drawn=drawn)


def again_of(count: int) -> list[int]:
    """Which of so many replications are simulated again, evenly spaced."""
    some = min(count, max(LEAST_AGAIN, -(-count // PART_AGAIN)))
    return [k * count // some for k in range(some)]


def says_who(central: Run, stated: Scenario) -> bool:
    """Whether some uncertain input says who customers are: these then are others in some draws, whichever those are."""
    for path in stated.uncertain.paths:
        for end in ENDS:
            with suppress(PathRefused):
                if not same_customers(central, with_values(stated, {path: input_quantile(stated, path, end)})):
                    return True
    return False


def require_known_shares(scenario: Scenario) -> None:
    """Fails where the number of shares is uncertain."""
    uncertain = scenario.uncertain
    if any(SHARES in (path, *uncertain.same.get(path, ())) for path in uncertain.paths):
        told = "an uncertain number of shares", "a number that is known: value is told per share", "leave it out"
        raise ScenarioError([scenario.problem(("uncertain", SHARES), *told)])


def _without_customer_values(scenario: Scenario) -> Scenario:
    return replace(scenario, simulation=scenario.simulation.model_copy(update={"customer_values": False}))


class Pile:
    """Runs of a replication each, put together; of each is kept what differs."""

    def __init__(self, central: Run) -> None:
        self._central, self._runs = central, list[Run]()
        self._units: Floats | None = None
        self._ours: Floats = np.zeros(0)
        self._drawn: DrawnValues | None = None
        self._cells: tuple[int, ...] = ()

    def add(self, run: Run) -> None:
        self._add_customers(run)
        central = self._central
        self._runs.append(
            replace(
                run,
                ledger=replace(run.ledger, customers=NOBODY, customer_cells=()),
                tables=run.tables._replace(features=central.tables.features, segments=central.tables.segments),
                portfolio=central.portfolio,
                opening=central.opening,
                ground=central.ground,
                simulated=central.simulated,
                profile=central.profile,
                accumulated=None,
                onward=None,
                status_quo=central.status_quo,
            )
        )

    def _add_customers(self, run: Run) -> None:
        customers = run.ledger.customers
        if not len(customers):
            return
        self._cells = run.ledger.customer_cells
        if isinstance(customers, DrawnValues):
            before = self._drawn
            if before is None:
                self._drawn = customers
            else:
                before.values[...] += customers.values
                before.presence[...] += customers.presence
                if before.squares is not None and customers.squares is not None:
                    before.squares[...] += customers.squares
        elif isinstance(customers, ExpectedValues):
            units = customers.unit
            base, central = run.opening.base_revenue, self._central.opening.base_revenue
            if not np.array_equal(base, central):  # they are of a unit of the draw's revenue
                units[:, 0] *= np.divide(base, central, out=np.ones(len(base)), where=central > 0.0)
            self._units = units if self._units is None else self._units + units
            self._ours = customers.ours if not len(self._ours) else self._ours + customers.ours

    def run(self, scenario: Scenario) -> Run:
        """All of them; `scenario` is that of the central values."""
        central, found, count = self._central, stacked(self._runs), len(self._runs)
        customers = self._customers(count)
        tables, ledger = found.tables, found.ledger
        economics = {name: getattr(tables.economics, name) for name in (*MONEY_OF_CELLS, *MONEY_ONCE)}
        rivals = {name: getattr(tables.rivals, name) for name in MONEY_OF_RIVALS}
        worth = found.valuation
        if customers is not None:
            ledger = replace(ledger, customers=customers, customer_cells=self._cells)
            worth = published(worth, ledger, central.portfolio.population.segment)
        return replace(
            found,
            scenario=scenario,
            options=found.options._replace(customer_cells=central.options.customer_cells),
            ledger=ledger,
            valuation=worth,
            tables=tables._replace(
                economics=central.tables.economics._replace(**economics),
                rivals=central.tables.rivals._replace(**rivals),
            ),
            seconds=all_seconds([central.seconds, found.seconds]),
        )

    def _customers(self, count: int) -> CustomerValues | None:
        central = self._central
        if self._units is None:
            return self._drawn
        population, rows = central.portfolio.population, central.profile
        row = np.arange(len(population.ids), dtype=np.int32) if rows is None else rows
        scales = central.ledger.scales
        return ExpectedValues(
            self._units, self._ours / count, row, population.weight, central.base_revenue, scales.money,
            scales.customer, count,
        )  # fmt: skip


@contextmanager
def _told(replication: int, values: Mapping[str, float]) -> Iterator[None]:
    """Problems of a draw say which it is."""
    try:
        yield
    except ScenarioError as error:
        shown = ", ".join(f"{path} = {value:.4g}" for path, value in list(values.items())[:NAMED])
        more = f" and {len(values) - NAMED} more" if len(values) > NAMED else ""
        where = f"in replication {replication}, where the uncertain inputs are {shown}{more}"
        raise ScenarioError(
            replace(
                problem,
                found=f"{problem.found} {where}".strip(),
                suggestion=f"{problem.suggestion}; or keep the inputs from there with `min` and `max`".lstrip("; "),
            )
            for problem in error.problems
        ) from None
