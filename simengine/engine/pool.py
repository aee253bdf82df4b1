"""Our own pool: threads that take tasks from one list and run kernels that release the interpreter lock.

Tasks add integers into the accumulators of their worker's slot, so neither the order of the tasks nor the number
of threads shows in a total. Every kernel call is short (a fraction of a second), so that Ctrl-C is heard at once.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import TypeVar

Task = TypeVar("Task")


class Pool:
    """`workers` threads; the caller's own thread only waits, ready for an interrupt."""

    def __init__(self, workers: int) -> None:
        self.workers = max(1, workers)

    def each(self, work: Callable[[int, Task], None], tasks: Iterable[Task]) -> None:
        """Call `work(slot, task)` for every task; slots run from 0 to workers - 1, one thread each.

        The first exception of a task, or an interrupt of the caller, stops the rest and is raised here.
        """
        queue = iter(tasks)
        lock = threading.Lock()
        stop = threading.Event()
        finished = threading.Semaphore(0)
        failures: list[BaseException] = []

        def loop(slot: int) -> None:
            try:
                take(slot)
            finally:
                finished.release()

        def take(slot: int) -> None:
            while not stop.is_set():
                with lock:
                    task = next(queue, None)
                if task is None:
                    return
                try:
                    work(slot, task)
                except BaseException as failure:
                    failures.append(failure)
                    stop.set()

        threads = [threading.Thread(target=loop, args=(slot,), daemon=True) for slot in range(self.workers)]
        # Not `Thread.join`: interrupted, that of Python 3.11 and 3.12 takes a thread for dead that is still at work.
        running = 0
        try:
            for thread in threads:
                thread.start()
                running += 1
            while running > 0:
                running -= finished.acquire(timeout=0.05)
        finally:
            stop.set()
            while running > 0:
                running -= finished.acquire()
        if failures:
            raise failures[0]


def spans(start: int, end: int, size: int) -> list[tuple[int, int]]:
    """[start, end) cut into pieces of at most `size`."""
    return [(a, min(a + size, end)) for a in range(start, end, size)]
