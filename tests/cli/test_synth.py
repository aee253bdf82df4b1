"""`simengine synth` as a user meets it."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Ended


def test_a_file_and_its_scenario_can_be_validated_and_run(scenario: Path, simengine: Callable[..., Ended]) -> None:
    command = ("synth", scenario.name, "--out", "data/many.parquet", "--customers")
    ended = simengine(*command, "500", "--scenario", "m.yaml")
    assert ended.code == 0, ended.err
    assert ended.out.startswith("portfolio:\n  customers: data/many.parquet\n  columns:\n    id: customer_id\n")
    assert "# affluent: shares: {us: 0." in ended.out
    assert "written to data/many.parquet and m.yaml" in ended.err
    assert simengine("validate", "m.yaml").code == 0
    ran = simengine("run", "m.yaml", "--mode", "expected", "--json")
    assert ran.code == 0, ran.err
    assert json.loads(ran.out)["market_size"] == 500
    again = simengine(*command, "60", "--json")
    assert again.code == 0, again.err
    document = json.loads(again.out)
    assert (document["rows"], document["segments"]["affluent"]["rows"]) == (60, 60)


def test_the_block_that_is_printed_is_that_of_the_scenario_written(
    scenario: Path, simengine: Callable[..., Ended]
) -> None:
    ended = simengine("synth", scenario.name, "--customers", "500", "--out", "new/c.csv", "--scenario", "new/m.yaml")
    assert ended.code == 0, ended.err
    assert ended.out.startswith("portfolio:\n  customers: c.csv\n")
    assert "customers:\n  - c.csv" in (scenario.parent / "new" / "m.yaml").read_text()


def test_bad_options_are_told_together_and_nothing_is_written(scenario: Path, simengine: Callable[..., Ended]) -> None:
    ended = simengine("synth", scenario.name, "--customers", "50", "--out", "many.xyz", "--scenario", scenario.name)
    assert (ended.code, ended.out) == (2, "")
    assert "the name of a file ending in .parquet" in ended.err
    assert "small.yaml, which exists" in ended.err
    assert [path.name for path in scenario.parent.iterdir()] == ["small.yaml"]


def test_a_scenario_that_the_new_file_could_not_serve_is_not_written(
    tmp_path: Path, simengine: Callable[..., Ended]
) -> None:
    (tmp_path / "c.csv").write_text("id,revenue,region\n1,100,north\n2,90,south\n")
    (tmp_path / "spread.yaml").write_text(
        "company: {name: Invented, discount_rate: 9%, shares: 10}\n"
        "portfolio: {customers: c.csv, columns: {id: id, revenue: revenue}}\n"
        "segments: {all: {dynamics: contract, hazard: {constant: 10%}, margin: 50%}}\n"
        "levers: {care: {target: retention, response: {hill: {max: 1, half: 10, shape: 1}}}}\n"
        "allocations: {baseline: {}, habit: {spread: {budget: 20, lever: care, by: column region}}}\n"
    )
    command = ("synth", str(tmp_path / "spread.yaml"), "--customers", "9", "--out", str(tmp_path / "n.csv"))
    ended = simengine(*command, "--scenario", str(tmp_path / "n.yaml"))
    assert ended.code == 2
    assert "found     a spread by column region" in ended.err
    assert "state the money per segment, or leave --scenario out" in ended.err
    assert not (tmp_path / "n.csv").exists()
    assert simengine(*command).code == 0


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize(("sent", "name"), [("SIGINT", "m.csv"), ("SIGTERM", "m.parquet")])
def test_a_signal_while_a_library_writes_leaves_nothing(sent: str, name: str, scenario: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "simengine",
        "synth",
        scenario.name,
        "--customers",
        "9000000",
        "--quiet",
        "--out",
        name,
    ]
    process = subprocess.Popen(command, cwd=scenario.parent, stderr=subprocess.PIPE)
    try:
        while not any(each.name == "whole" for each in scenario.parent.glob(".m.*/*")):
            assert process.poll() is None
            time.sleep(0.01)
        number = getattr(signal, sent)
        process.send_signal(number)
        _, errors = process.communicate(timeout=60)
    finally:
        process.kill()
    assert (process.returncode, errors) == (128 + number, b"")
    assert [path.name for path in scenario.parent.iterdir()] == ["small.yaml"]


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize("after", [1.0, 9.0], ids=lambda seconds: f"after {seconds} s")
def test_ctrl_c_ends_with_130_and_leaves_nothing(after: float, scenario: Path) -> None:
    command = [sys.executable, "-m", "simengine", "synth", scenario.name, "--customers", "300000000"]
    process = subprocess.Popen([*command, "--out", "new/m.parquet"], cwd=scenario.parent, stderr=subprocess.PIPE)
    try:
        time.sleep(after)
        assert process.poll() is None
        process.send_signal(signal.SIGINT)
        start = time.monotonic()
        _, errors = process.communicate(timeout=60)
        assert time.monotonic() - start < 10
    finally:
        process.kill()
    assert process.returncode == 130
    assert b"Traceback" not in errors
    assert [path.name for path in scenario.parent.iterdir()] == ["small.yaml"]
