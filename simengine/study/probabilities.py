"""How likely moves are thought to be."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from math import fsum

from simengine.scenario.problems import Problem, ScenarioError, did_you_mean, listed, of_option
from simengine.scenario.units import NumberRefused, read_number, write_number

OPTION = "--probabilities"
_EQUAL = 1e-9


def probabilities_of(text: str) -> dict[str, float]:
    """{move: probability} of `quiet=50%,price_war=50%`. Raises ScenarioError."""
    found: dict[str, float] = {}
    problems: list[Problem] = []
    for part in text.split(","):
        name, equals, number = (piece.strip() for piece in part.rpartition("="))
        if not (name and equals and number):
            said = f"'{part.strip()}'" if part.strip() else "nothing between two commas"
            problems.append(of_option(OPTION, text, said, "MOVE=PROBABILITY, with a comma before the next"))
            continue
        if name in found:
            problems.append(of_option(OPTION, text, f"{name} twice", "each move once"))
        try:
            found[name] = read_number(number)
        except NumberRefused as refused:
            found[name] = 0.0
            said = f"'{number}' for {name}"
            problems.append(of_option(OPTION, text, said, "a probability, such as 25%", refused.suggestion))
    if problems:
        raise ScenarioError(problems)
    return found


def require_probabilities(probabilities: Mapping[str, float] | None, moves: Collection[str]) -> None:
    """Raise ScenarioError unless they are of the moves and sum to 1."""
    if probabilities is None:
        return
    text = ",".join(f"{name}={write_number(each, percent=True)}" for name, each in probabilities.items())
    problems = []
    for name, each in probabilities.items():
        if name not in moves:
            expected = f"a move that is looked at: {listed(moves)}"
            problems.append(of_option(OPTION, text, f"'{name}'", expected, did_you_mean(name, moves)))
        if not 0.0 <= each <= 1.0:
            said = f"{write_number(each, percent=True)} for {name}"
            problems.append(of_option(OPTION, text, said, "a probability, from 0% to 100%"))
    total = fsum(probabilities.values())
    if not problems and abs(total - 1.0) > _EQUAL:
        problems.append(_not_one(text, total, [name for name in moves if name not in probabilities]))
    if problems:
        raise ScenarioError(problems)


def _not_one(text: str, total: float, left_out: list[str]) -> Problem:
    found = f"probabilities that sum to {write_number(round(total, 12), percent=True)}"
    rest = write_number(round(abs(1.0 - total), 12), percent=True)
    if total > 1.0:
        hint = f"take away {rest}"
    elif left_out:
        hint = f"{rest} is left for {listed(left_out, 'and')}"
    else:
        hint = f"add {rest}"
    return of_option(OPTION, text, found, "a sum of 100%", hint)
