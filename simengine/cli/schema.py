"""`simengine schema`: the scenario language as a JSON Schema."""

from __future__ import annotations

import json

import typer


def schema() -> None:
    """Print the JSON Schema of scenario files, for editors.

    Save it beside your scenario (simengine schema > simengine.schema.json) and start the scenario with the line
    `# yaml-language-server: $schema=simengine.schema.json`. An editor that speaks YAML then shows what each
    field means, completes names, and marks what is wrong while you write.
    """
    from simengine.scenario import json_schema

    typer.echo(json.dumps(json_schema(), indent=2, ensure_ascii=False))
