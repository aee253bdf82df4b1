"""Budgets over segments: known levers and segments, where money can act, by what is known of customers; boards that
meet, and have a lever of their own."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from simengine.scenario.allocation import AllocationText, Phase
from simengine.scenario.budgets import COLUMN, Board, Budget, Spread
from simengine.scenario.draft import Draft
from simengine.scenario.lever import Adbudg
from simengine.scenario.problems import Problem, did_you_mean, listed
from simengine.scenario.resolve import board_span, covered
from simengine.scenario.rules.allocations import overlap, phase_date_problems, two_at_a_time
from simengine.scenario.rules.levers import acting_segments, cannot_act
from simengine.scenario.rules.offers import unknown_segment
from simengine.scenario.suppliers import choice_segments
from simengine.scenario.yaml_source import Path


def _spreads(d: Draft) -> Iterator[tuple[Path, Spread, AllocationText]]:
    """(path, spread, allocation) of every spread."""
    for name, allocation in d.file.allocations.items():
        for i, spread in enumerate(allocation.spread):
            yield ("allocations", name, "spread", i), spread, allocation


def _boards(d: Draft) -> Iterator[tuple[Path, Board, AllocationText]]:
    """(path, board, allocation) of every board."""
    for name, allocation in d.file.allocations.items():
        for i, board in enumerate(allocation.board):
            yield ("allocations", name, "board", i), board, allocation


def _budgets(d: Draft) -> Iterator[tuple[Path, Budget, AllocationText]]:
    yield from _spreads(d)
    yield from _boards(d)


def _covered(d: Draft, budget: Budget) -> list[str]:
    """The segments that a budget is spread over, in name order."""
    return sorted(covered(budget, partial(acting_segments, d)))


def fail_if_a_budget_names_what_is_unknown(d: Draft) -> Iterator[Problem]:
    levers = d.names("levers")
    for path, spread, _ in _budgets(d):
        if spread.lever not in levers and d.knows("levers"):
            yield d.source.problem(
                (*path, "lever"),
                expected=f"a lever: {listed(levers) or 'none is stated'}",
                suggestion=did_you_mean(spread.lever, levers, otherwise="describe it under levers"),
            )
        for i, segment in enumerate(spread.segments or ()):
            if segment not in d.names("segments") and d.knows("segments"):
                yield unknown_segment(d, (*path, "segments", i), segment, at_key=False)


def fail_if_a_budget_goes_where_its_lever_cannot_act(d: Draft) -> Iterator[Problem]:
    for path, spread, _ in _budgets(d):
        lever = d.file.levers.get(spread.lever)
        if lever is None:
            continue
        for i, segment in enumerate(spread.segments or ()):
            if reason := cannot_act(d, lever, segment):
                yield d.source.problem(
                    (*path, "segments", i), expected=f"segments in which {lever.target} can act", suggestion=reason
                )
        if spread.segments is None and d.sound("segments") and not acting_segments(d, spread.lever):
            yield d.source.problem(
                (*path, "lever"),
                found=f"`{spread.lever}`, which can act in no segment",
                expected="a lever that can act somewhere",
                suggestion=cannot_act(d, lever, next(iter(d.file.segments))),
            )


def fail_if_a_budget_reaches_adbudg_without_spend_today(d: Draft) -> Iterator[Problem]:
    """Its answers are relative to today's spend."""
    for path, spread, _ in _budgets(d):
        lever = d.file.levers.get(spread.lever)
        if lever is None or not isinstance(lever.response, Adbudg):
            continue
        without = [
            name
            for name in _covered(d, spread)
            if name in d.file.segments and not lever.today.get(name) and not cannot_act(d, lever, name)
        ]
        if without:
            funded = [name for name in sorted(lever.today) if lever.today[name]]
            narrower = f"spread over segments: [{', '.join(funded)}], " if funded else ""
            yield d.source.problem(
                (*path, "lever"),
                found=f"`{spread.lever}` spread over {listed(without, 'and')}, where today's spend is 0",
                expected="spend today above 0 for an adbudg response",
                suggestion=f"{narrower}state levers.{spread.lever}.today.{without[0]}, or use hill",
            )


def fail_if_a_column_has_no_file(d: Draft) -> Iterator[Problem]:
    for path, spread, _ in _spreads(d):
        if spread.by.startswith(COLUMN) and d.file.portfolio is None and d.sound("portfolio"):
            yield d.source.problem(
                (*path, "by"),
                expected="a basis that is known without a customer file: customers, revenue, profit, value or equal",
                suggestion="state a portfolio whose customers have that column",
            )


def fail_if_a_spread_depends_on_customers_who_are_not_known(d: Draft) -> Iterator[Problem]:
    """Constants say how customers choose, not how many are ours today."""
    if d.file.portfolio is not None or not d.sound("portfolio"):
        return
    for path, spread, _ in _spreads(d):
        choosing = choice_segments(d)
        unknown = [name for name in _covered(d, spread) if name in choosing and choosing[name].shares is None]
        if unknown and spread.by in ("customers", "revenue", "profit") and all(d.sound("segments", s) for s in unknown):
            names = listed([f"`{name}`" for name in unknown], "and")
            yield d.source.problem(
                (*path, "by"),
                found=f"{spread.by}, over {names} with constants in place of shares",
                expected="segments whose shares are stated, or a spread by value or equal",
                suggestion="state shares and churn there, or the money per segment",
            )


def fail_if_dates_of_budgets_are_wrong(d: Draft) -> Iterator[Problem]:
    for path, spread, allocation in _budgets(d):
        yield from phase_date_problems(d, path, spread, allocation)


def fail_if_spreads_overlap(d: Draft) -> Iterator[Problem]:
    """With each other, or with money that is stated for their lever."""
    if not d.sound("calendar"):
        return
    for path, spread, allocation in _spreads(d):
        number = path[-1]
        assert isinstance(number, int)
        earlier: list[tuple[Phase | Spread, set[str]]] = [
            *((phase, set(phase.amounts)) for phase in allocation.levers.get(spread.lever, ())),
            *((e, set(_covered(d, e))) for e in allocation.spread[:number] if e.lever == spread.lever),
        ]
        both = {
            name
            for phase, segments in earlier
            for name in segments & set(_covered(d, spread))
            if overlap(d, allocation, phase, spread)
        }
        if both:
            yield two_at_a_time(d, path, sorted(both))


def fail_if_the_lever_of_a_board_is_funded_otherwise(d: Draft) -> Iterator[Problem]:
    for path, board, allocation in _boards(d):
        number = path[-1]
        assert isinstance(number, int)
        others = [*allocation.spread, *allocation.board[:number]]
        stated = any(phase.amounts for phase in allocation.levers.get(board.lever, ()))
        if stated or any(other.lever == board.lever for other in others):
            yield d.source.problem(
                (*path, "lever"),
                found=f"`{board.lever}`, on which `{path[1]}` states other spend too",
                expected="a lever whose money the board alone spreads",
                suggestion=f"take the other spend on {board.lever} out: until the board meets, today's is kept",
            )


def fail_if_a_board_never_meets(d: Draft) -> Iterator[Problem]:
    """It has to see a year first."""
    if not d.sound("calendar"):
        return
    labels = d.file.calendar.labels
    for path, board, allocation in _boards(d):
        try:
            start, end = board_span(d.file.calendar, board, allocation)
        except ValueError:
            continue  # told by the rule on dates
        if start >= end > 0:
            first = f"in {labels[start]}" if start < len(labels) else f"after {labels[-1]}"
            yield d.source.problem(
                path,
                found=f"a budget that ends with {labels[end - 1]}, of a board that first meets {first}",
                expected="a board that meets: it sees a year first",
                suggestion="let the budget end later"
                if end < len(labels)
                else "simulate more periods, or leave it out",
                at_key=True,
            )
