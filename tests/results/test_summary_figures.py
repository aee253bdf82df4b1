"""Figures of the summary, found again in plain numpy from the ledger and the lines of the dataset."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from simengine.results.run import Run, run
from simengine.scenario import load_scenario
from tests.results.conftest import MARKET

YEARS, TAX, SHARES = 0.25, 0.25, 1000  # of a period; as the market states them
CHARGE = 1.09**YEARS - 1  # on capital, a period
OURS = 3  # states of ours, which come first
PARTS = ("unallocated", "financing", "rounding", "present", "future", "explicit", "residual")

# Worth about what it opens with, in some futures more and in others less, and paid at the start of years: so that
# u = 1.09 tells the capital it must exceed from the capital itself.
BARELY = (
    MARKET.replace("2026-Q1, step: quarter, periods: 8", "2026, step: year, periods: 4")
    .replace("2026-Q3", "2027")
    .replace("replications: 6", "replications: 40")
    .replace("overhead: 20k", "timing: start, overhead: 78k")
)


def close(value: Any) -> Any:
    return pytest.approx(value, rel=1e-9, abs=1e-6)


def cells(finished: Run) -> Iterator[tuple[dict[str, Any], Any]]:
    """Every cell of the summary, and the dataset at its labels."""
    for cell in finished.summary["cells"]:
        yield cell, finished.dataset.sel(allocation=cell["allocation"], move=cell["move"])


def test_economic_profit_is_the_mean_future_s(finished: Run) -> None:
    for cell, d in cells(finished):
        contribution = d.revenue - d.cost_of_goods - d.cost_to_serve - d.acquisition
        ours = (contribution * (1 - TAX) - d.capital * CHARGE).sum("presence").mean("replication")
        profit = ours - d.programme_spend * YEARS * (1 - TAX)
        for name, segment in cell["segments"].items():
            assert segment["economic_profit"] == close(profit.sel(segment=name).values)
            assert min(np.abs(segment["economic_profit"])) > 1


def test_every_part_is_told_per_share_too(finished: Run) -> None:
    for cell, d in cells(finished):
        for part in (*cell["segments"].values(), *(cell[name] for name in PARTS)):
            assert part["value_per_share"] == pytest.approx(part["value"] / SHARES, rel=1e-12)
        assert cell["explicit"]["value"] == close(float(d.explicit_value.mean()))
        assert cell["residual"]["value"] == close(float(d.residual_value.mean()))
        assert cell["unallocated"]["value"] == close(float(d.unallocated_value.mean()))
        assert cell["financing"] == {"value": -8000, "value_per_share": -8}
        for name in ("unallocated", "present", "future", "explicit", "residual"):
            assert abs(cell[name]["value"]) > 1


def test_customers_and_shares_at_the_end_are_the_ledger_s(finished: Run) -> None:
    suppliers, segments = finished.tables.axes.suppliers, finished.tables.axes.segments
    assert suppliers == ("us", "atlas", "neo", "none")
    for c, cell in enumerate(finished.summary["cells"]):
        states = finished.ledger.count[c, :, -1].sum(axis=-1).mean(axis=0) / finished.ledger.count_scale  # [S, states]
        ours, others = states[:, :OURS].sum(axis=1), states[:, OURS:]
        market = states.sum(axis=1)
        for s, name in enumerate(segments):
            assert cell["segments"][name]["customers_end"] == close(ours[s])
            assert cell["segments"][name]["share_end"] == close(ours[s] / market[s])
        for j, name in enumerate(suppliers[1:-1]):
            assert cell["rivals"][name]["customers_end"] == close(others[:, j].sum())
            assert cell["rivals"][name]["share_end"] == close(others[:, j].sum() / market.sum())
            assert 0 < cell["rivals"][name]["share_end"] < 1


@pytest.fixture(scope="module")
def barely(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("barely") / "market.yaml"
    path.write_text(BARELY)
    return path


def test_value_is_destroyed_where_it_is_less_than_the_capital_it_opens_with(barely: Path) -> None:
    told, uncharged = [], []
    for cell, d in cells(run(load_scenario(barely))):
        opening = d.opening_capital.sum("segment").values
        value = d.enterprise_value.values
        destroyed = int((value < 1.09 * opening).sum())
        assert cell["probability_of_destroying_value"] == destroyed / 40
        told.append(destroyed)
        uncharged.append(int((value < opening).sum()))
    print(told, uncharged)
    assert 0 < told[0] < 40
    assert told[0] != uncharged[0]


def test_in_exact_results_value_is_destroyed_or_it_is_not(barely: Path, expected: Run) -> None:
    for cell in expected.summary["cells"]:
        assert cell["probability_of_destroying_value"] in (0.0, 1.0)
