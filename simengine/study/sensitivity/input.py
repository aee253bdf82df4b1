"""An input that is varied: where it stands, its range, and how far a change of the decision is looked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from simengine.scenario.wording import in_words
from simengine.scenario.yaml_source import Path
from simengine.study.sensitivity.design import Floats

LOW, HIGH = 0.1, 0.9  # probabilities of the values that a tornado shows
SEARCH = (0.001, 0.4, 0.6, 0.999)  # and of others at which a change of the decision is looked for
DIGITS = 10  # significant ones of an input's values
_HALVINGS = 60

RangeKind = Literal["p10 to p90", "asked for", "10% down and up"]
Quantile = Callable[[float], float]  # the value of an input at a probability, in its unit


@dataclass(frozen=True)
class Input:
    """A number of the scenario, in its own unit."""

    name: str  # its path, as `--set` takes it
    path: Path
    central: float  # as stated
    low: float
    high: float
    search: tuple[float, ...]  # between the first and the last a change of the decision is looked for
    range: RangeKind  # what `low` to `high` is
    quantile: Quantile | None = None  # None where its distribution is not known

    def at(self, probabilities: Floats) -> Floats:
        """Its values at probabilities, of as many digits as are written."""
        assert self.quantile is not None
        values = rounded(map(self.quantile, np.ravel(probabilities).tolist()))
        return np.array(values).reshape(np.shape(probabilities))

    def beyond(self, value: float, *, above: bool) -> float | None:
        """The probability that it lies above a value, or below it."""
        if self.quantile is None:
            return None
        low, high = 0.0, 1.0
        for _ in range(_HALVINGS):
            middle = (low + high) / 2
            if self.quantile(middle) < value:
                low = middle
            else:
                high = middle
        return 1.0 - high if above else high

    def words(self, value: float, levers: Mapping[str, Any]) -> str:
        """A value as a person writes it in the scenario, to four significant figures."""
        return in_words(float(f"{value:.4g}"), self.path, levers)


def rounded(values: Iterable[float]) -> list[float]:
    """Values to the digits with which inputs are written: what is evaluated can be written down."""
    return [float(f"{value:.{DIGITS}g}") for value in values]


def uncertain_input(name: str, path: Path, central: float, quantile: Quantile) -> Input:
    """An input with a distribution: its range is from the tenth percentile to the ninetieth."""
    low, high, *search = rounded(map(quantile, (LOW, HIGH, *SEARCH)))
    return Input(name, path, central, low, high, tuple(search), "p10 to p90", quantile)
