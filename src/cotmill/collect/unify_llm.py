"""Seed -> Program by a model, where rules find none: what it writes must come to the answer that the seed states.

What a model writes is one more program as found: it goes through `unify` like any other.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from cotmill.backends.conversations import Talk
from cotmill.backends.ladder import Ladder, Objection, Taken
from cotmill.base.reasons import Reason
from cotmill.base.records import Execution, Program, Seed
from cotmill.base.stage import Reject
from cotmill.base.unified import find_program
from cotmill.collect.formulas.numbers import mentions
from cotmill.collect.formulas.words import tokenize
from cotmill.collect.unify import ENTRY, unify

__all__ = ["Same", "Try", "unifier"]

TOLD = 300  # characters of what a program said that the model is told
OPEN = frozenset({Reason.NOT_UNIFIABLE, Reason.NO_ENTRY, Reason.SYNTAX_ERROR})  # why rules find none and a model may
Try = Callable[[Program], Execution | Reject]  # runs a program of one input by the rules that it will meet later
Same = Callable[[str, str], bool]  # JSON texts of two answers


def unifier(ladder: Ladder, try_out: Try, same: Same) -> Callable[[Seed], Talk[list[Program | Reject]]]:
    """The stage's talk."""

    def talk(seed: Seed) -> Talk[list[Program | Reject]]:
        found = list(unify(seed))
        in_words = not (seed.code or seed.formula)
        rejects = [item for item in found if isinstance(item, Reject) and item.reason in OPEN]
        if len(rejects) < len(found):
            return found
        # an answer that belongs to inputs of the seed's own is no answer to its problem
        if seed.inputs or not seed.problem or not any(seed.answers):
            unknown = Reject(Reason.UNPROVEN_PROGRAM, "no answer is known that a program would have to come to")
            return [unknown] if in_words else found
        fields = {"problem": seed.problem, "solution": seed.solution or seed.formula or seed.code.strip()}
        written = yield from ladder.climb(seed.id, fields, _Reader(seed, ladder, try_out, same))
        if isinstance(written, Taken):
            return [written.value]
        by_rules = [] if in_words else [f"by rules, {item.reason}: {item.detail}" for item in rejects]
        return [Reject(written.reason, "; ".join((written.detail, *by_rules)))]

    return talk


@dataclass(frozen=True)
class _Reader:
    """What a model wrote -> the seed's program, or what is wrong with it."""

    seed: Seed
    ladder: Ladder
    try_out: Try
    same: Same

    def __call__(self, text: str) -> Program | Objection:
        try:
            code, input = find_program(text)
        except ValueError as error:
            return _objection(f"no program of the form asked for: {error}")
        (found,) = unify(replace(self.seed, code=code, entry=ENTRY, inputs=(input,), formula=""))
        if isinstance(found, Reject):
            return _objection(f"no program of the form asked for: {found.detail}")
        return self._objected(found) or replace(found, lineage=self.ladder.sign(found.lineage))

    def _objected(self, program: Program) -> Objection | None:
        """What speaks against it. The model hears nothing about the right answer that it did not write itself."""
        answer = program.answers[0]
        if any(self.same(json.dumps(number), answer) for number in _numbers(program.code)):
            return _objection(
                f"its code holds the answer {answer}",
                "its result stands in its code; work it out from the input",
            )
        given = (value for value in _values(json.loads(program.inputs[0])) if self.same(json.dumps(value), answer))
        if not all(_is_told(value, self.seed.problem) for value in given):
            return _objection(
                f"its input holds the answer {answer}, which the problem does not state",
                "its input holds a value that the problem does not state; give only what the problem states",
            )
        ran = self.try_out(replace(program, answers=("",)))
        if isinstance(ran, Reject):
            return _objection(f"{ran.reason}: {ran.detail}")
        if not self.same(ran.answer, answer):
            return _objection(
                f"it gives {ran.answer}, the seed states {answer}", f"it gives {ran.answer}, which is not the answer"
            )
        return None


def _objection(detail: str, told: str = "") -> Objection:
    told = (told or detail)[:TOLD]
    return Objection(Reason.UNPROVEN_PROGRAM, detail, f"{told[0].upper()}{told[1:]}.")


def _numbers(code: str) -> Iterator[float]:
    """That stand in the code, signs included."""
    for node in ast.walk(ast.parse(code)):
        match node:
            case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
                yield value
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as value)):
                yield -value


def _values(value: Any) -> Iterator[Any]:
    """Everything below it."""
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield item
        yield from _values(item)


def _is_told(value: Any, problem: str) -> bool:
    """Whether the problem states a value, its parts where it has any; no words state a bool."""
    if isinstance(value, (list, dict)):
        return all(_is_told(item, problem) for item in (value.values() if isinstance(value, dict) else value))
    if isinstance(value, str):
        return value.casefold() in problem.casefold()
    if isinstance(value, bool) or value is None:
        return False
    stated = {mention.value for mention in mentions(tokenize(problem))}
    return bool({Fraction(value), Fraction(str(value)), Fraction(str(value)) * 100} & stated)
