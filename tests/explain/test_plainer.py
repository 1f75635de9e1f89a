"""The plainer telling: values alone."""

from __future__ import annotations

import pytest

from cotmill.base.records import Draft
from explain.narrating import drafted


def plain(code: str, **inputs: object) -> list[str]:
    draft = drafted(code, dict(inputs))
    assert isinstance(draft, Draft), draft
    return [line.strip() for line in draft.plainer.splitlines()]


@pytest.mark.parametrize(
    ("statements", "sentence"),
    [
        ("y = x + 1", "y = 4."),
        ("y = x", "y = 3."),
        ("x += 2", "x = 5."),
        ("y, (z, *w) = x, [1, 2, 3]", "y = 3, z = 1 and w = [2, 3]."),
        ("y = [a * x for a in (1, 2)]", "y = [3, 6]."),
        ("y = []; y.append(x * 2)", "y = []. y is now [6]."),
        ("y = {}; y['a'] = x", "y = {}. y is now {'a': 3}."),
        ("y = [1, 2]; del y[0]", "y = [1, 2]. y is now [2]."),
        ("y = [2, 1] * 60; y.sort()", f"y = {[2, 1] * 60}. y is now {[1] * 60 + [2] * 60}."),
        ("y = 1 if x > 2 else 0", "`x > 2` is true. y = 1."),
        ("y = x; assert x == 3", "y = 3. `x == 3` is true."),
        ("y = map(abs, [x])", "Return 3."),
        ("f = lambda a: a + x; y = f(1)", "y = 4."),
    ],
)
def test_values_without_reasons(statements: str, sentence: str) -> None:
    """A statement is told by what holds after it, a test by its outcome."""
    body = "".join(f"    {line}\n" for line in statements.split("; "))
    told = " ".join(plain(f"def solution(x):\n{body}    return 3\n", x=3))
    assert sentence in told
    assert "since" not in told and "+" not in told


def test_objects_by_class_and_simple_attributes() -> None:
    """An object is told by its class; what is written to it, by the place."""
    code = (
        "class Box:\n    def __init__(self, n):\n        self.__n = n\n        self.items = []\n"
        "    def put(self, x):\n        self.items.append(x)\n        return self\n"
        "def solution(n):\n    box = Box(n)\n    box.put(7)\n    return box.items\n"
    )
    assert plain(code, n=2) == [
        "The input is n = 2.",
        "Make a Box with n = 2:",
        "self.__n = 2. self.items = [].",
        "box is a Box.",
        "Call Box.put on a Box with x = 7:",
        "self.items is now [7].",
        "Return [7].",
        "Answer: [7]",
    ]


def test_nothing_plainer_to_say() -> None:
    """Where the telling is plain already there is no second one."""
    draft = drafted("def solution(n):\n    return 1\n", {"n": 1})
    assert isinstance(draft, Draft) and draft.plainer == ""


def test_same_answer_within_the_same_limit() -> None:
    """Both tellings end in the answer and keep to the limit."""
    code = "def solution(n):\n    t = 0\n    for i in range(n):\n        t += i * i\n    return t\n"
    draft = drafted(code, {"n": 300}, max_tokens=150)
    assert isinstance(draft, Draft) and draft.plainer
    assert draft.plainer.splitlines()[-1] == draft.solution.splitlines()[-1]


def test_a_call_that_changes_what_it_is_given_is_never_told_as_before() -> None:
    """The second call has the same words and result, but it moves something: it is followed."""
    code = (
        "def move(xs):\n    xs.append(0)\n    return 1\n"
        "def solution(n):\n    t = 0\n    for i in range(2):\n        xs = []\n        t += move(xs)\n    return t\n"
    )
    told = " ".join(plain(code, n=1))
    assert "as before" not in told and told.count("xs is now [0].") >= 2


def test_what_was_owed_is_not_told_after_a_return() -> None:
    """A long value is shown when the loop is over, not when the function was left inside it."""
    code = (
        "def first(n):\n    xs = []\n    while True:\n        xs.append(n * 10 ** 12 + len(xs))\n"
        "        if len(xs) == 9:\n            return len(xs)\n"
        "def solution(n):\n    return first(n)\n"
    )
    told = " ".join(plain(code, n=7))
    assert told.endswith("Return 9. Return 9. Answer: 9")
