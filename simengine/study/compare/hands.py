"""Customers who change hands between two cells: who comes and leaves more or less, and to whose cost."""

from __future__ import annotations

from typing import Any

import numpy as np

from simengine.engine.ledger import GAINED, LOST, Integers
from simengine.portfolio.customers import OURS
from simengine.study.compare.outcomes import Outcomes


def customers_moved(outcomes: Outcomes, allocation: str, reference: str, move: str) -> dict[str, Any]:
    """Mean customers over the replications that an allocation has more than the reference under a move, by segment.

    `won` and `lost`: joining us and leaving us within the horizon, gross; `at_end`: at its end, of us, and of each
    rival and of those who buy nowhere (`none`), who make up for it. `one_by_one` as `one_by_one` says; None against
    another allocation than the one that the run compared with.
    """
    a, b = (outcomes.allocations.index(name) for name in (allocation, reference))
    m = outcomes.moves.index(move)

    def mean(steps: Integers) -> list[Any]:
        more = steps[a, m] - steps[b, m]  # [R, ...]
        return np.asarray(more.sum(axis=0) / len(more) / outcomes.count_scale).tolist()  # type: ignore[no-any-return]

    ends, won, lost = mean(outcomes.customers_end), mean(outcomes.joins), mean(outcomes.leaves)
    return {
        segment: {
            "won": won[s],
            "lost": lost[s],
            "at_end": ends[s][OURS],
            "of_others_at_end": dict(zip(outcomes.suppliers[OURS + 1 :], ends[s][OURS + 1 :], strict=True)),
            "one_by_one": one_by_one(outcomes, a, m, s) if reference == outcomes.reference else None,
        }
        for s, segment in enumerate(outcomes.segments)
    }


def one_by_one(outcomes: Outcomes, allocation: int, move: int, segment: int) -> dict[str, Any]:
    """Mean customers over the replications who change hands at the end of the horizon: `gained`, ours in this cell and
    in the reference each supplier's of `gained_from`; and `lost`, the other way round. See `Ledger.changed_hands`."""
    steps = outcomes.changed_hands[allocation, move, :, segment]  # [R, J, 2]
    total = steps.sum(axis=0)
    mean = (total / len(steps) / outcomes.count_scale).tolist()
    both = (total.sum(axis=0) / len(steps) / outcomes.count_scale).tolist()
    others = list(enumerate(outcomes.suppliers))[OURS + 1 :]
    return {
        "gained": both[GAINED],
        "lost": both[LOST],
        "gained_from": {name: mean[j][GAINED] for j, name in others},
        "lost_to": {name: mean[j][LOST] for j, name in others},
    }


def direction(outcomes: Outcomes, allocation: str, move: str) -> dict[str, int]:
    """Counts of the direction guarantee, over all replications, against the allocation that the run compared with."""
    a, m = outcomes.allocations.index(allocation), outcomes.moves.index(move)
    return dict(zip(("reviews", "violations", "later"), outcomes.direction[a, m].tolist(), strict=True))
