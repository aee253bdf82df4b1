"""What a segment is like: its size, what it wants and brings, and that in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

import numpy as np
from numpy.typing import NDArray

from simengine.scenario.rules.names import KEYWORDS
from simengine.segmentation.base import Base
from simengine.segmentation.composition import Floats

FAR, SOME = 1.0, 0.5  # standard deviations between customers, by which a segment's mean differs from the others'
MOST_NAMED = 2  # needs in a segment's name, and differences of each direction in words


@dataclass(frozen=True)
class Profile:
    """One segment. Means are over its customers."""

    name: str
    customers: float
    share: float  # of customers
    value: float | None  # money a year, of all of them
    value_share: float | None
    mean_value: float | None
    needs: dict[str, float]  # mean weights
    needs_spread: float | None  # root mean square of the standard deviations of the weights between its customers
    features: dict[str, float]
    certainty: float | None  # mean probability that its customers belong to it
    silhouette: float | None
    words: str


@dataclass(frozen=True)
class Difference:
    """How a segment's mean of a need or feature differs from that of all other customers."""

    name: str
    mean: float
    others: float
    effect: float  # in standard deviations between customers


def differences(base: Base, here: NDArray[np.bool_]) -> list[Difference]:
    """Of every need and feature, the largest first; `here` [N] marks the segment's rows. None where all customers are
    the segment's."""
    if not (base.weight[~here] > 0).any():
        return []
    values = base.values_of_variables
    centre = base.mean(values)
    spread = np.sqrt(np.maximum(base.mean((values - centre) ** 2), 0))
    own, others = base.mean(values, here), base.mean(values, ~here)
    found = [
        Difference(name, float(own[k]), float(others[k]), float((own[k] - others[k]) / spread[k]))
        for k, name in enumerate(base.variables)
        if spread[k] > 0
    ]
    return sorted(found, key=lambda each: (-abs(each.effect), each.name))


def named(found: Sequence[Sequence[Difference]], needs: Sequence[str]) -> list[str]:
    """A name for each segment: the needs that it puts before others, at most two; each name once."""
    names: list[str] = []
    for differing in found:
        more = [each.name for each in differing if each.effect >= SOME and each.name in needs]
        features = [f"high_{each.name}" for each in differing if each.effect >= SOME and each.name not in needs]
        low = [f"low_{each.name}" for each in differing if each.effect <= -SOME and each.name not in needs]
        chief = [
            each for each in more if each == more[0] or _effect(differing, each) >= 0.6 * _effect(differing, more[0])
        ]
        stem = "_and_".join((chief or features or low)[:MOST_NAMED]) or "balanced"
        stem = f"{stem}_" if stem in KEYWORDS else stem
        name, number = stem, 2
        while name in names:
            name, number = f"{stem}_{number}", number + 1
        names.append(name)
    return names


def _effect(differing: Sequence[Difference], name: str) -> float:
    return next(each.effect for each in differing if each.name == name)


def profile(
    base: Base,
    here: NDArray[np.bool_],
    name: str,
    differing: Sequence[Difference],
    certainty: Floats | None,
    silhouette: float | None,
) -> Profile:
    """The profile of the rows that `here` [N] marks."""
    customers = float(base.weight[here].sum())
    share = customers / base.customers
    value = value_share = mean = None
    if base.value is not None:
        value, total = float((base.weight * base.value)[here].sum()), float((base.weight * base.value).sum())
        value_share, mean = value / total if total else None, value / customers
    centre = base.mean(base.weights_of_needs, here)
    variances = base.mean((base.weights_of_needs - centre) ** 2, here)
    return Profile(
        name, customers, share, value, value_share, mean,
        dict(zip(base.needs, centre.tolist(), strict=True)),
        float(np.sqrt(fmean(variances.tolist()))) if base.needs else None,
        dict(zip(base.features, base.mean(base.feature_values, here).tolist(), strict=True)),
        None if certainty is None else float(base.mean(certainty, here)),
        silhouette,
        in_words(differing, base, share, mean, value_share),
    )  # fmt: skip


def in_words(
    differing: Sequence[Difference], base: Base, share: float, mean_value: float | None, value_share: float | None
) -> str:
    """As `want advice far more than others do (0.52 against 0.21), rate less (0.12 against 0.30); 34% of customers, 61%
    of revenue`."""
    parts = []
    for is_need, verb in ((True, "want"), (False, "have")):
        mine = [d for d in differing if (d.name in base.needs) == is_need]
        more = [d for d in mine if d.effect >= SOME][:MOST_NAMED]
        less = [d for d in mine if d.effect <= -SOME][:MOST_NAMED]
        told = [_told(d, is_need, first=i == 0) for i, d in enumerate(more + less)]
        if told:
            parts.append(f"{verb} {', '.join(told)}")
    size = f"{share:.0%} of customers" + ("" if value_share is None else f", {value_share:.0%} of {base.value_name}")
    if not base.variables and base.value is not None and mean_value is not None:
        mean = float(base.mean(base.value))
        parts = [
            f"bring {mean_value:,.0f} a year each" + (f", {mean_value / mean:.2g} times the mean" if mean > 0 else "")
        ]
    alike = "are all customers" if share == 1 else "differ little from others"
    return f"{', '.join(parts) or alike}; {size}"


def _told(d: Difference, is_need: bool, first: bool) -> str:
    far = "far " if abs(d.effect) >= FAR else ""
    if is_need:
        than = " than others do" if first else ""
        return f"{d.name} {far}{'more' if d.effect > 0 else 'less'}{than} ({d.mean:.2f} against {d.others:.2f})"
    return f"a {far}{'higher' if d.effect > 0 else 'lower'} {d.name} ({d.mean:.4g} against {d.others:.4g})"
