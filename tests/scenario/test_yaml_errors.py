"""What is said of a text that is no YAML: in the words of who wrote it, at the place to mend."""

from __future__ import annotations

from pathlib import Path

import pytest

from simengine.scenario.problems import ScenarioError
from simengine.scenario.yaml_file import read_yaml
from tests.cli.conftest import SMALL
from tests.scenario.worlds import MARK, write

# what is replaced in a small bank, by what (told at §), what is found, what is suggested, the other line that is shown
MISTAKES: dict[str, tuple[str, str, str, str, int]] = {
    "a list that is not closed": (
        "needs: [rate, service]\nsegments:",
        "needs: [rate, service\nsegments§:",
        "`:` where the `[` of line 7 is still open",
        "close the `[` of line 7 with `]`",
        7,
    ),
    "a mapping that is not closed": ("review: 20%\n    churn:", "review: {a: 1\n    churn§:", "the `{` of", "`}`", 14),
    "nothing between commas": ("us: 34%, atlas", "us: 34%, §, atlas", "`,` where an entry belongs", "delete one", 0),
    "a missing comma": ("us: 34%, atlas: 43%", "us: 34% atlas§: 43%", "the `{` before it", "put a comma before", 0),
    "the wrong bracket": ("none: 23%}", "none: 23%§]", "`]` where the `{` before it", "with `}`", 0),
    "a bracket too many": ("none: 23%}", "none: 23%}§}", "`}` that closes nothing", "delete it", 0),
    "a quote that is not closed": ("name: A small bank", 'name: §"A small bank', "that nothing closes", "close it", 0),
    "text after a quote": ("name: A small bank", 'name: "A" §small bank', "more text after a value", "in quotes", 0),
    "a tab": ("    review: 20%", "§\treview: 20%", "a tab", "indent with spaces", 0),
    "a key too deep": ("    review: 20%", "      §review: 20%", "a key in column 7", "the same column", 10),
    "a key too shallow": ("    review: 20%", "   §review: 20%", "a key in column 4", "the same column", 9),
    "a colon in a text": ("name: A small bank", "name: A small bank§: rich", "a second `: `", "in quotes", 0),
    "no colon": ("    review: 20%", "    §review 20%", "a line without `: `", "a colon and a space", 0),
    "no space after a colon": ("    review: 20%", "    §review:20%", "a line without `: `", "a colon and a space", 0),
    "a percentage in front": ("review: 20%", "review: §%20", "begins with `%`", "behind the number: 20%", 0),
    "a sign of YAML": ("review: 20%", "review: §@20", "begins with `@`", "in quotes", 0),
    "a star": ("review: 20%", "review: *§ 5", "begins with `*` or `&`", "in quotes", 0),
    "an unknown alias": ("review: 20%", "review: §*x", "`*x`, though nothing above is marked `&x`", "'*x'", 0),
    "an item among keys": ("    review: 20%", "    §- review: 20%", "a list item among keys", "take the `-` out", 0),
    "a key among items": (
        "  more_advice: {advisers: {affluent: 20k}}",
        "  more_advice:\n    - like: x\n    §x: 2",
        "a key among the items of a list",
        "begin it with `- `",
        29,
    ),
    "JSON's commas": ("    review: 20%", '    "review": "20%"§,', "a comma after a value", "between brackets only", 0),
    "two documents": ("offers:", "§---\noffers:", "another document after `---`", "delete this line", 0),
    "a path of Windows": ("name: A small bank", 'name: "C:\\§data"', "`\\d` in double quotes", "single quotes", 0),
    "what nobody writes": ("review: 20%", "review: |§x", "'expected chomping or indentation indicators", "", 0),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_text_that_is_no_yaml(mistake: str, tmp_path: Path) -> None:
    old, new, found, suggestion, other = MISTAKES[mistake]
    assert SMALL.count(old) == 1
    text = SMALL.replace(old, new)
    before = text[: text.index(MARK)]
    with pytest.raises(ScenarioError) as refused:
        read_yaml(write(tmp_path, text.replace(MARK, "")))
    (problem,) = refused.value.problems
    assert (problem.line, problem.column) == (before.count("\n") + 1, len(before) - before.rfind("\n"))
    assert found in problem.found
    assert suggestion in problem.suggestion
    assert problem.see == ((other,) if other else ())
