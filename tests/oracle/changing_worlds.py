"""The worlds again, with newcomers to every segment, shares that change, touchpoints that somebody answers for,
rivals that imitate or run our programmes, or suppliers that learn."""

from __future__ import annotations

from pathlib import Path

from tests.edited import edit

from .worlds import (
    write_choice_world,
    write_contract_world,
    write_convert_world,
    write_file_world,
    write_own_world,
)


def write_growing_choice_world(folder: Path) -> Path:
    """Synthetic customers of two segments, one of which doubles every two years."""
    return _with(
        write_choice_world(folder), ("    size: 24\n", "    size: 24\n    growth: 41%\n"), ("size: 16", GROWTH)
    )


def write_growing_contract_world(folder: Path) -> Path:
    """Contracts, with a newcomer or two a month where the hazard depends on tenure, and one a quarter elsewhere."""
    return _with(write_contract_world(folder), *NEWCOMERS)


def write_growing_convert_world(folder: Path) -> Path:
    """The same where money moves customers from one contract to the other."""
    return _with(write_convert_world(folder), *NEWCOMERS)


def write_growing_file_world(folder: Path) -> Path:
    """Customers in a file, and newcomers who resemble them."""
    return _with(write_file_world(folder), ("    review:", "    growth: 30%\n    review:"))


def write_growing_own_world(folder: Path) -> Path:
    """A file of ours only, whose prospects and newcomers resemble them."""
    return _with(write_own_world(folder), ("    review:", "    growth: 25%\n    review:"))


NEWCOMERS = (
    ("{per_year: 0}", "{per_year: 20}"),
    ("    capital: 40\n", "    capital: 40\n    newcomers: {per_year: 4}\n    acquisition_cost: 35\n"),
)


def write_trending_choice_world(folder: Path) -> Path:
    """Synthetic customers, whose shares of suppliers change in the first year."""
    trend = "    churn: 16%\n    share_trend: {us: 6%, atlas: -10%}\n"
    return _with(write_choice_world(folder), ("    churn: 16%\n", trend))


TOUCHPOINTS = """\
experience:
  touchpoints:
    visit: {weight: 0.5, quality: 0.9, owner: sales}
    call: {weight: 1, quality: 0.5, owner: service}
    app: {weight: 0.7, quality: 0.8, owner: digital}
  silo: 1.5
  delivers: [service, digital]

levers:
"""
ORGANISED = """
  parted:
    like: care
    experience:
      - {until: 2026-Q3, owners: {call: agency}, quality: {app: 0.6, call: 0.3}}
      - {from: 2026-Q4, owners: {visit: service}, quality: {app: 0.9}}
  in_one_hand: {experience: {owner: one}, club: {homes: 2k}}

moves:
"""


def write_served_choice_world(folder: Path) -> Path:
    """Synthetic customers who see what touchpoints deliver; some reconsider where that is less than promised."""
    review = "    review: 70%\n"
    return _with(
        write_choice_world(folder),
        ("levers:\n", TOUCHPOINTS),
        ("\nmoves:\n", ORGANISED),
        (review, f"{review}    gap_sensitivity: 0.4\n"),
        ("    review_cap: 1.5\n", "    review_cap: 1.5\n    gap_sensitivity: 0.8\n"),
    )


def write_served_file_world(folder: Path) -> Path:
    """Customers in a file, whose mean needs weigh what is not delivered."""
    served = "experience:\n  touchpoints:\n    desk: {weight: 2, quality: 0.7, owner: branch}\n"
    served += "    phone: {weight: 1, quality: 0.9, owner: centre}\n\nlevers:\n"
    worse = "\n  outsourced: {from: 2028, experience: {owners: {phone: agency}, quality: {phone: 60%}}}\n\nmoves:\n"
    return _with(
        write_file_world(folder),
        ("levers:\n", served),
        ("\nmoves:\n", worse),
        ("    review: 30%\n", "    review: 30%\n    gap_sensitivity: 0.6\n"),
    )


def write_imitated_choice_world(folder: Path) -> Path:
    """Synthetic customers, whose suppliers imitate us: atlas another need at another speed."""
    speeds = "imitation: {price: 300%, service: 100%, advice: 150%}"
    return _with(
        write_choice_world(folder),
        ("\nmoves:\n", f"\n{speeds}\n\nmoves:\n"),
        ("rivals:\n", "rivals:\n  atlas: {imitation: {advice: 4, price: 0}}\n"),
    )


def write_imitated_served_world(folder: Path) -> Path:
    """Rivals that imitate what our touchpoints deliver."""
    return _with(
        write_served_choice_world(folder), ("\nmoves:\n", "\nimitation: {service: 200%, digital: 50%}\n\nmoves:\n")
    )


def write_imitated_file_world(folder: Path) -> Path:
    """Customers in a file, and one rival that imitates our service."""
    return _with(write_file_world(folder), ("{knowledge: 0.1}", "{knowledge: 0.1, imitation: {service: 80%}}"))


EMPLOYEES = """
employees:
  enablement: {today: 0.4, half_life_up: 0.6, half_life_down: 1.5, sensitivity: 3}
  motivation: {today: 0.7, half_life_down: 0.2}

experience:
"""
STAFF = """\
levers:
  training:
    target: enablement
    response: {hill: {max: 0.8, half: 2k, shape: 1}}
    carry_over: 40%
    today: {homes: 1500, shops: 500}
  rewards:
    target: motivation
    response: {adbudg: {none: -0.5, today: 0, plus_half: 0.2, saturated: 0.6}}
    today: {homes: 800}
"""
STAFFED = """
  trained:
    like: in_one_hand
    training: {until: 2026-Q4, homes: 6k, shops: 3k}
    rewards: {homes: 4k}
  neglected: {training: {homes: 0, shops: 0}, rewards: {from: 2026-Q3, homes: 100}}

moves:
"""


def write_staffed_choice_world(folder: Path) -> Path:
    """The same, where money enables and motivates who serves them, or does so no more."""
    return _with(
        write_served_choice_world(folder),
        ("\nexperience:\n", EMPLOYEES),
        ("levers:\n", STAFF),
        ("\nmoves:\n", STAFFED),
    )


def write_copied_choice_world(folder: Path) -> Path:
    """Synthetic customers, whose rivals run programmes of ours: one for a while, one another in one segment."""
    programmes = """
  rivals_learn:
    - {who: atlas, at: 2026-Q2, until: 2027-Q1, like: designed}
    - {who: neo, at: 2026-Q4, like: push, segments: [shops]}
    - {who: neo, at: 2027-Q2, like: designed, change: {price: -3%}}
"""
    designed = (
        "  designed: {like: care, club: {}, advisers: {homes: 4k}, discount: {from: 2026-Q2, homes: 800}}\n\nmoves:\n"
    )
    return _with(write_choice_world(folder), ("\nmoves:\n", f"{designed.rstrip()}{programmes.rstrip()}\n"))


GROWTH = "size: 16\n    growth: 30%"


LEARNING = """\
simengine: 1
name: Thirty customers whom suppliers get to know
currency: EUR
calendar: {start: 2026-Q1, step: quarter, periods: 8}
simulation: {seed: 31, mode: sampled, replications: 4}
company:
  name: Acme
  discount_rate: 9%
  tax_rate: 25%
  shares: 1000
  overhead: 1200
  knowledge: 0.4
  residual: {method: fade, years: 5}
needs: [service, advice, digital]
segments:
  homes:
    size: 30
    needs: {service: 0.5, advice: 0.2, digital: 0.3}
    needs_spread: 0.2
    shares: {us: 40%, atlas: 25%, neo: 20%, none: 15%}
    review: 150%
    churn: 30%
    price_sensitivity: 3
    tailoring: 9
    stages: {years: [0.5, 1.5], inertia: [0.6, 1, 1.4], revenue: [0.8, 1, 1.3]}
    revenue: {lognormal: {mean: 1200, cv: 0.6}}
    margin: 55%
    cost_to_serve: {call: {uses: 10, cost: 3}}
    capital: 12% of revenue
    acquisition_cost: 40
knowledge: {forgetting: 45%, learning_exponent: 1.5}
imitation: {knowledge: 60%, price: 100%}
rivals:
  atlas: {knowledge: 0.5}
  neo: {knowledge: 0.2, imitation: {knowledge: 20%}}
offers:
  us: {price: 100, service: 7, advice: 6, digital: 4}
  atlas: {price: 96, service: 5, advice: 6, digital: 6}
  neo: {price: 80, service: 4, advice: 2, digital: 9}
levers:
  analytics: {target: knowledge, response: {hill: {max: 0.9, half: 1k, shape: 1}}, carry_over: 30%, today: {homes: 300}}
  discount: {target: price, response: {hill: {max: -15%, half: 1k, shape: 1}}}
allocations:
  baseline: {}
  informed: {analytics: {homes: 3k}}
  neglectful: {analytics: {from: 2026-Q2, homes: 0}, discount: {homes: 4k}}
moves:
  quiet: {}
  learners:
    - {who: atlas, at: 2026-Q2, like: informed}
    - {who: neo, at: 2026-Q3, until: 2027-Q2, set: {knowledge: 0.6}}
    - {who: atlas, at: 2027-Q1, change: {knowledge: 0.1}}
"""


def write_learning_world(folder: Path) -> Path:
    """Synthetic customers of one segment, of whom suppliers learn by serving them, by spend and by imitation."""
    path = folder / "learning.yaml"
    path.write_text(LEARNING, encoding="utf-8")
    return path


def write_growing_learning_world(folder: Path) -> Path:
    """The same with newcomers to the market."""
    return edit(write_learning_world(folder), ("    size: 30\n", "    size: 30\n    growth: 30%\n"))


def _with(path: Path, *changes: tuple[str, str]) -> Path:
    """With every occurrence changed: in all segments."""
    text = path.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")
    return path


NEED_STATES = """\
    need_states:
      young: {needs: {service: 0.3, advice: 0.1, digital: 0.6}, next: {settled: 45%}}
      settled: {needs: {service: 0.5, advice: 0.4, digital: 0.1}, next: {young: 8%, retired: 35%}}
      retired: {needs: {service: 0.8, advice: 0.2}, next: {young: 60%}}
"""


def write_moving_choice_world(folder: Path) -> Path:
    """Forty customers who choose in a market that grows; those of one segment move between need states."""
    return edit(
        write_choice_world(folder),
        ("    price_sensitivity: 3\n", f"    price_sensitivity: 3\n    growth: 15%\n{NEED_STATES}"),
        ("replications: 20", "replications: 6"),
    )
