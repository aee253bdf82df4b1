"""`simengine inspect`: what is in a customer file, and a scenario to start from."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from simengine.cli.interruptible import interruptible
from simengine.cli.options import Json, Quiet
from simengine.cli.result import print_json

if TYPE_CHECKING:
    from simengine.survey.survey import Survey


def inspect(
    customers: Annotated[Path, typer.Argument(metavar="CUSTOMERS", help="The customer file, one row a customer.")],
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Say what is in a customer file, and draft a scenario for it.

    What is in it goes to standard error and the draft to standard output: `simengine inspect customers.csv >
    draft.yaml` writes a scenario that can be run. Its lines marked `assumed` are not in the file.

    With --json both are in one document on standard output.
    """
    from simengine.cli.progress import Display

    with Display(quiet, "reading columns") as display:

        def work() -> Survey:
            from simengine.survey.survey import survey

            return survey(customers, display.progress)

        found = interruptible(work)
    if json:
        print_json(found.document)
        return
    if not quiet:
        from simengine.report.inspect import print_survey
        from simengine.report.terminal import console

        print_survey(found, console(error=True))
    typer.echo(found.draft, nl=False)
