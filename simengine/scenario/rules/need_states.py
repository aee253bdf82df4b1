"""Need states: few, of known needs, with weights that sum to 1, and moves that leave customers in one set of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from simengine.scenario.draft import Draft
from simengine.scenario.need_states import lasting
from simengine.scenario.problems import Problem, did_you_mean, listed
from simengine.scenario.rules.segments import CLOSE
from simengine.scenario.suppliers import choice_segments
from simengine.scenario.units import percent

if TYPE_CHECKING:
    from simengine.scenario.model import Scenario

MOST = 12  # need states of a segment: the time that today takes grows with their cube


def fail_if_a_need_state_weighs_unknown_needs(d: Draft) -> Iterator[Problem]:
    if not d.sound("needs"):
        return
    for name, segment in choice_segments(d).items():
        for state, stated in segment.need_states.items():
            for need in stated.needs:
                if need not in d.file.needs:
                    yield d.source.problem(
                        ("segments", name, "need_states", state, "needs", need),
                        found=f"the unknown need `{need}`",
                        expected=f"one of {listed(d.file.needs) or 'the names under needs, of which there are none'}",
                        suggestion=did_you_mean(need, d.file.needs, otherwise="list it under needs"),
                        at_key=True,
                    )


def fail_if_weights_in_a_need_state_do_not_sum_to_one(d: Draft) -> Iterator[Problem]:
    for name, segment in choice_segments(d).items():
        for state, stated in segment.need_states.items():
            total = sum(stated.needs.values())
            if abs(total - 1) > CLOSE:
                yield d.source.problem(
                    ("segments", name, "need_states", state, "needs"),
                    found=f"weights that sum to {percent(total, 6)}",
                    expected="a sum of 100%",
                    at_key=True,
                )


def fail_if_customers_move_on_to_no_need_state(d: Draft) -> Iterator[Problem]:
    for name, segment in choice_segments(d).items():
        for state, stated in segment.need_states.items():
            others = [each for each in segment.need_states if each != state]
            for target in stated.next:
                if target not in others:
                    yield d.source.problem(
                        ("segments", name, "need_states", state, "next", target),
                        found="the need state itself" if target == state else f"the unknown need state `{target}`",
                        expected=f"another need state of the segment: {listed(others)}" if others else "a second one",
                        suggestion=did_you_mean(target, others, otherwise="state it under need_states")
                        if target != state
                        else "leave it out: who does not move on stays",
                        at_key=True,
                    )


def fail_if_there_are_too_many_need_states(d: Draft) -> Iterator[Problem]:
    for name, segment in choice_segments(d).items():
        if len(segment.need_states) > MOST:
            yield d.source.problem(
                ("segments", name, "need_states"),
                found=f"{len(segment.need_states)} need states",
                expected=f"at most {MOST}",
                at_key=True,
                suggestion="put together those in which customers need much the same",
            )


def fail_if_need_states_never_meet(d: Draft) -> Iterator[Problem]:
    """Where customers are in the long run then depends on where they start, and today does not follow."""
    for name, segment in choice_segments(d).items():
        groups = lasting(segment.need_states)
        if len(groups) > 1:
            ends = listed([f"`{'`, `'.join(group)}`" for group in groups])
            yield d.source.problem(
                ("segments", name, "need_states"),
                found=f"moves that end in {ends}, and never lead from one to the other",
                expected="need states that lead to each other: today is where such moves lead in the long run",
                suggestion=f"let customers move on from `{groups[0][0]}`, such as next: {{{groups[1][0]}: 5%}}",
                at_key=True,
            )


def warn_if_nobody_is_in_a_need_state(scenario: Scenario) -> Iterator[Problem]:
    for name, segment in scenario.choosing.items():
        if not segment.need_states:
            continue
        kept = lasting(segment.need_states)[0]
        if len(kept) == 1:
            continue
        for state in segment.need_states:
            if state not in kept:
                yield scenario.problem(
                    ("segments", name, "need_states", state),
                    f"`{state}`, in which nobody is: customers leave it and never come back",
                    "need states that customers come back to: today is where their moves lead in the long run",
                    f"let another lead to it, such as next: {{{state}: 5%}} in `{kept[0]}`, or leave it out",
                )


def warn_if_need_states_make_no_difference(scenario: Scenario) -> Iterator[Problem]:
    for name, segment in scenario.choosing.items():
        if not segment.need_states:
            continue
        kept = lasting(segment.need_states)[0]
        needs = [segment.need_states[state].needs for state in kept]
        if len(kept) == 1:
            other = next((state for state in segment.need_states if state != kept[0]), "another")
            yield scenario.problem(
                ("segments", name, "need_states", kept[0]),
                f"`{kept[0]}`, which nobody leaves: all customers are in it, today and for ever",
                "need states that customers move about in: today is where their moves lead in the long run",
                f"state what becomes of them, or of who takes their place, such as next: {{{other}: 5%}}",
            )
        elif all(each.get(need, 0.0) == needs[0].get(need, 0.0) for each in needs for need in scenario.needs):
            yield scenario.problem(
                ("segments", name, "need_states"),
                "need states with the same needs",
                "needs that differ: nothing changes for who moves from one to another",
                "state different weights, or leave need_states out",
            )
