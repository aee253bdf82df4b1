"""Processes that evaluate one function at many points: tables are made by Python code, which threads cannot share."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection, wait
from typing import Any

from simengine.portfolio.progress import Progress, unseen

_CHUNK = 4  # points at a time: short enough for progress, and for the last worker not to be waited for
_LOOK = 1.0  # seconds after which an idle worker looks whether its parent is still there


class Workers:
    """`count` copies of this process, made when there is work for them, each with all that `function` knows.

    What `function(point)` returns, or raises as one of `refusals`, comes back in the order of the points, whoever did
    the work. Where processes cannot be copied, or for one worker, the caller does the work.
    """

    def __init__(self, function: Callable[[Any], Any], count: int, refusals: tuple[type[Exception], ...] = ()) -> None:
        self._function, self._refusals = function, refusals
        self._count = count if sys.platform == "linux" else 1  # elsewhere copies of a process with threads may hang
        self._pipes: list[Connection] = []
        self._processes: list[Any] = []

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, *_: object) -> None:
        for pipe in self._pipes:
            pipe.close()
        for process in self._processes:
            process.terminate()
            process.join()
        self._pipes, self._processes = [], []

    def map(self, points: Sequence[Any], progress: Progress = unseen, *, refused: bool = True) -> list[Any]:
        """The function's results, or refusals, point by point; up to the first refusal to come, unless `refused` ones
        are allowed."""
        if self._count == 1 or len(points) < 2 * _CHUNK:
            return self._alone(points, progress, refused)
        self._start()
        results: list[Any] = [None] * len(points)
        chunks = iter([(at, points[at : at + _CHUNK]) for at in range(0, len(points), _CHUNK)])
        busy: set[Connection] = set()

        def give(pipe: Connection) -> None:
            if (chunk := next(chunks, None)) is not None:
                pipe.send(chunk)
                busy.add(pipe)

        for pipe in self._pipes:
            give(pipe)
        done = 0
        while busy:
            ready = wait(list(busy))
            for pipe in [each for each in self._pipes if each in ready]:
                busy.remove(pipe)
                try:
                    at, found = pipe.recv()
                except EOFError:
                    raise RuntimeError(
                        "a worker process has ended: if memory is short, --threads 1 takes less"
                    ) from None
                if isinstance(found, Exception):
                    raise found
                results[at : at + len(found)] = found
                if not refused and self._refused(found):
                    return results
                done += len(found)
                give(pipe)
            progress(done, len(points))
        return results

    def _alone(self, points: Sequence[Any], progress: Progress, refused: bool) -> list[Any]:
        results: list[Any] = [None] * len(points)
        for n, point in enumerate(points):
            results[n] = self._one(point)
            if not refused and self._refused(results[n : n + 1]):
                return results
            progress(n + 1, len(points))
        return results

    def _refused(self, results: Sequence[Any]) -> bool:
        return any(isinstance(result, self._refusals) for result in results)

    def _one(self, point: Any) -> Any:
        try:
            return self._function(point)
        except self._refusals as refusal:
            return refusal

    def _start(self) -> None:
        context = multiprocessing.get_context("fork")
        while len(self._processes) < self._count:
            ours, theirs = context.Pipe()
            process = context.Process(target=self._serve, args=(theirs, os.getpid()), daemon=True)
            process.start()
            theirs.close()
            self._pipes.append(ours)
            self._processes.append(process)

    def _serve(self, pipe: Connection, parent: int) -> None:
        """What a worker does as long as its parent lives."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)  # a worker that is stopped says nothing
        try:
            while True:
                while not pipe.poll(_LOOK):
                    _end_without(parent)
                at, points = pipe.recv()
                found = []
                for point in points:
                    _end_without(parent)
                    found.append(self._one(point))
                pipe.send((at, found))
        except (EOFError, OSError):
            os._exit(0)
        except Exception as error:
            pipe.send((0, RuntimeError(f"{type(error).__name__}: {error}")))
        os._exit(0)  # nothing of the parent's is to be written or closed by a copy


def _end_without(parent: int) -> None:
    if os.getppid() != parent:
        os._exit(0)
