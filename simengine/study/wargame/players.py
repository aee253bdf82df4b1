"""Who plays a war game, and between what each may choose: our allocations, rivals' moves, what several do together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from simengine.scenario.model import Scenario
from simengine.scenario.move import Change
from simengine.scenario.problems import Problem, ScenarioError, did_you_mean, have, listed, of_option
from simengine.scenario.suppliers import COMPANY

Place = tuple[int, int]  # of a change: the move's in the file, its own in the move
Changes = Mapping[Place, Change]
BOTH = "+"  # between moves that one option makes together


@dataclass(frozen=True)
class Option:
    """Something that a player may do."""

    name: str
    allocation: str | None  # of ours, if it is ours to choose
    changes: Changes  # what rivals do


@dataclass(frozen=True)
class Player:
    """Who chooses, to raise what its members are worth together."""

    name: str
    members: tuple[str, ...]  # the company, rivals
    options: tuple[Option, ...]
    passive: int  # the option of a player that does not answer


@dataclass(frozen=True)
class Chance:
    """What the market does, whatever anybody chooses, and how likely that is."""

    name: str  # of the move; empty: nothing
    changes: Changes
    probability: float


@dataclass(frozen=True)
class Cast:
    """Everybody who acts in a game."""

    players: tuple[Player, ...]  # who can choose, or is committed to one option; we, or who we are with, come first
    chances: tuple[Chance, ...]
    left_out: tuple[str, ...]  # moves of the market that nobody said the probability of

    @property
    def shape(self) -> tuple[int, ...]:
        return tuple(len(player.options) for player in self.players)

    @property
    def cells(self) -> int:
        """To be simulated."""
        cells = len(self.chances)
        for number in self.shape:
            cells *= number
        return cells


def cast_of(
    scenario: Scenario,
    options: Mapping[str, Sequence[str]] | None = None,
    together: Sequence[Sequence[str]] = (),
    chance: Mapping[str, float] | None = None,
) -> Cast:
    """The players of a scenario.

    Ours are the allocations. A rival's options are to do nothing, and each move in which it acts: its own part of that
    move, for others decide on theirs; what the market does in a move comes with whoever chooses it. `options` names the
    options of a player in place of these; `a + b` is both moves. Suppliers in `together` choose as one, any combination
    of their options, for the sum of their values. Moves in which nobody but the market acts are nobody's to choose:
    each happens with the probability that `chance` states, at most one of them. Raises ScenarioError.
    """
    problems: list[Problem] = []
    rivals = {name: _options_of_rival(scenario, name) for name in scenario.rivals}
    acting = {name: found for name, found in rivals.items() if len(found) > 1}
    ours = {name: Option(name, name, {}) for name in scenario.allocations}
    every = {COMPANY: ours, **acting}
    chosen, stated_options = dict(every), dict(options or {})
    for who, names in stated_options.items():
        if who not in every:
            problems.append(_no_player("--options", who, every))
        else:
            chosen[who] = _named_options(scenario, who, names, every[who], problems)
    groups = dict.fromkeys(groups_of(together, every, problems).values())
    chances, left_out = _chances(scenario, chance or {}, problems)
    if not acting:
        problems.append(_nobody_acts(scenario))
    if problems:
        raise ScenarioError(problems)
    players = tuple(_player(scenario, group, chosen) for group in groups)
    if sum(len(player.options) > 1 for player in players) < 2:
        raise ScenarioError([_nothing_to_choose(scenario, players, stated_options)])
    return Cast(players, chances, left_out)


def changes_of_market(scenario: Scenario) -> dict[str, Changes]:
    """Moves in which nobody but the market acts."""
    return {
        name: {(m, i): change for i, change in enumerate(changes)}
        for m, (name, changes) in enumerate(scenario.moves.items())
        if changes and all(change.who is None for change in changes)
    }


def nothing_of(scenario: Scenario) -> str:
    """What doing nothing is called: as the first move in which nothing happens, if there is one."""
    empty = [name for name, changes in scenario.moves.items() if not changes]
    name = empty[0] if empty else "nothing"
    while not empty and name in scenario.moves:
        name += " at all"
    return name


def _options_of_rival(scenario: Scenario, rival: str) -> dict[str, Option]:
    nothing = nothing_of(scenario)
    found = {nothing: Option(nothing, None, {})}
    for m, (name, changes) in enumerate(scenario.moves.items()):
        if any(change.who == rival for change in changes):
            part = {(m, i): change for i, change in enumerate(changes) if change.who in (rival, None)}
            found[name] = Option(name, None, part)
    return found


def _named_options(
    scenario: Scenario, who: str, names: Sequence[str], known: Mapping[str, Option], problems: list[Problem]
) -> dict[str, Option]:
    """Those of a player's options that are named, and combinations of them."""
    found: dict[str, Option] = {}
    for name in names:
        parts = [name] if name in known else [part.strip() for part in name.split(BOTH)]
        wrong = [part for part in parts if part not in known]
        if wrong:
            what = "an allocation" if who == COMPANY else f"an option of {who}"
            problems += [
                of_option("--options", f"{who}={','.join(names)}", f"'{part}'", f"{what}: {listed(known)}",
                          did_you_mean(part, known))
                for part in wrong
            ]  # fmt: skip
        elif len(parts) > 1 and who == COMPANY:
            expected, hint = "one allocation at a time", "write an allocation that does both"
            problems.append(of_option("--options", f"{who}={','.join(names)}", f"'{name}'", expected, hint))
        else:
            changes = {place: change for part in parts for place, change in known[part].changes.items()}
            found[name] = Option(name, known[name].allocation if name in known else None, dict(sorted(changes.items())))
    return found


def groups_of(
    together: Sequence[Sequence[str]], known: Iterable[str], problems: list[Problem]
) -> dict[str, tuple[str, ...]]:
    """By player, who chooses together with it, itself too; in the order of `known`."""
    known = list(known)
    found: dict[str, tuple[str, ...]] = {who: (who,) for who in known}
    for names in together:
        group, text = tuple(who for who in known if who in names), ",".join(names)
        problems += [_no_player("--together", who, known, text) for who in names if who not in known]
        if len(set(names)) < 2:
            problems.append(of_option("--together", text, "one player alone", "two or more: atlas,neo"))
        for who in group:
            if len(found[who]) > 1:
                problems.append(of_option("--together", text, f"'{who}' again", "each player in one group"))
            found[who] = group
    return found


def _chances(
    scenario: Scenario, chance: Mapping[str, float], problems: list[Problem]
) -> tuple[tuple[Chance, ...], tuple[str, ...]]:
    known, found = changes_of_market(scenario), []
    for name, probability in chance.items():
        text = f"{name}={probability:g}"
        if name not in known:
            acting = sorted({change.who for change in scenario.moves.get(name, ()) if change.who})
            hint = f"{listed(acting, 'and')} {have(len(acting))} it as an option" if acting else ""
            expected = f"a move of the market: {listed(known)}" if known else "no --chance: the market makes no move"
            problems.append(of_option("--chance", text, f"'{name}'", expected, hint or did_you_mean(name, known)))
        elif not 0 < probability <= 1:
            problems.append(of_option("--chance", text, f"{probability:g}", "a probability above 0 and at most 1"))
        else:
            found.append(Chance(name, known[name], probability))
    rest = 1.0 - sum(each.probability for each in found)
    if rest < -1e-9:
        text = ",".join(f"{name}={probability:g}" for name, probability in chance.items())
        expected = "probabilities that sum to 1 at most: one of them happens, or nothing"
        problems.append(of_option("--chance", text, f"{1 - rest:g} together", expected))
    if rest > 1e-9:
        found.append(Chance("", {}, rest))
    return tuple(found), tuple(name for name in known if name not in chance)


def _player(scenario: Scenario, members: tuple[str, ...], chosen: Mapping[str, Mapping[str, Option]]) -> Player:
    nothing = nothing_of(scenario)
    if len(members) == 1:
        options = tuple(chosen[members[0]].values())
        names = [option.name for option in options]
        still = "baseline" if members[0] == COMPANY else nothing
        return Player(members[0], members, options, names.index(still) if still in names else 0)
    alone = [_player(scenario, (who,), chosen) for who in members]
    places = list(product(*(range(len(player.options)) for player in alone)))
    options = tuple(_combined([player.options[i] for player, i in zip(alone, place, strict=True)]) for place in places)
    return Player(" & ".join(members), members, options, places.index(tuple(player.passive for player in alone)))


def _combined(options: Sequence[Option]) -> Option:
    name = " & ".join(option.name for option in options)
    allocations = [option.allocation for option in options if option.allocation is not None]
    changes = {place: change for option in options for place, change in option.changes.items()}
    return Option(name, allocations[0] if allocations else None, dict(sorted(changes.items())))


def _no_player(option: str, who: str, known: Iterable[str], text: str = "") -> Problem:
    return of_option(option, text or who, f"'{who}'", f"a player: {listed(known)}", did_you_mean(who, known))


def _nobody_acts(scenario: Scenario) -> Problem:
    hint = "state one: price_war: [{who: atlas, at: 2027-Q3, change: {price: -12%}}]"
    if scenario.rivals:
        return scenario.problem(("moves",), "no move in which a rival acts", "moves of rivals, to choose from", hint)
    hint = "state the offer of a rival and its share of each segment, and a move of it"
    return scenario.problem((), "no rival", "a rival to play against", hint)


def _nothing_to_choose(scenario: Scenario, players: Sequence[Player], options: Mapping[str, object]) -> Problem:
    """Where fewer than two players have two options."""
    expected = "two players, each with two options at least"
    only = [f"{player.name} ({player.options[0].name})" for player in players if len(player.options) == 1]
    found = f"one option of {listed(only, 'and')}" if only else "one player, of all together"
    if options or not only:
        hint = "name more of its options, or leave --options out" if only else "leave --together out"
        return Problem("--options" if only else "--together", 0, 0, found, expected, hint)
    return scenario.problem(("allocations",), found, expected, "state another allocation for us to choose")
