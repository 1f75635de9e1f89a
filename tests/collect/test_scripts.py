"""Top-level code becomes a function, or is rejected with the reason why not."""

from __future__ import annotations

import contextlib
import io
import json
from textwrap import dedent

import pytest

from collect.unified import check, output, program, refusal
from cotmill.base.reasons import Reason


def printed(code: str) -> str:
    """What a trusted script prints, run in this process."""
    text = io.StringIO()
    with contextlib.redirect_stdout(text):
        exec(dedent(code), {"__name__": "__main__"})
    return text.getvalue().removesuffix("\n")


def test_script_that_prints():
    """A script whose only effect is its last print becomes a function that returns what was printed."""
    check(
        """
        import math
        import sys
        n = 10
        k = 3
        total = 0
        for i in range(n):
            if i % k == 0:
                total += math.isqrt(i)
        print(total)
        """,
        """
        import math

        def solution(n, k):
            total = 0
            for i in range(n):
                if i % k == 0:
                    total += math.isqrt(i)
            return total
        """,
        {"n": 10, "k": 3},
    )


def test_call_with_literals():
    """`output = f(3, [1, 2])` gives the entry and its input."""
    check(
        "def f(a, b, *, c=0):\n    return a + len(b) + c\n\noutput = f(3, [1, 2], c=4)",
        "def solution(a, b, *, c=0):\n    return a + len(b) + c",
        {"a": 3, "b": [1, 2], "c": 4},
    )


def test_own_form():
    """`input = {...}` and `output = solution(**input)`, the form of the data set, is read back."""
    check(
        'def half(a):\n    return a / 2\ndef solution(a, b):\n    return half(a) + b\ninput = {"a": 3, "b": 1.5}\noutput = solution(**input)',
        "def half(a):\n    return a / 2\n\ndef solution(a, b):\n    return half(a) + b",
        {"a": 3, "b": 1.5},
    )


@pytest.mark.parametrize(
    "ending",
    [
        "n = 5\nprint(fact(n))",
        "if __name__ == '__main__':\n    n = 5\n    result = fact(n)\n    print(result)",
        "fact(5)",
        "print(fact(n=5))",
    ],
)
def test_endings_that_call(ending: str):
    """The last call names the entry, whatever is done with its result; recursion follows the new name."""
    check(
        f"def fact(n):\n    return 1 if n < 2 else n * fact(n - 1)\n{ending}",
        "def solution(n):\n    return 1 if n < 2 else n * solution(n - 1)",
        {"n": 5},
    )


def test_main_that_prints():
    """A `main()` that ends in its only print returns instead."""
    check(
        "def main():\n    xs = [3, 1, 2]\n    xs.sort()\n    print(xs[0])\n\nif __name__ == '__main__':\n    main()",
        "def solution(xs):\n    xs.sort()\n    return xs[0]",
        {"xs": [3, 1, 2]},
    )


SCRIPTS = [
    "x = 5\nprint(f'x is {x}')",
    "MOD = 7\ndef h(x):\n    return x % MOD\nx = 40\ny = h(x)\nresult = y + 1\nprint(result)",
    "def fact(n):\n    return 1 if n == 0 else n * fact(n - 1)\nx = 5\ny = fact(x) + 1\nprint(y)",
    "sum = 0\nfor x in [1, 2]:\n    sum += x\nprint(sum)",
    "solution = 4\ndef use(n):\n    return n + 1\nprint(use(solution) * 2)",
    "seen = []\ndef note(x):\n    seen.append(x)\n    return len(seen)\nnote(1)\nnote(2)\nprint(note(3))",
    "def f(x):\n    return x + 1\na = f(1)\nprint(f(a))",
    "def pick(p):\n    return {(1, 2): 'a'}[p]\nprint(pick((1, 2)))",
    "def total(*xs):\n    return sum(xs)\nprint(total(1, 2, 3))",
    "table = {}\ntable['k'] = 2\ndef look(k):\n    return table[k]\nprint(look('k'))",
    "class Box:\n    size = 3\n    def grow(self, by):\n        return self.size + by\nbox = Box()\nby = 4\nprint(box.grow(by))",
    "n = 3\nrows = [[i * j for j in range(n)] for i in range(n)]\nprint(rows)",
    "a = [1, 2]\nb = a\nb.append(3)\nprint(a)",
    "x = 5\nname = 'Ann'\nprint(name, 'has', x * 2)",
    "xs = [3, 1]\nxs.sort()\nprint('sorted:', xs)\nprint(xs[0], None, True, 1.50, {'a': \"it's\"})",
    "def main():\n    n = 4\n    m = n * n\n    print('square', m)\n    print('half', m / 2)\nmain()",
    "x = 10\ny = 0\nwhile x > 1:\n    x //= 2\n    y += 1\nprint(y)",
]  # fmt: skip


@pytest.mark.parametrize("code", SCRIPTS)
def test_same_result(code: str):
    """The function gives what the script printed."""
    unified = program(code)
    assert str(output(unified.code, json.loads(unified.inputs[0]))) == printed(code)


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("n = int(input())\nprint(n)", "input"),
        ("print(1)\nx = 2\nprint(x)", "print"),
        ("def f(n):\n    return n\nprint(f(1))\nprint(f(2))", "print"),
        ("for x in range(3):\n    print(x)", "does not end in one print"),
        ("print(1, end='')", "does not end in one print"),
        ("xs = [1]\nmax = max(xs)\nprint(max)", "builtin max"),
        ("def f():\n    print(1)\n    return 2\nprint(f() + 1)", "print"),
        ("def main():\n    print(1)\n    x = 2\n    print(x)\nmain()", "only print"),
        ("def main(n):\n    if n:\n        return\n    print(n)\nmain(1)", "only print"),
        ("n = 3\nn += 1\ndef f():\n    return n\nprint(f() + 1)", "reads n"),
        ("xs = []\nxs.append(1)\nn = len(xs)\ndef f():\n    return n\nprint(f() + 1)", "before it"),
        ("def f():\n    return 1\nx = f()\ndef f():\n    return 2\nprint(x + f())", "twice"),
        ("import sys\nx = 1\nif x:\n    sys.exit()\nprint(x)", "exits"),
        ("x = 1\ny = eval('x')\nprint(y)", "eval"),
        ("with open('f') as f:\n    x = f.read()\nprint(x)", "open"),
    ],
)
def test_refused(code: str, why: str):
    """What cannot be made a function safely is not-unifiable, and the detail says why."""
    reason, detail = refusal(code)
    assert (reason, why in detail) == (Reason.NOT_UNIFIABLE, True), detail
