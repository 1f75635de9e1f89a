"""Whether a text gives away the program behind it."""

from __future__ import annotations

import pytest

from cotmill.explain.quoting import quoted_code

CODE = "def solution(xs):\n    total = 0\n    for x in xs:\n        total += x * 2\n    return total + 1\n"


@pytest.mark.parametrize(
    "text",
    [
        "Here it is:\n```python\nprint(1)\n```", "~~~\nx\n~~~", "def solution(xs):", "We write\n    def f(a, b):\nand so on",
        "import math", "from math import gcd", "class Shop:", "for x in xs:\n    total += x * 2",
        "- `for x in xs:`\n- `total += x * 2`", "> for x in xs:\n\n> total += x * 2",
        "for x in xs:\nEach of the 3 numbers has its turn.\ntotal += x * 2\n2 * 3 = 6.",
    ],
)  # fmt: skip
def test_what_is_code(text: str) -> None:
    """Fences, definitions, imports, two lines of the program in whatever dress, with or without words between."""
    assert quoted_code(text, CODE)


@pytest.mark.parametrize(
    "text",
    [
        "total = 0.\nFor each x in [1, 2]:\n  Pass 1: x = 1. total += 1 * 2 = 2.", "`total += x * 2` gives 4, so total = 4.",
        "Import taxes are 5 %.", "The class has 20 pupils.", "A definition (of sorts): work.", "return total + 1", "",
        "total = 0\nreturn total + 1", "total += x * 2\nAgain:\ntotal += x * 2",
    ],
)  # fmt: skip
def test_what_is_none(text: str) -> None:
    """Steps in words and formulas, and a line that is quoted by itself."""
    assert not quoted_code(text, CODE)
