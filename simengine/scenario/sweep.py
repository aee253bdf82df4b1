"""`--sweep levers.LEVER.SEGMENT=LOW:HIGH:N`: allocations that spend more and more, one for each point of a grid."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product
from typing import Any, NamedTuple

from simengine.scenario.problems import Problem, ScenarioError, did_you_mean, listed, of_option
from simengine.scenario.setting_path import PathRefused, steps
from simengine.scenario.settings import put
from simengine.scenario.units import NumberRefused, read_number, write_number
from simengine.scenario.yaml_source import Place, Source

OPTION = "--sweep"
HOW = "levers.LEVER.SEGMENT=LOW:HIGH:N, such as levers.advisers.affluent=0:20M:9"
MOST = 1000  # allocations of a grid
LONGEST = 20  # text of a whole number
_DATES = ("from", "until")


class Sweep(NamedTuple):
    """Money a year on a lever in a segment, in equal steps."""

    option: str
    lever: str
    segment: str
    amounts: tuple[float, ...]


def add_sweeps(source: Source, texts: Iterable[str], base: str | None = None) -> None:
    """Add an allocation for every point of the grid of the sweeps to a scenario's data: as `base` (`baseline`, else the
    first), but for the money of the point in all periods. Its budget, which none of them keeps, goes.

    Raises ScenarioError with everything that is wrong with the sweeps.
    """
    data = source.data if isinstance(source.data, dict) else {}
    sweeps, problems = list[Sweep](), list[Problem]()
    for text in texts:
        try:
            sweeps.append(_read(text, data))
        except ScenarioError as refused:
            problems += refused.problems
    if problems:
        raise ScenarioError(problems)
    if not sweeps:
        return
    points = list(product(*([(sweep, amount) for amount in sweep.amounts] for sweep in sweeps)))
    option = " ".join(sweep.option for sweep in sweeps)
    if len(points) > MOST:
        problem = of_option(OPTION, option, f"{len(points):,} allocations", f"at most {MOST:,}", "take fewer steps")
        raise ScenarioError([problem])
    if len({(sweep.lever, sweep.segment) for sweep in sweeps}) < len(sweeps):
        raise ScenarioError([of_option(OPTION, option, "one lever and segment twice", "each of them once")])
    allocations = data.get("allocations") or {}
    if base is not None and base not in allocations:
        expected, hint = f"an allocation of the scenario: {listed(allocations)}", did_you_mean(base, allocations)
        raise ScenarioError([of_option("--to", base, f"'{base}'", expected, hint)])
    like = base or ("baseline" if "baseline" in allocations else next(iter(allocations), "baseline"))
    text = f"{OPTION} {option}"
    place = Place(0, len(OPTION) + 2, 0, len(OPTION) + 2, option, len(option), len(option), text)
    for point in points:
        stated: dict[str, Any] = {"like": like}
        for sweep, amount in point:
            now = stated.get(sweep.lever) or _phases(allocations, like, sweep.lever)
            stated[sweep.lever] = [*_without(now, sweep.segment), {sweep.segment: amount}]
        name = ", ".join(f"{s.lever} {s.segment} {write_number(amount, large=True)}" for s, amount in point)
        put(source, ("allocations", name), Source(text, stated, {(): place}))
    data.pop("budget", None)


def _read(text: str, data: dict[str, Any]) -> Sweep:
    path, equals, spec = text.rpartition("=")
    if not equals or not path:
        raise ScenarioError([of_option(OPTION, text, f"'{text}'", HOW)])
    levers, segments = (dict.fromkeys(data.get(block) or {}) for block in ("levers", "segments"))
    tree = {"levers": {lever: dict(segments) for lever in levers}}
    try:
        found = steps(tree, path)
    except PathRefused as refused:
        raise ScenarioError([of_option(OPTION, text, *map(str, refused.args))]) from None
    if len(found) != 3 or found[0] != "levers":
        raise ScenarioError([of_option(OPTION, text, f"`{path}`", HOW)])
    _, lever, segment = map(str, found)
    for name, known, what in ((lever, levers, "levers"), (segment, segments, "segments")):
        if name not in known:
            raise ScenarioError(
                [of_option(OPTION, text, f"`{name}`", f"one of the {what} {listed(known)}", did_you_mean(name, known))]
            )
    return Sweep(text, lever, segment, _amounts(text, spec))


def _amounts(text: str, spec: str) -> tuple[float, ...]:
    parts = spec.split(":")
    if len(parts) != 3 or not parts[2].strip().isdecimal() or len(parts[2]) > LONGEST:
        raise ScenarioError([of_option(OPTION, text, f"'{spec}'", "lowest, highest and how many: 0:20M:9")])
    try:
        low, high = (read_number(part) for part in parts[:2])
    except NumberRefused as refused:
        raise ScenarioError([of_option(OPTION, text, f"'{spec}'", "two numbers", refused.suggestion)]) from None
    count = int(parts[2])
    if not (0 <= low < high and 2 <= count <= MOST):
        expected = f"the lowest amount, at least 0, then the highest, and 2 to {MOST:,} of them"
        raise ScenarioError([of_option(OPTION, text, f"'{spec}'", expected)])
    return tuple(float(f"{low + (high - low) * i / (count - 1):.10g}") for i in range(count))


def _phases(allocations: dict[str, Any], name: str | None, lever: str) -> list[dict[str, Any]]:
    """What an allocation, or the nearest that it copies, states of a lever; each phase with the dates it has there."""
    seen = set[str]()
    while isinstance(name, str) and name not in seen and isinstance(allocations.get(name), dict):
        seen.add(name)
        stated = allocations[name]
        if lever in stated:
            dates = {key: stated[key] for key in _DATES if key in stated}
            phases = stated[lever] if isinstance(stated[lever], list) else [stated[lever]]
            return [{**dates, **phase} for phase in phases if isinstance(phase, dict)]
        name = stated.get("like")
    return []


def _without(phases: list[dict[str, Any]], segment: str) -> list[dict[str, Any]]:
    kept = [{key: value for key, value in phase.items() if key != segment} for phase in phases]
    return [phase for phase in kept if set(phase) - set(_DATES)]
