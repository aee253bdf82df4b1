"""Knowledge of every supplier in every world, against the slow twin's steps supplier by supplier."""

from __future__ import annotations

import math

import numpy as np
import pytest

from simengine.model.knowledge import forgetting_rate
from simengine.tables.knowledge import Learning, knowledge_in_period
from tests.oracle import knowledge as slow

YEARS, FORGOTTEN, EXPONENT = 0.25, 0.2, 0.7
TODAY = np.array([0.4, 0.3, 0.0, 0.0])
LEARNING = Learning(TODAY, forgetting_rate(FORGOTTEN), EXPONENT, np.array([0.0, 1 - math.exp(-0.3 * YEARS), 0.2, 0.0]))
SHAPE = (3, 2, 4)  # worlds, segments, suppliers with an offer

random = np.random.default_rng(3)
OPENING = random.uniform(50, 500, SHAPE)
OPENING[:, 1, 2] = 0.0  # does not serve there
AT_REST = np.broadcast_to(TODAY, SHAPE)


def test_nothing_moves_while_nothing_differs_from_today() -> None:
    found = AT_REST
    for _ in range(40):
        found = knowledge_in_period(LEARNING, found, found, OPENING, OPENING, np.zeros(SHAPE), YEARS)
    np.testing.assert_array_equal(found, AT_REST)


def test_two_periods_as_the_slow_twin_has_them() -> None:
    response = np.zeros(SHAPE)
    response[..., 0] = 0.3
    customers = OPENING * random.uniform(0.5, 2.0, SHAPE)
    found, expected = AT_REST, np.array(AT_REST)
    for _ in range(2):
        found = knowledge_in_period(LEARNING, found, found, customers, OPENING, response, YEARS)
        before = expected.copy()
        for w, s, j in np.ndindex(SHAPE):
            ratio = customers[w, s, j] / OPENING[w, s, j] if OPENING[w, s, j] else 1.0
            learned = slow.after(before[w, s, j], TODAY[j], ratio, response[w, s, j], FORGOTTEN, EXPONENT, YEARS)
            lead = (before[w, s, 0] - TODAY[0]) - (before[w, s, j] - TODAY[j])
            expected[w, s, j] = min(learned + LEARNING.imitated[j] * max(lead, 0.0), 1.0)
        np.testing.assert_allclose(found, expected, atol=1e-9)
    assert (found[..., 2][OPENING[..., 2] == 0.0] > 0.0).all()  # what is imitated needs no customers
    assert not found[..., 3].any()


def test_who_wins_customers_learns_what_who_loses_them_forgets() -> None:
    found = AT_REST
    alone, customers = LEARNING._replace(imitated=np.zeros(4)), OPENING * np.array([1.5, 0.5, 1.0, 1.0])
    for _ in range(8):
        found = knowledge_in_period(alone, found, found, customers, OPENING, 0 * OPENING, 1.0)
    assert (found[..., 0] > 0.45).all()
    assert (found[..., 1] < 0.25).all()


@pytest.mark.parametrize(("who", "moved", "lead"), [(0, 0.2, 0.3), (0, -0.2, 0.0), (1, 0.04, 0.06), (1, -0.2, 0.1)])
def test_what_initiatives_add_is_imitated_and_what_moves_add_need_not_be(who: int, moved: float, lead: float) -> None:
    """We have learned 0.1 since today, rivals nothing; then something makes more or less of it."""
    before = np.add(AT_REST, [0.1, 0.0, 0.0, 0.0])
    shown = before.copy()
    shown[..., who] += moved
    alone = LEARNING._replace(imitated=np.zeros(4))
    found, learned = (
        knowledge_in_period(each, before, shown, OPENING, OPENING, 0 * OPENING, YEARS) for each in (LEARNING, alone)
    )
    np.testing.assert_allclose((found - learned)[..., 1], LEARNING.imitated[1] * lead, atol=1e-12)


def test_worlds_do_not_touch_each_other() -> None:
    customers, response = OPENING * random.uniform(0.5, 2.0, SHAPE), random.uniform(-0.1, 0.4, SHAPE)
    whole = knowledge_in_period(LEARNING, AT_REST, AT_REST, customers, OPENING, response, YEARS)
    one = slice(1, 2)
    part = knowledge_in_period(
        LEARNING, AT_REST[one], AT_REST[one], customers[one], OPENING[one], response[one], YEARS
    )  # fmt: skip
    np.testing.assert_array_equal(part, whole[1:2])


def test_knowledge_never_exceeds_everything() -> None:
    everything = np.broadcast_to([1.0, 0.3, 0.0, 0.0], SHAPE)
    found = knowledge_in_period(
        LEARNING._replace(imitated=np.full(4, 1.0)),
        everything,
        everything,
        9 * OPENING,
        OPENING,
        np.full(SHAPE, 12.0),
        1.0,
    )
    assert found.max() <= 1.0
    assert found[0, 0, 1] == pytest.approx(1.0)
