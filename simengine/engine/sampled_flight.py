"""What a batch of replications has with it while sampled mode carries it through the periods."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simengine.engine import sampled_layout as layout
from simengine.engine.sampled_books import SampledBooks
from simengine.engine.sampled_market import Markets
from simengine.engine.unfolding import Worlds
from simengine.tables.unit_value import UnitValues


@dataclass
class Worker:
    """What a thread of the pool has of its own: the books of the segment that it is at."""

    books: SampledBooks
    segment: int | None = None

    def turn_to(self, segment: int, promotions: NDArray[np.int64]) -> None:
        """Open the books of a segment, in which promotions are booked there."""
        self.segment, self.books = segment, self.books._replace(promotions=promotions)


@dataclass
class InFlight:
    """A batch of replications."""

    row: int  # of the first replication in the ledger
    first: int  # replication
    replications: int
    worlds: Worlds
    markets: Markets
    codes: NDArray[np.unsignedinteger]  # flat [R, N, C]
    periods: int  # at once
    workers: list[Worker]
    ahead: NDArray[np.int64]  # promotions by their date, see `sampled_books.nothing_ahead`
    units: UnitValues  # of worlds, in the periods last revealed
    worths: list[layout.Worth]  # of segments
