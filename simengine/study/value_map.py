"""The value map: why customers of a segment prefer our offer to a rival's today, or do not, part by part."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simengine.engine.need_states import displaced
from simengine.results.run import Run
from simengine.scenario.segment import ChoiceSegment
from simengine.tables.layout import OUR_STATES, OWN_STATES, Floats, by_supplier

PRICE, FIT, WORD_OF_MOUTH, UNEXPLAINED = "price", "fit", "word_of_mouth", "unexplained"
BESIDES = (PRICE, FIT, WORD_OF_MOUTH, UNEXPLAINED)  # parts of a gap after the needs, in name order


@dataclass(frozen=True)
class SegmentToday:
    """The market of a segment in which customers choose, as it opens. n rows; F features of a customer: the weights of
    its needs, its price sensitivity, then what offers may misfit; J suppliers, us first, the outside option last.

    Where customers move between L need states, the rows of one in each of these follow each other."""

    name: str
    needs: tuple[str, ...]
    suppliers: tuple[str, ...]  # [J]
    available: tuple[int, ...]  # suppliers that serve the segment, with the outside option if it may be chosen
    features: Floats  # [n, F]
    weight: Floats  # [n] customers of the market
    states: Floats  # [n, states] where they are
    coefficient: Floats  # [J, F] utility of a unit of each feature
    constant: Floats  # [J] alpha
    talk: Floats  # [J] the part of alpha that word of mouth is: omega x share of the segment
    review: Floats  # [J] probability a period
    kick: Floats  # [states] kappa x m: utility of staying where one is
    promote: Floats  # [2] probability a period of becoming established, loyal
    periods_per_year: int
    move: Floats  # [L, L] probability of being in another need state a period later; [[1]] where there are none

    @property
    def rivals(self) -> tuple[int, ...]:
        """Who else serves the segment; the outside option, which has no offer, is not among them."""
        return tuple(j for j in self.available if 0 < j < len(self.suppliers) - 1)

    @property
    def parts(self) -> tuple[str, ...]:
        """What a gap is made of."""
        return (*self.needs, *BESIDES)

    def mean_features(self, weight: Floats) -> Floats:
        """[F] mean over customers, `weight` [n] of each row."""
        return np.asarray((self.features * weight[:, None]).sum(axis=0) / weight.sum())

    @property
    def mean_customer(self) -> Floats:
        """[F] features of a customer whose needs are the segment's mean: offers were designed for it."""
        mean = self.mean_features(self.weight)
        mean[len(self.needs) + 1 :] = 0.0
        return mean

    def gap(self, one: int, other: int, features: Floats) -> Floats:
        """[parts] utility of one supplier's offer less another's, inertia aside, to customers of mean `features` [F].
        The parts add up to it: it is linear in features."""
        by_feature = (self.coefficient[one] - self.coefficient[other]) * features
        fit = len(self.needs) + 1
        talk = self.talk[one] - self.talk[other]
        besides = [by_feature[fit:].sum(), talk, self.constant[one] - self.constant[other] - talk]
        return np.append(by_feature[:fit], besides)

    def inertia_of(self, j: int) -> float:
        """Mean utility of staying of the customers of a supplier."""
        if j > 0:
            return float(self.kick[j + OWN_STATES - 1])
        ours = (self.states[:, OUR_STATES] * self.weight[:, None]).sum(axis=0)
        return float((ours * self.kick[OUR_STATES]).sum() / ours.sum()) if ours.sum() > 0.0 else float(self.kick[0])

    def customers(self) -> Floats:
        """[J] customers of each supplier."""
        return by_supplier((self.states * self.weight[:, None]).sum(axis=0))


def segments_today(run: Run) -> list[SegmentToday]:
    """The markets of all segments in which customers choose, in name order; of a run in expected mode."""
    tables, opening, population = run.tables, run.opening, run.portfolio.population
    axes, segments = tables.axes, tables.segments
    weight = population.opening_weight
    if run.profile is not None:
        weight = np.bincount(run.profile, weight, minlength=len(opening.states)).astype(np.float64)
    width = tables.today.coefficient.shape[-1]
    found = []
    for s, name in enumerate(axes.segments):
        stated = run.scenario.segments[name]
        if not isinstance(stated, ChoiceSegment):
            continue
        rows = np.flatnonzero(weight[segments.rows[s] : segments.rows[s + 1]]) + segments.rows[s]
        features, states, customers = tables.features[rows, :width], opening.states[rows], weight[rows]
        between = segments.need_states[s]
        if between is not None:
            joint = opening.joint[s][rows - segments.rows[s]]  # [n, L, states]
            there = joint.sum(axis=2)
            features = np.stack([displaced(features, between, n) for n in range(len(between.names))], axis=1)
            features, customers = features.reshape(-1, width), (customers[:, None] * there).reshape(-1)
            states = np.divide(joint, there[..., None], out=np.zeros(joint.shape), where=there[..., None] > 0.0)
            states = states.reshape(-1, states.shape[-1])
        kappa = opening.inertia[s]
        kick = np.full(len(axes.states), kappa)
        kick[OUR_STATES] *= segments.stage_inertia[s]
        kick[-1] *= segments.outside_inertia[s]
        found.append(
            SegmentToday(
                name,
                axes.needs,
                axes.suppliers,
                tuple(np.flatnonzero(segments.available[s]).tolist()),
                features.astype(np.float64),
                customers,
                states,
                tables.today.coefficient[0, 0, s].astype(np.float64),
                opening.constants[s],
                stated.word_of_mouth * np.append(opening.shares[s, :-1], 0.0),
                tables.today.review[0, 0, s],
                kick,
                segments.stage_promotion[s],
                axes.periods_per_year,
                np.ones((1, 1)) if between is None else between.move,
            )
        )
    return found
