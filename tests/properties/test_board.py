"""Boards in whole markets: the same bits however a run is cut up, the same luck in every cell, and nothing without a
reason."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from simengine.results.run import Run, run
from simengine.scenario.load import load_scenario
from tests.properties.worlds import Document, market, same_bits

BOARDS: dict[str, Any] = {
    "baseline": {},
    "by_profit": {
        "board": [
            {"lever": "advisers", "budget": 12000, "by": "profit", "every": 1},
            {"lever": "bundle", "budget": 9000, "by": "revenue", "every": 2, "until": "2027-Q3"},
        ]
    },
    "by_customers": {"board": {"lever": "advisers", "budget": 12000, "by": "customers", "every": 2}},
    "again": {"like": "by_customers"},
}


def restless(mode: str, replications: int = 5, volatility: float = 0.3) -> Document:
    document = deepcopy(market(mode=mode, replications=replications))
    document["allocations"] = deepcopy(BOARDS)
    document["moves"] = {"quiet": {}, "attack": document["moves"]["attack"]}
    document["market"] = {"volatility": volatility, "demand": {"volatility": 0.1}}
    return document


def lived(document: Document, folder: Path, **cut: Any) -> Run:
    path = folder / "world.yaml"
    path.write_text(json.dumps(document), encoding="utf-8")
    return run(load_scenario(path), **{"threads": 1, **cut})


@pytest.mark.parametrize("mode", ["sampled", "expected"])
def test_neither_batches_nor_blocks_nor_threads_move_a_bit(mode: str, tmp_path: Path) -> None:
    whole = lived(restless(mode), tmp_path)
    spend = whole.tables.boards
    assert spend is not None
    for cut in ({"batch": 1}, {"batch": 2, "block": 37}, {"batch": 4, "threads": 2}):
        again = lived(restless(mode), tmp_path, **cut)
        assert same_bits(whole.ledger, again.ledger)
        assert again.tables.boards is not None
        np.testing.assert_array_equal(again.tables.boards.spend, spend.spend)
        assert again.summary["digest"] == whole.summary["digest"]
    fewer = lived(restless(mode, replications=3), tmp_path)
    assert fewer.tables.boards is not None
    np.testing.assert_array_equal(fewer.tables.boards.spend, spend.spend[:, :3])


@pytest.mark.parametrize("mode", ["sampled", "expected"])
def test_all_cells_have_the_same_luck(mode: str, tmp_path: Path) -> None:
    """Whoever meets lives like the baseline to the bit until then, and two boards that are the same do for ever."""
    found = lived(restless(mode), tmp_path)
    axes, count = found.tables.axes, found.ledger.count
    for move in ("quiet", "attack"):
        baseline, by_profit, by_customers, again = (count[axes.cells.index((name, move))] for name in BOARDS)
        for other in (by_profit, by_customers):
            np.testing.assert_array_equal(other[:, :5], baseline[:, :5])
            assert (other[:, -1] != baseline[:, -1]).any()
        np.testing.assert_array_equal(again, by_customers)


@pytest.mark.parametrize("mode", ["sampled", "expected"])
def test_the_budget_adds_up_and_is_what_programmes_cost(mode: str, tmp_path: Path) -> None:
    found = lived(restless(mode), tmp_path)
    d = found.dataset
    board = d.board_spend.sel(allocation="by_profit")
    total = board.sum("segment")
    np.testing.assert_allclose(total.sel(lever="advisers").isel(period=slice(4, None)), 12000, rtol=1e-12)
    np.testing.assert_allclose(total.sel(lever="bundle").isel(period=slice(4, 7)), 9000, rtol=1e-12)
    assert not total.sel(lever="bundle").isel(period=slice(0, 4)).any()
    assert not total.sel(lever="bundle").isel(period=7).any()
    outreach = np.array([2000.0, 0.0, 0.0])
    charged = board.sum("lever").mean("replication") + outreach
    np.testing.assert_allclose(d.programme_spend.sel(allocation="by_profit"), charged, rtol=1e-12)
    assert np.isnan(d.board_spend.sel(allocation="baseline")).all()
    spread = board.sel(lever="advisers", move="quiet").isel(period=-1).std("replication")
    assert (spread.sel(segment="affluent") > 0).all()


@pytest.mark.parametrize("by", ["customers", "revenue", "profit"])
def test_segments_that_never_change_keep_their_split_to_the_bit(by: str, tmp_path: Path) -> None:
    document = deepcopy(market(mode="expected"))
    signed = {**document["segments"]["signed"], "hazard": {"constant": 0}, "revenue_spread": 0}
    document["segments"] = {"large": {**signed, "size": 230}, "small": {**signed, "revenue": 333}}
    document["levers"] = {"care": {**document["levers"]["care"], "carry_over": 0.7}}
    document["allocations"] = {
        "baseline": {},
        "reviewed": {"board": {"lever": "care", "budget": 3000, "by": by, "every": 1}},
    }
    document["moves"] = {"quiet": {}}
    for unused in ("offers", "needs"):
        document.pop(unused)
    document["company"].pop("knowledge")
    found = lived(document, tmp_path)
    assert found.tables.boards is not None
    decided = found.tables.boards.spend[1, 0, 4:, :, 0]
    assert (decided == decided[0]).all()
    size, revenue = np.array([230, 70]), np.array([900, 333])
    profit = size * (0.75 * 0.5 * revenue - 100 * 4 * (1.09**0.25 - 1))
    wanted = {"customers": size, "revenue": size * revenue, "profit": profit}[by]
    np.testing.assert_allclose(decided[0], 3000 * wanted / wanted.sum(), rtol=1e-9)
