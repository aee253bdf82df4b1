"""Word of mouth where it is all that follows from what customers do: which segments are carried whole, what is heard.

`expected_talk` and `sampled_talk` know where each mode keeps who its customers are.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from simengine.engine.options import Options
from simengine.engine.sampled_state import date_bits, state_type
from simengine.engine.shared_columns import Cells
from simengine.engine.unfolding import Unfolding
from simengine.jit import formula
from simengine.model.word_of_mouth import word_of_mouth
from simengine.tables.layout import OWN_STATES, Floats, Tables

SEGMENT_BYTES = 2**25  # of states or their probabilities: what a cache shared by all processors holds
CELLS_BYTES = 2**23  # of probabilities: what stays there, whoever else uses it
_word_of_mouth = formula(word_of_mouth)


def talk_alone(unfolding: Unfolding | None, tables: Tables, options: Options, worlds: int) -> Floats | None:
    """[S] omega of every segment where segments that talk are carried whole, each by one worker, in so many worlds.
    None where more than talk follows from what customers do, where workers would wait for one of them, or where no
    cache holds a segment, in expected mode not even in one cell: then it is no faster."""
    if unfolding is None or unfolding.talk is None:
        return None
    if options.mode == "sampled":
        of_customer = state_type(date_bits(len(tables.axes.periods)))().itemsize
    else:
        of_customer = (len(tables.axes.suppliers) + OWN_STATES - 1) * 4
    customers, talking = np.diff(tables.segments.rows), np.flatnonzero(unfolding.talk)
    moving = any(tables.segments.need_states[s] is not None for s in talking)
    most = int(customers[talking].max(initial=0))
    alone = options.workers == 1 or most * options.workers <= customers.sum()
    held = most * worlds * of_customer <= SEGMENT_BYTES
    held |= options.mode == "expected" and most * of_customer <= CELLS_BYTES  # a few at a time, see `cells_at_once`
    return unfolding.talk if alone and held and not moving else None


def cells_at_once(cells: Cells, of_cell: int) -> list[Cells]:
    """`cells` of a segment in which its customers take so many bytes each, in even parts that are carried through all
    periods one after the other: cells do not hear each other."""
    return np.array_split(cells, min(len(cells), -(-len(cells) * of_cell // CELLS_BYTES)))


@formula
def heard(omega: Any, customers: Any, everybody: Any, share_today: Any) -> Any:
    """Utility that is added to the offer of a supplier with so many customers of everybody in a segment."""
    return _word_of_mouth(omega, share_of(customers, everybody), share_today)


@formula
def share_of(customers: Any, everybody: Any) -> Any:
    """Of a segment; 0 where there is nobody. See `tables.seen.shares`."""
    return customers / everybody if everybody > 0.0 else 0.0
