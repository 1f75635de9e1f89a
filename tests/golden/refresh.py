"""Writes the gold files anew (`make golden`). Look at the difference before you commit it."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))  # the folder with the tests' own helpers

from golden.narrations import programs, tellings


def main() -> None:
    for program in programs():
        for gold, now in tellings(program).items():
            before = gold.read_text(encoding="utf-8") if gold.exists() else ""
            gold.write_text(now, encoding="utf-8")
            print(f"{'same   ' if now == before else 'changed'} {gold.name}")


if __name__ == "__main__":
    main()
