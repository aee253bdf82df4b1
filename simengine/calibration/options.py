"""What can be asked of a calibration, besides the columns of the evidence."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import NamedTuple

from simengine.portfolio.day_order import DayOrder


class Options(NamedTuple):
    """As stated, or as usual. Which of them a kind of evidence understands is said in `EVIDENCE`."""

    only: Path | None = None  # a file that names the customers to calibrate from
    until: date | str | None = None  # the last day, tenure or period to calibrate from; None for that of the evidence
    unit: str = "week"  # of time; of tenures their own
    model: str = "bg_nbd"  # of purchases; of tenures a hazard, "" for what fits best
    us: str | None = None  # which alternative of a panel is ours; None for what is bought most
    dates: DayOrder | None = None  # how they are written, where that cannot be found out
    holdout: float = 1 / 3  # share of the evidence that is predicted from the rest, if nothing else is held out
