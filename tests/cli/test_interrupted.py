"""A run that is stopped, however rudely, leaves no half folder."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
SOON = 5.0  # seconds


@contextmanager
def running(scenario: Path, *options: str, cache: Path | None = None) -> Iterator[subprocess.Popen[str]]:
    """A run of about a minute, ended in any case."""
    environment = {**os.environ, **({"SIMENGINE_CACHE": str(cache)} if cache else {})}
    process = subprocess.Popen(
        [sys.executable, "-m", "simengine", "run", scenario.name, "--replications", "100000", *options],
        cwd=scenario.parent, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def stopped(process: subprocess.Popen[str], sent: signal.Signals) -> float:
    """Seconds from the signal to the end of the process."""
    assert process.poll() is None
    process.send_signal(sent)
    start = time.monotonic()
    process.wait(timeout=60)
    return time.monotonic() - start


@pytest.mark.parametrize("after", [0.3, 1.0, 3.0, 6.0], ids=lambda seconds: f"after {seconds} s")
def test_ctrl_c_ends_with_130_at_once_and_leaves_nothing(after: float, scenario: Path) -> None:
    with running(scenario) as process:
        time.sleep(after)
        assert stopped(process, signal.SIGINT) < SOON
        _, errors = process.communicate()
    assert process.returncode == 130
    assert "Traceback" not in errors
    assert [path.name for path in scenario.parent.iterdir()] == ["small.yaml"]


def test_ctrl_c_is_answered_while_kernels_are_compiled(
    scenario: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with running(scenario, cache=tmp_path_factory.mktemp("cache")) as process:
        assert process.stderr is not None
        assert "compiling" in process.stderr.readline()
        time.sleep(1.0)
        assert stopped(process, signal.SIGINT) < SOON
    assert process.returncode == 130
    assert [path.name for path in scenario.parent.iterdir()] == ["small.yaml"]


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGHUP])
def test_other_requests_to_end_leave_nothing_either(sent: signal.Signals, scenario: Path) -> None:
    with running(scenario, "--quiet") as process:
        time.sleep(3.0)
        stopped(process, sent)
        _, errors = process.communicate()
    assert (process.returncode, errors) == (128 + sent, "")
    assert [path.name for path in scenario.parent.iterdir()] == ["small.yaml"]


@pytest.mark.parametrize("name", ["o.csv", "o.parquet"])
def test_a_killed_synth_leaves_what_the_next_one_removes(name: str, scenario: Path) -> None:
    folder = scenario.parent / f".{name}.partial-99999999"
    folder.mkdir()
    (folder / "part").write_text("half")
    command = [sys.executable, "-m", "simengine", "synth", scenario.name, "--customers", "50", "--out", name]
    subprocess.run(command, cwd=scenario.parent, check=True, capture_output=True)
    assert sorted(path.name for path in scenario.parent.iterdir()) == [name, "small.yaml"]


def test_a_closed_pipe_is_no_failure(scenario: Path) -> None:
    for command in (["validate", scenario.name, "--origins"], ["schema"], ["run", scenario.name, "--mode", "expected"]):
        read, write = os.pipe()
        os.close(read)  # nobody reads
        done = subprocess.run(
            [sys.executable, "-m", "simengine", *command, "--quiet"][: None if command != ["schema"] else -1],
            cwd=scenario.parent, stdout=write, stderr=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip
        os.close(write)
        assert (done.returncode, done.stderr) == (141, "")


def test_a_killed_run_leaves_no_folder(scenario: Path) -> None:
    with running(scenario) as process:
        time.sleep(4.0)
        stopped(process, signal.SIGKILL)
    assert [path.name for path in scenario.parent.iterdir()] == ["small.yaml"]
