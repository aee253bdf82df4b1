"""`--memory`: the peak stays under it, nothing that is said depends on it, and what cannot work is refused in time."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from simengine.results.memory import budget_of
from simengine.scenario import ScenarioError
from simengine.scenario.memory_size import MIB
from tests.cli.conftest import SMALL, call

MEASURED = """
import sys
from simengine import load, run
from simengine.engine.machine_memory import most_used
finished = run(load(sys.argv[1]), memory=sys.argv[2] or None)
print(most_used(), finished.plan.least, finished.options.batch, finished.summary["digest"])
"""
ALLOCATIONS = "".join(f"  other_{n}: {{advisers: {{affluent: {20 + n}k}}}}\n" for n in range(14))
LARGE = (
    SMALL.replace("size: 400", "size: 200k")
    .replace("periods: 8", "periods: 4")
    .replace("replications: 4", "replications: 16, customer_values: false")
    .replace("moves:\n", f"{ALLOCATIONS}moves:\n")
)
RESTLESS = LARGE.replace("size: 200k", "size: 20k").replace("mode: sampled", "mode: expected")
RESTLESS += "market: {volatility: 0.2}\n"  # worlds of their own, in expected mode


def measured(scenario: Path, memory: str) -> tuple[int, int, int, str]:
    """Most used, the least planned for, replications in flight, and the digest of what came out."""
    arguments = [sys.executable, "-c", MEASURED, str(scenario), memory]
    peak, least, batch, digest = subprocess.run(arguments, capture_output=True, text=True, check=True).stdout.split()
    return int(peak), int(least), int(batch), digest


@pytest.mark.skipif(sys.platform == "win32", reason="there is no peak to be asked for")
@pytest.mark.parametrize("market", [LARGE, RESTLESS], ids=["known", "unfolds"])
def test_the_peak_stays_under_the_budget_and_no_bit_changes(market: str, tmp_path: Path) -> None:
    scenario = tmp_path / "large.yaml"
    scenario.write_text(market)
    free, least, in_flight, digest = measured(scenario, "")
    assert in_flight == 16
    budget = least + 24 * MIB
    peak, _, fewer, same = measured(scenario, f"{budget // MIB}MiB")
    assert fewer < in_flight
    assert peak < budget < free
    assert same == digest


def test_too_little_is_refused_before_anything_is_simulated(tmp_path: Path) -> None:
    (tmp_path / "large.yaml").write_text(LARGE)
    ended = call(tmp_path, "run", "large.yaml", "--memory", "100MiB")
    assert ended.code == 2
    assert "--memory 100MiB" in ended.err
    assert "at least" in ended.err
    assert "for 200,000 customers" in ended.err
    assert ended.out == ""
    assert not (tmp_path / "runs").exists()


def test_what_is_named_as_the_least_works(tmp_path: Path) -> None:
    (tmp_path / "small.yaml").write_text(SMALL)
    refused = call(tmp_path, "run", "small.yaml", "--memory", "10KiB")
    assert refused.code == 2
    assert "found     10KiB" in refused.err
    assert "fewer allocations" not in refused.err
    least = re.search(r"at least (\S+), for 400 customers", refused.err)
    assert least
    assert call(tmp_path, "run", "small.yaml", "--quiet", "--memory", least[1]).code == 0


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the peak is told as of the parent")
def test_what_was_used_before_does_not_count(tmp_path: Path) -> None:
    (tmp_path / "small.yaml").write_text(SMALL)
    earlier = "import numpy as np; held = np.ones(1 << 27); "
    again = "from simengine import load, run; import sys; del held; run(load(sys.argv[1]), memory='900MiB')"
    child = "import subprocess, sys; command = [sys.executable, '-m', 'simengine', 'run', sys.argv[1], '--quiet']; "
    child += "subprocess.run([*command, '--memory', '900MiB'], check=True)"
    for then in (again, child):
        subprocess.run([sys.executable, "-c", earlier + then, "small.yaml"], cwd=tmp_path, check=True)


@pytest.mark.parametrize("stated", [1.5, b"x", True, 0, -5])
def test_no_amount_is_refused_in_words(stated: object) -> None:
    with pytest.raises(ScenarioError, match="an amount of memory with its unit"):
        budget_of(stated)


def test_what_is_no_amount_is_refused(tmp_path: Path) -> None:
    (tmp_path / "small.yaml").write_text(SMALL)
    for text, hint in (("4", "did you mean 4GiB?"), ("much", "an amount of memory with its unit")):
        ended = call(tmp_path, "run", "small.yaml", "--memory", text)
        assert ended.code == 2
        assert f"--memory {text}" in ended.err
        assert hint in ended.err


def test_the_manifest_says_what_was_planned_and_used(tmp_path: Path) -> None:
    (tmp_path / "small.yaml").write_text(SMALL)
    assert call(tmp_path, "run", "small.yaml", "--memory", "2GiB", "--quiet").code == 0
    memory = json.loads((tmp_path / "runs" / "small" / "manifest.json").read_text())["memory"]
    assert 0 < memory["planned_bytes"] < 2 * 2**30
    assert 0 <= memory["most_used_bytes"] < 2 * 2**30
