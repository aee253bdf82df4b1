"""A number that an option gives."""

from __future__ import annotations

import math

from simengine.scenario.problems import ScenarioError, of_option
from simengine.scenario.units import NumberRefused, read_number


def number_of_option(option: str, text: str, expected: str, most: float = math.inf, if_more: str = "") -> float:
    """The number from 0 to `most` that is written as in a scenario: `9%`, `250k`.

    Raises ScenarioError that says what was `expected`, and suggests `if_more` where the number is more.
    """
    try:
        number = read_number(text)
    except NumberRefused as refused:
        raise ScenarioError([of_option(option, text, f"'{text}'", expected, refused.suggestion)]) from None
    if not 0 <= number <= most:
        raise ScenarioError([of_option(option, text, text, expected, if_more if number > most else "")])
    return number


def money_of_option(option: str, text: str, expected: str) -> float:
    """The money, 0 or more, that is written as in a scenario: `250k`; no percentage. Raises as `number_of_option`."""
    if "%" in text:
        raise ScenarioError([of_option(option, text, f"'{text}'", expected, "money has no %")])
    return number_of_option(option, text, expected)
