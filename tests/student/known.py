"""Samples made on the spot, from small trusted programs that are traced in this process."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from cotmill.base.records import Execution, Grounding, Lineage, Message, Question, Sample
from cotmill.base.unified import whole_program
from cotmill.explain.narrate import NarrateSettings, narrator
from cotmill.explain.problem import pose
from cotmill.student.samples import Known
from explain.narrating import execution_of

OPERATORS = ("+", "-", "*", "//", "%", "**", "&", "|")


def chain(number: int) -> str:
    """A program of its own structure for each number."""
    lines = []
    for name, operator in zip("cdefghij", f"{number:06o}", strict=False):
        lines.append(f"    {name} = {chr(ord(name) - 2)} {OPERATORS[int(operator)]} {chr(ord(name) - 1)}")
    return "\n".join(["def solution(a, b):", *lines, f"    return {lines[-1].strip()[0]}", ""])


def sample_of(
    code: str, input: dict[str, Any], problem: str = "", name: str = "p.0", direction: str = "forward"
) -> Sample:
    """A sample nobody has run: its answer is made up."""
    text = json.dumps(input)
    asked = problem or f"What does this program return?\n\n```python\n{code}```\n\nThe inputs are {input}."
    return Sample(
        name, asked, "Answer: 1", "1", "1", whole_program(code, text), text, (Message("user", asked),), direction, "",
        "test", 1.0, 1, 1, Grounding(1, 1, 1.0), Lineage(name.rpartition(".")[0]),
    )  # fmt: skip


def known_of(
    code: str, input: dict[str, Any], name: str = "p.0", directions: tuple[str, ...] = ("forward",), round: int = 0
) -> Known:
    """A sample that ran, posed and narrated as in a run."""
    execution: Execution = replace(execution_of(code, input), id=name, lineage=Lineage(name, round=round))
    question = pose(execution, 0, directions)
    assert isinstance(question, Question), question
    draft = narrator(NarrateSettings())(question)
    sample = sample_of(code, input, question.problem, name, question.direction)
    told = replace(
        sample, solution=draft.solution, answer=question.answer, output=execution.answer, asked=question.asked,
        lineage=execution.lineage,
    )  # fmt: skip
    return Known.of(told, execution, question.moment)
