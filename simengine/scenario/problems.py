"""What is wrong with a scenario or a customer file, where, and what to write instead."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One thing to mend. `line` and `column` count from 1; line 0 means the file (or option) as a whole."""

    file: str
    line: int
    column: int
    found: str
    expected: str
    suggestion: str = ""
    place: str = ""  # where in the scenario, as a person would say it: segments.affluent.churn
    length: int = 0  # characters it is about, from `column` on; 0 where only their beginning is known
    see: tuple[int, ...] = ()  # other lines of the file that explain it, such as the one with the same key

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        place = f" {self.place}:" if self.place else ""
        hint = f"; {self.suggestion}" if self.suggestion else ""
        return f"{where}:{place} found {self.found}, expected {self.expected}{hint}"


def of_option(name: str, value: object, found: str, expected: str, suggestion: str = "") -> Problem:
    """A problem with the value of an option, which is shown as it was typed."""
    text = str(value)
    return Problem(f"{name} {text}", 0, len(name) + 2, found, expected, suggestion, length=len(text))


def in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Sorted by place, each problem once."""
    return tuple(sorted(dict.fromkeys(problems), key=lambda p: (p.file, p.line, p.column, p.place, p.found)))


class ScenarioError(Exception):
    """Everything that is wrong with the input, sorted by place, each problem once."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = in_order(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        return "\n".join([*map(str, self.problems), counted(len(self.problems), "problem")])


def did_you_mean(name: str, known: Iterable[str], *, otherwise: str = "") -> str:
    """A suggestion to write the known name that is most like `name`, or `otherwise` where none is."""
    names = list(dict.fromkeys(known))
    folded: dict[str, str] = {}
    for each in names:
        folded.setdefault(each.casefold(), each)
    close = difflib.get_close_matches(name.casefold(), list(folded), n=1, cutoff=0.6)
    return f"did you mean '{folded[close[0]]}'?" if close else otherwise


def listed(names: Iterable[str], word: str = "or") -> str:
    """`a, b or c`."""
    names = list(names)
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {word} {names[-1]}"


def counted(count: int, noun: str, plural: str = "") -> str:
    """`1 problem`, `2 problems`."""
    return f"{count:,} {noun if count == 1 else plural or noun + 's'}"


def have(count: int) -> str:
    """`has` of one, `have` of several."""
    return "has" if count == 1 else "have"
