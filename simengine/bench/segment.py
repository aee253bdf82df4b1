"""One segment of a market in one cell, as plain arrays: what somebody would hold who writes the model by hand."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simengine.engine.moment import inertia
from simengine.engine.opening import Opening
from simengine.tables.layout import OWN_STATES, Floats, Tables

LOYAL = OWN_STATES - 1


class Segment(NamedTuple):
    """N customers, T periods, J suppliers (ours first, the outside option last), F features, J + 2 states."""

    features: NDArray[np.float32]  # [N, F] needs weights, price sensitivity, misfit
    revenue: Floats  # [N] a year, before the multiplier of the stage
    opening: Floats  # [N, states] probability of the state at the opening
    constants: NDArray[np.float32]  # [J] utility; minus infinity where a supplier is not to be had
    coefficient: NDArray[np.float32]  # [T, J, F] utility = constant + sum of coefficient x feature
    review: NDArray[np.float32]  # [T, states] probability of a review in the period
    inertia: NDArray[np.float32]  # [T, states] utility added to the supplier one is with
    promotion: NDArray[np.float32]  # [2] probability a period of new -> established, established -> loyal

    @property
    def supplier(self) -> NDArray[np.int64]:
        """[states] the supplier of every state."""
        return np.maximum(np.arange(self.review.shape[1]) - OWN_STATES + 1, 0)


def segments_of(tables: Tables, opening: Opening, cell: int) -> list[Segment]:
    """All segments in one cell. Segments are of `choice` dynamics, without newcomers (ValueError otherwise)."""
    if tables.segments.contract.any() or tables.segments.latest_arrival.any():
        raise ValueError("segments under contract, or with newcomers, are not part of this comparison")
    found = []
    for s in range(len(tables.axes.segments)):
        rows = slice(tables.segments.rows[s], tables.segments.rows[s + 1])
        own, others = tables.choice.review[cell, :, s, :1], tables.choice.review[cell, :, s, 1:]
        found.append(
            Segment(
                features=tables.features[rows],
                revenue=opening.base_revenue[rows],
                opening=opening.states[rows],
                constants=np.where(tables.segments.available[s], opening.constants[s], -np.inf).astype(np.float32),
                coefficient=np.ascontiguousarray(tables.choice.coefficient[cell, :, s]),
                review=np.concatenate([np.repeat(own, OWN_STATES, axis=1), others], axis=1).astype(np.float32),
                inertia=inertia(tables, opening, [s], slice(None))[0, :, cell].astype(np.float32),
                promotion=tables.segments.stage_promotion[s].astype(np.float32),
            )
        )
    return found
