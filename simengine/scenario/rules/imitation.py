"""Imitation: of needs, price and knowledge, by rivals who are there, of what we add somewhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from simengine.scenario.draft import Draft
from simengine.scenario.knowledge import KNOWLEDGE
from simengine.scenario.problems import Problem, did_you_mean, listed

if TYPE_CHECKING:
    from simengine.scenario.model import Scenario
    from simengine.scenario.yaml_source import Path


def fail_if_something_unknown_is_imitated(d: Draft) -> Iterator[Problem]:
    if not d.sound("needs"):
        return
    known = [*d.file.needs, "price", KNOWLEDGE]
    for path in [("imitation",), *(("rivals", name, "imitation") for name in d.names("rivals"))]:
        for attribute in d.written(*path):
            if attribute not in known:
                otherwise = "list it under needs"
                if attribute in d.names("offers") or attribute in d.names("rivals"):
                    otherwise = f"state it under rivals: {{{attribute}: {{imitation: {{price: 200%}}}}}}"
                yield d.source.problem(
                    (*path, attribute),
                    found=f"imitation of the unknown need `{attribute}`",
                    expected=listed(known),
                    suggestion=did_you_mean(attribute, known, otherwise=otherwise),
                    at_key=True,
                )


def warn_if_there_is_nothing_to_imitate(scenario: Scenario) -> Iterator[Problem]:
    """Speeds at which nobody imitates, for neither levers, initiatives nor touchpoints change the need or the price."""
    added = {lever.target for lever in scenario.levers.values()}
    added = added.union(*(allocation.targets for allocation in scenario.allocations.values())) - {KNOWLEDGE}
    if scenario.learning:
        added.add(KNOWLEDGE)
    if scenario.experience and scenario.touchpoints_change:
        added.update(scenario.experience.delivers or ())
    stated: dict[Path, Mapping[str, float]] = {("imitation",): scenario.imitation}
    stated |= {("rivals", name, "imitation"): rival.imitation for name, rival in scenario.rivals.items()}
    for path, speeds in stated.items():
        for attribute, speed in speeds.items():
            if speed and attribute not in added:
                yield scenario.problem(
                    (*path, attribute),
                    f"imitation of {attribute}, which no lever acts on",
                    "what levers or initiatives add, or touchpoints deliver: rivals imitate that, and nothing else",
                    f"state a lever with target: {attribute}, or leave it out",
                )


def warn_if_nobody_can_imitate(scenario: Scenario) -> Iterator[Problem]:
    if any(scenario.imitation.values()) and not scenario.rivals:
        yield scenario.problem(
            ("imitation",),
            "imitation, and no rivals",
            "rivals with shares in some segment",
            "state them under offers and shares, or leave imitation out",
        )
