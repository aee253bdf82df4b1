"""`simengine diff`: what differs between two scenarios."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from simengine.cli.options import Json, Settings
from simengine.cli.result import print_json

if TYPE_CHECKING:
    from simengine.scenario.differences import Side


def diff(
    before: Annotated[Path, typer.Argument(metavar="A", help="A scenario, or the folder of a run.")],
    after: Annotated[Path, typer.Argument(metavar="B", help="Another one.")],
    json: Json = False,
    set: Settings = None,
) -> None:
    """Say what differs between two scenarios, in their own words.

    They are compared in what they mean: defaults, files that they extend and copies filled in, whatever the order.
    Customer files differ if their content does. What --set gives holds for B.
    """
    from simengine.scenario.differences import differences

    found = differences(*_sides((before, ()), (after, set or ())))
    if json:
        document = {
            "before": str(before),
            "after": str(after),
            "same": not found,
            "differences": [difference.document for difference in found],
        }
        print_json(document)
        return
    from simengine.report.differences import print_differences
    from simengine.report.terminal import console

    print_differences(str(before), str(after), found, console())


def _sides(*given: tuple[Path, Iterable[str]]) -> list[Side]:
    """Both scenarios; if they are wrong, the problems of both at once."""
    from simengine.scenario.problems import Problem, ScenarioError

    sides: list[Side] = []
    problems: list[Problem] = []
    for path, settings in given:
        try:
            sides.append(_side(path, settings))
        except ScenarioError as error:
            problems += error.problems
    if problems:
        raise ScenarioError(problems)
    return sides


def _side(path: Path, settings: Iterable[str]) -> Side:
    from simengine.results.folder import SCENARIO, inputs_of_run
    from simengine.scenario import load_scenario
    from simengine.scenario.differences import Side

    file = path / SCENARIO
    if not (path.is_dir() and file.is_file()):
        return Side(load_scenario(path, settings=settings))
    return Side(load_scenario(file, settings=settings), inputs_of_run(path))
