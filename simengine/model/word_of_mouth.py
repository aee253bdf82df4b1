"""Customers talk: an offer is worth more to those of a segment the more of them take it already.

Utility grows by omega for each unit of the offer's own share of the segment at the end of the period before, counted
from today's share, which the constants of the choice contain. Buying nowhere is not talked about.
Sources: Bass 1969, Management Science 15(5), 215-227, doi:10.1287/mnsc.15.5.215 (imitation by customers); Katz &
Shapiro 1985, American Economic Review 75(3), 424-440 (why the many attract); Brock & Durlauf 2001, Review of Economic
Studies 68(2), 235-260, doi:10.1111/1467-937X.00168 (when a logit with it has one equilibrium, and when several).
"""

from __future__ import annotations

from typing import Any


def word_of_mouth(omega: Any, share: Any, share_today: Any) -> Any:
    """Utility added by an offer's share of the segment at the end of the period before; exactly 0 at today's share."""
    return omega * (share - share_today)
