"""Malformed fields: keys, types, ranges. Every problem is told at its place, marked §."""

from __future__ import annotations

from pathlib import Path

import pytest

from simengine.scenario import load_scenario
from tests.scenario.worlds import BANK, Case, assert_told, problems, replaced, write

CASES: dict[str, Case] = {
    "unknown key": (
        [("  tax_rate: 25%", "  §tax_rat: 25%")],
        [("the unknown key `tax_rat`", "net_debt", "did you mean 'tax_rate'?")],
    ),
    "unknown block": (
        [("rivals:\n", "§rivlas:\n")],
        [("the unknown key `rivlas`", "segments", "did you mean 'rivals'?")],
    ),
    "key of another model": (
        [("    hazard: {constant: 2%}", "    hazard: {constant: 2%}\n    §churn: 3%")],
        [("the unknown key `churn`", "hazard", "")],
    ),
    "missing key": (
        [("company:", "§company:"), ("  shares: 1 million\n", "")],
        [("no `shares`", "shares outstanding", "")],
    ),
    "missing key with a misspelt one": (
        [("  discount_rate: 9%", "  §discountrate: 9%")],
        [("`discountrate`", "", "did you mean 'discount_rate'?")],
    ),
    "text for a number": ([("size: 400", "size: §many")], [("many", "a number of customers: a number such as", "")]),
    "true for a number": ([("tax_rate: 25%", "tax_rate: §true")], [("true", "a number", "not numbers")]),
    "a mapping for a number": ([("size: 400", "§size: {a: 1}")], [("a mapping", "a number of customers", "")]),
    "nothing for a number": ([("margin: 58%", "margin: §~")], [("~", "a fraction of revenue", "")]),
    "a comma for a point": ([("mean: 2700", "mean: §'2,7k'")], [("2,7k", "money a year", "2.7k")]),
    "a currency": (
        [("  shares: 1 million", "  shares: 1M\n  overhead: §€5M")],
        [("€5M", "money a year", "leave the currency out")],
    ),
    "negative size": ([("size: 400", "size: §-400")], [("-400", "at least 1", "")]),
    "size zero": ([("size: 400", "size: §0")], [("0", "at least 1", "")]),
    "half a customer": ([("size: 400", "size: §400.5")], [("400.5", "a whole number", "write 400")]),
    "a percentage without its sign": (
        [("discount_rate: 9%", "discount_rate: §9")],
        [("9", "less than 1", "did you mean 9%?")],
    ),
    "review without its sign": ([("review: 20%", "review: §20")], [("20", "at most 12", "did you mean 20%?")]),
    "a tax above 100%": ([("tax_rate: 25%", "tax_rate: §125%")], [("125%", "less than 1", "")]),
    "infinity": ([("  shares: 1 million", "  shares: §.inf")], [(".inf", "a number", "finite")]),
    "a word among words": (
        [("mode: sampled", "mode: §sample")],
        [("sample", "sampled or expected", "did you mean 'sampled'?")],
    ),
    "dynamics": (
        [("dynamics: contract", "dynamics: §contracts")],
        [("contracts", "choice, contract, buy-till-you-die or markov", "did you mean 'contract'?")],
    ),
    "a list for a mapping": (
        [("    carry_over: 70%\n    today: {affluent: 4k}", "    §today: [4k]")],
        [("a list", "a mapping", "")],
    ),
    "a mapping for a list": ([("needs: [rate, service]", "§needs: {rate: 1}")], [("a mapping", "a list", "")]),
    "a number for a name": ([("  name: Small", "  name: §7")], [("7", "text", "put it in quotes")]),
    "yes for true": ([("replications: 4}", "customer_values: §yes}")], [("yes", "true or false", "")]),
    "values of the customers of an unknown allocation": (
        [("replications: 4}", "customer_values: [§baselin]}")],
        [("baselin", "an allocation", "did you mean 'baseline'?")],
    ),
    "too few stages": (
        [("    capital: 12% of revenue", "    stages: {§inertia: [1, 2]}")],
        [("2 entries", "3 entries", "")],
    ),
    "a level above ten": ([("rate: 5, service: 7", "rate: §15, service: 7")], [("15", "at most 10", "")]),
    "a price of nothing": ([("price: 98", "price: §0")], [("0", "more than 0", "")]),
    "capital of nothing in particular": (
        [("12% of revenue", "§12%")],
        [("12%", "12% of revenue", "write 12% of revenue")],
    ),
    "capital in words": ([("12% of revenue", "§much of revenue")], [("much of revenue", "12% of revenue", "")]),
    "an unknown response": (
        [("    response: {hill: {max: 0.4, half: 3k}}", "    response: {§hil: {max: 0.4, half: 3k}}")],
        [("`hil`", "hill", "did you mean 'hill'?")],
    ),
    "a seed out of range": ([("seed: 7", "seed: §3e14")], [("3e14", "at most", "")]),
    "an unknown revenue": (
        [("revenue: {lognormal: {mean: 2700", "revenue: {§lognorm: {mean: 2700")],
        [("`lognorm`", "", "did you mean 'lognormal'?")],
    ),
    "a date of another kind": (
        [("at: 2027-Q3", "at: §2027-07-01")],
        [("2027-07-01", "a period", "write 2027-07 or 2027-Q3")],
    ),
    "spend without a segment": (
        [("more_advice: {advisers: {affluent: 9k}}", "more_advice: {advisers: §9k}")],
        [("9k", "{segment: money a year}", "write {<segment>: 9k}")],
    ),
    "spend on what is no lever": (
        [("more_advice: {advisers: {affluent: 9k}}", "more_advice: {§advsers: 9k}")],
        [("`advsers`, which is not a lever", "advisers", "did you mean 'advisers'?")],
    ),
    "an allocation with nothing behind it": ([("baseline: {}", "§baseline:")], [("nothing", "a mapping", "write {}")]),
    "a move with nothing behind it": ([("quiet: {}", "§quiet:")], [("nothing", "a list", "write {}")]),
    "a level in words": (
        [("rate: 5, service: 7}", "rate: 5, service: §good}")],
        [("good", "a level: a number such as 5", "")],
    ),
    "a cost in percent below nothing": (
        [("cost: 11}}", "cost: §-12.5%}}")],
        [("-12.5%", "money per use, without %", "")],
    ),
    "a size in percent": ([("size: 400", "size: §100%")], [("100%", "a number of customers, without %", "write 100")]),
    "a price in percent": ([("price: 98", "price: §100%")], [("100%", "a price, without %", "write 100")]),
    "money in percent": ([("mean: 2700", "mean: §5%")], [("5%", "money a year, without %", "write 5")]),
    "a price set in percent": (
        [("change: {price: -8%}", "set: {price: §95%}")],
        [("95%", "a price in the unit of the offers", "without %")],
    ),
    "too large to be sensible": ([("  shares: 1 million", "  shares: §1e19")], [("1e19", "sensible size", "")]),
    "too small to be sensible": ([("mean: 2700", "mean: §1e-13")], [("1e-13", "sensible size", "")]),
    "capital too large to be sensible": ([("12% of revenue", "§1e300")], [("1e300", "sensible size", "")]),
    "an extreme variation": ([("mean: 2700, cv: 0.6", "mean: 2700, cv: §11")], [("11", "at most 10", "11%?")]),
    "an extreme spread of revenue": (
        [("    capital: 12% of revenue", "    revenue_spread: §1001%")],
        [("1001%", "at most 10", "")],
    ),
    "a residual of centuries": (
        [("  tax_rate: 25%", "  tax_rate: 25%\n  residual: {method: fade, years: §201}")],
        [("201", "years, more than 0 and at most 200", "")],
    ),
    "weights of another scale": (
        [("needs: {rate: 0.4, service: 0.6}", "needs: {rate: §4, service: §6}")],
        [("4", "a weight", "sum to 1: divide each by"), ("6", "a weight", "sum to 1: divide each by")],
    ),
    "a decimal comma between braces": (
        [("shares: {us: 34%, atlas: 43%, none: 23%}", "shares: {us: 34%, atlas: §43,0%, none: 23%}")],
        [("43,0%", "a fraction", "write a decimal point: 43.0%")],
    ),
    "thousands or a decimal point": (
        [("mean: 2700", "mean: §'2,700'")],
        [("2,700", "money a year", "write 2700, or 2.7 for a decimal point")],
    ),
    "all of a lever's target": (
        [("max: 40%", "max: §-100%")],
        [("-100%", "above -100%", "")],
    ),
    "language of tomorrow": ([("simengine: 1", "simengine: §2")], [("2", "the version of the language, 1", "")]),
}


def test_no_percentage_is_suggested_for_one(tmp_path: Path) -> None:
    for old, new in (("max: 40%", "max: -100%"), ("price: -8%", "price: -100%")):
        text, _ = replaced((old, new))
        assert [problem.suggestion for problem in problems(tmp_path, text)] == [""]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("churn: 7%", "churn: 70%"), ("churn 70% with review 20%", "churn below 12.27%: with our share 34%")),
        (("review: 20%", "review: 1e-6"), ("churn 7% with review 0.0001%", "churn below 0.000066%")),
        (("us: 34%, atlas: 43%, none: 23%", "us: 100%, none: 0"), ("churn 7%", "a smaller share of ours: with 100%")),
    ],
)
def test_churn_against_review_in_percent(change: tuple[str, str], said: tuple[str, str], tmp_path: Path) -> None:
    text, _ = replaced(change)
    (problem,) = [p for p in problems(tmp_path, text) if p.place.endswith("churn")]
    assert said[0] in problem.found
    assert said[1] in problem.expected


def test_no_moves_are_as_if_left_out(tmp_path: Path) -> None:
    text = BANK[: BANK.index("moves:")]
    left_out = load_scenario(write(tmp_path, text))
    assert load_scenario(write(tmp_path, text + "moves: {}\n")) == left_out
    assert list(left_out.moves) == ["quiet"]


@pytest.mark.parametrize("case", CASES)
def test_every_problem_is_told_at_its_place(case: str, tmp_path: Path) -> None:
    assert_told(tmp_path, CASES[case])


def test_a_percentage_is_not_taken_for_a_number_that_is_refused_too(tmp_path: Path) -> None:
    text, _ = replaced(("cost: 11}}", "cost: -12.5%}}"))
    (problem,) = problems(tmp_path, text)
    assert not problem.suggestion
