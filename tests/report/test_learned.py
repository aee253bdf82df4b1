"""What a run prints of knowledge and of what rivals have imitated."""

from __future__ import annotations

from typing import Any

from tests.report.test_terminal import printed, summary


def cells(of: Any) -> list[dict[str, Any]]:
    return [
        {"allocation": each["allocation"], "move": each["move"], "segments": of(each["allocation"])}
        for each in summary()["cells"]
    ]


def test_knowledge_of_every_supplier_is_shown_today_and_at_the_end() -> None:
    knowledge = {
        "today": {"us": 0.3, "atlas [old]": 0.2, "neo": 0.0},
        "cells": cells(
            lambda name: {"affluent": {"us": 0.3 + 0.1 * (name == "advice"), "atlas [old]": 0.1999, "neo": 0.0}}
        ),
    }
    rows = [line.split() for line in printed(summary() | {"knowledge": knowledge}).splitlines()]
    assert ["today", "0.300", "0.200"] in rows
    assert rows.count(["advice", "0.400", "0.200"]) == 2
    assert rows.count(["baseline", "0.300", "0.200"]) == 2


def test_what_is_imitated_is_shown_where_we_have_added_something() -> None:
    def of(name: str) -> dict[str, Any]:
        ours = name == "advice"
        return {
            "affluent": {
                "price": {"added": 0.06 * ours, "imitated": {"atlas": 0.0312 * ours}},
                "service": {"added": 1.2 * ours, "imitated": {"atlas": 0.5 * ours}},
                "rate": {"added": 0.0, "imitated": {"atlas": 0.0}},
            }
        }

    text = printed(summary() | {"imitation": {"cells": cells(of)}})
    rows = [line.split() for line in text.splitlines()]
    assert "our rate" not in text
    assert rows.count(["advice", "-6.0%", "-3.1%", "+1.20", "+0.50"]) == 2
    assert rows.count(["baseline", "0.0%", "0.0%", "0.00", "0.00"]) == 2


def test_nothing_is_shown_where_we_have_added_nothing() -> None:
    nothing = {"affluent": {"price": {"added": 0.0, "imitated": {"atlas": 0.0}}}}
    assert printed(summary() | {"imitation": {"cells": cells(lambda _: nothing)}}) == printed(summary())
