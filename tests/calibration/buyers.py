"""Customers drawn one by one, as the models say that they behave."""

from __future__ import annotations

import numpy as np

from simengine.calibration.histories import Customers


def bg_nbd_buyers(rng: np.random.Generator, parameters: np.ndarray, observed: np.ndarray) -> Customers:
    """Customers observed for a time [customer], each purchase drawn."""
    r, alpha, a, b = parameters
    rates, drops = rng.gamma(r, 1 / alpha, len(observed)), rng.beta(a, b, len(observed))
    x, last = np.zeros(len(observed)), np.zeros(len(observed))
    for i, (rate, drop, end) in enumerate(zip(rates, drops, observed, strict=True)):
        time = rng.exponential(1 / max(rate, 1e-300))
        while time < end:
            x[i] += 1
            last[i] = time
            if rng.random() < drop:
                break
            time += rng.exponential(1 / rate)
    return _customers(x, last, observed)


def pareto_nbd_buyers(rng: np.random.Generator, parameters: np.ndarray, observed: np.ndarray) -> Customers:
    """Customers observed for a time [customer], each with a lifetime."""
    r, alpha, s, beta = parameters
    rates, lives = rng.gamma(r, 1 / alpha, len(observed)), rng.exponential(1 / rng.gamma(s, 1 / beta, len(observed)))
    alive = np.minimum(lives, observed)
    x = rng.poisson(rates * alive).astype(float)
    last = np.where(x > 0, alive * rng.beta(np.maximum(x, 1), 1), 0.0)  # the largest of x uniform times
    return _customers(x, last, observed)


def _customers(x: np.ndarray, last: np.ndarray, observed: np.ndarray) -> Customers:
    return Customers(x, last, observed, np.zeros(len(x)), np.zeros(len(x), dtype=np.int64))
