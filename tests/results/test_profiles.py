"""Profiles keep value per share within the stated error of the run in which nobody merges, in every cell."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest

from simengine.engine.opening import solve_opening
from simengine.engine.profiles import Profiles
from simengine.engine.simulate import simulate
from simengine.results.check import check
from simengine.results.customers import customer_columns
from simengine.results.prepare import options_of
from simengine.results.profiles import Lived, Merging, live_on_profiles
from simengine.results.run import Run, run
from simengine.scenario import load_scenario
from tests.properties.files import file_market, rows_of, text_of
from tests.properties.worlds import market, opened

BOUND = 0.002


def drawn(**segment: Any) -> dict[str, Any]:
    """A market of synthetic customers."""
    document = market()
    document["segments"]["affluent"] |= {"size": 6_000, **segment}
    document["segments"]["mass"]["size"] = 3_000
    return document


def designed() -> dict[str, Any]:
    """In some allocations the offer is designed for groups of customers."""
    document = drawn(tailoring=2)
    document["allocations"]["finer"] = {"design": {"affluent": {"groups": 5, "cost_per_group": 10}}}
    return document


def run_off() -> dict[str, Any]:
    """Value beyond the horizon is of customers until they leave; there are newcomers."""
    document = drawn(growth=0.03)
    document["company"]["residual"] = {"method": "run_off"}
    return document


def known() -> tuple[dict[str, Any], str]:
    """Suppliers, tenures and price sensitivities from a file; whoever weighs the rate most brings the most."""
    document, rows, draw = file_market(), rows_of(count=4_000), Random(5)
    for row in rows:
        rate = draw.betavariate(3, 2)
        row |= {"w_rate": f"{rate:.6f}", "w_service": f"{1 - rate:.6f}", "revenue": round(200 + 4_000 * rate**3, 2)}
        row["beta"] = round(draw.uniform(1, 4), 4)
    return document, text_of(rows)


def few(sensitivity: float, rate: float) -> tuple[dict[str, Any], str]:
    """Of customers who hardly differ, one in a hundred brings a hundred times as much, and chooses otherwise."""
    document, rows, draw = file_market(), rows_of(count=4_000), Random(7)
    for number, row in enumerate(rows):
        rich = number % 100 < 10 and number // 100 % 10 == 0
        weighs = draw.uniform(-0.01, 0.01) + (rate if rich else 0.5)
        row |= {"w_rate": f"{weighs:.6f}", "w_service": f"{1 - weighs:.6f}"}
        row["revenue"] = round(draw.uniform(500, 600) * (100 if rich else 1), 2)
        row["beta"] = round(draw.uniform(-0.1, 0.1) + (sensitivity if rich else 3.0), 4)
    return document, text_of(rows)


WORLDS = {
    "few rich weigh the price": few(10, 0.5),
    "few rich have other needs": few(0.5, 0.95),
    "designs": (designed(), ""),
    "run-off, newcomers": (run_off(), ""),
    "a file, revenue by needs": known(),
}


def ran(folder: Path, world: tuple[dict[str, Any], str], **simulation: Any) -> Run:
    document, rows = world
    if rows:
        (folder / "customers.csv").write_text(rows)
    path = folder / "world.yaml"
    path.write_text(json.dumps(document | {"simulation": {"mode": "expected", "seed": 3, **simulation}}))
    return run(load_scenario(path), threads=1)


@pytest.fixture(scope="module", params=sorted(WORLDS))
def both(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Run, Run]:
    """A world in profiles, and with every customer for itself."""
    world, folder = WORLDS[request.param], tmp_path_factory.mktemp("profiles")
    return ran(folder, world, profile_error=BOUND), ran(folder, world)


def of_share(finished: Run) -> np.ndarray[Any, Any]:
    """[C] value per share."""
    return finished.valuation.equity[:, 0] / (finished.valuation.money_scale * finished.valuation.shares)


def test_value_per_share_is_within_the_bound_in_every_cell(both: tuple[Run, Run]) -> None:
    merged, alone = both
    assert merged.merging is not None and alone.merging is not None  # noqa: PT018
    assert merged.merging.profiles < 0.5 * merged.merging.customers
    valuation = alone.valuation
    capital = valuation.opening_capital[:, 0].sum(axis=-1) / (valuation.money_scale * valuation.shares)
    own = of_share(alone)
    error = np.abs(of_share(merged) - own) / np.maximum(np.abs(own), 0.1 * capital)
    assert merged.merging.error is not None
    assert 0.0 < error.max() <= merged.merging.error <= BOUND


def test_today_is_the_same_today(both: tuple[Run, Run]) -> None:
    merged, alone = both
    for name in ("shares", "churn", "revenue"):
        np.testing.assert_allclose(getattr(merged.opening, name), getattr(alone.opening, name), rtol=1e-6)


def test_every_customer_has_a_value_of_its_own_and_they_add_up(both: tuple[Run, Run]) -> None:
    merged, alone = both
    one, other = customer_columns(merged), customer_columns(alone)
    assert list(one) == list(other)
    assert (one["customer"] == other["customer"]).all()
    values = [name for name in one if name.startswith("value ")]
    assert len(values) == 2 * len(merged.tables.axes.cells)
    for name in values:
        spread = np.abs(other[name]).mean()
        assert np.abs(one[name] - other[name]).mean() < 0.2 * spread + 1e-9, name
    for run_ in both:
        entire = np.abs(run_.valuation.enterprise_value[:, 0])
        assert (np.abs(run_.valuation.rounding) <= 1e-6 * entire).all()


def test_pieces_of_the_table_are_the_table(both: tuple[Run, Run]) -> None:
    merged, _ = both
    whole, size = customer_columns(merged), len(merged.portfolio.population.ids)
    parts = [customer_columns(merged, a, b) for a, b in ((0, 700), (700, size))]
    for name, column in whole.items():
        assert (np.concatenate([part[name] for part in parts]) == column).all()


def test_equal_customers_merge_without_being_asked(tmp_path: Path) -> None:
    document = drawn(needs_spread=0)
    del document["segments"]["mass"]["needs_spread"]
    finished = ran(tmp_path, (document, ""))
    assert finished.merging is not None
    assert finished.merging.profiles == 3
    assert finished.merging.error is None
    assert finished.merging.notices == ()
    assert len(np.unique(customer_columns(finished)["revenue_per_year"])) > 8_000


def test_too_few_customers_are_not_merged(tmp_path: Path) -> None:
    finished = ran(tmp_path, (market(), ""), profile_error=1e-7)
    assert finished.merging is not None
    assert finished.merging.error is None
    assert "340 customers are simulated as they are" in finished.merging.notices[0]


def test_replications_of_one_market_merge_as_one_does() -> None:
    scenario, portfolio, tables = opened(drawn())
    options = options_of(scenario, threads=1)._replace(mode="expected", replications=1, customer_cells=())

    def merging(replications: int) -> Merging:
        def live(profiles: Profiles) -> Lived:
            opening = solve_opening(profiles.tables, profiles.population, 1)
            once = simulate(opening, profiles.tables, profiles.population, options)
            totals = ("count", "revenue", "joins", "leaves", "direction", "run_off")
            again = {name: np.repeat(getattr(once, name), replications, axis=1) for name in totals}
            return Lived(profiles, opening, replace(once, **again))

        return live_on_profiles(tables, portfolio.population, BOUND, 1, live)[1]

    one, three = merging(1), merging(3)
    assert one.error is not None
    assert three.error == pytest.approx(one.error, rel=1e-12)
    assert three._replace(error=one.error) == one


def test_check_closes_on_profiles(tmp_path: Path) -> None:
    path = tmp_path / "world.yaml"
    path.write_text(json.dumps(drawn() | {"simulation": {"mode": "expected", "profile_error": BOUND}}))
    told: list[str] = []
    report = check(load_scenario(path), threads=1, notice=told.append)
    assert "9,070 customers in" in told[-1]
    for segment in report.segments[:2]:
        assert segment.churn.modelled == pytest.approx(segment.churn.stated, rel=1e-6)
        assert segment.shares["us"].modelled == pytest.approx(segment.shares["us"].stated, rel=1e-6)
