"""The shipped variant with initiatives: when they are completed, what they cost, and that nothing comes of them before,
each against a model that shares no code with the product."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from scipy import stats

from simengine.results.run import Run, run
from simengine.scenario import load_scenario
from simengine.scenario.initiative import Initiative
from simengine.scenario.model import Scenario
from simengine.timeline.timeline import Times, timeline_of
from tests.oracle.initiatives import NEVER, Office, law_of, spent_by
from tests.oracle.shocks import uniform

PATH = Path(__file__).parents[2] / "scenarios" / "northbank_initiatives.yaml"
INITIATIVE = 32  # what the draw is for
ORDERS = ("customers_first", "costs_first", "no_new_core")
FEW = ("segments.affluent.size=40", "segments.mass.size=40", "simulation.profile_error=null")
SHORT = (*FEW, "calendar.periods=24", "simulation.replications=12")


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return load_scenario(PATH)


class Piece(NamedTuple):
    """An initiative as the office knows it."""

    name: str
    ready: float
    teams: int
    priority: int
    after: tuple[str, ...]
    patience: float


def pieces(initiatives: dict[str, Initiative]) -> list[Piece]:
    return [
        Piece(name, each.start, each.teams, each.priority, each.after, each.cancel_after or NEVER)
        for name, each in initiatives.items()
    ]


def lasting(each: Initiative, u: float) -> float:
    """Periods that it takes, with a probability u of less."""
    if isinstance(each.duration, (int, float)):
        return float(each.duration)
    return float(law_of(each.duration.model_dump()).ppf(u))


def sample(each: Initiative, count: int, luck: np.random.Generator) -> list[float]:
    """How long it takes, drawn."""
    if isinstance(each.duration, (int, float)):
        return [float(each.duration)] * count
    return [float(one) for one in law_of(each.duration.model_dump()).rvs(count, random_state=luck)]


def lived(scenario: Scenario, replications: int) -> dict[str, dict[str, Times]]:
    timeline = timeline_of(scenario, scenario.simulation.seed, 0, replications)
    assert timeline is not None
    return timeline.times


def office(scenario: Scenario, order: str, replication: int) -> Office:
    """The twin of an allocation in a replication."""
    initiatives, seed = scenario.allocations[order].initiatives, scenario.simulation.seed
    durations = {
        name: lasting(each, uniform(seed, f"initiative {name}", INITIATIVE, 0, replication))
        for name, each in initiatives.items()
    }
    return Office(pieces(initiatives), teams_of(scenario), durations)


def teams_of(scenario: Scenario) -> int:
    assert scenario.delivery is not None
    return scenario.delivery.teams


def test_it_loads_without_warnings(scenario: Scenario) -> None:
    assert not scenario.warnings
    assert [len(each.initiatives) for each in scenario.allocations.values()] == [0, 8, 8, 6]


def test_the_order_is_worth_more_than_the_core_system() -> None:
    finished = run(load_scenario(PATH, simulation={"replications": 30}))
    worth = {cell["allocation"]: cell["value_per_share"]["mean"] for cell in finished.summary["cells"]}
    assert min(worth[name] for name in ORDERS) > worth["baseline"]
    assert worth["customers_first"] - worth["costs_first"] > 5 * abs(worth["no_new_core"] - worth["customers_first"])


def test_the_core_system_is_given_up_as_often_as_its_time_runs_out(scenario: Scenario) -> None:
    """The upper tail of triangular(6, 9, 18) beyond 14; a right program fails one seed in a thousand."""
    given_up = np.isfinite(lived(scenario, 600)["costs_first"]["core_system"].cancelled)
    assert stats.binomtest(int(given_up.sum()), 600, (18 - 14) ** 2 / ((18 - 6) * (18 - 9))).pvalue > 0.001


@pytest.mark.parametrize("order", ORDERS)
def test_in_every_replication_all_happens_when_an_independent_model_of_the_office_says(
    scenario: Scenario, order: str
) -> None:
    times = lived(scenario, 40)[order]
    for r in range(40):
        twin = office(scenario, order, r)
        for name, found in times.items():
            assert [column[r] for column in found] == pytest.approx(twin.course(name), rel=1e-9)


def test_completion_times_are_distributed_as_in_an_independent_model_with_other_luck(scenario: Scenario) -> None:
    """Two samples of each, Kolmogorov and Smirnov; a right program fails one seed in a thousand, for all together."""
    replications, luck, found = 600, np.random.default_rng(3), lived(scenario, 600)
    tests = [(order, name) for order in ORDERS for name in scenario.allocations[order].initiatives]
    for order in ORDERS:
        initiatives = scenario.allocations[order].initiatives
        durations = {name: sample(each, replications, luck) for name, each in initiatives.items()}
        offices = [
            Office(pieces(initiatives), teams_of(scenario), {name: own[r] for name, own in durations.items()})
            for r in range(replications)
        ]
        for name in initiatives:
            drawn = [min(office.course(name)[2], 1e3) for office in offices]  # completed; never: after all others
            compared = np.minimum(found[order][name].completed, 1e3)
            if np.ptp(compared) == 0:
                assert np.ptp(drawn) == 0
                assert drawn[0] == compared[0]
            else:
                assert stats.ks_2samp(compared, drawn).pvalue > 0.001 / len(tests), (order, name)


@cache
def small() -> Run:
    return run(load_scenario(PATH, settings=(*FEW, "simulation.replications=12")), threads=1)


@pytest.mark.parametrize("order", ORDERS)
def test_what_is_charged_is_what_the_initiatives_cost(order: str) -> None:
    """The sum over the calendar, in every replication, of each segment's programmes and of what none bears, beyond
    the baseline's."""
    finished, axes = small(), small().tables.axes
    base, cell = (finished.scenario.cells.index((name, "quiet")) for name in ("baseline", order))
    economics, years, end = finished.tables.economics, axes.years_per_period, len(axes.periods)
    charged = np.concatenate([economics.programmes, economics.unallocated[..., None]], axis=-1)
    charged = np.asarray((charged[cell] - charged[base]).sum(axis=1) * years)  # [R, S + 1]
    initiatives = finished.scenario.allocations[order].initiatives
    for r in range(finished.options.replications):
        spent, twin = dict.fromkeys((*axes.segments, None), 0.0), office(finished.scenario, order, r)
        for name, each in initiatives.items():
            _, started, completed, cancelled = twin.course(name)
            ended = min(completed, cancelled)
            duration = twin.durations[name]
            money = spent_by(end, min(started, ended), ended, completed, duration, each.build, each.run * years)
            for segment, share in each.shares.items() or [(None, 1.0)]:
                spent[segment] += share * money
        assert charged[r].tolist() == pytest.approx(list(spent.values()), rel=1e-9, abs=1e-3)


def alone(name: str, mode: str) -> Run:
    """A small market in which only this initiative of the first order changes anything."""
    stated = load_scenario(PATH).allocations["customers_first"].initiatives
    others = [other for other, each in stated.items() if each.effect and other != name]
    without = [f"allocations.customers_first.initiatives.{other}.effect=null" for other in others]
    return run(load_scenario(PATH, settings=(*SHORT, *without), simulation={"mode": mode}), threads=1)


def differs(table: np.ndarray, finished: Run) -> np.ndarray:
    """[R] the first period in which a table [C, R, T, ...] of the first order is not that of the baseline."""
    base, cell = (finished.scenario.cells.index((name, "quiet")) for name in ("baseline", "customers_first"))
    moved = (table[cell] != table[base]).reshape(*table.shape[1:3], -1).any(axis=-1)
    return np.where(moved.any(axis=1), moved.argmax(axis=1), moved.shape[1])


@pytest.mark.parametrize("mode", ["sampled", "expected"])
@pytest.mark.parametrize(
    ("name", "acts_on"),
    [
        ("single_view", "customers"), ("adviser_desktop", "customers"), ("service_training", "customers"),
        ("new_app", "customers"), ("call_routing", "cost"), ("core_system", "cost"), ("straight_through", "cost"),
    ],
)  # fmt: skip
def test_nothing_comes_of_an_initiative_before_it_is_completed(name: str, acts_on: str, mode: str) -> None:
    """In every replication all is as under the baseline, to the bit, until the first quarter that begins after its
    completion; from then on it is not: of drawn customers, as soon as somebody decides otherwise."""
    finished = alone(name, mode)
    assert finished.timeline is not None
    periods = len(finished.tables.axes.periods)
    completed = finished.timeline.times["customers_first"][name].completed
    begins = np.minimum(np.ceil(completed), periods)
    counts, cost = differs(finished.ledger.count[:, :, 1:], finished), finished.tables.economics.cost_to_serve
    if acts_on == "cost":
        assert (differs(cost, finished) == begins).all()
    elif mode == "expected":
        assert (counts == begins).all()
        assert (differs(cost, finished) == periods).all()
    if name not in ("core_system", "straight_through"):
        assert (counts >= begins).all()
        assert begins.min() < periods
    else:
        assert (counts == periods).all()
        assert begins.min() < begins.max()
