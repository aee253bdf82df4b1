"""Calibration from whatever evidence a file holds."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from simengine.calibration.evidence import evidence_of
from simengine.calibration.from_log import calibrate_log
from simengine.calibration.result import Calibration


def calibrate(
    file: str | Path,
    columns: Mapping[str, str],
    *,
    evidence: str | None = None,
    only: str | Path | None = None,
    until: date | None = None,
    unit: str = "week",
) -> Calibration:
    """What the evidence in a file says of customers.

    `columns` name those of the file by role, {"customer": "customer_id", "date": "date", "money": "amount"}; which
    roles there are says what kind of evidence it is, unless `evidence` does. `only` is a file that names the customers
    to use, `until` the last day to calibrate from, `unit` that of time. Raises ScenarioError for what cannot be used,
    NoMaximum where the evidence has no estimate.
    """
    evidence_of(columns, evidence)
    last = None if until is None else (until - date(1970, 1, 1)).days
    return calibrate_log(Path(file), columns, only=None if only is None else Path(only), until=last, unit=unit)
