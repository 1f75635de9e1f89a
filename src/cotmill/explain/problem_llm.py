"""Stage work: a model turns a program back into a problem in words (Caco, section 3.3).

Directions are chosen as without a model; where it is the forward one, a model that sees program, input, output and
title says in words what is asked. Its text is taken where every input stands in it, and neither the answer nor code;
else the question is what Cotmill asks itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from cotmill.backends.conversations import Talk
from cotmill.backends.ladder import Ladder, Objection, Taken
from cotmill.base.chance import chance
from cotmill.base.records import Execution, Question
from cotmill.base.stage import Reject
from cotmill.explain.posed.objections import object_to_problem
from cotmill.explain.problem import pose
from cotmill.explain.wording import as_json

__all__ = ["poser"]


def poser(ladder: Ladder, seed: int, directions: Sequence[str]) -> Callable[[Execution], Talk[Question | Reject]]:
    """The stage's talk. Nothing is lost by it: what `pose` asks is there where no text of the model's passes."""

    def talk(execution: Execution) -> Talk[Question | Reject]:
        question = pose(execution, seed, directions)
        if isinstance(question, Reject) or question.direction != "forward":
            return question

        def judged(text: str) -> str | Objection:
            return object_to_problem(execution, text.strip()) or text.strip()

        fields = {
            "code": execution.code.strip(), "input": execution.input, "answer": execution.answer,
            "title": execution.title.strip(),
        }  # fmt: skip
        found = yield from ladder.climb(execution.id, fields, judged)
        if not isinstance(found, Taken):
            ladder.counts["model.template.passed"] += 1
            return question
        form = as_json(execution.answer, chance(seed, "explain.problem_llm", execution.id))
        signed = replace(execution, lineage=ladder.sign(execution.lineage))
        return replace(question, execution=signed, problem=f"{found.value}\n\n{form}", template=question.problem)

    return talk
