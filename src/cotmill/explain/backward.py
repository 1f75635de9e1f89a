"""The backward question: the output is given, one input is hidden, and a value of it that gives the output is wanted.

Any value that execution confirms is right (`cotmill.prove.confirm`); the question's own answer is the executed one.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Mapping
from typing import Any

from cotmill.base.chance import chance
from cotmill.base.literal import literal
from cotmill.base.records import Execution, Question
from cotmill.base.trace import Set, Trace
from cotmill.base.values import canonical_json
from cotmill.explain.story import story_backward
from cotmill.explain.undo import undo
from cotmill.explain.wording import as_json, call_of, code_of, described, given, named, titled

__all__ = ["backward", "undone"]

MAX_HIDDEN = 60  # characters of a value that a person could come upon
MAX_GUESS = 200  # a number that a person may try
MAX_OUTPUT = 200  # characters of an output that is given
STORIES = 0.5  # how often a program that can be said in words is, where the seed's text cannot be used
OWN_WORDS = 0.6  # how often the seed's text is used where it can be
_SHOWN = (
    ("Here is a Python program:", "{code}", "For which value of {name} does `{call}` return {result}?"),
    ("{code}", "Find a value of {name} for which `{call}` returns {result}."),
    ("In this Python program `{call}` returns {result}, but one input is hidden.", "{code}", "What can {name} be?"),
    ("{code}", "Somebody ran `{call}` and got {result}. Which value of {name} fits?"),
    ("Work this Python program backward:", "{code}", "`{call}` is to return {result}. What must {name} be?"),
    ("{code}", "Replace the question mark so that `{call}` returns {result}. What is {name} then?"),
    ("Which value of {name} makes `{call}` return {result} in this program?", "{code}"),
    ("This program gave {result}:", "{code}", "The call was `{call}`. Find a value of {name} that explains it."),
    ("{code}", "Given that `{call}` returns {result}, what could {name} have been?"),
)
_DESCRIBED = (
    "The result is {result}. What is {name}?",
    "This gives {result}. What can {name} be?",
    "If the result is {result}, what is the value of {name}?",
    "The value of {name} is not known, but the result is {result}. Find a value that fits.",
    "Which value of {name} leads to the result {result}?",
    "The result is to be {result}. Which value of {name} does that?",
    "We know that the result is {result}. Find a value of {name} that gives it.",
    "Now work backward: the result is {result}. Find the value of {name}.",
)
_ANY = ("Any value that gives this result is right.", "If several values do, any of them is right.")
_NUMBER = re.compile(r"(?<![\w.,])\d[\d,]*(?:\.\d+)?(?!\w|[.,]\d)")
_SMALL = (
    r"\b(?:zero|no|none)\b", r"\b(?:one|once|single|first)\b", r"\b(?:two|twice|double|half|pair|couple|second)\b",
    r"\b(?:three|thrice|triple|third)\b", r"\b(?:four|quarter|fourth)\b", r"\b(?:five|fifth)\b", r"\b(?:six|sixth)\b",
    r"\b(?:seven|seventh|week)\b", r"\b(?:eight|eighth)\b", r"\b(?:nine|ninth)\b", r"\b(?:ten|tenth|decade)\b",
    r"\beleven", r"\b(?:twelve|dozen|year)", r"\bthirteen", r"\bfourteen", r"\bfifteen", r"\bsixteen", r"\bseventeen",
    r"\beighteen", r"\bnineteen", r"\btwenty\b",
)  # fmt: skip


def backward(execution: Execution, seed: int) -> Question | None:
    """None where no input can be hidden: none can be worked out or guessed, or the question would hold its value."""
    inputs: dict[str, Any] = json.loads(execution.input)
    output = json.loads(execution.answer)
    names = [name for name in inputs if _can_hide(name, inputs, execution.answer)]
    if output is None or len(literal(output)) > MAX_OUTPUT or not names:
        return None
    rng = chance(seed, "explain.backward", execution.id)
    rng.shuffle(names)
    exact = {name: bool(undone(execution, name)) for name in names}
    for name in sorted(names, key=lambda name: not exact[name]):
        if not exact[name] and not _is_guess(inputs[name]):
            continue
        parts = _parts(execution, inputs, name, output, rng)
        if not exact[name] and rng.random() < 0.5:
            parts.append(rng.choice(_ANY))
        answer = canonical_json(inputs[name])
        problem = "\n\n".join([*parts, as_json(answer, rng)])
        if not _holds(problem, inputs[name]):
            return Question(execution.id, execution, problem, "backward", answer, name)
    return None


def undone(execution: Execution, hidden: str) -> list[str]:
    """The steps from the output back to the hidden input, for plain arithmetic; none for all else."""
    if not execution.trace:
        return []
    trace = Trace.parse(execution.trace)
    values = {event.name: trace.values[event.value] for event in trace.events if isinstance(event, Set) and event.frame}
    return undo(execution.code, json.loads(execution.input), hidden, values, json.loads(execution.answer))


def _can_hide(name: str, inputs: Mapping[str, Any], output: str) -> bool:
    value = inputs[name]
    if value is None or len(literal(value)) > MAX_HIDDEN:
        return False
    seen = [output, *(canonical_json(other) for key, other in inputs.items() if key != name)]
    return canonical_json(value) not in seen


def _is_guess(value: Any) -> bool:
    """Whether a person may come upon the value by trying: no number that only a calculation finds."""
    if type(value) is int:
        return abs(value) <= MAX_GUESS
    if type(value) is float:
        return abs(value) <= MAX_GUESS and value == round(value, 1)
    return True


def _holds(problem: str, value: Any) -> bool:
    """Whether the text has the value; a digit or two may stand in it for something else."""
    texts = {literal(value), canonical_json(value)}
    return any(len(text) > 2 and re.search(rf"(?<!\w){re.escape(text)}(?!\w)", problem) for text in texts)


def _parts(execution: Execution, inputs: dict[str, Any], hidden: str, output: Any, rng: random.Random) -> list[str]:
    """The seed's own words where they can be used, a story, or the program."""
    others = {name: value for name, value in inputs.items() if name != hidden}
    own = _own_words(execution, inputs[hidden], hidden)
    if own and rng.random() < OWN_WORDS:
        asked = rng.choice(_DESCRIBED).format(result=literal(output), name=named(hidden, rng))
        return [*own, *given(others, execution.problem, rng), asked]
    told = story_backward(execution.code, inputs, hidden, output)
    if told and rng.random() < STORIES:
        return [told]
    name, texts = named(hidden, rng), rng.choice(_SHOWN)
    shown = {
        "code": code_of(execution),
        "call": call_of(inputs, hidden),
        "result": f"`{literal(output)}`",
        "name": name,
    }
    return [*titled(execution), *(text.format(**shown) for text in texts)]


def _own_words(execution: Execution, value: Any, name: str) -> list[str]:
    """The seed's description without the hidden value; none where it cannot be taken out safely."""
    text = described(execution.problem.strip())
    if not text or _spelled(text, value):
        return []
    if type(value) not in (int, float):
        return [] if literal(value) in text or canonical_json(value) in text else [text]
    found = [match for match in _NUMBER.finditer(text) if float(match[0].replace(",", "")) == value]
    if not found:
        return [text]
    letter = next((letter for letter in "xyzkn" if not re.search(rf"\b{letter}\b", text)), "")
    if len(found) > 1 or not letter:
        return []
    begin, end = found[0].span()
    return [f"{text[:begin]}{letter}{text[end:]}", f"Here {letter} stands for `{name}`, which is not known."]


def _spelled(text: str, value: Any) -> bool:
    """Whether a small number stands in the text as a word."""
    if type(value) is not int or not 0 <= value < len(_SMALL):
        return False
    return re.search(_SMALL[value], text, re.IGNORECASE) is not None
