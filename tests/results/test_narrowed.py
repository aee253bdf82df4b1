"""Some cells of a run are, to the bit, those of a run of these alone; and it goes on as such a run does."""

from __future__ import annotations

from dataclasses import replace

import pytest

from simengine.results.narrowed import narrowed, only_these
from simengine.results.run import Run, run
from simengine.results.stacked import stacked
from simengine.scenario import load_scenario
from tests.results.test_stacked import ALL_LUCK, assert_alike


@pytest.fixture(scope="module", params=["sampled", "expected"])
def wide(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Run:
    path = tmp_path_factory.mktemp("wide") / "market.yaml"
    path.write_text(ALL_LUCK.replace("replications: 7", "replications: 3"), encoding="utf-8")
    return run(load_scenario(path, simulation={"mode": request.param}))


def test_it_is_a_run_of_these_cells_and_goes_on_as_one(wide: Run) -> None:
    kept = ("baseline", "advice", "building"), ("answers",)
    few, part = only_these(wide.scenario, *kept), narrowed(wide, *kept)
    assert_alike(part, run(few))
    later = replace(few, simulation=few.simulation.model_copy(update={"replications": 2}))
    longer = replace(few, simulation=few.simulation.model_copy(update={"replications": 5}))
    assert_alike(stacked([part, part.more(later, first=3)]), run(longer))
