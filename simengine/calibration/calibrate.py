"""Calibration from whatever evidence a file holds."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from simengine.calibration.evidence import EVIDENCE, EvidenceName, evidence_of
from simengine.calibration.options import Options
from simengine.calibration.result import Calibration
from simengine.portfolio.day_order import FORMS
from simengine.scenario.problems import Problem, ScenarioError, did_you_mean, listed, of_option
from simengine.scenario.time_units import UNIT_DAYS

MOST_HELD_OUT = 0.9  # of the evidence

_CALIBRATE = {
    "log": ("simengine.calibration.from_log", "calibrate_log"),
    "panel": ("simengine.calibration.from_panel", "calibrate_panel"),
    "tenure": ("simengine.calibration.from_tenures", "calibrate_tenures"),
    "survivors": ("simengine.calibration.from_tenures", "calibrate_tenures"),
    "counts": ("simengine.calibration.from_counts", "calibrate_counts"),
}


def calibrate(
    file: str | Path,
    columns: Mapping[str, str],
    *,
    evidence: str | None = None,
    **options: Any,
) -> Calibration:
    """What the evidence in a file says of customers.

    `columns` name those of the file by role, {"customer": "customer_id", "date": "date", "money": "amount"}; which
    roles there are says what kind of evidence it is, unless `evidence` does. `options` are those of `Options`, None for
    the usual; `holdout` may be text, such as 30%. Raises ScenarioError for what cannot be used, NoMaximum where the
    evidence has no estimate.
    """
    kind = evidence_of(columns, evidence)
    stated = {name: value for name, value in options.items() if value is not None}
    understood = EVIDENCE[kind].options
    if foreign := [name for name in stated if name not in understood]:
        others = {name: listed(k for k, e in EVIDENCE.items() if name in e.options) for name in foreign}
        raise ScenarioError(
            of_option(f"--{name}", stated[name], f"an option for {others[name]}", f"one for {kind}") for name in foreign
        )
    if problems := _unknown(kind, stated):
        raise ScenarioError(problems)
    if "holdout" in stated:
        stated["holdout"] = _share(stated["holdout"])
    module, function = _CALIBRATE[kind]
    found: Calibration = getattr(import_module(module), function)(
        Path(file), columns, Options(**{**EVIDENCE[kind].usual, **stated})
    )
    return found


def _unknown(kind: EvidenceName, stated: Mapping[str, Any]) -> list[Problem]:
    """Options with values that there are none of."""
    known: dict[str, tuple[str, Collection[str]]] = {
        "unit": ("unit of time", UNIT_DAYS),
        "model": (f"model of {kind}", EVIDENCE[kind].models),
        "dates": ("order of dates", FORMS),
    }
    problems = []
    for name, (what, words) in known.items():
        if (word := stated.get(name)) is not None and word not in words:
            hint = did_you_mean(word, words)
            problems.append(of_option(f"--{name}", word, f"{word}, which is no {what}", listed(words), hint))
    if (part := stated.get("holdout")) is not None and not 0 <= _share(part) <= MOST_HELD_OUT:
        expected = f"a share of at most {MOST_HELD_OUT:.0%}"
        problems.append(of_option("--holdout", part, str(part), expected, "such as 30%, or 0 for none"))
    return problems


def _share(part: float | str) -> float:
    """The share that a number, or text such as 30%, is; NaN of what is none."""
    text = str(part)
    number = text.removesuffix("%")
    try:
        return float(number) / (100 if number != text else 1)
    except ValueError:
        return math.nan
