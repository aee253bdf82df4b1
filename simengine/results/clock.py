"""How long the phases of a run take."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager


class Clock:
    """Wall time of each phase, in seconds."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        start = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - start


def all_seconds(parts: Iterable[Mapping[str, float]]) -> dict[str, float]:
    """By phase, of all parts together."""
    total: dict[str, float] = {}
    for seconds in parts:
        for phase, each in seconds.items():
            total[phase] = total.get(phase, 0.0) + each
    return total
