"""A trace as a debugger prints it."""

from __future__ import annotations

from dataclasses import replace

from cotmill.prove.answer import extract
from cotmill.student.raw_trace import raw_trace
from student.known import known_of

DOUBLED = """def double(x):
    return x * 2

def solution(xs):
    total = 0
    for x in xs:
        total += double(x)
    return total
"""
SHOWN = """\
>>> Call to solution
...... xs = [4]
   4 | def solution(xs):
   5 |     total = 0
...... total = 0
   6 |     for x in xs:
...... x = 4
   7 |         total += double(x)
    >>> Call to double
    ...... x = 4
       1 | def double(x):
       2 |     return x * 2
    <<< Return value from double: 8
...... total = 8
   6 |     for x in xs:
   8 |     return total
<<< Return value from solution: 8
Answer: 8"""


def test_lines_variables_calls_and_returns_stand_in_the_order_of_the_run() -> None:
    """A deeper call to the right; a variable where it is new or another; the answer in its fixed form."""
    assert raw_trace(known_of(DOUBLED, {"xs": [4]}).question) == SHOWN


def test_no_value_is_shortened() -> None:
    xs = list(range(60))
    assert f"...... xs = {xs}" in raw_trace(known_of(DOUBLED, {"xs": xs}).question)


def test_a_question_about_the_way_ends_at_its_moment() -> None:
    """What happens later is not told, and the answer is what was asked for."""
    one = known_of(DOUBLED, {"xs": [4, 9, 2, 7]}, directions=("variable",))
    text, whole = raw_trace(one.question), raw_trace(replace(one.question, direction="forward"))
    assert one.question.direction == "variable"
    assert len(text) < len(whole)
    assert whole.startswith(text.rpartition("\n")[0])
    assert extract(text) == one.sample.answer


def test_exceptions_and_generators_are_told() -> None:
    code = "def each(n):\n    for k in range(n):\n        yield 6 // (k - 1)\n\n\ndef solution(n):\n    found = []\n    try:\n        for one in each(n):\n            found.append(one)\n    except ZeroDivisionError:\n        found.append(0)\n    return found\n"
    text = raw_trace(known_of(code, {"n": 3}).question)
    assert "<<< Yield value from each: -6" in text
    assert ">>> Re-enter generator each" in text
    assert "!!! ZeroDivisionError: " in text
    assert text.endswith("Answer: [-6,0]")
