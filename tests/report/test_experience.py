"""The table of what customers experience in the end."""

from __future__ import annotations

from typing import Any

from tests.report.test_terminal import printed, summary


def told(**at_end: Any) -> dict[str, Any]:
    even = {"experience": 0.5, "promised": {"service [all]": 7.0}, "delivered": {"service [all]": 7.0}}
    segments = {"mass": {**even, **at_end}}
    allocations = {
        "baseline": {"owners": 5, "segments": {"mass": even}},
        "one [owner]": {"owners": 1, "segments": segments},
    }
    today = {"owners": 5, "experience": 0.5}
    return summary(exact=True) | {
        "experience": {
            "silo": 1.5,
            "delivers": ["service [all]"],
            "employees": None,
            "today": today,
            "allocations": allocations,
        }
    }


def rows(document: dict[str, Any]) -> list[list[str]]:
    return [line.split() for line in printed(document).splitlines()]


def test_every_segment_and_allocation_is_a_row() -> None:
    found = rows(told(experience=0.71, delivered={"service [all]": 9.94}))
    assert ["today", "5", "0.500"] in found
    assert ["mass"] in found
    assert ["baseline", "5", "0.500", "7.0"] in found
    assert ["one", "[owner]", "1", "0.710", "9.9"] in found


def test_what_is_less_than_promised_is_said() -> None:
    assert ["one", "[owner]", "1", "0.400", "5.6", "of", "7.0"] in rows(
        told(experience=0.4, delivered={"service [all]": 5.6})
    )
    assert ["one", "[owner]", "1", "0.500", "7.0"] in rows(told(delivered={"service [all]": 6.9999}))


def test_levels_of_employees_are_columns_of_their_own() -> None:
    document = told(experience=0.55)
    experience = document["experience"]
    experience["employees"] = {"enablement": {"sensitivity": 2.0}, "motivation": {"sensitivity": 1.5}}
    for figures in (
        experience["today"],
        *(each["segments"]["mass"] for each in experience["allocations"].values()),
    ):
        figures |= {"enablement": 0.4, "motivation": 0.625}
    found = rows(document)
    assert ["today", "5", "0.400", "0.625", "0.500"] in found
    assert ["baseline", "5", "0.400", "0.625", "0.500", "7.0"] in found
    line = "Assumed: a level of employees that rises from 0 to 1 adds to the log odds of each quality: enablement 2, "
    assert line + "motivation 1.5." in printed(document)


def test_the_assumption_is_said_and_nothing_where_there_is_no_experience() -> None:
    line = "Assumed: experience is the mean of power 1 - 1.5 (owners - 1) of the touchpoints' qualities."
    assert line in printed(told())
    assert "xperience" not in printed(summary())
