"""How habits split a budget: as a scenario does that spreads it by the same habit."""

from __future__ import annotations

import numpy as np
import pytest

from simengine.results.run import Run, run
from simengine.scenario import load_scenario
from simengine.scenario.budgets import BASES
from simengine.study.optimize.habits import habit
from simengine.study.optimize.items import Items, Phase, Place
from tests.edited import edited
from tests.study.optimize.conftest import FIELD

SPREADS = "".join(f"  by_{by}: {{spread: {{budget: 16k, lever: extras, by: {by}}}}}\n" for by in BASES)


@pytest.fixture(scope="module")
def spread(tmp_path_factory: pytest.TempPathFactory) -> Run:
    path = tmp_path_factory.mktemp("habits") / "field.yaml"
    path.write_text(edited(FIELD, ("  baseline: {}\n", "  baseline: {}\n" + SPREADS)))
    return run(load_scenario(path))


@pytest.fixture(scope="module")
def near(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The same market, of which another question is asked, with other customers simulated as one."""
    path = tmp_path_factory.mktemp("near") / "field.yaml"
    path.write_text(edited(FIELD, ("  quiet: {}\n", ""), ("replications: 6", "replications: 6, profile_error: 1%")))
    return run(load_scenario(path), to="advice")


@pytest.mark.parametrize("by", BASES)
def test_a_habit_splits_a_budget_as_a_spread_does(by: str, spread: Run, near: Run) -> None:
    places = (Place("extras", "affluent"), Place("extras", "leaving"))
    items = Items(near.scenario.allocations["baseline"], places, (Phase(0, 4, "2026"),), {})
    found = habit(by, near, items, np.array([1.0, 1.0]), [16e3])
    assert found is not None
    (funding,) = spread.scenario.allocations[f"by_{by}"].fundings["extras"]
    assert found.tolist() == [funding.amounts["affluent"], funding.amounts["leaving"]]
