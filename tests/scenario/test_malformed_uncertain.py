"""Uncertain inputs that cannot be. Every problem is told at its place, marked §."""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simengine.scenario import ScenarioError, load_scenario
from simengine.scenario.with_values import with_values
from simengine.tables.inputs import inputs_of
from tests.scenario.worlds import Case, assert_told

OFFERS = "offers:\n"
CHURN, PRICE, MARGIN = "segments.affluent.churn", "segments.affluent.price_sensitivity", "segments.affluent.margin"
THREE = f"{CHURN}: {{normal: [7%, 0.5%]}}, {PRICE}: {{normal: [3, 0.4]}}, {MARGIN}: {{normal: [58%, 3%]}}"


def uncertain(text: str) -> list[tuple[str, str]]:
    return [(OFFERS, f"uncertain: {{{text}}}\n{OFFERS}")]


CASES: dict[str, Case] = {
    "paths that name nothing": (
        uncertain(
            "§segments.affluent.price_sensitivty: {normal: [3, 0.4]}, §segments.afluent.churn: {normal: [7%, 1%]}, "
            "§segments.affluent.revenue.lognormal: {normal: [1, 0.1]}"
        ),
        [
            ("which names nothing", "the path of a number", f"did you mean {PRICE}?"),
            ("the unknown name `afluent`", "affluent", "did you mean 'affluent'?"),
            ("which holds no number", "the path of a number", ""),
        ],
    ),
    "no path, and no values": (
        uncertain(f"§'': {{normal: [3, 0.4]}}, {CHURN}: {{§discrete: {{weights: [1, 2]}}}}"),
        [("``", "a path of an input, within company", ""), ("no `values`", "what it may be", "")],
    ),
    "blocks without inputs": (
        uncertain(
            "§calendar.periods: {uniform: [8, 12]}, §simulation.seed: {uniform: [1, 9]}, §budget: {uniform: [1, 9]}, "
            "§allocations.more_advice.shift: {uniform: [1, 9]}, §segmnts.affluent.churn: {uniform: [1%, 9%]}"
        ),
        [
            ("`calendar`", "a path of an input, within company, segments", "how time is divided is not uncertain"),
            ("`simulation`", "a path of an input", "how it is simulated is not uncertain"),
            ("`budget`", "a path of an input", "vary what allocations spend"),
            ("shift`", "a path of an input", "compare allocations that are shifted differently"),
            ("`segmnts`", "a path of an input", "did you mean 'segments'?"),
        ],
    ),
    "numbers nobody states": (
        uncertain("§segments.mass.churn: {uniform: [1%, 9%]}, §rivals.atlas.margin: {uniform: [40%, 50%]}"),
        [
            ("where no number is stated", "the path of a number of this scenario", "state the central value there"),
            ("where no number is stated", "the path of a number of this scenario", "state the central value there"),
        ],
    ),
    "no distributions": (
        uncertain(f"{CHURN}: §7%, {PRICE}: {{§normal: [3]}}, §{MARGIN}: {{nromal: [58%, 3%]}}"),
        [
            ("7%", "a distribution, such as {normal: [3, 0.4]}", "state the central value at the path itself"),
            ("1 entry", "2 entries", ""),
            ("`nromal`", "a distribution: normal, lognormal, triangular, pert", "did you mean 'normal'?"),
        ],
    ),
    "parameters that cannot be": (
        uncertain(
            f"{CHURN}: {{§normal: [7%, -1%]}}, {PRICE}: {{§pert: [3, 2, 4]}}, "
            f"{MARGIN}: {{§discrete: {{values: [50%, 60%], weights: [1]}}}}, "
            "company.tax_rate: {§beta: {alpha: 2, beta: 3, least: 0.4, most: 0.2}}, "
            "company.overhead: {§discrete: {values: [1k], weights: [0]}}, "
            "company.net_debt: {lognormal: {mean: §0, cv: 1}}"
        ),
        [
            ("a list", "[mean, standard deviation], the latter at least 0", "write 0.01"),
            ("a list", "numbers in rising order, the last above the first", "write [2, 3, 4]"),
            ("1 weights", "as many weights as values, 2", ""),
            ("least 0.4 and most 0.2", "`least` below `most`", ""),
            ("weights of 0", "a weight above 0", ""),
            ("0", "a number, more than 0", ""),
        ],
    ),
    "values out of range": (
        uncertain(
            f"{CHURN}: {{triangular: [5%, 7%, §140%]}}, {PRICE}: {{normal: [§-3, 0.4]}}, "
            f"{MARGIN}: {{normal: [§58, 0.1], max: §80}}, company.overhead: {{normal: [§10%, 1k]}}, "
            "offers.us.rate: {discrete: {values: [5, §50]}}, segments.affluent.capital: {uniform: [§-3, 12%]}"
        ),
        [
            ("140%", "a probability a year, more than 0 and less than 1", ""),
            ("-3", "a number, at least 0", ""),
            ("58", "a fraction of revenue", "did you mean 58%?"),
            ("80", "a fraction of revenue", "did you mean 80%?"),
            ("10%", "money a year, without %", ""),
            ("50", "a level, at least 0 and at most 10", "scales go from 0 to 10"),
            ("-3", "a fraction of revenue, or money, at least 0", ""),
        ],
    ),
    "distributions that leave the range": (
        uncertain(
            f"§{CHURN}: {{normal: [7%, 4%]}}, §company.tax_rate: {{lognormal: {{mean: 60%, cv: 0.4}}}}, "
            f"§{MARGIN}: {{uniform: [40%, 50%], min: 60%}}"
        ),
        [
            (
                "below 0 with probability 4%",
                "a probability a year, more than 0",
                "write min: 0 beside it",
            ),
            ("above 1 with probability", "a fraction of profit", "write max: 1 beside it"),
            ("a distribution with nothing from 0.6 to 1", "values within its range", "widen min and max"),
        ],
    ),
    "draws that a rule would refuse": (
        [
            ("  shares: 1 million\n", "  shares: 1 million\n  residual: {method: fade, years: 4}\n"),
            *uncertain(f"§{CHURN}: {{uniform: [5%, 90%]}}, §company.residual.years: {{uniform: [3.25, 4.25]}}"),
        ],
        [
            (
                "whose 99th percentile is 89.15%: there it is churn 89.15% with review 20%",
                "churn below",
                "cut it with max, or mend what it is at odds with",
            ),
            (
                "whose 1st percentile is 3.26",
                "years that are a whole number of quarters",
                "or mend what it is at odds with",
            ),
        ],
    ),
    "a path in two spellings": (
        uncertain("segments.affluent.churn: {normal: [7%, 1%]}, §segments.'affluent'.churn: {normal: [7%, 1%]}"),
        [("in another spelling", "each path once", "delete one of the two")],
    ),
    "correlations of what is certain": (
        uncertain(
            f"{THREE}, correlations: {{{CHURN}: {{§segments.mass.margin: 0.3}}, §nothing.at.all: {{{PRICE}: 0.1}}}}"
        ),
        [
            ("`segments.mass.margin`, which is not uncertain", f"{PRICE}", ""),
            ("`nothing.at.all`, which is not uncertain", "paths of uncertain inputs", "state its distribution"),
        ],
    ),
    "numbers that are not the same": (
        uncertain(
            f"{THREE}, same: {{§nothing.at.all: [segments.mass.margin], {MARGIN}: [§segments.mass.margin, §{CHURN}, "
            "§segments.mass.mragin, §nothing.there], segments.affluent.price_sensitivity: [segments.mass.inertia]}"
        ),
        [
            ("`nothing.at.all`, which is not uncertain", "the path of an uncertain input", "state its distribution"),
            ("`segments.mass.margin`, which is uncertain by itself or the same as another", "", ""),
            (f"`{CHURN}`, which is uncertain by itself", "a number with no other distribution", "delete one"),
            ("`segments.mass.mragin`, which names nothing", "a number", "did you mean segments.mass.margin?"),
            ("`nothing.there`, which names nothing", "the path of a number", ""),
        ],
    ),
    "numbers that differ today": (
        uncertain(f"{THREE}, same: {{{MARGIN}: [§segments.mass.margin, §segments.mass.churn]}}"),
        [
            ("segments.mass.margin", f"the same as {MARGIN}, 58%; here it is 55%", "state the same number at both"),
            ("segments.mass.churn", f"the path of a number that is the same as {MARGIN}", ""),
        ],
    ),
    "correlations stated twice": (
        uncertain(f"{THREE}, correlations: {{{CHURN}: {{§{CHURN}: 0.3, {PRICE}: 0.1}}, {PRICE}: {{§{CHURN}: 0.1}}}}"),
        [
            ("with itself", "correlations of two", "it is 1"),
            ("again", "each pair once", "delete one of the two"),
        ],
    ),
    "correlations that cannot hold together": (
        uncertain(f"{THREE}, §correlations: {{{CHURN}: {{{PRICE}: 0.9, {MARGIN}: 0.9}}, {PRICE}: {{{MARGIN}: -0.9}}}}"),
        [("correlations that cannot hold together", "a positive definite matrix", "all of them times 0.53 would do")],
    ),
}
WHOLE, REVENUES = ((Path(__file__).parent / "whole" / name).read_text() for name in ("uncertain.yaml", "revenues.csv"))
ODD = ("0", "-1", "1e30", "[]", "{}", "abc", "120%", "true", "segments.affluent", "company.tax_rate", "''", ".", "null")


@settings(max_examples=30)
@given(data=st.data())
def test_whatever_is_written_is_read_and_can_be_drawn_or_is_refused(data: st.DataObject, tmp_path_factory: Any) -> None:
    head, word, tail = WHOLE.partition("uncertain:")
    place = data.draw(st.sampled_from(list(re.finditer(r"[\w.%-]+", tail))))
    file = tmp_path_factory.mktemp("odd") / "odd.yaml"
    (file.parent / "revenues.csv").write_text(REVENUES)
    file.write_text(head + word + tail[: place.start()] + data.draw(st.sampled_from(ODD)) + tail[place.end() :])
    with suppress(ScenarioError):
        scenario = load_scenario(file)
        for row in inputs_of(scenario, 0, 8).tolist():
            with_values(scenario, dict(zip(scenario.uncertain.paths, row, strict=True)))


@pytest.mark.parametrize("case", CASES)
def test_every_problem_is_told_at_its_place(case: str, tmp_path: Path) -> None:
    assert_told(tmp_path, CASES[case])
