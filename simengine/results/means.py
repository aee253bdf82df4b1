"""Tables as results show them: means over the replications where they differ by them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


def mean_over_replications(table: NDArray[Any], dims: int) -> NDArray[Any]:
    """[C, ...] with `dims` axes, from such a table, or from one that has a further axis R1 after that of cells."""
    return table if table.ndim == dims else np.asarray(table.mean(axis=1))
