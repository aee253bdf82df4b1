"""The options that commands share, declared once."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

_LARGEST_SEED = 2**48 - 1


class Mode(StrEnum):
    """How customers are simulated."""

    sampled = "sampled"
    expected = "expected"


ScenarioFile = Annotated[Path, typer.Argument(metavar="FILE", help="The scenario, a YAML file.")]
Json = Annotated[
    bool, typer.Option("--json", metavar="", help="Print one JSON document on standard output and nothing else there.")
]
Quiet = Annotated[bool, typer.Option("--quiet", metavar="", help="No progress and no notices.")]
Seed = Annotated[
    int | None,
    typer.Option("--seed", min=0, max=_LARGEST_SEED, metavar="N", help="Which luck; else the scenario's."),
]
Replications = Annotated[
    int | None,
    typer.Option("--replications", min=1, metavar="N", help="How many times the future is drawn; else the scenario's."),
]
ModeChoice = Annotated[
    Mode | None,
    typer.Option("--mode", help="Draw every customer's path, or carry probabilities; else the scenario's."),
]
Settings = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="PATH=VALUE",
        help="Override any input, such as segments.affluent.churn=8%; null removes it. May be repeated.",
    ),
]
Threads = Annotated[
    int | None,
    typer.Option("--threads", min=1, metavar="N", help="Processor threads to use; all of them if not given."),
]
Block = Annotated[int | None, typer.Option("--block", min=1, hidden=True)]
Batch = Annotated[int | None, typer.Option("--batch", min=1, hidden=True)]


def simulation_overrides(seed: int | None, replications: int | None, mode: Mode | None) -> dict[str, object]:
    """What the command line says about the scenario's `simulation` block, in the scenario's own names."""
    said: dict[str, Any] = {"seed": seed, "replications": replications, "mode": mode.value if mode else None}
    return {name: value for name, value in said.items() if value is not None}
