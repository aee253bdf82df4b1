"""The pool: every task once, one thread a slot, and a failure or an interrupt stops it."""

from __future__ import annotations

import signal
import threading
import time
from collections import Counter

import pytest

from simengine.engine.pool import Pool, spans

WORKERS = [1, 2, 5]


@pytest.mark.parametrize("workers", WORKERS)
def test_every_task_is_done_once(workers: int) -> None:
    done: list[int] = []
    Pool(workers).each(lambda slot, task: done.append(task), range(500))
    assert Counter(done) == Counter(range(500))


@pytest.mark.parametrize("workers", WORKERS)
def test_a_slot_is_never_used_by_two_threads(workers: int) -> None:
    threads_of: dict[int, set[int]] = {slot: set() for slot in range(workers)}
    busy = [False] * workers

    def work(slot: int, task: int) -> None:
        assert not busy[slot]
        busy[slot] = True
        threads_of[slot].add(threading.get_ident())
        time.sleep(0.0005)
        busy[slot] = False

    Pool(workers).each(work, range(60))
    assert all(len(threads) <= 1 for threads in threads_of.values())
    assert sum(map(len, threads_of.values())) == len(set().union(*threads_of.values()))
    assert (threading.get_ident() in set().union(*threads_of.values())) == (workers == 1)


@pytest.mark.parametrize("workers", WORKERS)
def test_every_task_of_all_shares_is_done_once(workers: int) -> None:
    done: list[int] = []
    Pool(workers).each(lambda slot, task: done.append(task), range(300), [], range(300, 310), range(310, 500))
    assert Counter(done) == Counter(range(500))


def test_slots_keep_to_their_shares_and_help_each_other_from_the_end() -> None:
    done: list[list[int]] = [[], []]
    begun, helped = threading.Event(), threading.Event()

    def work(slot: int, task: int) -> None:
        if task == 0:
            begun.set()
        assert (helped if task == 0 else begun).wait(10)
        done[slot].append(task)
        if task == 1:
            helped.set()

    Pool(2).each(work, range(5), [10, 11])
    assert done == [[0], [10, 11, 4, 3, 2, 1]]


@pytest.mark.parametrize("workers", WORKERS)
def test_every_slot_leaves_once_after_its_last_task(workers: int) -> None:
    done: list[list[str]] = [[] for _ in range(workers)]
    Pool(workers).each(
        lambda slot, task: done[slot].append("task"), range(7), leave=lambda slot: done[slot].append("left")
    )
    assert all(own[-1] == "left" and own.count("left") == 1 for own in done)
    assert sum(own.count("task") for own in done) == 7


@pytest.mark.parametrize("workers", WORKERS)
def test_who_fails_does_not_leave(workers: int) -> None:
    failed, left = list[int](), list[int]()

    def work(slot: int, task: int) -> None:
        failed.append(slot)
        raise ValueError(task)

    with pytest.raises(ValueError, match="0"):
        Pool(workers).each(work, [0], leave=left.append)
    assert not set(failed) & set(left)


def test_a_failure_on_leaving_is_raised() -> None:
    def leave(slot: int) -> None:
        raise ValueError(slot)

    for workers in WORKERS:
        with pytest.raises(ValueError, match=r"[0-4]"):
            Pool(workers).each(lambda slot, task: None, range(7), leave=leave)


def threads_left(before: int) -> int:
    """How many more threads there are than before, when those of a pool that is gone have had the time to end."""
    deadline = time.monotonic() + 10
    while threading.active_count() > before and time.monotonic() < deadline:
        time.sleep(0.01)
    return max(0, threading.active_count() - before)


def test_threads_are_kept_for_the_next_tasks_and_end_with_the_pool() -> None:
    before, seen = threading.active_count(), set[int]()

    def work(slot: int, task: int) -> None:
        seen.add(threading.get_ident())
        time.sleep(0.002)

    pool = Pool(3)
    for _ in range(5):
        pool.each(work, range(9))
    assert len(seen) == 3
    del pool
    assert threads_left(before) == 0


def test_tasks_really_run_at_the_same_time() -> None:
    both = threading.Barrier(2, timeout=10)
    Pool(2).each(lambda slot, task: both.wait(), range(2))


@pytest.mark.parametrize("workers", [0, -3])
def test_there_is_always_a_worker(workers: int) -> None:
    done: list[int] = []
    Pool(workers).each(lambda slot, task: done.append(slot), range(3))
    assert done == [0, 0, 0]


def test_no_tasks_are_no_trouble() -> None:
    Pool(3).each(lambda slot, task: None, [])


@pytest.mark.parametrize("workers", WORKERS)
def test_an_exception_is_raised_here_and_stops_the_rest(workers: int) -> None:
    done: list[int] = []

    def work(slot: int, task: int) -> None:
        if task == 3:
            raise ZeroDivisionError("the third")
        time.sleep(0.001)
        done.append(task)

    with pytest.raises(ZeroDivisionError, match="the third"):
        Pool(workers).each(work, range(10_000))
    assert len(done) < 100
    assert threading.active_count() < 20


def test_what_a_worker_raises_may_be_an_exit() -> None:
    def work(slot: int, task: int) -> None:
        raise SystemExit(7)

    with pytest.raises(SystemExit):
        Pool(2).each(work, range(4))


def test_an_interrupt_is_heard_and_stops_the_rest() -> None:
    """Ctrl-C while the workers are busy: heard within a fraction of a second, and nobody works on."""
    done: list[int] = []

    def work(slot: int, task: int) -> None:
        time.sleep(0.01)
        done.append(task)

    before = threading.active_count()
    timer = threading.Timer(0.1, lambda: signal.raise_signal(signal.SIGINT))
    start = time.perf_counter()
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        Pool(2).each(work, range(100_000))
    assert time.perf_counter() - start < 2
    timer.join()
    finished = len(done)
    time.sleep(0.05)
    assert len(done) == finished
    assert threads_left(before) == 0


@pytest.mark.parametrize("moment", range(6))
def test_an_interrupt_at_any_moment_leaves_nobody_at_work(moment: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """An interrupt while turns are handed out, or while the caller counts who has finished."""
    working: list[int] = []
    calls = iter(range(100))

    def work(slot: int, task: int) -> None:
        working.append(task)
        time.sleep(0.002)
        working.remove(task)

    class Interrupted(threading.Semaphore):
        def acquire(self, *arguments: object, **named: object) -> bool:
            if next(calls) == moment:
                raise KeyboardInterrupt
            return super().acquire(timeout=0.001)

    monkeypatch.setattr(threading, "Semaphore", Interrupted)
    with pytest.raises(KeyboardInterrupt):
        Pool(3).each(work, range(100_000))
    assert working == []


@pytest.mark.parametrize(("start", "end", "size"), [(0, 10, 3), (5, 5, 4), (0, 8, 4), (7, 20, 100), (3, 6, 1)])
def test_spans_cut_a_range_into_pieces(start: int, end: int, size: int) -> None:
    pieces = spans(start, end, size)
    assert [i for a, b in pieces for i in range(a, b)] == list(range(start, end))
    assert all(0 < b - a <= size for a, b in pieces)
