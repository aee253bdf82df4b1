"""exp, log and power against 60-digit decimal arithmetic."""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import Context, Decimal, localcontext
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simengine import arithmetic

DIGITS = Context(prec=60, Emin=-100_000, Emax=100_000)
random = np.random.default_rng(1)
SIGNED = np.concatenate(
    [random.uniform(-1, 1, 1000), random.uniform(-1e-5, 1e-5, 1000), random.uniform(-0.999, 3, 1000)]
)
POSITIVE = np.concatenate(
    [10.0 ** random.uniform(-307, 308, 1000), random.uniform(0.5, 2, 1000), 1 + SIGNED[1000:2000]]
)


def units_in_last_place(value: float, exact: Decimal) -> float:
    with localcontext(DIGITS):
        return float(abs(Decimal(value) - exact) / Decimal(math.ulp(float(exact))))


@pytest.mark.parametrize(
    ("formula", "exact", "inputs"),
    [
        (arithmetic.exp, lambda x: x.exp(), np.concatenate([random.uniform(-708, 709.7, 2000), SIGNED])),
        (arithmetic.expm1, lambda x: x.exp() - 1, np.concatenate([random.uniform(-45, 709.7, 2000), SIGNED])),
        (arithmetic.log, lambda x: x.ln(), POSITIVE),
        (arithmetic.log1p, lambda x: (1 + x).ln(), np.concatenate([POSITIVE[POSITIVE < 1e30], SIGNED])),
    ],
    ids=["exp", "expm1", "log", "log1p"],
)
def test_errs_by_less_than_one_and_a_half_units(
    formula: Any, exact: Callable[[Decimal], Decimal], inputs: np.ndarray[Any, np.dtype[np.float64]]
) -> None:
    with localcontext(DIGITS):
        worst = max(units_in_last_place(formula(x), exact(Decimal(x))) for x in inputs.tolist() if abs(x) > 1e-40)
    assert worst < 1.5


def test_power_errs_by_less_than_one_and_a_half_units() -> None:
    bases = np.concatenate([random.uniform(0.5, 1.5, 1000), 1 + random.uniform(-0.01, 0.01, 1000), POSITIVE[:1000]])
    exponents = np.concatenate(
        [random.uniform(-50, 50, 1000), random.uniform(-6e4, 6e4, 1000), random.uniform(-1, 1, 1000)]
    )
    with localcontext(DIGITS):
        worst = max(
            units_in_last_place(arithmetic.power(x, y), (Decimal(y) * Decimal(x).ln()).exp())
            for x, y in zip(bases.tolist(), exponents.tolist(), strict=True)
        )
    assert worst < 1.5


def test_exp_at_the_edges() -> None:
    assert arithmetic.exp(0.0) == 1.0
    assert arithmetic.exp(-math.inf) == 0.0
    assert arithmetic.exp(-746.0) == 0.0
    assert arithmetic.exp(-745.1) == 5e-324
    assert arithmetic.exp(-720.0) == pytest.approx(math.exp(-720.0), rel=1e-9, abs=0)
    assert arithmetic.exp(709.782712893384) == pytest.approx(1.797693134862273e308)
    assert arithmetic.exp(709.79) == arithmetic.exp(math.inf) == math.inf
    assert math.isnan(arithmetic.exp(math.nan))


def test_expm1_at_the_edges() -> None:
    assert arithmetic.expm1(-math.inf) == arithmetic.expm1(-1000.0) == -1.0
    assert arithmetic.expm1(1e-300) == 1e-300
    assert math.copysign(1.0, arithmetic.expm1(-0.0)) == -1.0
    assert arithmetic.expm1(710.0) == math.inf
    assert math.isnan(arithmetic.expm1(math.nan))


def test_logarithms_at_the_edges() -> None:
    assert arithmetic.log(1.0) == 0.0
    assert arithmetic.log(0.0) == arithmetic.log1p(-1.0) == -math.inf
    assert arithmetic.log(math.inf) == arithmetic.log1p(math.inf) == math.inf
    assert arithmetic.log(5e-324) == pytest.approx(-744.4400719213812, rel=1e-15)
    assert arithmetic.log1p(1e-300) == 1e-300
    assert all(math.isnan(x) for x in (arithmetic.log(-1.0), arithmetic.log1p(-1.5), arithmetic.log(math.nan)))


def test_power_at_the_edges() -> None:
    inf, nan = math.inf, math.nan
    assert arithmetic.power(nan, 0.0) == arithmetic.power(1.0, nan) == 1.0
    assert arithmetic.power(0.0, 2.0) == arithmetic.power(inf, -2.0) == 0.0
    assert arithmetic.power(0.0, -2.0) == arithmetic.power(inf, 2.0) == inf
    assert arithmetic.power(0.5, inf) == arithmetic.power(2.0, -inf) == 0.0
    assert arithmetic.power(0.5, -inf) == arithmetic.power(2.0, inf) == inf
    assert arithmetic.power(1.1, 1e9) == inf
    assert arithmetic.power(1.1, -1e9) == 0.0
    assert arithmetic.power(5e-324, 0.5) == pytest.approx(2.2227587494850775e-162, rel=1e-15)
    assert all(
        math.isnan(x) for x in (arithmetic.power(-1.0, 2.0), arithmetic.power(nan, 1.0), arithmetic.power(2.0, nan))
    )


@given(st.floats(-700, 700))
def test_log_undoes_exp(x: float) -> None:
    assert arithmetic.log(arithmetic.exp(x)) == pytest.approx(x, rel=1e-15, abs=2e-16)


@given(st.floats(-1e-3, 30))
def test_log1p_undoes_expm1(x: float) -> None:
    assert arithmetic.log1p(arithmetic.expm1(x)) == pytest.approx(x, rel=1e-15)


@given(st.floats(1e-3, 1e3), st.integers(1, 20))
def test_an_integer_power_is_a_product(x: float, n: int) -> None:
    assert arithmetic.power(x, n) == pytest.approx(math.prod([x] * n), rel=1e-14)


@given(st.floats(-740, 700), st.floats(1e-9, 5))
def test_exp_does_not_fall(x: float, more: float) -> None:
    assert arithmetic.exp(x + more) >= arithmetic.exp(x)
