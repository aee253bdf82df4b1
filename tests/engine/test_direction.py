"""The judge of the direction guarantee: given a violation, it counts one."""

from __future__ import annotations

import numpy as np
import pytest

from simengine.arithmetic.lanes import LANES
from simengine.engine.direction import LARGEST_ERRORS, ROUNDING, judge
from simengine.engine.sampled_decision import FATE_BITS, NOBODY

# Three suppliers (us, a rival, the outside option) in two cells; the reference is cell 0. In cell 1 the rival's offer
# is another one: row 3. A customer of ours, established: state 1.
OFFERED_BY = np.arange(3)
OFFER = np.array([[0, 1, 2], [0, 3, 2]])
REFERENCE = np.array([0, 0])
US, RIVAL, OUTSIDE = 0, 1, 2


def judged(
    chosen: tuple[int, int], rise: float, *, kick: tuple[float, float] = (1.0, 1.0), origin: tuple[int, int] = (1, 1),
    shifted: bool = False,
) -> list[int]:  # fmt: skip
    """[reviews in both cells, violations, later consequences] of one review; `rise` is that of the rival's offer, of
    what is offered or how far it is `shifted`."""
    utility = np.tile(np.array([[0.5], [0.2], [0.0], [0.2 if shifted else 0.2 + rise]], np.float32), LANES)
    shift = np.zeros((2, 3), np.float32)
    shift[1, RIVAL] = rise if shifted else 0.0
    kicks = np.zeros((2, 5), np.float32)
    kicks[:, :3] = np.array(kick)[:, None]
    kicks[:, 3:] = 1.0
    direction = np.zeros((3, 2, 3), np.int64)
    # Beside it, in two other replications: a review that is the same in both cells, and a customer without one.
    fate = fates(lanes([(1, 1), origin, (-1, -1)]), lanes([(US, US), chosen, (RIVAL, RIVAL)]))
    judge(direction, np.array([1, 0, 2]), OFFER, OFFERED_BY, shift, kicks, REFERENCE, utility, fate, 3)
    assert not direction[:, 0].any()
    assert direction[1:, 1].tolist() == [[1, 0, 0], [0, 0, 0]]
    return [int(count) for count in direction[0, 1]]


def lanes(of_customers: list[tuple[int, int]]) -> np.ndarray:
    """[cells, lanes], with something that nobody may count in the lanes that no customer takes."""
    return np.array([*of_customers, *[(1, 2)] * (LANES - len(of_customers))], np.int32).T.copy()


def fates(state: np.ndarray, chosen: np.ndarray) -> np.ndarray:
    """As `decide` writes them: of states, below 0 of who does not review, and of the suppliers chosen."""
    return np.where(state < 0, NOBODY, (state << FATE_BITS) | chosen).astype(np.int32)


@pytest.mark.parametrize(
    ("chosen", "rise", "counts"),
    [
        ((US, US), -1.0, [1, 0, 0]),  # no switch, nothing to judge
        ((US, RIVAL), 1.0, [1, 0, 0]),  # to the rival that rose
        ((US, RIVAL), -1.0, [1, 1, 0]),  # to the rival that fell
        ((RIVAL, US), -1.0, [1, 0, 0]),  # away from the rival that fell
        ((RIVAL, US), 1.0, [1, 1, 0]),  # away from the rival that rose
        ((RIVAL, OUTSIDE), 1.0, [1, 1, 0]),
        ((US, OUTSIDE), 1.0, [1, 1, 0]),  # neither of the two changed: the same luck ends the same
        ((OUTSIDE, RIVAL), -1.0, [1, 1, 0]),
    ],
)
def test_a_switch_is_judged_by_what_rose(chosen: tuple[int, int], rise: float, counts: list[int]) -> None:
    assert judged(chosen, rise) == counts
    assert judged(chosen, rise, shifted=True) == counts


def test_inertia_counts_as_utility_of_the_current_supplier() -> None:
    """More inertia keeps ours: to leave for an unchanged rival is a violation then, and with less it is none."""
    assert judged((RIVAL, US), 0.0, kick=(1.0, 2.0)) == [1, 0, 0]
    assert judged((US, RIVAL), 0.0, kick=(1.0, 2.0)) == [1, 1, 0]
    assert judged((US, RIVAL), 0.0, kick=(1.0, 0.5)) == [1, 0, 0]


def test_a_fall_within_rounding_is_none() -> None:
    """Rounding is a part of what is compared: ours with inertia (1.5), the rival's (0.2), both before and after, and
    their errors."""
    rounding = float(ROUNDING) * (2 * (1.5 + 0.2) + float(LARGEST_ERRORS))
    assert judged((US, RIVAL), -0.8 * rounding) == [1, 0, 0]
    assert judged((US, RIVAL), -1.2 * rounding) == [1, 1, 0]


def test_reviews_from_different_states_are_counted_apart() -> None:
    assert judged((US, RIVAL), -1.0, origin=(1, 3)) == [0, 0, 1]
    assert judged((US, RIVAL), -1.0, origin=(1, 2)) == [0, 0, 1]  # another stage is another state


def test_reviews_that_take_place_in_one_cell_only_are_not_counted() -> None:
    assert judged((US, RIVAL), -1.0, origin=(-1, 1)) == [0, 0, 0]
    assert judged((US, RIVAL), -1.0, origin=(1, -1)) == [0, 0, 0]


def test_counts_go_to_the_replication_of_each_lane() -> None:
    """More lanes than one word marks, of replications that begin and end anywhere among them."""
    random = np.random.default_rng(5)
    n, replications = 150, 7
    room = (n + LANES - 1) // LANES * LANES
    replication = np.sort(random.integers(0, replications, n))
    state = random.integers(-1, 5, (2, room)).astype(np.int32)
    direction = np.zeros((replications, 2, 3), np.int64)
    kicks, chosen = np.ones((2, 5), np.float32), np.zeros((2, room), np.int32)
    utility, fate = np.zeros((4, room), np.float32), fates(state, chosen)
    judge(direction, replication, OFFER, OFFERED_BY, np.zeros((2, 3), np.float32), kicks, REFERENCE, utility, fate, n)
    here, there = state[:, :n]
    both = (here >= 0) & (there >= 0)
    for r in range(replications):
        of_r = both & (replication == r)
        assert direction[r].tolist() == [[0, 0, 0], [(of_r & (here == there)).sum(), 0, (of_r & (here != there)).sum()]]
