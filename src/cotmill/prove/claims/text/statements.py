"""What a text can state about a run: the claims as read, before anything is checked."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from fractions import Fraction

__all__ = [
    "Called",
    "Caught",
    "Changed",
    "CountedCalls",
    "Described",
    "Each",
    "Equality",
    "Folded",
    "LeftBy",
    "LeftLoop",
    "LoopEnded",
    "LoopRan",
    "Lost",
    "Made",
    "Measured",
    "Mention",
    "PassBegun",
    "Raised",
    "Removed",
    "Repeats",
    "Resumed",
    "Returned",
    "Sequence",
    "Share",
    "Statement",
    "Test",
    "Worked",
    "Yielded",
]


@dataclass(frozen=True, slots=True)
class Statement:
    """Where it stands in the text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Equality(Statement):
    """`total = 10 + 3 = 13`, "count stays 2": all parts are equal; the first may be a name or a place."""

    parts: tuple[ast.expr, ...]
    stays: bool = False  # told as a state and not as something that happens
    rough: bool = False  # "about": the last value is rounded
    because: bool = False  # a reason for the test before it
    ends: bool = False  # told as what the loop leaves: "j ends at 6"


@dataclass(frozen=True, slots=True)
class Test(Statement):
    """An expression is true, or false. `code` is its source where the text quotes it."""

    code: str
    node: ast.expr | None
    truth: bool
    because: bool = False
    soft: bool = False  # told in words ("10 is even"): the program may ask it in another way


@dataclass(frozen=True, slots=True)
class Lost(Statement):
    """Something that nobody can be expected to read: an endless expression, a number of thousands of digits."""


@dataclass(frozen=True, slots=True)
class Worked(Statement):
    """An expression with values that is worked out, its result not given."""

    node: ast.expr


@dataclass(frozen=True, slots=True)
class Mention(Statement):
    """A value that stands in the text without a claim of its own: it must have been seen."""

    node: ast.expr
    result: bool  # after "gives", "to get": something that comes out here
    becomes: bool = False  # "it drops to -5": what is spoken of has this value now, or gets it next


@dataclass(frozen=True, slots=True)
class Share(Statement):
    """A part of a whole, and what it comes to where the text says so."""

    part: Fraction
    whole: ast.expr
    results: tuple[ast.expr, ...]


@dataclass(frozen=True, slots=True)
class Sequence(Statement):
    """`6 -> 3 -> 10`: the values that something has one after the other; of two, what the first leads to."""

    parts: tuple[ast.expr, ...]


@dataclass(frozen=True, slots=True)
class Made(Statement):
    """A comprehension comes to one value; a generator expression hands out several: the first, the last, so many."""

    values: tuple[ast.expr, ...]
    last: ast.expr | None = None
    count: int = -1


@dataclass(frozen=True, slots=True)
class PassBegun(Statement):
    number: int
    over: bool  # "after pass 3": the state at its end
    sure: bool  # "pass" and "iteration" speak of loops; "step" and "round" may not
    hint: tuple[str, ast.expr] | None  # the first binding told of it
    code: str  # the first test told of it


@dataclass(frozen=True, slots=True)
class Folded(Statement):
    """Passes first..last are not told one by one."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class LoopEnded(Statement):
    passes: int
    sure: bool
    asks: bool = False  # a reason follows: the loop has a test


@dataclass(frozen=True, slots=True)
class LoopRan(Statement):
    """A loop has so many passes. `nested`: whether the text says that it stands in another one."""

    count: int
    nested: bool | None


@dataclass(frozen=True, slots=True)
class LeftLoop(Statement):
    number: int


@dataclass(frozen=True, slots=True)
class Each(Statement):
    """A loop or comprehension goes through something. `opens` a block that tells its passes."""

    target: ast.expr
    source: ast.expr
    opens: bool = False


@dataclass(frozen=True, slots=True)
class Repeats(Statement):
    """A `while` loop begins, and with it a block that tells its passes. No code: `while True`."""

    code: str


@dataclass(frozen=True, slots=True)
class Called(Statement):
    """A call begins. `sure` where it is told as a step, not mentioned."""

    name: str
    named: tuple[tuple[str, ast.expr], ...]
    given: tuple[ast.expr, ...] = ()
    gives: ast.expr | None = None  # its result, where that is told along with it
    sized: tuple[tuple[str, int], ...] = ()  # arguments of which only the length is told
    described: tuple[tuple[str, str, tuple[tuple[str, ast.expr], ...]], ...] = ()  # or the class and some attributes
    whole: bool = False  # all of it is left out: it "goes the same way"


@dataclass(frozen=True, slots=True)
class Resumed(Statement):
    name: str


@dataclass(frozen=True, slots=True)
class Returned(Statement):
    parts: tuple[ast.expr, ...]
    final: bool = False  # "the answer is": any call may have returned it


@dataclass(frozen=True, slots=True)
class Yielded(Statement):
    parts: tuple[ast.expr, ...]


@dataclass(frozen=True, slots=True)
class Changed(Statement):
    """`verb` is append, add, pop, remove, sort, reverse, clear, extend, prepend; `now` the value after it."""

    verb: str
    item: ast.expr | None
    place: ast.expr
    now: ast.expr | None
    idle: bool = False  # "which changes nothing"


@dataclass(frozen=True, slots=True)
class Removed(Statement):
    place: ast.expr


@dataclass(frozen=True, slots=True)
class Measured(Statement):
    """Something has so many elements; `place` is None for what was told last."""

    place: ast.expr | None
    count: int


@dataclass(frozen=True, slots=True)
class Described(Statement):
    """Something is an object of a class, with these of its attributes."""

    place: ast.expr
    type: str
    attributes: tuple[tuple[str, ast.expr], ...]


@dataclass(frozen=True, slots=True)
class CountedCalls(Statement):
    """So many calls of a function that are not told one by one."""

    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Raised(Statement):
    type: str
    message: str | None


@dataclass(frozen=True, slots=True)
class Caught(Statement):
    type: str


@dataclass(frozen=True, slots=True)
class LeftBy(Statement):
    """An exception leaves a call."""

    type: str
    name: str
