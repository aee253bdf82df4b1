"""Moves that unfold: to the period, with the same luck in every allocation, in whatever batches."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simengine.scenario import load_scenario
from simengine.scenario.condition_parser import parse_condition
from simengine.scenario.distribution import Uniform
from simengine.scenario.model import Scenario
from simengine.scenario.move import Change, Trigger
from simengine.tables.condition import MarketView
from simengine.tables.move_states import MoveStates, State
from tests.oracle.moves import chance_of_arrival_by, periods_held
from tests.scenario.worlds import replaced, write

MANY = parse_condition("share(us, affluent) > 50%")
PERIODS = 24
MOVE = ("answer", 0)


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    text = replaced(("periods: 8", f"periods: {PERIODS}"))[0]
    return load_scenario(write(tmp_path_factory.mktemp("move_states"), text))


def change(**said: object) -> Change:
    what: dict[str, object] = {"who": "atlas", "start": PERIODS, "end": PERIODS, "change": {"price": -0.08}, "set": {}}
    return Change(**(what | {"segments": ("affluent",), "name": "move answer 1"} | said))  # type: ignore[arg-type]


def with_moves(bank: Scenario, **moves: Change) -> Scenario:
    return replace(bank, moves={"quiet": (), **{name: (each,) for name, each in moves.items()}})


def view_of(breached: np.ndarray) -> MarketView:
    """A market in which we have most of the affluent in the worlds [W] that are breached."""
    customers = np.ones((len(breached), 3, 3))
    customers[breached, 0, 0] = 3.0
    return MarketView(customers, customers, np.zeros((*customers.shape, 2)), customers)


def worlds_of(scenario: Scenario, move: str, replications: int) -> list[int]:
    return [
        c * replications + r for c, cell in enumerate(scenario.cells) for r in range(replications) if cell[1] == move
    ]


def path_of(states: MoveStates, breached: np.ndarray) -> np.ndarray:
    """[T, W] whether the move holds, where [T, W] says in which worlds the condition is met at the end of t."""
    path = []
    for period in range(len(breached)):
        states.advance(period, view_of(breached[period - 1]) if period else None)
        path.append(states.of[MOVE].active(period))
    return np.array(path)


@settings(max_examples=60)
@given(
    st.integers(0, 2**32),
    st.floats(0, 0.7),
    st.integers(0, 4),
    st.integers(0, 3),
    st.none() | st.integers(1, 5),
    st.booleans(),
)
def test_a_triggered_move_holds_as_looking_at_every_period_says(
    bank: Scenario, seed: int, often: float, detect: int, respond: int, lasts: int | None, repeatedly: bool
) -> None:
    repeatedly = repeatedly and lasts is not None
    trigger = Trigger(MANY, detect, respond)
    scenario = with_moves(bank, answer=change(trigger=trigger, lasts=lasts, repeatedly=repeatedly))
    worlds = worlds_of(scenario, "answer", 2)
    breached = np.random.default_rng(seed).random((PERIODS, len(scenario.cells) * 2)) < often
    path = path_of(MoveStates(scenario, 0, 2), breached)
    for world in range(breached.shape[1]):
        expected = [False] * PERIODS
        if world in worlds:
            expected = periods_held(breached[:, world].tolist(), detect, respond, lasts, repeatedly)
        assert path[:, world].tolist() == expected


def test_a_breach_at_the_end_of_a_period_is_answered_after_it_is_noticed(bank: Scenario) -> None:
    """Met at the end of 5, noticed in 2, answered in 3 more: the change holds from 5 + 1 + 2 + 3 = 11 on."""
    scenario = with_moves(bank, answer=change(trigger=Trigger(MANY, 2, 3)))
    breached = np.zeros((PERIODS, len(scenario.cells)), bool)
    breached[5] = True
    path = path_of(MoveStates(scenario, 0, 1), breached)
    (world, *_) = worlds_of(scenario, "answer", 1)
    assert path[:, world].tolist() == [False] * 11 + [True] * (PERIODS - 11)


def test_what_lasts_is_answered_again_when_it_has_ended(bank: Scenario) -> None:
    scenario = with_moves(bank, answer=change(trigger=Trigger(MANY, 1), lasts=3, repeatedly=True))
    breached = np.ones((PERIODS, len(scenario.cells)), bool)
    breached[:, :] = (np.arange(PERIODS) < 12)[:, None]
    (world, *_) = worlds_of(scenario, "answer", 1)
    held = path_of(MoveStates(scenario, 0, 1), breached)[:, world].nonzero()[0].tolist()
    assert held == [2, 3, 4, 6, 7, 8, 10, 11, 12]  # a period to notice, after every answer


def test_nobody_answers_to_what_is_so_today_before_a_period_has_passed(bank: Scenario) -> None:
    scenario = with_moves(bank, answer=change(trigger=Trigger(MANY)))
    breached = np.ones((PERIODS, len(scenario.cells)), bool)
    (world, *_) = worlds_of(scenario, "answer", 1)
    assert path_of(MoveStates(scenario, 0, 1), breached)[:2, world].tolist() == [False, True]


def arrivals(scenario: Scenario, first: int, replications: int) -> State:
    states = MoveStates(scenario, first, replications)
    states.advance(0)
    return states.of[MOVE]


@pytest.mark.parametrize("probability", [0.05, 0.25, 0.8])
def test_a_move_comes_as_often_as_it_should(bank: Scenario, probability: float) -> None:
    """Within 4 standard errors of 4,000 replications by the end of each of 5 periods: false alarm 3 in 10,000."""
    count = 4_000
    scenario = with_moves(bank, answer=change(arrival=probability))
    state = arrivals(scenario, 0, count)
    (cell, *_) = [c for c, (_, move) in enumerate(scenario.cells) if move == "answer"]
    start = state.start[cell * count : (cell + 1) * count]
    for period in (0, 1, 3, 9, PERIODS - 1):
        expected = chance_of_arrival_by(period, probability, 4)
        assert abs((start <= period).mean() - expected) < 4 * np.sqrt(expected * (1 - expected) / count)


def test_luck_is_the_same_in_every_allocation_and_in_no_other_move(bank: Scenario) -> None:
    other = change(arrival=0.25, name="move other 1")
    scenario = with_moves(bank, answer=change(arrival=0.25), other=other)
    states = MoveStates(scenario, 0, 50)
    start = {move: states.of[move, 0].start.reshape(-1, 50) for move in ("answer", "other")}
    by_move = {move: [start[move][c] for c, cell in enumerate(scenario.cells) if cell[1] == move] for move in start}
    assert len(by_move["answer"]) == len(scenario.allocations) > 1
    for move in start:
        assert all((each == by_move[move][0]).all() for each in by_move[move])
        assert all((start[move][c] == PERIODS).all() for c, cell in enumerate(scenario.cells) if cell[1] != move)
    assert (by_move["answer"][0] != by_move["other"][0]).any()


@pytest.mark.parametrize("lasts", [None, 2])
def test_batches_make_no_difference(bank: Scenario, lasts: int | None) -> None:
    repeated = change(arrival=0.6, lasts=lasts, repeatedly=lasts is not None, size=Uniform(uniform=(0.5, 1.5)))
    scenario = with_moves(bank, answer=repeated)
    whole, parts = MoveStates(scenario, 0, 12), [MoveStates(scenario, 0, 5), MoveStates(scenario, 5, 7)]
    for period in range(PERIODS):
        for each in (whole, *parts):
            each.advance(period)
        for field in ("start", "end", "size"):
            together = getattr(whole.of[MOVE], field).reshape(-1, 12)
            apart = [
                getattr(part.of[MOVE], field).reshape(-1, count) for part, count in zip(parts, (5, 7), strict=True)
            ]
            assert (together == np.concatenate(apart, axis=1)).all()


def test_what_comes_repeatedly_comes_again_after_it_has_ended(bank: Scenario) -> None:
    """Of the periods in which it may begin, one in 1 / q does: 4 standard errors, false alarm 6 in 100,000."""
    count, lasts = 400, 2
    scenario = with_moves(bank, answer=change(arrival=0.8, lasts=lasts, repeatedly=True))
    states, free, begun = MoveStates(scenario, 0, count), 0, 0
    (cell, *_) = [c for c, (_, move) in enumerate(scenario.cells) if move == "answer"]
    mine = slice(cell * count, (cell + 1) * count)
    for period in range(PERIODS):
        before = states.of[MOVE].end[mine].copy()
        states.advance(period)
        state = states.of[MOVE]
        begins = state.start[mine] == period
        begun += begins.sum()
        free += (begins | (state.start[mine] > period)).sum()
        assert (state.start[mine] >= before)[before <= period].all()
        assert (state.end[mine] == np.minimum(state.start[mine] + lasts, PERIODS)).all()
    q = 1 - 0.2 ** (1 / 4)
    assert abs(begun / free - q) < 4 * np.sqrt(q * (1 - q) / free)


def test_sizes_are_drawn_anew_each_time_and_are_as_stated(bank: Scenario) -> None:
    """The mean of 2,000 sizes within 4 standard errors: false alarm 6 in 100,000."""
    size = Uniform(uniform=(0.5, 1.5))
    count = 2_000
    scenario = with_moves(bank, answer=change(trigger=Trigger(MANY), lasts=2, repeatedly=True, size=size))
    (cell, *_) = [c for c, (_, move) in enumerate(scenario.cells) if move == "answer"]
    mine = slice(cell * count, (cell + 1) * count)
    states, seen = MoveStates(scenario, 0, count), []
    for period in range(5):
        states.advance(period, view_of(np.ones(len(scenario.cells) * count, bool)) if period else None)
        seen.append(states.of[MOVE].size[mine].copy())
    assert (seen[0] == 1).all()
    assert (seen[1] == seen[2]).all()
    assert (seen[3] == seen[4]).all()
    for drawn in (seen[1], seen[3]):
        assert drawn.min() > 0.5
        assert drawn.max() < 1.5
        assert abs(drawn.mean() - 1.0) < 4 * np.sqrt(1 / 12 / count)
    assert abs(np.corrcoef(seen[1], seen[3])[0, 1]) < 4 / np.sqrt(count)


def test_a_scheduled_move_of_random_size_keeps_its_dates(bank: Scenario) -> None:
    scenario = with_moves(bank, answer=change(start=3, end=7, size=Uniform(uniform=(0.5, 1.5))))
    states = MoveStates(scenario, 0, 1)
    path = path_of(states, np.ones((PERIODS, len(scenario.cells)), bool))
    (world, *_) = worlds_of(scenario, "answer", 1)
    assert path[:, world].nonzero()[0].tolist() == [3, 4, 5, 6]
    assert 0.5 < states.of[MOVE].size[world] < 1.5


def test_what_is_scheduled_does_not_unfold(bank: Scenario) -> None:
    assert MoveStates(bank, 0, 4).of == {}
