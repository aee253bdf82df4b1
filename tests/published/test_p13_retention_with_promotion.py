"""P13. Berger & Nasr 1998, 'Customer lifetime value: marketing models and applications', J. Interactive Marketing
12(1), 17-30, doi:10.1002/(SICI)1520-6653(199824)12:1<17::AID-DIR3>3.0.CO;2-K, case 1: 260 a year at its beginning for
eleven years, 50 in the middle of the first ten, retention 75%, discount rate 20%."""

from pathlib import Path

import pytest

from simengine.results.run import run
from tests.chains import chain

STATES = """\
      one: {money: 36, next: {one: 30%, two: 70%}}
      two: {money: -4, next: {one: 20%, three: 80%}}
      three: {money: -4, next: {one: 15%, four: 85%}}
      four: {money: -4, next: {one: 5%}}
"""


def worth(folder: Path, money: int, years: int, timing: str, cost: str = "") -> float:
    stated = (
        (STATES, f"      one: {{money: {money}, next: {{one: 75%}}}}\n{cost}"),
        ("timing: start, residual: {method: run_off}}", f"timing: {timing}, residual: {{method: none}}}}"),
        ("periods: 6", f"periods: {years}"),
    )
    return float(run(chain(folder, *stated, rows="id,state\n1,one\n")).summary["cells"][0]["equity_value"]["mean"])


def case_1(folder: Path) -> float:
    mailed = "    cost_to_serve: {mailing: {uses: 1, cost: 50}}\n"
    return worth(folder, 260, 11, "start") + worth(folder, 0, 10, "mid", cost=mailed)


def test_case_1(tmp_path: Path) -> None:
    assert case_1(tmp_path) == pytest.approx(568.783067, rel=1e-6)
