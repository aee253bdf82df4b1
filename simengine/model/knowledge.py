"""How well a supplier knows what the customers of a segment need, from 0 to 1: learned by serving them, and forgotten.

Serving n customers teaches what is not known yet at the rate lambda (n / n_0)^b a year, spend adds to the rate, and
what is known is forgotten at the rate f: dK/dt = (lambda (n / n_0)^b + response) (1 - K) - f K. At lambda = f K_0 /
(1 - K_0) learning from today's customers replaces what is forgotten, so that nothing changes until something else
does. Within a period the rates are constant, and this is its solution: K stays from 0 to 1 at any rates and any step,
and two half periods are a whole one.
Every function takes floats or arrays.
Sources: Wright 1936, Journal of the Aeronautical Sciences 3(4), 122-128, doi:10.2514/8.155 (the power of volume);
Argote, Beckman & Epple 1990, Management Science 36(2), 140-154, doi:10.1287/mnsc.36.2.140 (what was learned is
forgotten); Cohen & Levinthal 1990, Administrative Science Quarterly 35(1), 128-152, doi:10.2307/2393553 (why rivals
cannot buy it at once). That learning slows as 1 - K is an assumption.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from simengine.arithmetic import log1p
from simengine.arithmetic.elementwise import expm1, power


def forgetting_rate(forgotten_per_year: float) -> float:
    """f, a hazard a year, of the fraction of knowledge that a year takes from who learns nothing, at least 0 and below
    1."""
    return float(-log1p(-forgotten_per_year))


def learning_rate_today(today: Any, forgetting: Any) -> Any:
    """lambda, a year: what serving today's customers teaches; `today` is K_0, below 1 where anything is forgotten."""
    return np.where(forgetting == 0.0, 0.0, forgetting * today / np.where(today < 1.0, 1.0 - today, 1.0))[()]


def knowledge_after(
    knowledge: Any, today: Any, customers_ratio: Any, response: Any, forgetting: Any, exponent: Any, years: float
) -> Any:
    """K a period of `years` later.

    `today` is K_0, `customers_ratio` n / n_0 in the period (1 where nobody is served today), `response` what spend adds
    to learning since today, a year, `forgetting` f and `exponent` b. While customers are as today and nothing is added
    knowledge stays today's to the bit: what moves it is the change of learning, and the distance from today.
    """
    taught = learning_rate_today(today, forgetting)
    learning = np.maximum(taught * power(customers_ratio, exponent) + response, 0.0)
    rate = learning + forgetting
    pull = (learning - taught) * (1.0 - knowledge) - (taught + forgetting) * (knowledge - today)
    part = np.where(rate > 0.0, -expm1(-rate * years) / np.where(rate > 0.0, rate, 1.0), 0.0)
    return np.clip(knowledge + pull * part, 0.0, 1.0)[()]


def knowledge_lead(ours: Any, ours_today: Any, theirs: Any, theirs_today: Any) -> Any:
    """By how much our knowledge has risen more since today than a rival's; at least 0.

    Rivals make up a part of it in a period, 1 - exp(-speed years), as of all that they imitate; what they have imitated
    they forget as what they have learned.
    """
    return np.maximum((ours - ours_today) - (theirs - theirs_today), 0.0)
