"""Small purchase logs, written as files."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from tests.calibration.buyers import bg_nbd_buyers

COLUMNS = {"customer": "customer_id", "date": "date", "money": "amount"}


def write_log(path: Path, rows: Sequence[str], header: str = "customer_id,date,amount") -> Path:
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def drawn_log(path: Path, customers: int = 300, seed: int = 1, segments: Sequence[str] = ()) -> Path:
    """A log of a year of customers who buy as BG/NBD and gamma-gamma say; only the last purchase of each is where it
    would be, the others are anywhere before."""
    rng = np.random.default_rng(seed)
    start, rows = date(2025, 1, 1), []
    acquired = rng.integers(0, 90, customers)
    found = bg_nbd_buyers(rng, np.array([0.6, 4.0, 0.9, 3.0]), (364 - acquired) / 7)
    means = rng.gamma(6, 1 / rng.gamma(4, 1 / 15, customers))
    for i, (x, last) in enumerate(zip(found.purchases, found.last_purchase, strict=True)):
        repeat = [] if x == 0 else [*rng.uniform(0, last, int(x) - 1), last]
        segment = f",{segments[i % len(segments)]}" if segments else ""
        rows += [
            f"C{i:04d},{start + timedelta(days=int(acquired[i] + np.ceil(time * 7)))},"
            f"{max(0.01, means[i] * rng.gamma(6, 1 / 6)):.2f}{segment}"
            for time in (0.0, *repeat)
        ]
    rng.shuffle(rows)
    return write_log(path, rows, "customer_id,date,amount" + (",region" if segments else ""))
