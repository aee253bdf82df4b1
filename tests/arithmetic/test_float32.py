"""float32 formulas against float64, and the fused multiply-add against fractions."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simengine import arithmetic
from simengine.arithmetic import bits
from tests.digests import looped

f32 = np.float32
random = np.random.default_rng(3)
WORDS = np.concatenate(
    [
        [0, 1, 2, 0xB504F333, 0xB504F334, 2**32 - 1],
        2 ** np.arange(32),
        2**32 - 2 ** np.arange(32),
        random.integers(0, 2**32, 50_000),
    ]
)
normal_singles = st.floats(width=32, allow_nan=False, allow_infinity=False, allow_subnormal=False).filter(
    lambda x: x == 0.0 or 1e-15 < abs(x) < 1e15
)


def relative_error(values: Any, exact: Any) -> float:
    return float(np.max(np.abs(values - exact) / np.abs(exact)))


def exponentials() -> Any:
    """-log((word + 1/2) / 2**32) in float64, from the end that is accurate."""
    words = WORDS.astype(np.float64)
    low = words < 2.0**31
    return np.where(low, -np.log((words + 0.5) / 2.0**32), -np.log1p(-(2.0**32 - words - 0.5) / 2.0**32))


def test_exp32_errs_by_less_than_the_stated_bound() -> None:
    x = random.uniform(-87.299, 88.722, 200_000).astype(f32)
    assert relative_error(looped(arithmetic.exp32, x), np.exp(x.astype(np.float64))) < 1.2e-7


@pytest.mark.parametrize("x", [-87.3, -88.0, -1e30, -np.inf])
def test_exp32_is_exactly_zero_far_below(x: float) -> None:
    assert arithmetic.exp32(f32(x)) == 0.0


def test_exp32_at_the_upper_edge() -> None:
    assert np.isfinite(arithmetic.exp32(f32(88.0)))
    assert arithmetic.exp32(f32(88.72283)) == pytest.approx(3.40279e38, rel=1e-5)
    assert arithmetic.exp32(f32(89.0)) == arithmetic.exp32(f32(np.inf)) == np.inf
    assert np.isnan(arithmetic.exp32(f32(np.nan)))
    assert arithmetic.exp32(f32(0.0)) == 1.0


def test_log32_errs_by_less_than_the_stated_bound() -> None:
    x = np.concatenate(
        [
            10.0 ** random.uniform(-44, 38, 100_000),
            random.uniform(0.4, 2.5, 100_000),
            1 + random.normal(0, 1e-4, 100_000),
        ]
    ).astype(f32)
    x = x[(x != 1.0) & (x > 0)]
    assert relative_error(looped(arithmetic.log32, x), np.log(x.astype(np.float64))) < 2e-7
    assert arithmetic.log32(f32(1.0)) == 0.0


def test_exponential32_is_accurate_at_both_ends() -> None:
    values = looped(arithmetic.exponential32, WORDS.astype(np.uint32))
    assert relative_error(values, exponentials()) < 3e-7
    assert values.min() > 1e-10
    assert values.max() < 23


def test_gumbel32_is_the_logarithm_of_an_exponential() -> None:
    values = looped(arithmetic.gumbel32, WORDS.astype(np.uint32))
    assert float(np.max(np.abs(values + np.log(exponentials())))) < 1.5e-6


def test_gumbel_errors_have_the_moments_of_their_distribution() -> None:
    """Mean Euler's constant, variance pi**2/6, kurtosis 5.4. Bounds: 4 standard errors, passed once in 8,000 seeds."""
    n = 1_000_000
    values = looped(arithmetic.gumbel32, np.random.default_rng(5).integers(0, 2**32, n).astype(np.uint32)).astype(float)
    variance = np.pi**2 / 6
    assert abs(values.mean() - 0.5772156649) < 4 * np.sqrt(variance / n)
    assert abs(values.var() - variance) < 4 * variance * np.sqrt(4.4 / n)


@given(normal_singles, normal_singles, normal_singles)
def test_fma32_is_rounded_once(a: float, b: float, c: float) -> None:
    exact = Fraction(a) * Fraction(b) + Fraction(c)
    value = arithmetic.fma32(f32(a), f32(b), f32(c))
    error = abs(Fraction(float(value)) - exact)
    for direction in (-np.inf, np.inf):
        assert error <= abs(Fraction(float(np.nextafter(f32(value), f32(direction)))) - exact)


@given(*[st.floats(width=32, allow_nan=False)] * 3)
def test_fma32_and_its_twin_in_python_agree(a: float, b: float, c: float) -> None:
    compiled, plain = arithmetic.fma32(f32(a), f32(b), f32(c)), bits._fma32(f32(a), f32(b), f32(c))
    assert compiled == plain or (np.isnan(compiled) and np.isnan(plain))


def test_fma32_keeps_what_two_roundings_lose() -> None:
    a = f32(1 + 2**-12)
    assert arithmetic.fma32(a, a, f32(-1)) == 2**-11 + 2**-24
    assert f32(f32(a * a) - f32(1)) == 2**-11


@pytest.mark.parametrize("name", ["exp32", "log32"])
def test_a_loop_becomes_vector_code(name: str) -> None:
    """Eight numbers at a time at least, where the processor can: a scalar loop would be ten times slower."""
    import numba

    formula = getattr(arithmetic, name)

    @numba.njit(error_model="numpy")
    def loop(values: Any, results: Any) -> None:
        for i in range(values.size):
            results[i] = formula(values[i])

    loop(np.ones(100, f32), np.empty(100, f32))
    if not hasattr(loop, "inspect_asm"):
        pytest.skip("kernels run as plain Python here, by NUMBA_DISABLE_JIT: there are no instructions to look at")
    (code,) = loop.inspect_asm().values()
    if "vfmadd" not in code:
        pytest.skip("this processor has no fused multiply-add")
    packed = [line for line in code.splitlines() if "vfmadd" in line and "ps" in line.split()[0]]
    assert any("ymm" in line or "zmm" in line for line in packed)
