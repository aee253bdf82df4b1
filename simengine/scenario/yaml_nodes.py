"""From ruamel's nodes to plain data and places. Keys are text, as written; merged mappings are followed."""

from __future__ import annotations

import re
from typing import Any

from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from simengine.scenario.problems import Problem, ScenarioError
from simengine.scenario.yaml_source import Path, Place, Source

MOST_REPEATED = 100_000  # values that aliases may stand for
_TAG = "tag:yaml.org,2002:"


class NodeReader:
    """Fills a source; duplicate keys, tags and circles are collected among its problems."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self._seen: set[int] = set()
        self._repeated = 0

    def plain(self, node: Node, path: Path, within: tuple[int, ...], key: Node | None = None) -> Any:
        named = key or node
        there = named if isinstance(node, ScalarNode) and not node.value and node.style is None else node
        single = node.value if isinstance(node, ScalarNode) else None  # of nothing, the mark is at what comes next
        self.source.places[path] = Place(
            *_start(there), *_start(named), single, _length(there), _length(named), self.source.file
        )
        self._count(node, key)
        if id(node) in within:
            self._refuse(path, "an anchor that contains itself", "plain values", "write the values out")
            return None
        inner = (*within, id(node))
        if isinstance(node, MappingNode) and node.tag == _TAG + "map":
            return {name: self.plain(v, (*path, name), inner, k) for name, k, v in self._entries(node, path)}
        if isinstance(node, SequenceNode) and node.tag == _TAG + "seq":
            return [self.plain(item, (*path, i), inner) for i, item in enumerate(node.value)]
        if isinstance(node, ScalarNode):
            return self._scalar(node, path)
        self._refuse(path, f"the tag {_short(node.tag)}", "plain values", "leave the tag out")
        return None

    def _count(self, node: Node, key: Node | None) -> None:
        """Fails when aliases of aliases write out more than anybody means: each reading of a node after its first."""
        self._repeated += id(node) in self._seen
        self._seen.add(id(node))
        if self._repeated > MOST_REPEATED:
            mark = (key or node).start_mark
            found = f"aliases that stand for more than {MOST_REPEATED:,} values"
            hint = "write the values out, or use fewer aliases of aliases"
            raise ScenarioError([Problem(self.source.file, mark.line + 1, mark.column + 1, found, "fewer", hint)])

    def _entries(self, node: MappingNode, path: Path) -> list[tuple[str, Node, Node]]:
        """Keys and values, those of merged mappings (`<<: *base`) last unless overridden."""
        own: dict[str, tuple[str, Node, Node]] = {}
        merged: dict[str, tuple[str, Node, Node]] = {}
        last = ""
        for key, value in node.value:
            if key.tag == _TAG + "merge":
                for base in value.value if isinstance(value, SequenceNode) else [value]:
                    if not isinstance(base, MappingNode):
                        hint = "write <<: *name, where &name stands before a mapping"
                        self._refuse(path, "`<<` with something else", "`<<` with a mapping", hint, key)
                    else:
                        self._count(base, key)
                        for name, k, v in self._entries(base, path):
                            merged.setdefault(name, (name, k, v))
            elif not isinstance(key, ScalarNode):
                self._refuse(path, "a list or mapping as a key", "a name", "write the key as a plain name", key)
            elif last and _within_brackets(node, whole := own[last][2], key, value):
                between = _blanks(whole, key)
                text = f"{whole.value},{between}{key.value}"
                own[last] = (last, own[last][1], ScalarNode(_TAG + "str", text, whole.start_mark, key.end_mark))
            elif key.value in own:
                first = own[key.value][1].start_mark.line + 1
                self._refuse(
                    (*path, key.value), "the same key twice", "each key once",
                    f"it is also on line {first}: delete one of the two", key, see=(first,),
                )  # fmt: skip
            elif last and _decimal_comma(node, whole := own[last][2], key, value):
                text = f"{whole.value},{key.value}"  # which is told as a number with a comma
                both = ScalarNode(_TAG + "str", text, whole.start_mark, value.end_mark)
                own[last] = (last, own[last][1], both)
            else:
                last = key.value
                own[last] = (key.value, key, value)
        return [*own.values(), *(entry for name, entry in merged.items() if name not in own)]

    def _scalar(self, node: ScalarNode, path: Path) -> Any:
        text, kind = node.value, str(node.tag).removeprefix(_TAG)
        if kind == "null":
            return None
        if kind == "bool":
            return text.lower() in ("true", "yes", "on", "y")
        if kind == "int":
            digits = text.replace("_", "")
            based = digits.lstrip("+-")[:2].lower() in ("0x", "0o", "0b")
            try:
                return int(digits, 0 if based else 10)
            except ValueError:  # base 60 of YAML 1.1, or thousands of digits
                return str(text)
        if kind == "float":
            return float(text.replace("_", "").replace(".inf", "inf").replace(".nan", "nan").lower())
        if kind not in ("str", "timestamp"):  # a day such as 2027-03-01 stays the text it is
            self._refuse(path, f"the tag {_short(node.tag)}", "plain values", "leave the tag out")
        return text

    def _refuse(
        self, path: Path, found: str, expected: str, hint: str, node: Node | None = None, see: tuple[int, ...] = ()
    ) -> None:
        place = self.source.places.get(path)
        if node is not None:
            line, column, length = *_start(node), _length(node)
        else:
            line, column, length = place.start if place else (1, 1, 0)
        name = ".".join(map(str, path))
        self.source.problems.append(Problem(self.source.file, line, column, found, expected, hint, name, length, see))


def _start(node: Node) -> tuple[int, int]:
    """Line and column of a node, from 1."""
    return node.start_mark.line + 1, node.start_mark.column + 1


def _length(node: Node) -> int:
    """Characters of a node on its line; 0 if it runs over several."""
    start, end = node.start_mark, node.end_mark
    return end.column - start.column if start.line == end.line else 0


def _blanks(before: Node, after: Node) -> str:
    """What stands between a comma behind one node and the next: as many blanks as there are, one for a new line."""
    end, start = before.end_mark, after.start_mark
    return " " * (start.column - end.column - 1 if start.line == end.line else 1)


def _parted(node: MappingNode, previous: Node, key: ScalarNode, value: Node) -> bool:
    """Whether a comma may have parted one value of `{...}` into an entry and a key with nothing behind it."""
    alone = isinstance(value, ScalarNode) and not value.value and value.style is None
    plain = isinstance(previous, ScalarNode) and previous.style is None
    return bool(node.flow_style) and plain and alone and key.style is None


def _decimal_comma(node: MappingNode, previous: Node, key: ScalarNode, value: Node) -> bool:
    """Whether `{a: 25,0%}` was read as the entries `a: 25` and `0%:`."""
    return (
        _parted(node, previous, key, value)
        and re.fullmatch(r"[+-]?\d+", previous.value) is not None
        and re.fullmatch(r"\d+\s*(%|[A-Za-z]*)", key.value) is not None
    )


def _within_brackets(node: MappingNode, previous: Node, key: ScalarNode, value: Node) -> bool:
    """Whether `{when: share(us, mass) > 3%}` was read as the entries `when: share(us` and `mass) > 3%:`."""
    return _parted(node, previous, key, value) and previous.value.count("(") > previous.value.count(")")


def _short(tag: object) -> str:
    return str(tag).replace(_TAG, "!!")
