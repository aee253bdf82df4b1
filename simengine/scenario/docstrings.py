"""What the docstrings below a model's fields say: a description of each field, and examples of what to write.

They are read from the source when somebody asks, not when a model is made: reading them takes longer than all
else that happens before a scenario is read, and only the schema and a few messages need them.
"""

from __future__ import annotations

import ast
import inspect
import re
import sys
from dataclasses import dataclass
from functools import cache

_EXAMPLES = re.compile(r"\s*Examples?: (`[^`]+`(?:, `[^`]+`)*)\.?$")


@dataclass(frozen=True)
class FieldText:
    """What is said of one field; examples are text in the scenario language (YAML)."""

    description: str = ""
    examples: tuple[str, ...] = ()


def field_texts(model: type) -> dict[str, FieldText]:
    """By the name of the field in Python; those that are inherited too."""
    texts: dict[str, FieldText] = {}
    for each in reversed(model.__mro__):
        if each.__module__.startswith("simengine."):
            texts |= _module_texts(each.__module__).get(each.__name__, {})
    return texts


@cache
def _module_texts(module: str) -> dict[str, dict[str, FieldText]]:
    """By class and field; nothing for a module without Python source."""
    try:
        tree = ast.parse(inspect.getsource(sys.modules[module]))
    except (OSError, TypeError):
        return {}
    return {node.name: _class_texts(node) for node in tree.body if isinstance(node, ast.ClassDef)}


def _class_texts(node: ast.ClassDef) -> dict[str, FieldText]:
    texts = {}
    for field, below in zip(node.body, node.body[1:], strict=False):
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name) and (said := _text(below)):
            texts[field.target.id] = _parsed(said)
    return texts


def _text(node: ast.stmt) -> str:
    """The text of a statement that is nothing but text."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
        return " ".join(node.value.value.split())
    return ""


def _parsed(said: str) -> FieldText:
    found = _EXAMPLES.search(said)
    if found is None:
        return FieldText(said)
    return FieldText(said[: found.start()], tuple(re.findall(r"`([^`]+)`", found[1])))
