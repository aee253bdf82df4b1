"""What varying all uncertain inputs says, of two allocations whose values are sums of normal inputs."""

from __future__ import annotations

from math import sqrt

import numpy as np
import pytest
from scipy.special import ndtri

from simengine.study.sensitivity.design import design
from simengine.study.sensitivity.global_sensitivity import DIFFERENCE, VALUE, GlobalSensitivity, global_sensitivity
from simengine.study.sensitivity.input import uncertain_input

SAMPLES = 1024
INPUTS = [uncertain_input(name, (name,), 0.0, lambda p: float(ndtri(p))) for name in ("a", "b")]


def found(luck: tuple[float, ...], *, exact: bool = False) -> GlobalSensitivity:
    """One is worth 10 + 3a, and in each replication so much more; the other 4b."""
    plan = design(2, SAMPLES, seed=5)
    drawn = np.stack([each.at(plan.probabilities[..., i]) for i, each in enumerate(INPUTS)], axis=-1)
    worth = np.stack([10.0 + 3.0 * drawn[..., 0], 4.0 * drawn[..., 1]], axis=-1)
    outcomes = worth[..., None] + np.multiply.outer([1.0, 0.0], luck)
    return global_sensitivity(INPUTS, plan, drawn, outcomes, (0, 1), (0, 1), exact=exact)


def test_variances_and_parts_of_them_are_those_of_the_sums() -> None:
    of = found((-0.5, 0.5))
    assert of.spread[VALUE].not_knowing == pytest.approx(3, rel=0.01)
    assert of.spread[DIFFERENCE].not_knowing == pytest.approx(5, rel=0.01)
    assert of.spread[VALUE].luck == pytest.approx(sqrt(0.5))
    assert of.spread[DIFFERENCE].mean.value == pytest.approx(10, abs=0.05)
    for outcome, parts in ((VALUE, (1.0, 0.0)), (DIFFERENCE, (9 / 25, 16 / 25))):
        for indices in (of.indices[outcome].first, of.indices[outcome].total):
            assert [each.value for each in indices] == pytest.approx(parts, abs=0.03)


def test_luck_is_nothing_where_nothing_is_random_and_unknown_where_there_is_one_future_of_many() -> None:
    assert found((0.0,), exact=True).spread[VALUE].luck == 0.0
    assert found((0.3,)).spread[VALUE].luck is None


def test_documents_name_inputs_and_allocations() -> None:
    of = found((0.0,), exact=True)
    indices, information = of.indices_document(), of.information_document(["one", "other"], 1000.0)
    assert indices["samples"] == SAMPLES
    assert indices["evaluations"] == of.design.probabilities[..., 0].size
    assert list(indices[DIFFERENCE]) == list(information["by_input"]) == ["a", "b"]
    assert information["best"] == "one"
    assert information["probability_best"]["other"] == pytest.approx(0.02275, abs=0.01)  # of a difference of 10, sd 5
