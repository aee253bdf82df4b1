"""The table that a run prints."""

from __future__ import annotations

import io
from typing import Any

import pytest
from rich.console import Console

from simengine.report.terminal import PIPED_WIDTH, decimals, print_summary


def cell(allocation: str, move: str, value: float, difference: float, exact: bool = False) -> dict[str, Any]:
    return {
        "allocation": allocation,
        "move": move,
        "value_per_share": {"mean": value, "ci95": None if exact else [value - 0.02, value + 0.02]},
        "segments": {"mass": {"customers_end": 120.0}, "affluent": {"customers_end": 80.0}},
        "difference": {
            "to": "baseline",
            "mean": difference,
            "ci95": None if exact else [difference - 0.001, difference + 0.001],
        },
        "rivals": {},
    }


def summary(exact: bool = False) -> dict[str, Any]:
    return {
        "scenario": "A [small] bank",
        "currency": "EUR",
        "customers": 300.0,
        "market_size": 1000.0,
        "periods": 8,
        "replications": 1 if exact else 40,
        "mode": "expected" if exact else "sampled",
        "exact": exact,
        "seed": 7,
        "conversions": [],
        "assumed_of_rivals": {},
        "cells": [
            cell(allocation, move, value + (move == "war") * -1.0, value - 12.0, exact)
            for move in ("quiet", "war")
            for allocation, value in (("baseline", 12.0), ("advice", 12.3456))
        ],
    }


def printed(document: dict[str, Any], width: int = PIPED_WIDTH) -> str:
    out = io.StringIO()
    print_summary(document, Console(file=out, width=width, highlight=False))
    return out.getvalue()


def test_every_cell_is_a_row_with_its_value_and_its_difference() -> None:
    row = next(line for line in printed(summary()).splitlines() if "advice" in line and "12.346" in line)
    assert row.split() == ["advice", "12.346", "±", "0.020", "+0.3456", "±", "0.0010", "200", "20.0%"]


def test_what_a_conversion_is_assumed_to_gain_is_said() -> None:
    document = summary() | {"conversions": [{"from": "monthly [new]", "to": "yearly", "causal": 0.5}]}
    line = "Assumed: who converts from monthly [new] to yearly gains 50% of the difference in the hazard of leaving."
    assert printed(document).splitlines()[-1] == line


def test_names_are_printed_as_they_are_written() -> None:
    assert "A [small] bank" in printed(summary())


def test_a_move_is_named_once_and_the_reference_has_no_difference_from_itself() -> None:
    text = printed(summary())
    assert text.count("war") == 1
    assert "+0.0" not in text


def test_exact_results_have_no_intervals() -> None:
    text = printed(summary(exact=True))
    assert "±" not in text
    assert "expected values, exact: nothing is random" in text


@pytest.mark.parametrize(("error", "said"), [(0.0002, "within 0.05 %"), (None, "exact")])
def test_what_profiles_lose_is_said(error: float | None, said: str) -> None:
    profiles = {"customers": 1000, "profiles": 100, "bound": 0.0005, "error": error, "step": 0.5}
    text = printed(summary(exact=True) | {"profiles": profiles})
    assert f"expected values, {said}: nothing is random" in text


def test_expected_values_in_random_markets_have_intervals_and_are_not_called_exact() -> None:
    profiles = {"customers": 1000, "profiles": 100, "bound": 0.0005, "error": 0.0002, "step": 0.5}
    text = printed(summary() | {"mode": "expected", "profiles": profiles})
    assert "±" in text
    assert "nothing is random" not in text
    assert "expected values of customers, within 0.05 %, in each of 40 replications, seed 7." in text


def test_what_is_the_same_in_every_replication_has_no_interval_and_figures_stay_in_line() -> None:
    document = summary()
    for each in document["cells"]:
        if each["move"] == "quiet":
            each["value_per_share"]["ci95"] = [each["value_per_share"]["mean"]] * 2
    quiet, war = (line for line in printed(document).splitlines() if "  advice" in line)
    assert quiet.split() == ["advice", "12.346", "+0.3456", "±", "0.0010", "200", "20.0%"]
    assert quiet.index("12.346") == war.index("11.346")


def test_a_single_replication_has_no_intervals() -> None:
    document = summary() | {"replications": 1}
    for each in document["cells"]:
        each["value_per_share"]["ci95"] = each["difference"]["ci95"] = None
    assert "±" not in printed(document)


@pytest.mark.parametrize("width", [20, 80, PIPED_WIDTH])
def test_no_figure_is_cut_whatever_the_width(width: int) -> None:
    assert printed(summary(), width).split() == printed(summary()).split()


def test_the_table_fits_a_terminal() -> None:
    assert max(map(len, printed(summary(), 80).splitlines())) <= 80


@pytest.mark.parametrize(
    ("means", "halves", "expected"),
    [([12.0], [0.02], 3), ([12.0], [2.0], 2), ([12.0], [0.0], 2), ([0.0], [], 2), ([0.0012, 5.0], [], 4),
     ([1e-9], [1e-10], 6)],
)  # fmt: skip
def test_decimals_show_two_figures_of_the_interval(means: list[float], halves: list[float], expected: int) -> None:
    assert decimals(means, halves) == expected
