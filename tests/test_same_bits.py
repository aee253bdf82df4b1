"""The same bits on an old processor, on this one, and without the compiler."""

from __future__ import annotations

import json

import pytest

from tests.engine import ledger_digests
from tests.environments import OLD_PROCESSOR, UNCOMPILED, python


def computed(points: int, environment: dict[str, str] | None = None) -> tuple[dict[str, str], str]:
    """Digests by formula, and that of np.exp."""
    found = json.loads(python(["-m", "tests.digests", str(points)], environment))
    return found["digests"], found["np.exp"]


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


@pytest.mark.usefixtures("newer_processor")
def test_an_old_processor_simulates_the_same_bits() -> None:
    assert json.loads(python(["-m", "tests.engine.ledger_digests"], OLD_PROCESSOR)) == ledger_digests.digests()
