"""Levers that convert: from one contract segment to the contract of another, told completely and consistently."""

from __future__ import annotations

from collections.abc import Iterator

from simengine.scenario.draft import Draft
from simengine.scenario.lever import CONVERT, Hill, Lever
from simengine.scenario.problems import Problem, listed
from simengine.scenario.rules.offers import unknown_segment
from simengine.scenario.segment import ChoiceSegment, ContractSegment
from simengine.scenario.suppliers import segments

FIELDS = {  # of a lever as written, and what each says
    "from": "from: the contract segment whose customers move",
    "to": "to: the contract segment whose contract they move to",
    "causal": "which part of the difference in hazard the contract itself causes, such as causal: 50%",
}
MOST_PER_YEAR = 12  # a hazard


def _fields(lever: Lever) -> dict[str, str | float | None]:
    return {"from": lever.from_segment, "to": lever.to, "causal": lever.causal}


def _converting(d: Draft) -> dict[str, Lever]:
    return {name: lever for name, lever in d.file.levers.items() if lever.target == CONVERT}


def fail_if_a_conversion_is_not_told(d: Draft) -> Iterator[Problem]:
    for name, lever in _converting(d).items():
        missing = [field for field, value in _fields(lever).items() if value is None]
        if missing:
            yield d.source.problem(
                ("levers", name),
                found=f"a lever on {CONVERT} without {listed((f'`{field}`' for field in missing), 'and')}",
                at_key=True,
                expected="from, to and causal",
                suggestion=f"state {FIELDS[missing[0]]}",
            )


def fail_if_another_lever_tells_a_conversion(d: Draft) -> Iterator[Problem]:
    for name, lever in d.file.levers.items():
        if lever.target != CONVERT:
            for field in (field for field, value in _fields(lever).items() if value is not None):
                yield d.source.problem(
                    ("levers", name, field),
                    found=f"`{field}` of a lever on {lever.target}",
                    at_key=True,
                    expected=f"{field} only where target: {CONVERT}",
                    suggestion="leave it out",
                )


def fail_if_a_conversion_is_not_between_two_contracts(d: Draft) -> Iterator[Problem]:
    known = segments(d)
    for name, lever in _converting(d).items():
        for field in ("from", "to"):
            end, path = str(_fields(lever)[field]), ("levers", name, field)
            if _fields(lever)[field] is None:
                continue
            if end not in d.names("segments"):
                if d.knows("segments"):
                    yield unknown_segment(d, path, end, at_key=False)
            elif isinstance(known.get(end), ChoiceSegment):
                yield d.source.problem(
                    path,
                    found=f"`{end}`, where customers choose among suppliers",
                    expected="a contract segment",
                    suggestion="there inertia or a need keeps customers",
                )
            elif end in known and not isinstance(known[end], ContractSegment):
                yield d.source.problem(
                    path,
                    found=f"`{end}`, a {known[end].dynamics} segment",
                    expected="a contract segment",
                    suggestion="there target: retention keeps customers",
                )
            elif field == "to" and end == lever.from_segment:
                yield d.source.problem(
                    path,
                    found=f"a conversion from `{end}` to `{end}`",
                    expected="another contract segment",
                    suggestion="to keep customers under the contract they have, use target: retention",
                )


def fail_if_a_conversion_rate_is_out_of_range(d: Draft) -> Iterator[Problem]:
    """Its unit is a hazard a year, and more money converts more."""
    for name, lever in _converting(d).items():
        response = lever.response
        if isinstance(response, Hill):
            path, most, rising = ("levers", name, "response", "hill", "max"), response.max, response.max > 0
        else:
            path, most = ("levers", name, "response", "adbudg", "saturated"), response.saturated
            rising = response.none < response.saturated
        if not (rising and most <= MOST_PER_YEAR):
            slip = 0 < most / 100 <= MOST_PER_YEAR and "%" not in d.source.text(d.source.nearest(path))
            yield d.source.problem(
                path,
                expected=f"a hazard a year of converting that rises with spend, at most {MOST_PER_YEAR}",
                suggestion=f"did you mean {most:g}%?" if slip else "",
            )


def fail_if_customers_are_converted_in_two_ways(d: Draft) -> Iterator[Problem]:
    """A customer converts once: levers from one segment add up where they say the same, and are refused otherwise."""
    first: dict[str, tuple[str, Lever]] = {}
    for name, lever in _converting(d).items():
        if lever.from_segment is None or lever.to is None:
            continue
        other, same = first.setdefault(lever.from_segment, (name, lever))
        for field in ("to", "causal"):
            if _fields(lever)[field] not in (_fields(same)[field], None):
                yield d.source.problem(
                    ("levers", name, field),
                    found=f"another `{field}` than that of `{other}`, which converts customers of "
                    f"`{lever.from_segment}` too",
                    expected=f"levers from one segment with the same {field}",
                    suggestion="convert to one kind of contract, or compare the two in scenarios of their own",
                )
