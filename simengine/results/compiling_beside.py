"""A first run on two processors: a second process compiles what the simulation needs while this one solves today.

Threads would not do: the compiler has a lock of its own. Both keep what they compile in the same store. What one has
claimed the other does not compile: this process waits for it where it needs it, and goes on by itself if it does not
come. Results do not depend on who compiled what.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from simengine.code_store import ELSEWHERE, FOLDERS, STORING, has_room, is_stored
from simengine.engine.machine_memory import available
from simengine.engine.memory import COMPILING
from simengine.results.claims import Claims
from simengine.results.compiling import is_engine_new
from simengine.results.how import How
from simengine.results.memory import LOADING
from simengine.results.miniature import has_miniature
from simengine.scenario.model import Scenario
from simengine.unfinished import stopped_after, temporary_folder

MODULE = "simengine.results.compiled_ahead"
SCENARIO = "scenario"  # the file that it is read from there
PATIENCE = 120.0  # seconds that this process waits for the second in all, should it hang
LOOK = 0.02  # seconds between two looks for what it compiles
PROCESS = 3 * LOADING + COMPILING  # bytes that it takes


_ONE = threading.Lock()  # of all threads that run something, one has a second process


@contextmanager
def compiling_beside(scenario: Scenario, how: How, mode: str) -> Iterator[None]:
    """Within the block a second process compiles, too, if that is worth while."""
    with ExitStack() as stack:
        if is_worth_while(scenario, how, mode) and _ONE.acquire(blocking=False):
            stack.callback(_ONE.release)
            folder = stack.enter_context(temporary_folder("simengine-"))
            try:
                process = _started(scenario, folder)
            except OSError:  # no more processes, no room for a file: then without
                process = None
            if process is not None:
                stack.enter_context(process)  # closes its input in the end
                stack.enter_context(stopped_after(process))
                second = Second(process, folder)
                ELSEWHERE.compiled = second.compiled
                stack.callback(_alone, second)
        yield


def is_worth_while(scenario: Scenario, how: How, mode: str) -> bool:
    """Whether a second process would shorten a run: some kernel of the engine is new, there is a processor for it, and
    it can leave what it compiles for this one. Who limits the memory of a run has no room for another."""
    left = available()
    return (
        has_miniature(scenario)
        and how.options_of(scenario).workers > 1
        and how.budget is None
        and (left is None or left > 2 * PROCESS)
        and ELSEWHERE.compiled is None  # neither is this the second, nor has it one
        and bool(sys.executable)
        and not hasattr(sys, "frozen")  # then it is no interpreter
        and has_room()
        and is_engine_new(scenario, mode)
    )


class Second:
    """The second process, as the first sees it."""

    def __init__(self, process: subprocess.Popen[bytes], folder: Path) -> None:
        self._process, self._claims, self._patience = process, Claims(folder), PATIENCE

    def compiled(self, name: str) -> bool:
        """Whether it may have compiled what is stored by a name, having claimed it. Waits until it has."""
        if self._claims.claim(name):
            return False
        until = time.monotonic() + self._patience
        while not is_stored(name) and self._process.poll() is None:
            if time.monotonic() > until:
                self._process.kill()
            time.sleep(LOOK)
        self._patience = max(0.0, until - time.monotonic())
        return True

    def has_compiled(self) -> int:
        """How many functions it has stored."""
        return sum(map(is_stored, self._claims.of_the_other()))


def _alone(second: Second) -> None:
    ELSEWHERE.compiled = None
    with suppress(OSError):  # a folder that is gone
        STORING.compiled += second.has_compiled()


def _started(scenario: Scenario, folder: Path) -> subprocess.Popen[bytes] | None:
    """The second process, with the import path of this one. None for a scenario that cannot be handed on. Raises
    OSError."""
    try:
        (folder / SCENARIO).write_bytes(pickle.dumps(scenario))
    except (pickle.PicklingError, TypeError, AttributeError):
        return None
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, filter(None, sys.path)))}
    return subprocess.Popen(
        [sys.executable, "-P", "-W", "ignore", "-m", MODULE, str(folder), str(FOLDERS[-1])],
        env=environment, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
