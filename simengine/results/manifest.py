"""What a run was made from and how: enough to make it again."""

from __future__ import annotations

import platform
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simengine.engine.machine_memory import most_used
from simengine.luck import STREAM_VERSION
from simengine.scenario.file_hash import sha256

if TYPE_CHECKING:
    from simengine.results.run import Run

PACKAGES = (
    "numpy",
    "numba",
    "llvmlite",
    "scipy",
    "duckdb",
    "python-calamine",
    "pydantic",
    "ruamel.yaml",
    "simpy",
)  # that results rest on


def provenance(run: Run) -> dict[str, Any]:
    """Versions, seed, hashes of the inputs, scales of the fixed point: the same on every machine."""
    options, ledger = run.options, run.ledger
    return {
        "simengine": version("simengine"),
        "python": platform.python_version(),
        "packages": {name: version(name) for name in PACKAGES},
        "seed": options.seed,
        "stream": STREAM_VERSION,
        "mode": options.mode,
        **({} if run.drawn is None else {"uncertain": list(run.drawn.paths), "drawn": run.scenario.simulation.inputs}),
        "replications": run.summary["replications"],
        "reference": run.reference,
        "inputs": run.inputs,
        "filled": run.portfolio.filled,  # by column: customers without a value, who got one by `portfolio.missing`
        "count_scale": ledger.count_scale,
        "money_scale": ledger.money_scale,
        "digest": run.summary["digest"],
    }


def manifest(run: Run, files: list[Path]) -> dict[str, Any]:
    """Provenance, how the work was cut up, how long each phase took, and the hash of every other file."""
    options = run.options
    return {
        **provenance(run),
        "machine": platform.machine(),
        "profiles": run.profiles,
        "threads": options.workers,
        "block": options.block,
        "batch": run.plan.batch,  # replications at once; in expected mode cells
        "memory": {"planned_bytes": run.plan.peak, "most_used_bytes": most_used()},
        "seconds": {phase: round(seconds, 3) for phase, seconds in run.seconds.items()},
        "warnings": [str(warning) for warning in run.warnings],
        "files": {path.name: sha256(path) for path in files},
    }
