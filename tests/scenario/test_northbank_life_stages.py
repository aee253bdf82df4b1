"""The shipped variant whose customers move on: what its comments say is so, on a smaller market."""

from __future__ import annotations

from math import log
from pathlib import Path

import numpy as np
import pytest

from simengine.portfolio.load import load_portfolio
from simengine.results.check import check
from simengine.results.check_report import ChoiceCheck
from simengine.results.run import Run, run
from simengine.scenario import load_scenario
from simengine.tables.build import build

PATH = Path(__file__).parents[2] / "scenarios" / "northbank_life_stages.yaml"
SMALLER = ("segments.affluent.size=900", "segments.mass.size=300", "budget=null", "moves.neo_learns_to_advise=null")


@pytest.fixture(scope="module")
def moving() -> Run:
    return run(load_scenario(PATH, settings=SMALLER))


@pytest.fixture(scope="module")
def still() -> Run:
    """If nobody moved on."""
    return run(load_scenario(PATH, settings=(*SMALLER, "segments.affluent.need_states=null")))


def added(finished: Run, allocation: str, to: str = "baseline") -> float:
    """What affluent customers are worth more, in a market of any size: relative to the baseline's."""
    worth = {c["allocation"]: float(c["segments"]["affluent"]["customers"]) for c in finished.summary["cells"]}
    return (worth[allocation] - worth[to]) / worth["baseline"]


def test_check_says_who_is_where_today() -> None:
    settings = ("segments.affluent.size=300", "segments.mass.size=200")
    affluent, mass = check(load_scenario(PATH, settings=settings)).segments
    assert isinstance(affluent, ChoiceCheck)
    assert isinstance(mass, ChoiceCheck)
    assert list(affluent.need_states) == ["building", "retired", "settled"]
    assert sum(affluent.need_states.values()) == pytest.approx(1.0)
    assert mass.need_states == {}
    assert affluent.drift < 1e-6
    assert affluent.churn.modelled == pytest.approx(0.07, rel=1e-6)


def test_it_loads_without_warnings() -> None:
    assert not load_scenario(PATH).warnings


def test_knowing_customers_is_worth_more_where_they_move_on(moving: Run, still: Run) -> None:
    assert added(moving, "know_who_moved_on") > 1.2 * added(still, "know_who_moved_on") > 0
    assert added(moving, "both", "more_advisers") > 2 * added(still, "both", "more_advisers") > 0


def test_moving_on_by_itself_changes_little_for_advisers(moving: Run, still: Run) -> None:
    """The mean of all needs stays, so that a better advice is as good on average."""
    assert added(moving, "more_advisers") == pytest.approx(added(still, "more_advisers"), rel=0.03)


def test_states_and_what_moving_on_costs_an_offer_are_as_reckoned_by_hand() -> None:
    """What leaves the settled for the others comes back: shares from three hazards. An offer fits a settled customer
    less by half the distance from the mean of all, of which knowledge of 0.4 takes off two fifths, twice."""
    scenario = load_scenario(PATH, settings=SMALLER)
    tables = build(scenario, load_portfolio(scenario))
    states = tables.segments.need_states[0]
    assert states is not None
    assert states.names == ("building", "retired", "settled")
    building, retired = (log(0.94) + log(0.98)) / log(0.88), log(0.94) / log(0.93)  # for each settled one
    share = np.array([building, retired, 1.0]) / (building + retired + 1.0)
    np.testing.assert_allclose(states.share, share, rtol=1e-12)
    needs = np.array([[0.15, 0.3, 0.35, 0.2], [0.4, 0.05, 0.1, 0.45], [0.45, 0.1, 0.15, 0.3]])  # advice, digital, rate
    away = np.abs(needs[2] - share @ needs).sum() / 2
    assert states.moved[2] == pytest.approx(away, rel=1e-6)
    assert tables.choice.coefficient[0, 0, 0, 0, len(scenario.needs) + 2] == pytest.approx(-3 * 0.6 * 0.6)
    np.testing.assert_allclose(states.shift.sum(axis=1), 0, atol=1e-7)
