"""Kinds of evidence that can be calibrated from, and which of them the columns that are named make."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

from simengine.scenario.problems import Problem, ScenarioError, did_you_mean, listed, of_option

EvidenceName = Literal["log", "panel", "tenure", "survivors", "counts"]


class Evidence(NamedTuple):
    """A kind of evidence by the columns that it has."""

    required: tuple[str, ...]
    optional: tuple[str, ...]
    options: tuple[str, ...]  # of a calibration that it understands
    example: str
    further: str = ""  # what columns of any other name hold; "" if there can be none
    models: tuple[str, ...] = ()  # among which it can be asked for one
    usual: Mapping[str, Any] = {}  # options that are not as usual where they are not stated

    @property
    def roles(self) -> tuple[str, ...]:
        return self.required + self.optional

    def fits(self, columns: Mapping[str, str]) -> bool:
        """Whether columns of these roles are such evidence."""
        return set(self.required) <= columns.keys() and (bool(self.further) or columns.keys() <= set(self.roles))


_OF_TENURES = {"unit": "", "model": ""}  # the unit is to be stated, and the model is found out
EVIDENCE: dict[EvidenceName, Evidence] = {
    "log": Evidence(
        ("customer", "date"),
        ("money", "segment"),
        ("only", "until", "unit", "model", "dates", "holdout"),
        "--columns customer=customer_id,date=date,money=amount",
        models=("bg_nbd", "pareto_nbd"),
    ),
    "panel": Evidence(
        ("choice",),
        ("customer", "date", "alternative", "purchase", "available"),
        ("us", "holdout"),
        "--columns customer=household,choice=brand,price=price.*,feature=feature.*",
        "attributes of alternatives",
    ),
    "tenure": Evidence(
        ("tenure", "churned"),
        ("segment",),
        ("unit", "until", "model", "holdout"),
        "--columns tenure=months,churned=left --unit month",
        models=("constant", "shifted_beta_geometric"),
        usual=_OF_TENURES,
    ),
    "survivors": Evidence(
        ("tenure", "survivors"),
        ("cohort", "segment"),
        ("unit", "until", "model", "holdout"),
        "--columns cohort=joined,tenure=years,survivors=there --unit year",
        models=("constant", "shifted_beta_geometric"),
        usual=_OF_TENURES,
    ),
    "counts": Evidence(
        ("period", "added", "lost", "end"),
        ("start", "segment"),
        ("until", "holdout"),
        "--columns period=quarter,added=gross_adds,lost=disconnects,end=subscribers",
    ),
}


def evidence_of(columns: Mapping[str, str], stated: str | None = None) -> EvidenceName:
    """The evidence that columns make, {role: name in the file}: the one stated, else the first that has them all.

    Raises ScenarioError for roles that the evidence does not have, or that it lacks.
    """
    text = ",".join(f"{role}={name}" for role, name in columns.items())
    if stated is not None and stated not in EVIDENCE:
        found = f"{stated}, which is no kind of evidence"
        raise ScenarioError([of_option("--as", stated, found, listed(EVIDENCE), did_you_mean(stated, EVIDENCE))])
    kinds = [name for name in EVIDENCE if stated in (None, name)]
    for name in kinds:
        if EVIDENCE[name].fits(columns):
            return name
    nearest = max(kinds, key=lambda name: _likeness(EVIDENCE[name], columns))
    raise ScenarioError(_unlike(nearest, columns, text))


def _likeness(kind: Evidence, columns: Mapping[str, str]) -> float:
    """How many of the columns are called as those of a kind, or nearly so."""
    roles = set(kind.roles)
    nearly = sum(bool(did_you_mean(role, kind.required)) for role in columns if role not in roles)
    patterns = bool(kind.further) and any("*" in column for column in columns.values())
    return len(columns.keys() & roles) + nearly / 2 + patterns


def _unlike(name: EvidenceName, columns: Mapping[str, str], text: str) -> list[Problem]:
    """How the columns miss what a kind of evidence has."""
    kind = EVIDENCE[name]
    option = "--columns"
    unknown = [
        of_option(
            option,
            text,
            f"{role}, which nothing of a {name} is called",
            listed(kind.roles),
            did_you_mean(role, [each for each in kind.roles if each not in columns]),
        )
        for role in columns
        if role not in kind.roles and not kind.further
    ]
    lacking = [role for role in kind.required if role not in columns]
    if lacking:
        unknown.append(
            of_option(
                option,
                text,
                f"no column for {listed(lacking, 'and')}",
                f"the columns of a {name}: {listed(kind.required, 'and')}",
                f"such as {kind.example}",
            )
        )
    return unknown
