"""Compiling ahead of the first run: tiny markets are run as any scenario is, so that what is compiled is what runs use.

Between them the markets have everything that decides which kernels are called and with which types: all dynamics,
customers drawn and from a file, newcomers, conversion, designs, a run-off, a market that answers and has luck of its
own, uncertain inputs, and horizons on both sides of the longest that states are kept in two bytes for.
"""

from __future__ import annotations

import errno
import time
from pathlib import Path
from typing import NamedTuple

from simengine.code_store import FOLDERS, STORING, has_room
from simengine.portfolio.progress import Progress, unseen
from simengine.results.check import check
from simengine.results.run import run
from simengine.scenario.load import load_scenario
from simengine.unfinished import temporary_folder

MODES = ("sampled", "expected")
PERIODS = (2, 70)

DRAWN = """\
simengine: 1
name: Customers who are drawn
currency: EUR
calendar: {start: 2027-Q1, step: quarter, periods: 2}
simulation: {seed: 1, replications: 2}
company: {name: Us, discount_rate: 9%, tax_rate: 25%, shares: 1000, residual: {method: run_off}}
needs: [advice, service]
segments:
  choosing:
    size: 60
    growth: 5%
    needs: {advice: 0.4, service: 0.6}
    needs_spread: 0.15
    shares: {us: 40%, rival: 35%, none: 25%}
    review: 40%
    churn: 10%
    price_sensitivity: 3
    tailoring: 1
    revenue: {lognormal: {mean: 1200, cv: 0.6}}
    revenue_spread: 0.3
    margin: 55%
    capital: 12% of revenue
  monthly:
    dynamics: contract
    size: 20
    hazard: {constant: 30%}
    newcomers: {per_year: 40}
    revenue: {lognormal: {mean: 600, cv: 0.4}}
    margin: 60%
  yearly:
    dynamics: contract
    size: 20
    hazard: {shifted_beta_geometric: {alpha: 0.9, beta: 4}}
    revenue: 500
    margin: 60%
offers:
  us: {price: 100, advice: 5, service: 6}
  rival: {price: 96, advice: 6, service: 5}
levers:
  training: {target: service, response: {hill: {max: 2, half: 1k, shape: 1}}, carry_over: 70%}
  upgrade: {target: convert, from: monthly, to: yearly, causal: 50%, response: {hill: {max: 60%, half: 1k, shape: 1}}}
allocations:
  baseline: {}
  more: {training: {choosing: 1k}, upgrade: {monthly: 1k}, design: {choosing: {groups: 2, cost_per_group: 10}}}
moves:
  quiet: {}
  cheaper: [{who: rival, at: 2027-Q2, change: {price: -8%}}]
"""

LISTED = """\
simengine: 1
name: Customers of a file, all of them ours
currency: EUR
calendar: {start: 2027-Q1, step: quarter, periods: 2}
simulation: {seed: 1, replications: 2}
company: {name: Us, discount_rate: 9%, tax_rate: 25%, shares: 1000}
portfolio:
  customers: customers.csv
  columns:
    {id: customer, segment: segment, revenue: {column: revenue, unit: a year}, tenure: {column: years, unit: years}}
  missing: draw
needs: [advice, service]
segments:
  choosing:
    needs: {advice: 0.4, service: 0.6}
    needs_spread: 0.15
    shares: {us: 40%, rival: 35%, none: 25%}
    review: 40%
    churn: 10%
    price_sensitivity: 3
    word_of_mouth: 1
    margin: 55%
  leaving: {dynamics: contract, hazard: {constant: 20%}, margin: 60%}
offers:
  us: {price: 100, advice: 5, service: 6}
  rival: {price: 96, advice: 6, service: 5}
allocations: {baseline: {}}
uncertain:
  segments.choosing.churn: {pert: [8%, 10%, 13%]}
  segments.choosing.price_sensitivity: {uniform: [2, 4]}
  correlations: {segments.choosing.churn: {segments.choosing.price_sensitivity: 0.5}}
"""
LIVING = """\
simengine: 1
name: A market that answers and has luck of its own
currency: EUR
calendar: {start: 2027, step: year, periods: 2}
simulation: {seed: 1, replications: 2}
company: {name: Us, discount_rate: 9%, tax_rate: 25%, shares: 1000, knowledge: 0.4}
needs: [advice, service]
segments:
  choosing:
    size: 60
    needs: {advice: 0.4, service: 0.6}
    needs_spread: 0.15
    shares: {us: 40%, rival: 35%, none: 25%}
    review: 40%
    churn: 10%
    tailoring: 1
    revenue: 1200
    need_states:
      young: {needs: {advice: 0.3, service: 0.7}, next: {settled: 20%}}
      settled: {needs: {advice: 0.5, service: 0.5}, next: {young: 20%}}
    margin: 55%
offers:
  us: {price: 100, advice: 5, service: 6}
  rival: {price: 96, advice: 6, service: 5}
experience:
  touchpoints: {shop: {weight: 2, quality: 80%, owner: sales}, phone: {weight: 1, quality: 60%, owner: service}}
knowledge: {forgetting: 20%, learning_exponent: 0.5}
market: {volatility: 0.1, demand: {volatility: 5%}}
levers:
  tools: {target: enablement, response: {hill: {max: 0.3, half: 1k}}}
  training: {target: service, response: {hill: {max: 2, half: 1k}}, carry_over: 70%, today: {choosing: 1k}}
allocations:
  baseline: {}
  more:
    tools: {choosing: 1k}
    board: {budget: 2k, lever: training, by: profit, every: 1}
    initiatives: {app: {duration: {lognormal: {mean: 1, cv: 0.5}}, effect: {advice: 1}}}
moves:
  quiet: {}
  perhaps: [{who: rival, arrival: 30%, change: {price: -8%}}]
"""
PASSING = """\
simengine: 1
name: Customers whom nobody sees choose or leave
currency: EUR
calendar: {start: 2027, step: year, periods: 2}
simulation: {seed: 1, replications: 2}
company: {name: Us, discount_rate: 9%, tax_rate: 25%, shares: 1000, residual: {method: run_off}}
segments:
  buying:
    dynamics: buy-till-you-die
    size: 20
    purchases: {bg_nbd: {r: 0.243, alpha: 4.414, a: 0.793, b: 2.426, unit: week}}
    spend: {gamma_gamma: {p: 6.25, q: 3.74, gamma: 15.44}}
    margin: 30%
    newcomers: {per_year: 10}
  passing:
    dynamics: markov
    size: 20
    states: {recent: {money: 36, next: {recent: 30%, lapsed: 70%}}, lapsed: {money: -4, next: {recent: 20%}}}
    newcomers: {per_year: 10}
allocations: {baseline: {}}
"""
ROWS = ["customer,segment,revenue,years"] + [
    f"{row},{'leaving' if row % 3 else 'choosing'},{900 + row},{row % 7 if row % 5 else ''}" for row in range(30)
]
MARKETS = {"drawn": DRAWN, "listed": LISTED, "living": LIVING, "passing": PASSING}


class Warmed(NamedTuple):
    """What was compiled ahead."""

    compiled: int  # functions, once for each of their signatures
    seconds: float
    folder: Path  # in which it is kept


def warm(progress: Progress = unseen) -> Warmed:
    """Compile what runs in either mode use, unless it is stored already. `progress(done, total)` counts the markets.

    Raises OSError if it cannot be stored.
    """
    if not has_room():
        raise PermissionError(errno.EACCES, "compiled code cannot be stored", str(FOLDERS[-1]))
    start, before = time.perf_counter(), STORING.compiled
    with temporary_folder("simengine-") as folder:
        for name, text in MARKETS.items():
            (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
        (folder / "customers.csv").write_text("\n".join(ROWS) + "\n", encoding="utf-8")
        markets = [(name, periods, mode) for periods in PERIODS for name in MARKETS for mode in MODES]
        for done, (name, periods, mode) in enumerate(markets):
            progress(done, len(markets))
            path = folder / f"{name}.yaml"
            scenario = load_scenario(path, settings=[f"calendar.periods={periods}"], simulation={"mode": mode})
            run(scenario)
            check(scenario)
        progress(len(markets), len(markets))
    if STORING.refusal:
        raise STORING.refusal
    return Warmed(STORING.compiled - before, time.perf_counter() - start, FOLDERS[-1])
