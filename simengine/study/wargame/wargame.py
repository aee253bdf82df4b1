"""The war game of a scenario: what everybody had better do, given that all others do what is best for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from simengine.results.prepare import Notice
from simengine.scenario.model import Scenario
from simengine.scenario.problems import counted, listed
from simengine.study.wargame.document import document_of
from simengine.study.wargame.game import Game
from simengine.study.wargame.payoffs import played
from simengine.study.wargame.players import Cast, cast_of

MANY = 50  # combinations, whose equilibria may take some seconds to be found


@dataclass(frozen=True)
class Wargame:
    """Who plays, what they are worth in every combination of their options, and what follows from that."""

    cast: Cast
    game: Game
    document: dict[str, Any]  # plain data, for JSON


def wargame(
    scenario: Scenario,
    *,
    options: Mapping[str, Sequence[str]] | None = None,
    together: Sequence[Sequence[str]] = (),
    chance: Mapping[str, float] | None = None,
    notice: Notice | None = None,
    **how: Any,
) -> Wargame:
    """Every combination of our allocations and rivals' moves, and what comes of it if everybody chooses for itself.

    Who has which `options`, who decides `together` and what the market does by `chance` are as in `cast_of`; what else
    `run` takes may be given, too. Raises ScenarioError.
    """
    cast = cast_of(scenario, options, together, chance)
    if notice:
        choices = [counted(len(each.options), "option") + f" of {each.name}" for each in cast.players]
        states = [counted(len(cast.chances), "state") + " of the market"] if len(cast.chances) > 1 else []
        notice(f"{counted(cast.cells, 'cell')}: {listed([*choices, *states], 'and')}")
    done, game = played(scenario, cast, notice=notice, **how)
    if notice and game.mean[0].size >= MANY:
        notice(f"finding equilibria of {game.mean[0].size:,} combinations")
    rivals = {who for player in cast.players for who in player.members if who in scenario.rivals}
    document = {
        "scenario": scenario.name,
        "currency": scenario.currency,
        "mode": done.options.mode,
        "seed": done.options.seed,
        "replications": game.replications,
        "block": done.valuation.block,
        "exact": done.exact,
        "shares": scenario.company.shares,
        "profiles": done.profiles,
        "uncertain_inputs": list(scenario.uncertain.paths),
        "assumed_of_rivals": {name: rival.unstated for name, rival in scenario.rivals.items() if name in rivals},
        **document_of(game, cast, scenario.company.shares),
    }
    return Wargame(cast, game, document)
