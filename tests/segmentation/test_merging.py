"""Small cells of segments by value are joined with a neighbour."""

from __future__ import annotations

import numpy as np

from simengine.segmentation.merging import joined_classes

CLASSES = ("high", "middle", "low")


def cells(sizes: list[list[int]], smallest: float) -> tuple[dict[str, int], list[str]]:
    """Customers by cell, and what is said, of [segment][class] customers."""
    segment = np.concatenate([np.full(sum(row), s) for s, row in enumerate(sizes)])
    value_class = np.concatenate([np.repeat(np.arange(3), row) for row in sizes])
    labels, names, said = joined_classes(segment, value_class, np.ones(len(segment)), "ab", CLASSES, smallest)
    return dict(zip(names, np.bincount(labels, minlength=len(names)).tolist(), strict=True)), said


def test_nothing_is_joined_that_is_large_enough() -> None:
    found, said = cells([[20, 20, 20], [10, 15, 15]], 0.1)
    assert found == {"a_high": 20, "a_middle": 20, "a_low": 20, "b_high": 10, "b_middle": 15, "b_low": 15}
    assert said == []


def test_the_smallest_goes_to_its_smaller_neighbour_until_all_are_large_enough() -> None:
    found, said = cells([[30, 2, 18], [1, 2, 47]], 0.1)
    assert found == {"a_high": 30, "a_middle_low": 20, "b": 50}
    assert said == [
        "a: middle and low are joined", "b: high and middle are joined", "b: high_middle and low are joined",
    ]  # fmt: skip


def test_a_cell_of_nobody_is_none_whatever_may_be_small() -> None:
    found, _ = cells([[30, 0, 20], [10, 20, 20]], 0.0)
    assert found == {"a_high": 30, "a_middle_low": 20, "b_high": 10, "b_middle": 20, "b_low": 20}
