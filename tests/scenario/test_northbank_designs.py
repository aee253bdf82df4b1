"""The shipped variant that designs for groups: what its comments say is so, on a smaller market."""

from __future__ import annotations

from pathlib import Path

import pytest

from simengine.results.run import Run, run
from simengine.scenario import load_scenario

PATH = Path(__file__).parents[2] / "scenarios" / "northbank_designs.yaml"
SMALLER = ("segments.affluent.size=3600", "segments.mass.size=8400", "budget=null", "calendar.periods=20")


@pytest.fixture(scope="module")
def finished() -> Run:
    return run(load_scenario(PATH, settings=SMALLER))


def customers_value(finished: Run, allocation: str) -> float:
    cell = next(c for c in finished.summary["cells"] if (c["allocation"], c["move"]) == (allocation, "quiet"))
    return float(cell["segments"]["affluent"]["customers"])


def test_it_loads_without_warnings() -> None:
    scenario = load_scenario(PATH)
    assert not scenario.warnings
    assert len(scenario.cells) == 14


def test_more_groups_fit_better_by_less_and_less(finished: Run) -> None:
    one, two, four, eight = (
        customers_value(finished, name) for name in ("by_customer_value", "two_groups", "four_groups", "eight_groups")
    )
    assert one < two < four < eight
    assert eight - four < four - one


def test_waiting_costs(finished: Run) -> None:
    assert customers_value(finished, "two_years_later") < customers_value(finished, "four_groups")


def test_habit_spends_the_same_money(finished: Run) -> None:
    spent = finished.summary["allocations"]["by_habit"]["advisers"]
    assert sum(spent.values()) == pytest.approx(15e6)
    assert spent["mass"] > spent["affluent"]
