"""From a file to a scenario, or to everything that is wrong with it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

from simengine.scenario.customers import CustomerFile, customer_files
from simengine.scenario.draft import Draft, draft
from simengine.scenario.layers import read_layers
from simengine.scenario.model import Scenario
from simengine.scenario.observed import with_observed
from simengine.scenario.problems import ScenarioError
from simengine.scenario.resolve import (
    resolve_allocation,
    resolve_change,
    resolve_employees,
    resolve_experience,
    resolve_knowledge,
)
from simengine.scenario.rival import Rival
from simengine.scenario.rules import problems_of, warnings_of
from simengine.scenario.rules.inputs import problems_of_inputs
from simengine.scenario.rules.levers import acting_segments
from simengine.scenario.settings import apply, extends_setting, read_settings, simulation_settings
from simengine.scenario.suppliers import rivals_of
from simengine.scenario.sweep import add_sweeps
from simengine.scenario.uncertain_paths import resolve_uncertain


def load_scenario(
    path: str | os.PathLike[str],
    *,
    settings: Iterable[str] = (),
    simulation: Mapping[str, object] | None = None,
    sweeps: Iterable[str] = (),
    base: str | None = None,
) -> Scenario:
    """Read, check and resolve a scenario file and the files that it extends.

    `settings` override any input, each `PATH=VALUE` (the command line's --set); `simulation` overrides fields of
    that block (--seed, --mode, --replications, --precision). `sweeps` add allocations, like `base` but for the money of
    a point of their grid (--sweep; see `sweep.add_sweeps`). Raises `ScenarioError` with all problems, each with its
    file, line and column.
    """
    given, malformed = read_settings(settings)
    given += simulation_settings(simulation or {})
    source = read_layers(path, extends_setting(given))
    apply(given, source)
    add_sweeps(source, sweeps, base)
    sound, problems = draft(source)
    sound, unread = with_observed(sound)
    problems = [*malformed, *source.problems, *problems, *unread, *problems_of(sound)]
    if problems:
        raise ScenarioError(problems)
    scenario = resolve_uncertain(_resolve(sound), sound.file.uncertain)
    if problems := problems_of_inputs(scenario):
        raise ScenarioError(problems)
    return replace(scenario, warnings=warnings_of(scenario))


def _resolve(sound: Draft) -> Scenario:
    file = sound.file
    segments = dict(sorted(file.segments.items()))
    acting = partial(acting_segments, sound)
    needs = tuple(sorted(file.needs))
    allocations = {name: resolve_allocation(name, file.allocations, file.calendar, acting) for name in file.allocations}
    return Scenario(
        name=file.name or Path(sound.source.file).stem,
        currency=file.currency,
        calendar=file.calendar,
        simulation=file.simulation,
        company=file.company,
        needs=needs,
        portfolio=_customer_file(sound),
        segments=segments,
        offers=dict(sorted(file.offers.items())),
        levers=dict(sorted(file.levers.items())),
        allocations=allocations,
        rivals={name: file.rivals.get(name, Rival()) for name in sorted(rivals_of(sound))},
        moves={
            name: tuple(
                resolve_change(change, tuple(segments), file.calendar, f"move {name} {i + 1}", ("moves", name, i))
                for i, change in enumerate(changes)
            )
            for name, changes in file.moves.items()
        },
        source=sound.source,
        experience=resolve_experience(file.experience, needs),
        imitation=dict(sorted(file.imitation.items())),
        employees=resolve_employees(file.employees, file.levers, allocations),
        learning=resolve_knowledge(file.knowledge, file.levers),
        market=file.market,
        delivery=file.delivery,
        acting={name: acting(name) for name in sorted(file.levers)},
        budget=file.budget,
    )


def _customer_file(sound: Draft) -> CustomerFile | None:
    """The customer file with the paths of all files that it stands for."""
    portfolio = sound.file.portfolio
    if portfolio is None:
        return None
    files = [file for stated in portfolio.customers for file in customer_files(sound.source, stated)]
    return portfolio.model_copy(update={"customers": tuple(files)})
