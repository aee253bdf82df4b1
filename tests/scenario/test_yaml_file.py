"""Files that cannot be read, and YAML's own traps."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from simengine.scenario import ScenarioError, load_scenario
from simengine.scenario.yaml_file import read_yaml
from tests.scenario.worlds import BANK, problems, replaced, write


def refusal(path: Path) -> tuple[int, int, str]:
    with pytest.raises(ScenarioError) as error:
        load_scenario(path)
    (problem,) = error.value.problems
    assert problem.file == str(path)
    return problem.line, problem.column, str(problem)


def test_a_missing_file(tmp_path: Path) -> None:
    (tmp_path / "northbank.yaml").write_text(BANK)
    line, _, text = refusal(tmp_path / "nortbank.yaml")
    assert line == 0
    assert "no such file" in text
    assert "did you mean 'northbank.yaml'?" in text


def test_a_missing_folder(tmp_path: Path) -> None:
    assert "there is no folder" in refusal(tmp_path / "nowhere" / "a.yaml")[2]


def test_a_folder(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(BANK)
    assert "found a folder, expected a scenario file (YAML); it holds a.yaml" in refusal(tmp_path)[2]


def test_what_is_no_file_to_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    assert "found not a regular file, expected a scenario file" in refusal(tmp_path / "pipe.yaml")[2]
    (tmp_path / "loop.yaml").symlink_to("loop.yaml")
    assert "cannot be read (Too many levels of symbolic links)" in refusal(tmp_path / "loop.yaml")[2]
    assert "cannot be read (File name too long)" in refusal(tmp_path / f"{'long' * 100}.yaml")[2]
    (tmp_path / "big.yaml").write_text("x: 1\n" + "# customers\n" * 100_000)
    line, _, text = refusal(tmp_path / "big.yaml")
    assert line == 0
    assert "found a file of more than 1 MB, expected a scenario file (YAML); customers belong in a file" in text


def test_not_utf8(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes("name: x\ncurrency: §é".encode("latin-1"))
    assert refusal(path)[:2] == (2, 11)
    assert "the byte 0xa7, expected text in UTF-8; save the file as UTF-8" in refusal(path)[2]
    path.write_bytes(BANK.encode("utf-16"))
    assert "found text in UTF-16, expected a scenario file (YAML); save" in refusal(path)[2]


def test_a_byte_order_mark_is_no_problem(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(BANK.encode("utf-8-sig"))
    assert load_scenario(path).name == "A small bank"


@pytest.mark.parametrize(
    ("text", "line", "column", "said"),
    [
        ("needs: [a, b\n", 2, 1, "the end of the text where the `[` of line 1 is still open"),
        ("needs: [a, b\nname: x\n", 2, 5, "close the `[` of line 1 with `]`"),
        ("name: a: b\n", 1, 8, "holds `: ` in quotes"),
        ("company:\n\tname: x\n", 2, 1, "spaces, not tabs"),
        ("name: 'x\n", 1, 7, "a quotation mark that nothing closes"),
        ("name: @x\n", 1, 7, "put the text in quotes"),
        (
            "company:\n  name: x\n discount_rate: 1\n",
            3,
            2,
            "a key in column 2, expected one in column 1, as on line 1",
        ),
        ("name: *x\n", 1, 7, "`*x`, though nothing above is marked `&x`"),
        ("name: a\x07b\n", 1, 8, "the character 0x0007"),
        ("a: 1\n---\nb: 2\n", 2, 1, "another document"),
        ("", 1, 1, "an empty file"),
        ("# nothing\n", 1, 1, "an empty file"),
        ("- a\n- b\n", 1, 1, "a list"),
        ("just words\n", 1, 1, "just words"),
        ("a: " + "[" * 1500, 1, 1, "too deep to be read"),
    ],
)
def test_not_a_scenario_in_yaml(text: str, line: int, column: int, said: str, tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(text)
    found = refusal(path)
    assert found[:2] == (line, column)
    assert said in found[2]


def test_duplicate_keys_are_all_told_with_the_rest(tmp_path: Path) -> None:
    text, places = replaced(
        ("  tax_rate: 25%", "  tax_rate: 25%\n  §tax_rate: 26%\n  §name: Other"),
        ("    margin: 40%", "    margin: §x\n    §margin: 41%"),
    )
    found = problems(tmp_path, text)
    assert [(p.line, p.column) for p in found] == places
    assert found[0].found == "the same key twice"
    assert found[0].suggestion == "it is also on line 8: delete one of the two"


@pytest.mark.parametrize(
    ("value", "said"),
    [("§!!python/object:os.system x", "the tag !!python/object:os.system"), ("§!fancy {a: 1}", "the tag !fancy")],
)
def test_tags_are_refused(value: str, said: str, tmp_path: Path) -> None:
    text, places = replaced(("  name: Small", f"  name: {value}"))
    found = problems(tmp_path, text)
    assert any(p.found == said and p.line == places[0][0] for p in found)


def test_an_anchor_may_not_contain_itself(tmp_path: Path) -> None:
    text, _ = replaced(("needs: [rate, service]", "needs: &n [rate, *n]"))
    assert any(p.found == "an anchor that contains itself" for p in problems(tmp_path, text))


@pytest.mark.parametrize("form", ["[{}]", "{{<<: [{}]}}", "{{x: [{}]}}"])
def test_a_bomb_of_aliases_is_refused_at_once(form: str, tmp_path: Path) -> None:
    lines = ["name: x", "a0: &a0 {x: 1}"]
    lines += [f"a{i}: &a{i} {form.format(', '.join([f'*a{i - 1}'] * 10))}" for i in range(1, 10)]
    path = write(tmp_path, "\n".join(lines) + "\n")
    begun = time.process_time()
    line, _, text = refusal(path)
    assert time.process_time() - begun < 2
    assert line > 1
    assert "aliases that stand for more than 100,000 values" in text


def test_keys_that_are_no_names(tmp_path: Path) -> None:
    text, places = replaced(("needs: {rate: 1}", "needs: {§[a, b]: 1}"))
    told = [(p.line, p.column) for p in problems(tmp_path, text) if p.found == "a list or mapping as a key"]
    assert told == places


def test_words_that_old_yaml_took_for_something_else(tmp_path: Path) -> None:
    """Keys are text; `no`, `on`, `null` and numbers as names are what they look like."""
    path = tmp_path / "a.yaml"
    path.write_text("no: {on: 5e6, null: 1e-3, 12: 1_000, yes: 012, ~: 0x1F, t: 12:30, d: 2027-03-01, n: !!str 7}\n")
    inner = {"on": 5e6, "null": 1e-3, "12": 1000, "yes": 12, "~": 31, "t": "12:30", "d": "2027-03-01", "n": "7"}
    data = read_yaml(path).data
    assert data == {"no": inner}
    assert {type(value) for value in data["no"].values()} == {int, float, str}


def test_merged_mappings(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("base: &b {x: 1, y: 2}\nother: {<<: *b, y: 3}\nboth: {<<: [{x: 5}, *b]}\n")
    source = read_yaml(path)
    assert source.data == {"base": {"x": 1, "y": 2}, "other": {"y": 3, "x": 1}, "both": {"x": 5, "y": 2}}
    assert source.problem(("other", "x"), found="a", expected="b").line == 1


def test_places(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("a:\n  b: {c: 7}\n  d:\n    - 1\n    - e: 2\n")
    source = read_yaml(path)
    where = {
        ("a",): (1, 1), ("a", "b"): (2, 3), ("a", "b", "c"): (2, 10), ("a", "d", 0): (4, 7),
        ("a", "d", 1, "e"): (5, 10),
        ("a", "missing", "deeper"): (1, 1), ("missing",): (1, 1),
    }  # fmt: skip
    for at, place in where.items():
        problem = source.problem(at, expected="x")
        assert (problem.line, problem.column) == place, at
    assert source.problem(("a", "d", 1, "e"), expected="x").place == "a.d.2.e"
    assert source.problem(("a", "b", "c"), expected="x").found == "7"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("{when: share(us, mass) > 38%, at: 1}", "share(us, mass) > 38%"),
        ("{when: share(us,mass) > 38% or level(us, a,  b) < 3, at: 1}", "share(us,mass) > 38% or level(us, a,  b) < 3"),
        ("{when: share(us, mass) > share(us, mass), at: 1}", "share(us, mass) > share(us, mass)"),
        ("{when: 'share(us, mass) > 38%', at: 1}", "share(us, mass) > 38%"),
        ("{when: share(us,\n    mass) > 38%, at: 1}", "share(us, mass) > 38%"),
        ("{when: share(us, at: 1}", "share(us"),
    ],
)
def test_a_comma_within_round_brackets_does_not_end_a_value(written: str, meant: str, tmp_path: Path) -> None:
    source = read_yaml(write(tmp_path, f"move: {written}\n"))
    assert source.data == {"move": {"when": meant, "at": 1}}
    assert source.problems == []
    place = source.places["move", "when"]
    assert place.text == meant
    assert place.column == len("move: {when: ") + 1
    if "'" not in written and "\n" not in written:
        assert place.length == len(meant)


def test_brackets_that_nothing_closes_take_no_other_entry(tmp_path: Path) -> None:
    source = read_yaml(write(tmp_path, "a: {x: f(b, y, z: 1}\n"))
    assert source.data == {"a": {"x": "f(b, y", "z": 1}}


@pytest.mark.parametrize(
    ("written", "column", "length"),
    [
        ("share(us) > 3", 7 + 6, 2),
        ("'share(us) > 3'", 8 + 6, 2),
        ('"share(us) > 3"', 8 + 6, 2),
        ('"share\\x28us) > 3"', 7, 18),  # a letter that stands for another: no telling which is which
    ],
)
def test_a_part_of_a_value_is_told_at_its_column(written: str, column: int, length: int, tmp_path: Path) -> None:
    source = read_yaml(write(tmp_path, f"when: {written}\n"))
    problem = source.problem(("when",), expected="something else", part=(6, 2))
    assert (problem.line, problem.column, problem.length) == (1, column, length)
