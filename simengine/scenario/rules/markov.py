"""States of markov segments: probabilities that add up, and money that levers can multiply."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from simengine.scenario.capital import OfRevenue
from simengine.scenario.draft import Draft
from simengine.scenario.markov import CLOSE
from simengine.scenario.problems import Problem, did_you_mean, listed
from simengine.scenario.segment import MarkovSegment
from simengine.scenario.suppliers import segments
from simengine.scenario.units import percent

if TYPE_CHECKING:
    from simengine.scenario.model import Scenario


def _markov(d: Draft) -> dict[str, MarkovSegment]:
    return {name: each for name, each in segments(d).items() if isinstance(each, MarkovSegment)}


def fail_if_a_state_is_unknown(d: Draft) -> Iterator[Problem]:
    for name, segment in _markov(d).items():
        path = ("segments", name)
        stated = [((*path, "states", state, "next"), each.next) for state, each in segment.states.items()]
        for at, states in [*stated, ((*path, "opening"), segment.opening or {})]:
            for state in states:
                if state not in segment.states:
                    yield d.source.problem(
                        (*at, state),
                        found=f"the unknown state `{state}`",
                        expected=listed(segment.states),
                        suggestion=did_you_mean(
                            state, segment.states, otherwise="leave it out: what is lacking to 100% leaves for good"
                        ),
                        at_key=True,
                    )


def fail_if_probabilities_do_not_add_up(d: Draft) -> Iterator[Problem]:
    for name, segment in _markov(d).items():
        path = ("segments", name)
        for state, each in segment.states.items():
            total = sum(each.next.values())
            if total > 1 + CLOSE:
                yield d.source.problem(
                    (*path, "states", state, "next"),
                    found=f"probabilities that sum to {percent(total, 6)}",
                    expected="a sum of at most 100%",
                    suggestion=f"take away {percent(total - 1, 6)}; what is lacking to 100% leaves for good",
                    at_key=True,
                )
        total = sum((segment.opening or {}).values())
        if segment.opening is not None and abs(total - 1) > CLOSE:
            yield d.source.problem(
                (*path, "opening"),
                found=f"fractions that sum to {percent(total, 6)}",
                expected="a sum of 100%",
                suggestion=f"{'add' if total < 1 else 'take away'} {percent(abs(1 - total), 6)}",
                at_key=True,
            )


def fail_if_who_has_left_is_a_state(d: Draft) -> Iterator[Problem]:
    """Whoever leaves for good is no customer: it is not counted, costs nothing and cannot be kept by a lever."""
    for name, segment in _markov(d).items():
        for state, each in segment.states.items():
            if not each.money and each.next.get(state, 0.0) >= 1 - CLOSE and len(segment.states) > 1:
                yield d.source.problem(
                    ("segments", name, "states", state),
                    found=f"`{state}`, which nobody leaves and which brings nothing",
                    expected="states of customers",
                    suggestion="leave it out, there and under next: what is lacking to 100% leaves for good",
                    at_key=True,
                )


def fail_if_states_are_told_twice(d: Draft) -> Iterator[Problem]:
    columns = None if d.file.portfolio is None else d.file.portfolio.columns
    for name, segment in _markov(d).items():
        if segment.opening is not None and columns is not None and columns.state is not None:
            yield d.source.problem(
                ("segments", name, "opening"),
                found="an opening, and a column with the state of each customer",
                expected="one of them",
                suggestion="leave the opening out",
                at_key=True,
            )


def fail_if_customers_pass_on_at_other_times(d: Draft) -> Iterator[Problem]:
    """Probabilities of a step are not those of another."""
    if not d.sound("calendar"):
        return
    for name, segment in _markov(d).items():
        step = d.file.calendar.step
        if segment.every != step:
            yield d.source.problem(
                ("segments", name, "every") if "every" in segment.model_fields_set else ("segments", name),
                found=f"every: {segment.every}, where the calendar steps by {step}",
                expected=f"states that customers pass through every {step}",
                suggestion=f"write calendar: {{step: {segment.every}}}, or every: {step} with probabilities a {step}",
                at_key=True,
            )


def fail_if_losses_are_revenue(d: Draft) -> Iterator[Problem]:
    """Where a state brings less than nothing, money is what is left after cost: no revenue with a margin."""
    for name, segment in _markov(d).items():
        state = loss_of(segment)
        if not state:
            continue
        for field, of in (("margin", segment.margin < 1), ("capital", isinstance(segment.capital, OfRevenue))):
            if of:
                yield d.source.problem(
                    ("segments", name, field),
                    found=f"{'a margin' if field == 'margin' else 'capital'} of money, "
                    f"of which `{state}` brings less than nothing",
                    expected="a margin of 100%" if field == "margin" else "money per customer, such as 250",
                    suggestion="state what is left of money in each state, and leave the margin out"
                    if field == "margin"
                    else "",
                )


def loss_of(segment: MarkovSegment) -> str:
    """The first state that brings less than nothing; "" if none does."""
    return next((state for state, each in segment.states.items() if each.money < 0), "")


def warn_if_states_make_no_difference(scenario: Scenario) -> Iterator[Problem]:
    columns = None if scenario.portfolio is None else scenario.portfolio.columns
    markov = any(isinstance(segment, MarkovSegment) for segment in scenario.segments.values())
    if columns is not None and columns.state is not None and not markov:
        yield scenario.problem(
            ("portfolio", "columns", "state"),
            "a column for the state, and no markov segment",
            "a column that some segment reads",
            "state dynamics: markov in a segment, or leave the column out",
        )
