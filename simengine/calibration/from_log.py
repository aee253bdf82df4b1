"""Calibration from a purchase log: how often customers buy, when they drop out and what they spend, by segment."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import numpy as np

from simengine.calibration.customer_table import Table, customer_table
from simengine.calibration.draft import Draft
from simengine.calibration.histories import Customers
from simengine.calibration.log_draft import log_draft, unlike_a_scenario
from simengine.calibration.log_segment import FittedSegment, fit_segment
from simengine.calibration.maximum import NoMaximum
from simengine.calibration.options import Options
from simengine.calibration.purchase_log import PurchaseLog, day_number, day_text, read_log
from simengine.calibration.result import Calibration
from simengine.scenario.problems import ScenarioError, counted, of_option
from simengine.scenario.time_units import UNIT_DAYS


def calibrate_log(path: Path, columns: Mapping[str, str], options: Options) -> Calibration:
    """Calibrate from a purchase log. Raises ScenarioError for what cannot be used, NoMaximum if some segment has no
    estimate."""
    log = read_log(path, columns, only=options.only, order=options.dates)
    until = log.last_day if options.until is None else day_number(_day(options.until))
    _require_days(log, until)
    who, customers = log.by(until, UNIT_DAYS[options.unit])
    fitted: list[FittedSegment] = []
    failed = []
    for number, name in enumerate(log.segments):
        rows = np.flatnonzero(log.segment[who] == number)
        if len(rows):
            try:
                fitted.append(fit_segment(log, name, who[rows], customers.of(rows), until, options))
            except NoMaximum as failure:
                failed.append((name, failure))
    if failed:
        reasons = "; ".join(f"segment {name}: {failure.reason}" for name, failure in failed)
        raise NoMaximum(reasons, [f"{name}: {line}" for name, failure in failed for line in failure.diagnostics])
    segments = tuple(each.found for each in fitted)
    later = len(log.labels) - len(who)
    said = (
        f"{counted(log.rows, 'row')} of {counted(len(log.labels), 'customer')}, "
        f"{day_text(int(log.day.min()))} to {day_text(log.last_day)}",
        f"calibrated until {day_text(until)}"
        + (f", after which {counted(later, 'customer')} first bought" if later else ""),
    )
    draft: Draft | str = "scenarios state purchases by bg_nbd"
    if unstatable := unlike_a_scenario(segments):
        draft = unstatable
    elif options.model == "bg_nbd":
        draft = log_draft(path, log, segments, until, options.unit)
    notices = list(log.notices)
    if options.holdout or until < log.last_day:
        notices += [
            f"segment {each.name}: no backtest: less than a {options.unit} is held out"
            for each in segments
            if not each.backtests
        ]
    return Calibration(str(path), "log", dict(columns), said, segments, tuple(notices), draft, _table(log, fitted))


def _day(until: date | str) -> date:
    try:
        return until if isinstance(until, date) else date.fromisoformat(until)
    except ValueError:
        raise ScenarioError([of_option("--until", until, str(until), "a date", "such as 2026-06-30")]) from None


def _require_days(log: PurchaseLog, until: int) -> None:
    first = int(log.day[log.first].min())
    if not first < until <= log.last_day:
        option, shown = "--until", day_text(until)
        expected = f"a day after {day_text(first)}, the first, and not after {day_text(log.last_day)}, the last"
        raise ScenarioError([of_option(option, shown, f"{shown}, outside the log", expected)])


def _table(log: PurchaseLog, fitted: list[FittedSegment]) -> Table:
    """All customers in the order of their ids."""
    who = np.concatenate([each.who for each in fitted])
    order = np.argsort(who, kind="stable")
    columns = zip(*(each.customers for each in fitted), strict=True)
    customers = Customers._make(np.concatenate(column)[order] for column in columns)
    scores = {name: np.concatenate([each.scores[name] for each in fitted])[order] for name in fitted[0].scores}
    segment = np.array(log.segments, dtype=object)[log.segment[who[order]]]
    return customer_table(log.labels[who[order]], segment, customers, scores, log.money is not None)
