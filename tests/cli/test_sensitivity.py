"""`simengine sensitivity` as a user meets it."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.bad.corpus import simengine


def test_the_tornado_is_printed_and_is_one_json_document(scenario: Path) -> None:
    asked = ["--range", "segments.affluent.churn=5%:9%", "--range", "levers.advisers.response.hill.max=1:3"]
    ended = simengine(["sensitivity", scenario.name, *asked, "--quiet"], scenario.parent)
    assert ended.code == 0, ended.err
    for part in ("segments.affluent.churn", "5%", "9%", "As stated:", "low and high: asked for."):
        assert part in ended.out
    document = json.loads(simengine(["sensitivity", scenario.name, *asked, "--json"], scenario.parent).out)
    assert {each["input"] for each in document["inputs"]} == {asked[1].split("=")[0], asked[3].split("=")[0]}
    assert document["indices"] is None
    assert not ended.written


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--range", "segments.affluent.chrun=5%:9%"], "did you mean 'churn'?"),
        (["--range", "segments.affluent.churn=5%:900%"], "less than 1"),
        (["--to", "more_advise"], "did you mean 'more_advice'?"),
        (["--samples", "1000"], "write 1024"),
        (["--set", "allocations.more_advice=null"], "two at least"),
    ],
)
def test_what_cannot_be_asked_is_told(scenario: Path, arguments: list[str], said: str) -> None:
    ended = simengine(["sensitivity", scenario.name, *arguments], scenario.parent)
    assert (ended.code, ended.out) == (2, "")
    assert said in ended.err


def children(of: int) -> list[Path]:
    """The processes that a process has begun, and that still run."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent = stat.read_text().rpartition(")")[2].split()[:2]
        except OSError:  # it has just ended
            continue
        if int(parent) == of and state != "Z":
            found.append(stat.parent)
    return found


def until(found: Callable[[], bool], seconds: float = 60.0) -> None:
    start = time.monotonic()
    while not found():
        assert time.monotonic() - start < seconds
        time.sleep(0.1)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there are no workers")
def test_ctrl_c_ends_the_command_at_once_and_its_workers_with_it(scenario: Path) -> None:
    asked = ["--set", "uncertain={company.discount_rate: {normal: [9%, 1%]}}", "--samples", "16384", "--threads", "2"]
    command = [sys.executable, "-m", "simengine", "sensitivity", scenario.name, *asked, "--quiet"]
    process = subprocess.Popen(command, cwd=scenario.parent, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        until(lambda: len(children(process.pid)) == 2)
        workers = children(process.pid)
        process.send_signal(signal.SIGINT)
        start = time.monotonic()
        out, errors = process.communicate(timeout=60)
        assert time.monotonic() - start < 10
        assert (process.returncode, out) == (130, "")
        assert "Traceback" not in errors
        until(lambda: not any(worker.exists() for worker in workers), 20)
    finally:
        process.kill()
