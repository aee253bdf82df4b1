"""All uncertain inputs at once: what part of the spread each accounts for, and what it would be worth to know it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any

from simengine.study.sensitivity.design import BLOCKS, JOINT, Design, Floats, evaluations
from simengine.study.sensitivity.indices import Indices, indices_of
from simengine.study.sensitivity.information import Information, information_of
from simengine.study.sensitivity.input import Input
from simengine.study.sensitivity.jackknife import Estimate

VALUE, DIFFERENCE = "value_per_share", "difference"


@dataclass(frozen=True)
class Spread:
    """Why an outcome is not one number: standard deviations, in value per share."""

    mean: Estimate  # its error is of the simulation: so many samples, so many replications
    not_knowing: float  # of inputs: what replications have in common
    luck: float | None  # of one replication, given inputs; None where there is but one, of many that there could be

    @property
    def document(self) -> dict[str, Any]:
        """For JSON."""
        return {"mean": self.mean.document, "not_knowing": self.not_knowing, "luck": self.luck}


@dataclass(frozen=True)
class GlobalSensitivity:
    """What follows from varying all uncertain inputs. Values are per share."""

    inputs: tuple[Input, ...]
    design: Design  # of these inputs
    indices: dict[str, Indices]  # of VALUE and of DIFFERENCE
    spread: dict[str, Spread]  # likewise
    information: Information  # on which of the watched allocations is best

    def indices_document(self) -> dict[str, Any]:
        """For JSON."""
        names = [each.name for each in self.inputs]
        samples, correlated = len(self.design.probabilities), self.design.correlated
        found: dict[str, Any] = {
            "samples": samples,
            "blocks": BLOCKS,
            "evaluations": evaluations(samples, len(names), len(correlated)),
            "correlated": [names[i] for i in correlated],
        }
        for outcome, indices in self.indices.items():
            pairs = zip(indices.first, indices.total, strict=True)
            found[outcome] = {
                name: {"first": first.document, "total": total.document}
                for name, (first, total) in zip(names, pairs, strict=True)
            }
        return found

    def information_document(self, watched: Sequence[str], shares: float) -> dict[str, Any]:
        """For JSON. `watched` are the names of the allocations among which it is to be decided."""
        worths = zip(self.inputs, self.information.by_input, strict=True)
        return {
            "shares": shares,
            "best": watched[self.information.best],
            "probability_best": dict(zip(watched, self.information.probability_best, strict=True)),
            "of_all_inputs": self.information.of_all.document,
            "by_input": {each.name: worth.document for each, worth in worths},
        }


def global_sensitivity(
    inputs: Sequence[Input], plan: Design, drawn: Floats, outcomes: Floats, pair: tuple[int, int],
    watched: Sequence[int], *, exact: bool,
) -> GlobalSensitivity:  # fmt: skip
    """From the values `drawn` [N, rows, n] of inputs at the rows of a design, and what allocations are worth then,
    `outcomes` [N, rows, D, R]. `pair` and `watched` are places of allocations; `exact`: there is no luck."""
    best, other = pair
    of = {VALUE: outcomes[:, :, best], DIFFERENCE: outcomes[:, :, best] - outcomes[:, :, other]}
    indices = {name: indices_of(plan, each.mean(axis=2)) for name, each in of.items()}
    spread = {name: _spread(indices[name], each, exact) for name, each in of.items()}
    information = information_of(drawn[:, JOINT], outcomes[:, JOINT].mean(axis=3)[..., watched])
    return GlobalSensitivity(tuple(inputs), plan, indices, spread, information)


def _spread(indices: Indices, outcomes: Floats, exact: bool) -> Spread:
    """Of an outcome at the rows of a design [N, rows, R]; the luck is that of the rows that are draws of all inputs."""
    joint = outcomes[:, JOINT]  # [N, 2, R]
    replications = joint.shape[2]
    luck = float(joint.var(axis=2, ddof=1).mean()) if replications > 1 else 0.0
    blocks = joint.reshape(BLOCKS, -1).mean(axis=1)
    error = sqrt(float(blocks.var(ddof=1)) / BLOCKS + luck / replications)  # replications are the same at every point
    known = exact or replications > 1
    return Spread(Estimate(float(joint.mean()), error), sqrt(indices.variance), sqrt(luck) if known else None)
