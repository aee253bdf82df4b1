"""What a customer's next purchases bring, from what those so far did.

A purchase brings gamma(p, nu) distributed money, and nu is gamma(q, gamma) distributed over customers, whatever the
number of their purchases. Source: Fader, Hardie & Lee 2005, J. Marketing Research 42(4), 415-430,
doi:10.1509/jmkr.2005.42.4.415.
"""

from __future__ import annotations

from typing import Any


def mean_spend(p: float, q: float, gamma: float, purchases: Any, mean: Any) -> Any:
    """Expected money a purchase of who has made so many, which brought `mean` on average; q > 1.

    A weighted mean of its own average and that of all customers, p gamma / (q - 1).
    """
    return p * (gamma + purchases * mean) / (p * purchases + q - 1.0)
