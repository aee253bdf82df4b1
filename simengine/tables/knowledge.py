"""What suppliers know of their customers, stepped through periods in many worlds at once."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from simengine.model.knowledge import knowledge_after, knowledge_lead
from simengine.tables.layout import Floats


class Learning(NamedTuple):
    """How knowledge changes. J suppliers as in the axes; the outside option knows nothing, of nobody."""

    today: Floats  # [J] from 0 to 1, below 1 where anything is forgotten
    forgetting: float  # hazard a year
    exponent: float  # of the customers served over today's
    imitated: Floats  # [J] part of our lead that a rival makes up in a period; 0 of us and of the outside option


def knowledge_in_period(
    learning: Learning, before: Floats, customers: Floats, opening: Floats, response: Floats, years: float
) -> Floats:
    """[W, S, J] knowledge in a period of `years`, from that in the period `before` [W, S, J] (today's in the first).

    `customers` [W, S, J] are those of each supplier at the end of the period before, `opening` [W, S, J] those at the
    opening; who served nobody then learns as today. `response` [W, S, J] is what spend in this period adds to learning
    since today, a year. Rivals imitate the lead that they saw in the period before. While nothing differs from today
    knowledge stays to the bit.
    """
    served = opening > 0.0
    ratio = np.where(served, customers, 1.0) / np.where(served, opening, 1.0)
    learned = knowledge_after(before, learning.today, ratio, response, learning.forgetting, learning.exponent, years)
    lead = knowledge_lead(before[..., :1], learning.today[0], before, learning.today)
    return np.asarray(np.minimum(learned + learning.imitated * lead, 1.0))
