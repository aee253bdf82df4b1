"""The options that commands share, declared once, and what they say of the scenario."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from simengine.scenario.model import Scenario

# Those of `simulation` are texts: they are read, and refused, as the scenario's own are.
ScenarioFile = Annotated[Path, typer.Argument(metavar="FILE", help="The scenario, a YAML file.")]
Json = Annotated[
    bool, typer.Option("--json", help="Print one JSON document on standard output and nothing else there.")
]
Quiet = Annotated[bool, typer.Option("--quiet", help="No progress and no notices.")]
Seed = Annotated[
    str | None,
    typer.Option("--seed", metavar="N", help="Which luck; else the scenario's."),
]
Replications = Annotated[
    str | None,
    typer.Option("--replications", metavar="N", help="How many times the future is drawn; else the scenario's."),
]
Precision = Annotated[
    str | None,
    typer.Option(
        "--precision",
        metavar="0.5%|decision",
        help="Stop when value per share is known that well, or the best allocation; else as the scenario says.",
    ),
]
ModeChoice = Annotated[
    str | None,
    typer.Option(
        "--mode",
        metavar="sampled|expected",
        help="Draw every customer's path, or carry probabilities; else the scenario's.",
    ),
]
Settings = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="PATH=VALUE",
        help="Override any input, such as segments.affluent.churn=8%; null removes it. May be repeated.",
    ),
]
To = Annotated[
    str | None,
    typer.Option(
        "--to",
        metavar="ALLOCATION",
        help="What the others are compared with; `baseline` if not given, else the first.",
    ),
]
Move = Annotated[str | None, typer.Option("--move", metavar="MOVE", help="Under which move; the first if not given.")]
Rejects = Annotated[
    Path | None,
    typer.Option(
        "--rejects",
        metavar="FILE",
        help="Where to write all rows of customer files that cannot be used, if any, as CSV with reasons.",
    ),
]
Threads = Annotated[
    int | None,
    typer.Option("--threads", min=1, metavar="N", help="Processor threads to use; all of them if not given."),
]
Memory = Annotated[
    str | None,
    typer.Option(
        "--memory",
        metavar="SIZE",
        help="The most memory to use, such as 4GiB; if not given, most of what the machine has free.",
    ),
]
Block = Annotated[int | None, typer.Option("--block", min=1, hidden=True)]
Batch = Annotated[int | None, typer.Option("--batch", min=1, hidden=True)]


def stated_scenario(
    file: Path,
    settings: list[str] | None,
    seed: str | None = None,
    replications: str | None = None,
    mode: str | None = None,
    sweeps: list[str] | None = None,
    base: str | None = None,
    precision: str | None = None,
) -> Scenario:
    """The scenario of a file, as the command line changes it; with `sweeps` of the allocation `base`. Raises
    ScenarioError."""
    from simengine.scenario import load_scenario

    said = {"seed": seed, "replications": replications, "mode": mode, "precision": precision}
    simulation = {name: _plain(value) for name, value in said.items() if value is not None}
    return load_scenario(file, settings=settings or (), simulation=simulation, sweeps=sweeps or (), base=base)


def of_simulation(
    seed: str | None,
    replications: str | None,
    mode: str | None,
    settings: list[str] | None,
    rejects: Path | None,
    threads: int | None,
    memory: str | None,
) -> dict[str, object]:
    """The options that say what to simulate and how, by name, for `refuse` where there is nothing to simulate."""
    return {
        "--seed": seed, "--replications": replications, "--mode": mode, "--set": settings, "--rejects": rejects,
        "--threads": threads, "--memory": memory,
    }  # fmt: skip


def refuse(options: Mapping[str, object], found: str, expected: str) -> None:
    """Raise ScenarioError for those of the options that are given, where they have no meaning."""
    from simengine.scenario.problems import ScenarioError, of_option

    given = {name: value for name, value in options.items() if value not in (None, [])}
    if given:
        texts = {name: " ".join(value) if isinstance(value, list) else value for name, value in given.items()}
        raise ScenarioError(of_option(name, text, found, expected) for name, text in texts.items())


def _plain(text: str) -> int | str:
    """As YAML would read it: a number if it is one."""
    return int(text) if text.isdecimal() and len(text) < 20 else text
