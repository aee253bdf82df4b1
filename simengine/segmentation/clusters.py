"""Clusters of points: a mixture of normal distributions, or k-means as one whose components are alike."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from simengine.segmentation.composition import Floats

Method = Literal["mixture", "k-means"]

ROUNDING = 0.01  # of the mean variance, added to that of every component: ties of rounded answers are no segments
TINY = 1e-9  # a variance, where nobody differs
ROUNDS, TOLERANCE = 200, 1e-3  # of the EM algorithm
AT_ONCE = 1 << 16  # points


@dataclass(frozen=True)
class Clusters:
    """G components over D axes. Points belong to the component that most probably brought them forth."""

    method: Method
    weight: Floats  # [G] share of each
    centre: Floats  # [G, D]
    root: Floats  # [G, D, D] R with R R' the inverse of the covariance
    converged: bool

    @property
    def count(self) -> int:
        return len(self.weight)

    def without(self, smallest: int) -> Clusters:
        """The same without one component: its points belong to their next."""
        weight = np.delete(self.weight, smallest)
        centre, root = np.delete(self.centre, smallest, axis=0), np.delete(self.root, smallest, axis=0)
        return Clusters(self.method, weight / weight.sum(), centre, root, self.converged)

    def log_density(self, points: Floats) -> Floats:
        """[N, G] logarithm of weight times density."""
        axes = points.shape[1]
        found = np.empty((len(points), self.count))
        for g in range(self.count):
            root = self.root[g]
            distance = np.einsum("nd,nd->n", *2 * ((points - self.centre[g]) @ root,))
            found[:, g] = np.log(np.abs(np.linalg.det(root))) - 0.5 * (distance + axes * np.log(2 * np.pi))
        return found + np.log(self.weight)

    def assign(self, points: Floats) -> tuple[NDArray[np.intp], Floats]:
        """[N] the component of every point, and how probable that is; of k-means the nearest centre's."""
        labels, certainty = np.empty(len(points), dtype=np.intp), np.empty(len(points))
        for first in range(0, len(points), AT_ONCE):
            here = slice(first, first + AT_ONCE)
            density = self.log_density(points[here])
            near = density if self.method == "mixture" else density - np.log(self.weight)
            labels[here] = near.argmax(axis=1)
            share = np.exp(density - density.max(axis=1, keepdims=True))
            own = np.take_along_axis(share, labels[here, None], axis=1)[:, 0]
            certainty[here] = own / share.sum(axis=1)
        return labels, certainty

    def criteria(self, points: Floats) -> tuple[float | None, float]:
        """(BIC, ICL) on the points that it was fitted to; the lower the better.

        BIC: Schwarz (1978, doi:10.1214/aos/1176344136). ICL adds twice the entropy of the assignment: a component that
        overlaps with others describes the points, and is no segment (Biernacki, Celeux & Govaert 2000,
        doi:10.1109/34.865189). Of k-means, which assigns outright, the likelihood is that of the assignment (Celeux &
        Govaert 1992, doi:10.1016/0167-9473(92)90042-E) and there is no BIC.
        """
        density = self.log_density(points)
        axes = points.shape[1]
        if self.method == "k-means":
            labels, _ = self.assign(points)
            likelihood = float(np.take_along_axis(density, labels[:, None], axis=1).sum())
            parameters = self.count * (axes + 1)  # weights but one, centres, one variance
            return None, -2 * likelihood + parameters * float(np.log(len(points)))
        top = density.max(axis=1, keepdims=True)
        share = np.exp(density - top)
        total = share.sum(axis=1, keepdims=True)
        share /= total
        likelihood = float((top + np.log(total)).sum())
        entropy = -float((share * np.log(np.maximum(share, 1e-300))).sum())
        parameters = self.count * (1 + axes + axes * (axes + 1) // 2) - 1
        bic = -2 * likelihood + parameters * float(np.log(len(points)))
        return bic, bic + 2 * entropy


@contextmanager
def one_thread() -> Iterator[None]:
    """Fits are short: threads that wait for each other on a busy machine would take many times as long as one."""
    import sklearn.cluster
    import sklearn.mixture  # noqa: F401  # only libraries that are loaded are limited
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):
        yield


def fit(method: Method, points: Floats, count: int, seed: int, starts: int = 1) -> Clusters:
    """So many clusters of points [N, D], the best of some starts."""
    from sklearn.exceptions import ConvergenceWarning

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # told by `converged`
        return (_mixture if method == "mixture" else _k_means)(points, count, seed, starts)


def _mixture(points: Floats, count: int, seed: int, starts: int) -> Clusters:
    """Every component with a covariance of its own, by the EM algorithm."""
    from sklearn.mixture import GaussianMixture

    smallest = max(ROUNDING * float(points.var(axis=0).mean()), TINY)
    found = GaussianMixture(
        count, random_state=seed, n_init=starts, reg_covar=smallest, max_iter=ROUNDS, tol=TOLERANCE
    ).fit(points)
    return Clusters("mixture", found.weights_, found.means_, found.precisions_cholesky_, bool(found.converged_))


def _k_means(points: Floats, count: int, seed: int, starts: int) -> Clusters:
    """Components with one variance, the same along every axis: the mean squared distance to the nearest centre."""
    from sklearn.cluster import KMeans

    found = KMeans(count, random_state=seed, n_init=2 * starts).fit(points)
    customers, axes = points.shape
    sizes = np.bincount(found.labels_, minlength=count)
    variance = found.inertia_ / (customers * axes) + max(ROUNDING * float(points.var(axis=0).mean()), TINY)
    root = np.broadcast_to(np.eye(axes) / np.sqrt(variance), (count, axes, axes))
    return Clusters("k-means", np.maximum(sizes, 1) / customers, found.cluster_centers_, root, True)
