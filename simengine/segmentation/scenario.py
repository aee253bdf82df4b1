"""A draft scenario of the segments that were found."""

from __future__ import annotations

from pathlib import Path

from simengine.scenario.problems import counted
from simengine.scenario.suppliers import COMPANY, OUTSIDE
from simengine.segmentation.segment import Segmentation
from simengine.segmentation.table import column_names
from simengine.survey.column import survey_column
from simengine.survey.draft import Alike, draft
from simengine.survey.plan import plan
from simengine.survey.role import Suggestion
from simengine.survey.survey import open_table

MARKET = {COMPANY: 0.3, "rival": 0.4, OUTSIDE: 0.3}  # assumed where no column says who chose whom


def drafted(found: Segmentation, written: Path, shown: Path | None) -> str:
    """YAML of a scenario with the segments.

    `written` holds the customers with their segments, and is called `shown` in the scenario; None: the scenario states
    the segments' sizes, needs and revenue, and customers are drawn.
    """
    roles = found.roles
    used = dict(roles.suggested)
    used["segment"] = Suggestion(
        "segment", (column_names(column.name for column in found.columns)[0],), None, "high", "formed"
    )
    if roles.needs:
        used["needs"] = Suggestion("needs", tuple(roles.needs.values()), None, "high", "their weights")
    names = {name for suggestion in used.values() for name in suggestion.columns}
    with open_table(written) as table:
        columns = [survey_column(table, i) for i, name in enumerate(table.columns) if name in names]
        book = plan(table, columns, list(used.values()), MARKET if roles.needs else None)
        rows = table.rows
    book.needs, book.normalise = roles.needs, found.base.normalised
    unsure = [*book.unsure, *found.notices]
    if book.market:
        unsure.insert(0, f"no column says who chose which supplier: a market with {counted(1, 'rival')} is assumed")
    alike = {each.name: Alike(each.words, each.needs, each.needs_spread) for each in found.profiles}
    return draft(shown or Path(found.file), rows, book, None, unsure, alike, drawn=shown is None)
