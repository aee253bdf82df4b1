"""Which offer a customer who reconsiders takes: multinomial logit with inertia (McFadden 1974).

An offer's weight is exp(utility). Inertia multiplies the weight of the current supplier by a *pull*
exp(kappa * m). With E the sum of the weights without inertia, somebody now at j who reviews ends at i with probability

    P(j -> i) = weight_i / (E + weight_j (pull_j - 1)),   P(j -> j) = pull_j weight_j / (same)

so that all origins share one set of weights: the transition of a whole probability vector costs one pass.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from simengine.jit import formula

f32 = np.float32


@formula
def turnover(review: Any, share: Any, pull: Any) -> Any:
    """Probability a period of reviewing over the logit's denominator, a = p / (1 + share (pull - 1)); float32.

    `share` is the offer's weight over the sum of weights without inertia. Mass x at the origin then sends
    x a share_i to every other offer i and loses x a (1 - share).
    """
    return review / (f32(1.0) + share * (pull - f32(1.0)))
