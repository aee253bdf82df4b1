"""The columns of a file as they are named on the command line: NAME=COLUMN,NAME=COLUMN."""

from __future__ import annotations

from simengine.scenario.problems import ScenarioError, of_option

OPTION = "--columns"


def named_columns(text: str) -> dict[str, str]:
    """{name: column}. A column's name may hold `=`, and a comma after a backslash. Raises ScenarioError."""
    columns: dict[str, str] = {}
    problems = []
    for part in text.replace("\\,", "\0").split(","):
        name, equals, column = (piece.strip().replace("\0", ",") for piece in part.partition("="))
        if not (name and equals and column):
            found = f"'{part.strip()}'" if part.strip() else "nothing between two commas"
            expected = "NAME=COLUMN, with a comma before the next"
            problems.append(of_option(OPTION, text, found, expected, "write a comma within a name as \\,"))
        elif name in columns:
            problems.append(of_option(OPTION, text, f"{name} twice", "each name once"))
        columns[name] = column
    if problems:
        raise ScenarioError(problems)
    return columns
