"""Customer files are read in little memory: what does not fit waits on disk, whatever the number of columns."""

from __future__ import annotations

from pathlib import Path

import duckdb
import numpy as np

from simengine.portfolio import load_portfolio
from simengine.scenario import load_scenario

CUSTOMERS = 200_000
FURTHER = 30  # columns that nobody asks for
SCENARIO = """\
calendar: {start: 2027-Q1, step: quarter, periods: 4}
company: {name: Us, discount_rate: 9%, shares: 1M}
simulation: {mode: expected}
portfolio:
  customers: customers.csv
  columns: {id: id, supplier: supplier, revenue: revenue}
offers: {us: {price: 100}, atlas: {price: 98}}
segments: {all: {review: 20%, margin: 50%, constants: {us: 0, atlas: 0, none: 0}, inertia: 1}}
allocations: {baseline: {}}
"""


def test_a_wide_file_is_read(tmp_path: Path) -> None:
    further = ", ".join(f"(hash(range * {n} + 1) % 100000) / 100.0 AS further_{n}" for n in range(FURTHER))
    with duckdb.connect() as connection:
        connection.execute(
            f"""COPY (SELECT range AS id, ['us', 'atlas', 'none'][range % 3 + 1] AS supplier, range / 8 AS revenue,
            {further} FROM range({CUSTOMERS})) TO '{tmp_path}/customers.csv'"""
        )
    assert (tmp_path / "customers.csv").stat().st_size > 32 << 20  # a buffer of duckdb's
    (tmp_path / "scenario.yaml").write_text(SCENARIO)
    population = load_portfolio(load_scenario(tmp_path / "scenario.yaml"), memory=1).population
    assert len(population.ids) == CUSTOMERS
    np.testing.assert_array_equal(population.revenue, population.ids.astype(np.float64) / 8)
