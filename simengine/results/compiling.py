"""Whether a wait for compiled code is ahead, asked before anything is read: reading customers needs kernels, too."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from simengine import luck
from simengine.arithmetic import elementwise
from simengine.code_store import has_room
from simengine.engine import (
    buying,
    changed_hands,
    customer_values,
    expected_choice,
    expected_contract,
    expected_curves,
    expected_kernels,
    expected_need_states,
    leaves,
    need_states_kernels,
    opening_kernels,
    profiles,
    register,
    run_off_kernels,
    sampled_buying,
    sampled_chain,
    sampled_kernels,
    sampled_talk,
    stage_lengths,
)
from simengine.engine.sampled_need_states import Moving
from simengine.engine.sampled_state import date_bits, state_type
from simengine.jit import is_compiled
from simengine.portfolio import gamma_table, prospects, synthetic
from simengine.results.prepare import Notice
from simengine.scenario.model import Scenario
from simengine.scenario.segment import (
    AnySegment,
    BuyingSegment,
    ChoiceSegment,
    ContractSegment,
    Lognormal,
    MarkovSegment,
    RevenueSegment,
)
from simengine.tables import design
from simengine.tables.board import levers_of_boards
from simengine.tables.shocks import shock_law
from simengine.tables.unfolding import has_luck, only_talks

ENGINE = "simengine.engine."
COMPILING = "compiling what no earlier run on this computer has needed; later runs need not"
COMPILING_FOR_ONCE = "compiling the simulation; so will later runs, as they find no folder to keep it in"


def say_if_compiling(notice: Notice | None, scenario: Scenario, mode: str) -> bool:
    """Whether a run in a mode calls what has never been compiled for this processor; gives notice if so."""
    asked: list[tuple[Any, ...]] = [(each,) for each in kernels_of_today(scenario)]
    return say_if_new(notice, asked + _asked_of_simulation(scenario, mode))


def is_engine_new(scenario: Scenario, mode: str) -> bool:
    """Whether simulating calls a kernel of the engine that has never been compiled for this processor: these take
    longest."""
    asked = _asked_of_simulation(scenario, mode)
    return not all(is_compiled(*each) for each in asked if each[0].__module__.startswith(ENGINE))


def _asked_of_simulation(scenario: Scenario, mode: str) -> list[tuple[Any, ...]]:
    """Its kernels, each followed by types of arguments that it is called with."""
    states, asked = _type_of_states(scenario, mode), list[tuple[Any, ...]]()
    asked += [(each, states) if _takes_states(each) else (each,) for each in kernels_of_simulation(scenario, mode)]
    if mode == "sampled":
        between = {Moving.__name__ if segment.moving else "none" for segment in scenario.choosing.values()}
        asked += [(sampled_kernels.choice_periods, states, each) for each in between]
    return asked


def say_if_new(notice: Notice | None, asked: Iterable[tuple[Any, ...]]) -> bool:
    """Whether any kernel has never been compiled for this processor, with the types of arguments that follow it; gives
    notice if so."""
    compiling = not all(is_compiled(*kernel_and_types) for kernel_and_types in asked)
    if notice and compiling:
        notice(COMPILING if has_room() else COMPILING_FOR_ONCE)
    return compiling


def _type_of_states(scenario: Scenario, mode: str) -> str:
    """The type that the states of sampled customers have; "" in expected mode."""
    return np.dtype(state_type(date_bits(scenario.calendar.periods))).name if mode == "sampled" else ""


def _takes_states(kernel: Any) -> bool:
    code = getattr(kernel, "py_func", kernel).__code__
    return "codes" in code.co_varnames[: code.co_argcount]


def kernels_of_today(scenario: Scenario) -> Iterator[Any]:
    """What solving today calls for certain. Kernels that only some customer files need are left out: unless a run
    calls them they stay uncompiled, and every run would tell of a wait that does not come."""
    columns = None if scenario.portfolio is None else scenario.portfolio.columns
    for segment in scenario.segments.values():
        choice = isinstance(segment, ChoiceSegment)
        if isinstance(segment, ChoiceSegment):
            today = need_states_kernels if segment.moving else opening_kernels
            yield from (opening_kernels.offer_weights, today.opening_states)
            yield from (today.stage_multipliers, today.year_on_sums)
            yield from [today.stationary_sums] if segment.constants is None else []  # stated ones are not solved for
        if isinstance(segment, ChoiceSegment) and segment.needs_spread and not (columns and columns.needs):
            yield from (gamma_table.tabulate, synthetic.needs_of_ids)
        drawn = isinstance(segment, RevenueSegment) and isinstance(segment.revenue, Lognormal)
        if drawn and not (columns and columns.revenue):
            yield synthetic.revenue_of_ids
        ours_alone = columns is not None and columns.supplier is None and segment.size is None  # who has prospects
        if (choice and ours_alone) or grows(segment):
            yield prospects.points_in_pieces


def kernels_of_simulation(scenario: Scenario, mode: str) -> Iterator[Any]:
    """What building the tables of every cell and simulating call besides, in the mode `sampled` or `expected`."""
    segments = scenario.segments.values()
    yield from (elementwise.fill_exp, elementwise.fill_expm1)
    if scenario.experience is not None:
        yield from (elementwise.fill_log, elementwise.fill_log1p)
    taught, shocked = scenario.learning is not None, shock_law(scenario) is not None
    spent = _spends_otherwise(scenario) or bool(levers_of_boards(scenario))
    if scenario.employees is not None or taught or shocked or spent:
        yield elementwise.fill_power
    if mode == "sampled" and scenario.spreads_by_value:
        yield from kernels_of_simulation(scenario.status_quo, "expected")
    moving = [segment.moving for segment in segments if isinstance(segment, ChoiceSegment)]
    if any(moving):
        yield elementwise.fill_log1p
    if mode == "sampled":
        yield from [sampled_kernels.choice_periods] if moving else []
        yield from [sampled_talk.hear] if only_talks(scenario) and not any(moving) else []
    else:
        yield from [expected_need_states.moving_periods] if any(moving) else []
        yield from [] if all(moving) else [expected_choice.choice_periods]
    if any(isinstance(segment, ContractSegment) for segment in segments):
        yield sampled_kernels.contract_period if mode == "sampled" else expected_contract.contract_periods
    yield from _kernels_of_laws(scenario, mode)
    if len(scenario.allocations) > 1:
        yield changed_hands.count_hands if mode == "sampled" else changed_hands.least_hands
    lawless = any(isinstance(segment, (ChoiceSegment, ContractSegment)) for segment in segments)
    planned = any(allocation.initiatives for allocation in scenario.allocations.values())
    if has_luck(scenario) or planned or scenario.uncertain.paths:
        yield luck.draw_uniforms
    if scenario.has_market_luck:
        yield elementwise.fill_normal_quantile
    if mode == "sampled":
        yield stage_lengths.tabulate_lengths
        if not all(isinstance(segment, MarkovSegment) for segment in segments):
            yield sampled_kernels.open_customers
        if scenario.simulation.customer_values and lawless:
            yield sampled_kernels.close_customers
    else:
        yield from (register.find_or_add, profiles.add_up, leaves.find_presence, leaves.find_extent)
        yield expected_kernels.open_customers
        if scenario.simulation.customer_values:
            yield customer_values.expand
        if any(map(grows, segments)):
            yield expected_kernels.enter_customers
    if any(design.designs_of(scenario).values()):
        yield from (design.lloyd, design.fill_misfits)
    if scenario.company.residual.method == "run_off" and lawless:
        yield from (getattr(run_off_kernels, f"{mode}_run_off"), leaves.find_extent)


def _spends_otherwise(scenario: Scenario) -> bool:
    """Whether some allocation spends another sum than today on a lever: its effect is worked out then."""
    return any(
        len(outlay.segments) > 1 or outlay.money != scenario.levers[outlay.lever].today.get(outlay.segments[0], 0.0)
        for allocation in scenario.allocations.values()
        for outlay in allocation.outlays()
    )


def _kernels_of_laws(scenario: Scenario, mode: str) -> Iterator[Any]:
    """What segments call whose customers buy till they are gone, or pass from state to state."""
    segments, run_off = scenario.segments.values(), scenario.company.residual.method == "run_off"
    buyers = any(isinstance(segment, BuyingSegment) for segment in segments)
    chain = any(isinstance(segment, MarkovSegment) for segment in segments)
    values = bool(scenario.simulation.customer_values)
    if chain:
        yield elementwise.fill_power
    if mode == "expected":
        yield from [buying.fill_curves] if buyers else []
        yield from [expected_curves.curve_periods] if buyers or chain else []
        yield from [expected_curves.curve_run_off] if run_off and (buyers or chain) else []
        return
    if buyers:
        yield from (sampled_buying.draw_buyers, sampled_buying.buying_period)
        yield from [sampled_buying.close_entrants] if values else []
        yield from [sampled_buying.buyers_beyond] if run_off else []
    if chain:
        yield from (sampled_chain.open_chain, sampled_chain.chain_period)
        yield from [sampled_chain.close_chain] if values else []
        yield from [sampled_chain.chain_beyond_horizon] if run_off else []


def grows(segment: AnySegment) -> bool:
    """Whether newcomers enter the segment."""
    return bool(segment.growth if isinstance(segment, ChoiceSegment) else segment.newcomers.per_year)
