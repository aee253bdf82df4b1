"""A run in which moves wait is, replication by replication, the run in which it is known when they begin."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from simengine.results.run import Run, run
from simengine.scenario import load_scenario
from simengine.tables.move_states import MoveStates
from tests.scenario.worlds import replaced, write

CUT = "{who: atlas, at: 2027-Q3, change: {price: -8%}, segments: [affluent]}"
ANSWER = "change: {price: -20%, service: 1}"
LAG = 1
COMPARED = ("customers", "value_per_share", "rival_value")


def ran(folder: Path, move: str, mode: str) -> Run:
    text = replaced((CUT, f"{{who: atlas, {move}, segments: [affluent]}}"), ("mode: sampled", f"mode: {mode}"))[0]
    return run(load_scenario(write(folder, text)))


class Planned:
    """Runs of a move that begins in a known period."""

    def __init__(self, folder: Path, what: str, mode: str) -> None:
        self._folder, self._what, self._mode = folder, what, mode
        self.runs: dict[int, xr.Dataset] = {}

    def agrees(self, waited: xr.Dataset, start: int, here: dict[str, object]) -> None:
        """What a run says of a cell and a replication in which the move begins then."""
        labels = [str(label) for label in waited.period.values]
        if start < len(labels) and start not in self.runs:
            self.runs[start] = ran(self._folder, f"at: {labels[start]}, {self._what}", self._mode).dataset
        planned = self.runs[start].sel(move="price_cut") if start < len(labels) else waited.sel(move="quiet")
        for name in COMPARED:
            mine, theirs = (
                each[name].sel({key: value for key, value in here.items() if each.sizes.get(key, 2) > 1}).squeeze()
                for each in (waited.sel(move="price_cut"), planned)
            )
            assert (mine.values == theirs.values).all(), (here, start, name)


@pytest.mark.parametrize(("mode", "most"), [("sampled", 0.35), ("expected", 0.3401)])
def test_an_answer_is_a_move_on_the_date_that_customers_bring_about(mode: str, most: float, tmp_path: Path) -> None:
    answered = ran(tmp_path, f"when: 'share(us, affluent) > {most}', respond: {LAG}, {ANSWER}", mode).dataset
    in_affluent = answered.customers.sel(move="price_cut", segment="affluent").sum("presence")  # at each period's end
    breached = in_affluent.sel(supplier="us") / in_affluent.sum("supplier") > most
    planned = Planned(tmp_path, ANSWER, mode)
    for allocation in answered.allocation.values:
        for replication in answered.replication.values:
            here = {"allocation": allocation, "replication": replication}
            when = np.flatnonzero(breached.sel(here).values)
            planned.agrees(answered, int(when[0]) + 1 + LAG if len(when) else 99, here)
    assert len(planned.runs) > (1 if mode == "sampled" else 0)


@pytest.mark.parametrize("what", [ANSWER, "like: more_advice"])
@pytest.mark.parametrize("mode", ["sampled", "expected"])
def test_what_comes_is_a_move_on_the_date_that_luck_says(mode: str, what: str, tmp_path: Path) -> None:
    come = ran(tmp_path, f"arrival: 70%, {what}", mode)
    count = come.dataset.sizes["replication"]
    start = MoveStates(come.scenario, 0, count).of["price_cut", 0].start.reshape(-1, count)
    planned = Planned(tmp_path, what, mode)
    for cell, (allocation, move) in enumerate(come.scenario.cells):
        for r, replication in enumerate(come.dataset.replication.values):
            if move == "price_cut":
                here = {"allocation": allocation, "replication": replication}
                planned.agrees(come.dataset, int(start[cell, r]), here)
    assert len(planned.runs) > 1
