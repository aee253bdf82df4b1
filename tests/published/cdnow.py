"""CDNOW's published 1/10 sample, 39 weeks, as the product calibrates it from the purchase log."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

import simengine
from simengine.calibration.result import Calibration

DATA = Path(__file__).parents[2] / "scenarios" / "data"
COLUMNS = {"customer": "customer_id", "date": "date", "money": "value"}


@cache
def calibrated(model: str) -> Calibration:
    only = DATA / "cdnow-sample-ids.csv"
    return simengine.calibrate(DATA / "cdnow.csv", COLUMNS, only=only, until=date(1997, 9, 30), model=model)
