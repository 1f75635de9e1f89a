"""Facts about the sentences of small programs. The forms are listed in docs/narration.md."""

from __future__ import annotations

import pytest

from cotmill.base.reasons import Reason
from cotmill.base.records import Draft, Lineage, Question
from cotmill.base.stage import Reject
from cotmill.explain.narrate import NarrateSettings, narrator
from cotmill.explain.phrases import count_tokens, joined
from explain.narrating import drafted, execution_of, narrated


def lines(code: str, **inputs: object) -> list[str]:
    return [line.strip() for line in narrated(code, dict(inputs)).splitlines()]


def test_first_and_last_line() -> None:
    """The inputs stand first, the answer verbatim last."""
    told = lines("def solution(n, xs):\n    return {'b': n, 'a': xs}\n", n=3, xs=[1, 2])
    assert told[0] == "The inputs are n = 3 and xs = [1, 2]."
    assert told[-1] == 'Answer: {"a":[1,2],"b":3}'
    assert lines("def solution():\n    return 1\n") == ["Return 1.", "Answer: 1"]


@pytest.mark.parametrize(
    ("test", "inputs", "sentence"),
    [
        ("a < b", {"a": 3, "b": 5}, "`a < b` is true, since 3 < 5."),
        ("a < b", {"a": 5, "b": 5}, "`a < b` is false, since 5 >= 5."),
        ("a <= b", {"a": 6, "b": 5}, "`a <= b` is false, since 6 > 5."),
        ("a > b", {"a": 5, "b": 5}, "`a > b` is false, since 5 <= 5."),
        ("a >= b", {"a": 4, "b": 5}, "`a >= b` is false, since 4 < 5."),
        ("a != b", {"a": 5, "b": 5}, "`a != b` is false, since 5 == 5."),
        ("a not in b", {"a": 1, "b": [1]}, "`a not in b` is false, since 1 in [1]."),
        ("a is not None", {"a": None}, "`a is not None` is false, since a = None."),
        ("a < 0 or a > 3 and b > 3", {"a": 4, "b": 5}, "`a < 0 or a > 3 and b > 3` is true, since 4 > 3 and 5 > 3."),
        ("a % 2 == 0", {"a": 3}, "`a % 2 == 0` is false, since 3 % 2 = 1."),
        ("a == -1", {"a": 3}, "`a == -1` is false, since a = 3."),
        ("a + b > a * b", {"a": 1, "b": 2}, "`a + b > a * b` is true, since 1 + 2 = 3, 1 * 2 = 2 and 3 > 2."),
        ("a in b", {"a": 3, "b": [1, 2]}, "`a in b` is false, since 3 not in [1, 2]."),
        ("a", {"a": []}, "`a` is false, since a = []."),
        ("not a", {"a": []}, "`not a` is true, since a = []."),
        ("a is None", {"a": None}, "`a is None` is true, since a = None."),
        ("0 <= a < b", {"a": 3, "b": 5}, "`0 <= a < b` is true, since 0 <= 3 < 5."),
        ("0 <= a < b", {"a": 7, "b": 5}, "`0 <= a < b` is false, since a = 7 and b = 5."),
        ("a > 0 and b > 0", {"a": 1, "b": 2}, "`a > 0 and b > 0` is true, since 1 > 0 and 2 > 0."),
        ("a > 0 and b > 0", {"a": 1, "b": 0}, "`a > 0 and b > 0` is false, since 0 <= 0."),
        ("a > 0 or b > 0", {"a": 0, "b": 2}, "`a > 0 or b > 0` is true, since 2 > 0."),
        ("a > 0 or b > 0", {"a": 0, "b": 0}, "`a > 0 or b > 0` is false, since 0 <= 0."),
        ("isinstance(a, int)", {"a": 3}, "`isinstance(a, int)` is true, since a = 3."),
        ("a < b", {"a": {1}, "b": {2}}, "`a < b` is false"),
        ("a == []", {"a": [4]}, "`a == []` is false, since a = [4]."),
        ("a[0] == []", {"a": [[4]]}, "`a[0] == []` is false, since a[0] = [4]."),
    ],
)
def test_branches_say_why(test: str, inputs: dict[str, object], sentence: str) -> None:
    """A test is told with its outcome and a reason that holds by itself; `not <` is not turned round for sets."""
    given = {name: sorted(value) if isinstance(value, set) else value for name, value in inputs.items()}
    sets = "".join(f"    {name} = set({name})\n" for name, value in inputs.items() if isinstance(value, set))
    code = f"def solution({', '.join(inputs)}):\n{sets}    if {test}:\n        return 1\n    return 2\n"
    text = narrated(code, given)
    assert sentence in text
    assert "{1} >= {2}" not in text


def test_loops_pass_by_pass() -> None:
    """Passes are numbered and begin with what their test compares; the end says how many there were, and why."""
    code = "def solution(n):\n    i = 0\n    while i < n:\n        i += 2\n    return i\n"
    assert lines(code, n=3)[2:-2] == [
        "Repeat while `i < n`:",
        "Pass 1: 0 < 3. i = 0 + 2 = 2.",
        "Pass 2: 2 < 3. i = 2 + 2 = 4.",
        "The loop ends after 2 passes, since 4 >= 3.",
    ]
    code = "def solution(n):\n    i = 0\n    while i < n:\n        i += 2\n    return i\n"
    assert lines(code, n=0)[1] == "i = 0. `i < n` is false, since 0 >= 0, so the loop is skipped."


def test_a_loop_over_nothing() -> None:
    """Nothing to go through is said in one sentence."""
    text = narrated("def solution(xs):\n    for x in xs:\n        pass\n    return 0\n", {"xs": []})
    assert "There is nothing to go through in [], so the loop ends after 0 passes." in text


def test_the_same_value_again() -> None:
    """An assignment that changes nothing is told like any other."""
    text = narrated("def solution(n):\n    t = n\n    t += 0\n    t = n\n    return t\n", {"n": 4})
    assert "t = n = 4. t = 4 + 0 = 4. t = n = 4." in text


def test_one_line_bodies() -> None:
    """Statements on the line of their test or loop are told with it, and only if they ran."""
    code = (
        "def solution(xs):\n    t = 0\n    for x in xs: t += x\n    if t > 5: t = 5\n    if t > 9: t = 9\n"
        "    a = t; b = a + 1\n    return b\n"
    )
    text = narrated(code, {"xs": [4, 3]})
    assert "Pass 2: x = 3. t = 4 + 3 = 7." in text
    assert "`t > 5` is true, since 7 > 5. t = 5." in text
    assert "t = 9" not in text
    assert "a = t = 5. b = 5 + 1 = 6." in text


def test_several_lines_are_one_statement() -> None:
    """A statement that goes over several lines is told once."""
    text = narrated("def solution(a):\n    t = max(\n        a,\n        abs(a) + 1,\n    )\n    return t\n", {"a": 2})
    assert text.count("t = max(2, abs(2) + 1)") == 1


def test_folding_keeps_the_state() -> None:
    """The first passes and the last are told in full; after the folded ones the state is said."""
    code = "def solution(n):\n    t = 0\n    for i in range(n):\n        t += i\n    return t\n"
    text = narrated(code, {"n": 48})
    assert "Pass 15: i = 14. t = 91 + 14 = 105." in text
    assert "Passes 16 to 47 run the same way, and so on until after pass 47: i = 46, t = 1081." in text
    assert "Pass 48: i = 47. t = 1081 + 47 = 1128." in text


def test_folding_tightens_until_it_fits() -> None:
    """A smaller limit gives a shorter telling; a hopeless one a reject."""
    code = "def solution(n):\n    t = 0\n    for i in range(n):\n        t += i * i\n    return t\n"
    full = drafted(code, {"n": 48})
    tight = drafted(code, {"n": 48}, max_tokens=300)
    assert isinstance(full, Draft) and isinstance(tight, Draft)
    assert count_tokens(tight.solution) <= 300 < count_tokens(full.solution)
    none = drafted(code, {"n": 48}, max_tokens=20)
    assert isinstance(none, Reject) and none.reason is Reason.SOLUTION_TOO_LONG


def test_long_containers_grow_by_number() -> None:
    """A long list is not written out at every change, but once when the loop is over."""
    code = "def solution(n):\n    xs = []\n    for i in range(n):\n        xs.append(i * 1000)\n    return len(xs)\n"
    text = narrated(code, {"n": 16})
    assert "Append 14 * 1000 = 14000 to xs, which now has 15 elements." in text
    assert "xs is now [0, 1000, 2000," in text
    assert "..." not in text


def test_calls_are_folded_when_there_are_many() -> None:
    """Beyond the limit a call is told by its result alone."""
    code = "def f(i):\n    return i * i\n\ndef solution(n):\n    return sum([f(i) for i in range(n)])\n"
    text = narrated(code, {"n": 40})
    assert "Calling f with i = 39 gives 1521, worked out the same way." in text


def test_deep_recursion_is_told() -> None:
    """Recursion as deep as a trace allows ends in a narration, not in an error of ours."""
    code = "def f(n):\n    return 0 if n == 0 else f(n - 1) + 1\n\ndef solution(n):\n    return f(n)\n"
    assert lines(code, n=280)[-1] == "Answer: 280"


def test_mutual_state_of_closures_and_globals() -> None:
    """Names of enclosing functions and of the module have their values of the moment."""
    code = (
        "BASE = 10\ncalls = 0\n\ndef solution(n):\n    t = 1\n    def add(k):\n        global calls\n"
        "        nonlocal t\n        calls += 1\n        t = t + k * BASE\n        return t\n    add(n)\n    return add(n)\n"
    )
    text = narrated(code, {"n": 2})
    assert "calls = 0 + 1 = 1. t = 1 + 2 * 10 = 21. Return t = 21." in text
    assert "calls = 1 + 1 = 2. t = 21 + 2 * 10 = 41. Return t = 41." in text


def test_statements_that_are_no_steps_are_left_out() -> None:
    """Imports, definitions, annotations, prints and `pass` are dead detail."""
    code = (
        "import math\n\ndef solution(n):\n    '''Doc.'''\n    from math import floor\n    k: int\n    def g(): pass\n"
        "    pass\n    h = g\n    k = lambda x: x\n    print(n)\n    return math.floor(n) + 0 * floor(n)\n"
    )
    told = lines(code, n=2.5)
    assert told == [
        "The input is n = 2.5.",
        "Return math.floor(2.5) + 0 * floor(2.5) = 2 + 0 * 2 = 2.",
        "Answer: 2",
    ]


def test_an_untraced_execution_is_rejected() -> None:
    """Without a trace there is nothing to tell."""
    execution = execution_of("def solution():\n    return 1\n", {})
    untraced = type(execution)("t.0", "t", "", "", execution.code, "{}", "1", "", "", Lineage("t"))
    told = narrator(NarrateSettings())(Question("t.0", untraced, "", "forward", untraced.answer))
    assert isinstance(told, Reject) and told.reason is Reason.NOT_NARRATABLE


def test_phrases() -> None:
    """Lists in prose, and how a text is counted."""
    assert joined(["a"]) == "a"
    assert joined(["a", "b", "c"]) == "a, b and c"
    assert count_tokens("x = 3.5, since `a_b`") == 10


def test_a_constructor_that_only_keeps_its_arguments_is_one_sentence() -> None:
    """What its lines do, its arguments say; one that does more is followed."""
    head = (
        "class Node:\n    def __init__(self, data, next=None):\n        self.data = data\n        self._next = next\n"
    )
    code = f"{head}\n\ndef solution(n):\n    node = Node(n)\n    return node.data\n"
    text = narrated(code, {"n": 3})
    assert "Make a Node with data = 3 and next = None. node = Node(3)" in text.replace("\n", " ")
    assert "self.data" not in text
    assert "Make" not in narrated(code, {"n": 3}, style="steps")  # what it makes is said by the assignment
    more = narrated(code.replace("self._next = next", "self._next = [next]"), {"n": 3})
    assert "self.kind" not in narrated(code.replace("self._next = next", "self.kind = 'leaf'"), {"n": 3})
    assert "Make a Node with data = 3 and next = None:\n  self.data = data = 3." in more


def test_a_change_is_said_once() -> None:
    """A function inside that sees the change of a list around it does not say it again."""
    code = """
def solution(n):
    seen = []
    def step(k):
        if k == 0:
            return len(seen)
        seen.append(k)
        return step(k - 1)
    return step(n)
"""
    text = narrated(code, {"n": 2})
    assert "Append 1 to seen, now [2, 1]." in text
    assert "seen is now" not in text


def test_nothing_is_said_of_itself() -> None:
    """No `x = x`, and no test whose reason is the test."""
    code = "def solution(n):\n    n = n\n    f = iter([n])\n    if f is None:\n        return 0\n    return n\n"
    text = narrated(code, {"n": 3})
    assert "n = 3. f = iter([3]), a" in text
    assert "`f is None` is false. Return" in text


def test_a_class_that_is_returned_is_dead_detail() -> None:
    """No value could stand for it."""
    code = "def make():\n    class Pair:\n        pass\n    return Pair\n\n\ndef solution(n):\n    kind = make()\n    return n\n"
    text = narrated(code, {"n": 3})
    assert "Return Pair" not in text and "Return n = 3." in text


def test_a_test_is_quoted_once() -> None:
    """Later its values tell it, as the reason for what follows; equal sides are named once."""
    code = (
        "def solution(xs, top):\n    n = 0\n    for x in xs:\n        if x > top:\n            n += 1\n"
        "        if x == top:\n            n -= 1\n    return n\n"
    )
    assert lines(code, xs=[1, 7, 5], top=5)[2:-2] == [
        "For each x in [1, 7, 5]:",
        "Pass 1: x = 1. `x > top` is false, since 1 <= 5. `x == top` is false, since 1 != 5.",
        "Pass 2: x = 7. 7 > 5, so n = 0 + 1 = 1. 7 != 5.",
        "Pass 3: x = 5. 5 <= 5. Both are 5, so n = 1 - 1 = 0.",
    ]


def test_passes_that_change_nothing() -> None:
    """Many of them in a row are drawn together; the first of them says why."""
    code = "def solution(xs):\n    n = 0\n    for x in xs:\n        if x > 5:\n            n += x\n    return n\n"
    told = lines(code, xs=[1, 2, 3, 4, 9, 1])
    assert "Passes 2 to 4 change nothing, up to x = 4." in told
    assert "Pass 5: x = 9. 9 > 5, so n = 0 + 9 = 9." in told


def test_passes_that_say_the_same() -> None:
    """A run of passes alike is told once."""
    code = "def solution(n):\n    x = 7\n    for _ in range(n):\n        x = x // 1\n    return x\n"
    assert lines(code, n=5)[2:-2] == ["Repeat 5 times:", "Pass 1: x = 7 // 1 = 7.", "Passes 2 to 5 go the same way."]


def test_counted_loops() -> None:
    """A range is told by its first and last number."""
    code = "def solution(n):\n    t = 0\n    for i in range(n, 0, -1):\n        t += i\n    return t\n"
    assert "For i from 2 down to 1:" in lines(code, n=2)


def test_a_call_of_one_line() -> None:
    """What a call returns at once is told in its sentence; arguments that go on unchanged are not said again."""
    code = "def twice(n):\n    return 2 * n\n\ndef solution(n):\n    return twice(n) + 1\n"
    assert lines(code, n=4)[1] == "Calling twice with n = 4 gives 2 * 4 = 8. Return twice(4) + 1 = 8 + 1 = 9."
    code = (
        "def down(n, left):\n    if n == 0:\n        return left\n    return down(n - 1, left)\n\n"
        "def solution(n):\n    return down(n, 3)\n"
    )
    assert "Call down with n = 1:" in lines(code, n=2)


def test_kept_results() -> None:
    """A call whose result was kept is known already."""
    code = (
        "from functools import cache\n\n@cache\ndef fib(n):\n    if n < 2:\n        return n\n"
        "    return fib(n - 1) + fib(n - 2)\n\ndef solution(n):\n    return fib(n)\n"
    )
    assert "fib(1) = 1 is known already. Return fib(2) + fib(1) = 1 + 1 = 2." in lines(code, n=3)


def test_side_by_side() -> None:
    """Names that are bound together are told one by one, with the values from before."""
    code = "def solution(a, b):\n    a, b = b, a + b\n    return [a, b]\n"
    assert "a = 3 and b = 2 + 3 = 5. Return [3, 5]." in lines(code, a=2, b=3)


def test_the_line_of_a_case() -> None:
    """A statement on the line of a `case` is told where that case fits, and only there."""
    code = (
        "def solution(p):\n    match p:\n        case (0, y): return 'axis'\n        case [x, y]: return 'free'\n"
        "    return 'none'\n"
    )
    text = narrated(code, {"p": [1, 2]})
    assert "axis" not in text
    assert "The case `[x, y]` fits." in text


def test_a_generator_that_asks_itself() -> None:
    """What the inner one hands out is told where it is received, and no stay in which nothing happens."""
    code = (
        "def down(n):\n    yield n\n    if n:\n        for k in down(n - 1):\n            yield k\n\n"
        "def solution(n):\n    out = []\n    for k in down(n):\n        out.append(k)\n    return out\n"
    )
    text = narrated(code, {"n": 2})
    assert "Call down with n = 2:" in text
    assert "Call down with n = 1:" not in text
    assert "Go on in down:\n" in text
    assert "Go on in down:\n    Go on in down:" not in text


def test_a_name_bound_in_a_test() -> None:
    """Each pass of `while (n := ...)` says what the name gets."""
    code = (
        "def solution(xs):\n    t = 0\n    while (n := len(xs)) > 1:\n        xs.pop()\n        t += n\n    return t\n"
    )
    told = lines(code, xs=[5, 6, 7])
    assert "Pass 1: n = len([5, 6, 7]) = 3. Pop 7 from xs, now [5, 6]. t = 0 + 3 = 3." in told
    assert "The loop ends after 2 passes, since n = len([5]) = 1." in told


def test_a_return_that_waits() -> None:
    """What a function returns is not told before what its `finally` does."""
    code = (
        "def part(n):\n    try:\n        return n\n    finally:\n        n = -1\n\n"
        "def solution(n):\n    return part(n) + part(n + 1)\n"
    )
    text = narrated(code, {"n": 3})
    assert "Return 3" not in text
    assert "Return part(3) + part(4) = 3 + 4 = 7." in text
