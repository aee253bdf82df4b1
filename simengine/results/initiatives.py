"""What a run says of its initiatives: when what began and ended, over the replications, and every single event."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from simengine.portfolio.sql_text import connect, literal
from simengine.tables.layout import Floats
from simengine.timeline.timeline import Times

if TYPE_CHECKING:
    from simengine.results.run import Run

EVENTS = "events.parquet"
QUANTILES = {"p10": 0.1, "p50": 0.5, "p90": 0.9}


def initiatives_of(run: Run) -> dict[str, Any]:
    """The block `initiatives` of the summary, alone in a mapping; empty where there are none.

    Of every allocation and initiative: quantiles over the replications of its start, of its completion (`finish`) and
    of when it is completed or given up (`end`), in periods since the opening (None where it never comes to that; beyond
    the calendar all goes on as planned), and the probabilities that it is completed, or given up, within the calendar.
    """
    if run.timeline is None:
        return {}
    periods = run.scenario.calendar.periods
    return {
        "initiatives": {
            allocation: {
                name: {
                    "start": quantiles(times.started),
                    "finish": quantiles(times.completed),
                    "end": quantiles(times.end),
                    "completed": float((times.completed <= periods).mean()),
                    "cancelled": float((times.cancelled <= periods).mean()),
                }
                for name, times in initiatives.items()
            }
            for allocation, initiatives in run.timeline.times.items()
        }
    }


def quantiles(times: Floats) -> dict[str, float | None]:
    """The least of the times [R] that at least so many of them do not exceed; None for infinity."""
    ordered = np.sort(times)
    found = {name: float(ordered[math.ceil(p * len(ordered)) - 1]) for name, p in QUANTILES.items()}
    return {name: time if math.isfinite(time) else None for name, time in found.items()}


def event_columns(
    times: dict[str, dict[str, Times]], replications: int
) -> dict[str, NDArray[np.object_] | NDArray[np.int64] | Floats]:
    """Columns of the log, a row for everything that happened: in the order of allocations (as given), replications,
    times and initiatives. What is certain happens in every replication alike."""
    allocation: list[str] = []
    initiative: list[str] = []
    event: list[str] = []
    replication: list[NDArray[np.int64]] = []
    time: list[Floats] = []
    for here, initiatives in times.items():
        for name, each in initiatives.items():
            for what, when in each._asdict().items():
                drawn = np.broadcast_to(when, (replications,))
                (happened,) = np.nonzero(np.isfinite(drawn))
                allocation += [here] * len(happened)
                initiative += [name] * len(happened)
                event += [what] * len(happened)
                replication.append(happened)
                time.append(drawn[happened])
    columns: dict[str, NDArray[np.object_] | NDArray[np.int64] | Floats] = {
        "allocation": np.array(allocation, dtype=object),
        "replication": np.concatenate(replication),
        "initiative": np.array(initiative, dtype=object),
        "event": np.array(event, dtype=object),
        "time": np.concatenate(time),
    }
    place = np.array([list(times).index(each) for each in allocation])
    order = np.lexsort((columns["time"], columns["replication"], place))
    return {name: column[order] for name, column in columns.items()}


def write_events(run: Run, path: Path) -> None:
    """Write the log as a Parquet file; nothing where there are no initiatives."""
    if run.timeline is None:
        return
    with connect(threads=1) as connection:
        connection.register("events", event_columns(run.timeline.times, run.valuation.replications))
        connection.execute(f"COPY (SELECT * FROM events) TO {literal(str(path))} (FORMAT parquet, COMPRESSION zstd)")
