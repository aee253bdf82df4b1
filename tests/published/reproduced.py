"""The README's table of published figures and of what the product makes of the same data.

`python -m tests.published.reproduced` prints it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import numpy as np

import simengine
from simengine.calibration.concentration import share_of_top_rates
from simengine.calibration.gamma_gamma import expected_spend
from simengine.calibration.histories import Histories
from simengine.calibration.prediction import MODELS, alive, expected_of_new, expected_purchases
from simengine.valuation.risk import summarise

from .cdnow import DATA, calibrated
from .test_p04_shifted_beta_geometric import calibrated_survivors
from .test_p07_markov_customer_value import STOPPED, values
from .test_p10_price_competition import DISCOUNT, SIZE, equilibrium
from .test_p12_dispersion_of_lifetimes import R, values_by_lifetime
from .test_p13_retention_with_promotion import case_1
from .test_p15_allocation_optima import amounts, gained, roots

BG_NBD = "Fader, Hardie & Lee 2005, BG/NBD"
PARETO = "Fader, Hardie & Lee 2005, Pareto/NBD"
SPEND = "Fader & Hardie 2013, gamma-gamma"
STAYING = "Fader & Hardie 2007, shifted-beta-geometric"
PANEL = "yogurt scanner panel, logit"
CHAIN = "Pfeifer & Carraway 2000, recency (by hand)"
PROMOTION = "Berger & Nasr 1998, case 1 (by hand)"
LIVES = "Fader & Hardie 2012, geometric lifetimes"
RATES = "gamma-distributed purchase rates"
FIRMS = "logit price competition, market of Calvano et al. 2020"
SPLIT = "a budget over square roots (by hand)"


class Figure(NamedTuple):
    """A figure as printed, with its decimals, and as obtained."""

    source: str
    what: str
    published: str
    obtained: float
    tolerance: float

    @property
    def decimals(self) -> int:
        return len(self.published.partition(".")[2])

    @property
    def line(self) -> str:
        shown = f"{self.obtained:.{self.decimals}f}"
        return f"| {self.source} | {self.what} | {self.published} | {shown} | {self.tolerance:g} |"


def figures() -> Iterator[Figure]:
    """All of the table, in its order."""
    yield from _purchases()
    yield from _spend()
    yield from _survivors()
    yield from _choices()
    yield from _dispersion()
    with TemporaryDirectory() as folder:
        yield from _chains(Path(folder))
        yield from _prices(Path(folder))
        yield from _splits(Path(folder))


def _of(source: str, values: Mapping[str, float], published: Mapping[str, str], tolerance: float) -> Iterator[Figure]:
    for name, figure in published.items():
        yield Figure(source, name, figure, values[name], tolerance)


def _purchases() -> Iterator[Figure]:
    found = calibrated("bg_nbd").segments[0].estimates[0]
    printed = {"r": "0.243", "alpha": "4.414", "a": "0.793", "b": "2.426"}
    yield from _of(BG_NBD, found.values, printed, 0.0005)
    yield Figure(BG_NBD, "log likelihood", "-9582.4", found.log_likelihood, 0.05)
    model, parameters = MODELS["bg_nbd"], np.array(list(found.values.values()))
    one = Histories(np.array([2.0]), np.array([30.43]), np.array([38.86]))
    buys = "x = 2, t_x = 30.43, T = 38.86"
    yield Figure(BG_NBD, f"P(alive), {buys}", "0.7266", float(alive(model, parameters, one)[0]), 5e-5)
    ahead = float(expected_purchases(model, parameters, one, [39.0])[0, 0])
    yield Figure(BG_NBD, f"E(Y(39)), {buys}", "1.2259", ahead, 5e-5)
    yield Figure(BG_NBD, "E(X(39))", "1.195016", float(expected_of_new(model, parameters, [39.0])[0]), 2e-5)
    other = calibrated("pareto_nbd").segments[0].estimates[0]
    printed = {"r": "0.553", "alpha": "10.578", "s": "0.606", "beta": "11.669"}
    yield from _of(PARETO, other.values, printed, 0.0005)
    yield Figure(PARETO, "log likelihood", "-9595.0", other.log_likelihood, 0.05)


def _spend() -> Iterator[Figure]:
    found = calibrated("bg_nbd").segments[0].estimates[1]
    yield from _of(SPEND, found.values, {"p": "6.25", "q": "3.74", "gamma": "15.44"}, 0.005)
    parameters = np.array(list(found.values.values()))
    everybody, one = (
        float(expected_spend(parameters, np.array([x]), np.array([m]))[0]) for x, m in ((0.0, 0.0), (2.0, 22.35))
    )
    yield Figure(SPEND, "E(M)", "35.171", everybody, 0.001)
    yield Figure(SPEND, "E(M), x = 2, mean spend 22.35", "24.6586", one, 0.001)


def _survivors() -> Iterator[Figure]:
    """Fitted to seven years of survivors, of whom the twelfth year is predicted, as per cent."""
    with TemporaryDirectory() as folder:
        found = calibrated_survivors(Path(folder))
    printed = {
        "High End": {"alpha": "0.668", "beta": "3.806", "% who stay 12 years": "37.80", "log likelihood": "-1611.2"},
        "Regular": {"alpha": "0.704", "beta": "1.182", "% who stay 12 years": "17.00"},
    }
    tolerance = {"% who stay 12 years": 0.005, "log likelihood": 0.05}
    for name, published in printed.items():
        (estimate,) = (each for each in found[name].estimates if each.model == "shifted_beta_geometric")
        (backtest,) = (each for each in found[name].backtests if each.of.endswith("shifted_beta_geometric"))
        values = {**estimate.values, "log likelihood": estimate.log_likelihood}
        values["% who stay 12 years"] = backtest.horizons[-1].predicted / 10
        for what, figure in published.items():
            yield Figure(STAYING, f"{name}, {what}", figure, values[what], tolerance.get(what, 0.0005))


def _choices() -> Iterator[Figure]:
    columns = {"choice": "choice", "price": "price.*", "feature": "feat.*"}
    (segment,) = simengine.calibrate(DATA / "yogurt.csv", columns, us="dannon", holdout=0).segments
    (logit,) = segment.estimates
    printed = {"price": "-0.3666", "feature": "0.4914", "constant of hiland": "-3.7156"}
    printed |= {"constant of weight": "-0.6412", "constant of yoplait": "0.7346"}
    yield from _of(PANEL, logit.values, printed, 5e-5)
    yield Figure(PANEL, "log likelihood", "-2656.888", logit.log_likelihood, 0.0005)
    (segment,) = simengine.calibrate(DATA / "yogurt.csv", columns | {"customer": "id"}, us="dannon", holdout=0).segments
    (logit,) = segment.estimates
    printed = {"last choice": "2.728728", "price": "-0.414881", "feature": "0.823471"}
    for name, figure in printed.items():
        yield Figure(PANEL, f"{name}, after first purchases", figure, logit.values[name], 5e-7)
    yield Figure(PANEL, "log likelihood, after first purchases", "-1148.604", logit.log_likelihood, 0.0005)
    fitted = next(sheet for sheet in segment.sheets if sheet.name == "fitted")
    without = fitted.rows["without last choice"][0]
    yield Figure(PANEL, "the same without the last choice", "-2558.599", without, 0.0005)


def _dispersion() -> Iterator[Figure]:
    values, scale = values_by_lifetime()
    u = (np.arange(100_000) + 0.5) / 100_000
    outcomes = values[np.floor(np.log1p(-u) / np.log(R)).astype(int)]
    lives = summarise(outcomes, scale)
    yield Figure(LIVES, "mean value", "366.6667", lives.mean, 0.01)
    yield Figure(LIVES, "standard deviation", "229.0549", lives.sd, 0.02)
    yield Figure(LIVES, "P(value < mean)", "0.5904", float((outcomes / scale < lives.mean).mean()), 1e-4)
    for r, share in ((0.243, "0.801554"), (0.553, "0.629565"), (1.0, "0.521888")):
        yield Figure(RATES, f"share of the top 20 %, r = {r:g}", share, share_of_top_rates(r), 5e-7)


def _chains(folder: Path) -> Iterator[Figure]:
    """The sources' structure; figures as computed by hand from it."""
    rows = "id,state\n1,one\n2,two\n3,three\n"
    for policy, printed, found in (
        ("mailed four times", ("52.319609", "5.553784", "1.250773", "-1.820016"), values(folder)),
        ("mailed thrice", ("53.149425", "6.620690", "2.643678"), values(folder, *STOPPED, rows=rows)),
    ):
        for recency, (figure, value) in enumerate(zip(printed, found, strict=True), start=1):
            yield Figure(CHAIN, f"value at recency {recency}, {policy}", figure, value, 2e-6)
    yield Figure(PROMOTION, "lifetime value", "568.783067", case_1(folder), 6e-4)


def _prices(folder: Path) -> Iterator[Figure]:
    """By the search for prices at which nobody gains by another; figures as computed by hand."""
    for what, firms, asked, price, profit in (
        ("two firms", 2, {}, "1.47293", "0.22293"),
        ("three firms", 3, {}, "1.37016", "0.12016"),
        ("two firms together", 2, {"together": [["us", "firm_2"]]}, "1.92498", "0.33749"),
    ):
        found = equilibrium(folder, firms, **asked)["suppliers"]["us"]
        yield Figure(FIRMS, f"{what}, price", price, found["price"]["all"], 2e-5)
        yield Figure(FIRMS, f"{what}, profit a customer", profit, found["value"]["mean"] * DISCOUNT / SIZE, 1e-5)


def _splits(folder: Path) -> Iterator[Figure]:
    """The most that 100 is worth over 4 sqrt(x), 2 sqrt(x) and sqrt(x)."""
    found = roots(folder)
    for segment, printed in (("s4", "76.19"), ("s2", "19.05"), ("s1", "4.76")):
        yield Figure(SPLIT, f"spent on {segment[1]} sqrt(x)", printed, amounts(found)[segment], 0.005)
    yield Figure(SPLIT, "value", "45.83", gained(found), 0.005)


HEADER = "| source | figure | published | obtained | tolerance |\n|---|---|---|---|---|"


def table() -> str:
    return "\n".join([HEADER, *(figure.line for figure in figures())])


if __name__ == "__main__":
    print(table())
