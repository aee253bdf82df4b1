"""Uncertain inputs: what is judged of numbers that nobody knows, and which of them go together."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Discriminator, Field, PrivateAttr, Tag

from simengine.scenario.distribution import MeanAndVariation, rising
from simengine.scenario.fields import Model, Number, Text, refused
from simengine.scenario.market import Correlation
from simengine.scenario.problems import did_you_mean, listed

AnyNumber = Annotated[float, Number("a number")]
BetaShape = Annotated[float, Number("a shape", minimum=0.01, maximum=1e6)]
InputPath = Annotated[str, Field(strict=True, min_length=1, description="a path of an input, as --set takes it")]


class Judged(Model):
    """What is said of an uncertain number, whatever its distribution. All values are in the unit of the input."""

    min: AnyNumber | None = None
    """The least that it may be: what lies below is not drawn, and all else is as much likelier. Example: `0`."""
    max: AnyNumber | None = None
    """The most that it may be: what lies above is not drawn, and all else is as much likelier. Example: `10`."""

    @property
    def kind(self) -> str:
        """The word for its distribution."""
        return next(kind for kind, model in _KINDS.items() if isinstance(self, model))


def _spread_is_positive(parameters: tuple[float, ...]) -> tuple[float, ...]:
    if parameters[1] < 0:
        raise refused("[mean, standard deviation], the latter at least 0", f"write {-parameters[1]:g}")
    return parameters


class NormalInput(Judged):
    """Symmetric around its mean."""

    normal: Annotated[tuple[AnyNumber, ...], Field(min_length=2, max_length=2), AfterValidator(_spread_is_positive)]
    """[mean, standard deviation]. Example: `[3, 0.4]`."""


class LognormalInput(Judged):
    """Above 0, with a long tail."""

    lognormal: MeanAndVariation
    """Mean and coefficient of variation. Example: `{mean: 7%, cv: 0.2}`."""


class TriangularInput(Judged):
    """Its density rises and falls in straight lines."""

    triangular: Annotated[tuple[AnyNumber, ...], Field(min_length=3, max_length=3), AfterValidator(rising)]
    """[least, likeliest, most]. Example: `[5%, 7%, 12%]`."""


class PertInput(Judged):
    """A smooth hill between two bounds, with mean (least + 4 likeliest + most) / 6: a beta distribution (Malcolm et al.
    1959, doi:10.1287/opre.7.5.646)."""

    pert: Annotated[tuple[AnyNumber, ...], Field(min_length=3, max_length=3), AfterValidator(rising)]
    """[least, likeliest, most]. Example: `[5%, 7%, 12%]`."""


class UniformInput(Judged):
    """Anything between two bounds, with equal probability."""

    uniform: Annotated[tuple[AnyNumber, ...], Field(min_length=2, max_length=2), AfterValidator(rising)]
    """[least, most]. Example: `[5%, 9%]`."""


class BetaParameters(Model):
    """Two shapes, and the range."""

    alpha: BetaShape
    """First shape; the mean is least + (most - least) alpha / (alpha + beta). Example: `14`."""
    beta: BetaShape
    """Second shape. Example: `186`."""
    least: AnyNumber = 0
    """The least that it can be. Example: `0`."""
    most: AnyNumber = 1
    """The most that it can be. Example: `1`."""


def _has_a_range(parameters: BetaParameters) -> BetaParameters:
    if not parameters.least < parameters.most:
        raise refused("`least` below `most`", found=f"least {parameters.least:g} and most {parameters.most:g}")
    return parameters


class BetaInput(Judged):
    """A share of a range, by two shapes."""

    beta: Annotated[BetaParameters, AfterValidator(_has_a_range)]
    """{alpha, beta, least, most}. Example: `{alpha: 14, beta: 186}`."""


class DiscreteValues(Model):
    """Values, and how likely each is beside the others."""

    values: Annotated[tuple[AnyNumber, ...], Field(min_length=1, max_length=10_000)]
    """What it may be. Example: `[5%, 7%, 12%]`."""
    weights: Annotated[tuple[Annotated[float, Number("a weight", minimum=0)], ...], Field(min_length=1)] | None = None
    """How likely each value is beside the others, only ratios matter; left out, all the same. Example: `[1, 3, 1]`."""

    @property
    def probabilities(self) -> list[float]:
        """Of each value; they sum to 1."""
        weights = self.weights or (1.0,) * len(self.values)
        return [weight / sum(weights) for weight in weights]


def _weighs_each(parameters: DiscreteValues) -> DiscreteValues:
    weights = parameters.weights
    if weights is not None and len(weights) != len(parameters.values):
        raise refused(f"as many weights as values, {len(parameters.values)}", found=f"{len(weights)} weights")
    if weights is not None and not sum(weights) > 0:
        raise refused("a weight above 0", found="weights of 0")
    return parameters


class DiscreteInput(Judged):
    """One of some values."""

    discrete: Annotated[DiscreteValues, AfterValidator(_weighs_each)]
    """{values, weights}. Example: `{values: [5%, 7%, 12%], weights: [1, 3, 1]}`."""


class ObservedColumn(Model):
    """What was observed, in a file beside the scenario."""

    file: Text
    """A CSV or Parquet file with a header, relative to the scenario's folder. Example: `data/observed.csv`."""
    column: Text
    """The column with the values, one a row, in the unit of the input. Example: `churn`."""


def _values_or_column(value: object) -> str:
    return "#values" if isinstance(value, (list, tuple)) else "#column"


def _listed(value: object) -> object:
    if not isinstance(value, (dict, list, tuple, ObservedColumn)):
        raise refused("a list of values, or {file, column}", "such as [5%, 7%, 8%], or {file: data.csv, column: churn}")
    return value


class EmpiricalInput(Judged):
    """What was observed: each value as likely as any other."""

    empirical: Annotated[
        Annotated[
            Annotated[tuple[AnyNumber, ...], Field(min_length=1, max_length=10_000), Tag("#values")]
            | Annotated[ObservedColumn, Tag("#column")],
            Discriminator(_values_or_column),
        ],
        BeforeValidator(_listed),
    ]
    """What was observed: values, or a column of a file. Examples: `[5%, 7%, 7%, 12%]`, `{file: data/observed.csv,
    column: churn}`."""
    _read: tuple[float, ...] = PrivateAttr(())
    _file: str = PrivateAttr("")

    @property
    def values(self) -> tuple[float, ...]:
        """In rising order; none of a column before it is read."""
        return self._read

    @property
    def file(self) -> str:
        """The full path of the file that they are from; "" where they are stated."""
        return self._file

    def take(self, values: Sequence[float], file: str = "") -> None:
        """Keep the values that were read from a file, or are stated."""
        self._read, self._file = tuple(sorted(values)), file

    def model_post_init(self, _context: object) -> None:
        if isinstance(self.empirical, tuple):
            self.take(self.empirical)

    def from_anywhere(self) -> EmpiricalInput:
        """The same, with the full path of its file."""
        if isinstance(self.empirical, tuple):
            return self
        return self.model_copy(update={"empirical": self.empirical.model_copy(update={"file": self._file})})


def kept_values(values: Sequence[float], low: float, high: float) -> Sequence[float]:
    """Of rising values those within a range, its ends included."""
    return values[bisect_left(values, low) : bisect_right(values, high)]


UncertainNumber = (
    NormalInput
    | LognormalInput
    | TriangularInput
    | PertInput
    | UniformInput
    | BetaInput
    | DiscreteInput
    | EmpiricalInput
)
_KINDS: dict[str, type[Judged]] = {
    "normal": NormalInput,
    "lognormal": LognormalInput,
    "triangular": TriangularInput,
    "pert": PertInput,
    "uniform": UniformInput,
    "beta": BetaInput,
    "discrete": DiscreteInput,
    "empirical": EmpiricalInput,
}
JOINT = ("correlations", "same")  # of the block, what is no path


def _kind(value: object) -> str:
    """The tag of a distribution; of a mapping that is none, that of the first."""
    for kind, model in _KINDS.items():
        if isinstance(value, model) or (isinstance(value, dict) and kind in value):
            return f"#{kind}"
    return "#normal"


def _distribution(value: object) -> object:
    if not isinstance(value, (dict, Judged)):
        raise refused("a distribution, such as {normal: [3, 0.4]}", "state the central value at the path itself")
    if isinstance(value, dict) and not value.keys() & _KINDS.keys():
        words = [each for each in value if each not in Judged.model_fields]
        hint = next((told for each in words if (told := did_you_mean(each, _KINDS))), "")
        raise refused(f"a distribution: {listed(_KINDS)}", hint, " and ".join(f"`{each}`" for each in words))
    return value


AnyUncertainNumber = Annotated[
    Annotated[
        Annotated[NormalInput, Tag("#normal")]
        | Annotated[LognormalInput, Tag("#lognormal")]
        | Annotated[TriangularInput, Tag("#triangular")]
        | Annotated[PertInput, Tag("#pert")]
        | Annotated[UniformInput, Tag("#uniform")]
        | Annotated[BetaInput, Tag("#beta")]
        | Annotated[DiscreteInput, Tag("#discrete")]
        | Annotated[EmpiricalInput, Tag("#empirical")],
        Discriminator(_kind),
    ],
    BeforeValidator(_distribution),
]


class UncertainText(Model):
    """Inputs that nobody knows, as written: {path: distribution}. The scenario states a central value at each path."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, AnyUncertainNumber]
    """{path: distribution}, the path of a number as --set takes it, and values in its unit. Examples: `{normal: [3,
    0.4]}`, `{lognormal: {mean: 7%, cv: 0.2}}`, `{pert: [5%, 7%, 12%]}`."""
    correlations: dict[InputPath, dict[InputPath, Correlation]] = Field(default_factory=dict)
    """Rank correlations (Spearman's) of two inputs, each stated once; others have none: {path: {another: correlation}}.
    Example: `{segments.affluent.churn: {segments.mass.churn: 0.6}}`."""
    same: dict[InputPath, tuple[InputPath, ...]] = Field(default_factory=dict)
    """Where else the number of an uncertain input stands, and is always the same: {path: [others]}. What an allocation
    copies is so unsaid. Example: `{segments.affluent.margin: [segments.mass.margin]}`."""

    @property
    def inputs(self) -> dict[str, UncertainNumber]:
        """Distributions by path, as written."""
        return self.__pydantic_extra__


@dataclass(frozen=True)
class Uncertain:
    """Uncertain inputs with their paths resolved, in the order of their paths."""

    inputs: Mapping[str, UncertainNumber] = field(default_factory=dict)
    """By path."""
    correlations: Mapping[tuple[str, str], float] = field(default_factory=dict)
    """Spearman's rank correlation of two paths, the first in order first."""
    same: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The other paths at which the number of an input stands."""

    @property
    def paths(self) -> tuple[str, ...]:
        """Of the inputs, in their order."""
        return tuple(self.inputs)

    @property
    def files(self) -> tuple[str, ...]:
        """Those with what was observed."""
        found = (each.file for each in self.inputs.values() if isinstance(each, EmpiricalInput))
        return tuple(dict.fromkeys(filter(None, found)))
