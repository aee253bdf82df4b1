"""`--set PATH=VALUE`: any input, the same checks, told with the option's own words."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simengine.scenario import Problem, ScenarioError, load_scenario
from simengine.scenario.segment import ChoiceSegment
from simengine.scenario.yaml_file import read_yaml
from tests.scenario.worlds import BANK, replaced, write


@pytest.fixture
def bank(tmp_path: Path) -> Path:
    return write(tmp_path, BANK)


def told(path: Path, *given: str) -> list[Problem]:
    with pytest.raises(ScenarioError) as error:
        load_scenario(path, settings=given)
    return list(error.value.problems)


def test_any_input_may_be_set(bank: Path) -> None:
    scenario = load_scenario(
        bank,
        settings=[
            "segments.affluent.churn=8%",
            "segments.affluent.stages.years=[2, 4]",
            "levers.advisers.today.affluent = 5k",
            "moves.price_cut.1.change.price=-10%",
            "moves.price_cut.2={who: atlas, at: 2028, change: {price: -2%}}",
            "moves.storm=null",
            "allocations.extra={advisers: {affluent: 12k}}",
            "allocations.other.advisers.affluent=13k",
            "company.residual.method=book",
            "needs=[service, rate]",
            "name='A: name = this'",
        ],
    )
    affluent = scenario.segments["affluent"]
    assert isinstance(affluent, ChoiceSegment)
    assert (affluent.churn, affluent.stages.years) == (0.08, (2, 4))
    assert scenario.levers["advisers"].today == {"affluent": 5000}
    assert [change.change for change in scenario.moves["price_cut"]] == [{"price": -0.1}, {"price": -0.02}]
    assert list(scenario.moves) == ["quiet", "price_cut"]
    assert list(scenario.allocations) == ["baseline", "more_advice", "copy", "phased", "extra", "other"]
    assert scenario.allocations["other"].fundings["advisers"][0].amounts == {"affluent": 13000}
    assert scenario.company.residual.method == "book"
    assert scenario.name == "A: name = this"


def test_the_resolved_scenario_holds_what_was_set(bank: Path, tmp_path: Path) -> None:
    scenario = load_scenario(bank, settings=["segments.affluent.churn=8%"])
    assert "churn: 0.08" in scenario.resolved_yaml()
    assert load_scenario(write(tmp_path, scenario.resolved_yaml(), "resolved.yaml")) == scenario


def test_names_may_hold_dots_and_spaces(tmp_path: Path) -> None:
    text, _ = replaced(
        ("  mass:\n", "  v1.5 small=big:\n"), ("outreach: {mass: 4k}", "{outreach: {v1.5 small=big: 4k}}"[1:-1]),
        ("{affluent: 2k, mass: 2k}", "{affluent: 2k, v1.5 small=big: 2k}"),
        ("segments: {mass: {rate: 7}}", "segments: {v1.5 small=big: {rate: 7}}"),
    )  # fmt: skip
    path = write(tmp_path, text)
    for spelled in ('segments."v1.5 small=big".margin=50%', "segments.'v1.5 small=big'.margin=50%"):
        assert load_scenario(path, settings=[spelled]).segments["v1.5 small=big"].margin == 0.5
    path = write(tmp_path, text.replace("small=big", "small"))
    assert load_scenario(path, settings=["segments.v1.5 small.margin=50%"]).segments["v1.5 small"].margin == 0.5


def test_the_longest_known_name_wins(tmp_path: Path) -> None:
    text, _ = replaced(("  copy:\n    like: more_advice", "  copy.late: {}\n  copy:\n    like: more_advice"))
    scenario = load_scenario(write(tmp_path, text), settings=["allocations.copy.late={care: {savers: 1k}}"])
    assert list(scenario.allocations["copy.late"].fundings) == ["care"]
    assert list(scenario.allocations["copy"].fundings) == ["advisers", "outreach"]


def test_one_mapping_stands_for_a_list_of_one(bank: Path) -> None:
    given = ["moves.storm.1.change.hazard=30%", "allocations.more_advice.advisers.1.affluent=7k"]
    scenario = load_scenario(bank, settings=given)
    assert scenario.moves["storm"][0].change == {"hazard": 0.3}
    assert scenario.allocations["more_advice"].fundings["advisers"][0].amounts == {"affluent": 7000}


def test_the_last_setting_of_a_value_holds(bank: Path) -> None:
    given = ["segments.affluent.margin=1%", "segments.affluent.margin=2%"]
    scenario = load_scenario(bank, settings=given)
    assert scenario.segments["affluent"].margin == 0.02
    line = next(i for i, text in enumerate(BANK.splitlines(), 1) if "margin: 58%" in text)
    place = scenario.source.places[("segments", "affluent", "margin")]
    assert place.origin == f"{bank}:{line}, replaced by --set, replaced by --set"


def test_removing_an_item_moves_the_later_ones_up(bank: Path) -> None:
    scenario = load_scenario(bank, settings=["allocations.phased.care.1=null"])
    (funding,) = scenario.allocations["phased"].fundings["care"]
    assert funding.amounts == {"savers": 2000}
    place = scenario.source.places[("allocations", "phased", "care", 0, "savers")]
    assert place.column == next(line.index("savers: 2k") for line in BANK.splitlines() if "savers: 2k" in line) + 9


@pytest.mark.parametrize(
    ("setting", "found", "expected", "suggestion"),
    [
        ("segments.affluent.churn", "'segments.affluent.churn'", "PATH=VALUE", "put a ="),
        ("=5", "'=5'", "PATH=VALUE", ""),
        ("name=", "no value", "PATH=VALUE", "write null"),
        ("name=[a", "the end of the text where the `[` before it is still open", "a comma or `]`", "close the `[`"),
        ("name=!!x a", "the tag !!x", "plain values", "leave the tag out"),
        ("segments.afluent.churn=8%", "the unknown name `afluent`", "one of affluent, mass or savers", "'affluent'?"),
        ("segments.affluent.chrun=8%", "the unknown key `chrun`", "churn", "did you mean 'churn'?"),
        ("compny.tax_rate=8%", "the unknown key `compny`", "company", "did you mean 'company'?"),
        ("segments.affluent.churn.x=8%", "`segments.affluent.churn.x`", "churn is 7%", "set segments.affluent.churn"),
        ("segments.affluent.churn=170%", "170% (replaces ", "a probability a year", ""),
        ("segments.affluent.shares.us=40%", "shares that sum to 106%", "a sum of 100%", "none: 17%"),
        ("moves.price_cut.3.at=2028", "`3`", "the number of an item, 1 to 1, or 2 for one more", ""),
        ("moves.price_cut.at=2028", "`at`", "the number of an item, 1 to 1", ""),
        ("company..x=3", "an empty step", "a dot between", ""),
        (".x=3", "an empty step", "a dot between", ""),
        ("company.=3", "an empty step", "a dot between", ""),
        ("levers.care.todya=null", "nothing to remove", "a key that is stated", "leave it out"),
        ("moves.price_ct=null", "nothing to remove", "a key that is stated", "did you mean 'price_cut'?"),
        ("moves.price_cut.2=null", "nothing to remove", "a key that is stated", "leave it out"),
        ("extends=nowhere.yaml", "nowhere.yaml, no such file", "the path of a scenario file", ""),
        ("levers.care.response.adbudg={none: 0, today: 1, plus_half: 2, saturated: 3}", "`hill` and `adbudg`",
         "go together", "write --set levers.care.response.hill=null to remove what"),
    ],
)  # fmt: skip
def test_what_cannot_be_set(setting: str, found: str, expected: str, suggestion: str, bank: Path) -> None:
    problems = [p for p in told(bank, setting) if suggestion in p.suggestion and found in p.found]
    assert problems, told(bank, setting)
    assert expected in problems[0].expected
    named = problems[0].file == f"--set {setting}" and problems[0].line == 0
    assert named or setting.startswith(("segments.affluent.shares", "levers.care.response"))


def test_all_problems_at_once(bank: Path) -> None:
    bank.write_text(BANK.replace("tax_rate: 25%", "tax_rate: 125%"))
    found = told(bank, "x", "segments.affluent.churn=170%", "segments.afluent.churn=1%")
    assert [(Path(p.file).name, p.line) for p in found] == [
        ("--set segments.affluent.churn=170%", 0),
        ("--set segments.afluent.churn=1%", 0),
        ("--set x", 0),
        ("world.yaml", 8),
    ]


def test_a_value_replaces_all_that_was_there(bank: Path) -> None:
    given = "segments.affluent.shares={us: 40%, atlas: 60%}"
    affluent = load_scenario(bank, settings=[given]).segments["affluent"]
    assert isinstance(affluent, ChoiceSegment)
    assert affluent.shares == {"us": 0.4, "atlas": 0.6}


def test_what_is_extended_may_be_set(bank: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The option's file is seen from where the command is given."""
    (tmp_path / "variants").mkdir()
    over = write(tmp_path / "variants", "extends: nowhere.yaml\nname: Variant\n")
    monkeypatch.chdir(tmp_path)
    scenario = load_scenario(over, settings=["extends=world.yaml"])
    assert (scenario.name, scenario.needs) == ("Variant", ("rate", "service"))
    assert load_scenario(over, settings=["extends=nowhere.yaml", "extends=world.yaml"]) == scenario
    assert load_scenario(bank, settings=["extends=null"]) == load_scenario(bank)


def leaves(value: object, at: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path for step, inner in steps for path in leaves(inner, (*at, step))] or [at]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_setting_the_present_value_changes_nothing(bank: Path, data: st.DataObject) -> None:
    plain = read_yaml(bank)
    path = data.draw(st.sampled_from([at for at in leaves(plain.data) if plain.places[at].text is not None]))
    spelled = ".".join(str(step + 1) if isinstance(step, int) else step for step in path)
    scenario = load_scenario(bank, settings=[f"{spelled}={plain.places[path].text}"])
    assert scenario == load_scenario(bank)
    assert list(scenario.allocations) == list(load_scenario(bank).allocations)
    assert scenario.source.places[path].origin.endswith("replaced by --set")


def test_bytes_that_are_no_characters_are_refused(bank: Path) -> None:
    for text in ("\udcff=3", "company.name=\udcff"):
        (problem,) = told(bank, text)
        assert "not UTF-8" in problem.found
        problem.file.encode()


def test_a_number_beyond_all_items_is_refused_in_short(bank: Path) -> None:
    (problem,) = told(bank, f"moves.price_cut.{'9' * 5000}.at=2027")
    assert problem.found == f"`{'9' * 40}…`"


@pytest.mark.parametrize("path", ["extends", '"extends"', "'extends'"])
def test_extends_in_quotes_is_extends(path: str, bank: Path) -> None:
    (problem,) = told(bank, f"{path}=nowhere.yaml")
    assert "nowhere.yaml, no such file" in problem.found
