"""Two workers of whom one fails while the other is at work."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

from simengine.engine.pool import Pool


def fails_beside_another(monkeypatch: pytest.MonkeyPatch, module: ModuleType) -> tuple[Callable[..., None], list[int]]:
    """What to do in place of a period by the workers of a module's pool: whoever comes first raises ValueError once
    another has come, too, which goes on until it is stopped. And the threads of those who came."""
    both, calls = threading.Event(), list[int]()
    pools: list[Pool] = []

    def period(*of: Any) -> None:
        calls.append(threading.get_ident())
        if len(calls) == 1:
            assert both.wait(10)
            raise ValueError("of one worker")
        both.set()
        while not pools[0].stopping:
            time.sleep(0.001)

    monkeypatch.setattr(module, "Pool", lambda workers: pools.append(Pool(workers)) or pools[-1])
    return period, calls
