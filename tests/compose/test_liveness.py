"""Which names bear on what a program returns: small programs and the names that do not."""

from __future__ import annotations

import pytest

from compose.starters import starters
from cotmill.compose.codegen.skeleton.liveness import idle_names

PROGRAMS = {
    "all used": ("def solution(a, b):\n    c = a + b\n    return c\n", []),
    "an input that nothing reads": ("def solution(a, b):\n    return a\n", ["b"]),
    "a chain that ends nowhere": ("def solution(a):\n    b = a * 2\n    c = b + 1\n    return a\n", ["b", "c"]),
    "an input that feeds only such a chain": ("def solution(a, b):\n    c = b + 1\n    d = c\n    return a\n", ["b", "c", "d"]),
    "a name that only counts itself": ("def solution(xs):\n    n = 0\n    for x in xs:\n        n += 1\n    return xs\n", ["n"]),
    "used because it is changed in place": ("def solution(a):\n    out = []\n    out.append(a)\n    return out\n", []),
    "put into an item": ("def solution(a, b):\n    out = {}\n    out[a] = b\n    return out\n", []),
    "put into what an item holds": (
        "def solution(a, b):\n    out = {}\n    out.setdefault(a, []).append(b)\n    return out\n", []),
    "put into a row that was taken out": (
        "def solution(table, key, a):\n    row = table[key]\n    row[0] = a\n    return table\n", []),
    "put into the rows of a loop": (
        "def solution(table, a):\n    for row in table:\n        row.append(a)\n    return table\n", []),
    "taken out and left": ("def solution(table):\n    row = table[0]\n    return table\n", ["row"]),
    "a list that only grows": ("def solution(a):\n    out = []\n    out.append(1)\n    return a\n", ["out"]),
    "a test that decides": ("def solution(a, b):\n    c = 1\n    if a:\n        c = b\n    return c\n", []),
    "a test that ends a loop": (
        "def solution(xs, stop):\n    n = 0\n    for x in xs:\n        if x == stop:\n            break\n        n += 1\n    return n\n", []),
    "a test that decides nothing": ("def solution(a, b):\n    c = 1\n    if b:\n        c = 2\n    return a\n", ["b", "c"]),
    "a loop's target": ("def solution(n):\n    total = 0\n    for i in range(n):\n        total += 2\n    return total\n", []),
    "a place that is held": ("def solution(pairs):\n    a, _ = pairs[0]\n    return a\n", []),
    "nothing is returned": ("def solution(xs):\n    xs.sort()\n", []),
    "a module's function that is not its own": (
        "import heapq\ndef solution(xs, a):\n    heapq.heappush(xs, a)\n    return xs\n", []),
    "a helper that is called": ("def f(x):\n    return x\ndef solution(a):\n    return f(a)\n", []),
    "a helper that nothing calls": ("def f(x):\n    return x\ndef solution(a):\n    return a\n", ["f"]),
    "a helper that only itself calls": ("def f(x):\n    return f(x)\ndef solution(a):\n    return a\n", ["f"]),
    "a helper of an idle helper": (
        "def g(x):\n    return x\ndef f(x):\n    return g(x)\ndef solution(a):\n    return a\n", ["g", "f"]),
    "a helper that is given as a value": ("def f(x):\n    return -x\ndef solution(a):\n    return sorted(a, key=f)\n", []),
    "a helper's parameter": ("def f(x, y):\n    return x\ndef solution(a):\n    return f(a, 1)\n", ["y"]),
    "a function within, which is not followed": (
        "def solution(xs):\n    out = []\n    def add(x):\n        out.append(x)\n    for x in xs:\n        add(x)\n    return out\n", []),
}  # fmt: skip


@pytest.mark.parametrize("name", PROGRAMS)
def test_idle_names(name: str) -> None:
    """Exactly the names that cannot change what comes out."""
    code, idle = PROGRAMS[name]
    assert sorted(idle_names(code)) == sorted(idle)


def test_starter_programs_have_none() -> None:
    """Programs of which every input is known to matter are not suspected."""
    assert {material.id: found for material in starters() if (found := idle_names(material.code))} == {}
