"""Numbers that options give are written as those of scenarios, and stay within bounds."""

from __future__ import annotations

import pytest

from simengine.scenario.option_number import money_of_option, number_of_option
from simengine.scenario.problems import ScenarioError


@pytest.mark.parametrize(("text", "number"), [("9%", 0.09), ("0", 0.0), ("100%", 1.0)])
def test_bounds_are_within(text: str, number: float) -> None:
    assert number_of_option("--rate", text, "a rate", 1.0) == number


def test_there_need_be_no_most() -> None:
    assert number_of_option("--cost", "250k", "money") == 250_000


@pytest.mark.parametrize(
    ("text", "found", "suggestion"),
    [("9", "9", "write 9%"), ("-1%", "-1%", ""), ("much", "'much'", None), ("nan", "'nan'", None)],
)
def test_others_are_refused_with_what_was_expected(text: str, found: str, suggestion: str | None) -> None:
    with pytest.raises(ScenarioError) as caught:
        number_of_option("--rate", text, "a rate", 1.0, "write 9%")
    (problem,) = caught.value.problems
    assert (problem.file, problem.found, problem.expected) == (f"--rate {text}", found, "a rate")
    assert suggestion is None or problem.suggestion == suggestion


def test_money_is_no_percentage() -> None:
    assert money_of_option("--cost", "250k", "money") == 250_000
    with pytest.raises(ScenarioError) as caught:
        money_of_option("--cost", "5%", "money")
    (problem,) = caught.value.problems
    assert (problem.found, problem.expected, problem.suggestion) == ("'5%'", "money", "money has no %")
