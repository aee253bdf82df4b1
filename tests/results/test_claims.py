"""Who compiles what: whoever claims it first, and nobody twice."""

from __future__ import annotations

from pathlib import Path

from simengine.results.claims import Claims


def test_what_one_has_claimed_the_other_does_not_get(tmp_path: Path) -> None:
    one, other = Claims(tmp_path), Claims(tmp_path)
    assert one.claim("first.code")
    assert not other.claim("first.code")
    assert other.claim("second.code")
    assert not one.claim("second.code")
    assert one.claim("first.code")  # still
    assert (one.of_the_other(), other.of_the_other()) == ({"second.code"}, {"first.code"})


def test_nobody_waits_for_claims_in_a_folder_that_is_gone(tmp_path: Path) -> None:
    assert Claims(tmp_path / "gone").claim("first.code")
