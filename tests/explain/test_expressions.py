"""Expressions with their values put in."""

from __future__ import annotations

import pytest

from explain.narrating import narrated


def told(expression: str, before: str = "", **inputs: object) -> str:
    """The sentence for `y = <expression>`."""
    lines = "".join(f"    {line}\n" for line in before.splitlines())
    code = f"def solution({', '.join(inputs)}):\n{lines}    y = {expression}\n    return [y]\n"
    text = narrated(code, dict(inputs))
    start = text.index("y = ") if not text.startswith("y = ") else 0
    return text[start:].split(". Return")[0].split("\nReturn")[0].split(".\n")[0].removesuffix(".")


@pytest.mark.parametrize(
    ("expression", "inputs", "sentence"),
    [
        ("a + b * 2", {"a": 1, "b": 3}, "y = 1 + 3 * 2 = 7"),
        ("(a + b) * 2", {"a": 1, "b": 3}, "y = (1 + 3) * 2 = 8"),
        ("a - (b - 1)", {"a": 1, "b": 3}, "y = 1 - (3 - 1) = -1"),
        ("a - b", {"a": 1, "b": -3}, "y = 1 - (-3) = 4"),
        ("a ** 2", {"a": -3}, "y = (-3) ** 2 = 9"),
        ("-a ** 2", {"a": 3}, "y = -3 ** 2 = -9"),
        ("2 ** a ** 2", {"a": 2}, "y = 2 ** 2 ** 2 = 16"),
        ("a", {"a": 5}, "y = a = 5"),
        ("5", {}, "y = 5"),
        ("a > 3", {"a": 5}, "y = (5 > 3) = True"),
        ("not a", {"a": 0}, "y = (not 0) = True"),
        ("xs[i]", {"xs": [4, 6], "i": 1}, "y = xs[1] = 6"),
        ("1 + xs[i + 1]", {"xs": [4, 6], "i": 0}, "y = 1 + xs[1] = 1 + 6 = 7"),
        ("xs[1:n]", {"xs": [4, 6, 8], "n": 2}, "y = xs[1:2] = [6]"),
        ("len(xs)", {"xs": [4, 6]}, "y = len([4, 6]) = 2"),
        ("len(xs) + 1", {"xs": [4] * 30}, "y = len(xs) + 1 = 30 + 1 = 31"),
        ("s.upper()", {"s": "ab"}, "y = 'ab'.upper() = 'AB'"),
        ("max(a, b + 1)", {"a": 1, "b": 3}, "y = max(1, 3 + 1) = 4"),
        ("f'{a}!'", {"a": 1}, "y = `f'{a}!'` = '1!'"),
        ("[a, a + 1]", {"a": 1}, "y = [1, 1 + 1] = [1, 2]"),
        ("sum(x * x for x in xs)", {"xs": [1, 2]}, "y = sum([1, 4]) = 5"),
        ("b if a > 3 else not b", {"a": 1, "b": True}, "y = (not True) = False"),
        ("a and b > 2", {"a": 1, "b": 1}, "y = False, since 1 <= 2"),
    ],
)
def test_substitution(expression: str, inputs: dict[str, object], sentence: str) -> None:
    """Names give way to values, the result stands last, and brackets keep what belongs together."""
    assert told(expression, **inputs) == sentence


def test_a_chain_never_reads_what_it_writes() -> None:
    """`xs = sorted(xs)` would be false as an equation; the value stands in the place of the name."""
    text = narrated("def solution(xs):\n    xs = sorted(xs)\n    return xs\n", {"xs": [3, 1]})
    assert "xs = sorted([3, 1]) = [1, 3]." in text
    text = narrated("def solution(xs):\n    xs = sorted(xs)\n    return xs\n", {"xs": list(range(30, 0, -1))})
    assert "xs = `sorted(xs)` = [1, 2, 3," in text
