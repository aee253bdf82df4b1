"""How long the first answer takes, against what a bare import of the libraries of any such command line takes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from simengine.bench.startup import times_bare_import

ROOT = Path(__file__).parents[1]
COMMANDS = {
    "validate": (["validate", str(ROOT / "scenarios" / "northbank.yaml")], 3.0),
    "--help": (["--help"], 1.5),
    "schema": (["schema"], None),
}
ROUNDS = 15


@pytest.mark.parametrize("command", COMMANDS)
def test_startup(command: str, request: pytest.FixtureRequest, benchmark: Any) -> None:
    """The ratio of processor seconds holds on a busy machine too."""
    arguments, most = COMMANDS[command]
    enabled = request.config.getoption("benchmark_enable")
    rounds = ROUNDS if enabled else 1
    ratio, figures = benchmark.pedantic(times_bare_import, args=(arguments, rounds), rounds=1)
    assert figures["bare_import_seconds"] > 0
    benchmark.extra_info["times_bare_import"] = round(ratio, 2)
    print(f"\n{command}: {ratio:.2f} times a bare import of typer, pydantic and rich")
    assert not (enabled and most) or ratio <= most
