"""Customers who pass from state to state: against powers of the matrix, modes against each other, a twin, and time."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from simengine.results.run import Run, run
from tests.chains import MONEY, NEXT, chain

NEWCOMERS = ("    margin: 100%\n", "    margin: 100%\n    newcomers: {per_year: 15}\n    acquisition_cost: 9\n")
MANY = "id,state\n" + "".join(f"{i},{('one', 'two', 'three', 'four')[i % 4]}\n" for i in range(60))
DRAWN = (  # opening states drawn, each customer on its own
    "portfolio: {customers: chain.csv, columns: {id: id, state: state}}\n",
    "portfolio: {customers: chain.csv, columns: {id: id}}\n",
)
OPENING = ("    every: year\n", "    every: year\n    opening: {one: 40%, two: 30%, four: 30%}\n")
LIMIT = 4.5  # standard errors; seeds are fixed


def passed(hazard: list[float]) -> tuple[np.ndarray, np.ndarray]:
    """[T] customers and money of one customer in each state, by powers of the matrix; its rows are scaled so that
    (1 - leaving)^hazard stay."""
    at, customers, money = np.ones(4), [], []
    for t, factor in enumerate(hazard):
        if t:
            stay = NEXT.sum(axis=1)
            at = at @ (NEXT * (stay ** (factor - 1))[:, None])
        customers.append(at.sum())
        money.append(at @ MONEY)
    return np.array(customers), np.array(money)


def totals(done: Run, cell: tuple[str, str]) -> tuple[np.ndarray, np.ndarray]:
    ledger, c = done.ledger, done.tables.axes.cells.index(cell)
    count = ledger.count[c, 0, 1:, 0, :3].sum(axis=(1, 2)) / ledger.count_scale
    return count, ledger.revenue[c, 0, 1:, 0, :3].sum(axis=(1, 2)) / ledger.money_scale


@pytest.fixture(scope="module")
def four_cells(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return run(chain(tmp_path_factory.mktemp("chain")))


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[Run, Run]:
    folder = tmp_path_factory.mktemp("chain")
    stated = NEWCOMERS, DRAWN, OPENING
    exact = run(chain(folder, *stated, rows=MANY))
    return exact, run(chain(folder, *stated, rows=MANY, mode="sampled", replications=200))


def test_customers_and_money_are_those_of_the_matrix(four_cells: Run) -> None:
    for cell, hazard in (
        (("baseline", "quiet"), [1.0] * 6),
        (("baseline", "rival"), [1.0, 1.0] + [1.4] * 4),
        (("more", "quiet"), [float(np.exp(-0.4))] * 6),  # 10 spent where 10 has half of 0.8
    ):
        for found, expected in zip(totals(four_cells, cell), passed(hazard), strict=True):
            assert found == pytest.approx(expected, rel=2e-6, abs=1e-5)


def test_a_run_off_is_the_rest_of_time(four_cells: Run, tmp_path: Path) -> None:
    longer = run(chain(tmp_path, ("periods: 6", "periods: 40")))
    near, far = (np.asarray(d.ledger.customer_value)[0, :, 0] / d.ledger.money_scale for d in (four_cells, longer))
    assert near == pytest.approx(far, abs=1e-4)


def test_a_lever_without_effect_changes_nothing(tmp_path: Path) -> None:
    done = run(chain(tmp_path, ("max: 0.8", "max: 0.0"), ("  rival: [{at: 2029, change: {hazard: 40%}}]\n", "")))
    assert (done.ledger.count[0] == done.ledger.count[1]).all()
    assert (done.ledger.revenue[0] == done.ledger.revenue[1]).all()


def assert_near(exact: np.ndarray, drawn: np.ndarray) -> None:
    """`drawn` [C, R, ...] has the mean `exact` [C, ...]."""
    error = drawn.std(axis=1, ddof=1) / np.sqrt(drawn.shape[1])
    rounding = 1e-6 * np.abs(exact).max()
    assert (np.abs(drawn.mean(axis=1) - exact) <= LIMIT * error + rounding).all()


@pytest.mark.parametrize("name", ["count", "revenue", "joins", "leaves", "run_off"])
def test_totals_have_the_expected_means(both: tuple[Run, Run], name: str) -> None:
    exact, drawn = (done.ledger for done in both)
    scales = {"revenue": "money_scale", "run_off": ""}
    if name == "run_off":
        of = [np.array([each.run_off_count_scale, each.run_off_money_scale]) for each in (exact, drawn)]
        assert_near(exact.run_off[:, 0] / of[0], drawn.run_off / of[1])
        return
    scale, ours = scales.get(name, "count_scale"), (..., slice(0, 3), slice(None))
    assert_near(
        getattr(exact, name)[:, 0][ours] / getattr(exact, scale), getattr(drawn, name)[ours] / getattr(drawn, scale)
    )


def test_values_have_the_expected_means_and_customers_add_up(both: tuple[Run, Run]) -> None:
    exact, drawn = (done.valuation for done in both)
    assert_near(exact.enterprise_value[:, 0] / exact.money_scale, drawn.enterprise_value / drawn.money_scale)
    for done, near in zip(both, (1e-6, 1e-9), strict=True):
        customers = np.asarray(done.ledger.customer_value).sum(axis=1) / done.ledger.money_scale  # [presence, C]
        segment = done.valuation.customers.sum(axis=(1, 2)) / done.valuation.money_scale  # [C, presence]
        assert pytest.approx(segment, rel=near) == customers.T


def test_a_higher_hazard_only_makes_more_leave(both: tuple[Run, Run]) -> None:
    """In every replication, not in the mean alone."""
    cells = {cell: c for c, cell in enumerate(both[1].tables.axes.cells)}
    count = both[1].ledger.count[..., :3, :].sum(axis=(-1, -2, -3))
    assert (count[cells["baseline", "rival"]] <= count[cells["baseline", "quiet"]]).mean() > 0.95
    assert (count[cells["more", "quiet"]] >= count[cells["baseline", "quiet"]]).mean() > 0.95


@pytest.mark.parametrize("mode", ["sampled", "expected"])
def test_threads_blocks_batches_and_cells_make_no_difference(mode: str, tmp_path: Path) -> None:
    stated = {"rows": MANY, "mode": mode, "replications": 5}
    once = run(chain(tmp_path, NEWCOMERS, **stated))  # type: ignore[arg-type]
    again = run(chain(tmp_path, NEWCOMERS, **stated), threads=2, block=7, batch=2)  # type: ignore[arg-type]
    assert again.summary["digest"] == once.summary["digest"]
    alone = run(chain(tmp_path, NEWCOMERS, ("  more: {care: {mail: 10}}\n", ""), **stated))  # type: ignore[arg-type]
    assert (alone.ledger.revenue == once.ledger.revenue[:2]).all()


def test_against_a_twin_that_draws_every_step(tmp_path: Path) -> None:
    """300 lives of 60 customers with another generator; 12 means, each within 4 standard errors of the twin."""
    count, money = totals(run(chain(tmp_path, rows=MANY)), ("baseline", "rival"))
    random, lives = np.random.default_rng(3), np.zeros((2, 300, 6))
    for life in range(300):
        for i in range(60):
            state = i % 4
            for t in range(6):
                if t:
                    leaving = 1 - NEXT[state].sum() ** (1.4 if t >= 2 else 1.0)
                    if random.random() < leaving:
                        break
                    state = random.choice(4, p=NEXT[state] / NEXT[state].sum())
                lives[0, life, t] += 1
                lives[1, life, t] += MONEY[state]
    for exact, draws in zip((count, money), lives, strict=True):
        error = draws.std(axis=0, ddof=1) / np.sqrt(300)
        assert (np.abs(draws.mean(axis=0) - exact) <= 4 * error + 1e-4).all()
