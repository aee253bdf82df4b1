"""Uncertain numbers of the language, drawn."""

from __future__ import annotations

import numpy as np
import pytest
from pydantic import TypeAdapter, ValidationError

from simengine.model.uncertain import lognormal_quantile, triangular_quantile, uniform_quantile
from simengine.scenario.distribution import Distribution, LognormalNumber, Triangular, Uniform
from simengine.tables.uncertain import quantiles

U = np.array([0.1, 0.5, 0.9])


def read(value: object) -> Distribution:
    return TypeAdapter(Distribution).validate_python(value)


def test_a_certain_number_is_itself() -> None:
    assert quantiles(5, U).tolist() == [5.0, 5.0, 5.0]


def test_each_distribution_has_its_quantiles() -> None:
    assert quantiles(read({"triangular": [3, 5, 12]}), U).tolist() == [triangular_quantile(u, 3, 5, 12) for u in U]
    assert quantiles(read({"uniform": ["50%", 1.5]}), U).tolist() == [uniform_quantile(u, 0.5, 1.5) for u in U]
    drawn = quantiles(read({"lognormal": {"mean": 6, "cv": 0.4}}), U)
    assert drawn.tolist() == [lognormal_quantile(u, 6, 0.4) for u in U]


@pytest.mark.parametrize(
    ("model", "value", "expected"),
    [
        (Triangular, {"triangular": [5, 3, 12]}, "rising order"),
        (Triangular, {"triangular": [5, 5, 5]}, "rising order"),
        (Triangular, {"triangular": [-1, 3, 12]}, "at least 0"),
        (Triangular, {"triangular": [3, 12]}, "at least 3 items"),
        (Uniform, {"uniform": [8, 4]}, "rising order"),
        (Uniform, {"uniform": [4, 6, 8]}, "at most 2 items"),
        (LognormalNumber, {"lognormal": {"mean": 0, "cv": 0.4}}, "more than 0"),
        (LognormalNumber, {"lognormal": {"mean": 6, "cv": 40}}, "at most 10"),
    ],
)
def test_what_is_no_distribution_is_refused(model: type, value: object, expected: str) -> None:
    with pytest.raises(ValidationError, match=expected):
        model.model_validate(value)
