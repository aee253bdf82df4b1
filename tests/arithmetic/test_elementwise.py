"""Arrays get, element by element, the bits that the formulas give for one number."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from simengine import arithmetic
from simengine.arithmetic import elementwise

VALUES = np.array([[-750.0, -1.5, -0.2, 0.0], [1e-300, 0.3, 1.0, 710.0], [np.inf, np.nan, -np.inf, 2.5]])


@pytest.mark.parametrize("name", ["exp", "expm1", "log", "log1p"])
def test_each_element_gets_the_bits_of_one_number(name: str) -> None:
    of_one, found = getattr(arithmetic, name), getattr(elementwise, name)(VALUES)
    expected = np.array([float(of_one(x)) for x in VALUES.ravel().tolist()]).reshape(VALUES.shape)
    np.testing.assert_array_equal(found, expected)


def test_normal_quantiles_are_those_of_one_number() -> None:
    probabilities = np.random.default_rng(6).uniform(size=(3, 7))
    expected = [float(arithmetic.normal_quantile(u)) for u in probabilities.ravel().tolist()]
    np.testing.assert_array_equal(elementwise.normal_quantile(probabilities).ravel(), expected)


def test_powers_broadcast() -> None:
    bases, exponents = np.array([[0.0], [0.3], [2.0]]), np.array([0.0, 0.5, 3.0, -1.0])
    expected = [[float(arithmetic.power(x, y)) for y in exponents.tolist()] for x in bases[:, 0].tolist()]
    np.testing.assert_array_equal(elementwise.power(bases, exponents), expected)


def test_strides_do_not_matter() -> None:
    np.testing.assert_array_equal(elementwise.exp(VALUES.T[::2]), elementwise.exp(VALUES)[:, ::2].T)


@pytest.mark.parametrize("of", [elementwise.exp, elementwise.log1p, lambda x: elementwise.power(x, 2.0)])
def test_one_number_gives_one_number(of: Any) -> None:
    assert isinstance(of(0.5), float)
