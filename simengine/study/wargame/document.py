"""A war game as plain data, for JSON. Values are money: the company's equity, rivals' enterprise value."""

from __future__ import annotations

from typing import Any

import numpy as np

from simengine.scenario.suppliers import COMPANY
from simengine.study.wargame.commitment import answers_to, commitment, safest
from simengine.study.wargame.dominance import Dominated, eliminated, weakly_dominated
from simengine.study.wargame.equilibria import equilibria_of
from simengine.study.wargame.game import Game, Mixed, Profile, answered
from simengine.study.wargame.luck import interval, sureness
from simengine.study.wargame.players import Cast


def document_of(game: Game, cast: Cast, shares: float) -> dict[str, Any]:
    """What is found in a game. `shares` are the company's."""
    passive = tuple(player.passive for player in cast.players)
    found = equilibria_of(game)
    choosing = [p for p, number in enumerate(game.shape) if number > 1]
    return {
        "cells": cast.cells,
        "players": {
            player.name: {
                "members": list(player.members),
                "options": [option.name for option in player.options],
                "passive": player.options[player.passive].name,
            }
            for player in cast.players
        },
        "chance": {each.name or "nothing": each.probability for each in cast.chances},
        "left_out": list(cast.left_out),
        "payoffs": [_payoff(game, profile) for profile in np.ndindex(game.shape)],
        "dominated": [_dominated(game, each) for each in (*eliminated(game)[0], *weakly_dominated(game))],
        "equilibria": [_equilibrium(game, each, _shares(cast, shares)) for each in found.found],
        "all_equilibria": found.all_of_them,
        "degenerate": found.degenerate,
        "nearest": None if found.found else _equilibrium(game, _nearest(game), _shares(cast, shares)),
        "answering": _answering(game, passive),
        "answers": [
            each for who in choosing if who for each in _answers(game, passive, who)
        ],
        "commitment": {game.players[p]: _commitment(game, p) for p in choosing},
        "maximin": {game.players[p]: _safest(game, p) for p in choosing},
    }  # fmt: skip


def _shares(cast: Cast, shares: float) -> float | None:
    """Where we choose for ourselves."""
    return shares if cast.players[0].members == (COMPANY,) else None


def _chosen(game: Game, profile: Profile) -> dict[str, str]:
    return {name: options[i] for name, options, i in zip(game.players, game.options, profile, strict=True)}


def _of_players(game: Game, values: Any) -> dict[str, float]:
    return {name: float(value) for name, value in zip(game.players, values, strict=True)}


def _payoff(game: Game, profile: Profile) -> dict[str, Any]:
    return {
        "options": _chosen(game, profile),
        "values": {
            name: interval(values[profile], block=game.block).document
            for name, values in zip(game.players, game.payoffs, strict=True)
        },
        "gains": _of_players(game, [gains[profile] for gains in game.gains]),
        "best_answers": [name for p, name in enumerate(game.players) if game.best[p][profile]],
    }


def _dominated(game: Game, each: Dominated) -> dict[str, Any]:
    options = game.options[each.player]
    return {
        "player": game.players[each.player],
        "option": options[each.option],
        "by": {options[i]: share for i, share in each.by.items()},
        "strictly": each.strictly,
        "round": each.round,
    }


def _nearest(game: Game) -> Mixed:
    """Of combinations the one from which everybody would gain least by another option, as a part of its value."""
    gains = (game.gains / np.maximum(np.abs(game.mean), 1.0)).max(axis=0)
    return game.pair([int(i) for i in np.unravel_index(int(gains.argmin()), game.shape)])


def _equilibrium(game: Game, strategies: Mixed, shares: float | None) -> dict[str, Any]:
    luck, values = sureness(game, strategies), game.values(strategies)
    return {
        "kind": "pure" if all((strategy > 0).sum() == 1 for strategy in strategies) else "mixed",
        "strategies": {
            name: {
                option: {"probability": float(share), "ci95": None if bounds is None else list(bounds)}
                for option, share, bounds in zip(options, strategy, around, strict=True)
                if share > 0
            }
            for name, options, strategy, around in zip(
                game.players, game.options, strategies, luck.probabilities, strict=True
            )
        },
        "values": {
            name: interval(each, block=game.block).document for name, each in zip(game.players, values, strict=True)
        },
        "value_per_share": None if shares is None else float(values[0].mean()) / shares,
        "epsilon": _of_players(game, game.epsilon(strategies)),
        "best_other_option": {
            name: None if each is None else each.document for name, each in zip(game.players, luck.gains, strict=True)
        },
        "epsilon_at_most": _of_players(game, luck.at_most),
        "sure": luck.sure,
        "in_resamples": luck.in_resamples,
    }


def _answering(game: Game, passive: Profile) -> dict[str, Any]:
    path, ends = answered(game, passive)
    return {"path": [_chosen(game, profile) for profile in path], "ends": ends}


def _answers(game: Game, passive: Profile, who: int) -> list[dict[str, Any]]:
    """By option of ours: the best answer of another player while all others do nothing, and what that costs us."""
    return [
        {
            "option": game.options[0][each.option],
            "player": game.players[who],
            "answer": game.options[who][each.answer],
            "value_if_passive": each.passive,
            "value": each.value,
            "cost": each.cost.document,
        }
        for each in answers_to(game, 0, passive, who)
    ]


def _commitment(game: Game, leader: int) -> dict[str, Any]:
    found, options = commitment(game, leader), game.options[leader]
    chosen = found.chosen

    def others(strategies: Mixed) -> dict[str, dict[str, float]]:
        return {
            name: {option: float(share) for option, share in zip(names, strategy, strict=True) if share > 0}
            for p, (name, names, strategy) in enumerate(zip(game.players, game.options, strategies, strict=True))
            if p != leader
        }

    values = None if chosen is None or chosen.strategies is None else game.values(chosen.strategies).mean(axis=1)
    return {
        "option": None if chosen is None else options[chosen.option],
        "answers": None if chosen is None or chosen.strategies is None else others(chosen.strategies),
        "values": None if values is None else _of_players(game, values),
        "by_option": {
            options[each.option]: {
                "value": each.value,
                "best_value": each.best_value,
                "all_equilibria": each.all_of_them,
                "answers": None if each.strategies is None else others(each.strategies),
            }
            for each in found.outcomes
        },
    }


def _safest(game: Game, player: int) -> dict[str, Any]:
    found = safest(game, player)
    worst = {name: option for name, option in _chosen(game, found.worst).items() if name != game.players[player]}
    return {"option": game.options[player][found.option], "value": found.value, "worst": worst}
