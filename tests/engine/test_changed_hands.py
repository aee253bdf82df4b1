"""Customers who change hands between two cells: the kernels alone, and both modes beside each other."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from scipy.optimize import linprog

from simengine.engine.changed_hands import add_least_hands, passes_of
from simengine.engine.ledger import GAINED, LOST
from simengine.engine.opening import solve_opening
from simengine.engine.options import Options
from simengine.engine.simulate import simulate
from tests.properties.worlds import Lived, live, market, opened, random_market

LANES = 16


def least_of(here: np.ndarray, there: np.ndarray) -> np.ndarray:
    """[J, 2] by the kernel, of one customer with the probabilities [J] of each supplier."""
    suppliers = len(here)
    columns = []
    for chances in (here, there):
        states = np.zeros((suppliers + 2, LANES), np.float32)
        states[2:, 0] = chances
        columns.append(states.ravel())
    weight = np.zeros(LANES, np.float32)
    weight[0] = 1.0
    sums = np.zeros(2 * suppliers * LANES, np.float32)
    add_least_hands(*columns, suppliers, weight, LANES, sums)
    return sums.reshape(suppliers, 2, LANES).sum(axis=-1)


@pytest.mark.parametrize("seed", range(8))
def test_no_joint_distribution_moves_fewer_customers_than_are_counted(seed: int) -> None:
    """The least over all joint distributions of both suppliers with these margins, by linear programming."""
    drawn = np.random.default_rng(seed)
    here, there = drawn.dirichlet(np.full(4, 0.7), size=2)
    margins, sides = [], []
    for j in range(4):
        of_here, of_there = np.zeros((4, 4)), np.zeros((4, 4))
        of_here[j], of_there[:, j] = 1.0, 1.0
        margins += [of_here.ravel(), of_there.ravel()]
        sides += [here[j], there[j]]
    moved = np.zeros((4, 4))
    moved[0, 1:] = moved[1:, 0] = 1.0
    least = linprog(moved.ravel(), A_eq=np.array(margins), b_eq=np.array(sides)).fun
    found = least_of(here, there)
    assert found.sum() == pytest.approx(least, abs=1e-6)
    assert found[:, GAINED].sum() - found[:, LOST].sum() == pytest.approx(here[0] - there[0], abs=1e-6)
    assert (found[:, GAINED] <= np.maximum(there - here, 0.0) + 1e-6).all()
    assert (found[:, LOST] <= np.maximum(here - there, 0.0) + 1e-6).all()


@cache
def lived(mode: str) -> Lived:
    document = random_market(5, mode=mode, replications=60 if mode == "sampled" else 1)
    return live(document)


def test_expected_values_count_the_least_of_what_is_drawn() -> None:
    """Within five standard errors: of one in a million such figures, one is beyond."""
    sampled, expected = lived("sampled").ledger, lived("expected").ledger
    drawn = sampled.changed_hands.sum(axis=3)  # [C, R, S, 2]
    least = expected.changed_hands.sum(axis=3)[:, 0] / expected.count_scale
    error = np.maximum(drawn.std(axis=1, ddof=1), 1.0) / np.sqrt(drawn.shape[1])
    assert (least <= drawn.mean(axis=1) + 5.0 * error).all()
    assert least.max() > 5.0 * error.max()


@pytest.mark.parametrize("reference", [0, 1, 2])
def test_cells_at_once_do_not_show_wherever_the_reference_stands(reference: int) -> None:
    _, portfolio, tables = opened(market())
    cells = [name for name, _ in tables.axes.cells]
    moves = len({move for _, move in tables.axes.cells})
    of = np.arange(len(cells)) % moves + reference * moves
    tables = tables._replace(reference=of)
    opening = solve_opening(tables, portfolio.population)
    options = Options(seed=1, mode="expected", replications=1, threads=1)
    whole = simulate(opening, tables, portfolio.population, options).changed_hands
    assert whole.any()
    for size in (1, 2, len(cells) - 1):
        part = simulate(opening, tables, portfolio.population, options._replace(cells=size)).changed_hands
        np.testing.assert_array_equal(part, whole)


@pytest.mark.parametrize("size", [1, 2, 5])
def test_passes_are_of_all_cells_and_of_references_first(size: int) -> None:
    reference = np.array([2, 3, 2, 3, 2, 3])
    passes = passes_of(reference, size)
    assert sorted(c for first, end in passes for c in range(first, end)) == list(range(6))
    assert all(end - first <= size for first, end in passes)
    assert {c for first, end in passes[: -(-2 // size)] for c in range(first, end)} == {2, 3}
    assert passes_of(reference, 6) == [(0, 6)]
