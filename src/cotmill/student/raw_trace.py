"""A trace as text, as debuggers print it: what Execution-Grounded Reasoning (arXiv 2506.10343) compares narrations to.

The form is that of snoop: every line as it is executed, with its number; below it the variables that are new or have
changed, with their whole values; calls and returns. A deeper call stands further to the right.

    >>> Call to solution
    ...... a = 5
       1 | def solution(a):
       2 |     b = a * 3
    ...... b = 15
       3 |     return b
    <<< Return value from solution: 15
"""

from __future__ import annotations

from collections.abc import Iterator

from cotmill.base.literal import literal
from cotmill.base.records import Question
from cotmill.base.trace import Call, Del, Line, Raise, Resume, Return, Set, Trace, Unwind, Yield

__all__ = ["raw_trace"]

INDENT = "    "


def raw_trace(question: Question) -> str:
    """The run that stands behind a question, up to the moment that it asks about, and the final answer."""
    execution = question.execution
    trace = Trace.parse(execution.trace)
    if question.direction == "variable":
        trace = trace.upto(question.moment)
    lines = execution.code.split("\n")
    return "\n".join([*_shown(trace, lines), f"Answer: {question.answer}"])


def _shown(trace: Trace, lines: list[str]) -> Iterator[str]:
    names: dict[int, str] = {}  # of the functions, by frame
    depths = {0: -1}
    holds: dict[tuple[int, str], int] = {}  # frame and variable -> index of its value

    for event in trace.events:
        if isinstance(event, Call):
            names[event.frame] = event.name
            depths[event.frame] = depths[event.parent] + 1
        if not event.frame:  # the two lines around the program
            continue
        name, margin = names[event.frame], INDENT * depths[event.frame]
        if isinstance(event, Call):
            yield f"{margin}>>> Call to {name}"
            for variable, value in event.args:
                holds[event.frame, variable] = value
                yield f"{margin}...... {variable} = {literal(trace.values[value])}"
            yield f"{margin}{event.line:4} | {lines[event.line - 1]}"
        elif isinstance(event, Line):
            yield f"{margin}{event.line:4} | {lines[event.line - 1]}"
        elif isinstance(event, Set):
            if holds.get((event.frame, event.name)) != event.value:
                holds[event.frame, event.name] = event.value
                yield f"{margin}...... {event.name} = {literal(trace.values[event.value])}"
        elif isinstance(event, Del):
            holds.pop((event.frame, event.name), None)
        elif isinstance(event, Return):
            yield f"{margin}<<< Return value from {name}: {literal(trace.values[event.value])}"
        elif isinstance(event, Yield):
            yield f"{margin}<<< Yield value from {name}: {literal(trace.values[event.value])}"
        elif isinstance(event, Resume):
            yield f"{margin}>>> Re-enter generator {name}"
        elif isinstance(event, Raise):
            yield f"{margin}!!! {event.type}: {event.message}"
        elif isinstance(event, Unwind):
            yield f"{margin}!!! Call to {name} ended by exception"
