"""Our own pool: threads that take tasks from lists and run kernels that release the interpreter lock.

Tasks add integers into the accumulators of their worker's slot, so neither the order of the tasks nor the number
of threads shows in a total. Every kernel call is short (a fraction of a second), so that Ctrl-C is heard at once.
"""

from __future__ import annotations

import threading
import weakref
from collections import deque
from collections.abc import Callable, Iterable
from functools import partial
from itertools import chain
from queue import SimpleQueue
from typing import Any, TypeVar

Task = TypeVar("Task")
Turn = Callable[[], None]  # what a thread does next; None ends it


class Pool:
    """`workers` threads that live as long as the pool; the caller's own only waits, ready for an interrupt. One worker
    needs no thread: the caller does the work."""

    def __init__(self, workers: int) -> None:
        self.workers = max(1, workers)
        self._turns: SimpleQueue[Turn | None] = SimpleQueue()
        self._started = 0  # threads
        self._stop = threading.Event()  # of what is done now

    def each(
        self,
        work: Callable[[int, Task], None],
        *shares: Iterable[Task],
        leave: Callable[[int], None] = lambda slot: None,
    ) -> None:
        """Call `work(slot, task)` for every task; slots run from 0 to workers - 1, one thread each. A slot takes the
        tasks of its share in their order, then the last ones of others; a single share is everybody's. It ends with
        `leave(slot)`, when no task is left to begin: others may still be at work.

        The first exception of a task, or an interrupt of the caller, stops the rest and is raised here; who has not
        left by then does not.
        """
        if self.workers == 1:
            for task in chain(*shares):
                work(0, task)
            leave(0)
            return
        self._start()
        shared = _Shared(work, [deque(share) for share in shares], leave)
        self._stop = shared.stop
        try:
            for slot in range(self.workers):
                self._turns.put(partial(shared.take, slot))
            while shared.left < self.workers:
                shared.finished.acquire(timeout=0.05)
        finally:  # an interrupt may come at any point: whoever has not begun will find that all is over
            shared.stop.set()
            while shared.begun > shared.left:
                shared.finished.acquire(timeout=0.05)
        if shared.failures:
            raise shared.failures[0]

    @property
    def stopping(self) -> bool:
        """Whether a failure or an interrupt stops what is being done. Tasks of many parts ask before each: what they
        have done so far is in vain."""
        return self._stop.is_set()

    def _start(self) -> None:
        if self._started == 0:
            weakref.finalize(self, _end, self._turns, self.workers)
        while self._started < self.workers:
            threading.Thread(target=_serve, args=(self._turns,), daemon=True).start()
            self._started += 1


class _Shared:
    """Lists of tasks, and what the workers have in common."""

    def __init__(
        self, work: Callable[[int, Any], None], shares: list[deque[Any]], leave: Callable[[int], None]
    ) -> None:
        self.work, self.shares, self.leave = work, shares, leave
        self.lock, self.stop, self.finished = threading.Lock(), threading.Event(), threading.Semaphore(0)
        self.begun = self.left = 0  # workers
        self.failures: list[BaseException] = []

    def take(self, slot: int) -> None:
        """Do tasks until there are none."""
        with self.lock:  # from here on the caller waits for this worker
            self.begun += 1
        try:
            while not self.stop.is_set():
                with self.lock:
                    own, longest = self.shares[slot % len(self.shares)], max(self.shares, key=len)
                    task = own.popleft() if own else longest.pop() if longest else self
                if task is self:
                    self.leave(slot)
                    return
                self.work(slot, task)
        except BaseException as failure:
            self.failures.append(failure)
            self.stop.set()
        finally:
            with self.lock:
                self.left += 1
            self.finished.release()


def _serve(turns: SimpleQueue[Turn | None]) -> None:
    """What a thread of a pool does as long as it lives; it holds nothing of the pool."""
    while (turn := turns.get()) is not None:
        turn()
        del turn


def _end(turns: SimpleQueue[Turn | None], workers: int) -> None:
    for _ in range(workers):
        turns.put(None)


def spans(start: int, end: int, size: int) -> list[tuple[int, int]]:
    """[start, end) cut into pieces of at most `size`."""
    return [(a, min(a + size, end)) for a in range(start, end, size)]
