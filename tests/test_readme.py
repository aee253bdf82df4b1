"""What the README shows is what happens."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
SHOWN = re.findall(r"```console\n\$ simengine (.+)\n((?:.*\n)*?)```", README)
FIRST = re.findall(r"```yaml\n((?:.*\n)*?)```", README)
SET_UP = re.findall(r"```sh\n(.+)\n```", README)


def lines(text: str) -> list[str]:
    return [line.rstrip() for line in text.strip().splitlines()]


def run(arguments: str, folder: Path) -> str:
    """What `simengine arguments` prints, in a folder with the shipped scenarios and the README's own: its standard
    output, or what is wrong with the input."""
    for name, text in zip(("first.yaml", "uncertain.yaml", "living.yaml"), FIRST, strict=False):
        (folder / name).write_text(text, encoding="utf-8")
    if not (folder / "scenarios").exists():
        (folder / "scenarios").symlink_to(ROOT / "scenarios")
    done = subprocess.run(
        [sys.executable, "-m", "simengine", *shlex.split(arguments)],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode in (0, 2), done.stderr
    return done.stderr if done.returncode else done.stdout


@pytest.mark.parametrize(("arguments", "output"), SHOWN, ids=[arguments for arguments, _ in SHOWN])
def test_outputs_are_what_the_commands_print(arguments: str, output: str, tmp_path: Path) -> None:
    """A line of three dots stands for lines that are left out."""
    printed, shown = "\n".join(lines(run(arguments, tmp_path))), "\n".join(lines(output))
    if "\n...\n" in shown:
        assert re.fullmatch("\n(?:.*\n)*?".join(map(re.escape, shown.split("\n...\n"))), printed), printed
    else:
        assert printed == shown


def test_the_first_scenario_is_one_screen_and_is_shown_running() -> None:
    assert len(FIRST[0].splitlines()) <= 40
    assert "run first.yaml" in [arguments for arguments, _ in SHOWN]


@pytest.mark.parametrize("command", ["validate", "check"])
def test_the_first_scenario_passes_the_other_commands(command: str, tmp_path: Path) -> None:
    assert f"`simengine {command} first.yaml`" in README
    assert "problem" not in run(f"{command} first.yaml", tmp_path)


def test_the_customer_files_that_are_described_can_be_read(tmp_path: Path) -> None:
    """Two files as a spreadsheet in German writes them; one charge is missing."""
    (portfolio,) = FIRST[3:]
    (tmp_path / "data").mkdir()
    for part, rows in enumerate(["1;Jährlich;29,85", "2;Jährlich;1.056,95\n3;Jährlich;"]):
        text = f"customer_id;contract;monthly_charges\n{rows}\n"
        (tmp_path / "data" / f"part-{part}.csv").write_text(text, encoding="cp1252")
    rest = """
company: {name: Invented, discount_rate: 9%, shares: 1000}
segments: {Jährlich: {dynamics: contract, hazard: {constant: 20%}, margin: 60%}}
allocations: {baseline: {}}
"""
    (tmp_path / "telecoms.yaml").write_text(portfolio + rest, encoding="utf-8")
    summary = json.loads(run("run telecoms.yaml --mode expected --json", tmp_path))
    assert summary["customers"] == 3
    (tmp_path / "telecoms.yaml").write_text(portfolio.replace("segment mean", "refuse") + rest, encoding="utf-8")
    assert "part-1.csv:3" in run("run telecoms.yaml --mode expected --json", tmp_path)


def test_every_block_of_the_first_scenario_is_explained() -> None:
    blocks = re.findall(r"^(\w+):", FIRST[0], re.MULTILINE)
    table = README.partition("| block | what it says |")[2].partition("\n\n")[0]
    assert len(blocks) == 12
    assert re.findall(r"`(\w+)`", "\n".join(row.split("|")[1] for row in table.splitlines()[2:])) == blocks


def test_there_is_a_table_and_both_set_up_commands_make_their_own_environment() -> None:
    assert SHOWN
    assert len(SET_UP) == 2
    for command in SET_UP:
        assert command.startswith("python3.11 -m venv .venv && .venv/bin/pip install -q ")


def test_the_first_set_up_command_ends_with_the_command_whose_output_is_shown() -> None:
    assert SET_UP[0].endswith(f".venv/bin/simengine {SHOWN[0][0]}")


def test_the_second_set_up_command_uses_what_it_installs() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    installed = " ".join(project["optional-dependencies"]["test"])
    tools = re.findall(r"\.venv/bin/(\w+)", SET_UP[1])
    assert tools == ["pip", "ruff", "mypy", "pytest"]
    assert all(tool in installed for tool in tools[1:])


def test_the_commands_of_the_table_are_those_that_exist(tmp_path: Path) -> None:
    listed = re.findall(r"^  (\w+)  ", run("--help", tmp_path).partition("Commands")[2], re.MULTILINE)
    assert listed == re.findall(r"^\| `simengine (\w+)", README, re.MULTILINE)


@pytest.mark.parametrize("room", re.findall(r"^\| (`.+`) \| ", README, re.MULTILINE))
def test_what_the_tables_name_exists(room: str) -> None:
    for name in re.findall(r"`([\w.]+/?)`", room):
        if name.endswith(("/", ".py")):
            assert (ROOT / "simengine" / name).exists(), name


def test_every_room_is_described() -> None:
    rooms = {path.name for path in (ROOT / "simengine").iterdir() if (path / "__init__.py").exists()}
    assert all(f"`{room}/`" in README for room in rooms)
    picture = README.partition("## Rooms")[2].split("```")[1]
    assert set(re.findall(r"[a-z]+", picture)) == rooms - {"arithmetic"}


def test_links_lead_somewhere() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        assert (ROOT / target).exists(), target
    headings = re.findall(r"^##+ (.+)$", README, re.MULTILINE)
    anchors = {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}
    assert set(re.findall(r"\]\(#([^)]+)\)", README)) <= anchors
