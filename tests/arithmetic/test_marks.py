"""Marks are the bits of one word: compared bytes, their number, their places."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simengine.arithmetic.marks import MARKS, bytes_up_to, lowest, number, without_lowest
from simengine.jit import kernel

u32, u64 = np.uint32, np.uint64


@kernel
def marked(words: Any, start: Any, most: Any) -> Any:
    return bytes_up_to(words, start, u32(most))


@kernel
def places(marks: Any, out: Any) -> Any:
    """out: the places of the marks; their number as counted, and as met."""
    met = 0
    counted = number(marks)
    while marks != 0:
        out[met] = lowest(marks)
        marks = without_lowest(marks)
        met += 1
    return counted, met


@pytest.mark.parametrize("most", [0, 1, 127, 128, 254, 255])
def test_bytes_are_compared_as_numbers_without_a_sign(most: int) -> None:
    words = np.random.default_rng(most).integers(0, 2**32, 20).astype(u32)
    words[5] = 0x00FF7F80
    told = int(marked(words, 4, most))
    assert [told >> place & 1 for place in range(MARKS)] == [int(byte <= most) for byte in words.view(np.uint8)[16:80]]


@given(st.integers(0, 2**64 - 1))
def test_places_are_those_of_the_bits(marks: int) -> None:
    out = np.zeros(MARKS, np.int64)
    counted, met = places(u64(marks), out)
    wanted = [place for place in range(MARKS) if marks >> place & 1]
    assert out[:met].tolist() == wanted
    assert counted == len(wanted)


def test_a_column_with_gaps_is_refused() -> None:
    with pytest.raises(Exception, match="contiguous"):
        marked(np.zeros(64, u32)[::2], 0, 1)
