"""How long it takes, and how much memory, to load a customer file: four needs, revenue, tenure, segment, supplier."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pytest

CUSTOMERS = int(os.environ.get("SIMENGINE_BENCHMARK_CUSTOMERS", 10_000_000))
SMOKE = 2_000  # customers where nothing is measured
MOST_SECONDS, MOST_MEBIBYTES = 60, 1536  # of ten million customers in Parquet, the process with all it imports

SCENARIO = """\
calendar: {{start: 2027-Q1, step: quarter, periods: 4}}
company: {{name: Us, discount_rate: 9%, shares: 1M}}
simulation: {{mode: expected}}
needs: [a, b, c, d]
portfolio:
  customers: {file}
  columns:
    {{id: id, segment: segment, supplier: supplier, revenue: revenue, tenure: {{column: months, unit: months}},
     needs: {{a: n1, b: n2, c: n3, d: n4}}}}
offers: {{us: {offer}, atlas: {offer}, neo: {offer}}}
segments: {{affluent: {segment}, mass: {segment}}}
allocations: {{baseline: {{}}}}
"""
OFFER = "{a: 5, b: 5, c: 5, d: 5}"
SEGMENT = "{review: 20%, margin: 50%, constants: {us: 0, atlas: 0, neo: 0, none: 0}, inertia: 1}"

LOAD = """
import resource, sys, time
from simengine.portfolio import load_portfolio
from simengine.engine.machine_memory import most_used
from simengine.scenario import load_scenario
scenario = load_scenario(sys.argv[1])
start = time.perf_counter()
portfolio = load_portfolio(scenario)
seconds = time.perf_counter() - start
used = resource.getrusage(resource.RUSAGE_SELF)
peak = most_used() / 2**20
print(len(portfolio.population.ids), seconds, used.ru_utime + used.ru_stime, peak)
"""


def write_customers(path: Path, count: int, text_ids: bool) -> None:
    """A file of `count` invented customers in an order that is not that of their ids."""
    number = f"(range * 7919) % {count}" if count % 7919 else "range"
    identity = f"'CUST-' || ({number})" if text_ids else f"({number})::BIGINT"
    step = "(hash(range * 11) % 100)::DOUBLE / 1000"
    with duckdb.connect() as connection:
        connection.execute(
            f"""COPY (SELECT {identity} AS id,
                CASE WHEN hash(range) % 3 = 0 THEN 'affluent' ELSE 'mass' END AS segment,
                ['us', 'atlas', 'neo', 'none'][(hash(range + 7) % 4)::INTEGER + 1] AS supplier,
                round(100 + (hash(range * 3) % 1000000) / 100.0, 2)::DOUBLE AS revenue,
                (hash(range * 5) % 300)::INTEGER AS months,
                0.2 + {step} AS n1, 0.3 - {step} AS n2, 0.25::DOUBLE AS n3, 0.25::DOUBLE AS n4
            FROM range({count})) TO '{path}'"""
        )


@pytest.mark.parametrize("kind", ["integers.parquet", "texts.parquet", "integers.csv"])
def test_loading(kind: str, benchmark: Any, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    measured = request.config.getoption("benchmark_enable")
    count = CUSTOMERS if measured else SMOKE
    write_customers(tmp_path / kind, count, text_ids=kind.startswith("texts"))
    scenario = tmp_path / "scenario.yaml"
    scenario.write_text(SCENARIO.format(file=kind, offer=OFFER, segment=SEGMENT))

    def load() -> list[float]:
        command = [sys.executable, "-c", LOAD, str(scenario)]
        answer = subprocess.run(command, capture_output=True, text=True, check=True)
        return [float(figure) for figure in answer.stdout.split()]

    loaded, seconds, of_processors, peak = benchmark.pedantic(load, rounds=1)
    assert loaded == count
    figures = {
        "customers": count,
        "seconds": round(seconds, 1),
        "processor_seconds": round(of_processors, 1),
        "rows_per_second": round(count / seconds),
        "peak_mebibytes": round(peak),
    }
    benchmark.extra_info.update(figures)
    print(f"\n{kind}: {figures}")
    if measured and kind.endswith(".parquet") and count <= 10_000_000:
        assert min(seconds, of_processors) <= MOST_SECONDS  # a busy machine lets the clock run on
        assert peak <= MOST_MEBIBYTES
