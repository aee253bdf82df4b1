"""`extends`: maps merge, lists and single values replace, `null` removes; problems are told where they stand."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from simengine.scenario import Problem, ScenarioError, load_scenario
from simengine.scenario.layers import read_layers
from tests.scenario.test_customers import TELCO
from tests.scenario.test_load import SMALLEST
from tests.scenario.test_northbank import PATH as NORTHBANK
from tests.scenario.worlds import BANK, write


def layers(folder: Path, *texts: str) -> Path:
    """Files `0.yaml`, `1.yaml` ..., each extending the one before; the path of the last."""
    for i, text in enumerate(texts):
        write(folder, (f"extends: {i - 1}.yaml\n" if i else "") + text, f"{i}.yaml")
    return folder / f"{len(texts) - 1}.yaml"


def told(path: Path) -> list[Problem]:
    with pytest.raises(ScenarioError) as error:
        load_scenario(path)
    return list(error.value.problems)


def test_maps_merge_lists_replace_and_null_removes(tmp_path: Path) -> None:
    base = "a: {x: 1, y: {p: 1, q: 2}, z: 3}\nb: [1, 2]\nc: 7\nd: {r: 1}\n"
    over = "e: 8\nd: 5\na: {new: 9, y: {q: 4}, z: null}\nb: [3]\n"
    source = read_layers(layers(tmp_path, base, over))
    assert source.data == {"a": {"x": 1, "y": {"p": 1, "q": 4}, "new": 9}, "b": [3], "c": 7, "d": 5, "e": 8}
    assert list(source.data) == ["a", "b", "c", "d", "e"]
    assert list(source.data["a"]) == ["x", "y", "new"]
    assert source.files == (str(tmp_path / "0.yaml"), str(tmp_path / "1.yaml"))


def test_every_value_knows_where_it_comes_from(tmp_path: Path) -> None:
    source = read_layers(layers(tmp_path, "a: {x: 1, y: 2}\nb: 3\n", "a: {y: 5}\n", "a:\n  y: 6\nb: null\n", "b: 7\n"))
    zero, one, two, three = (tmp_path / f"{i}.yaml" for i in range(4))
    origins = {path: place.origin for path, place in source.places.items() if place.text is not None}
    assert origins[("a", "x")] == f"{zero}:1"
    assert origins[("a", "y")] == f"{zero}:1, replaced at {one}:2, replaced at {two}:3"
    assert origins[("b",)] == f"{zero}:2, removed at {two}:4, stated again at {three}:2"
    assert source.removed == {}


def test_a_whole_scenario(tmp_path: Path) -> None:
    over = "segments: {affluent: {churn: 8%}, savers: null}\nlevers: {care: null}\nallocations: {phased: null}\n"
    over += "moves: {storm: null}\nsimulation: {seed: 9}\n"
    scenario = load_scenario(layers(tmp_path, BANK, over))
    base = load_scenario(tmp_path / "0.yaml")
    assert scenario.segments["affluent"] == base.segments["affluent"].model_copy(update={"churn": 0.08})
    assert scenario.segments["mass"] == base.segments["mass"]
    assert set(scenario.segments) == {"affluent", "mass"}
    assert (scenario.simulation.seed, scenario.simulation.replications) == (9, 4)
    assert (scenario.name, scenario.allocations["more_advice"]) == (base.name, base.allocations["more_advice"])


def test_a_base_need_not_be_complete(tmp_path: Path) -> None:
    base, _, rest = BANK.partition("allocations:")
    assert load_scenario(layers(tmp_path, base, "allocations:" + rest)) == load_scenario(write(tmp_path, BANK))


def test_a_base_in_another_folder_with_its_customer_file(tmp_path: Path) -> None:
    for folder in ("base", "variants"):
        (tmp_path / folder).mkdir()
    (tmp_path / "base" / "data").mkdir()
    (tmp_path / "base" / "data" / "telco.csv").write_text("customer_id\n")
    write(tmp_path / "base", TELCO, "telco.yaml")
    path = write(tmp_path / "variants", "extends: ../base/telco.yaml\nname: Variant\n", "variant.yaml")
    portfolio = load_scenario(path).portfolio
    assert portfolio is not None
    assert portfolio.customers == ((tmp_path / "base" / "data" / "telco.csv").resolve(),)
    over = "extends: ../base/telco.yaml\nportfolio: {customers: own.csv}\n"
    (problem,) = told(write(tmp_path / "variants", over, "own.yaml"))
    assert problem.file == str(tmp_path / "variants" / "own.yaml")
    (tmp_path / "variants" / "own.csv").write_text("customer_id\n")
    portfolio = load_scenario(tmp_path / "variants" / "own.yaml").portfolio
    assert portfolio is not None
    assert portfolio.customers == ((tmp_path / "variants" / "own.csv").resolve(),)


def test_problems_are_told_in_the_file_that_they_are_in(tmp_path: Path) -> None:
    base = BANK.replace("tax_rate: 25%", "tax_rate: 125%")
    path = layers(tmp_path, base, "segments:\n  affluent:\n    churn: 170%\n")
    found = {(Path(p.file).name, p.line): p.found for p in told(path)}
    line = BANK.splitlines().index("    churn: 7%") + 1
    assert found == {("0.yaml", 8): "125%", ("1.yaml", 4): f"170% (replaces {tmp_path / '0.yaml'}:{line})"}


def test_a_clash_between_layers_says_what_to_remove(tmp_path: Path) -> None:
    over = "levers:\n  care:\n    response: {adbudg: {none: 0, today: 1, plus_half: 2, saturated: 3}}\n"
    over += (
        "segments:\n  mass: {shares: {us: 30%, none: 70%}, churn: 6%, review: 20%}\n  savers:\n    dynamics: choice\n"
    )
    over += "    review: 20%\ncompany: {residual: {method: fade, years: 10}}\n"
    path = layers(tmp_path, BANK, over)
    hints = {p.place: (p.line, p.suggestion) for p in told(path) if "null" in p.suggestion}
    base = tmp_path / "0.yaml"

    def at(text: str) -> str:
        return f"{base}:{next(i for i, line in enumerate(BANK.splitlines(), 1) if text in line)}"

    assert hints["levers.care.response"] == (4, f"write hill: null to remove what {at('max: 0.4')} states")
    both = f"write constants: null and inertia: null to remove what {at('constants:')} and {at('inertia:')} state"
    assert hints["segments.mass"] == (6, both)
    assert hints["segments.savers"] == (7, f"write hazard: null to remove what {at('hazard: {')} states")
    write(tmp_path, "extends: 1.yaml\ncompany: {residual: {method: none}}\n", "2.yaml")
    again = {problem.place: problem.suggestion for problem in told(tmp_path / "2.yaml")}
    assert again["company.residual.years"] == f"write years: null to remove what {path}:10 states"


@pytest.mark.parametrize(
    ("extends", "found", "suggestion"),
    [
        ("1.yaml", "1.yaml, which is this file", "leave it out"),
        ("bnk.yaml", "bnk.yaml, no such file", "did you mean 'bank.yaml'?"),
        ("nowhere/a.yaml", "nowhere/a.yaml, no such file", "there is no folder"),
        (".", "., a folder", "it holds"),
        ("[bank.yaml, 1.yaml]", "a list", "name one file"),
        ("{a: 1}", "a mapping", ""),
        ("7", "7", ""),
        ("''", "an empty text", ""),
        (f"{'long' * 100}.yaml", "a file that cannot be read (File name too long)", ""),
        ('"a\\0b"', "a\0b", ""),
    ],
)
def test_what_cannot_be_extended(extends: str, found: str, suggestion: str, tmp_path: Path) -> None:
    write(tmp_path, BANK, "bank.yaml")
    path = write(tmp_path, f"simengine: 1\nextends: {extends}\n", "1.yaml")
    (problem,) = told(path)
    assert (problem.file, problem.line, problem.column > 0, problem.place) == (str(path), 2, True, "extends")
    assert found in problem.found
    assert suggestion in problem.suggestion


def test_a_circle_is_told_where_it_closes(tmp_path: Path) -> None:
    for name, base in (("a", "b"), ("b", "c"), ("c", "a")):
        write(tmp_path, f"extends: {base}.yaml\n", f"{name}.yaml")
    (problem,) = told(tmp_path / "a.yaml")
    assert (Path(problem.file).name, problem.line) == ("c.yaml", 1)
    assert problem.found == "a.yaml, which builds on this file"


def test_a_circle_is_seen_through_a_link(tmp_path: Path) -> None:
    path = write(tmp_path, "extends: link.yaml\n", "a.yaml")
    (tmp_path / "link.yaml").symlink_to("a.yaml")
    (problem,) = told(path)
    assert (problem.file, problem.found) == (str(path), "link.yaml, which is this file")


def test_what_a_linked_base_extends_is_beside_the_file_that_it_links_to(tmp_path: Path) -> None:
    for folder in ("bases", "variants"):
        (tmp_path / folder).mkdir()
    write(tmp_path / "bases", BANK, "bank.yaml")
    write(tmp_path / "bases", "extends: bank.yaml\nname: Link\n", "quiet.yaml")
    (tmp_path / "variants" / "link.yaml").symlink_to("../bases/quiet.yaml")
    source = read_layers(write(tmp_path / "variants", "extends: link.yaml\n", "variant.yaml"))
    assert [Path(file).name for file in source.files] == ["bank.yaml", "link.yaml", "variant.yaml"]


def test_a_base_that_is_not_yaml_is_told_in_the_base(tmp_path: Path) -> None:
    write(tmp_path, "a: [1\n", "base.yaml")
    (problem,) = told(write(tmp_path, "extends: base.yaml\n", "1.yaml"))
    assert (Path(problem.file).name, problem.line) == ("base.yaml", 2)


def test_an_unreadable_base(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    (problem,) = told(write(tmp_path, "extends: pipe.yaml\n", "1.yaml"))
    assert (Path(problem.file).name, problem.line) == ("1.yaml", 1)
    assert "pipe.yaml, not a regular file" in problem.found


def test_null_that_removes_nothing_is_a_slip(tmp_path: Path) -> None:
    found = told(layers(tmp_path, BANK, "levers: {outraech: null}\nportfolio: null\n"))
    assert [(p.line, p.place, p.suggestion) for p in found] == [
        (2, "levers.outraech", "did you mean 'outreach'?"),
        (3, "portfolio", "leave it out"),
    ]


def test_nothing_may_be_extended(tmp_path: Path) -> None:
    """`extends:` with nothing behind it, and a chain as long as one likes."""
    path = layers(tmp_path, BANK.replace("simengine: 1\n", "simengine: 1\nextends:\n"), *["simengine: 1\n"] * 1500)
    assert load_scenario(path) == load_scenario(tmp_path / "0.yaml")


@pytest.mark.parametrize(
    "text", [BANK, SMALLEST, NORTHBANK.read_text(encoding="utf-8")], ids=["bank", "smallest", "northbank"]
)
def test_a_file_that_restates_its_base_is_the_same_scenario(text: str, tmp_path: Path) -> None:
    path = layers(tmp_path, text, text)
    base, again = load_scenario(tmp_path / "0.yaml"), load_scenario(path)
    assert replace(again, name="") == replace(base, name="")
    assert (list(again.allocations), list(again.moves)) == (list(base.allocations), list(base.moves))
    resolved = load_scenario(write(tmp_path, again.resolved_yaml(), "resolved.yaml"))
    assert resolved == again


VALUES = st.recursive(
    st.integers(-9, 9) | st.sampled_from(["8%", "2027-Q1", "a text", True]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abcde"), inner, max_size=4),
    max_leaves=12,
)
FILES = st.dictionaries(st.sampled_from(["a", "b", "c", "d"]), VALUES, min_size=1, max_size=4)


def saved(folder: Path, data: dict[str, object], name: str) -> Path:
    with (folder / name).open("w", encoding="utf-8") as file:
        YAML().dump(data, file)
    return folder / name


@settings(max_examples=100)
@given(data=FILES, restated=st.data())
def test_an_empty_layer_or_one_that_restates_changes_nothing(
    data: dict[str, object], restated: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("layers")
    alone = read_layers(saved(folder, data, "base.yaml")).data
    saved(folder, {"extends": "base.yaml"}, "empty.yaml")
    same = {key: data[key] for key in restated.draw(st.permutations(list(data)))}
    saved(folder, {**same, "extends": "base.yaml"}, "same.yaml")
    for name in ("empty.yaml", "same.yaml"):
        merged = read_layers(folder / name)
        assert merged.data == alone
        assert list(merged.data) == list(alone)
        assert merged.problems == []


@settings(max_examples=100)
@given(base=FILES, over=FILES)
def test_what_is_stated_last_wins_and_places_are_complete(
    base: dict[str, object], over: dict[str, object], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("layers")
    saved(folder, base, "base.yaml")
    source = read_layers(saved(folder, {**over, "extends": "base.yaml"}, "over.yaml"))
    expected = overlaid(base, over)
    assert source.data == expected
    assert set(source.places) == set(paths(expected))
    own = {*paths(over)}
    for path, place in source.places.items():
        assert (Path(place.file).name == "over.yaml") == (path in own), path


def overlaid(base: object, over: object) -> object:
    """Maps merged, the plain way."""
    if not (isinstance(base, dict) and isinstance(over, dict)):
        return over
    return {key: overlaid(base[key], over[key]) if key in base and key in over else {**base, **over}[key]
            for key in {**base, **over}}  # fmt: skip


def paths(value: object, at: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [at, *(path for step, inner in steps for path in paths(inner, (*at, step)))]
