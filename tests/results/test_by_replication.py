"""Money that differs by replication: results show means over them, parts add up in each, and what is drawn is not
called exact."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from simengine.engine.customer_values import DrawnValues
from simengine.results.run import Run
from simengine.scenario.market import DemandShock, Market
from simengine.scenario.model import Scenario
from simengine.tables.layout import MONEY_OF_CELLS, Tables
from simengine.valuation.value import value

REPLICATIONS = 6  # of the sampled run
OF_RIVALS = ("price_ratio", "cost_to_serve", "wallet", "programmes")


def drawn(table: Any, *, added: float = 0.0, seed: int = 3) -> Any:
    """[C, R, ...] arbitrary, about a table [C, 1, ...]."""
    random = np.random.default_rng(seed)
    shape = (len(table), REPLICATIONS, *table.shape[2:])
    return table * random.uniform(0.9, 1.1, shape) + random.uniform(0.0, added, shape)


def by_replication(tables: Tables) -> Tables:
    """Money that differs in every replication."""
    money = {name: drawn(getattr(tables.economics, name)) for name in MONEY_OF_CELLS}
    money["unallocated"] = drawn(tables.economics.unallocated, added=5e4)
    theirs = {name: drawn(getattr(tables.rivals, name)) for name in OF_RIVALS}
    theirs["programmes"] = drawn(tables.rivals.programmes, added=2e4)
    return tables._replace(
        economics=tables.economics._replace(**money),
        rivals=tables.rivals._replace(**theirs),
    )


def shocked(scenario: Scenario) -> Scenario:
    """The same market with luck of its own."""
    return replace(scenario, market=Market(demand=DemandShock(volatility=0.1)))


@pytest.fixture(scope="module")
def restless(sampled: Run) -> Run:
    """What expected mode comes to where markets are drawn, as far as results can tell: a ledger with replications."""
    tables = by_replication(sampled.tables)
    nobody = DrawnValues(np.zeros((2, 0, 0), np.int64), np.zeros(0, np.int64))
    ledger = replace(sampled.ledger, customers=nobody, customer_cells=())
    options = sampled.options._replace(mode="expected", customer_cells=())
    worth = value(ledger, tables.economics, tables.axes)
    scenario = shocked(sampled.scenario)
    return replace(sampled, scenario=scenario, tables=tables, options=options, ledger=ledger, valuation=worth)


def test_only_what_is_not_drawn_is_exact(sampled: Run, expected: Run, restless: Run) -> None:
    assert expected.exact
    assert not sampled.exact
    assert not restless.exact
    once = replace(expected, scenario=shocked(expected.scenario))
    assert not once.exact
    assert once.summary["exact"] is False
    assert once.summary["cells"] == expected.summary["cells"], "one replication has no distribution"


def test_expected_mode_with_replications_is_summarised_like_sampled_mode(sampled: Run) -> None:
    told = replace(sampled, options=sampled.options._replace(mode="expected")).summary
    assert told["exact"] is False
    assert told["cells"] == sampled.summary["cells"]
    assert told["cells"][0]["value_per_share"]["ci95"] is not None


def test_tables_are_shown_as_means(restless: Run) -> None:
    d, tables = restless.dataset, restless.tables
    for name, table in (
        ("programme_spend", tables.economics.programmes),
        ("unallocated_spend", tables.economics.overhead + tables.economics.unallocated),
        ("rival_programme_spend", tables.rivals.programmes),
    ):
        for c, (allocation, move) in enumerate(tables.axes.cells):
            here = d[name].sel(allocation=allocation, move=move)
            np.testing.assert_allclose(here, np.mean(list(table[c]), axis=0), rtol=1e-12)


def test_parts_add_up_in_every_replication(restless: Run) -> None:
    d = restless.dataset
    parts = d.customers_value.sum("presence") + d.programmes_value
    np.testing.assert_allclose(parts.sum("segment") + d.unallocated_value, d.enterprise_value, rtol=1e-12)
    assert (d.unallocated_value.std("replication") > 0).all()
    theirs = (d.rival_customers_value + d.rival_programmes_value).sum("segment") + d.rival_unallocated_value
    np.testing.assert_allclose(theirs, d.rival_value, rtol=1e-9)
    assert (d.rival_programmes_value.sum("segment").std("replication") > 0).all()


def test_means_over_replications_are_told(restless: Run) -> None:
    for cell in restless.summary["cells"]:
        here = restless.dataset.sel(allocation=cell["allocation"], move=cell["move"])
        unallocated = np.mean(here.unallocated_value.values)
        assert cell["unallocated"]["value"] == pytest.approx(unallocated, rel=1e-12)
        whole = sum(segment["value"] for segment in cell["segments"].values()) + cell["unallocated"]["value"]
        assert whole == pytest.approx(cell["enterprise_value"]["mean"], rel=1e-12)
        for name, segment in cell["segments"].items():
            programmes = np.mean(here.programmes_value.sel(segment=name).values)
            assert segment["programmes"] == pytest.approx(programmes, rel=1e-12)
            own = here.sel(segment=name)
            profit = own.economic_profit.sum("presence").mean("replication") - 0.75 * own.programme_spend / 4
            assert segment["economic_profit"] == pytest.approx(profit.values)
        for name, rival in cell["rivals"].items():
            assert rival["value"] == pytest.approx(np.mean(here.rival_value.sel(rival=name).values), rel=1e-12)


def test_what_is_unallocated_is_worth_its_spend_after_tax(restless: Run) -> None:
    """Residual: the mean of the last year fades over five years, 20 periods."""
    d = restless.dataset
    k = 1.09**0.25 - 1
    flow = -0.75 * d.unallocated_spend / 4
    v = (1 + k) ** -np.arange(1.0, 21.0)
    within = (flow * v[:8]).sum("period")
    fading = (np.arange(20, 0, -1) / 20 * v).sum()
    beyond = v[7] * flow.isel(period=slice(4, 8)).mean("period") * fading
    np.testing.assert_allclose(d.unallocated_value.mean("replication"), within + beyond, rtol=1e-9)
