"""What is called is noted with its types, carried out all the same, and not compiled."""

from __future__ import annotations

import numpy as np

from simengine.jit import formula, kernel
from simengine.results.noted_calls import noted_calls


@formula
def doubled(x: float) -> float:
    return 2.0 * x


@kernel
def fill(out: np.ndarray, x: float) -> None:
    for i in range(len(out)):
        out[i] = doubled(x)


@kernel
def fails(x: float) -> None:
    raise ValueError("no")


def test_calls_are_noted_once_for_each_of_their_types() -> None:
    single, double = np.zeros(2, np.float32), np.zeros(3)
    with noted_calls() as calls:
        fill(double, 1.0)
        fill(double, 4.0)
        fill(single, 4.0)
        assert doubled(3.0) == 6.0
    assert [(called, [str(each) for each in types]) for called, types in calls] == [
        (fill, ["array(float64, 1d, C)", "float64"]),
        (fill, ["array(float32, 1d, C)", "float64"]),
        (doubled, ["float64"]),
    ]
    assert double.tolist() == [8.0] * 3
    assert single.tolist() == [8.0] * 2
    assert not fill.signatures


def test_a_failure_changes_nothing_for_later() -> None:
    with noted_calls() as calls:
        try:
            fails(1.0)
        except ValueError:
            fill(np.zeros(1), 1.0)
    assert [called for called, _ in calls] == [fails, fill]
    found = np.zeros(1)
    fill(found, 1.0)
    assert found.tolist() == [2.0]
    assert fill.signatures
