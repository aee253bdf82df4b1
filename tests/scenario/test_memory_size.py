"""Amounts of memory: what people write, and what is written for them."""

from __future__ import annotations

import pytest

from simengine.scenario.memory_size import SizeRefused, read_memory, write_memory


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("4GiB", 4 * 2**30), ("4 gib", 4 * 2**30), ("1.5 GB", 1_500_000_000), ("800MiB", 800 * 2**20),
        ("512kB", 512_000), (" 2TiB ", 2**41), ("1000000000B", 10**9), (".5GiB", 2**29),
    ],
)  # fmt: skip
def test_amounts_are_read(text: str, size: int) -> None:
    assert read_memory(text) == size


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("4", "did you mean 4GiB?"), ("4G", "did you mean 4GiB?"), ("512m", "did you mean 512MiB?"),
        ("4GIBB", "did you mean 'GiB'?"), ("lots", ""), ("-4GiB", ""), ("0GB", "more than nothing"), ("", ""),
        ("1e3MB", ""), ("half GB", ""), ("4 G B", ""), ("0.1B", "more than nothing"),
        ("0", "more than nothing"), ("1e9", "did you mean 1GB?"), ("1000000000", "did you mean 1GB?"),
    ],
)  # fmt: skip
def test_others_are_refused_with_what_to_write(text: str, hint: str) -> None:
    with pytest.raises(SizeRefused) as refused:
        read_memory(text)
    assert refused.value.suggestion == hint


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (1, "1MiB"), (2**20, "1MiB"), (2**20 + 1, "2MiB"), (2**30 - 1, "1024MiB"), (2**30, "1.00GiB"),
        (2**30 + 1, "1.01GiB"), (123 * 2**30, "123GiB"), (12.34 * 2**30, "12.4GiB"),
    ],
)  # fmt: skip
def test_what_is_written_is_never_less(size: float, text: str) -> None:
    assert write_memory(size) == text
    assert read_memory(text) >= size
