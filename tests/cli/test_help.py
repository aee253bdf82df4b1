"""What the help says can be done as it stands there."""

from __future__ import annotations

import re
import shlex
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from simengine.cli.application import COMMANDS, application

ROOT = Path(__file__).parent.parent.parent


def helped(*arguments: str) -> str:
    ended = CliRunner().invoke(application, [*arguments, "--help"], prog_name="simengine")
    assert ended.exit_code == 0, ended.output
    return ended.output


def command_of(name: str) -> Any:
    return typer.main.get_command(application).commands[name]  # type: ignore[attr-defined]


def test_the_list_of_commands_is_neither_cut_nor_wrapped() -> None:
    for name, said in COMMANDS.items():
        assert re.search(rf"^  {name} +{re.escape(said)}$", helped(), re.MULTILINE)


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_a_command_shows_how_it_is_called(name: str) -> None:
    usage, _, _ = helped(name).partition("\n")
    assert usage.startswith(f"Usage: simengine {name} [OPTIONS]")
    assert not set(usage) & set("{}")
    assert "<bool>" not in helped(name)
    assert import_module(f"simengine.cli.{name}").__doc__.startswith(f"`simengine {name}`")  # type: ignore[union-attr]


@pytest.mark.parametrize("name", COMMANDS)
def test_examples_stand_on_a_line_and_name_options_that_there_are(name: str) -> None:
    shown = re.findall(r"^  (simengine .+)$", helped(name), re.MULTILINE)
    stated = re.findall(r"\n\n {4}simengine ", getattr(import_module(f"simengine.cli.{name}"), name).__doc__)
    assert len(shown) == len(stated)
    for example in shown:
        _, called, *arguments = shlex.split(example)
        assert called == name
        command_of(name).make_context(name, arguments)
        for scenario in re.findall(r"scenarios/\S+", example):
            assert (ROOT / scenario).exists()
