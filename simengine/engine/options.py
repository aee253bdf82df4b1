"""How a simulation is carried out. Only `seed`, `mode`, `first` and `replications` may change what it says."""

from __future__ import annotations

import os
from typing import NamedTuple

BLOCK = 16384  # customers a task, unless stated
MANY_PERIODS = 8
TASKS_A_WORKER = 8


class Options(NamedTuple):
    """Seed, mode and size of a simulation, and how the work is cut up (which never changes a bit of the result)."""

    seed: int
    mode: str  # sampled, expected
    replications: int
    threads: int = 0  # 0: as many as the machine has
    block: int = BLOCK  # customers a task
    batch: int = 16  # replications in flight in sampled mode, and where tables unfold
    cells: int = 0  # cells in flight in expected mode of known tables; 0: all
    customer_cells: tuple[int, ...] | None = None  # cells in which the value of every customer is kept; None: all
    first: int = 0  # replication: those simulated have the luck of first, first + 1, ...
    squares: bool = False  # keep the squares of these values too; replications then are simulated one after the other

    def block_of(self, customers: int, periods: int) -> int:
        """Customers a task that carries them through so many periods: few are little work, if enough tasks are left."""
        several = max(1, MANY_PERIODS // periods)
        return max(self.block, min(self.block * several, customers // (TASKS_A_WORKER * self.workers)))

    @property
    def workers(self) -> int:
        """Threads that do the work."""
        return self.threads or usable_processors()


def usable_processors() -> int:
    """Processors this process may run on."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
