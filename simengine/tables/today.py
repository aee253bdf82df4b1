"""What every supplier offers today, and how the customers of every segment weigh it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simengine.scenario.model import Scenario
from simengine.scenario.segment import ChoiceSegment
from simengine.scenario.suppliers import COMPANY
from simengine.tables.layout import Floats


class Today(NamedTuple):
    """S segments; N suppliers with an offer: us, then rivals in name order; K needs."""

    price: Floats  # [S, N] in the unit of the scenario's offers
    level: Floats  # [S, N, K] 0 to 10
    knowledge: Floats  # [S, N] 0 to 1
    offers: NDArray[np.bool_]  # [S, N] who serves a segment whose customers choose
    choice: NDArray[np.bool_]  # [S] whether customers choose
    centres: Floats  # [S, K] mean needs of customers
    points_worth: Floats  # [S] and so the rest, see `ChoiceSegment`; 0 where nobody chooses
    tailoring: Floats
    word_of_mouth: Floats
    gap_sensitivity: Floats
    review: Floats  # hazard a year; 0 where it is always
    review_cap: Floats
    always: NDArray[np.bool_]
    moving: int  # 1 where customers of some segment move between need states, which takes a feature; else 0


def today_of(scenario: Scenario, centres: Floats) -> Today:
    """Today; `centres` [S, K] are the mean needs of the customers of each segment."""
    segments = list(scenario.segments.items())
    names = (COMPANY, *scenario.rivals)
    choosing = [segment if isinstance(segment, ChoiceSegment) else None for _, segment in segments]

    def served(segment: ChoiceSegment | None, supplier: str) -> bool:
        return segment is not None and (supplier == COMPANY or supplier in segment.available)

    def stated(field: str) -> Floats:
        return np.array([0.0 if segment is None else getattr(segment, field) for segment in choosing], np.float64)

    always = np.array([segment is not None and segment.review == "always" for segment in choosing])
    return Today(
        price=np.array([[scenario.price(name, segment) for name in names] for segment, _ in segments]),
        level=np.array(
            [[[scenario.level(name, s, need) for need in scenario.needs] for name in names] for s, _ in segments]
        ).reshape(len(segments), len(names), len(scenario.needs)),
        knowledge=np.array([[scenario.knowledge(name) for name in names]] * len(segments)),
        offers=np.array([[served(segment, name) for name in names] for segment in choosing]),
        choice=np.array([segment is not None for segment in choosing]),
        centres=centres,
        points_worth=stated("points_worth"),
        tailoring=stated("tailoring"),
        word_of_mouth=stated("word_of_mouth"),
        gap_sensitivity=stated("gap_sensitivity"),
        review=np.array([s.review if s and s.review != "always" else 0.0 for s in choosing], np.float64),
        review_cap=stated("review_cap"),
        always=always,
        moving=int(scenario.has_need_states),
    )
