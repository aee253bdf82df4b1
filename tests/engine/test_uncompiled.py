"""The kernels without the compiler: the same bits, so that what is compiled is what is written."""

from __future__ import annotations

import json

from tests.engine.ledger_digests import WORLDS, digests
from tests.environments import UNCOMPILED, python


def test_kernels_compute_the_same_bits_uncompiled() -> None:
    uncompiled = json.loads(python(["-W", "ignore", "-m", "tests.engine.ledger_digests"], UNCOMPILED))
    assert uncompiled == digests()
    assert len(set(uncompiled.values())) == 2 * len(WORLDS) + 1
