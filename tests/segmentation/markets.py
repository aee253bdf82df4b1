"""Customer files whose segments are known."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from simengine.segmentation.segment import Segmentation, segment_table
from simengine.segmentation.settings import Settings
from simengine.survey.survey import open_table

NEEDS = ("rate", "service", "advice", "digital")
CENTRES = ((0.15, 0.25, 0.5, 0.1), (0.45, 0.25, 0.1, 0.2), (0.15, 0.15, 0.1, 0.6))
SIZES = (300, 400, 200)
REVENUE = (2400.0, 600.0, 900.0)

Rows = list[list[Any]]
HEADER = ["customer_id", *(f"w_{need}" for need in NEEDS), "annual_revenue", "planted"]


def dirichlet(generator: np.random.Generator, centre: Sequence[float], spread: float, count: int) -> np.ndarray:
    """Weights of a segment as the language draws them: concentration = mean of c(1 - c) / spread^2 - 1."""
    c = np.array(centre)
    return generator.dirichlet(c * ((c * (1 - c)).mean() / spread**2 - 1), count)


def planted(seed: int = 1, spread: float = 0.06) -> Rows:
    """Rows of three segments that want different things, in random order."""
    generator = np.random.default_rng(seed)
    rows: Rows = []
    for s, (centre, size, revenue) in enumerate(zip(CENTRES, SIZES, REVENUE, strict=True)):
        money = generator.lognormal(np.log(revenue), 0.3, size)
        for weights, amount in zip(dirichlet(generator, centre, spread, size), money, strict=True):
            rows.append(["", *np.round(weights, 6).tolist(), round(float(amount), 2), s])
    rows = [rows[i] for i in generator.permutation(len(rows))]
    for i, row in enumerate(rows):
        row[0] = f"C{i:04d}"
    return rows


def write(folder: Path, rows: Rows, header: Sequence[str] = HEADER, name: str = "customers.csv") -> Path:
    """A comma-separated file."""
    path = folder / name
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, *rows])
    return path


def segmented(
    path: Path, settings: Settings | None = None, features: Sequence[str] = (), **stated: str
) -> Segmentation:
    """The segments of a file; `stated` columns by role, with `needs_` before the name of a need."""
    columns = {role.replace("needs_", "needs."): column for role, column in stated.items()}
    with open_table(path) as table:
        return segment_table(table, path, settings or Settings(most=4), columns, list(features))
