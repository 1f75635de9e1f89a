"""Proven samples that a model wrote a part of, and conversations about them without a server."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from cotmill.backends.conversations import Talk
from cotmill.backends.ladder import Ladder
from cotmill.backends.model import Completion, Request
from cotmill.backends.prompts import built_in, load_prompt
from cotmill.base.model_settings import ModelTask
from cotmill.base.records import Draft, Grounding, Verified
from explain.asking import asked
from explain.narrating import execution_of

Model = Callable[[Request], str | Completion]


def ladder_of(name: str, task: ModelTask, schema: dict[str, Any] | None = None) -> Ladder:
    prompt = load_prompt(built_in()[name], name, task.FIELDS)
    return Ladder(f"prove.{name}", task, prompt, "m", 0, Counter(), schema)


def verified(
    code: str, input: dict[str, Any], problem: str = "", *, prompts: str = "unify-1-x", direction: str = "forward"
) -> Verified:
    """As `prove.ground` gives it; `prompts` are those that had a part in it."""
    question = asked(direction, code, input, problem=problem)
    assert question is not None
    lineage = replace(question.execution.lineage, model="writer" if prompts else "", prompt_id=prompts)
    question = replace(question, execution=replace(question.execution, lineage=lineage))
    solution = f"It takes a while.\nAnswer: {question.answer}"
    return Verified("t.0", Draft("t.0", question, solution, "solved", "provenance"), Grounding(1, 1, 1.0))


def settled(talk: Talk[Any], model: Model) -> tuple[Any, list[Request]]:
    """What becomes of the record, and what was asked."""
    requests: list[Request] = []
    try:
        request = next(talk)
        while True:
            requests.append(request)
            said = model(request)
            request = talk.send(said if isinstance(said, Completion) else Completion(said, "stop", None))
    except StopIteration as done:
        return done.value, requests


def answers(code: str, inputs: Sequence[dict[str, Any]]) -> list[str | None]:
    """What a trusted program answers."""
    found: list[str | None] = []
    for input in inputs:
        try:
            found.append(execution_of(code, input).answer)
        except Exception:  # noqa: BLE001 - the program's own
            found.append(None)
    return found
