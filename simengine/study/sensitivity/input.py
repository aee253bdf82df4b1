"""An input that is varied: where it stands, its range, and how far a change of the decision is looked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from simengine.scenario.wording import in_words
from simengine.scenario.yaml_source import Path
from simengine.study.sensitivity.design import Floats

LOW, HIGH = 0.1, 0.9  # probabilities of the values that a tornado shows
SEARCH = (0.001, 0.4, 0.6, 0.999)  # and of others at which a change of the decision is looked for
DIGITS = 10  # significant ones of an input's values
_HALVINGS = 60

Quantiles = Callable[[Floats], Floats]  # values of an input at probabilities [P], in its unit


@dataclass(frozen=True)
class Input:
    """A number of the scenario, in its own unit."""

    name: str  # its path, as `--set` takes it
    path: Path
    central: float  # as stated
    low: float
    high: float
    search: tuple[float, ...]  # between the first and the last a change of the decision is looked for
    quantiles: Quantiles | None = None  # None where its distribution is not known

    def at(self, probabilities: Floats) -> Floats:
        """Its values at probabilities, of as many digits as are written."""
        assert self.quantiles is not None
        return rounded(self.quantiles(probabilities))

    def beyond(self, value: float, *, above: bool) -> float | None:
        """The probability that it lies above a value, or below it."""
        if self.quantiles is None:
            return None
        low, high = 0.0, 1.0
        for _ in range(_HALVINGS):
            middle = (low + high) / 2
            if float(self.quantiles(np.array([middle]))[0]) < value:
                low = middle
            else:
                high = middle
        return 1.0 - high if above else high

    def words(self, value: float, levers: dict[str, Any], figures: int = 4) -> str:
        """A value as a person writes it in the scenario, to so many significant figures."""
        return in_words(float(f"{value:.{figures}g}"), self.path, levers)


def rounded(values: Floats | list[float]) -> Floats:
    """Values to the digits with which inputs are written: what is evaluated can be written down."""
    flat = [float(f"{value:.{DIGITS}g}") for value in np.ravel(values).tolist()]
    return np.array(flat).reshape(np.shape(values))


def uncertain_input(name: str, path: Path, central: float, quantiles: Quantiles) -> Input:
    """An input with a distribution: its range is from the tenth percentile to the ninetieth."""
    low, high, *search = rounded(quantiles(np.array([LOW, HIGH, *SEARCH]))).tolist()
    return Input(name, path, central, low, high, tuple(search), quantiles)
