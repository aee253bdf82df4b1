"""When replications are enough: how it is stated, what it needs, and what it changes of the language's defaults."""

from __future__ import annotations

from pathlib import Path

import pytest

from simengine.scenario import ScenarioError, load_scenario
from simengine.scenario.model import Scenario
from tests.edited import edited

DECIDING = """\
simengine: 1
currency: EUR
calendar: {start: 2026-Q1, step: quarter, periods: 8}
simulation: {precision: decision, indifference: 0.2%}
company: {name: Small, discount_rate: 9%, shares: 1000}
segments: {members: {dynamics: contract, size: 100, hazard: {constant: 10%}, revenue: 900, margin: 50%}}
levers: {care: {target: retention, response: {hill: {max: 0.8, half: 50k}}}}
allocations:
  baseline: {}
  caring: {care: {members: 1k}}
"""


def loaded(folder: Path, *replaced: tuple[str, str], **simulation: object) -> Scenario:
    path = folder / "deciding.yaml"
    path.write_text(edited(DECIDING, *replaced), encoding="utf-8")
    return load_scenario(path, simulation=simulation)


def test_it_is_a_fraction_or_a_decision_and_replications_are_then_the_most(tmp_path: Path) -> None:
    deciding = loaded(tmp_path).simulation
    assert (deciding.precision, deciding.indifference, deciding.replications) == ("decision", 0.002, 10_000)
    assert loaded(tmp_path, precision="0.5%").simulation.precision == 0.005
    assert loaded(tmp_path, replications=50).simulation.replications == 50
    plain = loaded(tmp_path, ("precision: decision, indifference: 0.2%", "seed: 2")).simulation
    assert (plain.precision, plain.replications) == (None, 40)


def test_the_resolved_scenario_says_it_and_is_equal(tmp_path: Path) -> None:
    scenario = loaded(tmp_path, precision="0.5%")
    (tmp_path / "again.yaml").write_text(scenario.resolved_yaml(), encoding="utf-8")
    again = load_scenario(tmp_path / "again.yaml")
    assert again.simulation == scenario.simulation
    assert [each.found for each in again.warnings] == [each.found for each in scenario.warnings]


@pytest.mark.parametrize(
    ("stated", "suggestion"),
    [
        ({"precision": "0.5"}, "did you mean 0.5%?"),
        ({"precision": "decisions"}, "did you mean 'decision'?"),
        ({"replications": 29}, "leave it out: it is then 10,000"),
        ({"replications": 79, "inputs": "sobol"}, "leave it out: it is then 10,000"),
    ],
)
def test_what_it_cannot_be(stated: dict[str, object], suggestion: str, tmp_path: Path) -> None:
    with pytest.raises(ScenarioError) as refused:
        loaded(tmp_path, **stated)
    assert [each.suggestion for each in refused.value.problems] == [suggestion]


@pytest.mark.parametrize(
    ("replaced", "found"),
    [
        (("precision: decision, ", ""), "an indifference without `precision: decision`"),
        (("  caring: {care: {members: 1k}}\n", ""), "`decision` with one allocation"),
    ],
)
def test_what_it_does_not_decide(replaced: tuple[str, str], found: str, tmp_path: Path) -> None:
    assert found in [each.found for each in loaded(tmp_path, replaced).warnings]
