"""Looks at results while replications are added: when they are, and how far an interval must reach to hold at all."""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from math import ceil, lcm, sqrt

import numpy as np

from simengine.arithmetic import normal_quantile
from simengine.arithmetic.elementwise import exp
from simengine.tables.layout import Floats

LEAST, LEAST_BLOCKS = 30, 5  # replications, and blocks of them, before the first look
TOGETHER = 16  # replications that the engine simulates at one go: looks are at multiples
GROWTH, LEAST_GROWTH = 1.5, 1.25  # of replications from look to look, and to the last

_FARTHEST = 9.0  # standard errors: what lies beyond has a probability below 1e-18
_NODES = (0.18343464249564978, 0.5255324099163290, 0.7966664774136267, 0.9602898564975363)
_WEIGHTS = (0.3626837833783620, 0.3137066458778873, 0.2223810344533745, 0.1012285362903763)
_PANEL = 1.0  # standard errors: width on which eight Gauss-Legendre nodes stand
_ONE_OVER_ROOT_2_PI = 0.3989422804014327


def looks_of(most: int, block: int = 1) -> tuple[int, ...]:
    """The numbers of replications at which it may be seen whether they are enough, the last `most` in whole blocks.

    They follow from `most`, the replications that there may be, and from `block`, of how many one is as good as one
    independent draw. Each is about half as many again as the one before; the first has at least `LEAST` replications
    and `LEAST_BLOCKS` blocks, unless `most` is less.
    """
    most -= most % block
    step = lcm(TOGETHER, block)
    looks = [ceil(max(LEAST, LEAST_BLOCKS * block) / step) * step]
    while looks[-1] * LEAST_GROWTH < most:
        following = ceil(looks[-1] * GROWTH / step) * step
        looks.append(following if following * LEAST_GROWTH <= most else most)
    return (*(look for look in looks[:-1] if look < most), most) if looks[-1] >= most else (*looks[:-1], most)


@lru_cache(maxsize=256)
def critical_value(looks: tuple[int, ...], probability: float, *, both_sides: bool = True) -> float:
    """How many standard errors an interval reaches to miss at none of the looks, except with `probability`.

    The same at every look (Pocock 1977, doi:10.1093/biomet/64.2.191), for means of n independent normal draws at looks
    after n_1 < n_2 < ... of them, which are announced; whoever looks at some of these only is on the safe side. With
    `both_sides` an interval misses to either side, else only to one. The probability is that of a random walk which
    leaves a strip (Armitage, McPherson & Rowe 1969, doi:10.2307/2343787).
    """
    low = float(normal_quantile(1.0 - probability / (2.0 if both_sides else 1.0)))  # that of a single look
    high = float(normal_quantile(1.0 - probability / (2.0 if both_sides else 1.0) / len(looks)))  # Bonferroni's
    for _ in range(40):
        middle = 0.5 * (low + high)
        if _missing(looks, middle, both_sides) > probability:
            low = middle
        else:
            high = middle
    return high


def _missing(looks: tuple[int, ...], reach: float, both_sides: bool) -> float:
    """Probability that the standardised mean is beyond `reach` at some of the looks.

    What is carried from look to look is the density, at nodes within reach, of means that never were beyond.
    """
    nodes, weights = _strip(-reach if both_sides else -_FARTHEST, reach)
    density = _ONE_OVER_ROOT_2_PI * exp(-0.5 * nodes * nodes)
    for before, after in pairwise(looks):
        kept, added = sqrt(before / after), sqrt((after - before) / after)
        apart = (nodes[:, None] - kept * nodes) / added
        density = (_ONE_OVER_ROOT_2_PI / added * exp(-0.5 * apart * apart) * (density * weights)).sum(axis=1)
    return 1.0 - float((density * weights).sum())


def _strip(low: float, high: float) -> tuple[Floats, Floats]:
    """Nodes and weights of the integral from `low` to `high`: Gauss-Legendre in panels, from constants, since what
    NumPy computes for them depends on the processor."""
    panels = ceil((high - low) / _PANEL)
    half = 0.5 * (high - low) / panels
    at = np.array([-node for node in reversed(_NODES)] + list(_NODES)) * half
    of = np.array([*reversed(_WEIGHTS), *_WEIGHTS]) * half
    middles = low + half * (2.0 * np.arange(panels) + 1.0)
    return (middles[:, None] + at).ravel(), np.tile(of, panels)
