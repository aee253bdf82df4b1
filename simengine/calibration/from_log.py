"""Calibration from a purchase log: how often customers buy, when they drop out and what they spend, by segment."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from simengine.calibration import bg_nbd, gamma_gamma
from simengine.calibration.histories import Customers, Histories
from simengine.calibration.maximum import NoMaximum
from simengine.calibration.purchase_log import day_text, read_log
from simengine.calibration.result import Calibration, Estimate, Fact, SegmentCalibration, estimate
from simengine.scenario.problems import counted

UNIT_DAYS = {"day": 1.0, "week": 7.0, "month": 365.25 / 12, "quarter": 365.25 / 4, "year": 365.25}


def calibrate_log(
    path: Path, columns: Mapping[str, str], *, only: Path | None = None, until: int | None = None, unit: str = "week"
) -> Calibration:
    """Calibrate from a purchase log, until the end of a day since 1970 (default: its last).

    Raises ScenarioError for what cannot be used, NoMaximum if some segment has no estimate.
    """
    log = read_log(path, columns, only=only)
    until = log.last_day if until is None else until
    who, customers = log.by(until, UNIT_DAYS[unit])
    segments, failed = [], []
    for number, name in enumerate(log.segments):
        rows = log.segment[who] == number
        try:
            segments.append(_segment(name, Customers(*(column[rows] for column in customers)), unit))
        except NoMaximum as failure:
            failed.append((name, failure))
    if failed:
        reasons = "; ".join(f"segment {name}: {failure.reason}" for name, failure in failed)
        raise NoMaximum(reasons, [f"{name}: {line}" for name, failure in failed for line in failure.diagnostics])
    said = (
        f"{counted(len(log.labels), 'customer')} in {counted(log.rows, 'row')}",
        f"calibrated from {counted(len(who), 'customer')} until {day_text(until)}",
    )
    return Calibration(str(path), "log", dict(columns), said, tuple(segments), log.notices, "")


def _segment(name: str, customers: Customers, unit: str) -> SegmentCalibration:
    x = customers.purchases
    facts = (
        Fact("customers", len(x)),
        Fact("repeat purchases", float(x.sum())),
        Fact("customers without one", int((x == 0).sum())),
    )
    estimates: list[Estimate] = []
    histories = Histories(*customers[:3])
    estimates.append(estimate("bg_nbd", bg_nbd.NAMES, bg_nbd.fit(histories), len(x), ("", unit, "", "")))
    spenders = customers.spend > 0
    if spenders.any():
        found = gamma_gamma.fit(x[spenders], customers.spend[spenders])
        estimates.append(estimate("gamma_gamma", gamma_gamma.NAMES, found, int(np.count_nonzero(spenders))))
    return SegmentCalibration(name, facts, tuple(estimates), (), ())
