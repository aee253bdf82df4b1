"""Five worlds small enough to be lived through one customer at a time, as people would write them."""

from __future__ import annotations

from pathlib import Path

from tests.edited import edited

CHOICE = """\
simengine: 1
name: Forty customers who choose
currency: EUR
calendar: {start: 2026-Q1, step: quarter, periods: 8}
simulation: {seed: 1099511627783, mode: sampled, replications: 20}

company:
  name: Acme
  discount_rate: 9%
  tax_rate: 25%
  shares: 1000
  net_debt: 5k
  other_assets: 700
  overhead: 1200
  knowledge: 0.3
  timing: mid
  residual: {method: fade, years: 5}

needs: [service, advice, digital]

segments:
  homes:
    size: 24
    needs: {service: 0.5, advice: 0.2, digital: 0.3}
    needs_spread: 0.15
    shares: {us: 40%, atlas: 25%, neo: 15%, none: 20%}
    review: 70%
    churn: 16%
    price_sensitivity: 3
    points_worth: 0.8
    tailoring: 1.5
    stages: {years: [0.5, 1.5], inertia: [0.6, 1, 1.4], revenue: [0.8, 1, 1.3]}
    outside_inertia: 1.2
    revenue: {lognormal: {mean: 1200, cv: 0.6}}
    revenue_spread: 0.4
    margin: 55%
    cost_to_serve: {visit: {uses: 4, cost: 11}, call: {uses: 10, cost: 3}}
    capital: 12% of revenue
    acquisition_cost: {money: 90, capitalised: true}
  shops:
    size: 16
    needs: {service: 0.2, advice: 0.5, digital: 0.3}
    needs_spread: 0.1
    shares: {us: 35%, atlas: 40%, neo: 25%}
    review: 90%
    review_cap: 1.5
    churn: 22%
    price_sensitivity: 2
    revenue: {lognormal: {mean: 4000, cv: 0.9}}
    margin: 48%
    cost_to_serve: {visit: {uses: 12, cost: 20}}
    capital: 150
    acquisition_cost: 120

rivals:
  neo: {margin: 40%, overhead: 700, cost_to_serve: {app: {uses: 90, cost: 0.2}}, capital: 30, acquisition_cost: 45}

offers:
  us: {price: 100, service: 7, advice: 6, digital: 4}
  atlas: {price: 96, service: 5, advice: 6, digital: 6}
  neo: {price: 80, service: 4, advice: 2, digital: 9, segments: {shops: {advice: 4, price: 85}}}

levers:
  advisers:
    target: advice
    response: {adbudg: {none: -2, today: 0, plus_half: 0.8, saturated: 2}}
    carry_over: 60%
    today: {homes: 2k, shops: 3k}
  outreach: {target: acquisition, response: {hill: {max: 60%, half: 2k, shape: 1.5}}, today: {homes: 1k}}
  club: {target: inertia, response: {hill: {max: 0.8, half: 1500, shape: 1}}}
  discount: {target: price, response: {hill: {max: -15%, half: 1k, shape: 1}}, carry_over: 20%}
  bundle: {target: wallet, response: {hill: {max: 20%, half: 2k, shape: 2}}}
  lean: {target: cost_to_serve, response: {hill: {max: -30%, half: 800, shape: 1}}}

allocations:
  baseline: {}
  push:
    advisers: {homes: 5k, shops: 500}
    outreach: {from: 2026-Q2, homes: 4k, shops: 2k}
    discount: {from: 2026-Q3, until: 2027-Q1, shops: 1500}
    bundle: {from: 2026-Q4, homes: 2500}
  care:
    like: push
    advisers: {from: 2026-Q2, homes: 0, shops: 6k}
    club: {homes: 3k, shops: 1k}
    lean: {from: 2027-Q1, homes: 900, shops: 400}
    spread: {budget: 4k, lever: bundle, by: profit, from: 2026-Q3}
    design: {from: 2026-Q2, homes: {groups: 3, cost_per_group: 200}}

moves:
  quiet: {}
  attack:
    - {who: atlas, at: 2026-Q3, change: {price: -12%, advice: 1}, segments: [shops]}
    - {who: neo, at: 2026-Q2, until: 2027-Q2, change: {knowledge: 0.4}, set: {service: 6.5}}
    - {who: neo, at: 2026-Q4, change: {price: 5%}}
    - {at: 2026-Q4, until: 2027-Q1, change: {review: 50%, cost: 10%}}
"""

CONTRACT = """\
simengine: 1
name: Half a hundred customers under contract
currency: USD
calendar: {start: 2026-01, step: month, periods: 8}
simulation: {seed: 5, mode: sampled, replications: 20}

company:
  name: Wire
  discount_rate: 12%
  tax_rate: 20%
  shares: 100
  overhead: 60
  residual: {method: perpetuity, growth: 1%}

portfolio:
  customers: customers.csv
  columns:
    id: customer
    segment: contract
    revenue: {column: charge, unit: a month}
    tenure: {column: months, unit: months}
    churned: left

segments:
  monthly:
    dynamics: contract
    hazard: {empirical: {}}
    revenue_spread: 0.3
    margin: 60%
    cost_to_serve: {call: {uses: 3, cost: 8}}
    capital: 15% of revenue
    newcomers: {per_year: 0}
  yearly:
    dynamics: contract
    hazard: {constant: 30%}
    margin: 65%
    capital: 40

levers:
  care:
    target: retention
    response: {adbudg: {none: -0.3, today: 0, plus_half: 0.2, saturated: 0.7}}
    carry_over: 30%
    today: {monthly: 200, yearly: 100}

allocations:
  baseline: {}
  monthly_first: {care: {monthly: 500, yearly: 0}}
  habit: {spread: {budget: 450, lever: care, by: revenue, from: 2026-02}}
  later: {care: [{until: 2026-03, yearly: 150}, {from: 2026-04, monthly: 350, yearly: 300}]}

moves:
  quiet: {}
  promotion:
    - {at: 2026-03, until: 2026-06, change: {hazard: 60%}, segments: [monthly]}
    - {at: 2026-05, change: {cost: 10%}}
"""

UPGRADE = """\
  upgrade:
    target: convert
    from: monthly
    to: yearly
    causal: 60%
    response: {hill: {max: 4, half: 300, shape: 1}}
    carry_over: 20%
    today: {monthly: 20}
"""
UPGRADING = """\
  upgrade: {upgrade: {monthly: 900}}
  upgrade_and_care: {upgrade: {from: 2026-02, until: 2026-05, monthly: 600}, care: {monthly: 500}}
  no_more: {upgrade: {monthly: 0}}
"""

FILE = """\
simengine: 1
name: A market in a file
currency: EUR
calendar: {start: 2026, step: year, periods: 8}
simulation: {seed: 77, mode: sampled, replications: 20}

company:
  name: Bank
  discount_rate: 8%
  tax_rate: 30%
  shares: 500
  overhead: 300
  knowledge: 0.5
  timing: start
  residual: {method: book}

needs: [rate, service]

portfolio:
  customers: market.csv
  columns:
    id: customer
    segment: segment
    supplier: bank
    revenue: revenue
    tenure: {column: years, unit: years}
    needs: {rate: w_rate, service: w_service}
    price_sensitivity: beta

segments:
  savers:
    shares: {us: 40%, atlas: 35%, none: 25%}
    review: 30%
    churn: 10%
    tailoring: 1
    stages: {years: [1, 3], inertia: [0.7, 1, 1.3], revenue: [0.9, 1, 1.2]}
    margin: 50%
    capital: 10% of revenue
    acquisition_cost: {money: 50, capitalised: true}

offers:
  us: {price: 100, rate: 5, service: 7}
  atlas: {price: 95, rate: 6, service: 5}

rivals:
  atlas: {knowledge: 0.1}

levers:
  desks: {target: service, response: {hill: {max: 2, half: 400, shape: 1}}, carry_over: 50%}

allocations:
  baseline: {}
  desks: {desks: {from: 2027, savers: 600}, design: {savers: {groups: 4, cost_per_group: 30}}}

moves:
  quiet: {}
  price_war: [{who: atlas, at: 2028, until: 2030, change: {price: -10%}}]
"""

OWN = """\
simengine: 1
name: A file of our customers only, beside a market whose constants are known
currency: EUR
calendar: {start: 2026-Q1, step: quarter, periods: 8}
simulation: {seed: 2024, mode: sampled, replications: 20}

company:
  name: Club
  discount_rate: 10%
  tax_rate: 25%
  shares: 200
  overhead: 100
  timing: end
  residual: {method: none}

needs: [place, coaching]

portfolio:
  customers: members.csv
  columns: {id: member, segment: segment, revenue: {column: fee, unit: a quarter}, weight: people}

segments:
  members:
    needs: {place: 0.6, coaching: 0.4}
    needs_spread: 0.2
    shares: {us: 40%, atlas: 35%, none: 25%}
    review: always
    churn: 25%
    price_sensitivity: 2
    tailoring: 1
    stages: {years: [0.5, 2], inertia: [0.8, 1, 1.1], revenue: [0.9, 1, 1.2]}
    margin: 70%
    cost_to_serve: {visit: {uses: 50, cost: 1}}
    capital: 200
    acquisition_cost: 60
  visitors:
    size: 12
    needs: {place: 0.9, coaching: 0.1}
    constants: {us: 0.5, atlas: 0, none: 4}
    inertia: 0.6
    review: 80%
    price_sensitivity: 1
    revenue: 300
    margin: 70%

offers:
  us: {price: 50, place: 6, coaching: 7}
  atlas: {price: 40, place: 7, coaching: 3}

levers:
  calls: {target: acquisition, response: {hill: {max: 80%, half: 500, shape: 1}}, carry_over: 10%}
  coaches:
    target: coaching
    response: {adbudg: {none: -3, today: 0, plus_half: 1, saturated: 2.5}}
    carry_over: 40%
    today: {members: 1000, visitors: 100}

allocations:
  baseline: {}
  recruit: {calls: {members: 600, visitors: 600}, coaches: {from: 2026-Q3, visitors: 0}}
  coach: {coaches: {members: 1900}}

moves:
  quiet: {}
  cheaper: [{who: atlas, at: 2026-Q4, set: {price: 30}}]
  restless: [{at: 2026-Q2, until: 2026-Q3, change: {review: -40%}}]
"""

CROWDED = """\
simengine: 1
name: A market of as many suppliers as there may be
currency: EUR
calendar: {start: 2026-Q1, step: quarter, periods: 6}
simulation: {seed: 31, mode: sampled, replications: 10}

company:
  name: Acme
  discount_rate: 9%
  tax_rate: 25%
  shares: 1000
  overhead: 500
  residual: {method: book}

needs: [service, digital]

segments:
  everywhere:
    size: 24
    needs: {service: 0.6, digital: 0.4}
    needs_spread: 0.15
    shares: {us: 20%, alder: 12%, birch: 11%, cedar: 8%, elm: 13%, fir: 14%, oak: 12%, none: 10%}
    review: 180%
    churn: 50%
    price_sensitivity: 2
    stages: {years: [0.5, 1.5], inertia: [0.7, 1, 1.2], revenue: [0.9, 1, 1.1]}
    revenue: {lognormal: {mean: 900, cv: 0.5}}
    margin: 60%
    capital: 10% of revenue
    acquisition_cost: 40
  nearby:  # only some of them, so that a supplier's place among its segment's is not its place among all
    size: 12
    needs: {service: 0.8, digital: 0.2}
    needs_spread: 0.1
    shares: {us: 40%, cedar: 15%, fir: 20%, oak: 25%}
    review: 200%
    churn: 40%
    price_sensitivity: 1
    revenue: 700
    margin: 50%

offers:
  us: {price: 100, service: 6, digital: 5}
  alder: {price: 95, service: 5, digital: 5}
  birch: {price: 90, service: 4, digital: 6}
  cedar: {price: 105, service: 7, digital: 4}
  elm: {price: 85, service: 3, digital: 7}
  fir: {price: 98, service: 6, digital: 3}
  oak: {price: 80, service: 4, digital: 4}

levers:
  advisers: {target: service, response: {hill: {max: 2, half: 1k, shape: 1}}}

allocations:
  baseline: {}
  advisers: {advisers: {everywhere: 1500, nearby: 800}}

moves:
  quiet: {}
  late_attack:
    - {who: oak, at: 2026-Q2, change: {price: -20%}}
    - {who: fir, at: 2026-Q3, change: {service: 2}}
"""


def _own_rows() -> list[str]:
    """Twelve rows of our members, for sixteen people."""
    rows = ["member,segment,fee,people"]
    for number in range(12):
        rows.append(f"No. {number},members,{90 + 13 * (number * 5 % 12)},{2 if number % 3 == 0 else 1}")
    return rows


def _contract_rows() -> list[str]:
    """Ninety on monthly contracts, of whom 50 have left, and twelve on yearly ones; spread by hand."""
    rows = ["customer,contract,charge,months,left"]
    for number in range(90):
        left = "Yes" if number % 9 < 5 else "No"
        rows.append(f"M{number:02d},monthly,{20 + number * 17 % 90}.5,{1 + number * 7 % 30},{left}")
    for number in range(12):
        left = "Yes" if number % 6 == 5 else "No"
        rows.append(f"Y{number:02d},yearly,{25 + number * 29 % 60},{number * 5},{left}")
    return rows


def _market_rows() -> list[str]:
    """Forty savers: 16 with us, 14 with atlas, 10 nowhere; revenue, needs and tenures spread by hand."""
    suppliers = ["us"] * 16 + ["atlas"] * 14 + ["none"] * 10
    rows = ["customer,segment,bank,revenue,years,w_rate,w_service,beta"]
    for number, supplier in enumerate(suppliers):
        rate = 20 + 2 * (number * 7 % 30)  # per cent
        years = f"{number * 5 % 16 * 0.5}" if supplier == "us" else ""
        revenue = 400 + 37 * (number * 11 % 40)
        beta = f"1.{number * 13 % 10}"
        weights = f"0.{rate},0.{100 - rate}"
        rows.append(f"{1000 + number},savers,{supplier},{revenue},{years},{weights},{beta}")
    return rows


def write_choice_world(folder: Path) -> Path:
    """Synthetic customers of two segments; the path of the scenario."""
    return _write(folder / "choice.yaml", CHOICE)


def write_contract_world(folder: Path) -> Path:
    """A customer file with contracts; the path of the scenario."""
    _write(folder / "customers.csv", "\n".join(_contract_rows()) + "\n")
    return _write(folder / "contract.yaml", CONTRACT)


def write_convert_world(folder: Path) -> Path:
    """The same customers, some of whom money moves from monthly to yearly contracts; the path of the scenario."""
    write_contract_world(folder)
    text = edited(
        CONTRACT,
        ("{constant: 30%}", "{shifted_beta_geometric: {alpha: 0.9, beta: 4}}"),
        ("\nallocations:\n", f"{UPGRADE}\nallocations:\n"),
        ("\nmoves:\n", f"{UPGRADING}\nmoves:\n"),
    )
    return _write(folder / "convert.yaml", text)


def write_file_world(folder: Path) -> Path:
    """A customer file with suppliers and tenures; the path of the scenario."""
    _write(folder / "market.csv", "\n".join(_market_rows()) + "\n")
    return _write(folder / "market.yaml", FILE)


def write_own_world(folder: Path) -> Path:
    """A customer file of ours only, with weights; the path of the scenario."""
    _write(folder / "members.csv", "\n".join(_own_rows()) + "\n")
    return _write(folder / "members.yaml", OWN)


def write_crowded_world(folder: Path) -> Path:
    """Synthetic customers who choose among us, six rivals and buying nowhere; the path of the scenario."""
    return _write(folder / "crowded.yaml", CROWDED)


def _write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path
