"""Runs with uncertain inputs: replication r sees draw r, whatever is simulated together."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from simengine.results.customers import customer_columns
from simengine.results.redrawn import redrawn
from simengine.results.run import Run, run
from simengine.results.spread import halved_by
from simengine.results.stacked import stacked
from simengine.results.stopping import Stopping
from simengine.scenario import ScenarioError, load_scenario
from simengine.scenario.model import Scenario
from simengine.scenario.with_values import with_values
from tests.results.conftest import MARKET

MARGIN, CHURN, PRICE = "segments.affluent.margin", "segments.affluent.churn", "segments.affluent.price_sensitivity"
UNCERTAIN = f"""\
uncertain:
  {MARGIN}: {{normal: [58%, 4%]}}
  {CHURN}: {{pert: [5%, 7%, 9%]}}
  {PRICE}: {{lognormal: {{mean: 3, cv: 0.2}}}}
  segments.leaving.revenue: {{normal: [900, 50]}}
  company.net_debt: {{uniform: [5k, 15k]}}
"""
LUCK = "market: {volatility: 0.1}\n"


def scenario_of(folder: Path, more: str, **simulation: object) -> Scenario:
    path = folder / "market.yaml"
    path.write_text(MARKET + more, encoding="utf-8")
    return load_scenario(path, simulation=simulation)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("drawn")


@pytest.fixture(scope="module", params=["sampled", "expected"])
def drawn(request: pytest.FixtureRequest, folder: Path) -> Run:
    return run(scenario_of(folder, UNCERTAIN + LUCK, mode=request.param))


def test_every_replication_is_a_run_of_its_draw(drawn: Run) -> None:
    assert drawn.drawn is not None
    central = drawn.drawn.central
    assert not drawn.exact
    assert drawn.valuation.replications == 6
    for r in (0, 4):
        values = dict(zip(drawn.drawn.paths, drawn.drawn.values[r].tolist(), strict=True))
        plain = replace(with_values(central.scenario, values), uncertain=type(central.scenario.uncertain)())
        wanted = run(replace(plain, simulation=plain.simulation.model_copy(update={"replications": r + 1})))
        equity, debt = wanted.valuation.equity[:, r] / wanted.valuation.money_scale, values["company.net_debt"]
        assert drawn.valuation.equity[:, r] / drawn.valuation.money_scale == pytest.approx(
            equity, abs=2e-6 * equity.max()
        )
        assert drawn.valuation.financing[r] / drawn.valuation.money_scale == pytest.approx(2000 - debt)


def test_parts_add_up_and_are_those_of_the_customers(drawn: Run) -> None:
    d, summary = drawn.dataset, drawn.summary
    assert d.inputs.dims == ("replication", "input")
    assert d.inputs.sel(input=MARGIN).values == pytest.approx(drawn.drawn.values[:, drawn.drawn.paths.index(MARGIN)])
    by_line = d.customers_value_by_line.sum("line").values
    assert by_line == pytest.approx(d.customers_value.values, rel=1e-6, abs=1e-2)
    margin = 1 - d.cost_of_goods.sel(segment="affluent") / d.revenue.sel(segment="affluent")
    here = margin.sel(allocation="baseline", move="quiet", presence="present").isel(period=-1)
    assert here.values == pytest.approx(d.inputs.sel(input=MARGIN).values, abs=1e-5)
    columns = customer_columns(drawn)
    for cell in summary["cells"]:
        own = columns[f"value present: {cell['allocation']} / {cell['move']}"].sum()
        assert own == pytest.approx(cell["present"]["value"], abs=1e-3)
        total = sum(each["value"] for each in cell["segments"].values())
        ends = total + cell["unallocated"]["value"] + cell["rounding"]["value"] + cell["financing"]["value"]
        assert ends == pytest.approx(cell["equity_value"]["mean"], rel=1e-12)
        assert abs(cell["rounding"]["value"]) < 1e-6 * abs(total)
    assert [each["path"] for each in summary["uncertain"]["inputs"]] == list(drawn.drawn.paths)


def test_identical_cells_differ_by_nothing(drawn: Run) -> None:
    same = [cell for cell in drawn.summary["cells"] if cell["allocation"] == "same"]
    for cell in same:
        assert cell["difference"]["mean"] == 0.0
        assert cell["difference"]["ci95"] == [0.0, 0.0]
        found = cell["spread"]["difference"]
        assert (found["not_knowing"], found["luck"], found["simulation_error"]) == (0.0, 0.0, 0.0)


def test_bits_do_not_depend_on_how_it_is_carried_out(drawn: Run) -> None:
    stated = drawn.drawn.stated
    again = run(stated, threads=1, block=64, batch=1)
    assert again.summary == drawn.summary
    one = replace(stated, simulation=stated.simulation.model_copy(update={"replications": 4}))
    two = replace(stated, simulation=stated.simulation.model_copy(update={"replications": 2}))
    first = run(one)
    later = first.more(two, first=4)
    assert np.array_equal(stacked([first, later]).valuation.equity, drawn.valuation.equity)
    assert drawn.drawn.central.scenario.simulation.replications == 1


def test_luck_need_not_be_told_from_not_knowing(drawn: Run) -> None:
    """Then no draw is simulated again, and nothing else differs."""
    totals: set[int] = set()
    quick = run(drawn.drawn.stated, spread=False, progress=lambda _, total: totals.add(total))
    assert totals == {drawn.valuation.replications}
    assert np.array_equal(quick.valuation.equity, drawn.valuation.equity)
    assert drawn.drawn.again is not None
    assert quick.drawn.again is None
    assert quick.summary["uncertain"]["simulated_again"] == 0
    (found,) = {cell["spread"]["value_per_share"]["luck"] for cell in quick.summary["cells"]}
    assert found is None


def test_what_would_halve_the_error_is_cheaper_than_more_of_the_same(drawn: Run) -> None:
    """After a stated precision it is half of that reached, and nothing after a decision."""
    count = drawn.valuation.replications
    *others, same = halved_by(drawn)
    assert same == {"set": [], "replications": 4 * count, "times": 4.0}
    assert all(way["replications"] < 4 * count for way in others)
    stopping = Stopping(0.05, True, 0.04, count, 10_000, (count,), 1, 2.5)
    stopped = replace(drawn, stopping=stopping)
    for way, before in zip(halved_by(stopped), halved_by(drawn), strict=True):
        assert way == {**before, "set": [*before["set"], "simulation.precision=2%"]}
    assert halved_by(replace(stopped, stopping=replace(stopping, stated="decision", reached=None))) == []


@pytest.mark.parametrize("mode", ["sampled", "expected"])
def test_neutral_inputs_change_nothing(mode: str, folder: Path) -> None:
    """To the bit: all that is uncertain is known."""
    neutral = f"uncertain: {{{MARGIN}: {{normal: [58%, 0]}}, {CHURN}: {{normal: [7%, 0]}}}}\n"
    with_inputs = run(scenario_of(folder, neutral + LUCK, mode=mode))
    without = run(scenario_of(folder, LUCK, mode=mode))
    for one, other in zip(with_inputs.summary["cells"], without.summary["cells"], strict=True):
        assert {name: one[name] for name in other} == other
    assert np.array_equal(with_inputs.valuation.equity, without.valuation.equity)


@pytest.mark.parametrize("law", ["uniform: [250, 350]", "discrete: {values: [300, 350], weights: [200, 1]}"])
def test_who_customers_are_may_be_uncertain(law: str, folder: Path) -> None:
    """Also where they hardly ever are others: in none of these draws."""
    notices: list[str] = []
    scenario = scenario_of(folder, f"uncertain: {{segments.affluent.size: {{{law}}}}}\n", mode="expected")
    found = run(scenario, notice=notices.append)
    assert any("values of single customers are not kept" in notice for notice in notices)
    assert len(found.ledger.customers) == 0
    size = found.drawn.values[:, 0]
    assert found.dataset.customers_opening.sel(segment="affluent").sum("supplier").values == pytest.approx(
        np.rint(size)
    )


def test_a_draw_that_cannot_be_says_which(folder: Path) -> None:
    scenario = scenario_of(folder, f"uncertain: {{{CHURN}: {{uniform: [7%, 8%]}}}}\n", mode="expected")
    impossible = replace(scenario, segments=scenario.segments)
    central = run(impossible).drawn.central
    with pytest.raises(ScenarioError, match="churn 60"):
        redrawn(central, with_values(central.scenario, {CHURN: 0.6}))


@pytest.mark.parametrize(
    "inputs",
    [
        "company.shares: {normal: [1000, 10]}",
        "company.net_debt: {uniform: [900, 1100]}, same: {company.net_debt: [company.shares]}",
    ],
)
def test_shares_are_known(inputs: str, folder: Path) -> None:
    """Refused before anything is read."""
    path = folder / "shares.yaml"
    path.write_text(
        f"extends: market.yaml\ncompany: {{net_debt: 1000, shares: 1000}}\nuncertain: {{{inputs}}}\n", encoding="utf-8"
    )
    scenario_of(folder, "")
    read: list[int] = []
    with pytest.raises(ScenarioError, match="value is told per share"):
        run(load_scenario(path), progress=lambda done, steps: read.append(done))
    assert not read


def test_draws_that_exclude_each_other_are_told_by_the_rule_that_they_break(folder: Path) -> None:
    """Each could be stated alone, not both: half more money may do more than any amount."""
    answers = "levers.advisers.response.adbudg"
    scenario_of(folder, "")
    path = folder / "answers.yaml"
    path.write_text(
        f"""extends: market.yaml
simulation: {{mode: expected, replications: 16, customer_values: false}}
levers: {{advisers: {{response: {{hill: null, adbudg: {{none: -1, today: 0, plus_half: 0.8, saturated: 2}}}}}}}}
uncertain:
  {answers}.plus_half: {{uniform: [0.5, 1.9]}}
  {answers}.saturated: {{uniform: [0.9, 3]}}
""",
        encoding="utf-8",
    )
    with pytest.raises(ScenarioError, match=r"in replication \d+, where the uncertain inputs are") as refusal:
        run(load_scenario(path))
    (problem,) = refusal.value.problems
    assert problem.place == answers
    assert "plus_half < saturated" in problem.expected
