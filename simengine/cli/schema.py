"""`simengine schema`: the scenario language as a JSON Schema."""

from __future__ import annotations

from typing import Annotated

import typer

from simengine.cli.result import print_json


def schema(
    part: Annotated[
        bool,
        typer.Option(
            "--part",
            help="Of files that extend another or are extended: nothing is required, null removes.",
        ),
    ] = False,
) -> None:
    """Print the JSON Schema of scenario files, for editors.

    Save it beside your scenario (simengine schema > simengine.schema.json) and start the scenario with the line
    `# yaml-language-server: $schema=simengine.schema.json`. An editor that speaks YAML then shows what each
    field means, completes names, and marks what is wrong while you write.
    """
    from simengine.scenario import json_schema

    print_json(json_schema(part=part))
