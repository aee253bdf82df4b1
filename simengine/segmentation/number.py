"""How many segments there are: how well each number describes the customers, and whether half of them say the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any

import numpy as np

from simengine.portfolio.progress import Progress, unseen
from simengine.scenario.problems import counted
from simengine.segmentation.clusters import Clusters, Method, fit
from simengine.segmentation.composition import Floats

METHODS: tuple[Method, ...] = ("mixture", "k-means")
STARTS = 3  # of a search, of which the best result counts
HALVES, STARTS_OF_HALVES = 10, 2  # random halves of the customers that are segmented anew
STABLE = 0.8  # least mean of the adjusted Rand index
CUSTOMERS_PER_NUMBER = 5  # least number of customers per number that describes a segment


@dataclass(frozen=True)
class Candidate:
    """A number of segments: how well it describes the customers, and whether it is found again."""

    clusters: Clusters
    bic: float | None
    icl: float
    stability: float | None  # mean adjusted Rand index over halves of the customers; None of one segment
    least_stability: float | None
    smallest: float  # segment, as a share of customers

    @property
    def segments(self) -> int:
        return self.clusters.count

    @property
    def stable(self) -> bool:
        return self.clusters.converged and (self.stability is None or self.stability >= STABLE)

    def document(self, best: Candidate) -> dict[str, Any]:
        """It as plain data, and whether it is the best."""
        return {
            "segments": self.segments, "bic": self.bic, "icl": self.icl, "stability": self.stability,
            "least_stability": self.least_stability, "smallest": self.smallest,
            "converged": self.clusters.converged, "chosen": self is best,
        }  # fmt: skip


def candidates(
    points: Floats, most: int, seed: int, only: int | None = None, progress: Progress = unseen
) -> dict[Method, list[Candidate]]:
    """Of both methods every number from 1 to `most`, or one and `only`; fewer where customers are too few."""
    most = min(most, most_segments(points))
    numbers = list(range(1, most + 1)) if only is None else sorted({1, only})
    found: dict[Method, list[Candidate]] = {}
    for m, method in enumerate(METHODS):
        found[method] = []
        for n, number in enumerate(numbers, start=1):
            found[method].append(_candidate(method, points, number, seed))
            progress(m * len(numbers) + n, len(METHODS) * len(numbers))
    return found


def most_segments(points: Floats) -> int:
    """The most segments that so many points can tell apart."""
    enough = len(points) // (CUSTOMERS_PER_NUMBER * (points.shape[1] + 1))
    return int(max(1, min(enough, len(np.unique(points, axis=0)))))


def _candidate(method: Method, points: Floats, number: int, seed: int) -> Candidate:
    """A method's result for a number of segments.

    Stability as in Ben-Hur, Elisseeff & Guyon (2002, doi:10.1142/9789812799623_0002): random halves of the customers
    are segmented anew, all customers assigned to the result, and that compared with the segments found from all by the
    adjusted Rand index (Hubert & Arabie 1985, doi:10.1007/BF01908075): 1 if the same, 0 as by chance.
    """
    from sklearn.metrics import adjusted_rand_score

    clusters = fit(method, points, number, seed, STARTS)
    labels, _ = clusters.assign(points)
    bic, icl = clusters.criteria(points)
    smallest = np.bincount(labels, minlength=number).min() / len(points)
    agreement = []
    for half in range(HALVES if number > 1 else 0):
        some = np.random.default_rng((seed, half)).permutation(len(points))[: (len(points) + 1) // 2]
        again, _ = fit(method, points[some], number, half, STARTS_OF_HALVES).assign(points)
        agreement.append(float(adjusted_rand_score(labels, again)))
    return Candidate(
        clusters, bic, icl, fmean(agreement) if agreement else None, min(agreement, default=None), float(smallest)
    )


def chosen(candidates: Sequence[Candidate]) -> Candidate:
    """Of the stable numbers, among them one, that of the lowest ICL; the smaller of equals."""
    return min((each for each in candidates if each.stable), key=lambda each: each.icl, default=candidates[0])


def reason(candidates: Sequence[Candidate], best: Candidate) -> str:
    """Why that number, in words."""
    unstable = [str(each.segments) for each in candidates if not each.stable and each.icl < best.icl]
    but = (
        f" ({', '.join(unstable)} would have a lower one, but {'is' if len(unstable) == 1 else 'are'} not stable)"
        if unstable
        else ""
    )
    if best.segments == 1:
        return (
            f"One segment: no other number that comes out again in halves of the customers (adjusted Rand index of "
            f"{STABLE:g} or more) sets them apart better than one does (ICL){but}. There is no structure to serve."
        )
    return (
        f"{counted(best.segments, 'segment')}: of the numbers that come out again in halves of the customers (adjusted "
        f"Rand index of {STABLE:g} or more; here {best.stability:.2f}) the one of the lowest ICL{but}."
    )
