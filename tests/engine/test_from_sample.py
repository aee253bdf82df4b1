"""Segments that are solved from a sample of their customers have the solution that solving them directly gives."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from simengine.engine import opening as opening_module
from simengine.engine.from_sample import MOST_STEPS, solve_from_sample
from simengine.engine.opening import Opening, solve_opening
from simengine.engine.pool import Pool
from simengine.engine.segment_market import SegmentMarket
from tests.properties.files import file_market, rows_of, text_of
from tests.properties.worlds import Document, arrays_of, market, opened

EXACT = 1e-9


def worlds() -> dict[str, tuple[Document, str]]:
    """Everybody drawn; suppliers of a file; a file of ours only; shares with a trend."""
    ours: Document = file_market()
    del ours["portfolio"]["columns"]["supplier"]
    trend = market()
    trend["segments"]["affluent"]["share_trend"] = {"us": -0.01}
    return {
        "drawn": (market(), ""),
        "file": (file_market(), text_of(rows_of(count=400))),
        "ours": (ours, text_of([row for row in rows_of(count=400) if row["supplier"] == "us"])),
        "trend": (trend, ""),
    }


def both(document: Document, rows: str, monkeypatch: pytest.MonkeyPatch, sample: int) -> tuple[Opening, Opening]:
    """Solved directly, and from samples."""
    _, portfolio, tables = opened(document, rows)
    direct = solve_opening(tables, portfolio.population)
    monkeypatch.setattr(opening_module, "SAMPLE", sample)
    return direct, solve_opening(tables, portfolio.population)


@pytest.mark.parametrize("world", worlds())
def test_the_solution_is_that_of_the_whole_segment(world: str, monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list[bool] = []

    def counted(whole: SegmentMarket, sample: SegmentMarket) -> bool:
        assert sample.count < whole.count
        steps.append(solve_from_sample(whole, sample))
        return steps[-1]

    monkeypatch.setattr(opening_module, "solve_from_sample", counted)
    direct, sampled = both(*worlds()[world], monkeypatch, 25)
    assert any(steps)
    for name, wanted in arrays_of(direct).items():
        np.testing.assert_allclose(arrays_of(sampled)[name], wanted, rtol=EXACT, atol=EXACT, err_msg=name)


def test_a_sample_that_explains_nothing_is_done_without(monkeypatch: pytest.MonkeyPatch) -> None:
    """A few customers leave suppliers out."""
    direct, sampled = both(file_market(), text_of(rows_of(count=40)), monkeypatch, 2)
    for name, wanted in arrays_of(direct).items():
        assert np.array_equal(arrays_of(sampled)[name], wanted, equal_nan=True), name


def test_few_passes_over_everybody(monkeypatch: pytest.MonkeyPatch) -> None:
    document, rows = worlds()["file"]
    _, portfolio, tables = opened(document, rows)
    passes: dict[int, int] = {}
    count = SegmentMarket.year_on_sums

    def counted(self: SegmentMarket) -> Any:
        passes[self.count] = passes.get(self.count, 0) + 1
        return count(self)

    monkeypatch.setattr(SegmentMarket, "year_on_sums", counted)
    whole, sample = (SegmentMarket(tables, portfolio.population, 0, Pool(1), step) for step in (1, 8))
    sample.solve()
    assert solve_from_sample(whole, sample)
    assert 2 < passes[whole.count] <= MOST_STEPS + 1 < 0.2 * passes[sample.count]
