"""exp, expm1, log, log1p, power and normal quantiles of arrays: the bits of the formulas for one number, each element.

Each takes one number, too, and then gives one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from simengine.arithmetic import float64, normal
from simengine.jit import kernel


@kernel
def fill_exp(values: Any, out: Any) -> None:
    for i in range(values.size):
        out[i] = float64.exp(values[i])


@kernel
def fill_expm1(values: Any, out: Any) -> None:
    for i in range(values.size):
        out[i] = float64.expm1(values[i])


@kernel
def fill_log(values: Any, out: Any) -> None:
    for i in range(values.size):
        out[i] = float64.log(values[i])


@kernel
def fill_log1p(values: Any, out: Any) -> None:
    for i in range(values.size):
        out[i] = float64.log1p(values[i])


@kernel
def fill_power(values: Any, exponents: Any, out: Any) -> None:
    for i in range(values.size):
        out[i] = float64.power(values[i], exponents[i])


@kernel
def fill_normal_quantile(values: Any, out: Any) -> None:
    for i in range(values.size):
        out[i] = normal.normal_quantile(values[i])


def exp(x: Any) -> Any:
    """e to the x."""
    return _filled(fill_exp, float64.exp, x)


def expm1(x: Any) -> Any:
    """exp(x) - 1, accurate near 0 too."""
    return _filled(fill_expm1, float64.expm1, x)


def log(x: Any) -> Any:
    """The natural logarithm; -inf at 0, NaN below."""
    return _filled(fill_log, float64.log, x)


def log1p(x: Any) -> Any:
    """log(1 + x), accurate near 0 too; -inf at -1, NaN below."""
    return _filled(fill_log1p, float64.log1p, x)


def power(x: Any, y: Any) -> Any:
    """x to the y for x >= 0; NaN for a negative x. Shapes broadcast."""
    return _filled(fill_power, float64.power, x, y)


def normal_quantile(u: Any) -> Any:
    """The x below which a standard normal variable lies with probability u."""
    return _filled(fill_normal_quantile, normal.normal_quantile, u)


def _filled(fill: Callable[..., None], of_one: Callable[..., Any], *arguments: Any) -> Any:
    if all(np.ndim(each) == 0 for each in arguments):
        return float(of_one(*map(float, arguments)))
    shape = np.broadcast_shapes(*map(np.shape, arguments))
    out = np.empty(shape)
    fill(
        *(np.array(np.broadcast_to(each, shape), np.float64).reshape(-1) for each in arguments),
        out.reshape(-1),
    )
    return out
