"""The engine against the reference in C: customer-quarters of every cell and replication a second, as a ratio."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial

from simengine.bench import calibration
from simengine.bench.market import Market, Shape, market
from simengine.bench.stepper import SEGMENTS, SteppedMarket, invented_market
from simengine.bench.trial import Effort, Rates, Run, Trial
from simengine.engine.options import Options

IN_CACHE = 0.1  # of an effort's customers: 20 k of 200 k
LARGE = 5  # 1 M
TIMES = 5  # that a run steps the reference: a quarter of a second
LONGER = 20  # as long as a busy system may take to find a second core for a second thread
OFTEN = 40  # that what the cache holds is simulated: a quarter of a second, too


def sampled(effort: Effort, shape: Shape, values: bool = False) -> Trial:
    """Sampled mode on one core, all replications in flight; `values`: of every customer in every cell."""
    options = sampled_options(effort, values)
    return against_reference(effort, sized(effort, shape), options)


def expected(effort: Effort, size: float, segments: int, times: int = 1) -> Trial:
    """Expected mode on one core, one cell, all totals; `size` is a multiple of the effort's customers. It is simulated
    `times` times, so that the cache holds what fits into it."""
    options = Options(seed=1, mode="expected", replications=1, threads=1, customer_cells=())
    shape = Shape(cells=1, segments=segments, stages=True)
    return against_reference(effort, sized(effort, shape, size), options, times)


def second_core(effort: Effort) -> Trial:
    """What a second core adds to sampled mode with 12 cells, over what it adds to the reference."""
    own = market(sized(effort, PLAIN))
    return Trial(
        tuple(
            run
            for threads in (1, 2)
            for run in (
                reference(effort, threads, times=LONGER),
                engine(own, sampled_options(effort)._replace(threads=threads)),
            )
        ),
        lambda rates: (rates["engine_2"] / rates["engine_1"]) / (rates["reference_2"] / rates["reference_1"]),
        patience=4,
    )


def closed_loop(effort: Effort, mode: str, cells: int) -> Trial:
    """How much longer a market takes on one core whose customers talk, so that the tables of a period follow from what
    they did in the period before, than one in which they do not: its tables change as often, but are known ahead and
    the same in all replications and, but for some offers, in all cells."""
    return Trial(
        tuple(
            engine(_drifting(effort, cells, talk), _options_of(effort, mode))._replace(name=name)
            for name, talk in (("open", False), ("closed", True))
        ),
        lambda rates: rates["open"] / rates["closed"],
    )


def replayed(effort: Effort, mode: str, cells: int) -> Trial:
    """How much longer a market whose customers talk takes on one core than the same market, to the bit, with the tables
    known ahead that followed from its customers: what it costs that each period waits for the one before."""
    own, options = _drifting(effort, cells, talk=True), _options_of(effort, mode)
    replay = cache(partial(own.replay, options))  # simulated once, when first asked for
    known = engine(own, options)._replace(name="known_ahead", work=lambda: own.simulated(options, replay()))
    return Trial(
        (known, engine(own, options)._replace(name="closed")), lambda rates: rates["known_ahead"] / rates["closed"]
    )


def _drifting(effort: Effort, cells: int, talk: bool) -> Market:
    """A large market, the tables of which change from period to period."""
    return market(sized(effort, STAGED._replace(cells=cells, drift=True, talk=talk), LARGE))


def _options_of(effort: Effort, mode: str) -> Options:
    """One core; of sampled mode all replications of the effort in flight."""
    return sampled_options(effort)._replace(mode=mode, replications=effort.replications if mode == "sampled" else 1)


def one_uniform(effort: Effort) -> Trial:
    """The reference with one uniform a choice instead of an error for every offer, over the reference itself."""
    return Trial((reference(effort), reference(effort, by_errors=False)), _ratio("reference_by_share_1"))


def sized(effort: Effort, shape: Shape, size: float = 1) -> Shape:
    """The shape with as many customers and periods as an effort says."""
    customers = max(shape.segments, int(effort.customers * size))
    return shape._replace(customers=customers, periods=effort.periods)


def sampled_options(effort: Effort, values: bool = False) -> Options:
    """One core; all replications of the effort in flight."""
    kept = None if values else ()
    return Options(1, "sampled", effort.replications, threads=1, batch=effort.replications, customer_cells=kept)


def against_reference(effort: Effort, shape: Shape, options: Options, times: int = 1) -> Trial:
    return Trial((reference(effort), engine(market(shape), options, times)), _ratio("engine_1"))


def engine(own: Market, options: Options, times: int = 1) -> Run:
    """So many simulations by the engine."""

    def work() -> None:
        for _ in range(times):
            own.simulated(options)

    replications = options.replications if options.mode == "sampled" else 1
    return Run(f"engine_{options.threads}", work, own.million_customer_periods(replications) * times)


def reference(effort: Effort, threads: int = 1, by_errors: bool = True, times: int = TIMES) -> Run:
    """The market of the reference, stepped `times` times."""
    stepped = _stepped(effort.customers // SEGMENTS)
    return Run(
        f"reference_{threads}" if by_errors else f"reference_by_share_{threads}",
        partial(calibration.step, stepped, threads, times, by_errors),
        stepped.customer_quarters * times / 1e6,
    )


@cache
def _stepped(size: int) -> SteppedMarket:
    return invented_market(size)


def _ratio(of: str) -> Callable[[Rates], float]:
    return lambda rates: rates[of] / rates["reference_1"]


PLAIN, STAGED = Shape(known=True), Shape(known=True, stages=True)
TRIALS: dict[str, Callable[[Effort], Trial]] = {
    "sampled_1_cell": lambda effort: sampled(effort, PLAIN._replace(cells=1)),
    "sampled_1_cell_stages": lambda effort: sampled(effort, STAGED._replace(cells=1)),
    "sampled_12_cells": lambda effort: sampled(effort, PLAIN),
    "sampled_12_cells_stages": lambda effort: sampled(effort, STAGED),
    "sampled_12_cells_values": lambda effort: sampled(effort, PLAIN, values=True),
    "sampled_12_cells_review_25": lambda effort: sampled(effort, PLAIN._replace(review=0.25)),
    "sampled_12_cells_drawn": lambda effort: sampled(effort, PLAIN._replace(known=False)),
    "expected_in_cache": lambda effort: expected(effort, IN_CACHE, segments=1, times=OFTEN),
    "expected_1m": lambda effort: expected(effort, LARGE, segments=20),
    "closed_sampled_1_cell": lambda effort: closed_loop(effort, "sampled", 1),
    "closed_sampled_12_cells": lambda effort: closed_loop(effort, "sampled", 12),
    "closed_expected_1_cell": lambda effort: closed_loop(effort, "expected", 1),
    "closed_expected_12_cells": lambda effort: closed_loop(effort, "expected", 12),
    "replayed_sampled_1_cell": lambda effort: replayed(effort, "sampled", 1),
    "replayed_sampled_12_cells": lambda effort: replayed(effort, "sampled", 12),
    "replayed_expected_1_cell": lambda effort: replayed(effort, "expected", 1),
    "replayed_expected_12_cells": lambda effort: replayed(effort, "expected", 12),
    "second_core": second_core,
    "one_uniform": one_uniform,
}
