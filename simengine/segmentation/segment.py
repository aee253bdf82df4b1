"""The way from a customer file to segments."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simengine.portfolio.customer_table import CustomerTable
from simengine.portfolio.progress import Progress, unseen
from simengine.scenario.problems import Problem, ScenarioError, counted, have
from simengine.scenario.units import percent
from simengine.segmentation.base import Base
from simengine.segmentation.by_needs import ByNeeds, form_by_needs
from simengine.segmentation.clusters import one_thread
from simengine.segmentation.merging import joined_classes
from simengine.segmentation.profile import Profile, differences, profile
from simengine.segmentation.read import read_base
from simengine.segmentation.roles import Roles, roles_of
from simengine.segmentation.settings import By, Settings
from simengine.segmentation.value_classes import value_classes
from simengine.survey.column import Column
from simengine.survey.survey import look

FEWEST = 30  # customers


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
    formed: ByNeeds | None  # None of segments by value alone
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

    @property
    def document(self) -> dict[str, Any]:
        """All of it but the customers as plain data, for JSON."""
        base = self.base
        return {
            "file": self.file,
            "rows": self.rows,
            "customers": base.customers,
            "customers_fitted": self.formed.fitted if self.formed else None,
            "by": self.by,
            "method": self.settings.method if self.formed else None,
            "seed": self.settings.seed,
            "columns": {
                **{role: s.columns[0] for role, s in sorted(self.roles.suggested.items())},
                "value": self.roles.value,
                "needs": self.roles.needs,
                "features": list(base.features),
            },
            "numbers_of_segments": {
                method: [each.document(self.formed.best) for each in found]
                for method, found in self.formed.candidates.items()
            }
            if self.formed
            else {},
            "reason": self.reason,
            "segments": [dataclasses.asdict(each) for each in self.profiles],
            "grid": None if self.grid is None else dataclasses.asdict(self.grid),
            "notices": list(self.notices),
        }


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
    formed = None if by == "value" else form_by_needs(base, settings, progress)
    label = np.zeros(len(base.row), dtype=np.intp) if formed is None else formed.label
    names: list[str] = [] if formed is None else formed.names
    notices += [] if formed is None else formed.notices
    why = "" if formed is None else formed.reason
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
            notices += [f"{each}: fewer than {percent(settings.smallest)} of customers" for each in said]
    parted = formed is not None and by == "needs"  # else segments are not what was fitted
    profiles = tuple(
        profile(
            base, label == s, name, differences(base, label == s),
            formed.certainty if formed and parted else None,
            formed.silhouettes[s] if formed and parted and formed.silhouettes else None,
        )
        for s, name in enumerate(names)
    )  # fmt: skip
    return Segmentation(
        file, table.rows, columns, base, roles, settings, by, formed, why, profiles, label, value_class, classes, grid,
        tuple(notices),
    )  # fmt: skip


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
