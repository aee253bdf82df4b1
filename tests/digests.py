"""Prints, as JSON, a digest of every formula of `simengine.arithmetic` and `simengine.luck` over a grid of inputs.

Run as `python -m tests.digests [points]` in different environments: the digests must not differ, but that of np.exp
must, or the environments are not different.
"""

from __future__ import annotations

import hashlib
import json
import sys
from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

from simengine import arithmetic, luck

Array = NDArray[Any]


def digest(*arrays: Array) -> str:
    """A digest of the bits; one NaN is as good as another."""
    found = hashlib.blake2b(digest_size=12)
    for array in arrays:
        found.update(np.where(np.isnan(array), np.nan, array).astype(array.dtype).tobytes())
    return found.hexdigest()


def magnitudes(random: np.random.Generator, smallest: int, largest: int, points: int) -> Array:
    """Numbers of all magnitudes between powers of two, made by exact operations (np.power differs by processor)."""
    return np.ldexp(random.uniform(1.0, 2.0, points), random.integers(smallest, largest, points))


def grid(points: int) -> dict[str, Array]:
    """Inputs: ordinary numbers, magnitudes over the whole range, and edges."""
    random = np.random.default_rng(20)
    edges = [0.0, -0.0, 1.0, -1.0, 0.5, np.inf, -np.inf, np.nan, 5e-324, 2.2e-308, 1.7e308, 709.78, -745.1]
    signs = random.choice([-1.0, 1.0], points)
    numbers = np.concatenate(
        [
            edges,
            random.uniform(-100, 100, points),
            random.uniform(-2, 2, points),
            signs * magnitudes(random, -1000, 1000, points),
        ]
    )
    probabilities = np.concatenate(
        [[0.0, 0.5, 1.0, np.nan, -0.1], random.uniform(size=points), magnitudes(random, -1000, -2, points)]
    )
    with np.errstate(over="ignore", under="ignore"):
        singles = np.concatenate([numbers.astype(np.float32), random.uniform(-88, 89, points).astype(np.float32)])
    words = np.concatenate([[0, 1, 2**31, 2**32 - 1, 0xB504F333, 0xB504F334], random.integers(0, 2**32, points)])
    return {
        "numbers": numbers,
        "singles": singles,
        "positive singles": np.abs(singles[np.isfinite(singles) & (singles != 0)]),
        "words": words.astype(np.uint32),
        "probabilities": probabilities,
        "shapes": magnitudes(random, -7, 12, probabilities.size),
    }


def looped(formula: Any, inputs: Array) -> Array:
    """The formula over an array in one compiled loop, as the engine uses it: the compiler makes it vector code."""

    @numba.njit(error_model="numpy")
    def loop(values: Array, results: Array) -> None:
        for i in range(values.size):
            results[i] = formula(values[i])

    results = np.empty(inputs.size, np.float64 if inputs.dtype == np.float64 else np.float32)
    loop(inputs, results)
    return results


def called(formula: Any, *inputs: Array) -> Array:
    """The formula called number by number."""
    return np.array([formula(*values) for values in zip(*(a.tolist() for a in inputs), strict=True)])


def drawn(ids: Array) -> list[Array]:
    """Philox over ids in one compiled loop."""

    @numba.njit(error_model="numpy")
    def loop(ids: Array, k0: Any, k1: Any, a: Array, b: Array, c: Array, d: Array) -> None:
        for i in range(ids.size):
            low, high = luck.words(ids[i])
            a[i], b[i], c[i], d[i] = luck.draw(k0, k1, low, high, luck.CHOICE, 7, np.uint32(3))

    results = [np.empty(ids.size, np.uint32) for _ in range(4)]
    loop(ids, *luck.keys(123456789012), *results)
    return results


def digests(points: int) -> dict[str, str]:
    """A digest by formula."""
    inputs = grid(points)
    numbers, probabilities, shapes = inputs["numbers"], inputs["probabilities"], inputs["shapes"]
    found = {name: digest(looped(getattr(arithmetic, name), numbers)) for name in ("exp", "expm1", "log", "log1p")}
    found["exp32"] = digest(looped(arithmetic.exp32, inputs["singles"]))
    found["log32"] = digest(looped(arithmetic.log32, inputs["positive singles"]))
    for name in ("exponential32", "gumbel32"):
        found[name] = digest(looped(getattr(arithmetic, name), inputs["words"]))
    found["power"] = digest(called(arithmetic.power, np.abs(numbers), np.roll(numbers, 1)))
    for name in ("normal_cdf", "log_gamma"):
        found[name] = digest(called(getattr(arithmetic, name), numbers))
    for name in ("digamma", "trigamma"):
        found[name] = digest(called(getattr(arithmetic, name), shapes))
    found["log_gamma_step"] = digest(called(arithmetic.log_gamma_step, shapes, np.roll(shapes, 1)))
    found["normal_quantile"] = digest(called(arithmetic.normal_quantile, probabilities))
    found["gamma_quantile"] = digest(called(arithmetic.gamma_quantile, probabilities, shapes))
    found["gamma_cdf"] = digest(called(arithmetic.gamma_cdf, shapes * probabilities * 2, shapes))
    found["student_t_quantile"] = digest(called(arithmetic.student_t_quantile, probabilities, shapes))
    found["beta_cdf"] = digest(called(arithmetic.beta_cdf, probabilities, shapes, np.roll(shapes, 1)))
    found["beta_quantile"] = digest(called(arithmetic.beta_quantile, probabilities, shapes, np.roll(shapes, 1)))
    found["draw"] = digest(*drawn(inputs["words"].astype(np.uint64) << np.uint64(20)))
    return found


def main() -> None:
    points = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    with np.errstate(all="ignore"):
        library = np.exp(np.linspace(-20.0, 20.0, 200_001))
    print(json.dumps({"digests": digests(points), "np.exp": digest(library)}))


if __name__ == "__main__":
    main()
