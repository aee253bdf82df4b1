"""Segments of customers who want the same."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simengine.portfolio.progress import Progress
from simengine.scenario.problems import ScenarioError, counted, have, of_option
from simengine.scenario.units import percent
from simengine.segmentation.base import Base, Space, sample_of, space_of
from simengine.segmentation.clusters import Method
from simengine.segmentation.composition import Floats
from simengine.segmentation.merging import assigned
from simengine.segmentation.number import Candidate, candidates, chosen, most_segments, reason
from simengine.segmentation.profile import differences, named
from simengine.segmentation.settings import Settings

MOST_FITTED = 10_000  # customers that segments are formed from; all are assigned
MOST_COMPARED = 2_000  # customers whose silhouettes are taken
EVERYBODY = "everybody"


@dataclass(frozen=True)
class ByNeeds:
    """Segments by needs and features, the first those that bring most."""

    fitted: int  # customers that they were formed from
    candidates: dict[Method, list[Candidate]]
    best: Candidate
    reason: str
    label: NDArray[np.intp]  # [N] segment of every row of the base
    certainty: Floats  # [N] how probable that is
    names: list[str]
    silhouettes: list[float]  # mean of each; empty of one segment
    notices: list[str]


def form_by_needs(base: Base, settings: Settings, progress: Progress) -> ByNeeds:
    """Form segments from at most so many customers, and assign all. Raises ScenarioError where that cannot be done."""
    rows = sample_of(base, MOST_FITTED, settings.seed)
    notices = []
    if len(rows) < base.customers:
        notices.append(f"segments are formed from {len(rows):,} of {base.customers:,.0f} customers; all are assigned")
    space = space_of(base, rows)
    points = space.points(base, rows)
    _require_enough(points, settings.segments)
    tried = candidates(points, settings.most, settings.seed, settings.segments, progress)
    best, why = _best(tried[settings.method], settings)
    everybody = space.points(base, slice(None))
    label, certainty, dropped = assigned(best.clusters, everybody, base.weight, settings.smallest)
    label = _ranked(base, label)
    if dropped:
        notices.append(
            f"{counted(dropped, 'segment')} of less than {percent(settings.smallest)} of customers {have(dropped)} "
            f"been dropped: {'its' if dropped == 1 else 'their'} customers are in the next likely"
        )
    several = label.max() > 0
    found = [differences(base, label == s) for s in range(label.max() + 1)]
    return ByNeeds(
        len(rows), tried, best, why, label, certainty,
        named(found, base.needs) if several else [EVERYBODY],
        _silhouettes(space, base, rows[:MOST_COMPARED], label) if several else [],
        notices,
    )  # fmt: skip


def _require_enough(points: Floats, segments: int | None) -> None:
    if segments is not None and segments > (most := most_segments(points)):
        found = f"{counted(segments, 'segment')} of {counted(len(points), 'customer')}"
        expected = f"at most {most}: with fewer customers each, segments are accidents"
        raise ScenarioError([of_option("--segments", segments, found, expected)])


def _best(tried: list[Candidate], settings: Settings) -> tuple[Candidate, str]:
    if settings.segments is None:
        best = chosen(tried)
        return best, reason(tried, best)
    best = tried[-1]
    if not best.clusters.converged:
        found = f"{settings.segments} segments that the search did not settle on"
        raise ScenarioError([of_option("--segments", settings.segments, found, "another number, or --method k-means")])
    stability = "" if best.stability is None else f"; stability {best.stability:.2f}"
    return best, f"{counted(best.segments, 'segment')}, as stated{stability}."


def _ranked(base: Base, label: NDArray[np.intp]) -> NDArray[np.intp]:
    """Labels from 0 in the order of what segments bring, else of customers; equal ones in that of their centres."""
    size = base.weight if base.value is None else base.weight * base.value
    there = np.unique(label)
    centres = {s: tuple(base.mean(base.values_of_variables, label == s).tolist()) for s in there}
    order = sorted(there, key=lambda s: (-float(size[label == s].sum()), centres[s]))
    rank = np.zeros(there.max() + 1, dtype=np.intp)
    rank[order] = np.arange(len(order))
    return rank[label]


def _silhouettes(space: Space, base: Base, rows: NDArray[np.intp], label: NDArray[np.intp]) -> list[float]:
    """[S] mean silhouette width of some customers of each segment: near 1 far from all other segments, 0 between two
    (Rousseeuw 1987, doi:10.1016/0377-0427(87)90125-7)."""
    from sklearn.metrics import silhouette_samples

    own = label[rows]
    width = silhouette_samples(space.points(base, rows), own) if len(np.unique(own)) > 1 else np.zeros(len(own))
    return [float(width[own == s].mean()) if (own == s).any() else 0.0 for s in range(label.max() + 1)]
