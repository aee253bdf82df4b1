"""A run under other values of inputs is what a run of these says, whatever they touch."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from simengine.results.redrawn import portfolio_of, redrawn
from simengine.results.run import Run, run
from simengine.scenario import ScenarioError, load_scenario
from simengine.scenario.model import Scenario
from tests.results.test_stacked import ALL_LUCK, assert_alike

ELSEWHERE = {  # of nothing that enters today's choice
    "company.discount_rate": "0.1", "company.overhead": "25k", "company.net_debt": "0", "company.tax_rate": "0.2",
    "segments.affluent.margin": "0.5", "segments.affluent.capital": "9% of revenue",
    "segments.affluent.cost_to_serve.branch.cost": "15", "segments.affluent.acquisition_cost.money": "300",
    "segments.affluent.revenue_spread": "0.6", "segments.affluent.word_of_mouth": "1",
    "segments.leaving.margin": "0.4", "segments.leaving.hazard.constant": "0.2", "segments.leaving.capital": "120",
    "levers.advisers.response.hill.max": "1", "levers.advisers.carry_over": "0.5",
    "allocations.advice.advisers.affluent": "60k", "moves.price_cut.1.change.price": "-0.2",
}  # fmt: skip
TODAY = {  # of what enters it, or of revenue
    "segments.affluent.churn": "0.09", "segments.affluent.review": "0.3", "segments.affluent.price_sensitivity": "4",
    "segments.affluent.shares": "{us: 0.36, atlas: 0.3, neo: 0.11, none: 0.23}",
    "segments.affluent.share_trend": "{atlas: 0.02}",
    "segments.affluent.revenue.lognormal.mean": "3000", "segments.affluent.stages.revenue": "[0.7, 1, 1.3]",
    "segments.affluent.stages.years": "[2, 3]", "segments.affluent.stages.inertia": "[0.5, 1, 1.5]",
    "segments.affluent.points_worth": "1.5", "segments.affluent.tailoring": "0.5",
    "segments.affluent.outside_inertia": "0.8",
    "segments.leaving.revenue": "1000", "offers.atlas.price": "105", "offers.us.service": "8", "offers.neo.rate": "4",
}  # fmt: skip
PEOPLE = {  # of who customers are
    "segments.affluent.size": "250", "segments.affluent.needs_spread": "0.1", "segments.affluent.growth": "0.05",
    "segments.affluent.needs": "{rate: 0.5, service: 0.5}", "segments.affluent.revenue.lognormal.cv": "0.8",
    "segments.leaving.size": "170", "segments.leaving.newcomers.per_year": "30",
}  # fmt: skip


def other(done: Run, **values: str) -> Scenario:
    simulation = {name: getattr(done.scenario.simulation, name) for name in ("mode", "replications")}
    path = done.scenario.source.file
    return load_scenario(path, settings=[f"{path}={value}" for path, value in values.items()], simulation=simulation)


def assert_close(found: Run, wanted: Run, tolerance: float) -> None:
    """Values and totals, relative to the company's."""
    for name in ("equity", "customers", "segments", "opening_capital"):
        a, b = (getattr(each.valuation, name) / each.valuation.money_scale for each in (found, wanted))
        assert (
            np.abs(a - b).max() <= tolerance * np.abs(wanted.valuation.value_per_share * wanted.valuation.shares).max()
        )
    assert found.opening.constants == pytest.approx(wanted.opening.constants, abs=1e-7)
    assert found.opening.inertia == pytest.approx(wanted.opening.inertia, abs=1e-7)
    assert found.opening.churn == pytest.approx(wanted.opening.churn, abs=1e-9, nan_ok=True)


@pytest.mark.parametrize("path", ELSEWHERE)
def test_what_enters_nothing_of_today_is_the_same_to_the_bit(path: str, expected: Run) -> None:
    scenario = other(expected, **{path: ELSEWHERE[path]})
    found, wanted = redrawn(expected, scenario), run(scenario)
    assert np.array_equal(found.opening.constants, expected.opening.constants)
    if found.ledger.scales == wanted.ledger.scales:
        assert_alike(found, wanted)
    assert_close(found, wanted, 1e-9)
    assert not np.array_equal(found.valuation.equity, expected.valuation.equity) or "spread" in path


@pytest.mark.parametrize("path", TODAY)
def test_what_enters_today_is_solved_from_there(path: str, expected: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    scenario = other(expected, **{path: TODAY[path]})
    wanted = run(scenario)
    monkeypatch.setattr("simengine.engine.segment_market.brentq", None)  # no search from nothing
    found = redrawn(expected, scenario)
    assert_close(found, wanted, 1e-8)
    assert found.ledger.scales == expected.ledger.scales


@pytest.mark.parametrize("path", PEOPLE)
def test_who_customers_are_is_read_again(path: str, expected: Run) -> None:
    scenario = other(expected, **{path: PEOPLE[path]})
    assert portfolio_of(expected, scenario) is None
    assert_close(redrawn(expected, scenario), run(scenario), 1e-9)


def test_other_cells_and_replications_of_an_unquiet_market(tmp_path: Path) -> None:
    """With luck, boards, initiatives and all: replication r of the draw is that of a run of it, in both modes."""
    path = tmp_path / "market.yaml"
    path.write_text(ALL_LUCK, encoding="utf-8")
    for mode in ("sampled", "expected"):
        simulation = {"mode": mode, "replications": 3}
        done = run(load_scenario(path, simulation=simulation))
        settings = ["segments.affluent.margin=50%", "knowledge.forgetting=20%", "market.volatility=0.2"]
        one = load_scenario(path, settings=settings, simulation=simulation | {"replications": 1})
        wanted = run(load_scenario(path, settings=settings, simulation=simulation))
        found = redrawn(done, one, first=2)
        assert found.options.first == 2
        assert np.array_equal(found.valuation.equity[:, 0], wanted.valuation.equity[:, 2])


def test_amounts_off_the_scale_are_refused(expected: Run) -> None:
    with pytest.raises(ScenarioError, match="times the revenue of the central"):
        redrawn(expected, other(expected, **{"segments.affluent.revenue.lognormal.mean": "2.7M"}))
