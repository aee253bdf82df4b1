"""`benchmarks/compare` on versions whose ratios are known, and on this one."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from simengine.bench.engine import TRIALS

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = Path("benchmarks") / "compare"
TOLD = """\
import json, sys
asked = [name for flag, name in zip(sys.argv, sys.argv[1:]) if flag == "--measure"]
assert sys.argv[1] == "bench"
ratios = {ratios}
print(json.dumps({{"ratios": {{name: {{"ratio": r}} for name, r in ratios.items() if name in asked or not asked}}}}))
"""


def git(folder: Path, *arguments: str) -> str:
    identity = ("-c", "user.name=Test", "-c", "user.email=test@example.org")
    return subprocess.run(
        ["git", *identity, *arguments], cwd=folder, check=True, capture_output=True, text=True
    ).stdout.strip()


def written(folder: Path, ratios: dict[str, float]) -> None:
    """A version whose `simengine bench` tells these ratios."""
    package = folder / "simengine"
    (package / "bench").mkdir(parents=True, exist_ok=True)
    (package / "__init__.py").touch()  # without it, an installed version would be found first
    (package / "__main__.py").write_text(TOLD.format(ratios=ratios))
    (package / "bench" / "stepper.c").write_text("/* the same in all versions */")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """The script beside a version that is committed and tagged `before`."""
    (tmp_path / "benchmarks").mkdir()
    shutil.copy(ROOT / SCRIPT, tmp_path / SCRIPT)
    written(tmp_path, {"sampled_12_cells": 12.0, "expected_1m": 1.0, "second_core": 1.0})
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--quiet", "--message", "before")
    git(tmp_path, "tag", "before")
    return tmp_path


def compare(folder: Path, *arguments: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, SCRIPT, *arguments], cwd=folder, capture_output=True, text=True, timeout=300, check=False
    )
    return done.returncode, done.stdout + done.stderr


def test_a_slowdown_is_measured_again_and_fails(repository: Path) -> None:
    written(repository, {"sampled_12_cells": 10.0, "expected_1m": 0.9, "second_core": 0.1})
    code, text = compare(repository, "--base", "before")
    assert code == 1
    slow, other = text.splitlines()[1:]  # second_core is no ratio of the engine to the stepper
    assert " ".join(slow.split()) == "sampled_12_cells 12.000 → 10.000 -16.7% (9 rounds) slower by more than 15 %"
    assert " ".join(other.split()) == "expected_1m 1.000 → 0.900 -10.0% (3 rounds)"
    assert compare(repository, "--base", "before", "--limit", "20")[0] == 0
    assert compare(repository, "--base", "before", "--measure", "expected_1m")[0] == 0


def test_commits_are_compared_and_the_working_tree_is_left_alone(repository: Path) -> None:
    written(repository, {"sampled_12_cells": 13.0})
    git(repository, "commit", "--quiet", "--all", "--message", "faster")
    written(repository, {"sampled_12_cells": 1.0})
    code, text = compare(repository, "--base", "before", "--head", "HEAD")
    assert code == 0
    assert "12.000 →   13.000" in text
    assert compare(repository, "--base", "HEAD", "--head", "before")[0] == 0
    assert compare(repository, "--base", "HEAD")[0] == 1


@pytest.mark.parametrize("reference", ["nowhere", "", "--output=stolen.tar", "--base", "before:benchmarks", "a\nb"])
@pytest.mark.parametrize("side", ["base", "head"])
def test_a_reference_that_is_no_commit(repository: Path, side: str, reference: str) -> None:
    other = {"base": "head", "head": "base"}[side]
    files = sorted(repository.rglob("*.tar"))
    code, text = compare(repository, f"--{other}=before", f"--{side}={reference}")
    assert code == 2
    assert repr(reference) in text
    assert "Traceback" not in text
    assert sorted(repository.rglob("*.tar")) == files


@pytest.mark.parametrize("limit", ["nan", "inf", "-1", "100", "many"])
def test_a_limit_is_a_percentage(repository: Path, limit: str) -> None:
    code, text = compare(repository, "--base", "before", f"--limit={limit}")
    assert code == 2
    assert "--limit" in text


@pytest.mark.parametrize(
    ("program", "said"),
    [
        ("raise SystemExit('no memory')", "exits with 1: no memory"),
        ("print('Welcome')", "told no ratios: 'Welcome"),
        ('print(\'{"ratios": {"expected_1m": {"ratio": NaN}}}\')', "no ratios above 0: expected_1m"),
    ],
)
def test_a_measurement_that_fails_is_no_slowdown(repository: Path, program: str, said: str) -> None:
    (repository / "simengine" / "__main__.py").write_text(program)
    code, text = compare(repository, "--base", "before")
    assert code == 2
    assert text.startswith("the working tree: ")
    assert said in text
    assert "Traceback" not in text


def test_versions_without_a_measure_in_common(repository: Path) -> None:
    written(repository, {"expected_in_cache": 1.0})
    code, text = compare(repository, "--base", "before")
    assert code == 2
    assert "before has sampled_12_cells, expected_1m, second_core; the working tree has expected_in_cache" in text


def test_what_only_one_version_has_is_told(repository: Path) -> None:
    written(repository, {"expected_1m": 1.0, "sampled_1_cell": 1.0})
    code, text = compare(repository, "--base", "before")
    assert code == 0
    assert text.splitlines()[:2] == [
        "left out, as only before has it: sampled_12_cells",
        "left out, as only the working tree has it: sampled_1_cell",
    ]


def test_another_stepper_is_told(repository: Path) -> None:
    (repository / "simengine" / "bench" / "stepper.c").write_text("/* another */")
    assert "not the same" in compare(repository, "--base", "before")[1]


def test_every_measure_exists() -> None:
    listed = (ROOT / SCRIPT).read_text().partition("MEASURES = (")[2].partition("\n)")[0]
    names = [line.strip().strip('",') for line in listed.strip().splitlines()]
    assert len(names) >= 8
    assert set(names) <= set(TRIALS)


def test_this_version_with_itself() -> None:
    if subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, check=False).returncode:
        pytest.skip("not a git repository")
    # Tiny markets say nothing of speed: whatever they say is tolerated. The measure needs no kernel of the engine.
    arguments = ("--base", "HEAD", "--smoke", "--rounds", "1", "--limit", "99.9", "--measure", "one_uniform")
    code, text = compare(ROOT, *arguments)
    assert code == 0, text
    assert text.splitlines()[-1].startswith("one_uniform")
