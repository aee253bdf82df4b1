"""Normal, gamma and Student-t against SciPy, closed forms and their own inverses."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special

from simengine import arithmetic
from simengine.arithmetic.gamma import _quantile_of_large_shape

random = np.random.default_rng(4)
U = np.concatenate(
    [random.uniform(size=300), 10.0 ** random.uniform(-15, -1, 200), 1 - 10.0 ** random.uniform(-13, -1, 200)]
)
inside = st.floats(1e-12, 1 - 1e-12)


@pytest.mark.parametrize(("lowest", "highest"), [(-37.5, 8.2), (-2.0, 2.0)])
def test_normal_cdf(lowest: float, highest: float) -> None:
    """To SciPy's accuracy, which falls in the tail; ours is tested by the quantile's round trip."""
    for x in random.uniform(lowest, highest, 1000):
        assert arithmetic.normal_cdf(x) == pytest.approx(special.ndtr(x), rel=3e-13, abs=0)


def test_normal_quantile() -> None:
    for u in [*U, 1e-300, 2.0**-33]:
        assert arithmetic.normal_quantile(u) == pytest.approx(special.ndtri(u), rel=3e-15, abs=1e-16)


def test_normal_at_the_edges() -> None:
    assert arithmetic.normal_quantile(0.5) == 0.0
    assert arithmetic.normal_quantile(0.0) == -math.inf
    assert arithmetic.normal_quantile(1.0) == math.inf
    assert math.isnan(arithmetic.normal_quantile(1.1))
    assert arithmetic.normal_cdf(0.0) == 0.5
    assert arithmetic.normal_cdf(-math.inf) == 0.0
    assert arithmetic.normal_cdf(math.inf) == 1.0


def test_log_gamma_of_whole_numbers_is_a_factorial() -> None:
    for n in range(1, 171):
        exact = math.log(math.factorial(n - 1))
        assert arithmetic.log_gamma(n) == pytest.approx(exact, rel=1e-15, abs=0)


def test_log_gamma() -> None:
    for x in np.concatenate([random.uniform(0.01, 20, 500), 10.0 ** random.uniform(-300, 15, 500)]):
        assert arithmetic.log_gamma(x) == pytest.approx(special.gammaln(x), rel=3e-15, abs=1e-15)
    assert arithmetic.log_gamma(0.0) == arithmetic.log_gamma(math.inf) == math.inf
    assert math.isnan(arithmetic.log_gamma(-0.5))


def test_log_gamma_step_by_a_whole_number_is_a_product() -> None:
    for x in 10.0 ** random.uniform(-6, 12, 300):
        for n in (0, 1, 3, 40):
            logs = [math.log(x + k) for k in range(n)]
            terms = 10 + n * abs(math.log(x + n)) + (abs(math.lgamma(x + n)) if x < 12 else 0)
            assert arithmetic.log_gamma_step(x, n) == pytest.approx(math.fsum(logs), rel=0, abs=1e-15 * terms)


def test_derivatives_of_log_gamma() -> None:
    for x in np.concatenate([random.uniform(0.01, 20, 500), 10.0 ** random.uniform(-6, 12, 500)]):
        assert arithmetic.digamma(x) == pytest.approx(special.digamma(x), rel=1e-14, abs=1e-14)
        assert arithmetic.trigamma(x) == pytest.approx(special.polygamma(1, x), rel=1e-14, abs=0)
    for derivative in (arithmetic.digamma, arithmetic.trigamma):
        assert all(math.isnan(derivative(x)) for x in (0.0, -0.5, math.inf))


@given(st.floats(1e-6, 1e6))
def test_log_gamma_satisfies_its_recurrence(x: float) -> None:
    step = arithmetic.log_gamma(x + 1) - arithmetic.log_gamma(x)
    assert step == pytest.approx(arithmetic.log(x), abs=1e-15 * (1 + abs(arithmetic.log_gamma(x + 1))) * 4)


@pytest.mark.parametrize("shape", [0.01, 0.3, 1.0, 2.5, 11.9, 12.1, 300.0, 1e4])
def test_gamma_cdf(shape: float) -> None:
    for x in shape * np.exp(random.normal(size=100) / max(1, math.sqrt(shape))):
        assert arithmetic.gamma_cdf(x, shape) == pytest.approx(special.gammainc(shape, x), rel=1e-12, abs=1e-290)


@pytest.mark.parametrize("shape", [0.05, 0.3, 1.0, 2.5, 12.0, 300.0, 1e4])
def test_gamma_quantile(shape: float) -> None:
    for u in U:
        exact = special.gammaincinv(shape, u)
        assert arithmetic.gamma_quantile(u, shape) == pytest.approx(exact, rel=2e-12, abs=1e-290)


@pytest.mark.parametrize(
    ("u", "shape", "exact"),
    [
        (1e-12, 0.3, 6.972699096409337e-41),
        (0.01, 2.5, 0.27714903836413857),
        (0.5, 12.0, 11.668363153044766),
        (0.999, 300.0, 356.3855814426481),
        (1 - 2**-30, 0.05, 15.183912871268436),
        (0.25, 1e4, 9932.370564904188),
    ],
)
def test_gamma_quantile_in_sixty_digits(u: float, shape: float, exact: float) -> None:
    """References computed in 60-digit arithmetic."""
    assert arithmetic.gamma_quantile(u, shape) == pytest.approx(exact, rel=2e-15)


def test_both_forms_of_a_gamma_quantile_agree_where_they_meet() -> None:
    """Halley's method below a shape of 1e6 and the expansion from there on (SciPy is not exact in these tails)."""
    for u in U:
        z = arithmetic.normal_quantile(u)
        assert arithmetic.gamma_quantile(u, 9.999e5) == pytest.approx(_quantile_of_large_shape(z, 9.999e5), rel=1e-13)


def test_gamma_of_shape_one_is_exponential() -> None:
    for u in U:
        assert arithmetic.gamma_quantile(u, 1.0) == pytest.approx(-math.log1p(-u), rel=1e-13)


def test_gamma_at_the_edges() -> None:
    assert arithmetic.gamma_quantile(0.0, 2.0) == arithmetic.gamma_cdf(-1.0, 2.0) == 0.0
    assert arithmetic.gamma_quantile(1.0, 2.0) == math.inf
    assert arithmetic.gamma_cdf(math.inf, 2.0) == 1.0
    assert arithmetic.gamma_quantile(0.3, 1e-4) == 0.0  # smaller than the smallest number
    assert math.isnan(arithmetic.gamma_quantile(0.5, 0.0))
    assert math.isnan(arithmetic.gamma_quantile(-0.5, 1.0))


@given(st.floats(1e-6, 1 - 1e-6), st.floats(0.02, 3e3))
def test_gamma_cdf_undoes_the_quantile(u: float, shape: float) -> None:
    x = arithmetic.gamma_quantile(u, shape)
    if x > 1e-290:
        assert arithmetic.gamma_cdf(x, shape) == pytest.approx(u, rel=1e-11)


@given(inside, st.floats(1e-6, 0.5), st.floats(0.02, 1e5))
def test_gamma_quantiles_rise(u: float, more: float, shape: float) -> None:
    assert arithmetic.gamma_quantile(min(1.0, u + more), shape) >= arithmetic.gamma_quantile(u, shape)


@given(inside)
def test_normal_cdf_undoes_the_quantile(u: float) -> None:
    assert arithmetic.normal_cdf(arithmetic.normal_quantile(u)) == pytest.approx(u, rel=1e-13)


@pytest.mark.parametrize("degrees", [1.0, 2.0, 3.0, 4.0, 9.0, 19.0, 39.5, 250.0, 9_999.0, 99_000.0, 2e5])
def test_student_t_quantile(degrees: float) -> None:
    """To SciPy's accuracy, which is lost near the centre."""
    for p in U[np.abs(U - 0.5) > 0.01]:
        assert arithmetic.student_t_quantile(p, degrees) == pytest.approx(special.stdtrit(degrees, p), rel=1e-9)


@pytest.mark.parametrize(
    ("p", "degrees", "exact"),
    [
        (0.5000001, 4.0, 2.666666665263091e-07),
        (0.975, 19.0, 2.093024054408309),
        (1e-09, 3.5, -439.49849343934466),
        (0.9, 250.0, 1.284947055422256),
        (0.6, 99000.0, 0.25334778396548757),
        (0.001, 0.5, -102849.11563017555),
    ],
)
def test_student_t_quantile_in_sixty_digits(p: float, degrees: float, exact: float) -> None:
    """References computed in 60-digit arithmetic."""
    assert arithmetic.student_t_quantile(p, degrees) == pytest.approx(exact, rel=5e-15)


def test_student_t_closed_forms() -> None:
    for p in U[np.abs(U - 0.5) > 1e-3]:
        one, two = arithmetic.student_t_quantile(p, 1), arithmetic.student_t_quantile(p, 2)
        smaller, sign = min(p, 1 - p), math.copysign(1.0, p - 0.5)
        assert one == pytest.approx(sign / math.tan(math.pi * smaller), rel=1e-12)
        assert two == pytest.approx((2 * p - 1) / math.sqrt(2 * p * (1 - p)), rel=1e-12)


def test_student_t_of_published_tables() -> None:
    """Fisher and Yates's table, two-sided 95 %: the factor of an interval from n + 1 blocks."""
    table = {1: 12.706, 2: 4.303, 4: 2.776, 9: 2.262, 19: 2.093, 30: 2.042, 120: 1.980, math.inf: 1.960}
    for degrees, factor in table.items():
        assert arithmetic.student_t_quantile(0.975, degrees) == pytest.approx(factor, abs=5e-4)


def test_student_t_at_the_edges() -> None:
    assert arithmetic.student_t_quantile(0.5, 7) == 0.0
    assert arithmetic.student_t_quantile(0.0, 7) == -math.inf
    assert arithmetic.student_t_quantile(1.0, 7) == math.inf
    assert arithmetic.student_t_quantile(1e-300, 0.01) == -math.inf
    assert math.isnan(arithmetic.student_t_quantile(0.5, 0))
    assert math.isnan(arithmetic.student_t_quantile(1.5, 3))


@given(inside, st.floats(0.5, 1e6))
def test_student_t_is_symmetric(p: float, degrees: float) -> None:
    p = 1.0 - (1.0 - p)  # so that 1 - p is exact
    assert arithmetic.student_t_quantile(1.0 - p, degrees) == pytest.approx(
        -arithmetic.student_t_quantile(p, degrees), rel=1e-12, abs=1e-15
    )


@given(inside, st.floats(1e-6, 0.5), st.floats(0.5, 1e6))
def test_student_t_quantiles_rise(p: float, more: float, degrees: float) -> None:
    higher = arithmetic.student_t_quantile(min(1.0, p + more), degrees)
    assert higher >= arithmetic.student_t_quantile(p, degrees)
