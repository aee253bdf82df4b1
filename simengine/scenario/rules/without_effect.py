"""What a scenario says without any effect on its results: a warning each, for somebody meant something by it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, TypeVar

from simengine.scenario.customers import CSV, EXCEL
from simengine.scenario.lever import act_on_employees
from simengine.scenario.problems import Problem, listed

if TYPE_CHECKING:
    from simengine.scenario.model import Scenario
    from simengine.scenario.move import Change

Thing = TypeVar("Thing")


def _in_file(scenario: Scenario, role: str) -> bool:
    """Whether a column of the customer file says it, customer by customer."""
    return scenario.portfolio is not None and bool(getattr(scenario.portfolio.columns, role))


def _keys(change: Change) -> Iterator[tuple[str, str]]:
    """(`change` or `set`, key) of all that it changes."""
    yield from (("change", key) for key in change.change)
    yield from (("set", key) for key in change.set)


def _funded(scenario: Scenario, lever: str) -> set[str]:
    """The segments in which money is spent on a lever, today or in some allocation."""
    today = {segment for segment, money in scenario.levers[lever].today.items() if money}
    return today.union(
        segment
        for allocation in scenario.allocations.values()
        for outlay in allocation.outlays()
        for segment in outlay.segments
        if outlay.lever == lever and outlay.money
    )


def _same_as_before(things: Mapping[str, Thing]) -> Iterator[tuple[str, str]]:
    """(name, name of an earlier one that is equal)."""
    names = list(things)
    for i, name in enumerate(names):
        if (first := next((other for other in names[:i] if things[other] == things[name]), None)) is not None:
            yield name, first


def _spending(scenario: Scenario, name: str) -> object:
    """All that an allocation says, spend by period; two are the same if and only if this is equal."""
    allocation = scenario.allocations[name]
    spend = tuple(
        tuple(
            allocation.stated(lever, period).get(segment, each.today.get(segment, 0.0))
            for lever, each in scenario.levers.items()
            for segment in scenario.segments
        )
        for period in range(scenario.calendar.periods)
    )
    others = allocation.designs, allocation.experience, allocation.initiatives
    return spend, allocation.spreads, allocation.boards, *others


def warn_if_two_allocations_are_the_same(scenario: Scenario) -> Iterator[Problem]:
    for name, first in _same_as_before({name: _spending(scenario, name) for name in scenario.allocations}):
        yield scenario.problem(
            ("allocations", name),
            f"the same spend in every period as `{first}`",
            "allocations that differ",
            "change what it spends, or leave one of the two out",
        )


def warn_if_two_moves_are_the_same(scenario: Scenario) -> Iterator[Problem]:
    for name, first in _same_as_before(scenario.moves):
        yield scenario.problem(
            ("moves", name),
            f"the same changes as `{first}`",
            "moves that differ",
            "change what it does, or leave one of the two out",
        )


def warn_if_a_lever_is_never_used(scenario: Scenario) -> Iterator[Problem]:
    for name in scenario.levers:
        if not _funded(scenario, name):
            yield scenario.problem(
                ("levers", name),
                f"`{name}`, on which nothing is spent today or in any allocation",
                "a lever that some allocation spends money on",
                f"fund it, such as {name}: {{{next(iter(scenario.segments))}: 1M}}, or leave it out",
            )


def warn_if_a_need_is_weighed_by_nobody(scenario: Scenario) -> Iterator[Problem]:
    if _in_file(scenario, "needs"):
        return
    for i, need in enumerate(scenario.source.at(("needs",)) if scenario.needs else ()):
        if not any(segment.needs.get(need) for segment in scenario.choosing.values()):
            yield scenario.problem(
                ("needs", i),
                f"`{need}`, which no segment weighs",
                "needs that some customers weigh",
                f"weigh it under the needs of a segment, or leave it out: levels of {need} make no difference",
            )


def warn_if_a_move_changes_what_nobody_weighs(scenario: Scenario) -> Iterator[Problem]:
    if _in_file(scenario, "needs"):
        return
    for path, change in scenario.changes:
        served = scenario.reached(change)
        for block, key in _keys(change):
            if change.who and key in scenario.needs and not any(each.needs.get(key) for each in served.values()):
                yield scenario.problem(
                    (*path, block, key),
                    f"a change of {key}, which customers in {listed(served, 'and')} do not weigh",
                    "a change of what somebody weighs",
                    f"weigh {key} under the needs of the segment, or leave the change out",
                )


def warn_if_price_makes_no_difference(scenario: Scenario) -> Iterator[Problem]:
    """A price that changes where `price_sensitivity` is 0: no customer comes or goes for it."""
    if _in_file(scenario, "price_sensitivity"):
        return
    changing: dict[str, list[str]] = {}
    for path, change in scenario.changes:
        if any(key == "price" for _, key in _keys(change)):
            for name in scenario.reached(change):
                changing.setdefault(name, []).append(f"{path[0]}.{path[1]}")
    for lever, each in scenario.levers.items():
        for name in sorted(_funded(scenario, lever)) if each.target == "price" else ():
            changing.setdefault(name, []).append(f"levers.{lever}")
    for name, segment in scenario.choosing.items():
        if segment.price_sensitivity == 0 and name in changing:
            yield scenario.problem(
                ("segments", name, "price_sensitivity"),
                f"price_sensitivity 0 where {listed(dict.fromkeys(changing[name]), 'and')} changes a price",
                "more than 0: as it is, customers here do not react to prices",
                "state a price_sensitivity, such as 3",
            )


def warn_if_tailoring_makes_no_difference(scenario: Scenario) -> Iterator[Problem]:
    """Nobody's needs are, or will be, away from what the offers were made for, so that no offer fits badly."""
    if _in_file(scenario, "needs"):
        return
    for name, segment in scenario.choosing.items():
        moving = segment.needs_drift.drifts or segment.need_states
        if segment.tailoring > 0 and segment.needs_spread == 0 and not moving:
            yield scenario.problem(
                ("segments", name, "tailoring"),
                f"tailoring {segment.tailoring:g} with needs_spread 0",
                "needs that differ between customers: where all want the same, no offer fits badly",
                "state a needs_spread, such as 0.15, or leave tailoring out",
            )


def warn_if_a_finer_design_makes_no_difference(scenario: Scenario) -> Iterator[Problem]:
    """Groups of customers who do not mind an offer that is not made for them."""
    choosing = scenario.choosing
    for name, allocation in scenario.allocations.items():
        finer = {segment for design in allocation.designs for segment, each in design.groups.items() if each.groups > 1}
        for segment in sorted(finer):
            if choosing[segment].tailoring == 0:
                yield scenario.problem(
                    ("allocations", name, "design", segment),
                    f"a finer design for `{segment}`, which has no tailoring",
                    "customers who mind an offer that is not made for them",
                    f"state segments.{segment}.tailoring, such as 1, or leave the design out",
                )


def warn_if_experience_makes_no_difference(scenario: Scenario) -> Iterator[Problem]:
    """Touchpoints that nothing changes, or that deliver what nobody weighs."""
    experience = scenario.experience
    if experience is None:
        return
    if not scenario.touchpoints_change:
        yield scenario.problem(
            ("experience",),
            "touchpoints that stay as they are in every allocation",
            "an allocation that changes who answers for them, or how good they are",
            "state an allocation with experience: {owner: one}, or leave experience out",
        )
    if _in_file(scenario, "needs"):
        return
    weighed = {need for segment in scenario.choosing.values() for need, weight in segment.needs.items() if weight}
    if not weighed.intersection(experience.delivers or ()):
        yield scenario.problem(
            ("experience", "delivers"),
            f"{listed(experience.delivers or ()) or 'no needs'}, which no segment weighs",
            "needs that some customers weigh",
            "weigh them under the needs of a segment, or leave experience out",
        )


def warn_if_employees_stay_as_they_are(scenario: Scenario) -> Iterator[Problem]:
    if scenario.employees is not None and not act_on_employees(scenario.targets):
        yield scenario.problem(
            ("employees",),
            "employees on whom no lever acts",
            "a lever that enables or motivates them",
            "state a lever with target: enablement, or leave employees out",
        )


def warn_if_a_gap_never_opens(scenario: Scenario) -> Iterator[Problem]:
    """Only what touchpoints deliver can fall short of what is promised."""
    for name, segment in scenario.choosing.items():
        if segment.gap_sensitivity and scenario.experience is None:
            yield scenario.problem(
                ("segments", name, "gap_sensitivity"),
                "a gap_sensitivity without experience: what is promised is delivered",
                "touchpoints whose experience can fall short of what is promised",
                "state experience, or leave gap_sensitivity out",
            )


def warn_if_customers_who_always_review_should_review_more(scenario: Scenario) -> Iterator[Problem]:
    always = [name for name, segment in scenario.choosing.items() if segment.review == "always"]
    idle: dict[str, list[str]] = {}
    for lever, each in scenario.levers.items():
        for name in sorted(_funded(scenario, lever)) if each.target == "acquisition" else ():
            idle.setdefault(name, []).append(f"levers.{lever}")
    for path, change in scenario.changes:
        for name in change.segments if "review" in change.change else ():
            idle.setdefault(name, []).append(f"{path[0]}.{path[1]}")
    for name in always:
        if scenario.choosing[name].gap_sensitivity:
            idle.setdefault(name, []).append("gap_sensitivity")
    for name in always:
        if name in idle:
            yield scenario.problem(
                ("segments", name, "review"),
                f"review: always where {listed(dict.fromkeys(idle[name]), 'and')} changes how often customers review",
                "a review rate that can change",
                "state a rate, such as review: 20%: whoever always reviews cannot review more often",
            )


def warn_if_a_format_fits_no_file(scenario: Scenario) -> Iterator[Problem]:
    """Sheets are of spreadsheets, delimiters and encodings of CSV files."""
    portfolio = scenario.portfolio
    if portfolio is None:
        return
    names = [path.name.lower() for path in portfolio.customers]
    for field, kinds, what in (("sheet", EXCEL, "spreadsheets"), ("delimiter", CSV, "CSV"), ("encoding", CSV, "CSV")):
        stated = getattr(portfolio.format, field)
        if stated not in (None, "auto") and not any(name.endswith(kinds) for name in names):
            yield scenario.problem(
                ("portfolio", "format", field),
                f"`{field}`, and no file that ends in {listed(kinds)}",
                f"a `{field}` where customers are in {what}",
                "leave it out",
            )


def warn_if_a_run_off_does_not_value_a_rival(scenario: Scenario) -> Iterator[Problem]:
    if scenario.company.residual.method != "run_off":
        return
    for name, rival in scenario.rivals.items():
        if stated := rival.stated:
            yield scenario.problem(
                ("rivals", name, stated[0]),
                f"{listed([f'`{field}`' for field in stated], 'and')} with the residual method run_off",
                "another method: how long a rival's customers stay is not evaluated, so it has no value",
                "write residual: {method: fade, years: 10}, or leave it out",
            )


def warn_if_profiles_are_for_drawn_customers(scenario: Scenario) -> Iterator[Problem]:
    simulation = scenario.simulation
    if simulation.profile_error and simulation.mode == "sampled":
        yield scenario.problem(
            ("simulation", "profile_error"),
            "a profile_error in mode sampled, which draws every customer",
            "mode: expected, where customers who are nearly alike are simulated as one",
            "write mode: expected, or leave profile_error out",
        )
