"""The ids of customer files: every one occurs once, and has an address of its own."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simengine import luck
from simengine.portfolio.bad_cells import BadCells
from simengine.portfolio.customer_table import CustomerTable
from simengine.portfolio.ordering import repeated


def read_ids(table: CustomerTable, column: str, bad: BadCells) -> tuple[NDArray[np.uint64], NDArray[Any] | None]:
    """Addresses [row] and, unless all ids are plain numbers, their texts. Ids that are empty or not the only ones of
    their address go to `bad`."""
    ids, whole = table.integers(column)
    texts = None if whole.all() else table.texts(column)
    if texts is not None:
        others = texts if not whole.any() else texts[~whole]
        ids[~whole] = np.fromiter((luck.file_id(text) for text in others), np.uint64, len(others))
        bad.add(texts == "", column, "an id")
    again = repeated(ids)
    if len(again):
        twice = np.zeros(len(ids), dtype=np.bool_)
        twice[again] = True
        twice &= (texts != "") if texts is not None else True
        bad.add(twice, column, "an id that no other row has", partial(_namesake, table, column, ids))
    return ids, texts


def _namesake(table: CustomerTable, column: str, ids: NDArray[np.uint64], text: str) -> str:
    """Where the first row stands that has the id `text`."""
    first = int(np.argmax(ids == np.uint64(luck.file_id(text))))
    (place,), (other,) = table.places([(first, column)]), table.cells(column, [first])
    where = f"line {place.line}" + (f" of {place.file}" if len(table.parts) > 1 else "")
    return f"{where} has it" if other == text else f"the hash is that of '{other}' in {where}"
