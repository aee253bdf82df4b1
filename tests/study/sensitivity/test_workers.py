"""Whoever does the work, results are those of the function, in order."""

from __future__ import annotations

import os
import time

import pytest

from simengine.study.sensitivity.workers import Workers


class Refused(Exception):
    pass


def squared(point: int) -> int:
    if point < 0:
        raise Refused(point)
    if point == 1000:
        raise ValueError("a mistake")
    return point * point


def slowly_squared(point: int) -> int:
    """Slowly where it is not refused: the other worker cannot be through with all before a refusal comes."""
    if point >= 0:
        time.sleep(0.01)
    return squared(point)


@pytest.mark.parametrize("count", [1, 2])
def test_results_come_in_order_with_refusals_in_their_places(count: int) -> None:
    with Workers(squared, count, (Refused,)) as workers:
        for _ in range(2):
            seen: list[tuple[int, int]] = []
            results = workers.map([*range(20), -3], lambda *done, seen=seen: seen.append(done))  # type: ignore[misc]
            assert results[:-1] == [n * n for n in range(20)]
            assert isinstance(results[-1], Refused)
            assert results[-1].args == (-3,)
            assert seen[-1] == (21, 21)
            assert seen == sorted(seen)


def test_several_processes_share_the_work() -> None:
    with Workers(lambda _: os.getpid(), 2) as workers:
        assert os.getpid() not in workers.map(range(40))
    with Workers(lambda _: os.getpid(), 1) as alone:
        assert set(alone.map(range(40))) == {os.getpid()}


@pytest.mark.parametrize("count", [1, 2])
def test_a_mistake_is_raised(count: int) -> None:
    with Workers(squared, count, (Refused,)) as workers, pytest.raises((ValueError, RuntimeError), match="a mistake"):
        workers.map([*range(20), 1000])


def test_a_worker_that_ends_is_told() -> None:
    with Workers(lambda _: os._exit(9), 2) as workers, pytest.raises(RuntimeError, match="--threads 1"):
        workers.map(range(20))


@pytest.mark.parametrize("count", [1, 2])
def test_no_work_is_done_after_a_refusal_that_is_not_allowed(count: int) -> None:
    with Workers(slowly_squared, count, (Refused,)) as workers:
        results = workers.map([-1, *range(400)], refused=False)
    assert isinstance(results[0], Refused)
    assert results[-1] is None
