"""What a YAML reader says of a text that it cannot read, in the words of who wrote the text."""

from __future__ import annotations

import re

from ruamel.yaml.error import MarkedYAMLError, StringMark

from simengine.scenario.problems import Problem

_OPENED = {"sequence": "[", "mapping": "{"}
_CLOSED = {"[": "]", "{": "}"}
_ENTRIES = "`key: value`, one on each line"

At = tuple[int, int]  # line and column, from 1
Said = tuple[str, str, str] | None  # found, expected, suggestion


def unreadable(file: str, error: MarkedYAMLError) -> Problem:
    """Where the text stops being YAML, what stands there, and what to write instead."""
    at, begun = _place(error.problem_mark or error.context_mark), _place(error.context_mark or error.problem_mark)
    problem, context = str(error.problem or "").strip(), str(error.context or "")
    if said := _quotation(problem, context) or _without_colon(problem):
        at = begun
    else:
        said = _bracket(problem, context, begun, at) or _block(problem, context, begun, at) or _sign(problem, context)
    found, expected, hint = said or (f"'{' '.join(filter(None, [problem, context]))}'", "YAML", "")
    mentioned = begun[0] < at[0] and any(f"line {begun[0]}" in text for text in (found, expected, hint))
    return Problem(file, at[0], at[1], found, expected, hint, see=(begun[0],) if mentioned else ())


def _place(mark: StringMark | None) -> At:
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)


def _quotation(problem: str, context: str) -> Said:
    if "quoted scalar" in context and "end of" in problem:
        return "a quotation mark that nothing closes", "one more at the end of the text", "close it, or take it out"
    return None


def _without_colon(problem: str) -> Said:
    if "could not find expected ':'" in problem:
        hint = "write a colon and a space after the key"
        return "a line without `: `", "`key: value`", hint
    return None


def _bracket(problem: str, context: str, begun: At, at: At) -> Said:
    """Inside a list or a mapping in brackets."""
    if "expected ',' or" in problem and (kind := re.search("flow (sequence|mapping)", context)):
        opened = _OPENED[kind[1]]
        closed, what = _CLOSED[opened], _named(problem)
        where = f"the `{opened}` of line {begun[0]}" if begun[0] != at[0] else f"the `{opened}` before it"
        hint = f"close {where} with `{closed}`"
        if begun[0] == at[0] and what == "`:`":
            hint = f"put a comma before the entry, or {hint}"
        return f"{what} where {where} is still open", f"a comma or `{closed}`", hint
    if "expected the node content" in problem:
        return f"{_named(problem)} where an entry belongs", "an entry between two commas", "delete one of the two"
    return None


def _block(problem: str, context: str, begun: At, at: At) -> Said:
    """Among lines that are indented."""
    if "mapping values are not allowed" in problem:
        hint = "put a text that holds `: ` in quotes; else check the indentation and the colon of the line before"
        return "a second `: `", "one key and one value", hint
    if "<block end>" not in problem:
        return None
    what = _named(problem)
    if what in ("`}`", "`]`"):
        return f"{what} that closes nothing", _ENTRIES, "delete it"
    if what == "`,`":
        return "a comma after a value", _ENTRIES, "delete it: commas stand between brackets only"
    if what == "`-`":
        return "a list item among keys", _ENTRIES, "take the `-` out, or indent it below the key it belongs to"
    as_on = f"as on line {begun[0]}"
    if what == "`<block mapping start>`":
        expected = f"one in column {begun[1]}, {as_on}, or deeper, below a key of its own"
        return f"a key in column {at[1]}", expected, "entries of one block begin in the same column"
    if "collection" in context:
        return "a key among the items of a list", f"an item that begins with `- `, {as_on}", "begin it with `- `"
    return "more text after a value", _ENTRIES, "put all of the text in quotes, or check the indentation"


def _sign(problem: str, context: str) -> Said:
    """Signs that mean something to YAML."""
    if "cannot start any token" in problem:
        if "\\t" in problem or "\t" in problem:
            return "a tab", "spaces before a key", "indent with spaces, not tabs"
        sign = problem.split("'")[1]
        hint = "write the sign behind the number: 20%" if sign == "%" else "put the text in quotes"
        return f"a value that begins with `{sign}`", "a number, a name or a text in quotes", hint
    if alias := re.search("undefined alias '(.*)'", problem):
        hint = f"put it in quotes if it is a text: '*{alias[1]}'"
        return f"`*{alias[1]}`, though nothing above is marked `&{alias[1]}`", "a value", hint
    if re.search("scanning an (alias|anchor)", context):
        return "a value that begins with `*` or `&`", "a number, a name or a text in quotes", "put the text in quotes"
    if "another document" in problem:
        return "another document after `---`", "one scenario in a file", "delete this line, or make two files"
    if escape := re.search("unknown escape character '(.*)'", problem):
        hint = "put the text in single quotes, in which `\\` is only itself"
        return f"`\\{escape[1]}` in double quotes", "a text without it", hint
    return None


def _named(problem: str) -> str:
    """What stands at the place of a problem: the sign that it names, or the end of the file."""
    sign = re.findall("'([^']+)'", problem)[-1]
    return "the end of the text" if sign == "<stream end>" else f"`{sign}`"
