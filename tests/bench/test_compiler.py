"""The stepper in C is built as fast as it can be, and leaves the process that loads it as it was."""

from __future__ import annotations

import pytest

from simengine.bench import compiler
from tests.environments import python

SCRIPT = """
from simengine.bench import compiler
assert compiler.build().flags[0] == "-O3"
smallest = float('2.2250738585072014e-308')  # not folded into a constant when this is compiled
print(smallest / 2.0 > 0.0, smallest / 2.0 * 2.0 == smallest)
"""


@pytest.mark.skipif(compiler.build() is None, reason="no C compiler")
def test_the_smallest_numbers_stay_what_they_are() -> None:
    assert python(["-c", SCRIPT]) == "True True\n"
