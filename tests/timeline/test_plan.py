"""Projects that wait for teams and for each other: closed forms, an independent twin, and what always holds."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simengine.timeline.plan import NEVER, Course, Log, Project, plan
from tests.oracle.initiatives import Office

NAMES = tuple("abcdef")
QUARTERS = st.integers(1, 24).map(lambda n: n / 4)  # sums are exact: equal times are equal


@st.composite
def portfolios(
    draw: st.DrawFn, lasting: st.SearchStrategy[float] = QUARTERS
) -> tuple[list[Project], int, dict[str, float]]:
    """Projects, some of which come after others, teams enough for each, durations."""
    teams = draw(st.integers(1, 4))
    projects: list[Project] = []
    for name in draw(st.permutations(NAMES))[: draw(st.integers(1, 6))]:
        earlier = [each.name for each in projects]
        after = draw(st.lists(st.sampled_from(earlier), unique=True, max_size=2)) if earlier else []
        patience = draw(st.one_of(st.just(NEVER), lasting))
        ready, needed, rank = draw(st.integers(0, 3)), draw(st.integers(1, teams)), draw(st.integers(1, 2))
        projects.append(Project(name, float(ready), needed, rank, tuple(after), patience))
    return projects, teams, {each.name: draw(lasting) for each in projects}


def end(course: Course) -> float:
    return min(course.completed, course.cancelled)


@pytest.mark.parametrize("n", [1, 2, 7])
def test_one_team_does_equal_projects_one_after_the_other(n: int) -> None:
    log = plan([Project(f"p{i}") for i in range(n)], 1, {f"p{i}": 2.5 for i in range(n)})
    assert [course.completed for course in log.values()] == [2.5 * (i + 1) for i in range(n)]
    assert all(course.queued == 0.0 for course in log.values())


def test_teams_enough_and_nobody_waits() -> None:
    log = plan([Project("a", 1.0, 2), Project("b", 0.0, 2), Project("c")], math.inf, {"a": 3, "b": 4, "c": 0.5})
    assert log == {"a": (1, 1, 4, NEVER), "b": (0, 0, 4, NEVER), "c": (0, 0, 0.5, NEVER)}


def test_priority_goes_before_names_and_names_before_what_is_written_first() -> None:
    projects = [Project("c"), Project("b", priority=2), Project("a", priority=2)]
    log = plan(projects, 1, {"a": 1.0, "b": 1.0, "c": 1.0})
    assert sorted(log, key=lambda name: log[name].started) == ["c", "a", "b"]
    assert plan(projects[::-1], 1, {"a": 1.0, "b": 1.0, "c": 1.0}) == log


def test_whoever_needs_more_teams_than_are_free_lets_others_pass() -> None:
    projects = [Project("big", 1.0, teams=2, priority=1), Project("first"), Project("small", 2.0, priority=3)]
    log = plan(projects, 2, {"big": 1.0, "first": 3.0, "small": 2.0})
    assert (log["small"].started, log["big"].started) == (2.0, 4.0)


def test_teams_go_to_whoever_of_an_instant_comes_first_by_priority() -> None:
    """`next` may begin at the instant in which `first` ends, like `other` that has been waiting."""
    projects = [Project("first"), Project("next", priority=1, after=("first",)), Project("other", priority=2)]
    log = plan(projects, 1, {"first": 1.0, "next": 1.0, "other": 1.0})
    assert (log["next"].started, log["other"].started) == (1.0, 2.0)


def test_what_takes_too_long_is_given_up_and_what_comes_after_it_is_never_begun() -> None:
    projects = [
        Project("a", patience=2.0), Project("b", after=("a",)), Project("c", after=("b", "d")), Project("d"),
        Project("e", patience=3.0),
    ]  # fmt: skip
    log = plan(projects, 9, {"a": 2.5, "b": 1.0, "c": 1.0, "d": 5.0, "e": 3.0})
    assert log["a"] == (0.0, 0.0, NEVER, 2.0)
    assert log["b"] == log["c"] == (NEVER, NEVER, NEVER, 2.0)
    assert log["e"].completed == 3.0  # just in time


def test_teams_of_what_was_given_up_are_free_again() -> None:
    log = plan([Project("a", patience=2.0), Project("b")], 1, {"a": 9.0, "b": 1.0})
    assert log["b"] == (0.0, 2.0, 3.0, NEVER)


@pytest.mark.parametrize(
    ("projects", "told"),
    [
        ([Project("a", after=("b",)), Project("b", after=("a",)), Project("c")], "a, b wait for each other"),
        ([Project("a", after=("x",))], "a can never begin"),
        ([Project("a", teams=3)], "a can never begin"),
    ],
)
def test_what_can_never_begin_is_an_error(projects: list[Project], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        plan(projects, 2, dict.fromkeys("abc", 1.0))


@given(portfolios())
def test_an_independent_office_agrees(world: tuple[list[Project], int, dict[str, float]]) -> None:
    office = Office(*world)
    assert {name: tuple(course) for name, course in plan(*world).items()} == {
        project.name: office.course(project.name) for project in sorted(world[0])
    }


@given(portfolios(st.floats(0.01, 20)))
def test_an_independent_office_agrees_on_any_durations(world: tuple[list[Project], int, dict[str, float]]) -> None:
    office = Office(*world)
    for name, course in plan(*world).items():
        assert tuple(course) == pytest.approx(office.course(name), rel=1e-9)


@given(portfolios())
def test_no_team_is_in_two_places(world: tuple[list[Project], int, dict[str, float]]) -> None:
    projects, teams, _ = world
    log = plan(*world)
    for instant in (course.started for course in log.values() if course.started < NEVER):
        busy = [p for p in projects if log[p.name].started <= instant < end(log[p.name])]
        assert sum(p.teams for p in busy) <= teams


@given(portfolios())
def test_nobody_begins_before_its_turn(world: tuple[list[Project], int, dict[str, float]]) -> None:
    projects, _, durations = world
    log = plan(*world)
    for project in projects:
        course = log[project.name]
        assert (course.completed < NEVER) != (course.cancelled < NEVER)
        if course.started == NEVER:
            assert any(log[name].cancelled < NEVER for name in project.after)
            continue
        assert course.started >= course.queued >= project.ready
        assert all(log[name].completed <= course.queued for name in project.after)
        assert end(course) == course.started + min(durations[project.name], project.patience)


@given(portfolios())
def test_no_team_idles_while_a_project_waits_that_it_could_serve(
    world: tuple[list[Project], int, dict[str, float]],
) -> None:
    projects, teams, _ = world
    log = plan(*world)
    for waiting in projects:
        course = log[waiting.name]
        for instant in {course.queued, *map(end, log.values())}:
            if course.queued <= instant < course.started < NEVER:
                busy = [p for p in projects if log[p.name].started <= instant < end(log[p.name])]
                assert teams - sum(p.teams for p in busy) < waiting.teams


def last(log: Log) -> float:
    return max(map(end, log.values()))


@given(st.lists(QUARTERS, min_size=1, max_size=6), st.integers(1, 5))
def test_a_chain_takes_the_sum_of_its_parts_however_many_teams(lasting: Sequence[float], teams: int) -> None:
    links = [Project(name, after=(before,)) for before, name in pairwise(NAMES[: len(lasting)])]
    durations = dict(zip(NAMES, lasting, strict=False))
    assert last(plan([Project("a"), *links], teams, durations)) == sum(lasting)


@given(st.lists(QUARTERS, min_size=6, max_size=6), st.integers(1, 5))
def test_more_teams_are_never_later_where_nobody_waits_for_another(lasting: Sequence[float], teams: int) -> None:
    """Without that it can be: Graham 1966, doi:10.1002/j.1538-7305.1966.tb01709.x."""
    projects, durations = [Project(name) for name in NAMES], dict(zip(NAMES, lasting, strict=True))
    fewer, more = plan(projects, teams, durations), plan(projects, teams + 1, durations)
    assert all(more[name].completed <= fewer[name].completed for name in NAMES)


@given(portfolios(), st.randoms(use_true_random=False))
def test_the_order_in_which_they_are_given_does_not_matter(
    world: tuple[list[Project], int, Mapping[str, float]], random: object
) -> None:
    projects, teams, durations = world
    shuffled = [*projects]
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert plan(shuffled, teams, durations) == plan(projects, teams, durations)
