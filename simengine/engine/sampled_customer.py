"""One customer in sampled mode: its money, and how long its stages last."""

from __future__ import annotations

import numpy as np

from simengine.arithmetic import normal_quantile
from simengine.jit import formula
from simengine.luck import SPEND, draw, uniform
from simengine.model.spend_multiplier import spend_multiplier
from simengine.model.stage import stage_length


@formula
def money_of(base, sigma, key_low, key_high, low, high, replication):
    """Base revenue of a customer in a replication, on the money grid."""
    if sigma > 0.0:
        word, _, _, _ = draw(key_low, key_high, low, high, SPEND, 0, replication)
        base *= spend_multiplier(normal_quantile(uniform(word)), sigma)
    return np.int64(np.rint(base))


@formula
def stage_dates(new, word_new, word_established, time, log_stay_new, log_stay_established, bits, horizon):
    """Dates of becoming established and loyal for who is new (or, `new` False, established) at `time`, the periods
    completed; 'never' beyond the horizon. Who is established at the opening became so at 0."""
    never = np.int64((1 << bits) - 1)
    established = np.int64(0)
    if new:
        established = time + stage_length(uniform(word_new), log_stay_new)
    loyal = max(established, time) + stage_length(uniform(word_established), log_stay_established)
    return established if established <= horizon else never, loyal if loyal <= horizon else never
