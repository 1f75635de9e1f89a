"""What a trace says: a small program and the facts about it."""

from __future__ import annotations

import ast
import sys
import time
from typing import Any

import pytest

from cotmill.base.trace import (
    Branch,
    Call,
    Del,
    Done,
    Line,
    Pass,
    Raise,
    Resume,
    Return,
    Set,
    Site,
    Trace,
    Unwind,
    Value,
    Yield,
)  # fmt: skip
from cotmill.base.values import Opaque, Record
from cotmill.execute.encode import encode
from cotmill.execute.tracer import Recorder
from execute.oracle import happenings
from execute.tracing import Overflow, trace_in_process, trace_text, with_entry


def source_at(code: str, site: Site) -> str:
    """The text of a site; programs here are ASCII, so columns are characters."""
    lines = with_entry(code).split("\n")[site.line - 1 : site.end_line]
    lines[-1] = lines[-1][: site.end_col]
    lines[0] = lines[0][site.col :]
    return "\n".join(lines)


def values_of(code: str, trace: Trace) -> list[tuple[str, Any]]:
    """(source text, value) of each recorded expression of the program's functions."""
    return [
        (source_at(code, trace.sites[event.site]), trace.values[event.value])
        for event in trace.events
        if isinstance(event, Value) and event.frame
    ]


def sets_of(trace: Trace, frame: int) -> list[tuple[str, Any]]:
    return [(e.name, trace.values[e.value]) for e in trace.events if isinstance(e, Set) and e.frame == frame]


def of_kind(trace: Trace, *kinds: type) -> list[Any]:
    return [event for event in trace.events if isinstance(event, kinds)]


def test_the_smallest_program() -> None:
    """Every event of a two-line function, in order."""
    trace = trace_in_process("def solution(a):\n    b = a + 1\n    return b\n", {"a": 2})
    assert [(type(e).__name__, *e) for e in trace.events] == [
        ("Line", 0, 4),
        ("Call", 1, 0, 1, "solution", [["a", 0]]),
        ("Line", 1, 2),
        ("Value", 1, 0, 1),
        ("Set", 1, "b", 1),
        ("Line", 1, 3),
        ("Return", 1, 1),
        ("Value", 0, 1, 1),
        ("Set", 0, "output", 1),
    ]
    assert (trace.values, trace.lines, trace.output) == ([2, 3], 3, 3)


def test_values_of_expressions() -> None:
    """Calls, elements, attributes, operators and comparisons have their values; names and constants do not."""
    code = """class P:
    k = 7
def solution(xs, d):
    p = P()
    y = xs[0] * 2 + -d["a"] - p.k
    return len(xs) > y or (1 if xs[1:] == [2] else abs(y))
"""
    trace = trace_in_process(code, {"xs": [1, 2], "d": {"a": 3}})
    found = dict(values_of(code, trace))
    assert {k: v for k, v in found.items() if k != "P()"} == {
        "xs[0]": 1, "xs[0] * 2": 2, 'd["a"]': 3, '-d["a"]': -3, 'xs[0] * 2 + -d["a"]': -1, "p.k": 7,
        'xs[0] * 2 + -d["a"] - p.k': -8, "len(xs)": 2, "len(xs) > y": True, "len(xs) > y or (1 if xs[1:] == [2] else abs(y))": True,
    }  # fmt: skip
    assert found["P()"] == Record("P", {})


def test_values_are_whole() -> None:
    """A long list and a long text are stored whole, each distinct value once."""
    trace = trace_in_process(
        "def solution(n):\n    a = list(range(n))\n    b = list(range(n))\n    return 'x' * n\n", {"n": 5000}
    )
    assert dict(sets_of(trace, 1))["b"] == list(range(5000))
    assert trace.output == "x" * 5000
    assert sum(value == list(range(5000)) for value in trace.values) == 1


def test_types_are_kept_apart() -> None:
    """1, 1.0, True, 0.0 and -0.0, a list and a tuple are different values of a name."""
    body = "".join(
        f"    x = {value}\n"
        for value in ("1", "1.0", "True", "0.0", "-0.0", "[1]", "[True]", "(1,)", "{1: 1}", "{'1': 1}")
    )
    trace = trace_in_process("def solution():\n" + body + "    return 0\n", {})
    assert [repr(value) for name, value in sets_of(trace, 1)] == [
        "1", "1.0", "True", "0.0", "-0.0", "[1]", "[True]", "(1,)", "{1: 1}", "{'1': 1}",
    ]  # fmt: skip


def test_every_call_of_a_recursion() -> None:
    """fact(5) is five calls, each with its argument, its caller and its value."""
    code = "def fact(n):\n    return 1 if n < 2 else n * fact(n - 1)\ndef solution(n):\n    return fact(n)\n"
    trace = trace_in_process(code, {"n": 5})
    calls = [call for call in trace.calls() if call.name == "fact"]
    assert [(call.frame, call.parent, trace.values[call.args[0][1]]) for call in calls] == [
        (2, 1, 5), (3, 2, 4), (4, 3, 3), (5, 4, 2), (6, 5, 1),
    ]  # fmt: skip
    returned = {event.frame: trace.values[event.value] for event in of_kind(trace, Return)}
    assert returned == {6: 1, 5: 2, 4: 6, 3: 24, 2: 120, 1: 120}


def test_arguments_of_every_kind() -> None:
    """All parameters are in the call, starred ones and defaults included, and are not repeated as set events."""
    code = "def f(a, /, b=2, *c, d, **e):\n    return a\ndef solution(x):\n    return f(x, 5, 6, d=7, g=8)\n"
    trace = trace_in_process(code, {"x": 1})
    call = next(call for call in trace.calls() if call.name == "f")
    assert [(name, trace.values[index]) for name, index in call.args] == [
        ("a", 1), ("b", 5), ("d", 7), ("c", (6,)), ("e", {"g": 8}),
    ]  # fmt: skip
    assert sets_of(trace, call.frame) == []


def test_the_line_of_a_call_is_that_of_its_def() -> None:
    """For a decorated function it is not the line of the decorator."""
    code = "import functools\n@functools.lru_cache(\n    None)\ndef f(n):\n    return n\ndef solution(n):\n    return f(n)\n"
    assert [(call.name, call.line) for call in trace_in_process(code, {"n": 1}).calls()] == [("solution", 6), ("f", 4)]


def test_for_loops_tell_their_passes() -> None:
    """A pass event with number and item before the body, a done event at the end, none after a break."""
    code = "def solution(xs):\n    for x in xs:\n        pass\n    for y in xs:\n        for z in (7, 8):\n            break\n"
    trace = trace_in_process(code, {"xs": ["a", "b"]})
    told = [
        (trace.sites[e.site].line, e.number, trace.values[e.value])
        if isinstance(e, Pass)
        else (trace.sites[e.site].line, e.passes)
        for e in of_kind(trace, Pass, Done)
    ]
    assert told == [(2, 1, "a"), (2, 2, "b"), (2, 2), (4, 1, "a"), (5, 1, 7), (4, 2, "b"), (5, 1, 7), (4, 2)]


def test_while_loops_tell_their_passes() -> None:
    """Numbers begin anew with each run of a loop, also when the last one was left by break; while True counts too."""
    code = """def solution(n):
    for k in range(2):
        while n > 0:
            n -= 1
            if n == 1:
                break
        while True:
            n += 1
            if n > 2:
                break
    return n
"""
    trace = trace_in_process(code, {"n": 3})
    told = [
        (trace.sites[e.site].line, e.number, e.value) if isinstance(e, Pass) else (trace.sites[e.site].line, e.passes)
        for e in of_kind(trace, Pass, Done)
        if trace.sites[e.site].kind == "while"
    ]
    assert told == [(3, 1, -1), (3, 2, -1), (7, 1, -1), (7, 2, -1), (3, 1, -1), (3, 2, -1), (7, 1, -1), (7, 2, -1)]
    assert trace.output == 3


def test_an_exhausted_while_loop_is_done() -> None:
    """The false test that ends the loop is a branch, followed by done with the number of passes."""
    trace = trace_in_process("def solution(n):\n    while n:\n        n -= 1\n    return n\n", {"n": 2})
    assert [type(e).__name__ for e in of_kind(trace, Branch, Pass, Done)] == [
        "Branch",
        "Pass",
        "Branch",
        "Pass",
        "Branch",
        "Done",
    ]
    assert of_kind(trace, Done)[0].passes == 2


@pytest.mark.parametrize(
    ("test", "truth"),
    [
        ("a", True), ("not a", False), ("a and b", False), ("a or b", True), ("not (a and b)", True), ("b or not a", False),
        ("a > b and (b or a < 0)", False), ("a if b else b", False), ("b if b else a", True), ("0 < a < 2", True),
        ("(a and b) or (a and not b)", True), ("[] or ''", False),
    ],
)  # fmt: skip
def test_a_test_has_one_branch(test: str, truth: bool) -> None:
    """Whatever the operators, the test of an if has one branch event, with its truth and its place."""
    code = f"def solution(a, b):\n    if {test}:\n        return True\n    return False\n"
    trace = trace_in_process(code, {"a": 1, "b": 0})
    branches = [event for event in of_kind(trace, Branch) if trace.sites[event.site].kind == "if"]
    assert [event.truth for event in branches] == [truth] == [trace.output]
    assert source_at(code, trace.sites[branches[0].site]) == test


def test_kinds_of_tests() -> None:
    """Conditional expressions, assertions and filters have branch events of their own kinds."""
    code = "def solution(n):\n    assert n, 'n'\n    x = 1 if n > 5 else 2\n    return [i for i in range(3) if i % 2]\n"
    trace = trace_in_process(code, {"n": 1})
    assert [(trace.sites[e.site].kind, e.truth) for e in of_kind(trace, Branch)] == [
        ("assert", True), ("ifexp", False), ("comp", False), ("comp", True), ("comp", False),
    ]  # fmt: skip


def test_changes_in_place_under_every_name() -> None:
    """An append shows under each alias, in the callee when it happens and in the caller when that goes on."""
    code = "def push(s):\n    s.append(9)\n    return 0\ndef solution(xs):\n    ys = xs\n    z = push(ys) + 1\n    return z\n"
    trace = trace_in_process(code, {"xs": [1]})
    assert sets_of(trace, 2) == [("s", [1, 9])]
    assert sets_of(trace, 1) == [("ys", [1]), ("xs", [1, 9]), ("ys", [1, 9]), ("z", 1)]
    kinds = [type(e).__name__ for e in trace.events if not isinstance(e, Value)]
    assert kinds[kinds.index("Return") :][:3] == ["Return", "Set", "Set"]


def test_objects_and_their_attributes() -> None:
    """A change of an attribute is a change of every name that reaches the object."""
    code = "class N:\n    def __init__(self, v):\n        self.v = v\ndef solution():\n    a = N(1)\n    b = [a]\n    a.v = 2\n    return b[0].v\n"
    trace = trace_in_process(code, {})
    one, two = Record("N", {"v": 1}), Record("N", {"v": 2})
    assert sets_of(trace, 1) == [("a", one), ("b", [one]), ("a", two), ("b", [two])]
    assert sets_of(trace, 2) == [("self", one)]


def test_slots_and_subclasses_of_containers_are_watched() -> None:
    """Objects without a __dict__ and containers of one's own class are compared whole."""
    code = (
        "class S:\n    __slots__ = ('v',)\nclass L(list):\n    pass\ndef solution():\n    s = S()\n    s.v = 1\n"
        "    l = L()\n    l.append(s)\n    s.v = 2\n    l.tag = 3\n    return l[0].v\n"
    )
    trace = trace_in_process(code, {})
    assert sets_of(trace, 1) == [
        ("s", Record("S", {})), ("s", Record("S", {"v": 1})), ("l", Record("L", {}, [])),
        ("l", Record("L", {}, [Record("S", {"v": 1})])), ("s", Record("S", {"v": 2})),
        ("l", Record("L", {}, [Record("S", {"v": 2})])), ("l", Record("L", {"tag": 3}, [Record("S", {"v": 2})])),
    ]  # fmt: skip


def test_a_bytearray_inside_a_list_is_watched() -> None:
    """Changes that `marshal` cannot tell apart are seen too."""
    trace = trace_in_process("def solution():\n    a = [bytearray(b'x')]\n    a[0] = bytes(a[0])\n    return 0\n", {})
    assert [type(value[0]) for name, value in sets_of(trace, 1)] == [bytearray, bytes]


def test_the_module_is_frame_0() -> None:
    """Its lines that only define are no events; its names are watched while functions change them."""
    code = "import math\nfrom math import pi, floor\nSEEN = []\nclass A:\n    x = 1\ndef solution(n):\n    global last\n    SEEN.append(n)\n    last = n\n    return floor(pi)\n"
    trace = trace_in_process(code, {"n": 1})
    assert [e.line for e in of_kind(trace, Line) if e.frame == 0] == [3, 11]
    assert sets_of(trace, 0)[1:] == [("SEEN", []), ("SEEN", [1]), ("last", 1), ("output", 3)]
    assert sets_of(trace, 0)[0][0] == "pi"
    places = [e.name if isinstance(e, Set) else e.line for e in of_kind(trace, Line, Set)]
    assert places[places.index(8) :] == [8, "SEEN", 9, "last", 10, "output"]


def test_free_variables_stand_before_the_first_line() -> None:
    """What a nested function sees of its surroundings is told between its call and its first line."""
    code = "def solution(k):\n    total = 5\n    def add(x):\n        nonlocal total\n        total += x * k\n        return total\n    add(2)\n    return total\n"
    trace = trace_in_process(code, {"k": 3})
    start = next(i for i, e in enumerate(trace.events) if isinstance(e, Call) and e.name == "add")
    seen = trace.events[start + 1 : start + 4]
    assert [(type(e).__name__, e[1]) for e in seen] == [("Set", "k"), ("Set", "total"), ("Line", 5)]
    assert sets_of(trace, 2)[2:] == [("total", 11)]
    assert sets_of(trace, 1) == [("total", 5), ("total", 11)]


def test_comprehensions_are_frames() -> None:
    """A comprehension's names are told before the values made of them."""
    code = "def solution(xs):\n    return [x * 2 for x in xs if x]\n"
    trace = trace_in_process(code, {"xs": [0, 4]})
    inner = [e for e in trace.events if e.frame == 2]
    assert [type(e).__name__ for e in inner] == [
        "Call",
        "Line",
        "Set",
        "Branch",
        "Line",
        "Set",
        "Branch",
        "Value",
        "Line",
        "Return",
    ]


def test_generators_sleep_and_wake() -> None:
    """yield and resume belong to the generator's own frame; the end of a for loop is no exception."""
    code = "def gen(n):\n    yield n\n    yield n + 1\ndef solution(n):\n    t = 0\n    for x in gen(n):\n        t += x\n    return t\n"
    trace = trace_in_process(code, {"n": 3})
    inner = [e for e in trace.events if isinstance(e, (Yield, Resume, Return)) and e.frame == 2]
    assert [type(e).__name__ for e in inner] == ["Yield", "Resume", "Yield", "Resume", "Return"]
    assert [trace.values[e.value] for e in inner if isinstance(e, Yield)] == [3, 4]
    assert of_kind(trace, Raise) == []
    assert Opaque("opaque", "generator") in trace.values


def test_an_abandoned_generator_leaves_no_exception() -> None:
    """any() closes its generator half-way; that is not an exception of the program."""
    trace = trace_in_process("def solution(xs):\n    return any(x > 1 for x in xs)\n", {"xs": [1, 2, 3]})
    assert of_kind(trace, Raise, Unwind) == []


def test_exceptions_arrive_in_every_frame() -> None:
    """raise in the frame where it happens and in each that it reaches, unwind in each that it leaves."""
    code = "def f(d):\n    return d['k']\ndef solution(d):\n    try:\n        f(d)\n    except KeyError:\n        return 'none'\n"
    trace = trace_in_process(code, {"d": {}})
    told = [(type(e).__name__, *e) for e in of_kind(trace, Raise, Unwind)]
    assert told == [("Raise", 2, "KeyError", "'k'"), ("Unwind", 2), ("Raise", 1, "KeyError", "'k'")]
    assert [e.line for e in of_kind(trace, Line) if e.frame == 1] == [4, 5, 6, 7]


def test_messages_without_the_programs_code() -> None:
    """A __str__ of the program's own is not asked: the message is that of the built-in base."""
    code = "class E(ValueError):\n    def __str__(self):\n        print('asked')\n        return 's'\ndef solution():\n    try:\n        raise E('real')\n    except E:\n        pass\n    try:\n        raise E(E('x'))\n    except E:\n        pass\n"
    trace = trace_in_process(code, {})
    assert [e.message for e in of_kind(trace, Raise)] == ["real", ""]


def test_an_uncaught_exception_is_in_the_trace() -> None:
    """The trace of a program that fails ends with the module's frame being left."""
    text, error = trace_text("def solution(n):\n    return n // 0\n", {"n": 1})
    trace = Trace.parse(text)
    assert isinstance(error, ZeroDivisionError)
    assert [type(e).__name__ for e in trace.events[-4:]] == ["Raise", "Unwind", "Raise", "Unwind"]
    with pytest.raises(ValueError, match="output"):
        _ = trace.output


def test_deleted_names() -> None:
    """`del` is an event, and so is the end of a handler's name."""
    trace = trace_in_process("def solution(a):\n    b = a\n    del b\n    return a\n", {"a": 1})
    assert [e.name for e in of_kind(trace, Del)] == ["b"]


def test_definitions_are_not_values() -> None:
    """A name bound to a function, a class or a module has no set event."""
    code = "def solution():\n    import math\n    def f():\n        return 1\n    class C:\n        pass\n    g = f\n    h = math.floor\n    return g()\n"
    assert sets_of(trace_in_process(code, {}), 1) == []


def test_too_many_lines() -> None:
    """One line event more than allowed ends the run, and exactly as many do not."""
    code = "def solution(n):\n    for i in range(n):\n        pass\n"
    lines = trace_in_process(code, {"n": 10}).lines
    assert trace_in_process(code, {"n": 10}, max_lines=lines).lines == lines
    with pytest.raises(Overflow, match=f"more than {lines - 1} line events"):
        trace_in_process(code, {"n": 10}, max_lines=lines - 1)


def test_too_many_bytes() -> None:
    """The stored text is never longer than allowed, and never cut."""
    code = "def solution(n):\n    a = []\n    for i in range(n):\n        a.append('x' * 50)\n    return len(a)\n"
    text, _ = trace_text(code, {"n": 20})
    assert trace_text(code, {"n": 20}, max_bytes=len(text))[0] == text
    for limit in (len(text) - 1, 2000, 100):
        with pytest.raises(Overflow, match=f"more than {limit} bytes"):
            trace_text(code, {"n": 20}, max_bytes=limit)


def test_a_value_that_is_too_large() -> None:
    """A value beyond the encoding's limits ends the run with a reason."""
    for code in ("list(range(30_000))", "[[1] * 15_000, [2] * 15_000]", "list(zip(range(15_000)))"):
        with pytest.raises(Overflow, match="cannot be recorded"):
            trace_in_process(f"def solution():\n    a = {code}\n    return 0\n", {})


def test_runaway_recursion_is_not_traced() -> None:
    """Tracing makes the stack deeper, so a program that meets the interpreter's limit has no trace."""
    code = "def f(n):\n    return f(n + 1)\ndef solution():\n    try:\n        return f(0)\n    except RecursionError:\n        return 'deep'\n"
    with pytest.raises(Overflow, match="deep"):
        trace_in_process(code, {})


def test_a_program_that_ends_the_tracing_has_no_trace() -> None:
    """What a program hides by calling sys.settrace is not passed off as its whole trace."""
    code = (
        "import sys\ndef solution(n):\n    sys.settrace(None)\n    for i in range(n):\n        n += i\n    return n\n"
    )
    with pytest.raises(Overflow, match="tracing ended"):
        trace_in_process(code, {"n": 3})
    assert sys.gettrace() is None


def test_the_recorder_refuses_what_compile_refuses() -> None:
    """A program that parses but does not compile fails with its SyntaxError."""
    source = "def solution():\n    return 1\nreturn 2\n"
    recorder = Recorder(ast.parse(source), source, 10, 1000, encode, print)
    with pytest.raises(SyntaxError, match="'return' outside function"):
        recorder.compile()


def test_a_deep_expression_is_woven() -> None:
    """A sum of 400 terms does not run into the recursion limit."""
    trace = trace_in_process("def solution(n):\n    return " + " + ".join(["n"] * 400) + "\n", {"n": 1})
    assert trace.output == 400


def test_what_the_program_left_behind_still_runs() -> None:
    """After the recorder stopped, functions of the program work and record nothing."""
    namespace: dict[str, Any] = {}
    code = "def solution(n):\n    while n and n > 0:\n        for i in [n]:\n            n = n - 1 if i else 0\n    return n\n"
    text, _ = trace_text(code, {"n": 2}, namespace=namespace)
    assert namespace["solution"](3) == 0
    assert Trace.parse(text).output == 0


@pytest.mark.parametrize(
    "code",
    [
        "a = [1]\n    for _ in range(60):\n        a = [a, a]\n    return 1",
        "a = [n]\n    a *= 20000\n    b = [a] * 20000\n    return 1",
        "a = bytes(300_000_000)\n    return 1",
        "a = bytearray(300_000_000)\n    return 1",
        "a = ['x' * 10_000_000] * 10_000\n    return 1",
        "class C:\n        pass\n    a = [list(map(object.__new__, [C] * 15000)) for _ in (1, 2)]\n    return 1",
    ],
    ids=["doubled", "shared rows", "bytes", "bytearray", "shared text", "objects"],
)
def test_values_too_large_to_write_out_end_the_trace_at_once(code: str) -> None:
    """Whatever a value would be with its shared parts written out, it is never written out to be compared."""
    begun = time.process_time()
    with pytest.raises(Overflow, match="cannot be recorded"):
        trace_in_process(f"def solution(n):\n    {code}\n", {"n": 1})
    assert time.process_time() - begun < 2


def test_a_list_that_contains_itself_twice() -> None:
    """A cycle is a value like others, and its changes are seen."""
    code = "def solution(n):\n    a = [n]\n    a.append(a)\n    a.append(a)\n    a[0] = 5\n    return n\n"
    changes = [event for event in happenings(trace_text(code, {"n": 1})[0]) if event[0] == "set" and event[2] == "a"]
    assert [value for *_, value in changes] == [
        "[1]",
        '[1, {"$cycle": 1}]',
        '[1, {"$cycle": 1}, {"$cycle": 1}]',
        '[5, {"$cycle": 1}, {"$cycle": 1}]',
    ]


def test_a_value_shared_otherwise_is_the_same_value() -> None:
    """Who else holds the parts of a value is no change of it."""
    code = "def solution(n):\n    a = [[n, 'ab' * n], [1000 + n]]\n    for b in a:\n        c = b[0]\n    d = a[0]\n    return n\n"
    trace = trace_in_process(code, {"n": 1})
    assert [name for name, _ in sets_of(trace, 1)] == ["a", "b", "c", "b", "c", "d"]


def test_no_type_of_the_program_is_asked_for_its_hash() -> None:
    """A metaclass with `__hash__`, `__eq__` and `__name__` of its own is left alone, also by its exceptions."""
    code = """log = []
class Meta(type):
    def __hash__(cls):
        log.append('hash')
        return 7
    def __eq__(cls, other):
        log.append('eq')
        return cls is other
    @property
    def __name__(cls):
        log.append('name')
        return 'Forged'
class Odd(Exception, metaclass=Meta):
    pass
class Even(metaclass=Meta):
    def __init__(self, n):
        self.n = n
def solution(n):
    e = Even(n)
    a = [e, {1: e}]
    try:
        raise Odd(n)
    except Odd:
        a.append(e.n)
    return log
"""
    trace = trace_in_process(code, {"n": 1})
    assert trace.output == []
    assert [event.type for event in of_kind(trace, Raise)] == ["Odd"]
