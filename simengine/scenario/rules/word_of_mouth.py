"""Word of mouth: whether a market that talks so much stays where it is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from simengine.scenario.problems import Problem
from simengine.scenario.suppliers import OUTSIDE

if TYPE_CHECKING:
    from simengine.scenario.model import Scenario

HALVINGS = 60


def warn_if_a_market_may_tip(scenario: Scenario) -> Iterator[Problem]:
    """Where a point of share brings more than a point, whoever is ahead runs away.

    A logit with word of mouth omega is stable at shares s if omega times the largest eigenvalue of diag(s) - s s' is
    below 1 (of two equal suppliers: omega / 2; Brock & Durlauf 2001, doi:10.1111/1467-937X.00168). Shares in the long
    run answer utility up to twice as much if customers are inert (pi_i grows as w_i (E + w_i (pull - 1))), less if
    their tastes differ: half of that bound is where it may begin.
    """
    for name, segment in scenario.choosing.items():
        if not segment.word_of_mouth or segment.shares is None:
            continue
        named = [share for supplier, share in segment.shares.items() if supplier != OUTSIDE]
        bound = 1 / strongest_answer(named)
        if segment.word_of_mouth >= bound / 2:
            tips = segment.word_of_mouth >= bound
            yield scenario.problem(
                ("segments", name, "word_of_mouth"),
                f"word_of_mouth {segment.word_of_mouth:g}, with which the market "
                + ("tips" if tips else "may tip if customers are inert"),
                f"less than {bound / 2:.2g}: a point of share more then brings less than another",
                "lower it, unless whoever is ahead is meant to run away",
            )


def strongest_answer(shares: list[float]) -> float:
    """How much shares answer to utilities that follow them, at most: the largest eigenvalue of diag(s) - s s'.

    Between the two largest shares, where 1 - sum s^2 / (s - lambda) changes its sign.
    """
    first, second = (*sorted(shares, reverse=True), 0.0)[:2]
    low, high = second, first
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        if 1 - sum(share * share / (share - middle) for share in shares) > 0:
            low = middle
        else:
            high = middle
    return (low + high) / 2
