"""Sixteen numbers at a time: each lane is what float32 arithmetic says, compiled and not."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from simengine.arithmetic.bits import fma32
from simengine.arithmetic.lanes import (
    LANES,
    either,
    every,
    every_whole,
    fma,
    load,
    marks,
    product,
    store,
    total,
    up_to,
)
from simengine.jit import kernel
from tests.environments import OLD_PROCESSOR, UNCOMPILED, python

f32 = np.float32


@kernel
def through_lanes(a: Any, b: Any, c: Any, out: Any, sums: Any) -> None:
    """out [6, n]: a + b, a - b, a * b, a / b, a * b + c rounded once, 3; sums [n / 16] of the lanes of a."""
    for i in range(0, a.shape[0], LANES):
        x, y, z = load(a, i), load(b, i), load(c, i)
        store(out[0], i, x + y)
        store(out[1], i, x - y)
        store(out[2], i, x * y)
        store(out[3], i, x / y)
        store(out[4], i, fma(x, y, z))
        store(out[5], i, every(f32(3.0)))
        sums[i // LANES] = total(x)


@kernel
def through_whole_lanes(a: Any, b: Any, x: Any, y: Any, out: Any, real: Any, told: Any) -> None:
    """out [10, n] of whole lanes, real [n] and told [n / 16, 6] of comparisons, by `expected_of_whole`."""
    for i in range(0, a.shape[0], LANES):
        p, q, u, v = load(a, i), load(b, i), load(x, i), load(y, i)
        store(out[0], i, p + q)
        store(out[1], i, p & q)
        store(out[2], i, p | q)
        store(out[3], i, p ^ q)
        store(out[4], i, p >> every_whole(5))
        store(out[5], i, either((p > q) | (p == q), p, every_whole(-7)))
        store(out[6], i, either(up_to(p, q) & (p != q), p, q))
        high, low = product(p, 0xCD9E8D57)
        store(out[7], i, high)
        store(out[8], i, low)
        store(out[9], i, p << every_whole(3))
        store(real, i, either(u > v, u, v))
        row = told[i // LANES]
        row[0], row[1], row[2] = marks(p > q), marks(p >= q), marks(p == q)
        row[3], row[4], row[5] = marks(p != q), marks(up_to(p, q)), marks(u > v)


def whole_columns(n: int = 64 * LANES) -> tuple[Any, Any]:
    """Two columns of all sizes and both signs, equal in a lane of eight."""
    a, b = np.random.default_rng(4).integers(-(2**31), 2**31, (2, n)).astype(np.int32)
    return a, np.where(np.arange(n) % 8 == 3, a, b).astype(np.int32)


def computed_of_whole() -> tuple[Any, Any, Any]:
    (a, b), (x, y, _) = whole_columns(), columns()
    out, real, told = np.empty((10, len(a)), np.int32), np.empty(len(a), f32), np.empty((len(a) // LANES, 6), np.uint64)
    through_whole_lanes(a, b.view(np.uint32), x, y, out, real, told)
    return out, real, told


def columns(n: int = 64 * LANES) -> list[np.ndarray[Any, np.dtype[np.float32]]]:
    """Three columns of numbers of many sizes and both signs, the third close to minus the product of the others."""
    random = np.random.default_rng(3)
    a, b = (random.standard_normal((2, n)) * 2.0 ** random.integers(-30, 30, (2, n))).astype(f32)
    return [a, b, (-a * b * (1.0 + random.standard_normal(n) * 2.0 ** random.integers(-30, 2, n))).astype(f32)]


def computed() -> tuple[Any, Any]:
    a, b, c = columns()
    out, sums = np.empty((6, len(a)), f32), np.empty(len(a) // LANES, f32)
    through_lanes(a, b, c, out, sums)
    return out, sums


def test_every_lane_is_rounded_as_a_float32() -> None:
    a, b, c = columns()
    out, _ = computed()
    for row, expected in zip(out, (a + b, a - b, a * b, a / b), strict=False):
        np.testing.assert_array_equal(row, expected)
    np.testing.assert_array_equal(out[4], [fma32(x, y, z) for x, y, z in zip(a, b, c, strict=True)])
    assert (out[5] == 3.0).all()


def test_a_total_is_the_sum_of_its_lanes_in_a_fixed_order() -> None:
    a = columns()[0].reshape(-1, LANES)
    _, sums = computed()
    halves = a[:, :8] + a[:, 8:]
    halves = halves[:, :4] + halves[:, 4:]
    halves = halves[:, :2] + halves[:, 2:]
    np.testing.assert_array_equal(sums, halves[:, 0] + halves[:, 1])


def test_whole_lanes_are_what_int32_arithmetic_says() -> None:
    (a, b), (x, y, _) = whole_columns(), columns()
    out, real, told = computed_of_whole()
    long = a.view(np.uint32).astype(np.uint64) * np.uint64(0xCD9E8D57)
    unsigned = a.view(np.uint32) <= b.view(np.uint32)
    expected = [
        a + b, a & b, a | b, a ^ b, a >> 5, np.where(a >= b, a, -7), np.where(unsigned & (a != b), a, b),
        (long >> np.uint64(32)).astype(np.uint32).view(np.int32), long.astype(np.uint32).view(np.int32), a << 3,
    ]  # fmt: skip
    for row, wanted in zip(out, expected, strict=True):
        np.testing.assert_array_equal(row, wanted)
    np.testing.assert_array_equal(real, np.where(x > y, x, y))
    answers = np.stack([a > b, a >= b, a == b, a != b, unsigned, x > y], axis=1).reshape(-1, LANES, 6)
    np.testing.assert_array_equal(told, (answers * 2 ** np.arange(LANES)[:, None]).sum(axis=1))


@pytest.mark.parametrize("environment", [OLD_PROCESSOR, UNCOMPILED], ids=["old processor", "uncompiled"])
def test_other_processors_and_plain_python_give_the_same_bits(environment: dict[str, str]) -> None:
    program = (
        "import json; from tests.arithmetic.test_lanes import *; "
        "print(json.dumps([x.tolist() for x in computed() + computed_of_whole()]))"
    )
    theirs = json.loads(python(["-W", "ignore", "-c", program], environment))
    assert theirs == [ours.tolist() for ours in computed() + computed_of_whole()]


@kernel
def of_every_second(values: Any) -> Any:
    return total(load(values[::2], 0))


def test_a_column_with_gaps_is_refused() -> None:
    with pytest.raises(Exception, match="contiguous"):
        of_every_second(np.ones(64, f32))
