"""How sampled mode cuts its work is not seen in its bits."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from simengine.engine import sampled
from simengine.engine.sampled_books import add_up
from simengine.engine.sampled_decision import CELLS_A_WORD
from tests.properties.worlds import live, market, same_bits


@pytest.mark.parametrize("periods", [1, 3])
def test_how_many_periods_are_simulated_at_once_leaves_the_bits(periods: int, monkeypatch: pytest.MonkeyPatch) -> None:
    at_once = live(market(mode="sampled"))
    monkeypatch.setattr(sampled.SampledRun, "_at_once", lambda self, *sizes: periods)
    assert same_bits(live(market(mode="sampled")).ledger, at_once.ledger)


def test_customers_who_enter_between_periods_that_are_alike_leave_the_bits(monkeypatch: pytest.MonkeyPatch) -> None:
    """No allocation and no move: the same market in all periods, but not the same customers."""
    quiet = market(mode="sampled") | {"allocations": {"baseline": {}}, "moves": {"quiet": {}}}
    quiet["segments"]["affluent"]["growth"] = 0.02  # so that nobody enters in most periods
    at_once = live(quiet)
    monkeypatch.setattr(sampled.SampledRun, "_at_once", lambda self, *sizes: 1)
    assert same_bits(live(quiet).ledger, at_once.ledger)


def test_cells_beyond_those_that_a_word_marks_leave_the_bits() -> None:
    """Allocations are told apart by name, so all cells of the half are cells of the whole."""
    whole, half = market(mode="sampled"), market(mode="sampled")
    allocations = {f"advisers_{n:02}": {"advisers": {"affluent": f"{n + 1}k"}} for n in range(36)}
    whole["allocations"] = {"baseline": {}} | allocations
    half["allocations"] = {"baseline": {}} | dict(list(allocations.items())[22:])
    full, part = live(whole), live(half)
    cells = [full.tables.axes.cells.index(cell) for cell in part.tables.axes.cells]
    assert len(full.tables.axes.cells) > 2 * CELLS_A_WORD > len(cells)
    assert max(cells) > CELLS_A_WORD
    for name in ("count", "revenue", "joins", "leaves", "changed_hands"):
        assert np.array_equal(getattr(full.ledger, name)[cells], getattr(part.ledger, name))


@pytest.mark.parametrize("customers", [1, 7])
def test_how_many_customers_a_block_has_leaves_the_bits(customers: int, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = live(market(mode="sampled"))
    monkeypatch.setattr(sampled, "BLOCK_BYTES", 1)
    monkeypatch.setattr(sampled, "LEAST_BLOCK", customers)
    assert same_bits(live(market(mode="sampled")).ledger, whole.ledger)


@pytest.mark.parametrize(("threads", "cells", "least"), [(1, 1, 3), (2, 10**6, 2), (3, 10**6, 3), (1, 10**6, 1)])
def test_totals_are_added_up_in_parts_by_segment(
    threads: int, cells: int, least: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By each worker, and of few cells at a time."""
    whole, asked = live(market(mode="sampled")), []

    def counted(*of: Any) -> None:
        asked.append(of[-1])
        add_up(*of)

    monkeypatch.setattr(sampled, "CELLS_A_TASK", cells)
    monkeypatch.setattr(sampled, "add_up", counted)
    assert same_bits(live(market(mode="sampled"), threads=threads).ledger, whole.ledger)
    assert len(whole.tables.axes.segments) == 3
    assert len({(some.start, some.stop) for some in asked}) == least
