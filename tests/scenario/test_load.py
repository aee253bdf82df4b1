"""What a scenario holds once it is read: numbers, dates, copies, names in order."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from simengine.scenario import Scenario, ScenarioError, load_scenario
from simengine.scenario.allocation import Allocation, Funding
from simengine.scenario.capital import OfRevenue, PerCustomer
from simengine.scenario.lever import Adbudg, Hill
from simengine.scenario.move import Change
from simengine.scenario.segment import ChoiceSegment, ContractSegment, Lognormal
from tests.scenario.worlds import BANK, replaced, write

SMALLEST = """\
company: {name: Tiny, discount_rate: 10%, shares: 1}
segments:
  all: {dynamics: contract, size: 10, hazard: {constant: 5%}, revenue: 100, margin: 50%}
allocations: {baseline: {}}
"""


@pytest.fixture
def bank(tmp_path: Path) -> Scenario:
    return load_scenario(write(tmp_path, BANK))


def choice(scenario: Scenario, name: str) -> ChoiceSegment:
    segment = scenario.segments[name]
    assert isinstance(segment, ChoiceSegment)
    return segment


def test_the_smallest_scenario(tmp_path: Path) -> None:
    tiny = load_scenario(write(tmp_path, SMALLEST, "tiny.yaml"))
    assert tiny.name == "tiny"
    assert tiny.calendar.labels[0] == "2026-Q1"
    assert tiny.calendar.periods == 40
    assert (tiny.simulation.seed, tiny.simulation.mode, tiny.simulation.replications) == (1, "sampled", 40)
    assert tiny.simulation.customer_values is True
    assert tiny.company.residual.method == "none"
    assert (tiny.company.tax_rate, tiny.company.net_debt, tiny.company.timing) == (0.0, 0.0, "end")
    assert tiny.suppliers == ("us", "none")
    assert tiny.cells == (("baseline", "quiet"),)
    assert tiny.moves == {"quiet": ()}
    assert tiny.portfolio is None
    segment = tiny.segments["all"]
    assert isinstance(segment, ContractSegment)
    assert segment.hazard.constant == 0.05
    assert segment.hazard.empirical is None
    assert segment.capital == PerCustomer(0.0)


def test_names_are_in_order(bank: Scenario) -> None:
    assert tuple(bank.segments) == ("affluent", "mass", "savers")
    assert bank.needs == ("rate", "service")
    assert bank.suppliers == ("us", "atlas", "none")
    assert tuple(bank.levers) == ("advisers", "care", "outreach")
    assert tuple(bank.allocations) == ("baseline", "more_advice", "copy", "phased")
    assert bank.cells[:4] == (
        ("baseline", "quiet"),
        ("baseline", "price_cut"),
        ("baseline", "storm"),
        ("more_advice", "quiet"),
    )


def test_numbers_are_plain(bank: Scenario) -> None:
    affluent = choice(bank, "affluent")
    assert (affluent.size, type(affluent.size)) == (400, int)
    assert type(affluent.margin) is float
    assert affluent.margin == 0.58
    assert affluent.shares == {"us": 0.34, "atlas": 0.43, "none": 0.23}
    assert affluent.capital == OfRevenue(0.12)
    assert isinstance(affluent.revenue, Lognormal)
    assert (affluent.revenue.mean, affluent.revenue.cv) == (2700.0, 0.6)
    assert choice(bank, "mass").revenue == 600.0
    assert affluent.cost_to_serve["branch"].uses * affluent.cost_to_serve["branch"].cost == 33.0


def test_defaults_of_a_choice_segment(bank: Scenario) -> None:
    mass = choice(bank, "mass")
    assert mass.review == "always"
    assert mass.constants == {"us": 0.0, "atlas": 0.2, "none": -1.0}
    assert (mass.inertia, mass.churn, mass.shares) == (0.5, None, None)
    assert (mass.points_worth, mass.tailoring, mass.review_cap, mass.outside_inertia) == (1.0, 0.0, 8.0, 1.0)
    assert mass.stages.years == (1.0, 3.0)
    assert mass.stages.inertia == (0.7, 1.0, 1.3)
    assert mass.stages.revenue == (1.0, 1.0, 1.0)
    assert (mass.acquisition_cost.money, mass.acquisition_cost.capitalised) == (0.0, False)
    assert mass.available == {"us", "atlas", "none"}


def test_levers(bank: Scenario) -> None:
    advisers, outreach, care = bank.levers["advisers"], bank.levers["outreach"], bank.levers["care"]
    assert isinstance(advisers.response, Adbudg)
    r = advisers.response
    assert (r.none, r.today, r.plus_half, r.saturated) == (-2.0, 0.0, 0.8, 2.0)
    assert isinstance(outreach.response, Hill)
    assert (outreach.response.max, outreach.response.half, outreach.response.shape) == (0.4, 3000.0, 1.0)
    assert isinstance(care.response, Hill)
    assert care.response.shape == 1.0
    assert (advisers.target, advisers.carry_over, advisers.today) == ("service", 0.7, {"affluent": 4000.0})


def test_allocations(bank: Scenario) -> None:
    everywhere = Funding(start=0, end=8, amounts={"affluent": 9000.0})
    assert bank.allocations == {
        "baseline": Allocation(fundings={}),
        "more_advice": Allocation(fundings={"advisers": (everywhere,)}),
        "copy": Allocation(
            fundings={"advisers": (everywhere,), "outreach": (Funding(start=1, end=8, amounts={"mass": 4000.0}),)}
        ),
        "phased": Allocation(
            fundings={
                "care": (
                    Funding(start=1, end=4, amounts={"savers": 1000.0}),
                    Funding(start=4, end=8, amounts={"savers": 2000.0}),
                )
            }
        ),
    }


@pytest.mark.parametrize(
    ("stated", "start", "end"),
    [
        ("from: 2027-Q2, advisers: {affluent: 9k}", 1, 8),
        ("until: 2027-Q2, advisers: {affluent: 9k}", 0, 2),
        ("from: 2027-Q2, until: 2028, advisers: {affluent: 9k}", 1, 8),
        ("from: 2027-Q2, advisers: {affluent: 9k, from: 2027-Q4}", 3, 8),
        ("from: 2027-Q2, advisers: {affluent: 9k, until: 2027-Q4}", 1, 4),
        ("from: 2028, advisers: {affluent: 9k}", 4, 8),
    ],
)
def test_dates_of_a_lever_override_those_of_its_allocation(stated: str, start: int, end: int, tmp_path: Path) -> None:
    text, _ = replaced(("more_advice: {advisers: {affluent: 9k}}", f"more_advice: {{{stated}}}"))
    (funding,) = load_scenario(write(tmp_path, text)).allocations["more_advice"].fundings["advisers"]
    assert (funding.start, funding.end) == (start, end)


def test_a_copy_may_return_a_lever_to_today(tmp_path: Path) -> None:
    text, _ = replaced(("    from: 2027-Q2\n    outreach: {mass: 4k}", "    advisers: {}"))
    assert load_scenario(write(tmp_path, text)).allocations["copy"].fundings == {}


def test_moves(bank: Scenario) -> None:
    assert bank.moves["quiet"] == ()
    assert bank.moves["price_cut"] == (
        Change(who="atlas", start=2, end=8, change={"price": -0.08}, set={}, segments=("affluent",)),
    )
    assert bank.moves["storm"] == (
        Change(who=None, start=4, end=6, change={"hazard": 0.2}, set={}, segments=("savers",)),
    )


def test_a_move_without_segments_is_everywhere(tmp_path: Path) -> None:
    text, _ = replaced(("change: {price: -8%}, segments: [affluent]", "set: {price: 90, knowledge: 0.5}"))
    (change,) = load_scenario(write(tmp_path, text)).moves["price_cut"]
    assert change.set == {"knowledge": 0.5, "price": 90.0}
    assert change.segments == ("affluent", "mass", "savers")


def test_offers_by_segment(bank: Scenario) -> None:
    assert bank.price("atlas", "affluent") == 98.0
    assert bank.level("atlas", "affluent", "rate") == 6.0
    assert bank.level("atlas", "mass", "rate") == 7.0
    assert bank.level("atlas", "mass", "service") == 5.0
    assert bank.level("us", "savers", "rate") == 5.0
    assert bank.knowledge("atlas") == 0.2
    assert bank.knowledge("us") == 0.0


def test_an_outside_option_of_nobody(tmp_path: Path) -> None:
    text, _ = replaced(("atlas: 43%, none: 23%", "atlas: 66%, none: 0"))
    assert choice(load_scenario(write(tmp_path, text)), "affluent").available == {"us", "atlas"}


def test_the_command_line_overrides_the_simulation(tmp_path: Path) -> None:
    path = write(tmp_path, BANK)
    scenario = load_scenario(path, simulation={"seed": 11, "mode": "expected"})
    assert (scenario.simulation.seed, scenario.simulation.mode, scenario.simulation.replications) == (11, "expected", 4)
    without = write(tmp_path, SMALLEST, "tiny.yaml")
    assert load_scenario(without, simulation={"replications": 3}).simulation.replications == 3


@pytest.mark.parametrize("text", [BANK, SMALLEST])
def test_a_bad_option_is_told_by_its_name(text: str, tmp_path: Path) -> None:
    with pytest.raises(ScenarioError) as error:
        load_scenario(write(tmp_path, text), simulation={"replications": -3, "mode": "sample"})
    assert [(p.file, p.line, p.found.partition(" (replaces")[0]) for p in error.value.problems] == [
        ("--mode sample", 0, "sample"),
        ("--replications -3", 0, "-3"),
    ]


def test_a_later_room_can_locate_a_problem(bank: Scenario) -> None:
    problem = bank.problem(("segments", "affluent", "churn"), "7%", "below 5%", "lower it")
    line = BANK.splitlines().index("    churn: 7%") + 1
    assert (problem.line, problem.column, problem.found, problem.suggestion) == (line, 12, "7%", "lower it")


def test_order_in_the_file_is_immaterial(tmp_path: Path, bank: Scenario) -> None:
    text, _ = replaced(
        ("needs: [rate, service]", "needs: [service, rate]"),
        ("{rate: 0.4, service: 0.6}", "{service: 0.6, rate: 0.4}"),
        ("shares: {us: 34%, atlas: 43%, none: 23%}", "shares: {none: 23%, atlas: 43%, us: 34%}"),
    )
    assert load_scenario(write(tmp_path, text)) == bank


def test_the_churn_bound_is_the_closed_form(tmp_path: Path) -> None:
    """Just below 1 - (1 - rho (1 - s))^n is accepted, just above is not."""
    rho = 1 - math.exp(-0.2 / 4)
    bound = 1 - (1 - rho * (1 - 0.34)) ** 4
    path = write(tmp_path, replaced(("churn: 7%", f"churn: {bound - 1e-9}"))[0])
    load_scenario(path)
    path = write(tmp_path, replaced(("churn: 7%", f"churn: {bound + 1e-9}"))[0])
    with pytest.raises(ScenarioError, match="raise review, or lower churn"):
        load_scenario(path)
