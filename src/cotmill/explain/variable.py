"""The variable question: what a name holds at one moment on the way, or what a call on the way returns."""

from __future__ import annotations

import json
import random
from functools import lru_cache
from typing import Any

from cotmill.base.chance import chance
from cotmill.base.literal import literal
from cotmill.base.records import Execution, Question
from cotmill.base.trace import Trace
from cotmill.base.values import NotJson, canonical_json
from cotmill.explain.literals import is_simple
from cotmill.explain.moments import Kind, Moment, moments
from cotmill.explain.source import Source
from cotmill.explain.story import story
from cotmill.explain.wording import as_json, call_of, code_of, named, titled

__all__ = ["variable"]

MAX_ANSWER = 120  # characters of a value that may be asked for
STORIES = 0.5  # how often a program that can be said in words is
_FRAMES = (
    ("Here is a Python program:", "{code}", "Run `{call}`. {question}"),
    ("{code}", "Take the call `{call}`. {question}"),
    ("{question}", "The program is run as `{call}`:", "{code}"),
    ("Follow `{call}` through this Python program:", "{code}", "{question}"),
    ("{code}", "{question} The program is run as `{call}`."),
    ("Read this Python program, which is run as `{call}`:", "{code}", "{question}"),
)
_QUESTIONS: dict[Kind, tuple[str, ...]] = {
    "once": (
        "What is the value of {name}?",
        "Which value does {name} get?",
        "What is {name} set to?",
        "On the way, {name} is worked out. What is it?",
    ),
    "pass": (
        "What is {name} after the {ordinal} pass of {loop}?",
        "What is the value of {name} at the end of pass {number} of {loop}?",
        "Stop after the {ordinal} pass of {loop}: what is {name} now?",
        "Once {loop} has gone through {number} passes, which value does {name} hold?",
    ),
    "end": (
        "What is {name} when {loop} ends?",
        "Which value does {name} hold right after {loop}?",
        "When {loop} is over, what is {name}?",
        "With which value of {name} does the program leave {loop}?",
    ),
    "argument": (
        "What is {name} the {ordinal} time `{place}` is called?",
        "With which value of {name} is `{place}` called the {ordinal} time?",
        "Look at the {ordinal} call of `{place}`: what is {name} there?",
        "`{place}` is called several times. What is {name} in the {ordinal} of these calls?",
    ),
    "result": (
        "What does the {ordinal} call of `{place}` return?",
        "`{place}` is called several times. What does the {ordinal} of these calls return?",
        "Which value comes out of the {ordinal} call of `{place}`?",
        "Number the calls of `{place}` in the order in which they begin. What does call {number} return?",
    ),
}
_ORDINALS = ("", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")


def variable(execution: Execution, seed: int) -> Question | None:
    """None where nothing on the way is worth a question: no moment is plain, or its value stands there already."""
    if not execution.trace:
        return None
    trace = Trace.parse(execution.trace)
    inputs: dict[str, Any] = json.loads(execution.input)
    seen = {execution.answer, *map(canonical_json, inputs.values())}
    found: dict[Kind, list[Moment]] = {}
    for moment in moments(trace, _source(execution.code)):
        if _can_ask(trace.values[moment.value], seen):
            found.setdefault(moment.kind, []).append(moment)
    rng = chance(seed, "explain.variable", execution.id)
    kinds = sorted(found)
    rng.shuffle(kinds)
    for kind in kinds:
        easy = len(found[kind]) // 2 if kind == "once" else 0  # what is set later takes more to find out
        moment = rng.choice(found[kind][easy:])
        answer = canonical_json(trace.values[moment.value])
        parts = _parts(execution, inputs, moment, rng)
        problem = "\n\n".join([*parts, as_json(answer, rng)])
        if not any(len(text) > 2 and text in problem for text in (answer, literal(trace.values[moment.value]))):
            return Question(execution.id, execution, problem, "variable", answer, moment.name, moment.upto)
    return None


def _can_ask(value: Any, seen: set[str]) -> bool:
    """Whether the value is the same in JSON, short, and neither given nor the output."""
    if value is None or not is_simple(value):
        return False
    try:
        text = canonical_json(value)
    except NotJson:
        return False
    return len(text) <= MAX_ANSWER and text not in seen and bool(json.loads(text) == value)


def _parts(execution: Execution, inputs: dict[str, Any], moment: Moment, rng: random.Random) -> list[str]:
    told = story(execution.code, inputs, moment.name) if moment.kind == "once" else ""
    if told and rng.random() < STORIES:
        return [told]
    name = named(moment.name, rng)
    loop = f"the loop `{moment.place}`" if moment.place else "the loop"
    wording = rng.choice(_QUESTIONS[moment.kind])
    ordinal = _ORDINALS[moment.number] if moment.number < len(_ORDINALS) else ""
    question = wording.format(name=name, loop=loop, place=moment.place, number=moment.number, ordinal=ordinal)
    shown = {"code": code_of(execution), "call": call_of(inputs), "question": question}
    return [*titled(execution), *(part.format(**shown) for part in rng.choice(_FRAMES))]


@lru_cache(maxsize=4)
def _source(code: str) -> Source:
    """The inputs of one program come one after the other."""
    return Source.parse(code)
