"""Settings of all tests."""

import signal

import numpy as np
import pytest
from hypothesis import settings

# The first example of a property may compile a formula; how long that takes is not what is tested. The examples are
# the same every time: whoever runs the tests anew without a change sees what was seen before.
settings.register_profile("simengine", deadline=None, derandomize=True)
settings.load_profile("simengine")

# Who starts the tests in the background of a shell has Ctrl-C ignored for them and for the commands that they run.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def newer_processor() -> None:
    """A processor that has something to take away; the figures of an older one cannot differ from its own."""
    features = np._core._multiarray_umath.__cpu_features__  # type: ignore[attr-defined]
    if not any(features.get(name) for name in ("X86_V3", "AVX2", "X86_V4", "AVX512_SKX")):
        pytest.skip("this processor has no features to take away: nothing could differ")
