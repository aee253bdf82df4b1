"""P7. Pfeifer & Carraway 2000, 'Modeling customer relationships as Markov chains', J. Interactive Marketing 14(2),
43-55, doi:10.1002/(SICI)1520-6653(200021)14:2<43::AID-DIR4>3.0.CO;2-H: the value of a customer by recency, and of
stopping to mail those who are worth less than nothing. Figures recomputed; the structure is theirs."""

from pathlib import Path

import numpy as np
import pytest

from simengine.results.customers import customer_columns
from simengine.results.run import run
from simengine.scenario import load_scenario
from tests.chains import chain

SCENARIOS = Path(__file__).parents[2] / "scenarios"
STOPPED = (
    ("      three: {money: -4, next: {one: 15%, four: 85%}}\n      four: {money: -4, next: {one: 5%}}\n",
     "      three: {money: -4, next: {one: 15%}}\n"),
)  # fmt: skip


def values(*arguments: object, **stated: str) -> list[float]:
    columns = customer_columns(run(chain(*arguments, **stated)))  # type: ignore[arg-type]
    return [float(value) for value in np.asarray(columns["value present: baseline / quiet"])]


def test_value_by_recency(tmp_path: Path) -> None:
    assert values(tmp_path) == pytest.approx([52.319609, 5.553784, 1.250773, -1.820016], abs=2e-6)


def test_who_is_worth_less_than_nothing_is_mailed_no_more(tmp_path: Path) -> None:
    rows = "id,state\n1,one\n2,two\n3,three\n"
    assert values(tmp_path, *STOPPED, rows=rows) == pytest.approx([53.149425, 6.620690, 2.643678], abs=2e-6)


def test_the_shipped_scenario_says_so() -> None:
    worth = [
        run(load_scenario(SCENARIOS / name)).summary["cells"][0]["value_per_share"]["mean"]
        for name in ("mailing.yaml", "mailing_thrice.yaml")
    ]
    assert worth == pytest.approx([52.319609, 53.149425], abs=2e-6)
