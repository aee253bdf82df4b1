"""Customers drawn one by one who buy till they are gone: against expected values, and against a twin that draws every
purchase."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from simengine.arithmetic.poisson import poisson_quantile
from simengine.results.run import Run, run
from tests.buyers import buyers, rows_of
from tests.oracle.buying import live

NEWCOMERS = (
    "    capital: 5% of revenue\n",
    "    capital: 5% of revenue\n    newcomers: {per_year: 20}\n    acquisition_cost: 5\n",
)
RUN_OFF = ("shares: 1000}", "shares: 1000, residual: {method: run_off}}")
ROWS = rows_of(60, seed=1)
REPLICATIONS = 200
LIMIT = 4.5  # standard errors: of some 1,000 figures none is beyond in 99 of 100 tests; seeds are fixed


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[Run, Run]:
    folder = tmp_path_factory.mktemp("buyers")
    stated = NEWCOMERS, RUN_OFF
    drawn = run(buyers(folder, *stated, rows=ROWS, mode="sampled", replications=REPLICATIONS))
    return run(buyers(folder, *stated, rows=ROWS)), drawn


def assert_near(exact: np.ndarray, drawn: np.ndarray) -> None:
    """`drawn` [C, R, ...] has the mean `exact` [C, ...]."""
    error = drawn.std(axis=1, ddof=1) / np.sqrt(drawn.shape[1])
    rounding = 1e-6 * np.abs(exact).max()
    assert (np.abs(drawn.mean(axis=1) - exact) <= LIMIT * error + rounding).all()


@pytest.mark.parametrize("name", ["count", "revenue", "joins", "leaves", "run_off"])
def test_totals_have_the_expected_means(both: tuple[Run, Run], name: str) -> None:
    exact, drawn = (done.ledger for done in both)
    table, draws = getattr(exact, name)[:, 0], getattr(drawn, name)
    if name == "run_off":
        scales = np.array([exact.run_off_count_scale, exact.run_off_money_scale])
        assert_near(table / scales, draws / np.array([drawn.run_off_count_scale, drawn.run_off_money_scale]))
        return
    scale = "money_scale" if name == "revenue" else "count_scale"
    ours = (..., slice(0, 3), slice(None))  # states of ours, or us and the others
    assert_near(table[ours] / getattr(exact, scale), draws[ours] / getattr(drawn, scale))


def test_values_have_the_expected_means_and_customers_add_up(both: tuple[Run, Run]) -> None:
    exact, drawn = (done.valuation for done in both)
    assert_near(exact.enterprise_value[:, 0] / exact.money_scale, drawn.enterprise_value / drawn.money_scale)
    ledger = both[1].ledger
    customers = np.asarray(ledger.customer_value).sum(axis=1) / ledger.money_scale  # [presence, C]
    segment = drawn.customers.sum(axis=(1, 2)) / drawn.money_scale  # [C, presence]
    assert pytest.approx(segment, rel=1e-9) == customers.T


def test_a_higher_hazard_only_ends_sooner(both: tuple[Run, Run]) -> None:
    """In every replication, not in the mean alone."""
    cells = {cell: c for c, cell in enumerate(both[1].tables.axes.cells)}
    count = both[1].ledger.count[..., :3, :].sum(axis=(-1, -2, -3))
    assert (count[cells["baseline", "rival"]] <= count[cells["baseline", "quiet"]]).all()
    assert (count[cells["more", "quiet"]] >= count[cells["baseline", "quiet"]]).all()


def test_threads_blocks_batches_and_cells_make_no_difference(tmp_path: Path) -> None:
    stated = {"rows": ROWS, "mode": "sampled", "replications": 5}
    once = run(buyers(tmp_path, NEWCOMERS, RUN_OFF, **stated))
    again = run(buyers(tmp_path, NEWCOMERS, RUN_OFF, **stated), threads=2, block=7, batch=2)
    assert again.summary["digest"] == once.summary["digest"]
    alone = run(buyers(tmp_path, NEWCOMERS, RUN_OFF, ("  more: {care: {cohort: 10}}\n", ""), **stated))
    assert (alone.ledger.revenue == once.ledger.revenue[:2]).all()


def test_against_a_twin_that_draws_every_purchase(tmp_path: Path) -> None:
    """Hazard 40% higher from the third quarter on; 16 means, each within 4 standard errors of the twin."""
    done = run(buyers(tmp_path, rows=ROWS))
    cell = done.tables.axes.cells.index(("baseline", "rival"))
    customers = [list(map(float, (row.split(",")[k] or 0 for k in range(1, 5)))) for row in ROWS.splitlines()[1:]]
    twin = live(customers, quarters=8, hazard=[1, 1] + 6 * [1.4], times=300, seed=5)
    count = done.ledger.count[cell, 0, 1:, 0, :3].sum(axis=(1, 2)) / done.ledger.count_scale
    money = done.ledger.revenue[cell, 0, 1:, 0, :3].sum(axis=(1, 2)) / done.ledger.money_scale / 4
    for exact, draws in ((count, twin.customers), (money, twin.revenue)):
        error = draws.std(axis=0, ddof=1) / np.sqrt(len(draws))
        assert (np.abs(draws.mean(axis=0) - exact) <= 4 * error).all()


@pytest.mark.parametrize("mean", [0.0, 0.02, 1.5, 40.0, 300.0])
def test_poisson_quantiles(mean: float) -> None:
    for u in (0.003, 0.4, 0.5, 0.999999):
        assert poisson_quantile(u, mean) == stats.poisson.ppf(u, mean)
