"""Customers who buy now and then, and of whom each purchase may have been the last: BG/NBD.

While a customer is one it buys as a Poisson process of a rate lambda that is gamma(r, alpha) distributed over
customers. After each purchase, the first ever apart, it is gone with a probability p that is beta(a, b) distributed. Of
a customer who is one still after x such purchases in a time T, lambda is gamma(r + x, alpha + T) and p beta(a, b + x)
distributed, independently. Source: Fader, Hardie & Lee 2005, Marketing Science 24(2), 275-284,
doi:10.1287/mksc.1040.0098.

Here customers go at a hazard of lambda p, times what a market and levers make of it. With H the integral over time of
that factor, who is a customer is so still with the probability E exp(-lambda p H), and buys at the rate
E lambda exp(-lambda p H): the paper's expectations, with H for time.
"""

from __future__ import annotations

from typing import Any


def mean_rate(r: float, alpha: float, purchases: Any, observed: Any) -> Any:
    """E lambda of who is a customer still: purchases per unit of time."""
    return (r + purchases) / (alpha + observed)


def probability_alive(a: float, b: float, purchases: Any, longer: Any) -> Any:
    """Probability of being a customer still (equation 11 of the authors' note of 2008, doi as above).

    `longer` is ((alpha + T) / (alpha + t_x))^(r + x), t_x the time of the last of the x purchases: how much less likely
    a silence since then is of who is gone. Who has not bought again is a customer for sure.
    """
    again = purchases > 0
    odds = a / (b + purchases - again) * longer
    return 1.0 / (1.0 + odds * again)
