"""How likely values of uncertain numbers are, against SciPy's distributions."""

from __future__ import annotations

from math import log, sqrt
from typing import Any

import pytest
from scipy import stats

from simengine.scenario.distribution import MeanAndVariation
from simengine.scenario.input_probability import probability_below, value_below_which
from simengine.scenario.uncertain import (
    BetaInput,
    BetaParameters,
    DiscreteInput,
    DiscreteValues,
    EmpiricalInput,
    LognormalInput,
    NormalInput,
    PertInput,
    TriangularInput,
    UncertainNumber,
    UniformInput,
)

LAWS: dict[str, tuple[UncertainNumber, Any]] = {  # the same in SciPy
    "beta": (BetaInput(beta=BetaParameters(alpha=7, beta=3, most=0.9)), stats.beta(7, 3, 0, 0.9)),
    "lognormal": (
        LognormalInput(lognormal=MeanAndVariation(mean=0.06, cv=0.2)),
        stats.lognorm(sqrt(log(1.04)), scale=0.06 / sqrt(1.04)),
    ),
    "normal": (NormalInput(normal=(3.0, 0.4)), stats.norm(3, 0.4)),
    "pert": (PertInput(pert=(0.05, 0.07, 0.12)), stats.beta(1 + 8 / 7, 1 + 20 / 7, 0.05, 0.07)),
    "triangular": (TriangularInput(triangular=(-0.2, -0.12, -0.05)), stats.triang(8 / 15, -0.2, 0.15)),
    "uniform": (UniformInput(uniform=(4e5, 4.4e5)), stats.uniform(4e5, 4e4)),
}


@pytest.mark.parametrize("kind", LAWS)
def test_distributions_are_scipys(kind: str) -> None:
    number, law = LAWS[kind]
    for u in (1e-5, 0.01, 0.3, 0.5, 0.9, 0.9999):
        assert probability_below(number, float(law.ppf(u))) == pytest.approx(u, rel=1e-8)


@pytest.mark.parametrize("kind", LAWS)
def test_what_is_cut_is_as_likely_within_as_it_was(kind: str) -> None:
    number, law = LAWS[kind]
    low, high = (float(law.ppf(u)) for u in (0.2, 0.9))
    for u in (0.01, 0.5, 0.99):
        assert value_below_which(number, u, low, high) == pytest.approx(float(law.ppf(0.2 + 0.7 * u)), rel=1e-8)


def test_single_values_are_as_likely_as_they_are_weighed_or_often() -> None:
    weighed = DiscreteInput(discrete=DiscreteValues(values=(12.0, 5.0, 7.0), weights=(1.0, 1.0, 3.0)))
    observed = EmpiricalInput(empirical=(7.0, 5.0, 12.0, 7.0))
    assert [probability_below(weighed, x) for x in (5, 7, 8, 13)] == pytest.approx([0, 0.2, 0.8, 1])
    assert [probability_below(observed, x) for x in (5, 7, 8, 13)] == pytest.approx([0, 0.25, 0.75, 1])
    for number, last in ((weighed, 0.74), (observed, 0.66)):
        assert [value_below_which(number, u, 6.0, 20.0) for u in (0.01, last, last + 0.02, 0.99)] == [7, 7, 12, 12]


def test_what_is_certain_lies_at_one_value() -> None:
    for number in (NormalInput(normal=(3.0, 0.0)), LognormalInput(lognormal=MeanAndVariation(mean=3, cv=0))):
        assert [probability_below(number, x) for x in (2.9, 3.0, 3.1)] == [0, 0, 1]
