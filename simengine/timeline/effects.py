"""What one initiative costs and changes in every period, given when things happened to it."""

from __future__ import annotations

import numpy as np

from simengine.tables.layout import Floats

_DUST = 1e-9  # periods: sums of durations that end this little after a period began have ended with the last


def share_of_periods(start: Floats, end: Floats, periods: int) -> Floats:
    """[R, T] which part of each period lies between `start` [R] and `end` [R], in periods since the opening; both may
    be infinite."""
    first = np.arange(periods, dtype=np.float64)
    last = np.minimum(end[:, None], first + 1.0)
    return np.asarray(np.maximum(last - np.maximum(np.minimum(start[:, None], periods), first), 0.0))


def share_built(start: Floats, end: Floats, duration: Floats, periods: int) -> Floats:
    """[R, T] fraction of the cost of building that falls into each period: even over `duration` [R] from `start`, no
    more from `end` on (earlier than start + duration where it is given up)."""
    return share_of_periods(start, end, periods) / duration[:, None]


def strength(completed: Floats, ramp_up: int, periods: int) -> Floats:
    """[R, T] fraction of the effect that is there in each period: none before the first one that begins at or after
    `completed` [R], then evenly growing over `ramp_up` periods, each with the mean of its start and end."""
    since = np.arange(periods) - np.ceil(completed[:, None] - _DUST)  # -inf: never completed
    if not ramp_up:
        return np.where(since >= 0.0, 1.0, 0.0)
    return np.where(since >= 0.0, np.minimum((since + 0.5) / ramp_up, 1.0), 0.0)
