"""What moves by chance and returns: a deviation of which a part is left each period, and to which something new is
added.

z_t = a z_{t-1} + s sqrt(1 - a^2) e_t with standard normal e: in the long run its standard deviation is s, whatever
part a is left. It starts from 0, as today is known, so that n periods on its variance is s^2 (1 - a^{2n}).
The process of Ornstein and Uhlenbeck (Uhlenbeck & Ornstein 1930, Physical Review 36(5), 823-841,
doi:10.1103/PhysRev.36.823) seen at the end of each period, so that the length of periods makes no difference to it.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from simengine.arithmetic.elementwise import exp, power


def new_sd(volatility: Any, kept: Any) -> Any:
    """Standard deviation of what is new in a period: `volatility` s in the long run, of which the part `kept` a is left
    after a period."""
    return volatility * np.sqrt(1.0 - kept * kept)


def next_deviation(deviation: Any, kept: Any, new: Any) -> Any:
    """A period later; `new` has the standard deviation `new_sd`."""
    return kept * deviation + new


def variance_since_today(volatility: Any, kept: Any, periods: Any) -> Any:
    """Variance so many periods after today."""
    return volatility * volatility * (1.0 - power(kept, 2.0 * periods))


def multiplier_of_mean_one(deviation: Any, variance: Any) -> Any:
    """exp(z - variance / 2): of mean 1 where z is normal with this variance; exactly 1 where nothing deviates."""
    return exp(deviation - 0.5 * variance)
