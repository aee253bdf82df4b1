"""Budgets spread by what customers are worth, against the customers of a run, and whatever is asked besides."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from simengine.results.customers import customer_columns
from simengine.results.redrawn import redrawn
from simengine.results.run import Run, run
from simengine.scenario import Scenario, load_scenario
from simengine.scenario.problems import ScenarioError
from tests.edited import edited
from tests.properties.files import file_market, rows_of, text_of
from tests.results.conftest import MARKET

BUDGET = 30_000.0
BY_VALUE = "  by_value: {spread: {budget: 30k, lever: bundle, by: value}}\n"
WORTH = edited(
    MARKET,
    ("  same: {like: baseline}\n  advice: {advisers: {affluent: 40k}}\n", BY_VALUE),
    ("allocations:", "  bundle: {target: wallet, response: {hill: {max: 10%, half: 30k}}}\nallocations:"),
)
LUCK = (
    ("allocations:", "market: {volatility: 0.2, demand: {volatility: 8%}}\nallocations:"),
    ("    price_sensitivity: 3\n", "    price_sensitivity: 3\n    needs_drift: {volatility: 3%}\n"),
    ("  quiet: {}\n", "  ours: [{who: atlas, arrival: 30%, change: {price: -20%}}]\n  quiet: {}\n"),
    ("moves:", "  built: {initiatives: {desk: {duration: {triangular: [1, 2, 4]}, effect: {service: 1}}}}\nmoves:"),
)
UNCERTAIN = (
    "uncertain:\n  segments.leaving.margin: {uniform: [20%, 80%]}\n  segments.affluent.churn: {pert: [5%, 7%, 12%]}\n"
)


def loaded(folder: Path, text: str = WORTH, mode: str = "expected", settings: list[str] | None = None) -> Scenario:
    (folder / "market.yaml").write_text(text)
    return load_scenario(folder / "market.yaml", settings=settings or [], simulation={"mode": mode})


def amounts(of: Run | Scenario) -> dict[str, float]:
    """What the budget came to, by segment."""
    scenario = of.scenario if isinstance(of, Run) else of
    (funding,) = scenario.allocations["by_value"].fundings["bundle"]
    return dict(funding.amounts)


@pytest.fixture(scope="module")
def worth(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return run(loaded(tmp_path_factory.mktemp("worth")))


def test_a_segment_gets_what_its_customers_of_today_are_worth(worth: Run) -> None:
    """Added up customer by customer, in the cell where nothing happens."""
    columns = customer_columns(worth)
    segment = columns["segment"]
    value = columns["value present: baseline / quiet"]
    of = {name: float(value[segment == name].sum()) for name in ("affluent", "leaving")}
    assert min(of.values()) > 0
    whole = sum(of.values())
    assert amounts(worth) == pytest.approx({name: BUDGET * part / whole for name, part in of.items()}, rel=2e-4)
    assert sum(amounts(worth).values()) == pytest.approx(BUDGET)


@pytest.mark.parametrize("mode", ["sampled", "expected"])
def test_the_same_question_has_the_same_answer(mode: str, worth: Run, tmp_path: Path) -> None:
    """In either mode, however it is carried out, whatever is compared with it, and with whatever luck."""
    scenario = loaded(tmp_path, edited(WORTH, *LUCK), mode)
    few = replace(scenario, simulation=scenario.simulation.model_copy(update={"replications": 2}))
    assert few.cells != worth.scenario.cells
    assert amounts(run(few, threads=2, block=64, batch=1)) == amounts(worth)


def test_rows_that_stand_for_several_customers_are_worth_the_same_in_both_modes(tmp_path: Path) -> None:
    document = file_market()
    document["allocations"]["by_value"] = {"spread": {"budget": BUDGET, "lever": "bundle", "by": "value"}}
    rows = [row | {"weight": 1 + i // 10 % 4} for i, row in enumerate(rows_of())]
    (tmp_path / "customers.csv").write_text(text_of(rows))
    one, other = (amounts(run(loaded(tmp_path, json.dumps(document), mode))) for mode in ("expected", "sampled"))
    assert one == pytest.approx(other, rel=1e-4)


def test_more_cells_are_those_of_a_run_of_their_own(worth: Run, tmp_path: Path) -> None:
    alone = run(loaded(tmp_path, edited(WORTH, (BY_VALUE, ""))))
    assert alone.status_quo is None
    for done in (worth, alone):
        more = done.more(loaded(tmp_path))
        assert amounts(more) == amounts(worth)
        assert np.array_equal(more.valuation.equity, worth.valuation.equity)


def test_today_may_be_known_by_constants_alone(worth: Run, tmp_path: Path) -> None:
    """They do not say how many customers are ours: the run of today's spend does."""
    opening = worth.opening
    s = worth.tables.axes.segments.index("affluent")
    names = worth.scenario.suppliers
    constants = ", ".join(f"{n}: {a:.17g}" for n, a in zip(names, opening.constants[s].tolist(), strict=True))
    stated = (
        ("shares: {us: 34%, atlas: 31%, neo: 12%, none: 23%}", f"constants: {{{constants}}}"),
        ("churn: 7%", f"inertia: {opening.inertia[s]:.17g}"),
    )
    assert amounts(run(loaded(tmp_path, edited(WORTH, *stated)))) == pytest.approx(amounts(worth), rel=2e-4)


@pytest.mark.parametrize("who", ["", "  segments.leaving.size: {uniform: [100, 200]}\n"], ids=["the same", "others"])
def test_every_draw_of_uncertain_inputs_spreads_by_its_own_values(who: str, tmp_path: Path) -> None:
    """Whether customers are the same in all draws or others."""
    text = edited(WORTH + UNCERTAIN + who, ("replications: 6", "replications: 2"), ("  price_cut: [", "  cut: ["))
    drawn = run(loaded(tmp_path, text))
    assert drawn.drawn is not None
    assert amounts(drawn) == amounts(run(loaded(tmp_path, text.split("uncertain:")[0])))  # of the central values
    without = run(loaded(tmp_path, edited(text, (BY_VALUE, ""))))
    assert np.array_equal(without.more(loaded(tmp_path, text)).valuation.equity, drawn.valuation.equity)
    for r in range(2):
        values = zip(drawn.drawn.paths, drawn.drawn.values[r].tolist(), strict=True)
        stated = [f"{path}={value!r}" for path, value in values]
        alone = run(loaded(tmp_path, text.split("uncertain:")[0], settings=stated))
        assert amounts(alone) != pytest.approx(amounts(drawn), rel=1e-3)
        assert drawn.valuation.value_per_share[:, r] == pytest.approx(alone.valuation.value_per_share[:, 0], rel=1e-7)


def test_other_values_of_inputs_move_the_spread(worth: Run, tmp_path: Path) -> None:
    other = loaded(tmp_path, settings=["segments.leaving.margin=70%"])
    found = redrawn(worth, other)
    assert amounts(found) == pytest.approx(amounts(run(other)), rel=1e-12)
    assert amounts(found)["leaving"] > 1.1 * amounts(worth)["leaving"]


COSTLY = ("    margin: 50%\n", "    margin: 50%\n    cost_to_serve: {call: {uses: 90, cost: 11}}\n")
COSTLIER = ("{branch: {uses: 3,", "{branch: {uses: 300,")


def test_customers_who_destroy_value_get_nothing_and_are_named(tmp_path: Path) -> None:
    found = run(loaded(tmp_path, edited(WORTH, COSTLY)))
    assert amounts(found) == {"affluent": BUDGET, "leaving": 0.0}
    (warning,) = (each for each in found.warnings if each.place.endswith("by"))
    assert (tmp_path / "market.yaml").read_text().splitlines()[warning.line - 1].lstrip().startswith("by_value")
    assert warning.found.startswith("value below zero: -")
    assert warning.found.endswith(" in leaving")


def test_a_budget_that_nobody_is_worth_is_refused_at_its_place(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError) as refused:
        run(loaded(tmp_path, edited(WORTH, COSTLY, COSTLIER)))
    (problem,) = refused.value.problems
    assert (problem.found, problem.suggestion) == ("no value in affluent or leaving", "state the money per segment")
    line = (tmp_path / "market.yaml").read_text().splitlines()[problem.line - 1]
    assert line[problem.column - 1 :].startswith("value")
