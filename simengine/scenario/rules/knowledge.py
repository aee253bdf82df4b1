"""Knowledge that is learned and forgotten: of whom something is left to learn, and of whom it matters."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from simengine.scenario.draft import Draft
from simengine.scenario.knowledge import KNOWLEDGE
from simengine.scenario.lever import act_on_knowledge
from simengine.scenario.problems import Problem
from simengine.scenario.resolve import resolve_knowledge

if TYPE_CHECKING:
    from simengine.scenario.model import Scenario
    from simengine.scenario.yaml_source import Path


def fail_if_nothing_is_left_to_learn(d: Draft) -> Iterator[Problem]:
    """Who forgets cannot rest at knowing everything: no learning replaces what is forgotten."""
    learning = resolve_knowledge(d.file.knowledge, d.file.levers)
    if learning is None or learning.forgetting == 0:
        return
    stated: dict[Path, float] = {("rivals", name, KNOWLEDGE): rival.knowledge for name, rival in d.file.rivals.items()}
    if d.sound("company"):
        stated[("company", KNOWLEDGE)] = d.file.company.knowledge
    for path, knowledge in stated.items():
        if knowledge == 1:
            yield d.source.problem(
                path,
                expected="less than 1 where some of it is forgotten: no learning could make up for that",
                suggestion="write 0.95, or knowledge: {forgetting: 0} beside segments",
            )


def warn_if_nobody_learns(scenario: Scenario) -> Iterator[Problem]:
    """Who knows nothing today learns nothing by serving; only levers, moves and imitation teach then."""
    if KNOWLEDGE not in scenario.source.data:
        return
    moved = any(KNOWLEDGE in {**change.change, **change.set} for _, change in scenario.changes)
    known = any(scenario.knowledge(supplier) for supplier in scenario.suppliers)
    if not known and not moved and not act_on_knowledge(scenario.levers):
        yield scenario.problem(
            (KNOWLEDGE,),
            "knowledge that changes, of suppliers who know nothing",
            "knowledge of today above 0, or a lever that teaches",
            "state it under company, such as knowledge: 0.4, or leave this block out",
        )


def warn_if_knowledge_makes_no_difference(scenario: Scenario) -> Iterator[Problem]:
    """Knowledge of customers matters by better tailored offers alone."""
    stated: list[Path] = [("company", KNOWLEDGE)] if scenario.company.knowledge else []
    stated += [("rivals", name, KNOWLEDGE) for name, rival in scenario.rivals.items() if rival.knowledge]
    stated += [(KNOWLEDGE,)] if KNOWLEDGE in scenario.source.data else []
    idle = [] if any(segment.tailoring for segment in scenario.choosing.values()) else stated
    for path, change in scenario.changes:
        if not any(segment.tailoring for segment in scenario.reached(change).values()):
            idle += [(*path, block, KNOWLEDGE) for block in ("change", "set") if KNOWLEDGE in getattr(change, block)]
    for path in idle:
        yield scenario.problem(
            path,
            f"{scenario.source.text(scenario.source.nearest(path))}, where no segment has tailoring",
            "knowledge where customers mind an offer that is not made for them",
            "state a tailoring and a needs_spread in the segments, or leave knowledge out",
        )
