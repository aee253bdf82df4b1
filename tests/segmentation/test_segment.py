"""Segments that were planted are found, and none where there are none."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

from simengine.scenario.problems import ScenarioError
from simengine.segmentation.number import chosen
from simengine.segmentation.segment import Segmentation
from simengine.segmentation.settings import Settings
from tests.segmentation.markets import CENTRES, HEADER, NEEDS, SIZES, Rows, dirichlet, planted, segmented, write


@pytest.fixture(scope="module")
def rows() -> Rows:
    return planted()


@pytest.fixture(scope="module")
def found(rows: Rows, tmp_path_factory: pytest.TempPathFactory) -> Segmentation:
    return segmented(write(tmp_path_factory.mktemp("planted"), rows))


def truth(rows: Rows) -> np.ndarray:
    return np.array([row[-1] for row in rows])


def test_planted_segments_are_recovered(found: Segmentation, rows: Rows) -> None:
    assert adjusted_rand_score(truth(rows), found.label) > 0.9
    assert found.names == ("advice", "rate", "digital")  # the one that brings most first
    for each, centre, size in zip(found.profiles, CENTRES, SIZES, strict=True):
        assert each.share == pytest.approx(size / sum(SIZES), abs=0.01)
        np.testing.assert_allclose(list(each.needs.values()), centre, atol=0.015)
        assert each.needs_spread == pytest.approx(0.06, abs=0.006)  # as the language draws it


def test_both_methods_find_the_same(found: Segmentation) -> None:
    assert found.formed is not None
    assert found.formed.best.segments == 3
    assert chosen(found.formed.candidates["k-means"]).segments == 3


def test_a_stated_method_is_used(found: Segmentation, rows: Rows, tmp_path: Path) -> None:
    other = segmented(write(tmp_path, rows), Settings(method="k-means", segments=3))
    assert other.formed is not None
    assert other.formed.best.clusters.method == "k-means"
    assert adjusted_rand_score(found.label, other.label) > 0.9


def test_parts_add_up_to_the_whole(found: Segmentation) -> None:
    assert sum(each.customers for each in found.profiles) == len(found.label) == found.base.customers
    assert sum(each.share for each in found.profiles) == pytest.approx(1, abs=1e-12)
    assert sum(each.value_share or 0 for each in found.profiles) == pytest.approx(1, abs=1e-12)
    assert found.grid is not None
    for each, shares, values in zip(found.profiles, found.grid.share, found.grid.value_share, strict=True):
        assert sum(shares) == pytest.approx(each.share, abs=1e-12)
        assert sum(value or 0 for value in values) == pytest.approx(each.value_share, abs=1e-12)
    assert np.sum(found.grid.value_share, axis=0) == pytest.approx([1 / 3] * 3, abs=0.01)


def test_words_say_what_a_segment_wants_and_brings(found: Segmentation) -> None:
    assert found.profiles[0].words.startswith("want advice far more than others do (0.49 against 0.10)")
    assert found.profiles[0].words.endswith("33% of customers, 62% of revenue")
    assert found.reason.startswith("3 segments: ")


def test_the_order_of_rows_does_not_matter(found: Segmentation, rows: Rows, tmp_path: Path) -> None:
    order = np.random.default_rng(9).permutation(len(rows))
    other = segmented(write(tmp_path, [rows[i] for i in order]), Settings(segments=3))
    assert (other.label == found.label[order]).all()
    assert other.names == found.names
    for one, two in zip(found.profiles, other.profiles, strict=True):
        assert one.words == two.words
        assert one.mean_value == pytest.approx(two.mean_value, rel=1e-12)


def test_a_row_of_weight_two_counts_like_two(rows: Rows, tmp_path: Path) -> None:
    some = rows[:450]
    settings = Settings(segments=3)
    twice = segmented(write(tmp_path, some + [[f"{row[0]}b", *row[1:]] for row in some], name="twice.csv"), settings)
    weighed = segmented(write(tmp_path, [[*row, 2] for row in some], [*HEADER, "n"]), settings, weight="n")
    assert (weighed.label == twice.label[:450]).all()
    assert [each.customers for each in weighed.profiles] == [each.customers for each in twice.profiles]
    assert [each.words for each in weighed.profiles] == [each.words for each in twice.profiles]


@pytest.mark.parametrize("spread", [0.08, 0.2])
def test_customers_of_one_kind_are_one_segment(spread: float, tmp_path: Path) -> None:
    weights = dirichlet(np.random.default_rng(5), (0.2, 0.3, 0.35, 0.15), spread, 900)
    noise = segmented(
        write(tmp_path, [[i, *row.round(6).tolist(), 100, 0] for i, row in enumerate(weights)]), Settings(most=3)
    )
    assert noise.names == ("everybody",)
    assert noise.reason.startswith("One segment: ")


def test_rounded_answers_are_no_segments(tmp_path: Path) -> None:
    """Weights in steps of 5 %, many of them 0: who left a need out is no segment."""
    weights = np.round(dirichlet(np.random.default_rng(5), (0.2, 0.3, 0.35, 0.15), 0.15, 900) * 20)
    rows = [[i, *row.astype(int).tolist(), 100, 0] for i, row in enumerate(weights)]
    needs = {f"needs_{need}": f"w_{need}" for need in NEEDS}
    noise = segmented(write(tmp_path, rows), Settings(most=3), **needs)
    assert noise.names == ("everybody",)
    assert any("divided by their sum" in notice for notice in noise.notices)


def test_features_set_customers_apart_where_needs_do_not(tmp_path: Path) -> None:
    generator = np.random.default_rng(2)
    age = np.concatenate([generator.normal(30, 3, 200), generator.normal(60, 4, 250)])
    online = np.concatenate([generator.random(200) < 0.9, generator.random(250) < 0.2])
    rows = [[f"C{i}", round(a, 2), "yes" if o else "no"] for i, (a, o) in enumerate(zip(age, online, strict=True))]
    path = write(tmp_path, rows, ["customer_id", "age", "online"])
    found = segmented(path, Settings(most=3), features=["age"])
    assert adjusted_rand_score(np.arange(450) >= 200, found.label) > 0.95
    assert found.names == ("high_age", "low_age")
    assert "a far higher age (59.7" in found.profiles[0].words
    assert found.grid is None
    assert segmented(path, Settings(segments=2), features=["age", "online"]).base.variables == ("age", "online")


def test_a_stated_number_is_kept_and_said(rows: Rows, tmp_path: Path) -> None:
    two = segmented(write(tmp_path, rows), Settings(segments=2))
    assert len(two.profiles) == 2
    assert two.reason.startswith("2 segments, as stated; stability ")


def test_small_segments_are_dropped_and_said(rows: Rows, tmp_path: Path) -> None:
    few = [row for row in rows if row[-1] != 2] + [row for row in rows if row[-1] == 2][:20]
    found = segmented(write(tmp_path, few), Settings(segments=3, smallest=0.1))
    assert len(found.profiles) == 2
    assert min(each.share for each in found.profiles) > 0.1
    assert any("dropped" in notice for notice in found.notices)


def test_needs_by_value_join_what_is_too_small(rows: Rows, tmp_path: Path) -> None:
    path = write(tmp_path, rows)
    found = segmented(path, Settings(by="both", segments=3, smallest=0.05))
    assert all(each.share >= 0.05 for each in found.profiles)
    assert any(notice.endswith("are joined: fewer than 5% of customers") for notice in found.notices)
    assert sum(each.share for each in found.profiles) == pytest.approx(1, abs=1e-12)


def test_by_value_alone_needs_no_needs(tmp_path: Path) -> None:
    money = np.random.default_rng(3).lognormal(6, 1, 200).round(2)
    path = write(tmp_path, [[f"C{i}", amount] for i, amount in enumerate(money)], ["customer_id", "annual_revenue"])
    found = segmented(path)
    assert found.names == ("high_value", "middle_value", "low_value")
    assert found.profiles[0].words.startswith("bring ")
    assert found.formed is None
    assert "by value alone" in found.notices[0]


def test_customers_who_all_bring_the_same_are_of_one_class(tmp_path: Path) -> None:
    path = write(tmp_path, [[f"C{i}", 0] for i in range(40)], ["customer_id", "annual_revenue"])
    found = segmented(path, revenue="annual_revenue")
    assert [(each.share, each.value, each.value_share) for each in found.profiles] == [(1, 0, None)]


def test_who_has_left_is_assigned_and_in_no_figure(rows: Rows, tmp_path: Path) -> None:
    gone = [[*row, "yes" if i % 3 == 0 else "no"] for i, row in enumerate(rows)]
    for row in gone[::6]:
        row[1:5] = ["", "", "", ""]  # who has left need not say what they want
    path, needs = write(tmp_path, gone, [*HEADER, "churned"]), {f"needs_{need}": f"w_{need}" for need in NEEDS}
    found = segmented(path, Settings(segments=3), churned="churned", **needs)
    assert found.base.customers == 600
    assert len(found.label) == 750
    assert sum(each.customers for each in found.profiles) == 600


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"by": "value"}, "no column with revenue"),
        ({"by": "both"}, "no column with revenue"),
        ({"segments": 500}, "500 segments of 900 customers"),
    ],
)
def test_what_cannot_be_done_is_said(change: dict[str, object], told: str, rows: Rows, tmp_path: Path) -> None:
    path = write(tmp_path, [[*row[:5], row[6]] for row in rows], [*HEADER[:5], "planted"])
    with pytest.raises(ScenarioError, match=told):
        segmented(path, replace(Settings(most=3), **change))  # type: ignore[arg-type]
