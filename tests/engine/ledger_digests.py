"""Prints, as JSON, a digest of the ledger and of the opening of four small worlds in both modes.

Run as `python -m tests.engine.ledger_digests` in different environments: the digests must not differ.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from simengine.engine.opening import solve_opening
from simengine.engine.simulate import simulate
from simengine.portfolio.load import load_portfolio
from simengine.results.prepare import options_of
from simengine.scenario.load import load_scenario
from simengine.tables.build import build
from tests.oracle import worlds

WORLDS: dict[str, Callable[[Path], Path]] = {  # of at most 50 customers and 8 periods
    "choice": worlds.write_choice_world,
    "contract": worlds.write_contract_world,
    "convert": worlds.write_convert_world,
    "file": worlds.write_file_world,
}
LEDGER = ("count", "revenue", "joins", "leaves", "direction", "customer_value", "customer_present", "run_off")


def digest(write: Callable[[Path], Path], mode: str) -> str:
    """A digest of everything that the engine says about a world."""
    with TemporaryDirectory() as folder:
        scenario = load_scenario(write(Path(folder)), simulation={"mode": mode, "replications": 3})
        portfolio = load_portfolio(scenario)
    tables = build(scenario, portfolio)
    opening = solve_opening(tables, portfolio.population)
    ledger = simulate(opening, tables, portfolio.population, options_of(scenario, threads=1))
    found = hashlib.blake2b(digest_size=12)
    for array in (*opening, *(getattr(ledger, name) for name in LEDGER)):
        found.update(array.tobytes())
    return found.hexdigest()


def digests() -> dict[str, str]:
    """A digest of each world in each mode."""
    return {f"{name}, {mode}": digest(WORLDS[name], mode) for name in WORLDS for mode in ("sampled", "expected")}


def main() -> None:
    print(json.dumps(digests()))


if __name__ == "__main__":
    main()
