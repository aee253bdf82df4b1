"""A market that answers its customers, told again as known ahead, is the same to the bit."""

from __future__ import annotations

import pytest

from simengine.bench.market import Shape, market
from simengine.engine.options import Options
from tests.properties.worlds import same_bits

TALKING = market(Shape(customers=3_000, cells=2, periods=5, segments=2, stages=True, known=True, drift=True, talk=True))


@pytest.mark.parametrize("mode", ["sampled", "expected"])
def test_a_replay_is_the_same_market_without_feedback(mode: str) -> None:
    options = Options(1, mode, 3 if mode == "sampled" else 1, threads=1, batch=2, customer_cells=(0,))
    unfolding, replay = TALKING.unfolding(options), TALKING.replay(options)
    assert (unfolding is not None and unfolding.feedback, replay.feedback) == (True, False)
    assert same_bits(TALKING.simulated(options, replay), TALKING.simulated(options))
    for (_, replications), known in replay.batches.items():
        shift = known.choice.shift.reshape(2, replications, *known.choice.shift.shape[1:])
        assert (shift[:, :, 1:] != shift[:, :, :1]).any(), "nobody talks"
        assert replications == 1 or (shift[:, 0] != shift[:, 1]).any(), "replications have shares of their own"
