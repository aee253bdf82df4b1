"""Whatever becomes of a shipped scenario or customer file, it loads or is refused in words: five hundred slips a run.

Keys, values, indentation and bytes are changed. The exit code is 0 or 2, there is no traceback, the answer comes at
once, and no file is left behind.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simengine.cli.application import application
from simengine.portfolio.load import load_portfolio
from simengine.scenario import load_scenario
from tests.bad.corpus import Ended, answer_at_once, ended

SHIPPED = Path(__file__).parents[2] / "scenarios"
SCENARIOS = sorted(path.name for path in SHIPPED.glob("*.yaml"))
ROWS = 40  # of the customer file
ODD = [
    b"", b"0", b"-1", b"1e300", b"1e-300", b".nan", b"~", b"true", b"9%", b"-12.5%", b"40k", b"2027-Q1", b"2027-13",
    b"[]", b"{}", b"[[", b"us", b"none", b"affluent", b"advisers", b"'", b'"', b"&a", b"*a", b"!!x", b"<<",
    b"{like: baseline}", b"{us: 1}", b"{hill: {}}", b"\xff", b"\x00", b"\xef\xbb\xbf", b"99999999999999999999",
    b"1,5", b"\t", b"#", b"---", b"?",
]  # fmt: skip


@st.composite
def slips(draw: st.DrawFn, text: bytes) -> bytes:
    """The text after one to four slips."""
    for _ in range(draw(st.integers(1, 4))):
        lines = text.split(b"\n")
        at = draw(st.integers(0, len(lines) - 1))
        kind = draw(st.sampled_from(["key", "value", "word", "indent", "drop", "twice", "swap", "byte", "cut"]))
        line, odd = lines[at], draw(st.sampled_from(ODD))
        key, colon, value = line.partition(b":")
        if kind == "key":
            name = key.strip()
            there = draw(st.integers(0, len(name)))
            lines[at] = key.replace(
                name, name[:there] + draw(st.sampled_from([b"x", b"_", b""])) + name[there + 1 :], 1
            )
            lines[at] += colon + value
        elif kind == "value":
            lines[at] = key + colon + b" " + odd
        elif kind == "word":
            words = line.split(b" ")
            words[draw(st.integers(0, len(words) - 1))] = odd
            lines[at] = b" ".join(words)
        elif kind == "indent":
            lines[at] = b" " * draw(st.integers(0, 6)) + line.lstrip()
        elif kind == "drop":
            del lines[at]
        elif kind == "twice":
            lines.insert(at, line)
        elif kind == "swap":
            other = draw(st.integers(0, len(lines) - 1))
            lines[at], lines[other] = lines[other], line
        text = b"\n".join(lines)
        if kind in ("byte", "cut"):
            there = draw(st.integers(0, len(text)))
            text = (
                text[:there] if kind == "cut" else text[:there] + bytes([draw(st.integers(0, 255))]) + text[there + 1 :]
            )
    return text


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the shipped scenarios and the first rows of their customer files."""
    folder = tmp_path_factory.mktemp("shipped")
    for name in SCENARIOS:
        shutil.copy(SHIPPED / name, folder)
    (folder / "data").mkdir()
    for path in (SHIPPED / "data").glob("*.csv"):
        first = path.read_bytes().split(b"\n")[: ROWS + 1]
        (folder / "data" / path.name).write_bytes(b"\n".join(first) + b"\n")
    return folder


def answered(command: Callable[[], object], folder: Path) -> Ended:
    """How it ended, at once, without a trace."""
    left = set(Path(tempfile.gettempdir()).glob("simengine-failure-*"))
    with answer_at_once():
        answer = ended(command, folder)
    assert answer.code in (0, 2), answer.err
    assert answer.code == 0 or "expected  " in answer.err
    assert "Traceback" not in answer.err + answer.out
    assert not answer.written
    assert set(Path(tempfile.gettempdir()).glob("simengine-failure-*")) <= left
    return answer


_CI = settings(
    max_examples=350,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@_CI
@given(data=st.data(), name=st.sampled_from(SCENARIOS))
def test_scenarios(data: st.DataObject, name: str, shipped: Path) -> None:
    mutated = shipped / "mutated.yaml"
    mutated.write_bytes(data.draw(slips((SHIPPED / name).read_bytes())))
    answer = answered(lambda: application(["validate", mutated.name]), shipped)
    assert bool(answer.out) == (answer.code == 0)


@settings(_CI, max_examples=150)
@given(data=st.data())
def test_customer_files(data: st.DataObject, shipped: Path) -> None:
    whole = (shipped / "data" / "telco.csv").read_bytes()
    mutated = shipped / "mutated.csv"
    mutated.write_bytes(data.draw(slips(whole)))
    scenario = (shipped / "telco.yaml").read_text(encoding="utf-8").replace("data/telco.csv", mutated.name)
    scenario = scenario.replace("{empirical: {}}", "{constant: 20%}")  # too few rows to estimate anything
    (shipped / "mutated.yaml").write_text(scenario, encoding="utf-8")
    answered(lambda: load_portfolio(load_scenario("mutated.yaml")), shipped)
