"""The shipped variant whose rivals answer: to the bit as in peace until they act, by what the totals alone say."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from simengine.results.run import Run, run
from simengine.scenario import load_scenario
from simengine.tables.layout import OUR_STATES
from tests.oracle.moves import periods_held

PATH = Path(__file__).parents[2] / "scenarios" / "northbank_answers.yaml"
QUIET, RETALIATES, COMES = "quiet", "atlas_retaliates", "neo_may_learn_to_advise"
MANY, DETECT, RESPOND, LASTS = 0.38, 2, 2, 8  # share of the affluent; quarters, as the file says
PROBABILITY, YEAR = 0.2, 4  # that it comes within so many quarters
NEVER = 99
SMALLER = {
    # Few customers: luck decides when there are too many of them, also where the allocation alone does not bring it.
    "sampled": ("segments.affluent.size=900", "segments.mass.size=600", "simulation.replications=8"),
    "expected": ("segments.affluent.size=300", "segments.mass.size=200", "simulation.profile_error=null"),
}
COMING = (
    "segments.affluent.size=40", "segments.mass.size=20", "calendar.periods=5", "simulation.replications=1000",
    "simulation.profile_error=null",
)  # fmt: skip


@cache
def ran(mode: str, settings: tuple[str, ...]) -> Run:
    return run(load_scenario(PATH, settings=settings, simulation={"mode": mode}), threads=1)


@pytest.fixture(params=sorted(SMALLER))
def answered(request: pytest.FixtureRequest) -> Run:
    return ran(request.param, SMALLER[request.param])


def breached(finished: Run, cell: int) -> np.ndarray:
    """[R, T] whether the condition is met at the end of each period, from what is counted."""
    count = finished.ledger.count[cell, :, 1:, finished.tables.axes.segments.index("affluent")].sum(axis=-1)
    return np.asarray(count[..., OUR_STATES].sum(axis=-1) / count.sum(axis=-1) > MANY)


def moved(finished: Run, cell: int) -> np.ndarray:
    """[R, T] whether anything that is counted in a period or at its end is not what it is in the quiet cell."""
    ledger, cells = finished.ledger, finished.scenario.cells
    quiet = cells.index((cells[cell][0], QUIET))
    tables = ledger.count[:, :, 1:], ledger.revenue[:, :, 1:], ledger.joins, ledger.leaves  # [C, R, T, ...]
    differ = [table[cell] != table[quiet] for table in tables]
    return np.any([each.any(axis=tuple(range(2, each.ndim))) for each in differ], axis=0)


def cut(finished: Run, cell: int) -> np.ndarray:
    """[R, T] whether Atlas asks the affluent for less than in the quiet cell."""
    cells, price = finished.scenario.cells, finished.tables.rivals.price_ratio[..., 0, 0]
    return np.asarray(price[cell] < price[cells.index((cells[cell][0], QUIET))])


def first(happens: np.ndarray) -> np.ndarray:
    """[R] the first period in which something happens [R, T]."""
    return np.where(happens.any(axis=1), happens.argmax(axis=1), NEVER)


def cells_of(finished: Run, move: str) -> list[int]:
    return [c for c, (_, name) in enumerate(finished.scenario.cells) if name == move]


def test_it_loads_without_warnings() -> None:
    assert not load_scenario(PATH).warnings


def test_answers_do_not_change_what_is_best_and_cost_atlas_more_than_they_win_and_neo_costs_every_allocation() -> None:
    finished = ran("expected", ("simulation.replications=4",))
    cells = {(cell["allocation"], cell["move"]): cell for cell in finished.summary["cells"]}
    for move in finished.scenario.moves:
        worth = {name: cells[name, move]["value_per_share"]["mean"] for name in finished.scenario.allocations}
        assert max(worth, key=lambda name: worth[name]) == "by_customer_value"
    for name in finished.scenario.allocations:
        came, quiet = (cells[name, move]["value_per_share"]["mean"] for move in (COMES, QUIET))
        assert came < quiet
        before, after = (cells[name, move]["rivals"]["atlas"]["value"] for move in (QUIET, RETALIATES))
        assert (after < before) == (name == "by_customer_value")


def test_every_path_is_that_of_peace_until_the_breach_is_noticed_and_answered(answered: Run) -> None:
    """Met at the end of period t: all counts up to that of period t + detect + respond are equal, to the bit."""
    begins = {c: first(breached(answered, c)) + 1 + DETECT + RESPOND for c in cells_of(answered, RETALIATES)}
    for c, begin in begins.items():
        assert (first(moved(answered, c)) >= np.minimum(begin, NEVER)).all()
    periods = len(answered.tables.axes.periods)
    assert min(begin.min() for begin in begins.values()) < periods - LASTS
    assert max(begin.max() for begin in begins.values()) > periods, "somewhere nobody answers"
    if answered.options.mode == "sampled":
        assert len({begin for each in begins.values() for begin in each.tolist()}) > YEAR


def test_paths_differ_as_soon_as_the_offer_does(answered: Run) -> None:
    """In expected mode at once; of drawn customers, somebody decides otherwise within the time that it lasts."""
    for c in cells_of(answered, RETALIATES):
        offered, counted = first(cut(answered, c)), first(moved(answered, c))
        if answered.options.mode == "expected":
            assert (counted == offered).all()
        else:
            whole = offered < len(answered.tables.axes.periods) - LASTS
            assert (counted[whole] < offered[whole] + LASTS).all()
            assert (counted[offered == NEVER] == NEVER).all()


def test_the_price_is_cut_for_as_long_and_as_often_as_the_counts_say(answered: Run) -> None:
    for c in cells_of(answered, RETALIATES):
        for path, met in zip(cut(answered, c).tolist(), breached(answered, c).tolist(), strict=True):
            assert path == periods_held(met, DETECT, RESPOND, LASTS, True)


def test_what_may_come_comes_within_a_year_as_often_as_is_stated() -> None:
    """A binomial test over replications: a right program fails at one seed in a thousand. A change of the offer is
    seen in the counts of its first period, for all that is expected is exact."""
    finished = ran("expected", COMING)
    comes, *others = (first(moved(finished, c)) for c in cells_of(finished, COMES))
    assert all((other == comes).all() for other in others), "the same dates in every allocation"
    assert stats.binomtest(int((comes < YEAR).sum()), len(comes), PROBABILITY).pvalue > 0.001
    quarters = np.bincount(comes[comes < YEAR], minlength=YEAR)
    kept = (1 - PROBABILITY) ** (np.arange(YEAR + 1) / YEAR)
    assert (
        stats.chisquare(
            [*quarters, len(comes) - quarters.sum()], len(comes) * np.array([*-np.diff(kept), kept[-1]])
        ).pvalue
        > 0.001
    )


def test_what_may_come_is_as_in_peace_until_then_and_the_same_luck_in_both_modes() -> None:
    drawn, expected = (ran(mode, settings) for mode, settings in SMALLER.items())
    replications = drawn.options.replications
    for c in cells_of(drawn, COMES):
        comes = first(moved(expected, c))[:replications]
        assert (first(moved(drawn, c)) >= comes).all()
