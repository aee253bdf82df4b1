"""Prints, as JSON, a digest of what small worlds come to in both modes: of the opening, the ledger and the values.

Run as `python -m tests.engine.ledger_digests` in different environments: the digests must not differ.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from simengine.results.run import run
from simengine.scenario.load import load_scenario
from tests.oracle import worlds
from tests.oracle.changing_worlds import write_moving_choice_world
from tests.properties.worlds import LEDGER, arrays_of

WORLDS: dict[str, Callable[[Path], Path]] = {  # of at most 50 customers and 8 periods
    "choice": worlds.write_choice_world,
    "contract": worlds.write_contract_world,
    "convert": worlds.write_convert_world,
    "file": worlds.write_file_world,
    "own": worlds.write_own_world,
    "moving": write_moving_choice_world,
}
WIDE = "choice, wide"  # 63 periods: dates take the wide form


def digest(write: Callable[[Path], Path], mode: str, replications: int = 3, settings: tuple[str, ...] = ()) -> str:
    """A digest of everything that the engine says about a world, and of what that is worth."""
    with TemporaryDirectory() as folder:
        simulation = {"mode": mode, "replications": replications}
        scenario = load_scenario(write(Path(folder)), settings=settings, simulation=simulation)
        finished = run(scenario, threads=1)
    found = hashlib.blake2b(str(finished.summary["digest"]).encode(), digest_size=12)
    for array in (*arrays_of(finished.opening).values(), *(getattr(finished.ledger, name) for name in LEDGER)):
        found.update(array.tobytes())
    return found.hexdigest()


def digests() -> dict[str, str]:
    """A digest of each world in each mode."""
    found = {f"{name}, {mode}": digest(WORLDS[name], mode) for name in WORLDS for mode in ("sampled", "expected")}
    found[WIDE] = digest(WORLDS["choice"], "sampled", 1, ("calendar.periods=63",))
    return found


def main() -> None:
    print(json.dumps(digests()))


if __name__ == "__main__":
    main()
