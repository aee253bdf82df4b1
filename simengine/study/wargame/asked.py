"""What a person says of a war game on the command line."""

from __future__ import annotations

from collections.abc import Sequence

from simengine.scenario.option_number import number_of_option
from simengine.scenario.problems import Problem, ScenarioError, of_option

MOST_OF_TODAY = 100.0  # times today's price


def read_options(texts: Sequence[str]) -> dict[str, list[str]]:
    """`atlas=quiet,price_war` as the names of options by player. Raises ScenarioError."""
    found: dict[str, list[str]] = {}
    problems: list[Problem] = []
    for text in texts:
        who, equals, names = (part.strip() for part in text.partition("="))
        listed = _names(names)
        if not (who and equals and all(listed)):
            expected = "PLAYER=NAME,NAME: names of allocations (us) or moves, with + between two at a time"
            problems.append(of_option("--options", text, f"'{text}'", expected))
        elif who in found:
            problems.append(of_option("--options", text, f"{who} twice", "all options of a player at once"))
        elif twice := [name for i, name in enumerate(listed) if name in listed[:i]]:
            problems.append(of_option("--options", text, f"'{twice[0]}' twice", "each option once"))
        found[who] = listed
    if problems:
        raise ScenarioError(problems)
    return found


def read_together(texts: Sequence[str]) -> list[list[str]]:
    """`atlas,neo` as names of players. Raises ScenarioError."""
    groups = [_names(text) for text in texts]
    wrong = [text for text, names in zip(texts, groups, strict=True) if not all(names)]
    if wrong:
        raise ScenarioError(of_option("--together", text, f"'{text}'", "PLAYER,PLAYER") for text in wrong)
    return groups


def read_chance(texts: Sequence[str]) -> dict[str, float]:
    """`recession=30%` as probabilities by move. Raises ScenarioError."""
    found: dict[str, float] = {}
    problems: list[Problem] = []
    expected = "MOVE=PROBABILITY, such as recession=30%"
    for text in texts:
        name, equals, probability = (part.strip() for part in text.rpartition("="))
        if not (name and equals):
            problems.append(of_option("--chance", text, f"'{text}'", expected))
        elif name in found:
            problems.append(of_option("--chance", text, f"{name} twice", "each move once"))
        else:
            try:
                found[name] = number_of_option("--chance", probability, expected)
            except ScenarioError as refused:
                problems += refused.problems
    if problems:
        raise ScenarioError(problems)
    return found


def read_within(text: str) -> tuple[float, float]:
    """`50%:200%` as multiples of today's prices. Raises ScenarioError."""
    expected = "LOW:HIGH, parts of today's prices with these between them, such as 50%:200%"
    ends = text.split(":")
    if len(ends) != 2:
        raise ScenarioError([of_option("--within", text, f"'{text}'", expected)])
    low, high = (number_of_option("--within", end.strip(), expected, MOST_OF_TODAY) for end in ends)
    if not 0.0 < low < 1.0 < high:
        raise ScenarioError([of_option("--within", text, f"{low:g} to {high:g}", f"{expected}: 0 < LOW < 1 < HIGH")])
    return low, high


def _names(text: str) -> list[str]:
    return [part.strip() for part in text.split(",")]
