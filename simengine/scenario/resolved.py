"""The text of a resolved scenario: defaults stated, copies written out, periods by name."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML

from simengine.scenario.allocation import Allocation, Design, Funding
from simengine.scenario.budgets import Meeting, Spreading
from simengine.scenario.experience import Organisation
from simengine.scenario.initiative import as_written
from simengine.scenario.input_path import input_path
from simengine.scenario.move import Change
from simengine.scenario.uncertain import Uncertain
from simengine.scenario.with_values import places_of
from simengine.scenario.yaml_source import spoken

if TYPE_CHECKING:
    from simengine.scenario.model import Scenario


def resolved_yaml(scenario: Scenario) -> str:
    """Deterministic YAML that loads to an equal scenario from any folder."""
    yaml = YAML(pure=True)
    yaml.width = 10_000  # a long name stays on its line
    yaml.allow_unicode = True
    text = io.StringIO()
    yaml.dump(resolved_data(scenario), text)
    return text.getvalue()


def resolved_data(scenario: Scenario) -> dict[str, Any]:
    """The resolved scenario as plain data, block by block."""

    def dates(first: str, start: int, end: int) -> dict[str, str]:
        labels = scenario.calendar.labels
        stated = {first: labels[start]} if start or first == "at" else {}
        return stated | ({"until": labels[end - 1]} if end < len(labels) else {})

    def phase(funding: Funding) -> dict[str, Any]:
        return dates("from", funding.start, funding.end) | funding.amounts

    def spread(this: Spreading) -> dict[str, Any]:
        stated = {"lever": this.lever, "budget": this.budget, "by": this.by, "segments": list(this.segments)}
        return dates("from", this.start, this.end) | stated

    def board(this: Meeting) -> dict[str, Any]:
        return spread(this) | {"every": this.every}

    def design(this: Design) -> dict[str, Any]:
        groups = {segment: plain(stated) for segment, stated in this.groups.items()}
        return dates("from", this.start, this.end) | groups

    def organisation(this: Organisation) -> dict[str, Any]:
        parts = {"owner": this.owner, "owners": this.owners, "quality": this.quality}
        return dates("from", this.start, this.end) | {key: part for key, part in parts.items() if part}

    def allocation(this: Allocation) -> dict[str, Any]:
        apart = {
            "spread": [spread(s) for s in this.spreads],
            "board": [board(b) for b in this.boards],
            "design": [design(d) for d in this.designs],
            "experience": [organisation(o) for o in this.experience],
        }
        built = {name: as_written(each, scenario.calendar.labels) for name, each in this.initiatives.items()}
        levers = {lever: [phase(f) for f in phases] for lever, phases in this.fundings.items()}
        return levers | {key: stated for key, stated in {**apart, "initiatives": built}.items() if stated}

    def waiting(this: Change) -> dict[str, Any]:
        trigger = this.trigger
        stated = {
            "when": str(trigger.condition) if trigger else None,
            "detect": trigger.detect if trigger else 0,
            "respond": trigger.respond if trigger else 0,
            "arrival": this.arrival,
            "lasts": this.lasts,
            "repeat": "repeatedly" if this.repeatedly else None,
        }
        return {key: said for key, said in stated.items() if said}

    def change(this: Change) -> dict[str, Any]:
        everywhere = this.segments == tuple(scenario.segments)
        parts = {
            "change": this.change,
            "set": this.set,
            "like": this.like,
            "size": plain(this.size) if this.size is not None else None,
            "segments": [] if everywhere else list(this.segments),
        }
        who = {"who": this.who} if this.who is not None else {}
        begins = waiting(this) if this.waits else dates("at", this.start, this.end)
        return who | begins | {key: part for key, part in parts.items() if part}

    def plain(block: Any) -> Any:
        return block.model_dump(mode="json", by_alias=True, exclude_none=True)

    def uncertain(this: Uncertain) -> dict[str, Any] | None:
        spelt, same = dict[str, str](), dict[str, list[str]]()
        for path in this.inputs:
            of_all = [path, *this.same.get(path, ())]
            spelt[path], *others = [
                spoken(place) for each in of_all for place in places_of(scenario, input_path(scenario, each))
            ]
            same |= {spelt[path]: sorted(others)} if others else {}
        correlations: dict[str, dict[str, float]] = {}
        for (one, other), correlation in this.correlations.items():
            correlations.setdefault(spelt[one], {})[spelt[other]] = correlation
        stated: dict[str, Any] = {spelt[path]: plain(number) for path, number in this.inputs.items()}
        joint = {"correlations": correlations, "same": same}
        return stated | {key: said for key, said in joint.items() if said} or None

    blocks: dict[str, Any] = {
        "simengine": 1,
        "name": scenario.name,
        "currency": scenario.currency,
        "calendar": plain(scenario.calendar),
        "simulation": plain(scenario.simulation),
        "company": plain(scenario.company),
        "needs": list(scenario.needs),
        "portfolio": plain(scenario.portfolio) if scenario.portfolio else None,
        **{
            block: {name: plain(element) for name, element in getattr(scenario, block).items()}
            for block in ("segments", "offers", "levers")
        },
        "experience": plain(scenario.experience) if scenario.experience else None,
        "employees": plain(scenario.employees) if scenario.employees else None,
        "knowledge": plain(scenario.learning) if scenario.learning else None,
        "market": plain(scenario.market) if scenario.market else None,
        "delivery": plain(scenario.delivery) if scenario.delivery else None,
        "allocations": {name: allocation(each) for name, each in scenario.allocations.items()},
        "rivals": {name: plain(rival) for name, rival in scenario.rivals.items()},
        "imitation": scenario.imitation or None,
        "uncertain": uncertain(scenario.uncertain),
        "moves": {name: [change(each) for each in changes] for name, changes in scenario.moves.items()},
    }
    return {block: content for block, content in blocks.items() if content is not None}
