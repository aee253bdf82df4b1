"""Employees under an allocation, written out: what levers aim at, how levels follow, what touchpoints make of it."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from simengine.tables.layout import Employees, Experience, Tables
from tests.properties.worlds import Document, market, opened

TOUCHPOINTS = {
    "call": {"weight": 2, "quality": 0.5, "owner": "operations"},
    "branch": {"weight": 1, "quality": 0.9, "owner": "operations"},
}
STATED = {
    "enablement": {"today": 0.4, "half_life_up": 0.5, "half_life_down": 2, "sensitivity": 3},
    "motivation": {"today": 0.6, "half_life_up": 1, "half_life_down": 0.25, "sensitivity": 1.5},
}


def document(**employees: Any) -> Document:
    world = market()
    world["experience"] = {"touchpoints": TOUCHPOINTS, "delivers": ["service"]}
    if employees:
        world["employees"] = employees
    hill = {"hill": {"max": 0.6, "half": 1000, "shape": 1}}
    world["levers"] |= {
        "training": {"target": "enablement", "response": hill, "today": {"affluent": 1000}},
        "rewards": {"target": "motivation", "response": hill},
    }
    world["allocations"] = {
        "baseline": {},
        "more": {"training": {"until": "2026-Q4", "affluent": 3000}, "rewards": {"mass": 1000}},
    }
    return world


def built_of(world: Document) -> tuple[Tables, Experience, Employees]:
    tables = opened(world)[2]
    assert tables.experience is not None
    assert tables.experience.employees is not None
    return tables, tables.experience, tables.experience.employees


def at(tables: Tables, allocation: str) -> int:
    return tables.axes.cells.index((allocation, "quiet"))


def test_levels_follow_what_spend_aims_at_in_the_segment_where_it_is_spent() -> None:
    tables, _, staff = built_of(document(**STATED))
    more, today = at(tables, "more"), at(tables, "baseline")
    affluent, mass, signed = range(3)
    aimed = 0.4 + 0.6 * (3000 / 4000 - 1000 / 2000)
    up = [aimed + (0.4 - aimed) * 0.5 ** (0.25 * n / 0.5) for n in range(1, 5)]
    down = [0.4 + (up[-1] - 0.4) * 0.5 ** (0.25 * n / 2) for n in range(1, 5)]
    assert staff.enablement[more, :, affluent] == pytest.approx(up + down)
    assert staff.motivation[more, :, mass] == pytest.approx([0.9 - 0.3 * 0.5 ** (0.25 * n) for n in range(1, 9)])
    for levels, level in ((staff.enablement, 0.4), (staff.motivation, 0.6)):
        assert (levels[today] == level).all()
        assert (levels[:, :, signed] == level).all()
    assert (staff.enablement[more, :, mass] == 0.4).all()
    assert (staff.motivation[more, :, affluent] == 0.6).all()


def test_the_log_odds_of_every_quality_follow_the_levels() -> None:
    tables, table, staff = built_of(document(**STATED))
    more = at(tables, "more")
    shift = 3 * (staff.enablement[more] - 0.4) + 1.5 * (staff.motivation[more] - 0.6)
    for m, quality in enumerate((0.9, 0.5)):  # branch, call
        found = table.quality[more, :, :, m]
        assert np.log(found / (1 - found)) == pytest.approx(math.log(quality / (1 - quality)) + shift)
        assert (table.quality[at(tables, "baseline"), :, :, m] == quality).all()
    whole = 1 / 3 * table.quality[more, :, :, 0] + 2 / 3 * table.quality[more, :, :, 1]
    assert table.experience[more] == pytest.approx(whole)


def test_what_is_not_said_is_assumed() -> None:
    tables, _, staff = built_of(document())
    assert (staff.enablement[at(tables, "baseline")] == 0.5).all()
    assert (staff.motivation[at(tables, "baseline")] == 0.5).all()


def test_nothing_is_said_of_employees_whom_nobody_mentions() -> None:
    world = document()
    del world["levers"]["training"], world["levers"]["rewards"]
    world["allocations"] = {"baseline": {}, "one": {"experience": {"owner": "one"}}}
    experience = opened(world)[2].experience
    assert experience is not None
    assert experience.employees is None


def test_in_a_run_off_employees_are_at_once_as_they_would_be_without_spend() -> None:
    world = document(**STATED)
    world["company"]["residual"] = {"method": "run_off"}
    tables = opened(world)[2]
    assert tables.run_off is not None
    shift = 3 * -0.3  # without the spend of today enablement loses 0.6 x 1000 / 2000
    call, branch = (1 / (1 + math.exp(-math.log(q / (1 - q)) - shift)) for q in (0.5, 0.9))
    ratio = (2 * call + branch) / (2 * 0.5 + 0.9)
    service = tables.axes.needs.index("service")
    found = tables.run_off.choice.coefficient[:, 0, 0, 0, service]
    assert found == pytest.approx((7 - 2) * ratio, rel=1e-6)  # advisers who are not paid take two points away
