"""How long the first answer takes, against what a bare import of the libraries of any such command line takes."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
BARE = ["-c", "import typer, pydantic, rich"]
COMMANDS = {
    "validate": (["-m", "simengine", "validate", str(ROOT / "scenarios" / "northbank.yaml")], 3.0),
    "--help": (["-m", "simengine", "--help"], 1.5),
    "schema": (["-m", "simengine", "schema"], None),
}
ROUNDS = 15


@pytest.mark.parametrize("command", COMMANDS)
def test_startup(command: str, request: pytest.FixtureRequest, tmp_path: Path, benchmark: Any) -> None:
    """Processor seconds of the quickest of rounds in turns: the ratio holds on a busy machine too."""
    arguments, most = COMMANDS[command]
    enabled = request.config.getoption("benchmark_enable")
    bare: list[float] = []
    ours: list[float] = []

    def seconds(arguments: list[str]) -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        # byte code is stored as in any installation; the first round of both writes it
        environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(tmp_path)}
        environment["PYTHONPATH"] = str(ROOT)
        subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL, env=environment)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    benchmark.pedantic(
        lambda: ours.append(seconds(arguments)),
        setup=lambda: bare.append(seconds(BARE)),
        rounds=ROUNDS if enabled else 1,
    )
    ratio = min(ours) / min(bare)
    benchmark.extra_info["times_bare_import"] = round(ratio, 2)
    print(f"\n{command}: {ratio:.2f} times a bare import of typer, pydantic and rich")
    assert not (enabled and most) or ratio <= most
