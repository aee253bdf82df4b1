"""Rivals imitate what we add to our offer, so that a lead wears away: fast or slowly, attribute by attribute.

Everything is a change from today: points on a need, or a fraction of one's own price of today, downwards. In a period
a rival makes up the part 1 - exp(-speed years) of the lead that it saw at the end of the period before; a lead L that
we keep up is L exp(-speed years) after so many years. What a rival has imitated it keeps.
Partial adjustment; sources: Mansfield 1961, Econometrica 29(4), 741-766, doi:10.2307/1911817 (how fast innovations are
imitated differs between them); Dierickx & Cool 1989, Management Science 35(12), 1504-1511,
doi:10.1287/mnsc.35.12.1504 (why some advantages are imitated slowly).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from simengine.model.time import probability_from_hazard


def lead(ours: Any, theirs: Any, imitated: Any) -> Any:
    """By how much what we added since today exceeds what a rival added by itself and what it has imitated; at least 0.

    A rival that gives up something of its own accord does not hand us a lead: less than nothing counts as nothing.
    """
    return np.maximum(ours - np.maximum(theirs, 0.0) - imitated, 0.0)


def imitated_since_today(before: Any, lead_before: Any, speed_per_year: Any, years: float) -> Any:
    """What a rival has imitated by now: what it had a period of `years` earlier, and its part of the lead then."""
    return before + lead_before * probability_from_hazard(speed_per_year, years)
