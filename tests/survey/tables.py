"""Customer files of a few rows, written to a folder, and the survey of one."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

from simengine.scenario import Scenario, load_scenario
from simengine.survey.column import Column
from simengine.survey.survey import Survey, survey


def write(folder: Path, header: Sequence[str], rows: Sequence[Sequence[object]], name: str = "customers.csv") -> Path:
    """A comma-separated file."""
    path = folder / name
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, *rows])
    return path


def surveyed(folder: Path, columns: Mapping[str, Sequence[object]]) -> Survey:
    """The survey of a file with these columns."""
    rows = list(zip(*columns.values(), strict=True))
    return survey(write(folder, list(columns), rows), lambda done, total: None)


def column(folder: Path, cells: Sequence[object], name: str = "column") -> Column:
    """The survey of one column of a file that has a second one without gaps."""
    return surveyed(folder, {name: cells, "other": ["x"] * len(cells)}).columns[0]


def drafted(folder: Path, found: Survey) -> Scenario:
    """The draft of a survey, loaded as `validate` loads it. The customers are at an absolute path."""
    path = folder / "draft.yaml"
    path.write_text(found.draft, encoding="utf-8")
    scenario = load_scenario(path)
    assert not scenario.warnings
    return scenario
