"""A resolved scenario with other numbers at some paths: fast, for what is asked of thousands of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from simengine.scenario.allocation import OWN_KEYS, Allocation, Design, Funding
from simengine.scenario.capital import OfRevenue, PerCustomer
from simengine.scenario.initiative import Initiative
from simengine.scenario.input_path import INPUTS, input_path
from simengine.scenario.move import Change
from simengine.scenario.nested import inner_at, nothing_there, with_inner
from simengine.scenario.segment import AcquisitionCost
from simengine.scenario.yaml_source import Path, spoken

if TYPE_CHECKING:
    from simengine.scenario.model import Scenario

_PARTS = {"spread": "spreads", "board": "boards", "design": "designs", "experience": "experience"}
CLOSE = 1e-9  # how far a sum of fractions may be from 1
_INITIATIVE: dict[Path, Path] = {  # where a resolved initiative has what is written
    ("cost",): ("build",),
    ("cost", "build"): ("build",),
    ("cost", "run"): ("run",),
    ("segments",): ("shares",),
    ("cancel", "after"): ("cancel_after",),
}


def with_values(scenario: Scenario, values: Mapping[str, float]) -> Scenario:
    """The scenario with other numbers at some paths, which are those of --set, each number in the unit of what stands
    there (capital that is stated of revenue: a fraction of it); whole numbers are rounded.

    As if the numbers had been written, but for rules between fields, which are not asked again. Where fractions sum to
    1 (shares of a segment, weights of needs, what an initiative costs whom, where a chain that nobody leaves goes on),
    those that are not named make room in proportion; where those named leave none, they share the whole. Raises
    `PathRefused` for a path that leads to no number, or a number out of its range. What an allocation copies changes
    with what it copies, and what happens in every move of which it is a part; where an uncertain number stands at
    several paths, it changes at all of them. Numbers of allocations and moves that a study has left out change nothing.
    """
    blocks: dict[str, Any] = {}
    for path, value in room_made(scenario, values).items():
        attribute = INPUTS[str(path[0])]
        here = blocks.get(attribute, getattr(scenario, attribute))
        blocks[attribute] = _with_value(here, path, value)
    return replace(scenario, **blocks)


def room_made(scenario: Scenario, values: Mapping[str, float]) -> dict[Path, float]:
    """Values by their paths in steps, and what they become that make room for them. Raises `PathRefused`."""
    given = {input_path(scenario, text): value for text, value in values.items()}
    for path, value in list(given.items()):
        given |= {input_path(scenario, each): value for each in scenario.uncertain.same.get(spoken(path), ())}
    given = {path: value for path, value in given.items() if not _left_out(scenario, path)}
    return given | dict(_making_room(scenario, given))


def _left_out(scenario: Scenario, path: Path) -> bool:
    """Whether a path is of an allocation or a move that is stated, and of which nothing is left in the scenario."""
    if path[0] not in ("allocations", "moves") or len(path) < 2:
        return False
    stated, left = scenario.source.data.get(str(path[0])) or {}, getattr(scenario, str(path[0]))
    if path[1] in left or path[1] not in stated:
        return False
    if path[0] == "moves":
        return not any(change.path == path[:3] for changes in left.values() for change in changes)
    return not any(True for _ in _stated_in(left.values(), path[:4]))


def value_at(scenario: Scenario, path: str) -> float | None:
    """The number that stands at a path, stated or by default; None where there is none. Raises `PathRefused`."""
    return number_of(_at(scenario, input_path(scenario, path)))


def number_of(value: Any) -> float | None:
    """The number that a value of a scenario is, or None."""
    if isinstance(value, OfRevenue):
        return value.fraction
    if isinstance(value, PerCustomer) or (isinstance(value, AcquisitionCost) and not value.capitalised):
        return value.money
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def _with_value(here: Any, path: Path, value: float) -> Any:
    """A block with another number at a path."""
    if path[0] == "moves":
        _happening_at(here, path)
        rest = _in_change(path[3:])
        return {
            name: tuple(with_inner(each, rest, path, value) if each.path == path[:3] else each for each in changes)
            for name, changes in here.items()
        }
    if path[0] == "allocations":
        found = {name: _with_spend(each, path, value) for name, each in here.items()}
        if all(found[name] is each for name, each in here.items()):
            nothing_there(path)
        return found
    return with_inner(here, path[1:], path, value)


def _happening_at(here: Mapping[str, tuple[Change, ...]], path: Path) -> Change:
    """What happens as it is stated at the beginning of `path`."""
    found = (each for changes in here.values() for each in changes if each.path == path[:3])
    return (next(found, None) if len(path) > 3 else None) or nothing_there(path, here)


def _in_change(rest: Path) -> Path:
    return ("trigger", *rest) if rest[:1] in (("detect",), ("respond",)) else rest


def _with_spend(allocation: Allocation, path: Path, value: float) -> Allocation:
    """An allocation with another number in what is stated at the beginning of `path`; itself where it has none of
    that: others copy it."""
    stated, rest = path[:4], path[4:]
    if path[2:3] == ("initiatives",):
        built = allocation.initiatives.get(str(path[3])) if len(path) > 4 else None
        if built is None or built.path != stated:
            return allocation
        changed = with_inner(built, _in_initiative(rest), path, value)
        if rest == ("cost",):
            changed = replace(changed, run=0)
        return replace(allocation, initiatives={**allocation.initiatives, str(path[3]): changed})
    if len(path) < 5:
        return allocation

    def altered(parts: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(with_inner(p, _in_phase(p, rest), path, value) if p.path == stated else p for p in parts)

    lever = str(path[2])
    if lever not in OWN_KEYS:
        phases = allocation.fundings.get(lever, ())
        if not any(each.path == stated for each in phases):
            return allocation
        return replace(allocation, fundings={**allocation.fundings, lever: altered(phases)})
    attribute = _PARTS.get(lever, "")
    parts: tuple[Any, ...] = getattr(allocation, attribute, ())
    if not any(each.path == stated for each in parts):
        return allocation
    changes: dict[str, Any] = {attribute: altered(parts)}
    return replace(allocation, **changes)


def _in_phase(phase: Any, rest: Path) -> Path:
    if isinstance(phase, Funding):
        return ("amounts", *rest)
    return ("groups", *rest) if isinstance(phase, Design) else rest


def _in_initiative(rest: Path) -> Path:
    if rest in _INITIATIVE:
        return _INITIATIVE[rest]
    return (*_INITIATIVE[rest[:1]], *rest[1:]) if rest[:1] == ("segments",) else rest


def _at(scenario: Scenario, path: Path) -> Any:
    """What stands at a path; None where nothing does, though something could."""
    here = getattr(scenario, INPUTS[str(path[0])])
    if path[0] == "moves":
        return inner_at(_happening_at(here, path), _in_change(path[3:]), path)
    if path[0] == "allocations":
        for part in _stated_in(here.values(), path[:4]):
            rest = path[4:]
            if isinstance(part, Initiative) and rest == ("cost",) and part.run:
                return None  # more than one number
            within = _in_initiative(rest) if isinstance(part, Initiative) else _in_phase(part, rest)
            return inner_at(part, within, path)
        nothing_there(path, here)
    return inner_at(here, path[1:], path)


def places_of(scenario: Scenario, path: Path) -> list[Path]:
    """Where the number at a path stands once everything is written out: what allocations copy stands in each."""
    if path[0] != "allocations":
        return [path]
    found: list[Path] = []
    for name, each in scenario.allocations.items():
        for lever, phases in each.fundings.items():
            found += [(path[0], name, lever, i) for i, part in enumerate(phases) if part.path == path[:4]]
        for block, attribute in _PARTS.items():
            parts = enumerate(getattr(each, attribute))
            found += [(path[0], name, block, i) for i, part in parts if part.path == path[:4]]
        built = each.initiatives.items()
        found += [(path[0], name, "initiatives", key) for key, part in built if part.path == path[:4]]
    rest = path[4:] if path[2] != "initiatives" or path[4:] != ("cost",) else ("cost", "build")
    return [(*start, *rest) for start in found]


def _stated_in(allocations: Any, stated: Path) -> Iterator[Any]:
    """The parts of allocations that are stated at a path."""
    for each in allocations:
        phases = (phase for fundings in each.fundings.values() for phase in fundings)
        for part in (*phases, *each.spreads, *each.boards, *each.designs, *each.experience, *each.initiatives.values()):
            if part.path == stated:
                yield part


def _making_room(scenario: Scenario, given: Mapping[Path, float]) -> Iterator[tuple[Path, float]]:
    """What becomes of the fractions beside those given, so that all of them still sum to 1."""
    for whole in dict.fromkeys(path[:-1] for path in given if _of_a_whole(path)):
        stated = _at(scenario, whole) or {}
        named = {path[-1]: value for path, value in given.items() if path[:-1] == whole}
        if abs(sum(stated.values()) - 1) > CLOSE or all(stated.get(str(k)) == value for k, value in named.items()):
            continue
        others = {name: part for name, part in stated.items() if name not in named}
        total, of = sum(named.values()), sum(others.values())
        if total > 1 or not of:
            yield from (((*whole, name), part / total) for name, part in named.items() if total)
        for name, part in others.items():
            yield (*whole, name), part * (max(1 - total, 0.0) / of) if of else part


def _of_a_whole(path: Path) -> bool:
    """Whether what stands at a path is one of several fractions that may have to sum to 1."""
    if path[0] == "segments":
        return path[-2] in ("shares", "needs") or (path[-2] == "next" and "states" in path)
    return path[0] == "allocations" and path[2] == "initiatives" and path[-2] == "segments"
