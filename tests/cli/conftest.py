"""The command line as a user meets it: another process, its exit code, and what it prints where."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

SMALL = """\
simengine: 1
name: A small bank
currency: EUR
calendar: {start: 2026-Q1, step: quarter, periods: 8}
simulation: {seed: 7, mode: sampled, replications: 4}
company: {name: Small, discount_rate: 9%, tax_rate: 25%, shares: 1 million, overhead: 10k}
needs: [rate, service]
segments:
  affluent:
    size: 400
    needs: {rate: 0.4, service: 0.6}
    needs_spread: 0.15
    shares: {us: 34%, atlas: 43%, none: 23%}
    review: 20%
    churn: 7%
    price_sensitivity: 3
    revenue: {lognormal: {mean: 2700, cv: 0.6}}
    margin: 58%
    cost_to_serve: {branch: {uses: 3, cost: 11}}
    capital: 12% of revenue
offers:
  us: {price: 100, rate: 5, service: 7}
  atlas: {price: 98, rate: 6, service: 5}
levers:
  advisers: {target: service, response: {hill: {max: 2, half: 50k, shape: 1}}, carry_over: 70%}
allocations:
  baseline: {}
  more_advice: {advisers: {affluent: 20k}}
moves:
  quiet: {}
  price_cut: [{who: atlas, at: 2026-Q3, change: {price: -8%}}]
"""


class Ended:
    """A finished command."""

    def __init__(self, done: subprocess.CompletedProcess[str]) -> None:
        self.code, self.out, self.err = done.returncode, done.stdout, done.stderr


def call(folder: Path, *arguments: str | Path) -> Ended:
    """Run `simengine ...` in a folder."""
    return Ended(
        subprocess.run(
            [sys.executable, "-m", "simengine", *map(str, arguments)],
            cwd=folder, env={**os.environ, "COLUMNS": "120"}, capture_output=True, text=True, timeout=300, check=False,
        )
    )  # fmt: skip


@pytest.fixture
def scenario(tmp_path: Path) -> Path:
    """A small scenario in an empty folder."""
    path = tmp_path / "small.yaml"
    path.write_text(SMALL)
    return path


@pytest.fixture
def simengine(tmp_path: Path) -> Callable[..., Ended]:
    """Run `simengine ...` in an empty folder."""

    return partial(call, tmp_path)


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Ended]:
    """The folder in which the small scenario was run, and what the run printed; to be read or copied only."""
    folder = tmp_path_factory.mktemp("finished")
    (folder / "small.yaml").write_text(SMALL)
    return folder, call(folder, "run", "small.yaml")
