"""The shipped variant that says what rivals earn: what its comments say is so, on a smaller market."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from simengine.results.run import Run, run
from simengine.scenario import load_scenario

PATH = Path(__file__).parents[2] / "scenarios" / "northbank_rivals.yaml"
SMALLER = ("segments.affluent.size=3600", "segments.mass.size=8400")


@pytest.fixture(scope="module")
def finished() -> Run:
    return run(load_scenario(PATH, settings=SMALLER))


def rival(finished: Run, name: str, move: str, allocation: str = "baseline") -> dict[str, Any]:
    cell = next(c for c in finished.summary["cells"] if (c["allocation"], c["move"]) == (allocation, move))
    found = cell["rivals"][name]
    assert isinstance(found, dict)
    return found


def test_it_loads_without_warnings() -> None:
    scenario = load_scenario(PATH)
    assert not scenario.warnings
    assert len(scenario.cells) == 8


def test_a_price_war_wins_customers_and_pays_neither_rival(finished: Run) -> None:
    quiet = rival(finished, "atlas", "quiet")
    for move in ("price_war", "atlas_alone"):
        war = rival(finished, "atlas", move)
        assert war["share_end"] > quiet["share_end"] + 0.01
        assert war["value"] < quiet["value"]
    assert rival(finished, "neo", "price_war")["value"] < rival(finished, "neo", "atlas_alone")["value"]


def test_advice_pays_neo_and_costs_atlas(finished: Run) -> None:
    learnt, quiet = ("neo_learns_to_advise", "quiet")
    assert rival(finished, "neo", learnt)["value"] > rival(finished, "neo", quiet)["value"]
    assert rival(finished, "atlas", learnt)["value"] < rival(finished, "atlas", quiet)["value"]


def test_what_the_bank_gains_by_customer_value_rivals_lose(finished: Run) -> None:
    for move in finished.scenario.moves:
        for name in ("atlas", "neo"):
            before, after = (rival(finished, name, move, each) for each in ("baseline", "by_customer_value"))
            assert after["value"] < before["value"]


def test_what_is_not_stated_is_the_bank_s(finished: Run) -> None:
    assert finished.summary["assumed_of_rivals"] == {
        "atlas": ["cost_to_serve", "capital", "acquisition_cost"],
        "neo": [],
    }
