"""What a run says of a market that moves by itself: knowledge, imitation, moves that wait, luck."""

from __future__ import annotations

import numpy as np
import pytest

from simengine.results.run import Run, run
from simengine.scenario import load_scenario
from tests.results.conftest import MARKET

LIVING = (
    MARKET.replace(
        "moves:\n",
        """\
  taught: {analytics: {affluent: 40k}, advisers: {affluent: 60k}}
knowledge: {forgetting: 30%}
rivals: {atlas: {knowledge: 0.2, imitation: {service: 80%}}}
market: {demand: {volatility: 5%}}
moves:
  answers:
    - {who: atlas, when: "share(us, affluent) > 34.2%", lasts: 1, repeat: repeatedly, change: {price: -20%}}
    - {who: neo, arrival: 60%, change: {service: 1}, size: {uniform: [0.5, 1.5]}}
""",
    )
    .replace(
        "allocations:\n",
        "  analytics: {target: knowledge, response: {hill: {max: 0.5, half: 50k, shape: 1}}}\nallocations:\n",
    )
    .replace("review: 25%", "review: 25%\n    tailoring: 1")
)


@pytest.fixture(scope="module", params=["sampled", "expected"])
def living(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Run:
    path = tmp_path_factory.mktemp("living") / "living.yaml"
    path.write_text(LIVING.replace("overhead: 20k", "overhead: 20k, knowledge: 0.3"), encoding="utf-8")
    return run(load_scenario(path, simulation={"mode": request.param}))


def test_knowledge_is_that_of_the_dataset_at_the_end(living: Run) -> None:
    said, end = living.summary["knowledge"], living.dataset.offer_knowledge.isel(period=-1)
    assert said["today"] == {"us": 0.3, "atlas": 0.2, "neo": 0.0}
    for cell in said["cells"]:
        assert set(cell["segments"]) == {"affluent"}
        for name, known in cell["segments"]["affluent"].items():
            here = {"allocation": cell["allocation"], "move": cell["move"], "segment": "affluent", "supplier": name}
            assert known == float(end.sel(here))
    by_cell = {(cell["allocation"], cell["move"]): cell["segments"]["affluent"] for cell in said["cells"]}
    assert by_cell["taught", "quiet"]["us"] > by_cell["baseline", "quiet"]["us"] + 0.05


def test_what_is_imitated_is_what_a_rivals_level_has_risen_where_it_does_nothing_else(living: Run) -> None:
    cells = {(cell["allocation"], cell["move"]): cell["segments"] for cell in living.summary["imitation"]["cells"]}
    for allocation, move in cells:
        segments = cells[allocation, move]
        assert set(segments["affluent"]) == {"service"}
        service, end = segments["affluent"]["service"], living.dataset.offer_level.isel(period=-1)
        level = end.sel(allocation=allocation, move=move, segment="affluent", need="service")
        assert service["added"] == pytest.approx(float(level.sel(supplier="us")) - 7)
        assert service["imitated"] == {"atlas": pytest.approx(float(level.sel(supplier="atlas")) - 5)}
    assert cells["taught", "quiet"]["affluent"]["service"]["imitated"]["atlas"] > 0.3
    path = living.dataset.imitated_level.sel(allocation="taught", move="quiet", segment="affluent", need="service")
    assert (np.diff(path.sel(rival="atlas")) >= 0).all()
    assert (path.sel(rival="neo") == 0).all()
    assert (living.dataset.imitated_price == 0).all()


def test_moves_came_when_prices_and_levels_changed(living: Run) -> None:
    """Of one replication, the mean offer is its offer; of all, prices are cut as often as the answer holds."""
    dataset, cut = living.dataset, 0.2 * 98
    assert list(dataset.move_change.values) == ["answers 1", "answers 2"]
    assert dataset.move_start.dims == ("allocation", "move_change", "replication")
    price = dataset.offer_price.sel(move="answers", segment="affluent", supplier="atlas")
    replications = dataset.sizes["replication"]
    held = ((98 - price) / cut).sum("period") * replications
    times = dataset.move_times.sel(move_change="answers 1")
    np.testing.assert_allclose(held, times.sum("replication"), atol=1e-9)
    start = dataset.move_start.sel(move_change="answers 1")
    assert ((times > 0) == ~np.isnan(start)).all()
    for allocation in dataset.allocation.values:
        cut_in = (98 - price.sel(allocation=allocation)).values > 1e-9
        first = start.sel(allocation=allocation).min(skipna=True)
        assert (int(np.argmax(cut_in)) if cut_in.any() else None) == (None if np.isnan(first) else int(first))


def test_the_summary_counts_when_moves_came(living: Run) -> None:
    (answer, hires), labels = living.summary["moves"]["answers"], living.scenario.calendar.labels
    assert answer["when"] == "share(us, affluent) > 34.2%"
    assert (hires["who"], hires["arrival"], hires["change"]) == ("neo", 0.6, "answers 2")
    starts = living.dataset.move_start.sel(move_change="answers 2")
    assert (starts == starts[0]).where(~np.isnan(starts), True).all(), "the same under every allocation"
    for allocation, said in hires["allocations"].items():
        here = starts.sel(allocation=allocation)
        assert said["came"] == float((~np.isnan(here)).mean())
        ordered = sorted(here.fillna(np.inf).values)
        median = ordered[int(np.ceil(0.5 * len(ordered))) - 1]
        assert said["begins"]["p50"] == (labels[int(median)] if np.isfinite(median) else None)


def test_the_luck_of_the_market_is_named(living: Run) -> None:
    assert living.summary["market_luck"] == ["shocks to demand", "moves that may come", "sizes of moves"]
    assert living.summary["exact"] is False


def test_of_what_is_not_stated_nothing_is_said(finished: Run) -> None:
    assert not {"knowledge", "imitation", "moves", "market_luck"} & set(finished.summary)
    assert not {"move_start", "imitated_level"} & set(finished.dataset)


def test_any_batch_says_the_same(living: Run) -> None:
    again = run(living.scenario, batch=1)
    assert again.summary["moves"] == living.summary["moves"]
    assert again.dataset.identical(living.dataset.assign_attrs(again.dataset.attrs))
