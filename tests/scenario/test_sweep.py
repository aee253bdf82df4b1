"""`--sweep`: the allocations of a grid are those that a scenario states by hand, and every slip is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from simengine.scenario import Scenario, ScenarioError, load_scenario
from tests.results.conftest import MARKET

PHASED = MARKET.replace(
    "  advice: {advisers: {affluent: 40k}}",
    "  advice: {from: 2026-Q3, advisers: {affluent: 40k}}\n"
    "  both: {like: advice, outreach: [{until: 2026-Q4, affluent: 3k}, {from: 2027-Q1, affluent: 4k}]}",
).replace(
    "allocations:\n",
    "  outreach: {target: acquisition, response: {hill: {max: 40%, half: 3k, shape: 1}}}\nallocations:\n",
)


def swept(folder: Path, *sweeps: str, base: str | None = None, settings: tuple[str, ...] = ()) -> Scenario:
    (folder / "market.yaml").write_text(PHASED)
    return load_scenario(folder / "market.yaml", sweeps=sweeps, base=base, settings=settings)


def test_a_grid_has_an_allocation_for_every_point(tmp_path: Path) -> None:
    scenario = swept(tmp_path, "levers.advisers.affluent=0:40k:3", "levers.outreach.affluent=1k:2k:2")
    assert list(scenario.allocations)[4:] == [
        f"advisers affluent {one}, outreach affluent {other}" for one in ("0", "20k", "40k") for other in ("1k", "2k")
    ]
    by_hand = "allocations.hand={like: baseline, advisers: {affluent: 20k}, outreach: {affluent: 2k}}"
    stated = swept(tmp_path, settings=(by_hand,)).allocations["hand"]
    point = scenario.allocations["advisers affluent 20k, outreach affluent 2k"]
    assert [point.stated(lever, t) for lever in ("advisers", "outreach") for t in range(8)] == [
        stated.stated(lever, t) for lever in ("advisers", "outreach") for t in range(8)
    ]


def test_what_else_the_base_states_is_kept(tmp_path: Path) -> None:
    scenario = swept(tmp_path, "levers.advisers.affluent=10k:20k:2", base="both")
    base, point = scenario.allocations["both"], scenario.allocations["advisers affluent 10k"]
    for t in range(8):
        assert point.stated("outreach", t) == base.stated("outreach", t)
        assert point.stated("advisers", t) == {"affluent": 10_000}


def test_a_budget_is_not_that_of_a_sweep(tmp_path: Path) -> None:
    budget = ("budget=40k", "allocations.advice=null", "allocations.both=null", "allocations.same=null")
    assert swept(tmp_path, settings=budget).budget == 40_000
    assert swept(tmp_path, "levers.advisers.affluent=0:20k:5", settings=budget).budget is None


@pytest.mark.parametrize(
    ("sweeps", "message"),
    [
        (["levers.advisers.affluent"], "expected levers.LEVER.SEGMENT=LOW:HIGH:N"),
        (["levers.advisors.affluent=0:1k:3"], "did you mean 'advisers'?"),
        (["levers.advisers.rich=0:1k:3"], "expected one of the segments affluent or leaving"),
        (["segments.affluent.churn=1%:2%:3"], "found `segments.affluent.churn`, expected levers.LEVER.SEGMENT"),
        (["levers.advisers.affluent=0:1k"], "expected lowest, highest and how many: 0:20M:9"),
        (["levers.advisers.affluent=0:1 k€:3"], "expected two numbers"),
        (["levers.advisers.affluent=2k:1k:3"], "expected the lowest amount, at least 0, then the highest"),
        (["levers.advisers.affluent=0:1k:1"], "and 2 to 1,000 of them"),
        (["levers.advisers.affluent=0:1k:40", "levers.outreach.affluent=0:1k:40"], "found 1,600 allocations"),
        (["levers.advisers.affluent=0:1k:2"] * 2, "found one lever and segment twice"),
        (["levers.advisers.affluent=0:1k:" + "9" * 5000], "expected lowest, highest and how many: 0:20M:9"),
        (["levers.outreach.leaving=0:1k:2"], "acquisition acts only where customers choose"),
    ],
)
def test_slips_are_told(tmp_path: Path, sweeps: list[str], message: str) -> None:
    with pytest.raises(ScenarioError) as refused:
        swept(tmp_path, *sweeps)
    assert message in str(refused.value)
    assert str(refused.value).startswith("--sweep levers") or "segments" in sweeps[0]


def test_a_base_that_is_none_is_told_once_where_it_is_named(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError) as refused:
        swept(tmp_path, "levers.advisers.affluent=0:1k:9", base="baselin")
    (problem,) = refused.value.problems
    assert (problem.found, problem.suggestion) == ("'baselin'", "did you mean 'baseline'?")
    assert str(refused.value).startswith("--to baselin")
