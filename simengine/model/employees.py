"""How enabled and how motivated employees are, and how well touchpoints serve for it.

Spend moves the level that is aimed at; the level follows it by a fixed fraction of the distance in a given time, at
another speed upwards than downwards. Partial adjustment: Nerlove 1958, The Dynamics of Supply, Johns Hopkins Press.
That the service of employees who are enabled and motivated is better is the service-profit chain: Heskett, Jones,
Loveman, Sasser & Schlesinger 1994, Harvard Business Review 72(2), 164-174; the logit form is an assumption.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from simengine.arithmetic.elementwise import exp, power


def aimed_level(today: Any, response: Any) -> Any:
    """Level from 0 to 1 that employees end at: today's with what levers add, `response`, for good."""
    return np.minimum(np.maximum(today + response, 0.0), 1.0)


def followed_level(level: Any, aimed: Any, half_life_up: float, half_life_down: float, years: float) -> Any:
    """Level after a period of `years`, e + (aimed - e) (1 - 2^(-years / half-life)).

    Half-lives are in years: the time in which half of the distance is made up. Who is where he aims stays exactly.
    """
    risen, fallen = (1.0 - power(0.5, years / half_life) for half_life in (half_life_up, half_life_down))
    return level + (aimed - level) * np.where(aimed > level, risen, fallen)


def served_quality(quality: Any, shift: Any) -> Any:
    """Quality of a touchpoint, above 0 and at most 1, whose logit moves by `shift`; without a shift exactly itself.

    logit q' = logit q + shift, where the shift is a sensitivity times the change of each level from today. Perfect
    service stays so.
    """
    return quality / (quality + (1.0 - quality) * exp(-shift))
