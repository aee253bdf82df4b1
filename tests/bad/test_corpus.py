"""Every malformed input ends with exit code 2 and exactly the message that stands beside it; nothing is written."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.bad.corpus import Case, cases, messages, simengine

CASES = cases()
APPROVE = bool(os.environ.get("SIMENGINE_APPROVE"))


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_message_is_the_one_beside_it(case: Case, tmp_path: Path) -> None:
    case.copied_to(tmp_path)
    ended = simengine(case.arguments, tmp_path)
    if APPROVE:
        case.expected.write_text(ended.err, encoding="utf-8")
    assert ended.err == case.expected.read_text(encoding="utf-8")
    assert ended.code == 2, ended.err
    assert ended.out == ""
    assert not ended.written
    assert str(tmp_path) not in ended.err


def test_there_are_many() -> None:
    assert len(CASES) >= 120
    for path in Path(__file__).parent.rglob("*.expected"):
        assert any(case.expected == path for case in CASES), f"nothing stands beside {path}"


@pytest.mark.parametrize("case", CASES, ids=str)
def test_messages_say_what_is_expected(case: Case) -> None:
    text = case.expected.read_text(encoding="utf-8")
    assert "Traceback" not in text
    assert "Error" not in text or case.path.parent.name == "set"
    assert any(line.split()[0] == "expected" for line in messages(text)) or "Usage: " in text
