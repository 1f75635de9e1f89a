"""Duplicates: what differs is never merged, what is the same under other names is."""

from __future__ import annotations

import ast
import itertools
import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cotmill.base.stage import Reject
from cotmill.publish.dedup import KEYS, ast_key, exact_key, keep_first
from publish.samples import sample

Case = tuple[str, dict[str, Any], str, dict[str, Any]]

DIFFERENT: dict[str, Case] = {
    "a literal": ("def solution(n):\n    return n * 0 + 1\n", {"n": 1}, "def solution(n):\n    return n * 0 + 1.0\n", {"n": 1}),
    "an int and a bool": ("def solution(n):\n    return n == 1\n", {"n": 0}, "def solution(n):\n    return n == True\n", {"n": 0}),
    "an operator": ("def solution(n):\n    return n + 2\n", {"n": 2}, "def solution(n):\n    return n * 2\n", {"n": 2}),
    "an input": ("def solution(n):\n    return n // 2\n", {"n": 2}, "def solution(n):\n    return n // 2\n", {"n": 3}),
    "an input's type": ("def solution(n):\n    return n // 2\n", {"n": 2}, "def solution(n):\n    return n // 2\n", {"n": 2.0}),
    "the order of arguments": ("def solution(a, b):\n    return a == b\n", {"a": 1, "b": 2}, "def solution(a, b):\n    return a == b\n", {"a": 2, "b": 1}),
    "a text": ("def solution(n):\n    return 'a' < n\n", {"n": "z"}, "def solution(n):\n    return 'b' < n\n", {"n": "z"}),
    "a text that is a name": ("def solution(d):\n    d2 = d\n    return d2['x']\n", {"d": {"x": 1, "y": 1}}, "def solution(d):\n    d2 = d\n    return d2['y']\n", {"d": {"x": 1, "y": 1}}),
    "a default": ("def f(a, b=2):\n    return a > b\n\ndef solution(n):\n    return f(n)\n", {"n": 9}, "def f(a, b=3):\n    return a > b\n\ndef solution(n):\n    return f(n)\n", {"n": 9}),
    "a method, with variables named after it": (
        "def solution(text):\n    count = text.count('a')\n    return count\n", {"text": "ba"},
        "def solution(text):\n    index = text.index('a')\n    return index\n", {"text": "ba"},
    ),
    "a method that is a parameter too": (
        "def solution(xs, append):\n    xs.append(append)\n    return len(xs) > 0\n", {"xs": [1, 1], "append": 1},
        "def solution(xs, remove):\n    xs.remove(remove)\n    return len(xs) > 0\n", {"xs": [1, 1], "remove": 1},
    ),
    "a method of a class that a list has too": (
        "class Q:\n    def __init__(self):\n        self.xs = []\n    def append(self, x):\n        self.xs.append([x])\n\ndef solution(n):\n    q = Q()\n    q.append(n)\n    return len(q.xs)\n", {"n": 1},
        "class Q:\n    def __init__(self):\n        self.xs = []\n    def extend(self, x):\n        self.xs.extend([x])\n\ndef solution(n):\n    q = Q()\n    q.extend(n)\n    return len(q.xs)\n", {"n": 1},
    ),
    "a keyword of a builtin": (
        "def solution(xs, key):\n    key = None if key else key\n    return min(xs, key=key)\n", {"xs": [1], "key": 1},
        "def solution(xs, default):\n    default = None if default else default\n    return min(xs, default=default)\n", {"xs": [1], "default": 1},
    ),
    "which argument a keyword names": (
        "def f(a, b):\n    return a - b\n\ndef solution(n):\n    return f(a=n, b=1) ** 2\n", {"n": 2},
        "def f(b, a):\n    return a - b\n\ndef solution(n):\n    return f(a=1, b=n) ** 2\n", {"n": 2},
    ),
    "which argument a method's keyword names": (
        "class C:\n    def m(self, a, b):\n        return (a - b) ** 2\n\ndef solution(n):\n    return C().m(a=n, b=1)\n", {"n": 3},
        "class C:\n    def m(self, b, a):\n        return (a - b) ** 2\n\ndef solution(n):\n    return C().m(a=1, b=n)\n", {"n": 1},
    ),
    "parameters that a dict names": (
        "def f(a, b):\n    return a * 2 + b\n\ndef solution(d):\n    return f(**d) > 0\n", {"d": {"a": 1, "b": 2}},
        "def f(b, a):\n    return b * 2 + a\n\ndef solution(d):\n    return f(**d) > 0\n", {"d": {"a": 1, "b": 2}},
    ),
    "the builtin's keyword beside a method of its name": (
        "class C:\n    def min(self, key):\n        return key\n\ndef solution(xs):\n    key = C().min(None)\n    return min(xs, key=key)\n", {"xs": [1]},
        "class C:\n    def min(self, default):\n        return default\n\ndef solution(xs):\n    default = C().min(None)\n    return min(xs, default=default)\n", {"xs": [1]},
    ),
    "an imported module": (
        "import math as m\n\ndef solution(math):\n    return m.floor(math) > 0\n", {"math": 2},
        "import cmath as m\n\ndef solution(cmath):\n    return cmath > 0\n", {"cmath": 2},
    ),
    "an imported function": (
        "from math import floor\n\ndef solution(n):\n    return floor(n)\n", {"n": 2},
        "from math import ceil\n\ndef solution(n):\n    return ceil(n)\n", {"n": 2},
    ),
    "a builtin": ("def solution(xs):\n    return min(xs)\n", {"xs": [1]}, "def solution(xs):\n    return max(xs)\n", {"xs": [1]}),
    "a class attribute": (
        "class C:\n    a, b = 1, 2\n\ndef solution(n):\n    return C.a < n\n", {"n": 9},
        "class C:\n    a, b = 1, 2\n\ndef solution(n):\n    return C.b < n\n", {"n": 9},
    ),
    "the order of fields": (
        "from dataclasses import dataclass\n\n@dataclass\nclass P:\n    x: int\n    y: int\n\ndef solution(n):\n    return P(n, 1).x > P(1, n).y - 1\n", {"n": 2},
        "from dataclasses import dataclass\n\n@dataclass\nclass P:\n    y: int\n    x: int\n\ndef solution(n):\n    return P(n, 1).x > P(1, n).y - 1\n", {"n": 0},
    ),
    "the entry": (
        "def solution(n):\n    return n > 1\n\ndef other(n):\n    return n > 2\n", {"n": 9},
        "def other(n):\n    return n > 1\n\ndef solution(n):\n    return n > 2\n", {"n": 9},
    ),
    "what a nested function closes over": (
        "def solution(a, b):\n    def f(c):\n        return a > c\n    return f(0)\n", {"a": 1, "b": 1},
        "def solution(a, b):\n    def f(c):\n        return b > c\n    return f(0)\n", {"a": 1, "b": 1},
    ),
    "global and local": (
        "t = 1\n\ndef f():\n    global t\n    t = 2\n\ndef solution(n):\n    f()\n    return t + n > 0\n", {"n": 1},
        "t = 1\n\ndef f():\n    global u\n    u = 2\n\ndef solution(n):\n    f()\n    return t + n > 0\n", {"n": 1},
    ),
    "one variable or two": (
        "def solution(n):\n    a = n\n    b = 2\n    return a > 0\n", {"n": 1}, "def solution(n):\n    a = n\n    a = 2\n    return a > 0\n", {"n": 1},
    ),
    "a name that eval reads": (
        "def solution(a, b):\n    return eval('a') > 0\n", {"a": 1, "b": 1}, "def solution(b, a):\n    return eval('a') > 0\n", {"b": 1, "a": 1},
    ),
    "hints that a decorator reads": (
        "from functools import singledispatch\n\n@singledispatch\ndef f(x):\n    return 1\n\n@f.register\ndef _(x: int):\n    return 2\n\ndef solution(n):\n    return f(n) > 0\n", {"n": 1},
        "from functools import singledispatch\n\n@singledispatch\ndef f(x):\n    return 1\n\n@f.register\ndef _(x: str):\n    return 2\n\ndef solution(n):\n    return f(n) > 0\n", {"n": 1},
    ),
    "a docstring that is read": (
        "def solution(n):\n    'one'\n    return bool(solution.__doc__)\n", {"n": 1}, "def solution(n):\n    'two'\n    return bool(solution.__doc__)\n", {"n": 1},
    ),
    "the name that a class shows": (
        "class A(Exception):\n    pass\n\ndef solution(n):\n    return repr(A(n))\n", {"n": 1}, "class B(Exception):\n    pass\n\ndef solution(n):\n    return repr(B(n))\n", {"n": 1},
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", DIFFERENT.values(), ids=DIFFERENT.keys())
def test_programs_that_differ_have_different_keys(case: Case) -> None:
    """Though input and answer are the same, and though the names could be made the same."""
    one, first, other, second = case
    assert ast_key(sample(one, first)) != ast_key(sample(other, second))


SAME: dict[str, Case] = {
    "parameters and the input's keys": (
        "def solution(n, k):\n    return n - k\n", {"n": 5, "k": 2}, "def solution(a, b):\n    return a - b\n", {"a": 5, "b": 2},
    ),
    "keys that sort the other way": (
        "def solution(a, b):\n    return a - b\n", {"a": 5, "b": 2}, "def solution(z, y):\n    return z - y\n", {"z": 5, "y": 2},
    ),
    "functions, keywords of their calls, variables": (
        "def half(x, by):\n    return x // by\n\ndef solution(n):\n    low = half(n, by=2)\n    return low\n", {"n": 5},
        "def part(y, of):\n    return y // of\n\ndef solution(m):\n    got = part(m, of=2)\n    return got\n", {"m": 5},
    ),
    "classes, locals of methods": (
        "class Box:\n    def __init__(self, v):\n        self.v = v\n\ndef solution(n):\n    box = Box(n)\n    return box.v\n", {"n": 5},
        "class Bag:\n    def __init__(this, w):\n        this.v = w\n\ndef solution(n):\n    bag = Bag(n)\n    return bag.v\n", {"n": 5},
    ),
    "comprehensions, lambdas, walrus, loops, match, except": (
        "def solution(xs):\n    f = lambda a: a + 1\n    try:\n        ys = [f(x) for x in xs if (y := x) > 0]\n    except ValueError as e:\n        ys = [e]\n    match ys:\n        case [h, *t]:\n            return h\n    return 0\n", {"xs": [1, 2]},
        "def solution(us):\n    g = lambda b: b + 1\n    try:\n        vs = [g(u) for u in us if (w := u) > 0]\n    except ValueError as r:\n        vs = [r]\n    match vs:\n        case [i, *s]:\n            return i\n    return 0\n", {"us": [1, 2]},
    ),
    "docstrings, hints, layout, comments": (
        "def solution(n):\n    return (n+1)\n", {"n": 5},
        'def solution(n: int) -> int:\n    """One more."""\n\n    # a comment\n    return n + 1\n', {"n": 5},
    ),
    "global names": (
        "t = 1\n\ndef solution(n):\n    global t\n    t = n\n    return t\n", {"n": 5}, "total = 1\n\ndef solution(n):\n    global total\n    total = n\n    return total\n", {"n": 5},
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", SAME.values(), ids=SAME.keys())
def test_the_same_program_under_other_names_has_the_same_key(case: Case) -> None:
    """And another key under `exact`."""
    one, first, other, second = case
    assert ast_key(sample(one, first)) == ast_key(sample(other, second))
    assert exact_key(sample(one, first)) != exact_key(sample(other, second))


PROGRAMS = [case for one, first, other, second in (*DIFFERENT.values(), *SAME.values()) for case in ((one, first), (other, second))]  # fmt: skip
NEW_NAMES = st.lists(st.from_regex(r"v[a-z]{3}", fullmatch=True), min_size=12, max_size=12, unique=True)


@settings(max_examples=60)
@given(index=st.sampled_from(range(len(PROGRAMS))), names=NEW_NAMES)
def test_renaming_one_variable_keeps_the_key(index: int, names: list[str]) -> None:
    """Any name that is only ever a variable can become any other; the answer stays, and so does the key."""
    code, input = PROGRAMS[index]
    tree = ast.parse(code)
    stored = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    others = re.sub(r"(?m)^class .*\n(    .*\n)+", "", code)  # what a class binds is reached by attributes
    plain = sorted(name for name in stored if name in others and f".{name}" not in code and f"{name}=" not in code)
    if "eval" in code or "global" in code:
        return
    renamed = code
    for old, new in zip(plain, names, strict=False):
        renamed = re.sub(rf"(?<![\w.'])\b{old}\b(?!')", new, renamed)
    assert ast_key(sample(renamed, input)) == ast_key(sample(code, input))


def classes() -> list[int]:
    """Which of PROGRAMS are the same by the tables: a number per program; being the same passes on."""
    found = list(range(len(PROGRAMS)))

    def merge(x: int, y: int) -> None:
        old, new = found[x], found[y]
        found[:] = [new if number == old else number for number in found]

    first_same = len(DIFFERENT) * 2
    for place in range(first_same, len(PROGRAMS), 2):
        merge(place, place + 1)
    texts = [repr(program) for program in PROGRAMS]  # 2 and 2.0 are not the same input
    for x, text in enumerate(texts):
        merge(x, texts.index(text))
    return found


def test_one_key_means_one_program() -> None:
    """Whatever two programs of the tables meet: they have one key exactly where the tables make them the same."""
    keys, numbers = [ast_key(sample(code, input)) for code, input in PROGRAMS], classes()
    for i, j in itertools.combinations(range(len(PROGRAMS)), 2):
        assert (keys[i] == keys[j]) == (numbers[i] == numbers[j]), (PROGRAMS[i], PROGRAMS[j])


def test_a_program_that_cannot_be_walked_is_compared_by_its_text() -> None:
    """Nesting that the walk does not survive, and a number that Python does not write."""
    deep = f"def solution(n):\n    return n{' + 1' * 700}\n"
    huge = f"def solution(n):\n    return n < 0x{'f' * 5000}\n"
    for code in (deep, huge):
        made = sample(code, {"n": 1}, answer="1")
        assert ast_key(made) == exact_key(made)


def test_of_a_group_the_first_stays_and_each_other_names_it() -> None:
    """Nothing disappears."""
    code = "def solution(n):\n    return n\n"
    group = [sample(code, {"n": 1}, id=f"s{number}.0") for number in range(3)]
    kept, *rejects = keep_first(group)
    assert kept is group[0]
    assert [(item.id, item.reason) for item in rejects if isinstance(item, Reject)] == [
        ("s1.0", "duplicate"), ("s2.0", "duplicate"),
    ]  # fmt: skip
    assert all("s0.0" in item.detail for item in rejects if isinstance(item, Reject))


def test_two_questions_about_one_run_are_no_duplicates() -> None:
    """Another direction, another hidden input; the same one under another name is the same question."""
    code = "def solution(n, k):\n    return n + k\n"
    plain = sample(code, {"n": 2, "k": 2})
    hidden = [replace(plain, direction="backward", asked=name, answer="2") for name in ("n", "k")]
    for key in (ast_key, exact_key):
        assert len({key(item) for item in (plain, *hidden)}) == 3
    renamed = sample("def solution(a, b):\n    return a + b\n", {"a": 2, "b": 2})
    assert ast_key(replace(renamed, direction="backward", asked="b", answer="2")) == ast_key(hidden[1])


def test_off_keeps_everything() -> None:
    """Equal samples with unlike ids have unlike keys."""
    code = "def solution(n):\n    return n\n"
    assert KEYS["off"](sample(code, {"n": 1}, id="a.0")) != KEYS["off"](sample(code, {"n": 1}, id="b.0"))
