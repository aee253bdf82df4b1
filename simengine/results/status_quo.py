"""What our customers of today are worth while today's spend is kept and nobody moves: what a budget may be spread by.

They are worth the same whatever is compared, in which mode, and how it is carried out: the status quo is a run of its
own, in expected mode, of the scenario's customers. Only where rows of a customer file stand for several customers, whom
sampled mode takes one by one, are modes the same to within the error of merging, not to the bit.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from simengine.engine.machine_memory import most_used
from simengine.portfolio.population import Portfolio
from simengine.portfolio.progress import unseen
from simengine.results.clock import Clock
from simengine.results.how import How
from simengine.scenario.model import Scenario
from simengine.tables import build
from simengine.tables.initiatives import no_initiatives
from simengine.tables.layout import Floats

if TYPE_CHECKING:
    from simengine.results.finished_run import Run

NEAR = 0.0001  # of value per share: how near customers are simulated as one


def settled(
    scenario: Scenario, portfolio: Portfolio, how: How, known: Run | None = None
) -> tuple[Scenario, Run | None]:
    """The scenario with money by segment in place of every spread; and its status quo, where a budget is spread by
    value. `known` is the status quo of the same customers, perhaps under other values of inputs. Raises ScenarioError
    where there is no basis."""
    if not scenario.spreads_by_value:
        return build.settled(scenario, portfolio), known
    status_quo = status_quo_of(scenario, portfolio, how, known)
    return build.settled(scenario, portfolio, value_today(status_quo)), status_quo


def status_quo_of(scenario: Scenario, portfolio: Portfolio, how: How, known: Run | None = None) -> Run:
    """The run of today's spend without moves. Arguments are those of `settled`."""
    quiet = scenario.status_quo
    quiet = replace(quiet, simulation=quiet.simulation.model_copy(update={"profile_error": NEAR}))
    if known is None:
        from simengine.results.simulation import Simulation

        return Simulation(
            quiet, replace(how, notice=None), None, 0, no_initiatives, unseen, Clock(), False, most_used()
        ).of(portfolio, {})  # fmt: skip
    if known.scenario == quiet:
        return known
    from simengine.results.redrawn import redrawn

    return redrawn(known, quiet)


def value_today(status_quo: Run) -> Floats:
    """[S] what our customers of today are worth, by segment, currency."""
    worth = status_quo.valuation
    return np.asarray(worth.customers[0, 0, :, 0] / worth.money_scale)
