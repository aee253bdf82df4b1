"""JAX: `lax.scan` over periods, everything vectorised over customers, `vmap` over cells that share their luck."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from simengine.bench.segment import Segment
from simengine.tables.layout import OWN_STATES, Floats

Arrays = dict[str, jax.Array]
OF_CELLS = ("coefficient", "review", "inertia")


def _step(features: Any, supplier: Any, promotion: Any, constants: Any, weight: Any, state: Any, period: Arrays) -> Any:
    """One period of every customer: the new state, and totals by state."""
    states, suppliers = len(supplier), len(constants)
    review_key, choice_key, promotion_key = jax.random.split(period["key"], 3)
    reviews = jax.random.uniform(review_key, state.shape) < period["review"][state]
    current = supplier[state]
    utility = features @ period["coefficient"].T + constants + jax.random.gumbel(choice_key, (len(state), suppliers))
    utility += jax.nn.one_hot(current, suppliers) * period["inertia"][state][:, None]
    chosen = jnp.argmax(utility, axis=1)
    moved = reviews & (chosen != current)
    promoted = ~moved & (state < 2) & (jax.random.uniform(promotion_key, state.shape) < promotion[state])
    state = jnp.where(moved, jnp.where(chosen == 0, 0, chosen + OWN_STATES - 1), state + promoted)
    return state, weight @ jax.nn.one_hot(state, states)


@jax.jit
@partial(jax.vmap, in_axes=(None, None, 0))
def _simulate(key: jax.Array, customers: Arrays, cell: Arrays) -> jax.Array:
    """[cells, T + 1, 2, states] totals of one segment. Luck depends on the key alone: all cells share it."""
    opening_key, path_key = jax.random.split(key)
    weight = jnp.stack([jnp.ones_like(customers["revenue"]), customers["revenue"]])
    draw = jax.random.uniform(opening_key, customers["revenue"].shape)
    state = (customers["opening"] < draw[:, None]).sum(axis=1)
    step = partial(
        _step, customers["features"], customers["supplier"], customers["promotion"], customers["constants"], weight
    )
    periods = {**cell, "key": jax.random.split(path_key, len(cell["review"]))}
    first = weight @ jax.nn.one_hot(state, len(customers["supplier"]))
    return jnp.concatenate([first[None], jax.lax.scan(step, state, periods)[1]])


def simulate_cells(cells: Sequence[Sequence[Segment]], seed: int) -> Floats:
    """[cells, 2, T + 1, S, states]; `cells` are the segments of every cell."""
    keys = jax.random.split(jax.random.key(seed), len(cells[0]))
    totals = []
    for key, segments in zip(keys, zip(*cells, strict=True), strict=True):
        one = segments[0]
        customers = {
            "features": one.features,
            "revenue": one.revenue.astype(np.float32),
            "opening": one.opening.cumsum(axis=1)[:, :-1].astype(np.float32),
            "constants": one.constants,
            "promotion": np.append(one.promotion, np.zeros(len(one.supplier) - 2, np.float32)),
            "supplier": one.supplier.astype(np.int32),
        }
        of_cells = {name: np.stack([getattr(s, name) for s in segments]) for name in OF_CELLS}
        totals.append(np.asarray(_simulate(key, customers, of_cells), np.float64))
    return np.stack(totals, axis=3).transpose(0, 2, 1, 3, 4)


def simulate(segments: Sequence[Segment], seed: int) -> Floats:
    """One path of every customer; see the package."""
    return simulate_cells([segments], seed)[0]
