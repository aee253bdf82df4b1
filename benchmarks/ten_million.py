"""Ten million customers, 40 quarters, twelve cells, 100 replications: how long, and in how much memory?

    python -m benchmarks.ten_million [--mode expected] [--customers 1000000] [--replications 2] [--memory 4GiB] ...

Writes a customer file with `simengine synth` (once: it is kept in the folder), then runs `simengine run` on it as a
user would, in a process of its own, and prints what that took. For a quiet machine.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

MARKET = Path(__file__).with_name("ten_million.yaml")
ROOT = Path(__file__).parents[1]
SIMENGINE = [sys.executable, "-m", "simengine"]


def customer_file(folder: Path, customers: int) -> Path:
    """The scenario with a file of so many customers; both are made unless they are there."""
    scenario = folder / f"market-{customers}.yaml"
    if not scenario.exists():
        folder.mkdir(parents=True, exist_ok=True)
        out = folder / f"customers-{customers}.parquet"
        command = [*SIMENGINE, "synth", MARKET, "--customers", customers, "--out", out, "--scenario", scenario]
        _call(command)
    return scenario


def measure(scenario: Path, *options: object) -> dict[str, Any]:
    """Run a scenario; what it took, seconds by phase, and the digest of its results."""
    folder = scenario.parent / f"run-{scenario.stem}"
    command = [*SIMENGINE, "run", scenario, "--out", folder, "--quiet", *options]
    start = time.perf_counter()
    processors = _call(command)
    seconds = time.perf_counter() - start
    manifest = json.loads((folder / "manifest.json").read_text())
    return {
        "seconds": round(seconds, 1),
        "processor_seconds": round(processors, 1),
        "peak_gibibytes": round(manifest["memory"]["most_used_bytes"] / 2**30, 2),
        "planned_gibibytes": round(manifest["memory"]["planned_bytes"] / 2**30, 2),
        "batch": manifest["batch"],
        "phases": manifest["seconds"],
        "digest": manifest["digest"],
    }


def _call(command: list[object]) -> float:
    """Run a command; the processor seconds it took. CalledProcessError if it fails."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(list(map(str, command)), stdout=subprocess.DEVNULL, env=environment)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, process.args)
    return used.ru_utime + used.ru_stime


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--customers", type=int, default=10_000_000)
    parser.add_argument("--mode", choices=["sampled", "expected"], default="sampled")
    parser.add_argument("--replications", type=int, default=100)
    parser.add_argument("--memory", default="8GiB")
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "simengine-ten-million")
    parser.add_argument("--set", action="append", default=[], help="PATH=VALUE, as of simengine run")
    asked = parser.parse_args()
    scenario = customer_file(asked.folder, asked.customers)
    settings = [word for each in asked.set for word in ("--set", each)]
    options = ["--mode", asked.mode, "--replications", asked.replications, "--memory", asked.memory, *settings]
    figures = measure(scenario, *options)
    answered = asked.customers * 40 * 12 * (asked.replications if asked.mode == "sampled" else 1)
    figures["million_customer_quarters_a_second_and_cell"] = round(answered / figures["phases"]["simulation"] / 1e6, 1)
    print(json.dumps(figures, indent=2))


if __name__ == "__main__":
    main()
