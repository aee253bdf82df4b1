"""The same bits on an old processor, on this one, and without the compiler."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pytest

from tests.environments import OLD_PROCESSOR, UNCOMPILED, python
from tests.oracle.worlds import write_choice_world, write_contract_world, write_own_world


def computed(points: int, environment: dict[str, str] | None = None) -> tuple[dict[str, str], str]:
    """Digests by formula, and that of np.exp."""
    found = json.loads(python(["-m", "tests.digests", str(points)], environment))
    return found["digests"], found["np.exp"]


@pytest.fixture
def newer_processor() -> None:
    """A processor that has something to take away; the figures of an older one cannot differ from its own."""
    features = np._core._multiarray_umath.__cpu_features__  # type: ignore[attr-defined]
    if not any(features.get(name) for name in ("X86_V3", "AVX2", "X86_V4", "AVX512_SKX")):
        pytest.skip("this processor has no features to take away: nothing could differ")


@pytest.mark.usefixtures("newer_processor")
def test_an_old_processor_computes_the_same_bits() -> None:
    here, exp_here = computed(2000)
    there, exp_there = computed(2000, dict(OLD_PROCESSOR))
    assert exp_here != exp_there, "np.exp is the same in both environments: the comparison proves nothing"
    assert there == here


def test_uncompiled_formulas_compute_the_same_bits() -> None:
    compiled, _ = computed(300)
    uncompiled, _ = computed(300, dict(UNCOMPILED))
    assert uncompiled == compiled


def run(path: Path, mode: str, environment: Mapping[str, str]) -> str:
    """What `simengine run --json` prints."""
    folder = path.parent / f"run-{mode}"
    arguments = ["run", str(path), "--json", "--mode", mode, "--out", str(folder)]
    return python(["-m", "simengine", *arguments], environment)


@pytest.mark.usefixtures("newer_processor")
@pytest.mark.parametrize("mode", ["sampled", "expected"])
@pytest.mark.parametrize("write", [write_choice_world, write_contract_world, write_own_world])
def test_an_old_processor_simulates_the_same_bits(write: Callable[[Path], Path], mode: str, tmp_path: Path) -> None:
    path = write(tmp_path)
    assert run(path, mode, OLD_PROCESSOR) == run(path, mode, {})
