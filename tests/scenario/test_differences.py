"""What differs between two scenarios, whatever the order and the way in which they are written."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from simengine.scenario import load_scenario
from simengine.scenario.differences import Side, differences
from simengine.scenario.yaml_file import read_yaml
from tests.scenario.test_customers import TELCO
from tests.scenario.test_settings import leaves
from tests.scenario.worlds import BANK, replaced, write

SHIPPED = sorted((Path(__file__).parents[2] / "scenarios").glob("*.yaml"))


def said(before: Path, after: Path, *given: str) -> dict[str, str]:
    found = differences(Side(load_scenario(before)), Side(load_scenario(after, settings=given)))
    return {difference.place: difference.words for difference in found}


@pytest.fixture
def bank(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, BANK, "a.yaml")
    return Path("a.yaml")


def line(text: str) -> int:
    return next(i for i, each in enumerate(BANK.splitlines(), 1) if text in each)


def test_in_the_words_of_its_writer(bank: Path) -> None:
    text, _ = replaced(
        ("churn: 7%", "churn: 0.08"), ("size: 2k", "size: 2500"), ("capital: 12% of revenue", "capital: 250"),
        ("max: 40%", "max: 0.5"), ("change: {price: -8%}", "change: {price: -10%}"), ("{seed: 7,", "{seed: 7.0,"),
        ("{affluent: 9k}", "{affluent: 9.5k}"), ("needs: {rate: 1}", "needs: {rate: 100%}"),
    )  # fmt: skip
    write(Path(), text, "b.yaml")
    assert said(bank, Path("b.yaml")) == {
        "segments › affluent › churn": f"7% → 8% (a.yaml:{line('churn: 7%')} → b.yaml:{line('churn: 7%')})",
        "segments › affluent › capital": f"12% of revenue → 250 (a.yaml:{line('capital')} → b.yaml:{line('capital')})",
        "segments › savers › size": f"2k → 2.5k (a.yaml:{line('size: 2k')} → b.yaml:{line('size: 2k')})",
        "levers › outreach › response › hill › max": f"40% → 50% (a.yaml:{line('40%, h')} → b.yaml:{line('40%, h')})",
        "allocations › more_advice › advisers › affluent": f"9k → 9.5k (a.yaml:{line('9k}')} → b.yaml:{line('9k}')})",
        "allocations › copy › advisers › affluent": f"9k → 9.5k (a.yaml:{line('9k}')} → b.yaml:{line('9k}')})",
        "moves › price_cut › change › price": f"-8% → -10% (a.yaml:{line('-8%')} → b.yaml:{line('-8%')})",
    }


def test_what_is_on_one_side_only(bank: Path) -> None:
    given = [
        "allocations.phased=null",
        "allocations.extra.care.savers=1k",
        "moves.storm=null",
        "allocations.more_advice.outreach.mass=3k",
        "segments.affluent.cost_to_serve.app={uses: 3, cost: 0.05}",
        "company.residual.method=book",
        "moves.price_cut.2={who: atlas, at: 2028, change: {price: -2%}}",
    ]
    assert said(bank, bank, *given) == {
        "company › residual › method": "none → book (default → --set)",
        "segments › affluent › cost_to_serve › app": "not stated → {uses: 3, cost: 0.05} (--set)",
        "allocations › more_advice › outreach": "today's spend → {mass: 3k} (--set)",
        "allocations › phased": f"removed (a.yaml:{line('phased:')})",
        "allocations › extra": "added (--set)",
        "moves › price_cut › 2": "not stated → {who: atlas, at: 2028-Q1, change: {price: -2%}} (--set)",
        "moves › storm": f"removed (a.yaml:{line('storm:')})",
    }


def test_order_and_ways_of_writing_are_immaterial(bank: Path) -> None:
    data = read_yaml(bank).data
    for block in ("segments", "levers", "allocations", "moves"):
        data[block] = dict(reversed(data[block].items()))
    data["allocations"]["copy"] = {"advisers": {"affluent": 9000}, "outreach": {"from": "2027-Q2", "mass": "4_000"}}
    data["company"]["tax_rate"] = 0.25
    data["needs"].reverse()
    with Path("b.yaml").open("w", encoding="utf-8") as file:
        YAML().dump(dict(reversed(data.items())), file)
    assert said(bank, Path("b.yaml")) == {}


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_scenario_and_its_resolved_form_are_the_same(path: Path, tmp_path: Path) -> None:
    assert said(path, write(tmp_path, load_scenario(path).resolved_yaml())) == {}


def test_names_of_files_are_no_difference(tmp_path: Path) -> None:
    text, _ = replaced(("name: A small bank\n", ""))
    assert said(write(tmp_path, text, "a.yaml"), write(tmp_path, text, "b.yaml")) == {}
    assert said(write(tmp_path, text, "a.yaml"), write(tmp_path, "name: b\n" + text, "b.yaml")) == {
        "name": f"a → b (default → {tmp_path / 'b.yaml'}:1)"
    }


def test_customer_files_differ_by_what_is_in_them(tmp_path: Path) -> None:
    for folder, content in (("a", "customer_id\n"), ("b", "customer_id\n"), ("c", "customer_id\n1\n")):
        (tmp_path / folder / "data").mkdir(parents=True)
        (tmp_path / folder / "data" / "telco.csv").write_text(content)
        write(tmp_path / folder, TELCO)
    a, b, c = (tmp_path / folder / "world.yaml" for folder in "abc")
    assert said(a, b) == {}
    ((place, words),) = said(a, c).items()
    assert place == "portfolio › customers"
    assert words.startswith("telco.csv (SHA-256 ")
    recorded = Side(load_scenario(b), {"telco.csv": "0" * 64})
    (difference,) = differences(Side(load_scenario(a)), recorded)
    assert "(SHA-256 000000000000)" in difference.words


VALUES = {
    "churn": "6%",
    "margin": "50%",
    "price_sensitivity": "2",
    "tax_rate": "30%",
    "mean": "91",
    "cost": "91",
    "uses": "91",
}


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_what_is_set_is_what_differs(bank: Path, data: st.DataObject) -> None:
    """Exactly that place differs, and the other way round it is the same."""
    path = data.draw(st.sampled_from([at for at in leaves(read_yaml(bank).data) if at[-1] in VALUES]))
    setting = f"{'.'.join(map(str, path))}={VALUES[str(path[-1])]}"
    plain, changed = Side(load_scenario(bank)), Side(load_scenario(bank, settings=[setting]))
    (there,), (back,) = differences(plain, changed), differences(changed, plain)
    assert there.path == back.path == path
    assert (there.before, there.after) == (back.after, back.before)
    assert there.after is not None
    assert (there.after.text, there.after.where) == (VALUES[str(path[-1])], "--set")
