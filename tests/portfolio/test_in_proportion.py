"""Rows are drawn in proportion to their weights. Checks reject at 4 standard errors, with fixed seeds."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from simengine.luck import POPULATION_MISSING, POPULATION_SOURCE
from simengine.portfolio import in_proportion
from simengine.portfolio.in_proportion import draw_rows
from simengine.portfolio.synthetic import synthetic_ids

COUNT = 40_000
IDS = synthetic_ids("retail", COUNT)


@pytest.mark.parametrize("weight", [[1.0, 0.0, 3.0, 6.0, 0.0], [0.0, 2.5, 1.0]])
def test_rows_are_drawn_by_their_weight(weight: list[float]) -> None:
    share = np.array(weight) / sum(weight)
    found = np.bincount(draw_rows(IDS, np.array(weight), 1, POPULATION_SOURCE), minlength=len(weight)) / COUNT
    assert np.all(np.abs(found - share) <= 4 * np.sqrt(share * (1 - share) / COUNT))


def test_rows_without_any_weight_are_alike() -> None:
    found = np.bincount(draw_rows(IDS, np.zeros(4), 1, POPULATION_SOURCE)) / COUNT
    assert np.all(np.abs(found - 0.25) <= 4 * np.sqrt(0.25 * 0.75 / COUNT))


def test_a_last_row_of_no_weight_is_never_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    def all_at_the_end(*arguments: Any) -> None:
        arguments[-1][:] = 1.0

    monkeypatch.setattr(in_proportion, "uniforms", all_at_the_end)
    assert set(draw_rows(IDS[:9], np.array([1.0, 2.0, 0.0]), 1, POPULATION_SOURCE).tolist()) == {1}


def test_decisions_and_columns_are_independent() -> None:
    weight = np.ones(1000)
    draws = [
        draw_rows(IDS, weight, 1, decision, column)
        for decision, column in ((POPULATION_SOURCE, 0), (POPULATION_MISSING, 0), (POPULATION_MISSING, 1))
    ]
    for one, other in ((0, 1), (0, 2), (1, 2)):
        assert (draws[one] == draws[other]).mean() < 0.002
