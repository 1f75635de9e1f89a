"""What the tests of unify share: a program in, the unified program out."""

from __future__ import annotations

import json
from textwrap import dedent
from typing import Any

from cotmill.base.reasons import Reason
from cotmill.base.records import Program, Seed
from cotmill.base.stage import Reject, Stage
from cotmill.collect.unify import unify

STAGE = Stage("collect.unify", 1, Seed, Program, unify)  # checks that no pair is lost


def outcomes(code: str, *inputs: Any, entry: str = "") -> list[Program | Reject]:
    """Everything that unify makes of a program on these inputs (values, or texts as they are)."""
    texts = tuple(item if isinstance(item, str) else json.dumps(item) for item in inputs)
    return list(STAGE(Seed("s-0", "s", "", "", dedent(code).strip(), entry, texts, ("",) * max(1, len(texts)))))


def program(code: str, *inputs: Any, entry: str = "") -> Program:
    """The one program that unify makes of it."""
    (outcome,) = outcomes(code, *inputs, entry=entry)
    assert isinstance(outcome, Program), outcome
    return outcome


def check(before: str, after: str, given: dict[str, Any], *inputs: Any, entry: str = "") -> None:
    """`before` becomes `after` with the input `given`, and stays that when it is unified again."""
    unified = program(before, *inputs, entry=entry)
    assert unified.code == dedent(after).strip()
    assert json.loads(unified.inputs[0]) == given
    assert (program(unified.code, *unified.inputs).code, unified.inputs) == (unified.code, unified.inputs)


def refusal(code: str, *inputs: Any, entry: str = "") -> tuple[Reason, str]:
    """Reason and detail with which unify rejects a program."""
    first = outcomes(code, *inputs, entry=entry)[0]
    assert isinstance(first, Reject), first
    return first.reason, first.detail


def output(code: str, given: dict[str, Any], entry: str = "solution") -> Any:
    """What a trusted program gives, run in this process."""
    names: dict[str, Any] = {"__name__": __name__}  # a module that exists: dataclasses look theirs up
    exec(code, names)
    return names[entry](**given)
