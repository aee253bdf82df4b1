"""An optimum as a scenario file: an allocation that extends the scenario it was found for."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simengine.portfolio.new_file import FileRefused, require_new
from simengine.portfolio.workshop import put, workshop
from simengine.scenario.allocation import Funding
from simengine.scenario.initiative import as_written
from simengine.scenario.problems import Problem, ScenarioError, of_option
from simengine.scenario.rules.budget import ROUNDING, money
from simengine.scenario.units import write_number
from simengine.scenario.yaml_text import comment, flow, quoted

if TYPE_CHECKING:
    from simengine.study.optimize.optimize import Optimum


def require_writable(out: Path | None, settings: Sequence[str] | None) -> None:
    """Raises ScenarioError if there can be no file `out`. Writes nothing."""
    if out is None:
        return
    problems: list[Problem] = []
    if out.suffix.lower() not in (".yaml", ".yml"):
        problems.append(of_option("--out", out, str(out), "the name of a file ending in .yaml"))
    if settings:
        found = "--set beside it, and a file that extends FILE does not know of that"
        problems.append(of_option("--out", out, found, "a FILE that says it", "write a scenario that extends FILE"))
    try:
        require_new(out)
    except FileRefused as refusal:
        problems.append(of_option("--out", out, str(refusal), "the name of a new file"))
    if problems:
        raise ScenarioError(problems)


def write(optimum: Optimum, scenario: Path, out: Path) -> None:
    """Write the optimum for the scenario of a file."""
    seen = Path(os.path.relpath(scenario.absolute(), out.absolute().parent)).as_posix()
    with workshop(out) as folder:
        work = folder / "scenario"
        work.write_text(text(optimum, seen), encoding="utf-8")
        put(work, out)


def text(optimum: Optimum, extends: str) -> str:
    """The file, of a scenario that is called `extends` there."""
    return "\n".join(_lines(optimum, extends)) + "\n"


def _lines(optimum: Optimum, extends: str) -> Iterator[str]:
    question, found = optimum.question, optimum.document
    scenario = optimum.run.scenario
    budget = "unlimited" if found["budget"] is None else f"{money(question.budget)} a year"
    yield f"# Proposed by simengine optimize: objective {question.kind}, budget {budget}."
    yield f"# {comment(scenario.currency)} a share: {found['gain']['mean']:+.6g} against {comment(question.reference)}."
    yield f"extends: {quoted(extends)}"
    if scenario.budget is not None and any(
        abs(spent - scenario.budget) > ROUNDING * scenario.budget for spent in found["spent"]
    ):
        yield f"budget: null # it spends another sum than {money(scenario.budget)} a year"
    yield "allocations:"
    yield f"  {quoted(optimum.name)}:"
    yield f"    like: {quoted(question.like)}"
    for lever in optimum.items.levers:
        fundings = optimum.allocation.fundings[lever]
        if len(fundings) == 1 and not _dates(optimum, fundings[0]):
            yield f"    {quoted(lever)}: {_amounts(optimum, fundings[0])}"
            continue
        yield f"    {quoted(lever)}:"
        for funding in fundings:
            yield f"      - {_amounts(optimum, funding)}"
    before, after = optimum.items.base.initiatives, optimum.allocation.initiatives
    changed = {name: "{}" for name in before if name not in after}
    for name, each in after.items():
        if before.get(name) != each:
            changed[name] = _any(as_written(each, scenario.calendar.labels))
    if changed:
        yield "    initiatives:"
        for name in sorted(changed):
            yield f"      {quoted(name)}: {changed[name]}"


def _dates(optimum: Optimum, funding: Funding) -> dict[str, object]:
    calendar = optimum.run.scenario.calendar
    first = {"from": calendar.labels[funding.start]} if funding.start else {}
    last = {"until": calendar.labels[funding.end - 1]} if funding.end < calendar.periods else {}
    return {**first, **last}


def _amounts(optimum: Optimum, funding: Funding) -> str:
    spent = {segment: write_number(amount, large=True) for segment, amount in funding.amounts.items()}
    return flow({**_dates(optimum, funding), **spent})


def _any(value: Any) -> str:
    """Plain data on one line."""
    if isinstance(value, dict):
        return flow({key: _any(each) for key, each in value.items()})
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(_any, value))}]"
    return quoted(value) if isinstance(value, str) else repr(value)
