"""What moves a market of itself: nothing while nothing is stated, else what each formula says."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from simengine.scenario import load_scenario
from simengine.scenario.model import Scenario
from simengine.tables.forces import Forces
from simengine.tables.needs_drift import drift, drift_law
from simengine.tables.seen import Seen
from simengine.tables.shocks import shock_law, shocks_of
from simengine.tables.today import today_of
from tests.scenario.worlds import replaced, write

CENTRES = np.array([[0.4, 0.6], [1.0, 0.0], [0.0, 0.0]])  # affluent, mass, savers
REPLICATION = np.array([3, 4, 3, 4])  # two cells, two replications
AT_ALL, OFFERS = "    price_sensitivity: 3\n", "offers:\n"
LEVEL = np.broadcast_to(np.array([[5.0, 7.0], [6.0, 5.0]]), (4, 3, 2, 2))
KNOWS = ("  shares: 1 million\n", "  shares: 1 million\n  knowledge: 0.4\n")
OPENING = np.broadcast_to(np.array([[136.0, 172.0, 92.0], [300.0, 500.0, 200.0], [2000.0, 0.0, 0.0]]), (4, 3, 3))


def scenario(folder: Path, *pairs: tuple[str, str]) -> Scenario:
    return load_scenario(write(folder, replaced(*pairs)[0]))


def forces(scenario: Scenario) -> Forces:
    return Forces(scenario, REPLICATION, today_of(scenario, CENTRES))


def seen(customers: np.ndarray) -> Seen:
    return Seen(customers, np.zeros((4, 3, 5)))


def test_where_nothing_is_stated_nothing_moves(tmp_path: Path) -> None:
    still = forces(scenario(tmp_path, KNOWS))
    for t in range(3):
        still.see(seen(OPENING * (1 + t)))
        known = still.knowledge(0.0)
        assert (known == [0.4, 0.2]).all()
        assert not still.shift(t, LEVEL, known).any()
    assert (still.demand == 1.0).all()
    np.testing.assert_array_equal(still.weights(0), CENTRES)


def test_shocks_are_those_of_the_replication_in_every_cell_and_segment(tmp_path: Path) -> None:
    said = "market: {volatility: 0.2, persistence: 60%, demand: {volatility: 8%}}\n"
    shocked = scenario(tmp_path, (OFFERS, said + OFFERS))
    law, found = shock_law(shocked), forces(shocked)
    assert law is not None
    expected = shocks_of(law, 3, 7, 3, 2, 8)
    shift = found.shift(5, LEVEL, found.knowledge(0.0))
    for w, r in enumerate((0, 1, 0, 1)):
        np.testing.assert_array_equal(found.demand[w], expected.demand[r])
        for s in range(3):
            np.testing.assert_array_equal(shift[w, s], expected.utility[r, 5])
    assert not shift[..., -1].any()


def test_word_of_mouth_follows_the_share_of_the_segment_since_the_opening(tmp_path: Path) -> None:
    talking = forces(scenario(tmp_path, (AT_ALL, f"{AT_ALL}    word_of_mouth: 1.2\n")))
    talking.see(seen(OPENING))
    assert not talking.shift(0, LEVEL, talking.knowledge(0.0)).any()
    talking.see(seen(OPENING + np.array([40.0, -30.0, -10.0])))
    shift = talking.shift(1, LEVEL, talking.knowledge(0.0))
    np.testing.assert_allclose(shift[:, 0], [[0.12, -0.09, 0.0]] * 4, rtol=1e-12)
    assert not shift[:, 1:].any()


def test_drift_moves_utilities_by_levels_and_loses_fit_that_is_not_known(tmp_path: Path) -> None:
    said = (
        f"{AT_ALL}    tailoring: 2\n    points_worth: 0.5\n    needs_drift: {{volatility: 3%, trend: {{rate: 1%}}}}\n"
    )
    drifting = scenario(tmp_path, (AT_ALL, said), KNOWS)
    law, found = drift_law(drifting), forces(drifting)
    assert law is not None
    delta = drift(law, CENTRES, 7, 3, 2, 8, 0.25)[[0, 1, 0, 1], 6]
    known = found.knowledge(0.0)
    shift = found.shift(6, LEVEL, known)
    for j, (level, k) in enumerate((([5.0, 7.0], 0.4), ([6.0, 5.0], 0.2))):
        gained = 0.5 * (delta[:, 0] * level).sum(axis=-1)
        lost = 2 * (1 - k) * (1 - k) * 0.5 * np.abs(delta[:, 0]).sum(axis=-1)
        np.testing.assert_allclose(shift[:, 0, j], gained - lost, rtol=1e-12)
    assert not shift[:, 1:].any()
    assert not shift[..., -1].any()
    np.testing.assert_allclose(found.weights(6), CENTRES + delta)


def test_knowledge_is_learned_from_customers_and_spend(tmp_path: Path) -> None:
    said = "knowledge: {forgetting: 20%}\n"
    learned = forces(scenario(tmp_path, (OFFERS, said + OFFERS), (AT_ALL, f"{AT_ALL}    tailoring: 1\n"), KNOWS))
    assert (learned.knowledge(0.0) == [0.4, 0.2]).all()  # nothing is seen: as at the opening
    learned.see(seen(OPENING))
    assert (learned.knowledge(0.0) == [0.4, 0.2]).all()
    learned.see(seen(OPENING * np.array([1.5, 0.5, 1.0])))
    known = learned.knowledge(0.0)
    assert (known[:, :2, 0] > 0.4).all()
    assert (known[:, :2, 1] < 0.2).all()
    taught = learned.knowledge(np.array([0.5, 0.0]))
    assert (taught[..., 0] > known[..., 0] + 0.05).all()


@pytest.mark.parametrize("rows", [[0, 1], [2, 3], [1, 3], [0]])
def test_worlds_have_the_same_bits_in_any_batch(rows: list[int], tmp_path: Path) -> None:
    said = "market: {volatility: 0.2, persistence: 60%, correlations: {us: {atlas: 0.5}}}\n"
    drifting = f"{AT_ALL}    needs_drift: {{volatility: 3%}}\n"
    moved = scenario(tmp_path, (OFFERS, said + OFFERS), (AT_ALL, drifting))
    whole, part = forces(moved), Forces(moved, REPLICATION[rows], today_of(moved, CENTRES))
    known = whole.knowledge(0.0)
    np.testing.assert_array_equal(part.shift(4, LEVEL[rows], known[rows]), whole.shift(4, LEVEL, known)[rows])
