"""The bridge by change: exact sums, cells as someone would write them, and more changes than can be tried."""

from __future__ import annotations

import json
from itertools import permutations
from pathlib import Path

import numpy as np
import pytest

from simengine.results.run import Run, run
from simengine.scenario import load_scenario
from simengine.scenario.problems import ScenarioError
from simengine.study.bridge.by_change import ByChange, by_change
from simengine.study.compare.compare import compare
from tests.study.bridge.conftest import document

PLACES = ["advisers › affluent", "advisers › mass", "discount › mass", "outreach › affluent", "outreach › mass"]


def equity(finished: Run, allocation: str) -> np.ndarray:
    return np.asarray(finished.valuation.equity[finished.tables.axes.cells.index((allocation, "quiet"))])


def bridged(finished: Run, allocation: str, **asked: int) -> ByChange:
    return by_change(finished, [allocation], "baseline", ["quiet"], **asked)[allocation, "quiet"]  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def grown(expected: Run) -> ByChange:
    return bridged(expected, "grow")


@pytest.mark.parametrize("allocation", ["dearer", "leaner", "finer"])
def test_contributions_are_the_difference_exactly(finished: Run, allocation: str) -> None:
    found = bridged(finished, allocation)
    assert (found.contributions.sum(axis=0) == equity(finished, allocation) - equity(finished, "baseline")).all()
    assert found.orders is None


def test_what_is_said_in_other_words_is_no_change(finished: Run) -> None:
    found = bridged(finished, "same")
    assert found.changes == ()
    assert found.contributions.sum() == 0
    assert found.document == {"changes": [], "orders": None, "interaction": None}


def test_changes_are_worth_what_scenarios_are_that_someone_writes(
    expected: Run, grown: ByChange, tmp_path: Path
) -> None:
    """Every order of the five changes of `grow`, each step an allocation in a file."""
    assert sorted(change.label for change in grown.changes) == PLACES
    written = document(customer_values=False)
    grow = written["allocations"]["grow"]
    written["allocations"] = {"baseline": {}}
    for world in range(1, 32):
        stated: dict[str, dict[str, object]] = {}
        for i, change in enumerate(grown.changes):
            if world >> i & 1:
                lever, segment = change.place
                dates = {"from": grow[lever]["from"]} if "from" in grow[lever] else {}
                stated.setdefault(lever, dates)[segment] = grow[lever][segment]
        written["allocations"][str(world)] = stated
    path = tmp_path / "written.yaml"
    path.write_text(json.dumps(written), encoding="utf-8")
    cells = run(load_scenario(path)).valuation.equity[:, 0].tolist()
    added = [0] * 5
    for order in permutations(range(5)):
        there = 0
        for i in order:
            added[i] += cells[there | 1 << i] - cells[there]
            there |= 1 << i
    assert np.abs(grown.contributions[:, 0] - np.array(added) / 120).max() <= 1.0
    assert grown.contributions.sum() == cells[31] - cells[0]
    assert grown.alone[:, 0].tolist() == [cells[1 << i] - cells[0] for i in range(5)]
    assert grown.last[:, 0].tolist() == [cells[31] - cells[31 ^ 1 << i] for i in range(5)]


def test_the_largest_interaction_is_within_a_segment(grown: ByChange) -> None:
    """Segments do not meet: what one change adds can depend on others in its segment only."""
    assert grown.interaction is not None
    one, other = (grown.changes[i].place[1] for i in grown.interaction[:2])
    assert one == other


def test_too_many_changes_are_made_in_some_orders_and_still_add_up(expected: Run, grown: ByChange) -> None:
    found = bridged(expected, "grow", worlds=31)
    assert found.orders == 24
    assert found.half_width is not None
    assert (found.contributions.sum(axis=0) == grown.contributions.sum(axis=0)).all()
    assert (found.alone == grown.alone).all()
    assert (np.abs(found.contributions - grown.contributions)[:, 0] <= 2 * found.half_width + 1).all()
    again = bridged(expected, "grow", worlds=31)
    assert (again.contributions == found.contributions).all()


def test_several_allocations_at_once_are_what_each_is_alone(finished: Run) -> None:
    names = ["dearer", "leaner", "finer", "same"]
    for worlds in (4, 64):
        found = by_change(finished, names, "baseline", ["quiet"], worlds=worlds)
        assert list(found) == [(name, "quiet") for name in names]
        for name in names:
            alone = bridged(finished, name)
            assert found[name, "quiet"].document == alone.document


def test_with_uncertain_inputs_every_coalition_sees_the_same_draws(uncertain: Run) -> None:
    found = bridged(uncertain, "grow")
    assert (found.contributions.sum(axis=0) == equity(uncertain, "grow") - equity(uncertain, "baseline")).all()
    assert found.contributions.shape == (5, 6)
    assert (np.ptp(found.contributions, axis=1) > 0).all()


def test_an_uncertain_number_of_one_allocation_is_refused_where_it_is_stated(tmp_path: Path) -> None:
    written = document(replications=2, customer_values=False)
    written["uncertain"] = {"allocations.dearer.discount.affluent": {"uniform": [1000, 2000]}}
    path = tmp_path / "market.yaml"
    path.write_text(json.dumps(written, indent=1), encoding="utf-8")
    with pytest.raises(ScenarioError) as refused:
        compare(load_scenario(path), bridge=True)
    (problem,) = refused.value.problems
    said = str(problem)
    assert path.read_text(encoding="utf-8").splitlines()[problem.line - 1].lstrip().startswith('"allocations.dearer')
    for part in ("a number of one allocation", "inputs that every allocation has", "leave the bridge by change out"):
        assert part in said
