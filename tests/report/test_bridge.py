"""Bridges on a terminal: waterfalls that end where the next begins, and what a strategist would say."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from rich.console import Console

from simengine.report.bridge import print_bridge, reasons, waterfall
from simengine.study.bridge.by_driver import DRIVERS


def figure(value: float, half: float | None = None) -> dict[str, Any]:
    return {"value_per_share": value, "ci95": None if half is None else [value - half, value + half]}


def change(name: str, value: float, alone: float | None = None, half: float | None = None) -> dict[str, Any]:
    return {
        "change": name, "before": "4M", "after": "9M", **figure(value, half), "half_width_of_orders": None,
        "alone": value if alone is None else alone, "last": value,
    }  # fmt: skip


def document(
    changes: list[dict[str, Any]] | None, drivers: dict[str, tuple[float, float]], unallocated: float = 0.0,
    half: float | None = None, interaction: dict[str, Any] | None = None,
) -> dict[str, Any]:  # fmt: skip
    segments = {}
    for s, name in enumerate(("affluent", "mass")):
        parts = {driver: figure(drivers.get(driver, (0.0, 0.0))[s]) for driver in DRIVERS}
        segments[name] = {**figure(sum(each["value_per_share"] for each in parts.values())), "drivers": parts}
    total = sum(map(sum, drivers.values())) + unallocated
    return {
        "allocation": "advice", "to": "baseline", "move": "quiet", **figure(total, half),
        "by_change": changes and {"changes": changes, "orders": None, "interaction": interaction},
        "by_driver": {
            "drivers": {driver: figure(sum(drivers.get(driver, (0.0, 0.0)))) for driver in DRIVERS},
            "segments": segments, "unallocated": figure(unallocated),
        },
    }  # fmt: skip


def printed(bridge: dict[str, Any]) -> str:
    screen = Console(width=120, highlight=False, record=True, file=StringIO())
    print_bridge(bridge, "EUR", screen)
    return screen.export_text()


def test_bars_begin_where_the_one_before_ends() -> None:
    assert waterfall([4, -1, 2, 0, -5], width=10) == ["████████", "      ░░", "      ████", "", "░░░░░░░░░░"]
    assert waterfall([0.0, 0.0]) == ["", ""]
    assert waterfall([100, 0.001, -0.001], width=4) == ["████", "   █", "   ░"]


def test_reasons_name_what_counts_and_where() -> None:
    bridge = document(
        [change("advisers › affluent", 0.31), change("outreach › mass", -0.08)],
        {"customers_kept": (0.33, 0.01), "price": (0.05, 0.05), "programmes": (-0.1, -0.11)},
    )
    assert reasons(bridge, "EUR") == [
        "+0.230 EUR a share: +0.310 from advisers › affluent (4M → 9M) and -0.080 from outreach › mass (4M → 9M).",
        "By driver, +0.340 from customers kept (mostly affluent), -0.210 from programmes and +0.100 from price.",
    ]


def test_one_reason_is_said_to_be_all_or_nearly_all() -> None:
    one = document([change("advisers › affluent", 0.4)], {"price": (0.4, 0.0)})
    assert reasons(one, "EUR") == [
        "+0.400 EUR a share: all from advisers › affluent (4M → 9M).", "By driver, all from price (affluent)."
    ]  # fmt: skip
    most = document(None, {"price": (0.4, 0.0), "capital": (-0.001, 0.0)})
    assert reasons(most, "EUR") == ["+0.399 EUR a share: nearly all from price (affluent)."]


def test_changes_that_need_each_other_are_named() -> None:
    pair = {"between": ["design › mass", "advisers › mass"], "value_per_share": -0.1}
    bridge = document(
        [change("design › mass", 0.2, 0.25), change("advisers › mass", 0.2, 0.25)], {"customers_won": (0.0, 0.4)},
        interaction=pair,
    )  # fmt: skip
    assert reasons(bridge, "EUR")[1] == ("Together design › mass and advisers › mass bring 0.100 less than one by one.")
    assert "first" in printed(bridge)


@pytest.mark.parametrize("changes", [[], [change("advisers › mass", 0.0)]])
def test_no_difference_is_said(changes: list[dict[str, Any]]) -> None:
    bridge = document([], {}) | {"by_change": {"changes": changes, "orders": None, "interaction": None}}
    said = "does exactly what baseline does" if not changes else "is worth exactly what baseline is"
    assert reasons(bridge, "EUR") == [f"it {said}."]
    assert "by driver" not in printed(bridge)


def test_tables_end_with_the_difference_and_leave_out_what_does_not_show() -> None:
    bridge = document(
        [change("advisers › affluent", 0.31, half=0.02)],
        {"customers_kept": (0.33, 0.0), "capital": (1e-6, 0.0)}, unallocated=-0.02, half=0.02,
    )  # fmt: skip
    text = printed(bridge)
    assert "+0.310 ± 0.020" in text
    assert text.count("= difference") == 2
    assert "capital" not in text
    assert "overhead and spend without a segment" in text
    assert "first" not in text
