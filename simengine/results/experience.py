"""What a run's summary says of the experience of customers, where the scenario states touchpoints."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simengine.portfolio.customers import OURS
from simengine.scenario.employees import EMPLOYEE_TARGETS
from simengine.scenario.experience import owners_of
from simengine.scenario.segment import ChoiceSegment

if TYPE_CHECKING:
    from simengine.results.run import Run
    from simengine.tables.layout import Experience


def experience_of(run: Run) -> dict[str, Any]:
    """The block `experience` of the summary, alone in a mapping; empty where there are no touchpoints.

    Of every allocation at the end of the horizon: how many owners, and by segment where customers choose D, the levels
    that are promised and delivered on the needs that touchpoints deliver, and the levels of employees where the
    scenario is about them.
    """
    stated, tables = run.scenario.experience, run.tables.experience
    employees = run.scenario.employees.model_dump() if run.scenario.employees else None
    if stated is None or tables is None:
        return {}
    cells = [allocation for allocation, _ in run.tables.axes.cells]
    return {
        "experience": {
            "silo": stated.silo,
            "delivers": list(stated.delivers or ()),
            "employees": employees,
            "today": {
                "owners": len(owners_of(stated.touchpoints.values())),
                "experience": tables.today,
                **{level: each["today"] for level, each in (employees or {}).items()},
            },
            "allocations": {
                name: {"owners": int(tables.owners[c, -1]), "segments": _segments(run, tables, c)}
                for name, c in ((name, cells.index(name)) for name in run.scenario.allocations)
            },
        }
    }


def _segments(run: Run, tables: Experience, cell: int) -> dict[str, Any]:
    """At the end, by segment in which customers choose."""
    scenario, stated = run.scenario, run.scenario.experience
    assert stated is not None
    perceived = run.tables.offers.level[cell, -1]
    delivers = {need: scenario.needs.index(need) for need in stated.delivers or ()}
    return {
        name: {
            "experience": float(tables.experience[cell, -1, s]),
            "promised": {need: float(tables.promised[cell, -1, s, k]) for need, k in delivers.items()},
            "delivered": {need: float(perceived[s, OURS, k]) for need, k in delivers.items()},
            **(
                {level: float(getattr(tables.employees, level)[cell, -1, s]) for level in EMPLOYEE_TARGETS}
                if tables.employees
                else {}
            ),
        }
        for s, (name, segment) in enumerate(scenario.segments.items())
        if isinstance(segment, ChoiceSegment)
    }
