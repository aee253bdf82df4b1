"""Worlds in which everything moves at once: talk, knowledge, luck of the market, moves that answer or come of
themselves, initiatives, employees, imitation."""

from __future__ import annotations

from pathlib import Path

from tests.edited import edit

from .changing_worlds import EMPLOYEES, TOUCHPOINTS
from .worlds import write_choice_world, write_contract_world, write_file_world


def write_living_choice_world(folder: Path) -> Path:
    """Forty customers who choose and talk; rivals that learn, imitate, answer and come of themselves."""
    path = write_choice_world(folder)
    text = path.read_text(encoding="utf-8")
    text = text[: text.index("\nallocations:\n")] + LIVING_CELLS
    for old, new in (
        ("periods: 8", "periods: 6"),
        ("replications: 20", "replications: 3"),
        (
            "\nlevers:\n",
            LIVING_MARKET + EMPLOYEES.rstrip("\n").removesuffix("experience:") + TOUCHPOINTS + LIVING_LEVERS,
        ),
        ("    churn: 16%\n", "    churn: 16%\n    word_of_mouth: 1.5\n    growth: 20%\n    gap_sensitivity: 0.4\n"),
        ("    churn: 22%\n", "    churn: 22%\n    word_of_mouth: 0.8\n    tailoring: 1\n"),
        ("    tailoring: 1.5\n", f"    tailoring: 1.5\n{DRIFT}"),
        ("rivals:\n", "rivals:\n  atlas: {knowledge: 0.5, imitation: {knowledge: 30%, advice: 4}}\n"),
        ("neo: {margin", "neo: {knowledge: 0.2, margin"),
    ):
        assert old in text, old
        text = text.replace(old, new, 1)
    path.write_text(text, encoding="utf-8")
    return path


DRIFT = "    needs_drift: {volatility: 4%, persistence: 60%, trend: {digital: 5%}}\n"
LIVING_MARKET = """
market:
  volatility: 0.3
  persistence: 60%
  suppliers: {neo: {volatility: 0.5, persistence: 20%}, none: {volatility: 0.1}}
  demand: {volatility: 10%, persistence: 50%}
  correlations: {atlas: {us: 0.5, demand: -0.3}, demand: {neo: 0.2}}

knowledge: {forgetting: 25%, learning_exponent: 0.8}

imitation: {price: 300%, service: 100%, knowledge: 10%}

delivery: {teams: 2}
"""
LIVING_LEVERS = """\
  analytics: {target: knowledge, response: {hill: {max: 0.4, half: 2k, shape: 1}}, today: {homes: 500}}
  training:
    target: enablement
    response: {hill: {max: 0.8, half: 2k, shape: 1}}
    carry_over: 40%
    today: {homes: 1500, shops: 500}
"""
LIVING_CELLS = """
allocations:
  baseline: {}
  plain: {advisers: {homes: 5k, shops: 500}, discount: {from: 2026-Q2, until: 2026-Q4, shops: 1500}}
  push:
    like: plain
    analytics: {from: 2026-Q2, homes: 4k, shops: 1k}
    training: {homes: 6k, shops: 3k}
    design: {from: 2026-Q2, homes: {groups: 3, cost_per_group: 200}}
    initiatives:
      desk: {cost: {build: 3k, run: 400}, duration: 1.5, teams: 2, priority: 1, segments: [homes], effect: {service: 1}}
      school:
        cost: {build: 2k, run: 100}
        duration: 2
        teams: 1
        priority: 2
        effect: {enablement: 0.2, knowledge: 0.1}
        ramp_up: 2
      archive: {cost: 900, duration: 3, after: [school], segments: {homes: 30%, shops: 70%}, effect: {price: -2%},
                cancel: {after: 2}}
      counter: {cost: 500, duration: 1, from: 2026-Q3, segments: [shops], effect: {cost_to_serve: -10%, inertia: 0.2}}

moves:
  quiet: {}
  answers:
    - {who: atlas, when: "share(us) > 39% or knowledge(us, homes) > 33%", detect: 1, respond: 1,
       change: {price: -12%, advice: 1}, segments: [shops]}
    - {who: neo, when: "customers(neo, homes) < 4 or level(us, advice, shops) < 5.9", lasts: 1, repeat: repeatedly,
       change: {price: -10%}, set: {service: 6.5}}
    - {who: neo, arrival: 60%, lasts: 2, change: {knowledge: 0.3, digital: -2}, size: {uniform: [0.5, 1.5]}}
    - {arrival: 50%, change: {review: 50%, cost: 10%}, size: {uniform: [0, 2]}}
    - {who: atlas, when: "price(us, shops) < 97", like: plain, lasts: 3}
"""


def write_living_file_world(folder: Path) -> Path:
    """Customers in a file who talk; a rival that answers what it has lost, and luck with the market's demand."""
    return edit(
        write_file_world(folder),
        ("replications: 20", "replications: 3"),
        ("    churn: 10%\n", "    churn: 10%\n    word_of_mouth: 1.2\n    needs_drift: {trend: {rate: 3%}}\n"),
        ("levers:\n", "market: {demand: {volatility: 15%}}\n\nknowledge: {forgetting: 30%}\n\nlevers:\n"),
        (
            "moves:\n",
            "moves:\n"
            "  answer: [{who: atlas, when: share(atlas) < 35%, respond: 1, change: {price: -10%, service: 1}}]\n",
        ),
    )


def write_living_contract_world(folder: Path) -> Path:
    """Contracts where rivals' promotions come of themselves, and demand is a matter of luck."""
    return edit(
        write_contract_world(folder),
        ("replications: 20", "replications: 4"),
        ("\nlevers:\n", "\nmarket: {demand: {volatility: 20%, persistence: 80%}}\n\nlevers:\n"),
        (
            "    - {at: 2026-05, change: {cost: 10%}}\n",
            "    - {arrival: 99%, lasts: 3, change: {cost: 10%, hazard: 90%}}\n",
        ),
    )
