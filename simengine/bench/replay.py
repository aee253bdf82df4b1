"""The tables of a market that answers its customers, written down while it is simulated and told again as known.

What is simulated with them is the same market to the bit, but nobody has to wait for the totals of a period before the
next begins: what the wait alone costs is the difference.
"""

from __future__ import annotations

from typing import NamedTuple

from simengine.engine.unfolding import Batch, Unfolding
from simengine.tables.layout import Choice, Economics, RunOff
from simengine.tables.seen import Seen


class Recorder:
    """An unfolding that keeps the batches that it hands out."""

    def __init__(self, whole: Unfolding) -> None:
        self._whole = whole
        self.replications, self.feedback = whole.replications, whole.feedback
        self.talk = None  # whoever talks: what is written down has it in it
        self.batches: dict[tuple[int, int], Batch] = {}  # by first replication and their number

    def batch(self, first: int, replications: int) -> Batch:
        """As it is revealed."""
        return self.batches.setdefault((first, replications), self._whole.batch(first, replications))

    def known(self) -> Replay:
        """The same once a simulation is through, cut into the same batches, all known ahead."""
        batches = self.batches.items()
        return Replay(self.replications, {at: Known(own.choice, own.economics, own.run_off) for at, own in batches})


class Known(NamedTuple):
    """Tables of a batch of which nothing is left to reveal."""

    choice: Choice
    economics: Economics
    run_off: RunOff | None

    def reveal(self, period: int, seen: Seen) -> None:
        """It is there already."""

    def reveal_all(self) -> None:
        """They are there already."""


class Replay(NamedTuple):
    """An unfolding without feedback whose tables were written down before."""

    replications: int
    batches: dict[tuple[int, int], Known]
    feedback: bool = False
    talk: None = None

    def batch(self, first: int, replications: int) -> Known:
        """As it was."""
        return self.batches[first, replications]
