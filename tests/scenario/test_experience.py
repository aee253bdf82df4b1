"""Touchpoints and who answers for them: dates, copies, and what is told at its place, marked §."""

from __future__ import annotations

from pathlib import Path

import pytest

from simengine.scenario import load_scenario
from simengine.scenario.employees import Employees, Enablement, Motivation
from simengine.scenario.experience import Organisation, owners_of
from tests.scenario.test_resolved import round_trip
from tests.scenario.worlds import Case, Replacement, assert_told, replaced, write

BASELINE = "  baseline: {}\n"
OFFERS = "offers:\n"
STATED = """\
experience:
  touchpoints:
    call: {weight: 3, quality: 0.8, owner: operations}
    branch: {weight: 0.4, quality: 90%, owner: retail}
    app: {weight: 0.3, quality: 0.4, owner: digital}
  delivers: [service]
"""
WITH = (OFFERS, STATED + OFFERS)
SEVERAL = """\
  baseline: {}
  one: {experience: {owner: one}}
  later: {from: 2027-Q3, experience: {quality: {app: 0.6}, owners: {call: retail}}}
  phases:
    experience:
      - {until: 2027-Q2, quality: {app: 0.5}}
      - {from: 2027-Q2, until: 2027-Q3, owner: chief customer officer}
      - {from: 2027-Q3, quality: {app: 0.7}}
  delayed: {like: phases, shift: 3, advisers: {affluent: 9k}}
  replaced: {like: phases, experience: {owner: one}}
  taken_back: {like: phases, experience: {}}
"""


def test_changes_have_dates_and_are_copied_replaced_and_shifted(tmp_path: Path) -> None:
    scenario = load_scenario(write(tmp_path, replaced((BASELINE, SEVERAL), WITH)[0]))
    found = {name: allocation.experience for name, allocation in scenario.allocations.items()}
    one = (Organisation(start=0, end=8, owner="one", owners={}, quality={}),)
    assert found["baseline"] == found["taken_back"] == ()
    assert found["one"] == found["replaced"] == one
    assert found["later"] == (Organisation(start=2, end=8, owners={"call": "retail"}, quality={"app": 0.6}),)
    assert [(each.start, each.end, each.owner) for each in found["phases"]] == [
        (0, 2, None),
        (1, 3, "chief customer officer"),
        (2, 8, None),
    ]
    assert [(each.start, each.end) for each in found["delayed"]] == [(3, 5), (4, 6), (5, 8)]
    round_trip(scenario, tmp_path)


def test_touchpoints_are_as_the_allocation_makes_them_in_a_period(tmp_path: Path) -> None:
    scenario = load_scenario(write(tmp_path, replaced((BASELINE, SEVERAL), WITH)[0]))
    assert scenario.experience is not None
    today = scenario.experience.touchpoints
    assert list(today) == ["app", "branch", "call"]
    assert today["branch"].quality == 0.9
    assert owners_of(today.values()) == ("digital", "operations", "retail")

    def at(allocation: str, period: int) -> tuple[int, list[float]]:
        then = scenario.allocations[allocation].touchpoints(today, period)
        assert [each.weight for each in then.values()] == [0.3, 0.4, 3]
        return len(owners_of(then.values())), [each.quality for each in then.values()]

    assert at("baseline", 5) == at("later", 1) == (3, [0.4, 0.9, 0.8])
    assert at("later", 2) == (2, [0.6, 0.9, 0.8])
    assert [at("phases", t) for t in range(4)] == [
        (3, [0.5, 0.9, 0.8]),
        (1, [0.5, 0.9, 0.8]),
        (1, [0.7, 0.9, 0.8]),
        (3, [0.7, 0.9, 0.8]),
    ]


def test_what_is_left_out(tmp_path: Path) -> None:
    shorter = "experience: {touchpoints: {branch: {weight: 1, quality: 1, owner: retail}}}\n"
    one = ("  baseline: {}\n", "  baseline: {}\n  one: {experience: {owner: one}}\n")
    scenario = load_scenario(write(tmp_path, replaced((OFFERS, shorter + OFFERS), one)[0]))
    assert scenario.experience is not None
    assert scenario.experience.delivers == ("rate", "service")
    assert scenario.experience.silo == 2
    round_trip(scenario, tmp_path)


def test_employees_are_as_stated_or_as_assumed_where_money_is_spent_on_them(tmp_path: Path) -> None:
    of_silent = load_scenario(write(tmp_path, replaced(WITH)[0]))
    assert of_silent.employees is None
    assumed = load_scenario(write(tmp_path, replaced(WITH, trained("motivation", "0.3"))[0]))
    assert assumed.employees == Employees()
    round_trip(assumed, tmp_path)
    half = employed("enablement: {today: 40%, half_life_up: 1.5}")
    stated = load_scenario(write(tmp_path, replaced(*half, trained("enablement", "0.3"))[0]))
    assert stated.employees is not None
    assert stated.employees.enablement == Enablement(today=0.4, half_life_up=1.5)
    assert stated.employees.motivation == Motivation(today=0.5, half_life_up=1, half_life_down=0.5, sensitivity=1)
    round_trip(stated, tmp_path)


def changed(experience: str) -> list[Replacement]:
    """The bank with touchpoints, which its baseline changes."""
    return [WITH, (BASELINE, f"  baseline: {{experience: {experience}}}\n")]


def stated(old: str, new: str) -> list[Replacement]:
    """The bank with touchpoints of which something is stated otherwise."""
    assert old in STATED
    return [(OFFERS, STATED.replace(old, new) + OFFERS)]


def employed(employees: str) -> list[Replacement]:
    """The bank with touchpoints and employees."""
    return [(OFFERS, f"{STATED}employees: {{{employees}}}\n{OFFERS}")]


def trained(target: str, most: str, segment: str = "affluent") -> Replacement:
    """A lever on employees."""
    response = f"{{hill: {{max: {most}, half: 1k}}}}"
    lever = f"  training: {{target: {target}, response: {response}, today: {{{segment}: 1k}}}}\n"
    return ("allocations:\n", f"{lever}allocations:\n")


CASES: dict[str, Case] = {
    "a weight of nothing": (stated("weight: 3", "weight: §0"), [("0", "a number, more than 0", "")]),
    "a weight below nothing": (stated("weight: 3", "weight: §-3"), [("-3", "a number, more than 0", "")]),
    "no quality at all": (
        stated("quality: 0.8", "quality: §0"),
        [("0", "a quality, more than 0 and at most 1", "")],
    ),
    "a quality in percent without its sign": (
        stated("quality: 0.8", "quality: §80"),
        [("80", "a quality, more than 0 and at most 1", "did you mean 80%?")],
    ),
    "nobody answers": (
        stated("    call: {weight: 3, quality: 0.8, owner: operations}", "    §call: {weight: 3, quality: 0.8}"),
        [("no `owner`", "who answers for it", "")],
    ),
    "a silo below nothing": (stated("  delivers", "  silo: §-1\n  delivers"), [("-1", "a number, at least 0", "")]),
    "a need that is not there": (
        stated("[service]", "[service, §rates]"),
        [("rates", "one of rate or service", "did you mean 'rate'?")],
    ),
    "no touchpoints": (
        [(OFFERS, "experience: {§touchpoints: {}}\n" + OFFERS)],
        [("no entries", "1 entry", "")],
    ),
    "a key that is not there": (
        stated("  delivers: [service]", "  §deliver: [service]"),
        [("the unknown key `deliver`", "one of delivers, silo or touchpoints", "did you mean 'delivers'?")],
    ),
    "several at once": (
        [
            *stated("weight: 3, quality: 0.8", "weight: §-3, quality: §8"),
            (BASELINE, "  baseline: {experience: {quality: {§brunch: 0.7}, from: §2031}}\n"),
        ],
        [
            ("-3", "more than 0", ""),
            ("8", "at most 1", "did you mean 8%?"),
            ("the unknown touchpoint `brunch`", "call, branch or app", "did you mean 'branch'?"),
            ("2031", "from 2027-Q1 to 2028-Q4", ""),
        ],
    ),
    "touchpoints of one segment": (
        [("    price_sensitivity: 3\n", "    price_sensitivity: 3\n    §experience: {touchpoints: {}}\n")],
        [("the unknown key `experience`", "", "state it at the top, beside segments")],
    ),
    "changes where no touchpoints are": (
        [(BASELINE, "  baseline: {§experience: {owner: one}}\n")],
        [("changes at touchpoints", "stated under experience", "state experience: {touchpoints:")],
    ),
    "an owner of an unknown touchpoint": (
        changed("{owners: {§phone: retail}}"),
        [("the unknown touchpoint `phone`", "call, branch or app", "")],
    ),
    "an owner whose name is misspelt": (
        changed("{owners: {call: §retial}}"),
        [("the unknown owner `retial`", "digital, operations, retail or a name", "did you mean 'retail'?")],
    ),
    "one owner and several": (
        changed("{owner: one, §owners: {call: retail}}"),
        [("`owner` and `owners`", "one owner of all touchpoints, or owners of some", "leave one of them out")],
    ),
    "a word in its place": (changed("§one"), [("one", "{owner: one}", "")]),
    "another spelling": (
        [WITH, (BASELINE, "  baseline: {§experiense: {owner: one}}\n")],
        [("`experiense`, which is not a lever", "design, experience", "did you mean 'experience'?")],
    ),
    "dates in the wrong order": (
        [WITH, (BASELINE, "  baseline: {from: 2027-Q3, experience: {owner: one, until: §2027-Q2}}\n")],
        [("2027-Q2", "not before 2027-Q3", "swap")],
    ),
    "two owners of one touchpoint at a time": (
        changed("[{owner: one}, §{from: 2028, owners: {call: retail}}]"),
        [("two phases at the same time for call", "one after the other", "until")],
    ),
    "two qualities at a time": (
        changed("[{quality: {call: 0.7, app: 0.8}}, §{from: 2028, quality: {call: 0.9}}]"),
        [("two phases at the same time for call", "one after the other", "until")],
    ),
    "a half-life of nothing": (
        employed("enablement: {half_life_up: §0}, motivation: {half_life_down: §-1}"),
        [("0", "years, more than 0 and at most 200", ""), ("-1", "years, more than 0 and at most 200", "")],
    ),
    "a level in percent without its sign": (
        employed("enablement: {today: §40}"),
        [("40", "a fraction, at least 0 and at most 1", "did you mean 40%?")],
    ),
    "another spelling of a level": (
        employed("§enablment: {today: 0.4}"),
        [("the unknown key `enablment`", "enablement or motivation", "did you mean 'enablement'?")],
    ),
    "employees who serve nowhere": (
        [(OFFERS, "§employees: {enablement: {today: 0.4}}\n" + OFFERS), trained("§enablement", "1")],
        [
            ("", "touchpoints at which employees serve customers", "state experience"),
            ("enablement", "touchpoints at which employees serve customers", "state experience"),
        ],
    ),
    "an effect beyond all levels": (
        [WITH, trained("motivation", "§30")],
        [("30", "a change of motivation, which goes from 0 to 1", "did you mean 30%?")],
    ),
    "money on employees whose service nobody weighs": (
        [WITH, trained("motivation", "0.3", "§mass")],
        [("spend on motivation in `mass`", "where it can act", "do not weigh what touchpoints deliver")],
    ),
    "money on employees under contract": (
        [WITH, trained("motivation", "0.3", "§savers")],
        [("spend on motivation in `savers`", "where it can act", "`savers` is a contract segment")],
    ),
    "a gap that is sensitive beyond measure": (
        [("    price_sensitivity: 3\n", "    price_sensitivity: 3\n    gap_sensitivity: §50\n"), WITH],
        [("50", "log hazard a point, at least 0 and at most 20", "")],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_every_problem_is_told_at_its_place(case: str, tmp_path: Path) -> None:
    assert_told(tmp_path, CASES[case])
