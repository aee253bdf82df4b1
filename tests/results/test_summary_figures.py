"""Figures of the summary, found again in plain numpy from the ledger and the lines of the dataset."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from simengine.results.run import Run, run
from simengine.scenario import load_scenario
from tests.oracle.worlds import write_crowded_world
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
    .replace("overhead: 20k", "timing: start, overhead: 195k")
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


def customers_are_the_ledger_s(finished: Run) -> None:
    """Customers and shares at the end, by segment of ours and over all segments of each rival."""
    axes = finished.tables.axes
    for c, cell in enumerate(finished.summary["cells"]):
        states = finished.ledger.count[c, :, -1].sum(axis=-1).mean(axis=0) / finished.ledger.count_scale  # [S, states]
        ours, others = states[:, :OURS].sum(axis=1), states[:, OURS:]
        market = states.sum(axis=1)
        for s, name in enumerate(axes.segments):
            assert cell["segments"][name]["customers_end"] == close(ours[s])
            assert cell["segments"][name]["share_end"] == close(ours[s] / market[s])
        assert tuple(cell["rivals"]) == axes.suppliers[1:-1]
        for j, rival in enumerate(cell["rivals"].values()):
            assert rival["customers_end"] == close(others[:, j].sum())
            assert rival["share_end"] == close(others[:, j].sum() / market.sum())
            assert 0 < rival["share_end"] < 1


def test_customers_and_shares_at_the_end_are_the_ledger_s(finished: Run) -> None:
    customers_are_the_ledger_s(finished)


@pytest.mark.parametrize("mode", ["sampled", "expected"])
def test_a_rival_has_its_customers_in_all_segments(tmp_path: Path, mode: str) -> None:
    finished = run(load_scenario(write_crowded_world(tmp_path), simulation={"mode": mode}))
    customers_are_the_ledger_s(finished)
    fir = OURS + finished.tables.axes.suppliers.index("fir") - 1
    assert (finished.ledger.count[:, :, -1, :, fir].sum(axis=(1, 3)) > 0).all()


@pytest.mark.parametrize("mode", ["sampled", "expected"])
def test_value_is_destroyed_where_it_is_less_than_the_capital_it_opens_with(tmp_path: Path, mode: str) -> None:
    path = tmp_path / "barely.yaml"
    path.write_text(BARELY)
    destroyed, below_capital = [], []
    for cell, d in cells(run(load_scenario(path, simulation={"mode": mode}))):
        opening, value = d.opening_capital.sum("segment").values, d.enterprise_value.values
        destroyed.append((value < 1.09 * opening).mean())
        below_capital.append((value < opening).mean())
        assert cell["probability_of_destroying_value"] == pytest.approx(destroyed[-1], abs=1e-12)
    assert destroyed != below_capital
    assert any(0 < share < 1 for share in destroyed) == (mode == "sampled")
