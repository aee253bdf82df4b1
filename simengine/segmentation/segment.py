"""The way from a customer file to segments."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from simengine.portfolio.customer_table import CustomerTable
from simengine.portfolio.progress import Progress, unseen
from simengine.scenario.problems import Problem, ScenarioError, counted, have, of_option
from simengine.segmentation.base import Base, Space, sample_of, space_of
from simengine.segmentation.clusters import Method, one_thread
from simengine.segmentation.composition import Floats
from simengine.segmentation.merging import assigned, joined_classes
from simengine.segmentation.number import Candidate, candidates, chosen, most_segments, reason
from simengine.segmentation.profile import Profile, differences, named, profile
from simengine.segmentation.read import read_base
from simengine.segmentation.roles import Roles, roles_of
from simengine.segmentation.value_classes import value_classes
from simengine.survey.column import Column
from simengine.survey.survey import look

By = Literal["needs", "value", "both"]

MOST_FITTED = 10_000  # customers that segments are formed from; all are assigned
MOST_COMPARED = 2_000  # customers whose silhouettes are taken
FEWEST = 30  # customers
EVERYBODY = "everybody"


@dataclass(frozen=True)
class Settings:
    """What a person may ask for."""

    by: By | None = None  # None: needs where there are any, else value
    method: Method = "mixture"
    segments: int | None = None  # None: as many as there are
    most: int = 8
    value_classes: int = 3
    smallest: float = 0.02  # segment, as a share of customers
    seed: int = 1


@dataclass(frozen=True)
class Grid:
    """Segments by needs × classes by value."""

    segments: tuple[str, ...]
    classes: tuple[str, ...]
    share: list[list[float]]  # [segment][class] of customers
    value_share: list[list[float | None]]


@dataclass(frozen=True)
class Segmentation:
    """Segments of the customers of a file, the first those that bring most."""

    file: str
    rows: int
    columns: tuple[Column, ...]
    base: Base
    roles: Roles
    settings: Settings
    by: By
    fitted: int  # customers that segments by needs were formed from
    candidates: dict[Method, list[Candidate]]
    best: Candidate | None
    reason: str
    profiles: tuple[Profile, ...]
    label: NDArray[np.intp]  # [N] segment of every row of the base
    value_class: NDArray[np.intp] | None  # [N]
    classes: tuple[str, ...]  # of value
    grid: Grid | None
    notices: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(each.name for each in self.profiles)

    def document(self) -> dict[str, Any]:
        """All of it but the customers as plain data, for JSON."""
        base = self.base
        return {
            "file": self.file,
            "rows": self.rows,
            "customers": base.customers,
            "customers_fitted": self.fitted,
            "by": self.by,
            "method": self.settings.method if self.best else None,
            "seed": self.settings.seed,
            "columns": {
                **{role: s.columns[0] for role, s in sorted(self.roles.suggested.items())},
                "value": self.roles.value,
                "needs": self.roles.needs,
                "features": list(base.features),
            },
            "numbers_of_segments": {
                method: [_candidate(each, each is self.best) for each in found]
                for method, found in self.candidates.items()
            },
            "reason": self.reason,
            "segments": [dataclasses.asdict(each) for each in self.profiles],
            "grid": None if self.grid is None else dataclasses.asdict(self.grid),
            "notices": list(self.notices),
        }


def _candidate(each: Candidate, is_chosen: bool) -> dict[str, Any]:
    return {
        "segments": each.segments, "bic": each.bic, "icl": each.icl, "stability": each.stability,
        "least_stability": each.least_stability, "smallest": each.smallest,
        "converged": each.clusters.converged, "chosen": is_chosen,
    }  # fmt: skip


def segment_table(
    table: CustomerTable,
    path: Path,
    settings: Settings,
    stated: Mapping[str, str],
    features: Sequence[str],
    reading: Progress = unseen,
    progress: Progress = unseen,
) -> Segmentation:
    """Segments of the customers in an open file.

    `stated` {role: column} and `features` say what columns hold, where the file's names do not tell. Raises
    ScenarioError for a file that cannot be segmented, with every problem located.
    """
    columns, suggestions, log = look(table, path, reading)
    roles = roles_of(table, columns, suggestions, log, stated, features)
    by = _by(path, settings, roles)
    base = read_base(table, roles)
    if base.customers < FEWEST:
        found, expected = counted(round(base.customers), "customer"), f"at least {FEWEST}"
        raise ScenarioError([Problem(table.shown, 1, 1, found, expected)])
    with one_thread():
        return _segmentation(str(path), table, tuple(columns), base, roles, settings, by, progress)


def _by(path: Path, settings: Settings, roles: Roles) -> By:
    """What segments are formed by; a problem where no column holds that."""
    differ = bool(roles.needs or roles.features)
    by: By = settings.by or ("needs" if differ else "value")
    if by != "value" and not differ:
        hint = "name them: --columns needs.price=w_price,needs.service=w_service; or --features COLUMN,COLUMN"
        found = "no columns whose fractions sum to 1 in every row"
        raise ScenarioError([Problem(str(path), 1, 1, found, "columns with weights of needs, or features", hint)])
    if by != "needs" and roles.value is None:
        hint = "name it: --columns revenue=COLUMN, or value=COLUMN for another amount of money a year"
        lacking = "no column with revenue" if differ or settings.by else "no columns with needs, nor with revenue"
        raise ScenarioError([Problem(str(path), 1, 1, lacking, "a column with what customers bring", hint)])
    return by


def _segmentation(
    file: str,
    table: CustomerTable,
    columns: tuple[Column, ...],
    base: Base,
    roles: Roles,
    settings: Settings,
    by: By,
    progress: Progress,
) -> Segmentation:
    notices = list(table.notices)
    if not base.variables and settings.by is None:
        notices.append(
            "no columns hold weights of needs: segments are by value alone, unless --columns or --features name some"
        )
    if base.left:
        notices.append(f"{counted(base.left, 'customer')} who {have(base.left)} left are in no figure")
    if base.normalised:
        notices.append("weights of needs do not sum to 1: each customer's are divided by their sum")
    tried: dict[Method, list[Candidate]] = {}
    best, why, fitted = None, "", 0
    label, certainty = np.zeros(len(base.row), dtype=np.intp), None
    silhouettes: Floats | None = None
    names = [EVERYBODY]
    if by != "value":
        rows = sample_of(base, MOST_FITTED, settings.seed)
        fitted = len(rows)
        if fitted < base.customers:
            notices.append(f"segments are formed from {fitted:,} of {base.customers:,.0f} customers; all are assigned")
        space = space_of(base, rows)
        points = space.points(base, rows)
        _require_enough(points, settings.segments)
        tried = candidates(points, settings.most, settings.seed, settings.segments, progress)
        best, why = _best(tried[settings.method], settings)
        label, certainty, dropped = assigned(
            best.clusters, space.points(base, slice(None)), base.weight, settings.smallest
        )
        label = _ranked(base, label)
        if dropped:
            notices.append(
                f"{counted(dropped, 'segment')} of less than {settings.smallest:.3g} of customers "
                f"{have(dropped)} been dropped: {'its' if dropped == 1 else 'their'} customers are in the next likely"
            )
        found = [differences(base, label == s) for s in range(label.max() + 1)]
        names = named(found, base.needs) if len(found) > 1 else [EVERYBODY]
        if by == "needs" and len(found) > 1:
            silhouettes = _silhouettes(space, base, rows[:MOST_COMPARED], label)
    classes: tuple[str, ...] = ()
    value_class, grid = None, None
    if base.value is not None:
        classes, value_class = value_classes(base.value, base.weight, settings.value_classes)
        grid = _grid(base, label, value_class, names, classes) if by != "value" else None
        if by == "value":
            label, names = value_class, [f"{name}_value" if name != "loss" else name for name in classes]
            why = f"Segments by value: sorted by {base.value_name}, each brings an equal part of it."
        elif by == "both":
            label, names, said = joined_classes(label, value_class, base.weight, names, classes, settings.smallest)
            notices += [f"{each}: fewer than {settings.smallest:.3g} of customers" for each in said]
            certainty = None
    profiles = tuple(
        profile(
            base, label == s, name, differences(base, label == s), certainty,
            None if silhouettes is None else float(silhouettes[s]),
        )
        for s, name in enumerate(names)
    )  # fmt: skip
    return Segmentation(
        file, table.rows, columns, base, roles, settings, by, fitted, tried, best, why, profiles, label, value_class,
        classes, grid, tuple(notices),
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


def _silhouettes(space: Space, base: Base, rows: NDArray[np.intp], label: NDArray[np.intp]) -> Floats:
    """[S] mean silhouette width of some customers of each segment: near 1 far from all other segments, 0 between two
    (Rousseeuw 1987, doi:10.1016/0377-0427(87)90125-7)."""
    from sklearn.metrics import silhouette_samples

    own = label[rows]
    width = silhouette_samples(space.points(base, rows), own) if len(np.unique(own)) > 1 else np.zeros(len(own))
    return np.array([width[own == s].mean() if (own == s).any() else 0.0 for s in range(label.max() + 1)])


def _grid(
    base: Base, label: NDArray[np.intp], value_class: NDArray[np.intp], names: Sequence[str], classes: Sequence[str]
) -> Grid:
    assert base.value is not None
    money = base.weight * base.value
    total = float(money.sum())
    share, value_share = [], []
    for s in range(len(names)):
        cells = [(label == s) & (value_class == c) for c in range(len(classes))]
        share.append([float(base.weight[each].sum() / base.customers) for each in cells])
        value_share.append([float(money[each].sum() / total) if total else None for each in cells])
    return Grid(tuple(names), tuple(classes), share, value_share)
