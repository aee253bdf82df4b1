"""Customers who buy till they are gone, against the published expectations, other modes of computing them, and time."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from simengine.engine import buying
from simengine.model.run_off import discounted_sum
from simengine.results.run import Run, run
from tests.buyers import GAMMA, ROWS, P, Q, alive, buyers, expected_purchases, rows_of, still_alive

QUARTER = 365.25 / 4 / 7  # weeks
NO_CARE = ("  more: {care: {cohort: 10}}\n", "")
QUIET = ("  rival: [{at: 2027-Q3, change: {hazard: 40%}}]\n", "")


def customers(done: Run, cell: int = 0) -> np.ndarray:
    """[T + 1] expected customers."""
    return np.asarray(done.ledger.count[cell, 0, :, 0, :3].sum(axis=(1, 2)) / done.ledger.count_scale)


def revenue(done: Run, cell: int = 0) -> np.ndarray:
    """[T] money in each quarter."""
    return np.asarray(done.ledger.revenue[cell, 0, 1:, 0, :3].sum(axis=(1, 2)) / done.ledger.money_scale / 4)


def value(done: Run) -> np.ndarray:
    """[C] enterprise value."""
    return np.asarray(done.valuation.enterprise_value[:, 0] / done.valuation.money_scale)


@pytest.fixture(scope="module")
def four_cells(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return run(buyers(tmp_path_factory.mktemp("buyers")))


def test_purchases_are_those_of_the_paper(four_cells: Run) -> None:
    histories = [tuple(map(float, row.split(",")[1:4])) for row in ROWS.splitlines()[1:]]
    spend = [float(row.split(",")[4] or 0) for row in ROWS.splitlines()[1:]]
    money = [P * (GAMMA + x * m) / (P * x + Q - 1) for (x, _, _), m in zip(histories, spend, strict=True)]
    upto = [
        sum(m * expected_purchases(t * QUARTER, *history) for history, m in zip(histories, money, strict=True))
        for t in range(9)
    ]
    assert revenue(four_cells) == pytest.approx(np.diff(upto), rel=1e-6)
    assert customers(four_cells)[0] == pytest.approx(sum(alive(*history) for history in histories), rel=1e-7)


def test_a_hazard_changes_how_fast_time_passes(four_cells: Run) -> None:
    """At a hazard 40% higher from the third quarter on as many are left as after 1.4 quarters at today's for each."""
    cells = {cell: c for c, cell in enumerate(four_cells.tables.axes.cells)}
    hurt, today = (customers(four_cells, cells["baseline", move]) for move in ("rival", "quiet"))
    histories = [tuple(map(float, row.split(",")[1:4])) for row in ROWS.splitlines()[1:]]
    left = [sum(still_alive((2 + 1.4 * later) * QUARTER, *each) for each in histories) for later in range(7)]
    assert (hurt[:3] == today[:3]).all()
    assert hurt[2:] == pytest.approx(left, rel=1e-6)


def test_levers_keep_customers_and_hazards_lose_them(four_cells: Run) -> None:
    cells = {cell: c for c, cell in enumerate(four_cells.tables.axes.cells)}
    kept, lost = (customers(four_cells, cells[cell]) for cell in (("more", "quiet"), ("baseline", "rival")))
    today = customers(four_cells)
    assert (kept[2:] > today[2:]).all()
    assert (lost[3:] < today[3:]).all()


def test_a_lever_without_effect_changes_nothing(tmp_path: Path) -> None:
    """Spend on keeping customers that keeps nobody: the bits of who buys what are the same."""
    done = run(buyers(tmp_path, ("max: 0.8", "max: 0.0"), QUIET))
    assert (done.ledger.count[0] == done.ledger.count[1]).all()
    assert (done.ledger.revenue[0] == done.ledger.revenue[1]).all()


@pytest.mark.parametrize("newcomers", ["", "    newcomers: {per_year: 8}\n    acquisition_cost: 5\n"])
def test_a_run_off_is_the_rest_of_time(newcomers: str, tmp_path: Path) -> None:
    """Who enters does so in the first year; then a horizon of two years or of thirty makes no difference."""
    stated = ("    capital: 5% of revenue\n", "    capital: 5% of revenue\n" + newcomers)
    off = ("shares: 1000}", "shares: 1000, residual: {method: run_off}}")
    short = ("periods: 8", "periods: 4") if newcomers else ("periods: 8", "periods: 8")
    one = run(buyers(tmp_path, stated, off, short, NO_CARE, QUIET))
    far = run(buyers(tmp_path, stated, off, ("periods: 8", "periods: 60"), NO_CARE, QUIET))
    columns = [np.asarray(done.ledger.customer_value).sum(axis=0)[:, 0] for done in (one, far)]
    count = len(columns[0])
    assert (columns[0] / one.ledger.money_scale) == pytest.approx(columns[1][:count] / far.ledger.money_scale, rel=1e-5)


def test_customers_add_up_to_the_segment(four_cells: Run) -> None:
    worth = four_cells.valuation
    customers = np.asarray(four_cells.ledger.customer_value).sum(axis=(0, 1)) / four_cells.ledger.money_scale
    assert customers == pytest.approx(worth.customers.sum(axis=(1, 2, 3)) / worth.money_scale, rel=1e-6)


def test_threads_blocks_and_cells_make_no_difference(four_cells: Run, tmp_path: Path) -> None:
    again = run(buyers(tmp_path), threads=2, block=1)
    assert again.summary["digest"] == four_cells.summary["digest"]
    alone = run(buyers(tmp_path, NO_CARE))
    assert (alone.ledger.count == four_cells.ledger.count[:2]).all()


def test_a_discounted_sum_of_what_falls_ever_more_slowly() -> None:
    for v in (0.9, 0.975, 0.999):
        times, weights = discounted_sum(v)
        n = np.arange(1, 60_000)
        for power, scale in ((0.243, 4.0), (2.0, 40.0), (12.0, 30.0)):
            exact = (v**n * (1 + n / scale) ** -power).sum()
            assert (weights * (1 + times / scale) ** -power).sum() == pytest.approx(exact, rel=1e-9)


def test_kinds_are_worked_out_a_few_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many at once: the same bits."""
    off, rows = ("shares: 1000}", "shares: 1000, residual: {method: run_off}}"), rows_of(150, seed=2)
    once = run(buyers(tmp_path, off, rows=rows))
    monkeypatch.setattr(buying, "CURVES_A_TASK", 16)
    monkeypatch.setattr(buying, "STEPS_AT_ONCE", 1)
    again = run(buyers(tmp_path, off, rows=rows))
    assert again.summary["digest"] == once.summary["digest"]


def test_spend_out_of_proportion_to_purchases_is_added_up(tmp_path: Path) -> None:
    """Next to nobody buys, so that money is on a fine grid: what 300 replications spend passes 2^63 of its steps."""
    rare = ("alpha: 4.414", "alpha: 1000000000")
    done = run(buyers(tmp_path, rare, QUIET, mode="sampled", replications=300))
    spent = [cell["segments"]["cohort"]["programmes"] for cell in done.summary["cells"]]
    quarters = 1.1 ** (-np.arange(1, 9) / 4)
    assert spent == pytest.approx([0.0, -10 / 4 * 0.75 * quarters.sum()], rel=1e-9)
