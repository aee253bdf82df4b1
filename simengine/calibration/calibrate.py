"""Calibration from whatever evidence a file holds."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from simengine.calibration.evidence import EVIDENCE, evidence_of
from simengine.calibration.options import Options
from simengine.calibration.result import Calibration
from simengine.scenario.problems import ScenarioError, did_you_mean, listed, of_option

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
    the usual. Raises ScenarioError for what cannot be used, NoMaximum where the evidence has no estimate.
    """
    kind = evidence_of(columns, evidence)
    stated = {name: value for name, value in options.items() if value is not None}
    understood = EVIDENCE[kind].options
    if foreign := [name for name in stated if name not in understood]:
        others = {name: listed(k for k, e in EVIDENCE.items() if name in e.options) for name in foreign}
        raise ScenarioError(
            of_option(f"--{name}", stated[name], f"an option for {others[name]}", f"one for {kind}") for name in foreign
        )
    known = EVIDENCE[kind].models
    if (model := stated.get("model")) is not None and model not in known:
        unknown = f"{model}, which is no model of {kind}"
        raise ScenarioError([of_option("--model", model, unknown, listed(known), did_you_mean(model, known))])
    module, function = _CALIBRATE[kind]
    found: Calibration = getattr(import_module(module), function)(
        Path(file), columns, Options(**{**EVIDENCE[kind].usual, **stated})
    )
    return found
