"""One customer in sampled mode: its money, and how long its stages last."""

from __future__ import annotations

import numpy as np

from simengine.arithmetic import normal_quantile
from simengine.engine.stage_lengths import length_of
from simengine.jit import formula
from simengine.luck import SPEND, draw, uniform
from simengine.model.spend_multiplier import spend_multiplier


@formula
def money_of(base, sigma, key_low, key_high, low, high, replication):
    """Base revenue of a customer in a replication, on the money grid."""
    if sigma > 0.0:
        word, _, _, _ = draw(key_low, key_high, low, high, SPEND, 0, replication)
        base *= spend_multiplier(normal_quantile(uniform(word)), sigma)
    return np.int64(np.rint(base))


@formula
def stage_dates(new, word_new, word_established, time, stages, horizon):
    """Dates of becoming established and loyal for who is new (or, `new` False, established) at `time`, the periods
    completed; 'never' beyond the horizon. Who is established at the opening became so at 0."""
    never = np.int64((1 << stages.bits) - 1)
    established = np.int64(0)
    if new:
        established = time + length_of(stages.new, word_new)
    loyal = max(established, time) + length_of(stages.established, word_established)
    return established if established <= horizon else never, loyal if loyal <= horizon else never
