"""What a calibration found, whatever the evidence: estimates, how well they predict, charts and a scenario."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from numpy.typing import NDArray

from simengine.calibration.draft import Draft
from simengine.calibration.maximum import Maximum


class Fact(NamedTuple):
    """A figure of the evidence, or one that follows from estimates."""

    name: str
    value: float
    unit: str = ""


class Parameter(NamedTuple):
    """An estimated parameter."""

    name: str
    value: float
    standard_error: float
    unit: str = ""
    error_by_customer: float | None = None  # standard error that allows for what a customer's observations share


@dataclass(frozen=True)
class Estimate:
    """A model fitted by maximum likelihood."""

    model: str  # bg_nbd
    parameters: tuple[Parameter, ...]
    correlations: tuple[tuple[float, ...], ...]  # of the estimates: [parameter][parameter]
    log_likelihood: float
    observations: int
    search: dict[str, Any]  # how the maximum was found
    implies: tuple[Fact, ...] = ()

    @property
    def values(self) -> dict[str, float]:
        return {parameter.name: parameter.value for parameter in self.parameters}


class Horizon(NamedTuple):
    """What was predicted of held-out evidence up to a time ahead, and what came."""

    ahead: float
    observed: float
    predicted: float

    @property
    def error(self) -> float:
        """Relative to what came; NaN where nothing came."""
        return self.predicted / self.observed - 1 if self.observed else float("nan")


@dataclass(frozen=True)
class Backtest:
    """Held-out evidence against its prediction from the rest."""

    of: str  # what is predicted: repeat purchases of the customers acquired by then
    held_out: str  # which evidence
    unit: str  # of the time ahead
    horizons: tuple[Horizon, ...]


@dataclass(frozen=True)
class Chart:
    """Figures to draw: series over one axis."""

    name: str
    axis: str
    at: tuple[float | str, ...]  # [point]
    series: dict[str, tuple[float, ...]]  # of each name [point]


@dataclass(frozen=True)
class Sheet:
    """Figures in rows and columns, NaN where there is none."""

    name: str
    columns: tuple[str, ...]
    rows: Mapping[str, Sequence[float]]  # of each name [column]


@dataclass(frozen=True)
class SegmentCalibration:
    """What was found of one segment."""

    name: str
    facts: tuple[Fact, ...]
    estimates: tuple[Estimate, ...]
    backtests: tuple[Backtest, ...]
    charts: tuple[Chart, ...]
    sheets: tuple[Sheet, ...] = ()


@dataclass(frozen=True)
class Calibration:
    """What evidence says of customers."""

    file: str
    evidence: str
    columns: dict[str, str]  # {role: name in the file}
    said: tuple[str, ...]  # of the evidence as a whole, a line each
    segments: tuple[SegmentCalibration, ...]
    notices: tuple[str, ...]  # how evidence was treated that may surprise
    draft: Draft | str  # a scenario, or why none can state this
    table: Mapping[str, NDArray[Any]]  # of customers that the scenario reads, by column; none where it needs none

    @property
    def document(self) -> dict[str, Any]:
        """The calibration as plain data, for JSON."""
        found = {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}
        del found["table"]
        document = _plain({**found, "draft": self.draft.text() if isinstance(self.draft, Draft) else None})
        document["segments"] = {each.pop("name"): each for each in document["segments"]}
        return document  # type: ignore[no-any-return]


def estimate(
    model: str, names: Sequence[str], maximum: Maximum, observations: int, units: Sequence[str] = (),
    implies: Sequence[Fact] = (),
) -> Estimate:  # fmt: skip
    """The estimate that a maximum is. `units` are those of the parameters, where some have one."""
    units = units or [""] * len(names)
    columns = zip(names, maximum.parameters.tolist(), maximum.standard_errors.tolist(), units, strict=True)
    search = {**maximum.search._asdict(), "starts_that_agree": maximum.search.agreeing}
    return Estimate(
        model=model,
        parameters=tuple(Parameter(*column) for column in columns),
        correlations=tuple(map(tuple, maximum.correlations.tolist())),
        log_likelihood=maximum.log_likelihood,
        observations=observations,
        search=search,
        implies=tuple(implies),
    )


def _plain(value: Any) -> Any:
    """Data of JSON: what is not a number, as where nothing was observed, is null."""
    if isinstance(value, Horizon):
        return {**{name: _plain(each) for name, each in value._asdict().items()}, "error": _plain(value.error)}
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        return {name: _plain(each) for name, each in value._asdict().items()}
    if dataclasses.is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, (tuple, list)):
        return [_plain(each) for each in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
