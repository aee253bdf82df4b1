"""Small scenarios as text, and a way to write one into a folder and read what is wrong with it."""

from __future__ import annotations

from pathlib import Path

from simengine.scenario import Problem, ScenarioError, load_scenario
from tests.edited import Replacement as Replacement
from tests.edited import edited

Said = tuple[str, str, str]  # parts of what was found, what was expected, what is suggested
Case = tuple[list[Replacement], list[Said]]  # how the bank is changed, and what is said, in file order
MARK = "§"  # in a text: where a problem is expected

BANK = """\
simengine: 1
name: A small bank
calendar: {start: 2027-Q1, step: quarter, periods: 8}
simulation: {seed: 7, mode: sampled, replications: 4}
company:
  name: Small
  discount_rate: 9%
  tax_rate: 25%
  shares: 1 million
needs: [rate, service]
segments:
  affluent:
    size: 400
    needs: {rate: 0.4, service: 0.6}
    needs_spread: 0.15
    shares: {us: 34%, atlas: 43%, none: 23%}
    review: 20%
    churn: 7%
    price_sensitivity: 3
    revenue: {lognormal: {mean: 2700, cv: 0.6}}
    margin: 58%
    cost_to_serve: {branch: {uses: 3, cost: 11}}
    capital: 12% of revenue
  mass:
    size: 1k
    needs: {rate: 1}
    constants: {us: 0, atlas: 0.2, none: -1}
    inertia: 0.5
    review: always
    revenue: 600
    margin: 55%
  savers:
    dynamics: contract
    size: 2k
    hazard: {constant: 2%}
    revenue: 80
    margin: 40%
offers:
  us: {price: 100, rate: 5, service: 7}
  atlas: {price: 98, rate: 6, service: 5, segments: {mass: {rate: 7}}}
levers:
  advisers:
    target: service
    response: {adbudg: {none: -2, today: 0, plus_half: 0.8, saturated: 2}}
    carry_over: 70%
    today: {affluent: 4k}
  outreach:
    target: acquisition
    response: {hill: {max: 40%, half: 3k, shape: 1}}
    today: {affluent: 2k, mass: 2k}
  care:
    target: retention
    response: {hill: {max: 0.4, half: 3k}}
allocations:
  baseline: {}
  more_advice: {advisers: {affluent: 9k}}
  copy:
    like: more_advice
    from: 2027-Q2
    outreach: {mass: 4k}
  phased:
    care: [{from: 2027-Q2, until: 2027-Q4, savers: 1k}, {from: 2028, savers: 2k}]
rivals:
  atlas: {knowledge: 0.2}
moves:
  quiet: {}
  price_cut: [{who: atlas, at: 2027-Q3, change: {price: -8%}, segments: [affluent]}]
  storm: {at: 2028, until: 2028-Q2, change: {hazard: 20%, segments: [savers]}}
"""


def write(folder: Path, text: str, name: str = "world.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def problems(folder: Path, text: str) -> tuple[Problem, ...]:
    """Everything that is wrong with a scenario; nothing if it loads."""
    try:
        load_scenario(write(folder, text))
    except ScenarioError as error:
        return error.problems
    return ()


def replaced(*pairs: Replacement, within: str = BANK) -> tuple[str, list[tuple[int, int]]]:
    """The bank, or another text, with parts replaced, and the (line, column) of every mark, in file order."""
    text = edited(within, *pairs)
    places = []
    while MARK in text:
        before, _, after = text.partition(MARK)
        places.append((before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1))
        text = before + after
    return text, places


def assert_told(folder: Path, case: Case) -> None:
    """Exactly the problems that are marked, at their line and column, saying what the case says."""
    replacements, said = case
    text, places = replaced(*replacements)
    found = problems(folder, text)
    assert [(p.line, p.column) for p in found] == places, "\n".join(map(str, found))
    for problem, (what, expected, suggestion) in zip(found, said, strict=True):
        assert problem.file == str(folder / "world.yaml")
        assert what in problem.found, problem
        assert expected in problem.expected, problem
        assert suggestion in problem.suggestion, problem
        assert str(problem).startswith(f"{problem.file}:{problem.line}:{problem.column}: ")
