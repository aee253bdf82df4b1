"""Runs of the small market of the results, one in each mode, and their studies."""

from __future__ import annotations

from pathlib import Path

import pytest

from simengine.results.run import Run, run
from simengine.scenario import load_scenario
from simengine.study.accounts import accounts_of_run
from simengine.study.customers import CustomerStudy
from tests.results.conftest import MARKET

SHOWN, TO = ("advice", "quiet"), ("baseline", "quiet")


@pytest.fixture(scope="session")
def market(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("market") / "market.yaml"
    path.write_text(MARKET)
    return path


@pytest.fixture(scope="session")
def sampled(market: Path) -> Run:
    return run(load_scenario(market), standard_errors=True)


@pytest.fixture(scope="session")
def expected(market: Path) -> Run:
    return run(load_scenario(market, simulation={"mode": "expected"}), standard_errors=True)


@pytest.fixture(params=["sampled", "expected"])
def finished(request: pytest.FixtureRequest, sampled: Run, expected: Run) -> Run:
    """A run in either mode."""
    return sampled if request.param == "sampled" else expected


@pytest.fixture
def study(finished: Run) -> CustomerStudy:
    """Its study, advice against the baseline."""
    return study_of(finished)


def study_of(finished: Run) -> CustomerStudy:
    accounts = accounts_of_run(finished, (SHOWN, TO))
    return CustomerStudy(finished.scenario.name, finished.scenario.currency, accounts, SHOWN, TO, finished.summary)
