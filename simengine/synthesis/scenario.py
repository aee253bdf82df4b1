"""What a scenario says when its customers come from a synthetic file."""

from __future__ import annotations

import dataclasses
import os
from pathlib import Path

from simengine.scenario.customers import Columns, CustomerFile
from simengine.scenario.model import Scenario
from simengine.scenario.segment import ChoiceSegment
from simengine.scenario.yaml_text import flow, fractions, quoted
from simengine.synthesis.columns import Held, columns_of
from simengine.synthesis.result import SyntheticFile


def seen_from(folder: Path, path: Path) -> Path:
    """A file's path as a scenario in `folder` writes it."""
    return Path(os.path.relpath(path.absolute(), folder.absolute()))


def with_file(scenario: Scenario, file: SyntheticFile, held: Held, folder: Path) -> str:
    """YAML of the scenario with the file's customers, for a scenario file in `folder`.

    Segments lose what the file holds: sizes, revenue and needs; shares are the file's.
    """
    segments: dict[str, object] = {}
    for name, segment in scenario.segments.items():
        gone: dict[str, object] = {"size": None, "revenue": None}
        if isinstance(segment, ChoiceSegment):
            gone |= {"needs": {}, "needs_spread": 0} if held.needs else {}
            if segment.shares is not None:
                gone["shares"] = {
                    supplier: float(share) for supplier, share in fractions(file.segments[name].present).items()
                }
        segments[name] = segment.model_copy(update=gone)
    customers = CustomerFile(customers=(seen_from(folder, file.path),), columns=columns_of(held))
    stated = dataclasses.replace(scenario, portfolio=customers, segments=segments)  # type: ignore[arg-type]
    return stated.resolved_yaml()


def block(scenario: Scenario, file: SyntheticFile, held: Held, folder: Path) -> str:
    """The `portfolio` block of a scenario file in `folder`, and what its segments say then."""
    columns = columns_of(held)
    lines = ["portfolio:", f"  customers: {quoted(seen_from(folder, file.path).as_posix())}", "  columns:"]
    lines += [f"    {role}: {cell}" for role, cell in _cells(columns)]
    lines.append("# The file holds each segment's size, revenue and needs: leave those out there.")
    for name, segment in scenario.segments.items():
        if isinstance(segment, ChoiceSegment) and segment.shares is not None:
            lines.append(f"# {quoted(name)}: shares: {flow(dict(fractions(file.segments[name].present)))}")
    return "\n".join(lines) + "\n"


def _cells(columns: Columns) -> list[tuple[str, str]]:
    stated = columns.model_dump(exclude_none=True)
    stated["needs"] = {need: own.column for need, own in columns.needs.items()}
    return [
        (role, flow({key: quoted(text) for key, text in cell.items()}) if isinstance(cell, dict) else quoted(cell))
        for role, cell in stated.items()
        if cell
    ]
