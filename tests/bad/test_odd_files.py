"""Scenario and customer files that are no ordinary files, or far too large: a clear message, at once."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bad.corpus import answer_at_once, simengine
from tests.cli.conftest import SMALL


@pytest.fixture(autouse=True)
def _at_once() -> Iterator[None]:
    with answer_at_once():
        yield


def folder(path: Path) -> None:
    path.mkdir()


def pipe(path: Path) -> None:
    os.mkfifo(path)


def loop(path: Path) -> None:
    path.symlink_to(path.name)


def dangling(path: Path) -> None:
    path.symlink_to("nowhere")


def unreadable(path: Path) -> None:
    """A file that opens and cannot be read, for the administrator neither."""
    path.symlink_to("/proc/self/mem")


def large(path: Path) -> None:
    """50 MB that would be read for minutes."""
    path.write_text("needs:\n" + "- {a: [b, c, d], e: 'f'}\n" * 2_000_000)


ODD = {
    folder: "a folder",
    pipe: "not a regular file",
    loop: "cannot be read",
    dangling: "no such file",
    unreadable: "cannot be read",
    large: "more than 1 MB",
}


@pytest.mark.parametrize("make", ODD, ids=lambda make: make.__name__)
def test_a_scenario_that_is(make: object, tmp_path: Path) -> None:
    make(tmp_path / "odd.yaml")  # type: ignore[operator]
    ended = simengine(["validate", "odd.yaml"], tmp_path)
    assert ended.code == 2, ended.err
    assert ended.err.startswith("odd.yaml\n"), ended.err
    assert ODD[make] in ended.err  # type: ignore[index]
    assert "expected  a scenario file (YAML)" in ended.err
    assert (ended.out, ended.written) == ("", frozenset())


@pytest.mark.parametrize("make", [m for m in ODD if m is not large], ids=lambda make: make.__name__)
@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_customers_that_are(make: object, ending: str, tmp_path: Path) -> None:
    make(tmp_path / f"odd.{ending}")  # type: ignore[operator]
    customers = f"portfolio: {{customers: odd.{ending}, columns: {{id: customer, segment: segment}}}}\n"
    (tmp_path / "small.yaml").write_text(SMALL.replace("segments:\n", customers + "segments:\n", 1))
    ended = simengine(["run", "small.yaml", "--quiet"], tmp_path)
    assert ended.code == 2, ended.err
    assert f"odd.{ending}" in ended.err
    assert "expected  " in ended.err
    assert (ended.out, ended.written) == ("", frozenset())


def test_a_base_that_is_a_pipe(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "base.yaml")
    (tmp_path / "small.yaml").write_text("extends: base.yaml\n")
    ended = simengine(["validate", "small.yaml"], tmp_path)
    assert (ended.code, ended.out) == (2, ""), ended.err
    assert "base.yaml" in ended.err


def test_a_file_below_a_file(tmp_path: Path) -> None:
    (tmp_path / "small.yaml").write_text(SMALL)
    ended = simengine(["validate", "small.yaml/other.yaml"], tmp_path)
    assert (ended.code, ended.out) == (2, ""), ended.err
    assert "expected  a scenario file (YAML)" in ended.err
