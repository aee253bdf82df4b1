"""What suppliers know of their customers, stepped through periods in many worlds at once."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from simengine.model.knowledge import forgetting_rate, knowledge_after, knowledge_lead
from simengine.model.time import probability_from_hazard
from simengine.scenario.knowledge import KNOWLEDGE
from simengine.scenario.model import Scenario
from simengine.scenario.suppliers import COMPANY
from simengine.tables.layout import Floats


class Learning(NamedTuple):
    """How knowledge changes, of N suppliers with an offer: us, then rivals in name order."""

    today: Floats  # [N] from 0 to 1, below 1 where anything is forgotten
    forgetting: float  # hazard a year
    exponent: float  # of the customers served over today's
    imitated: Floats  # [N] part of our lead that a rival makes up in a period; 0 of us


def learning_of(scenario: Scenario) -> Learning | None:
    """Of a scenario; None where knowledge stays as it is, but for moves."""
    stated, years = scenario.learning, scenario.calendar.years_per_period
    if stated is None:
        return None
    speeds = [0.0, *(scenario.imitation_speed(name, KNOWLEDGE) for name in scenario.rivals)]
    return Learning(
        np.array([scenario.knowledge(name) for name in (COMPANY, *scenario.rivals)]),
        forgetting_rate(stated.forgetting),
        stated.learning_exponent,
        np.array([probability_from_hazard(speed, years) for speed in speeds]),
    )


def knowledge_in_period(
    learning: Learning,
    before: Floats,
    shown: Floats,
    customers: Floats,
    opening: Floats,
    response: Floats,
    years: float,
) -> Floats:
    """[W, S, N] knowledge in a period of `years`, from that in the period `before` [W, S, N] (today's in the first).

    `shown` [W, S, N] is what suppliers then knew with what moves and initiatives make of it.
    `customers` [W, S, N] are those of each supplier at the end of the period before, `opening` [W, S, N] those at the
    opening; who served nobody then learns as today. `response` [W, S, N] is what spend in this period adds to learning
    since today, a year. Rivals imitate the lead that they saw in the period before; what a move adds to what they know
    leaves them the less to imitate, what it takes is no lead. While nothing differs from today knowledge stays to the
    bit.
    """
    served = opening > 0.0
    ratio = np.where(served, customers, 1.0) / np.where(served, opening, 1.0)
    learned = knowledge_after(before, learning.today, ratio, response, learning.forgetting, learning.exponent, years)
    lead = knowledge_lead(shown[..., :1], learning.today[0], np.maximum(shown, before), learning.today)
    return np.asarray(np.minimum(learned + learning.imitated * lead, 1.0))
