"""The miniature of a scenario calls, with the same types, all that the whole one calls; found without compiling."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from simengine.results.miniature import FEW, has_miniature, miniature_of
from simengine.results.warming import DRAWN, LISTED, LIVING, PASSING, ROWS
from simengine.scenario import load_scenario
from simengine.tables.design import designs_of
from tests.cli.conftest import SMALL
from tests.environments import python
from tests.results.test_compiling import BUILT, SHOCKED

SHIPPED = Path(__file__).parents[2] / "scenarios"
LEFT_OUT = {"needs_of_ids", "tabulate", "revenue_of_ids"}  # of customers alone
CALLED = """
import json, sys
from simengine.results.miniature import miniature_of
from simengine.results.noted_calls import noted_calls
from simengine.results.run import run
from simengine.scenario import load_scenario

scenario = load_scenario(sys.argv[1], settings=sys.argv[3:], simulation={"mode": sys.argv[2], "replications": 17})
with noted_calls() as few:
    run(miniature_of(scenario), threads=1)
with noted_calls() as all:
    run(scenario, threads=1, batch=16)
print(json.dumps([len(all), sorted({kernel.__name__ for kernel, _ in set(all) - set(few)})]))
"""
MARKETS = {"small": SMALL, "drawn": DRAWN, "living": LIVING, "shocked": SHOCKED, "built": BUILT, "passing": PASSING}


def missing(path: Path, mode: str, *settings: str) -> set[str]:
    """The kernels that a scenario calls with types that its miniature does not call them with."""
    calls, names = json.loads(python(["-W", "ignore", "-c", CALLED, str(path), mode, *settings]))
    assert calls > 10
    return set(names)


@pytest.mark.parametrize("mode", ["sampled", "expected"])
@pytest.mark.parametrize("text", MARKETS.values(), ids=MARKETS)
def test_the_miniature_calls_what_the_whole_calls(text: str, mode: str, tmp_path: Path) -> None:
    (tmp_path / "market.yaml").write_text(text)
    size = ["segments.affluent.size=40"] if "affluent" in text else []
    assert missing(tmp_path / "market.yaml", mode, *size) <= LEFT_OUT


def test_there_is_a_customer_for_every_group_of_a_design() -> None:
    designs = load_scenario(SHIPPED / "northbank_designs.yaml")
    most = max(groups for each in designs_of(designs).values() for groups in each)
    assert most > FEW
    assert max(segment.size or 0 for segment in miniature_of(designs).segments.values()) == most


def test_what_there_is_one_of_stays_one(tmp_path: Path) -> None:
    (tmp_path / "market.yaml").write_text(SMALL)
    stated = ["segments.affluent.size=1", "simulation.replications=1"]
    lone = load_scenario(tmp_path / "market.yaml", settings=stated)
    assert miniature_of(lone).segments["affluent"].size == 1
    assert miniature_of(lone).simulation.replications == 1
    small = miniature_of(load_scenario(tmp_path / "market.yaml"))
    assert small.segments["affluent"].size == FEW
    assert small.simulation.replications == 2
    assert small.cells == lone.cells
    assert small.calendar == lone.calendar


def test_customers_of_a_file_are_not_made_few(tmp_path: Path) -> None:
    (tmp_path / "market.yaml").write_text(LISTED)
    (tmp_path / "customers.csv").write_text("\n".join(ROWS) + "\n")
    assert not has_miniature(load_scenario(tmp_path / "market.yaml"))
