"""When a second process compiles, too; that the first goes on without it, and that it never stays behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from simengine import unfinished
from simengine.code_store import ELSEWHERE
from simengine.results import compiling_beside as beside
from simengine.results.claims import Claims
from simengine.results.compiling_beside import Second, is_worth_while
from simengine.results.how import How
from simengine.results.memory import Budget
from simengine.scenario import load_scenario
from simengine.scenario.model import Scenario
from tests.cli.conftest import SMALL

TWO = How(threads=2)
SLEEPS = "import time; time.sleep(600)"


@pytest.fixture
def small(tmp_path: Path) -> Scenario:
    (tmp_path / "small.yaml").write_text(SMALL)
    return load_scenario(tmp_path / "small.yaml")


@pytest.fixture
def new(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Nothing is compiled, and there is room for it."""
    monkeypatch.setattr(beside, "is_engine_new", lambda scenario, mode: True)
    monkeypatch.setattr(beside, "has_room", lambda: True)
    monkeypatch.setattr(beside, "available", lambda: 64 << 30)
    return monkeypatch


@contextmanager
def python(code: str) -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE) as process:
        try:
            yield process
        finally:
            process.kill()


def test_it_is_worth_while_where_there_is_something_to_compile_and_room(
    small: Scenario, new: pytest.MonkeyPatch
) -> None:
    assert is_worth_while(small, TWO, "sampled")
    assert not is_worth_while(small, How(threads=1), "sampled")
    assert not is_worth_while(small, replace(TWO, budget=Budget(1 << 30, "1GiB")), "sampled")
    listed: Any = SimpleNamespace(columns=None)
    assert not is_worth_while(replace(small, portfolio=listed), TWO, "sampled")


@pytest.mark.parametrize(
    ("name", "instead"),
    [
        ("is_engine_new", lambda scenario, mode: False),
        ("has_room", lambda: False),
        ("available", lambda: 256 << 20),
        ("sys", SimpleNamespace(executable="")),
        ("sys", SimpleNamespace(executable=sys.executable, frozen=True)),
        ("ELSEWHERE", SimpleNamespace(compiled=lambda name: False)),
    ],
)
def test_it_is_not_where_something_is_missing(
    name: str, instead: Any, small: Scenario, new: pytest.MonkeyPatch
) -> None:
    new.setattr(beside, name, instead)
    assert not is_worth_while(small, TWO, "sampled")


def test_it_is_not_on_one_processor(small: Scenario, new: pytest.MonkeyPatch) -> None:
    new.setattr("simengine.engine.options.usable_processors", lambda: 1)
    assert not is_worth_while(small, How(), "sampled")


def test_what_the_second_has_claimed_is_waited_for_until_it_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(beside, "is_stored", lambda name: (tmp_path / "store" / name).exists())
    (tmp_path / "store").mkdir()
    theirs = Claims(tmp_path)
    with python(SLEEPS) as process:
        second = Second(process, tmp_path)
        assert not second.compiled("ours")
        assert not theirs.claim("ours")
        assert theirs.claim("theirs")
        threading.Timer(0.5, (tmp_path / "store" / "theirs").touch).start()
        start = time.monotonic()
        assert second.compiled("theirs")
        assert time.monotonic() - start > 0.4
        assert process.poll() is None


def test_what_the_second_has_stored_counts_as_compiled(
    tmp_path: Path, small: Scenario, new: pytest.MonkeyPatch
) -> None:
    new.setattr(beside, "is_stored", lambda name: name == "stored")
    new.setattr(beside, "STORING", SimpleNamespace(compiled=3))
    started_with(new, SLEEPS)
    with beside.compiling_beside(small, TWO, "sampled"):
        assert ELSEWHERE.compiled is not None
        folder = next(iter(unfinished._folders))
        for name in ("stored", "not yet"):
            Claims(folder).claim(name)
    assert beside.STORING.compiled == 4


def test_who_dies_or_hangs_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beside, "PATIENCE", 0.3)
    for name, code in {"dies": "raise SystemExit(3)", "hangs": SLEEPS}.items():
        with python(code) as process:
            Claims(tmp_path).claim(name)
            Second(process, tmp_path).compiled(name)
            process.wait(10)


def started_with(monkeypatch: pytest.MonkeyPatch, code: str) -> list[subprocess.Popen[bytes]]:
    """The second processes that are started from now on, which carry out other code."""
    processes = []

    def start(scenario: Scenario, folder: Path) -> subprocess.Popen[bytes]:
        processes.append(subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE))
        return processes[-1]

    monkeypatch.setattr(beside, "_started", start)
    return processes


@pytest.mark.parametrize("code", [SLEEPS, "raise SystemExit(3)"])
def test_it_is_gone_after_the_block(code: str, small: Scenario, new: pytest.MonkeyPatch) -> None:
    processes = started_with(new, code)
    with suppress(KeyboardInterrupt), beside.compiling_beside(small, TWO, "sampled"):
        assert ELSEWHERE.compiled is not None
        assert unfinished._processes == set(processes)
        with beside.compiling_beside(small, TWO, "sampled"):
            assert len(processes) == 1  # is enough
        raise KeyboardInterrupt
    assert ELSEWHERE.compiled is None
    assert not unfinished._processes
    assert processes[0].poll() is not None


def test_where_none_can_be_started_the_run_goes_on(small: Scenario, new: pytest.MonkeyPatch) -> None:
    def refused(*_: object, **__: object) -> None:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    new.setattr(subprocess, "Popen", refused)
    with beside.compiling_beside(small, TWO, "sampled"):
        assert ELSEWHERE.compiled is None


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks for processes as Linux shows them")
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGKILL])
def test_a_stopped_command_leaves_no_process(sent: signal.Signals, small: Scenario, tmp_path: Path) -> None:
    if len(os.sched_getaffinity(0)) < 2:
        pytest.skip("a second process takes a second processor")
    with subprocess.Popen(
        [sys.executable, "-m", "simengine", "run", "small.yaml"],
        cwd=tmp_path, env={**os.environ, "SIMENGINE_CACHE": str(tmp_path / "cache")}, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        found = soon(lambda: children_of(process.pid), 30.0)
        assert len(found) == 1
        time.sleep(1.0)
        process.send_signal(sent)
        process.wait(60)
    assert soon(lambda: not any(map(is_alive, found)), 5.0)


def soon(asked: Any, seconds: float) -> Any:
    """What is asked for, as soon as there is something."""
    until = time.monotonic() + seconds
    while not (found := asked()) and time.monotonic() < until:
        time.sleep(0.02)
    return found


def children_of(process: int) -> list[int]:
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(path.read_text().rpartition(")")[2].split()[1])
            command = (path.parent / "cmdline").read_bytes()
        except OSError:  # has ended
            continue
        if parent == process and beside.MODULE.encode() in command:
            found.append(int(path.parent.name))
    return found


def is_alive(process: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[:1]
    except OSError:
        return False


def test_of_two_threads_one_has_a_second_process(small: Scenario, new: pytest.MonkeyPatch) -> None:
    started = []

    def start(*unused: Any) -> None:
        started.append(threading.get_ident())

    new.setattr(beside, "_started", start)
    with beside.compiling_beside(small, TWO, "sampled"):
        other = threading.Thread(target=lambda: beside.compiling_beside(small, TWO, "sampled").__enter__())
        other.start()
        other.join()
    assert len(started) == 1
    with beside.compiling_beside(small, TWO, "sampled"):
        assert len(started) == 2, "it is for the next again"
