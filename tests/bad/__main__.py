"""Prints the table of the corpus: each case and what a user reads."""

from __future__ import annotations

from tests.bad.corpus import cases, messages


def main() -> None:
    """One case after the other, in the order of groups and names."""
    listed = cases()
    for case in listed:
        print(case)
        for line in messages(case.expected.read_text(encoding="utf-8")):
            print(f"    {line}")
    print(f"{len(listed)} malformed inputs")


if __name__ == "__main__":
    main()
