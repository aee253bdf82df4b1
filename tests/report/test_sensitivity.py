"""The study of what a decision depends on, as it is read."""

from __future__ import annotations

import io
from typing import Any

from rich.console import Console

from simengine.report.sensitivity import print_sensitivity


def printed(study: dict[str, Any]) -> str:
    screen = Console(file=io.StringIO(), width=120, highlight=False)
    print_sensitivity(study, screen)
    return screen.file.getvalue()  # type: ignore[attr-defined, no-any-return]


def an_input(name: str, low: float, high: float, flips: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "input": name, "range": "p10 to p90", "stated": 0.07, "low": 0.05, "high": 0.09,
        "words": {"stated": "7%", "low": "5%", "high": "9%"},
        "value_per_share": {"low": {"a": 3 + low, "b": 3.0}, "high": {"a": 3 + high, "b": 3.0}},
        "difference": {"low": low, "high": high}, "flips": flips, "searched": {"from": 0.01, "to": 0.2},
    }  # fmt: skip


def a_study(**changes: Any) -> dict[str, Any]:
    flip = {"value": 0.0811, "words": "8.11%", "beyond": "above", "best_there": "b", "probability": 0.004}
    study = {
        "scenario": "A study", "currency": "EUR", "move": "quiet", "pair": {"allocation": "a", "to": "b"},
        "among": ["a", "b"], "value_per_share": {"a": 3.5, "b": 3.0}, "difference": 0.5, "exact": True,
        "replications": 1, "profiles": {"bound": 0.001, "error": 0.0008}, "seed": 7,
        "inputs": [an_input("x", 1.0, 0.0, [flip]), an_input("y", 0.25, 0.25, [])],
        "indices": None, "spread": {}, "information": None,
    }  # fmt: skip
    return {**study, **changes}


def estimate(value: float, half: float) -> dict[str, Any]:
    return {"value": value, "standard_error": half / 2, "ci95": [value - half, value + half]}


def test_the_tornado_has_bars_on_both_sides_and_break_evens_in_the_users_units() -> None:
    text = printed(a_study())
    assert "█████████████│░░░░░░░░░░░░░" in text  # less by the high end, more by the low one, both as far
    assert "      ░░░░░░█│" not in text
    assert "above 8.11%: b (under 1%)" in text
    assert "As stated: a 3.500, b 3.000, +0.500 EUR a share." in text
    assert "hangs on x; the others do not change it alone" in text
    assert "10%" not in text


def test_how_sure_expected_values_are() -> None:
    assert "Expected values of customers, within 0.1 %; low and high" in printed(a_study())
    text = printed(a_study(profiles=None, exact=False))
    assert "Expected values of customers, exact, in each of 1 replication, seed 7; low" in text
    assert "One replication: how far luck would change this is not known." in text
    assert "One replication" not in printed(a_study()) + printed(a_study(exact=False, replications=2))


def test_a_decision_that_nothing_changes_is_said_to_be_one() -> None:
    text = printed(a_study(inputs=[an_input("y", 0.4, 0.6, [])]))
    assert "no input changes it alone" in text


def test_both_ends_on_one_side_are_told_apart() -> None:
    (line,) = [line for line in printed(a_study(inputs=[an_input("y", 0.6, 1.0, [])])).splitlines() if "│" in line]
    assert "│░░░██████████" in line


def test_what_is_only_rounding_has_no_bar() -> None:
    text = printed(a_study(inputs=[an_input("y", 0.5, 0.5 + 1e-9, [])]))
    assert "█│" not in text
    assert "│█" not in text


def test_indices_information_and_spread() -> None:
    names = {
        name: {"first": estimate(share, 0.02), "total": estimate(share, 0.03)}
        for name, share in (("x", 0.9), ("y", -0.001))
    }
    study = a_study(
        indices={
            "samples": 1024, "blocks": 16, "evaluations": 4096, "correlated": ["x", "y"], "value_per_share": names,
            "difference": names,
        },
        spread={
            "value_per_share": {"mean": estimate(3.4, 0.02), "not_knowing": 0.21, "luck": 0.0},
            "difference": {"mean": estimate(0.48, 0.01), "not_knowing": 0.11, "luck": 0.052},
        },
        information={
            "shares": 1e6, "best": "a", "probability_best": {"a": 0.87, "b": 0.13},
            "of_all_inputs": estimate(0.012, 0.002),
            "by_input": {"x": estimate(0.011, 0.002), "y": estimate(0.0, 0.0)},
        },
    )  # fmt: skip
    text = printed(study)
    assert "0.90 ± 0.02" in text
    assert "0.00 ± 0.02" in text
    assert "-0.00" not in text
    assert "11,000 ± 2,000" in text
    assert "is worth 12,000 ± 2,000 EUR: the most" in text
    assert "a: 3.400 ± 0.020 EUR a share on average" in text
    assert "standard deviation of what is not known 0.210." in text
    assert "of luck in one future 0.052" in text
    assert "Best: a in 87%, b in 13% of cases." in text
    assert "Correlated: x and y." in text
    assert "1,024 base samples in 16 blocks, 4,096 evaluations" in text
