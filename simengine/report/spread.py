"""Where the spread of value comes from, and what would halve its error, in a few lines for a terminal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def spread_said(summary: Mapping[str, Any], seconds: float | None = None) -> list[str]:
    """Lines about a run with uncertain inputs; none where there are none. `seconds` are what the run took."""
    uncertain = summary.get("uncertain")
    if uncertain is None:
        return []
    cells = summary["cells"]
    reference = cells[0]["difference"]["to"]
    lines = [_parts("value per share", [cell["spread"]["value_per_share"] for cell in cells], summary)]
    others = [cell["spread"]["difference"] for cell in cells if cell["allocation"] != reference]
    if others:
        lines.append(_parts(f"differences from {reference}", others, summary))
    ways = uncertain["halved_by"]
    if ways:
        lines.append(f"To halve the error of value per share: {'; or '.join(_way(way, seconds) for way in ways)}.")
    return lines


def _parts(what: str, found: list[Mapping[str, Any]], summary: Mapping[str, Any]) -> str:
    """The parts where they are largest."""
    largest = {
        name: max((each[name] for each in found if each[name] is not None), default=None)
        for name in ("not_knowing", "luck", "simulation_error")
    }
    said = {"not_knowing": "not knowing the inputs", "luck": "luck", "simulation_error": "simulation error of the mean"}
    told = [f"{text} {_figure(largest[name])}" for name, text in said.items()]
    return f"Standard deviation of {what}, {summary['currency']} a share, at most: {', '.join(told)}."


def _figure(value: float | None) -> str:
    if value is None:
        return "not known from so few replications"
    return "none" if value == 0.0 else f"{value:.2g}"


def _way(way: Mapping[str, Any], seconds: float | None) -> str:
    settings = " ".join(f"--set {each}" for each in way["set"])
    about = (
        ""
        if seconds is None or "simulation.mode=expected" in way["set"]
        else f" (about {way['times'] * seconds:,.0f} s)"
    )
    return f"{settings} --replications {way['replications']}".strip() + about
