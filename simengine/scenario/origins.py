"""Where every value of a scenario comes from: a file and its line, what it replaced there, an option, a default."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from simengine.scenario.model import Scenario
from simengine.scenario.resolved import resolved_data
from simengine.scenario.wording import in_words
from simengine.scenario.yaml_source import Path, Place, Source, spoken

_WRITTEN_OUT = ("allocations", "moves")  # resolved, they say what is stated in other words


@dataclass(frozen=True)
class Origin:
    """A value, or what was removed, and every place that stated it, the oldest first."""

    path: Path
    value: Any
    text: str  # as it is written; `null` where it was removed
    history: tuple[Place, ...]
    default: bool = False

    @property
    def words(self) -> str:
        """`base.yaml:12, replaced at attack.yaml:7, replaced by --set`; `default` where nobody says anything."""
        stated = self.history[-1].origin if self.history else ""
        return "; ".join(filter(None, ["default" if self.default else "", stated]))

    @property
    def document(self) -> dict[str, Any]:
        """For JSON."""
        places = [
            {"file": place.file, "line": place.key_line, "change": place.change if i else "stated"}
            for i, place in enumerate(self.history)
        ]
        return {
            "path": list(self.path),
            "place": spoken(self.path),
            "value": self.value,
            "text": self.text,
            "origin": self.words,
            "default": self.default,
            "history": places,
        }


def origins_of(scenario: Scenario) -> list[Origin]:
    """Every value that is stated or assumed, those of a block together; what was removed comes last."""
    full = resolved_data(scenario)
    walk = _Walk(scenario.source, full.get("levers", {}))
    found = [*walk.values((), scenario.source.data, full)]
    assumed = {origin.path for origin in found if origin.default}
    removed = (
        Origin(path, None, "null", place.history)
        for path, place in scenario.source.removed.items()
        if path not in assumed
    )
    return [*found, *removed]


class _Walk:
    def __init__(self, source: Source, levers: dict[str, Any]) -> None:
        self._source = source
        self._levers = levers

    def values(self, path: Path, stated: Any, full: Any) -> Iterator[Origin]:
        """The values at and below a path: what is written there, and what the resolved scenario has besides."""
        if isinstance(stated, list) and any(isinstance(item, dict) for item in stated):
            for i, item in enumerate(stated):
                yield from self.values((*path, i), item, None)
            return
        if not isinstance(stated, dict) or not (stated or full):
            yield Origin(path, stated, self._written(path, stated), self._source.places[path].history)
            return
        others = full if isinstance(full, dict) else {}
        for key, inner in stated.items():
            written_out = not path and key in _WRITTEN_OUT
            yield from self.values((*path, key), inner, None if written_out else others.get(key))
        for key, inner in others.items():
            if key not in stated:
                yield from self._defaults((*path, key), inner)

    def _written(self, path: Path, stated: Any) -> str:
        if isinstance(stated, list):
            return f"[{', '.join(self._source.text((*path, i)) for i in range(len(stated)))}]"
        return "{}" if stated == {} else self._source.text(path)

    def _defaults(self, path: Path, value: Any) -> Iterator[Origin]:
        if isinstance(value, dict) and value:
            for key, inner in value.items():
                yield from self._defaults((*path, key), inner)
        elif value not in ({}, []) or path[0] in _WRITTEN_OUT:
            removed = self._source.removed.get(path)
            words = "{}" if value in ({}, []) else in_words(value, path, self._levers)
            yield Origin(path, value, words, removed.history if removed else (), default=True)
