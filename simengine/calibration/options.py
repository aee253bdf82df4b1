"""What can be asked of a calibration, besides the columns of the evidence."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import NamedTuple

from simengine.portfolio.day_order import DayOrder


class Options(NamedTuple):
    """As stated, or as usual. Which of them a kind of evidence understands is said in `EVIDENCE`."""

    only: Path | None = None  # a file that names the customers to calibrate from
    until: date | None = None  # the last day to calibrate from; None for the log's
    unit: str = "week"  # of time
    model: str = "bg_nbd"  # of purchases
    dates: DayOrder | None = None  # how they are written, where that cannot be found out
    holdout: float = 1 / 3  # share of the evidence that is predicted from the rest, if nothing else is held out
