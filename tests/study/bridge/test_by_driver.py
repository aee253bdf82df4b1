"""The bridge by driver: against all 2**9 worlds of factors valued the long way, and where single changes must land."""

from __future__ import annotations

from math import factorial
from pathlib import Path

import numpy as np
import pytest

from simengine.results.dataset import in_common
from simengine.results.run import Run
from simengine.study.bridge.by_driver import CAPITAL, DRIVERS, PRICE, PROGRAMMES, REVENUE, SERVING, ByDriver, by_driver
from simengine.study.bridge.totals import cells_of_dataset, cells_of_folder, cells_of_run
from simengine.tables.layout import OUR_STATES, Floats
from simengine.valuation.by_line import LINES, value_by_line
from simengine.valuation.enterprise_value import Terms, from_free_cash_flow
from simengine.valuation.lines import customer_lines

BASE = ("baseline", "quiet")


def between(run: Run, allocation: str, to: str = "baseline") -> ByDriver:
    return by_driver(cells_of_run(run), (allocation, "quiet"), (to, "quiet"))


def difference(run: Run, allocation: str) -> np.ndarray:
    cells, equity = run.tables.axes.cells, run.valuation.equity
    return np.asarray(equity[cells.index((allocation, "quiet"))] - equity[cells.index(BASE)])


@pytest.mark.parametrize("allocation", ["grow", "keep", "dearer", "finer"])
def test_contributions_are_the_difference_exactly(finished: Run, allocation: str) -> None:
    found = between(finished, allocation)
    assert (found.total == difference(finished, allocation)).all()
    assert np.abs(found.rounding).max() <= 1e-9 * np.abs(found.contributions).max()
    segments = finished.valuation.segments
    cells = finished.tables.axes.cells
    by_segment = segments[cells.index((allocation, "quiet"))] - segments[cells.index(BASE)]
    assert (found.contributions.sum(axis=0) == by_segment).all()


@pytest.mark.parametrize("allocation", ["grow", "keep"])
def test_backwards_it_is_the_same_with_the_other_sign(finished: Run, allocation: str) -> None:
    there, back = between(finished, allocation), between(finished, "baseline", allocation)
    assert (there.contributions == -back.contributions).all()


def test_a_change_that_changes_nothing_contributes_exactly_nothing(finished: Run) -> None:
    found = between(finished, "same")
    assert not found.contributions.any()
    assert not found.unallocated.any()
    assert not found.rounding.any()


def test_where_prices_alone_differ_all_is_price_and_where_costs_do_all_is_cost_to_serve(finished: Run) -> None:
    for allocation, driver in (("dearer", PRICE), ("leaner", SERVING)):
        found = between(finished, allocation)
        others = np.delete(found.contributions, [driver, PROGRAMMES], axis=0)
        assert np.abs(others).max() <= 1e-9 * np.abs(found.contributions).max()
        assert found.contributions[driver, :, 0].all()
        assert (found.contributions[PROGRAMMES, :, 0] < 0).all()


def test_under_contract_a_larger_wallet_is_revenue_per_customer(expected: Run) -> None:
    found = between(expected, "keep").contributions[:, 0, expected.tables.axes.segments.index("signed")]
    assert found[REVENUE] > 0
    assert found[CAPITAL] == 0


def test_a_folder_says_the_same_to_the_bit(finished: Run, tmp_path: Path) -> None:
    finished.write(tmp_path / "run")
    for one, other in zip(
        cells_of_run(finished).totals.values(), cells_of_folder(tmp_path / "run").totals.values(), strict=True
    ):
        for name, mine, theirs in zip(one._fields, one, other, strict=True):
            assert np.array_equal(mine, theirs), name


def test_replications_in_which_a_cell_was_not_simulated_are_left_out(sampled: Run) -> None:
    whole = cells_of_dataset(sampled.scenario, sampled.dataset).totals
    simulated = (sampled.dataset["allocation"] != "keep") | (sampled.dataset["replication"] < 2)
    gaps = sampled.dataset.assign(
        {
            name: each.where(simulated)
            for name, each in sampled.dataset.items()
            if {"allocation", "replication"} < {*each.dims}
        }
    )
    for cell, totals in cells_of_dataset(sampled.scenario, in_common(gaps)).totals.items():
        assert np.array_equal(totals.revenue, whole[cell].revenue[:2])
        assert np.array_equal(totals.programmes_value, whole[cell].programmes_value[:2])


class Worlds:
    """Customers of one segment and presence under any mixture of two cells' factors, valued as cash flows."""

    def __init__(self, run: Run, cells: tuple[int, int], segment: int, presence: int) -> None:
        self.run, axes, economics = run, run.tables.axes, run.tables.economics
        self.terms, self.tax = Terms.of(economics, axes), economics.tax_rate
        lines = customer_lines(run.ledger, economics, axes)
        run_off = value_by_line(run.ledger, economics, axes)[..., LINES.index("run_off")]
        at = [(c, 0, slice(None), segment, presence) for c in cells]
        counts = [run.ledger.count[c, 0, 1:, segment, OUR_STATES, presence] / run.valuation.count_scale for c in cells]
        n = [each.sum(axis=-1) for each in counts]
        today = [lines.cost_of_goods[a] / (1 - economics.margin[segment]) for a in at]
        held = [
            each[:, 0] * (economics.acquisition_cost * economics.acquisition_capitalised)[segment] for each in counts
        ]
        left = [lines.capital[a][1:] - h for a, h in zip(at, held, strict=True)]
        self.opening = lines.capital[at[0]][0]
        follows = bool(economics.capital_of_revenue[segment])
        base = [lines.revenue[a] if follows else m for a, m in zip(at, n, strict=True)]
        self.follows = follows
        self.factors = [
            [
                m, q / m, lines.revenue[a] / q, lines.cost_of_goods[a] / q, lines.cost_to_serve[a] / m,
                (lines.acquisition[a] / m, h / m), k / b, run_off[c, 0, segment, presence] / m[-1],
            ]
            for a, m, q, h, k, b, c in zip(at, n, today, held, left, base, cells, strict=True)
        ]  # fmt: skip

    def value(self, world: int) -> float:
        """Enterprise value where bit i takes the i-th factor from the second cell."""
        n, q, p, c, s, (a, h), k, r = (self.factors[world >> i & 1][i] for i in range(8))
        nopat = n * (q * (p - c) - s - a) * (1 - self.tax)
        capital = n * (h + k * (q * p if self.follows else 1.0))
        parts = from_free_cash_flow(nopat, np.concatenate(([self.opening], capital)), self.terms)
        return float(parts.explicit + parts.residual + n[-1] * r)


@pytest.mark.parametrize("residual", ["fade", "run_off"])
def test_every_driver_against_all_mixtures_of_two_cells_valued_as_cash_flows(
    expected: Run, running_off: Run, residual: str
) -> None:
    run = running_off if residual == "run_off" else expected
    cells = run.tables.axes.cells.index(BASE), run.tables.axes.cells.index(("grow", "quiet"))
    found = between(run, "grow").contributions[:, 0] / run.valuation.money_scale  # [D, S]
    for s in range(2):  # those in which customers choose
        by_hand: Floats = np.zeros(len(DRIVERS))
        for presence in range(2):
            worlds = Worlds(run, cells, s, presence)
            worth = [worlds.value(world) for world in range(1 << 8)]
            for player, driver in enumerate((presence, 2, 3, 4, 5, 6, 7, 8)):
                for world in (w for w in range(1 << 8) if not w >> player & 1):
                    size = world.bit_count()
                    weight = factorial(size) * factorial(7 - size) / factorial(8)
                    by_hand[driver] += weight * (worth[world | 1 << player] - worth[world])
        assert found[:-1, s] == pytest.approx(by_hand[:-1], abs=1e-8 * np.abs(by_hand).max())
        assert (by_hand[8] != 0) == (residual == "run_off")


def test_of_uncertain_inputs_every_draw_has_its_own_terms(uncertain: Run, tmp_path: Path) -> None:
    for allocation in ("grow", "dearer"):
        found = between(uncertain, allocation)
        assert (found.total == difference(uncertain, allocation)).all()
        assert np.abs(found.rounding).max() <= 1e-9 * np.abs(found.contributions).max()
    others = np.delete(found.contributions, [PRICE, PROGRAMMES], axis=0)
    assert np.abs(others).max() <= 1e-9 * np.abs(found.contributions).max()
    uncertain.write(tmp_path / "run")
    stored = by_driver(cells_of_folder(tmp_path / "run"), ("dearer", "quiet"), BASE)
    assert (stored.contributions == found.contributions).all()
