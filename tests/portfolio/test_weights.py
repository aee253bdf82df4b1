"""Rows that stand for several customers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from simengine import luck
from simengine.portfolio import load_portfolio
from simengine.scenario.problems import ScenarioError
from tests.portfolio.worlds import CONTRACT, MARKET, with_file

COLUMNS = "{id: id, weight: n, revenue: pays}"
BODY = f"segments: {{all: {CONTRACT}}}\n"
ROWS = "id,n,pays\n5,3,10\nb,1,20\nc,0,30\n"


def test_expected_mode_keeps_weights(tmp_path: Path) -> None:
    portfolio = load_portfolio(with_file(tmp_path, ROWS.replace("1,20", "1.5,20"), COLUMNS, BODY, mode="expected"))
    assert portfolio.file_customers == 3
    assert portfolio.population.weight.tolist() == [3, 1.5]


def test_sampled_mode_makes_individuals(tmp_path: Path) -> None:
    population = load_portfolio(with_file(tmp_path, ROWS, COLUMNS, BODY)).population
    assert sorted(population.labels.tolist()) == ["5", "5*1", "5*2", "b"]
    address = dict(zip(population.labels.tolist(), population.ids.tolist(), strict=True))
    assert address == {"5": 5, "5*1": luck.address("5*1"), "5*2": luck.address("5*2"), "b": luck.address("b")}
    assert set(population.weight.tolist()) == {1.0}
    assert population.revenue.sum() == 50
    assert np.all(np.diff(population.ids.astype(np.int64)) > 0)


@pytest.mark.parametrize(
    ("weight", "mode", "message"),
    [
        ("2.5", "sampled", "2:3: column n: found '2.5', expected a whole number in sampled mode"),
        ("-1", "expected", "2:3: column n: found '-1', expected a number of customers, 0 or more"),
        ("inf", "expected", "2:3: column n: found 'inf', expected a number of customers, 0 or more"),
        ("many", "sampled", "2:3: column n: found 'many', expected a number of customers, 0 or more"),
        ("2000000000", "sampled", "at most 100,000,000 customers"),
    ],
)
def test_bad_weights(tmp_path: Path, weight: str, mode: str, message: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        load_portfolio(with_file(tmp_path, f"id,n,pays\n1,{weight},10\n", COLUMNS, BODY, mode=mode))
    assert message in str(caught.value)


def test_a_row_of_weight_n_has_the_prospects_of_n_rows(tmp_path: Path) -> None:
    weighted = "id,n,pays\n" + "".join(f"{i},{i},{100 * i}\n" for i in range(1, 9))
    single = "id,pays\n" + "".join(f"{i}-{c},{100 * i}\n" for i in range(1, 9) for c in range(i))
    columns = "{id: id, revenue: pays}"
    one = load_portfolio(with_file(tmp_path, weighted, COLUMNS, MARKET, mode="expected")).population
    other = load_portfolio(with_file(tmp_path, single, columns, MARKET, mode="expected")).population
    assert np.array_equal(one.revenue[one.supplier < 0], other.revenue[other.supplier < 0])
    assert one.weight.sum() == other.weight.sum() == 90
